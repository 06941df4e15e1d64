/*
 * edge: a stream that was cut, and what at its cuts cannot be told alone.
 *
 * A correlator that reads a piece of a stream gives out what is the same whatever was read before.
 * The rest it keeps as a row of entries, in order: events whose outcome hangs on what came before
 * the piece; what such events may meet, as it stood then; queue ids that were opened, which end
 * former messages; at last what is still open. Read behind the pieces before, by a correlator that
 * knows all of these, the entries give the messages that the whole stream would give. Then that
 * correlator takes over what else the piece knows at its end, and stands where the whole stream
 * would stand.
 *
 *	correlate_begin_piece(c);
 *	...events, messages, as usual...
 *	correlate_cut(c, &edge);			instead of correlate_end()
 *
 *	edge_open(&r, &edge, name, names);		in the order of the pieces
 *	while (correlate_held(c, &r))
 *		while ((m = correlate_next(c)) != NULL)
 *			...
 *	if (edge_close(&r))				false: damaged
 *
 * The messages and counts of all are those of the whole stream, wherever it was cut, as long as no
 * limit was met.
 */
#ifndef PARSER_EDGE_H
#define PARSER_EDGE_H

#include "base/pack.h"
#include "parser/correlate.h"

struct edge {			/* zeroed: of a piece without events */
	struct buf held;	/* the entries */
	struct buf context;	/* what the correlator knows besides, at the end */
	bool any;
	int64_t from;		/* stamp of the first event: others are told as seconds since */
};

void edge_free(struct edge *e);
void edge_pack(const struct edge *e, struct buf *out);
void edge_unpack(struct unpack *u, struct edge *e_r);	/* copies */

struct edge_reader {
	const struct edge *edge;
	struct unpack held;
	const uint32_t *name;		/* as event_unpack() */
	uint32_t names;
	bool done, bad;
	uint64_t base;			/* the correlator's ticks before the piece */
	uint64_t tick, past[5];		/* the piece's, told so far: clock.h */
};

void correlate_begin_piece(struct correlate *c);
void correlate_cut(struct correlate *c, struct edge *e_r);
void edge_open(
    struct edge_reader *r, const struct edge *e, const uint32_t *name, uint32_t names);
/* The next entry, at last the context: false when that was done. c reads a whole stream. */
bool correlate_held(struct correlate *c, struct edge_reader *r);
bool edge_close(const struct edge_reader *r);

#endif
