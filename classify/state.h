/*
 * state: everything that must survive: the fold of the messages seen (DESIGN.md, "The fold").
 *
 * Per source and UTC hour, sparsely, a bag of what happened: how often each signature (what kind
 * of event with which rules), and the stored counters. Verdicts are never stored: judge.h computes
 * them from here. Sets of distinct things lie beside, for the few sources that have them.
 *
 * No output may depend on the order of sources here: it is the order of appearance.
 */
#ifndef CLASSIFY_STATE_H
#define CLASSIFY_STATE_H

#include "classify/bags.h"
#include "classify/evaluator.h"
#include "classify/signature.h"
#include "classify/source.h"

struct hour_range {		/* UTC hours since 1970, from ... to - 1; to 0: all */
	uint32_t from, to;
};

struct state {			/* zeroed: empty */
	struct source *source;	/* at the begin of a line of cache, behind a gap in its block */
	struct hour *hour;
	struct helo *helo;
	struct signature *signature;
	struct side *side;
	unsigned sources, hours, helos, signatures, sides;
	unsigned caps[5];
	struct bags bags;
	struct table by_source, by_signature;
	struct { uint64_t a, b; uint32_t index; } recent[256];	/* signatures, packed; b 0: none */
	struct slice *text;		/* interned; text[0] is empty */
	unsigned texts, texts_cap;
	struct table by_text;
	struct arena arena;		/* of texts and names */
	struct hour_range kept;		/* of what is merged into it: state_select.h */
	uint32_t most;			/* sources kept, about; 0: all */
	uint8_t halvings;		/* of the threshold for sources; 0: all were kept */
	uint32_t **thin;		/* for each thinning, by old number, the new one */
	unsigned thins;
	/* mail and refused attempts, deduplicated; failed logins of all clients */
	uint64_t attempts, login_failures;
	int64_t first, last;		/* time span of all events, when spanned */
	bool spanned;
};
uint32_t
state_source(struct state *st, enum source_kind kind, uint64_t id, uint64_t net, int64_t ts);
/* One that is not there, and that state_source() will not find. */
uint32_t
state_append(struct state *st, enum source_kind kind, uint64_t id, uint64_t net, int64_t ts);
void state_room(struct state *st, uint32_t more);	/* for so many sources */
/* Of the table of sources. */
static inline uint64_t
state_hash(enum source_kind kind, uint64_t id, uint64_t net)
{
	return hash_u64(id, net ^ (uint64_t)kind << 60);
}

/* TABLE_NONE when it is not there. */
uint32_t state_find(const struct state *st, enum source_kind kind, uint64_t id, uint64_t net);
uint32_t state_signature(struct state *st, const struct signature *sig);
/* n of what happened to the source at ts. */
void state_add(struct state *st, uint32_t source, int64_t ts, uint32_t what, uint32_t n);
/* Sums up, to UINT32_MAX. */
static inline void
count_add(uint32_t *count, uint32_t n)
{
	*count = *count + n < n ? UINT32_MAX : *count + n;
}

/* Something happened then. */
static inline void
state_span(struct state *st, int64_t from, int64_t until)
{
	st->first = (st->spanned & (st->first < from)) ? st->first : from;
	st->last = (st->spanned & (st->last > until)) ? st->last : until;
	st->spanned = true;
}

/* state_source() of this client comes soon: fetches the table's slot; then, later, the source. */
void state_expect_client(const struct state *st, uint64_t id);
void state_expect_source(const struct state *st, uint64_t id);
/* state_add() of this comes soon. */
void state_expect_add(const struct state *st, uint32_t source, uint32_t what, uint32_t n);
uint32_t state_text(struct state *st, struct slice text);
uint32_t state_text_find(const struct state *st, struct slice text);	/* 0: not there */
void state_free(struct state *st);

#endif
