/*
 * See input.h.
 *
 * One block, filled by the decoder:
 *
 *	block ... start ....... scan ....... end ....... block + BLOCK
 *	given     the line begun             free
 *	          no LF up to scan
 *
 * A line is one memchr() and two pointers. When the block holds no LF any more, the begun line
 * stays where it is while there is room for a good read behind it, else it moves to the front;
 * so a pipe that gives single bytes does not make us move the line for each of them. A begun line
 * over the limit is given at once and its rest dropped as it comes: memory is this block.
 */
#define _GNU_SOURCE
#define XXH_INLINE_ALL
#include "parser/input.h"

#include <assert.h>
#include <stdlib.h>
#include <xxhash.h>

#include "parser/decode.h"

enum {
	BLOCK = 256 * 1024,
	/* With its CR a line may be one byte longer; whatever is longer is overlong for certain. */
	BEGUN_MAX = LINE_MAX_BYTES + 1
};

_Static_assert(BEGUN_MAX < BLOCK / 2, "a begun line must leave room for a read");

/* The key of hash_fixed(): input_hash() is hash_fixed(whole content, 0). */
#define HASH_SEED 0x7370616d73726331u

struct input {
	const char *start, *scan, *end;
	bool skipping;		/* an overlong line was given, its rest comes */
	uint64_t lines;
	struct decode *decode;
	XXH3_state_t *hash;	/* NULL: nobody wants it */
	char block[BLOCK];
};

struct input *
input_open(const char *path, struct problem *p)
{
	struct decode *d = decode_open(path, p);
	struct input *in;

	if (d == NULL)
		return NULL;
	in = mem_alloc(sizeof(*in));
	in->decode = d;
	in->start = in->scan = in->end = in->block;
	in->hash = XXH3_createState();	/* wants an alignment that calloc does not promise */
	if (in->hash == NULL)
		die_nomem();
	XXH3_64bits_reset_withSeed(in->hash, HASH_SEED);
	return in;
}

/* More bytes behind end: as decode_read(). */
static int
fill(struct input *in, struct problem *p)
{
	size_t begun = (size_t)(in->end - in->start), n;
	char *to;
	int rc;

	if (begun == 0 || in->block + BLOCK - in->end < BLOCK / 2) {
		memmove(in->block, in->start, begun);
		in->scan = in->block + (in->scan - in->start);
		in->start = in->block;
		in->end = in->block + begun;
	}
	to = in->block + (in->end - in->block);
	rc = decode_read(in->decode, to, (size_t)(in->block + BLOCK - in->end), &n, p);
	if (rc == 1) {
		if (in->hash != NULL)
			XXH3_64bits_update(in->hash, to, n);
		in->end += n;
	}
	return rc;
}

/* Gives the bytes from start to `to`, and goes on at `next`. */
static inline int
give(struct input *in, const char *to, const char *next, struct slice *line_r, bool *overlong_r)
{
	size_t n = (size_t)(to - in->start);

	*overlong_r = n > LINE_MAX_BYTES;
	*line_r = (struct slice){ in->start, *overlong_r ? LINE_MAX_BYTES : n };
	in->start = in->scan = next;
	in->lines++;
	return 1;
}

/* lf is the LF at or behind scan. The CR before it is not content. */
static inline int
give_line(struct input *in, const char *lf, struct slice *line_r, bool *overlong_r)
{
	const char *to = lf > in->start && lf[-1] == '\r' ? lf - 1 : lf;

	return give(in, to, lf + 1, line_r, overlong_r);
}

/* Whatever is not a whole line in the block; apart, so that the usual line saves no registers. */
static __attribute__((noinline)) int
line_slow(struct input *in, struct slice *line_r, bool *overlong_r, struct problem *p)
{
	for (;;) {
		const char *lf = memchr(in->scan, '\n', (size_t)(in->end - in->scan));
		int rc;

		if (lf != NULL && !in->skipping)
			return give_line(in, lf, line_r, overlong_r);
		if (lf != NULL) {
			in->start = in->scan = lf + 1;
			in->skipping = false;
			continue;
		}
		in->scan = in->end;
		if (in->skipping)
			in->start = in->end;
		else if (in->end - in->start > BEGUN_MAX) {
			in->skipping = true;
			return give(in, in->end, in->end, line_r, overlong_r);
		}
		rc = fill(in, p);
		if (rc != 1 && in->start < in->end)	/* no LF; the trouble is told next time */
			return give(in, in->end, in->end, line_r, overlong_r);
		if (rc != 1)
			return rc;
	}
}

int
input_line(struct input *in, struct slice *line_r, bool *overlong_r, struct problem *p)
{
	const char *lf = memchr(in->scan, '\n', (size_t)(in->end - in->scan));

	if (lf == NULL || in->skipping)
		return line_slow(in, line_r, overlong_r, p);
	return give_line(in, lf, line_r, overlong_r);
}

uint64_t
input_offset(const struct input *in)
{
	return decode_offset(in->decode);
}

uint64_t
input_size(const struct input *in)
{
	return decode_size(in->decode);
}

uint64_t
input_hash(const struct input *in)
{
	return in->hash ? XXH3_64bits_digest(in->hash) : 0;
}

void
input_drop_hash(struct input *in)
{
	XXH3_freeState(in->hash);
	in->hash = NULL;
}

uint64_t
input_lines(const struct input *in)
{
	return in->lines;
}

void
input_close(struct input *in)
{
	if (in == NULL)
		return;
	XXH3_freeState(in->hash);
	decode_close(in->decode);
	free(in);
}
