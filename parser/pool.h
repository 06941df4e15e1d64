/*
 * pool: numbers for items found by a hash, with an order of age; private to parser/correlate*.c.
 *
 * Numbers begin at 1, 0 is none. The caller keeps an array of items by number, and compares their
 * keys. The links, 16 bytes a number, lie apart from the items: looking for one, putting one in or
 * out and renewing one touches no other item. Hashes are keyed ones, see base/table.h.
 */
#ifndef PARSER_POOL_H
#define PARSER_POOL_H

#include <stdint.h>

struct pool_node {
	uint32_t older, newer;	/* newer of a free number: the next free one */
	uint32_t next, tag;	/* in its bucket; upper half of its hash */
};

struct pool {			/* zeroed: empty */
	struct pool_node *node;	/* node[0]: the newest number as older, the oldest as newer */
	uint32_t *bucket, mask;	/* mask + 1 of them: twice as many as numbers that are in */
	uint32_t used, free;	/* numbers that are in; the first free number */
	unsigned n, cap;	/* numbers 1 to n were given at some time */
};

uint32_t pool_more(struct pool *p);	/* a number that was never given */
void pool_grow(struct pool *p);		/* more buckets */
uint32_t pool_newest(const struct pool *p);
/* x, which is the newest, has the next older one as such from now on; 0: it is the oldest. */
void pool_age(struct pool *p, uint32_t x, uint32_t older);
void pool_free(struct pool *p);

static inline uint32_t
pool_take(struct pool *p)	/* a former number, or above what n was */
{
	uint32_t x = p->free ? p->free : pool_more(p);

	p->free = p->node[x].newer;
	return x;
}

static inline void
pool_give(struct pool *p, uint32_t x)	/* is free; it was not in */
{
	p->node[x].newer = p->free;
	p->free = x;
}

/* The first number of that hash, then the others; the caller compares keys. */
static inline uint32_t
pool_next(const struct pool *p, uint32_t x, uint64_t hash)
{
	do
		x = p->node[x].next;
	while (x != 0 && p->node[x].tag != hash >> 32);
	return x;
}

static inline uint32_t
pool_first(const struct pool *p, uint64_t hash)
{
	uint32_t x = p->used ? p->bucket[(hash >> 32) & p->mask] : 0;

	return x == 0 || p->node[x].tag == hash >> 32 ? x : pool_next(p, x, hash);
}

static inline uint32_t
pool_oldest(const struct pool *p)
{
	return p->used ? p->node[0].newer : 0;
}

static inline void
pool_add(struct pool *p, uint32_t x, uint64_t hash)	/* is in now, as the newest */
{
	uint32_t *bucket, newest = p->node[0].older;

	if (p->used >= p->mask / 2)
		pool_grow(p);
	bucket = &p->bucket[(hash >> 32) & p->mask];
	p->node[x] = (struct pool_node){ newest, 0, *bucket, (uint32_t)(hash >> 32) };
	p->node[newest].newer = p->node[0].older = *bucket = x;
	p->used++;
}

static inline void
pool_remove(struct pool *p, uint32_t x)
{
	struct pool_node gone = p->node[x];
	uint32_t *at = &p->bucket[gone.tag & p->mask];

	while (*at != x)
		at = &p->node[*at].next;
	*at = gone.next;
	p->node[gone.older].newer = gone.newer;
	p->node[gone.newer].older = gone.older;
	p->used--;
}

static inline void
pool_drop(struct pool *p, uint32_t x)	/* the item is no more */
{
	pool_remove(p, x);
	pool_give(p, x);
}

static inline void
pool_renew(struct pool *p, uint32_t x)	/* is the newest now */
{
	struct pool_node *node = p->node, *it = &node[x];

	if (it->newer == 0)
		return;
	node[it->older].newer = it->newer;
	node[it->newer].older = it->older;
	it->older = node[0].older;
	it->newer = 0;
	node[it->older].newer = node[0].older = x;
}

#endif
