/* See screens.h. */
#include "classify/screens.h"

#include <stdlib.h>

#include "base/problem.h"

struct word {			/* one of a kind of text; the atoms that have it */
	char text[LENGTHS];
	size_t n;
	enum fact_text kind;
	uint64_t *atoms;
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
word_find(const struct screens *x, enum fact_text t, struct slice key)
{
	uint64_t h = hash_bytes(key, 200 + t);
	uint32_t at, i;

	for (i = table_first(&x->by_word, h, &at); i != TABLE_NONE;
	     i = table_next(&x->by_word, h, &at))
		if (x->word[i].kind == t &&
		    slice_eq((struct slice){ x->word[i].text, x->word[i].n }, key))
			return &x->word[i];
	return NULL;
}

static void
screen_word(struct screens *x, enum fact_text t, struct slice text, unsigned atom)
{
	char lower[LENGTHS];
	struct slice key;
	const struct word *known;
	struct word *word;

	bits_add(x->first + byte_of(text.p[0]) * x->words, atom);
	bits_add(x->length + length_of(text.n) * x->words, atom);
	if (text.n >= LENGTHS - 1)
		return;			/* these few are compared one by one */
	key = slice_lower(text, lower);
	known = word_find(x, t, key);
	if (known != NULL) {
		bits_add(known->atoms, atom);
		return;
	}
	mem_grow(&x->word, &x->words_cap, x->words_n + 1, sizeof(*x->word));
	word = &x->word[x->words_n];
	*word = (struct word){ .n = key.n, .kind = t,
		.atoms = mem_alloc(x->words * sizeof(*word->atoms)) };
	memcpy(word->text, key.p, key.n);
	bits_add(word->atoms, atom);
	table_add(&x->by_word, hash_bytes(key, 200 + t), x->words_n++);
}

static void
screen_suffix(const struct screens *x, struct slice suffix, unsigned atom)
{
	if (suffix.n < 2) {
		bits_add(x->always, atom);
		return;
	}
	bits_add(x->last + byte_of(suffix.p[suffix.n - 1]) * x->words, atom);
	bits_add(x->before_last + byte_of(suffix.p[suffix.n - 2]) * x->words, atom);
}

/* Every match has one of these bytes. */
static struct bytes
bytes_needed(const struct pattern *p)
{
	struct bytes b = { { 0 } };

	if (p->has_required) {
		bytes_add(&b, p->required);
		bytes_add(&b, p->other);
	} else if (p->any_first) {
		memset(&b, 0xff, sizeof(b));
	} else {
		b = p->first;
	}
	return b;
}

static void
screen_pattern(struct screens *x, const struct pattern *p, enum fact_text t, unsigned atom)
{
	struct bytes need = bytes_needed(p);

	bits_add(x->patterns, atom);
	if (p->anchored && !p->any_first) {
		for (unsigned c = 0; c < 256; c++)
			if (bytes_have(&p->first, (char)c))
				bits_add(x->begin + byte_of((char)c) * x->words, atom);
		return;
	}
	bits_add(x->search, atom);
	for (unsigned i = 0; i < 4; i++)
		x->need[t].has[i] |= need.has[i];
}

static void
screen_atom(struct screens *x, const struct atom *a, unsigned atom)
{
	for (unsigned i = 0; i < a->words && a->kind == ATOM_TEXT; i++)
		if (a->word[i].n)
			screen_word(x, a->text, a->word[i], atom);
	for (unsigned i = 0; i < a->suffixes; i++)
		screen_suffix(x, a->suffix[i], atom);
	for (unsigned i = 0; i < a->patterns; i++)
		screen_pattern(x, a->pattern[i], a->text, atom);
}

void
screens_open(struct screens *x, const struct ruleset *rs)
{
	uint64_t *set;

	*x = (struct screens){ .rs = rs, .words = rs->text_atoms / 64 + 1 };	/* at least one */
	set = mem_alloc((4ul * BYTES + LENGTHS + 3) * x->words * sizeof(*set));
	x->first = set;
	x->last = x->first + (size_t)BYTES * x->words;
	x->before_last = x->last + (size_t)BYTES * x->words;
	x->begin = x->before_last + (size_t)BYTES * x->words;
	x->length = x->begin + (size_t)BYTES * x->words;
	x->always = x->length + (size_t)LENGTHS * x->words;
	x->search = x->always + x->words;
	x->patterns = x->search + x->words;
	for (unsigned i = 0; i < rs->text_atoms; i++) {
		enum fact_text t = rs->atom[i].text;

		if (x->range[t].to == 0)
			x->range[t].from = i / 64;
		x->range[t].to = i / 64 + 1;
		bits_add(x->mask[t], i);
		screen_atom(x, &rs->atom[i], i);
	}
}

void
screens_close(struct screens *x)
{
	free(x->first);
	for (unsigned i = 0; i < x->words_n; i++)
		free(x->word[i].atoms);
	free(x->word);
	table_free(&x->by_word);
}

bool
screens_may_match(const struct pattern *p, struct slice text, const struct bytes *in)
{
	if (p->anchored && !p->any_first && !bytes_have(&p->first, text.p[0]))
		return false;
	if (p->has_required && !bytes_have(in, p->required) && !bytes_have(in, p->other))
		return false;
	return p->anchored || p->any_first || bytes_meet(&p->first, in);
}

struct bytes
screens_bytes(struct slice text)
{
	struct bytes b = { { 0 } };

	for (size_t i = 0; i < text.n; i++)
		bytes_add(&b, text.p[i]);
	return b;
}

/* Of the atoms in one word of a set, those with a pattern that may match somewhere in the text. */
static uint64_t
may_find(const struct screens *x, unsigned word, uint64_t atoms, struct slice text,
    const struct bytes *in)
{
	uint64_t found = 0;

	for (; atoms; atoms &= atoms - 1) {
		const struct atom *a = &x->rs->atom[word * 64 + (unsigned)__builtin_ctzll(atoms)];

		for (unsigned i = 0; i < a->patterns; i++)
			if (screens_may_match(a->pattern[i], text, in)) {
				found |= atoms & -atoms;
				break;
			}
	}
	return found;
}

void
screens_add_word(const struct screens *x, enum fact_text t, struct slice text, const uint64_t *want,
    uint64_t *set)
{
	char lower[LENGTHS];
	const struct word *word =
	    text.n < LENGTHS - 1 ? word_find(x, t, slice_lower(text, lower)) : NULL;

	for (unsigned w = x->range[t].from; word != NULL && w < x->range[t].to; w++)
		set[w] |= want[w] & word->atoms[w];
}

void
screens_ask(const struct screens *x, enum fact_text t, struct slice text, unsigned w,
    uint64_t ask, struct screened *s)
{
	size_t first = byte_of(text.p[0]) * (size_t)x->words + w;
	size_t last = byte_of(text.p[text.n - 1]) * (size_t)x->words + w;
	size_t before = byte_of(text.p[text.n > 1 ? text.n - 2 : 0]) * (size_t)x->words + w;
	uint64_t word = ask & x->first[first] & x->length[length_of(text.n) * (size_t)x->words + w];
	uint64_t may = x->always[w] | (x->last[last] & x->before_last[before]) | x->begin[first];
	uint64_t rest;

	s->word |= word != 0;
	may = ask & (may | (text.n >= LENGTHS - 1 ? word : 0));
	rest = ask & ~may & x->search[w];
	if (((may & x->patterns[w]) | rest) && !s->scanned) {
		s->in = screens_bytes(text);
		s->scanned = true;
	}
	if (rest && !bytes_meet(&s->in, &x->need[t]))
		rest = 0;
	s->may[w] = may | may_find(x, w, rest, text, &s->in);
	s->any |= s->may[w] != 0;
}
