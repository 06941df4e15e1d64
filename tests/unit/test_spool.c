/* report/: spool and sorter, against the records kept in an array. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <cmocka.h>

#include "report/sorter.h"
#include "report/spool.h"

#define NOWHERE "/nonexistent/spamsource"

struct record {
	int64_t ts;
	struct slice line;
};

struct records {
	struct record *at;
	size_t n;
};

static uint64_t
random_next(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x * 0x2545f4914f6cdd1du;
}

/* Mostly short, some empty, one in 500 of 100 kB; noise, or few letters so that many are equal. */
static struct records
records_make(size_t n, uint64_t seed)
{
	struct records r = { mem_alloc(n * sizeof(*r.at)), n };
	uint64_t x = seed * 0x9e3779b97f4a7c15u + 1;

	for (size_t i = 0; i < n; i++) {
		uint64_t kind = random_next(&x) >> 32;
		size_t len = kind % 500 == 0 ? 100000 : kind % 7 == 0 ? 0 :
		    kind % 7 == 1 ? kind / 7 % 2 : kind / 7 % 300;
		char *p = mem_alloc(len);

		for (size_t k = 0; k < len; k++)
			p[k] = kind & 0x100 ? (char)(random_next(&x) >> 40) : "ab"[k % 2];
		r.at[i].ts = (int64_t)((random_next(&x) >> 40) % 50) - 25;
		if (kind % 1000 == 7)
			r.at[i].ts = kind & 0x200 ? INT64_MAX : INT64_MIN;
		r.at[i].line = (struct slice){ p, len };
	}
	return r;
}

static void
records_free(struct records *r)
{
	for (size_t i = 0; i < r->n; i++)
		free((void *)(uintptr_t)r->at[i].line.p);
	free(r->at);
}

static int
record_cmp(const void *va, const void *vb)
{
	const struct record *a = va, *b = vb;

	return a->ts != b->ts ? (a->ts < b->ts ? -1 : 1) : slice_cmp(a->line, b->line);
}

static unsigned
open_files(void)
{
	unsigned n = 0;

	for (int fd = 0; fd < 1000; fd++)
		n += fcntl(fd, F_GETFD) != -1;
	return n;
}

static void
spool_case(struct spool *s, const struct records *r, unsigned files)
{
	unsigned before = open_files();
	struct problem why;
	struct slice got;

	for (size_t i = 0; i < r->n; i++)
		assert_int_equal(spool_add(s, r->at[i].line, &why), 0);
	assert_true(spool_count(s) == r->n);
	assert_int_equal(open_files() - before, files);
	for (unsigned pass = 0; pass < 4; pass++) {
		size_t stop = pass == 1 ? r->n / 2 : r->n;

		assert_int_equal(spool_rewind(s, &why), 0);
		for (size_t i = 0; i < stop; i++) {
			assert_int_equal(spool_next(s, &got, &why), 1);
			assert_true(slice_eq(got, r->at[i].line));
		}
		if (stop < r->n)
			continue;
		assert_int_equal(spool_next(s, &got, &why), 0);
		assert_int_equal(spool_next(s, &got, NULL), 0);
	}
	spool_close(s);
	assert_int_equal(open_files(), before);
}

static void
test_spool(void **state)
{
	static const size_t counts[] = { 0, 1, 2, 100, 8000 };

	(void)state;
	for (unsigned i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct records r = records_make(counts[i], i + 1);

		spool_case(spool_open(), &r, counts[i] == 8000);
		spool_case(spool_open_memory(0), &r, counts[i] > 0);
		spool_case(spool_open_memory(4096), &r, counts[i] >= 100);
		spool_case(spool_open_memory(SIZE_MAX), &r, 0);
		records_free(&r);
	}
	spool_close(NULL);
}

/* Up to the last byte of memory there is no file. */
static void
test_spool_bound(void **state)
{
	struct spool *s = spool_open();
	unsigned before = open_files();
	char *p = mem_alloc(SPOOL_MEMORY);
	struct slice got;

	(void)state;
	assert_int_equal(spool_add(s, (struct slice){ p, SPOOL_MEMORY - 8 }, NULL), 0);
	assert_int_equal(spool_add(s, SLICE_NONE, NULL), 0);
	assert_int_equal(open_files(), before);
	assert_int_equal(spool_add(s, SLICE("x"), NULL), 0);
	assert_int_equal(open_files(), before + 1);
	assert_int_equal(spool_rewind(s, NULL), 0);
	assert_int_equal(spool_next(s, &got, NULL), 1);
	assert_int_equal(got.n, SPOOL_MEMORY - 8);
	assert_int_equal(spool_next(s, &got, NULL), 1);
	assert_int_equal(got.n, 0);
	assert_int_equal(spool_next(s, &got, NULL), 1);
	assert_true(slice_eq(got, SLICE("x")));
	spool_close(s);
	free(p);
}

static void
sorter_case(size_t memory, const struct records *r, const struct record *model)
{
	struct sorter *s = sorter_open(memory);
	unsigned before = open_files(), most = 0;
	struct problem why;
	struct slice got;

	for (size_t i = 0; i < r->n; i++) {
		assert_int_equal(sorter_add(s, r->at[i].ts, r->at[i].line, &why), 0);
		if (i % 1000 == 0 && open_files() > most)
			most = open_files();
	}
	assert_true(most <= before + 3 * 64);
	assert_int_equal(sorter_sort(s, &why), 0);
	assert_true(open_files() <= before + 64);
	for (size_t i = 0; i < r->n; i++) {
		assert_int_equal(sorter_next(s, &got, &why), 1);
		assert_true(slice_eq(got, model[i].line));
	}
	assert_int_equal(sorter_next(s, &got, &why), 0);
	assert_int_equal(sorter_next(s, &got, NULL), 0);
	sorter_close(s);
	assert_int_equal(open_files(), before);
}

static void
test_sorter(void **state)
{
	static const size_t counts[] = { 0, 1, 2, 40, 1500, 15000 };
	static const size_t memories[] = { 0, 4096, 5000, 100000, 1 << 20, 64 << 20 };

	(void)state;
	for (unsigned i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct records r = records_make(counts[i], 100 + i);
		struct record *model = mem_alloc(r.n * sizeof(*model));

		memcpy(model, r.at, r.n * sizeof(*model));
		qsort(model, r.n, sizeof(*model), record_cmp);
		for (unsigned k = 0; k < sizeof(memories) / sizeof(memories[0]); k++)
			sorter_case(memories[k], &r, model);
		free(model);
		records_free(&r);
	}
	sorter_close(NULL);
}

/* Every number of runs around the bounds of merging: each line is one, as no block can hold it. */
static void
test_sorter_runs(void **state)
{
	static const unsigned counts[] = { 63, 64, 65, 127, 128, 190, 4159 };
	static char line[5000];

	(void)state;
	for (unsigned i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct sorter *s = sorter_open(0);
		struct slice got;

		for (unsigned k = counts[i]; k-- > 0;) {
			memcpy(line, &k, sizeof(k));
			assert_int_equal(sorter_add(s, k / 2, (struct slice){ line, sizeof(line) },
			    NULL), 0);
		}
		assert_int_equal(sorter_sort(s, NULL), 0);
		for (unsigned k = 0; k < counts[i]; k++) {
			unsigned value;

			assert_int_equal(sorter_next(s, &got, NULL), 1);
			assert_int_equal(got.n, sizeof(line));
			memcpy(&value, got.p, sizeof(value));
			assert_int_equal(value / 2, k / 2);
		}
		assert_int_equal(sorter_next(s, &got, NULL), 0);
		sorter_close(s);
	}
}

static void
test_closed_early(void **state)
{
	struct records r = records_make(3000, 7);
	unsigned before = open_files();

	(void)state;
	for (unsigned stage = 0; stage < 3; stage++) {
		struct sorter *s = sorter_open(4096);
		struct slice got;

		for (size_t i = 0; i < r.n; i++)
			assert_int_equal(sorter_add(s, r.at[i].ts, r.at[i].line, NULL), 0);
		if (stage > 0)
			assert_int_equal(sorter_sort(s, NULL), 0);
		for (unsigned i = 0; i < 100 && stage > 1; i++)
			assert_int_equal(sorter_next(s, &got, NULL), 1);
		sorter_close(s);
		assert_int_equal(open_files(), before);
	}
	records_free(&r);
}

/* Adds until it fails, which it must; then everything fails with the same words. */
static void
failing_spool(struct records *r, const char *words)
{
	struct spool *s = spool_open();
	struct problem why = { "" };
	struct slice got;
	size_t i = 0;

	while (i < r->n && spool_add(s, r->at[i].line, &why) == 0)
		i++;
	assert_true(i < r->n);
	assert_string_equal(why.text, words);
	why.text[0] = '\0';
	assert_int_equal(spool_add(s, SLICE("a"), NULL), -1);
	assert_int_equal(spool_next(s, &got, NULL), -1);
	assert_int_equal(spool_rewind(s, &why), -1);
	assert_string_equal(why.text, words);
	assert_int_equal(spool_next(s, &got, NULL), -1);
	spool_close(s);
}

static void
failing_sorter(struct records *r, const char *words)
{
	struct sorter *s = sorter_open(100000);
	struct problem why = { "" };
	struct slice got;
	size_t i = 0;

	while (i < r->n && sorter_add(s, r->at[i].ts, r->at[i].line, &why) == 0)
		i++;
	assert_true(i < r->n);
	assert_string_equal(why.text, words);
	assert_int_equal(sorter_add(s, 0, SLICE("a"), NULL), -1);
	assert_int_equal(sorter_next(s, &got, NULL), -1);
	why.text[0] = '\0';
	assert_int_equal(sorter_sort(s, &why), -1);
	assert_string_equal(why.text, words);
	assert_int_equal(sorter_next(s, &got, NULL), -1);
	sorter_close(s);
}

static void
test_no_directory(void **state)
{
	struct records r = records_make(8000, 3);
	unsigned before = open_files();
	struct problem why;
	struct sorter *sorter;
	char *saved = getenv("TMPDIR") ? strdup(getenv("TMPDIR")) : NULL;
	const char *words = "temporary file in " NOWHERE ": No such file or directory";

	(void)state;
	setenv("TMPDIR", NOWHERE, 1);
	failing_spool(&r, words);
	failing_sorter(&r, words);
	/* what fits in memory needs none */
	spool_case(spool_open(), &(struct records){ r.at, 100 }, 0);
	sorter = sorter_open(1 << 20);
	assert_int_equal(sorter_add(sorter, 1, SLICE("a"), &why), 0);
	assert_int_equal(sorter_sort(sorter, &why), 0);
	sorter_close(sorter);
	if (saved)
		setenv("TMPDIR", saved, 1);
	else
		unsetenv("TMPDIR");
	free(saved);
	assert_int_equal(open_files(), before);
	records_free(&r);
}

/* The file system takes no more. */
static void
test_full(void **state)
{
	struct records r = records_make(8000, 5);
	unsigned before = open_files();
	struct rlimit saved, small;
	char words[200];
	const char *dir = getenv("TMPDIR");

	(void)state;
	snprintf(words, sizeof(words), "temporary file in %s: File too large",
	    dir && *dir ? dir : "/tmp");
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &saved), 0);
	small = saved;
	small.rlim_cur = 20000;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	failing_spool(&r, words);
	failing_sorter(&r, words);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &saved), 0);
	assert_int_equal(open_files(), before);
	records_free(&r);
}

static void
test_too_long(void **state)
{
	struct slice line = { "", (size_t)SPOOL_RECORD_MAX + 1 };	/* not looked at */
	struct spool *spool = spool_open();
	struct sorter *sorter = sorter_open(0);
	struct problem why;

	(void)state;
	assert_int_equal(spool_add(spool, line, &why), -1);
	assert_int_equal(sorter_add(sorter, 0, line, &why), -1);
	assert_string_equal(why.text, "a line of 268435457 bytes is too long to be sorted");
	spool_close(spool);
	sorter_close(sorter);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spool),
		cmocka_unit_test(test_spool_bound),
		cmocka_unit_test(test_sorter),
		cmocka_unit_test(test_sorter_runs),
		cmocka_unit_test(test_closed_early),
		cmocka_unit_test(test_no_directory),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
