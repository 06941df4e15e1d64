/*
 * The making of a summary. A large state is gone through in several threads, each with a judge of
 * its own: they take one range of sources after the other, until none is left. The state is only
 * read, and sums, minima, maxima and the first of total orders do not tell in how many.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "report/summary_private.h"

enum { LEAST_SOURCES = 4000, PASSES_MAX = 64 };	/* of a thread; threads */
enum { RANGE = 1024 };		/* sources of a range: some hundred microseconds */

struct pass {
	struct collect c;
	atomic_uint *left;	/* the first source of the ranges that nobody has taken */
	pthread_t thread;
	bool runs;
};

static void
begin(struct pass *x, const struct classifier *cl, struct judge *j, struct summary *s,
    const struct run_facts *run_facts, const struct summary_options *o)
{
	x->c = (struct collect){ .cl = cl, .j = j, .s = s, .at_source = TABLE_NONE };
	s->has_span = cl->state.spanned;
	s->first = s->has_span ? cl->state.first : 0;
	s->last = s->has_span ? cl->state.last : 0;
	s->slot_seconds = s->last - s->first > 3 * UTC_DAY ? UTC_DAY : UTC_HOUR;
	s->run = run_facts;
	s->only_connect = true;
	changes_begin(s, o);
	s->every = mem_alloc(sizeof(*s->every));
	rank_open(&x->c.ranking, o->top);
}

static void
take_ranges(struct pass *x)
{
	uint32_t sources = x->c.cl->state.sources, from;

	while ((from = atomic_fetch_add(x->left, RANGE)) < sources) {
		judge_range(x->c.j, from, sources - from > RANGE ? from + RANGE : sources);
		summary_pass(&x->c);
	}
}

static void *
run(void *context)
{
	struct pass *x = context;

	x->c.j = judge_open(x->c.cl);
	take_ranges(x);
	judge_close(x->c.j);
	return NULL;
}

static void
unite_sums(struct summary *s, const struct summary *from)
{
	s->ham += from->ham;
	s->suspected += from->suspected;
	s->relay_probes += from->relay_probes;
	s->spam += from->spam;
	s->accepted += from->accepted;
	s->sources += from->sources;
	for (int k = 0; k < VERDICTS; k++) {
		s->listed[k] += from->listed[k];
		s->refused[k] += from->refused[k];
		s->own_alarms[k] += from->own_alarms[k];
	}
	for (int i = 0; i < STOPS; i++)
		s->stops[i] += from->stops[i];
	s->port25_maybe += from->port25_maybe;
	s->port25_maybe_unlisted += from->port25_maybe_unlisted;
	s->via_zombie += from->via_zombie;
	for (int i = 0; i < REASONS; i++)
		s->reasons[i] += from->reasons[i];
	for (int i = 0; i < STAGES * VERDICTS; i++)
		(&s->refused_at[0][0])[i] += (&from->refused_at[0][0])[i];
	changes_unite(s, from);
	s->sees |= from->sees;
	s->only_connect &= from->only_connect;
}

/* Sources of the two are not the same ones. */
static void
unite_row(struct collect *c, const struct collect *from, const struct row *x)
{
	struct row *row = row_at(c, x->source, x->kind, x->id);

	for (uint32_t i = x->others; i != 0; i = from->link[i - 1].next)
		row = row_at(c, from->link[i - 1].source, x->kind, x->id);
	for (int k = 0; k < VERDICTS; k++)
		row->events[k] += x->events[k];
	row->accepted += x->accepted;
	for (int i = 0; i < PERIODS * VERDICTS; i++)
		count_add(&row->period[0][0] + i, (&x->period[0][0])[i]);
	for (int i = 0; i < IN_SOURCES * 2 * VERDICTS; i++)
		count_add(&row->direct[0][0][0] + i, (&x->direct[0][0][0])[i]);
	row->submission |= x->submission;
	row->stages |= x->stages;
	row->could |= x->could;
	row->own |= x->own;
	row->first = x->first < row->first ? x->first : row->first;
	row->last = x->last > row->last ? x->last : row->last;
}

static void
unite(struct collect *c, struct collect *from)
{
	uint64_t *to = &c->tally[0][0][0][0], *tally = &from->tally[0][0][0][0];

	unite_sums(c->s, from->s);
	for (size_t i = 0; i < sizeof(c->tally) / sizeof(*to); i++)
		to[i] += tally[i];
	mass_unite(c, from);
	for (unsigned i = 0; i < from->rows; i++)
		unite_row(c, from, &from->row[i]);
	for (unsigned i = 0; i < from->slots; i++)
		for (int k = 0; k < VERDICTS; k++)
			slot_of(c, from->slot[i].start)->events[k] += from->slot[i].events[k];
	flow_unite(&c->flows, &from->flows);
	rank_unite(c, from);
	networks_unite(c, from);
	dnsbl_unite(c, from);
}

static void
end(struct collect *c)
{
	free(c->row);
	free(c->link);
	table_free(&c->by_row);
	table_free(&c->by_slot);
	flow_free(&c->flows);
	table_free(&c->by_user);
}

/* first: at last of all. */
static void
run_passes(struct pass *first, unsigned passes, const struct summary_options *o)
{
	struct pass *x = mem_alloc(passes * sizeof(*x));
	atomic_uint left = 0;

	first->left = &left;
	for (unsigned i = 1; i < passes; i++) {
		begin(&x[i], first->c.cl, NULL, mem_alloc(sizeof(struct summary)),
		    first->c.s->run, o);
		x[i].left = &left;
		x[i].runs = pthread_create(&x[i].thread, NULL, run, &x[i]) == 0;
	}
	take_ranges(first);
	for (unsigned i = 1; i < passes; i++) {
		if (x[i].runs)
			pthread_join(x[i].thread, NULL);
		else
			run(&x[i]);
		unite(&first->c, &x[i].c);
		end(&x[i].c);
		free(x[i].c.slot);
		free(x[i].c.user);
		summary_free(x[i].c.s);
	}
	free(x);
}

static unsigned
passes_for(const struct state *st, unsigned jobs)
{
	uint32_t most = st->sources / LEAST_SOURCES;

	most = most < PASSES_MAX ? most : PASSES_MAX;
	return jobs < most ? jobs : most;
}

static int
by_start(const void *a, const void *b)
{
	const struct slot *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

/* From hours: the hours of the day, and the timeline in hours or days. */
static void
make_slots(struct collect *c)
{
	static const struct zone utc;
	struct summary *s = c->s;
	const struct zone *zone = s->run->zone ? s->run->zone : &utc;

	if (c->slots)
		qsort(c->slot, c->slots, sizeof(*c->slot), by_start);
	s->slot = c->slot;
	for (unsigned i = 0; i < c->slots; i++) {
		struct slot x = c->slot[i];
		unsigned local = (unsigned)zone_from_utc(zone, x.start).hour;
		unsigned at = (unsigned)((x.start - utc_floor(x.start, UTC_DAY)) / UTC_HOUR);
		int64_t start = utc_floor(x.start, s->slot_seconds);
		bool more = s->slots > 0 && s->slot[s->slots - 1].start == start;

		if (!more)
			s->slot[s->slots++] = (struct slot){ .start = start };
		for (int k = 0; k < VERDICTS; k++) {
			s->hour_utc[at][k] += x.events[k];
			s->hour[local][k] += x.events[k];
			s->slot[s->slots - 1].events[k] += x.events[k];
		}
	}
}

struct summary *
summary_make(const struct classifier *cl, struct judge *j, const struct run_facts *run_facts,
    const struct summary_options *o)
{
	struct summary *s = mem_alloc(sizeof(*s));
	struct pass *first = mem_alloc(sizeof(*first));
	struct collect *c = &first->c;
	unsigned passes = passes_for(&cl->state, o->jobs);

	begin(first, cl, j, s, run_facts, o);
	s->attempts = cl->state.attempts;
	s->login_failures = cl->state.login_failures;
	if (passes > 1)
		run_passes(first, passes, o);
	else
		summary_pass(c);
	s->only_connect = s->only_connect && (s->sees & SEES_INBOUND);
	flow_end(c);
	make_slots(c);
	rank_end(c);
	networks_end(c, o->top);
	dnsbl_end(c, o->top);
	measures_end(c);
	changes_end(s, o->top);
	summary_notes(c);
	end(c);
	free(first);
	return s;
}
