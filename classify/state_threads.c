/*
 * See state_fold.h: the merge by several threads. Each has a share of from's sources, of which no
 * two are one of into's, and goes through it twice:
 *
 *   looks for them, and for those whose hours and HELOs are all later than what is there. Most were
 *   seen in one slice of the log only, or are such;
 *   when there is room for all of these, and it is known where, puts them there.
 *
 * What is left is for one thread at the end: bags that are not shared, other sources, sets.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/problem.h"
#include "classify/state_merger.h"
#include "classify/state_packed.h"

enum { SHARES_MAX = 64, SHARES = 8, AHEAD = 16 };	/* in all; of a thread */
enum { LATER = TABLE_NONE - 1 };	/* instead of a number: for the end */

struct unmade {			/* a bag that is made at the end */
	bool of_hour;		/* or of a source's newest */
	uint32_t at, from;	/* its hour or source in into; the bag in from */
};

struct share {
	struct together *all;
	uint32_t begin, end;		/* of from's sources */
	uint32_t sources, hours, helos;	/* how many it will make; then the next one's index */
	struct unmade *unmade;
	unsigned unmades, cap;
};

struct together {
	struct merge g;
	uint32_t *text;			/* by from's, into's */
	struct share share[SHARES_MAX];
	unsigned shares, threads;
	void (*work)(struct share *w);
	atomic_uint next;		/* share that nobody works at */
};

static void *
take_shares(void *context)
{
	struct together *x = context;
	unsigned k;

	while ((k = atomic_fetch_add(&x->next, 1)) < x->shares)
		x->work(&x->share[k]);
	return NULL;
}

/* Each share is somebody's: some take longer. */
static void
work_together(struct together *x, void (*work)(struct share *w))
{
	pthread_t thread[SHARES_MAX];
	unsigned n = 0;

	x->work = work;
	x->next = 0;
	while (n + 1 < x->threads && pthread_create(&thread[n], NULL, take_shares, x) == 0)
		n++;
	take_shares(x);
	while (n > 0)
		pthread_join(thread[--n], NULL);
}

/* The bag here, or 0: it will be made. */
static uint32_t
bag_here(struct share *w, uint32_t bag, bool of_hour, uint32_t at)
{
	const uint32_t *known = w->all->g.bag;

	if (bag == 0 || (bag_is_shared(bag) && known[bag] != 0))
		return bag ? known[bag] : 0;
	mem_grow(&w->unmade, &w->cap, w->unmades + 1, sizeof(*w->unmade));
	w->unmade[w->unmades++] = (struct unmade){ of_hour, at, bag };
	return 0;
}

/* The hours behind the newest: how many, and the oldest of all. */
static uint32_t
count_hours(const struct state *st, const struct source *s, uint32_t *oldest_r)
{
	uint32_t n = 0;

	*oldest_r = s->hour;
	for (uint32_t i = s->hours; i != 0; i = st->hour[i - 1].next, n++)
		*oldest_r = st->hour[i - 1].hour;
	return n;
}

static uint32_t
count_helos(const struct state *st, const struct source *s, uint32_t *oldest_r)
{
	uint32_t n = 0;

	*oldest_r = s->helo_day;
	for (uint32_t i = s->helos; i != 0; i = st->helo[i - 1].next, n++)
		*oldest_r = st->helo[i - 1].day;
	return n;
}

static uint64_t
id_here(const struct together *x, const struct source *s)
{
	return state_has_text(s->kind) ? x->text[s->id] : s->id;
}

static uint64_t
net_of(const struct source *s)
{
	return s->kind == SOURCE_CLIENT ? 0 : s->net;
}

static bool
same_name(const struct source *s, const struct source *t)
{
	return s->name == NULL || t->name == NULL ||
	    (s->name_hash == t->name_hash && s->verified == t->verified);
}

/*
 * Will s be put before what t, which is the same source, has? NULL: it is new. Counts what will be
 * made for it.
 */
static bool
will_put(struct share *w, const struct source *s, const struct source *t)
{
	const struct state *from = w->all->g.from;
	bool client = s->kind == SOURCE_CLIENT;
	uint32_t hour, day = 0, hours = count_hours(from, s, &hour);
	uint32_t helos = client ? count_helos(from, s, &day) : 0;

	if (t != NULL && s->bag != 0 && t->bag != 0) {
		if (hour <= t->hour)
			return false;
		hours++;	/* t's newest is another one of the others now */
	}
	if (t != NULL && client && s->helo != 0 && t->helo != 0) {
		if (day <= t->helo_day)
			return false;
		helos++;
	}
	if (t != NULL && client && !same_name(s, t))
		return false;
	w->sources += t == NULL;
	w->hours += hours;
	w->helos += helos;
	return true;
}

static void
look(struct share *w)
{
	struct together *x = w->all;
	const struct state *from = x->g.from, *into = x->g.into;

	for (uint32_t i = w->begin; i < w->end; i++) {
		const struct source *s = &from->source[i];
		uint32_t found = state_find(into, s->kind, id_here(x, s), net_of(s));

		if (i + AHEAD < w->end)
			state_expect_client(into, from->source[i + AHEAD].id);
		if (i + AHEAD / 2 < w->end)
			state_expect_source(into, from->source[i + AHEAD / 2].id);
		x->g.source[i] =
		    will_put(w, s, found == TABLE_NONE ? NULL : &into->source[found]) ? found :
		    LATER;
	}
}

/* The hours behind its newest, before those of index + 1: of the first index + 1. */
static uint32_t
put_hours(struct share *w, const struct source *s, uint32_t behind)
{
	const struct state *from = w->all->g.from;
	struct state *into = w->all->g.into;
	uint32_t first = w->hours + 1;

	if (s->hours == 0)
		return behind;
	for (uint32_t i = s->hours; i != 0; i = from->hour[i - 1].next) {
		const struct hour *h = &from->hour[i - 1];
		uint32_t at = w->hours++;

		into->hour[at] = (struct hour){ h->next ? w->hours + 1 : behind, h->hour,
			bag_here(w, h->bag, true, at) };
	}
	return first;
}

static uint32_t
put_helos(struct share *w, const struct source *s, uint32_t behind)
{
	const struct state *from = w->all->g.from;
	struct state *into = w->all->g.into;
	uint32_t first = w->helos + 1;

	if (s->helos == 0)
		return behind;
	for (uint32_t i = s->helos; i != 0; i = from->helo[i - 1].next) {
		const struct helo *h = &from->helo[i - 1];
		uint32_t at = w->helos++;

		into->helo[at] =
		    (struct helo){ h->next ? w->helos + 1 : behind, h->hash, h->day };
	}
	return first;
}

static void
put_new(struct share *w, const struct source *s, uint32_t at)
{
	struct together *x = w->all;
	struct source *t = &x->g.into->source[at];

	*t = *s;
	t->id = id_here(x, s);
	t->bag = bag_here(w, s->bag, false, at);
	t->hours = put_hours(w, s, 0);
	if (s->kind == SOURCE_CLIENT)
		t->helos = put_helos(w, s, 0);
	t->sets = 0;		/* they come at the end */
	table_fill(&x->g.into->by_source, state_hash(t->kind, t->id, net_of(t)), at);
}

static void
put_before_hours(struct share *w, const struct source *s, uint32_t at)
{
	struct state *into = w->all->g.into;
	struct source *t = &into->source[at];

	if (s->bag == 0)
		return;
	if (t->bag != 0) {
		into->hour[w->hours++] = (struct hour){ t->hours, t->hour, t->bag };
		t->hours = w->hours;
	}
	t->hours = put_hours(w, s, t->hours);
	t->hour = s->hour;
	t->bag = bag_here(w, s->bag, false, at);
}

static void
put_before_helos(struct share *w, const struct source *s, struct source *t)
{
	struct state *into = w->all->g.into;

	if (s->helo == 0)
		return;
	if (t->helo != 0) {
		into->helo[w->helos++] = (struct helo){ t->helos, t->helo, t->helo_day };
		t->helos = w->helos;
	}
	t->helos = put_helos(w, s, t->helos);
	t->helo = s->helo;
	t->helo_day = s->helo_day;
}

static void
put_name(const struct source *s, struct source *t)
{
	if (t->name == NULL) {
		t->name = s->name;	/* in from's arena, which becomes into's */
		t->name_n = s->name_n;
		t->name_hash = s->name_hash;
		t->verified = s->verified;
	}
	if (t->name_set == 0) {
		t->name_set = s->name_set;
		t->name_domain = s->name_domain;
	}
}

static void
put_before(struct share *w, const struct source *s, uint32_t at)
{
	struct source *t = &w->all->g.into->source[at];

	t->first = s->first < t->first ? s->first : t->first;
	t->last = s->last > t->last ? s->last : t->last;
	put_before_hours(w, s, at);
	if (s->kind != SOURCE_CLIENT)
		return;
	put_before_helos(w, s, t);
	if (s->name != NULL)
		put_name(s, t);
}

static void
put(struct share *w)
{
	struct merge *g = &w->all->g;

	for (uint32_t i = w->begin; i < w->end; i++) {
		const struct source *s = &g->from->source[i];
		uint32_t ahead = i + AHEAD < w->end ? g->source[i + AHEAD] : LATER;

		if (ahead == TABLE_NONE)
			state_expect_client(g->into, g->from->source[i + AHEAD].id);
		else if (ahead != LATER)
			__builtin_prefetch(&g->into->source[ahead], 1);
		if (g->source[i] == TABLE_NONE)
			put_new(w, s, g->source[i] = w->sources++);
		else if (g->source[i] != LATER)
			put_before(w, s, g->source[i]);
	}
}

/* For what the shares will make, one behind the other. */
static void
make_room(struct together *x)
{
	struct state *into = x->g.into;
	uint32_t sources = into->sources, hours = into->hours, helos = into->helos;

	for (unsigned k = 0; k < x->shares; k++) {
		struct share *w = &x->share[k], will = *w;

		w->sources = sources;
		w->hours = hours;
		w->helos = helos;
		sources += will.sources;
		hours += will.hours;
		helos += will.helos;
	}
	state_room(into, sources - into->sources);
	table_reserve(&into->by_source, sources - into->sources);
	mem_grow(&into->hour, &into->caps[1], hours, sizeof(*into->hour));
	mem_grow(&into->helo, &into->caps[3], helos, sizeof(*into->helo));
	into->sources = sources;
	into->hours = hours;
	into->helos = helos;
}

static void
open_together(struct together *x, const struct state_maps *maps, unsigned threads)
{
	struct merge *g = &x->g;
	struct state *into = g->into, *from = g->from;

	g->signature = state_map_signatures(into, from, maps);
	g->source = mem_alloc(from->sources * sizeof(*g->source));
	g->bag = mem_alloc((from->bags.bags + 1ul) * sizeof(*g->bag));
	for (uint32_t i = 1; i < from->bags.bags && into->bags.bags < BAGS_MAX; i++)
		merge_bag(g, 0, i);	/* remembers it, if it can be shared */
	x->text = mem_alloc((from->texts + 1ul) * sizeof(*x->text));
	for (unsigned i = 0; i < from->texts; i++)
		x->text[i] = state_text(into, from->text[i]);
	x->threads = threads < SHARES_MAX ? threads : SHARES_MAX;
	x->shares = x->threads * SHARES < SHARES_MAX ? x->threads * SHARES : SHARES_MAX;
	for (uint64_t k = 0; k < x->shares; k++)
		x->share[k] = (struct share){ .all = x,
			.begin = (uint32_t)(from->sources * k / x->shares),
			.end = (uint32_t)(from->sources * (k + 1) / x->shares) };
}

/* What one thread must do, and who comes later. */
static void
finish(struct together *x)
{
	struct merge *g = &x->g;
	struct state *into = g->into, *from = g->from;

	for (unsigned k = 0; k < x->shares; k++) {
		for (unsigned i = 0; i < x->share[k].unmades; i++) {
			const struct unmade *u = &x->share[k].unmade[i];
			uint32_t bag = merge_bag(g, 0, u->from);

			*(u->of_hour ? &into->hour[u->at].bag : &into->source[u->at].bag) = bag;
		}
		free(x->share[k].unmade);
	}
	for (uint32_t i = 0; i < from->sources; i++)
		if (g->source[i] == LATER)
			merge_source(g, i);
	merge_sides(g);
	merge_sums(into, from);
	arena_take(&into->arena, &from->arena);
	state_free(from);
	free(g->signature);
	free(g->source);
	free(g->bag);
	free(x->text);
}

void
state_merge_threads(struct state *into, struct state *from, const struct state_maps *maps,
    unsigned threads)
{
	struct together *x;

	if (threads < 2 || into->kept.to != 0 || into->halvings + from->halvings > 0 ||
	    (into->most != 0 && (uint64_t)into->sources + from->sources > into->most)) {
		state_merge(into, from, maps);
		return;
	}
	x = mem_alloc(sizeof(*x));
	x->g.into = into;
	x->g.from = from;
	open_together(x, maps, threads);
	work_together(x, look);
	make_room(x);
	work_together(x, put);
	finish(x);
	free(x);
}
