/*
 * See state_fold.h: the merge. Both chains of a source come in descending order of hour, so a
 * source's hours are taken over in one walk along each. What a shared bag is here is worked out
 * once.
 */
#include "classify/state_fold.h"

#include <stdlib.h>

#include "classify/state_client.h"
#include "classify/state_hours.h"
#include "classify/state_packed.h"

enum { AHEAD = 8 };

struct merge {
	struct state *into;
	const struct state *from;
	uint32_t *signature;	/* by from's, into's; here and below */
	uint32_t *source;
	uint32_t *bag;		/* of the shared ones; 0: not asked yet */
};

static void
merge_signatures(struct merge *g, const struct state_maps *maps)
{
	for (unsigned i = 0; i < g->from->signatures; i++) {
		struct signature sig = g->from->signature[i];

		if (maps != NULL && maps->hits != NULL)
			sig.hits = maps->hits[sig.hits];
		if (maps != NULL && maps->host != NULL)
			sig.host = maps->host[sig.host];
		g->signature[i] = state_signature(g->into, &sig);
	}
}

/* The bag with all of from's bag too. */
static uint32_t
unite(struct merge *g, uint32_t bag, uint32_t other)
{
	unsigned n;
	const struct bag_item *x = bags_items(&g->from->bags, other, &n), *end = x + n;

	for (; x < end; x++)
		bag = bags_add(&g->into->bags, bag,
		    x->what < WHAT_COUNTER ? g->signature[x->what] : x->what, x->n);
	return bag;
}

static uint32_t
merge_bag(struct merge *g, uint32_t bag, uint32_t other)
{
	uint32_t one;

	if (bag != 0 || !bag_is_shared(other))
		return unite(g, bag, other);
	if (g->bag[other] != 0)
		return g->bag[other];
	one = unite(g, 0, other);
	if (bag_is_shared(one))
		g->bag[other] = one;
	return one;
}

static void
merge_hours(struct merge *g, uint32_t source, const struct source *s)
{
	uint32_t after = 0;

	for (struct walk w = state_newest(s); w.bag != 0; w = state_older(g->from, w)) {
		uint32_t *bag = state_bag(g->into, source, &after, w.hour);

		*bag = merge_bag(g, *bag, w.bag);
	}
}

static void
merge_helos(struct merge *g, uint32_t source, const struct source *s)
{
	uint32_t after = 0;

	if (s->helo != 0)
		state_helo(g->into, source, &after, s->helo_day, s->helo);
	for (uint32_t i = s->helos; i != 0; i = g->from->helo[i - 1].next)
		state_helo(g->into, source, &after, g->from->helo[i - 1].day,
		    g->from->helo[i - 1].hash);
}

static void
merge_source(struct merge *g, uint32_t i)
{
	const struct source *s = &g->from->source[i];
	bool client = s->kind == SOURCE_CLIENT;
	uint64_t id = state_has_text(s->kind) ? state_text(g->into, g->from->text[s->id]) : s->id;
	uint32_t to = state_source(g->into, s->kind, id, client ? 0 : s->net, s->first);
	struct source *t = &g->into->source[to];

	g->source[i] = to;
	if (t->last < s->last)
		t->last = s->last;
	if (client && s->name != NULL)
		state_name(g->into, t, source_name(s), state_name_hash(source_name(s)),
		    s->verified);
	merge_hours(g, to, s);
	merge_helos(g, to, s);
}

static uint64_t
sum(uint64_t a, uint64_t b)
{
	return a + b < STATE_SUM_MAX ? a + b : STATE_SUM_MAX;
}

static void
merge_sums(struct state *into, const struct state *from)
{
	into->attempts = sum(into->attempts, from->attempts);
	into->login_failures = sum(into->login_failures, from->login_failures);
	if (!from->spanned)
		return;
	if (!into->spanned || from->first < into->first)
		into->first = from->first;
	if (!into->spanned || from->last > into->last)
		into->last = from->last;
	into->spanned = true;
}

void
state_merge(struct state *into, const struct state *from, const struct state_maps *maps)
{
	struct merge g = { .into = into, .from = from };

	g.signature = mem_alloc((from->signatures + 1ul) * sizeof(*g.signature));
	g.source = mem_alloc((from->sources + 1ul) * sizeof(*g.source));
	g.bag = mem_alloc((from->bags.bags + 1ul) * sizeof(*g.bag));
	merge_signatures(&g, maps);
	for (uint32_t i = 0; i < from->sources; i++) {
		if (i + AHEAD < from->sources)	/* most are clients */
			state_expect_client(into, from->source[i + AHEAD].id);
		merge_source(&g, i);
	}
	for (unsigned i = 0; i < from->sides.n; i++) {
		const struct side *x = &from->sides.item[i];

		set_unite(sides_set(&into->sides, g.source[x->source], x->day, x->kind), &x->set);
	}
	merge_sums(into, from);
	free(g.signature);
	free(g.source);
	free(g.bag);
}
