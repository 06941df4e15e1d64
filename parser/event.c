/* See event.h: the tokens of its enums. */
#include "parser/event.h"

#include <assert.h>

#define NAME_OF(table, i) (assert((size_t)(i) < sizeof(table) / sizeof((table)[0])), (table)[i])

const char *
event_type_name(enum event_type t)
{
	static const char *const name[EV_TYPES] = { "none", "connect", "disconnect",
		"rdns-mismatch", "no-rdns", "tls", "client", "pickup", "message-id", "queued",
		"received", "delivery", "bounce", "removed", "reject", "sasl-fail", "protocol",
		"dnsbl", "dnsbl-rank", "pass", "hangup", "verdict", "cwd", "repeat", "part" };

	return NAME_OF(name, t);
}

const char *
event_field_name(enum event_field f)
{
	static const char *const name[F_COUNT] = { "qid", "child_id", "orig_id", "client_name",
		"helo", "account", "sender", "rcpt", "message_id", "user", "proto", "relay",
		"relay_id", "reply", "zone", "code", "tests", "cwd", "service" };

	return NAME_OF(name, f);
}

const char *
reject_reason_name(unsigned reason)
{
	static const char *const name[REJECT_REASONS] = { "other", "dnsbl", "relay", "user", "helo",
		"no-rdns", "rdns-mismatch", "sender-domain", "greylist", "protocol",
		"login-mismatch", "content", "load" };

	return NAME_OF(name, reason);
}

const char *
reject_action_name(unsigned action)
{
	static const char *const name[] = { "refused", "deferred", "discarded", "held", "warned" };

	return NAME_OF(name, action);
}

const char *
reject_phase_name(unsigned phase)
{
	static const char *const name[] = { "connect", "envelope", "content" };

	return NAME_OF(name, phase);
}

const char *
protocol_sign_name(unsigned sign)
{
	static const char *const name[SIGN_COUNT] = { "pregreet", "pipelining", "bare-newline",
		"non-smtp", "hangup-early", "time-limit", "count-limit", "too-many-errors",
		"lost-connection", "timeout", "rate-limit", "bad-syntax" };

	return NAME_OF(name, sign);
}

const char *
delivery_status_name(unsigned status)
{
	static const char *const name[] = { "sent", "deferred", "bounced", "expired" };

	return NAME_OF(name, status);
}

const char *
delivery_agent_name(unsigned agent)
{
	static const char *const name[] = { "remote", "local", "filter", "none" };

	return NAME_OF(name, agent);
}

const char *
mta_name(enum mta mta)
{
	static const char *const name[MTA_COUNT] = { "none", "postfix", "exim", "spamassassin",
		"amavis", "rspamd", "mimedefang", "dovecot" };

	return NAME_OF(name, mta);
}
