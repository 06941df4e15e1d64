/* See terms.h. */
#include "classify/terms.h"

#include <stddef.h>

const char *
verdict_name(unsigned verdict)
{
	static const char *const name[VERDICTS] = { "unattributed", "zombie", "misconfigured",
		"compromised" };

	return name[verdict];
}

const char *
stage_name(unsigned stage)
{
	static const char *const name[STAGES] = { "connect", "envelope", "content", "delivery" };

	return name[stage];
}

const char *
direction_name(unsigned direction)
{
	static const char *const name[DIRECTIONS] = { "inbound", "outbound", "relayed", "local" };

	return name[direction];
}

const char *
spam_by_name(unsigned bit_index)
{
	static const char *const name[BY_COUNT] = { "content", "dnsbl", "protocol", "reply",
		"relay", "behaviour", "policy" };

	return name[bit_index];
}

const char *
reason_name(unsigned reason)
{
	static const char *const name[REASONS] = { "none", "forwarder", "list", "esp", "snowshoe",
		"backscatter", "insufficient", "conflict" };

	return name[reason];
}

const char *
counter_name(unsigned counter)
{
	static const char *const name[COUNTERS] = { "recipients", "bounces", "deferrals",
		"spam_replies", "sasl_failures", "unknown_users", "foreign_senders", "spam_bounces",
		"messages", "spam", "ham", "attempts", "hours", "recipients_peak", "networks",
		"failing_networks", "senders", "helos", "domains", "bounce_percent", "ham_percent",
		"spam_percent", "unknown_percent", "relayed_domains", "submission_domains",
		"sender_domains", "spam_repliers", "spam_backed", "wide_networks",
		"strange_networks", "homes", "filtered", "filtered_percent", "reply_percent",
		"spam_domains" };

	return name[counter];
}

const char *
scope_name(unsigned scope)
{
	static const char *const name[] = { "message", "source", "habit" };

	return name[scope];
}

const char *
unit_name(unsigned unit)
{
	static const char *const name[UNITS] = { "client", "account", "script" };

	return name[unit];
}
