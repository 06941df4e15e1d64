/* See top.h: when max are there, a heap with the last one on top. */
#include "base/top.h"

#include <stdlib.h>
#include <string.h>

#include "base/problem.h"

static char *
at(const struct top *t, unsigned i)
{
	return (char *)t->item + i * t->size;
}

static void
swap(char *a, char *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char c = a[i];

		a[i] = b[i];
		b[i] = c;
	}
}

static void
sift(struct top *t, unsigned i)
{
	for (unsigned child; (child = 2 * i + 1) < t->n; i = child) {
		if (child + 1 < t->n && t->order(at(t, child), at(t, child + 1)) < 0)
			child++;
		if (t->order(at(t, i), at(t, child)) >= 0)
			return;
		swap(at(t, i), at(t, child), t->size);
	}
}

bool
top_wants(const struct top *t, const void *item)
{
	return t->n < t->max || (t->max > 0 && t->order(item, t->item) < 0);
}

void
top_add(struct top *t, const void *item)
{
	if (!top_wants(t, item))
		return;
	if (t->n == t->max) {
		memcpy(t->item, item, t->size);
		sift(t, 0);
		return;
	}
	mem_grow(&t->item, &t->cap, t->n + 1, t->size);
	memcpy(at(t, t->n++), item, t->size);
	for (unsigned i = t->n == t->max ? t->n / 2 : 0; i-- > 0;)
		sift(t, i);
}

void
top_end(struct top *t)
{
	if (t->n > 0)
		qsort(t->item, t->n, t->size, t->order);
}
