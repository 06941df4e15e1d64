/* state_hours: the hours of a source, from its newest to its oldest. */
#ifndef CLASSIFY_STATE_HOURS_H
#define CLASSIFY_STATE_HOURS_H

#include "classify/state.h"

/*
 * The bag of the hour, made empty when it is not there, to be filled before the next call. The
 * walk along the source's hours begins behind *after (0: its newest), and leaves there where the
 * next one may begin, so that hours in descending order are one walk.
 */
uint32_t *state_bag(struct state *st, uint32_t source, uint32_t *after, uint32_t hour);

/* One on the way; bag 0: there are no more. */
struct walk {
	uint32_t hour, bag, next;
};

static inline struct walk
state_newest(const struct source *s)
{
	return (struct walk){ s->hour, s->bag, s->hours };
}

static inline struct walk
state_older(const struct state *st, struct walk w)
{
	const struct hour *h;

	if (w.next == 0)
		return (struct walk){ 0, 0, 0 };
	h = &st->hour[w.next - 1];
	return (struct walk){ h->hour, h->bag, h->next };
}

/* Its newest hour that is not after that day. */
struct walk state_until(const struct state *st, uint32_t source, int64_t day);
#endif
