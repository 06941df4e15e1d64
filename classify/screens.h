/*
 * screens: which text atoms may a text fulfil? Private to classify/matcher.c.
 *
 * Most texts fit no wanted atom, and that is found without comparing: of each byte it is known
 * which atoms have a word or pattern that begins with it, or a suffix that ends with it, and of
 * each length which have such a word; the words of all atoms stand in one hash. Patterns that may
 * begin anywhere have screens of their own (pattern.h), asked with the set of bytes in the text,
 * unless that has none of the bytes that they need.
 *
 * A set of text atoms is an array of 64-bit words, a bit for each of the first ruleset.text_atoms.
 */
#ifndef CLASSIFY_SCREENS_H
#define CLASSIFY_SCREENS_H

#include "base/table.h"
#include "classify/bits.h"
#include "classify/pattern.h"
#include "classify/ruleset.h"

enum {
	TEXT_WORDS = ATOMS_MAX / 64,
	LENGTHS = 64,		/* told apart; a text of the last one is in no hash */
	BYTES = 64		/* classes of bytes told apart */
};

struct word;			/* one of a kind of text, and the atoms that have it */

struct screens {
	const struct ruleset *rs;
	unsigned words;			/* 64-bit words of an atom set */
	uint64_t mask[TEXT_COUNT][TEXT_WORDS];	/* atoms that ask for a text of that kind */
	struct { unsigned from, to; } range[TEXT_COUNT];	/* the words that these are in */
	/* sets of atoms, words each: by first byte and length of a word, by last bytes of a suffix;
	 * few classes of bytes, so that they stay in the nearest cache */
	uint64_t *first, *length, *last, *before_last;
	uint64_t *begin;		/* by first byte of an anchored pattern */
	uint64_t *always, *search;	/* always compared; has a pattern whose start is open */
	uint64_t *patterns;		/* has patterns */
	struct bytes need[TEXT_COUNT];	/* without one of these none of `search` may match */
	struct word *word;
	unsigned words_n, words_cap;
	struct table by_word;
};

struct screened {
	uint64_t may[TEXT_WORDS];	/* the atoms that must be compared */
	struct bytes in;		/* the text's, if one of these has patterns */
	bool scanned, any, word;	/* any: of may; a word may be the text */
};

void screens_open(struct screens *x, const struct ruleset *rs);
void screens_close(struct screens *x);
/* What the screens say of the atoms `ask` in word w of a set; text is not empty. */
void screens_ask(const struct screens *x, enum fact_text t, struct slice text, unsigned w,
    uint64_t ask, struct screened *s);
/* Adds the wanted atoms that have the text as a word, unless it is long. */
void screens_add_word(const struct screens *x, enum fact_text t, struct slice text,
    const uint64_t *want, uint64_t *set);
struct bytes screens_bytes(struct slice text);
/* in: screens_bytes(text). */
bool screens_may_match(const struct pattern *p, struct slice text, const struct bytes *in);

#endif
