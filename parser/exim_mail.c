/*
 * Exim's lines about a message that is in the queue (4.60 to 4.99):
 *
 *	ID <= sender H=host P=esmtpsa X=... A=plain:user S=123 id=mid T="subject" for rcpts
 *	ID <= <> R=ORIGID U=Debian-exim P=local S=123
 *	ID (= sender ...			fakereject: kept, but the client was told 550
 *	ID => rcpt <orig> F=<sender> R=router T=transport H=host [addr]:25 X=... C="250 OK id=X"
 *	ID -> >> *> as =>
 *	ID ** rcpt R=router T=transport H=host [addr]: SMTP error from remote mail server ...
 *	ID == rcpt R=router T=transport defer (-44): text
 *
 * Anchors: Exim writes the fields in this order, so a field counts only in its place. The sender
 * is the first word, quotes respected; H= is taken once, before P=; USER only without H=; A= only
 * between P= and S=, and only when P= says that the client logged in (SNI= and DN=, which the
 * client chooses, come between). id= is one word, quotes respected, because Exim logs only what
 * parses as an address. T= and all behind it is not looked at.
 */
#include "parser/exim_parts.h"

struct arrival {
	struct slice proto, account, user;
	bool host, size;
};

/* "plain:user:sender": the user; the authenticator's name when there is none. */
static struct slice
account_of(struct slice value)
{
	const char *colon = slice_chr(value, ':');
	struct slice id;

	if (colon == NULL)
		return value;
	id = slice_range(colon + 1, slice_end(value));
	colon = slice_chr(id, ':');
	if (colon != NULL)
		id = slice_range(id.p, colon);
	return id.n > 0 ? id : slice_first(value, (size_t)(id.p - 1 - value.p));
}

/* A field "K=value" with a key of one letter; s is at the value. */
static void
short_field(char key, struct slice *s, struct arrival *a, struct event *ev)
{
	struct slice value;
	uint64_t size;

	if (key == 'H' && !a->host && a->proto.p == NULL && exim_client(s, ev)) {
		a->host = true;
		return;
	}
	value = exim_word(s);
	if (key == 'P' && a->proto.p == NULL) {
		a->proto = value;
	} else if (key == 'U' && a->proto.p == NULL && a->user.p == NULL) {
		a->user = value;
	} else if (key == 'A') {
		a->account = value;
	} else if (key == 'R' && !a->host && a->user.p == NULL && a->proto.p == NULL) {
		event_set(ev, F_ORIG_ID, value);
		ev->flags |= EF_BOUNCE_MSG;
	} else if (key == 'S' && a->proto.p != NULL && slice_u64(value, UINT32_MAX, &size)) {
		ev->size = (uint32_t)size;
		a->size = true;
	}
}

/* Behind S=: only the message id is wanted. */
static void
arrival_tail(struct slice s, struct event *ev)
{
	while (slice_take(&s, SLICE(" "))) {
		if (slice_take(&s, SLICE("id="))) {
			event_set(ev, F_MESSAGE_ID, exim_word(&s));
			return;
		}
		if (slice_starts(s, SLICE("T=\"")) || slice_starts(s, SLICE("from <")) ||
		    slice_starts(s, SLICE("for ")))
			return;
		exim_word(&s);
	}
}

enum line_kind
exim_received(struct slice s, struct event *ev)
{
	struct arrival a = { 0 };
	struct slice sender = exim_word(&s);

	if (sender.n == 0)
		return LINE_UNKNOWN;
	ev->type = EV_RECEIVED;
	exim_sender(sender, ev);
	while (!a.size && slice_take(&s, SLICE(" "))) {
		if (s.n > 2 && s.p[1] == '=') {
			char key = s.p[0];

			s = slice_skip(s, 2);
			short_field(key, &s, &a, ev);
		} else {
			exim_word(&s);
		}
	}
	arrival_tail(s, ev);
	if (a.proto.n > 0) {
		event_set(ev, F_PROTO, a.proto);
		if (a.account.n > 0 && (slice_ends(a.proto, SLICE("a")) ||
		    slice_ends(a.proto, SLICE("asmtp"))))
			event_set(ev, F_ACCOUNT, account_of(a.account));
		if (a.user.n > 0 && !a.host && slice_starts(a.proto, SLICE("local")))
			event_set(ev, F_USER, a.user);
	}
	return LINE_RECOGNISED;
}

/* "250 OK id=1abcde-000001-2F", "250 2.0.0 Ok: queued as 4X1Y2Z" */
static void
relay_id(struct slice reply, struct event *ev)
{
	const char *p = slice_str(reply, SLICE("queued as "));
	struct slice id;
	size_t n;

	if (p != NULL)
		id = slice_range(p + 10, slice_end(reply));
	else if ((p = slice_str(reply, SLICE(" id="))) != NULL)
		id = slice_range(p + 4, slice_end(reply));
	else
		return;
	for (n = 0; n < id.n; n++)
		if (memchr(" ;,)(\\\"", id.p[n], 7) != NULL)
			break;
	if (n > 0)
		event_set(ev, F_RELAY_ID, slice_first(id, n));
}

/*
 * The recipient: "rcpt", "local <rcpt>", "/file <rcpt>", ":blackhole: <rcpt>", "|command with
 * blanks <rcpt>". What has no domain is a place on this host; then the address behind it counts.
 */
static bool
take_rcpt(struct slice *s, struct event *ev)
{
	struct slice place, orig;
	const char *p;

	if (s->n > 0 && s->p[0] == '|') {
		p = slice_str(*s, SLICE(" <"));
		place = p == NULL ? exim_word(s) : slice_range(s->p, p);
		if (p != NULL)
			*s = slice_range(p, slice_end(*s));
	} else {
		place = exim_word(s);
	}
	if (slice_ends(place, SLICE(":")) && slice_chr(place, '@') != NULL) {
		place.n--;
		*s = slice_range(slice_end(place), slice_end(*s));
	}
	if (place.n == 0)
		return false;
	struct slice rest = slice_skip(*s, 1);
	if (slice_starts(*s, SLICE(" <")) && exim_angle(&rest, &orig)) {
		*s = rest;
		if (place.p[0] == '|' || place.p[0] == '/' || slice_chr(place, '@') == NULL) {
			if (place.p[0] == ':')
				ev->agent = AGENT_NONE;
			place = orig;
		}
	}
	event_set(ev, F_RCPT, place);
	return true;
}

struct next_hop {
	struct slice transport;
	bool host;
};

static bool
take_relay(struct slice *s, struct event *ev)
{
	struct exim_host h;

	if (!exim_host(s, &h))
		return false;
	slice_take(s, SLICE("*"));
	if (h.has_addr) {
		ev->addr2 = h.addr;
		ev->has_addr2 = true;
	}
	if (h.name.n == 0)
		h.name = h.helo;
	if (h.name.n > 0)
		event_set(ev, F_RELAY, h.name);
	return true;
}

/* One field behind its blank; false at the last. A colon that ends it is left to the caller. */
static void
delivery_field(struct slice *s, struct next_hop *hop, struct event *ev)
{
	struct slice value, rest = slice_skip(*s, 2);

	if (slice_starts(*s, SLICE("H=")) && !hop->host && take_relay(&rest, ev)) {
		hop->host = true;
		*s = rest;
		return;
	}
	if (slice_starts(*s, SLICE("C=\"")) && exim_quoted(&rest, &value)) {
		event_set(ev, F_REPLY, value);
		*s = rest;
		return;
	}
	if ((slice_starts(*s, SLICE("F=<")) || slice_starts(*s, SLICE("P=<"))) &&
	    exim_angle(&rest, &value)) {
		*s = rest;
		return;
	}
	value = exim_word(s);
	if (value.n > 1 && slice_ends(value, SLICE(":"))) {
		value.n--;
		*s = slice_range(slice_end(value), slice_end(*s));
	}
	if (slice_take(&value, SLICE("T=")) && hop->transport.p == NULL)
		hop->transport = value;
}

/* Local unless a host or an SMTP transport says otherwise. */
static uint8_t
agent_of(const struct next_hop *hop, const struct event *ev)
{
	if (slice_str(hop->transport, SLICE("lmtp")) != NULL)
		return AGENT_LOCAL;
	if (hop->host)
		return ev->has_addr2 && addr_is_loopback(&ev->addr2) ? AGENT_FILTER : AGENT_REMOTE;
	if (hop->transport.n == 0 || slice_starts(hop->transport, SLICE("**")))
		return AGENT_NONE;
	return slice_str(hop->transport, SLICE("smtp")) != NULL ? AGENT_REMOTE : AGENT_LOCAL;
}

/* "SMTP error from remote mail server after end of data: host mx.example [192.0.2.7]: 550 no" */
static void
failure_text(struct slice text, struct next_hop *hop, struct event *ev)
{
	const char *p = slice_str(text, SLICE(": "));
	struct slice step = p == NULL ? text : slice_range(text.p, p), rest;

	event_set(ev, F_REPLY, text);
	if (slice_str(step, SLICE("end of data")) != NULL)
		ev->flags |= EF_PHASE_DATA;
	if (slice_eq(text, SLICE("retry timeout exceeded")))
		ev->reason = DELIVERY_EXPIRED;
	if (hop->host)
		return;
	rest = text;
	if (!slice_take(&rest, SLICE("host "))) {
		p = slice_str(text, SLICE(": host "));
		if (p == NULL)
			return;
		rest = slice_range(p + 7, slice_end(text));
	}
	hop->host = take_relay(&rest, ev);
}

enum line_kind
exim_delivery(struct slice s, enum delivery_status status, struct event *ev)
{
	struct next_hop hop = { 0 };

	ev->type = EV_DELIVERY;
	ev->reason = (uint8_t)status;
	if (!take_rcpt(&s, ev))
		return LINE_UNKNOWN;
	for (;;) {
		if (status != DELIVERY_SENT && (slice_take(&s, SLICE(": ")) ||
		    slice_take(&s, SLICE(" : ")))) {
			failure_text(s, &hop, ev);
			break;
		}
		if (!slice_take(&s, SLICE(" ")) && !slice_take(&s, SLICE(":")))
			break;
		delivery_field(&s, &hop, ev);
	}
	if (status == DELIVERY_SENT && event_has(ev, F_REPLY))
		relay_id(ev->f[F_REPLY], ev);
	ev->agent = agent_of(&hop, ev);
	if (!hop.host && hop.transport.n > 0)
		event_set(ev, F_RELAY, hop.transport);
	return LINE_RECOGNISED;
}
