/*
 * parser/blocks: with and without a thread, whole and damaged files, readers that keep much or
 * little and readers that go away early.
 */
#include "tests/unit/input_files.h"

#include "parser/blocks.h"

struct outcome {
	struct bytes out;
	int rc;
	uint64_t offset;
	struct problem why;
};

/* keep: so many bytes of those before are still needed, and have to be the same. */
static struct outcome
read_blocks(const char *path, unsigned threads, size_t keep)
{
	struct outcome o = { 0 };
	const char *start = "", *end = start;
	struct blocks *b;

	blocks_threads(threads);
	b = blocks_open(decode_open(path, &o.why));
	assert_non_null(b);
	while ((o.rc = blocks_more(b, &start, &end, &o.why)) == 1) {
		size_t old = o.out.n < keep ? o.out.n : keep, n = (size_t)(end - start);

		assert_true(n > old);
		assert_memory_equal(start, o.out.p + o.out.n - old, old);
		add(&o.out, start + old, n - old);
		start = end - (n < keep ? n : keep);
		assert_true(blocks_offset(b) >= o.offset && blocks_offset(b) <= blocks_size(b));
		o.offset = blocks_offset(b);
	}
	assert_int_equal(blocks_more(b, &start, &end, NULL), o.rc);
	o.offset = blocks_offset(b);
	blocks_close(b);
	return o;
}

static void
check_file(const char *name, const struct bytes *file)
{
	const char *path = save(name, file);
	struct outcome alone = read_blocks(path, 0, 100);

	for (size_t keep = 0; keep <= BLOCKS_KEEP; keep += BLOCKS_KEEP / 2) {
		struct outcome ahead = read_blocks(path, 1, keep);

		assert_int_equal(ahead.rc, alone.rc);
		if (alone.rc == -1)
			assert_string_equal(ahead.why.text, alone.why.text);
		assert_int_equal(ahead.out.n, alone.out.n);
		assert_memory_equal(ahead.out.p, alone.out.p, alone.out.n);
		assert_int_equal(ahead.offset, alone.offset);
		bytes_free(&ahead.out);
	}
	bytes_free(&alone.out);
}

static struct bytes
some_text(size_t n)
{
	struct bytes b = { 0 };
	char line[64];
	unsigned seed = 9;

	while (b.n < n) {
		snprintf(line, sizeof(line), "%x %x connect from unknown\n", rand_r(&seed), seed);
		add_text(&b, line);
	}
	return b;
}

/* Of a few pieces, in both formats. */
static void
packed(const struct bytes *text, struct bytes *gz, struct bytes *zst)
{
	size_t piece = text->n / 3;

	for (int i = 0; i < 3; i++) {
		add_gzip(gz, text->p + (size_t)i * piece, piece);
		add_zstd(zst, text->p + (size_t)i * piece, piece);
		add_skippable(zst, 100);
	}
}

static void
test_same(void **state)
{
	static const size_t size[] = { 0, 3, 130000, 300000, 3000000 };

	(void)state;
	for (size_t i = 0; i < sizeof(size) / sizeof(size[0]); i++) {
		struct bytes text = some_text(size[i]), gz = { 0 }, zst = { 0 };

		packed(&text, &gz, &zst);
		check_file("plain", &text);
		check_file("gz", &gz);
		check_file("zst", &zst);
		bytes_free(&text);
		bytes_free(&gz);
		bytes_free(&zst);
	}
}

static void
test_damaged(void **state)
{
	struct bytes text = some_text(2000000), file[2] = { 0 };
	unsigned seed = 5;

	(void)state;
	packed(&text, &file[0], &file[1]);
	for (int i = 0; i < 40; i++) {
		struct bytes *b = &file[i % 2], cut = { b->p, (size_t)rand_r(&seed) % b->n + 1 };
		size_t at = (size_t)rand_r(&seed) % b->n;

		b->p[at] ^= 16;
		check_file("damaged", b);
		b->p[at] ^= 16;
		check_file("cut", &cut);
	}
	bytes_free(&text);
	bytes_free(&file[0]);
	bytes_free(&file[1]);
}

/* The reader goes away after so many blocks; the thread has to end, wherever it is. */
static void
test_closed_early(void **state)
{
	struct bytes text = some_text(5000000), gz = { 0 }, zst = { 0 };
	const char *path;

	(void)state;
	packed(&text, &gz, &zst);
	for (int i = 0; i < 2; i++) {
		path = save("packed", i ? &gz : &zst);
		for (int n = 0; n < 30; n++) {
			struct blocks *b = blocks_open(decode_open(path, NULL));
			const char *start = "", *end = start;

			blocks_threads(1);
			for (int k = 0; k < n / 2; k++, start = end)
				blocks_more(b, &start, &end, NULL);
			if (n % 3 == 0)
				usleep(2000);
			blocks_close(b);
		}
	}
	bytes_free(&text);
	bytes_free(&gz);
	bytes_free(&zst);
}

/* More files than threads, read in turns. */
static void
test_several(void **state)
{
	enum { FILES = 5 };
	struct bytes text = some_text(3000000), gz = { 0 }, zst = { 0 };
	struct blocks *b[FILES];
	const char *start[FILES], *end[FILES];
	size_t n[FILES] = { 0 };

	(void)state;
	packed(&text, &gz, &zst);
	save("zst", &zst);
	save("gz", &gz);
	blocks_threads(2);
	for (int i = 0; i < FILES; i++) {
		b[i] = blocks_open(decode_open(path_of(i % 2 ? "zst" : "gz"), NULL));
		start[i] = end[i] = "";
	}
	for (int open = FILES; open > 0;)
		for (int i = 0; i < FILES; i++) {
			if (b[i] == NULL)
				continue;
			start[i] = end[i];
			if (blocks_more(b[i], &start[i], &end[i], NULL) == 1) {
				assert_memory_equal(start[i], text.p + n[i],
				    (size_t)(end[i] - start[i]));
				n[i] += (size_t)(end[i] - start[i]);
				continue;
			}
			blocks_close(b[i]);
			b[i] = NULL;
			open--;
		}
	for (int i = 0; i < FILES; i++)
		assert_int_equal(n[i], text.n / 3 * 3);
	bytes_free(&text);
	bytes_free(&gz);
	bytes_free(&zst);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_closed_early),
		cmocka_unit_test(test_several),
	};

	return cmocka_run_group_tests(tests, dir_make, dir_remove);
}
