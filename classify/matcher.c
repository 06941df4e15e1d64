/*
 * See matcher.h. Most texts fit no atom, which the screens tell (screen.h). Words and suffixes are
 * found by hash; patterns, which are dear, are compared when they are wanted, with a text only
 * once: a memory has the answers. Of DNSBL zones and of lists of tests there are few, or they come
 * often: all atoms are compared with them once, whatever is wanted.
 */
#include "classify/matcher.h"

#include <stdlib.h>

#include "base/recall.h"
#include "classify/screens.h"

enum {
	VALUES = 4096,		/* texts remembered */
	TERMS = 1024		/* zones with their answers, and lists of tests, remembered */
};
enum { MATCH_LIMIT = 20000, DEPTH_LIMIT = 1000, HEAP_LIMIT = 1024 /* KiB */ };

struct matcher {
	const struct ruleset *rs;
	unsigned words;			/* 64-bit words of an atom set */
	uint64_t *value, *value_bits;	/* hashes of texts (recall.h); see value_of() */
	uint64_t *term, *term_bits;	/* the same of zones and tests; the atoms that hold */
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

/* See screens_add_suffixes(). */
static bool
has_suffix(struct slice text, struct slice suffix)
{
	if (!slice_ends_nocase(text, suffix))
		return false;
	return text.n == suffix.n || (suffix.n > 0 && suffix.p[0] == '.') ||
	    text.p[text.n - suffix.n - 1] == '.';
}

static bool
has_any(struct slice text, const struct bytes *of)
{
	for (size_t i = 0; i < text.n; i++)
		if (bytes_have(of, text.p[i]))
			return true;
	return false;
}

static bool
may_match(const struct pattern *p, struct slice text)
{
	if (p->anchored && !p->any_first && !bytes_have(&p->first, text.p[0]))
		return false;
	if (p->has_required && slice_chr(text, p->required) == NULL &&
	    (p->other == p->required || slice_chr(text, p->other) == NULL))
		return false;
	return p->anchored || p->any_first || has_any(text, &p->first);
}

static bool
pattern_matches(struct matcher *m, unsigned atom, const struct pattern *p, struct slice text)
{
	int rc;

	if (m->failures[atom] >= m->patience || !may_match(p, text))
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
any_suffix(const struct atom *a, struct slice text)
{
	bool has = false;

	for (unsigned i = 0; i < a->suffixes && !has; i++)
		has = has_suffix(text, a->suffix[i]);
	return has;
}

/* odd: it has words or suffixes that are in no hash. */
static bool
atom_holds(struct matcher *m, unsigned atom, struct slice text, bool odd)
{
	const struct atom *a = &m->rs->atom[atom];
	bool holds = odd && any_suffix(a, text);

	for (unsigned i = 0; i < a->words && odd && !holds; i++)
		holds = slice_eq_nocase(text, a->word[i]);
	for (unsigned i = 0; i < a->patterns && !holds; i++)
		holds = pattern_matches(m, atom, a->pattern[i], text);
	return holds;
}

static bool
zone_holds(const struct atom *a, struct slice zone, struct slice code)
{
	bool has = a->words == 0;

	for (unsigned i = 0; i < a->words && !has; i++)
		has = has_code(code, a->word[i]);
	return has && (a->suffixes == 0 || any_suffix(a, zone));
}

static inline uint64_t *
term_of(struct matcher *m, uint64_t h, bool *known_r)
{
	return m->term_bits + recall(m->term, TERMS, h | 1, known_r) * m->words;
}

static __attribute__((noinline)) void
compare_zone(struct matcher *m, struct slice zone, struct slice code, uint64_t *holds)
{
	const struct screen *s = &m->screens.of[TEXT_ZONE];

	for (unsigned w = s->from; w < s->to; w++) {
		holds[w] = 0;
		for (uint64_t rest = m->screens.mask[TEXT_ZONE][w]; rest; rest &= rest - 1)
			if (zone_holds(&m->rs->atom[w * 64 + (unsigned)__builtin_ctzll(rest)], zone,
				code))
				holds[w] |= rest & -rest;
	}
}

const uint64_t *
matcher_zone(struct matcher *m, struct slice zone, struct slice code)
{
	uint64_t h = recall_hash(zone, 98);
	bool known;
	uint64_t *holds = term_of(m, code.n ? hash_fold(h, recall_hash(code, 99)) : h, &known);

	if (!known)
		compare_zone(m, zone, code, holds);
	return holds;
}

/* The place of a text in the memory: the atoms it was compared with, then those it fulfils. */
static uint64_t *
value_of(struct matcher *m, enum fact_text t, struct slice text)
{
	bool known;
	size_t place = recall(m->value, VALUES, recall_hash(text, 100 + t) | 1, &known);
	uint64_t *bits = m->value_bits + place * 2 * m->words;

	if (!known)
		memset(bits, 0, 2 * m->words * sizeof(*bits));
	return bits;
}

/* Of the atoms in word w of a set: those that hold. */
static uint64_t
compare(struct matcher *m, unsigned w, uint64_t atoms, struct slice text)
{
	uint64_t holds = 0;

	for (uint64_t rest = atoms; rest; rest &= rest - 1)
		if (atom_holds(m, w * 64 + (unsigned)__builtin_ctzll(rest), text,
			(m->screens.odd[w] & rest & -rest) != 0))
			holds |= rest & -rest;
	return holds;
}

/* What no hash tells. search: not only patterns that begin with the text. */
static void
add_compared(struct matcher *m, enum fact_text t, struct slice text, bool search,
    const uint64_t *want, uint64_t *set)
{
	const struct screens *x = &m->screens;
	const uint64_t *begin = x->begin + byte_of(text.p[0]) * (size_t)m->words;
	uint64_t open = search ? UINT64_MAX : 0;
	uint64_t *known = NULL;

	for (unsigned w = x->of[t].from; w < x->of[t].to; w++) {
		uint64_t may = want[w] & x->mask[t][w] & ~set[w] &
		    (begin[w] | (open & (x->search[w] | x->odd[w]))), new = may;

		if (may == 0)
			continue;
		if (known == NULL)
			known = value_of(m, t, text);
		new = may & ~known[w];
		known[m->words + w] |= compare(m, w, new, text);
		known[w] |= new;
		set[w] |= may & known[m->words + w];
	}
}

void
matcher_add(struct matcher *m, enum fact_text t, struct slice text, unsigned look,
    const uint64_t *want, uint64_t *set)
{
	if (look & LOOK_WORD)
		screens_add_word(&m->screens, t, text, want, set);
	if (look & LOOK_SUFFIX)
		screens_add_suffixes(&m->screens, t, text, want, set);
	if ((look & LOOK_FIND) ||
	    ((look & LOOK_BEGIN) && heads_ask(&m->screens.of[t].heads, text)))
		add_compared(m, t, text, look & LOOK_FIND, want, set);
}

/* How many bytes stand before a comma or an equals sign? */
static size_t
test_end(struct slice tests)
{
	size_t i = 0;

	while (i < tests.n && tests.p[i] != ',' && tests.p[i] != '=')
		i++;
	return i;
}

/* The filter's rule names stand in one text, "A,B=1.5,C"; each is a value of its own. */
static __attribute__((noinline)) void
compare_tests(struct matcher *m, struct slice tests, uint64_t *holds)
{
	const struct screen *s = &m->screens.of[TEXT_TEST];

	for (unsigned w = s->from; w < s->to; w++)
		holds[w] = 0;
	while (tests.n > 0) {
		const char *comma = slice_chr(tests, ',');
		struct slice one = slice_first(tests, test_end(tests));
		unsigned look;

		tests = comma ? slice_range(comma + 1, slice_end(tests)) : SLICE_NONE;
		while (one.n && one.p[0] == ' ')
			one = slice_skip(one, 1);
		look = one.n ? screen_look(s, one) : 0;
		if (look)
			matcher_add(m, TEXT_TEST, one, look, m->screens.mask[TEXT_TEST], holds);
	}
}

const uint64_t *
matcher_tests(struct matcher *m, struct slice tests)
{
	bool known;
	uint64_t *holds = term_of(m, recall_hash(tests, 97), &known);

	if (!known)
		compare_tests(m, tests, holds);
	return holds;
}

struct screens *
matcher_screens(struct matcher *m)
{
	return &m->screens;
}

unsigned
matcher_disabled(const struct matcher *m)
{
	return m->disabled;
}
