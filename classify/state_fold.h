/*
 * state_fold: states that were folded apart become one, and travel as bytes.
 *
 * Order-free: whatever the order and nesting of merges, and wherever the messages were cut, the
 * bytes of state_pack() and the verdicts are the same. Only what the state holds travels; which
 * rules they were, what is ours, and the inputs' accounts are the caller's to compare and carry.
 */
#ifndef CLASSIFY_STATE_FOLD_H
#define CLASSIFY_STATE_FOLD_H

#include "classify/observe.h"

struct state_maps {		/* by from's number, into's; NULL: they are the same */
	const uint32_t *hits, *host;
};

/*
 * Into a state of the same rules, whose sources and signatures keep their numbers; from is empty
 * afterwards. Linear in the size of from, unless sources must go (state_limit.h).
 */
void state_merge(struct state *into, struct state *from, const struct state_maps *maps);

/* The same, in so many threads. */
void state_merge_threads(struct state *into, struct state *from, const struct state_maps *maps,
    unsigned threads);

/*
 * The same, whatever into->most is, of a from that was thinned as often at most; number_r: by
 * from's number of a source, into's.
 */
void state_merge_numbered(struct state *into, struct state *from, const struct state_maps *maps,
    unsigned threads, uint32_t *number_r);

/* By from's number of a signature, into's; to be freed. For who will merge them. */
uint32_t *state_map_signatures(struct state *into, const struct state *from,
    const struct state_maps *maps);

/*
 * Canonical: equal states give equal bytes, in any process. Rules and hosts go by their names,
 * texts whole, so no number of this process is in it.
 */
void state_pack(const struct classifier *cl, struct buf *out);
/*
 * Merges what was packed into cl->state; new hosts are added to cl->names, new sets of rules to
 * cl->evaluator. -1: the bytes are none that state_pack() writes, or name a rule that cl->rules
 * lack; cl->state is as before.
 */
int state_unpack(struct classifier *cl, struct slice bytes, struct problem *p);

struct state_numbers {		/* of signatures; zeroed: none */
	uint32_t *number;	/* to be freed */
	uint32_t n;
};

/* The same, for what refers to signatures: by number, the place in the packed state. */
void state_pack_numbered(
    const struct classifier *cl, struct buf *out, struct state_numbers *place_r);
/* By place, the number here; only when 0 is returned. */
int state_unpack_numbered(struct classifier *cl, struct slice bytes,
    struct state_numbers *number_r, struct problem *p);

#endif
