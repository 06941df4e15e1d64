/*
 * judge_next(): all sources, their days, a day's events summed up by signature. What was judged in
 * one profile of a window is remembered: most windows are like one before.
 */
#include <stdlib.h>

#include "classify/judge_private.h"

void
days_open(struct judge *j)
{
	struct days *d = &j->days;

	d->verdicts = mem_alloc(PROFILES * sizeof(*d->verdicts));
	d->place = mem_alloc((j->st->signatures + 1ul) * sizeof(*d->place));
	judge_range(j, 0, j->st->sources);
}

void
judge_range(struct judge *j, uint32_t from, uint32_t to)
{
	struct days *d = &j->days;

	d->at = from;
	d->end = to;
	d->next = from < to ? state_newest(&j->st->source[from]) : (struct walk){ 0, 0, 0 };
}

void
days_close(struct judge *j)
{
	free(j->days.verdicts);
	free(j->days.outcome);
	free(j->days.place);
}

/* Probes, and what outsiders sent and no direct reason calls spam, are none whatever they do. */
static bool
may_be_spam(const struct signature *sig)
{
	return sig->kind == KIND_SPAM ||
	    (sig->kind != KIND_PROBE && sig->direction != DIR_INBOUND);
}

/* One event more of the day whose outcomes begin at `first`; signs are none. */
static void
sum_up(struct judge *j, unsigned first, const struct bag_item *x)
{
	struct days *d = &j->days;

	if (x->what >= WHAT_COUNTER || j->st->signature[x->what].kind == KIND_SIGN)
		return;
	if (d->place[x->what] == 0) {
		mem_grow(&d->outcome, &d->cap, d->give_end + 1, sizeof(*d->outcome));
		d->outcome[d->give_end] = (struct outcome){ .signature = x->what };
		d->place[x->what] = ++d->give_end - first;
	}
	count_add(&d->outcome[first + d->place[x->what] - 1].n, x->n);
}

static void
day_window(struct judge *j)
{
	const struct days *d = &j->days;

	if (j->w.source != d->at || j->w.day != d->day)
		window_load(j, &j->w, d->at, d->day, d->from);
}

/* Judges the day, without proofs. */
static void
judge_day(struct judge *j)
{
	struct days *d = &j->days;
	unsigned first = d->outcomes;
	struct judged r = { .source = d->at, .day = d->day };

	d->give = d->give_end = first;
	for (struct walk w = d->from; w.bag != 0 && w.hour / 24 == d->day;
	     w = state_older(j->st, w)) {
		unsigned n;
		const struct bag_item *x = bags_items(&j->st->bags, w.bag, &n), *end = x + n;

		for (; x < end; x++)
			sum_up(j, first, x);
	}
	for (unsigned i = first; i < d->give_end; i++) {
		struct outcome *o = &d->outcome[i];

		d->place[o->signature] = 0;
		r.a = (struct attribution){ 0 };
		r.spam = false;
		if (may_be_spam(&j->st->signature[o->signature]) && !d->again) {
			day_window(j);
			judge_signature(j, o->signature, false, &r);
		}
		o->spam = r.spam;
		memcpy(o->attribution, &r.a, sizeof(o->attribution));
	}
}

/* The next day of the source: its outcomes. */
static void
take_day(struct judge *j)
{
	struct days *d = &j->days;
	uint64_t profile;
	struct verdicts *v;

	d->day = d->next.hour / 24;
	d->from = d->next;
	while (d->next.bag != 0 && d->next.hour / 24 == d->day)
		d->next = state_older(j->st, d->next);
	profile = d->again ? 0 : window_profile(j, d->at, d->day, d->from);
	v = &d->verdicts[(profile >> 32) % PROFILES];
	if (profile != 0 && v->profile == profile) {
		d->give = v->at;
		d->give_end = v->at + v->n;
		return;
	}
	if (d->outcomes > OUTCOMES) {
		memset(d->verdicts, 0, PROFILES * sizeof(*d->verdicts));
		d->outcomes = 0;
	}
	judge_day(j);
	if (profile == 0)
		return;
	*v = (struct verdicts){ profile, d->give, d->give_end - d->give };
	d->outcomes = d->give_end;
}

/* Sources lie in a row, what hangs on them anywhere. */
enum { AHEAD = 8 };

static void
next_source(struct judge *j)
{
	struct days *d = &j->days;
	const struct state *st = j->st;
	uint32_t ahead = ++d->at + AHEAD;

	d->next = d->at < d->end ? state_newest(&st->source[d->at]) : (struct walk){ 0, 0, 0 };
	if (ahead >= st->sources)
		return;
	if (st->source[ahead].hours != 0)
		__builtin_prefetch(&st->hour[st->source[ahead].hours - 1]);
	if (st->source[ahead].helos != 0)
		__builtin_prefetch(&st->helo[st->source[ahead].helos - 1]);
}

static void
give(struct judge *j, const struct outcome *o, struct judged *r)
{
	const struct days *d = &j->days;

	memset(r, 0, offsetof(struct judged, a.proof));	/* there are none */
	r->source = d->at;
	r->signature = o->signature;
	r->day = d->day;
	r->n = o->n;
	r->spam = o->spam;
	memcpy(&r->a, o->attribution, sizeof(o->attribution));
	if (d->again && may_be_spam(&j->st->signature[o->signature])) {
		day_window(j);
		judge_signature(j, o->signature, true, r);
	}
	judge_route(j, r);	/* sources of one profile do not share it */
}

int
judge_next(struct judge *j, struct judged *r)
{
	struct days *d = &j->days;

	while (d->give == d->give_end) {
		if (d->next.bag != 0)
			take_day(j);
		else if (d->at < d->end)
			next_source(j);
		else
			return 0;
	}
	give(j, &d->outcome[d->give++], r);
	return 1;
}

void
judge_again(struct judge *j, uint32_t source)
{
	struct days *d = &j->days;

	d->again = true;
	judge_range(j, source, source + 1);
	d->give = d->give_end = 0;
}
