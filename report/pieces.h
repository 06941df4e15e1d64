/*
 * pieces: cut streams (edge.h) with their places, as parts keep them and a report reads them.
 *
 * A piece is a slice of the logs of one host, or of several whose lines were read together. Its
 * numbers of hosts and instances are its own; here they are translated. Pieces of the same hosts
 * are read behind one another, in order of their places; of different hosts, each by itself, as if
 * the others were not there: a message that passed both is then two.
 */
#ifndef REPORT_PIECES_H
#define REPORT_PIECES_H

#include "parser/edge.h"
#include "parser/header.h"
#include "report/part_meta.h"

enum { PIECES_MAX = 1 << 14 };	/* of one part */

struct piece {
	struct part_place place;
	int64_t first_line, last_line;	/* their stamps, when place.first <= place.last */
	uint32_t *name;		/* its numbers of names: the reader's */
	unsigned names;
	uint32_t *host;		/* that wrote lines: its own numbers, ascending */
	unsigned hosts;
	struct edge edge;
};

struct pieces {			/* zeroed: none */
	struct piece *item;
	unsigned n, cap;
	struct arena arena;
};

/* Takes the edge over. Its numbers are the reader's, of which there are so many; seen: by number
 * below n, that it is of a host which wrote a line. */
void pieces_add(struct pieces *x, const struct part_place *place, uint32_t names,
    const bool *seen, unsigned n, struct edge *edge);
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
};

/* Reads them all to their ends. -1: one of them is damaged, and the others were read. */
int pieces_read(struct pieces *x, const struct pieces_taker *taker, struct pieces_sums *sums_r);

#endif
