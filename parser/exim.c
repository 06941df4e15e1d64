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
#include "parser/exim_parts.h"

enum { ID_SHORT = 16, ID_LONG = 23 };

/* 1: a digit of base 62. A table, since this looks at 14 bytes of nearly every line. */
#define TEN(c) [c] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1
static const uint8_t base62[256] = {
	TEN('0'), TEN('A'), TEN('K'), ['U'] = 1, 1, 1, 1, 1, 1, TEN('a'), TEN('k'),
	['u'] = 1, 1, 1, 1, 1, 1,
};

static bool
is_id(const char *p, size_t n, size_t second)
{
	unsigned digits = 0;
	size_t i;

	if (p[6] != '-' || p[second] != '-')
		return false;
	for (i = 0; i < n; i++)
		digits += base62[(unsigned char)p[i]];
	return digits == n - 2;
}

/* "ID " at the start; the cursor goes behind the blank. */
static bool
take_id(struct slice *s, struct event *ev)
{
	size_t n;

	if (s->n > ID_SHORT && s->p[ID_SHORT] == ' ' && is_id(s->p, ID_SHORT, 13))
		n = ID_SHORT;
	else if (s->n > ID_LONG && s->p[ID_LONG] == ' ' && is_id(s->p, ID_LONG, 18))
		n = ID_LONG;
	else
		return false;
	event_set(ev, F_QID, slice_first(*s, n));
	*s = slice_skip(*s, n + 1);
	return true;
}

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
	T("home directory "), T("client claims: OCSP"),
};

/* Without an ID. */
static const struct slice boring[] = {
	T("Start queue run"), T("End queue run"), T("TLS "), T("daemon "), T("pid "),
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
is_start(struct slice s)
{
	return slice_take(&s, SLICE("exim ")) && exim_word(&s).n > 0 &&
	    slice_starts(s, SLICE(" daemon started"));
}

/* "mx.example [192.0.2.7] Connection timed out", "user@example: error ignored" */
static bool
is_trouble(struct slice s)
{
	struct exim_host h;
	struct slice rest = s;

	if (exim_host(&rest, &h))
		return true;
	exim_word(&s);
	return slice_starts(s, SLICE(" error ignored")) ||
	    slice_starts(s, SLICE(" authenticator "));
}

static enum line_kind
with_id(struct slice s, struct event *ev)
{
	struct slice rest = s;
	bool temporarily;

	if (s.n == 0)
		return LINE_UNKNOWN;
	if (s.p[0] == 'C' && slice_take(&rest, SLICE("Completed"))) {
		ev->type = EV_REMOVED;
		return LINE_RECOGNISED;
	}
	if (slice_take(&rest, SLICE("SA: ")))
		return exim_sa(rest, ev);
	if (slice_take(&rest, SLICE("Warning: ")))
		return exim_warning(rest, ev);
	if (s.n > 2 && s.p[1] == '=')
		return exim_fields(s, ev);
	temporarily = slice_take(&rest, SLICE("temporarily "));
	if (slice_take(&rest, SLICE("rejected ")))
		return exim_rejected(rest, temporarily, ev);
	if (slice_starts(s, SLICE("SMTP connection")) ||
	    slice_starts(s, SLICE("SMTP data timeout")) ||
	    slice_starts(s, SLICE("SMTP command timeout")) ||
	    slice_starts(s, SLICE("unexpected disconnection")))
		return exim_session(s, ev);
	return is_listed(s, boring_id, sizeof(boring_id) / sizeof(boring_id[0])) || is_trouble(s) ?
	    LINE_RECOGNISED : LINE_UNKNOWN;
}

/* The two characters behind the ID. */
static enum line_kind
by_flag(struct slice s, struct event *ev)
{
	static const struct {
		char flag[3];
		int8_t status;		/* -1: arrival */
	} flags[] = {
		{ "<=", -1 }, { "(=", -1 }, { "=>", DELIVERY_SENT }, { "->", DELIVERY_SENT },
		{ ">>", DELIVERY_SENT }, { "*>", DELIVERY_SENT }, { "**", DELIVERY_BOUNCED },
		{ "==", DELIVERY_DEFERRED },
	};
	struct slice rest = slice_skip(s, 3);
	size_t i;

	if (s.n > 3 && s.p[2] == ' ')
		for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
			if (memcmp(s.p, flags[i].flag, 2) == 0)
				return flags[i].status < 0 ? exim_received(rest, ev) :
				    exim_delivery(rest, (enum delivery_status)flags[i].status, ev);
	return with_id(s, ev);
}

/* s: behind "cwd=". The directory may hold blanks; " N args: " ends it. */
static enum line_kind
cwd(struct slice s, struct event *ev)
{
	struct slice rest = s;
	const char *p, *digit;

	while ((p = slice_str(rest, SLICE(" arg"))) != NULL) {
		for (digit = p; digit > s.p && digit[-1] >= '0' && digit[-1] <= '9'; digit--)
			continue;
		rest = slice_range(p + 4, slice_end(s));
		if (digit == p || digit - 1 <= s.p || digit[-1] != ' ' ||
		    !(slice_starts(rest, SLICE("s: ")) || slice_starts(rest, SLICE(": "))))
			continue;
		ev->type = EV_CWD;
		event_set(ev, F_CWD, slice_range(s.p, digit - 1));
		return LINE_RECOGNISED;
	}
	return LINE_UNKNOWN;
}

static enum line_kind
without_id(struct slice s, struct event *ev)
{
	struct slice rest = s;
	bool temporarily;
	enum line_kind kind;

	if (s.p[1] == '=')
		return exim_fields(s, ev);
	if (s.p[0] == 'c' && slice_take(&rest, SLICE("cwd=")))
		return cwd(rest, ev);
	exim_word(&rest);
	if (slice_take(&rest, SLICE(" authenticator failed")))
		return slice_take(&rest, SLICE(" for ")) ?
		    exim_auth_fail(rest, ev) : LINE_RECOGNISED;
	rest = s;
	temporarily = slice_take(&rest, SLICE("temporarily "));
	if (slice_take(&rest, SLICE("rejected ")))
		return exim_rejected(rest, temporarily, ev);
	kind = exim_session(s, ev);
	if (kind == LINE_RECOGNISED)
		return kind;
	return is_listed(s, boring, sizeof(boring) / sizeof(boring[0])) || is_start(s) ?
	    LINE_RECOGNISED : LINE_UNKNOWN;
}

enum line_kind
exim_line(const struct header *h, struct event *ev)
{
	struct slice s = h->body;

	if (h->rejectlog)
		ev->flags |= EF_REJECTLOG;
	if (s.n < 3)
		return LINE_UNKNOWN;
	return take_id(&s, ev) ? by_flag(s, ev) : without_id(s, ev);
}
