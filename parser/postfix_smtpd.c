/*
 * Postfix smtpd, 2.3 to 3.12. CLIENT is name[address] or name[address]:port; "QID: " or
 * "NOQUEUE: " may precede the lines marked * since 3.10:
 *	connect from CLIENT
 *	disconnect from CLIENT[ ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4]	(counters: 3.0)
 *	QID: client=CLIENT[, sasl_method=M, sasl_username=U][, sasl_sender=A]
 *	    [, orig_queue_id=Q][, orig_client=CLIENT]
 *	NOQUEUE|QID: ACTION: VERB from CLIENT: ...			see postfix_reject.c
 *	lost connection|timeout|too many errors|... after VERB [(...)] from CLIENT	*
 *	improper command pipelining after VERB from CLIENT[: bytes]	*
 *	WORD TLS connection established from CLIENT: ...
 *	warning: hostname NAME does not resolve to address A[: why]	(2.9)
 *	warning: A: hostname NAME verification failed: why	(2.8 and before)
 *	warning: A: address not listed for hostname NAME		(2.8 and before)
 *	warning: CLIENT: SASL METHOD authentication failed: why[, sasl_username=U]	(U: 3.9)
 *	warning: non-SMTP command from CLIENT: bytes
 *	warning: Illegal address syntax from CLIENT in MAIL command: bytes
 *	warning: WHAT limit exceeded: N from CLIENT for service S
 */
#include "parser/postfix.h"

static uint16_t
service_port(struct slice service)
{
	if (slice_eq(service, SLICE("submission")))
		return 587;
	if (slice_eq(service, SLICE("smtps")) || slice_eq(service, SLICE("submissions")))
		return 465;
	return 0;
}

static enum line_kind
protocol(struct slice s, enum protocol_sign sign, struct event *ev)
{
	ev->reason = (uint8_t)sign;
	return postfix_client_event(s, EV_PROTOCOL, ev);
}

/* Among the counters, each behind a blank; no other one has a q. */
static bool
has_quit(struct slice s)
{
	size_t at = scan_byte(s, 'q');

	return at < s.n && s.p[at - 1] == ' ' && slice_starts(slice_skip(s, at), SLICE("quit="));
}

static __attribute__((noinline)) enum line_kind
parse_disconnect(struct slice s, struct event *ev)
{
	s = postfix_client(s, ev);
	if (s.p == NULL)
		return LINE_UNKNOWN;
	ev->type = EV_DISCONNECT;
	if (s.n == 0)
		return LINE_RECOGNISED;
	if (s.p[0] != ' ')
		return LINE_UNKNOWN;
	ev->flags |= EF_COUNTERS;
	if (has_quit(s))
		ev->flags |= EF_QUIT;
	return LINE_RECOGNISED;
}

/*
 * Behind "sasl_username=": the login may hold ", ", so it ends at the first field that can follow
 * it, or at the end.
 */
static void
take_account(struct slice *s, struct event *ev)
{
	static const struct slice next[] = { { ", sasl_sender=", 14 }, { ", orig_queue_id=", 16 },
		{ ", orig_client=", 14 } };
	const char *end = NULL;

	if (scan_byte(*s, ',') < s->n)
		for (size_t i = 0; i < sizeof(next) / sizeof(next[0]) && end == NULL; i++)
			end = slice_str(*s, next[i]);
	if (end == NULL)
		end = slice_end(*s);
	event_set(ev, F_ACCOUNT, slice_range(s->p, end));
	*s = slice_range(end, slice_end(*s));
}

static void
take_original(struct slice s, struct event *ev)
{
	struct event original = { .has = 0 };
	const char *at = slice_rstr(s, SLICE(", orig_client="));
	struct slice client = at ? slice_skip(slice_range(at, slice_end(s)), 14) : SLICE_NONE;
	struct slice id;

	if (at != NULL && postfix_client(client, &original).p != NULL && original.has_addr) {
		ev->addr2 = original.addr;
		ev->has_addr2 = true;
	}
	if (at != NULL)
		s = slice_range(s.p, at);
	at = slice_rstr(s, SLICE(", orig_queue_id="));
	if (at != NULL) {
		id = slice_skip(slice_range(at, slice_end(s)), 16);
		event_set(ev, F_ORIG_ID, id);
	}
}

static enum line_kind
parse_client(struct slice s, struct slice qid, struct event *ev)
{
	if ((s = postfix_client(s, ev)).p == NULL || (s.n && s.p[0] != ','))
		return LINE_UNKNOWN;
	ev->type = EV_CLIENT;
	event_set(ev, F_QID, qid);
	if (s.n == 0)
		return LINE_RECOGNISED;
	if (slice_take(&s, SLICE(", sasl_method=")))
		s = slice_skip(s, scan_byte(s, ','));
	if (slice_take(&s, SLICE(", sasl_username=")))
		take_account(&s, ev);
	if (s.n)
		take_original(s, ev);
	return LINE_RECOGNISED;
}

struct session_end {
	struct slice head;
	enum protocol_sign sign;
};

/* "HEAD VERB[ (...)] from CLIENT[...]" */
static __attribute__((noinline)) enum line_kind
parse_session_end(struct slice s, struct event *ev)
{
	static const struct session_end ends[] = {
		{ { "lost connection after ", 22 }, SIGN_LOST_CONNECTION },
		{ { "timeout after ", 14 }, SIGN_TIMEOUT },
		{ { "too many errors after ", 22 }, SIGN_TOO_MANY_ERRORS },
		{ { "improper command pipelining after ", 34 }, SIGN_PIPELINING },
		{ { "bare <LF> received after ", 25 }, SIGN_BARE_NEWLINE },
		{ { "disconnect: bare <LF> received after ", 37 }, SIGN_BARE_NEWLINE },
	};
	size_t n;

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (!postfix_take(&s, ends[i].head))
			continue;
		n = scan_byte(s, ' ');
		if (n >= s.n || n >= 32)
			return LINE_UNKNOWN;
		s = slice_skip(s, n);
		if (slice_starts(s, SLICE(" (")) && (n = scan_byte(s, ')')) < s.n && n < 64)
			s = slice_skip(s, n + 1);
		if (!slice_take(&s, SLICE(" from ")))
			return LINE_UNKNOWN;
		return protocol(s, ends[i].sign, ev);
	}
	return LINE_UNKNOWN;
}

static enum line_kind
parse_tls(struct slice s, struct event *ev)
{
	static const struct slice heads[] = { { "Anonymous ", 10 }, { "Untrusted ", 10 },
		{ "Trusted ", 8 }, { "Verified ", 9 } };

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (postfix_take(&s, heads[i]))
			break;
	if (!slice_take(&s, SLICE("TLS connection ")))
		return LINE_UNKNOWN;
	if (!slice_take(&s, SLICE("established ")) && !slice_take(&s, SLICE("reused ")))
		return LINE_UNKNOWN;
	if (slice_take(&s, SLICE("to ")))	/* to a before-queue filter */
		return LINE_RECOGNISED;
	if (!slice_take(&s, SLICE("from ")) || postfix_client(s, ev).p == NULL)
		return LINE_UNKNOWN;
	ev->type = EV_TLS;
	return LINE_RECOGNISED;
}

static bool
set_mismatch(struct slice name, struct slice address, struct event *ev)
{
	if (name.n == 0 || !addr_parse(address, &ev->addr))
		return false;
	ev->has_addr = true;
	ev->type = EV_RDNS_MISMATCH;
	event_set(ev, F_CLIENT_NAME, name);
	return true;
}

/* "NAME does not resolve to address A[: why]" */
static bool
mismatch_new(struct slice s, struct event *ev)
{
	size_t n = scan_byte(s, ' ');
	struct slice name = slice_first(s, n);

	s = slice_skip(s, n);
	if (n >= 256 || !slice_take(&s, SLICE(" does not resolve to address ")))
		return false;
	n = scan_byte(s, ' ');
	n -= n > 0 && n < s.n && s.p[n - 1] == ':';
	return set_mismatch(name, slice_first(s, n), ev);
}

/* "A: hostname NAME verification failed: why", "A: address not listed for hostname NAME" */
static bool
mismatch_old(struct slice s, struct event *ev)
{
	const char *blank = slice_chr(slice_first(s, ADDR_TEXT + 1), ' ');
	struct slice address;

	if (blank == NULL || blank - s.p < 2 || blank[-1] != ':')
		return false;
	address = slice_range(s.p, blank - 1);
	s = slice_range(blank + 1, slice_end(s));
	if (slice_take(&s, SLICE("address not listed for hostname ")))
		return set_mismatch(s, address, ev);
	if (!slice_take(&s, SLICE("hostname ")) || (blank = slice_chr(s, ' ')) == NULL)
		return false;
	if (!slice_starts(slice_range(blank, slice_end(s)), SLICE(" verification failed")))
		return false;
	return set_mismatch(slice_range(s.p, blank), address, ev);
}

/* "CLIENT: SASL METHOD authentication failed: why[, sasl_username=U]"; U is raw to the end. */
static bool
sasl_failure(struct slice s, struct event *ev)
{
	static const struct slice key = { ", sasl_username=", 16 };
	const char *at;

	if ((s = postfix_client(s, ev)).p == NULL || !slice_take(&s, SLICE(": SASL ")))
		return false;
	s = slice_skip(s, scan_byte(s, ' '));
	if (!slice_take(&s, SLICE(" authentication failed:")))
		return false;
	ev->type = EV_SASL_FAIL;
	at = slice_str(s, key);		/* the first: the reason before it is the server's own */
	if (at != NULL) {
		s = slice_range(at + key.n, slice_end(s));
		if (s.n && !slice_eq(s, SLICE("(unavailable)")))
			event_set(ev, F_ACCOUNT, s);
	}
	return true;
}

static bool
limit_exceeded(struct slice s, struct event *ev)
{
	static const struct slice limits[] = { { "Connection concurrency limit exceeded: ", 39 },
		{ "Connection rate limit exceeded: ", 32 },
		{ "Message delivery request rate limit exceeded: ", 46 },
		{ "Recipient address rate limit exceeded: ", 39 },
		{ "New TLS session rate limit exceeded: ", 37 },
		{ "AUTH command rate limit exceeded: ", 34 },
		{ "auth rate limit exceeded: ", 26 } };
	const char *blank;

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		if (!postfix_take(&s, limits[i]))
			continue;
		blank = slice_chr(s, ' ');
		s = blank ? slice_range(blank, slice_end(s)) : SLICE_NONE;
		return slice_take(&s, SLICE(" from ")) &&
		    protocol(s, SIGN_RATE_LIMIT, ev) == LINE_RECOGNISED;
	}
	return false;
}

static __attribute__((noinline)) enum line_kind
parse_warning(struct slice s, struct event *ev)
{
	bool hit;

	if (slice_take(&s, SLICE("hostname ")))
		hit = mismatch_new(s, ev);
	else if (slice_take(&s, SLICE("non-SMTP command from ")))
		hit = protocol(s, SIGN_NON_SMTP, ev) == LINE_RECOGNISED;
	else if (slice_take(&s, SLICE("Illegal address syntax from ")))
		hit = protocol(s, SIGN_BAD_SYNTAX, ev) == LINE_RECOGNISED;
	else
		hit = limit_exceeded(s, ev) || mismatch_old(s, ev) || sasl_failure(s, ev);
	if (!hit) {	/* some other complaint: a client cut half-way is no fact */
		ev->has &= 1u << F_SERVICE;
		ev->has_addr = false;
		ev->port = 0;
		ev->reason = 0;
	}
	return LINE_RECOGNISED;
}

static enum line_kind
parse_other(struct slice s, struct event *ev)
{
	static const struct slice known[] = { { "SSL_accept error from ", 22 },
		{ "setting up TLS connection from ", 31 }, { "initializing the server-side", 28 },
		{ "proxy-accept: ", 14 }, { "certificate verification failed", 31 },
		{ "lost connection with ", 21 }, { "Host offered STARTTLS", 21 } };

	if (slice_starts(s, SLICE("proxy-reject: ")))
		return postfix_refusal(s, SLICE_NONE, ev);
	if (parse_tls(s, ev) == LINE_RECOGNISED)
		return LINE_RECOGNISED;
	if (parse_session_end(s, ev) == LINE_RECOGNISED)
		return LINE_RECOGNISED;
	return POSTFIX_STARTS_ANY(s, known) || postfix_diagnostic(s) ? LINE_RECOGNISED
								     : LINE_UNKNOWN;
}

static __attribute__((noinline)) enum line_kind
parse_with_id(struct slice s, struct slice qid, struct event *ev)
{
	enum line_kind kind;

	if (qid.n && slice_take(&s, SLICE("client=")))
		return parse_client(s, qid, ev);
	kind = postfix_refusal(s, qid, ev);
	if (kind == LINE_UNKNOWN)
		kind = parse_session_end(s, ev);
	if (kind == LINE_UNKNOWN)	/* "QID: warning: ..." */
		kind = postfix_diagnostic(s) ? LINE_RECOGNISED : LINE_UNKNOWN;
	return kind;
}

/* What begins with a queue id, or with a word that is rare. */
static __attribute__((noinline)) enum line_kind
parse_rest(struct slice s, struct event *ev)
{
	struct slice qid;

	return postfix_take_qid(&s, &qid) ? parse_with_id(s, qid, ev) : parse_other(s, ev);
}

enum line_kind
postfix_smtpd(const struct header *h, struct event *ev)
{
	struct slice s = h->body;

	if (h->from->service.n)
		ev->local_port = service_port(h->from->service);
	switch (s.n ? s.p[0] : '\0') {
	case 'c':
		if (slice_take(&s, SLICE("connect from ")))
			return postfix_client_event(s, EV_CONNECT, ev);
		break;
	case 'd':
		if (slice_take(&s, SLICE("disconnect from ")))
			return parse_disconnect(s, ev);
		break;
	case 'l':
		if (slice_starts(s, SLICE("lost connection after ")))
			return parse_session_end(s, ev);
		break;
	case 'N':
		if (slice_take(&s, SLICE("NOQUEUE: ")))
			return parse_with_id(s, SLICE_NONE, ev);
		break;
	case 'w':
		if (slice_take(&s, SLICE("warning: ")))
			return parse_warning(s, ev);
		break;
	}
	return parse_rest(s, ev);
}
