/* csv_private: cells of a table; shared by report/csv*.c, for nobody else. */
#ifndef REPORT_CSV_PRIVATE_H
#define REPORT_CSV_PRIVATE_H

#include "report/csv.h"

struct csv {
	struct buf *out;
	bool more;		/* a cell stands before in this row */
};

void csv_cell(struct csv *c);	/* begins one; the caller writes it */
void csv_end(struct csv *c);	/* of the row */
void csv_number(struct csv *c, uint64_t n);
void csv_word(struct csv *c, const char *w);	/* of ours, nothing to quote in it */
void csv_text(struct csv *c, struct slice value);	/* a stranger's */
void csv_time(struct csv *c, int64_t t);

/* Classes come in the order of the table of the text report. */
static inline unsigned
csv_class(unsigned i)
{
	return (i + 1) % VERDICTS;
}

/* csv_measures.c */
void csv_countermeasures(struct csv *c, const struct summary *s);
void csv_cells(struct csv *c, const struct summary *s);
void csv_dnsbl(struct csv *c, const struct summary *s);
void csv_lists(struct csv *c, const struct summary *s);
void csv_funnel(struct csv *c, const struct summary *s);
void csv_flows(struct csv *c, const struct summary *s);
void csv_hours(struct csv *c, const struct summary *s);
void csv_changes(struct csv *c, const struct summary *s);
void csv_zombie_networks(struct csv *c, const struct summary *s);

#endif
