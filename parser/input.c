/*
 * See input.h.
 *
 * LFs are looked for in a chunk of bytes at a time, without a branch for each line; then a line is
 * two pointers: input_line(). When there is no LF any more, more bytes come behind the begun line
 * (blocks.h). A begun line over the limit is given at once and its rest dropped as it comes: memory
 * is these blocks.
 */
#define _GNU_SOURCE
#define XXH_INLINE_ALL
#include "parser/input.h"

#include <assert.h>
#include <stdlib.h>
#include <xxhash.h>

#include "base/wide_more.h"
#include "parser/blocks.h"

enum {
	/* Bytes whose LFs are found at once: still in the first cache when they are parsed. */
	CHUNK = 8 * 1024,
	/* With its CR a line may be one byte longer; whatever is longer is overlong for certain. */
	BEGUN_MAX = LINE_MAX_BYTES + 1
};

_Static_assert((int)BEGUN_MAX <= (int)BLOCKS_KEEP, "a begun line is kept");
_Static_assert((int)WIDE_SLACK <= (int)BLOCKS_SLACK, "see input.h");
_Static_assert(CHUNK % 64 == 0 && CHUNK <= UINT16_MAX, "see find_lines()");

/* The key of hash_fixed(): input_hash() is hash_fixed(whole content, 0). */
#define HASH_SEED 0x7370616d73726331u

struct file {
	struct input in;	/* what callers see */
	const char *seen, *end;	/* in block: no LF from start to seen but those in `in` */
	bool skipping;		/* an overlong line was given, its rest comes; then start == end */
	struct blocks *blocks;
	XXH3_state_t *hash;	/* NULL: nobody wants it */
	uint64_t bytes;		/* decoded */
	const char *kept;	/* in block: lines from here to start were given, whole */
	size_t before_n;	/* the one before kept; over INPUT_BEFORE: none */
	char before[INPUT_BEFORE + WIDE_SLACK];
	uint16_t lf[CHUNK];
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
	f->in.start = f->seen = f->end = f->kept = "";
	f->before_n = SIZE_MAX;
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

/* The last line of those from p to end; with or without its LF. */
static struct slice
last_line(const char *p, const char *end)
{
	struct slice lines = slice_range(p, end - (end > p && end[-1] == '\n'));
	const char *lf = slice_rchr(lines, '\n');

	lines = slice_range(lf ? lf + 1 : p, slice_end(lines));
	return slice_first(lines, lines.n - slice_ends(lines, SLICE("\r")));
}

/* The block goes: its last line is kept. */
static void
keep_before(struct file *f)
{
	struct slice line = last_line(f->kept, f->in.start);

	if (f->in.start == f->kept)
		return;
	f->before_n = f->skipping ? SIZE_MAX : line.n;
	if (line.n > 0 && f->before_n <= INPUT_BEFORE)
		memcpy(f->before, line.p, line.n);
}

/* More bytes behind end, when all were seen: as blocks_more(). */
static int
fill(struct file *f, struct problem *p)
{
	size_t begun = (size_t)(f->end - f->in.start), n;
	int rc;

	keep_before(f);
	rc = blocks_more(f->blocks, &f->in.start, &f->end, p);
	f->kept = f->in.start;
	f->seen = f->in.start + begun;
	n = (size_t)(f->end - f->seen);
	if (f->hash != NULL && n > 0)
		XXH3_64bits_update(f->hash, f->seen, n);
	f->bytes += n;
	return rc;
}

/*
 * Notes the LFs of 64 bytes behind the n that were noted; returns how many there are now. Nearly
 * always there is one or none, so one is noted in any case: whether there is one cannot be
 * foretold, that there are two is rare.
 */
static inline size_t
note_lines(uint16_t *lf, size_t n, size_t at, uint64_t hit)
{
	lf[n] = (uint16_t)(at + (size_t)__builtin_ctzll(hit | (uint64_t)1 << 63));
	n += hit != 0;
	while ((hit &= hit - 1) != 0)
		lf[n++] = (uint16_t)(at + (size_t)__builtin_ctzll(hit));
	return n;
}

static inline uint64_t
lf_in_64(const char *p)
{
	return wide_equal32(p, '\n') | (uint64_t)wide_equal32(p + 32, '\n') << 32;
}

/* The LFs of the next chunk. */
static void
find_lines(struct file *f)
{
	size_t left = (size_t)(f->end - f->seen), bytes = left < CHUNK ? left : CHUNK;
	size_t whole = bytes & ~(size_t)63, i = 0, n = 0;
	const char *p = f->seen;

	for (; i != whole; i += 64)
		n = note_lines(f->lf, n, i, lf_in_64(p + i));
	if (i < bytes)
		n = note_lines(f->lf, n, i,
		    lf_in_64(p + i) & (((uint64_t)1 << (bytes - i)) - 1));
	f->in.base = p;
	f->in.lf = f->lf;
	f->in.lf_end = f->lf + n;
	f->seen = p + bytes;
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

	for (;;) {
		int rc;

		if (in->lf < in->lf_end) {	/* the first of a chunk: any line may end here */
			const char *lf = in->base + *in->lf++;

			if (!f->skipping)	/* the CR before it is not content */
				return give(in, lf > in->start && lf[-1] == '\r' ? lf - 1 : lf,
				    lf + 1, line_r, overlong_r);
			in->start = f->kept = lf + 1;
			f->before_n = SIZE_MAX;
			f->skipping = false;
			continue;
		}
		if (f->seen < f->end) {
			find_lines(f);
			continue;
		}
		if (f->skipping) {
			in->start = f->end;
		} else if (f->end - in->start > BEGUN_MAX) {
			f->skipping = true;
			return give(in, f->end, f->end, line_r, overlong_r);
		}
		rc = fill(f, p);
		if (rc != 1 && in->start < f->end)	/* no LF; the trouble is told next time */
			return give(in, f->end, f->end, line_r, overlong_r);
		if (rc != 1)
			return rc;
	}
}

/* The LFs before start are past. */
static void
skip_to(struct file *f, const char *start)
{
	struct input *in = &f->in;

	while (in->lf < in->lf_end && in->base + *in->lf < start)
		in->lf++;
	in->start = start;
	if (f->seen < start)
		f->seen = start;
}

bool
input_take(struct input *in, char *to, size_t n)
{
	struct file *f = file_of(in);

	while (n > 0) {
		size_t left = (size_t)(f->end - in->start), k = n < left ? n : left;
		struct problem p;

		if (k == 0 && fill(f, &p) != 1)
			return false;
		if (to != NULL && k > 0) {
			memcpy(to, in->start, k);
			to += k;
		}
		skip_to(f, in->start + k);
		n -= k;
	}
	return true;
}

bool
input_before(const struct input *in, bool at_end, struct slice *line_r)
{
	const struct file *f = (const struct file *)in;
	const char *end = in->start;

	if (!at_end)
		end = last_line(f->kept, end).p;
	*line_r = (struct slice){ f->before, f->before_n };
	if (end != f->kept)
		*line_r = last_line(f->kept, end);
	return line_r->n <= INPUT_BEFORE;
}

void
input_back(struct input *in, struct slice line)
{
	struct file *f = file_of(in);

	/* its LF was the last one that was used, unless the end of all came instead */
	if (in->lf > f->lf && in->start[-1] == '\n' && in->base + in->lf[-1] + 1 == in->start)
		in->lf--;
	in->start = line.p;
	in->lines--;
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
