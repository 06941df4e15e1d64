/* See bags.h. A step not in the memory makes the new bag's items and looks for their like. */
#include "classify/bags.h"

#include <stdlib.h>

#include "base/problem.h"

enum {
	STEPS = 16384,		/* remembered, a power of two */
	SEARCHED = 16		/* items of an own bag that are compared; others are in a table */
};

static uint64_t
items_hash(const struct bag_item *item, unsigned n)
{
	uint64_t h = n;

	for (unsigned i = 0; i < n; i++)
		h = hash_u64(h, (uint64_t)item[i].what << 32 | item[i].n);
	return h;
}

static uint32_t
shared_find(const struct bags *b, const struct bag_item *item, unsigned n, uint64_t h)
{
	uint32_t at, i;

	for (i = table_first(&b->by_items, h, &at); i != TABLE_NONE;
	     i = table_next(&b->by_items, h, &at))
		if (b->bag[i].n == n &&
		    memcmp(b->item + b->bag[i].at, item, n * sizeof(*item)) == 0)
			return i;
	return TABLE_NONE;
}

/* The shared bag of these items; 0 when there is no room for a new one. */
static uint32_t
shared_bag(struct bags *b, const struct bag_item *item, unsigned n)
{
	uint64_t h = items_hash(item, n);
	uint32_t i = shared_find(b, item, n, h);

	if (i != TABLE_NONE)
		return i;
	if (b->bags == BAGS_MAX)
		return 0;
	mem_grow(&b->bag, &b->caps[0], b->bags + 2, sizeof(*b->bag));
	if (b->bags == 0)
		b->bag[b->bags++] = (struct bag){ 0, 0 };
	mem_grow(&b->item, &b->caps[1], b->items + n, sizeof(*b->item));
	memcpy(b->item + b->items, item, n * sizeof(*item));
	b->bag[b->bags] = (struct bag){ b->items, n };
	b->items += n;
	table_add(&b->by_items, h, b->bags);
	return b->bags++;
}

static uint64_t
own_hash(uint32_t bag, uint32_t what)
{
	return hash_u64(bag, 2000 + (uint64_t)what);
}

/* The table may name another bag's item: its place and what decide. */
static struct bag_item *
own_find(const struct bags *b, uint32_t bag, uint32_t what)
{
	const struct own_bag *x = &b->own[bag - BAG_OWN];
	uint64_t h;
	uint32_t at, i;

	for (i = 0; i < x->n && i < SEARCHED; i++)
		if (x->item[i].what == what)
			return &x->item[i];
	if (x->n <= SEARCHED)
		return NULL;
	h = own_hash(bag, what);
	for (i = table_first(&b->by_what, h, &at); i != TABLE_NONE;
	     i = table_next(&b->by_what, h, &at))
		if (i < x->n && x->item[i].what == what)
			return &x->item[i];
	return NULL;
}

uint32_t
bags_count(const struct bags *b, uint32_t bag, uint32_t what)
{
	const struct bag_item *x;
	unsigned n;

	if (!bag_is_shared(bag)) {
		x = own_find(b, bag, what);
		return x != NULL ? x->n : 0;
	}
	x = bags_items(b, bag, &n);
	for (unsigned i = 0; i < n; i++)
		if (x[i].what == what)
			return x[i].n;
	return 0;
}

static void
own_add(struct bags *b, uint32_t bag, uint32_t what, uint32_t n)
{
	struct bag_item *item = own_find(b, bag, what);
	struct own_bag *x = &b->own[bag - BAG_OWN];

	if (item != NULL) {
		item->n = item->n + n < n ? UINT32_MAX : item->n + n;
		return;
	}
	mem_grow(&x->item, &x->cap, x->n + 1, sizeof(*x->item));
	if (x->n >= SEARCHED)
		table_add(&b->by_what, own_hash(bag, what), x->n);
	x->item[x->n++] = (struct bag_item){ what, n };
}

static uint32_t
own_new(struct bags *b, const struct bag_item *item, unsigned n)
{
	uint32_t bag = BAG_OWN + b->owns;

	mem_grow(&b->own, &b->caps[2], b->owns + 1, sizeof(*b->own));
	b->own[b->owns++] = (struct own_bag){ 0 };
	for (unsigned i = 0; i < n; i++)
		own_add(b, bag, item[i].what, item[i].n);
	return bag;
}

/* A shared bag's items and n more of what, in item[BAG_ITEMS + 1]; large_r: too large to share. */
static unsigned
more_items(const struct bags *b, uint32_t bag, uint32_t what, uint32_t n, struct bag_item *item,
    bool *large_r)
{
	unsigned old, count = 0;
	const struct bag_item *x = bags_items(b, bag, &old), *end = x + old;

	for (; x < end && x->what < what; x++)
		item[count++] = *x;
	item[count] = (struct bag_item){ what, n };
	if (x < end && x->what == what) {
		item[count].n = n + x->n < n ? UINT32_MAX : n + x->n;
		x++;
	}
	*large_r = item[count++].n > BAG_COUNT;
	while (x < end)
		item[count++] = *x++;
	*large_r |= count > BAG_ITEMS;
	return count;
}

static uint32_t
make(struct bags *b, uint32_t bag, uint32_t what, uint32_t n)
{
	struct bag_item item[BAG_ITEMS + 1];
	bool large;
	unsigned count = more_items(b, bag, what, n, item, &large);
	uint32_t to = large ? 0 : shared_bag(b, item, count);

	return to ? to : own_new(b, item, count);
}

static inline struct bag_step *
step_at(const struct bags *b, uint32_t bag, uint32_t what, uint32_t n)
{
	return &b->step[(hash_u64((uint64_t)bag << 32 | what, n) >> 32) % STEPS];
}

void
bags_expect(const struct bags *b, uint32_t bag, uint32_t what, uint32_t n)
{
	if (b->step != NULL)
		__builtin_prefetch(step_at(b, bag, what, n));
}

uint32_t
bags_add(struct bags *b, uint32_t bag, uint32_t what, uint32_t n)
{
	struct bag_step *s;
	uint32_t to;

	if (!bag_is_shared(bag)) {
		own_add(b, bag, what, n);
		return bag;
	}
	if (b->step == NULL)
		b->step = mem_alloc(STEPS * sizeof(*b->step));
	s = step_at(b, bag, what, n);
	if (s->to != 0 && s->from == bag && s->what == what && s->n == n)
		return s->to;
	to = make(b, bag, what, n);
	if (bag_is_shared(to))
		*s = (struct bag_step){ bag, what, n, to };
	return to;
}

uint32_t
bags_unite(struct bags *b, uint32_t bag, uint32_t other)
{
	unsigned n;

	bags_items(b, other, &n);
	for (unsigned i = 0; i < n; i++) {
		struct bag_item x = bags_items(b, other, &n)[i];	/* adding moves them */

		bag = bags_add(b, bag, x.what, x.n);
	}
	return bag;
}

uint32_t
bags_of(struct bags *b, struct bag_item *item, unsigned n)
{
	bool large = false;
	uint32_t bag;

	for (unsigned i = 0; i < n; i++) {
		struct bag_item x = item[i];
		unsigned at = i;

		for (; at > 0 && item[at - 1].what > x.what; at--)
			item[at] = item[at - 1];
		item[at] = x;
		large |= x.n > BAG_COUNT;
	}
	bag = large || n == 0 ? 0 : shared_bag(b, item, n);
	return bag != 0 || n == 0 ? bag : own_new(b, item, n);
}

void
bags_free(struct bags *b)
{
	for (unsigned i = 0; i < b->owns; i++)
		free(b->own[i].item);
	free(b->bag);
	free(b->item);
	free(b->own);
	free(b->step);
	table_free(&b->by_items);
	table_free(&b->by_what);
	*b = (struct bags){ 0 };
}
