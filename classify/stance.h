/*
 * stance: what follows from the flags of an event alone, before any of its texts is looked at.
 *
 * Which rules may still hit, and which texts these want fulfilled: worked out once for every set
 * of the flags that decide it. Private to classify/evaluator.c.
 */
#ifndef CLASSIFY_STANCE_H
#define CLASSIFY_STANCE_H

#include "classify/ruleset.h"

enum {
	WORDS = ATOMS_MAX / 64,		/* of a set of atoms, at most */
	FLAG_WORDS = (FLAG_COUNT + 63) / 64
};

struct stance {
	uint64_t flags[FLAG_WORDS];
	bool used, helo_facts;	/* it matters what HELO looks like */
	uint32_t texts;		/* that rules want fulfilled, a bit each */
};

struct stances {
	const struct ruleset *rs;
	unsigned words, text_words;		/* 64-bit words of a set of atoms, of text atoms */
	uint64_t asked[FLAG_WORDS];		/* flags that some atom asks for */
	uint64_t flag_atoms[FLAG_COUNT][WORDS];	/* atoms that a flag fulfils */
	uint16_t *asking;	/* rules that ask for a text, or for FLAG_HELO_DYNAMIC */
	unsigned asking_n;
	uint64_t decides[FLAG_WORDS];		/* flags that these rules look at */
	struct stance *stance;			/* by hash of the flags that decide */
	uint64_t *want;				/* of each: text atoms wanted */
};

void stances_open(struct stances *x, const struct ruleset *rs);
void stances_close(struct stances *x);
/* *want_r: the text atoms that rules want to hold. */
const struct stance *
stances_find(struct stances *x, const uint64_t flags[FLAG_WORDS], const uint64_t **want_r);
/* Adds the atoms that the flags fulfil to a set of atoms. */
void stances_add_flags(const struct stances *x, const uint64_t flags[FLAG_WORDS], uint64_t *set);
/* Adds the text atoms of a list to want, and their texts to *texts. */
void want_texts(const struct ruleset *rs, const unsigned *atom, unsigned n, uint64_t *want,
    uint32_t *texts);

#endif
