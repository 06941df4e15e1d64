/*
 * state_rest: what many sources did in each hour, on its way to the one that stands for all of
 * them; for classify/state_fold.c only.
 */
#ifndef CLASSIFY_STATE_REST_H
#define CLASSIFY_STATE_REST_H

#include "classify/state.h"

struct rest_row {		/* of an hour */
	uint32_t hour;		/* + 1; 0: none */
	uint32_t uses;		/* since it has the row, also of others that want it */
};

struct rest {			/* zeroed: nothing */
	struct state *into;	/* whose signatures are all there, and its SOURCE_REST, if any */
	uint32_t from, hours;	/* which hours may come */
	uint32_t *bag;		/* by hour, from `from` on: what was counted */
	struct rest_row *row;
	uint32_t *n;		/* by row and what: what is not in the bag yet */
	unsigned rows, width;
};

/* Of a state's span, in that of another one. */
void rest_open(struct rest *r, struct state *into, const struct state *from);
/* One more: n of what, into's. False: the hour is none of that span. */
bool rest_add(struct rest *r, uint32_t hour, uint32_t what, uint32_t n);
void rest_close(struct rest *r);	/* all of it is into's */

#endif
