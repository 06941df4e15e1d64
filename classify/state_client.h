/*
 * state_client: what is kept of a client beside its counts: its name, and what it called itself.
 * Whatever the order in which they are told, the same is kept.
 */
#ifndef CLASSIFY_STATE_CLIENT_H
#define CLASSIFY_STATE_CLIENT_H

#include "base/short_text.h"
#include "classify/state.h"

enum { HELOS = 4 };		/* in a day, of which each has its place */

/* Instead of a HELO: the day has more, and all are in its SET_HELOS. Hashes of HELOs are odd. */
enum { HELO_MANY = 2 };

/*
 * A client's HELO of that day, as its hash, or HELO_MANY. The walk along the days before the newest
 * begins behind *after (0: the first of them), and leaves there where the next one may begin, so
 * that days in descending order are one walk.
 */
void state_helo(struct state *st, uint32_t source, uint32_t *after, uint32_t day, uint32_t helo);
/* How many of that day are known. */
uint64_t state_helo_count(const struct state *st, uint32_t source, uint32_t day);

static inline uint32_t
state_helo_hash(struct slice helo)
{
	return (uint32_t)hash_fixed(helo, 4) | 1;
}

/*
 * Of several reverse names a verified one counts, then the least, so that no order matters. hash:
 * state_name_hash() of it.
 */
void state_name(
    struct state *st, struct source *s, struct slice name, uint64_t hash, bool verified);

/* The same, with the text in another arena that the state takes over. */
void state_name_in(
    struct arena *arena, struct source *s, struct slice name, uint64_t hash, bool verified);

static inline uint64_t
state_name_hash(struct slice name)
{
	return text_hash_long(name) | 1;
}

#endif
