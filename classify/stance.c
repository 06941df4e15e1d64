/* See stance.h. */
#include "classify/stance.h"

#include <stdlib.h>

#include "base/problem.h"
#include "classify/bits.h"

static void
open_atoms(struct stances *x)
{
	for (unsigned i = x->rs->text_atoms; i < x->rs->atoms; i++) {
		const struct atom *a = &x->rs->atom[i];

		for (unsigned f = 0; f < FLAG_COUNT; f++)
			if (a->kind == ATOM_FLAG ? a->flag == f : bits_have(a->flags, f)) {
				bits_add(x->flag_atoms[f], i);
				bits_add(x->asked, f);
			}
	}
}

static bool
asks(const struct stances *x, const struct rule *r)
{
	const uint64_t *open = x->flag_atoms[FLAG_HELO_DYNAMIC];
	bool yes = false;

	for (unsigned i = 0; i < r->alls; i++)
		yes |= atom_is_text(&x->rs->atom[r->all[i]]) || bits_have(open, r->all[i]);
	for (unsigned i = 0; i < r->nones; i++)
		yes |= atom_is_text(&x->rs->atom[r->none[i]]) || bits_have(open, r->none[i]);
	return yes && !r->late;
}

void
want_texts(const struct ruleset *rs, const unsigned *atom, unsigned n, const uint64_t *known,
    uint64_t *want, uint32_t *texts)
{
	for (unsigned i = 0; i < n; i++)
		if (atom_is_text(&rs->atom[atom[i]]) && !bits_have(known, atom[i])) {
			bits_add(want, atom[i]);
			*texts |= (uint32_t)1 << rs->atom[atom[i]].text;
		}
}

static void
open_rule(struct stances *x, const struct rule *r, struct asking *to)
{
	static const uint64_t nothing[WORDS];

	for (unsigned i = 0; i < r->alls; i++)
		if (!atom_is_text(&x->rs->atom[r->all[i]]))
			bits_add(to->all, r->all[i]);
	want_texts(x->rs, r->all, r->alls, nothing, to->want, &to->texts);
	for (unsigned i = 0; i < r->nones; i++) {
		const struct atom *a = &x->rs->atom[r->none[i]];

		if (!atom_is_text(a))
			bits_add(to->none, r->none[i]);
		else if (a->patterns == 0)
			bits_add(to->not, r->none[i]);
	}
}

static void
open_asking(struct stances *x)
{
	x->asking = mem_alloc((x->rs->rules + 1ul) * sizeof(*x->asking));
	for (unsigned i = 0; i < x->rs->rules; i++) {
		const struct rule *r = &x->rs->rule[i];

		if (!asks(x, r))
			continue;
		open_rule(x, r, &x->asking[x->asking_n++]);
		for (unsigned f = 0; f < FLAG_COUNT; f++)
			for (unsigned k = 0; k < r->alls + r->nones; k++)
				if (bits_have(x->flag_atoms[f],
					k < r->alls ? r->all[k] : r->none[k - r->alls]))
					bits_add(x->decides, f);
	}
}

void
stances_open(struct stances *x, const struct ruleset *rs)
{
	*x = (struct stances){ .rs = rs, .words = rs->atoms / 64 + 1,	/* at least one */
		.text_words = rs->text_atoms / 64 + 1 };
	open_atoms(x);
	open_asking(x);
	x->stance = mem_alloc(STANCES * sizeof(*x->stance));
	x->want = mem_alloc(STANCES * (unsigned long)x->text_words * sizeof(*x->want));
}

void
stances_close(struct stances *x)
{
	free(x->asking);
	free(x->stance);
	free(x->want);
}

/*
 * May the rule hit, whatever the texts say? The atoms of FLAG_HELO_DYNAMIC, which hangs on a text,
 * count as open until they hold; *open_r: it has such a one.
 */
static bool
rule_is_open(const struct stances *x, const struct asking *r, const uint64_t *set, bool *open_r)
{
	const uint64_t *dynamic = x->flag_atoms[FLAG_HELO_DYNAMIC];
	uint64_t open = 0;

	for (unsigned w = 0; w < x->words; w++) {
		if ((r->all[w] & ~set[w] & ~dynamic[w]) | (r->none[w] & set[w]))
			return false;
		open |= (r->all[w] & ~set[w]) | (r->none[w] & dynamic[w]);
	}
	*open_r = open != 0;
	return true;
}

void
stances_add_flags(const struct stances *x, const uint64_t flags[FLAG_WORDS], uint64_t *set)
{
	for (unsigned i = 0; i < FLAG_WORDS; i++)
		for (uint64_t rest = flags[i]; rest; rest &= rest - 1) {
			const uint64_t *mask =
			    x->flag_atoms[i * 64 + (unsigned)__builtin_ctzll(rest)];

			for (unsigned w = 0; w < x->words; w++)
				set[w] |= mask[w];
		}
}

/* Texts that must not hold are asked about early where that is cheap: with others, by hash. */
static void
want_nones(const struct stances *x, const uint64_t *not, const struct stance *s, uint64_t *want)
{
	for (unsigned w = 0; w < x->text_words; w++)
		for (uint64_t rest = not[w]; rest; rest &= rest - 1) {
			unsigned atom = w * 64 + (unsigned)__builtin_ctzll(rest);

			if (s->texts >> x->rs->atom[atom].text & 1)
				bits_add(want, atom);
		}
}

static void
fill(const struct stances *x, struct stance *s, uint64_t *want)
{
	uint64_t set[WORDS] = { 0 }, not[WORDS] = { 0 };
	bool open;

	memset(want, 0, x->text_words * sizeof(*want));
	s->used = true;
	s->helo_facts = false;
	s->texts = 0;
	stances_add_flags(x, s->flags, set);
	for (unsigned i = 0; i < x->asking_n; i++) {
		const struct asking *r = &x->asking[i];

		if (!rule_is_open(x, r, set, &open))
			continue;
		s->helo_facts |= open;
		s->texts |= r->texts;
		for (unsigned w = 0; w < x->text_words; w++) {
			want[w] |= r->want[w];
			not[w] |= r->not[w];
		}
	}
	want_nones(x, not, s, want);
}

/* The one of these flags that decide; it may stand a few places behind its own. */
const struct stance *
stances_make(struct stances *x, const uint64_t flags[FLAG_WORDS])
{
	size_t place = stance_place(flags);
	struct stance *s;

	/* a stance is dear to make: two that meet must not drive each other out */
	for (unsigned i = 0; i < 8 && x->stance[place].used &&
	    memcmp(x->stance[place].flags, flags, sizeof(s->flags)) != 0; i++)
		place = (place + 1) % STANCES;
	s = &x->stance[place];
	if (!s->used || memcmp(s->flags, flags, sizeof(s->flags)) != 0) {
		memcpy(s->flags, flags, sizeof(s->flags));
		fill(x, s, x->want + place * x->text_words);
	}
	return s;
}
