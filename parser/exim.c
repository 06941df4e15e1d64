/*
 * Exim's main, reject and panic log (4.60 to 4.99), behind the stamp, zone and [pid]:
 *
 *	ID <= ...  ID => ...  ID ** ...  ID == ...		see exim_mail.c
 *	ID Completed [QT=3s]
 *	[ID] H=... F=<...> rejected ..., Warning:, SA:		see exim_reject.c
 *	SMTP connection from ..., X authenticator failed ...	see exim_session.c
 *	cwd=DIR 4 args: /usr/sbin/sendmail -t -i		+arguments
 *	Start queue run: pid=1, Message is frozen, DKIM: ...	housekeeping: the tables below
 *
 * ID is 6-6-2 digits of base 62, from 4.97 on 6-11-4. Only what stands at the start decides what
 * a line is.
 */
#include "parser/daemons.h"
#include "parser/exim_host.h"

/* Of an ID's first 16 bytes those that are digits of base 62, and of the last 16 of a long one. */
enum {
	ID_SHORT = 16,
	ID_LONG = 23,
	SHORT_DIGITS = 0xffff ^ 1 << 6 ^ 1 << 13,
	LONG_DIGITS = 0xffff ^ 1 << 6,
	LONG_TAIL_DIGITS = 0xffff ^ 1 << (18 - (ID_LONG - 16))
};

/* "ID " at the start. */
static inline const char *
take_id(const char *p, const char *end, struct event *ev)
{
	uint64_t digits;
	size_t n;

	if (p[6] != '-')
		return NULL;
	digits = wide_alnum(p);
	if (digits == SHORT_DIGITS && p[13] == '-' && p[ID_SHORT] == ' ')
		n = ID_SHORT;
	else if (digits == LONG_DIGITS && p[18] == '-' && p[ID_LONG] == ' ' &&
	    wide_alnum(p + ID_LONG - 16) == LONG_TAIL_DIGITS)
		n = ID_LONG;
	else
		return NULL;
	if (p + n >= end)
		return NULL;
	event_set(ev, F_QID, (struct slice){ p, n });
	return p + n + 1;
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define T(text) { text, sizeof(text) - 1 }

/* Behind an ID. */
static const struct slice boring_id[] = {
	T("Message is frozen"), T("Frozen"), T("Spool file "), T("Unfrozen"), T("removed by "),
	T("cancelled by "), T("frozen by "), T("unfrozen by"), T("DKIM: "), T("DKIM "), T("DKIM-"),
	T("no immediate delivery: "), T("SMTP error from remote "), T("SMTP timeout "),
	T("SMTP data "), T("LMTP "), T("TLS "), T("Remote host "), T("original recipients ignored"),
	T("retry time not reached"), T("Connection "), T("DANE "), T("SSL "), T("[1"), T("[2"),
	T("spam acl condition: "), T("malware acl condition: "), T("dnslist"), T("PRDR R="),
	T("Error while "), T("Error in "), T("malformed "), T("no recipients "), T("errors_to "),
	T("failed to "), T("Failed to "), T("unable to "), T("Unable to "), T("could not "),
	T("sender address changed "), T("Warning: "), T("fallback "), T("host "), T("refused "),
	T("cutthrough "), T("moved from "), T("delivery "), T("deliver: "), T("routing "),
	T("peer cert"), T("ARC"), T("qualify/rewrite: "), T("discarded"), T("=> discarded"),
	T("dane:"), T("SPF"), T("DMARC"), T("dmarc"), T("greylist"), T("U="), T("F="),
	T("internal problem "), T("return message "), T("bounce "), T("queue "), T("lock "),
	T("recipients "), T("appendfile: "), T("Process "), T("process "), T("Child "), T("pipe "),
	T("marked delivered"), T("given up"), T("sender modified"), T("overlong "), T("added by "),
	T("no IP address found for host "), T("local_scan()"), T("OCSP"), T("retry "), T("Retry "),
	T("a TLS session is required "), T("Delivery deferred "), T("recipient <"), T("re-exec "),
	T("home directory "), T("client claims: "), T("client ocsp status"),
	T("Server certificate "),
	T("Server OSCP "), T("Server OCSP "), T("Required TLS certificate "),
	T("Received TLS status "),
	T("Expansion of "), T("User "), T("Tainted "), T("tainted search "), T("address <"),
	T("Malformed SMTP reply "), T("peer close after "), T("remote host address "),
};

/* Without an ID. */
static const struct slice boring[] = {
	T("Start queue run"), T("End queue run"), T("Start '"), T("End '"), T("Start ODMR "),
	T("End ODMR "), T("expansion of "), T("Expansion of "),
	T("recipient verify "), T("rcpt accepted"), T("TLS "),
	T("daemon "), T("pid "),
	T("SIGHUP received"), T("SIGTERM"), T("sender verify "), T("ignoring AUTH="),
	T("Warning: "), T("Suggested action: "), T("overlong "), T("ETRN "), T("ATRN "),
	T("SMTP protocol error in "), T("SMTP timeout "), T("retry time "), T("listening "),
	T("failed to "), T("Failed to "), T("unable to "), T("Unable to "), T("could not "),
	T("Could not "), T("bind() "), T("socket "), T("accept() "), T("list matching forced "),
	T("DNS list lookup "), T("dnslists "), T("spam acl "), T("malware acl "), T("using queue "),
	T("host name alias "), T("host lookup "), T("Exim configuration error"),
	T("spool directory "), T("Bad "), T("invalid "), T("tls_"), T("log "), T("DKIM: "),
	T("SMTP "), T("Connection "), T("refused "), T("unexpected "),
	T("selfsign "), T("regenerat"), T("DANE "),
	T("remote host address is the local host"), T("lowest numbered MX "), T("Cannot open "),
	T("user name "), T("SPF"), T("DMARC"), T("dmarc"), T("ACL "), T("no recipients "),
	T("connection from "), T("Invalid "), T("Memory "), T("fork"), T("exim: "), T("Exim "),
	T("continued"), T("Too many "), T("too many "), T("SSL "), T("callout "),
	T("Non-recipient "), T("non-recipient "), T("delivering "), T("STARTTLS "), T("PROXY "),
	T("LDAP "), T("MYSQL "), T("PGSQL "), T("ratelimit "), T("greylist"), T("clamd"),
	T("[127.0.0.1] "), T("mainlog"), T("child "), T("Child "), T("process "), T("taint"),
	T("Tainted "), T("Taint "), T("attempt to "), T("removed "), T("DNS "), T("cancelled "),
	T("VRFY failed "), T("EXPN failed "), T("ridiculously long "), T("configured error code "),
	T("EHLO/HELO response "), T("WARNING: "), T("bind of "), T("hosts_connection_nolog"),
	T("local_scan"), T("gnutls"), T("GnuTLS"), T("OpenSSL"),
};

static bool
is_listed(struct slice s, const struct slice *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (s.p[0] == list[i].p[0] && slice_starts(s, list[i]))
			return true;
	return false;
}

/* "exim 4.96 daemon started: pid=1, -q30m, listening for SMTP on port 25 (IPv4)" */
static bool
is_start(const char *p, const char *end)
{
	const char *version = p + 5;

	return exim_at(p, end, SLICE("exim ")) && (p = exim_word(version, end)) > version &&
	    exim_at(p, end, SLICE(" daemon started"));
}

/* "mx.example [192.0.2.7] Connection timed out", "user@example: error ignored" */
static bool
is_trouble(const char *p, const char *end)
{
	struct exim_host h;

	if (exim_host(p, end, &h) != NULL)
		return true;
	p = exim_word(p, end);
	return exim_at(p, end, SLICE(" error ignored")) ||
	    exim_at(p, end, SLICE(" router: skipped error: ")) ||
	    exim_at(p, end, SLICE(" authenticator "));
}

/* Behind the ID; no flag of exim_mail.c. Apart, so that the usual lines save no registers. */
static __attribute__((noinline)) enum line_kind
with_id(const char *p, const char *end, struct event *ev)
{
	const char *verb;

	if (exim_at(p, end, SLICE("SA: ")))
		return exim_sa(slice_range(p + 4, end), ev);
	if (exim_at(p, end, SLICE("Warning: ")))
		return exim_warning(slice_range(p + 9, end), ev);
	if (end - p > 2 && p[1] == '=')
		return exim_fields(p, end, ev);
	verb = exim_past(p, end, SLICE("temporarily "));
	if (exim_at(verb, end, SLICE("rejected ")))
		return exim_rejected(verb + 9, end, verb != p, ev);
	if (exim_at(p, end, SLICE("SMTP connection")) ||
	    exim_at(p, end, SLICE("SMTP data timeout")) ||
	    exim_at(p, end, SLICE("SMTP command timeout")) ||
	    exim_at(p, end, SLICE("unexpected disconnection")))
		return exim_session(p, end, ev);
	return is_listed(slice_range(p, end), boring_id, COUNT(boring_id)) ||
	    is_trouble(p, end) || exim_site_text(p, end) ? LINE_RECOGNISED : LINE_UNKNOWN;
}

#define FLAG(a, b) ((a) << 8 | (b))

/* Behind the ID. */
static inline enum line_kind
by_flag(const char *p, const char *end, struct event *ev)
{
	if (end - p > 3 && p[2] == ' ')
		switch (FLAG((unsigned char)p[0], (unsigned char)p[1])) {
		case FLAG('<', '='):
		case FLAG('(', '='):
			return exim_received(p + 3, end, ev);
		case FLAG('=', '>'):
		case FLAG('-', '>'):
		case FLAG('>', '>'):
		case FLAG('*', '>'):
			return exim_delivery(p + 3, end, DELIVERY_SENT, ev);
		case FLAG('*', '*'):
			return exim_delivery(p + 3, end, DELIVERY_BOUNCED, ev);
		case FLAG('=', '='):
			return exim_delivery(p + 3, end, DELIVERY_DEFERRED, ev);
		}
	if (exim_at(p, end, SLICE("Completed"))) {
		ev->type = EV_REMOVED;
		return LINE_RECOGNISED;
	}
	return with_id(p, end, ev);
}

/* Behind "cwd=". The directory may hold blanks; " N args: " ends it. */
static enum line_kind
cwd(const char *from, const char *end, struct event *ev)
{
	const char *p = from, *digit;

	for (; (p = exim_find(p, end, SLICE(" arg"))) != NULL; p += 4) {
		for (digit = p; digit > from && digit[-1] >= '0' && digit[-1] <= '9'; digit--)
			continue;
		if (digit == p || digit - 1 <= from || digit[-1] != ' ' ||
		    !(exim_at(p + 4, end, SLICE("s: ")) || exim_at(p + 4, end, SLICE(": "))))
			continue;
		ev->type = EV_CWD;
		event_set(ev, F_CWD, slice_range(from, digit - 1));
		return LINE_RECOGNISED;
	}
	return LINE_UNKNOWN;
}

static __attribute__((noinline)) enum line_kind
without_id(const char *p, const char *end, struct event *ev)
{
	const char *behind;

	if (exim_session(p, end, ev) == LINE_RECOGNISED)
		return LINE_RECOGNISED;
	if (*p == '#')	/* rspamd's own file has the same stamps */
		return rspamd_line(&(struct header){ .body = slice_range(p, end) }, ev);
	if (exim_at(p, end, SLICE("cwd=")))
		return cwd(p + 4, end, ev);
	behind = exim_word(p, end);
	if (exim_at(behind, end, SLICE(" authenticator failed"))) {
		behind += sizeof(" authenticator failed") - 1;
		return exim_at(behind, end, SLICE(" for ")) ?
		    exim_auth_fail(behind + 5, end, ev) : LINE_RECOGNISED;
	}
	behind = exim_past(p, end, SLICE("temporarily "));
	if (exim_at(behind, end, SLICE("rejected ")))
		return exim_rejected(behind + 9, end, behind != p, ev);
	if (exim_does_not_match(p, end, ev) == LINE_RECOGNISED)
		return LINE_RECOGNISED;
	return is_listed(slice_range(p, end), boring, COUNT(boring)) || is_start(p, end) ||
	    exim_site_text(p, end) ? LINE_RECOGNISED : LINE_UNKNOWN;
}

enum line_kind
exim_line(const struct header *h, struct event *ev)
{
	const char *p = h->body.p, *end = p + h->body.n, *behind;

	if (h->rejectlog)
		ev->flags |= EF_REJECTLOG;
	if (h->body.n < 3)
		return LINE_UNKNOWN;
	if (p[1] == '=')
		return exim_fields(p, end, ev);
	behind = take_id(p, end, ev);
	return behind != NULL ? by_flag(behind, end, ev) : without_id(p, end, ev);
}
