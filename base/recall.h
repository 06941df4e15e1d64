/*
 * recall: where a bounded memory keeps what it knows of a hash; forgets, and never lies.
 *
 * A hash has RECALL_WAYS places, so that two frequent ones that meet do not drive each other out.
 * Hashes are keyed and of 64 bits: equal ones count as the same thing. What is kept beside each
 * place is the caller's; results must not depend on what was forgotten.
 */
#ifndef BASE_RECALL_H
#define BASE_RECALL_H

#include "base/swar.h"
#include "base/table.h"

enum { RECALL_WAYS = 4 };

/* A keyed hash of a text, inline for the length that most have. */
static inline uint64_t
recall_hash(struct slice s, uint64_t seed)
{
	const char *p = s.p, *end = p + s.n;
	uint64_t h = seed << 32 | s.n;

	if (s.n - 8 > 24)
		return hash_bytes(s, seed);
	if (s.n > 16)
		h ^= hash_fold(swar_load(p + 8) ^ hash_key[2], swar_load(end - 16) ^ hash_key[0]);
	return hash_fold(swar_load(p) ^ hash_key[0] ^ h, swar_load(end - 8) ^ hash_key[1]);
}

/*
 * The place of h, not 0, in hash[places], all 0 at first; places is a power of two. *known_r: it
 * was there; else it is now, in place of another one.
 */
static inline size_t
recall(uint64_t *hash, size_t places, uint64_t h, bool *known_r)
{
	size_t group = (h >> 32) & (places - RECALL_WAYS), free = group + (h & (RECALL_WAYS - 1));

	*known_r = true;
	for (size_t i = group; i < group + RECALL_WAYS; i++)
		if (hash[i] == h)
			return i;
	*known_r = false;
	for (size_t i = group + RECALL_WAYS; i-- > group;)	/* the first one is found soonest */
		if (hash[i] == 0)
			free = i;
	hash[free] = h;
	return free;
}

#endif
