/* parser/input: containers, framing, hostile files, rotation order. All files are made here. */
#include "tests/unit/input_files.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <fcntl.h>

#include "base/table.h"
#include "parser/input.h"

/* All lines of an input, each as "length overlong:bytes;" so that two readings compare. */
struct reading {
	struct bytes lines;
	uint64_t n, hash, offset;
	int rc;
	struct problem why;
};

static void
note(struct bytes *to, const char *p, size_t n, bool overlong)
{
	char head[32];

	snprintf(head, sizeof(head), "%zu %d:", n, overlong);
	add_text(to, head);
	add(to, p, n);
	add_text(to, ";");
}

static struct reading
read_path(const char *path)
{
	struct reading r = { 0 };
	struct input *in = input_open(path, &r.why);
	struct problem again;
	struct slice line;
	bool overlong;

	assert_non_null(in);
	while ((r.rc = input_line(in, &line, &overlong, &r.why)) == 1)
		note(&r.lines, line.p, line.n, overlong);
	for (int i = 0; i < 2; i++) {	/* sticky */
		assert_int_equal(input_line(in, &line, &overlong, &again), r.rc);
		if (r.rc == -1)
			assert_string_equal(again.text, r.why.text);
	}
	r.n = input_lines(in);
	r.hash = input_hash(in);
	r.offset = input_offset(in);
	input_close(in);
	return r;
}

/* What a reading of the content must give, by the letter of input.h. */
static struct bytes
expected(const struct bytes *content)
{
	struct bytes r = { 0 };
	size_t from = 0;

	while (from < content->n) {
		const char *lf = memchr(content->p + from, '\n', content->n - from);
		size_t to = lf ? (size_t)(lf - content->p) : content->n, n = to - from;

		if (lf && n > 0 && lf[-1] == '\r')
			n--;
		note(&r, content->p + from, n > LINE_MAX_BYTES ? LINE_MAX_BYTES : n,
		    n > LINE_MAX_BYTES);
		from = to + 1;
	}
	return r;
}

static void
same_bytes(struct bytes a, struct bytes b)
{
	assert_int_equal(a.n, b.n);
	if (a.n > 0)
		assert_true(memcmp(a.p, b.p, a.n) == 0);
}

static void
check_path(const char *path, const struct bytes *content)
{
	struct reading r = read_path(path);
	struct bytes want = expected(content);

	assert_int_equal(r.rc, 0);
	same_bytes(r.lines, want);
	assert_true(r.hash == hash_fixed((struct slice){ content->p, content->n }, 0));
	bytes_free(&r.lines);
	bytes_free(&want);
}

/* A child writes the content into a FIFO in small pieces. */
static void
check_fifo(const struct bytes *content)
{
	const char *path = path_of("fifo");
	int status;
	pid_t pid;

	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	pid = fork();
	assert_true(pid != -1);
	if (pid == 0) {
		int fd = open(path, O_WRONLY);
		unsigned seed = 7;

		for (size_t at = 0; at < content->n;) {
			size_t n = (size_t)rand_r(&seed) % (rand_r(&seed) % 4 ? 5000 : 20) + 1;
			ssize_t w;

			n = n < content->n - at ? n : content->n - at;
			if ((w = write(fd, content->p + at, n)) == -1)
				_exit(1);
			at += (size_t)w;
		}
		_exit(0);
	}
	check_path(path, content);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* The same lines and hash whatever the container and the cuts. */
static void
check_containers(const struct bytes *content, unsigned seed)
{
	struct bytes gz = { 0 }, zst = { 0 }, gzs = { 0 }, zsts = { 0 };
	size_t n;

	check_path(save("plain", content), content);
	add_gzip(&gz, content->p, content->n);
	check_path(save("gz", &gz), content);
	add_zstd(&zst, content->p, content->n);
	check_path(save("zst", &zst), content);
	add_skippable(&zsts, 3);
	add_gzip(&gzs, "", 0);
	add_zstd(&zsts, "", 0);
	for (size_t at = 0; at < content->n; at += n) {
		n = (size_t)rand_r(&seed) % (content->n / 3 + 1) + 1;
		n = n < content->n - at ? n : content->n - at;
		add_gzip(&gzs, content->p + at, n);
		add_zstd(&zsts, content->p + at, n);
		add_skippable(&zsts, (unsigned)rand_r(&seed) % 200000);
	}
	check_path(save("zsts", &zsts), content);
	check_path(save("gzs", &gzs), content);
	add_fill(&gzs, 0, 300000);
	check_path(save("gzs", &gzs), content);
	add_gzip(&gzs, "", 0);
	check_path(save("gzs", &gzs), content);
	check_fifo(content);
	bytes_free(&gz);
	bytes_free(&zst);
	bytes_free(&gzs);
	bytes_free(&zsts);
}

static void
test_small(void **state)
{
	static const struct bytes table[] = { { (char *)"", 0 }, { (char *)"\n", 1 },
		{ (char *)"a", 1 }, { (char *)"a\nb", 3 }, { (char *)"a\r\nb\r\n", 6 },
		{ (char *)"\r\n\r\r\n\r", 6 }, { (char *)"a\0b\n\0\n\0", 7 },
		{ (char *)"\x1f", 1 }, { (char *)"\x28\xb5\x2f", 3 }, { (char *)"BZ", 2 },
		{ (char *)"P*M", 3 }, { (char *)"\xfd" "7zXZ", 5 }, { (char *)"\x1f\n\x8b\n", 4 } };

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		check_containers(&table[i], 1);
}

static void
test_one_line(void **state)
{
	struct problem p;
	struct slice line;
	bool overlong = true;
	struct bytes b = { (char *)"from=<a@b>\r\nlast", 16 };
	struct input *in = input_open(save("one", &b), &p);

	(void)state;
	assert_non_null(in);
	assert_int_equal(input_size(in), 16);
	assert_int_equal(input_line(in, &line, &overlong, &p), 1);
	assert_true(slice_eq(line, SLICE("from=<a@b>")));
	assert_false(overlong);
	assert_int_equal(input_lines(in), 1);
	assert_int_equal(input_line(in, &line, &overlong, &p), 1);
	assert_true(slice_eq(line, SLICE("last")));
	assert_int_equal(input_line(in, &line, &overlong, &p), 0);
	assert_int_equal(input_offset(in), 16);
	input_close(in);
	input_close(NULL);
}

static void
test_boundaries(void **state)
{
	static const size_t edge[] = { LINE_MAX_BYTES, 128 * 1024, 256 * 1024 };
	static const char *const end[] = { "\n", "\r\n", "\r", "", "\nlast", "\r\nlast\n" };

	(void)state;
	for (size_t e = 0; e < 3; e++)
		for (int off = -3; off <= 3; off++)
			for (size_t i = 0; i < sizeof(end) / sizeof(end[0]); i++)
				for (int lines = 0; lines < 2; lines++) {
					struct bytes b = { 0 };

					add_fill(&b, 'x', edge[e] + (size_t)(off + 3) - 3);
					/* short lines up to the edge */
					for (size_t k = 99; lines && k < b.n; k += 100)
						b.p[k] = '\n';
					add_text(&b, end[i]);
					check_path(save("edge", &b), &b);
					bytes_free(&b);
				}
}

static void
test_overlong(void **state)
{
	struct bytes b = { 0 }, want = { 0 };
	struct reading r;

	(void)state;
	add_text(&b, "before\n");
	add_fill(&b, 'x', 300000);
	add_text(&b, "\nafter\n");
	note(&want, b.p, 6, false);
	note(&want, b.p + 7, LINE_MAX_BYTES, true);
	note(&want, "after", 5, false);
	r = read_path(save("long", &b));
	assert_int_equal(r.n, 3);
	same_bytes(r.lines, want);
	bytes_free(&r.lines);
	add_fill(&b, 'z', 2000000);	/* and one that never ends */
	check_containers(&b, 3);
	bytes_free(&b);
	bytes_free(&want);
}

static void
test_random(void **state)
{
	static const size_t len[] = { 0, 1, 90, 90, 90, 200, 3000, 65530, 65536, 66000, 140000 };
	unsigned seed = 42;

	(void)state;
	for (int round = 0; round < 6; round++) {
		struct bytes b = { 0 };
		unsigned lines = (unsigned)rand_r(&seed) % 60 + 1;

		while (lines-- > 0) {
			size_t n = len[(unsigned)rand_r(&seed) % (sizeof(len) / sizeof(len[0]))];

			n += (unsigned)rand_r(&seed) % 9;
			add_fill(&b, 'x', n);
			for (char *c = b.p + b.n - n; c < b.p + b.n; c++) {
				*c = (char)rand_r(&seed);
				*c = *c == '\n' ? '\r' : *c;
			}
			add_text(&b, rand_r(&seed) % 3 ? "\n" : "\r\n");
		}
		if (round % 3 == 0)
			b.n--;
		check_containers(&b, (unsigned)round);
		bytes_free(&b);
	}
}

/* Reads damaged bytes; the lines must be a beginning of the content's, the last one maybe cut. */
static struct reading
read_damaged(struct bytes *b, const struct bytes *content, const char *what)
{
	struct reading r = read_path(save("damaged", b));
	struct bytes want = expected(content);
	size_t same = 0;

	assert_int_equal(r.rc, -1);
	if (strstr(r.why.text, what) == NULL || strncmp(r.why.text, dir, strlen(dir)) != 0)
		fail_msg("problem \"%s\", not \"%s\"", r.why.text, what);
	while (same < r.lines.n && same < want.n && r.lines.p[same] == want.p[same])
		same++;
	/* Differs at the length of the cut line at the earliest. */
	if (same < r.lines.n)
		assert_null(memmem(r.lines.p + same, r.lines.n - same, "\n", 1));
	bytes_free(&want);
	return r;
}

static struct bytes
some_text(unsigned lines)
{
	struct bytes b = { 0 };
	char line[64];
	unsigned seed = 5;

	while (lines-- > 0) {
		snprintf(line, sizeof(line), "%x %x %x client=unknown\n", rand_r(&seed),
		    rand_r(&seed), rand_r(&seed));
		add_text(&b, line);
	}
	return b;
}

static void
test_truncated(void **state)
{
	struct bytes text = some_text(8), big = some_text(40000), gz = { 0 }, zst = { 0 };
	struct reading r;

	(void)state;
	add_gzip(&gz, text.p, text.n);
	add_zstd(&zst, text.p, text.n);
	for (struct bytes b = { gz.p, 2 }; b.n < gz.n; b.n++) {
		r = read_damaged(&b, &text, "truncated gzip data");
		bytes_free(&r.lines);
	}
	for (struct bytes b = { zst.p, 4 }; b.n < zst.n; b.n++) {
		r = read_damaged(&b, &text, "truncated zstd data");
		bytes_free(&r.lines);
	}
	gz.n = zst.n = 0;
	add_gzip(&gz, big.p, big.n);
	gz.n /= 2;
	r = read_damaged(&gz, &big, "truncated gzip data");
	assert_in_range(r.n, 19000, 21000);
	bytes_free(&r.lines);
	add_zstd(&zst, big.p, big.n);
	zst.n = zst.n * 3 / 4;
	r = read_damaged(&zst, &big, "truncated zstd data");
	assert_in_range(r.n, 25000, 30500);
	bytes_free(&r.lines);
	bytes_free(&gz);
	bytes_free(&zst);
	bytes_free(&text);
	bytes_free(&big);
}

static void
test_corrupt(void **state)
{
	struct bytes text = some_text(40000), gz = { 0 }, zst = { 0 };
	struct reading r;
	unsigned seed = 3;

	(void)state;
	add_gzip(&gz, text.p, text.n);
	gz.p[gz.n - 5] ^= 1;	/* the checksum: all data is given */
	r = read_damaged(&gz, &text, "corrupt gzip data (incorrect data check)");
	assert_int_equal(r.n, 40000);
	bytes_free(&r.lines);
	add_zstd(&zst, text.p, text.n);
	zst.p[zst.n - 1] ^= 1;
	r = read_damaged(&zst, &text, "corrupt zstd data (");
	assert_int_equal(r.n, 40000);
	bytes_free(&r.lines);
	/* Only the end is certain for random damage. */
	for (int i = 0; i < 40; i++) {
		struct bytes *b = i % 2 ? &gz : &zst;

		b->p[8 + (unsigned)rand_r(&seed) % (b->n - 8)] ^= (char)(1 << rand_r(&seed) % 8);
		r = read_path(save("damaged", b));
		assert_int_equal(r.rc, -1);
		bytes_free(&r.lines);
	}
	bytes_free(&gz);
	bytes_free(&zst);
	bytes_free(&text);
}

/* Good blocks and a bad one in the same read: the good ones are given. */
static void
test_corrupt_block(void **state)
{
	struct bytes text = some_text(1000), zst = { 0 };
	struct reading r;

	(void)state;
	add(&zst, "\x28\xb5\x2f\xfd\x00\x38", 6);	/* window of 128 KB, no checksum */
	for (size_t at = 0, n; at < text.n; at += n) {
		n = text.n - at < 5000 ? text.n - at : 5000;
		add(&zst, (unsigned char[]){ n << 3 & 255, n >> 5 & 255, n >> 13 }, 3);	/* raw */
		add(&zst, text.p + at, n);
	}
	add(&zst, "\x06\xff\xff", 3);	/* the reserved type */
	r = read_damaged(&zst, &text, "corrupt zstd data (");
	assert_int_equal(r.n, 1000);
	bytes_free(&r.lines);
	bytes_free(&zst);
	bytes_free(&text);
}

static void
test_garbage_behind(void **state)
{
	struct bytes text = some_text(3000), gz = { 0 }, zst = { 0 };
	static const char *const garbage[] = { "text\n", "\x1f", "\x1f\x8a", "\x28\xb5", "BZh9" };

	(void)state;
	for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
		struct reading r;

		gz.n = zst.n = 0;
		add_gzip(&gz, text.p, text.n);
		if (i % 2)
			add_fill(&gz, 0, 512);
		add_text(&gz, garbage[i]);
		r = read_damaged(&gz, &text, "garbage after gzip member");
		assert_int_equal(r.n, 3000);
		bytes_free(&r.lines);
		add_zstd(&zst, text.p, text.n);
		add_text(&zst, garbage[i]);
		r = read_damaged(&zst, &text, "garbage after zstd frame");
		assert_int_equal(r.n, 3000);
		bytes_free(&r.lines);
	}
	bytes_free(&gz);
	bytes_free(&zst);
	bytes_free(&text);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *bytes, *what;
		size_t n;
	} table[] = {
		{ "BZh91AY&SY", ": compressed by bzip2: not supported, pipe it through bzip2 -dc",
		    10 },
		{ "\xfd"
		  "7zXZ\0\0",
		    ": compressed by xz: not supported, pipe it through xz -dc", 7 },
		{ "\x28\xb5\x2f\xfd\x00\x90\x01\0\0", "zstd --long", 9 }, /* 256 MiB */
		{ "\x1f\x8b\x07\0\0\0\0\0\0\0", "corrupt gzip data", 10 },
	};
	struct bytes none = { 0 };
	struct problem p;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct bytes b = { (char *)(uintptr_t)table[i].bytes, table[i].n };
		struct reading r = read_damaged(&b, &none, table[i].what);

		assert_int_equal(r.n, 0);
	}
	assert_null(input_open(dir, &p));
	assert_non_null(strstr(p.text, ": is a directory"));
	assert_null(input_open(path_of("absent"), &p));
	assert_non_null(strstr(p.text, "absent: No such file"));
	assert_null(input_open("", NULL));
}

static void
test_stdin(void **state)
{
	struct bytes b = some_text(10), gz = { 0 };
	int saved = dup(STDIN_FILENO), fd;
	struct reading r;

	(void)state;
	add_gzip(&gz, b.p, b.n);
	fd = open(save("in", &gz), O_RDWR);
	assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	check_path("-", &b);
	assert_int_equal(ftruncate(STDIN_FILENO, (off_t)gz.n - 1), 0);
	assert_int_equal(lseek(STDIN_FILENO, 0, SEEK_SET), 0);	/* it was not closed */
	r = read_path("-");
	assert_string_equal(r.why.text, "standard input: truncated gzip data");
	bytes_free(&r.lines);
	dup2(saved, STDIN_FILENO);
	close(saved);
	close(fd);
	bytes_free(&b);
	bytes_free(&gz);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_one_line),
		cmocka_unit_test(test_boundaries),
		cmocka_unit_test(test_overlong),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_corrupt),
		cmocka_unit_test(test_corrupt_block),
		cmocka_unit_test(test_garbage_behind),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_stdin),
	};

	return cmocka_run_group_tests(tests, dir_make, dir_remove);
}
