/*
 * clock: how long ago something was in a stream, as the stream's own lines tell; private to
 * parser/correlate*.c and edge*.c.
 *
 * Time is counted in ticks: a line of another second or host than the one before begins one. A tick
 * is past by some seconds when a host's clock was seen to move on by more than these since: by a
 * line of that tick or behind it and a later line of the same host. A host's clock is compared with
 * itself only, so those of different hosts may be hours apart, and what is past hangs on no line
 * before it. That is what lets a stream be cut (edge.h).
 *
 * A host whose clock steps back by more than a minute ends a segment (SPAN_STEP: all before it).
 */
#ifndef PARSER_CLOCK_H
#define PARSER_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

enum clock_span { SPAN_HOUR, SPAN_WINDOW, SPAN_MINUTE, SPAN_WEEK, SPAN_STEP, SPANS };
/* SPAN_WINDOW is CORRELATE_WINDOW; SPAN_WEEK six days, and up to an hour */

struct moment {
	int64_t ts;		/* seconds; in the second row hours */
	uint64_t tick;
};

/* When a host's clock showed what, last: ascending in both; what no span asks for is gone. */
struct row {
	struct moment *item;
	unsigned n, cap;
	unsigned first[3];	/* by span: what is not past; the longest span comes first */
};

struct host_clock {
	struct row seconds, hours;
};

struct clock {			/* zeroed: no line yet */
	uint64_t tick;		/* of the line in hand; the first is 1 */
	uint64_t past[SPANS];	/* up to this tick all is past by the span; 0: nothing */
	struct host_clock *host;
	unsigned hosts, cap;
};

/* A line: its tick begins. */
void clock_line(struct clock *c, uint32_t host, int64_t ts);
/* Has the host written a line? */
bool clock_knows(const struct clock *c, uint32_t host);
void clock_free(struct clock *c);

/*
 * For a piece that is read behind others, with its own ticks, of which the first is base + 1.
 * A host's first line, at its tick: did it step back from before the piece?
 */
void clock_first(struct clock *c, uint32_t host, int64_t ts, uint64_t tick);
/* The greatest stamp of a host so far: what is past before the piece. */
void clock_most(struct clock *c, uint32_t host, int64_t ts);
/* At the end of the piece, in ascending order, each row of each host. */
void clock_moment(struct clock *c, uint32_t host, bool hours, struct moment m);

#endif
