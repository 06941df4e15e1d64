/* bits: sets of small numbers, a bit for each in an array of 64-bit words. */
#ifndef CLASSIFY_BITS_H
#define CLASSIFY_BITS_H

#include <stdbool.h>
#include <stdint.h>

struct bytes {			/* a set of bytes */
	uint64_t has[4];
};

static inline bool
bits_have(const uint64_t *set, unsigned i)
{
	return set[i / 64] >> i % 64 & 1;
}

static inline void
bits_add(uint64_t *set, unsigned i)
{
	set[i / 64] |= (uint64_t)1 << i % 64;
}

static inline bool
bytes_have(const struct bytes *b, char c)
{
	return bits_have(b->has, (unsigned char)c);
}

static inline void
bytes_add(struct bytes *b, char c)
{
	bits_add(b->has, (unsigned char)c);
}

/* Have they one in common? */
static inline bool
bytes_meet(const struct bytes *a, const struct bytes *b)
{
	return (a->has[0] & b->has[0]) | (a->has[1] & b->has[1]) | (a->has[2] & b->has[2]) |
	    (a->has[3] & b->has[3]);
}

#endif
