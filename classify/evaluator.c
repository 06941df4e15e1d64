/*
 * An event's facts become a bit set of atoms, and the set is looked up in a memo; only a new one
 * is compared with all rules. So a line costs a few table probes, whatever the number of rules.
 *
 * Texts are the dear part, so they are asked about late and seldom. The flags alone (a stance)
 * tell which rules may still hit, and which texts those want fulfilled; with the answers, the rules
 * that are left say which texts they want not fulfilled (a memo's "more"), mostly none. Only atoms
 * that were wanted are ever set, so equal events give equal sets.
 *
 * Validity dates split time into eras, within which the set of valid rules is constant.
 */
#include "classify/evaluator.h"

#include <assert.h>
#include <stdlib.h>

#include "classify/matcher.h"
#include "classify/rule_index.h"

enum {
	WORDS = ATOMS_MAX / 64,
	FLAG_WORDS = (FLAG_COUNT + 63) / 64,
	NAMES = 65536, SIGNS = 1024, STANCES = 1024	/* of direct-mapped memories */
};

struct name {
	uint64_t hash;
	uint32_t facts;		/* of hostname.h */
};

struct memo {			/* a distinct set of atoms */
	uint32_t hits;
	uint32_t era;
	uint32_t at;		/* its bits */
	uint32_t more; /* texts that must be known before there are hits; bits behind its own */
	bool whole;		/* these are known */
};

struct sign {
	uint64_t hash;
	uint32_t era, hits;
};

struct stance {			/* what follows from the flags that decide, without any text */
	uint64_t flags[FLAG_WORDS];
	bool used, helo_facts;	/* it matters what HELO looks like */
	uint32_t texts;		/* that rules want fulfilled, a bit each */
};

struct evaluator {
	const struct ruleset *rs;
	struct matcher *matcher;
	unsigned words;				/* 64-bit words of an atom set */
	uint64_t flag_atoms[FLAG_COUNT][WORDS];	/* atoms that a flag fulfils */
	struct rule_index index;
	uint16_t *asking; /* rules that ask for a text, or for FLAG_HELO_DYNAMIC */
	unsigned asking_n;
	uint64_t decides[FLAG_WORDS];		/* flags that these rules look at */
	struct stance *stance;
	uint64_t *stance_want;			/* of each: text atoms wanted */
	struct name *name;
	struct sign *sign;
	struct memo *memo;
	unsigned memos, memos_cap;
	struct table by_set;
	uint64_t *set;				/* the memo's sets */
	unsigned set_n, set_cap;
	struct hits *hits;
	unsigned hits_n, hits_cap;
	struct table by_hits;
	struct arena arena;			/* the hits' rules */
	int64_t *boundary;			/* of eras, ascending */
	unsigned boundaries;
	struct domain_memo domains;
};

static int
by_time(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void
open_eras(struct evaluator *e)
{
	e->boundary = mem_alloc((2 * (unsigned long)e->rs->rules + 1) * sizeof(*e->boundary));
	for (unsigned i = 0; i < e->rs->rules; i++) {
		if (e->rs->rule[i].from != INT64_MIN)
			e->boundary[e->boundaries++] = e->rs->rule[i].from;
		if (e->rs->rule[i].until != INT64_MAX)
			e->boundary[e->boundaries++] = e->rs->rule[i].until;
	}
	qsort(e->boundary, e->boundaries, sizeof(*e->boundary), by_time);
}

static void
open_atoms(struct evaluator *e)
{
	for (unsigned i = 0; i < e->rs->atoms; i++) {
		const struct atom *a = &e->rs->atom[i];

		if (a->kind == ATOM_FLAG) {
			bits_add(e->flag_atoms[a->flag], i);
		} else if (a->kind == ATOM_ANY_FLAG) {
			for (unsigned f = 0; f < FLAG_COUNT; f++)
				if (bits_have(a->flags, f))
					bits_add(e->flag_atoms[f], i);
		}
	}
}

static bool
asks(const struct evaluator *e, const struct rule *r)
{
	const uint64_t *open = e->flag_atoms[FLAG_HELO_DYNAMIC];
	bool yes = false;

	for (unsigned i = 0; i < r->alls; i++)
		yes |= atom_is_text(&e->rs->atom[r->all[i]]) || bits_have(open, r->all[i]);
	for (unsigned i = 0; i < r->nones; i++)
		yes |= bits_have(open, r->none[i]);
	return yes && !r->late;
}

static void
open_asking(struct evaluator *e)
{
	e->asking = mem_alloc((e->rs->rules + 1ul) * sizeof(*e->asking));
	for (unsigned i = 0; i < e->rs->rules; i++) {
		const struct rule *r = &e->rs->rule[i];

		if (!asks(e, r))
			continue;
		e->asking[e->asking_n++] = (uint16_t)i;
		for (unsigned f = 0; f < FLAG_COUNT; f++)
			for (unsigned k = 0; k < r->alls + r->nones; k++)
				if (bits_have(e->flag_atoms[f],
					k < r->alls ? r->all[k] : r->none[k - r->alls]))
					bits_add(e->decides, f);
	}
}

struct evaluator *
evaluator_open(const struct ruleset *rs)
{
	struct evaluator *e = mem_alloc(sizeof(*e));

	e->rs = rs;
	e->words = rs->atoms / 64 + 1; /* at least one */
	e->matcher = matcher_open(rs, EVALUATOR_PATIENCE);
	open_atoms(e);
	rule_index_open(&e->index, rs);
	open_asking(e);
	open_eras(e);
	e->stance = mem_alloc(STANCES * sizeof(*e->stance));
	e->stance_want = mem_alloc(STANCES * (e->words + 1) * sizeof(*e->stance_want));
	e->name = mem_alloc(NAMES * sizeof(*e->name));
	e->sign = mem_alloc(SIGNS * sizeof(*e->sign));
	mem_grow(&e->hits, &e->hits_cap, 1, sizeof(*e->hits));
	e->hits[e->hits_n++] = (struct hits){ 0 };
	return e;
}

void
evaluator_close(struct evaluator *e)
{
	if (e == NULL)
		return;
	matcher_close(e->matcher);
	free(e->stance);
	free(e->stance_want);
	rule_index_close(&e->index);
	free(e->asking);
	free(e->name);
	free(e->sign);
	free(e->memo);
	table_free(&e->by_set);
	free(e->set);
	free(e->hits);
	table_free(&e->by_hits);
	arena_free(&e->arena);
	free(e->boundary);
	free(e);
}

uint32_t
evaluator_name(struct evaluator *e, struct slice name, const struct addr *client)
{
	uint64_t h = hash_bytes(name, client ? addr_key(client) : 1) | 1;
	struct name *n = &e->name[(h >> 1) % NAMES];
	struct hostname_facts hn;

	if (name.n == 0 || n->hash == h)
		return name.n ? n->facts : 0;
	hostname_analyse(&e->rs->names, &e->domains, name, client, &hn);
	*n = (struct name){ h, hn.set };
	return n->facts;
}

struct slice
evaluator_domain(struct evaluator *e, struct slice name)
{
	return domain_registered_memo(&e->domains, name);
}

/* The filter's rule names stand in one text, "A,B=1.5,C"; each is a value of its own. */
static void
add_tests(struct evaluator *e, uint64_t *set, const uint64_t *want, struct slice tests)
{
	while (tests.n > 0) {
		const char *comma = slice_chr(tests, ',');
		struct slice one = comma ? slice_range(tests.p, comma) : tests;
		const char *equal = slice_chr(one, '=');

		tests = comma ? slice_range(comma + 1, slice_end(tests)) : SLICE_NONE;
		if (equal != NULL)
			one = slice_range(one.p, equal);
		while (one.n && one.p[0] == ' ')
			one = slice_skip(one, 1);
		if (one.n)
			matcher_add(e->matcher, TEXT_TEST, one, SLICE_NONE, want, set);
	}
}

/* texts: which of them are wanted at all. */
static void
add_texts(struct evaluator *e, const struct facts *f, uint32_t texts, const uint64_t *want,
    uint64_t *set)
{
	const struct message *m = f->message;

	for (uint32_t rest = texts; rest; rest &= rest - 1) {
		enum fact_text t = (enum fact_text)__builtin_ctz(rest);

		if (f->text[t].n)
			matcher_add(e->matcher, t, f->text[t],
			    t == TEXT_ZONE ? f->code : SLICE_NONE, want, set);
	}
	if (m == NULL)
		return;
	if (texts >> TEXT_TEST & 1)
		add_tests(e, set, want, m->tests);
	if (texts >> TEXT_REMOTE_REPLY & 1)
		for (unsigned i = 0; i < m->replies; i++)
			if (m->failed[i].remote && m->failed[i].text.n)
				matcher_add(e->matcher, TEXT_REMOTE_REPLY, m->failed[i].text,
				    SLICE_NONE, want, set);
}

static uint32_t
era_of(const struct evaluator *e, int64_t ts)
{
	uint32_t era = 0;

	if (e->boundaries == 0 || e->boundary[e->boundaries - 1] <= ts)
		return e->boundaries;
	while (era < e->boundaries && e->boundary[era] <= ts)
		era++;
	return era;
}

/* Adds the text atoms of a list to want; true when there was one. */
static bool
want_texts(const struct evaluator *e, const unsigned *atom, unsigned n, uint64_t *want,
    uint32_t *texts)
{
	bool any = false;

	for (unsigned i = 0; i < n; i++) {
		const struct atom *a = &e->rs->atom[atom[i]];

		if (!atom_is_text(a))
			continue;
		bits_add(want, atom[i]);
		*texts |= (uint32_t)1 << a->text;
		any = true;
	}
	return any;
}

/*
 * May the rule hit, whatever the texts say? The atoms of FLAG_HELO_DYNAMIC, which hangs on a text,
 * count as open until they hold; *open_r: it has such a one.
 */
static bool
rule_is_open(const struct evaluator *e, const struct rule *r, const uint64_t *set, bool *open_r)
{
	const uint64_t *open = e->flag_atoms[FLAG_HELO_DYNAMIC];

	*open_r = false;
	for (unsigned i = 0; i < r->alls; i++) {
		if (atom_is_text(&e->rs->atom[r->all[i]]) || bits_have(set, r->all[i]))
			continue;
		if (!bits_have(open, r->all[i]))
			return false;
		*open_r = true;
	}
	for (unsigned i = 0; i < r->nones; i++) {
		if (bits_have(set, r->none[i]))
			return false;
		*open_r |= bits_have(open, r->none[i]);
	}
	return true;
}

static void
add_flags(const struct evaluator *e, const uint64_t flags[FLAG_WORDS], uint64_t *set)
{
	for (unsigned i = 0; i < FLAG_WORDS; i++)
		for (uint64_t rest = flags[i]; rest; rest &= rest - 1) {
			const uint64_t *mask =
			    e->flag_atoms[i * 64 + (unsigned)__builtin_ctzll(rest)];

			for (unsigned w = 0; w < e->words; w++)
				set[w] |= mask[w];
		}
}

static void
stance_make(const struct evaluator *e, struct stance *s, uint64_t *want)
{
	uint64_t set[WORDS] = { 0 };

	memset(want, 0, e->words * sizeof(*want));
	s->used = true;
	s->helo_facts = false;
	s->texts = 0;
	add_flags(e, s->flags, set);
	for (unsigned i = 0; i < e->asking_n; i++) {
		const struct rule *r = &e->rs->rule[e->asking[i]];
		bool open;

		if (!rule_is_open(e, r, set, &open))
			continue;
		s->helo_facts |= open;
		want_texts(e, r->all, r->alls, want, &s->texts);
	}
}

/* *want_r: the text atoms that rules want to hold. */
static const struct stance *
stance_of(struct evaluator *e, const struct facts *f, const uint64_t **want_r)
{
	uint64_t flags[FLAG_WORDS];
	struct stance *s;
	size_t place;

	for (unsigned i = 0; i < FLAG_WORDS; i++)
		flags[i] = f->flags[i] & e->decides[i];
	place = hash_bytes((struct slice){ (const char *)flags, sizeof(flags) }, 11) % STANCES;
	/* a stance is dear to make: two that meet must not drive each other out */
	for (unsigned i = 0; i < 8 && e->stance[place].used &&
	    memcmp(e->stance[place].flags, flags, sizeof(flags)) != 0; i++)
		place = (place + 1) % STANCES;
	s = &e->stance[place];
	*want_r = e->stance_want + place * e->words;
	if (!s->used || memcmp(s->flags, flags, sizeof(flags)) != 0) {
		memcpy(s->flags, flags, sizeof(flags));
		stance_make(e, s, e->stance_want + place * e->words);
	}
	return s;
}

static uint32_t
hits_intern(struct evaluator *e, const uint16_t *rule, uint32_t n, uint8_t spam_by)
{
	struct slice bytes = { (const char *)rule, n * sizeof(*rule) };
	uint64_t h = hash_bytes(bytes, 55);
	uint32_t at, i;
	uint16_t *copy;

	if (n == 0)
		return 0;
	for (i = table_first(&e->by_hits, h, &at); i != TABLE_NONE;
	     i = table_next(&e->by_hits, h, &at))
		if (e->hits[i].n == n && memcmp(e->hits[i].rule, rule, bytes.n) == 0)
			return i;
	mem_grow(&e->hits, &e->hits_cap, e->hits_n + 1, sizeof(*e->hits));
	copy = arena_alloc(&e->arena, bytes.n);
	memcpy(copy, rule, bytes.n);
	e->hits[e->hits_n] = (struct hits){ n, copy, spam_by };
	table_add(&e->by_hits, h, e->hits_n);
	return e->hits_n++;
}

/* A new set: its hits, or, unless it is whole, which texts must be asked about before. */
static uint32_t
memo_make(struct evaluator *e, const uint64_t *set, uint32_t era, bool whole, int64_t ts)
{
	struct memo m = { .era = era, .at = e->set_n, .whole = whole };
	uint16_t rule[RULES_MAX];
	uint32_t n = rule_index_holding(&e->index, set, ts, rule);
	uint8_t spam_by = 0;
	uint64_t *own;

	mem_grow(&e->memo, &e->memos_cap, e->memos + 1, sizeof(*e->memo));
	mem_grow(&e->set, &e->set_cap, e->set_n + 2 * e->words, sizeof(*e->set));
	own = e->set + e->set_n;
	memcpy(own, set, e->words * sizeof(*own));
	memset(own + e->words, 0, e->words * sizeof(*own));
	for (uint32_t i = 0; i < n; i++) {
		const struct rule *r = &e->rs->rule[rule[i]];

		spam_by |= r->spam_by;
		if (!whole)
			want_texts(e, r->none, r->nones, own + e->words, &m.more);
	}
	if (m.more == 0)
		m.hits = hits_intern(e, rule, n, spam_by);
	e->memo[e->memos] = m;
	e->set_n += 2 * e->words;
	return e->memos++;
}

static const struct memo *
memo_of(struct evaluator *e, const uint64_t *set, uint32_t era, bool whole, int64_t ts)
{
	size_t n = e->words * sizeof(*set);
	uint64_t h = hash_bytes((struct slice){ (const char *)set, n }, 2 * (uint64_t)era + whole);
	uint32_t at, i;

	for (i = table_first(&e->by_set, h, &at); i != TABLE_NONE;
	     i = table_next(&e->by_set, h, &at))
		if (e->memo[i].era == era && e->memo[i].whole == whole &&
		    memcmp(e->set + e->memo[i].at, set, n) == 0)
			return &e->memo[i];
	i = memo_make(e, set, era, whole, ts);
	table_add(&e->by_set, h, i);
	return &e->memo[i];
}

uint32_t
evaluator_hits(struct evaluator *e, struct facts *f, int64_t ts)
{
	uint64_t set[WORDS] = { 0 }, more[WORDS];
	const uint64_t *want;
	const struct stance *s = stance_of(e, f, &want);
	const struct memo *m;
	uint32_t era = era_of(e, ts);

	/* a HELO that is the reverse name has its facts; beside another name it proves nothing */
	if (s->helo_facts && f->text[TEXT_HELO].n && facts_is(f, FLAG_NO_NAME) &&
	    (evaluator_name(e, f->text[TEXT_HELO], NULL) & (HN_DYNAMIC | HN_END_USER))) {
		facts_flag(f, FLAG_HELO_DYNAMIC);
		s = stance_of(e, f, &want);
	}
	add_flags(e, f->flags, set);
	add_texts(e, f, s->texts, want, set);
	m = memo_of(e, set, era, false, ts);
	if (m->more == 0)
		return m->hits;
	memcpy(more, e->set + m->at + e->words, e->words * sizeof(*more));
	add_texts(e, f, m->more, more, set);
	return memo_of(e, set, era, true, ts)->hits;
}

uint32_t
evaluator_sign(struct evaluator *e, const struct message *m)
{
	/* an odd factor: no two of these meet */
	uint64_t h =
	    ((uint64_t)m->flags << 16 | m->reason | (uint64_t)1 << 63) * 0x9e3779b97f4a7c15u;
	uint32_t era = era_of(e, m->ts);
	struct sign *x;
	struct facts f;

	if (m->zone.n)
		h ^= hash_bytes(m->zone, 5) ^ hash_bytes(m->code, 6);
	x = &e->sign[(h >> 32) % SIGNS];
	if (x->hash == h && x->era == era)
		return x->hits;
	facts_of_sign(m, &f);
	*x = (struct sign){ h, era, evaluator_hits(e, &f, m->ts) };
	return x->hits;
}

const struct hits *
evaluator_get(const struct evaluator *e, uint32_t hits)
{
	assert(hits < e->hits_n);
	return &e->hits[hits];
}

unsigned
evaluator_disabled(const struct evaluator *e)
{
	return matcher_disabled(e->matcher);
}
