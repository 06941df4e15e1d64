/*
 * amavis' verdict lines (amavisd-new 2.4 to amavis 2.13), behind "amavis[pid]: ":
 *
 *	(1234-05) Blocked SPAM {DiscardedInbound,Quarantined}, BANK [192.0.2.1]:4711 [192.0.2.2]
 *	    <sender> -> <rcpt>,<rcpt>, quarantine: x, Queue-ID: 4X1, Message-ID: <m>, mail_id: i,
 *	    Hits: 6.3, size: 123, queued_as: 4X2, 104 ms
 *	(1234-05) Passed CLEAN, ... also SPAMMY BAD-HEADER-n UNCHECKED MTA-BLOCKED OVERSIZED OTHER
 *	(1234-05) Blocked INFECTED (name) {...}, ...	BANNED (types and file names)
 *	(1234-05) Passed, <sender> -> <rcpt>, ...	2.3 and older: no category
 *	(1234-05) SPAM, <sender> -> <rcpt>, Yes, score=17.7 ...	second line of the same mail
 *
 * Anchors: from the left up to the recipients, then "Queue-ID: " and "Message-ID: <" in their
 * places; what comes behind the message id, which a stranger chose, is looked for from the right,
 * before a "Subject: " that the site may have added. The names in INFECTED (...) and BANNED (...)
 * are strangers' too: if they hold a bracket, the address is not believed.
 */
#include "parser/daemons.h"
#include "parser/points.h"

#define T(text) { text, sizeof(text) - 1 }

static const struct slice known[] = {
	T("SPAM, "), T("SPAM-TAG, "), T("SPAMMY, "), T("FAKE SENDER, "), T("p0"), T("LMTP:"),
	T("SMTP:"), T("ESMTP:"), T("ESMTP"), T("OS_fingerprint: "), T("BAD HEADER "),
	T("check_header: "), T("truncating "), T("do_"), T("spam_scan: "), T("WARN"), T("NOTICE"),
	T("INFO: "), T("DSN: "), T("Quarantine"), T("Negative SMTP "), T("smtp "),
	T("response to "),
	T("mangling "), T("DEFANGING "), T("PenPals"), T("ClamAV"), T("SMTP shutdown"),
	T("PRESERVING "), T("SA "), T("Checking: "), T("FWD "), T("SEND "), T("TIMING "),
	T("dkim: "), T("dkim_"), T("Cached "), T("cached "), T("INFECTED"), T("run_av "), T("run_"),
	T("local delivery"), T("inspect_dsn"), T("header: "), T("OpenRelay"), T("extra modules"),
	T("size: "), T("TempDir"), T("policy bank"), T("loaded policy"), T("loading policy"),
	T("Starting"), T("starting"), T("user="), T("Module "), T("Net::"), T("Creating "),
	T("Using "), T("Found "), T("No "), T("Valid "), T("exiting"), T("Amavis"), T("amavis"),
	T("logging "), T("perl="), T("INIT"), T("Deleting "), T("Using"), T("Open"), T("Virus "),
	T("(!"), T("..."), T("Connecting "), T("connect"), T("SpamControl"), T("SpamAssassin"),
	T("bounce "), T("wbl: "), T("white"), T("black"), T("redis"), T("sql"), T("lookup"),
	T("collect_"), T("decompos"), T("mail_"), T("rw_loop"), T("switch"), T("Turning "),
	T("ANTI-"), T("AMAVIS"), T("AM.PDP"), T("TROUBLE"), T("Requesting"),
	T("process_request"), T("virus_scan: "), T("ask_av "),
	T("TIMING-"), T("Internal decoder "), T("socket module "), T("config files "),
	T("BerkeleyDB"), T("after_chroot_"), T("Sophie: "), T("PANIC, "), T("_WARN: "),
	T("Process"), T("Shutting"), T("release"), T("save_"),
};

/* ", key: value"; s must start with the comma. */
static struct slice
value_of(struct slice s, struct slice key)
{
	const char *p, *end;

	if (s.n == 0 || (p = slice_rstr(s, key)) == NULL)
		return SLICE_NONE;
	s = slice_range(p + key.n, slice_end(s));
	for (end = s.p; end < slice_end(s) && *end != ',' && *end != ' '; end++)
		continue;
	return slice_range(s.p, end);
}

/* "6.364", "-2.541-3" (a sum), "-" (not scored) */
static void
hits(struct slice s, struct event *ev)
{
	int32_t sum, boost;

	if (!points_take(&s, &sum))
		return;
	if (s.n > 0 && points_take(&s, &boost))
		sum += boost;
	ev->score = sum;
	ev->flags |= EF_HAS_SCORE;
}

/* "<...>", quotes respected. */
static bool
take_angle(struct slice *s, struct slice *value_r)
{
	bool inside = false;
	size_t i;

	if (s->n == 0 || s->p[0] != '<')
		return false;
	for (i = 1; i < s->n && (inside || s->p[i] != '>'); i++) {
		if (s->p[i] == '\\')
			i++;
		else if (s->p[i] == '"')
			inside = !inside;
	}
	if (i >= s->n)
		return false;
	*value_r = slice_range(s->p + 1, s->p + i);
	*s = slice_skip(*s, i + 1);
	return true;
}

/* Behind the recipients. */
static void
tail(struct slice s, struct event *ev)
{
	const char *p = slice_str(s, SLICE(", Message-ID: <"));
	struct slice before = p == NULL ? s : slice_range(s.p, p), behind = s, value;
	uint64_t size;

	value = value_of(before, SLICE(", Queue-ID: "));
	if (value.n > 0)
		event_set(ev, F_QID, value);
	if (p == NULL && slice_take(&behind, SLICE(" Message-ID: <")))
		p = behind.p - 14;		/* 2.4: no comma before it */
	if (p != NULL) {
		behind = slice_range(p + 14 + (*p == ','), slice_end(s));
		value = behind;
		if ((p = slice_rstr(value, SLICE(">, mail_id: "))) != NULL ||
		    (p = slice_chr(value, '>')) != NULL)
			value = slice_range(value.p, p);
		event_set(ev, F_MESSAGE_ID, value);
		behind = slice_range(slice_end(value), slice_end(s));
	}
	if ((p = slice_str(behind, SLICE(", Subject: "))) != NULL)
		behind = slice_range(behind.p, p);
	hits(value_of(behind, SLICE(", Hits: ")), ev);
	value = value_of(behind, SLICE("size: "));
	if (slice_u64(value, UINT32_MAX, &size))
		ev->size = (uint32_t)size;
	value = value_of(behind, SLICE(", queued_as: "));
	if (value.n > 0)
		event_set(ev, F_RELAY_ID, value);
	if ((p = slice_rstr(behind, SLICE(", Tests: ["))) != NULL) {
		value = slice_range(p + 10, slice_end(behind));
		if ((p = slice_chr(value, ']')) != NULL)
			event_set(ev, F_TESTS, slice_range(value.p, p));
	}
}

/* "BANK/BANK [192.0.2.1]:4711 [192.0.2.2] <sender> -> <rcpt>,<rcpt>, ..." */
static enum line_kind
parties(struct slice s, bool believed, struct event *ev)
{
	const char *p = slice_chr(s, '<'), *close;
	struct slice head, value;
	uint64_t port;

	if (p == NULL)
		return LINE_UNKNOWN;
	head = slice_range(s.p, p);
	s = slice_range(p, slice_end(s));
	if (slice_str(head, SLICE("ORIGINATING")) != NULL)
		ev->flags |= EF_OUTBOUND;
	p = slice_chr(head, '[');
	close = slice_chr(head, ']');
	if (believed && p != NULL && close > p) {
		ev->has_addr = addr_parse(slice_range(p + 1, close), &ev->addr);
		value = slice_range(close + 1, slice_end(head));
		if (slice_take(&value, SLICE(":")) && (p = slice_chr(value, ' ')) != NULL &&
		    slice_u64(slice_range(value.p, p), UINT16_MAX, &port))
			ev->port = (uint16_t)port;
	}
	if (!take_angle(&s, &value) || !slice_take(&s, SLICE(" -> ")))
		return LINE_UNKNOWN;
	if (value.n == 0)
		ev->flags |= EF_NULL_SENDER;
	event_set(ev, F_SENDER, value);
	if (take_angle(&s, &value) && !slice_starts(s, SLICE(",<")))
		event_set(ev, F_RCPT, value);		/* the only one */
	while (slice_take(&s, SLICE(",")) && take_angle(&s, &value))
		continue;
	if (s.n > 0 && s.p[0] == ' ' && s.p[-1] == ',')
		s = slice_range(s.p - 1, slice_end(s));
	tail(s, ev);
	return LINE_RECOGNISED;
}

/* "{DiscardedInbound,Quarantined}" */
static void
actions(struct slice words, struct event *ev)
{
	if (slice_str(words, SLICE("Outbound")) != NULL)
		ev->flags |= EF_OUTBOUND;
	if (ev->action != ACT_REFUSED)
		return;
	if (slice_str(words, SLICE("Discarded")) != NULL ||
	    slice_str(words, SLICE("Bounce")) != NULL)	/* also "NoBounce" */
		ev->action = ACT_DISCARDED;
	else if (slice_str(words, SLICE("TempFail")) != NULL)
		ev->action = ACT_DEFERRED;
}

/* s: behind "Passed" or "Blocked"; " SPAM (names) {actions}, parties" or ", parties". */
static enum line_kind
verdict(struct slice s, bool passed, struct event *ev)
{
	struct slice category, names = SLICE_NONE;
	const char *p;
	size_t n;

	ev->action = passed ? ACT_WARNED : ACT_REFUSED;
	slice_take(&s, SLICE(" "));
	for (n = 0; n < s.n && s.p[n] != ' ' && s.p[n] != ','; n++)
		continue;
	category = slice_first(s, n);
	s = slice_skip(s, n);
	if (slice_starts(s, SLICE(" ("))) {
		if ((p = slice_str(s, SLICE(") {"))) == NULL &&
		    (p = slice_str(s, SLICE("), "))) == NULL)
			return LINE_UNKNOWN;
		names = slice_range(s.p, p);
		s = slice_range(p + 1, slice_end(s));
	}
	if (slice_starts(s, SLICE(" {")) && (p = slice_chr(s, '}')) != NULL) {
		actions(slice_range(s.p, p), ev);
		s = slice_range(p + 1, slice_end(s));
	}
	if (!slice_take(&s, SLICE(", ")))
		return LINE_UNKNOWN;
	if (parties(s, slice_chr(names, '[') == NULL && slice_chr(names, '<') == NULL, ev) !=
	    LINE_RECOGNISED)
		return LINE_UNKNOWN;
	ev->type = EV_VERDICT;
	if (slice_eq(category, SLICE("SPAM")) || slice_eq(category, SLICE("SPAMMY")))
		ev->flags |= EF_SPAM;
	return LINE_RECOGNISED;
}

enum line_kind
amavis_line(const struct header *h, struct event *ev)
{
	struct slice s = h->body;
	const char *p;
	size_t i;

	if (slice_starts(s, SLICE("(")) && (p = slice_chr(slice_first(s, 40), ')')) != NULL &&
	    s.p[1] != '!') {
		s = slice_range(p + 1, slice_end(s));
		slice_take(&s, SLICE(" "));
	}
	if (slice_take(&s, SLICE("Blocked")))
		return verdict(s, false, ev);
	if (slice_take(&s, SLICE("Passed")))
		return verdict(s, true, ev);
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (s.n > 0 && s.p[0] == known[i].p[0] && slice_starts(s, known[i]))
			return LINE_RECOGNISED;
	return LINE_UNKNOWN;
}
