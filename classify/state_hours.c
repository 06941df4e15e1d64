/*
 * See state_hours.h. Hours are a chain in descending order, of which the newest, which most events
 * are of, lies in the source itself: so an event touches one line of memory.
 */
#include "classify/state_hours.h"

#include "base/problem.h"

/* What was the newest hour is one of the others. */
static void
push_hour(struct state *st, struct source *s)
{
	mem_grow(&st->hour, &st->caps[1], st->hours + 1, sizeof(*st->hour));
	st->hour[st->hours] = (struct hour){ s->hours, s->hour, s->bag };
	s->hours = ++st->hours;
	s->bag = 0;
}

static uint32_t *
old_bag(struct state *st, uint32_t source, uint32_t *after, uint32_t hour)
{
	uint32_t prev = *after, next = prev ? st->hour[prev - 1].next : st->source[source].hours;

	while (next != 0 && st->hour[next - 1].hour > hour) {
		prev = next;
		next = st->hour[next - 1].next;
	}
	*after = prev;
	if (next != 0 && st->hour[next - 1].hour == hour)
		return &st->hour[next - 1].bag;
	mem_grow(&st->hour, &st->caps[1], st->hours + 1, sizeof(*st->hour));
	st->hour[st->hours] = (struct hour){ next, hour, 0 };
	*(prev ? &st->hour[prev - 1].next : &st->source[source].hours) = ++st->hours;
	return &st->hour[st->hours - 1].bag;
}

uint32_t *
state_bag(struct state *st, uint32_t source, uint32_t *after, uint32_t hour)
{
	struct source *s = &st->source[source];

	if (*after != 0 || (s->bag != 0 && hour < s->hour))
		return old_bag(st, source, after, hour);
	if (s->bag != 0 && hour > s->hour)
		push_hour(st, s);
	s->hour = hour;
	return &s->bag;
}

struct walk
state_until(const struct state *st, uint32_t source, int64_t day)
{
	struct walk w = state_newest(&st->source[source]);

	while (w.bag != 0 && (int64_t)w.hour >= (day + 1) * 24)
		w = state_older(st, w);
	return w;
}
