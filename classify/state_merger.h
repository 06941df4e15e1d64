/* state_merger: what the two merges of state_fold.h share; for nobody else. */
#ifndef CLASSIFY_STATE_MERGER_H
#define CLASSIFY_STATE_MERGER_H

#include "classify/state_fold.h"
#include "classify/state_rest.h"

struct merge {
	struct state *into;
	struct state *from;
	uint32_t *signature;	/* by from's, into's; here and below */
	uint32_t *source;
	uint32_t *bag;		/* of the shared ones; 0: not asked yet */
	struct rest rest;	/* what is added to the rest */
};

/* state_merge_numbered() in two threads or more (state_threads.c). */
void merge_together(struct state *into, struct state *from, const struct state_maps *maps,
    unsigned threads, uint32_t *number_r);
/* The bag with all of from's bag, other, too. */
uint32_t merge_bag(struct merge *g, uint32_t bag, uint32_t other);
/* into, from and source are set. */
void merge_open(struct merge *g, const struct state_maps *maps);
void merge_source(struct merge *g, uint32_t i);
void merge_of_rest(struct merge *g, uint32_t i);	/* known to belong there */
/* All that is no source's own, when all of them were merged; from is empty then. */
void merge_close(struct merge *g);
/* Of two clients that are the same one; the arena keeps what t gets. */
void merge_name(struct arena *arena, struct source *t, const struct source *s);

#endif
