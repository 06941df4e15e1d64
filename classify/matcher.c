/*
 * See matcher.h. DNSBL zones and names of tests come from small vocabularies: all atoms of these
 * are compared once with a text, whatever is wanted. Other texts are mostly new, and atoms are
 * compared with them only when they are wanted.
 *
 * Most of these fit no wanted atom, which the screens tell (screens.h). Only what passes them is
 * compared, and only what is dear to compare, patterns, needs the memory.
 */
#include "classify/matcher.h"

#include <stdlib.h>

#include "base/recall.h"
#include "classify/screens.h"

enum {
	VALUES = 4096,		/* texts remembered */
	TERMS = 1024		/* zones with their answers, and tests, remembered */
};
enum { MATCH_LIMIT = 20000, DEPTH_LIMIT = 1000, HEAP_LIMIT = 1024 /* KiB */ };

struct matcher {
	const struct ruleset *rs;
	unsigned words;			/* 64-bit words of an atom set */
	uint64_t *value, *value_bits;	/* hashes of texts (recall.h); see value_of() */
	uint64_t *term, *term_bits;	/* the same of a vocabulary's; see add_term() */
	struct screens screens;
	uint32_t *failures;		/* of atoms */
	unsigned patience, disabled;
	pcre2_match_context *context;
	pcre2_match_data *data;
};

struct matcher *
matcher_open(const struct ruleset *rs, unsigned patience)
{
	struct matcher *m = mem_alloc(sizeof(*m));

	m->rs = rs;
	m->patience = patience;
	m->failures = mem_alloc((rs->atoms + 1) * sizeof(*m->failures));
	screens_open(&m->screens, rs);
	m->words = m->screens.words;
	m->value = mem_alloc(VALUES * sizeof(*m->value));
	m->value_bits = mem_alloc(VALUES * 2ul * m->words * sizeof(*m->value_bits));
	m->term = mem_alloc(TERMS * sizeof(*m->term));
	m->term_bits = mem_alloc(TERMS * (unsigned long)m->words * sizeof(*m->term_bits));
	m->context = pcre2_match_context_create(NULL);
	m->data = pcre2_match_data_create(1, NULL);
	if (m->context == NULL || m->data == NULL)
		die_nomem();
	pcre2_set_match_limit(m->context, MATCH_LIMIT);
	pcre2_set_depth_limit(m->context, DEPTH_LIMIT);
	pcre2_set_heap_limit(m->context, HEAP_LIMIT);
	return m;
}

void
matcher_close(struct matcher *m)
{
	if (m == NULL)
		return;
	pcre2_match_context_free(m->context);
	pcre2_match_data_free(m->data);
	free(m->value);
	free(m->value_bits);
	free(m->term);
	free(m->term_bits);
	free(m->failures);
	screens_close(&m->screens);
	free(m);
}

/* "example.com" fits example.com and a.example.com; ".dyn.example" only what ends with it. */
static bool
has_suffix(struct slice text, struct slice suffix)
{
	if (text.n < suffix.n || (suffix.n &&
	    ((text.p[text.n - suffix.n] ^ suffix.p[0]) & 0xdf) != 0) ||
	    !slice_ends_nocase(text, suffix))
		return false;
	return suffix.p[0] == '.' || text.n == suffix.n || text.p[text.n - suffix.n - 1] == '.';
}

static bool
pattern_matches(struct matcher *m, unsigned atom, const struct pattern *p, struct slice text,
    const struct bytes *in)
{
	int rc;

	if (m->failures[atom] >= m->patience || !screens_may_match(p, text, in))
		return false;
	rc = (p->jit ? pcre2_jit_match : pcre2_match)(p->code, (PCRE2_SPTR)(text.p ? text.p : ""),
	    text.n, 0, 0, m->data, m->context);
	if (rc >= 0)
		return true;
	if (rc != PCRE2_ERROR_NOMATCH && ++m->failures[atom] == m->patience)
		m->disabled++;
	return false;
}

/* Is code among the answers, "127.0.0.10, 127.0.0.4"? */
static bool
has_code(struct slice answers, struct slice code)
{
	while (answers.n >= code.n) {
		const char *comma = slice_chr(answers, ',');
		struct slice one = comma ? slice_range(answers.p, comma) : answers;

		if (slice_eq(one, code))
			return true;
		if (comma == NULL)
			break;
		answers = slice_range(comma + 1, slice_end(answers));
		while (answers.n && answers.p[0] == ' ')
			answers = slice_skip(answers, 1);
	}
	return false;
}

static bool
atom_holds(struct matcher *m, unsigned atom, struct slice text, struct slice code,
    const struct bytes *in)
{
	const struct atom *a = &m->rs->atom[atom];
	bool word = false, suffix = false;

	for (unsigned i = 0; i < a->suffixes && !suffix; i++)
		suffix = has_suffix(text, a->suffix[i]);
	if (a->kind == ATOM_DNSBL) {
		for (unsigned i = 0; i < a->words && !word; i++)
			word = has_code(code, a->word[i]);
		return (suffix || a->suffixes == 0) && (word || a->words == 0);
	}
	for (unsigned i = 0; i < a->words && text.n >= LENGTHS - 1 && !word; i++)
		word = text.n == a->word[i].n && slice_eq_nocase(text, a->word[i]);
	for (unsigned i = 0; i < a->patterns && !word && !suffix; i++)
		word = pattern_matches(m, atom, a->pattern[i], text, in);
	return word || suffix;
}

static inline uint64_t
text_hash(enum fact_text t, struct slice text, struct slice code)
{
	uint64_t h = hash_bytes(text, 100 + t);

	return (code.n ? h ^ hash_bytes(code, 99) : h) | 1;
}

/* The place of a text in the memory: the atoms it was compared with, then those it fulfils. */
static uint64_t *
value_of(struct matcher *m, enum fact_text t, struct slice text)
{
	bool known;
	size_t place = recall(m->value, VALUES, text_hash(t, text, SLICE_NONE), &known);
	uint64_t *bits = m->value_bits + place * 2 * m->words;

	if (!known)
		memset(bits, 0, 2 * m->words * sizeof(*bits));
	return bits;
}

/* Of the atoms in word w of a set: those that hold. */
static uint64_t
compare(struct matcher *m, unsigned w, uint64_t atoms, struct slice text, struct slice code,
    const struct bytes *in)
{
	uint64_t holds = 0;

	for (; atoms; atoms &= atoms - 1)
		if (atom_holds(m, w * 64 + (unsigned)__builtin_ctzll(atoms), text, code, in))
			holds |= atoms & -atoms;
	return holds;
}

/* Compares with what passed the screens; what is dear goes through the memory. */
static void
add_screened(struct matcher *m, enum fact_text t, struct slice text, const struct screened *s,
    uint64_t *set)
{
	uint64_t *known = NULL;

	for (unsigned w = m->screens.range[t].from; w < m->screens.range[t].to; w++) {
		uint64_t may = s->may[w] & ~set[w], dear = may & m->screens.patterns[w], new;

		set[w] |= compare(m, w, may & ~dear, text, SLICE_NONE, &s->in);
		if (dear == 0)
			continue;
		if (known == NULL)
			known = value_of(m, t, text);
		new = dear & ~known[w];
		known[m->words + w] |= compare(m, w, new, text, SLICE_NONE, &s->in);
		known[w] |= new;
		set[w] |= dear & known[m->words + w];
	}
}

/* A term of a vocabulary: all atoms that it fulfils are known from the first time on. */
static void
add_term(struct matcher *m, enum fact_text t, struct slice text, struct slice code,
    const uint64_t *want, uint64_t *set)
{
	bool known;
	size_t place = recall(m->term, TERMS, text_hash(t, text, code), &known);
	uint64_t *holds = m->term_bits + place * m->words;

	if (!known) {
		struct bytes in = screens_bytes(text);

		memset(holds, 0, m->words * sizeof(*holds));
		screens_add_word(&m->screens, t, text, m->screens.mask[t], holds);
		for (unsigned w = m->screens.range[t].from; w < m->screens.range[t].to; w++)
			holds[w] |= compare(
			    m, w, m->screens.mask[t][w] & ~holds[w], text, code, &in);
	}
	for (unsigned w = m->screens.range[t].from; w < m->screens.range[t].to; w++)
		set[w] |= want[w] & holds[w];
}

void
matcher_add(struct matcher *m, enum fact_text t, struct slice text, struct slice code,
    const uint64_t *want, uint64_t *set)
{
	struct screened s;

	if (t == TEXT_ZONE || t == TEXT_TEST) {
		add_term(m, t, text, code, want, set);
		return;
	}
	s.scanned = s.any = s.word = false;
	for (unsigned w = m->screens.range[t].from; w < m->screens.range[t].to; w++) {
		uint64_t ask = want[w] & m->screens.mask[t][w];

		s.may[w] = 0;
		if (ask)
			screens_ask(&m->screens, t, text, w, ask, &s);
	}
	if (s.word)
		screens_add_word(&m->screens, t, text, want, set);
	if (s.any)
		add_screened(m, t, text, &s, set);
}

unsigned
matcher_disabled(const struct matcher *m)
{
	return m->disabled;
}
