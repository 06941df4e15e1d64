/*
 * blocks: the bytes of a decoder, lent in memory.
 *
 * A compressed file on disk is decoded ahead, in a thread of its own, once it has shown to be long
 * and when there is a thread to have. The bytes, the end and the problems are the same.
 */
#ifndef PARSER_BLOCKS_H
#define PARSER_BLOCKS_H

#include "parser/decode.h"

enum {
	BLOCKS_KEEP = 66 * 1024,	/* the most bytes that a reader may ask to be kept */
	BLOCKS_SLACK = 256	/* bytes behind the end that can be read, whatever they are */
};

struct blocks;

/* So many threads may decode at a time, in all: 0 at first. Before anything is read. */
void blocks_threads(unsigned n);
/* Takes d, which may be NULL: then NULL. */
struct blocks *blocks_open(struct decode *d);
/*
 * *start_p to *end_p: the last of the bytes given before, those that are still needed; any empty
 * range at first. 1: there are more now. 0 the end, -1 trouble: as decode_read(). The old ones may
 * have moved.
 */
int blocks_more(
    struct blocks *b, const char **start_p, const char **end_p, struct problem *p);
/* Bytes of the file that what was given came from; its size, 0 when it is not a regular file. */
uint64_t blocks_offset(const struct blocks *b);
uint64_t blocks_size(const struct blocks *b);
/* NULL is allowed. Also before the end. */
void blocks_close(struct blocks *b);

#endif
