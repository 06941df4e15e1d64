/*
 * Any bytes as the message of Exim, spamd or amavis: every field lies inside the message, the enums
 * are in range, and what stands behind the message in memory counts for nothing.
 */
#include "parser/daemons.h"
#include "tests/slack.h"

#define CHECK(what) do { if (!(what)) abort(); } while (0)

enum { STAMP = 20 };

typedef enum line_kind parser(const struct header *h, struct event *ev);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_event(const struct event *ev, struct slice body)
{
	CHECK(ev->type < EV_TYPES);
	for (int f = 0; f < F_COUNT; f++) {
		struct slice s = event_get(ev, (enum event_field)f);

		if (event_has(ev, (enum event_field)f))
			CHECK(s.p >= body.p && s.n <= body.n && slice_end(s) <= slice_end(body));
	}
	if (ev->type == EV_REJECT)
		CHECK(reject_reason_name(ev->reason) && reject_action_name(ev->action) &&
		    reject_phase_name(ev->phase));
	if (ev->type == EV_PROTOCOL)
		CHECK(protocol_sign_name(ev->reason));
	if (ev->type == EV_DELIVERY)
		CHECK(delivery_status_name(ev->reason) && delivery_agent_name(ev->agent));
}

static void
check_same(const struct event *a, struct slice body, const struct event *b, struct slice other)
{
	CHECK(a->type == b->type && a->has == b->has && a->flags == b->flags);
	CHECK(a->has_addr == b->has_addr && a->has_addr2 == b->has_addr2);
	CHECK(a->port == b->port && a->local_port == b->local_port && a->score == b->score);
	CHECK(a->reason == b->reason && a->action == b->action && a->phase == b->phase);
	CHECK(a->agent == b->agent && a->number == b->number && a->size == b->size);
	CHECK(!a->has_addr || memcmp(&a->addr, &b->addr, sizeof(a->addr)) == 0);
	CHECK(!a->has_addr2 || memcmp(&a->addr2, &b->addr2, sizeof(a->addr2)) == 0);
	for (int f = 0; f < F_COUNT; f++) {
		struct slice s = event_get(a, (enum event_field)f);
		struct slice t = event_get(b, (enum event_field)f);

		CHECK(s.n == t.n && (s.n == 0 || s.p - body.p == t.p - other.p));
	}
}

static enum line_kind
parse(parser *p, struct slice body, struct event *ev)
{
	struct header h = { .body = body };
	enum line_kind kind;

	event_reset(ev);
	kind = p(&h, ev);
	CHECK(kind == LINE_RECOGNISED || kind == LINE_UNKNOWN);
	check_event(ev, body);
	return kind;
}

/* The message behind a stamp, as it is in a log. */
static struct slice
in_log(const uint8_t *data, size_t size, char fill)
{
	char *text = malloc(STAMP + size);
	struct slice copy;

	CHECK(text != NULL);
	memcpy(text, "2026-11-01 02:03:04 ", STAMP);
	if (size)
		memcpy(text + STAMP, data, size);
	copy = slack_copy((struct slice){ text, STAMP + size }, fill);
	free(text);
	return copy;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	parser *const parsers[] = { exim_line, spamd_line, amavis_line };
	struct slice line = in_log(data, size, '1'), other = in_log(data, size, ']');
	struct slice body = { line.p + STAMP, size }, body2 = { other.p + STAMP, size };

	for (size_t i = 0; i < sizeof(parsers) / sizeof(parsers[0]); i++) {
		struct event ev = { 0 }, ev2 = { 0 };
		enum line_kind kind = parse(parsers[i], body, &ev);

		CHECK(parse(parsers[i], body2, &ev2) == kind);
		if (kind == LINE_RECOGNISED)
			check_same(&ev, body, &ev2, body2);
	}
	slack_free(line);
	slack_free(other);
	return 0;
}
