/*
 * short_text: short texts, copied and hashed without a call; private to parser/correlate*.c.
 */
#ifndef PARSER_SHORT_TEXT_H
#define PARSER_SHORT_TEXT_H

#include "base/slice.h"
#include "base/swar.h"
#include "base/table.h"

/* Of 16 bytes and where they were said; keyed, for tables only. */
static inline uint64_t
text_hash_words(uint64_t a, uint64_t b, uint64_t place)
{
	return hash_fold((a ^ hash_key[0]) + place * 0x9e3779b97f4a7c15u, b ^ hash_key[1]);
}

/* The loads may overlap. */
static inline uint64_t
text_hash(struct slice s, uint64_t place)
{
	const char *p = s.p, *end = slice_end(s);
	uint64_t h = place ^ (uint64_t)s.n << 56;

	if (s.n >= 16) {
		for (; end - p > 16; p += 16)
			h = text_hash_words(swar_load(p), swar_load(p + 8), h);
		return text_hash_words(swar_load(end - 16), swar_load(end - 8), h);
	}
	if (s.n >= 8)
		return text_hash_words(swar_load(p), swar_load(end - 8), h);
	if (s.n >= 4)
		return text_hash_words(swar_load4(p), swar_load4(end - 4), h);
	if (s.n == 0)
		return text_hash_words(0, 0, h);
	return text_hash_words(
	    (uint8_t)p[0], (uint64_t)(uint8_t)p[s.n / 2] << 8 | (uint8_t)end[-1], h);
}

static inline void
text_copy(char *to, const char *from, size_t n)
{
	if (n >= 16) {
		for (size_t i = 0; i + 16 < n; i += 16)
			memcpy(to + i, from + i, 16);
		memcpy(to + n - 16, from + n - 16, 16);
	} else if (n >= 8) {
		memcpy(to, from, 8);
		memcpy(to + n - 8, from + n - 8, 8);
	} else if (n >= 4) {
		memcpy(to, from, 4);
		memcpy(to + n - 4, from + n - 4, 4);
	} else if (n > 0) {
		to[0] = from[0];
		to[n / 2] = from[n / 2];
		to[n - 1] = from[n - 1];
	}
}

#endif
