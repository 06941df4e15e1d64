/*
 * completion: what a shell needs to complete our command line, made from options_table.h.
 */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "base/problem.h"

/* For bash, zsh or fish, to standard output. */
int completion(const char *shell, struct problem *p);

#endif
