/* wide_swar: wide.h for machines without SSE2, eight bytes at a time. Private to wide.h. */
#ifndef BASE_WIDE_SWAR_H
#define BASE_WIDE_SWAR_H

#include "base/swar_range.h"

/* The top bits of two words as the bits of a mask; all of them must be true hits. */
static inline uint32_t
wide_mask(uint64_t low, uint64_t high)
{
	return (uint32_t)(((low & SWAR_TOPS) >> 7) * 0x0102040810204080u >> 56 |
	    ((high & SWAR_TOPS) >> 7) * 0x0102040810204080u >> 56 << 8);
}

/* Of eight bytes those up to most, below 0x80; swar_below() may have false hits above the first. */
static inline uint64_t
wide_low(uint64_t v, unsigned char most)
{
	return ~(((v & ~SWAR_TOPS) + SWAR_ALL(0x7f - most)) | v);
}

static inline uint32_t
wide_equal(const char *p, char c)
{
	return wide_mask(wide_low(swar_load(p) ^ SWAR_ALL(c), 0),
	    wide_low(swar_load(p + 8) ^ SWAR_ALL(c), 0));
}

static inline uint32_t
wide_either(const char *p, char a, char b)
{
	return wide_equal(p, a) | wide_equal(p, b);
}

static inline uint32_t
wide_same(const char *a, const char *b)
{
	return wide_mask(wide_low(swar_load(a) ^ swar_load(b), 0),
	    wide_low(swar_load(a + 8) ^ swar_load(b + 8), 0));
}

static inline uint32_t
wide_ends(const char *p, char stop)
{
	return wide_equal(p, stop) | wide_mask(wide_low(swar_load(p), ' '),
	    wide_low(swar_load(p + 8), ' '));
}

static inline uint32_t
wide_between(const char *p, char first, char last)
{
	return wide_mask(swar_between(swar_load(p), first, last),
	    swar_between(swar_load(p + 8), first, last));
}

static inline uint32_t
wide_alnum(const char *p)
{
	return wide_between(p, '0', '9') | wide_between(p, 'a', 'z') | wide_between(p, 'A', 'Z');
}

#endif
