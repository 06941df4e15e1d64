/* Addresses against plain ways to read them: texts like IPv6 or IPv4, made of random pieces. */
#include <arpa/inet.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/addr_v4.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static uint64_t
random_next(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return (*x * 0x2545f4914f6cdd1du) >> 33;
}

static void
test_as_inet_pton(void **state)
{
	static const char *const colon[] = { ":", ":", ":", ":", ":", ":", "::", "" };
	static const char *const group[] = { "0", "1", "db8", "2001", "fFfF", "aBcD", "00a0",
		"", "12345", "g", "@", "G", "`", "/", ":", "192.0.2.1", ".", "256.1.1.1", " ", "\200" };
	uint64_t x = 20261104;
	unsigned good = 0;

	(void)state;
	for (unsigned i = 0; i < 300000; i++) {
		unsigned pieces = (unsigned)random_next(&x) % 18 + 1, n = 0;
		struct addr ours, theirs;
		char text[200] = "";
		bool ok;

		for (unsigned k = 0; k < pieces; k++) {
			unsigned of = random_next(&x) % 32 ? 7 : COUNT(group);

			n += (unsigned)snprintf(text + n, sizeof(text) - n, "%s", k % 2
			    ? colon[random_next(&x) % COUNT(colon)] : group[random_next(&x) % of]);
		}
		if (strchr(text, ':') == NULL)	/* IPv4 has rules of its own */
			continue;
		ok = n < ADDR_TEXT && inet_pton(AF_INET6, text, theirs.b) == 1;
		assert_int_equal(addr_parse(slice_of(text), &ours), ok);
		if (ok)
			assert_memory_equal(&ours, &theirs, sizeof(ours));
		good += ok;
	}
	assert_true(good > 10000);
}

/* The length with the byte end, or 0: by the letter of addr_v4.h. */
static size_t
plain_v4(const char *p, char end, uint8_t octet_r[4])
{
	const char *at = p;

	for (int i = 0; i < 4; i++) {
		unsigned v = 0, digits = 0;

		for (; *at >= '0' && *at <= '9'; at++, digits++)
			v = digits < 4 ? v * 10 + (unsigned)(*at - '0') : v;
		if (digits == 0 || digits > 3 || v > 255 || *at++ != (i < 3 ? '.' : end))
			return 0;
		octet_r[i] = (uint8_t)v;
	}
	return (size_t)(at - p);
}

static void
test_v4(void **state)
{
	static const char *const part[] = { "0", "9", "10", "99", "100", "199", "249", "255", "00",
		"007", "256", "300", "1000", "", "x", "1:", "\2003" };
	static const char *const dot[] = { ".", ".", ".", ".", ".", ".", ".", "..", "/", "" };
	uint64_t x = 20261105;
	unsigned good = 0;

	(void)state;
	for (unsigned i = 0; i < 300000; i++) {
		/* what stands before: anything but a digit next to it */
		char text[64] = "1.2[", before[4 + ADDR_V4_TEXT];
		uint8_t want[4];
		struct addr a;
		size_t n = 4, length;

		for (int k = 0; k < 4; k++)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s",
			    part[random_next(&x) % (random_next(&x) % 4 ? 8 : COUNT(part))],
			    k < 3 ? dot[random_next(&x) % COUNT(dot)] :
			    random_next(&x) % 8 ? "]" : ":");
		memset(text + n, "0]. "[random_next(&x) % 4], sizeof(text) - n);
		memcpy(before, text, sizeof(before));
		length = addr_read_v4(before + 4, ']', &a);
		assert_int_equal(length, plain_v4(text + 4, ']', want));
		if (length == 0)
			continue;
		assert_true(addr_is_v4(&a));
		assert_memory_equal(a.b + 12, want, 4);
		assert_true(addr_parse((struct slice){ text + 4, length - 1 }, &a));
		assert_memory_equal(a.b + 12, want, 4);
		good++;
	}
	assert_true(good > 10000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_inet_pton),
		cmocka_unit_test(test_v4),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
