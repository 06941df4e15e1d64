/*
 * scan: where a byte is in a text with WIDE_SLACK bytes behind it (wide.h), as lines have. Places
 * count from the text's start; its length stands for nowhere.
 *
 * 32 bytes at a time: most words are shorter, so nothing hangs on how long they are.
 */
#ifndef BASE_SCAN_H
#define BASE_SCAN_H

#include "base/slice.h"
#include "base/wide_more.h"

/* What stands from the place on. */
static inline struct slice
scan_rest(struct slice s, size_t at)
{
	return (struct slice){ s.p + at, s.n - at };
}

/* The first c. */
static inline size_t
scan_byte(struct slice s, char c)
{
	size_t at = 0;
	uint32_t hit;

	while ((hit = wide_equal32(s.p + at, c)) == 0)
		if ((at += 32) >= s.n)
			return s.n;
	at += (unsigned)__builtin_ctz(hit);
	return at < s.n ? at : s.n;
}

/* The first a or b. */
static inline size_t
scan_either(struct slice s, char a, char b)
{
	size_t at = 0;
	uint32_t hit;

	while ((hit = wide_either32(s.p + at, a, b)) == 0)
		if ((at += 32) >= s.n)
			return s.n;
	at += (unsigned)__builtin_ctz(hit);
	return at < s.n ? at : s.n;
}

/* The first byte that is no letter or digit of ASCII; these are mostly near. */
static inline size_t
scan_other(struct slice s)
{
	size_t at = 0;
	uint32_t hit;

	while ((hit = wide_alnum(s.p + at) ^ 0xffff) == 0)
		if ((at += 16) >= s.n)
			return s.n;
	at += (unsigned)__builtin_ctz(hit);
	return at < s.n ? at : s.n;
}

/* The first stop, blank or control byte. */
static inline size_t
scan_word(struct slice s, char stop)
{
	size_t at = 0;
	uint32_t hit;

	while ((hit = wide_ends32(s.p + at, stop)) == 0)
		if ((at += 32) >= s.n)
			return s.n;
	at += (unsigned)__builtin_ctz(hit);
	return at < s.n ? at : s.n;
}

/* The last c. */
static inline size_t
scan_last(struct slice s, char c)
{
	size_t end = s.n;
	uint32_t hit;

	for (; end >= 32; end -= 32)
		if ((hit = wide_equal32(s.p + end - 32, c)) != 0)
			return end - 1 - (unsigned)__builtin_clz(hit);
	hit = wide_equal32(s.p, c) & (((uint32_t)1 << end) - 1);
	return hit ? 31 - (unsigned)__builtin_clz(hit) : s.n;
}

/* slice_u64() for what mostly has at most 8 digits. */
static inline bool
scan_number(struct slice s, uint64_t max, uint64_t *value_r)
{
	uint64_t v = swar_load(s.p), other = swar_not_digit(v);

	if (s.n == 0 || s.n > 8)
		return slice_u64(s, max, value_r);
	if (other << (64 - 8 * s.n) != 0 || swar_number(v, s.n) > max)
		return false;
	*value_r = swar_number(v, s.n);
	return true;
}

#endif
