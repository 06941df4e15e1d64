/* addr_parse() against inet_pton(): texts like IPv6, made of random pieces. */
#include <arpa/inet.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/addr.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_as_inet_pton) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
