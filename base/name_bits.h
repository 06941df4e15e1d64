/*
 * name_bits: a host name as sets of places: a bit for each byte of it, in 64-bit words.
 *
 * What a byte is, is so asked once, many bytes at a time (name_wide.h). Afterwards runs of letters
 * or digits are found without looking at the bytes in them.
 */
#ifndef BASE_NAME_BITS_H
#define BASE_NAME_BITS_H

#include <stdint.h>

enum { NAME_WORDS = 4 };	/* of a set: for 255 bytes, and the place behind them, in no set */

struct name_bits {
	unsigned words;		/* in use; one is enough for most names */
	uint64_t dot[NAME_WORDS], cut[NAME_WORDS];	/* cut: dot or hyphen */
	uint64_t digit[NAME_WORDS], letter[NAME_WORDS], hex[NAME_WORDS];	/* ASCII's */
	uint64_t other[NAME_WORDS];	/* none of these */
};

/* The places of word w that are below n. */
static inline uint64_t
name_below(unsigned n, unsigned w)
{
	return n >= 64 * w + 64 ? UINT64_MAX : n <= 64 * w ? 0 : UINT64_MAX >> (64 * w + 64 - n);
}

/* The first place from i on that is not in the set; the end of the name never is. */
static inline unsigned
name_leave(const uint64_t *set, unsigned words, unsigned i)
{
	if (words == 1)
		return i + (unsigned)__builtin_ctzll(~(*set >> i));
	while (set[i / 64] >> i % 64 & 1)
		i++;
	return i;
}

/* The first place from i on that is in the set; n, the end of the name, when there is none. */
static inline unsigned
name_next(const uint64_t *set, unsigned words, unsigned i, unsigned n)
{
	if (words == 1)
		return *set >> i ? i + (unsigned)__builtin_ctzll(*set >> i) : n;
	while (i < n && !(set[i / 64] >> i % 64 & 1))
		i++;
	return i;
}

/* Behind the last place before i that is in the set; 0 when there is none. */
static inline unsigned
name_start(const uint64_t *set, unsigned words, unsigned i)
{
	uint64_t in = *set & (((uint64_t)1 << i % 64) - 1);

	if (words == 1)
		return in ? 64 - (unsigned)__builtin_clzll(in) : 0;
	while (i > 0 && !(set[(i - 1) / 64] >> (i - 1) % 64 & 1))
		i--;
	return i;
}

/* Of word w of a set the places where a run starts; *before: the word before it, 0 at first. */
static inline uint64_t
name_starts(const uint64_t *set, unsigned w, uint64_t *before)
{
	uint64_t starts = set[w] & ~(set[w] << 1 | *before >> 63);

	*before = set[w];
	return starts;
}

#endif
