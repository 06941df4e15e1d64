/* Any bytes as the body of each Postfix daemon: fields lie within it, enums within their range. */
#include <stdlib.h>

#include "parser/daemons.h"

#define CHECK(what) do { if (!(what)) abort(); } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_body(enum daemon daemon, struct slice body)
{
	struct origin from = { .daemon = daemon };
	struct header h = { .from = &from, .body = body };
	struct event ev;
	enum line_kind kind = event_parse(&h, &ev);

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
	char *copy = malloc(size ? size : 1);	/* its own block: reads behind it are seen */

	memcpy(copy, data, size);
	for (int d = DAEMON_SMTPD; d <= DAEMON_BOUNCE; d++)
		check_body((enum daemon)d, (struct slice){ copy, size });
	free(copy);
	return 0;
}
