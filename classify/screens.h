/*
 * screens: the screens of all kinds of text, and the words and suffixes of all atoms in one hash.
 * Private to classify/matcher.c.
 *
 * A set of text atoms is an array of 64-bit words, a bit for each of the first ruleset.text_atoms.
 */
#ifndef CLASSIFY_SCREENS_H
#define CLASSIFY_SCREENS_H

#include "base/table.h"
#include "classify/ruleset.h"
#include "classify/screen.h"

enum { TEXT_WORDS = ATOMS_MAX / 64 };

struct word;			/* of a kind of text, and the atoms that have it */

struct screens {
	const struct ruleset *rs;
	unsigned words;			/* 64-bit words of an atom set */
	struct screen of[TEXT_COUNT];
	uint64_t mask[TEXT_COUNT][TEXT_WORDS];	/* atoms that ask for a text of that kind */
	/* sets of atoms, words each: */
	uint64_t *begin;		/* by first byte of a pattern */
	uint64_t *search;		/* has a pattern whose start is open */
	uint64_t *odd;			/* has a word or suffix that is in no hash */
	struct word *word;
	unsigned words_n, words_cap;
	struct table by_word;
};

void screens_open(struct screens *x, const struct ruleset *rs);
void screens_close(struct screens *x);
/* Add the wanted atoms that have the text as a word, as a suffix. */
void screens_add_word(const struct screens *x, enum fact_text t, struct slice text,
    const uint64_t *want, uint64_t *set);
void screens_add_suffixes(const struct screens *x, enum fact_text t, struct slice text,
    const uint64_t *want, uint64_t *set);

#endif
