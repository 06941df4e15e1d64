/*
 * Any bytes as the message of Exim, spamd or amavis: every field lies inside the message, the enums
 * are in range, and the same bytes give the same answer.
 */
#include "parser/daemons.h"
#include "tests/slack.h"

#define CHECK(what) do { if (!(what)) abort(); } while (0)

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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	parser *const parsers[] = { exim_line, spamd_line, amavis_line };
	struct header h = { .body = slack_copy((struct slice){ (const char *)data, size }, '0') };

	for (size_t i = 0; i < sizeof(parsers) / sizeof(parsers[0]); i++) {
		struct event ev = { 0 }, again = { 0 };
		enum line_kind kind;

		event_reset(&ev);
		kind = parsers[i](&h, &ev);
		CHECK(kind == LINE_RECOGNISED || kind == LINE_UNKNOWN);
		check_event(&ev, h.body);
		event_reset(&again);
		CHECK(parsers[i](&h, &again) == kind && again.has == ev.has &&
		    again.type == ev.type);
	}
	slack_free(h.body);
	return 0;
}
