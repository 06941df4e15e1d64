/*
 * text: the report for people: verdict first, at most 40 lines of 80 columns without verbose.
 *
 * Plain words; times in the zone in force, which is named. Strangers' bytes are made visible and
 * cut by columns. Colours only when asked for.
 */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include "report/summary.h"

enum { TEXT_LINES = 40, TEXT_COLUMNS = 80 };

struct text_options {
	unsigned top;		/* length of lists; the first screen shows fewer */
	bool verbose;
	bool quiet;		/* only what alarms on the own side; nothing when nothing does */
	bool colour;
};

void text_report(const struct summary *s, struct buf *out, const struct text_options *o);

#endif
