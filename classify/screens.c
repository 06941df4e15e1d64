/* See screens.h. */
#include "classify/screens.h"

#include <stdlib.h>

#include "base/problem.h"

enum { SUFFIXES = TEXT_COUNT };	/* added to the kind of text */

struct word {			/* in lower case, without the dot that a suffix starts with */
	char text[LENGTHS + 8];	/* 8 bytes can be read from each place */
	size_t n;
	unsigned kind;
	uint64_t *atoms;	/* that have it; a suffix without dot in front */
	uint64_t *dotted;	/* with it */
};

static inline uint64_t
word_hash(unsigned kind, size_t n, struct ends e)
{
	return hash_words(swar_lower(e.first), swar_lower(e.last), (uint64_t)kind << 32 | n);
}

/* Is the text the word, without case? e: of the text. */
static bool
same_word(const struct word *w, struct slice text, struct ends e)
{
	if (swar_head(w->text, w->n) != swar_lower(e.first))
		return false;
	for (size_t i = 8; i + 8 < text.n; i += 8)
		if (swar_load(w->text + i) != swar_lower(swar_load(text.p + i)))
			return false;
	return text.n <= 8 || swar_load(w->text + w->n - 8) == swar_lower(e.last);
}

static struct word *
word_find(const struct screens *x, unsigned kind, struct slice text, struct ends e)
{
	uint64_t h = word_hash(kind, text.n, e);
	uint32_t at, i;

	for (i = table_first(&x->by_word, h, &at); i != TABLE_NONE;
	     i = table_next(&x->by_word, h, &at))
		if (x->word[i].kind == kind && x->word[i].n == text.n &&
		    same_word(&x->word[i], text, e))
			return &x->word[i];
	return NULL;
}

static struct word *
word_add(struct screens *x, unsigned kind, struct slice text)
{
	struct ends e = ends_of(text);
	struct word *w = word_find(x, kind, text, e);

	if (w != NULL)
		return w;
	mem_grow(&x->word, &x->words_cap, x->words_n + 1, sizeof(*x->word));
	w = &x->word[x->words_n];
	*w = (struct word){ .n = text.n, .kind = kind,
		.atoms = mem_alloc(2 * x->words * sizeof(*w->atoms)) };
	w->dotted = w->atoms + x->words;
	slice_lower(text, w->text);
	table_add(&x->by_word, word_hash(kind, text.n, e), x->words_n++);
	return w;
}

static void
add_odd(struct screens *x, enum fact_text t, unsigned atom)
{
	bits_add(x->odd, atom);
	x->of[t].any = true;
}

static void
screen_word(struct screens *x, enum fact_text t, struct slice text, unsigned atom)
{
	if (text.n >= LENGTHS) {
		add_odd(x, t, atom);
		return;
	}
	bits_add(&x->of[t].lengths[byte_of(text.p[0])], (unsigned)text.n);
	bits_add(word_add(x, t, text)->atoms, atom);
}

static void
screen_suffix(struct screens *x, enum fact_text t, struct slice suffix, unsigned atom)
{
	bool dot = suffix.n > 0 && suffix.p[0] == '.';
	struct word *w;

	if (suffix.n < 2 || suffix.n >= LENGTHS) {
		add_odd(x, t, atom);
		return;
	}
	w = word_add(x, SUFFIXES + t, slice_skip(suffix, dot));
	bits_add(dot ? w->dotted : w->atoms, atom);
	if (suffix.n >= 8)
		x->of[t].tail[1] = 8;
	else if (x->of[t].tail[0] == 0 || suffix.n < x->of[t].tail[0])
		x->of[t].tail[0] = (unsigned)suffix.n;
}

/* When it is known how many bytes of suffixes are to be looked at. */
static void
screen_tails(struct screen *s, const struct atom *a)
{
	for (unsigned i = 0; i < a->suffixes; i++) {
		struct slice suffix = a->suffix[i];
		bool lengthy = suffix.n >= 8;

		if (suffix.n >= 2 && suffix.n < LENGTHS)
			bits_add(s->tails[lengthy],
			    tail_of(swar_lower(ends_of(suffix).last), suffix.n,
				s->tail[lengthy]));
	}
}

static bool
is_alnum(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26 || (unsigned char)(c - '0') < 10;
}

static bool
any_alnum(const struct bytes *b)
{
	bool any = false;

	for (unsigned c = 0; c < 256; c++)
		any |= bytes_have(b, (char)c) && is_alnum((char)c);
	return any;
}

/*
 * Every match has one of these bytes. One that is no letter is rare in most texts, and tells more.
 */
static struct bytes
bytes_needed(const struct pattern *p)
{
	struct bytes b = { { 0 } };

	if (p->has_required && (p->any_first || !is_alnum(p->required) || any_alnum(&p->first))) {
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
need_byte(struct screen *s, char c)
{
	uint64_t all = SWAR_ALL(c);

	for (unsigned i = 0; i < s->few; i++)
		if (s->byte[i] == all)
			return;
	if (s->few == FEW)
		s->any = true;
	else
		s->few++;
	for (unsigned i = s->few - 1; i < FEW; i++)
		s->byte[i] = all;
}

static void
screen_pattern(struct screens *x, const struct pattern *p, enum fact_text t, unsigned atom)
{
	struct screen *s = &x->of[t];
	struct bytes need = bytes_needed(p);

	if (p->anchored && !p->any_first && !(p->has_required && !is_alnum(p->required))) {
		for (unsigned c = 0; c < 256; c++)
			if (bytes_have(&p->first, (char)c)) {
				bits_add(x->begin + byte_of((char)c) * x->words, atom);
				s->look[c] |= LOOK_BEGIN;
			}
		heads_add(&s->heads, p);
		return;
	}
	bits_add(x->search, atom);
	for (unsigned c = 0; c < 256; c++)
		if (bytes_have(&need, (char)c))
			need_byte(s, (char)c);
}

static void
screen_atom(struct screens *x, const struct atom *a, unsigned atom)
{
	for (unsigned i = 0; i < a->words && a->kind == ATOM_TEXT; i++)
		if (a->word[i].n)
			screen_word(x, a->text, a->word[i], atom);
	for (unsigned i = 0; i < a->suffixes; i++)
		screen_suffix(x, a->text, a->suffix[i], atom);
	for (unsigned i = 0; i < a->patterns; i++)
		screen_pattern(x, a->pattern[i], a->text, atom);
}

static void
look_at(struct screen *s, unsigned char first)
{
	if (s->lengths[byte_of((char)first)] != 0)
		s->look[first] |= LOOK_WORD;
	if (s->tail[0] + s->tail[1] > 0)
		s->look[first] |= LOOK_SUFFIX;
	if (s->any || s->few > 0)
		s->look[first] |= LOOK_FIND;
}

void
screens_open(struct screens *x, const struct ruleset *rs)
{
	*x = (struct screens){ .rs = rs, .words = rs->text_atoms / 64 + 1 };	/* at least one */
	x->begin = mem_alloc((BYTES + 2ul) * x->words * sizeof(*x->begin));
	x->search = x->begin + (size_t)BYTES * x->words;
	x->odd = x->search + x->words;
	for (unsigned i = 0; i < rs->text_atoms; i++) {
		enum fact_text t = rs->atom[i].text;

		if (x->of[t].to == 0)
			x->of[t].from = i / 64;
		x->of[t].to = i / 64 + 1;
		bits_add(x->mask[t], i);
		screen_atom(x, &rs->atom[i], i);
	}
	for (unsigned i = 0; i < rs->text_atoms; i++)
		screen_tails(&x->of[rs->atom[i].text], &rs->atom[i]);
	for (unsigned t = 0; t < TEXT_COUNT; t++)
		for (unsigned c = 0; c < 256; c++)
			look_at(&x->of[t], (unsigned char)c);
}

void
screens_close(struct screens *x)
{
	free(x->begin);
	for (unsigned i = 0; i < x->words_n; i++)
		free(x->word[i].atoms);
	free(x->word);
	table_free(&x->by_word);
	for (unsigned t = 0; t < TEXT_COUNT; t++)
		heads_free(&x->of[t].heads);
}

void
screens_add_word(const struct screens *x, enum fact_text t, struct slice text, const uint64_t *want,
    uint64_t *set)
{
	const struct word *word = word_find(x, t, text, ends_of(text));

	for (unsigned w = x->of[t].from; word != NULL && w < x->of[t].to; w++)
		set[w] |= want[w] & word->atoms[w];
}

/* "example.com" fits example.com and a.example.com; ".dyn.example" only what ends with it. */
void
screens_add_suffixes(const struct screens *x, enum fact_text t, struct slice text,
    const uint64_t *want, uint64_t *set)
{
	for (size_t i = text.n, n = 1; i-- > 0 && n < LENGTHS; n++) {
		bool dot = i > 0 && text.p[i - 1] == '.';
		struct slice end = { text.p + i, n };
		const struct word *word =
		    i == 0 || dot ? word_find(x, SUFFIXES + t, end, ends_of(end)) : NULL;

		for (unsigned w = x->of[t].from; word != NULL && w < x->of[t].to; w++)
			set[w] |= want[w] & (word->atoms[w] | (dot ? word->dotted[w] : 0));
	}
}
