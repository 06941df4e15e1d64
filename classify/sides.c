/* See sides.h. The first set of a day is found by table, the others hang on it. */
#include "classify/sides.h"

#include <stdlib.h>

#include "base/problem.h"

static uint64_t
day_hash(uint32_t source, uint32_t day)
{
	return hash_u64((uint64_t)source << 32 | day, 1000);
}

uint32_t
sides_first(const struct sides *x, uint32_t source, int64_t day)
{
	uint64_t h = day_hash(source, (uint32_t)day);
	uint32_t at, i;

	for (i = table_first(&x->by_day, h, &at); i != TABLE_NONE;
	     i = table_next(&x->by_day, h, &at))
		if (x->item[i].source == source && x->item[i].day == (uint32_t)day)
			return i + 1;
	return 0;
}

static struct side *
find(const struct sides *x, uint32_t first, enum set_kind kind)
{
	for (; first != 0; first = x->item[first - 1].next)
		if (x->item[first - 1].kind == kind)
			return &x->item[first - 1];
	return NULL;
}

uint64_t
sides_element(struct slice s)
{
	char text[256];

	return hash_fixed(slice_lower(slice_first(s, sizeof(text)), text), 3);
}

struct set *
sides_set(struct sides *x, uint32_t source, uint32_t day, enum set_kind kind)
{
	uint32_t first = sides_first(x, source, day);
	struct side *s = find(x, first, kind);

	if (s == NULL) {
		mem_grow(&x->item, &x->cap, x->n + 1, sizeof(*x->item));
		s = &x->item[x->n++];
		*s = (struct side){ .source = source, .day = day, .kind = (uint8_t)kind };
		if (first == 0) {
			table_add(&x->by_day, day_hash(source, day), x->n - 1);
		} else {
			s->next = x->item[first - 1].next;
			x->item[first - 1].next = x->n;
		}
	}
	return &s->set;
}

void
sides_add(struct sides *x, uint32_t source, uint32_t day, enum set_kind kind, uint64_t element)
{
	set_add(sides_set(x, source, day, kind), element);
}

const struct set *
sides_get(const struct sides *x, uint32_t source, int64_t day, enum set_kind kind)
{
	const struct side *s = find(x, sides_first(x, source, day), kind);

	return s ? &s->set : NULL;
}

void
sides_free(struct sides *x)
{
	for (unsigned i = 0; i < x->n; i++)
		set_free(&x->item[i].set);
	free(x->item);
	table_free(&x->by_day);
	*x = (struct sides){ 0 };
}
