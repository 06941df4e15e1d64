/*
 * An event's flags and the atoms that its texts fulfil are a key that is looked up in a memo; only
 * a new one is compared with all rules. So a line costs a few table probes, whatever the number of
 * rules.
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

#include "base/recall.h"
#include "base/swar.h"
#include "base/table.h"
#include "classify/matcher.h"
#include "classify/rule_index.h"
#include "classify/stance.h"

enum {
	NAMES = 4096,
	SIGNS = 1024
};

struct key {			/* what rules can know of an event */
	/* that some atom asks for; above the last flag WHOLE and the era */
	uint64_t flags[FLAG_WORDS];
	uint64_t text[WORDS];	/* atoms of texts that hold; only the first words are kept */
};

#define WHOLE ((uint64_t)1 << 31)	/* what `more` wants is known */
enum { ERA_SHIFT = 32 };
_Static_assert(FLAG_COUNT < 64 * (FLAG_WORDS - 1) + 31, "room above the flags");

/*
 * A distinct key and what follows: a record of e->stride words, one line of cache for the shipped
 * rules. Behind it stand the key's words, then the text atoms wanted by `more`.
 */
struct memo {
	uint32_t hits;
	uint32_t more;		/* texts that must be known before there are hits */
};

enum { MEMO_KEY = sizeof(struct memo) / sizeof(uint64_t) };	/* where its key begins */

struct evaluator {
	const struct ruleset *rs;
	struct matcher *matcher;
	struct screen *screens;			/* the matcher's, by kind of text */
	unsigned text_words;			/* 64-bit words of a set of text atoms */
	struct stances stances;
	struct rule_index index;
	uint64_t *name, *sign;			/* hashes (recall.h), of which is known: */
	struct name_facts *name_facts;
	uint32_t *sign_hits;
	uint64_t *memo;				/* records; see struct memo */
	unsigned memos, memos_cap, stride;
	struct table by_key;
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

struct evaluator *
evaluator_open(const struct ruleset *rs)
{
	struct evaluator *e = mem_alloc(sizeof(*e));

	e->rs = rs;
	e->matcher = matcher_open(rs, EVALUATOR_PATIENCE);
	e->screens = matcher_screens(e->matcher);
	stances_open(&e->stances, rs);
	e->text_words = e->stances.text_words;
	e->stride = MEMO_KEY + FLAG_WORDS + 2 * e->text_words;
	rule_index_open(&e->index, rs);
	open_eras(e);
	e->name = mem_alloc(NAMES * sizeof(*e->name));
	e->name_facts = mem_alloc(NAMES * sizeof(*e->name_facts));
	e->sign = mem_alloc(SIGNS * sizeof(*e->sign));
	e->sign_hits = mem_alloc(SIGNS * sizeof(*e->sign_hits));
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
	stances_close(&e->stances);
	rule_index_close(&e->index);
	free(e->name);
	free(e->name_facts);
	free(e->sign);
	free(e->sign_hits);
	free(e->memo);
	table_free(&e->by_key);
	free(e->hits);
	table_free(&e->by_hits);
	arena_free(&e->arena);
	free(e->boundary);
	free(e);
}

/* Sources are counted by /64, but a name may hold the whole IPv6 address. */
static uint64_t
client_seed(const struct addr *a)
{
	return addr_is_v4(a) ? addr_key(a) :
	    hash_u64(swar_load((const char *)a->b), swar_load((const char *)a->b + 8));
}

struct name_facts
evaluator_name(struct evaluator *e, struct slice name, const struct addr *client)
{
	struct hostname_facts hn;
	bool known;
	size_t place;

	if (name.n == 0)
		return (struct name_facts){ 0 };
	place = recall(
	    e->name, NAMES, hash_bytes(name, client ? client_seed(client) : 1) | 1, &known);
	if (!known) {
		hostname_analyse(&e->rs->names, &e->domains, name, client, &hn);
		e->name_facts[place] = (struct name_facts){ (uint16_t)hn.set,
			(uint8_t)hn.domain.n };
	}
	return e->name_facts[place];
}

/* How many bytes stand before a comma or an equals sign? */
static size_t
test_end(struct slice tests)
{
	size_t i = 0;

	for (; i + 8 <= tests.n; i += 8) {
		uint64_t v = swar_load(tests.p + i);
		uint64_t hit = swar_equal(v, ',') | swar_equal(v, '=');

		if (hit)
			return i + swar_first(hit);
	}
	while (i < tests.n && tests.p[i] != ',' && tests.p[i] != '=')
		i++;
	return i;
}

/* The filter's rule names stand in one text, "A,B=1.5,C"; each is a value of its own. */
static void
add_tests(struct evaluator *e, uint64_t *set, const uint64_t *want, struct slice tests)
{
	while (tests.n > 0) {
		struct slice one = slice_first(tests, test_end(tests));

		tests = slice_skip(tests, one.n);
		if (tests.n > 0 && tests.p[0] == '=') {
			const char *comma = slice_chr(tests, ',');

			tests = comma ? slice_range(comma, slice_end(tests)) : SLICE_NONE;
		}
		tests = slice_skip(tests, 1);
		while (one.n && one.p[0] == ' ')
			one = slice_skip(one, 1);
		if (one.n && screen_passes(&e->screens[TEXT_TEST], one))
			matcher_add(e->matcher, TEXT_TEST, one, want, set);
	}
}

static inline void
add_replies(struct evaluator *e, const struct message *m, const uint64_t *want, uint64_t *set)
{
	for (unsigned i = 0; i < m->replies; i++)
		if (m->failed[i].remote && m->failed[i].text.n)
			matcher_add(e->matcher, TEXT_REMOTE_REPLY, m->failed[i].text, want, set);
}

/* texts: which of them are wanted at all. */
static void
add_texts(struct evaluator *e, const struct facts *f, uint32_t texts, const uint64_t *want,
    uint64_t *set)
{
	const struct message *m = f->message;

	for (uint32_t rest = texts & f->texts; rest; rest &= rest - 1) {
		enum fact_text t = (enum fact_text)__builtin_ctz(rest);
		struct slice text;

		if (t == TEXT_REMOTE_REPLY) {
			add_replies(e, m, want, set);
			continue;
		}
		text = facts_text(f, t);
		if (text.n == 0)
			continue;
		if (t == TEXT_TEST)
			add_tests(e, set, want, text);
		else if (t == TEXT_ZONE)
			matcher_add_zone(e->matcher, text, m->code, want, set);
		else if (screen_passes(&e->screens[t], text))
			matcher_add(e->matcher, t, text, want, set);
	}
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

uint32_t
evaluator_intern(struct evaluator *e, const uint16_t *rule, uint32_t n)
{
	uint8_t spam_by = 0;

	for (uint32_t i = 0; i < n; i++) {
		assert(rule[i] < e->rs->rules && (i == 0 || rule[i - 1] < rule[i]));
		spam_by |= e->rs->rule[rule[i]].spam_by;
	}
	return hits_intern(e, rule, n, spam_by);
}

static inline struct memo *
memo_at(const struct evaluator *e, uint32_t i)
{
	return (struct memo *)(e->memo + (size_t)i * e->stride);
}

/* A new key: its hits, or, unless it is whole, which texts must be asked about before. */
static uint32_t
memo_make(struct evaluator *e, const struct key *key, int64_t ts)
{
	struct memo m = { 0 };
	uint64_t set[WORDS] = { 0 }, *own, *more;
	uint64_t flags[FLAG_WORDS] = { key->flags[0], key->flags[1] & (WHOLE - 1) };
	bool whole = key->flags[1] & WHOLE;
	uint16_t rule[RULES_MAX];
	uint32_t n;
	uint8_t spam_by = 0;

	mem_grow(&e->memo, &e->memos_cap, (e->memos + 1) * e->stride, sizeof(*e->memo));
	own = (uint64_t *)memo_at(e, e->memos) + MEMO_KEY;
	more = own + FLAG_WORDS + e->text_words;
	memcpy(own, key, (FLAG_WORDS + e->text_words) * sizeof(*own));
	memset(more, 0, e->text_words * sizeof(*more));
	memcpy(set, key->text, e->text_words * sizeof(*set));
	stances_add_flags(&e->stances, flags, set);
	n = rule_index_holding(&e->index, set, ts, rule);
	for (uint32_t i = 0; i < n; i++) {
		const struct rule *r = &e->rs->rule[rule[i]];

		spam_by |= r->spam_by;
		if (!whole)
			want_texts(e->rs, r->none, r->nones, more, &m.more);
	}
	if (m.more == 0)
		m.hits = hits_intern(e, rule, n, spam_by);
	*memo_at(e, e->memos) = m;
	return e->memos++;
}

static inline bool
same_key(const struct evaluator *e, const struct memo *m, const struct key *key)
{
	const uint64_t *kept = (const uint64_t *)m + MEMO_KEY;
	uint64_t differ = (kept[0] ^ key->flags[0]) | (kept[1] ^ key->flags[1]);

	for (unsigned i = 0; i < e->text_words; i++)
		differ |= kept[FLAG_WORDS + i] ^ key->text[i];
	return differ == 0;
}

static const struct memo *
memo_of(struct evaluator *e, const struct key *key, int64_t ts)
{
	uint64_t h = hash_fold(key->flags[0] ^ hash_key[0], key->flags[1] ^ hash_key[1]);
	uint32_t at, i;

	for (i = 0; i < e->text_words; i++)
		h = hash_fold(h ^ key->text[i], hash_key[2]);
	for (i = table_first(&e->by_key, h, &at); i != TABLE_NONE;
	     i = table_next(&e->by_key, h, &at))
		if (same_key(e, memo_at(e, i), key))
			return memo_at(e, i);
	i = memo_make(e, key, ts);
	table_add(&e->by_key, h, i);
	return memo_at(e, i);
}

uint32_t
evaluator_hits(struct evaluator *e, struct facts *f, int64_t ts)
{
	const struct stances *x = &e->stances;
	const struct stance *s = stances_find(&e->stances, f->flags);
	const struct memo *m;
	uint64_t more[WORDS];
	struct key key;

	/* a HELO that is the reverse name has its facts; beside another name it proves nothing */
	if (s->helo_facts && facts_is(f, FLAG_NO_NAME) && (f->texts >> TEXT_HELO & 1) &&
	    (evaluator_name(e, facts_text(f, TEXT_HELO), NULL).set & (HN_DYNAMIC | HN_END_USER))) {
		facts_flag(f, FLAG_HELO_DYNAMIC);
		s = stances_find(&e->stances, f->flags);
	}
	key.flags[0] = f->flags[0] & x->asked[0];
	key.flags[1] = (f->flags[1] & x->asked[1]) | (uint64_t)era_of(e, ts) << ERA_SHIFT;
	key.text[0] = key.text[1] = 0;		/* for the shipped rules these are all */
	for (unsigned i = 2; i < e->text_words; i++)
		key.text[i] = 0;
	add_texts(e, f, s->texts, stance_want(x, s), key.text);
	m = memo_of(e, &key, ts);
	if (m->more == 0)
		return m->hits;
	memcpy(more, (const uint64_t *)m + MEMO_KEY + FLAG_WORDS + e->text_words,
	    e->text_words * sizeof(*more));
	add_texts(e, f, m->more, more, key.text);
	key.flags[1] |= WHOLE;
	return memo_of(e, &key, ts)->hits;
}

uint32_t
evaluator_sign(struct evaluator *e, const struct message *m)
{
	uint32_t era = era_of(e, m->ts);
	uint64_t key = (uint64_t)era << 8 | m->reason;
	uint64_t h = hash_fold(m->flags ^ hash_key[0], key ^ hash_key[1]);
	struct facts f;
	size_t place;
	bool known;

	if (m->zone.n)
		h = hash_fold(h ^ recall_hash(m->zone, 5), hash_key[2] ^ recall_hash(m->code, 6));
	place = recall(e->sign, SIGNS, h | 1, &known);
	if (!known) {
		facts_of_sign(m, &f);
		e->sign_hits[place] = evaluator_hits(e, &f, m->ts);
	}
	return e->sign_hits[place];
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
