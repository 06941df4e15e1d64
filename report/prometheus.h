/*
 * prometheus: the report as a text file for node_exporter's textfile collector or a push gateway.
 *
 * All are gauges of the report's period. Labels: class, stage, direction, host (of the log) and
 * other words of ours; never a client, an account or a network, so that neither the number of
 * series nor what they tell grows with the strangers who send.
 */
#ifndef REPORT_PROMETHEUS_H
#define REPORT_PROMETHEUS_H

#include "report/summary.h"

enum { PROMETHEUS_HOSTS = 100 };	/* those with most spam; the others are one, "(others)" */

/* now: UTC seconds, when the report was made. */
void prometheus_report(const struct summary *s, int64_t now, struct buf *out);

#endif
