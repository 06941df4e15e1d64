/*
 * pool: numbers for items that are found by a hash and have an order of age; private to
 * parser/correlate*.c.
 *
 * Numbers begin at 1, 0 is none. The caller keeps an array of items by number, and compares their
 * keys. The links, 16 bytes a number, lie apart from the items: looking for one, putting one in or
 * out and renewing one touches no other item. Hashes are keyed ones, see base/table.h.
 *
 *	for (x = pool_first(&p, h); x != 0; x = pool_next(&p, x, h))
 *		if (item[x].key == key)
 *			break;
 */
#ifndef PARSER_POOL_H
#define PARSER_POOL_H

#include "base/table.h"

struct pool_node {
	uint32_t older, newer;	/* newer of a free number: the next free one */
	uint32_t next, tag;	/* in its bucket; upper half of its hash */
};

struct pool {			/* zeroed: empty */
	struct pool_node *node;	/* node[0]: the newest number as older, the oldest as newer */
	uint32_t *bucket;	/* first number; at least twice as many as numbers that are in */
	uint32_t mask;		/* buckets - 1 */
	uint32_t used;		/* numbers that are in */
	uint32_t free;		/* the first free number */
	unsigned n, cap;	/* numbers 1 to n were given at some time */
};

uint32_t pool_more(struct pool *p);	/* a number that was never given */
void pool_grow(struct pool *p);		/* more buckets */
void pool_free(struct pool *p);

/* A number for a new item; its place in the array is a former one's, or its n is new. */
static inline uint32_t
pool_take(struct pool *p)
{
	uint32_t x = p->free;

	if (x == 0)
		return pool_more(p);
	p->free = p->node[x].newer;
	return x;
}

static inline void
pool_give(struct pool *p, uint32_t x)	/* is free; it was not in */
{
	p->node[x].newer = p->free;
	p->free = x;
}

/* A key of 16 bytes of text, and where it was said, of which no two are alike by chance. */
static inline uint64_t
pool_hash(uint64_t a, uint64_t b, uint64_t place)
{
	return hash_fold((a ^ hash_key[0]) + place * 0x9e3779b97f4a7c15u, b ^ hash_key[1]);
}

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

static inline uint32_t
pool_newest(const struct pool *p)
{
	return p->used ? p->node[0].older : 0;
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
