/*
 * See matcher.h. The memories of texts are direct-mapped: a text takes the place of the one before.
 * DNSBL zones and names of tests come from small vocabularies: all atoms of these are compared
 * once with a text, whatever is wanted. Other texts are mostly new, and atoms are compared with
 * them only when they are wanted.
 *
 * Most of these fit no wanted atom, and that is found without comparing: of each byte it is known
 * which atoms have a word or pattern that begins with it, or a suffix that ends with it, and of
 * each length which have such a word; the words of all atoms stand in one hash. Patterns that may
 * begin anywhere have screens of their own (pattern.h), asked with the set of bytes in the text,
 * unless that has none of the bytes that they need.
 * Only what passes is compared, and only what is dear to compare, patterns, needs the memory.
 */
#include "classify/matcher.h"

#include <stdlib.h>

#include "classify/pattern.h"

enum {
	TEXT_WORDS = ATOMS_MAX / 64,
	VALUES = 4096,		/* texts remembered */
	TERMS = 1024,		/* zones with their answers, and tests, remembered */
	LENGTHS = 64,		/* told apart */
	BYTES = 64		/* classes of bytes told apart: see byte_of() */
};
enum { MATCH_LIMIT = 20000, DEPTH_LIMIT = 1000, HEAP_LIMIT = 1024 /* KiB */ };

struct bytes {			/* a set of bytes */
	uint64_t has[4];
};

struct word {			/* one of a kind of text; the atoms that have it */
	char text[LENGTHS];
	size_t n;
	enum fact_text kind;
	uint64_t *atoms;
};

struct matcher {
	const struct ruleset *rs;
	unsigned words;			/* 64-bit words of an atom set */
	uint64_t mask[TEXT_COUNT][TEXT_WORDS];	/* atoms that ask for a text of that kind */
	struct { unsigned from, to; } range[TEXT_COUNT];	/* the words that these are in */
	uint64_t *value, *value_bits;	/* hash of a text; see value_of() */
	uint64_t *term, *term_bits;	/* the same of a vocabulary's; see add_term() */
	/* sets of atoms, words each: by first byte and length of a word, by last bytes of a suffix;
	 * few classes of bytes, so that they stay in the nearest cache */
	uint64_t *first, *length, *last, *before_last;
	uint64_t *begin;		/* by first byte of an anchored pattern */
	uint64_t *always, *search;	/* always compared; has a pattern whose start is open */
	uint64_t *patterns;		/* has patterns: goes through the memory */
	struct bytes need[TEXT_COUNT];	/* without one of these none of m->search may match */
	struct word *word;
	unsigned words_n, words_cap;
	struct table by_word;
	uint32_t *failures;		/* of atoms */
	unsigned patience, disabled;
	pcre2_match_context *context;
	pcre2_match_data *data;
};

static inline unsigned
length_of(size_t n)
{
	return n < LENGTHS ? (unsigned)n : LENGTHS - 1;
}

/* A letter's class is its own in either case; other bytes share theirs with a few more. */
static inline unsigned
byte_of(char c)
{
	unsigned u = (unsigned char)c;

	return (u >> 1 & 0x20) | (u & 0x1f);
}

static const struct word *
word_find(const struct matcher *m, enum fact_text t, struct slice key)
{
	uint64_t h = hash_bytes(key, 200 + t);
	uint32_t at, i;

	for (i = table_first(&m->by_word, h, &at); i != TABLE_NONE;
	     i = table_next(&m->by_word, h, &at))
		if (m->word[i].kind == t &&
		    slice_eq((struct slice){ m->word[i].text, m->word[i].n }, key))
			return &m->word[i];
	return NULL;
}

static void
screen_word(struct matcher *m, enum fact_text t, struct slice text, unsigned atom)
{
	char lower[LENGTHS];
	struct slice key;
	const struct word *known;
	struct word *word;

	bits_add(m->first + byte_of(text.p[0]) * m->words, atom);
	bits_add(m->length + length_of(text.n) * m->words, atom);
	if (text.n >= LENGTHS - 1)
		return;			/* these few are compared one by one */
	key = slice_lower(text, lower);
	known = word_find(m, t, key);
	if (known != NULL) {
		bits_add(known->atoms, atom);
		return;
	}
	mem_grow(&m->word, &m->words_cap, m->words_n + 1, sizeof(*m->word));
	word = &m->word[m->words_n];
	*word = (struct word){ .n = key.n, .kind = t,
		.atoms = mem_alloc(m->words * sizeof(*word->atoms)) };
	memcpy(word->text, key.p, key.n);
	bits_add(word->atoms, atom);
	table_add(&m->by_word, hash_bytes(key, 200 + t), m->words_n++);
}

static void
screen_suffix(const struct matcher *m, struct slice suffix, unsigned atom)
{
	if (suffix.n < 2) {
		bits_add(m->always, atom);
		return;
	}
	bits_add(m->last + byte_of(suffix.p[suffix.n - 1]) * m->words, atom);
	bits_add(m->before_last + byte_of(suffix.p[suffix.n - 2]) * m->words, atom);
}

static inline bool
can_begin(const struct pattern *p, char c)
{
	unsigned char u = (unsigned char)c;

	return p->first[u / 8] >> u % 8 & 1;
}

/* Every match has one of these bytes. */
static struct bytes
bytes_needed(const struct pattern *p)
{
	struct bytes b = { { 0 } };

	if (p->has_required) {
		bits_add(b.has, (unsigned char)p->required);
		bits_add(b.has, (unsigned char)p->other);
	} else if (p->any_first) {
		memset(&b, 0xff, sizeof(b));
	} else {
		for (unsigned c = 0; c < 256; c++)
			if (can_begin(p, (char)c))
				bits_add(b.has, c);
	}
	return b;
}

static void
screen_pattern(struct matcher *m, const struct pattern *p, enum fact_text t, unsigned atom)
{
	struct bytes need = bytes_needed(p);

	bits_add(m->patterns, atom);
	if (p->anchored && !p->any_first) {
		for (unsigned c = 0; c < 256; c++)
			if (can_begin(p, (char)c))
				bits_add(m->begin + byte_of((char)c) * m->words, atom);
		return;
	}
	bits_add(m->search, atom);
	for (unsigned i = 0; i < 4; i++)
		m->need[t].has[i] |= need.has[i];
}

static void
screen_atom(struct matcher *m, const struct atom *a, unsigned atom)
{
	for (unsigned i = 0; i < a->words && a->kind == ATOM_TEXT; i++)
		if (a->word[i].n)
			screen_word(m, a->text, a->word[i], atom);
	for (unsigned i = 0; i < a->suffixes; i++)
		screen_suffix(m, a->suffix[i], atom);
	for (unsigned i = 0; i < a->patterns; i++)
		screen_pattern(m, a->pattern[i], a->text, atom);
}

static void
open_screens(struct matcher *m)
{
	uint64_t *set = mem_alloc((4 * BYTES + LENGTHS + 3) * (unsigned long)m->words * sizeof(*set));

	m->first = set;
	m->last = m->first + (size_t)BYTES * m->words;
	m->before_last = m->last + (size_t)BYTES * m->words;
	m->begin = m->before_last + (size_t)BYTES * m->words;
	m->length = m->begin + (size_t)BYTES * m->words;
	m->always = m->length + (size_t)LENGTHS * m->words;
	m->search = m->always + m->words;
	m->patterns = m->search + m->words;
}

struct matcher *
matcher_open(const struct ruleset *rs, unsigned patience)
{
	struct matcher *m = mem_alloc(sizeof(*m));

	m->rs = rs;
	m->patience = patience;
	m->failures = mem_alloc((rs->atoms + 1) * sizeof(*m->failures));
	m->words = rs->text_atoms / 64 + 1;	/* at least one */
	m->value = mem_alloc(VALUES * sizeof(*m->value));
	m->value_bits = mem_alloc(VALUES * 2ul * m->words * sizeof(*m->value_bits));
	m->term = mem_alloc(TERMS * sizeof(*m->term));
	m->term_bits = mem_alloc(TERMS * (unsigned long)m->words * sizeof(*m->term_bits));
	open_screens(m);
	for (unsigned i = 0; i < rs->text_atoms; i++) {
		enum fact_text t = rs->atom[i].text;

		if (m->range[t].to == 0)
			m->range[t].from = i / 64;
		m->range[t].to = i / 64 + 1;
		bits_add(m->mask[t], i);
		screen_atom(m, &rs->atom[i], i);
	}
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
	free(m->first);
	for (unsigned i = 0; i < m->words_n; i++)
		free(m->word[i].atoms);
	free(m->word);
	table_free(&m->by_word);
	free(m);
}

static inline bool
bytes_have(const struct bytes *b, char c)
{
	return b->has[(unsigned char)c / 64] >> (unsigned char)c % 64 & 1;
}

static inline bool
bytes_meet(const struct bytes *a, const struct bytes *b)
{
	return (a->has[0] & b->has[0]) | (a->has[1] & b->has[1]) | (a->has[2] & b->has[2]) |
	    (a->has[3] & b->has[3]);
}

static bool
may_match(const struct pattern *p, struct slice text, const struct bytes *in)
{
	uint64_t first[4];

	if (p->anchored && !p->any_first && !can_begin(p, text.p[0]))
		return false;
	if (p->has_required && !bytes_have(in, p->required) && !bytes_have(in, p->other))
		return false;
	if (p->anchored || p->any_first)
		return true;
	memcpy(first, p->first, sizeof(first));
	return (first[0] & in->has[0]) | (first[1] & in->has[1]) | (first[2] & in->has[2]) |
	    (first[3] & in->has[3]);
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

	if (m->failures[atom] >= m->patience || !may_match(p, text, in))
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
	uint64_t h = text_hash(t, text, SLICE_NONE), *known;
	size_t place = (h >> 1) % VALUES;

	known = m->value_bits + place * 2 * m->words;
	if (m->value[place] != h) {
		m->value[place] = h;
		memset(known, 0, 2 * m->words * sizeof(*known));
	}
	return known;
}

static struct bytes
bytes_of(struct slice text)
{
	struct bytes b = { { 0 } };

	for (size_t i = 0; i < text.n; i++)
		b.has[(unsigned char)text.p[i] / 64] |= (uint64_t)1
							<< (unsigned char)text.p[i] % 64;
	return b;
}

/* Of the atoms in one word of a set, those with a pattern that may match somewhere in the text. */
static uint64_t
may_find(const struct matcher *m, unsigned word, uint64_t atoms, struct slice text,
    const struct bytes *in)
{
	uint64_t found = 0;

	for (; atoms; atoms &= atoms - 1) {
		const struct atom *a = &m->rs->atom[word * 64 + (unsigned)__builtin_ctzll(atoms)];

		for (unsigned i = 0; i < a->patterns; i++)
			if (may_match(a->pattern[i], text, in)) {
				found |= atoms & -atoms;
				break;
			}
	}
	return found;
}

/* Adds the wanted atoms that have the text as a word; it is short enough for the hash. */
static void
add_word(const struct matcher *m, enum fact_text t, struct slice text, const uint64_t *want,
    uint64_t *set)
{
	char lower[LENGTHS];
	const struct word *word = word_find(m, t, slice_lower(text, lower));

	for (unsigned w = m->range[t].from; word != NULL && w < m->range[t].to; w++)
		set[w] |= want[w] & word->atoms[w];
}

struct screened {
	uint64_t may[TEXT_WORDS];	/* the atoms that must be compared */
	struct bytes in;		/* the text's, if one of these has patterns */
	bool scanned, any, word;	/* a word may be the text */
};

/* What the screens say of the atoms in one word of the wanted set. */
static inline void
screen_text(const struct matcher *m, enum fact_text t, struct slice text, unsigned w, uint64_t ask,
    struct screened *s)
{
	size_t first = byte_of(text.p[0]) * (size_t)m->words + w;
	size_t last = byte_of(text.p[text.n - 1]) * (size_t)m->words + w;
	size_t before = byte_of(text.p[text.n > 1 ? text.n - 2 : 0]) * (size_t)m->words + w;
	uint64_t word = ask & m->first[first] & m->length[length_of(text.n) * (size_t)m->words + w];
	uint64_t may = m->always[w] | (m->last[last] & m->before_last[before]) | m->begin[first];
	uint64_t rest;

	s->word |= word != 0;
	may = ask & (may | (text.n >= LENGTHS - 1 ? word : 0));
	rest = ask & ~may & m->search[w];
	if (((may & m->patterns[w]) | rest) && !s->scanned) {
		s->in = bytes_of(text);
		s->scanned = true;
	}
	if (rest && !bytes_meet(&s->in, &m->need[t]))
		rest = 0;
	s->may[w] = may | may_find(m, w, rest, text, &s->in);
	s->any |= s->may[w] != 0;
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

	for (unsigned w = m->range[t].from; w < m->range[t].to; w++) {
		uint64_t may = s->may[w] & ~set[w], dear = may & m->patterns[w], new;

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
	uint64_t h = text_hash(t, text, code);
	size_t place = (h >> 1) % TERMS;
	uint64_t *holds = m->term_bits + place * m->words;

	if (m->term[place] != h) {
		struct bytes in = bytes_of(text);

		m->term[place] = h;
		memset(holds, 0, m->words * sizeof(*holds));
		if (text.n < LENGTHS - 1)
			add_word(m, t, text, m->mask[t], holds);
		for (unsigned w = m->range[t].from; w < m->range[t].to; w++)
			holds[w] |= compare(m, w, m->mask[t][w] & ~holds[w], text, code, &in);
	}
	for (unsigned w = m->range[t].from; w < m->range[t].to; w++)
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
	for (unsigned w = m->range[t].from; w < m->range[t].to; w++) {
		uint64_t ask = want[w] & m->mask[t][w];

		s.may[w] = 0;
		if (ask)
			screen_text(m, t, text, w, ask, &s);
	}
	if (s.word && text.n < LENGTHS - 1)
		add_word(m, t, text, want, set);
	if (s.any)
		add_screened(m, t, text, &s, set);
}

unsigned
matcher_disabled(const struct matcher *m)
{
	return m->disabled;
}
