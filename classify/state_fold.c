/*
 * See state_fold.h: the merge. Both chains of a source come in descending order of hour, so a
 * source's hours are taken over in one walk along each. What a shared bag is here is worked out
 * once.
 */
#include "classify/state_merger.h"

#include <stdlib.h>

#include "classify/state_client.h"
#include "classify/state_hours.h"
#include "classify/state_limit.h"
#include "classify/state_packed.h"
#include "classify/state_select.h"
#include "classify/state_sets.h"

enum { AHEAD = 16 };

uint32_t *
state_map_signatures(struct state *into, const struct state *from, const struct state_maps *maps)
{
	uint32_t *signature = mem_alloc((from->signatures + 1ul) * sizeof(*signature));

	for (unsigned i = 0; i < from->signatures; i++) {
		struct signature sig = from->signature[i];

		if (maps != NULL && maps->hits != NULL)
			sig.hits = maps->hits[sig.hits];
		if (maps != NULL && maps->host != NULL)
			sig.host = maps->host[sig.host];
		sig.zone = sig.zone ? state_text(into, from->text[sig.zone]) : 0;
		signature[i] = state_signature(into, &sig);
	}
	return signature;
}

static uint32_t
unite(struct merge *g, uint32_t bag, uint32_t other)
{
	unsigned n;
	const struct bag_item *x = bags_items(&g->from->bags, other, &n);
	struct bag_item all[BAG_ITEMS];
	bool few = bag == 0 && n <= BAG_ITEMS;

	for (unsigned i = 0; i < n; i++) {
		uint32_t what = x[i].what < WHAT_COUNTER ? g->signature[x[i].what] : x[i].what;

		if (few)
			all[i] = (struct bag_item){ what, x[i].n };
		else
			bag = bags_add(&g->into->bags, bag, what, x[i].n);
	}
	return few ? bags_of(&g->into->bags, all, n) : bag;
}

uint32_t
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

/* From's hours behind w, as new ones; those behind them: next, as index + 1. */
static uint32_t
copy_hours(struct merge *g, struct walk w, uint32_t next)
{
	struct state *into = g->into;
	uint32_t first = into->hours + 1;

	if (w.next == 0)
		return next;
	while ((w = state_older(g->from, w)).bag != 0) {
		mem_grow(&into->hour, &into->caps[1], into->hours + 1, sizeof(*into->hour));
		into->hour[into->hours] = (struct hour){ into->hours + 2, w.hour,
			merge_bag(g, 0, w.bag) };
		into->hours++;
	}
	into->hour[into->hours - 1].next = next;
	return first;
}

static uint32_t
oldest_hour(const struct state *st, const struct source *s)
{
	struct walk w = state_newest(s);

	while (w.next != 0)
		w = state_older(st, w);
	return w.hour;
}

/* Many sources may become the rest, which has all hours: their sums come there at the end. */
static bool
rest_hour(struct merge *g, struct walk w)
{
	unsigned n;
	const struct bag_item *x = bags_items(&g->from->bags, w.bag, &n), *end = x + n;

	for (; x < end; x++)
		if (!rest_add(&g->rest, w.hour,
			x->what < WHAT_COUNTER ? g->signature[x->what] : x->what, x->n))
			return false;
	return true;
}

static void
merge_rest(struct merge *g, uint32_t source, const struct source *s)
{
	for (struct walk w = state_newest(s); w.bag != 0; w = state_older(g->from, w)) {
		uint32_t after = 0, *bag, old;

		if (rest_hour(g, w))
			continue;
		bag = state_bag(g->into, source, &after, w.hour);
		old = *bag;
		old = merge_bag(g, old, w.bag);
		*bag = old;
	}
}

static void
merge_hours(struct merge *g, uint32_t source, const struct source *s)
{
	struct source *t = &g->into->source[source];
	uint32_t after = 0;

	if (s->bag == 0)
		return;
	if (t->kind == SOURCE_REST) {
		merge_rest(g, source, s);
		return;
	}
	if (t->bag == 0 || oldest_hour(g->from, s) > t->hour) {
		uint32_t *newest = state_bag(g->into, source, &after, s->hour);

		*newest = merge_bag(g, 0, s->bag);
		t->hours = copy_hours(g, state_newest(s), t->hours);
		return;
	}
	for (struct walk w = state_newest(s); w.bag != 0; w = state_older(g->from, w)) {
		uint32_t *bag = state_bag(g->into, source, &after, w.hour), old = *bag;

		old = merge_bag(g, old, w.bag);
		*bag = old;
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

void
merge_name(struct arena *arena, struct source *t, const struct source *s)
{
	if (s->name == NULL)
		return;
	if (t->name_hash != s->name_hash || t->verified != s->verified)
		state_name_in(arena, t, source_name(s), s->name_hash, s->verified);
	if (t->name_hash == s->name_hash && t->name_set == 0) {
		t->name_set = s->name_set;
		t->name_domain = s->name_domain;
	}
}

/* The one that stands for it. */
static uint32_t
find_or_add(struct merge *g, uint32_t i)
{
	const struct source *s = &g->from->source[i];
	bool client = s->kind == SOURCE_CLIENT;
	uint64_t id = state_has_text(s->kind) ? state_text(g->into, g->from->text[s->id]) : s->id;
	uint64_t net = client ? 0 : s->net;

	if (s->kind == SOURCE_ACCOUNT && state_is_rest(g->into, SOURCE_ACCOUNT, id, net) &&
	    state_only_failed(g->from, i) &&
	    state_find(g->into, SOURCE_ACCOUNT, id, net) == TABLE_NONE)
		return state_rest(g->into, s->first);
	return state_source(g->into, s->kind, id, net, s->first);
}

void
merge_source(struct merge *g, uint32_t i)
{
	const struct source *s = &g->from->source[i];
	struct source *t;
	uint32_t to;

	g->source[i] = TABLE_NONE;
	if (!select_holds(g->into->kept, s))
		return;
	g->source[i] = to = find_or_add(g, i);
	t = &g->into->source[to];
	if (t->last < s->last)
		t->last = s->last;
	if (t->kind == SOURCE_CLIENT)
		merge_name(&g->into->arena, t, s);
	merge_hours(g, to, s);
	if (t->kind == SOURCE_CLIENT)
		merge_helos(g, to, s);
}

void
merge_of_rest(struct merge *g, uint32_t i)
{
	const struct source *s = &g->from->source[i];
	uint32_t to = state_rest(g->into, s->first);
	struct source *t = &g->into->source[to];

	g->source[i] = to;
	if (t->last < s->last)
		t->last = s->last;
	merge_hours(g, to, s);
}

/* Sets of the rest would be of many sources: there are none. */
static void
merge_sides(struct merge *g)
{
	for (unsigned i = 0; i < g->from->sides; i++) {
		struct side *x = &g->from->side[i];
		uint32_t to = g->source[x->source];
		struct set *set;

		if (to == TABLE_NONE || g->into->source[to].kind == SOURCE_REST ||
		    !hours_hold_day(g->into->kept, x->day))
			continue;
		set = state_set(g->into, to, x->day, x->kind);
		if (set->n == 0 && !set->estimated) {
			*set = x->set;
			x->set = (struct set){ .n = 0 };
		} else {
			set_unite(set, &x->set);
		}
	}
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
merge_open(struct merge *g, const struct state_maps *maps)
{
	const struct state *from = g->from;

	g->signature = state_map_signatures(g->into, from, maps);
	g->bag = mem_alloc((from->bags.bags + 1ul) * sizeof(*g->bag));
	rest_open(&g->rest, g->into, from);
}

void
merge_close(struct merge *g)
{
	rest_close(&g->rest);
	merge_sides(g);
	merge_sums(g->into, g->from);
	state_free(g->from);
	free(g->signature);
	free(g->bag);
}

/* Most are clients; first the table's slot is fetched, then what it names. */
static void
expect(const struct merge *g, uint32_t i)
{
	if (i + AHEAD < g->from->sources)
		state_expect_client(g->into, g->from->source[i + AHEAD].id);
	if (i + AHEAD / 2 < g->from->sources)
		state_expect_source(g->into, g->from->source[i + AHEAD / 2].id);
}

static void
merge_alone(struct state *into, struct state *from, const struct state_maps *maps,
    uint32_t *number)
{
	struct merge g = { .into = into, .from = from, .source = number };

	merge_open(&g, maps);
	for (uint32_t i = 0; i < from->sources; i++) {
		expect(&g, i);
		merge_source(&g, i);
	}
	merge_close(&g);
}

void
state_merge_numbered(struct state *into, struct state *from, const struct state_maps *maps,
    unsigned threads, uint32_t *number)
{
	if (into->kept.to != 0)
		state_select(from, into->kept);
	if (into->halvings < from->halvings)
		state_thin(into, UINT32_MAX, from->halvings, threads);
	if (threads < 2 || into->kept.to != 0)
		merge_alone(into, from, maps, number);
	else
		merge_together(into, from, maps, threads, number);
}

void
state_merge_threads(struct state *into, struct state *from, const struct state_maps *maps,
    unsigned threads)
{
	uint32_t *number;

	/* Few hours there, many here: the sums of the rest are found sooner before. */
	if (from->halvings < into->halvings)
		state_thin(from, UINT32_MAX, into->halvings, threads);
	number = mem_alloc((from->sources + 1ul) * sizeof(*number));
	state_merge_numbered(into, from, maps, threads, number);
	free(number);
	if (into->most > 0)
		state_thin(into, into->most, 0, threads);
}

void
state_merge(struct state *into, struct state *from, const struct state_maps *maps)
{
	state_merge_threads(into, from, maps, 1);
}
