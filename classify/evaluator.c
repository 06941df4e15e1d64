/*
 * An event's flags lead to a root of a tree (tree.h), the atoms that its texts fulfil from there to
 * where its rules are known; only at a new node all rules are looked at. So a line costs a few
 * table probes, whatever the number of rules.
 *
 * Validity dates split time into eras, within which the set of valid rules is constant.
 */
#include "classify/evaluator.h"

#include <assert.h>
#include <stdlib.h>

#include "base/recall.h"
#include "classify/matcher.h"
#include "classify/tree.h"

enum {
	NAMES = 4096,
	SIGNS = 1024
};

struct evaluator {
	const struct ruleset *rs;
	struct matcher *matcher;
	struct screens *screens;		/* the matcher's */
	struct tree tree;
	uint64_t *name, *sign;			/* hashes (recall.h), of which is known: */
	struct name_facts *name_facts;
	uint32_t *sign_hits;
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
	tree_open(&e->tree, rs);
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
	tree_close(&e->tree);
	free(e->name);
	free(e->name_facts);
	free(e->sign);
	free(e->sign_hits);
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
evaluator_new_name(struct evaluator *e, struct slice name, const struct addr *client)
{
	struct hostname_facts hn;

	hostname_analyse(&e->rs->names, &e->domains, name, client, &hn);
	return (struct name_facts){ (uint16_t)hn.set, (uint8_t)hn.domain.n };
}

struct name_facts
evaluator_name(struct evaluator *e, struct slice name, const struct addr *client)
{
	uint64_t h;
	bool known;
	size_t place;

	if (name.n == 0)
		return (struct name_facts){ 0 };
	h = hash_bytes(name, client ? client_seed(client) : 1) | 1;
	place = recall(e->name, NAMES, h, &known);
	if (!known)
		e->name_facts[place] = evaluator_new_name(e, name, client);
	return e->name_facts[place];
}

/* A way through the tree: where an event is, and which of its texts are asked about. */
struct way {
	struct evaluator *e;
	struct node *node;
	const uint64_t *want;		/* atoms of these texts: */
	uint32_t texts;
};

/* Of the kind t these atoms hold, as far as they are wanted. */
static inline __attribute__((always_inline)) void
go(struct way *x, enum fact_text t, const uint64_t *holds)
{
	const struct screen *s = &x->e->screens->of[t];

	for (unsigned w = s->from; w < s->to; w++)
		if (holds[w] & x->want[w])
			x->node = tree_step(&x->e->tree, x->node, w, holds[w] & x->want[w]);
}

static inline void
clear(const struct screen *s, uint64_t *got)
{
	got[s->from] = 0;		/* mostly this is all */
	for (unsigned w = s->from + 1; w < s->to; w++)
		got[w] = 0;
}

static __attribute__((noinline)) void
take_fitting(struct way *x, enum fact_text t, struct slice text, unsigned look)
{
	uint64_t got[WORDS];

	clear(&x->e->screens->of[t], got);
	matcher_add(x->e->matcher, t, text, look, x->want, got);
	go(x, t, got);
}

static __attribute__((noinline)) void
take_present(struct way *x, enum fact_text t, struct slice text)
{
	unsigned look = screen_look(&x->e->screens->of[t], text);

	if (look)
		take_fitting(x, t, text, look);
}

static inline void
take(struct way *x, enum fact_text t, struct slice text)
{
	if ((x->texts >> t & 1) && text.n > 0)
		take_present(x, t, text);
}

static __attribute__((noinline)) void
take_replies(struct way *x, const struct message *m)
{
	const struct screen *s = &x->e->screens->of[TEXT_REMOTE_REPLY];
	uint64_t got[WORDS];

	clear(s, got);
	for (unsigned i = 0; i < m->replies; i++) {
		struct slice text = m->failed[i].remote ? m->failed[i].text : SLICE_NONE;
		unsigned look = text.n ? screen_look(s, text) : 0;

		if (look)
			matcher_add(x->e->matcher, TEXT_REMOTE_REPLY, text, look, x->want, got);
	}
	go(x, TEXT_REMOTE_REPLY, got);
}

/* What few rules ask about. */
static void
take_others(struct way *x, const struct facts *f)
{
	const struct message *m = f->message;

	take(x, TEXT_NAME, m->client_name.n ? m->client_name : m->unverified);
	take(x, TEXT_SENDER, m->sender);
	take(x, TEXT_SENDER_DOMAIN, slice_skip(m->sender, f->local + 1));
	take(x, TEXT_ACCOUNT, m->account);
	take(x, TEXT_USER, m->user);
	take(x, TEXT_CWD, m->cwd);
	take(x, TEXT_REPLY, m->reply);
}

/* Goes on to where the event's texts lead, in an order that is always the same. */
static inline __attribute__((always_inline)) struct node *
take_texts(struct evaluator *e, const struct facts *f, uint32_t texts, const uint64_t *want,
    struct node *from)
{
	enum { COMMON = 1 << TEXT_HELO | 1 << TEXT_SENDER_LOCAL | 1 << TEXT_ZONE | 1 << TEXT_TEST |
		1 << TEXT_REMOTE_REPLY };
	const struct message *m = f->message;
	struct way x = { e, from, want, texts & f->texts };

	take(&x, TEXT_HELO, m->helo);
	take(&x, TEXT_SENDER_LOCAL, slice_first(m->sender, f->local));
	if ((x.texts >> TEXT_ZONE & 1) && m->zone.n > 0)
		go(&x, TEXT_ZONE, matcher_zone(e->matcher, m->zone, m->code));
	if ((x.texts >> TEXT_TEST & 1) && m->tests.n > 0)
		go(&x, TEXT_TEST, matcher_tests(e->matcher, m->tests));
	if ((x.texts >> TEXT_REMOTE_REPLY & 1) && m->replies > 0)
		take_replies(&x, m);
	if (x.texts & ~(uint32_t)COMMON)
		take_others(&x, f);
	return x.node;
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

uint32_t
evaluator_intern(struct evaluator *e, const uint16_t *rule, uint32_t n)
{
	struct slice bytes = { (const char *)rule, n * sizeof(*rule) };
	uint64_t h = hash_bytes(bytes, 55);
	uint32_t at, i;
	uint16_t *copy;
	uint8_t spam_by = 0;

	if (n == 0)
		return 0;
	for (i = table_first(&e->by_hits, h, &at); i != TABLE_NONE;
	     i = table_next(&e->by_hits, h, &at))
		if (e->hits[i].n == n && memcmp(e->hits[i].rule, rule, bytes.n) == 0)
			return i;
	for (i = 0; i < n; i++) {
		assert(rule[i] < e->rs->rules && (i == 0 || rule[i - 1] < rule[i]));
		spam_by |= e->rs->rule[rule[i]].spam_by;
	}
	mem_grow(&e->hits, &e->hits_cap, e->hits_n + 1, sizeof(*e->hits));
	copy = arena_alloc(&e->arena, bytes.n);
	memcpy(copy, rule, bytes.n);
	e->hits[e->hits_n] = (struct hits){ n, copy, spam_by };
	table_add(&e->by_hits, h, e->hits_n);
	return e->hits_n++;
}

/* Where texts end for the first time. */
static void __attribute__((noinline))
end_at(struct evaluator *e, struct node *n, int64_t ts)
{
	uint16_t rule[RULES_MAX];
	uint32_t rules = tree_end(&e->tree, n, ts, rule);

	if (n->more == 0)
		n->hits = evaluator_intern(e, rule, rules);
}

/* The rules that hold if their late texts do not. */
static uint32_t __attribute__((noinline))
late_hits(struct evaluator *e, const struct facts *f, int64_t ts, struct node *n)
{
	n = take_texts(e, f, n->more, n->want, tree_late(&e->tree, n));
	if (!n->ended)
		end_at(e, n, ts);
	return n->hits;
}

uint32_t
evaluator_hits(struct evaluator *e, struct facts *f, int64_t ts)
{
	uint32_t era = era_of(e, ts);
	struct node *n;

	tree_prune(&e->tree);
	n = tree_root(&e->tree, f->flags, era);
	/* a HELO that is the reverse name has its facts; beside another name it proves nothing */
	if (n->helo_facts && facts_is(f, FLAG_NO_NAME) && (f->texts >> TEXT_HELO & 1) &&
	    (evaluator_name(e, f->message->helo, NULL).set & (HN_DYNAMIC | HN_END_USER))) {
		facts_flag(f, FLAG_HELO_DYNAMIC);
		n = tree_root(&e->tree, f->flags, era);
	}
	n = take_texts(e, f, n->texts, n->asked, n);
	if (!n->ended)
		end_at(e, n, ts);
	return n->more == 0 ? n->hits : late_hits(e, f, ts, n);
}

static uint32_t __attribute__((noinline))
new_sign(struct evaluator *e, const struct message *m, size_t place)
{
	struct facts f;

	facts_of_sign(m, &f);
	e->sign_hits[place] = evaluator_hits(e, &f, m->ts);
	return e->sign_hits[place];
}

uint32_t
evaluator_sign(struct evaluator *e, const struct message *m)
{
	uint64_t a = hash_key[0] ^ m->flags;
	uint64_t b = hash_key[1] ^ ((uint64_t)era_of(e, m->ts) << 8 | m->reason);
	size_t place;
	bool known;

	if (m->zone.n) {
		a ^= recall_hash(m->zone, 5);
		b ^= recall_hash(m->code, 6);
	}
	place = recall(e->sign, SIGNS, hash_fold(a, b) | 1, &known);
	return known ? e->sign_hits[place] : new_sign(e, m, place);
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
