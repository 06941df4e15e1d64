/* outputs: the report in each format asked for, or a dump; the exit code of writing. */
#ifndef CLI_OUTPUTS_H
#define CLI_OUTPUTS_H

#include "cli/pipeline.h"

/* What can be known to be wrong before anything is read: --fail-on. */
int outputs_check(const struct options *o, struct problem *p);
/* 0; 3 when an output could not be written; 10 when --fail-on holds. */
int outputs_report(struct pipeline *p);
int outputs_dump(struct pipeline *p);
int outputs_dump_parts(struct pipeline *p);
int outputs_part(struct pipeline *p);	/* map, and merge without a format */

#endif
