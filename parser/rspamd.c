/*
 * rspamd (1.0 to 3.x), behind "rspamd[pid]: " or in its own file behind "2026-02-01 10:00:02 ":
 *
 *	[#1001(normal) ]<TAG>; [task; ]rspamd_task_write_log: id: <MID>, qid: <QID>, ip: ADDRESS,
 *	    user: LOGIN, from: <S>, (default: T (reject): [18.50/15.00] [SYMBOL(5.00){opt;},...]),
 *	    len: 2345, time: 15.30ms, dns req: 9, digest: <...>, rcpts: <R>, mime_rcpts: <R,>
 *	... id: <MID>, qid: <QID>, ip: ADDRESS, (reject): [18.5/15.0] [SYMBOL(5.0),...], ...
 *	[#1001(normal) ]<TAG>; MODULE; FUNCTION: what it says of itself
 *
 * qid, ip, user and from are left out when there is none; MID is "undef" then. Read from the left:
 * the first blank ends MID; S may be quoted; LOGIN is what the client proved. A MID that holds a
 * blank could go on like the fields behind it, but then these come once more, and the line is not
 * believed. Symbols' options are strangers' words (subjects, hosts): they are no tests.
 */
#include "base/scan.h"
#include "parser/daemons.h"
#include "parser/points.h"

struct action_word {
	struct slice word;
	uint8_t action;
	bool spam;
};

static const struct action_word actions[] = {
	{ { "no action", 9 }, ACT_WARNED, false }, { { "greylist", 8 }, ACT_DEFERRED, false },
	{ { "soft reject", 11 }, ACT_DEFERRED, false }, { { "reject", 6 }, ACT_REFUSED, true },
	{ { "add header", 10 }, ACT_WARNED, true },
	{ { "rewrite subject", 15 }, ACT_WARNED, true },
	{ { "quarantine", 10 }, ACT_WARNED, true }, { { "discard", 7 }, ACT_DISCARDED, true },
};

/* "<...>, ", quotes respected. */
static bool
take_angle(struct slice *s, struct slice *value_r)
{
	bool inside = false;
	size_t i;

	for (i = 1; i < s->n && (inside || s->p[i] != '>'); i++) {
		if (s->p[i] == '\\')
			i++;
		else if (s->p[i] == '"')
			inside = !inside;
	}
	if (s->n == 0 || s->p[0] != '<' || i >= s->n)
		return false;
	*value_r = slice_range(s->p + 1, s->p + i);
	*s = slice_skip(*s, i + 1);
	return slice_take(s, SLICE(", "));
}

/* Who sent it; *s moves to the parenthesis. */
static bool
parties(struct slice *s, struct event *ev)
{
	struct slice value;
	size_t n;

	n = scan_byte(*s, ' ');
	if (n < 3 || n >= s->n || s->p[0] != '<' || s->p[n - 1] != ',' || s->p[n - 2] != '>')
		return false;
	value = slice_range(s->p + 1, s->p + n - 2);
	if (value.n > 0 && !slice_eq(value, SLICE("undef")))
		event_set(ev, F_MESSAGE_ID, value);
	*s = scan_rest(*s, n + 1);
	if (slice_take(s, SLICE("qid: "))) {
		if (!take_angle(s, &value))
			return false;
		event_set(ev, F_QID, value);
	}
	if (slice_take(s, SLICE("ip: "))) {
		n = scan_byte(*s, ',');
		ev->has_addr = addr_parse(slice_first(*s, n), &ev->addr);
		*s = slice_skip(*s, n);
		if (!slice_take(s, SLICE(", ")))
			return false;
	}
	if (slice_take(s, SLICE("user: "))) {
		n = scan_byte(*s, ',');
		event_set(ev, F_ACCOUNT, slice_first(*s, n));
		*s = slice_skip(*s, n);
		if (!slice_take(s, SLICE(", ")))
			return false;
	}
	if (slice_take(s, SLICE("from: "))) {
		if (!take_angle(s, &value))
			return false;
		if (value.n == 0)
			ev->flags |= EF_NULL_SENDER;
		event_set(ev, F_SENDER, value);
	}
	return true;
}

/* The fields that end a message-id, once more. */
static bool
is_doubtful(struct slice s)
{
	return slice_str(s, SLICE(">, qid: <")) != NULL || slice_str(s, SLICE(">, ip: ")) != NULL ||
	    slice_str(s, SLICE(">, user: ")) != NULL || slice_str(s, SLICE(">, from: <")) != NULL;
}

/* "(default: T (reject): [18.50/15.00] [" or "(reject): [18.5/15.0] [" */
static bool
verdict(struct slice s, struct event *ev)
{
	size_t i, n = sizeof(actions) / sizeof(actions[0]), close;

	if (!slice_take(&s, SLICE("(")))
		return false;
	if (slice_take(&s, SLICE("default: ")) && s.n > 3)
		s = slice_skip(s, 3);		/* "T (" */
	for (i = 0; i < n && !slice_starts(s, actions[i].word); i++)
		continue;
	if (i == n)
		return false;
	s = slice_skip(s, actions[i].word.n);
	if (!slice_take(&s, SLICE("): [")) || !points_take(&s, &ev->score) || is_doubtful(s))
		return false;
	ev->flags |= EF_HAS_SCORE | (actions[i].spam ? EF_SPAM : 0);
	ev->action = actions[i].action;
	s = slice_skip(s, scan_byte(s, '['));
	close = scan_byte(s, ']');
	if (s.n > 1 && close < s.n && scan_byte(s, '{') > close && close > 1)
		event_set(ev, F_TESTS, slice_range(s.p + 1, s.p + close));
	return true;
}

/* "#1001(normal) <d4e5f6>; " */
static bool
take_head(struct slice *s)
{
	size_t n;

	if (slice_starts(*s, SLICE("#"))) {
		n = scan_byte(*s, ' ');
		*s = slice_skip(*s, n < s->n ? n + 1 : n);
	}
	if (!slice_starts(*s, SLICE("<")))
		return false;
	n = scan_byte(*s, '>');
	*s = slice_skip(*s, n < s->n ? n + 1 : n);
	return slice_take(s, SLICE("; "));
}

enum line_kind
rspamd_line(const struct header *h, struct event *ev)
{
	struct slice s = h->body;

	if (!take_head(&s))
		return LINE_UNKNOWN;
	slice_take(&s, SLICE("task; "));
	if (!slice_take(&s, SLICE("rspamd_task_write_log: ")))
		return LINE_RECOGNISED;
	ev->mta = MTA_RSPAMD;
	ev->type = EV_VERDICT;
	return slice_take(&s, SLICE("id: ")) && parties(&s, ev) && verdict(s, ev) ?
	    LINE_RECOGNISED : LINE_UNKNOWN;
}
