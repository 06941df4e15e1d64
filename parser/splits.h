/*
 * splits: the parts of lines that Exim cut for syslog, until they are put together again.
 *
 * A process writes all parts of a line before anything else, so of each only its last line counts.
 * What stands behind a line break in the line (a refused message's headers) is not wanted: such a
 * line is whole before the break. When more than SPLITS processes are at it, the oldest is lost.
 */
#ifndef PARSER_SPLITS_H
#define PARSER_SPLITS_H

#include "base/slice.h"

enum { SPLITS = 32, SPLIT_BYTES = 65536, SPLIT_PARTS = 999 };

struct split {
	uint64_t tick;		/* of its last part (clock.h); 0: free */
	uint32_t host, pid;
	uint32_t part, parts;	/* so many are there; parts 0: nothing is waited for */
	uint32_t n, cap;
	char *text;
};

struct splits {			/* zeroed: empty */
	struct split item[SPLITS];
};

struct split_part {
	uint32_t host, pid;
	uint32_t part, parts;	/* 1 <= part <= parts */
	bool breaks;		/* a line break follows it */
	struct slice text;
};

/*
 * At that tick, when all up to past is past. True: the line is whole, *line_r is valid until the
 * next call. False: it is not, or the part is none of a line that is known.
 */
bool splits_add(struct splits *s, const struct split_part *p, uint64_t past, uint64_t tick,
    struct slice *line_r);
/* What is known of the process; NULL: nothing. */
struct split *splits_find(struct splits *s, uint32_t host, uint32_t pid, uint64_t past);
/* From elsewhere, in the place of what is known. */
void splits_put(struct splits *s, const struct split_part *p, uint64_t tick);
void splits_free(struct splits *s);

#endif
