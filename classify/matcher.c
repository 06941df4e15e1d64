/*
 * See matcher.h. The memory of texts is direct-mapped: a text takes the place of the one before,
 * and atoms are compared with it only when they are wanted.
 *
 * Most texts do not even need a place, because the screens of the wanted atoms say no: a word by
 * its first byte, a suffix by its last; patterns have screens of their own (pattern.h).
 */
#include "classify/matcher.h"

#include <stdlib.h>

#include "classify/pattern.h"

enum {
	VALUES = 16384,		/* texts remembered */
	FEW = 8,		/* atoms that are screened before a text is looked up */
};
enum { MATCH_LIMIT = 20000, DEPTH_LIMIT = 1000, HEAP_LIMIT = 1024 /* KiB */ };

struct bytes {			/* a set of bytes */
	uint8_t has[256 / 8];
};

struct screen {
	struct bytes first, last;
	bool always;
};

struct matcher {
	const struct ruleset *rs;
	unsigned words;			/* 64-bit words of an atom set */
	unsigned *atoms[TEXT_COUNT], atoms_n[TEXT_COUNT];	/* that ask for a text of that kind */
	uint64_t mask[TEXT_COUNT][ATOMS_MAX / 64];		/* the same as sets */
	uint64_t *value, *value_bits;	/* direct-mapped memory: hash of a text; see value_of() */
	struct screen *screen;		/* of atoms */
	uint32_t *failures;		/* of atoms */
	unsigned patience, disabled;
	pcre2_match_context *context;
	pcre2_match_data *data;
};

static inline bool
bytes_have(const struct bytes *b, char c)
{
	unsigned char u = (unsigned char)c;

	return b->has[u / 8] >> u % 8 & 1;
}

static void
bytes_add(struct bytes *b, unsigned char u)
{
	b->has[u / 8] |= (uint8_t)(1 << u % 8);
}

static void
bytes_add_nocase(struct bytes *b, unsigned char u)
{
	bytes_add(b, u);
	if ((unsigned char)((u | 0x20) - 'a') < 26)
		bytes_add(b, u ^ 0x20);
}

static void
screen_make(struct screen *s, const struct atom *a)
{
	if (a->kind != ATOM_TEXT)
		s->always = true;
	for (unsigned i = 0; i < a->words; i++)
		if (a->word[i].n)
			bytes_add_nocase(&s->first, (unsigned char)a->word[i].p[0]);
	for (unsigned i = 0; i < a->suffixes; i++)
		if (a->suffix[i].n)
			bytes_add_nocase(&s->last, (unsigned char)a->suffix[i].p[a->suffix[i].n - 1]);
		else
			s->always = true;
	s->always |= a->patterns > 0;	/* they have screens of their own */
}

static void
add_atom(struct matcher *m, unsigned i)
{
	const struct atom *a = &m->rs->atom[i];
	unsigned *n = &m->atoms_n[a->text];

	if (!atom_is_text(a))
		return;
	m->atoms[a->text] = mem_resize(m->atoms[a->text], (*n + 1) * sizeof(unsigned));
	m->atoms[a->text][(*n)++] = i;
	bits_add(m->mask[a->text], i);
	screen_make(&m->screen[i], a);
}

struct matcher *
matcher_open(const struct ruleset *rs, unsigned patience)
{
	struct matcher *m = mem_alloc(sizeof(*m));

	m->rs = rs;
	m->patience = patience;
	m->failures = mem_alloc((rs->atoms + 1) * sizeof(*m->failures));
	m->screen = mem_alloc((rs->atoms + 1) * sizeof(*m->screen));
	m->words = (rs->atoms + 63) / 64;
	m->value = mem_alloc(VALUES * sizeof(*m->value));
	m->value_bits = mem_alloc(VALUES * 2 * (m->words + 1) * sizeof(*m->value_bits));
	for (unsigned i = 0; i < rs->atoms; i++)
		add_atom(m, i);
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
	for (int t = 0; t < TEXT_COUNT; t++)
		free(m->atoms[t]);
	free(m->value);
	free(m->value_bits);
	free(m->failures);
	free(m->screen);
	free(m);
}

static bool
may_hold(const struct matcher *m, unsigned atom, struct slice text)
{
	const struct screen *s = &m->screen[atom];

	return s->always || bytes_have(&s->first, text.p[0]) ||
	    bytes_have(&s->last, text.p[text.n - 1]);
}

static inline bool
can_begin(const struct pattern *p, char c)
{
	unsigned char u = (unsigned char)c;

	return p->first[u / 8] >> u % 8 & 1;
}

static bool
may_match(const struct pattern *p, struct slice text)
{
	size_t i = 0;

	if (text.n == 0)
		return true;
	if (p->anchored && !p->any_first && !can_begin(p, text.p[0]))
		return false;
	if (p->has_required && slice_chr(text, p->required) == NULL &&
	    (p->other == p->required || slice_chr(text, p->other) == NULL))
		return false;
	if (p->anchored || p->any_first)
		return true;
	while (i < text.n && !can_begin(p, text.p[i]))
		i++;
	return i < text.n;
}

/* "example.com" fits example.com and a.example.com; ".dyn.example" only what ends with it. */
static bool
has_suffix(struct slice text, struct slice suffix)
{
	if (!slice_ends_nocase(text, suffix))
		return false;
	return suffix.p[0] == '.' || text.n == suffix.n || text.p[text.n - suffix.n - 1] == '.';
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
atom_holds(struct matcher *m, unsigned atom, struct slice text, struct slice code)
{
	const struct atom *a = &m->rs->atom[atom];
	bool word = false, suffix = false;

	if (text.n && !may_hold(m, atom, text))
		return false;
	for (unsigned i = 0; i < a->suffixes && !suffix; i++)
		suffix = has_suffix(text, a->suffix[i]);
	if (a->kind == ATOM_DNSBL) {
		for (unsigned i = 0; i < a->words && !word; i++)
			word = has_code(code, a->word[i]);
		return (suffix || a->suffixes == 0) && (word || a->words == 0);
	}
	for (unsigned i = 0; i < a->words && !word; i++)
		word = slice_eq_nocase(text, a->word[i]);
	for (unsigned i = 0; i < a->patterns && !word && !suffix; i++)
		word = pattern_matches(m, atom, a->pattern[i], text);
	return word || suffix;
}

/* The place of a text in the memory: the atoms it was compared with, then those it fulfils. */
static uint64_t *
value_of(struct matcher *m, enum fact_text t, struct slice text, struct slice code)
{
	uint64_t h = hash_bytes(text, 100 + t), *known;
	size_t place;

	if (code.n)
		h ^= hash_bytes(code, 99);
	h |= 1;
	place = (h >> 1) % VALUES;
	known = m->value_bits + place * 2 * m->words;
	if (m->value[place] != h) {
		m->value[place] = h;
		memset(known, 0, 2 * m->words * sizeof(*known));
	}
	return known;
}

void
matcher_add(struct matcher *m, enum fact_text t, struct slice text, struct slice code,
    const uint64_t *want, uint64_t *set)
{
	const unsigned *atom = m->atoms[t], n = m->atoms_n[t];
	uint64_t *known, *holds, unknown = 0;
	unsigned i = 0;

	/* most texts have nothing that any atom could like; they need no place in the memory */
	while (n <= FEW && i < n && !(bits_have(want, atom[i]) && may_hold(m, atom[i], text)))
		i++;
	if (n <= FEW && i == n)
		return;
	known = value_of(m, t, text, code);
	holds = known + m->words;
	for (unsigned w = 0; w < m->words; w++)
		unknown |= want[w] & m->mask[t][w] & ~known[w];
	for (; unknown && i < n; i++) {
		if (!bits_have(want, atom[i]) || bits_have(known, atom[i]))
			continue;
		bits_add(known, atom[i]);
		if (atom_holds(m, atom[i], text, code))
			bits_add(holds, atom[i]);
	}
	for (unsigned w = 0; w < m->words; w++)
		set[w] |= want[w] & holds[w];
}

unsigned
matcher_disabled(const struct matcher *m)
{
	return m->disabled;
}
