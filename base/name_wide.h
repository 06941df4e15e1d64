/*
 * name_wide: of 16 bytes of a name which are what, with SSE2, which every x86-64 has, or by swar.h.
 */
#ifndef BASE_NAME_WIDE_H
#define BASE_NAME_WIDE_H

#include "base/swar_range.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

struct name_word {		/* of struct name_bits a word of each */
	uint64_t dot, cut, digit, letter, hex;
};

#ifdef __SSE2__

/* The bytes from, from + 1, ... up to n of them. */
static inline __m128i
name_range(__m128i v, char from, int n)
{
	__m128i moved = _mm_add_epi8(v, _mm_set1_epi8((char)(-128 - from)));

	return _mm_cmplt_epi8(moved, _mm_set1_epi8((char)(n - 128)));
}

static inline uint64_t
name_mask(__m128i hit)
{
	return (uint32_t)_mm_movemask_epi8(hit);
}

/* Adds the 16 bytes at p from place `by` on, and puts them into lower case. */
static inline void
name_add(struct name_word *is, unsigned by, char *p)
{
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p), digit, dot;

	v = _mm_or_si128(v, _mm_and_si128(name_range(v, 'A', 26), _mm_set1_epi8(0x20)));
	_mm_storeu_si128((__m128i *)(void *)p, v);
	digit = name_range(v, '0', 10);
	dot = _mm_cmpeq_epi8(v, _mm_set1_epi8('.'));
	is->dot |= name_mask(dot) << by;
	is->cut |= name_mask(_mm_or_si128(dot, _mm_cmpeq_epi8(v, _mm_set1_epi8('-')))) << by;
	is->digit |= name_mask(digit) << by;
	is->letter |= name_mask(name_range(v, 'a', 26)) << by;
	is->hex |= name_mask(_mm_or_si128(digit, name_range(v, 'a', 6))) << by;
}

#else

static inline uint64_t
name_mask(uint64_t v, uint64_t w, char first, char last)
{
	uint64_t a = swar_between(v, first, last) >> 7, b = swar_between(w, first, last) >> 7;

	return (a * 0x0102040810204080u) >> 56 | (b * 0x0102040810204080u) >> 56 << 8;
}

static inline void
name_add(struct name_word *is, unsigned by, char *p)
{
	uint64_t a = swar_lower(swar_load(p)), b = swar_lower(swar_load(p + 8));
	uint64_t dot = name_mask(a, b, '.', '.'), digit = name_mask(a, b, '0', '9');

	swar_store(p, a);
	swar_store(p + 8, b);
	is->dot |= dot << by;
	is->cut |= (dot | name_mask(a, b, '-', '-')) << by;
	is->digit |= digit << by;
	is->letter |= name_mask(a, b, 'a', 'z') << by;
	is->hex |= (digit | name_mask(a, b, 'a', 'f')) << by;
}

#endif

#endif
