/*
 * state_limit: what a state does when it has more sources than it may keep.
 *
 * A source is kept when its hash lies below a threshold, which is halved until few enough are kept;
 * of all others only sums are kept, as one SOURCE_REST (DESIGN.md, "The fold", 9). Which sources
 * these are hangs on the sources alone, not on their order. Scripts, and accounts that logged in,
 * are our own side and always kept; only an account's failures before that may be lost.
 */
#ifndef CLASSIFY_STATE_LIMIT_H
#define CLASSIFY_STATE_LIMIT_H

#include "classify/state.h"

/* Does it belong to the rest? id as in state.h; net: 0 for all but accounts. */
bool state_is_rest(const struct state *st, enum source_kind kind, uint64_t id, uint64_t net);
/*
 * The source that goes by a text. Strangers name any number of logins and domains: those that
 * belong to the rest do not leave their texts here.
 */
uint32_t state_text_source(struct state *st, enum source_kind kind, struct slice text, uint64_t net,
    int64_t ts);
/* The source that stands for the rest. */
uint32_t state_rest(struct state *st, int64_t ts);
uint64_t state_rest_events(const struct state *st);	/* mail and attempts of the rest */
/* Is there mail under this login, from this network? Is there nothing but failed logins? */
bool state_has_mail(const struct state *st, uint32_t source);
bool state_only_failed(const struct state *st, uint32_t source);
/*
 * Halves the threshold until there are at most `most` sources, and as often as `halvings` at least,
 * in so many threads. Sources get other numbers.
 */
void state_thin(struct state *st, uint32_t most, unsigned halvings, unsigned threads);
/* What number the source of then has now; then: state.thins when it had that number. */
uint32_t state_number(const struct state *st, uint32_t source, unsigned then);

#endif
