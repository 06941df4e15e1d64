/*
 * screen: may a text fulfil any atom of its kind? Private to classify/matcher.c and evaluator.c.
 *
 * Most texts fit none, which a few looks at their ends tell: a word has a first byte and a length, a
 * suffix its last bytes, most patterns their first two bytes or one of a few that must stand
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

struct screen {			/* of one kind of text */
	uint64_t lengths[BYTES];	/* of words, by class of their first byte */
	uint64_t begins;		/* classes of first bytes of patterns */
	uint64_t tails[2][16];		/* of suffixes, by hash of their last bytes: of short ones */
	unsigned tail[2];		/* so many, of others 8; 0: there are none */
	bool words_only;		/* the screens below let nothing through */
	unsigned few;			/* how many bytes: */
	uint64_t byte[FEW];		/* one of these has every match of the other patterns */
	bool any;			/* it has not, or an atom has what is in no hash */
	struct heads heads;		/* of patterns that begin with the text */
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

/* May the text end with a suffix? */
static inline bool
screen_may_end(const struct screen *s, struct slice text)
{
	size_t n = text.n;
	uint64_t last;

	if (s->tail[0] + s->tail[1] == 0)
		return false;
	last = swar_lower(ends_of(text).last);
	return (s->tail[1] && n >= 8 && bits_have(s->tails[1], tail_of(last, n, 8))) ||
	    (s->tail[0] && n >= s->tail[0] &&
		bits_have(s->tails[0], tail_of(last, n, s->tail[0])));
}

/* May a pattern match that need not begin with the text? */
static inline bool
screen_may_find(const struct screen *s, struct slice text)
{
	struct ends e;
	uint64_t hit = 0;

	if (s->any || s->few == 0)
		return s->any;
	e = ends_of(text);
	for (unsigned i = 0; i < s->few; i++) {
		hit |= swar_below(e.first ^ s->byte[i], 1) | swar_below(e.last ^ s->byte[i], 1);
		for (size_t at = 8; at + 8 < text.n; at += 8)
			hit |= swar_below(swar_load(text.p + at) ^ s->byte[i], 1);
	}
	return hit != 0;
}

static inline bool
screen_may_begin(struct screen *s, struct slice text)
{
	return (s->begins >> byte_of(text.p[0]) & 1) && heads_may(&s->heads, text);
}

static inline bool
screen_may_be_word(const struct screen *s, struct slice text)
{
	return text.n < LENGTHS && (s->lengths[byte_of(text.p[0])] >> text.n & 1);
}

/* May the text, which is not empty, fulfil some atom? */
static inline __attribute__((always_inline)) bool
screen_passes(struct screen *s, struct slice text)
{
	return screen_may_be_word(s, text) || (!s->words_only && (screen_may_begin(s, text) ||
	    screen_may_end(s, text) || screen_may_find(s, text)));
}

#endif
