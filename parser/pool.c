/* See pool.h. Chains are as long as the buckets are few; numbers that are in are chained by age. */
#include "parser/pool.h"

#include <assert.h>
#include <stdlib.h>

#include "base/problem.h"

uint32_t
pool_more(struct pool *p)
{
	assert(p->n < UINT32_MAX / 2);
	mem_grow(&p->node, &p->cap, p->n + 2, sizeof(*p->node));
	if (p->n == 0)
		p->node[0] = (struct pool_node){ 0 };
	p->node[++p->n].newer = 0;
	return p->n;
}

uint32_t
pool_newest(const struct pool *p)
{
	return p->used ? p->node[0].older : 0;
}

void
pool_grow(struct pool *p)
{
	uint32_t buckets = p->bucket ? (p->mask + 1) * 2 : 64;

	free(p->bucket);
	p->bucket = mem_alloc((unsigned long)buckets * sizeof(*p->bucket));
	p->mask = buckets - 1;
	for (uint32_t x = p->used ? p->node[0].newer : 0; x != 0; x = p->node[x].newer) {
		uint32_t *bucket = &p->bucket[p->node[x].tag & p->mask];

		p->node[x].next = *bucket;
		*bucket = x;
	}
}

void
pool_free(struct pool *p)
{
	free(p->node);
	free(p->bucket);
	*p = (struct pool){ 0 };
}

void
pool_age(struct pool *p, uint32_t x, uint32_t older)
{
	struct pool_node *node = p->node;

	if (node[x].older == older)
		return;
	node[0].older = node[x].older;
	node[node[x].older].newer = 0;
	node[x].older = older;
	node[x].newer = node[older].newer;
	node[node[x].newer].older = x;
	node[older].newer = x;
}
