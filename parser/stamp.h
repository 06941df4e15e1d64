/* stamp: the time at the start of a line. Private to header.c. */
#ifndef PARSER_STAMP_H
#define PARSER_STAMP_H

#include "base/slice.h"
#include "base/utc.h"
#include "base/wide_more.h"

enum { STAMP_LINE = 20 };	/* a shorter line has no stamp, host and program */

enum stamp_form {
	STAMP_NONE,		/* no valid stamp */
	STAMP_SYSLOG,		/* RFC 3164 or RFC 3339: host and program follow */
	STAMP_EXIM,		/* Exim's own: the message follows */
	STAMP_SPAMD,		/* spamd's own: "[pid] level: " follows */
	STAMP_UNIX,		/* stamp.c's: given out as STAMP_SYSLOG */
};

/*
 * The stamp of the line before: neighbouring lines nearly always share their minute, their form and
 * how many digits their fraction has. Then a stamp costs a compare and the number of its seconds.
 */
struct stamp_shape {
	char text[48];
	uint64_t fixed, fraction;	/* which bytes are to be the same, which any digits */
	int64_t minute;		/* when it began */
	uint8_t n, seconds_at;
	bool bare;		/* Exim's without an offset: one may follow all the same */
	enum stamp_form form;
};

struct stamp_reader {		/* by stamp_init() */
	struct stamp_shape last;
	struct zone zone;
	int64_t now;
	int first_year;		/* as given */
	int oldest, year;	/* of the first and last year-less stamp; 0 before the first */
	bool zone_assumed;
	bool local;		/* the last one that was parsed had no offset */
	int64_t day; /* local midnight of the newest year-less day: for the year's change */
	/* caches: the last day or minute of each kind, and what it stands for */
	char rfc3164[8], iso[20], offset[6];
	uint8_t rfc3164_day_n, offset_n;
	bool iso_set;
	int64_t rfc3164_day, iso_minute;
	int offset_seconds;
	int64_t zone_hour, zone_utc;	/* a local hour and when it began */
};

void stamp_init(struct stamp_reader *r, const struct zone *zone, int first_year, int64_t now);
/*
 * Most lines: behind a stamp of the form last.form at p, where WIDE_SLACK bytes can be read; the
 * caller sees to it that the line does not end within. NULL: it is for stamp_parse().
 */
static inline const char *
stamp_take_known(const struct stamp_reader *r, const char *p, int64_t *ts_r)
{
	const struct stamp_shape *k = &r->last;
	const char *at = p + k->seconds_at;
	/* two digits are 0..9 now, the first one must be 0..5 */
	unsigned seconds = ((unsigned char)at[0] | (unsigned)(unsigned char)at[1] << 8) ^ 0x3030;
	uint64_t odd = k->fixed & ~(uint64_t)wide_same(p, k->text);

	if (k->n > 16) {
		odd = k->fixed & ~(wide_same32(p, k->text) |
		    (uint64_t)wide_same(p + 32, k->text + 32) << 32);
		odd |= k->fraction & ~(wide_between(p, '0', '9') | wide_between(p + 16, '0', '9') <<
		    16 | (uint64_t)wide_between(p + 32, '0', '9') << 32);
		odd |= k->bare && (p[k->n] == '+' || p[k->n] == '-');
	}
	odd |= ((seconds + 0x767a) | seconds) & 0x8080;
	*ts_r = k->minute + (seconds & 0xff) * 10 + (seconds >> 8);
	return odd != 0 ? NULL : p + k->n;
}
/* Removes the stamp and the blank behind it from *line. */
enum stamp_form stamp_parse(struct stamp_reader *r, struct slice *line, int64_t *ts_r);
/* All of text: "2026-11-01T02:03:04.123456789Z". */
bool stamp_rfc3339(struct slice text, int64_t *ts_r);
/* Removes Exim's own stamp from *s when there is one (a repeated one, behind a syslog header). */
void stamp_skip_exim(struct slice *s);

#endif
