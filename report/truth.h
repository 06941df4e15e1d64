/*
 * truth: a table of labelled messages and attempts, against which a run is measured.
 *
 * TSV, columns by the names of the first line, in any order, others ignored: class (zombie,
 * misconfigured, compromised, ham; other or unattributed: spam of none of the three), and at least
 * one key of queue_id, message_id, client_ip (with time: RFC 3339, or seconds since 1970);
 * optional host, account, decidable (yes, no), scenario. Ham with decidable no is what the log
 * cannot tell from spam, or spam of none of the three. Empty lines are skipped.
 */
#ifndef REPORT_TRUTH_H
#define REPORT_TRUTH_H

#include "base/addr.h"

enum truth_class {		/* the first ones as enum verdict */
	TRUTH_OTHER, TRUTH_ZOMBIE, TRUTH_MISCONFIGURED, TRUTH_COMPROMISED, TRUTH_HAM, TRUTH_CLASSES
};

struct truth_row {		/* texts are parts of what was parsed; empty: not given */
	struct slice host, queue_id, message_id, account, scenario;
	struct addr client;
	int64_t ts;
	bool has_client, has_time;
	bool decidable;		/* by what the log says; OTHER never is */
	uint8_t class;		/* enum truth_class */
	unsigned line;
};

struct truth {
	struct truth_row *row;
	unsigned rows, cap;
};

/* bytes must outlive t_r. file: for the message. -1: "file:line:column: what". */
int truth_parse(struct truth *t_r, const char *file, struct slice bytes, struct problem *p);
void truth_free(struct truth *t);
const char *truth_class_name(unsigned class);

#endif
