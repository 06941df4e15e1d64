/*
 * swar_range: of the eight bytes of swar.h those in a range, exactly; and short texts as a word.
 */
#ifndef BASE_SWAR_RANGE_H
#define BASE_SWAR_RANGE_H

#include "base/swar.h"

/* The first n bytes at p, zeros behind them; 8 bytes can be read there. */
static inline uint64_t
swar_head(const char *p, size_t n)
{
	uint64_t v = swar_load(p);

	return n < 8 ? v & (((uint64_t)1 << 8 * n) - 1) : v;
}

/* Bytes from first to last, both of ASCII. No hit is a false one. */
static inline uint64_t
swar_between(uint64_t v, char first, char last)
{
	uint64_t low = v & ~SWAR_TOPS;

	return (low + SWAR_ALL(0x80 - first)) & ~(low + SWAR_ALL(0x7f - last)) & ~v & SWAR_TOPS;
}

/* Its ASCII letters in lower case. */
static inline uint64_t
swar_lower(uint64_t v)
{
	return v | swar_between(v, 'A', 'Z') >> 2;
}

#endif
