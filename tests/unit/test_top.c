/* base/top: the first of any number, whatever their order of coming. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/top.h"

struct item {
	uint32_t key, other;
};

static int
by_key(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key;
}

/* 0 to n - 1, shuffled; other tells whether an item stayed whole. */
static void
shuffle(struct item *item, unsigned n, uint64_t seed)
{
	for (uint32_t i = 0; i < n; i++)
		item[i] = (struct item){ i, ~i };
	for (unsigned i = n; i > 1; i--) {
		struct item x = item[i - 1];
		unsigned k;

		seed = seed * 6364136223846793005u + 1442695040888963407u;
		k = (unsigned)(seed >> 33) % i;
		item[i - 1] = item[k];
		item[k] = x;
	}
}

static void
test_first(void **state)
{
	static const unsigned max[] = { 0, 1, 2, 3, 10, 64, 99, 100, 101, 1000 };
	struct item item[100];

	(void)state;
	for (unsigned seed = 0; seed < 50; seed++)
		for (unsigned m = 0; m < sizeof(max) / sizeof(max[0]); m++) {
			struct top t = { .size = sizeof(*item), .max = max[m], .order = by_key };
			unsigned n = max[m] < 100 ? max[m] : 100;
			const struct item *first;

			shuffle(item, 100, seed);
			for (unsigned i = 0; i < 100; i++)
				top_add(&t, &item[i]);
			assert_int_equal(t.n, n);
			if (max[m] == 100)
				assert_false(top_wants(&t, &(struct item){ 100, 0 }));
			top_end(&t);
			first = t.item;
			for (uint32_t i = 0; i < n; i++) {
				assert_int_equal(first[i].key, i);
				assert_int_equal(first[i].other, ~i);
			}
			free(t.item);
		}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = { cmocka_unit_test(test_first) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
