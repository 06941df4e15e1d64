/* Places of bytes in a text, 32 at a time, beside the plain way; and numbers of eight digits. */
#define _GNU_SOURCE	/* rand_r */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/scan.h"
#include "tests/slack.h"

/* Bytes that are near one another, so that a bit too many or too few shows. */
static const char near[] = "[Z\\{az`@AZ09/: !\x1f\x00\x7f\x80\xdb\xff";

static size_t
first(struct slice s, char c, bool ends)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == c || (ends && (unsigned char)s.p[i] <= ' '))
			return i;
	return s.n;
}

/* The first byte that is a, b or, when alnum says so, no letter or digit. */
static size_t
first_of(struct slice s, char a, char b, bool alnum)
{
	for (size_t i = 0; i < s.n; i++) {
		bool letter = (s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z');

		if (alnum ? !letter && (s.p[i] < '0' || s.p[i] > '9') : s.p[i] == a || s.p[i] == b)
			return i;
	}
	return s.n;
}

static size_t
last(struct slice s, char c)
{
	for (size_t i = s.n; i > 0; i--)
		if (s.p[i - 1] == c)
			return i - 1;
	return s.n;
}

static uint32_t
mask_of(const char *p, const char *other, char low, char high)
{
	uint32_t mask = 0;

	for (int i = 0; i < 16; i++) {
		bool hit = other ? p[i] == other[i] : p[i] >= low && p[i] <= high;

		mask |= (uint32_t)hit << i;
	}
	return mask;
}

static void
check_masks(const char *p, const char *other)
{
	assert_int_equal(wide_same(p, other), mask_of(p, other, 0, 0));
	assert_int_equal(wide_between(p, '0', '9'), mask_of(p, NULL, '0', '9'));
	assert_int_equal(wide_equal(p, '['), mask_of(p, NULL, '[', '['));
	assert_int_equal(wide_alnum(p), mask_of(p, NULL, '0', '9') | mask_of(p, NULL, 'A', 'Z') |
	    mask_of(p, NULL, 'a', 'z'));
	assert_int_equal(wide_either(p, '[', 'Z'),
	    mask_of(p, NULL, '[', '[') | mask_of(p, NULL, 'Z', 'Z'));
	assert_int_equal(wide_alnum32(p), wide_alnum(p) | wide_alnum(p + 16) << 16);
	for (int i = 0; i < 4; i++)
		assert_int_equal(wide_either64(p, '[', 'Z') >> 16 * i & 0xffff,
		    wide_either(p + 16 * i, '[', 'Z'));
	assert_int_equal(wide_ends(p, '['), mask_of(p, NULL, '[', '[') | mask_of(p, NULL, 0, ' '));
}

static void
test_random(void **state)
{
	unsigned seed = 1;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char text[160];
		size_t n = (size_t)rand_r(&seed) % 100, kinds = (size_t)rand_r(&seed) % 20 + 2;
		struct slice s;

		for (size_t k = 0; k < n; k++)
			text[k] = near[(size_t)rand_r(&seed) % kinds];
		s = slack_copy((struct slice){ text, n }, i % 2 ? '[' : 'Z');
		assert_int_equal(scan_byte(s, '['), first(s, '[', false));
		assert_int_equal(scan_word(s, '['), first(s, '[', true));
		assert_int_equal(scan_last(s, '['), last(s, '['));
		assert_int_equal(scan_either(s, '[', '\xff'), first_of(s, '[', '\xff', false));
		assert_int_equal(scan_other(s), first_of(s, 0, 0, true));
		check_masks(s.p, s.p + n / 2);
		slack_free(s);
	}
}

static void
test_number(void **state)
{
	char text[16];

	(void)state;
	for (uint32_t v = 0; v < 100000000; v += v < 100000 ? 1 : 99991) {
		int n = snprintf(text, sizeof(text), "%u", v);

		assert_int_equal(swar_number(swar_load(text), (size_t)n), v);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
