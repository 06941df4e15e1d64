/*
 * seen: counts equal things that come again before they are past.
 *
 * Things are hashes of 64 bits that may travel: made here of numbers and texts, with a published
 * key. Each has two counters, which begin anew when it was not asked for within the last
 * CORRELATE_WINDOW seconds (clock.h). Of more than SEEN_THINGS in that time all are forgotten.
 */
#ifndef PARSER_SEEN_H
#define PARSER_SEEN_H

#include "base/slice.h"
#include "base/swar.h"
#include "base/table.h"

struct seen_slot {
	uint64_t hash;
	uint32_t tick;		/* the lower half of when it was asked for last; 0: free */
	uint16_t count[2];	/* SEEN_MOST: so many or more */
};

/* Both counters: of a piece, they hang on what came before (edge_private.h). */
enum { SEEN_MOST = UINT16_MAX - 1, SEEN_DOUBT = UINT16_MAX };

enum { SEEN_THINGS = 1 << 22 };

struct seen {			/* zeroed: empty */
	struct seen_slot *slot;
	uint32_t mask, used;
	uint32_t room;		/* slots to be taken before the table is made anew */
	uint64_t forgotten;
};

/*
 * The slot of hash, for the tick in hand, when all up to past is past. It stays in place until the
 * next call.
 */
struct seen_slot *seen_at(struct seen *s, uint64_t hash, uint64_t past, uint64_t tick);
void seen_free(struct seen *s);

static inline bool
seen_is_past(const struct seen_slot *x, uint64_t past)
{
	return (int32_t)(x->tick - (uint32_t)past) <= 0;
}

static inline bool
seen_in_doubt(const struct seen_slot *x)
{
	return x->count[0] == SEEN_DOUBT;
}

/* Hashes here can be foretold, places must not. */
static inline uint32_t
seen_place(const struct seen *s, uint64_t hash)
{
	return (uint32_t)hash_fold(hash ^ hash_key[0], hash_key[1]) & s->mask;
}

/* seen_at() comes soon: what it needs is fetched meanwhile. */
static inline void
seen_expect(const struct seen *s, uint64_t hash)
{
	if (s->slot != NULL)
		__builtin_prefetch(&s->slot[seen_place(s, hash)], 1);
}

static inline void
seen_count(struct seen_slot *x, unsigned which)
{
	x->count[which] = (uint16_t)(x->count[which] + (x->count[which] < SEEN_MOST));
}

/* A thing so far, and one more number of it; 0 is the thing without any. No text makes the keys. */
static inline uint64_t
seen_number(uint64_t thing, uint64_t a, uint64_t b)
{
	return hash_fold(thing ^ a ^ 0xa0761d6478bd642fu, b ^ 0xe7037ed1a0b428dbu);
}

/* The same for a text, 16 bytes at a time; those of the last step may overlap. */
static inline uint64_t
seen_text(uint64_t thing, struct slice s)
{
	const char *p = s.p, *end = slice_end(s);

	thing += s.n;
	if (s.n >= 16) {
		for (; end - p > 16; p += 16)
			thing = seen_number(thing, swar_load(p), swar_load(p + 8));
		return seen_number(thing, swar_load(end - 16), swar_load(end - 8));
	}
	if (s.n >= 8)
		return seen_number(thing, swar_load(p), swar_load(end - 8));
	if (s.n >= 4)
		return seen_number(thing, swar_load4(p), swar_load4(end - 4));
	if (s.n == 0)
		return seen_number(thing, 0, 0);
	return seen_number(
	    thing, (uint8_t)p[0], (uint64_t)(uint8_t)p[s.n / 2] << 8 | (uint8_t)end[-1]);
}

#endif
