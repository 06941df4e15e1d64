/*
 * short_text: short texts, copied and hashed without a call.
 */
#ifndef BASE_SHORT_TEXT_H
#define BASE_SHORT_TEXT_H

#include "base/slice.h"
#include "base/swar.h"
#include "base/table.h"

/* Of 16 bytes and where they were said; keyed, for tables only. */
static inline uint64_t
text_hash_words(uint64_t a, uint64_t b, uint64_t place)
{
	return hash_fold((a ^ hash_key[0]) + place * 0x9e3779b97f4a7c15u, b ^ hash_key[1]);
}

/* Of a text that has 8 to 16 bytes in most cases, and where it was said. The loads overlap. */
static inline uint64_t
text_hash(struct slice s, uint64_t place)
{
	uint64_t a = s.n, b = 0;
	const char *end = slice_end(s);

	if (s.n >= 8) {
		for (const char *p = s.p + 8; end - p > 8; p += 8)
			place = hash_fold(place + swar_load(p), hash_key[2]);
		a += swar_load(s.p);
		b = swar_load(end - 8);
	} else if (s.n >= 4) {
		a += swar_load4(s.p);
		b = swar_load4(end - 4);
	} else if (s.n) {
		b = (uint8_t)s.p[0] | (uint64_t)(uint8_t)s.p[s.n / 2] << 8 |
		    (uint64_t)(uint8_t)end[-1] << 16;
	}
	return text_hash_words(a, b, place);
}

/* Of a longer one. */
static inline uint64_t
text_hash_long(struct slice s)
{
	const char *end = slice_end(s);
	uint64_t h = s.n;

	if (s.n < 16)
		return text_hash(s, 0);
	for (const char *p = s.p; end - p > 16; p += 16)
		h = text_hash_words(swar_load(p), swar_load(p + 8), h);
	return text_hash_words(swar_load(end - 16), swar_load(end - 8), h);
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
