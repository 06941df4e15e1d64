/*
 * table: a hash of 32-bit slots that point into the caller's dense array.
 *
 * The caller keeps the records and compares keys; the table keeps (upper hash bits, index) and
 * never calls back. Open addressing, linear probing, load at most 3/4, removal by back-shift.
 * Hashes come from hash_bytes() and hash_words(), keyed at random in each process: no order of a
 * table may ever reach an output.
 *
 *	for (i = table_first(&t, h, &at); i != TABLE_NONE; i = table_next(&t, h, &at))
 *		if (record[i].key == key)
 *			break;
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include "base/slice.h"

#define TABLE_NONE UINT32_MAX

struct table {
	uint64_t *slot;		/* upper 32 bits of the hash, index + 1; 0 is free */
	uint32_t mask;		/* slots - 1 */
	uint32_t used;
};

/* Call once before the first hash; without it the key is a published one (tests). */
void hash_randomise(void);
extern uint64_t hash_key[3];	/* for the functions here only; nobody else writes it */
uint64_t hash_bytes(struct slice s, uint64_t seed);
/* With a fixed, published key: for whatever travels (sets, identities), never for tables. */
uint64_t hash_fixed(struct slice s, uint64_t seed);
/* The same, and faster for short texts. */
uint64_t hash_travel(struct slice s, uint64_t seed);
uint64_t hash_travel_u64(uint64_t a, uint64_t b);

static inline uint64_t
hash_fold(uint64_t a, uint64_t b)
{
	unsigned __int128 m = (unsigned __int128)a * b;

	return (uint64_t)m ^ (uint64_t)(m >> 64);
}

/* Two folded multiplications, as wyhash has them: a quarter of what XXH3 takes for 16 bytes. */
static inline uint64_t
hash_by(const uint64_t key[3], uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t h = hash_fold(a ^ key[0], b ^ key[1]);

	return hash_fold(h ^ key[0], c ^ key[2]);
}

static inline uint64_t
hash_words(uint64_t a, uint64_t b, uint64_t c)
{
	return hash_by(hash_key, a, b, c);
}

static inline uint64_t
hash_u64(uint64_t a, uint64_t b)
{
	return hash_words(a, b, 0);
}

void table_free(struct table *t);
/* index must not be in the table under this hash; other indexes with the same hash may be. */
void table_add(struct table *t, uint64_t hash, uint32_t index);
/* Room for n more, which are told by as many calls of table_fill(), by several threads at once. */
void table_reserve(struct table *t, uint32_t n);
void table_fill(struct table *t, uint64_t hash, uint32_t index);
void table_remove(struct table *t, uint64_t hash, uint32_t index);

static inline uint32_t
table_next(const struct table *t, uint64_t hash, uint32_t *at)
{
	uint64_t s;

	while ((s = t->slot[*at]) != 0) {
		*at = (*at + 1) & t->mask;
		if ((s >> 32) == (hash >> 32))
			return (uint32_t)s - 1;
	}
	return TABLE_NONE;
}

/* table_first() comes soon: its slot is fetched meanwhile. */
static inline void
table_expect(const struct table *t, uint64_t hash)
{
	if (t->slot != NULL)
		__builtin_prefetch(&t->slot[(uint32_t)(hash >> 32) & t->mask]);
}

static inline uint32_t
table_first(const struct table *t, uint64_t hash, uint32_t *at)
{
	if (t->slot == NULL)
		return TABLE_NONE;
	*at = (uint32_t)(hash >> 32) & t->mask;
	return table_next(t, hash, at);
}

#endif
