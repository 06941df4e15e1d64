/*
 * seen: counts equal things within a cell of time, such as the attempts of ten minutes.
 *
 * Things are hashes of 64 bits that may travel: made here of numbers and texts, with a published
 * key. Two cells are remembered, the current one and the one before; a third takes the place of the
 * one that has its parity.
 */
#ifndef PARSER_SEEN_H
#define PARSER_SEEN_H

#include "base/slice.h"
#include "base/swar.h"
#include "base/table.h"

struct seen_slot {
	uint64_t hash;
	uint32_t turn;
	uint16_t count[2];	/* UINT16_MAX: so many or more */
};

struct seen_cell {
	int64_t cell;
	struct seen_slot *slot;		/* of another turn: free */
	uint32_t mask, turn;
	uint32_t used, room;		/* slots taken, and to be taken before it grows */
};

struct seen {			/* zeroed: empty */
	struct seen_cell cell[2];
};

/* The counters of hash in that cell, 0 at first; they stay in place until the next call. */
uint16_t *seen_counters(struct seen *s, int64_t cell, uint64_t hash);
void seen_free(struct seen *s);

/* Hashes here can be foretold, places must not. */
static inline uint32_t
seen_place(const struct seen_cell *sc, uint64_t hash)
{
	return (uint32_t)hash_fold(hash ^ hash_key[0], hash_key[1]) & sc->mask;
}

/* seen_counters() comes soon: what it needs is fetched meanwhile. */
static inline void
seen_expect(const struct seen *s, int64_t cell, uint64_t hash)
{
	const struct seen_cell *sc = &s->cell[cell & 1];

	if (sc->slot != NULL)
		__builtin_prefetch(&sc->slot[seen_place(sc, hash)], 1);
}

static inline void
seen_count(uint16_t *count)
{
	*count = (uint16_t)(*count + (*count < UINT16_MAX));
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
