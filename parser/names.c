/*
 * names: the interner of header.h, for hosts and Postfix instances.
 *
 * The names come from log headers, so there are few; a broken or forged log could hold millions.
 * Over NAMES_MAX every further name is number 0, the empty one: memory stays bounded.
 */
#include "parser/header.h"

#include <stdlib.h>

#include "base/problem.h"

enum { NAMES_MAX = 65536 };

struct names {
	struct table table;
	struct arena arena;
	struct slice *item;
	unsigned n, cap;
};

struct names *
names_open(void)
{
	struct names *n = mem_alloc(sizeof(*n));

	mem_grow(&n->item, &n->cap, 1, sizeof(*n->item));
	n->item[n->n++] = SLICE("");
	return n;
}

void
names_close(struct names *n)
{
	if (n == NULL)
		return;
	table_free(&n->table);
	arena_free(&n->arena);
	free(n->item);
	free(n);
}

uint32_t
names_id(struct names *n, struct slice name)
{
	uint64_t hash;
	uint32_t i, at;

	if (name.n == 0)
		return 0;
	hash = hash_bytes(name, 0);
	for (i = table_first(&n->table, hash, &at); i != TABLE_NONE;
	     i = table_next(&n->table, hash, &at))
		if (slice_eq(n->item[i], name))
			return i;
	if (n->n >= NAMES_MAX)
		return 0;
	mem_grow(&n->item, &n->cap, n->n + 1, sizeof(*n->item));
	n->item[n->n] = arena_copy(&n->arena, name);
	table_add(&n->table, hash, n->n);
	return n->n++;
}

uint32_t
names_count(const struct names *n)
{
	return n->n;
}

struct slice
names_text(const struct names *n, uint32_t id)
{
	return id < n->n ? n->item[id] : SLICE("");
}
