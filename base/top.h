/*
 * top: the first max items under an order, of any number that are offered. Memory is for max of
 * them, however many come.
 *
 * The order is total: what stays does not hang on the order of coming.
 */
#ifndef BASE_TOP_H
#define BASE_TOP_H

#include <stdbool.h>
#include <stddef.h>

struct top {
	void *item;		/* the owner's to free(); NULL when there is none */
	size_t size;		/* of one */
	unsigned n, max, cap;
	int (*order)(const void *a, const void *b);	/* < 0: a goes first */
};

/* Would it stay, as things are? */
bool top_wants(const struct top *t, const void *item);
void top_add(struct top *t, const void *item);	/* copied, if it stays */
void top_end(struct top *t);	/* in order */

#endif
