/* report/: truth, evaluate_count and the matching of rows to events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "report/evaluate_private.h"

static struct share
wilson(uint64_t part, uint64_t all)
{
	struct share s = { .part = part, .all = all };

	share_wilson(&s);
	return s;
}

/* Against values computed with z = 1.96 in floating point. */
static void
test_wilson(void **state)
{
	static const struct { uint64_t part, all; unsigned low, high; } known[] = {
		{ 8, 10, 4902, 9433 }, { 0, 10, 0, 2775 }, { 10, 10, 7224, 10000 },
		{ 1, 1, 2065, 10000 }, { 97, 100, 9154, 9898 }, { 3, 1000, 10, 88 },
		{ 500000, 1000000, 4990, 5010 } };

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct share s = wilson(known[i].part, known[i].all);

		assert_in_range(s.low, known[i].low - (known[i].low > 0), known[i].low + 1);
		assert_in_range(s.high, known[i].high - 1, known[i].high + 1);
	}
	assert_int_equal(wilson(0, 0).low, 0);
	assert_int_equal(wilson(0, 0).high, 10000);
}

static void
is_share(const struct matrix *m, unsigned what, uint64_t part, uint64_t all)
{
	struct share s;

	measure(m, what, &s);
	assert_int_equal(s.part, part);
	assert_int_equal(s.all, all);
}

static void
test_measures(void **state)
{
	struct matrix m = { .n = {
		[IS_ZOMBIE] = { 50, 2, 0, 1, 4, 2, 1 },
		[IS_MISCONFIGURED] = { 3, 30, 0, 0, 7, 0, 0 },
		[IS_OWN] = { 0, 0, 20, 0, 0, 5, 0 },
		[IS_ELSEWHERE] = { 0, 4, 0, 16, 10, 0, 0 },
		[IS_HAM] = { 1, 0, 1, 0, 2, 96, 0 },
		[IS_UNDECIDABLE] = { 2, 0, 0, 1, 6, 1, 0 } } };

	(void)state;
	is_share(&m, PRECISION + OF_ZOMBIE, 50, 54);
	is_share(&m, PRECISION + OF_MISCONFIGURED, 30, 36);
	is_share(&m, PRECISION + OF_COMPROMISED, 36, 38);
	is_share(&m, PRECISION + OF_OWN, 20, 21);
	is_share(&m, PRECISION + OF_ELSEWHERE, 16, 17);
	is_share(&m, RECALL + OF_ZOMBIE, 50, 60);
	is_share(&m, RECALL + OF_OWN, 20, 25);
	is_share(&m, RECALL + OF_COMPROMISED, 36, 55);
	is_share(&m, F1 + OF_ZOMBIE, 100, 114);
	is_share(&m, COVERAGE, 126, 155);
	is_share(&m, SELECTIVE, 116, 128);
	is_share(&m, HAM_ACCUSED, 2, 100);
	is_share(&m, LEFT, 7, 10);
}

/* Limits by sources: one source alone leaves no doubt, many equal ones as much as Wilson does. */
static void
test_bootstrap(void **state)
{
	struct cluster c[100] = { { .key = 0 } };
	struct share share[QUALITIES] = { { 0 } }, again[QUALITIES] = { { 0 } };

	(void)state;
	for (unsigned i = 0; i < 100; i++)
		c[i].rows.n[IS_ZOMBIE][i < 90 ? SAID_ZOMBIE : SAID_MISCONFIGURED] = 10;
	bootstrap(c, 1, share);
	assert_int_equal(share[RECALL + OF_ZOMBIE].cluster_low, 10000);
	assert_int_equal(share[RECALL + OF_ZOMBIE].cluster_high, 10000);
	bootstrap(c, 100, share);
	bootstrap(c, 100, again);
	assert_memory_equal(share, again, sizeof(share));
	assert_in_range(share[RECALL + OF_ZOMBIE].cluster_low, 8200, 8600);
	assert_in_range(share[RECALL + OF_ZOMBIE].cluster_high, 9400, 9700);
	assert_int_equal(share[HAM_ACCUSED].cluster_low, 0);
	assert_int_equal(share[HAM_ACCUSED].cluster_high, 10000);
}

static struct happened
happened(int64_t ts, const char *queue_id, const char *message_id, const char *client, bool spam)
{
	struct happened h = { .ts = ts, .queue_id = slice_of(queue_id),
		.message_id = slice_of(message_id), .left = 1, .counted = true, .spam = spam,
		.host = SLICE("mx1") };

	h.has_addr = addr_parse(slice_of(client), &h.addr);
	return h;
}

/* Matches the table to the events; want: for each row the index of its event, -1 none. */
static void
matches(struct happened *event, unsigned events, const char *table, const int *want)
{
	struct truth t;
	struct problem why;
	struct evaluate e = { .event = event, .events = events };

	assert_int_equal(truth_parse(&t, "t", slice_of(table), &why), 0);
	e.items = t.rows;
	e.item = mem_alloc(t.rows * sizeof(*e.item));
	for (unsigned i = 0; i < t.rows; i++)
		e.item[i] = (struct labelled){ .row = &t.row[i], .event = NO_EVENT };
	evaluate_match(&e);
	for (unsigned i = 0; i < t.rows; i++)
		assert_int_equal(e.item[i].event, want[i] < 0 ? NO_EVENT : (uint32_t)want[i]);
	free(e.item);
	truth_free(&t);
}

#define HEAD "class\tqueue_id\tmessage_id\tclient_ip\ttime\thost\n"

static void
test_match_kinds(void **state)
{
	struct happened event[] = { happened(1000, "A1", "m1@x", "192.0.2.1", true),
		happened(1100, "", "m2@x", "192.0.2.1", true),
		happened(1120, "", "", "192.0.2.1", true),
		happened(5000, "A1", "", "", false) };

	(void)state;
	matches(event, 4, HEAD
	    "zombie\tA1\t\t\t1400\t\n"			/* queue id: the nearest in time */
	    "ham\tA1\t\t\t4000\t\n"
	    "zombie\t\t<m2@x>\t\t1130\t\n"		/* 30 s */
	    "zombie\t\t\t192.0.2.1\t1240\t\n"		/* 120 s */
	    "zombie\t\t\t192.0.2.1\t1241\t\n",		/* none within 120 s */
	    (const int[]){ 0, 3, 1, 2, -1 });
}

static void
test_match_limits(void **state)
{
	struct happened event[] = { happened(1000, "", "m1@x", "192.0.2.1", true) };

	(void)state;
	matches(event, 1, HEAD "zombie\t\tm1@x\t\t1031\t\n" "zombie\t\t\t192.0.2.1\t879\t\n"
	    "zombie\t\tm1@x\t\t1000\tmx2\n", (const int[]){ -1, -1, -1 });
	matches(event, 1, HEAD "zombie\t\tm1@x\t\t1030\tmx1.example.org\n", (const int[]){ 0 });
	event[0].left = 1;
	matches(event, 1, HEAD "zombie\t\t\t192.0.2.1\t880\tMX1\n", (const int[]){ 0 });
}

/* The nearest pair first, not the first row; spam before the same client's other mail. */
static void
test_match_order(void **state)
{
	struct happened event[] = { happened(1000, "", "", "192.0.2.1", false),
		happened(1060, "", "", "192.0.2.1", true),
		happened(1010, "", "", "192.0.2.1", true) };

	(void)state;
	matches(event, 3, HEAD "ham\t\t\t192.0.2.1\t1005\t\n" "zombie\t\t\t192.0.2.1\t1001\t\n"
	    "zombie\t\t\t192.0.2.1\t1009\t\n", (const int[]){ 0, 1, 2 });
}

/* A recipient refused under a mail's queue id is not the mail, but what is left for another row. */
static void
test_match_mail(void **state)
{
	struct happened event[] = { happened(1000, "A1", "", "192.0.2.1", false),
		happened(1001, "A1", "m1@x", "192.0.2.1", true) };

	(void)state;
	event[1].mail = true;
	matches(event, 2, HEAD "zombie\tA1\t\t\t1000\t\n", (const int[]){ 1 });
	event[0].left = event[1].left = 1;
	matches(event, 2, HEAD "zombie\tA1\t\t\t1000\t\n" "ham\tA1\t\t\t1000\t\n",
	    (const int[]){ 1, 0 });
}

/* What is counted once takes further rows with it, but only those that nothing else fits. */
static void
test_match_repetitions(void **state)
{
	struct happened event[] = { happened(1000, "", "", "192.0.2.1", true),
		happened(1001, "", "", "192.0.2.1", false) };

	(void)state;
	event[1].counted = false;
	matches(event, 2, HEAD "zombie\t\t\t192.0.2.1\t1001\t\n" "zombie\t\t\t192.0.2.1\t1050\t\n",
	    (const int[]){ 0, 1 });
	event[0].left = 2;
	event[1].left = 0;
	matches(event, 2, HEAD "zombie\t\t\t192.0.2.1\t1001\t\n" "zombie\t\t\t192.0.2.1\t1050\t\n",
	    (const int[]){ 0, 0 });
}

static void
test_truth_values(void **state)
{
	static const char table[] = "\xef\xbb\xbf" "time\tnote\tclass\tclient_ip\tdecidable\r\n"
		"\r\n" "2026-11-20T12:00:00.5+01:30\tx\tzombie\t::ffff:192.0.2.1\t\r\n"
		"60\t\tunattributed\t2001:db8::1\tyes\n" "60\t\tham\t192.0.2.1\tno";
	struct truth t;
	struct problem why;

	(void)state;
	assert_int_equal(truth_parse(&t, "t", slice_of(table), &why), 0);
	assert_int_equal(t.rows, 3);
	assert_int_equal(t.row[0].ts, 1795170600);
	assert_int_equal(t.row[0].line, 3);
	assert_true(t.row[0].decidable && addr_is_v4(&t.row[0].client));
	assert_int_equal(t.row[1].class, TRUTH_OTHER);
	assert_false(t.row[1].decidable);
	assert_false(t.row[2].decidable);
	truth_free(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wilson),
		cmocka_unit_test(test_measures),
		cmocka_unit_test(test_bootstrap),
		cmocka_unit_test(test_match_kinds),
		cmocka_unit_test(test_match_limits),
		cmocka_unit_test(test_match_order),
		cmocka_unit_test(test_match_mail),
		cmocka_unit_test(test_match_repetitions),
		cmocka_unit_test(test_truth_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
