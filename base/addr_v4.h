/* addr_v4: an IPv4 address at the start of a text, for those who read one in nearly every line. */
#ifndef BASE_ADDR_V4_H
#define BASE_ADDR_V4_H

#include "base/addr.h"
#include "base/wide.h"

enum { ADDR_V4_TEXT = 16 };	/* "192.168.100.200" and the byte behind it */

/* Two words, as whoever reads them does: smaller stores would have to be waited for. */
static inline void
addr_set_v4(struct addr *a, uint32_t octets)
{
	swar_store((char *)a->b, 0);
	swar_store((char *)a->b + 8, 0xffff0000u | (uint64_t)octets << 32);
}

#ifdef __SSE2__

/* The 4 bytes before the first stop. */
static inline __m128i
addr_take_part(const char *p, uint32_t stop)
{
	return _mm_cvtsi32_si128((int)swar_load4(p - 4 + (unsigned)__builtin_ctz(stop)));
}

/* Of 16 bytes that are '0' ^ text those that are no digits, as bytes of 0xff. */
static inline __m128i
addr_no_digits(__m128i v)
{
	return _mm_cmpeq_epi8(_mm_max_epu8(v, _mm_set1_epi8(10)), v);
}

/*
 * "192.0.2.1" and the byte end in the ADDR_V4_TEXT bytes at p; the length of both, or 0. 4 bytes
 * can be read before p, too; the last of them is no digit.
 *
 * How many digits a number has is not branched on, nobody can foretell it. Each number is taken
 * with the bytes before it into 4 bytes of its own; what stands before its digits is cleared.
 */
static inline size_t
addr_read_v4(const char *p, char end, struct addr *a)
{
	const __m128i zeros = _mm_set1_epi8('0');
	__m128i v = wide_load(p), other, sum;
	uint32_t stop = (uint32_t)_mm_movemask_epi8(addr_no_digits(_mm_xor_si128(v, zeros)));
	uint32_t dots = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('.')));
	uint32_t stop2 = stop & (stop - 1), stop3 = stop2 & (stop2 - 1);
	uint32_t stop4 = stop3 & (stop3 - 1);
	unsigned n;
	uint64_t octets;

	if (stop4 == 0 || ((stop ^ stop4) & ~dots) != 0)
		return 0;
	n = (unsigned)__builtin_ctz(stop4);
	v = _mm_unpacklo_epi64(_mm_unpacklo_epi32(
	    addr_take_part(p, stop), addr_take_part(p, stop2)),
	    _mm_unpacklo_epi32(addr_take_part(p, stop3), addr_take_part(p, stop4)));
	v = _mm_xor_si128(v, zeros);
	other = addr_no_digits(v);
	other = _mm_or_si128(other, _mm_srli_epi32(other, 8));
	other = _mm_or_si128(other, _mm_srli_epi32(other, 16));
	/* the last of the 4 bytes must be a digit, and the first one none */
	if ((_mm_movemask_epi8(other) & 0x9999) != 0x1111 || p[n] != end)
		return 0;
	v = _mm_andnot_si128(other, v);		/* 0, hundreds, tens, ones */
	sum = _mm_add_epi32(
	    _mm_madd_epi16(_mm_srli_epi16(v, 8), _mm_set1_epi32(1 << 16 | 100)),
	    _mm_madd_epi16(_mm_and_si128(v, _mm_set1_epi16(0xff)), _mm_set1_epi32(10 << 16)));
	sum = _mm_packs_epi32(sum, sum);
	memcpy(&octets, &sum, sizeof(octets));
	if ((octets & 0xff00ff00ff00ff00u) != 0)
		return 0;
	addr_set_v4(a, (uint32_t)_mm_cvtsi128_si32(_mm_packus_epi16(sum, sum)));
	return n + 1;
}

#else

/* One to three digits and the byte end; NULL when something else stands there. 4 bytes are read. */
static inline const char *
addr_read_part(const char *p, char end, uint32_t *part_r)
{
	uint32_t v = swar_load4(p) ^ 0x30303030u;	/* a digit is 0..9 now */
	uint32_t other = (((v + 0x76767676u) | v) & 0x00808080u) | 0x80000000u;
	unsigned bits = (unsigned)__builtin_ctz(other) & 24;	/* 8 for each digit */
	uint32_t digits = v << (-bits & 31);	/* none: the byte there, which no number has */

	*part_r = (digits * (100u << 16 | 10u << 8 | 1u)) >> 24;
	p += bits / 8;
	return *p != end || __builtin_bswap32(digits) > 0x020505 ? NULL : p + 1;
}

static inline size_t
addr_read_v4(const char *p, char end, struct addr *a)
{
	uint32_t part[4];
	const char *at;

	if ((at = addr_read_part(p, '.', &part[0])) == NULL ||
	    (at = addr_read_part(at, '.', &part[1])) == NULL ||
	    (at = addr_read_part(at, '.', &part[2])) == NULL ||
	    (at = addr_read_part(at, end, &part[3])) == NULL)
		return 0;
	addr_set_v4(a, part[0] | part[1] << 8 | part[2] << 16 | part[3] << 24);
	return (size_t)(at - p);
}

#endif

#endif
