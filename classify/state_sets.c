/* See state_sets.h. Sets of a source are a chain in descending order of day. */
#include "classify/state_sets.h"

#include "base/problem.h"

uint64_t
set_element(struct slice s)
{
	char text[256];

	return hash_fixed(slice_lower(slice_first(s, sizeof(text)), text), 3);
}

uint32_t
state_sets(const struct state *st, uint32_t source, uint32_t day)
{
	uint32_t i = st->source[source].sets;

	while (i != 0 && st->side[i - 1].day > day)
		i = st->side[i - 1].next;
	return i != 0 && st->side[i - 1].day == day ? i : 0;
}

const struct set *
state_set_find(const struct state *st, uint32_t source, uint32_t day, enum set_kind kind)
{
	for (uint32_t i = state_sets(st, source, day); i != 0; i = state_sets_next(st, i))
		if (st->side[i - 1].kind == kind)
			return &st->side[i - 1].set;
	return NULL;
}

struct set *
state_set(struct state *st, uint32_t source, uint32_t day, enum set_kind kind)
{
	uint32_t prev = 0, i = st->source[source].sets;

	for (; i != 0 && st->side[i - 1].day >= day; i = st->side[i - 1].next) {
		if (st->side[i - 1].day == day && st->side[i - 1].kind == kind)
			return &st->side[i - 1].set;
		prev = i;
	}
	mem_grow(&st->side, &st->caps[4], st->sides + 1, sizeof(*st->side));
	st->side[st->sides] = (struct side){ .source = source, .day = day, .next = i,
		.kind = (uint8_t)kind };
	*(prev ? &st->side[prev - 1].next : &st->source[source].sets) = ++st->sides;
	return &st->side[st->sides - 1].set;
}
