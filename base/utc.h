/*
 * utc: time as seconds since 1970-01-01T00:00:00Z, without leap seconds. No module here or above
 * asks the clock; cli/ passes "now" down.
 */
#ifndef BASE_UTC_H
#define BASE_UTC_H

#include "base/problem.h"
#include "base/slice.h"

struct civil {
	int year, month, day;		/* 1..12, 1..31 */
	int hour, minute, second;	/* second may be 60 */
};

struct zone {			/* from zone_open(); fixed with offset 0 is UTC */
	char name[64];
	bool fixed;
	int offset;		/* seconds east of UTC, when fixed */
};

enum { UTC_TEXT = 32, UTC_HOUR = 3600, UTC_DAY = 86400 };

bool civil_valid(const struct civil *c);
int64_t utc_of_civil(const struct civil *c);		/* the fields taken as UTC */
struct civil utc_to_civil(int64_t t);
/* Inline, for a constant unit is divided by with a multiplication. */
static inline int64_t
utc_floor(int64_t t, int64_t unit)
{
	int64_t rest = t % unit;

	return t - rest - (rest < 0 ? unit : 0);
}
/* Of the years 1 to 9999, as stamps have them. */
static inline bool
utc_is_stamp(int64_t ts)
{
	return ts >= -62135596800 && ts <= 253402300799;
}

/* In 32 bits: what is not within 1970 to 2106 is no log's time, and becomes the nearest that is. */
static inline uint32_t
utc_stamp(int64_t ts)
{
	return ts < 0 ? 0 : ts > UINT32_MAX ? UINT32_MAX : (uint32_t)ts;
}
/* "2026-11-20T07:12:00Z" */
size_t utc_format(int64_t t, char text_r[UTC_TEXT]);

/*
 * An IANA name, "UTC", "+HH:MM", "-HHMM", or "" for the machine's own. An unknown name is -1.
 * IANA zones use the C library's TZ, which is one for the process: open one zone, once, at start.
 */
int zone_open(struct zone *z, struct slice name, struct problem *p);
/*
 * Local time to UTC. In the hour that occurs twice the first (summer) is taken; times in the
 * hour that is left out are moved forward.
 */
int64_t zone_to_utc(const struct zone *z, const struct civil *local);
/* A time of zone_to_utc(), moved by an hour when only then the zone has that name ("CET"). */
int64_t zone_named(const struct zone *z, int64_t t, struct slice name);
struct civil zone_from_utc(const struct zone *z, int64_t t);

#endif
