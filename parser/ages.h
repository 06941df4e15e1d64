/*
 * ages: which item of a dense array was not heard of for longest; private to parser/correlate*.c.
 *
 * A list of indexes, the oldest first. The links lie apart from the items: whoever renews one
 * touches 8 bytes of each neighbour, and not the neighbours.
 */
#ifndef PARSER_AGES_H
#define PARSER_AGES_H

#include <stdint.h>

#include "base/problem.h"

struct age {
	uint32_t older, newer;	/* index + 1; 0: none */
};

struct ages {			/* zeroed: empty */
	struct age *at;		/* at[index + 1]; at[0] has the newest as older, the oldest as newer */
	unsigned cap;
};

static inline void
ages_room(struct ages *a, uint32_t index)	/* before it is put in for the first time */
{
	if (index + 2 <= a->cap)
		return;
	mem_grow(&a->at, &a->cap, index + 2, sizeof(*a->at));
	if (index == 0)
		a->at[0] = (struct age){ 0, 0 };
}

static inline uint32_t
ages_oldest(const struct ages *a)	/* index + 1; 0: it is empty */
{
	return a->at ? a->at[0].newer : 0;
}

static inline uint32_t
ages_newest(const struct ages *a)
{
	return a->at ? a->at[0].older : 0;
}

static inline void
ages_add(struct ages *a, uint32_t index)	/* as the newest */
{
	struct age *end = &a->at[0];

	a->at[index + 1] = (struct age){ end->older, 0 };
	a->at[end->older].newer = index + 1;
	end->older = index + 1;
}

static inline void
ages_remove(struct ages *a, uint32_t index)
{
	struct age x = a->at[index + 1];

	a->at[x.older].newer = x.newer;
	a->at[x.newer].older = x.older;
}

static inline void
ages_renew(struct ages *a, uint32_t index)
{
	if (a->at[0].older == index + 1)
		return;
	ages_remove(a, index);
	ages_add(a, index);
}

#endif
