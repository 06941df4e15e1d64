/*
 * slack: a copy of a text with the WIDE_SLACK bytes behind it that parsers may read, and not one
 * more: a sanitizer sees whatever reads on. They are fill: what is found must not hang on it.
 */
#ifndef TESTS_SLACK_H
#define TESTS_SLACK_H

#include <stdlib.h>

#include "base/slice.h"
#include "base/wide.h"

/* The copy's p is for free(). */
static inline struct slice
slack_copy(struct slice s, char fill)
{
	char *p = malloc(s.n + WIDE_SLACK);

	if (p == NULL)
		abort();
	memset(p + s.n, fill, WIDE_SLACK);
	return (struct slice){ s.n ? memcpy(p, s.p, s.n) : p, s.n };
}

static inline void
slack_free(struct slice s)
{
	free((char *)(uintptr_t)s.p);
}

#endif
