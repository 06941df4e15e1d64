/*
 * spamd's verdicts (SpamAssassin 2.6 to 4.0; the word "spamd: " since 3.1):
 *
 *	spamd: result: Y  8 - TEST_A,TEST_B scantime=4.2,size=1432,user=u,uid=1,required_score=5.0,
 *	    rhost=h,raddr=127.0.0.1,rport=1,mid=<id@example>,autolearn=no
 *	result: . -1 - TEST_A scantime=1.6,size=3347,mid=(unknown),autolearn=ham
 *	spamd: identified spam (8.1/6.0) for user:98 in 4.2 seconds, 1432 bytes.
 *	spamd: clean message (0.0/6.0) for user:98 in 1.6 seconds, 3347 bytes.
 *	spamd: processing|checking message <id> for user:98
 *	spamd: connection from host [addr]:port to port 783, fd 5
 *	prefork: child states: BI		and other words of its own
 *
 * Only the result line counts: "identified" and "clean" say the same of the same message. Anchors:
 * tests are the one word behind " - "; the rest is split at commas, which spamd takes out of a
 * message id.
 */
#include "base/scan.h"
#include "parser/daemons.h"

#define T(text) { text, sizeof(text) - 1 }

static const struct slice boring[] = {
	T("processing message "), T("clean message "), T("identified spam "),
	T("checking message "),
	T("connection from "), T("handled cleanup of child "), T("handle_user "), T("setuid to "),
	T("server "), T("child "), T("using "), T("skipped large message "), T("info: "),
	T("still running as root"), T("creating default_prefs"), T("failed to "), T("got "),
	T("unauthorized connection "), T("bad protocol"), T("timeout: "), T("closed "), T("hosts "),
	T("restarting"), T("clean shutdown"), T("copying "), T("Tell:"), T("could not "),
	T("cannot "), T("error: "), T("alarm"), T("accept "), T("(child"), T("still"), T("ping"),
	T("service "), T("stopping"), T("starting"), T("file "), T("learned "), T("tell "),
};

/* What SpamAssassin logs behind the name of a facility. */
static const struct slice facility[] = {
	T("prefork: "), T("dns: "), T("rules: "), T("config: "), T("bayes: "), T("plugin: "),
	T("logger: "), T("util: "), T("auto-whitelist: "), T("pyzor: "), T("razor2: "), T("dcc: "),
	T("spf: "), T("dkim: "), T("uri: "), T("uridnsbl: "), T("check: "), T("async: "),
	T("netset: "), T("locker: "), T("generic: "), T("message: "), T("learn: "), T("txrep: "),
	T("geodb: "), T("askdns: "), T("DnsResolver: "), T("Use of uninitialized value"),
};

static bool
is_listed(struct slice s, const struct slice *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (s.n && s.p[0] == list[i].p[0] && slice_starts(s, list[i]))
			return true;
	return false;
}

/* One "key=value" of the list behind the tests, at the start of s. */
static void
result_item(struct slice s, struct event *ev)
{
	struct slice item = slice_first(s, scan_byte(s, ','));
	uint64_t size;

	if (slice_take(&item, SLICE("size="))) {
		if (scan_number(item, UINT32_MAX, &size))
			ev->size = (uint32_t)size;
	} else if (slice_take(&item, SLICE("mid="))) {
		if (event_has(ev, F_MESSAGE_ID) || !slice_take(&item, SLICE("<")))
			return;
		if (slice_ends(item, SLICE(">")))
			item.n--;
		if (item.n > 0)
			event_set(ev, F_MESSAGE_ID, item);
	}
}

/* The list behind the tests: of ten items two count. */
static void
result_items(struct slice s, struct event *ev)
{
	uint32_t sizes = swar_load4("size"), mids = swar_load4("mid=");

	if (s.n > 0)
		result_item(s, ev);
	for (size_t i = 0; i < s.n; i += 32)
		for (uint32_t hit = wide_equal32(s.p + i, ','); hit; hit &= hit - 1) {
			size_t at = i + (unsigned)__builtin_ctz(hit) + 1;
			uint32_t key = swar_load4(s.p + at);

			if ((key == sizes || key == mids) && at < s.n)
				result_item(scan_rest(s, at), ev);
		}
}

/* s: behind "result: ". */
static enum line_kind
result(struct slice s, struct event *ev)
{
	bool spam = slice_take(&s, SLICE("Y ")), minus;
	struct slice tests;
	uint64_t points;
	size_t n;

	if (!spam && !slice_take(&s, SLICE(". ")))
		return LINE_UNKNOWN;
	while (slice_take(&s, SLICE(" ")))
		continue;
	minus = slice_take(&s, SLICE("-"));
	n = scan_byte(s, ' ');
	if (n == s.n || !scan_number(slice_first(s, n), 100000, &points))
		return LINE_UNKNOWN;
	s = scan_rest(s, n);
	if (!slice_take(&s, SLICE(" - ")))
		return LINE_UNKNOWN;
	ev->type = EV_VERDICT;
	ev->flags |= EF_HAS_SCORE | (spam ? EF_SPAM : 0);
	ev->score = (minus ? -(int32_t)points : (int32_t)points) * 1000;
	ev->action = ACT_WARNED;
	n = scan_byte(s, ' ');
	tests = slice_first(s, n);
	if (tests.n > 0 && !slice_starts(tests, SLICE("scantime=")))
		event_set(ev, F_TESTS, tests);
	if (n < s.n)
		result_items(scan_rest(s, n + 1), ev);
	return LINE_RECOGNISED;
}

enum line_kind
spamd_line(const struct header *h, struct event *ev)
{
	struct slice s = h->body;

	slice_take(&s, SLICE("spamd: "));
	if (slice_take(&s, SLICE("result: ")))
		return result(s, ev);
	return is_listed(s, boring, sizeof(boring) / sizeof(boring[0])) ||
	    is_listed(s, facility, sizeof(facility) / sizeof(facility[0])) ?
	    LINE_RECOGNISED : LINE_UNKNOWN;
}
