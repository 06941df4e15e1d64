/*
 * pipeline: one reading of all inputs: lines, events, messages, observations.
 *
 * A sink is told of each line with its event and of each closed message, in order; it may be NULL
 * or leave out either. Accounting goes to run_facts. Progress goes to standard error when asked.
 */
#ifndef CLI_PIPELINE_H
#define CLI_PIPELINE_H

#include "classify/observe.h"
#include "cli/config.h"
#include "parser/stream.h"
#include "report/run_facts.h"

struct sink {
	void *context;
	/* ev is NULL unless the line was parsed by a daemon's parser. */
	void (*line)(void *context, const struct stream_line *line, enum line_kind kind,
	    const struct event *ev);
	void (*message)(void *context, const struct message *m, const struct observation *o);
};

struct pipeline {
	const struct config *config;
	const struct options *options;
	struct names *names;
	struct classifier classifier;
	struct run_facts facts;
	const char **files;	/* expanded inputs, in the order given */
	unsigned n_files;
	struct input_list list;
	const char **reading;	/* the same in reading order, once run */
};

/* Expands directories. -1: nothing to read at all. Problems go to standard error by warn(). */
int pipeline_open(struct pipeline *p, const struct config *c, const struct options *o);
void pipeline_run(struct pipeline *p, const struct sink *sink);
void pipeline_close(struct pipeline *p);
/* "spamsource: TEXT" on standard error, strangers' bytes made visible. */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
