/* report/: the container of a part. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <zstd.h>

#include "base/table.h"
#include "report/part_file.h"

static uint64_t
random_next(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x * 0x2545f4914f6cdd1du >> 11;
}

static void
put_section(struct buf *content, unsigned tag, struct slice bytes)
{
	unsigned begun = part_section_begin(content, tag);

	buf_add(content, bytes);
	part_section_end(content, begun);
}

/* n bytes, half of them noise. */
static void
put_noise(struct buf *b, unsigned n, uint64_t *x)
{
	for (unsigned i = 0; i < n; i++)
		buf_chr(b, i & 1 ? 'a' : (char)random_next(x));
}

static struct buf
packed(const struct buf *content)
{
	struct buf file = { 0 };
	struct problem p = { "" };

	if (part_pack(content, &file, &p) == -1)
		fail_msg("%s", p.text);
	return file;
}

static void
check_round_trip(const struct buf *content)
{
	struct buf file = packed(content), again = packed(content), back = { 0 };
	struct problem p = { "" };

	assert_true(part_is(slice_first(buf_slice(&file), 16)));
	assert_true(slice_eq(buf_slice(&file), buf_slice(&again)));
	if (part_unpack("p", buf_slice(&file), &back, &p) == -1)
		fail_msg("%s", p.text);
	assert_true(slice_eq(buf_slice(&back), buf_slice(content)));
	buf_free(&file);
	buf_free(&again);
	buf_free(&back);
}

static void
test_round_trip(void **state)
{
	static const unsigned sizes[] = { 0, 1, 7, 1000, 70000, 3000000 };
	struct buf content = { 0 }, noise = { 0 };
	struct slice rest, bytes;
	unsigned tag, n = 0;
	uint64_t x = 1;

	(void)state;
	check_round_trip(&content);
	for (unsigned i = 0; i < 6; i++) {
		noise.n = 0;
		put_noise(&noise, sizes[i], &x);
		put_section(&content, i * i, buf_slice(&noise));
		check_round_trip(&content);
	}
	rest = buf_slice(&content);
	while (part_section(&rest, &tag, &bytes) == 1) {
		assert_int_equal(tag, n * n);
		assert_int_equal(bytes.n, sizes[n++]);
	}
	assert_int_equal(n, 6);
	assert_true(part_find(&content, 9, &bytes));
	assert_int_equal(bytes.n, sizes[3]);
	assert_false(part_find(&content, 2, &bytes));
	assert_int_equal(bytes.n, 0);
	rest = slice_first(buf_slice(&content), content.n - 1);
	while ((n = (unsigned)part_section(&rest, &tag, &bytes)) == 1)
		;
	assert_int_equal((int)n, -1);
	buf_free(&content);
	buf_free(&noise);
}

/* A copy in a block of its own, so that ASan sees what is read behind it. */
static void
check_refused(struct slice file, const char *what)
{
	char *copy = malloc(file.n ? file.n : 1);
	struct buf back = { 0 };
	struct problem p = { "" };

	memcpy(copy, file.p, file.n);
	assert_int_equal(part_unpack("NAME", (struct slice){ copy, file.n }, &back, &p), -1);
	assert_true(slice_starts(slice_of(p.text), slice_of(what)));
	buf_free(&back);
	free(copy);
}

static void
test_damage(void **state)
{
	struct buf content = { 0 }, noise = { 0 }, file;
	uint64_t x = 2;

	(void)state;
	put_noise(&noise, 300, &x);
	put_section(&content, 1, SLICE("small"));
	put_section(&content, 4, buf_slice(&noise));
	file = packed(&content);
	for (unsigned n = 0; n < file.n; n++)
		check_refused(slice_first(buf_slice(&file), n), "NAME: damaged part: ");
	for (unsigned bit = 0; bit < file.n * 8; bit++) {
		file.p[bit / 8] ^= (char)(1 << bit % 8);
		check_refused(buf_slice(&file), "NAME: damaged part: ");
		file.p[bit / 8] ^= (char)(1 << bit % 8);
	}
	for (unsigned c = 0; c < 256; c++) {
		buf_chr(&file, (char)c);
		check_refused(buf_slice(&file), "NAME: damaged part: ");
		file.n--;
	}
	check_refused(SLICE("Mar  3 10:00:01 mx postfix/smtpd[1]: connect from x[192.0.2.1]"),
	    "NAME: damaged part: it does not begin");
	buf_free(&file);
	buf_free(&content);
	buf_free(&noise);
}

/* As an attacker can: the hash fits whatever stands in the file. */
static void
sign(struct buf *file)
{
	struct slice s = buf_slice(file);
	uint64_t h = hash_fixed(slice_skip(s, 48), hash_fixed(slice_first(s, 40), 0));

	for (unsigned i = 0; i < 8; i++)
		file->p[40 + i] = (char)(h >> 8 * i);
}

static void
check_forged(const struct buf *content, unsigned at, unsigned bytes, uint64_t v, const char *what)
{
	struct buf file = packed(content);

	for (unsigned i = 0; i < bytes; i++)
		file.p[at + i] = (char)(v >> 8 * i);
	sign(&file);
	check_refused(buf_slice(&file), what);
	buf_free(&file);
}

/* A file of this version around a frame of any bytes, whose hash is right. */
static void
check_forged_content(struct slice bytes, unsigned frames, const char *what)
{
	struct buf none = { 0 }, file = packed(&none);
	char frame[2000];
	size_t n = ZSTD_compress(frame, sizeof(frame), bytes.p, bytes.n, 1);

	assert_false(ZSTD_isError(n));
	file.n = 48;
	for (unsigned i = 0; i < frames; i++)
		buf_add(&file, (struct slice){ frame, n });
	file.p[20] = 2;
	file.p[24] = (char)bytes.n;
	file.p[32] = (char)(n * frames);
	sign(&file);
	check_refused(buf_slice(&file), what);
	buf_free(&file);
}

static void
test_forged(void **state)
{
	struct buf content = { 0 }, noise = { 0 };
	uint64_t x = 3;

	(void)state;
	put_noise(&noise, 300, &x);
	put_section(&content, 2, buf_slice(&noise));
	check_forged(&content, 16, 4, 1, "NAME: part of format version 1; this program reads 3");
	check_forged(&content, 16, 4, UINT32_MAX, "NAME: part of format version 4294967295; ");
	check_forged(&content, 20, 4, 2, "NAME: damaged part: its sections");
	check_forged(&content, 24, 8, 20 << 20, "NAME: damaged part: its content is said");
	check_forged(&content, 24, 8, UINT64_MAX, "NAME: damaged part: its content is said");
	check_forged(&content, 24, 8, content.n + 1, "NAME: damaged part: its content is not");
	check_forged(&content, 24, 8, 0, "NAME: damaged part: its content is not");
	check_forged(&content, 32, 8, UINT64_MAX, "NAME: damaged part: ");
	/* tags 2 and 1; 1 and 1; a section longer than the rest; a head cut short; two frames */
	check_forged_content((struct slice){ "\2\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0", 16 }, 1,
	    "NAME: damaged part: its sections");
	check_forged_content((struct slice){ "\1\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0", 16 }, 1,
	    "NAME: damaged part: its sections");
	check_forged_content((struct slice){ "\1\0\0\0\0\0\0\0\2\0\0\0\1\0\0\0", 16 }, 1,
	    "NAME: damaged part: its sections");
	check_forged_content((struct slice){ "\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0", 15 }, 1,
	    "NAME: damaged part: its sections");
	check_forged_content((struct slice){ "\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0", 16 }, 2,
	    "NAME: damaged part: its content is not");
	check_forged(&content, 48, 4, 0x184d2a50, "NAME: damaged part: its content is not");
	buf_free(&content);
	buf_free(&noise);
}

/* Nothing but zeros shrinks more than a part may: said when it is written, not when it is read. */
static void
test_uniform(void **state)
{
	struct buf content = { 0 }, file = { 0 };
	struct slice zeros = { calloc(1, 17 << 20), 17 << 20 };
	struct problem p = { "" };

	(void)state;
	put_section(&content, 1, slice_first(zeros, 15 << 20));
	check_round_trip(&content);
	content.n = 0;
	put_section(&content, 1, zeros);
	assert_int_equal(part_pack(&content, &file, &p), -1);
	assert_string_equal(p.text, "a state of 17825800 equal bytes is no part");
	buf_free(&content);
	buf_free(&file);
	free((void *)(uintptr_t)zeros.p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_forged),
		cmocka_unit_test(test_uniform),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
