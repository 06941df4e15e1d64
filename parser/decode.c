/*
 * See decode.h.
 *
 * A file is a row of members (gzip members, zstd frames). Between two of them the next magic is
 * looked at, which tells the end, another member and garbage apart; inside of one, a step function
 * of the codec turns what is in src into bytes of the caller. Plain files have no members: read()
 * goes straight to the caller, only the first read, made for the magic, is copied.
 *
 * A failure is kept in `why` and told when the bytes before it are out, then for ever.
 *
 * When gunzip doubts a member, the file goes back to its beginning, and what was given of it is
 * dropped from what comes then.
 */
#define _GNU_SOURCE
#include "parser/decode.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "parser/gunzip.h"

enum {
	SRC_BYTES = 128 * 1024,
	MAGIC_BYTES = 6,	/* the longest magic */
	ZSTD_WINDOW_LOG = 27,	/* 128 MiB, what zstd -d itself allows */
	ZSTD_BLOCK_HEADER = 3
};

enum format { UNKNOWN, PLAIN, GZIP, ZSTD, BZIP2, XZ };
enum state { START, BETWEEN, INSIDE, END, FAILED };

struct decode {
	char *name;
	int fd;
	enum format format;
	enum state state;
	bool began;		/* a member was begun */
	bool keep;		/* standard input: not ours to close */
	bool eof;
	bool full;		/* the last step filled its room: it may hold back more */
	char *src;		/* read and not yet used: pos to len */
	size_t pos, len;
	uint64_t read_bytes, size;
	bool ranged;		/* of the file only `size` bytes are read, as plain ones */
	off_t origin;		/* where we began to read a regular file; else -1 */
	uint64_t member_at;	/* where the gzip member begins: read_bytes of then */
	uint64_t member_given;	/* bytes that came out of it */
	uint64_t drop;		/* so many of those to come were given before the doubt */
	struct gunzip *gzip;
	ZSTD_DCtx *zstd;
	size_t zstd_wants;	/* bytes that it asked for */
	struct problem why;
};

/* What a codec did with src. DRY: no byte came out, and none is left to put in. */
enum step { STEP_MORE, STEP_DRY, STEP_MEMBER_END, STEP_FAILED, STEP_DOUBT };

static const char *
codec_name(const struct decode *d)
{
	return d->format == GZIP ? "gzip" : "zstd";
}

/* One read() at most; sets eof. -1 and why on an error. */
static ssize_t
read_file(struct decode *d, char *to, size_t room)
{
	ssize_t n;

	if (d->ranged && room > d->size - d->read_bytes)
		room = (size_t)(d->size - d->read_bytes);
	while ((n = read(d->fd, to, room)) == -1 && errno == EINTR)
		;
	if (n == -1)
		return problem_set(&d->why, "%s: %s", d->name, strerror(errno));
	d->eof = n == 0;
	d->read_bytes += (uint64_t)n;
	return n;
}

/* More bytes behind those in src, which move to its front. */
static int
src_more(struct decode *d)
{
	ssize_t n;

	memmove(d->src, d->src + d->pos, d->len - d->pos);
	d->len -= d->pos;
	d->pos = 0;
	n = read_file(d, d->src + d->len, SRC_BYTES - d->len);
	if (n == -1)
		return -1;
	d->len += (size_t)n;
	return 0;
}

/* The format of a file that begins with s; UNKNOWN when more bytes could still make it one. */
static enum format
format_of(const unsigned char *s, size_t n, bool eof)
{
	static const struct {
		enum format format;
		unsigned char n, first_mask;
		unsigned char magic[MAGIC_BYTES];
	} known[] = {
		{ GZIP, 2, 0xff, { 0x1f, 0x8b } },
		{ ZSTD, 4, 0xff, { 0x28, 0xb5, 0x2f, 0xfd } },
		{ ZSTD, 4, 0xf0, { 0x50, 0x2a, 0x4d, 0x18 } },	/* skippable */
		{ BZIP2, 3, 0xff, { 'B', 'Z', 'h' } },
		{ XZ, 6, 0xff, { 0xfd, '7', 'z', 'X', 'Z', 0 } },
	};
	bool open = n == 0;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]) && n > 0; i++) {
		size_t m = n < known[i].n ? n : known[i].n;

		if ((s[0] & known[i].first_mask) != known[i].magic[0] ||
		    memcmp(s + 1, known[i].magic + 1, m - 1) != 0)
			continue;
		if (m == known[i].n)
			return known[i].format;
		open = true;
	}
	return open && !eof ? UNKNOWN : PLAIN;
}

/* Reads until the format of what is at pos is known; -1 on a read error. */
static int
peek_format(struct decode *d, enum format *format_r)
{
	for (;;) {
		*format_r = format_of((unsigned char *)d->src + d->pos, d->len - d->pos, d->eof);
		if (*format_r != UNKNOWN)
			return 0;
		if (src_more(d) == -1)
			return -1;
	}
}

static int
codec_init(struct decode *d)
{
	switch (d->format) {
	case GZIP:
		d->gzip = gunzip_open();
		return 0;
	case ZSTD:
		if ((d->zstd = ZSTD_createDCtx()) == NULL)
			die_nomem();
		ZSTD_DCtx_setParameter(d->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG);
		return 0;
	case BZIP2:
		return problem_set(&d->why,
		    "%s: compressed by bzip2: not supported, pipe it through bzip2 -dc", d->name);
	case XZ:
		return problem_set(&d->why,
		    "%s: compressed by xz: not supported, pipe it through xz -dc", d->name);
	default:
		return 0;
	}
}

static int
start(struct decode *d)
{
	d->src = mem_alloc(SRC_BYTES);
	if (d->ranged)
		d->format = PLAIN;
	else if (peek_format(d, &d->format) == -1)
		return -1;
	d->state = d->format == PLAIN ? INSIDE : BETWEEN;
	return codec_init(d);
}

/* Between two members: 1 another one begins, 0 the end, -1 trouble. */
static int
next_member(struct decode *d)
{
	enum format format;

	if (d->format == GZIP && d->began) {
		/* Tapes and block devices pad with zeros; gzip(1) ignores them too. */
		for (;;) {
			while (d->pos < d->len && d->src[d->pos] == 0)
				d->pos++;
			if (d->pos < d->len || d->eof)
				break;
			if (src_more(d) == -1)
				return -1;
		}
	}
	if (peek_format(d, &format) == -1)
		return -1;
	if (d->pos == d->len)
		return 0;
	if (format != d->format)
		return problem_set(&d->why, "%s: garbage after %s %s", d->name, codec_name(d),
		    d->format == GZIP ? "member" : "frame");
	if (d->format == GZIP) {
		gunzip_begin(d->gzip, d->origin != -1);
		d->member_at = decode_offset(d);
		d->member_given = 0;
	} else
		d->zstd_wants = ZSTD_initDStream(d->zstd);
	d->began = true;
	d->full = false;
	return 1;
}

static enum step
step_gzip(struct decode *d, char *to, size_t room, size_t *n_r)
{
	struct gunzip_io io = { .src = d->src + d->pos, .n = d->len - d->pos, .to = to,
		.room = room };
	enum gunzip_step step = gunzip_step(d->gzip, &io);

	d->pos += io.used;
	*n_r = io.made;
	switch (step) {
	case GUNZIP_MORE:
		return STEP_MORE;
	case GUNZIP_MEMBER_END:
		return STEP_MEMBER_END;
	case GUNZIP_DOUBT:
		return STEP_DOUBT;
	default:
		problem_set(&d->why, "%s: corrupt gzip data (%s)", d->name,
		    gunzip_reason(d->gzip));
		return STEP_FAILED;
	}
}

/* Back to the member's first byte, for zlib. */
static int
doubt(struct decode *d)
{
	if (lseek(d->fd, d->origin + (off_t)d->member_at, SEEK_SET) == -1)
		return problem_set(&d->why, "%s: %s", d->name, strerror(errno));
	d->read_bytes = d->member_at;
	d->pos = d->len = 0;
	d->eof = d->full = false;
	d->drop = d->member_given;
	gunzip_begin(d->gzip, false);
	return 0;
}

/* Takes away what was given before the doubt. */
static void
drop_given(struct decode *d, char *to, size_t *n_r)
{
	size_t n = d->drop < *n_r ? (size_t)d->drop : *n_r;

	*n_r -= n;
	memmove(to, to + n, *n_r);
	d->drop -= n;
}

/* One block a call: libzstd does not tell what it wrote before a block that it finds corrupt. */
static enum step
step_zstd(struct decode *d, char *to, size_t room, size_t *n_r)
{
	/* It wants the header of the block behind, too, when that is not the only thing. */
	size_t n = d->zstd_wants > ZSTD_BLOCK_HEADER ? d->zstd_wants - ZSTD_BLOCK_HEADER :
	    d->zstd_wants;
	size_t end = d->len - d->pos < n ? d->len : d->pos + n;
	ZSTD_inBuffer in = { d->src, end, d->pos };
	ZSTD_outBuffer out = { to, room, 0 };
	size_t rc = ZSTD_decompressStream(d->zstd, &out, &in);

	d->pos = in.pos;
	*n_r = out.pos;
	if (!ZSTD_isError(rc)) {
		d->zstd_wants = rc;
		return rc == 0 ? STEP_MEMBER_END : STEP_MORE;
	}
	switch (ZSTD_getErrorCode(rc)) {
	case ZSTD_error_memory_allocation:
		die_nomem();
	case ZSTD_error_frameParameter_windowTooLarge:
		problem_set(&d->why, "%s: zstd window over 128 MiB (made by zstd --long): "
		    "not supported, pipe it through zstd -dc --long=31", d->name);
		break;
	default:
		problem_set(&d->why, "%s: corrupt zstd data (%s)", d->name, ZSTD_getErrorName(rc));
	}
	return STEP_FAILED;
}

/* One step of the codec, with the bytes that it needs for it; what cannot be read FAILED. */
static enum step
step_member(struct decode *d, char *to, size_t room, size_t *n_r)
{
	enum step step;
	bool dry;

	*n_r = 0;
	/* A codec that holds bytes back gives them first: a pipe may not go on for long. */
	if (!d->full && d->pos == d->len && !d->eof && src_more(d) == -1)
		return STEP_FAILED;
	dry = d->pos == d->len && d->eof;
	step = d->format == GZIP ? step_gzip(d, to, room, n_r) : step_zstd(d, to, room, n_r);
	d->full = *n_r == room;
	return step == STEP_MORE && dry && *n_r == 0 ? STEP_DRY : step;
}

/*
 * Some bytes of the member: 1, also with none when the member has ended, or -1 and why. ISA-L fills
 * the whole room first, because a doubt takes back what is not yet given.
 */
static int
read_member(struct decode *d, char *to, size_t room, size_t *n_r)
{
	for (;;) {
		bool by_isal = d->format == GZIP && !gunzip_by_zlib(d->gzip);
		size_t n;
		enum step step = step_member(d, to + *n_r, room - *n_r, &n);

		if (step == STEP_DOUBT || (step == STEP_DRY && by_isal)) {
			*n_r = 0;
			if (doubt(d) == -1)
				return -1;
			continue;
		}
		if (d->drop > 0)
			drop_given(d, to, &n);
		*n_r += n;
		if (step == STEP_MORE && (*n_r == 0 || (by_isal && *n_r < room)))
			continue;
		d->member_given += *n_r;
		if (step == STEP_FAILED)
			return -1;
		if (step == STEP_DRY)
			return problem_set(
			    &d->why, "%s: truncated %s data", d->name, codec_name(d));
		if (step == STEP_MEMBER_END)
			d->state = BETWEEN;
		return 1;
	}
}

static int
read_plain(struct decode *d, char *to, size_t room, size_t *n_r)
{
	ssize_t n;

	if (d->pos < d->len) {	/* read for the magic */
		*n_r = d->len - d->pos < room ? d->len - d->pos : room;
		memcpy(to, d->src + d->pos, *n_r);
		d->pos += *n_r;
		return 1;
	}
	if (!d->eof && (n = read_file(d, to, room)) != 0) {
		if (n == -1)
			return -1;
		*n_r = (size_t)n;
		return 1;
	}
	d->state = END;
	return 0;
}

/* What is not needed behind the end: many files may be open at a time. */
static void
release(struct decode *d)
{
	gunzip_close(d->gzip);
	ZSTD_freeDCtx(d->zstd);
	free(d->src);
	d->gzip = NULL;
	d->zstd = NULL;
	d->src = NULL;
}

int
decode_read(struct decode *d, char *to, size_t room, size_t *n_r, struct problem *p)
{
	int rc = 0;

	assert(room > 0);
	*n_r = 0;
	if (d->state == START)
		rc = start(d);
	while (rc != -1 && *n_r == 0 && d->state != END && d->state != FAILED) {
		if (d->state == BETWEEN) {
			rc = next_member(d);
			d->state = rc == 1 ? INSIDE : END;
		} else if (d->format == PLAIN)
			rc = read_plain(d, to, room, n_r);
		else
			rc = read_member(d, to, room, n_r);
	}
	if (rc == -1)
		d->state = FAILED;
	if (d->state == FAILED || d->state == END)
		release(d);
	if (*n_r > 0)
		return 1;
	return d->state == FAILED ? problem_set(p, "%s", d->why.text) : 0;
}

struct decode *
decode_open(const char *path, struct problem *p)
{
	bool keep = strcmp(path, "-") == 0;
	const char *name = keep ? "standard input" : path, *what = NULL;
	int fd = keep ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct decode *d;
	struct stat st;

	if (fd == -1 || fstat(fd, &st) == -1)
		what = strerror(errno);
	else if (S_ISDIR(st.st_mode))
		what = "is a directory";
	if (what != NULL) {
		problem_set(p, "%s: %s", name, what);
		if (fd != -1 && !keep)
			close(fd);
		return NULL;
	}
	d = mem_alloc(sizeof(*d));
	d->name = mem_alloc(strlen(name) + 1);
	memcpy(d->name, name, strlen(name) + 1);
	d->fd = fd;
	d->keep = keep;
	d->origin = -1;
	if (S_ISREG(st.st_mode)) {
		d->origin = lseek(fd, 0, SEEK_CUR);
		d->size = (uint64_t)st.st_size;
		posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);	/* only a hint */
	}
	return d;
}

struct decode *
decode_open_range(const char *path, uint64_t from, uint64_t to, struct problem *p)
{
	struct decode *d = decode_open(path, p);

	if (d == NULL)
		return NULL;
	if (lseek(d->fd, (off_t)from, SEEK_SET) == -1) {
		problem_set(p, "%s: %s", path, strerror(errno));
		decode_close(d);
		return NULL;
	}
	d->ranged = true;
	d->size = to - from;
	return d;
}

uint64_t
decode_offset(const struct decode *d)
{
	return d->read_bytes - (d->len - d->pos);
}

uint64_t
decode_size(const struct decode *d)
{
	return d->size;
}

bool
decode_is_packed(const struct decode *d)
{
	return d->origin != -1 && (d->format == GZIP || d->format == ZSTD);
}

void
decode_close(struct decode *d)
{
	if (d == NULL)
		return;
	if (!d->keep)
		close(d->fd);
	release(d);
	free(d->name);
	free(d);
}
