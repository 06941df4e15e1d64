/*
 * See spool.h.
 *
 * A record is four bytes of length and its bytes. In memory they stand one behind another in
 * `bytes`, and reading walks over them. When the next one does not fit, all of them and every
 * later one go through a compressor into the file, as one zstd frame. Reading then decompresses
 * into `bytes`, where the unread rest moves to the front before more comes, so that each record
 * stands there whole.
 *
 * The window of the frame is small: a sorter reads 64 of these at once.
 */
#define _GNU_SOURCE	/* O_TMPFILE, mkostemp, secure_getenv */
#include "report/spool.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zstd.h>

#include "base/buf.h"

enum {
	LEVEL = 1,
	WINDOW_LOG = 17,
	IO_BYTES = 32 * 1024,	/* compressed, on their way to or from the file */
	BYTES_LEAST = 64 * 1024,	/* room of `bytes` when it is read into */
	HEAD_BYTES = sizeof(uint32_t)
};

struct spool {
	size_t memory;
	uint64_t count;
	uint64_t returned;	/* of them, since the last rewind */
	struct buf bytes;	/* without a file all records, with one those just read */
	unsigned pos;		/* of the next record in bytes */
	int fd;			/* -1: all is in memory */
	off_t offset;		/* of the next pwrite or pread */
	char *io;		/* io_pos to io_n are read and not yet decompressed */
	size_t io_pos, io_n;
	ZSTD_CCtx *writer;
	ZSTD_DCtx *reader;
	bool written;		/* rewound once */
	bool failed;
	struct problem why;
};

static const char *
tmp_dir(void)
{
	const char *dir = secure_getenv("TMPDIR");

	return dir && *dir ? dir : "/tmp";
}

static int
fail(struct spool *s, const char *what)
{
	s->failed = true;
	return problem_set(&s->why, "temporary file in %s: %s", tmp_dir(), what);
}

/* What an API function returns for the result of its work. */
static int
told(const struct spool *s, int result, struct problem *problem)
{
	return result == -1 ? problem_set(problem, "%s", s->why.text) : result;
}

struct spool *
spool_open_memory(size_t memory)
{
	struct spool *s = mem_alloc(sizeof(*s));

	s->memory = memory < INT_MAX ? memory : INT_MAX;
	s->fd = -1;
	return s;
}

struct spool *
spool_open(void)
{
	return spool_open_memory(SPOOL_MEMORY);
}

static void
writer_free(struct spool *s)
{
	ZSTD_freeCCtx(s->writer);
	s->writer = NULL;
	free(s->io);
	s->io = NULL;
}

void
spool_close(struct spool *s)
{
	if (s == NULL)
		return;
	writer_free(s);
	ZSTD_freeDCtx(s->reader);
	buf_free(&s->bytes);
	if (s->fd != -1)
		close(s->fd);
	free(s);
}

uint64_t
spool_count(const struct spool *s)
{
	return s->count;
}

/* A file without a name, or one that loses it at once. -1 and errno. */
static int
tmp_file(void)
{
	char path[PATH_MAX];
	int fd = open(tmp_dir(), O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
	int n;

	if (fd != -1)
		return fd;
	n = snprintf(path, sizeof(path), "%s/spamsource.XXXXXX", tmp_dir());
	if (n < 0 || n >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(path, O_CLOEXEC);
	if (fd != -1)
		unlink(path);
	return fd;
}

static int
write_file(struct spool *s, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t done = pwrite(s->fd, p, n, s->offset);

		if (done == -1 && errno == EINTR)
			continue;
		if (done == -1)
			return fail(s, strerror(errno));
		p += done;
		n -= (size_t)done;
		s->offset += done;
	}
	return 0;
}

static int
compress_bytes(struct spool *s, struct slice bytes, ZSTD_EndDirective mode)
{
	ZSTD_inBuffer in = { bytes.p, bytes.n, 0 };
	size_t left;

	do {
		ZSTD_outBuffer out = { s->io, IO_BYTES, 0 };

		left = ZSTD_compressStream2(s->writer, &out, &in, mode);
		if (ZSTD_isError(left))
			return fail(s, ZSTD_getErrorName(left));
		if (write_file(s, s->io, out.pos) == -1)
			return -1;
	} while (mode == ZSTD_e_end ? left > 0 : in.pos < in.size);
	return 0;
}

/* From memory to a file. */
static int
file_start(struct spool *s)
{
	s->fd = tmp_file();
	if (s->fd == -1)
		return fail(s, strerror(errno));
	s->io = mem_alloc(IO_BYTES);
	s->writer = ZSTD_createCCtx();
	if (s->writer == NULL)
		die_nomem();
	ZSTD_CCtx_setParameter(s->writer, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(s->writer, ZSTD_c_windowLog, WINDOW_LOG);
	if (compress_bytes(s, buf_slice(&s->bytes), ZSTD_e_continue) == -1)
		return -1;
	buf_free(&s->bytes);
	return 0;
}

static int
add(struct spool *s, struct slice record)
{
	uint32_t n = (uint32_t)record.n;
	struct slice head = { (const char *)&n, HEAD_BYTES };

	if (s->failed)
		return -1;
	if (record.n > SPOOL_RECORD_MAX)
		return fail(s, "a record is too long");
	if (s->fd == -1 && s->bytes.n + HEAD_BYTES + record.n <= s->memory) {
		buf_add(&s->bytes, head);
		buf_add(&s->bytes, record);
	} else if ((s->fd == -1 && file_start(s) == -1) ||
	    compress_bytes(s, head, ZSTD_e_continue) == -1 ||
	    compress_bytes(s, record, ZSTD_e_continue) == -1) {
		return -1;
	}
	s->count++;
	return 0;
}

int
spool_add(struct spool *s, struct slice record, struct problem *problem)
{
	assert(!s->written);
	return told(s, add(s, record), problem);
}

int
spool_rewind(struct spool *s, struct problem *problem)
{
	if (s->failed)
		return told(s, -1, problem);
	if (s->writer) {
		if (compress_bytes(s, SLICE_NONE, ZSTD_e_end) == -1)
			return told(s, -1, problem);
		writer_free(s);
	}
	s->written = true;
	s->returned = 0;
	s->pos = 0;
	if (s->fd != -1) {
		s->bytes.n = 0;
		s->offset = 0;
		s->io_pos = s->io_n = 0;
		if (s->reader)
			ZSTD_DCtx_reset(s->reader, ZSTD_reset_session_only);
	}
	return 0;
}

static int
read_file(struct spool *s)
{
	ssize_t n;

	while ((n = pread(s->fd, s->io, IO_BYTES, s->offset)) == -1 && errno == EINTR)
		;
	if (n == -1)
		return fail(s, strerror(errno));
	if (n == 0)
		return fail(s, "it is truncated");
	s->offset += n;
	s->io_pos = 0;
	s->io_n = (size_t)n;
	return 0;
}

static int
decompress_some(struct spool *s)
{
	ZSTD_outBuffer out = { s->bytes.p, s->bytes.cap, s->bytes.n };
	ZSTD_inBuffer in = { s->io, s->io_n, s->io_pos };
	size_t result = ZSTD_decompressStream(s->reader, &out, &in);

	if (ZSTD_isError(result))
		return fail(s, ZSTD_getErrorName(result));
	s->io_pos = in.pos;
	/* Only a call that yields nothing tells that the decoder holds nothing back. */
	if (out.pos == s->bytes.n && in.pos == in.size)
		return read_file(s);
	s->bytes.n = (unsigned)out.pos;
	return 0;
}

/* At least n unread bytes into s->bytes. */
static int
fill(struct spool *s, unsigned n)
{
	unsigned rest = s->bytes.n - s->pos;

	if (rest >= n)
		return 0;
	assert(s->fd != -1);
	if (s->reader == NULL) {
		s->io = mem_alloc(IO_BYTES);
		s->reader = ZSTD_createDCtx();
		if (s->reader == NULL)
			die_nomem();
	}
	if (rest > 0)
		memmove(s->bytes.p, s->bytes.p + s->pos, rest);
	s->bytes.n = rest;
	s->pos = 0;
	mem_grow(&s->bytes.p, &s->bytes.cap, n > BYTES_LEAST ? n : BYTES_LEAST, 1);
	while (s->bytes.n < n)
		if (decompress_some(s) == -1)
			return -1;
	return 0;
}

static int
next(struct spool *s, struct slice *record_r)
{
	uint32_t n;

	if (s->failed)
		return -1;
	if (s->returned == s->count)
		return 0;
	if (fill(s, HEAD_BYTES) == -1)
		return -1;
	memcpy(&n, s->bytes.p + s->pos, HEAD_BYTES);
	if (n > SPOOL_RECORD_MAX)
		return fail(s, "it is corrupt");
	s->pos += HEAD_BYTES;
	if (fill(s, n) == -1)
		return -1;
	*record_r = (struct slice){ s->bytes.p + s->pos, n };
	s->pos += n;
	s->returned++;
	return 1;
}

int
spool_next(struct spool *s, struct slice *record_r, struct problem *problem)
{
	assert(s->written || s->failed);
	return told(s, next(s, record_r), problem);
}
