/*
 * Dovecot's lines about logins to send mail (1.2 to 2.4), behind "dovecot: ":
 *
 *	submission-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs):
 *	    user=<joe>, method=PLAIN, rip=192.0.2.1, lip=198.51.100.1, TLS, session=<x>
 *	submission-login: Aborted login (auth failed, 3 attempts in 9 secs): user=<>, rip=...
 *	submission-login: Login: user=<joe>, method=PLAIN, rip=..., lip=..., mpid=1, session=<x>
 *	submission(joe)<123><x>: ...
 *	auth: passwd-file(joe,192.0.2.1): Password mismatch	auth-worker(123): ...
 *
 * Postfix' smtpd logs its own line for a login that Dovecot refused on its behalf ("auth"), so that
 * one is known and says nothing more. A refused login at Dovecot's own submission service is a
 * fact. The other services (imap, pop3, lmtp, managesieve) are no part of sending mail: they count
 * as programs that are not supported.
 *
 * The user's name is the stranger's: the address is the one behind the last ", rip=".
 */
#include "parser/daemons.h"

static enum line_kind
submission_login(struct slice s, struct event *ev)
{
	struct slice login, address;
	const char *rip, *end, *user;

	if (slice_str(slice_first(s, 96), SLICE("(auth failed, ")) == NULL)
		return LINE_RECOGNISED;
	rip = slice_rstr(s, SLICE(", rip="));
	if (rip == NULL)
		return LINE_RECOGNISED;
	address = slice_range(rip + 6, slice_end(s));
	end = slice_chr(address, ',');
	if (end == NULL || !addr_parse(slice_range(address.p, end), &ev->addr))
		return LINE_RECOGNISED;
	ev->has_addr = true;
	ev->type = EV_SASL_FAIL;
	ev->local_port = 587;
	login = slice_range(s.p, rip);
	user = slice_str(login, SLICE(": user=<"));
	if (user == NULL)
		return LINE_RECOGNISED;
	login = slice_range(user + 8, rip);
	end = slice_rstr(login, SLICE(">, method="));
	login = end != NULL ? slice_range(login.p, end) :
	    slice_ends(login, SLICE(">")) ? slice_range(login.p, slice_end(login) - 1) : SLICE_NONE;
	if (login.n > 0)
		event_set(ev, F_ACCOUNT, login);
	return LINE_RECOGNISED;
}

enum line_kind
dovecot_line(const struct header *h, struct event *ev)
{
	struct slice s = h->body;

	if (slice_take(&s, SLICE("submission-login: ")))
		return submission_login(s, ev);
	if (slice_starts(s, SLICE("auth: ")) || slice_starts(s, SLICE("auth(")) ||
	    slice_starts(s, SLICE("auth-worker")) || slice_starts(s, SLICE("submission(")))
		return LINE_RECOGNISED;
	return LINE_IGNORED;
}
