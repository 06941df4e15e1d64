/* See state_select.h. Chains descend in time, so what is left of one is a run of its links. */
#include "classify/state_select.h"

#include "classify/state_hours.h"

static void
select_hours(struct state *st, struct source *s, struct hour_range kept)
{
	uint32_t *link = &s->hours;

	while (s->bag != 0 && s->hour >= kept.to) {
		const struct hour *next = s->hours ? &st->hour[s->hours - 1] : NULL;

		s->hour = next ? next->hour : 0;
		s->bag = next ? next->bag : 0;
		s->hours = next ? next->next : 0;
	}
	if (s->bag != 0 && s->hour < kept.from) {
		s->bag = 0;
		s->hours = 0;
	}
	while (*link != 0 && st->hour[*link - 1].hour >= kept.from)
		link = &st->hour[*link - 1].next;
	*link = 0;
}

static void
select_helos(struct state *st, struct source *s, struct hour_range kept)
{
	uint32_t *link = &s->helos;

	while (s->helo != 0 && s->helo_day > (kept.to - 1) / 24) {
		const struct helo *next = s->helos ? &st->helo[s->helos - 1] : NULL;

		s->helo_day = next ? (uint16_t)next->day : 0;
		s->helo = next ? next->hash : 0;
		s->helos = next ? next->next : 0;
	}
	if (s->helo != 0 && s->helo_day < kept.from / 24) {
		s->helo = 0;
		s->helos = 0;
	}
	while (*link != 0 && st->helo[*link - 1].day >= kept.from / 24)
		link = &st->helo[*link - 1].next;
	*link = 0;
}

/* The stamps that its hours leave open are taken as wide as these. */
static void
select_times(const struct state *st, struct source *s)
{
	struct walk w = state_newest(s);
	uint32_t last = w.hour * UTC_HOUR + (UTC_HOUR - 1);

	while (w.next != 0)
		w = state_older(st, w);
	if (s->first < w.hour * UTC_HOUR)
		s->first = w.hour * UTC_HOUR;
	if (s->last > last)
		s->last = last;
}

static void
add_events(struct state *st, const struct source *s)
{
	for (struct walk w = state_newest(s); w.bag != 0; w = state_older(st, w)) {
		unsigned n;
		const struct bag_item *x = bags_items(&st->bags, w.bag, &n), *end = x + n;

		for (; x < end; x++)
			if (x->what < WHAT_COUNTER && st->signature[x->what].kind != KIND_SIGN)
				st->attempts += x->n;
			else if (x->what == WHAT_COUNTER + COUNT_SASL_FAILURES &&
			    s->kind != SOURCE_ACCOUNT)
				st->login_failures += x->n;
	}
}

static void
add_time(struct state *st, const struct source *s)
{
	if (!st->spanned || s->first < st->first)
		st->first = s->first;
	if (!st->spanned || s->last > st->last)
		st->last = s->last;
	st->spanned = true;
}

void
state_select(struct state *st, struct hour_range kept)
{
	bool whole = !st->spanned || (hours_hold(kept, utc_stamp(st->first) / UTC_HOUR) &&
	    hours_hold(kept, utc_stamp(st->last) / UTC_HOUR));

	if (whole)
		return;
	st->attempts = st->login_failures = 0;
	st->spanned = false;
	for (uint32_t i = 0; i < st->sources; i++) {
		struct source *s = &st->source[i];

		select_hours(st, s, kept);
		select_helos(st, s, kept);
		if (s->bag == 0)
			continue;
		select_times(st, s);
		add_events(st, s);
		add_time(st, s);
	}
}
