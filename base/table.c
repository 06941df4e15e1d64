/*
 * See table.h. hash_bytes() of more than 32 bytes is XXH3 with a random 64-bit seed (libxxhash,
 * inlined); most texts are shorter, and a few folded multiplications take half as long for them.
 */
#define XXH_INLINE_ALL
#include "base/table.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/random.h>
#include <xxhash.h>

#include "base/problem.h"
#include "base/swar.h"

#define PUBLISHED { 0xa0761d6478bd642fu, 0xe7037ed1a0b428dbu, 0x8ebc6af09c88c6e3u }

/* Set once at start, before any table exists; read only afterwards. */
uint64_t hash_key[3] = PUBLISHED;
static const uint64_t published[3] = PUBLISHED;

void
hash_randomise(void)
{
	uint64_t random[3];

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		random[0] = random[1] = random[2] = (uint64_t)(uintptr_t)random;
	for (int i = 0; i < 3; i++)
		hash_key[i] ^= random[i];
}

static inline uint64_t
hash_text(const uint64_t key[3], struct slice s, uint64_t seed)
{
	const char *end = slice_end(s);

	seed *= 0x9e3779b97f4a7c15u;
	if (s.n > 32)
		return XXH3_64bits_withSeed(s.p, s.n, key[0] ^ seed);
	seed += s.n;	/* the loads overlap */
	if (s.n > 16)
		return hash_by(key, swar_load(s.p), swar_load(s.p + 8), seed ^
		    hash_fold(swar_load(end - 16) ^ key[1], swar_load(end - 8) ^ key[2]));
	if (s.n >= 8)
		return hash_by(key, swar_load(s.p), swar_load(end - 8), seed);
	if (s.n >= 4)
		return hash_by(key, swar_load4(s.p), swar_load4(end - 4), seed);
	if (s.n == 0)
		return hash_by(key, 0, seed, 0);
	return hash_by(key, (uint64_t)(uint8_t)s.p[0] << 16 | (uint64_t)(uint8_t)s.p[s.n / 2] << 8 |
	    (uint8_t)end[-1], seed, 0);
}

uint64_t
hash_bytes(struct slice s, uint64_t seed)
{
	return hash_text(hash_key, s, seed);
}

uint64_t
hash_travel(struct slice s, uint64_t seed)
{
	return hash_text(published, s, seed);
}

uint64_t
hash_travel_u64(uint64_t a, uint64_t b)
{
	return hash_by(published, a, b, 0);
}

uint64_t
hash_fixed(struct slice s, uint64_t seed)
{
	return XXH3_64bits_withSeed(s.p, s.n, 0x7370616d73726331u ^ seed);
}

void
table_free(struct table *t)
{
	free(t->slot);
	*t = (struct table){ 0 };
}

static void
put(struct table *t, uint64_t slot, uint32_t home)
{
	while (t->slot[home] != 0)
		home = (home + 1) & t->mask;
	t->slot[home] = slot;
}

/* A slot keeps the upper half of its hash, so home and growth use those bits only. */
static uint32_t
home_of(uint64_t slot, uint32_t mask)
{
	return (uint32_t)(slot >> 32) & mask;
}

static void __attribute__((noinline))
grow(struct table *t, uint32_t slots)
{
	struct table old = *t;

	assert(slots != 0);
	t->slot = mem_alloc((unsigned long)slots * sizeof(*t->slot));
	t->mask = slots - 1;
	for (uint32_t i = 0; old.slot != NULL && i <= old.mask; i++)
		if (old.slot[i])
			put(t, old.slot[i], home_of(old.slot[i], t->mask));
	free(old.slot);
}

void
table_add(struct table *t, uint64_t hash, uint32_t index)
{
	uint64_t slot = (hash >> 32) << 32 | (index + 1);

	assert(index != TABLE_NONE);
	if (t->slot == NULL)
		grow(t, 64);
	else if (t->used >= (t->mask + 1) / 4 * 3)
		grow(t, (t->mask + 1) * 2);
	put(t, slot, home_of(slot, t->mask));
	t->used++;
}

void
table_reserve(struct table *t, uint32_t n)
{
	uint32_t slots = t->slot ? t->mask + 1 : 64;

	while (slots / 4 * 3 < t->used + n)
		slots *= 2;
	if (t->slot == NULL || slots > t->mask + 1)
		grow(t, slots);
	t->used += n;
}

void
table_fill(struct table *t, uint64_t hash, uint32_t index)
{
	uint64_t slot = (hash >> 32) << 32 | (index + 1), none = 0;
	uint32_t at = home_of(slot, t->mask);

	while (!__atomic_compare_exchange_n(&t->slot[at], &none, slot, false, __ATOMIC_RELAXED,
		__ATOMIC_RELAXED)) {
		none = 0;
		at = (at + 1) & t->mask;
	}
}

static uint32_t
place_of(const struct table *t, uint64_t hash, uint32_t index)
{
	uint64_t slot = (hash >> 32) << 32 | (index + 1);
	uint32_t at = home_of(slot, t->mask);

	while (t->slot[at] != slot) {
		assert(t->slot[at] != 0);
		at = (at + 1) & t->mask;
	}
	return at;
}

void
table_remove(struct table *t, uint64_t hash, uint32_t index)
{
	uint32_t hole = place_of(t, hash, index), at = hole;

	t->used--;
	for (;;) {
		t->slot[hole] = 0;
		do {
			at = (at + 1) & t->mask;
			if (t->slot[at] == 0)
				return;
			/* stays when its home lies cyclically in (hole, at] */
		} while (
		    ((at - home_of(t->slot[at], t->mask)) & t->mask) < ((at - hole) & t->mask));
		t->slot[hole] = t->slot[at];
		hole = at;
	}
}
