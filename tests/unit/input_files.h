/*
 * input_files: bytes, containers and files in a directory of their own, for the tests of input.
 * Include it first. dir_make and dir_remove are the group's setup and teardown.
 */
#ifndef TESTS_UNIT_INPUT_FILES_H
#define TESTS_UNIT_INPUT_FILES_H

#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <zlib.h>
#include <zstd.h>

static char dir[] = "/tmp/test_input.XXXXXX";

struct bytes {
	char *p;
	size_t n;
};

/* Doubles, because sanitizers copy on each realloc. The room follows from n alone. */
static inline size_t
room_for(size_t n)
{
	size_t room = 4096;

	while (room <= n)
		room *= 2;
	return room;
}

static inline void
add(struct bytes *b, const void *p, size_t n)
{
	if (b->p == NULL || room_for(b->n) != room_for(b->n + n))
		b->p = realloc(b->p, room_for(b->n + n));
	assert_non_null(b->p);
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

static inline void
add_text(struct bytes *b, const char *text)
{
	add(b, text, strlen(text));
}

static inline void
add_fill(struct bytes *b, char c, size_t n)
{
	char *p = malloc(n + 1);

	assert_non_null(p);
	memset(p, c, n);
	add(b, p, n);
	free(p);
}

static inline void
bytes_free(struct bytes *b)
{
	free(b->p);
	*b = (struct bytes){ 0 };
}

static inline void
add_gzip(struct bytes *to, const char *p, size_t n)
{
	z_stream z = { .next_in = (unsigned char *)(uintptr_t)p, .avail_in = (unsigned)n };
	unsigned char out[4096];
	int rc;

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	do {
		z.next_out = out;
		z.avail_out = sizeof(out);
		rc = deflate(&z, Z_FINISH);
		add(to, out, sizeof(out) - z.avail_out);
	} while (rc == Z_OK);
	assert_int_equal(rc, Z_STREAM_END);
	deflateEnd(&z);
}

static inline void
add_zstd(struct bytes *to, const char *p, size_t n)
{
	size_t cap = ZSTD_compressBound(n), m;
	char *out = malloc(cap);
	ZSTD_CCtx *c = ZSTD_createCCtx();

	assert_non_null(out);
	ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1);
	m = ZSTD_compress2(c, out, cap, p, n);
	assert_false(ZSTD_isError(m));
	add(to, out, m);
	ZSTD_freeCCtx(c);
	free(out);
}

static inline void
add_skippable(struct bytes *to, unsigned n)
{
	unsigned char head[8] = { 0x5b, 0x2a, 0x4d, 0x18, n & 255, n >> 8 & 255, n >> 16 & 255, 0 };

	add(to, head, sizeof(head));
	add_fill(to, '\n', n);
}

static inline const char *
path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static inline const char *
save(const char *name, const struct bytes *b)
{
	const char *path = path_of(name);
	FILE *f;

	unlink(path);	/* ext4 waits for the disk when a file is truncated and written again */
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(b->p ? b->p : "", 1, b->n, f), b->n);
	assert_int_equal(fclose(f), 0);
	return path;
}

static inline int
dir_make(void **state)
{
	(void)state;
	return mkdtemp(dir) == NULL ? -1 : 0;
}

static inline void
dir_clear(void)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL)
		unlinkat(dirfd(d), e->d_name, e->d_type == DT_DIR ? AT_REMOVEDIR : 0);
	closedir(d);
}

static inline int
dir_remove(void **state)
{
	(void)state;
	dir_clear();
	return rmdir(dir);
}

#endif
