/*
 * Any bytes as lines with stamps: one that is known from the line before (stamp_take_known) is what
 * a reader without memory says; what is left of the line is its end. Only the year of a stamp
 * without one may hang on others.
 */
#include <stdlib.h>

#include "parser/stamp.h"
#include "tests/slack.h"

#define CHECK(what) do { if (!(what)) abort(); } while (0)

struct got {
	enum stamp_form form;
	struct slice rest;
	int64_t ts;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct got
read_stamp(struct stamp_reader *r, struct slice line)
{
	struct got g = { .rest = line };
	const char *p = stamp_take_known(r, line.p, &g.ts);

	if (p != NULL && p <= slice_end(line) && line.n >= STAMP_LINE) {
		g.form = r->last.form;
		g.rest = slice_range(p, slice_end(line));
		return g;
	}
	g.form = stamp_parse(r, &g.rest, &g.ts);
	return g;
}

/* "Nov  1 02:03:04", without a year. */
static bool
may_be_yearless(struct slice line)
{
	return line.n > 3 && line.p[0] > '9';
}

static void
check_line(struct stamp_reader *r, const struct zone *zone, struct slice line)
{
	struct stamp_reader fresh;
	struct got known, alone;
	struct slice own = line;
	int64_t ts;

	stamp_init(&fresh, zone, 2026, 1790000000);
	known = read_stamp(r, line);
	alone = read_stamp(&fresh, line);
	if (known.form != STAMP_NONE)
		CHECK(known.rest.p > line.p && slice_end(known.rest) == slice_end(line));
	if (!may_be_yearless(line)) {
		CHECK(known.form == alone.form);
		CHECK(known.form == STAMP_NONE || known.ts == alone.ts);
	}
	if (known.form != STAMP_NONE && alone.form != STAMP_NONE)
		CHECK(known.form == alone.form && known.rest.p == alone.rest.p);
	stamp_skip_exim(&own);
	CHECK(slice_end(own) == slice_end(line));
	if (stamp_rfc3339(slice_first(line, 40), &ts))
		CHECK(utc_is_stamp(ts + UTC_DAY) && utc_is_stamp(ts - UTC_DAY + 2 * UTC_DAY));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zone zone = { .fixed = true, .offset = size % 3 ? 3600 : 0 };
	struct slice rest = { (const char *)data, size };
	struct stamp_reader r;

	stamp_init(&r, &zone, 2026, 1790000000);
	while (rest.n) {
		const char *end = slice_chr(rest, '\n');
		struct slice line = end ? slice_range(rest.p, end) : rest;
		struct slice copy = slack_copy(line, '0');

		check_line(&r, &zone, copy);
		slack_free(copy);
		rest = slice_skip(rest, line.n + (end != NULL));
	}
	return 0;
}
