/*
 * stance: what follows from the flags of an event alone, before any of its texts is looked at.
 *
 * Which rules may still hit, and which texts these want fulfilled: worked out once for every set
 * of the flags that decide it. Private to classify/tree.c.
 */
#ifndef CLASSIFY_STANCE_H
#define CLASSIFY_STANCE_H

#include "base/table.h"
#include "classify/ruleset.h"

enum {
	WORDS = ATOMS_MAX / 64,		/* of a set of atoms, at most */
	FLAG_WORDS = (FLAG_COUNT + 63) / 64
};

struct asking {			/* a rule, as sets of its atoms */
	uint64_t all[WORDS], none[WORDS];	/* of flags: that must hold, that must not */
	uint64_t want[WORDS];	/* of texts: that must hold */
	uint64_t not[WORDS];	/* of texts: that must not, where a hash tells */
	uint32_t texts;		/* of want, a bit each */
};

struct stance {
	uint64_t flags[FLAG_WORDS];
	bool used, helo_facts;	/* it matters what HELO looks like */
	uint32_t texts;		/* that rules want fulfilled, a bit each */
};

enum { STANCES = 1024 };

struct stances {
	const struct ruleset *rs;
	unsigned words, text_words;		/* 64-bit words of a set of atoms, of text atoms */
	uint64_t asked[FLAG_WORDS];		/* flags that some atom asks for */
	uint64_t flag_atoms[FLAG_COUNT][WORDS];	/* atoms that a flag fulfils */
	struct asking *asking;	/* rules that ask for a text, or for FLAG_HELO_DYNAMIC */
	unsigned asking_n;
	uint64_t decides[FLAG_WORDS];		/* flags that these rules look at */
	struct stance *stance;			/* by hash of the flags that decide */
	uint64_t *want;				/* of each: text atoms wanted */
};

void stances_open(struct stances *x, const struct ruleset *rs);
void stances_close(struct stances *x);
const struct stance *stances_make(struct stances *x, const uint64_t flags[FLAG_WORDS]);
/* Adds the atoms that the flags fulfil to a set of atoms. */
void stances_add_flags(const struct stances *x, const uint64_t flags[FLAG_WORDS], uint64_t *set);
/* Adds the text atoms of a list, but those that are known, to want, and their texts to *texts. */
void want_texts(const struct ruleset *rs, const unsigned *atom, unsigned n, const uint64_t *known,
    uint64_t *want, uint32_t *texts);

_Static_assert(FLAG_WORDS == 2, "flags are compared and hashed as two words");

static inline size_t
stance_place(const uint64_t flags[FLAG_WORDS])
{
	return (hash_fold(flags[0] ^ hash_key[0], flags[1] ^ hash_key[1]) >> 32) % STANCES;
}

/* Of all flags of an event. */
static inline const struct stance *
stances_find(struct stances *x, const uint64_t all[FLAG_WORDS])
{
	uint64_t flags[FLAG_WORDS] = { all[0] & x->decides[0], all[1] & x->decides[1] };
	const struct stance *s = &x->stance[stance_place(flags)];

	if (s->used && ((s->flags[0] ^ flags[0]) | (s->flags[1] ^ flags[1])) == 0)
		return s;
	return stances_make(x, flags);
}

/* The text atoms that its rules want to be asked about. */
static inline const uint64_t *
stance_want(const struct stances *x, const struct stance *s)
{
	return x->want + (size_t)(s - x->stance) * x->text_words;
}

#endif
