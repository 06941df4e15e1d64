/*
 * See stamp.h. The forms:
 *	Nov  1 02:03:04  Nov 1 02:03:04  Nov  1 02:03:04.123456
 *		RFC 3164, journald short-precise
 *	Nov  1 2026 02:03:04[.123]  2026 Nov  1 02:03:04[.123]
 *		templates of syslog daemons
 *	2026-11-01T02:03:04[.1-9 digits](Z|+01:00|+0100|+01|)
 *		RFC 3339, journald short-iso
 *	Sun 2026-11-01 02:03:04 (UTC|CET|+03)
 *		journald short-full, with-unit
 *	1793498584.123456
 *		journald short-unix
 *	2026-11-01 02:03:04[.123] [+0100 ]
 *		Exim
 *	Sun Nov  1 02:03:04 2026
 *		spamd -s FILE
 */
#include "parser/stamp.h"

enum {
	RFC3339_MINUTE = 17,	/* "2026-11-01T02:03:" */
	RFC3339_SECONDS = 19,	/* "2026-11-01T02:03:04" */
	HALF_YEAR = 180 * UTC_DAY,
	BAD = 100		/* of two(): no number */
};

static unsigned
two(const char *p)
{
	unsigned a = (unsigned char)p[0] - '0', b = (unsigned char)p[1] - '0';

	return a > 9 || b > 9 ? BAD : a * 10 + b;
}

/* "02:03:04" as seconds of the day, or -1. */
static int
seconds_of(const char *p)
{
	unsigned h = two(p), m = two(p + 3), s = two(p + 6);

	if (h > 23 || m > 59 || s > 60 || p[2] != ':' || p[5] != ':')
		return -1;
	return (int)(h * 3600 + m * 60 + s);
}

/* 1..12, or 0 */
static int
month_of(const char *p)
{
	static const char name[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12; i++)
		if (memcmp(name + i * 3, p, 3) == 0)
			return i + 1;
	return 0;
}

static int64_t
midnight(int year, int month, int day)
{
	return utc_of_civil(&(struct civil){ year, month, day, 0, 0, 0 });
}

static bool
date_valid(int year, int month, int day)
{
	return civil_valid(&(struct civil){ year, month, day, 0, 0, 0 });
}

/* Local time to UTC; the zone is asked once an hour of log time. */
static int64_t
to_utc(struct stamp_reader *r, int64_t local)
{
	int64_t hour;

	r->zone_assumed = r->local = true;
	if (r->zone.fixed)
		return local - r->zone.offset;
	hour = utc_floor(local, UTC_HOUR);
	if (hour != r->zone_hour) {
		struct civil c = utc_to_civil(hour);

		r->zone_utc = zone_to_utc(&r->zone, &c);
		r->zone_hour = hour;
	}
	return r->zone_utc + (local - hour);
}

/* No line is like the last one: the byte for its seconds is a 0, too. */
static void
forget(struct stamp_reader *r)
{
	r->last = (struct stamp_shape){ .fixed = 1 };
}

void
stamp_init(struct stamp_reader *r, const struct zone *zone, int first_year, int64_t now)
{
	*r = (struct stamp_reader){ .zone = *zone, .first_year = first_year, .now = now,
		.zone_hour = INT64_MIN };
	forget(r);
}

/* The newest year in which the stamp exists and lies no more than a day ahead. */
static int
year_of_first(const struct stamp_reader *r, int month, int day, int second)
{
	int year = utc_to_civil(r->now + 2 * UTC_DAY).year;

	for (int i = 0; i < 9; i++, year--)	/* 29 February: up to 8 years back */
		if (date_valid(year, month, day) &&
		    midnight(year, month, day) + second <= r->now + UTC_DAY)
			break;
	return year;
}

/*
 * The year of a day without one. Logs go forward: a large step back is New Year, and a large step
 * forward to the eve of the newest day is a late line of the old year.
 */
static bool
choose_year(struct stamp_reader *r, int month, int day, int second, int64_t *midnight_r)
{
	int year = r->year;
	int64_t at;

	if (year == 0) {
		year = r->first_year ? r->first_year : year_of_first(r, month, day, second);
		at = midnight(year, month, day);
	} else {
		at = midnight(year, month, day);
		if (at < r->day - HALF_YEAR) {
			int64_t next = midnight(year + 1, month, day);

			/* without --year no stamp may lie ahead: then the clock was set back */
			if (r->first_year || next + second <= r->now + UTC_DAY) {
				at = next;
				year++;
			}
		} else if (at > r->day + HALF_YEAR) {
			int64_t last_year = midnight(year - 1, month, day);

			if (last_year >= r->day - 2 * UTC_DAY && date_valid(year - 1, month, day)) {
				*midnight_r = last_year;
				return true;
			}
		}
	}
	if (!date_valid(year, month, day))
		return false;
	if (r->year == 0)
		r->oldest = year;
	r->year = year;
	r->day = *midnight_r = at;
	return true;
}

/* Past ".123456", if it is there, and one blank. */
static bool
skip_fraction(struct slice *s)
{
	if (s->n && s->p[0] == '.') {
		size_t i = 1;

		while (i < s->n && i <= 9 && (unsigned char)(s->p[i] - '0') <= 9)
			i++;
		if (i == 1)
			return false;
		*s = slice_skip(*s, i);
	}
	return true;
}

static bool
skip_blank(struct slice *s)
{
	if (s->n == 0 || s->p[0] != ' ')
		return false;
	*s = slice_skip(*s, 1);
	return true;
}

/* Four digits, or a number over 9999. */
static unsigned
four(const char *p)
{
	unsigned century = two(p), rest = two(p + 2);

	return century == BAD || rest == BAD ? BAD * BAD : century * 100 + rest;
}

/* The month's name and the day at p, of which 7 bytes are read: its length, or 0. */
static size_t
take_month_day(const char *p, int *month_r, unsigned *day_r)
{
	size_t at = p[4] == ' ' ? 5 : 4, n = (unsigned char)(p[at + 1] - '0') <= 9 ? 2 : 1;

	*month_r = month_of(p);
	*day_r = n == 2 ? two(p + at) : (unsigned char)p[at] - (unsigned)'0';
	return *month_r != 0 && p[3] == ' ' && *day_r <= 31 ? at + n : 0;
}

/* "02:03:04[.123] " of a day that is known with its year, at the start of *line. */
static enum stamp_form
take_time(struct stamp_reader *r, struct slice *line, int year, int month, unsigned day,
    int64_t *ts_r)
{
	int second = line->n > 8 ? seconds_of(line->p) : -1;

	if (second < 0 || !date_valid(year, month, (int)day))
		return STAMP_NONE;
	*ts_r = to_utc(r, midnight(year, month, (int)day) + second);
	*line = slice_skip(*line, 8);
	return skip_fraction(line) && skip_blank(line) ? STAMP_SYSLOG : STAMP_NONE;
}

static enum stamp_form
parse_rfc3164(struct stamp_reader *r, struct slice *line, int64_t *ts_r)
{
	const char *p = line->p;
	size_t day_at = p[4] == ' ' ? 5 : 4, time_at;
	unsigned day;
	int month, second;

	if (p[3] != ' ')
		return STAMP_NONE;
	time_at = day_at + ((unsigned char)(p[day_at + 1] - '0') <= 9 ? 3 : 2);
	if (line->n < time_at + 8 || p[time_at - 1] != ' ')
		return STAMP_NONE;
	second = seconds_of(p + time_at);
	if (second < 0) {
		unsigned year = four(p + time_at);

		if (year > 9999 || p[time_at + 4] != ' ' || !take_month_day(p, &month, &day))
			return STAMP_NONE;
		*line = slice_skip(*line, time_at + 5);
		return take_time(r, line, (int)year, month, day, ts_r);
	}
	if (r->rfc3164_day_n != time_at || memcmp(p, r->rfc3164, time_at) != 0) {
		r->rfc3164_day_n = 0;
		forget(r);	/* the year of its day may be another one now */
		if (!take_month_day(p, &month, &day) ||
		    !choose_year(r, month, (int)day, second, &r->rfc3164_day))
			return STAMP_NONE;
		r->rfc3164_day_n = (uint8_t)time_at;
	}
	memcpy(r->rfc3164, p, time_at);
	*ts_r = to_utc(r, r->rfc3164_day + second);
	*line = slice_skip(*line, time_at + 8);
	return skip_fraction(line) && skip_blank(line) ? STAMP_SYSLOG : STAMP_NONE;
}

/* "2026 Nov  1 02:03:04[.123] " */
static enum stamp_form
parse_year_first(struct stamp_reader *r, struct slice *line, int64_t *ts_r)
{
	unsigned year = four(line->p), day;
	int month;
	size_t n = take_month_day(line->p + 5, &month, &day);

	if (year > 9999 || n == 0 || line->p[5 + n] != ' ')
		return STAMP_NONE;
	*line = slice_skip(*line, n + 6);
	return take_time(r, line, (int)year, month, day, ts_r);
}

/* "1793498584.123456 ": seconds since 1970. */
static enum stamp_form
parse_unix(struct slice *line, int64_t *ts_r)
{
	enum { DIGITS_MAX = 11 };	/* the year 5138 */
	const char *dot = slice_chr(slice_first(*line, DIGITS_MAX + 1), '.');
	uint64_t seconds;

	if (dot == NULL || !slice_u64(slice_range(line->p, dot), UINT64_MAX, &seconds))
		return STAMP_NONE;
	*ts_r = (int64_t)seconds;
	*line = slice_range(dot, slice_end(*line));
	return skip_fraction(line) && skip_blank(line) ? STAMP_UNIX : STAMP_NONE;
}

/* The 19 bytes of date and time as if they were UTC. */
static bool
parse_iso(struct stamp_reader *r, const char *p, int64_t *local_r)
{
	unsigned century = two(p), year = two(p + 2), month = two(p + 5), day = two(p + 8);
	int second = seconds_of(p + 11);

	r->iso_set = false;
	if (second < 0 || (p[10] != 'T' && p[10] != ' ') || century == BAD || year == BAD ||
	    p[4] != '-' || p[7] != '-' ||
	    !date_valid((int)(century * 100 + year), (int)month, (int)day))
		return false;
	*local_r = midnight((int)(century * 100 + year), (int)month, (int)day) + second;
	r->iso_minute = *local_r - two(p + 17);
	memcpy(r->iso, p, RFC3339_MINUTE);
	r->iso_set = true;
	return true;
}

/* "Z", "+01:00", "+0100" or "+01" at the start of *s. */
static bool
take_offset(struct stamp_reader *r, struct slice *s)
{
	unsigned hours, minutes = 0;
	size_t n = 3;

	if (r->offset_n && s->n > r->offset_n && memcmp(s->p, r->offset, r->offset_n) == 0 &&
	    s->p[r->offset_n] == ' ') {
		*s = slice_skip(*s, r->offset_n);
		return true;
	}
	if (s->n && s->p[0] == 'Z') {
		r->offset_seconds = 0;
		n = 1;
	} else {
		if (s->n < 3 || (s->p[0] != '+' && s->p[0] != '-'))
			return false;
		hours = two(s->p + 1);
		if (s->n >= 6 && s->p[3] == ':')
			minutes = two(s->p + 4), n = 6;
		else if (s->n >= 5 && s->p[3] != ' ')
			minutes = two(s->p + 3), n = 5;
		if (hours > 23 || minutes > 59)
			return false;
		r->offset_seconds = (int)(hours * 3600 + minutes * 60);
		if (s->p[0] == '-')
			r->offset_seconds = -r->offset_seconds;
	}
	memcpy(r->offset, s->p, n);
	r->offset_n = (uint8_t)n;
	*s = slice_skip(*s, n);
	return true;
}

/*
 * "Sun 2026-11-01 02:03:04 CET ": the zone's name tells the two readings of an hour that occurs
 * twice apart.
 */
static enum stamp_form
parse_short_full(struct stamp_reader *r, struct slice *line, int64_t *ts_r)
{
	enum { DATE = 4, NAME = 24 };
	struct slice rest = slice_skip(*line, NAME), name;
	const char *blank = line->n > NAME ? slice_chr(slice_first(rest, 8), ' ') : NULL;
	int64_t local;

	if (blank == NULL || line->p[3] != ' ' || line->p[14] != ' ' || line->p[23] != ' ' ||
	    !parse_iso(r, line->p + DATE, &local))
		return STAMP_NONE;
	name = slice_range(rest.p, blank);
	if (slice_eq(name, SLICE("UTC")) || slice_eq(name, SLICE("GMT")))
		*ts_r = local;
	else if (take_offset(r, &rest))
		*ts_r = local - r->offset_seconds;
	else
		*ts_r = zone_named(&r->zone, to_utc(r, local), name);
	*line = slice_range(blank + 1, slice_end(*line));
	return rest.p == blank || rest.p == name.p ? STAMP_SYSLOG : STAMP_NONE;
}

static enum stamp_form
parse_digits(struct stamp_reader *r, struct slice *line, int64_t *ts_r)
{
	bool exim = line->p[10] == ' ';
	unsigned second = two(line->p + RFC3339_MINUTE);
	int64_t local = r->iso_minute + second;

	if (second > 60 || !r->iso_set || memcmp(line->p, r->iso, RFC3339_MINUTE) != 0) {
		if (!parse_iso(r, line->p, &local))
			return STAMP_NONE;
	}
	*line = slice_skip(*line, RFC3339_SECONDS);
	if (!skip_fraction(line))
		return STAMP_NONE;
	if (exim && !skip_blank(line))
		return STAMP_NONE;
	if (exim ? line->n && (line->p[0] == '+' || line->p[0] == '-') && line->n > 5 &&
	    line->p[5] == ' ' && take_offset(r, line) : take_offset(r, line)) {
		*ts_r = local - r->offset_seconds;
		return skip_blank(line) ? exim ? STAMP_EXIM : STAMP_SYSLOG : STAMP_NONE;
	}
	*ts_r = to_utc(r, local);
	return exim ? STAMP_EXIM : skip_blank(line) ? STAMP_SYSLOG : STAMP_NONE;
}

static enum stamp_form
parse_spamd(struct stamp_reader *r, struct slice *line, int64_t *ts_r)
{
	const char *p = line->p;
	unsigned year, day;
	int month, second;

	if (line->n < 25 || p[24] != ' ')
		return STAMP_NONE;
	year = two(p + 20) * 100 + two(p + 22);
	day = p[8] == ' ' ? (unsigned)(p[9] - '0') : two(p + 8);
	month = month_of(p + 4);
	second = seconds_of(p + 11);
	if (p[3] != ' ' || p[7] != ' ' || p[10] != ' ' || p[19] != ' ' || second < 0 ||
	    day > 31 || year > 9999 || !date_valid((int)year, month, (int)day))
		return STAMP_NONE;
	*ts_r = to_utc(r, midnight((int)year, month, (int)day) + second);
	*line = slice_skip(*line, 25);
	return STAMP_SPAMD;
}

/* *line was from p to rest: what the stamps of lines to come may share with this one. */
static void
remember(struct stamp_reader *r, const char *p, const char *rest, int64_t ts, enum stamp_form form)
{
	struct stamp_shape *k = &r->last;
	size_t n = (size_t)(rest - p), colons = 0, at = 0, to;

	while (colons < 2)
		colons += p[at++] == ':';
	if (n > sizeof(k->text) || p[at] > '5')		/* a leap second is of the next minute */
		return;
	for (to = at + 2; to < n && (p[to] == '.' || (unsigned char)(p[to] - '0') <= 9);)
		to++;
	memset(k->text, 0, sizeof(k->text));
	memcpy(k->text, p, n);
	k->n = (uint8_t)n;
	k->seconds_at = (uint8_t)at;
	k->fraction = to > at + 3 ? ((uint64_t)1 << to) - ((uint64_t)1 << (at + 3)) : 0;
	k->fixed = ~(k->fraction | (uint64_t)3 << at) & (((uint64_t)1 << n) - 1);
	k->minute = ts - (int)two(p + at);
	k->form = form;
	k->bare = form == STAMP_EXIM && to + 1 == n;
}

enum stamp_form
stamp_parse(struct stamp_reader *r, struct slice *line, int64_t *ts_r)
{
	const char *p = line->p;
	enum stamp_form form;

	if (line->n < STAMP_LINE)
		return STAMP_NONE;
	r->local = false;
	if ((unsigned char)(p[0] - '0') <= 9 && p[4] == '-')
		form = parse_digits(r, line, ts_r);
	else if ((unsigned char)(p[0] - '0') <= 9)
		form = p[4] == ' ' ? parse_year_first(r, line, ts_r) : parse_unix(line, ts_r);
	else if ((unsigned char)((p[4] | 0x20) - 'a') < 26)
		form = parse_spamd(r, line, ts_r);
	else if (p[8] == '-')
		form = parse_short_full(r, line, ts_r);
	else
		form = parse_rfc3164(r, line, ts_r);
	if (form == STAMP_UNIX)
		return STAMP_SYSLOG;
	if (form != STAMP_NONE)
		remember(r, p, line->p, *ts_r, form);
	return form;
}

bool
stamp_rfc3339(struct slice text, int64_t *ts_r)
{
	struct stamp_reader scratch = { .zone.fixed = true };
	char copy[48];
	struct slice rest = { copy, text.n + 1 };

	if (text.n + 1 < STAMP_LINE || text.n >= sizeof(copy) || text.p[10] != 'T' ||
	    (unsigned char)(text.p[0] - '0') > 9)
		return false;
	memcpy(copy, text.p, text.n);
	copy[text.n] = ' ';
	return parse_digits(&scratch, &rest, ts_r) == STAMP_SYSLOG && rest.n == 0 &&
	    !scratch.local;
}

void
stamp_skip_exim(struct slice *s)
{
	struct stamp_reader scratch = { .zone.fixed = true };
	struct slice rest = *s;
	int64_t ts;

	if (rest.n >= STAMP_LINE && (unsigned char)(rest.p[0] - '0') <= 9 && rest.p[4] == '-' &&
	    rest.p[10] == ' ' && parse_digits(&scratch, &rest, &ts) == STAMP_EXIM)
		*s = rest;
}
