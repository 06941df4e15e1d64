/*
 * pieces: cut streams (edge.h) with their places, as parts keep them and a report reads them.
 *
 * A piece is a slice of the logs of one host, or of several whose lines were read together. Its
 * numbers of hosts and instances are its own; here they are translated. Pieces of the same hosts
 * are read behind one another, in order of their places; so are those of different hosts that may
 * be slices of one log, because none begins before another one ends. Others are read each by
 * itself, as if the rest were not there: a message that passed both is then two.
 */
#ifndef REPORT_PIECES_H
#define REPORT_PIECES_H

#include "parser/edge.h"
#include "parser/header.h"
#include "parser/stream.h"
#include "report/part_meta.h"

enum { PIECES_MAX = 1 << 14 };	/* of one part */

enum { LOGS = 2 };		/* rejectlogs are [1] */
enum log_end { END_NONE, END_EXIM, END_OTHER };	/* of a log: its last line with a stamp */

/*
 * Lines that were not understood: of each kind the first ones, in their order. A lead is a line
 * before a log's first one with a stamp, by enum line_lead. It may go on the last line of the piece
 * before; until that is known it counts as bad.
 */
struct odd_line {
	struct line_sample text;
	bool bad;		/* or of unknown shape */
	uint8_t lead, log;
};

enum { ODD_MAX = SAMPLES * (2 + LOGS * (LEADS - 1)) };

struct odd_lines {
	struct odd_line line[ODD_MAX];
	unsigned n;
	uint64_t all[2], leads[LOGS][LEADS];	/* all[bad] that are no leads */
};

struct piece_host {		/* that wrote lines */
	uint32_t host;		/* the piece's own number */
	int64_t first, last;	/* stamps of its first and last line */
};

struct piece {
	struct part_place place;
	int64_t first_line, last_line;	/* their stamps, when place.first <= place.last */
	struct odd_lines odd;
	uint8_t end[LOGS];
	struct buf last;	/* for correlate_last(), packed with the piece's numbers */
	uint32_t *name;		/* its numbers of names: the reader's */
	unsigned names;
	struct piece_host *host;	/* ascending */
	unsigned hosts;
	struct edge edge;
};

struct pieces {			/* zeroed: none */
	struct piece *item;
	unsigned n, cap;
	struct arena arena;
};

/* Takes the edge and the hosts over. Its numbers are the reader's, of which there are so many. */
struct piece *pieces_add(struct pieces *x, const struct part_place *place, uint32_t names,
    struct piece_host *host, unsigned hosts, struct edge *edge);
void pieces_pack(const struct pieces *x, const struct names *names, struct buf *out);
/* Adds those of a part. -1: bytes that pieces_pack() does not write; then nothing was added. */
int pieces_unpack(struct pieces *x, struct names *names, struct slice bytes);
/* All of from's, whose names have other numbers here. */
void pieces_move(struct pieces *x, struct pieces *from, const uint32_t *name);
void pieces_drop(struct pieces *x, unsigned kept);	/* all but the first */
void pieces_free(struct pieces *x);

struct pieces_taker {
	void *context;
	void (*take)(void *context, struct correlate *c);	/* all of correlate_next() */
};

struct pieces_sums {
	struct correlate_counts counts;
	uint64_t backwards;	/* pieces that begin over a minute before the end of the last */
	uint64_t continued;	/* leads that go on a line: not bad */
	struct line_sample sample[2][SAMPLES];	/* as in struct run_facts */
	unsigned samples[2];
};

/* pieces_read.c */
/*
 * Reads them all to their ends. -1: one of them is damaged, and the others were read. begun: all
 * are slices of one log, in their order here, and it has read the first; it is closed.
 */
int pieces_read(struct pieces *x, struct correlate *begun, const struct pieces_taker *taker,
    struct pieces_sums *sums_r);
/* A line that was not understood, in the order of the piece. */
void odd_lines_add(struct odd_lines *o, const struct stream_line *line, bool bad);

#endif
