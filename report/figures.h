/*
 * figures: numbers, shares and times as all reports for people write them.
 *
 * ASCII, without a stranger's byte; what has a width is padded on its left.
 */
#ifndef REPORT_FIGURES_H
#define REPORT_FIGURES_H

#include "report/summary.h"

/* "1,234,567", to the right of width; shorter with k, M, G, T when it does not fit. */
void put_number(struct buf *b, uint64_t n, unsigned width);
/* "12.3", "<0.1", "-" for nothing of nothing. */
void put_percent(struct buf *b, uint64_t part, uint64_t whole, unsigned width);
/* "12", "<1", ">99": to whole ones. */
void put_whole_percent(struct buf *b, uint64_t part, uint64_t whole);
/* "Between 12.3 % and 45.6 %" with before "Between ", between " % and "; if equal "12.3 %". */
void put_range(struct buf *b, const char *before, uint64_t least, const char *between,
    uint64_t most, uint64_t whole);
/* "2026-11-20 07:12" in the zone in force. */
void put_time(struct buf *b, const struct summary *s, int64_t t);
/* "3 messages", "1 message", "2 copies". */
void put_count(struct buf *b, uint64_t n, const char *noun);

#endif
