/* summary_private: what report/summary*.c share; for nobody else. */
#ifndef REPORT_SUMMARY_PRIVATE_H
#define REPORT_SUMMARY_PRIVATE_H

#include "base/domain.h"
#include "classify/state_hours.h"
#include "report/summary.h"

struct row {			/* a source as reports count it: only sums */
	uint64_t id;		/* addr_key(), index of a text, number of a host */
	struct slice text;	/* account, script, host: what rows are ordered by */
	uint8_t kind;		/* enum finding_kind */
	uint8_t verdict;	/* of most of its events */
	uint8_t stages;		/* bits: seen */
	uint8_t could;		/* bits: classes that its unattributed events could be of */
	bool own, alarm;
	uint32_t source;	/* the first of its sources in the state, a machine's only one */
	uint32_t others;	/* the newest link to another one, index + 1; 0: there is none */
	uint32_t networks;
	uint64_t events[VERDICTS], accepted;
	int64_t first, last;
};

struct link {			/* one source more of a row */
	uint32_t source, next;
};

/* The first max rows under a total order; when full, a heap with the last one on top. */
struct best {
	struct row *row;
	unsigned n, max, cap;
	uint64_t all;
};

enum { LIST_ELSEWHERE = VERDICTS, LIST_OWN, LISTS };

struct ranking {		/* by class, then the others; of each class the first */
	struct best list[LISTS], worst[VERDICTS];
};

struct flow_cell {
	uint32_t host;
	unsigned key;		/* class, stage and direction in one */
	uint64_t attempts, accepted;
};

struct flows {			/* summary_flow.c */
	struct flow_cell *cell;
	unsigned n, cap, last;	/* the one that was asked for last */
	struct table by_cell;
};

struct collect {
	const struct classifier *cl;
	struct judge *j;
	struct summary *s;
	struct row *row;	/* all but machines */
	struct link *link;
	struct slot *slot;
	unsigned rows, links, slots;
	unsigned caps[4];
	struct table by_row;
	struct table by_slot, by_provider;
	struct flows flows;
	uint32_t at_source;	/* the hours of its day begin here */
	struct walk at;
	/* Machines are one source each, and millions: each is ranked before the next begins. */
	struct row machine;
	bool has_machine;
	struct ranking ranking;
	struct domain_memo domains;
	uint32_t at_slot;	/* that was asked for last: neighbours are of one time */
	/* by (class, classes that it could be of, stages), which are few: gives the bounds */
	uint64_t tally[IN_UNITS][VERDICTS][1 << VERDICTS][1 << STAGES];
};

/* TABLE_NONE when no spam came from it; not for machines. */
uint32_t row_find(const struct collect *c, enum finding_kind kind, uint64_t id);
/* Whose row an event belongs to. */
enum finding_kind row_key(const struct collect *c, const struct judged *r, uint64_t *id_r);
/* Its events of all classes. */
uint64_t row_events(const struct row *r);
/* It speaks for our side being a source: a login, a script, a relay, a machine of ours. */
bool is_own(const struct collect *c, const struct row *row, const struct judged *r);
/* What a client's reverse name says: few names were not asked about when their mail came. */
struct name_facts name_facts(struct collect *c, const struct source *s);

struct slot *slot_of(struct collect *c, int64_t start);
/* Made when it is not there; not for machines. */
struct row *row_at(struct collect *c, uint32_t source, enum finding_kind kind, uint64_t id);
void summary_pass(struct collect *c);	/* over what c->j gives */
/* summary_rank.c: classes of sources, lists of findings, providers. */
void rank_open(struct ranking *k, unsigned top);
void rank_row(struct collect *c, struct row *r);	/* it has got all its events */
/* Both have ranked their machines. */
void rank_unite(struct collect *c, struct collect *from);
void rank_end(struct collect *c, unsigned top);		/* and all the rows have been ranked */
/* summary_finding.c: all of f but trusted. Judges the row's sources once more. */
void finding_fill(struct collect *c, const struct row *r, struct finding *f);
/* summary_flow.c */
void flow_add(struct flows *w, unsigned verdict, const struct signature *sig, uint64_t n,
    bool accepted);
void flow_unite(struct flows *w, const struct flows *from);
void flow_end(struct collect *c);	/* fills the summary's */
void flow_free(struct flows *w);
/* summary_notes.c */
void summary_notes(struct collect *c);
/* At the reverse name of a client's row: empty for others. */
struct slice row_name(const struct collect *c, const struct row *r, bool *verified_r);
/* The registered domain of a verified name; empty without one. */
struct slice row_provider(struct collect *c, const struct row *r);

#endif
