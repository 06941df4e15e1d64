/*
 * An event's facts become a bit set of atoms: precomputed masks for flags, remembered answers for
 * texts. The bit set (with the era, see below) is looked up in a memo; only a new one is compared
 * with all rules. So a line costs a few table probes, whatever the number of rules.
 *
 * Validity dates split time into eras, within which the set of valid rules is constant.
 */
#include "classify/evaluator.h"

#include <assert.h>
#include <stdlib.h>

#include "classify/pattern.h"

enum { WORDS = ATOMS_MAX / 64, VALUES_MAX = 131072, MATCH_LIMIT = 20000, SIGNS = 1024 };

struct value {			/* a distinct text */
	uint64_t hash;
	uint32_t host_facts;
	uint32_t bits;		/* index into bits[], in units of e->words; 0: none */
};

struct memo {			/* a distinct set of atoms */
	uint32_t hits;
	uint32_t era;
	uint32_t at;		/* its bits */
};

struct sign {			/* a place of the signs' direct-mapped memory */
	uint64_t hash;
	uint32_t era, hits;
};

struct evaluator {
	const struct ruleset *rs;
	unsigned words;				/* 64-bit words of an atom set */
	uint64_t flag_atoms[FLAG_COUNT][WORDS];	/* atoms that a flag fulfils */
	unsigned *text_atoms[TEXT_COUNT], text_atoms_n[TEXT_COUNT];
	struct value *value;
	unsigned values, values_cap;
	struct table by_value;
	uint64_t *bits;
	unsigned bits_n, bits_cap;
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
	pcre2_match_context *context;
	pcre2_match_data *data;
	uint32_t *failures;			/* of atoms */
	unsigned disabled;
	struct sign sign[SIGNS];
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
		uint64_t bit = (uint64_t)1 << i % 64;

		if (a->kind == ATOM_FLAG) {
			e->flag_atoms[a->flag][i / 64] |= bit;
		} else if (a->kind == ATOM_ANY_FLAG) {
			for (unsigned f = 0; f < FLAG_COUNT; f++)
				if (a->flags[f / 64] >> f % 64 & 1)
					e->flag_atoms[f][i / 64] |= bit;
		} else {
			unsigned *n = &e->text_atoms_n[a->text];

			e->text_atoms[a->text] =
			    mem_resize(e->text_atoms[a->text], (*n + 1) * sizeof(unsigned));
			e->text_atoms[a->text][(*n)++] = i;
		}
	}
}

struct evaluator *
evaluator_open(const struct ruleset *rs)
{
	struct evaluator *e = mem_alloc(sizeof(*e));

	e->rs = rs;
	e->words = (rs->atoms + 63) / 64;
	e->failures = mem_alloc((rs->atoms + 1) * sizeof(*e->failures));
	open_atoms(e);
	open_eras(e);
	e->context = pcre2_match_context_create(NULL);
	e->data = pcre2_match_data_create(1, NULL);
	if (e->context == NULL || e->data == NULL)
		die_nomem();
	pcre2_set_match_limit(e->context, MATCH_LIMIT);
	pcre2_set_depth_limit(e->context, 1000);
	pcre2_set_heap_limit(e->context, 1024);
	mem_grow(&e->hits, &e->hits_cap, 1, sizeof(*e->hits));
	e->hits[e->hits_n++] = (struct hits){ 0 };
	return e;
}

static void
forget_values(struct evaluator *e)
{
	table_free(&e->by_value);
	e->values = 0;
	e->bits_n = e->words;	/* the first set is the empty one */
	mem_grow(&e->bits, &e->bits_cap, e->words, sizeof(*e->bits));
	memset(e->bits, 0, e->words * sizeof(*e->bits));
}

void
evaluator_close(struct evaluator *e)
{
	if (e == NULL)
		return;
	for (int t = 0; t < TEXT_COUNT; t++)
		free(e->text_atoms[t]);
	free(e->value);
	table_free(&e->by_value);
	free(e->bits);
	free(e->memo);
	table_free(&e->by_set);
	free(e->set);
	free(e->hits);
	table_free(&e->by_hits);
	arena_free(&e->arena);
	free(e->boundary);
	pcre2_match_context_free(e->context);
	pcre2_match_data_free(e->data);
	free(e->failures);
	free(e);
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
pattern_matches(struct evaluator *e, unsigned atom, const struct pattern *p, struct slice text)
{
	int rc;

	if (e->failures[atom] >= EVALUATOR_PATIENCE)
		return false;
	rc = pcre2_match(p->code, (PCRE2_SPTR)(text.p ? text.p : ""), text.n, 0, 0, e->data, e->context);
	if (rc >= 0)
		return true;
	if (rc != PCRE2_ERROR_NOMATCH && ++e->failures[atom] == EVALUATOR_PATIENCE)
		e->disabled++;
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
atom_holds(struct evaluator *e, unsigned index, struct slice text, struct slice code)
{
	const struct atom *a = &e->rs->atom[index];
	bool word = false, suffix = false;

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
		word = pattern_matches(e, index, a->pattern[i], text);
	return word || suffix;
}

static uint32_t
value_bits(struct evaluator *e, enum fact_text t, struct slice text, struct slice code)
{
	uint32_t at = e->bits_n;
	bool some = false;

	mem_grow(&e->bits, &e->bits_cap, at + e->words, sizeof(*e->bits));
	memset(e->bits + at, 0, e->words * sizeof(*e->bits));
	for (unsigned i = 0; i < e->text_atoms_n[t]; i++) {
		unsigned a = e->text_atoms[t][i];

		if (atom_holds(e, a, text, code)) {
			e->bits[at + a / 64] |= (uint64_t)1 << a % 64;
			some = true;
		}
	}
	if (!some)
		return 0;
	e->bits_n += e->words;
	return at;
}

static const struct value *
value_of(struct evaluator *e, enum fact_text t, struct slice text, struct slice code,
    const struct addr *client)
{
	uint64_t h = hash_bytes(text, 100 + t);
	struct hostname_facts hn = { 0 };
	uint32_t at, i;

	if (code.n)
		h ^= hash_bytes(code, 99);
	if (client != NULL)
		h ^= hash_u64(addr_key(client), 98);
	for (i = table_first(&e->by_value, h, &at); i != TABLE_NONE; i = table_next(&e->by_value, h, &at))
		if (e->value[i].hash == h)
			return &e->value[i];
	if (e->values == VALUES_MAX || e->bits_n == 0)
		forget_values(e);
	if (t == TEXT_NAME || t == TEXT_HELO)
		hostname_analyse(&e->rs->names, &e->domains, text, client, &hn);
	mem_grow(&e->value, &e->values_cap, e->values + 1, sizeof(*e->value));
	table_add(&e->by_value, h, e->values);
	e->value[e->values] = (struct value){ h, hn.set, value_bits(e, t, text, code) };
	return &e->value[e->values++];
}

uint32_t
evaluator_name(struct evaluator *e, struct slice name, const struct addr *client)
{
	return name.n ? value_of(e, TEXT_NAME, name, SLICE_NONE, client)->host_facts : 0;
}

static void
add_value(struct evaluator *e, uint64_t *set, const struct value *v)
{
	const uint64_t *bits = e->bits + v->bits;

	for (unsigned w = 0; v->bits && w < e->words; w++)
		set[w] |= bits[w];
}

/* The filter's rule names stand in one text, "A,B=1.5,C"; each is a value of its own. */
static void
add_tests(struct evaluator *e, uint64_t *set, struct slice tests)
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
			add_value(e, set, value_of(e, TEXT_TEST, one, SLICE_NONE, NULL));
	}
}

static void
add_texts(struct evaluator *e, struct facts *f, uint64_t *set)
{
	const struct message *m = f->message;

	for (enum fact_text t = 0; t < TEXT_REMOTE_REPLY; t++)
		if (f->text[t].n && e->text_atoms_n[t] && t != TEXT_HELO)
			add_value(e, set, value_of(e, t, f->text[t], SLICE_NONE,
			    t == TEXT_NAME && m && m->has_addr ? &m->addr : NULL));
	if (f->text[TEXT_ZONE].n)
		add_value(e, set, value_of(e, TEXT_ZONE, f->text[TEXT_ZONE], f->code, NULL));
	if (f->text[TEXT_HELO].n) {
		const struct value *v = value_of(e, TEXT_HELO, f->text[TEXT_HELO], SLICE_NONE, NULL);

		add_value(e, set, v);
		if (v->host_facts & (HN_DYNAMIC | HN_END_USER))
			facts_flag(f, FLAG_HELO_DYNAMIC);
	}
	if (m == NULL)
		return;
	add_tests(e, set, m->tests);
	for (unsigned i = 0; i < m->replies && e->text_atoms_n[TEXT_REMOTE_REPLY]; i++)
		if (m->failed[i].remote)
			add_value(e, set, value_of(e, TEXT_REMOTE_REPLY, m->failed[i].text, SLICE_NONE, NULL));
}

static uint32_t
era_of(const struct evaluator *e, int64_t ts)
{
	uint32_t era = 0;

	while (era < e->boundaries && e->boundary[era] <= ts)
		era++;
	return era;
}

static bool
rule_holds(const struct rule *r, const uint64_t *set, int64_t ts)
{
	if (r->late || ts < r->from || ts >= r->until)
		return false;
	for (unsigned i = 0; i < r->alls; i++)
		if (!(set[r->all[i] / 64] >> r->all[i] % 64 & 1))
			return false;
	for (unsigned i = 0; i < r->nones; i++)
		if (set[r->none[i] / 64] >> r->none[i] % 64 & 1)
			return false;
	return true;
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
	for (i = table_first(&e->by_hits, h, &at); i != TABLE_NONE; i = table_next(&e->by_hits, h, &at))
		if (e->hits[i].n == n && memcmp(e->hits[i].rule, rule, bytes.n) == 0)
			return i;
	mem_grow(&e->hits, &e->hits_cap, e->hits_n + 1, sizeof(*e->hits));
	copy = arena_alloc(&e->arena, bytes.n);
	memcpy(copy, rule, bytes.n);
	e->hits[e->hits_n] = (struct hits){ n, copy, spam_by };
	table_add(&e->by_hits, h, e->hits_n);
	return e->hits_n++;
}

static uint32_t
match_rules(struct evaluator *e, const uint64_t *set, int64_t ts)
{
	uint16_t rule[RULES_MAX];
	uint32_t n = 0;
	uint8_t spam_by = 0;

	for (unsigned i = 0; i < e->rs->rules; i++) {
		if (!rule_holds(&e->rs->rule[i], set, ts))
			continue;
		rule[n++] = (uint16_t)i;
		spam_by |= e->rs->rule[i].spam_by;
	}
	return hits_intern(e, rule, n, spam_by);
}

uint32_t
evaluator_hits(struct evaluator *e, struct facts *f, int64_t ts)
{
	uint64_t set[WORDS] = { 0 };
	uint32_t era = era_of(e, ts), at, i;
	uint64_t h;

	add_texts(e, f, set);
	for (unsigned w = 0; w < sizeof(f->flags) / sizeof(f->flags[0]); w++)
		for (uint64_t rest = f->flags[w]; rest; rest &= rest - 1) {
			const uint64_t *mask = e->flag_atoms[w * 64 + (unsigned)__builtin_ctzll(rest)];

			for (unsigned k = 0; k < e->words; k++)
				set[k] |= mask[k];
		}
	h = hash_bytes((struct slice){ (const char *)set, e->words * sizeof(*set) }, era);
	for (i = table_first(&e->by_set, h, &at); i != TABLE_NONE; i = table_next(&e->by_set, h, &at))
		if (e->memo[i].era == era &&
		    memcmp(e->set + e->memo[i].at, set, e->words * sizeof(*set)) == 0)
			return e->memo[i].hits;
	mem_grow(&e->memo, &e->memos_cap, e->memos + 1, sizeof(*e->memo));
	mem_grow(&e->set, &e->set_cap, e->set_n + e->words, sizeof(*e->set));
	memcpy(e->set + e->set_n, set, e->words * sizeof(*set));
	e->memo[e->memos] = (struct memo){ match_rules(e, set, ts), era, e->set_n };
	e->set_n += e->words;
	table_add(&e->by_set, h, e->memos);
	return e->memo[e->memos++].hits;
}

uint32_t
evaluator_sign(struct evaluator *e, const struct message *m, const struct own *own)
{
	uint64_t h = hash_u64((uint64_t)m->flags << 16 | m->reason, 7);
	uint32_t era = era_of(e, m->ts);
	struct sign *x;
	struct facts f;

	if (m->zone.n)
		h ^= hash_bytes(m->zone, 5) ^ hash_bytes(m->code, 6);
	x = &e->sign[h % SIGNS];
	if (x->hash == h && x->era == era)
		return x->hits;
	facts_of_sign(m, own, &f);
	*x = (struct sign){ h, era, evaluator_hits(e, &f, m->ts) };
	return x->hits;
}

const struct hits *
evaluator_get(const struct evaluator *e, uint32_t hits)
{
	assert(hits < e->hits_n);
	return &e->hits[hits];
}

uint32_t
evaluator_count(const struct evaluator *e)
{
	return e->hits_n;
}

unsigned
evaluator_disabled(const struct evaluator *e)
{
	return e->disabled;
}
