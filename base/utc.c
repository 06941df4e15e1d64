/* See utc.h. Civil dates by the days-from-civil algorithm with March-based years. */
#define _DEFAULT_SOURCE
#include "base/utc.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

bool
civil_valid(const struct civil *c)
{
	static const int days[13] = { 0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (c->year % 4 == 0 && c->year % 100 != 0) || c->year % 400 == 0;

	if (c->year < 1 || c->year > 9999 || c->month < 1 || c->month > 12 || c->day < 1)
		return false;
	if (c->day > days[c->month] + (c->month == 2 && leap))
		return false;
	return c->hour >= 0 && c->hour < 24 && c->minute >= 0 && c->minute < 60 && c->second >= 0 &&
	    c->second <= 60;
}

int64_t
utc_of_civil(const struct civil *c)
{
	int64_t y = c->year - (c->month <= 2), era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (c->month + (c->month > 2 ? -3 : 9)) + 2) / 5 + c->day - 1;
	int64_t days = era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;

	return days * UTC_DAY + c->hour * 3600 + c->minute * 60 + c->second;
}

struct civil
utc_to_civil(int64_t t)
{
	int64_t day = utc_floor(t, UTC_DAY), z = day / UTC_DAY + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
	struct civil c;

	c.day = (int)(doy - (153 * mp + 2) / 5 + 1);
	c.month = (int)(mp < 10 ? mp + 3 : mp - 9);
	c.year = (int)(yoe + era * 400 + (c.month <= 2));
	c.hour = (int)((t - day) / 3600);
	c.minute = (int)((t - day) / 60 % 60);
	c.second = (int)((t - day) % 60);
	return c;
}

size_t
utc_format(int64_t t, char text_r[UTC_TEXT])
{
	struct civil c = utc_to_civil(t);
	int n = snprintf(text_r, UTC_TEXT, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year, c.month, c.day,
	    c.hour, c.minute, c.second);

	return n < UTC_TEXT ? (size_t)n : UTC_TEXT - 1;
}

static bool
parse_offset(struct slice s, int *offset_r)
{
	int digits[4], n = 0;

	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] == ':' && i == 3)
			continue;
		if ((unsigned char)(s.p[i] - '0') > 9 || n == 4)
			return false;
		digits[n++] = s.p[i] - '0';
	}
	if (n != 4 || digits[2] > 5)
		return false;
	*offset_r = ((digits[0] * 10 + digits[1]) * 60 + digits[2] * 10 + digits[3]) * 60;
	if (*offset_r > 16 * 3600)
		return false;
	if (s.p[0] == '-')
		*offset_r = -*offset_r;
	return true;
}

static bool
zone_file_exists(struct slice name)
{
	char path[128];

	if (name.p[0] == '/' || name.p[0] == '.' || slice_str(name, SLICE("..")) != NULL)
		return false;
	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%.*s", SLICE_ARG(name));
	return access(path, R_OK) == 0;
}

int
zone_open(struct zone *z, struct slice name, struct problem *p)
{
	*z = (struct zone){ .fixed = true };
	if (name.n == 0) {
		*z = (struct zone){ .fixed = false };
		tzset();
		snprintf(z->name, sizeof(z->name), daylight ? "%.20s/%.20s" : "%.20s", tzname[0],
		    tzname[1]);
		return 0;
	}
	if (name.n >= sizeof(z->name) || slice_chr(name, '\0') != NULL)
		return problem_set(p, "unknown time zone");
	memcpy(z->name, name.p, name.n);
	if (slice_eq_nocase(name, SLICE("UTC")) || slice_eq(name, SLICE("Z")))
		return 0;
	if ((name.p[0] == '+' || name.p[0] == '-') && parse_offset(name, &z->offset))
		return 0;
	if (!zone_file_exists(name))
		return problem_set(
		    p, "unknown time zone: %s (an IANA name needs the package tzdata)", z->name);
	z->fixed = false;
	if (setenv("TZ", z->name, 1) != 0)
		die_nomem();
	tzset();
	return 0;
}

struct civil
zone_from_utc(const struct zone *z, int64_t t)
{
	time_t tt = (time_t)t;
	struct tm tm;

	if (z->fixed || localtime_r(&tt, &tm) == NULL)
		return utc_to_civil(t + z->offset);
	return (struct civil){ tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
		tm.tm_sec };
}

static int64_t
offset_at(const struct zone *z, int64_t t)
{
	struct civil c = zone_from_utc(z, t);

	return utc_of_civil(&c) - t;
}

/* Near a change of the clock: each reading of the civil time is tried. */
static int64_t
changing_to_utc(const struct civil *c)
{
	int leap = c->second > 59;	/* mktime() would carry it into the hour */
	struct tm tm = { .tm_year = c->year - 1900, .tm_mon = c->month - 1, .tm_mday = c->day,
		.tm_hour = c->hour, .tm_min = c->minute, .tm_sec = c->second - leap,
		.tm_isdst = 1 };
	struct tm twin = tm;
	time_t summer, winter;

	summer = mktime(&tm);
	twin.tm_isdst = 0;
	winter = mktime(&twin);
	/* mktime() obeys tm_isdst; whichever it left unchanged was in force */
	if (tm.tm_isdst == 1 && tm.tm_hour == c->hour)
		return summer + leap;
	return winter + leap;
}

/* mktime() looks through years for a summer time that the zone never had, so it is asked last. */
int64_t
zone_to_utc(const struct zone *z, const struct civil *c)
{
	int64_t local = utc_of_civil(c), before;

	if (z->fixed)
		return local - z->offset;
	before = offset_at(z, local - UTC_DAY);
	return before == offset_at(z, local + UTC_DAY) ? local - before : changing_to_utc(c);
}

static bool
is_named(int64_t t, struct slice name)
{
	time_t tt = (time_t)t;
	struct tm tm;

	return localtime_r(&tt, &tm) != NULL && slice_eq(slice_of(tm.tm_zone), name);
}

int64_t
zone_named(const struct zone *z, int64_t t, struct slice name)
{
	return !z->fixed && !is_named(t, name) && is_named(t + UTC_HOUR, name) ? t + UTC_HOUR : t;
}
