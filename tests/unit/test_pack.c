/* pack: numbers come back, and what is no number's one form is refused, wherever the bytes end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/pack.h"

static uint64_t
roll(uint64_t *x)
{
	*x = *x * 6364136223846793005u + 1442695040888963407u;
	return *x >> 32 ^ *x << 32;
}

/* As the format says, byte by byte; -1: refused, else how many bytes. */
static int
decode(const unsigned char *p, size_t n, uint64_t *v_r)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n && i < PACK_MOST; i++) {
		if (i == 9 && p[i] > 1)
			return -1;
		v |= (uint64_t)(p[i] & 0x7f) << 7 * i;
		if (p[i] < 0x80) {
			*v_r = v;
			return i > 0 && p[i] == 0 ? -1 : (int)i + 1;
		}
	}
	return -1;
}

static void
check(const unsigned char *p, size_t n)
{
	struct unpack u = { .rest = { (const char *)p, n } };
	uint64_t want = 0, got = unpack_u(&u);
	int used = decode(p, n, &want);

	assert_int_equal(u.bad, used < 0);
	assert_int_equal(u.rest.n, used < 0 ? 0 : n - (size_t)used);
	assert_true(got == (used < 0 ? 0 : want));
}

static void
test_numbers(void **state)
{
	struct buf b = { 0 };
	uint64_t x = 1;

	(void)state;
	for (unsigned i = 0; i < 200000; i++) {
		uint64_t v = roll(&x) >> roll(&x) % 64;
		struct unpack u;

		b.n = 0;
		pack_u(&b, v);
		for (unsigned k = roll(&x) % 12; k > 0; k--)
			buf_chr(&b, (char)roll(&x));
		u = (struct unpack){ .rest = buf_slice(&b) };
		assert_true(unpack_u(&u) == v && !u.bad);
		for (unsigned n = 0; n <= b.n; n++)
			check((const unsigned char *)b.p, n);
	}
	buf_free(&b);
}

static void
test_bytes(void **state)
{
	unsigned char p[12];
	uint64_t x = 2;

	(void)state;
	for (unsigned i = 0; i < 400000; i++) {
		unsigned often = roll(&x) % 16;

		/* long ones, and zeros at their ends */
		for (unsigned k = 0; k < sizeof(p); k++)
			p[k] = (unsigned char)(roll(&x) % 16 < often ? 0x80 | roll(&x) % 128 :
			    roll(&x) % 3 ? roll(&x) % 128 : 0);
		check(p, roll(&x) % (sizeof(p) + 1));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
