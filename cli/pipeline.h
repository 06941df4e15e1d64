/*
 * pipeline: one reading of all inputs: lines, events, messages, observations.
 *
 * A sink is told of each line with its event and of each closed message, in order; it may be NULL
 * or leave out either. Accounting goes to run_facts. Progress goes to standard error when asked.
 *
 * When there are parts among the inputs, or one is to be written, the logs are read as one more
 * piece (pieces.h), and the messages that hang on its neighbours come out last.
 */
#ifndef CLI_PIPELINE_H
#define CLI_PIPELINE_H

#include "classify/observe.h"
#include "cli/config.h"
#include "cli/events.h"
#include "parser/stream.h"
#include "report/pieces.h"

struct sink {
	void *context;
	/* ev is NULL unless the line was parsed by a daemon's parser. */
	void (*line)(void *context, const struct stream_line *line, enum line_kind kind,
	    const struct event *ev);
	void (*message)(void *context, const struct message *m, const struct observation *o);
};

struct troubles {		/* of inputs, to be told in their order */
	char **text;
	unsigned n, cap;
};

struct pipeline {
	const struct config *config;
	const struct options *options;
	struct names *names;
	struct classifier classifier;
	struct taught_reader *taught;	/* NULL: no line shapes */
	struct run_facts facts;
	const char **files;	/* expanded inputs, in the order given */
	const char **parts;	/* those that are parts */
	unsigned n_files, n_parts;
	struct input_list list;
	const char **reading;	/* files, then parts, once run */
	struct events events;	/* opened by who wants them, before pipeline_run() */
	struct pieces pieces;
	struct troubles troubles;
	bool trial;		/* of parts, in threads: all is well, or all is read again */
	struct hour_range kept;	/* of parts, by --since and --until */
	struct part_meta meta;	/* of all, when there are pieces */
};

/* Expands directories. -1: nothing to read at all. Problems go to standard error by warn(). */
int pipeline_open(struct pipeline *p, const struct config *c, const struct options *o);
/* -1: a part cannot be used here (exit 2); it was said. */
int pipeline_run(struct pipeline *p, const struct sink *sink);
/* The parts as text. 0; 1: some cannot be read, it was said. */
int pipeline_dump_parts(struct pipeline *p, struct buf *out);
/* All that was read as one part, for a COMMAND_MAP or COMMAND_MERGE that has been run. */
int pipeline_write_part(struct pipeline *p, const char *path, struct problem *why);
void pipeline_close(struct pipeline *p);
/* "spamsource: TEXT" on standard error, strangers' bytes made visible. */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
