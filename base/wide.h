/*
 * wide: 16 bytes of text at a time as a mask of 16 bits, the first byte's lowest; or 32 bytes.
 *
 * Two masks beside each other find the end of most words without a loop: how often one would go
 * round hangs on the word, and no processor foretells that. With SSE2, which every x86-64 has, or
 * by swar.h.
 */
#ifndef BASE_WIDE_H
#define BASE_WIDE_H

#include "base/swar.h"

/*
 * So many bytes behind a text can be read, whatever they are: what is found there must not count.
 * Whoever promises it spares others a branch at the end of every text.
 */
enum { WIDE_SLACK = 96 };

#ifdef __SSE2__
#include <emmintrin.h>

static inline __m128i
wide_load(const char *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* The bytes that are c. */
static inline uint32_t
wide_equal(const char *p, char c)
{
	return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(wide_load(p), _mm_set1_epi8(c)));
}

/* The bytes that are a or b. */
static inline uint32_t
wide_either(const char *p, char a, char b)
{
	__m128i v = wide_load(p), hit = _mm_or_si128(
	    _mm_cmpeq_epi8(v, _mm_set1_epi8(a)), _mm_cmpeq_epi8(v, _mm_set1_epi8(b)));

	return (uint32_t)_mm_movemask_epi8(hit);
}

/* The bytes that are the same in both. */
static inline uint32_t
wide_same(const char *a, const char *b)
{
	return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(wide_load(a), wide_load(b)));
}

/* The bytes that end a word: stop, blanks and control bytes. */
static inline uint32_t
wide_ends(const char *p, char stop)
{
	__m128i v = wide_load(p);
	__m128i low = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(' ')), v);
	__m128i hit = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(stop)), low);

	return (uint32_t)_mm_movemask_epi8(hit);
}

/* The bytes from first to last. */
static inline uint32_t
wide_between(const char *p, char first, char last)
{
	__m128i v = _mm_sub_epi8(wide_load(p), _mm_set1_epi8(first));
	__m128i most = _mm_set1_epi8((char)(last - first));

	return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(v, most), v));
}

/* The letters and digits of ASCII. */
static inline uint32_t
wide_alnum(const char *p)
{
	__m128i v = wide_load(p), digit = _mm_sub_epi8(v, _mm_set1_epi8('0'));
	__m128i letter = _mm_sub_epi8(_mm_or_si128(v, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));

	digit = _mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(9)), digit);
	letter = _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(25)), letter);
	return (uint32_t)_mm_movemask_epi8(_mm_or_si128(digit, letter));
}

#else
#include "base/wide_swar.h"
#endif

#endif
