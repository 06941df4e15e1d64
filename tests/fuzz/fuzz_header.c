/*
 * Any bytes as lines: the header's slices lie within the line, event_parse() keeps its contract,
 * and a second reader, fresh of caches, agrees on whatever does not depend on earlier lines.
 */
#include "parser/daemons.h"
#include "tests/slack.h"

#define CHECK(what) do { if (!(what)) abort(); } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_within(struct slice part, struct slice line)
{
	CHECK(part.n == 0 || (part.p >= line.p && slice_end(part) <= slice_end(line)));
}

static void
check_line(struct header_reader *r, struct names *names, const struct zone *zone, struct slice line)
{
	struct header_reader *fresh = header_open(names, zone, SLICE("mx"), 2026, 1790000000);
	struct header h = { 0 }, again = { 0 };
	struct event ev;
	enum line_kind kind = header_parse(r, line, &h), kind2 = header_parse(fresh, line, &again);

	CHECK(kind == LINE_RECOGNISED || kind == LINE_BAD);
	if (kind == LINE_RECOGNISED && kind2 == LINE_RECOGNISED &&
	    h.from->daemon != DAEMON_BORING) {
		CHECK(h.from->daemon == again.from->daemon && h.from->host == again.from->host);
		CHECK(slice_eq(h.from->program, again.from->program));
		CHECK(slice_eq(h.from->service, again.from->service));
		CHECK(slice_eq(h.body, again.body) && h.pid == again.pid);
	}
	if (kind == LINE_RECOGNISED) {
		check_within(h.body, line);
		event_parse(&h, &ev);
		CHECK(ev.ts == h.ts && ev.repeat > 0);
		for (int f = 0; f < F_COUNT; f++)
			if (event_has(&ev, (enum event_field)f) && f != F_SERVICE &&
			    !(f == F_CODE && slice_eq(ev.f[f], SLICE("error"))))
				check_within(ev.f[f], line);
	}
	kind = header_parse_inner(fresh, line, 1000, &h);
	CHECK(kind == LINE_RECOGNISED || kind == LINE_BAD);
	if (kind == LINE_RECOGNISED) {
		check_within(h.body, line);
		event_parse(&h, &ev);
	}
	header_close(fresh);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zone zone = { .fixed = true };
	struct names *names = names_open();
	struct header_reader *r = header_open(names, &zone, SLICE("mx"), 2026, 1790000000);
	struct slice rest = { (const char *)data, size };

	while (rest.n) {
		const char *end = slice_chr(rest, '\n');
		struct slice line = end ? slice_range(rest.p, end) : rest;
		struct slice copy = slack_copy(line, '0');

		check_line(r, names, &zone, copy);
		slack_free(copy);
		rest = slice_skip(rest, line.n + (end != NULL));
	}
	header_close(r);
	names_close(names);
	return 0;
}
