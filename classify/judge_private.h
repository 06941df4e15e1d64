/* judge_private: what classify/judge*.c share; for nobody else. */
#ifndef CLASSIFY_JUDGE_PRIVATE_H
#define CLASSIFY_JUDGE_PRIVATE_H

#include <stddef.h>

#include "classify/judge_days.h"
#include "classify/judge_window.h"

struct present {		/* a rule that speaks in one judgement */
	uint16_t rule;
	uint8_t group;
	bool anchor;
	int32_t weight[VERDICTS];	/* damped by scope */
};

struct brief {			/* of a rule: what every judgement reads, in a few cache lines */
	int32_t weight[VERDICTS];
	uint8_t scope;		/* enum scope */
	uint8_t group;
	bool anchor;
	bool speaks;		/* it has a weight or a via */
	bool listing;		/* a DNSBL lists the source */
	bool list;		/* it does, or another list of bad senders */
};

struct late {			/* a late rule with its first bound, which most sources miss */
	int64_t min;
	uint16_t rule, counter;
};

enum { OPINIONS = 32768 };

struct opinion {		/* of the model about one set of evidence, without its proofs */
	uint64_t hash;
	uint16_t confidence;
	uint8_t verdict, reason, via, lean;
	bool leaning;
};

struct owner {			/* the networks of an account, or senders of a script */
	uint32_t from, to;	/* range of judge.order */
	bool summed;		/* its totals are there */
};

struct judge {
	const struct classifier *cl;
	const struct state *st;
	const struct ruleset *rs;
	const struct hits *hits;	/* the evaluator's, by number */
	struct window w;
	uint64_t *speaker;		/* room for one judgement: see judge.c */
	bool *is_own;			/* by rule: the signature's; all false between uses */
	struct present *present;	/* made of it */
	struct opinion *opinion;	/* direct-mapped */
	struct brief *brief;		/* by rule */
	struct late *late[UNITS];	/* late rules of each unit */
	unsigned lates[UNITS];
	int64_t *helo_step;	/* counts of HELOs from which on a late rule may think otherwise */
	unsigned helo_steps, helo_steps_cap;
	struct days days;
	uint32_t *other;	/* sources that are no clients, ascending */
	uint32_t others;
	uint32_t *order;	/* sources of accounts and scripts, by owner */
	struct owner *owner;
	unsigned owners;
	uint32_t *owner_of;	/* by source, to the last that has one: accounts and scripts */
	struct total *total;	/* of owners that were asked about */
	unsigned totals, totals_cap;
	struct table by_total;
	bool *gateway;		/* by source index; only SOURCE_DOMAIN */
	struct domain *domain;	/* judge_relay.c: those sources, by what stands for them in sets */
	unsigned domains, domains_cap;
	struct table by_domain;
	struct slice list[LISTS_MAX];	/* judge_lists() */
	unsigned lists;
	uint8_t *list_of;	/* by signature: + 1; 0 none */
	struct judged *memo;	/* judge_event */
	unsigned memos, memos_cap;
	struct table by_event;
};

/* As judge_list_of(). */
static inline uint64_t
list_bit(const struct judge *j, uint32_t signature)
{
	return j->list_of[signature] ? (uint64_t)1 << (j->list_of[signature] - 1) : 0;
}

/* judge.c: r has source, signature, day and n; whole: with proofs and subtype. */
void judge_signature(struct judge *j, uint32_t signature, bool whole, struct judged *r);
void judge_route(const struct judge *j, struct judged *r);	/* inner: of r's own source */
/* judge.c: the rules that speak of it, into j->present; how many. Its window is loaded. */
unsigned judge_present(struct judge *j, const struct signature *sig, bool relay);
/* judge_model.c: weights to a verdict; present is sorted by (group, rule). own: the account or
 * script is ours. */
void model_judge(const struct ruleset *rs, const struct present *present, unsigned n, uint8_t stage,
    uint8_t direction, bool own, struct attribution *a);
/* The proofs and the subtype of what model_judge() made of the same. */
void model_explain(const struct ruleset *rs, const struct present *present, unsigned n,
    struct attribution *a);
/* judge_window.c: adds one source's counters of the day whose newest hour is given. */
void add_counters(const struct judge *j, struct walk from, int64_t day, int64_t c[COUNTERS]);
/* judge_owner.c: accounts with all their networks, scripts with all their senders. */
bool has_owner(const struct source *s);
void others_find(struct judge *j);	/* first */
void owners_find(struct judge *j);
void owners_free(struct judge *j);
void owner_counters(struct judge *j, uint32_t owner, int64_t day, int64_t c[COUNTERS]);
/* The senders that an owner uses where he is at home, that day; NULL: nothing is known of it. */
const struct set *owner_habit(struct judge *j, uint32_t owner, int64_t day);
/* judge_lists.c */
void lists_find(struct judge *j);
/* judge_relay.c: gateways. */
bool is_named_ours(const struct judge *j, const struct source *s);
void gateways_find(struct judge *j);
unsigned relayed_domains(const struct judge *j, const struct set *domains);

#endif
