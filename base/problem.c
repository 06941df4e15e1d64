/* See problem.h. */
#include "base/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	memcpy(array_p, &array, sizeof(array));
	*cap_p = cap;
}
