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
#include "parser/exim_parts.h"

static enum line_kind
sign(struct event *ev, enum protocol_sign what)
{
	ev->type = EV_PROTOCOL;
	ev->reason = (uint8_t)what;
	return LINE_RECOGNISED;
}

/* s: behind the text's head; HOST follows the first "from ". */
static bool
client_behind_from(struct slice *s, struct event *ev)
{
	const char *p = slice_str(*s, SLICE("from "));

	if (p == NULL)
		return false;
	*s = slice_range(p + 5, slice_end(*s));
	return exim_client(s, ev);
}

static enum line_kind
connection(struct slice s, struct event *ev)
{
	bool client = client_behind_from(&s, ev);

	if (!client)		/* a local caller: "SMTP connection from root closed by QUIT" */
		return LINE_RECOGNISED;
	if (slice_str(s, SLICE(" lost")) != NULL)
		return sign(ev, SIGN_LOST_CONNECTION);
	ev->type = EV_CONNECT;
	if (slice_str(s, SLICE(" closed by ")) == NULL)
		return LINE_RECOGNISED;
	ev->type = EV_DISCONNECT;
	if (slice_str(s, SLICE(" closed by QUIT")) != NULL)
		ev->flags |= EF_QUIT;
	return LINE_RECOGNISED;
}

static enum line_kind
lost(struct slice s, struct event *ev)
{
	return client_behind_from(&s, ev) ? sign(ev, SIGN_LOST_CONNECTION) : LINE_RECOGNISED;
}

static enum line_kind
timed_out(struct slice s, struct event *ev)
{
	struct slice value;

	if (!client_behind_from(&s, ev))
		return LINE_RECOGNISED;
	if (slice_take(&s, SLICE(" F=")) && exim_angle(&s, &value))
		exim_sender(value, ev);
	return sign(ev, SIGN_TIMEOUT);
}

static enum line_kind
dropped(struct slice s, struct event *ev)
{
	if (!client_behind_from(&s, ev))
		return LINE_RECOGNISED;
	return slice_str(s, SLICE(" dropped: too many ")) != NULL ?
	    sign(ev, SIGN_TOO_MANY_ERRORS) : LINE_RECOGNISED;
}

/* s: at the client's quoted command. */
static void
client_behind_command(struct slice s, struct event *ev)
{
	const char *p = slice_str(s, SLICE("\" H="));

	if (p != NULL && p == slice_rstr(s, SLICE("\" H="))) {
		s = slice_range(p + 2, slice_end(s));
		exim_client(&s, ev);
	}
}

static enum line_kind
pregreet(struct slice s, struct event *ev)
{
	if (slice_take(&s, SLICE("): rejected connection from ")))
		exim_client(&s, ev);
	return sign(ev, SIGN_PREGREET);
}

static enum line_kind
pipelining(struct slice s, struct event *ev)
{
	client_behind_command(s, ev);
	return sign(ev, SIGN_PIPELINING);
}

static enum line_kind
syntax_error(struct slice s, struct event *ev)
{
	static const struct slice web[] = { { "GET ", 4 }, { "POST ", 5 }, { "CONNECT ", 8 },
		{ "HEAD ", 5 }, { "OPTIONS ", 8 } };
	size_t i;

	client_behind_command(s, ev);
	for (i = 0; i < sizeof(web) / sizeof(web[0]); i++)
		if (slice_starts(s, web[i]))
			return sign(ev, SIGN_NON_SMTP);
	return sign(ev, SIGN_BAD_SYNTAX);
}

static enum line_kind
no_mail(struct slice s, struct event *ev)
{
	return client_behind_from(&s, ev) ? sign(ev, SIGN_HANGUP_EARLY) : LINE_RECOGNISED;
}

static enum line_kind
no_host_name(struct slice s, struct event *ev)
{
	ev->has_addr = addr_parse(exim_word(&s), &ev->addr);
	if (ev->has_addr)
		ev->type = EV_NO_RDNS;
	return LINE_RECOGNISED;
}

static enum line_kind
no_address(struct slice s, struct event *ev)
{
	struct exim_host h;
	struct slice name = exim_word(&s);

	if (!slice_take(&s, SLICE(" (during SMTP connection from ")) || !exim_host(&s, &h) ||
	    !h.has_addr)
		return LINE_RECOGNISED;
	ev->type = EV_RDNS_MISMATCH;
	ev->addr = h.addr;
	ev->has_addr = true;
	ev->port = h.port;
	event_set(ev, F_CLIENT_NAME, name);
	if (h.helo.n > 0)
		event_set(ev, F_HELO, h.helo);
	return LINE_RECOGNISED;
}

static enum line_kind
refused(struct slice s, struct event *ev)
{
	exim_client(&s, ev);
	return slice_str(s, SLICE(" refused: too many connections")) != NULL ?
	    sign(ev, SIGN_RATE_LIMIT) : LINE_RECOGNISED;
}

static enum line_kind
refused_host(struct slice s, struct event *ev)
{
	if (!exim_client(&s, ev))
		return LINE_RECOGNISED;
	ev->type = EV_REJECT;
	ev->phase = PHASE_CONNECT;
	return LINE_RECOGNISED;
}

enum line_kind
exim_auth_fail(struct slice s, struct event *ev)
{
	const char *p, *close;

	if (!exim_client(&s, ev))
		return LINE_RECOGNISED;
	p = slice_str(s, SLICE(": "));
	if (p == NULL)
		return LINE_RECOGNISED;
	s = slice_range(p + 2, slice_end(s));
	if (slice_starts(s, SLICE("435 ")))	/* the password database is out of reach */
		return LINE_RECOGNISED;
	ev->type = EV_SASL_FAIL;
	p = slice_str(s, SLICE("(set_id="));
	close = slice_rchr(s, ')');
	if (p != NULL && close != NULL && close > p + 8)
		event_set(ev, F_ACCOUNT, slice_range(p + 8, close));
	return LINE_RECOGNISED;
}

struct session_head {
	struct slice text;
	enum line_kind (*parse)(struct slice behind, struct event *ev);
};

#define HEAD(text, parse) { { text, sizeof(text) - 1 }, parse }

static const struct session_head heads[] = {
	HEAD("no IP address found for host ", no_address),
	HEAD("no host name found for IP address ", no_host_name),
	HEAD("unexpected disconnection while reading SMTP command ", lost),
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
	HEAD("no MAIL in ", no_mail),
	HEAD("Connection from ", refused),
	HEAD("refused connection from ", refused_host),
};

/* "192.0.2.1 does not match any IP address for mail.example" */
static enum line_kind
does_not_match(struct slice s, struct event *ev)
{
	struct slice word = exim_word(&s);

	if (!slice_take(&s, SLICE(" does not match any IP address for ")) ||
	    !addr_parse(word, &ev->addr))
		return LINE_UNKNOWN;
	ev->has_addr = true;
	ev->type = EV_RDNS_MISMATCH;
	slice_take(&s, SLICE("host "));
	event_set(ev, F_CLIENT_NAME, exim_word(&s));
	return LINE_RECOGNISED;
}

enum line_kind
exim_session(struct slice s, struct event *ev)
{
	size_t i;

	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (s.p[0] == heads[i].text.p[0] && slice_starts(s, heads[i].text))
			return heads[i].parse(slice_skip(s, heads[i].text.n), ev);
	return does_not_match(s, ev);
}
