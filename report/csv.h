/*
 * csv: one section of the report as a table for programs: RFC 4180 with LF, a line of names first.
 *
 * Numbers are integers, switches 0 or 1, times RFC 3339 in UTC, unknown cells empty. Strangers'
 * bytes are made visible and stay text: what a spreadsheet would take for a formula gets a ' before
 * it, behind a separator within a cell too, as other separators may be in use where it is opened.
 */
#ifndef REPORT_CSV_H
#define REPORT_CSV_H

#include "report/section.h"
#include "report/summary.h"

void csv_report(const struct summary *s, enum section section, struct buf *out);

#endif
