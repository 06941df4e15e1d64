/*
 * Any bytes as the body of each Postfix daemon: fields lie within it, enums within their range, and
 * what stands behind it in memory counts for nothing.
 */
#include "parser/daemons.h"
#include "tests/slack.h"

#define CHECK(what) do { if (!(what)) abort(); } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_same(const struct event *a, struct slice body, const struct event *b, struct slice other)
{
	CHECK(a->type == b->type && a->has == b->has && a->flags == b->flags);
	CHECK(a->has_addr == b->has_addr && a->has_addr2 == b->has_addr2);
	CHECK(a->port == b->port && a->local_port == b->local_port && a->repeat == b->repeat);
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

static void
check_body(enum daemon daemon, struct slice body, struct slice other)
{
	struct origin from = { .daemon = daemon };
	struct header h = { .from = &from, .body = body };
	struct header h2 = { .from = &from, .body = other };
	struct event ev, ev2;
	enum line_kind kind = event_parse(&h, &ev);

	CHECK(event_parse(&h2, &ev2) == kind);
	if (kind == LINE_RECOGNISED)
		check_same(&ev, body, &ev2, other);
	CHECK(kind == LINE_RECOGNISED || kind == LINE_UNKNOWN);
	CHECK(kind == LINE_RECOGNISED || (ev.type == EV_NONE && ev.has == 0 && !ev.has_addr));
	CHECK(ev.mta == MTA_POSTFIX && ev.repeat > 0);
	event_type_name(ev.type);
	reject_action_name(ev.action);
	reject_phase_name(ev.phase);
	delivery_agent_name(ev.agent);
	if (ev.type == EV_REJECT)
		reject_reason_name(ev.reason);
	if (ev.type == EV_PROTOCOL)
		protocol_sign_name(ev.reason);
	if (ev.type == EV_DELIVERY)
		delivery_status_name(ev.reason);
	for (int f = 0; f < F_COUNT; f++) {
		struct slice s = event_get(&ev, (enum event_field)f);

		CHECK(s.n == 0 || (s.p >= body.p && slice_end(s) <= slice_end(body)));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice body = slack_copy((struct slice){ (const char *)data, size }, '1');
	struct slice other = slack_copy(body, ']');

	for (int d = DAEMON_SMTPD; d <= DAEMON_BOUNCE; d++)
		check_body((enum daemon)d, body, other);
	slack_free(body);
	slack_free(other);
	return 0;
}
