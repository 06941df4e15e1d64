/*
 * bags: how often each thing happened in an hour, as one number.
 *
 * A bag is a multiset: (what, n) for each distinct what. Equal bags are the same bag, so that the
 * thousands of clients that do the same in an hour share one, and what was worked out for a bag
 * holds for all of them. A bag that has one more of something is another bag; the step is looked up
 * in a memory. Bags that are large (BAG_ITEMS, BAG_COUNT), and all new ones once there are
 * BAGS_MAX, are not shared: such a one belongs to whom bags_add() gave it, and grows in place.
 *
 * Numbers are of one process and hang on the order of events: they may reach no output.
 */
#ifndef CLASSIFY_BAGS_H
#define CLASSIFY_BAGS_H

#include "base/table.h"

enum { BAG_ITEMS = 8, BAG_COUNT = 64, BAGS_MAX = 1 << 20, BAG_OWN = 1 << 30 };

struct bag_item {
	uint32_t what, n;
};

struct bag {			/* shared; its items are ascending by what */
	uint32_t at, n;
};

struct own_bag {		/* in the order in which they came */
	struct bag_item *item;
	unsigned n, cap;
};

struct bag_step {
	uint32_t from, what, n, to;
};

struct bags {			/* zeroed: only bag 0, the empty one */
	struct bag *bag;
	struct bag_item *item;	/* of all shared bags */
	struct own_bag *own;
	struct bag_step *step;
	unsigned bags, items, owns;
	unsigned caps[3];
	struct table by_items, by_what;		/* shared bags; items of large own ones */
};

/* The bag with n more of what, n > 0; sums stop at UINT32_MAX. */
uint32_t bags_add(struct bags *b, uint32_t bag, uint32_t what, uint32_t n);
/* The bag with all that is in another one; other stays. */
uint32_t bags_unite(struct bags *b, uint32_t bag, uint32_t other);
/* bags_add() of the same comes soon: what it reads is fetched meanwhile. */
void bags_expect(const struct bags *b, uint32_t bag, uint32_t what, uint32_t n);
/* The bag of a few items, at most BAG_ITEMS, of distinct things; they are sorted. */
uint32_t bags_of(struct bags *b, struct bag_item *item, unsigned n);
/* How many of what are in it. One source may have any number of signatures in an hour. */
uint32_t bags_count(const struct bags *b, uint32_t bag, uint32_t what);
void bags_free(struct bags *b);

static inline bool
bag_is_shared(uint32_t bag)
{
	return bag < BAG_OWN;
}

/* Valid until the next bag is made. */
static inline const struct bag_item *
bags_items(const struct bags *b, uint32_t bag, unsigned *n_r)
{
	static const struct bag_item none = { 0, 0 };

	*n_r = 0;
	if (bag == 0)
		return &none;
	if (!bag_is_shared(bag)) {
		*n_r = b->own[bag - BAG_OWN].n;
		return b->own[bag - BAG_OWN].item;
	}
	*n_r = b->bag[bag].n;
	return b->item + b->bag[bag].at;
}

#endif
