/*
 * Policy servers and milters whose lines are known and say nothing that is not said by the mail
 * server too: what they refuse, Postfix logs as its own refusal ("reject: RCPT ...: Greylisted",
 * "milter-reject: END-OF-MESSAGE ..."), with the client and the reason.
 *
 *	postgrey (1.2x to 1.37)
 *		[QID: ]action=greylist, reason=new, client_name=h, client_address=192.0.2.1/32, ...
 *		whitelisted: h[192.0.2.1]	cleaning up old logs...
 *	policyd-spf, the Python one (2.0 to 3.0), and postfix-policyd-spf-perl (2.0)
 *		[prepend ]Received-SPF: Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.1; ...
 *		Softfail; identity=mailfrom; client-ip=192.0.2.1; helo=h; envelope-from=a@b; ...
 *		Policy action=PREPEND Received-SPF: ...	SPF fail (Mechanism '-all' matched): ...
 *		3.0 has a queue id first, empty before there is one: ": prepend Received-SPF: ..."
 *	opendkim (2.x), opendmarc (1.x)
 *		QID: DKIM verification successful	QID: h [192.0.2.1] not internal
 *		QID: s=sel d=example.org a=rsa-sha256 SSL	QID: example.org fail
 *	spamass-milter (0.3 and 0.4): errors and debug output only
 *		Could not extract score from <...>	mlfi_connect: enter
 */
#include "base/scan.h"
#include "parser/daemons.h"

#define T(text) { text, sizeof(text) - 1 }
#define STARTS_ANY(s, table) starts_any((s), (table), sizeof(table) / sizeof((table)[0]))

static const struct slice policy[] = {
	/* postgrey, and Net::Server that it is made of */
	T("action="), T("delayed "), T("tarpit whitelisted"), T("whitelisted: "), T("cleaning "),
	T("rm "), T("HUP received"), T("Exiting!"),
	T("unrecognized request type"), T("ignoring garbage"), T("correcting date "),
	T("WARNING: "),
	T("FATAL: "), T("Process Backgrounded"), T("postgrey "), T("Binding to "), T("Setting "),
	T("Resolved "), T("Group Not Defined"), T("User Not Defined"), T("Server closing!"),
	T("Couldn't "),
	T("2"),		/* "2026/11/01-02:03:04 postgrey (type Net::Server...) starting!" */
	/* the two for SPF */
	T("Action: "), T("Received-SPF: "), T("prepend "), T("None; "), T("Pass; "), T("Fail; "),
	T("Softfail; "), T("Neutral; "), T("Permerror; "), T("Temperror; "), T("550 "), T("451 "),
	T("SPF "), T("Policy action="), T("handler "), T("Attribute: "),
	T("warning: "),
	T("fatal_exit: "), T("testing: "), T("Starting"), T("Read line: "), T("Found the "),
	T("spfcheck: "), T("_spfbasic: "), T("Cached data "), T("Config"), T("defer_if_permit "),
	T("dunno"), T("DUNNO"), T("reject "), T("REJECT "), T("Normal exit"), T("Traceback "),
	T("ERROR: "), T("Skipped "), T("skip"), T("Whitelist"), T("[CACHE] "), T("decided action="),
	T("Mail From (sender) "), T("HELO check "),
};

static const struct slice milter[] = {
	T("OpenDKIM Filter"), T("OpenDMARC Filter"), T("opendkim"), T("opendmarc"),
	T("additional trust"),
	T("trying "), T("terminating "), T("ignoring "), T("dkimf_"), T("dmarcf_"), T("smfi_"),
	T("milter"), T("connect "), T("can't "), T("unable to "), T("exiting "), T("reload"),
	T("configuration "), T("received "), T("no signing table "), T("mlfi_"), T("Could not "),
	T("Failed to "), T("popenv failed"), T("poll"), T("error. "), T("Setting debug "),
	T("Remote address: "), T("::"), T("f_nc: "), T("r_f: "), T("tried output "),
	T("Thrown error"),
	T("spamass-milter "), T("spamc "), T("SpamAssassin:"), T("Unknown error"), T("Cannot "),
};

static bool
starts_any(struct slice s, const struct slice *table, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s.n && s.p[0] == table[i].p[0] && slice_starts(s, table[i]))
			return true;
	return false;
}

/* "4104E3D: "; *s moves behind it. */
static bool
take_qid(struct slice *s)
{
	size_t n = scan_byte(slice_first(*s, 24), ':');

	if (n < 5 || n + 1 >= s->n || s->p[n] != ':' || s->p[n + 1] != ' ' ||
	    scan_byte(slice_first(*s, n), ' ') < n)
		return false;
	*s = slice_skip(*s, n + 2);
	return true;
}

enum line_kind
policy_line(const struct header *h, struct event *ev)
{
	struct slice s = h->body;

	(void)ev;
	if (slice_starts(s, SLICE(": ")))
		s = slice_skip(s, 2);
	return STARTS_ANY(s, policy) || (take_qid(&s) && STARTS_ANY(s, policy)) ?
	    LINE_RECOGNISED : LINE_UNKNOWN;
}

enum line_kind
milter_line(const struct header *h, struct event *ev)
{
	struct slice s = h->body;

	(void)ev;
	return STARTS_ANY(s, milter) || take_qid(&s) ? LINE_RECOGNISED : LINE_UNKNOWN;
}
