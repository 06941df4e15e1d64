/*
 * explain: the lines and the evidence behind a verdict.
 *
 * KEY is a queue id, message-id, IP address, account, or host name (of a client, or its domain);
 * "ip:", "account:", "script:" before it say which. Reads the inputs twice, so standard input is
 * copied to an unnamed temporary file first.
 */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include "cli/pipeline.h"

/* Replaces "-" (or no input) in o by a file that can be read twice. -1: the problem. */
int explain_prepare(struct options *o, struct problem *p);
/* 0; 1 when nothing in the logs has the key. */
int explain(struct pipeline *p, const char *key);

#endif
