/*
 * Exim's lines about a session, before or without a message (4.60 to 4.99):
 *
 *	SMTP connection from HOST (TCP/IP connection count = 1) | D=3s closed by QUIT | lost D=3s
 *	NAME authenticator failed for [H=]HOST U=ident: 535 Incorrect ... (set_id=user)
 *	unexpected disconnection while reading SMTP command from HOST D=3s
 *	SMTP command timeout on [TLS ]connection from HOST D=300s
 *	SMTP data timeout (message abandoned) on connection from HOST F=<sender>
 *	SMTP call from HOST dropped: too many syntax or protocol errors (last command was "x")
 *	SMTP protocol synchronization error (input sent without waiting for greeting): rejected
 *	    connection from H=HOST input="EHLO x\r\n"
 *	SMTP protocol synchronization error (next input sent too soon: pipelining was not
 *	    advertised): rejected "RCPT TO:<a>" H=HOST next input="DATA\r\n"
 *	SMTP syntax error in "GET / HTTP/1.1" H=HOST unrecognized command
 *	no MAIL in [TLS ]SMTP connection from HOST D=0s C=EHLO,QUIT
 *	no host name found for IP address ADDR
 *	no IP address found for host NAME (during SMTP connection from HOST)
 *	ADDR does not match any IP address for NAME
 *	Connection from [ADDR]:port refused: too many connections
 *	refused connection from HOST (host_reject_connection)
 *
 * HOST is "name (helo) [addr]:port", see exim_parts.c. Where the client's command stands before
 * H=, the command may itself read like the rest of the line; then there is no telling which H= is
 * Exim's, and with more than one the event has no address.
 */
#include "base/addr_v4.h"
#include "parser/exim_host.h"

static enum line_kind
sign(struct event *ev, enum protocol_sign what)
{
	ev->type = EV_PROTOCOL;
	ev->reason = (uint8_t)what;
	return LINE_RECOGNISED;
}

/* Behind the text's head; HOST follows the first "from ", which mostly is there or next. */
static const char *
client_behind_from(const char *p, const char *end, struct event *ev)
{
	p = exim_past(p, end, SLICE("connection "));
	if (!exim_at(p, end, SLICE("from ")))
		p = exim_find(p, end, SLICE("from "));
	return p != NULL ? exim_client(p + 5, end, ev) : NULL;
}

static enum line_kind
connection(const char *p, const char *end, struct event *ev)
{
	p = client_behind_from(p, end, ev);
	if (p == NULL)		/* a local caller: "SMTP connection from root closed by QUIT" */
		return LINE_RECOGNISED;
	if (exim_find(p, end, SLICE(" lost")) != NULL)
		return sign(ev, SIGN_LOST_CONNECTION);
	ev->type = EV_CONNECT;
	if (exim_find(p, end, SLICE(" closed by ")) == NULL)
		return LINE_RECOGNISED;
	ev->type = EV_DISCONNECT;
	if (exim_find(p, end, SLICE(" closed by QUIT")) != NULL)
		ev->flags |= EF_QUIT;
	return LINE_RECOGNISED;
}

static enum line_kind
lost(const char *p, const char *end, struct event *ev)
{
	return client_behind_from(p, end, ev) != NULL ? sign(ev, SIGN_LOST_CONNECTION) :
	    LINE_RECOGNISED;
}

static enum line_kind
timed_out(const char *p, const char *end, struct event *ev)
{
	struct slice value;

	p = client_behind_from(p, end, ev);
	if (p == NULL)
		return LINE_RECOGNISED;
	if (exim_at(p, end, SLICE(" F=")) && exim_angle(p + 3, end, &value) != NULL)
		exim_sender(value, ev);
	return sign(ev, SIGN_TIMEOUT);
}

static enum line_kind
dropped(const char *p, const char *end, struct event *ev)
{
	p = client_behind_from(p, end, ev);
	return p != NULL && exim_find(p, end, SLICE(" dropped: too many ")) != NULL ?
	    sign(ev, SIGN_TOO_MANY_ERRORS) : LINE_RECOGNISED;
}

/* At the client's quoted command. */
static void
client_behind_command(const char *p, const char *end, struct event *ev)
{
	p = exim_find(p, end, SLICE("\" H="));
	if (p != NULL && exim_find(p + 1, end, SLICE("\" H=")) == NULL)
		exim_client(p + 2, end, ev);
}

static enum line_kind
pregreet(const char *p, const char *end, struct event *ev)
{
	if (exim_at(p, end, SLICE("): rejected connection from ")))
		exim_client(p + sizeof("): rejected connection from ") - 1, end, ev);
	return sign(ev, SIGN_PREGREET);
}

static enum line_kind
pipelining(const char *p, const char *end, struct event *ev)
{
	client_behind_command(p, end, ev);
	return sign(ev, SIGN_PIPELINING);
}

static enum line_kind
syntax_error(const char *p, const char *end, struct event *ev)
{
	client_behind_command(p, end, ev);
	if (exim_at(p, end, SLICE("GET ")) || exim_at(p, end, SLICE("POST ")) ||
	    exim_at(p, end, SLICE("CONNECT ")) || exim_at(p, end, SLICE("HEAD ")) ||
	    exim_at(p, end, SLICE("OPTIONS ")))
		return sign(ev, SIGN_NON_SMTP);
	return sign(ev, SIGN_BAD_SYNTAX);
}

static enum line_kind
no_mail(const char *p, const char *end, struct event *ev)
{
	return client_behind_from(p, end, ev) != NULL ? sign(ev, SIGN_HANGUP_EARLY) :
	    LINE_RECOGNISED;
}

static enum line_kind
no_host_name(const char *p, const char *end, struct event *ev)
{
	const char *q = exim_word(p, end);
	size_t n = addr_read_v4(p, *q, &ev->addr);

	ev->has_addr = n == (size_t)(q - p) + 1 || addr_parse(slice_range(p, q), &ev->addr);
	if (ev->has_addr)
		ev->type = EV_NO_RDNS;
	return LINE_RECOGNISED;
}

static enum line_kind
no_address(const char *p, const char *end, struct event *ev)
{
	struct exim_host h;
	struct slice name = slice_range(p, exim_word(p, end)), during =
	    SLICE(" (during SMTP connection from ");

	p = slice_end(name);
	if (!exim_at(p, end, during) || exim_host(p + during.n, end, &h) == NULL || !h.has_addr)
		return LINE_RECOGNISED;
	ev->type = EV_RDNS_MISMATCH;
	exim_copy_addr(&ev->addr, &h.addr);
	ev->has_addr = true;
	ev->port = h.port;
	event_set(ev, F_CLIENT_NAME, name);
	if (h.helo.n > 0)
		event_set(ev, F_HELO, h.helo);
	return LINE_RECOGNISED;
}

static enum line_kind
refused(const char *p, const char *end, struct event *ev)
{
	const char *behind = exim_client(p, end, ev);

	return exim_find(behind ? behind : p, end, SLICE(" refused: too many connections")) ?
	    sign(ev, SIGN_RATE_LIMIT) : LINE_RECOGNISED;
}

static enum line_kind
refused_host(const char *p, const char *end, struct event *ev)
{
	if (exim_client(p, end, ev) == NULL)
		return LINE_RECOGNISED;
	ev->type = EV_REJECT;
	ev->phase = PHASE_CONNECT;
	return LINE_RECOGNISED;
}

enum line_kind
exim_auth_fail(const char *p, const char *end, struct event *ev)
{
	const char *close;

	p = exim_client(p, end, ev);
	if (p != NULL && !exim_at(p, end, SLICE(": ")))
		p = exim_find(p, end, SLICE(": "));
	if (p == NULL || exim_at(p, end, SLICE(": 435 ")))	/* no password database there */
		return LINE_RECOGNISED;
	ev->type = EV_SASL_FAIL;
	p = exim_find(p, end, SLICE("(set_id="));
	close = p != NULL ? slice_rchr(slice_range(p, end), ')') : NULL;
	if (close != NULL && close > p + 8)
		event_set(ev, F_ACCOUNT, slice_range(p + 8, close));
	return LINE_RECOGNISED;
}

struct session_head {
	struct slice text;
	enum line_kind (*parse)(const char *behind, const char *end, struct event *ev);
};

#define HEAD(text, parse) { { text, sizeof(text) - 1 }, parse }

static const struct session_head on_n[] = {
	HEAD("no host name found for IP address ", no_host_name),
	HEAD("no IP address found for host ", no_address),
	HEAD("no MAIL in ", no_mail),
};
static const struct session_head on_s[] = {
	HEAD("SMTP connection ", connection),
	HEAD("SMTP command timeout on ", timed_out),
	HEAD("SMTP data timeout (message abandoned) on ", timed_out),
	HEAD("SMTP call ", dropped),
	HEAD("SMTP protocol synchronization error (input sent without waiting for greeting",
	    pregreet),
	HEAD("SMTP protocol synchronization error (next input sent too soon", pipelining),
	HEAD("SMTP protocol violation: synchronization error (input sent without waiting for "
	    "greeting", pregreet),
	HEAD("SMTP protocol violation: synchronization error (next input sent too soon",
	    pipelining),
	HEAD("SMTP syntax error in \"", syntax_error),
};
static const struct session_head on_u[] = {
	HEAD("unexpected disconnection while reading SMTP command ", lost),
};
static const struct session_head on_c[] = { HEAD("Connection from ", refused) };
static const struct session_head on_r[] = { HEAD("refused connection from ", refused_host) };

#define PARSE(row) parse_head(row, sizeof(row) / sizeof((row)[0]), p, end, ev)

static inline enum line_kind
parse_head(const struct session_head *h, size_t n, const char *p, const char *end,
    struct event *ev)
{
	for (; n > 0; n--, h++)
		if (end - p >= (ptrdiff_t)h->text.n && swar_same_long(p, h->text.p, h->text.n))
			return h->parse(p + h->text.n, end, ev);
	return LINE_UNKNOWN;
}

enum line_kind
exim_session(const char *p, const char *end, struct event *ev)
{
	switch (*p) {
	case 'n':
		return PARSE(on_n);
	case 'S':
		return PARSE(on_s);
	case 'u':
		return PARSE(on_u);
	case 'C':
		return PARSE(on_c);
	case 'r':
		return PARSE(on_r);
	}
	return LINE_UNKNOWN;
}

/* "192.0.2.1 does not match any IP address for mail.example" */
enum line_kind
exim_does_not_match(const char *p, const char *end, struct event *ev)
{
	struct slice word = slice_range(p, exim_word(p, end)), text =
	    SLICE(" does not match any IP address for ");

	p = slice_end(word);
	if (!exim_at(p, end, text) || !addr_parse(word, &ev->addr))
		return LINE_UNKNOWN;
	ev->has_addr = true;
	ev->type = EV_RDNS_MISMATCH;
	p = exim_past(p + text.n, end, SLICE("host "));
	event_set(ev, F_CLIENT_NAME, slice_range(p, exim_word(p, end)));
	return LINE_RECOGNISED;
}
