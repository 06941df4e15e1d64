/*
 * input: bytes of files, directories and standard input as lines, in one order.
 *
 * Containers (gzip, zstd, plain) are recognised by their first bytes; concatenated members and
 * frames are read to the end; skippable zstd frames are skipped. Windows over 128 MiB are refused
 * with a clear problem. Lines end at LF; a CR before it is cut; NUL and other bytes are kept; a
 * last line without LF counts. Over LINE_MAX_BYTES the rest is skipped and the line is marked
 * overlong, once, as one line.
 *
 * A line's slice is valid until the next call on the same input; WIDE_SLACK bytes behind it can be
 * read.
 */
#ifndef PARSER_INPUT_H
#define PARSER_INPUT_H

#include "base/problem.h"
#include "base/slice.h"
#include "base/wide.h"

enum { LINE_MAX_BYTES = 65536, INPUT_BEFORE = 4096 };

/* The next line, and where the LFs of some lines in the block are; the rest is input.c's. */
struct input {
	const char *start, *base;
	const uint16_t *lf, *lf_end;	/* from base, in order; start is behind the one before */
	uint64_t lines;
};

/* "-" is standard input. NULL and a problem when it cannot be opened or is a directory. */
struct input *input_open(const char *path, struct problem *p);
/* The bytes [from, to) of a plain file. */
struct input *input_open_range(const char *path, uint64_t from, uint64_t to, struct problem *p);
/* Most lines: the LF is known. False: it is for input_line_slow(). */
static inline bool
input_line_known(struct input *in, struct slice *line_r)
{
	const char *lf;

	if (in->lf == in->lf_end)
		return false;
	lf = in->base + *in->lf++;
	/* before an empty line stands the LF of the last one */
	*line_r = slice_range(in->start, lf - (lf[-1] == '\r'));
	in->start = lf + 1;
	in->lines++;
	return true;
}
/* input_line() when no LF is known: more of them are looked for, and the first one is used. */
int input_line_slow(struct input *in, struct slice *line_r, bool *overlong_r, struct problem *p);
/*
 * 1 a line, 0 the end, -1 trouble (read error, truncated or corrupt container): what was decoded
 * before it has been given out already (also the cut last line); sticky.
 */
static inline int
input_line(struct input *in, struct slice *line_r, bool *overlong_r, struct problem *p)
{
	*overlong_r = false;
	return input_line_known(in, line_r) ? 1 : input_line_slow(in, line_r, overlong_r, p);
}
/*
 * The next n bytes, whatever they are, into to, if that is not NULL. False: there are less, and all
 * of them are gone; input_line() says why.
 */
bool input_take(struct input *in, char *to, size_t n);
/*
 * The line before the one that was read last; at the end of the input that one itself. False: there
 * is none, or it is longer than INPUT_BEFORE.
 */
bool input_before(const struct input *in, bool at_end, struct slice *line_r);
/* The line that was read last, which was not overlong, is the next one again. */
void input_back(struct input *in, struct slice line);
/* Bytes of the file consumed so far, and its size (0 when unknown): for progress. */
uint64_t input_offset(const struct input *in);
uint64_t input_size(const struct input *in);
/* hash_fixed(decoded bytes so far, 0); after the end, the content's identity. */
uint64_t input_hash(const struct input *in);
uint64_t input_bytes(const struct input *in);	/* decoded so far */
/* No hash is wanted of this one: it costs as much as finding the lines. input_hash() is 0 then. */
void input_drop_hash(struct input *in);
static inline uint64_t
input_lines(const struct input *in)
{
	return in->lines;
}
void input_close(struct input *in);

/*
 * The log files of a directory, not recursive: mail.log* maillog* mainlog* rejectlog* spamd.log*;
 * syslog* and messages* only when none of those is there. Sorted in rotation order: by name, then
 * numbers (highest first), then dates (oldest first), then the bare name. Owned by the list.
 */
enum { INPUT_LEFT = 8 };	/* syslog* and messages* come first */

struct input_list {		/* zeroed: empty */
	char **path;
	unsigned n, cap;
	/* What was added last, a directory, has beside its logs: the first names, and how many. */
	char *left[INPUT_LEFT];
	unsigned lefts;
};

int input_list_add(struct input_list *list, const char *path, struct problem *p);
void input_list_free(struct input_list *list);
/* Rotation order of two paths: "mail.log.2.gz" before "mail.log.1" before "mail.log". */
int input_rotation_cmp(const char *a, const char *b);
/* Are they slices of one log, by their names? */
bool input_same_log(const char *a, const char *b);

#endif
