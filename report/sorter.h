/*
 * sorter: lines in the order of their stamps, and of their bytes where stamps are equal.
 *
 * All lines are added, then sorted, then asked for; equal ones all come. What does not fit into
 * the given memory waits in temporary files (see spool.h), sorted run by run; while these merge,
 * up to 30 MB come on top. The output is the same for any memory.
 *
 * After a failure every call fails again, with the same words. Not for two threads at once.
 */
#ifndef REPORT_SORTER_H
#define REPORT_SORTER_H

#include "base/problem.h"
#include "base/slice.h"

/* memory: bytes for the lines and 24 for each; at least 4096 are taken. */
struct sorter *sorter_open(size_t memory);
/* NULL is nothing to close. */
void sorter_close(struct sorter *s);

/* The line is copied. Not after sorter_sort(). 0 or -1. */
int sorter_add(struct sorter *s, int64_t ts, struct slice line, struct problem *problem);
/* Once, behind the last line. 0 or -1. */
int sorter_sort(struct sorter *s, struct problem *problem);
/* 1: a line, valid until the next call; 0: the end; -1: problem. */
int sorter_next(struct sorter *s, struct slice *line_r, struct problem *problem);

#endif
