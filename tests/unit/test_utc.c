/* base/utc: civil time, fixed offsets, and the hours that a zone has twice or not at all. */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <setjmp.h>
#include <stdint.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/utc.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
test_utc(void **state)
{
	const int64_t span = (int64_t)400 * 366 * UTC_DAY;
	char text[UTC_TEXT];
	int64_t count = 0;

	(void)state;
	for (int64_t t = -span; t < span; t += 86399 * 3, count++) {
		struct civil c = utc_to_civil(t);

		assert_true(civil_valid(&c));
		assert_true(utc_of_civil(&c) == t);
	}
	assert_true(count > 90000);
	for (int64_t day = 0; day < 146097; day++) {	/* 400 years, each day follows the last */
		struct civil a = utc_to_civil(day * UTC_DAY);
		struct civil b = utc_to_civil((day + 1) * UTC_DAY - 1);
		struct civil next = { a.year, a.month, a.day + 1, 0, 0, 0 };

		assert_true(a.day == b.day && a.month == b.month && a.year == b.year);
		b = utc_to_civil((day + 1) * UTC_DAY);
		assert_true(civil_valid(&next) ? b.day == a.day + 1 : b.day == 1);
	}
	utc_format(1763622720, text);
	assert_string_equal(text, "2025-11-20T07:12:00Z");
	utc_format(-1, text);
	assert_string_equal(text, "1969-12-31T23:59:59Z");
	assert_true(utc_floor(-1, UTC_HOUR) == -3600 && utc_floor(3599, UTC_HOUR) == 0);
	assert_false(civil_valid(&(struct civil){ 2023, 2, 29, 0, 0, 0 }));
	assert_true(civil_valid(&(struct civil){ 2024, 2, 29, 23, 59, 60 }));
	assert_false(civil_valid(&(struct civil){ 1900, 2, 29, 0, 0, 0 }));
}

static void
test_zone_fixed(void **state)
{
	static const char *const bad[] = { "+1", "+01:0", "+01:60", "+17:00", "../etc/passwd",
		"/etc/passwd", "No/Where", "+0a:00", "a\nb" };
	const struct civil noon = { 2026, 7, 1, 12, 0, 0 };
	struct problem p;
	struct zone z;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(zone_open(&z, slice_of(bad[i]), &p), -1);
	assert_int_equal(zone_open(&z, SLICE("+05:30"), &p), 0);
	assert_true(zone_to_utc(&z, &noon) == utc_of_civil(&noon) - 19800);
	assert_int_equal(zone_from_utc(&z, zone_to_utc(&z, &noon)).hour, 12);
	assert_int_equal(zone_open(&z, SLICE("-0800"), &p), 0);
	assert_true(zone_to_utc(&z, &noon) == utc_of_civil(&noon) + 28800);
	assert_int_equal(zone_open(&z, SLICE("utc"), &p), 0);
	assert_true(zone_to_utc(&z, &noon) == utc_of_civil(&noon));
}

static void
test_zone_berlin(void **state)
{
	static const struct { struct civil local, utc; } rows[] = {
		{ { 2026, 1, 15, 12, 0, 0 }, { 2026, 1, 15, 11, 0, 0 } },
		{ { 2026, 7, 15, 12, 0, 0 }, { 2026, 7, 15, 10, 0, 0 } },
		{ { 2026, 3, 29, 1, 59, 59 }, { 2026, 3, 29, 0, 59, 59 } },
		{ { 2026, 3, 29, 2, 30, 0 }, { 2026, 3, 29, 1, 30, 0 } },	/* left out */
		{ { 2026, 3, 29, 3, 0, 0 }, { 2026, 3, 29, 1, 0, 0 } },
		{ { 2026, 10, 25, 1, 59, 59 }, { 2026, 10, 24, 23, 59, 59 } },
		{ { 2026, 10, 25, 2, 30, 0 }, { 2026, 10, 25, 0, 30, 0 } },	/* twice: first */
		{ { 2026, 10, 25, 3, 0, 0 }, { 2026, 10, 25, 2, 0, 0 } },
		{ { 2015, 7, 1, 1, 59, 60 }, { 2015, 7, 1, 0, 0, 0 } },	/* leap second */
	};
	struct problem p;
	struct zone z;
	struct civil back;

	(void)state;
	if (access("/usr/share/zoneinfo", X_OK) != 0)
		skip();
	assert_int_equal(zone_open(&z, SLICE("Europe/Berlin"), &p), 0);
	for (size_t i = 0; i < COUNT(rows); i++)
		if (zone_to_utc(&z, &rows[i].local) != utc_of_civil(&rows[i].utc))
			fail_msg("row %zu: %lld", i, (long long)(zone_to_utc(&z, &rows[i].local) -
			    utc_of_civil(&rows[i].utc)));
	back = zone_from_utc(&z, utc_of_civil(&rows[1].utc));
	assert_true(back.day == 15 && back.hour == 12);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_utc), cmocka_unit_test(test_zone_fixed),
		cmocka_unit_test(test_zone_berlin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
