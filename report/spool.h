/*
 * spool: records of bytes, kept in the order of their coming, for a run that has too many of them.
 *
 * First all are added, then read from the start, as often as wanted. They stay in memory while
 * they fit; beyond, they live in an unnamed temporary file in $TMPDIR (or /tmp), compressed, which
 * is gone with the process. Memory then is 2 MB while writing and 0.5 MB while reading, besides
 * the longest record; none between the end of writing and the first spool_next().
 *
 * After a failure every call fails again, with the same words. Not for two threads at once.
 */
#ifndef REPORT_SPOOL_H
#define REPORT_SPOOL_H

#include "base/problem.h"
#include "base/slice.h"

#define SPOOL_MEMORY (1u << 20)
#define SPOOL_RECORD_MAX (1u << 28)	/* a longer record is a problem */

struct spool *spool_open(void);
/* With another bound than SPOOL_MEMORY for what stays in memory; 0 is always a file. */
struct spool *spool_open_memory(size_t memory);
/* NULL is nothing to close. */
void spool_close(struct spool *s);

/* Any bytes, also none; they are copied. Not after spool_rewind(). 0 or -1. */
int spool_add(struct spool *s, struct slice record, struct problem *problem);
/* The end of writing, and each time the start of reading. 0 or -1. */
int spool_rewind(struct spool *s, struct problem *problem);
/* 1: a record, valid until the next call; 0: the end; -1: problem. */
int spool_next(struct spool *s, struct slice *record_r, struct problem *problem);
/* How many were added. */
uint64_t spool_count(const struct spool *s);

#endif
