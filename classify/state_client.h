/*
 * state_client: what is kept of a client beside its counts: its name, and what it called itself.
 * Whatever the order in which they are told, the same is kept.
 */
#ifndef CLASSIFY_STATE_CLIENT_H
#define CLASSIFY_STATE_CLIENT_H

#include "classify/state.h"

/*
 * A client's HELO, as its hash. Most have one a day, so only the least of each day is kept, at the
 * source or for older days in a cell; when there are two, all are in the day's SET_HELOS.
 */
void state_helo(struct state *st, uint32_t source, uint32_t day, uint32_t helo);
/* The same for a day before source.helo_day; after: as in state_cell(). */
void state_old_helo(
    struct state *st, uint32_t source, uint32_t *after, uint32_t day, uint32_t helo);
/*
 * Of several reverse names a verified one counts, then the least, so that no order matters. hash:
 * state_name_hash() of it.
 */
void state_name(
    struct state *st, struct source *s, struct slice name, uint64_t hash, bool verified);

static inline uint64_t
state_name_hash(struct slice name)
{
	return hash_bytes(name, 8) | 1;
}

#endif
