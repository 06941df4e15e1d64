/*
 * html: the report for people as one HTML file: no script, no request, no other file.
 *
 * Its policy (Content-Security-Policy in a meta element) allows nothing but its own style sheet,
 * by hash. Strangers' bytes are text only: visible, escaped, cut, and isolated from the direction
 * of what stands around them. Times are in the zone in force, which is named. Same summary, same
 * bytes. Lists are as long as the summary's; own findings, which that never cuts, end at
 * HTML_OWN that alarm and HTML_CALM that do not, and the rest is a number: so a file with lists
 * of 10 stays under 300,000 bytes, however large the log.
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "report/summary.h"

enum { HTML_OWN = 50, HTML_CALM = 20 };	/* own findings */
enum { HTML_NAME = 96 };	/* characters of a stranger's text */

void html_report(const struct summary *s, struct buf *out);

#endif
