/* bags: equal multisets are one bag, in whatever order they grew; large ones are somebody's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "classify/bags.h"

static uint32_t
count_of(const struct bags *b, uint32_t bag, uint32_t what)
{
	unsigned n;
	const struct bag_item *x = bags_items(b, bag, &n);

	for (unsigned i = 0; i < n; i++)
		if (x[i].what == what) {
			assert_int_equal(bags_count(b, bag, what), x[i].n);
			return x[i].n;
		}
	assert_int_equal(bags_count(b, bag, what), 0);
	return 0;
}

static void
test_equal(void **state)
{
	static const uint32_t what[] = { 7, 3, 7, 0x80000001u, 3, 9 };
	struct bags b = { 0 };
	uint32_t first = 0, bag;
	unsigned n;

	(void)state;
	for (unsigned from = 0; from < 6; from++)
		for (unsigned step = 1; step <= 5; step += 4) {
			bag = 0;
			for (unsigned i = 0; i < 6; i++)
				bag = bags_add(&b, bag, what[(from + i * step) % 6], 1);
			first = first ? first : bag;
			assert_true(bag_is_shared(bag));
			assert_int_equal(bag, first);
		}
	bag = bags_add(&b, bags_add(&b, bags_add(&b, 0, 3, 2), 7, 2), 0x80000001u, 1);
	assert_int_equal(bags_add(&b, bag, 9, 1), first);
	bags_items(&b, first, &n);
	assert_int_equal(n, 4);
	assert_int_equal(count_of(&b, first, 7), 2);
	assert_int_equal(count_of(&b, first, 9), 1);
	assert_int_equal(count_of(&b, first, 8), 0);
	bags_items(&b, 0, &n);
	assert_int_equal(n, 0);
	bags_free(&b);
}

static void
test_large(void **state)
{
	struct bags b = { 0 };
	uint32_t many = 0, other = 0, often = 0;

	(void)state;
	for (uint32_t i = 0; i < 5000; i++) {	/* two that grow together */
		many = bags_add(&b, many, i % 1000, 1);
		other = bags_add(&b, other, 999 - i % 1000, 2);
	}
	assert_false(bag_is_shared(many) || bag_is_shared(other));
	for (uint32_t i = 0; i < 1000; i++) {
		assert_int_equal(count_of(&b, many, i), 5);
		assert_int_equal(count_of(&b, other, i), 10);
	}
	for (uint32_t i = 0; i < BAG_COUNT; i++)
		often = bags_add(&b, often, 5, 1);
	assert_true(bag_is_shared(often));
	often = bags_add(&b, often, 5, 1);
	assert_false(bag_is_shared(often));
	often = bags_add(&b, often, 5, UINT32_MAX - 10);
	assert_int_equal(count_of(&b, often, 5), UINT32_MAX);
	bags_free(&b);
}

/* When there are too many, new ones are nobody else's, and the old ones still shared. */
static void
test_full(void **state)
{
	struct bags b = { 0 };
	uint32_t old = bags_add(&b, 0, 1, 1), one, two;

	(void)state;
	for (uint32_t i = 2; b.bags < BAGS_MAX; i++)
		bags_add(&b, 0, i, 1);
	one = bags_add(&b, 0, 0x7fffffffu, 3);
	two = bags_add(&b, 0, 0x7fffffffu, 3);
	assert_false(bag_is_shared(one) || bag_is_shared(two));
	assert_int_not_equal(one, two);
	assert_int_equal(bags_add(&b, one, 0x7fffffffu, 1), one);
	assert_int_equal(count_of(&b, one, 0x7fffffffu), 4);
	assert_int_equal(count_of(&b, two, 0x7fffffffu), 3);
	assert_int_equal(bags_add(&b, 0, 1, 1), old);
	bags_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
