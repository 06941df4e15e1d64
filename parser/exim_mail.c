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
#include "parser/exim_host_words.h"

struct arrival {
	struct slice proto, account, user;
	bool host;
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

/* "4711" */
static inline bool
take_size(struct slice value, struct event *ev)
{
	uint64_t size;

	if (value.n <= 8 && value.n > 0) {
		uint64_t v = swar_load(value.p);

		if (swar_not_digit(v) << (64 - 8 * value.n) != 0)
			return false;
		ev->size = swar_number(v, value.n);
		return true;
	}
	if (!slice_u64(value, UINT32_MAX, &size))
		return false;
	ev->size = (uint32_t)size;
	return true;
}

/* Behind S=: only the message id is wanted. */
static inline void
arrival_tail(struct exim_words *w, const char *p, struct event *ev)
{
	while (p < w->end && *p == ' ') {
		p++;
		if (exim_at(p, w->end, SLICE("id="))) {
			p += 3;
			event_set(ev, F_MESSAGE_ID, slice_range(p, exim_words_word(w, p)));
			return;
		}
		if (exim_at(p, w->end, SLICE("T=\"")) || exim_at(p, w->end, SLICE("from <")) ||
		    exim_at(p, w->end, SLICE("for ")))
			return;
		p = exim_words_word(w, p);
	}
}

/*
 * Fields "K=value" with a key of one letter, each behind a blank, up to S=; where they end. (A key
 * that is a blank or a quote is the next word's end itself, and means nothing.)
 */
static inline const char *
arrival_fields(struct exim_words *w, const char *p, struct arrival *a, struct event *ev)
{
	const char *q;
	struct slice value;

	for (; w->end - p > 3 && *p == ' '; p = q) {
		char key = p[2] == '=' ? p[1] : '\0';

		p += key ? 3 : 1;
		if (key == 'H' && !a->host && a->proto.p == NULL && (q =
		    exim_words_client(w, exim_past(p, w->end, SLICE("H=")), ev)) != NULL) {
			a->host = true;
			continue;
		}
		q = exim_words_word(w, p);
		value = slice_range(p, q);
		if (key == 'A') {
			a->account = value;
		} else if (a->proto.p != NULL) {
			if (key == 'S' && (take_size(value, ev) ||
			    !exim_at(q, w->end, SLICE(" S="))))
				return q;
		} else if (key == 'P') {
			a->proto = value;
		} else if (key == 'U' && a->user.p == NULL) {
			a->user = value;
		} else if (key == 'R' && a->user.p == NULL && !a->host) {
			event_set(ev, F_ORIG_ID, value);
			ev->flags |= EF_BOUNCE_MSG;
		}
	}
	return p;
}

enum line_kind
exim_received(const char *p, const char *end, struct event *ev)
{
	struct arrival a = { 0 };
	struct exim_words w = exim_words(p, end);
	const char *q = exim_words_word(&w, p);

	if (q == p)
		return LINE_UNKNOWN;
	ev->type = EV_RECEIVED;
	exim_sender(slice_range(p, q), ev);
	q = arrival_fields(&w, q, &a, ev);
	arrival_tail(&w, q, ev);
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

/* 1: ends an id in a reply. */
static const bool id_end[256] = {
	[' '] = 1, [';'] = 1, [','] = 1, [')'] = 1, ['('] = 1, ['\\'] = 1, ['"'] = 1,
};

/* "250 2.0.0 Ok: queued as 4X1Y2Z", else "250 OK id=1abcde-000001-2F" */
static inline void
relay_id(struct slice reply, struct event *ev)
{
	const char *p = reply.p, *end = slice_end(reply), *id = NULL;

	for (; (p = exim_either(p, end, 'q', '=')) < end; p++)
		if (exim_at(p, end, SLICE("queued as "))) {
			id = p + 10;
			break;
		} else if (id == NULL && p - reply.p >= 3 && memcmp(p - 3, " id=", 4) == 0) {
			id = p + 1;
		}
	if (id == NULL)
		return;
	for (p = id + scan_other(slice_range(id, end)); p < end && !id_end[(unsigned char)*p]; p++)
		continue;
	if (p > id)
		event_set(ev, F_RELAY_ID, slice_range(id, p));
}

/*
 * The recipient: "rcpt", "local <rcpt>", "/file <rcpt>", ":blackhole: <rcpt>", "|command with
 * blanks <rcpt>". What has no domain is a place on this host; then the address behind it counts.
 */
static inline const char *
take_rcpt(struct exim_words *w, const char *p, struct event *ev)
{
	struct slice place, orig;
	const char *q = NULL;

	if (*p == '|' && p < w->end && (q = exim_find(p, w->end, SLICE(" <"))) != NULL)
		exim_words_behind(w, q);
	if (q == NULL)
		q = exim_words_word(w, p);
	if (q > p && q[-1] == ':' && memchr(p, '@', (size_t)(q - p)) != NULL)
		exim_words_behind(w, --q);
	if (q == p)
		return NULL;
	place = slice_range(p, q);
	if (exim_at(q, w->end, SLICE(" <")) && (p = exim_words_angle(w, q + 1, &orig)) != NULL) {
		q = p;
		if (place.p[0] == '|' || place.p[0] == '/' || slice_chr(place, '@') == NULL) {
			if (place.p[0] == ':')
				ev->agent = AGENT_NONE;
			place = orig;
		}
	}
	event_set(ev, F_RCPT, place);
	return q;
}

struct next_hop {
	struct slice transport;
	bool host;
};

static inline void
set_relay(const struct exim_host *h, struct event *ev)
{
	struct slice name = h->name.n > 0 ? h->name : h->helo;

	if (h->has_addr) {
		exim_copy_addr(&ev->addr2, &h->addr);
		ev->has_addr2 = true;
	}
	if (name.n > 0)
		event_set(ev, F_RELAY, name);
}

/* A field with a value of a form of its own, "K=..." at p; where it ends. NULL: a plain word. */
static inline const char *
special_field(struct exim_words *w, const char *p, struct next_hop *hop, struct event *ev)
{
	struct exim_host h;
	struct slice value;
	const char *q;

	switch (*p) {
	case 'H':
		if (hop->host || (q = exim_words_host(w, p + 2, &h)) == NULL)
			return NULL;
		hop->host = true;
		set_relay(&h, ev);
		if (exim_at(q, w->end, SLICE("*")))
			exim_words_behind(w, ++q);
		return q;
	case 'C':
		if ((q = exim_quoted(p + 2, w->end, &value)) == NULL)
			return NULL;
		event_set(ev, F_REPLY, value);
		exim_words_behind(w, q);
		return q;
	case 'F':
	case 'P':
		return exim_words_angle(w, p + 2, &value);
	}
	return NULL;
}

enum { NAMES_SMTP = 1, NAMES_LMTP = 2 };

/* Which of the two a transport's name holds. */
static inline unsigned
protocols_of(struct slice transport)
{
	enum { PLACES = 14 };	/* of 16 bytes those at which three are known */
	unsigned found = 0;
	uint64_t hit;
	size_t i, at;

	for (i = 0; i < transport.n; i += PLACES) {
		const char *p = transport.p + i;

		hit = wide_equal(p, 'm') & wide_equal(p, 't') >> 1 & wide_equal(p, 'p') >> 2;
		for (; hit != 0; hit &= hit - 1) {
			at = i + (size_t)__builtin_ctzll(hit);
			if (at == 0 || at + 3 > transport.n)
				continue;
			found |= transport.p[at - 1] == 's' ? NAMES_SMTP : 0u;
			found |= transport.p[at - 1] == 'l' ? NAMES_LMTP : 0u;
		}
	}
	return found;
}

/* Local unless a host or an SMTP transport says otherwise. */
static inline uint8_t
agent_of(const struct next_hop *hop, const struct event *ev)
{
	unsigned protocols = protocols_of(hop->transport);

	if (protocols & NAMES_LMTP)
		return AGENT_LOCAL;
	if (hop->host)
		return ev->has_addr2 && addr_is_loopback(&ev->addr2) ? AGENT_FILTER : AGENT_REMOTE;
	if (hop->transport.n == 0 || slice_starts(hop->transport, SLICE("**")))
		return AGENT_NONE;
	return protocols & NAMES_SMTP ? AGENT_REMOTE : AGENT_LOCAL;
}

/* "SMTP error from remote mail server after end of data: host mx.example [192.0.2.7]: 550 no" */
static __attribute__((noinline)) void
failure_text(const char *p, const char *end, struct next_hop *hop, struct event *ev)
{
	const char *step = exim_find(p, end, SLICE(": "));
	struct exim_host h;

	event_set(ev, F_REPLY, slice_range(p, end));
	if (exim_find(p, step != NULL ? step : end, SLICE("end of data")) != NULL)
		ev->flags |= EF_PHASE_DATA;
	if (slice_eq(slice_range(p, end), SLICE("retry timeout exceeded")))
		ev->reason = DELIVERY_EXPIRED;
	if (hop->host)
		return;
	if (exim_at(p, end, SLICE("host ")))
		p += 5;
	else if ((p = exim_find(p, end, SLICE(": host "))) != NULL)
		p += 7;
	else
		return;
	hop->host = exim_host(p, end, &h) != NULL;
	if (hop->host)
		set_relay(&h, ev);
}

enum line_kind
exim_delivery(const char *p, const char *end, enum delivery_status status, struct event *ev)
{
	struct next_hop hop = { 0 };
	struct exim_words w = exim_words(p, end);
	const char *q;

	ev->type = EV_DELIVERY;
	ev->reason = (uint8_t)status;
	q = take_rcpt(&w, p, ev);
	if (q == NULL)
		return LINE_UNKNOWN;
	while (q < end && (*q == ' ' || *q == ':')) {
		bool field = q[2] == '=' && end - q > 2;

		if (status != DELIVERY_SENT &&
		    (exim_at(q, end, SLICE(": ")) || exim_at(q, end, SLICE(" : ")))) {
			failure_text(q + (*q == ':' ? 2 : 3), end, &hop, ev);
			break;
		}
		p = q + 1;
		if (field && (q = special_field(&w, p, &hop, ev)) != NULL)
			continue;
		q = exim_words_word(&w, p);
		if (q[-1] == ':' && q - p > 1)	/* left to the next round */
			exim_words_behind(&w, --q);
		if (field && *p == 'T' && hop.transport.p == NULL)
			hop.transport = slice_range(p + 2, q);
	}
	if (status == DELIVERY_SENT && event_has(ev, F_REPLY))
		relay_id(ev->f[F_REPLY], ev);
	ev->agent = agent_of(&hop, ev);
	if (!hop.host && hop.transport.n > 0)
		event_set(ev, F_RELAY, hop.transport);
	return LINE_RECOGNISED;
}
