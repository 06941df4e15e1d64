/*
 * text: the report for people: verdict first, at most 40 lines without verbose or sections.
 *
 * Plain words; times in the zone in force, which is named. Strangers' bytes are made visible. On a
 * terminal no line is longer than 80 columns, and names are cut to fit; elsewhere nothing is cut.
 * Bars are of ASCII but for a terminal whose locale has UTF-8. Colours only when asked for.
 */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include "report/section.h"
#include "report/summary.h"

enum { TEXT_LINES = 40, TEXT_COLUMNS = 80 };

struct text_options {
	unsigned top;		/* length of lists; the first screen shows fewer */
	bool verbose;
	bool quiet;		/* only what alarms on the own side; nothing when nothing does */
	bool colour;
	bool terminal;		/* else nothing is cut */
	bool utf8;		/* bars */
	uint32_t sections;	/* bits by enum section: only these, whole; 0: as usual */
};

void text_report(const struct summary *s, struct buf *out, const struct text_options *o);

#endif
