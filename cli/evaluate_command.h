/* evaluate_command: `spamsource evaluate`: a run measured on a table of labelled rows. */
#ifndef CLI_EVALUATE_COMMAND_H
#define CLI_EVALUATE_COMMAND_H

#include "cli/pipeline.h"
#include "report/truth.h"

struct labels {			/* --truth, read before anything else */
	struct slice bytes;
	struct truth truth;
};

/* -1: the problem, and exit 2. labels_free() in any case. */
int labels_load(struct labels *l_r, const char *path, struct problem *p);
void labels_free(struct labels *l);
/* 0; 2 when there are parts among the inputs; 3 when an output could not be written. */
int evaluate_command(struct pipeline *p, const struct labels *l);

#endif
