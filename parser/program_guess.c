/*
 * program_guess(), see program.h: rsyslog cuts "postfix/smtpd" at the slash in RFC 5424, journalctl
 * -o with-unit names the unit. Then a daemon is known by how its lines begin. Where several say the
 * same ("reject: header"), any of those whose parser reads it alike will do.
 *
 *	smtpd		connect from NAME[IP], QID: client=, NOQUEUE: reject: RCPT from NAME[IP]:
 *	postscreen	CONNECT from [IP]:port, NOQUEUE: reject: RCPT from [IP]:port:
 *	cleanup		QID: message-id=, QID: milter-reject:, QID: reject: header
 *	qmgr		QID: from=<...>, QID: removed
 *	pickup		QID: uid=
 *	bounce		QID: sender non-delivery notification: QID
 *	deliveries	QID: to=<...>, relay=local, ...
 */
#include "parser/program.h"

enum { ID_MAX = 20 };

struct words {
	struct slice start;
	enum daemon daemon;
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define T(text, daemon) { { text, sizeof(text) - 1 }, DAEMON_ ## daemon }

static const struct words first[] = {
	T("connect from ", SMTPD), T("disconnect from ", SMTPD), T("lost connection after ", SMTPD),
	T("timeout after ", SMTPD), T("too many errors after ", SMTPD),
	T("improper command pipelining after ", SMTPD), T("Anonymous TLS connection ", SMTPD),
	T("Untrusted TLS connection ", SMTPD), T("Trusted TLS connection ", SMTPD),
	T("setting up TLS connection from ", SMTPD), T("SSL_accept error from ", SMTPD),
	T("NOQUEUE: ", SMTPD), T("warning: ", SMTPD), T("proxy-", SMTPD),
	T("bare <LF> received ", SMTPD), T("TLS connection established from ", SMTPD),
	T("CONNECT from [", POSTSCREEN), T("PASS ", POSTSCREEN), T("PREGREET ", POSTSCREEN),
	T("HANGUP ", POSTSCREEN), T("DNSBL rank ", POSTSCREEN), T("DISCONNECT [", POSTSCREEN),
	T("WHITELIST", POSTSCREEN), T("ALLOWLIST", POSTSCREEN), T("BLACKLISTED ", POSTSCREEN),
	T("DENYLISTED ", POSTSCREEN), T("COMMAND ", POSTSCREEN),
	T("NON-SMTP COMMAND ", POSTSCREEN), T("BARE NEWLINE ", POSTSCREEN),
	T("addr ", DNSBLOG), T("statistics: ", BORING),
};

/* Behind "QID: ". */
static const struct words behind_id[] = {
	T("client=", SMTPD), T("reject: RCPT from ", SMTPD), T("reject: DATA from ", SMTPD),
	T("reject: MAIL from ", SMTPD), T("reject: END-OF-MESSAGE from ", SMTPD),
	T("reject_warning: ", SMTPD), T("lost connection after ", SMTPD),
	T("timeout after ", SMTPD), T("filter: RCPT ", SMTPD), T("redirect: RCPT ", SMTPD),
	T("message-id=", CLEANUP), T("resent-message-id=", CLEANUP), T("milter-", CLEANUP),
	T("warning: header ", CLEANUP), T("reject: ", CLEANUP), T("warning: ", CLEANUP),
	T("discard: ", CLEANUP), T("hold: ", CLEANUP), T("replace: ", CLEANUP),
	T("prepend: ", CLEANUP), T("info: ", CLEANUP), T("filter: ", CLEANUP),
	T("redirect: ", CLEANUP), T("from=<", QMGR), T("removed", QMGR), T("skipped, ", QMGR),
	T("uid=", PICKUP), T("sender non-delivery ", BOUNCE), T("sender delivery ", BOUNCE),
	T("postmaster non-delivery ", BOUNCE), T("to=", SMTP), T("host ", SMTP),
	T("lost connection with ", SMTP), T("conversation with ", SMTP),
};

static enum daemon
find(const struct words *w, size_t n, struct slice s)
{
	for (size_t i = 0; i < n; i++)
		if (slice_starts(s, w[i].start))
			return w[i].daemon;
	return DAEMON_BORING;
}

/*
 * "to=<...>, [orig_to=<...>,] relay=NAME, ": how it was delivered, by the name. smtp has none, as
 * error has, when it did not come to the next hop.
 */
static enum daemon
agent(struct slice s)
{
	static const struct words relay[] = { T("local,", LOCAL), T("virtual,", LOCAL) };
	const char *at = slice_str(s, SLICE(", relay=")), *comma, *open;

	if (at == NULL)
		return DAEMON_SMTP;
	s = slice_range(at + sizeof(", relay=") - 1, slice_end(s));
	if (slice_starts(s, SLICE("none,")))
		return slice_str(s, SLICE(" (connect to ")) != NULL ||
		    slice_str(s, SLICE(" (Host or domain name ")) != NULL ? DAEMON_SMTP :
		    DAEMON_ERROR;
	if (find(relay, COUNT(relay), s) != DAEMON_BORING)
		return find(relay, COUNT(relay), s);
	comma = slice_chr(s, ',');
	s = slice_range(s.p, comma ? comma : slice_end(s));
	open = slice_chr(s, '[');
	if (open == NULL)
		return DAEMON_LOCAL;		/* pipe: the transport's name */
	return slice_chr(slice_range(open, slice_end(s)), '/') ? DAEMON_LMTP : DAEMON_SMTP;
}

/* "reject: RCPT from [IP]:port: ": smtpd has a name before the address. */
static bool
is_postscreens(struct slice s)
{
	static const struct slice reject = { "NOQUEUE: reject: ", 17 };
	const char *from;

	if (!slice_take(&s, reject))
		return false;
	from = slice_str(slice_first(s, 32), SLICE(" from ["));
	return from != NULL;
}

/* "Untrusted TLS connection established from [IP]:port: ": smtpd has a name there, too. */
static bool
is_tlsproxys(struct slice s)
{
	return slice_str(slice_first(s, 64), SLICE("TLS connection established from [")) != NULL;
}

/* Letters and digits up to ": "; of the short ids there are at least 5. */
static bool
take_id(struct slice *s)
{
	const char *colon = slice_chr(slice_first(*s, ID_MAX + 1), ':');

	if (colon == NULL || colon - s->p < 5 || colon + 1 >= slice_end(*s) || colon[1] != ' ')
		return false;
	for (const char *p = s->p; p < colon; p++)
		if ((unsigned)((*p | 0x20) - 'a') > 25 && (unsigned)(*p - '0') > 9)
			return false;
	*s = slice_range(colon + 2, slice_end(*s));
	return true;
}

enum daemon
program_guess(struct slice body)
{
	enum daemon d = find(first, COUNT(first), body);

	if (is_tlsproxys(body))
		return DAEMON_BORING;
	if (d != DAEMON_BORING)
		return is_postscreens(body) ? DAEMON_POSTSCREEN : d;
	if (!take_id(&body))
		return DAEMON_BORING;
	d = find(behind_id, COUNT(behind_id), body);
	return d == DAEMON_SMTP && slice_starts(body, SLICE("to=")) ? agent(body) : d;
}
