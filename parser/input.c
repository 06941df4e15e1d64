/*
 * See input.h.
 *
 * A line is one memchr() and two pointers: input_line(). When the block holds no LF any more, more
 * bytes come behind the begun line (blocks.h). A begun line over the limit is given at once and its
 * rest dropped as it comes: memory is these blocks.
 */
#define _GNU_SOURCE
#define XXH_INLINE_ALL
#include "parser/input.h"

#include <assert.h>
#include <stdlib.h>
#include <xxhash.h>

#include "parser/blocks.h"

/* With its CR a line may be one byte longer; whatever is longer is overlong for certain. */
enum { BEGUN_MAX = LINE_MAX_BYTES + 1 };

_Static_assert((int)BEGUN_MAX <= (int)BLOCKS_KEEP, "a begun line is kept");

/* The key of hash_fixed(): input_hash() is hash_fixed(whole content, 0). */
#define HASH_SEED 0x7370616d73726331u

struct file {
	struct input in;	/* what callers see */
	bool skipping;		/* an overlong line was given, its rest comes; then start == end */
	struct blocks *blocks;
	XXH3_state_t *hash;	/* NULL: nobody wants it */
	uint64_t bytes;		/* decoded */
};

_Static_assert(offsetof(struct file, in) == 0, "file_of() takes one for the other");

static inline struct file *
file_of(const struct input *in)
{
	return (struct file *)in;
}

static struct input *
open_decoded(struct decode *d)
{
	struct file *f;

	if (d == NULL)
		return NULL;
	f = mem_alloc(sizeof(*f));
	f->blocks = blocks_open(d);
	f->in.start = f->in.end = "";
	f->hash = XXH3_createState();	/* wants an alignment that calloc does not promise */
	if (f->hash == NULL)
		die_nomem();
	XXH3_64bits_reset_withSeed(f->hash, HASH_SEED);
	return &f->in;
}

struct input *
input_open(const char *path, struct problem *p)
{
	return open_decoded(decode_open(path, p));
}

struct input *
input_open_range(const char *path, uint64_t from, uint64_t to, struct problem *p)
{
	return open_decoded(decode_open_range(path, from, to, p));
}

/* More bytes behind end: as blocks_more(). */
static int
fill(struct file *f, struct problem *p)
{
	struct input *in = &f->in;
	size_t begun = (size_t)(in->end - in->start), n;
	int rc = blocks_more(f->blocks, &in->start, &in->end, p);

	n = (size_t)(in->end - in->start) - begun;
	if (f->hash != NULL && n > 0)
		XXH3_64bits_update(f->hash, in->start + begun, n);
	f->bytes += n;
	return rc;
}

/* Gives the bytes from start to `to`, and goes on at `next`. */
static int
give(struct input *in, const char *to, const char *next, struct slice *line_r, bool *overlong_r)
{
	size_t n = (size_t)(to - in->start);

	*overlong_r = n > LINE_MAX_BYTES;
	*line_r = (struct slice){ in->start, *overlong_r ? LINE_MAX_BYTES : n };
	in->start = next;
	in->lines++;
	return 1;
}

int
input_line_slow(struct input *in, struct slice *line_r, bool *overlong_r, struct problem *p)
{
	struct file *f = file_of(in);
	size_t scanned = 0;	/* bytes behind start that hold no LF */

	for (;;) {
		const char *from = in->start + scanned;
		const char *lf = memchr(from, '\n', (size_t)(in->end - from));
		int rc;

		if (lf != NULL && !f->skipping)	/* the CR before it is not content */
			return give(in, lf > in->start && lf[-1] == '\r' ? lf - 1 : lf, lf + 1,
			    line_r, overlong_r);
		if (lf != NULL) {
			in->start = lf + 1;
			scanned = 0;
			f->skipping = false;
			continue;
		}
		if (f->skipping)
			in->start = in->end;
		else if (in->end - in->start > BEGUN_MAX) {
			f->skipping = true;
			return give(in, in->end, in->end, line_r, overlong_r);
		}
		scanned = (size_t)(in->end - in->start);
		rc = fill(f, p);
		if (rc != 1 && in->start < in->end)	/* no LF; the trouble is told next time */
			return give(in, in->end, in->end, line_r, overlong_r);
		if (rc != 1)
			return rc;
	}
}

uint64_t
input_offset(const struct input *in)
{
	return blocks_offset(file_of(in)->blocks);
}

uint64_t
input_size(const struct input *in)
{
	return blocks_size(file_of(in)->blocks);
}

uint64_t
input_hash(const struct input *in)
{
	const XXH3_state_t *hash = file_of(in)->hash;

	return hash ? XXH3_64bits_digest(hash) : 0;
}

uint64_t
input_bytes(const struct input *in)
{
	return file_of(in)->bytes;
}

void
input_drop_hash(struct input *in)
{
	struct file *f = file_of(in);

	XXH3_freeState(f->hash);
	f->hash = NULL;
}

void
input_close(struct input *in)
{
	if (in == NULL)
		return;
	input_drop_hash(in);
	blocks_close(file_of(in)->blocks);
	free(file_of(in));
}
