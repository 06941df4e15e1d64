/* report/: what a part says of itself: its bytes, and how two of them become one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "report/part_meta.h"

static uint64_t
random_next(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x * 0x2545f4914f6cdd1du >> 11;
}

/* A piece or a merged one; few values, so that some are equal. */
static struct part_meta
random_meta(uint64_t *x)
{
	static const char *const name[] = { "mail.log", "mail.log.1", "mail.log.2.gz", "a", "" };
	static const char *const text[] = { "", "0.1.0", "0.2.0" };
	struct part_meta m = { .match_hash = 77 };
	struct run_facts *f = &m.facts;
	uint64_t seq = random_next(x) % 3;

	for (uint64_t n = random_next(x) % 4; n > 0; n--)
		meta_add_input(&m, name[random_next(x) % 5], random_next(x) % 2 * 70000,
		    random_next(x) % 3);
	meta_set_place(&m, random_next(x) % 2 ? &seq : NULL, (int64_t)(random_next(x) % 3) - 1,
	    random_next(x) % 5 ? 100 : INT64_MIN);
	for (int t = 0; t < META_TEXTS; t++)
		meta_set_text(&m, (enum meta_text)t, slice_of(text[random_next(x) % 3]));
	for (int i = 0; i < 4; i++)
		f->lines[i] = random_next(x) % 5 ? random_next(x) % 1000 : META_COUNT_MAX - 3;
	for (int i = 0; i < MTA_COUNT; i++)
		f->mta_lines[i] = random_next(x);
	f->selected = random_next(x) % 1000;
	f->messages = (struct correlate_counts){ 5, 3, random_next(x) % 9, 1, 0, 7, 2, 1, 4 };
	f->input_problems = (unsigned)(random_next(x) % 2 ? UINT32_MAX - 1 : 2);
	f->backwards = (unsigned)(random_next(x) % 4);
	f->patterns_disabled = (unsigned)(random_next(x) % 4);
	f->first_year = random_next(x) % 2 ? 2024 + (int)(random_next(x) % 3) : 0;
	f->last_year = f->first_year;
	f->exact = random_next(x) % 4;
	f->year_given = random_next(x) % 2;
	f->own_domains = random_next(x) % 2;
	if ((f->has_since = random_next(x) % 4))
		f->since = (int64_t)(random_next(x) % 5) - 2;
	if ((f->has_until = random_next(x) % 4))
		f->until = (int64_t)(random_next(x) % 5);
	return m;
}

static struct buf
bytes_of(const struct part_meta *m)
{
	struct buf b = { 0 };

	meta_pack(m, &b);
	return b;
}

static void
check_equal(const struct part_meta *a, const struct part_meta *b)
{
	struct buf x = bytes_of(a), y = bytes_of(b);

	assert_true(slice_eq(buf_slice(&x), buf_slice(&y)));
	assert_int_equal(meta_cmp(a, b), 0);
	buf_free(&x);
	buf_free(&y);
}

/* Unpacks what was packed; frees m. */
static struct part_meta
travelled(struct part_meta *m)
{
	struct buf b = bytes_of(m);
	struct part_meta back = { 0 };
	struct problem p = { "" };

	if (meta_unpack("p", buf_slice(&b), &back, &p) == -1)
		fail_msg("%s", p.text);
	check_equal(m, &back);
	buf_free(&b);
	meta_free(m);
	return back;
}

static void
test_laws(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 3000; seed++) {
		uint64_t x = seed * 0x9e3779b97f4a7c15u;
		struct part_meta m[3], left = { 0 }, right = { 0 }, pair = { 0 }, turned = { 0 };

		for (int i = 0; i < 3; i++) {
			m[i] = random_meta(&x);
			m[i] = travelled(&m[i]);
			meta_merge(&left, &m[i]);	/* ((0 a) b) c */
		}
		meta_merge(&pair, &m[1]);
		meta_merge(&pair, &m[2]);
		meta_merge(&turned, &m[2]);
		meta_merge(&turned, &m[1]);
		check_equal(&pair, &turned);
		pair = travelled(&pair);
		meta_merge(&right, &m[0]);
		check_equal(&right, &m[0]);
		meta_merge(&right, &pair);		/* a (b c) */
		check_equal(&left, &right);
		meta_merge(&turned, &m[0]);		/* (c b) a */
		check_equal(&left, &turned);
		left = travelled(&left);
		assert_true((meta_cmp(&m[0], &m[1]) < 0) == (meta_cmp(&m[1], &m[0]) > 0));
		for (int i = 0; i < 3; i++)
			meta_free(&m[i]);
		meta_free(&left);
		meta_free(&right);
		meta_free(&pair);
		meta_free(&turned);
	}
}

/* Cut or changed bytes of a meta are refused, or are those of another meta. */
static void
test_hostile(void **state)
{
	uint64_t x = 5;
	unsigned refused = 0;

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct part_meta m = random_meta(&x), other = random_meta(&x);
		struct buf b;

		meta_merge(&m, &other);
		b = bytes_of(&m);
		for (unsigned i = 0; i < b.n; i++) {
			struct part_meta cut = { 0 }, changed = { 0 };
			char *copy = malloc(b.n);
			struct problem p;

			memcpy(copy, b.p, b.n);
			assert_int_equal(meta_unpack("p", (struct slice){ copy, i }, &cut, &p), -1);
			copy[i] ^= (char)(1 + random_next(&x) % 255);
			if (meta_unpack("p", (struct slice){ copy, b.n }, &changed, &p) == 0) {
				struct buf again = bytes_of(&changed);

				assert_int_equal(again.n, b.n);
				assert_memory_equal(again.p, copy, b.n);
				buf_free(&again);
			} else {
				assert_memory_equal(p.text, "p: damaged part: ", 17);
				refused++;
			}
			meta_free(&cut);
			meta_free(&changed);
			free(copy);
		}
		buf_free(&b);
		meta_free(&m);
		meta_free(&other);
	}
	assert_true(refused > 10000);
}

static void
test_merge(void **state)
{
	struct part_meta a = { .match_hash = 1 }, b = { .match_hash = 0xabc };
	struct problem p = { "" };
	uint64_t seq = 3;

	(void)state;
	meta_add_input(&a, "/v/mail.log", 70000, 5);
	meta_add_input(&a, "/v/mail.log.1", 65535, 6);
	meta_add_input(&a, "/v/mail.log.10", 10, 6);
	meta_set_place(&a, NULL, 50, 90);
	assert_string_equal(a.place[0].name, "/v/mail.log.10");
	meta_add_input(&b, "copy.gz", 70000, 5);
	meta_add_input(&b, "mail.log.1", 65535, 6);
	meta_set_place(&b, NULL, 50, 80);
	a.facts.first_year = a.facts.last_year = 2026;
	b.facts.lines[1] = 8;
	assert_int_equal(meta_check("PART", &a, 1, &p), 0);
	assert_int_equal(meta_check("PART", &b, 1, &p), -1);
	assert_string_equal(p.text, "PART: made with other rules or another configuration "
	    "(match hash 0000000000000abc, here 0000000000000001)");
	assert_string_equal(meta_twin(&a, &b)->name, "/v/mail.log");
	assert_string_equal(meta_twin(&b, &a)->name, "copy.gz");
	assert_true(meta_cmp(&b, &a) < 0);
	meta_set_text(&a, META_PROGRAM, SLICE("0.1.0"));
	meta_set_text(&b, META_PROGRAM, SLICE("0.2.0"));
	meta_set_text(&b, META_ZONE, SLICE("Europe/Berlin"));
	meta_merge(&a, &b);
	assert_int_equal(a.places, 2);
	assert_int_equal(a.inputs, 5);
	assert_int_equal(a.facts.lines[1], 8);
	assert_int_equal(a.facts.first_year, 2026);
	assert_string_equal(a.text[META_PROGRAM], "0.2.0");
	assert_true(a.mixed[META_PROGRAM]);
	assert_string_equal(a.text[META_ZONE], "Europe/Berlin");
	assert_false(a.mixed[META_ZONE]);
	meta_free(&b);
	meta_add_input(&b, "z", 1, 1);
	meta_set_place(&b, &seq, 500, 600);
	assert_null(meta_twin(&a, &b));
	assert_true(meta_cmp(&b, &a) < 0);
	meta_free(&a);
	meta_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_laws),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_merge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
