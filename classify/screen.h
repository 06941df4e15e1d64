/*
 * screen: may a text fulfil any atom of its kind? Private to classify/matcher.c and evaluator.c.
 *
 * Most texts fit none, which a few looks at their ends tell: a word has a first byte and a length,
 * a suffix its last bytes, most patterns their first two bytes or one of a few that must stand
 * somewhere.
 */
#ifndef CLASSIFY_SCREEN_H
#define CLASSIFY_SCREEN_H

#include "base/swar_range.h"
#include "classify/heads.h"

enum {
	LENGTHS = 64,		/* of words: longer ones are in no hash */
	BYTES = 64,		/* classes of bytes told apart */
	FEW = 4
};

enum look { LOOK_WORD = 1, LOOK_SUFFIX = 2, LOOK_BEGIN = 4, LOOK_FIND = 8 };	/* bits */

struct screen {			/* of one kind of text */
	uint8_t look[256];		/* by first byte: what a text may fit at all */
	uint64_t lengths[BYTES];	/* of words, by class of their first byte */
	uint64_t tails[2][16];		/* of suffixes, by hash of their last bytes: */
	unsigned tail[2];		/* so many, of short ones and others; 0: there are none */
	struct heads heads;		/* of patterns that begin with the text */
	bool any;			/* other patterns, or what is in no hash, may always fit; */
	unsigned few;			/* or what they match has one of so many: */
	uint64_t byte[FEW];		/* eight times each; the last once more to the end */
	unsigned from, to;		/* the words of a set that its atoms are in */
};

struct ends {			/* a text's first and last 8 bytes; of a shorter one all of */
	uint64_t first, last;	/* them, with zeros behind */
};

/* A letter's class is its own in either case; other bytes share theirs with a few more. */
static inline unsigned
byte_of(char c)
{
	unsigned u = (unsigned char)c;

	return (u >> 1 & 0x20) | (u & 0x1f);
}

/* A bit for the last `tail` bytes of a text of n; last: as in struct ends, in lower case. */
static inline unsigned
tail_of(uint64_t last, size_t n, unsigned tail)
{
	return (unsigned)((last >> 8 * ((n < 8 ? (unsigned)n : 8) - tail)) *
	    0x9e3779b97f4a7c15u >> 54);
}

/* text is not empty. */
static inline struct ends
ends_of(struct slice text)
{
	const char *p = text.p, *end = p + text.n;
	uint64_t v;

	if (text.n >= 8)
		return (struct ends){ swar_load(p), swar_load(end - 8) };
	if (text.n >= 4)
		v = swar_load4(p) | (uint64_t)swar_load4(end - 4) << 8 * (text.n - 4);
	else
		v = (uint64_t)(unsigned char)p[0] |
		    (uint64_t)(unsigned char)p[text.n / 2] << 8 * (text.n / 2) |
		    (uint64_t)(unsigned char)end[-1] << 8 * (text.n - 1);
	return (struct ends){ v, v };
}

static inline bool
screen_ends(const struct screen *s, struct slice text)
{
	uint64_t last = swar_lower(ends_of(text).last);
	size_t n = text.n;

	return (s->tail[1] && n >= 8 && bits_have(s->tails[1], tail_of(last, n, 8))) ||
	    (s->tail[0] && n >= s->tail[0] &&
		bits_have(s->tails[0], tail_of(last, n, s->tail[0])));
}

static inline bool
screen_has_few(const struct screen *s, struct slice text)
{
	struct ends e = ends_of(text);
	uint64_t v = e.first, hit = 0;

	for (size_t at = 8;; at += 8) {
		hit |= swar_below(v ^ s->byte[0], 1) | swar_below(v ^ s->byte[1], 1);
		if (s->few > 2)
			hit |= swar_below(v ^ s->byte[2], 1) | swar_below(v ^ s->byte[3], 1);
		if (at >= text.n)
			return hit != 0;
		v = at + 8 < text.n ? swar_load(text.p + at) : e.last;
	}
}

/* What may the text, which is not empty, fit? Mostly nothing. */
static inline __attribute__((always_inline)) unsigned
screen_look(const struct screen *s, struct slice text)
{
	unsigned look = s->look[(unsigned char)text.p[0]], may = 0;

	if ((look & LOOK_WORD) && text.n < LENGTHS)
		may |= s->lengths[byte_of(text.p[0])] >> text.n & LOOK_WORD;
	if ((look & LOOK_SUFFIX) && screen_ends(s, text))
		may |= LOOK_SUFFIX;
	if ((look & LOOK_BEGIN) && heads_may(&s->heads, text))
		may |= LOOK_BEGIN;
	if ((look & LOOK_FIND) && (s->any || screen_has_few(s, text)))
		may |= LOOK_FIND;
	return may;
}

#endif
