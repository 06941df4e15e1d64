/* judge_private: what classify/judge*.c share; for nobody else. */
#ifndef CLASSIFY_JUDGE_PRIVATE_H
#define CLASSIFY_JUDGE_PRIVATE_H

#include "classify/judge.h"

struct present {		/* a rule that speaks in one judgement; hashed, so without holes */
	uint16_t rule, zero;
	int32_t weight[VERDICTS];	/* damped by scope */
};

struct window {			/* of one (source, day); lives in the judge */
	uint32_t source;
	int64_t day;
	uint32_t *hits;		/* per rule: events of the window that it hit; all 0 between uses */
	uint16_t *touched;
	unsigned touches;
	uint64_t events;	/* without signs */
	int64_t counter[COUNTERS];
	bool marked;		/* behaviour: this source's own-side mail of the day is spam */
	bool relay;		/* relayed mail of the day went through an open relay */
	uint16_t late[64];	/* late rules that hold */
	unsigned lates;
};

enum { OPINIONS = 2048 };

struct opinion {		/* of the model about one set of evidence */
	uint64_t hash;
	struct attribution a;
};

struct judge {
	const struct classifier *cl;
	const struct state *st;
	const struct ruleset *rs;
	struct window w;
	struct present *present;	/* room for one judgement */
	struct opinion *opinion;	/* direct-mapped */
	uint32_t at;		/* judge_next: source */
	uint32_t next_cell;	/* index + 1 */
	uint32_t day_cell;	/* index + 1 of the first cell of the current day; 0: none yet */
	uint32_t *order;	/* accounts' sources sorted by (id, index), for grouping */
	unsigned orders;
	bool *gateway;		/* by source index; only SOURCE_DOMAIN */
	struct judged *memo;	/* judge_event */
	unsigned memos, memos_cap;
	struct table by_event;
};

/* judge_model.c: weights to a verdict; present is sorted by (group, rule). own: the account or
 * script is ours. */
void model_judge(const struct ruleset *rs, const struct present *present, unsigned n, uint8_t stage,
    uint8_t direction, bool own, struct attribution *a);
/* judge_window.c: loads w for (source, day); judge_relay.c: gateways. */
void window_load(struct judge *j, struct window *w, uint32_t source, int64_t day);
void window_open(struct judge *j, struct window *w);
void window_close(struct window *w);
void gateways_find(struct judge *j);
unsigned relayed_domains(const struct judge *j, uint32_t source, int64_t day);
void accounts_group(struct judge *j);
/* The range [*from_r, *to_r) of j->order that belongs to the account of this source. */
void account_range(const struct judge *j, uint32_t source, unsigned *from_r, unsigned *to_r);

#endif
