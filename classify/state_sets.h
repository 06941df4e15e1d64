/*
 * state_sets: sets of distinct things, beside the counts of the few sources that have them.
 *
 * A set belongs to a source, a UTC day and a kind. Its elements are values, or hashes with the
 * fixed key.
 */
#ifndef CLASSIFY_STATE_SETS_H
#define CLASSIFY_STATE_SETS_H

#include "classify/state.h"

/* The element that stands for a text, in lower case: its first 256 bytes count. */
uint64_t set_element(struct slice text);
/* Made empty when it is not there; valid until the next one is made. */
struct set *state_set(struct state *st, uint32_t source, uint32_t day, enum set_kind kind);
/* Index + 1 of the first of that day, 0 when there is none; the others are behind it. */
uint32_t state_sets(const struct state *st, uint32_t source, uint32_t day);
/* NULL when it is not there. */
const struct set *state_set_find(const struct state *st, uint32_t source, uint32_t day,
    enum set_kind kind);

/* The next one of the same source and day: index + 1, or 0. */
static inline uint32_t
state_sets_next(const struct state *st, uint32_t i)
{
	uint32_t next = st->side[i - 1].next;

	return next != 0 && st->side[next - 1].day == st->side[i - 1].day ? next : 0;
}

#endif
