/*
 * edge: a stream that was cut, and the lines at its cuts that cannot be told alone.
 *
 * A correlator that reads a piece of a stream holds back what hangs on lines before or behind it:
 * messages without their opener or not yet closed, what came within EDGE_WIDTH seconds of the first
 * line, sessions that began before. These are kept as events. Read behind the piece before, by a
 * correlator that knows all of that one, they give the messages that the whole stream would give;
 * then that correlator takes over the piece's context, and stands where the whole stream would
 * stand.
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
 * c may itself have begun with correlate_begin_piece(): then the pieces become one piece.
 *
 * Exact as long as no limit was met, but for: several hosts in one piece whose clocks are apart
 * by half an hour or more; a short queue id that was opened twice without an end, or a unique one
 * that comes twice; a filter's verdict under a queue id whose message was opened before the piece,
 * more than EDGE_WIDTH ago.
 */
#ifndef PARSER_EDGE_H
#define PARSER_EDGE_H

#include "base/pack.h"
#include "parser/correlate.h"

enum { EDGE_WIDTH = CORRELATE_WINDOW + 60, EDGE_HOSTS = 1 << 20 };

struct edge {			/* zeroed: of a piece without events */
	struct buf held;	/* the events held back, in order */
	struct buf context;	/* what a correlator knows besides, at the end */
	bool any;
	int64_t from, to;	/* stream time of the first event, and at the end */
	bool wide;		/* longer than EDGE_WIDTH: the context needs nothing before it */
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
};

void correlate_begin_piece(struct correlate *c);
void correlate_cut(struct correlate *c, struct edge *e_r);
void edge_open(
    struct edge_reader *r, const struct edge *e, const uint32_t *name, uint32_t names);
/* The next event held, at last the context: false when that was done. */
bool correlate_held(struct correlate *c, struct edge_reader *r);
bool edge_close(const struct edge_reader *r);

#endif
