/*
 * wide: 16 bytes of text at a time as a mask of 16 bits, the first byte's lowest.
 *
 * Two masks beside each other find the end of most words without a loop: how often one would go
 * round hangs on the word, and no processor foretells that. With SSE2, which every x86-64 has, or
 * by swar.h.
 */
#ifndef BASE_WIDE_H
#define BASE_WIDE_H

#include "base/swar.h"

#ifdef __SSE2__
#include <emmintrin.h>

/* Of the 16 bytes at p those that end a word: stop, blanks and control bytes. */
static inline uint64_t
wide_ends(const char *p, char stop)
{
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i low = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(' ')), v);
	__m128i hit = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(stop)), low);

	return (uint32_t)_mm_movemask_epi8(hit);
}

#else

/* Of eight bytes those up to most, below 0x80; swar_below() may have false hits above the first. */
static inline uint64_t
wide_low(uint64_t v, unsigned char most)
{
	uint64_t hit = ~(((v & ~SWAR_TOPS) + SWAR_ALL(0x7f - most)) | v) & SWAR_TOPS;

	return ((hit >> 7) * 0x0102040810204080u) >> 56;
}

static inline uint64_t
wide_ends(const char *p, char stop)
{
	uint64_t v = swar_load(p), w = swar_load(p + 8);

	return wide_low(v ^ SWAR_ALL(stop), 0) | wide_low(v, ' ') |
	    (wide_low(w ^ SWAR_ALL(stop), 0) | wide_low(w, ' ')) << 8;
}

#endif

#endif
