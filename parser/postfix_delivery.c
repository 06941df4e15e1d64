/*
 * Postfix delivery agents (smtp, relay, lmtp, local, virtual, pipe, error, retry, discard), 2.0 to
 * 3.12:
 *	QID: to=<R>[, orig_to=<O>], relay=HOST[A]:PORT|none|local|NAME|HOST[path][, conn_use=N],
 *	    delay=T[, delays=a/b/c/d][, tls=...][, dsn=X.Y.Z], status=WORD[ (reply)]
 *	QID: host HOST[A] said: ... and other news of a session, connect to ..., TLS lines: boring
 *
 * Read from the left: the remote server chooses the reply, which may look like all of this.
 */
#include "parser/postfix.h"

struct status_word {
	struct slice word;
	enum delivery_status status;
};

/* deliverable, undeliverable: address probes, no mail */
static const struct status_word statuses[] = {
	{ { "sent", 4 }, DELIVERY_SENT },
	{ { "deferred", 8 }, DELIVERY_DEFERRED },
	{ { "bounced", 7 }, DELIVERY_BOUNCED },
	{ { "expired", 7 }, DELIVERY_EXPIRED },
	{ { "SOFTBOUNCE", 10 }, DELIVERY_DEFERRED },
};

/* "<R>, " or, as mangled by other programs, "R, "; *s moves behind the comma and blank. */
static bool
take_recipient(struct slice *s, struct slice *rcpt_r)
{
	size_t comma;

	if (s->n && s->p[0] == '<') {
		if (!postfix_take_address(s, rcpt_r, ',', ','))
			return false;
	} else {
		comma = scan_byte(*s, ',');
		*rcpt_r = slice_first(*s, comma);
		*s = scan_rest(*s, comma);
	}
	return slice_take(s, SLICE(", "));
}

/* "host[address]:port", "host[path]", "none", "local"; the port is returned, 0 if none. */
static unsigned
set_relay(struct slice relay, struct event *ev)
{
	size_t open = scan_byte(relay, '['), close;
	uint64_t port;

	if (slice_eq(relay, SLICE("none")))
		return 0;
	if (open == relay.n || (close = scan_last(relay, ']')) == relay.n || close < open) {
		event_set(ev, F_RELAY, relay);
		return 0;
	}
	event_set(ev, F_RELAY, slice_first(relay, open++));
	ev->has_addr2 = addr_read_v4(relay.p + open, ']', &ev->addr2) == close + 1 - open ||
	    addr_parse(slice_range(relay.p + open, relay.p + close), &ev->addr2);
	if (close + 2 < relay.n && relay.p[close + 1] == ':' &&
	    scan_number(scan_rest(relay, close + 2), UINT16_MAX, &port))
		return (unsigned)port;
	return 0;
}

/* "... queued as 153053D)" */
static void
set_relay_id(struct slice reply, struct event *ev)
{
	static const struct slice key = { "queued as ", 10 };
	const char *at;
	struct slice id;
	size_t i = 0;

	if (scan_last(reply, 'q') == reply.n || (at = slice_rstr(reply, key)) == NULL)
		return;
	id = slice_range(at + key.n, slice_end(reply));
	while (
	    i < id.n && i < 64 && (unsigned char)id.p[i] > ' ' && id.p[i] != ')' && id.p[i] != ',')
		i++;
	if (i)
		event_set(ev, F_RELAY_ID, slice_first(id, i));
}

static enum delivery_agent
agent_of(enum daemon daemon, unsigned port, const struct event *ev)
{
	bool loopback = ev->has_addr2 && addr_is_loopback(&ev->addr2);

	if (daemon == DAEMON_LOCAL)
		return AGENT_LOCAL;
	if (daemon != DAEMON_SMTP && daemon != DAEMON_LMTP)
		return AGENT_NONE;
	if (loopback && ((port != 24 && port != 25) || event_has(ev, F_RELAY_ID)))
		return AGENT_FILTER;
	return daemon == DAEMON_LMTP || loopback ? AGENT_LOCAL : AGENT_REMOTE;
}

static void
set_reply(struct slice s, struct event *ev)
{
	static const struct slice at_data[] = { { "(in reply to end of DATA command)", 33 },
		{ "(in reply to DATA command)", 26 }, { "(in reply to BDAT command)", 26 } };

	if (!slice_take(&s, SLICE(" (")))
		return;
	if (s.n && s.p[s.n - 1] == ')')
		s.n--;
	event_set(ev, F_REPLY, s);
	for (size_t i = 0; i < sizeof(at_data) / sizeof(at_data[0]) &&
	    slice_ends(s, SLICE(" command)")); i++)
		if (slice_ends(s, at_data[i]))
			ev->flags |= EF_PHASE_DATA;
	if (ev->reason == DELIVERY_SENT)
		set_relay_id(s, ev);
}

static enum line_kind
parse_status(struct slice s, struct event *ev)
{
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (postfix_take(&s, statuses[i].word)) {
			if (s.n && s.p[0] != ' ')
				break;
			ev->type = EV_DELIVERY;
			ev->reason = (uint8_t)statuses[i].status;
			set_reply(s, ev);
			return LINE_RECOGNISED;
		}
	if (slice_starts(s, SLICE("deliverable")) || slice_starts(s, SLICE("undeliverable"))) {
		ev->has &= 1u << F_SERVICE;
		ev->has_addr2 = false;
		return LINE_RECOGNISED;
	}
	return LINE_UNKNOWN;
}

/* Behind "to=" */
static enum line_kind
parse_delivery(struct slice s, struct slice qid, enum daemon daemon, struct event *ev)
{
	struct slice rcpt, original;
	unsigned port = 0;
	enum line_kind kind;

	if (!take_recipient(&s, &rcpt))
		return LINE_UNKNOWN;
	event_set(ev, F_QID, qid);
	event_set(ev, F_RCPT, rcpt);
	for (;;) {
		size_t comma;

		if (slice_take(&s, SLICE("status=")))
			break;
		if (slice_take(&s, SLICE("orig_to="))) {
			if (!take_recipient(&s, &original))
				return LINE_UNKNOWN;
			continue;
		}
		comma = scan_byte(s, ',');
		if (comma + 1 >= s.n || s.p[comma + 1] != ' ')
			return LINE_UNKNOWN;
		if (slice_starts(s, SLICE("relay=")))
			port = set_relay(slice_range(s.p + 6, s.p + comma), ev);
		s = scan_rest(s, comma + 2);
	}
	kind = parse_status(s, ev);
	if (ev->type == EV_DELIVERY)
		ev->agent = (uint8_t)agent_of(daemon, port, ev);
	return kind;
}

enum line_kind
postfix_delivery(const struct header *h, struct event *ev)
{
	static const struct slice news[] = { { "host ", 5 }, { "Host ", 5 },
		{ "conversation with ", 18 }, { "lost connection with ", 21 },
		{ "enabling PIX ", 13 }, { "SASL authentication failed", 26 },
		{ "connect to ", 11 }, { "Cannot start TLS", 16 }, { "TLS is required", 15 },
		{ "breaking line", 13 }, { "Server certificate", 18 }, { "certificate ", 12 },
		{ "CA certificate", 14 }, { "Untrusted TLS ", 14 }, { "Trusted TLS ", 12 },
		{ "Anonymous TLS ", 14 }, { "Verified TLS ", 13 }, { "TLS connection ", 15 },
		{ "SSL_connect error", 17 }, { "setting up TLS", 14 },
		{ "initializing the client-side TLS", 32 }, { "using backwards-compatible", 26 },
		{ "uid=", 4 }, { "Peer ", 5 }, { "server ", 7 }, { "sender ", 7 },
		{ "numeric domain name", 19 }, { "subject_CN=", 11 }, { "dane ", 5 },
		{ "address ", 8 }, { "passing ", 8 }, { "EHLO ", 5 }, { "TLS ", 4 },
		{ "Used TLS for ", 13 }, { "SASL [CACHED] ", 14 } };
	struct slice s = h->body, qid;

	if (postfix_take_qid(&s, &qid) && slice_take(&s, SLICE("to="))) {
		if (slice_ends(h->from->program, SLICE("/pipe")))
			ev->flags |= EF_PIPE;
		return parse_delivery(s, qid, h->from->daemon, ev);
	}
	return POSTFIX_STARTS_ANY(s, news) || postfix_diagnostic(s) ? LINE_RECOGNISED
								    : LINE_UNKNOWN;
}
