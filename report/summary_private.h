/* summary_private: what report/summary*.c share; for nobody else. */
#ifndef REPORT_SUMMARY_PRIVATE_H
#define REPORT_SUMMARY_PRIVATE_H

#include "base/domain.h"
#include "report/summary.h"

struct telling {		/* a rule that spoke, with its greatest weight */
	uint16_t rule;
	int32_t weight;		/* absolute */
};

struct part {			/* one class of one source */
	uint32_t next;		/* index + 1 */
	uint8_t verdict, via, reason, tells;
	bool listed;
	unsigned best;		/* confidence that the subtype was given with */
	uint64_t events, confidence;	/* the sum over the events */
	struct slice subtype;
	struct telling tell[FINDING_EVIDENCE];
};

struct row {			/* a source as reports count it */
	uint64_t id;		/* addr_key(), index of a text, number of a host */
	struct slice text;	/* account, script, host: what rows are ordered by */
	uint8_t kind;		/* enum finding_kind */
	uint8_t verdict;	/* of most of its events */
	uint8_t stages;		/* bits: seen */
	uint8_t could;		/* bits: classes that its unattributed events could be of */
	bool own, trusted, alarm;
	uint32_t source;	/* one of its sources in the state */
	uint32_t last_source;	/* + 1 */
	uint32_t parts;		/* index + 1 */
	uint32_t networks;
	uint64_t events, accepted;
	int64_t first, last;
};

struct own_day {		/* our side spammed on that day */
	uint32_t row, source;
	int64_t day;
};

struct collect {
	const struct classifier *cl;
	struct judge *j;
	struct summary *s;
	struct row *row;
	struct part *part;
	struct own_day *day;
	struct slot *slot;
	unsigned rows, parts, days, slots;
	unsigned caps[5];
	struct table by_row, by_slot, by_provider;
	struct domain_memo domains;
	uint32_t at_source;	/* the cells of (source, day) begin at at_cell (index + 1) */
	uint32_t at_cell;
	int64_t at_day;
};

/* TABLE_NONE when no spam came from it. */
uint32_t row_find(const struct collect *c, enum finding_kind kind, uint64_t id);
/* Fewer numbers first; equal ones by kind, address or text: total. */
int row_order(const struct row *a, const struct row *b);

/* summary_rank.c: classes of sources, lists of findings, providers. */
void rank_rows(struct collect *c, unsigned top);
/* summary_notes.c */
void summary_notes(struct collect *c);
/* At the reverse name of a client's row: empty for others. */
struct slice row_name(const struct collect *c, const struct row *r, bool *verified_r);

#endif
