/*
 * arena: memory that is freed whole. Blocks never move; a pointer lives as long as the arena.
 * arena_init() or a zeroed struct makes an empty one.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/slice.h"

struct arena_block;

struct arena {
	struct arena_block *head;
	size_t used;		/* of the head block */
	size_t total;		/* bytes taken from the system, all blocks */
};

void *arena_alloc(struct arena *a, size_t n);		/* zeroed, aligned to 8 */
struct slice arena_copy(struct arena *a, struct slice s);	/* with a NUL behind it */
void arena_take(struct arena *a, struct arena *from);	/* all of from's, which is empty then */
void arena_free(struct arena *a);			/* empty again, usable again */

#endif
