/*
 * swar: eight bytes of text at a time in a 64-bit word, the first one lowest on every machine.
 *
 * A mask has the top bit of each byte that hit. Its lowest bit is never a false one; above it there
 * may be some.
 */
#ifndef BASE_SWAR_H
#define BASE_SWAR_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define SWAR_ALL(c) (0x0101010101010101u * (uint64_t)(unsigned char)(c))
#define SWAR_TOPS SWAR_ALL(0x80)

static inline uint64_t
swar_load(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	return v;
}

static inline uint32_t
swar_load4(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap32(v);
#endif
	return v;
}

static inline void
swar_store(char *p, uint64_t v)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	memcpy(p, &v, sizeof(v));
}

/* Bytes below c, which is at most 0x80. */
static inline uint64_t
swar_below(uint64_t v, unsigned char c)
{
	return (v - SWAR_ALL(c)) & ~v & SWAR_TOPS;
}

static inline uint64_t
swar_equal(uint64_t v, char c)
{
	return swar_below(v ^ SWAR_ALL(c), 1);
}

static inline uint64_t
swar_not_digit(uint64_t v)
{
	v ^= SWAR_ALL('0');	/* a digit is 0..9 now */
	return ((v + SWAR_ALL(0x80 - 10)) | v) & SWAR_TOPS;
}

/* Not a letter or digit of ASCII. */
static inline uint64_t
swar_not_alnum(uint64_t v)
{
	uint64_t low = v | SWAR_ALL(0x20);
	uint64_t letter = (low + SWAR_ALL(0x80 - 'a')) & ~(low + SWAR_ALL(0x80 - 'z' - 1));

	return (~letter | v) & swar_not_digit(v) & SWAR_TOPS;
}

/* The place of the first hit; mask is not 0. */
static inline size_t
swar_first(uint64_t mask)
{
	return (unsigned)__builtin_ctzll(mask) / 8;
}

/* The number that the first n bytes of v, digits, are; 1 <= n <= 8. */
static inline uint32_t
swar_number(uint64_t v, size_t n)
{
	v = (v ^ SWAR_ALL('0')) << (64 - 8 * n);	/* zeros before it: 8 digits */
	v = (v * (10 << 8 | 1)) >> 8 & 0x00ff00ff00ff00ffu;		/* pairs */
	v = (v * (100 << 16 | 1)) >> 16 & 0x0000ffff0000ffffu;		/* fours */
	return (uint32_t)((v * ((uint64_t)10000 << 32 | 1)) >> 32);
}

/* memcmp() == 0 without the call, for short texts; n >= 8. */
static inline bool
swar_same_long(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i + 8 < n; i += 8)
		if (swar_load(a + i) != swar_load(b + i))
			return false;
	return swar_load(a + n - 8) == swar_load(b + n - 8);
}

/* The same for n > 0. */
static inline bool
swar_same(const char *a, const char *b, size_t n)
{
	if (n < 4)
		return a[0] == b[0] && a[n / 2] == b[n / 2] && a[n - 1] == b[n - 1];
	if (n < 8)
		return swar_load4(a) == swar_load4(b) &&
		    swar_load4(a + n - 4) == swar_load4(b + n - 4);
	return swar_same_long(a, b, n);
}

#endif
