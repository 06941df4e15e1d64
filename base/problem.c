/* See problem.h. */
#define _DEFAULT_SOURCE
#include "base/problem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

int
problem_set(struct problem *p, const char *format, ...)
{
	va_list ap;

	if (p == NULL)
		return -1;
	va_start(ap, format);
	vsnprintf(p->text, sizeof(p->text), format, ap);
	va_end(ap);
	return -1;
}

void
die_nomem(void)
{
	fputs("spamsource: out of memory\n", stderr);
	exit(2);
}

void *
mem_alloc(unsigned long n)
{
	void *p = calloc(1, n ? n : 1);

	if (p == NULL)
		die_nomem();
	return p;
}

void *
mem_resize(void *p, unsigned long n)
{
	void *q = realloc(p, n ? n : 1);

	if (q == NULL)
		die_nomem();
	return q;
}

void
mem_advise(void *p, unsigned long n)
{
#ifdef MADV_HUGEPAGE
	enum { HUGE = 2 << 20 };
	uintptr_t from = ((uintptr_t)p + HUGE - 1) & ~(uintptr_t)(HUGE - 1);
	uintptr_t to = ((uintptr_t)p + n) & ~(uintptr_t)(HUGE - 1);

	/* an advice: nothing hangs on whether it was taken */
	if (n >= 2 * HUGE && from < to)
		(void)madvise((void *)from, to - from, MADV_HUGEPAGE);
#else
	(void)p;
	(void)n;
#endif
}

void
mem_double(void *array_p, unsigned *cap_p, unsigned need, unsigned long size)
{
	void *array;
	unsigned cap = *cap_p;

	while (cap < need) {
		if (cap > 0x7fffffffu)
			die_nomem();
		cap = cap ? cap * 2 : 16;
	}
	memcpy(&array, array_p, sizeof(array));
	array = mem_resize(array, (unsigned long)cap * size);
	mem_advise(array, (unsigned long)cap * size);
	memcpy(array_p, &array, sizeof(array));
	*cap_p = cap;
}
