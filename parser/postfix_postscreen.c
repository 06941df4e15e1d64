/*
 * Postfix postscreen and dnsblog, 2.8 to 3.12. CLIENT is [address]:port.
 *	CONNECT from CLIENT to [address]:port
 *	PASS NEW|OLD CLIENT
 *	DNSBL rank N for CLIENT
 *	PREGREET N after T from CLIENT: bytes
 *	HANGUP after T from CLIENT in tests before|after SMTP handshake
 *	DISCONNECT CLIENT
 *	DATA without valid RCPT from CLIENT
 *	COMMAND TIME|COUNT|LENGTH LIMIT from CLIENT after VERB
 *	COMMAND PIPELINING|NON-SMTP COMMAND|BARE NEWLINE from CLIENT after VERB[: bytes]
 *	NOQUEUE: reject: ...					see postfix_reject.c
 *	ALLOWLISTED|DENYLISTED|WHITELISTED|BLACKLISTED CLIENT, ALLOWLIST VETO CLIENT
 *	cache NAME full cleanup: ...
 * dnsblog:
 *	addr ADDRESS listed by domain ZONE[ as CODE]
 *
 * More than half of the lines of a mail exchanger: one switch on the first byte, then a compare.
 */
#include "parser/postfix.h"

static enum line_kind
sign_event(struct slice s, enum protocol_sign sign, struct event *ev)
{
	if (!slice_take(&s, SLICE(" from ")))
		return LINE_UNKNOWN;
	ev->reason = (uint8_t)sign;
	return postfix_client_event(s, EV_PROTOCOL, ev);
}

/* "LIMIT ..." behind "COMMAND " */
static __attribute__((noinline)) enum line_kind
parse_command(struct slice s, struct event *ev)
{
	if (slice_take(&s, SLICE("PIPELINING")))
		return sign_event(s, SIGN_PIPELINING, ev);
	if (slice_take(&s, SLICE("TIME LIMIT")))
		return sign_event(s, SIGN_TIME_LIMIT, ev);
	if (slice_take(&s, SLICE("COUNT LIMIT")) || slice_take(&s, SLICE("LENGTH LIMIT")))
		return sign_event(s, SIGN_COUNT_LIMIT, ev);
	return LINE_UNKNOWN;
}

/* " after 0.12 from CLIENT..."; *s moves to CLIENT. */
static bool
take_after(struct slice *s)
{
	if (!slice_take(s, SLICE(" after ")))
		return false;
	*s = slice_skip(*s, postfix_decimal(*s, 16));
	return slice_take(s, SLICE(" from "));
}

static __attribute__((noinline)) enum line_kind
parse_pregreet(struct slice s, struct event *ev)
{
	size_t i = 0;

	while (i < s.n && i < 10 && (unsigned char)(s.p[i] - '0') <= 9)
		i++;
	s = slice_skip(s, i);
	ev->reason = SIGN_PREGREET;
	return take_after(&s) ? postfix_client_event(s, EV_PROTOCOL, ev) : LINE_UNKNOWN;
}

static __attribute__((noinline)) enum line_kind
parse_hangup(struct slice s, struct event *ev)
{
	if (!take_after(&s) || (s = postfix_client(s, ev)).p == NULL)
		return LINE_UNKNOWN;
	ev->type = EV_HANGUP;
	if (slice_starts(s, SLICE(" in tests before SMTP handshake"))) {
		ev->type = EV_PROTOCOL;
		ev->reason = SIGN_HANGUP_EARLY;
	}
	return LINE_RECOGNISED;
}

static __attribute__((noinline)) enum line_kind
parse_rank(struct slice s, struct event *ev)
{
	uint32_t rank = 0;
	size_t i = 0;

	for (; i < s.n && i < 9 && (unsigned char)(s.p[i] - '0') <= 9; i++)
		rank = rank * 10 + (uint32_t)(s.p[i] - '0');
	s = slice_skip(s, i);
	if (i == 0 || !slice_take(&s, SLICE(" for ")))
		return LINE_UNKNOWN;
	ev->number = rank;
	return postfix_client_event(s, EV_DNSBL_RANK, ev);
}

static __attribute__((noinline)) enum line_kind
parse_other(struct slice s, struct event *ev)
{
	static const struct slice boring[] = { { "ALLOWLIST", 9 }, { "DENYLISTED ", 11 },
		{ "WHITELIST", 9 }, { "BLACKLISTED ", 12 }, { "cache ", 6 }, { "reject: ", 8 },
		{ "closing ", 8 }, { "entering ", 9 }, { "leaving ", 8 }, { "using ", 6 } };

	if (slice_take(&s, SLICE("NON-SMTP COMMAND")))
		return sign_event(s, SIGN_NON_SMTP, ev);
	if (slice_take(&s, SLICE("BARE NEWLINE")))
		return sign_event(s, SIGN_BARE_NEWLINE, ev);
	return POSTFIX_STARTS_ANY(s, boring) || postfix_diagnostic(s) ? LINE_RECOGNISED
								      : LINE_UNKNOWN;
}

enum line_kind
postfix_postscreen(const struct header *h, struct event *ev)
{
	struct slice s = h->body;

	switch (s.n ? s.p[0] : '\0') {
	case 'C':
		if (slice_starts(s, SLICE("CONNECT from [")))
			return LINE_RECOGNISED;
		if (slice_take(&s, SLICE("COMMAND ")))
			return parse_command(s, ev);
		break;
	case 'D':
		if (slice_take(&s, SLICE("DNSBL rank ")))
			return parse_rank(s, ev);
		if (slice_take(&s, SLICE("DISCONNECT ")))
			return postfix_client_event(s, EV_HANGUP, ev);
		if (slice_starts(s, SLICE("DATA without valid RCPT from [")))
			return LINE_RECOGNISED;
		break;
	case 'H':
		if (slice_take(&s, SLICE("HANGUP")))
			return parse_hangup(s, ev);
		break;
	case 'N':
		if (slice_take(&s, SLICE("NOQUEUE: ")))
			return postfix_refusal(s, SLICE_NONE, ev);
		break;
	case 'P':
		if (slice_take(&s, SLICE("PASS OLD ")))
			return postfix_client_event(s, EV_PASS, ev);
		if (slice_take(&s, SLICE("PASS NEW "))) {
			ev->flags |= EF_NEW;
			return postfix_client_event(s, EV_PASS, ev);
		}
		if (slice_take(&s, SLICE("PREGREET ")))
			return parse_pregreet(s, ev);
		break;
	}
	return parse_other(s, ev);
}

enum line_kind
postfix_dnsblog(const struct header *h, struct event *ev)
{
	struct slice s = h->body, zone;

	if (!slice_take(&s, SLICE("addr ")))
		return postfix_diagnostic(s) ? LINE_RECOGNISED : LINE_UNKNOWN;
	s = postfix_addr(s, ' ', &ev->addr);
	if (s.p == NULL || !slice_take(&s, SLICE("listed by domain ")))
		return LINE_UNKNOWN;
	zone = slice_first(s, scan_byte(s, ' '));
	if (zone.n == 0)
		return LINE_UNKNOWN;
	ev->has_addr = true;
	ev->type = EV_DNSBL;
	event_set(ev, F_ZONE, zone);
	s = (struct slice){ s.p + zone.n, s.n - zone.n };
	if (slice_take(&s, SLICE(" as ")) && s.n)
		event_set(ev, F_CODE, s);
	return LINE_RECOGNISED;
}
