/*
 * MIMEDefang (2.x and 3.x): mimedefang, mimedefang.pl and mimedefang-multiplexor.
 *
 *	[QID: ]MDLOG,QID,EVENT,VALUE1,VALUE2,<sender>,<rcpt>,subject	md_graphdefang_log()
 *	QID: Filter time is 120ms		Bouncing because filter instructed us to
 *	Worker 0 stderr: ...			other words of its own
 *
 * EVENT is the site's own word; those that MIMEDefang's examples use for SpamAssassin's verdict
 * are "spam" and "non-spam", with the score and the client's address as values. Commas in the
 * values are written as %2C, so the fields are split at commas. The verdict has no message-id: it
 * belongs to the message of that queue id.
 */
#include "base/scan.h"
#include "parser/daemons.h"
#include "parser/points.h"

#define T(text) { text, sizeof(text) - 1 }

static const struct slice known[] = {
	T("Filter time is "), T("Filter failed"), T("Filter did not "), T("Bouncing because "),
	T("Discarding because "), T("Tempfailing because "), T("Could not "), T("Unable to "),
	T("Not cleaning up "), T("RESULTS file "), T("Overlong line "), T("Out of memory"),
	T("Illegal conn"), T("WARNING: "), T("failed to "), T("Failure in "), T("Error "),
	T("writen failed"), T("filter: "), T("Skipped action_"), T("get_smtp_return_code: "),
	T("Worker "), T("Slave "), T("Starting "), T("Reap: "), T("Killing "), T("Received SIG"),
	T("started; "), T("stop"), T("Initialized embedded "), T("Multiplexor "), T("Busy workers"),
	T("No free workers"), T("Bringing workers "), T("Reread "), T("Cannot "),
	T("External filter "),
	T("MIMEDefang "), T("mimedefang "), T("Shutting down"), T("Problem running "),
	T("Discarding "),
	T("md_"), T("Attempt to call "), T("sendmail "),
};

static bool
is_known(struct slice s)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (s.n && s.p[0] == known[i].p[0] && slice_starts(s, known[i]))
			return true;
	return false;
}

/* The next field; *s moves behind its comma. */
static struct slice
field(struct slice *s)
{
	size_t n = scan_byte(*s, ',');
	struct slice value = slice_first(*s, n);

	*s = slice_skip(*s, n < s->n ? n + 1 : n);
	return value;
}

static struct slice
without_angles(struct slice s)
{
	return s.n >= 2 && s.p[0] == '<' && s.p[s.n - 1] == '>' ?
	    slice_range(s.p + 1, slice_end(s) - 1) : s;
}

/* s: behind "MDLOG," */
static enum line_kind
mdlog(struct slice s, struct event *ev)
{
	struct slice qid = field(&s), what = field(&s), score = field(&s), address = field(&s);
	struct slice sender = field(&s), rcpt = field(&s);
	bool spam = slice_eq(what, SLICE("spam"));

	if (qid.n == 0 || what.n == 0)
		return LINE_UNKNOWN;
	if ((!spam && !slice_eq(what, SLICE("non-spam"))) || !points_take(&score, &ev->score))
		return LINE_RECOGNISED;
	ev->type = EV_VERDICT;
	ev->action = ACT_WARNED;
	ev->flags |= EF_HAS_SCORE | (spam ? EF_SPAM : 0);
	ev->has_addr = addr_parse(address, &ev->addr);
	event_set(ev, F_QID, qid);
	sender = without_angles(sender);
	if (sender.n == 0)
		ev->flags |= EF_NULL_SENDER;
	event_set(ev, F_SENDER, sender);
	event_set(ev, F_RCPT, without_angles(rcpt));
	return LINE_RECOGNISED;
}

enum line_kind
mimedefang_line(const struct header *h, struct event *ev)
{
	struct slice s = h->body;
	size_t n = scan_byte(slice_first(s, 40), ':');

	if (is_known(s))
		return LINE_RECOGNISED;
	if (n > 0 && n + 1 < s.n && s.p[n] == ':' && s.p[n + 1] == ' ')
		s = slice_skip(s, n + 2);
	if (slice_take(&s, SLICE("MDLOG,")))
		return mdlog(s, ev);
	return is_known(s) ? LINE_RECOGNISED : LINE_UNKNOWN;
}
