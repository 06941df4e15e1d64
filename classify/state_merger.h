/* state_merger: what the two merges of state_fold.h share; for nobody else. */
#ifndef CLASSIFY_STATE_MERGER_H
#define CLASSIFY_STATE_MERGER_H

#include "classify/state_fold.h"

struct merge {
	struct state *into;
	struct state *from;
	uint32_t *signature;	/* by from's, into's; here and below */
	uint32_t *source;
	uint32_t *bag;		/* of the shared ones; 0: not asked yet */
	uint32_t *rest;		/* by hour, from rest_from on: what is added to the rest */
	uint32_t rest_from, rest_hours;
};

/* The bag with all of from's bag, other, too. */
uint32_t merge_bag(struct merge *g, uint32_t bag, uint32_t other);
void merge_source(struct merge *g, uint32_t i);
/* When all sources were merged. */
void merge_sides(struct merge *g);
void merge_sums(struct state *into, const struct state *from);

#endif
