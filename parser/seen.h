/*
 * seen: counts equal things within a cell of time, such as the attempts of ten minutes.
 *
 * Things are hashes of 64 bits that may travel (hash_travel). Two cells are remembered, the current
 * one and the one before; a third takes the place of the one that has its parity.
 */
#ifndef PARSER_SEEN_H
#define PARSER_SEEN_H

#include <stdint.h>

struct seen_slot {
	uint64_t hash;
	uint32_t count[2], turn;
};

struct seen_cell {
	int64_t cell;
	struct seen_slot *slot;		/* of another turn: free */
	uint32_t mask, used, turn;
};

struct seen {			/* zeroed: empty */
	struct seen_cell cell[2];
};

/* The two counters of hash in that cell, 0 at first; they stay in place until the next call. */
uint32_t *seen_counters(struct seen *s, int64_t cell, uint64_t hash);
void seen_free(struct seen *s);

#endif
