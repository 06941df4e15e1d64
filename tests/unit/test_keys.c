/* Texts that would all meet in one place of a table, if one knew the key of the process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/problem.h"
#include "base/table.h"

enum { KEYS = 1 << 16 };

/* How many slots are looked at to find each of the keys once. */
static uint64_t
steps_of(const uint64_t *hash, unsigned n)
{
	struct table t = { 0 };
	uint64_t steps = 0;

	for (uint32_t i = 0; i < n; i++)
		table_add(&t, hash[i], i);
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t at = (uint32_t)(hash[i] >> 32) & t.mask;; at = (at + 1) & t.mask) {
			steps++;
			if ((uint32_t)t.slot[at] == i + 1)
				break;
		}
	table_free(&t);
	return steps;
}

/* 16 bytes: with the key's first word as the first half the rest does not count. */
static void
make(uint64_t key, uint64_t *hash)
{
	char text[16];

	memcpy(text, &key, 8);
	for (uint64_t i = 0; i < KEYS; i++) {
		memcpy(text + 8, &i, 8);
		hash[i] = hash_bytes((struct slice){ text, sizeof(text) }, 0);
	}
}

static void
test_colliding_keys(void **state)
{
	uint64_t *hash = mem_alloc(KEYS * sizeof(*hash)), known = hash_key[0];

	(void)state;
	make(known, hash);
	for (unsigned i = 1; i < KEYS; i++)
		assert_true(hash[i] == hash[0]);
	assert_true(steps_of(hash, 1000) > 1000 * 1000 / 3);	/* what it would be like */
	hash_randomise();
	make(known, hash);
	assert_true(steps_of(hash, KEYS) < 4 * KEYS);
	free(hash);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_colliding_keys) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
