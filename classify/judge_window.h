/*
 * judge_window: what is known of one source around one UTC day; private to classify/judge*.c.
 *
 * Verdicts are judged from a window. Most sources are a bot's, seen a few times: windows that are
 * alike have one profile, so that what was judged in one holds in all of them.
 */
#ifndef CLASSIFY_JUDGE_WINDOW_H
#define CLASSIFY_JUDGE_WINDOW_H

#include "classify/judge.h"
#include "classify/state_hours.h"

struct window {			/* of one (source, day); lives in the judge */
	uint32_t source;
	int64_t day;
	uint32_t *hits;		/* per rule: events of the window that it hit; all 0 between uses */
	uint16_t *touched;
	unsigned touches;
	uint64_t events;	/* without signs */
	int64_t counter[COUNTERS];
	bool marked;		/* behaviour: this source's own-side mail of the day is spam */
	bool whole;		/* all of it, not only what was lost */
	bool relay;		/* relayed mail of the day went through an open relay */
	uint16_t late[64];	/* late rules that hold */
	unsigned lates;
	uint64_t lists;		/* judge_lists() that answered; bits */
};

void window_open(struct judge *j, struct window *w);
void window_close(struct window *w);
/* from: state_until() of that day; here and below. */
void
window_load(struct judge *j, struct window *w, uint32_t source, int64_t day, struct walk from);
/*
 * A keyed hash of all of a window that a verdict can depend on, made from the bags without loading
 * it; 0 when it depends on more: bags of its own, sets, or an account's other networks.
 */
uint64_t window_profile(const struct judge *j, uint32_t source, int64_t day, struct walk from);

#endif
