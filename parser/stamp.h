/* stamp: the time at the start of a line. Private to header.c. */
#ifndef PARSER_STAMP_H
#define PARSER_STAMP_H

#include "base/slice.h"
#include "base/utc.h"

enum stamp_form {
	STAMP_NONE,		/* no valid stamp */
	STAMP_SYSLOG,		/* RFC 3164 or RFC 3339: host and program follow */
	STAMP_EXIM,		/* Exim's own: the message follows */
	STAMP_SPAMD,		/* spamd's own: "[pid] level: " follows */
};

struct stamp_reader {		/* by stamp_init() */
	struct zone zone;
	int64_t now;
	int first_year;		/* as given */
	int oldest, year;	/* of the first and last year-less stamp; 0 before the first */
	bool zone_assumed;
	int64_t day; /* local midnight of the newest year-less day: for the year's change */
	/* caches: the last stamp of each kind, and what its minute or day stands for */
	char rfc3164[16], iso[20], spamd[24], offset[6];
	uint8_t rfc3164_day_n, offset_n;
	bool rfc3164_set, iso_set, spamd_set;
	int64_t rfc3164_minute, rfc3164_day, iso_minute, spamd_ts;
	int offset_seconds;
	int64_t zone_hour, zone_utc;	/* a local hour and when it began */
};

void stamp_init(struct stamp_reader *r, const struct zone *zone, int first_year, int64_t now);
/* Most lines: "Nov  1 02:03:04 " of the same minute as the line before; as stamp_parse(). */
static inline bool
stamp_same_minute(const struct stamp_reader *r, struct slice *line, int64_t *ts_r)
{
	const char *p = line->p;
	uint64_t a, b, old_a, old_b;	/* the 13 bytes of day and minute */
	unsigned tens, ones;

	if (!r->rfc3164_set || line->n < 20)
		return false;
	memcpy(&a, p, 8);
	memcpy(&b, p + 5, 8);
	memcpy(&old_a, r->rfc3164, 8);
	memcpy(&old_b, r->rfc3164 + 5, 8);
	tens = (unsigned char)p[13] - (unsigned)'0';
	ones = (unsigned char)p[14] - (unsigned)'0';
	if (((a ^ old_a) | (b ^ old_b)) != 0 || tens > 5 || ones > 9 || p[15] != ' ')
		return false;
	*ts_r = r->rfc3164_minute + tens * 10 + ones;
	*line = (struct slice){ p + 16, line->n - 16 };
	return true;
}
/* Removes the stamp and the blank behind it from *line. */
enum stamp_form stamp_parse(struct stamp_reader *r, struct slice *line, int64_t *ts_r);
/* Removes Exim's own stamp from *s when there is one (a repeated one, behind a syslog header). */
void stamp_skip_exim(struct slice *s);

#endif
