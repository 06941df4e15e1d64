/*
 * See state_fold.h: the merge by several threads. Each takes shares of from's sources, of which no
 * two are one of into's, and all are gone through twice:
 *
 *   to look for them, and to count what they will need;
 *   when there is room for all of it, and it is known where, to put them there.
 *
 * Few things are left for one thread at the end: bags that are not shared, an hour that both have,
 * HELOs of one day, the rest, failed logins of what is thinned, sets.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/problem.h"
#include "classify/state_client.h"
#include "classify/state_hours.h"
#include "classify/state_limit.h"
#include "classify/state_merger.h"
#include "classify/state_packed.h"

enum { THREADS_MAX = 64, SHARES_MAX = 512, SHARE_SOURCES = 2048, AHEAD = 16 };
/* Instead of a number: for the end; for the end, and of the rest. */
enum { LATER = TABLE_NONE - 1, OF_REST = TABLE_NONE - 2 };

struct unmade {			/* a bag that is made, or united, at the end */
	bool of_hour;		/* or of a source's newest */
	uint32_t at, from;	/* its hour or source in into; the bag in from */
};

struct share {
	uint32_t begin, end;		/* of from's sources */
	uint32_t sources, hours, helos;	/* how many it will make; then the next one's index */
	struct unmade *unmade;
	unsigned unmades, cap;
	struct arena *arena;		/* of who works at it */
};

struct together {
	struct merge g;
	uint32_t *text;			/* by from's, into's */
	struct share share[SHARES_MAX];
	unsigned shares, threads;
	void (*work)(const struct together *x, struct share *w);
	atomic_uint next;		/* share that nobody works at */
};

struct hand {			/* a thread */
	struct together *all;
	struct arena arena;
	pthread_t thread;
};

static void *
take_shares(void *context)
{
	struct hand *h = context;
	struct together *x = h->all;
	unsigned k;

	while ((k = atomic_fetch_add(&x->next, 1)) < x->shares) {
		x->share[k].arena = &h->arena;
		x->work(x, &x->share[k]);
	}
	return NULL;
}

static void
work_together(struct together *x, void (*work)(const struct together *x, struct share *w))
{
	struct hand hand[THREADS_MAX];
	unsigned n = 1;

	x->work = work;
	x->next = 0;
	for (unsigned i = 0; i < x->threads; i++)
		hand[i] = (struct hand){ .all = x };
	while (n < x->threads &&
	    pthread_create(&hand[n].thread, NULL, take_shares, &hand[n]) == 0)
		n++;
	take_shares(&hand[0]);
	for (unsigned i = 0; i < n; i++) {
		if (i > 0)
			pthread_join(hand[i].thread, NULL);
		arena_take(&x->g.into->arena, &hand[i].arena);
	}
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

/* How many of s's hours t has not. */
static uint32_t
new_hours(const struct merge *g, const struct source *s, const struct source *t)
{
	struct walk there = { 0, 0, 0 };
	uint32_t n = 0;

	if (t != NULL)
		there = state_newest(t);
	for (struct walk w = state_newest(s); w.bag != 0; w = state_older(g->from, w)) {
		while (there.bag != 0 && there.hour > w.hour)
			there = state_older(g->into, there);
		n += there.bag == 0 || there.hour != w.hour;
	}
	return n;
}

/* How many HELOs s has; false when t has one of the same day. */
static bool
new_helos(const struct merge *g, const struct source *s, const struct source *t, uint32_t *n_r)
{
	bool there = t != NULL && t->helo != 0;
	uint32_t day = s->helo_day, other = there ? t->helo_day : 0;
	uint32_t next = s->helos, behind = there ? t->helos : 0;

	*n_r = 0;
	if (s->helo == 0)
		return true;
	for (;; next = g->from->helo[next - 1].next) {
		while (there && other > day) {
			there = behind != 0;
			other = there ? g->into->helo[behind - 1].day : 0;
			behind = there ? g->into->helo[behind - 1].next : 0;
		}
		if (there && other == day)
			return false;
		++*n_r;
		if (next == 0)
			return true;
		day = g->from->helo[next - 1].day;
	}
}

/* t is what s is in into; NULL: it is not there. Of accounts only merge_source() can tell. */
static bool
is_rest(const struct together *x, const struct source *s, const struct source *t)
{
	return s->kind == SOURCE_REST || (t == NULL && s->kind != SOURCE_ACCOUNT &&
	    state_is_rest(x->g.into, s->kind, id_here(x, s), net_of(s)));
}

/* Counts what will be made for s, which t is; NULL: it is new. False: not here. */
static bool
will_put(const struct merge *g, struct share *w, const struct source *s, const struct source *t)
{
	uint32_t hours = new_hours(g, s, t), helos = 0;

	if (s->kind == SOURCE_ACCOUNT && g->into->halvings > 0)
		return false;
	if (s->kind == SOURCE_CLIENT && !new_helos(g, s, t, &helos))
		return false;
	/* a new one's newest lies in itself */
	w->sources += t == NULL;
	w->hours += hours - (hours > 0 && (t == NULL || t->bag == 0));
	w->helos += helos - (helos > 0 && (t == NULL || t->helo == 0));
	return true;
}

static void
look(const struct together *x, struct share *w)
{
	const struct merge *g = &x->g;
	const struct source *source = g->from->source;

	for (uint32_t i = w->begin; i < w->end; i++) {
		const struct source *s = &source[i], *t;
		uint32_t found = state_find(g->into, s->kind, id_here(x, s), net_of(s));

		if (i + AHEAD < w->end)
			state_expect_client(g->into, source[i + AHEAD].id);
		if (i + AHEAD / 2 < w->end)
			state_expect_source(g->into, source[i + AHEAD / 2].id);
		t = found == TABLE_NONE ? NULL : &g->into->source[found];
		if (is_rest(x, s, t))
			g->source[i] = OF_REST;
		else
			g->source[i] = will_put(g, w, s, t) ? found : LATER;
	}
}

static void
make_later(struct share *w, uint32_t bag, bool of_hour, uint32_t at)
{
	mem_grow(&w->unmade, &w->cap, w->unmades + 1, sizeof(*w->unmade));
	w->unmade[w->unmades++] = (struct unmade){ of_hour, at, bag };
}

/* The bag that goes there; 0: it is not made yet. */
static uint32_t
bag_here(const struct merge *g, struct share *w, uint32_t bag, bool of_hour, uint32_t at)
{
	if (bag_is_shared(bag) && g->bag[bag] != 0)
		return g->bag[bag];
	make_later(w, bag, of_hour, at);
	return 0;
}

/* The newest of s, where t has none or an older one. */
static bool
put_newest(const struct merge *g, struct share *w, const struct source *s, uint32_t at)
{
	struct state *into = g->into;
	struct source *t = &into->source[at];

	if (t->bag != 0 && s->hour <= t->hour)
		return false;
	if (t->bag != 0) {
		into->hour[w->hours++] = (struct hour){ t->hours, t->hour, t->bag };
		t->hours = w->hours;
	}
	t->hour = s->hour;
	t->bag = bag_here(g, w, s->bag, false, at);
	return true;
}

static void
put_hours(const struct merge *g, struct share *w, const struct source *s, uint32_t at)
{
	struct hour *hour = g->into->hour;
	struct source *t = &g->into->source[at];
	uint32_t *link = &t->hours;

	for (struct walk h = state_newest(s); h.bag != 0; h = state_older(g->from, h)) {
		uint32_t made = w->hours;

		if (h.hour == s->hour && put_newest(g, w, s, at))
			continue;
		if (h.hour == t->hour) {
			make_later(w, h.bag, false, at);
			continue;
		}
		while (*link != 0 && hour[*link - 1].hour > h.hour)
			link = &hour[*link - 1].next;
		if (*link != 0 && hour[*link - 1].hour == h.hour) {
			make_later(w, h.bag, true, *link - 1);
			continue;
		}
		hour[made] = (struct hour){ *link, h.hour, bag_here(g, w, h.bag, true, made) };
		*link = ++w->hours;
		link = &hour[made].next;
	}
}

static bool
put_newest_helo(const struct merge *g, struct share *w, const struct source *s, struct source *t)
{
	if (t->helo != 0 && s->helo_day < t->helo_day)
		return false;
	if (t->helo != 0) {
		g->into->helo[w->helos++] = (struct helo){ t->helos, t->helo, t->helo_day };
		t->helos = w->helos;
	}
	t->helo = s->helo;
	t->helo_day = s->helo_day;
	return true;
}

/* No day is of both. */
static void
put_helos(const struct merge *g, struct share *w, const struct source *s, struct source *t)
{
	struct helo *helo = g->into->helo, own = { s->helos, s->helo, s->helo_day };
	const struct helo *h = &own;
	uint32_t *link = &t->helos;

	if (s->helo == 0)
		return;
	if (put_newest_helo(g, w, s, t))
		h = own.next ? &g->from->helo[own.next - 1] : NULL;
	for (; h != NULL; h = h->next ? &g->from->helo[h->next - 1] : NULL) {
		uint32_t made = w->helos++;

		while (*link != 0 && helo[*link - 1].day > h->day)
			link = &helo[*link - 1].next;
		helo[made] = (struct helo){ *link, h->hash, h->day };
		*link = made + 1;
		link = &helo[made].next;
	}
}

static void
put_new(const struct together *x, const struct source *s, uint32_t at)
{
	struct source *t = &x->g.into->source[at];

	*t = (struct source){ .id = id_here(x, s), .net = net_of(s), .kind = s->kind,
		.first = s->first, .last = s->last };
	table_fill(&x->g.into->by_source, state_hash(t->kind, t->id, t->net), at);
}

static void
put_source(const struct merge *g, struct share *w, const struct source *s, uint32_t at)
{
	struct source *t = &g->into->source[at];

	t->first = s->first < t->first ? s->first : t->first;
	t->last = s->last > t->last ? s->last : t->last;
	put_hours(g, w, s, at);
	if (s->kind != SOURCE_CLIENT)
		return;
	put_helos(g, w, s, t);
	merge_name(w->arena, t, s);
}

static void
put(const struct together *x, struct share *w)
{
	const struct merge *g = &x->g;

	for (uint32_t i = w->begin; i < w->end; i++) {
		const struct source *s = &g->from->source[i];
		uint32_t ahead = i + AHEAD < w->end ? g->source[i + AHEAD] : LATER;

		if (ahead == TABLE_NONE)
			state_expect_client(g->into, g->from->source[i + AHEAD].id);
		else if (ahead < OF_REST)
			__builtin_prefetch(&g->into->source[ahead], 1);
		if (g->source[i] == LATER || g->source[i] == OF_REST)
			continue;
		if (g->source[i] == TABLE_NONE)
			put_new(x, s, g->source[i] = w->sources++);
		put_source(g, w, s, g->source[i]);
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
	const struct state *from = g->from;
	unsigned n = from->sources / SHARE_SOURCES + 1;

	merge_open(g, maps);
	for (uint32_t i = 1; i < from->bags.bags; i++)
		merge_bag(g, 0, i);	/* remembers it, if it can be shared */
	x->text = mem_alloc((from->texts + 1ul) * sizeof(*x->text));
	for (unsigned i = 0; i < from->texts; i++)
		x->text[i] = state_text(g->into, from->text[i]);
	x->threads = threads < THREADS_MAX ? threads : THREADS_MAX;
	x->shares = n < SHARES_MAX ? n : SHARES_MAX;
	for (uint64_t k = 0; k < x->shares; k++)
		x->share[k] = (struct share){
			.begin = (uint32_t)(from->sources * k / x->shares),
			.end = (uint32_t)(from->sources * (k + 1) / x->shares) };
}

static void
expect_hours(const struct merge *g, uint32_t i)
{
	const struct state *from = g->from;

	if (i < from->sources && g->source[i] == OF_REST && from->source[i].hours != 0)
		__builtin_prefetch(&from->hour[from->source[i].hours - 1]);
}

/* What one thread must do. */
static void
finish(struct together *x)
{
	struct merge *g = &x->g;
	struct state *into = g->into;

	for (unsigned k = 0; k < x->shares; k++) {
		for (unsigned i = 0; i < x->share[k].unmades; i++) {
			const struct unmade *u = &x->share[k].unmade[i];
			uint32_t bag = u->of_hour ? into->hour[u->at].bag : into->source[u->at].bag;

			bag = merge_bag(g, bag, u->from);
			*(u->of_hour ? &into->hour[u->at].bag : &into->source[u->at].bag) = bag;
		}
		free(x->share[k].unmade);
	}
	for (uint32_t i = 0; i < g->from->sources; i++) {
		expect_hours(g, i + AHEAD);
		if (g->source[i] == LATER)
			merge_source(g, i);
		else if (g->source[i] == OF_REST)
			merge_of_rest(g, i);
	}
	merge_close(g);
	free(x->text);
}

void
merge_together(struct state *into, struct state *from, const struct state_maps *maps,
    unsigned threads, uint32_t *number)
{
	struct together *x = mem_alloc(sizeof(*x));

	x->g = (struct merge){ .into = into, .from = from, .source = number };
	open_together(x, maps, threads);
	work_together(x, look);
	make_room(x);
	work_together(x, put);
	finish(x);
	free(x);
}
