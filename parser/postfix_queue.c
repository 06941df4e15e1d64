/*
 * Postfix cleanup, qmgr (oqmgr, nqmgr), pickup and bounce, 2.3 to 3.12; all behind "QID: ".
 * cleanup:
 *	message-id=<ID>		raw header text to the end of the line: <> may be missing or empty
 *	resent-message-id=...
 *	milter-ACTION: VERB from CLIENT: ...			see postfix_reject.c
 *	ACTION: header|body TEXT from CLIENT|local; from=<S> to=<R>[ proto=P helo=<H>][: reason]
 *	canceled						3.10
 * qmgr:
 *	from=<S>, size=N, nrcpt=N (queue active)
 *	from=<S>, status=expired|force-expired, returned to sender
 *	removed
 *	to=<R>, relay=none, ... (old versions defer here)	see postfix_delivery.c
 * pickup:
 *	uid=N from=<S>
 * bounce:
 *	sender non-delivery notification: QID
 */
#define _GNU_SOURCE	/* memrchr */
#include "parser/postfix.h"

static enum line_kind
known_or_not(struct slice s)
{
	return postfix_diagnostic(s) ? LINE_RECOGNISED : LINE_UNKNOWN;
}

/*
 * The header's text is what the sender wrote. Without <> when these stand around all of it and
 * nowhere else; text before the < is left out.
 */
static struct slice
message_id(struct slice s)
{
	const char *open = slice_chr(s, '<'), *close;

	if (open != NULL && open > s.p && slice_chr(slice_range(open, slice_end(s)), '>') != NULL)
		s = slice_range(open, slice_end(s));
	if (s.n < 2 || s.p[0] != '<' || s.p[s.n - 1] != '>')
		return s;
	close = slice_chr(s, '>');
	if (close != slice_end(s) - 1 || slice_chr(slice_skip(s, 1), '<') != NULL)
		return s;
	return slice_first(slice_skip(s, 1), s.n - 2);
}

static enum line_kind
parse_message_id(struct slice s, struct slice qid, struct event *ev)
{
	s = message_id(s);
	if (s.n == 0)
		return LINE_RECOGNISED;
	ev->type = EV_MESSAGE_ID;
	event_set(ev, F_QID, qid);
	event_set(ev, F_MESSAGE_ID, s);
	return LINE_RECOGNISED;
}

struct check_action {
	struct slice word;
	bool refusal;
	enum reject_action action;
};

/* Without the ": reason" that may stand behind the tail. */
static struct slice
without_reason(struct slice s)
{
	const char *at;

	for (at = slice_end(s); at != NULL && at > s.p;) {
		at = memrchr(s.p, '>', (size_t)(at - s.p));
		if (at != NULL && (at + 1 == slice_end(s) || at[1] == ':'))
			return slice_range(s.p, at + 1);
	}
	return s;
}

/* Behind "header " or "body ": strangers' text, so the client is taken behind the last " from ". */
static enum line_kind
parse_content_check(struct slice s, struct slice qid, const struct check_action *a,
    struct event *ev)
{
	struct slice before = postfix_cut_tail(s, ev), client;
	const char *from;

	if (!a->refusal) {
		ev->has &= 1u << F_SERVICE;
		ev->flags &= ~(unsigned)EF_NULL_SENDER;
		return LINE_RECOGNISED;
	}
	if (before.n == s.n)
		before = postfix_cut_tail(without_reason(s), ev);
	from = slice_rstr(before, SLICE(" from "));
	if (from == NULL)
		return LINE_UNKNOWN;
	client = slice_skip(slice_range(from, slice_end(before)), 6);
	if (!slice_eq(client, SLICE("local"))) {
		client = postfix_client(client, ev);
		if (client.p == NULL || client.n)
			return LINE_UNKNOWN;
	}
	ev->type = EV_REJECT;
	ev->action = (uint8_t)a->action;
	ev->phase = PHASE_CONTENT;
	ev->reason = REJECT_CONTENT;
	event_set(ev, F_QID, qid);
	event_set(ev, F_REPLY, slice_range(before.p, from));
	return LINE_RECOGNISED;
}

static enum line_kind
parse_action(struct slice s, struct slice qid, struct event *ev)
{
	static const struct check_action actions[] = { { { "warning: ", 9 }, false, 0 },
		{ { "info: ", 6 }, false, 0 }, { { "reject: ", 8 }, true, ACT_REFUSED },
		{ { "discard: ", 9 }, true, ACT_DISCARDED }, { { "hold: ", 6 }, true, ACT_HELD },
		{ { "filter: ", 8 }, false, 0 }, { { "redirect: ", 10 }, false, 0 },
		{ { "prepend: ", 9 }, false, 0 }, { { "replace: ", 9 }, false, 0 },
		{ { "strip: ", 7 }, false, 0 }, { { "bcc: ", 5 }, false, 0 },
		{ { "delay: ", 7 }, false, 0 }, { { "pass: ", 6 }, false, 0 } };
	static const struct slice parts[] = { { "header ", 7 }, { "body ", 5 }, { "mime ", 5 },
		{ "nested ", 7 }, { "content ", 8 }, { "milter ", 7 } };
	struct slice inner = s;

	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (!postfix_take(&inner, actions[i].word))
			continue;
		if (POSTFIX_STARTS_ANY(inner, parts))
			return parse_content_check(inner, qid, &actions[i], ev);
		break;
	}
	return LINE_UNKNOWN;
}

enum line_kind
postfix_cleanup(const struct header *h, struct event *ev)
{
	static const struct slice known[] = { { "resent-message-id=", 18 }, { "canceled", 8 },
		{ "milter-", 7 }, { "sender_", 7 }, { "recipient_", 10 }, { "to=<", 4 },
		{ "table ", 6 }, { "uid=", 4 } };
	struct slice s = h->body, qid;

	if (!postfix_take_qid(&s, &qid))
		return slice_starts(s, SLICE("milter-reject: "))
			   ? postfix_refusal(s, SLICE_NONE, ev)
			   : known_or_not(s);
	if (slice_take(&s, SLICE("message-id=")))
		return parse_message_id(s, qid, ev);
	if (parse_action(s, qid, ev) == LINE_RECOGNISED)
		return LINE_RECOGNISED;
	if (postfix_refusal(s, qid, ev) == LINE_RECOGNISED)
		return LINE_RECOGNISED;
	return POSTFIX_STARTS_ANY(s, known) ? LINE_RECOGNISED : known_or_not(s);
}

/* "KEYnnn" off the end of *s. */
static inline __attribute__((always_inline)) bool
cut_number(struct slice *s, struct slice key, uint32_t *value_r)
{
	size_t i = s->n;
	uint64_t v;

	while (i > 0 && (unsigned char)(s->p[i - 1] - '0') <= 9)
		i--;
	if (i < key.n || memcmp(s->p + i - key.n, key.p, key.n) != 0 ||
	    !scan_number(scan_rest(*s, i), UINT64_MAX / 16, &v))
		return false;
	*value_r = v > UINT32_MAX ? UINT32_MAX : (uint32_t)v;
	*s = slice_first(*s, i - key.n);
	return true;
}

static enum line_kind
parse_from(struct slice s, struct slice qid, struct event *ev)
{
	static const struct slice active = { " (queue active)", 15 };
	static const struct slice expired[] = { { ">, status=expired, returned to sender", 37 },
		{ ">, status=force-expired, returned to sender", 43 } };

	if (slice_ends(s, active)) {
		s.n -= active.n;
		if (!cut_number(&s, SLICE(", nrcpt="), &ev->number) ||
		    !cut_number(&s, SLICE(">, size="), &ev->size))
			return LINE_UNKNOWN;
		ev->type = EV_QUEUED;
		event_set(ev, F_QID, qid);
		postfix_set_sender(ev, s);
		return LINE_RECOGNISED;
	}
	for (size_t i = 0; i < 2; i++) {
		if (!slice_ends(s, expired[i]))
			continue;
		ev->type = EV_DELIVERY;
		ev->reason = DELIVERY_EXPIRED;
		ev->agent = AGENT_NONE;
		event_set(ev, F_QID, qid);
		postfix_set_sender(ev, slice_first(s, s.n - expired[i].n));
		return LINE_RECOGNISED;
	}
	return LINE_UNKNOWN;
}

enum line_kind
postfix_qmgr(const struct header *h, struct event *ev)
{
	struct slice s = h->body, qid;

	if (!postfix_take_qid(&s, &qid))
		return known_or_not(s);
	if (slice_take(&s, SLICE("from=<")))
		return parse_from(s, qid, ev);
	if (slice_eq(s, SLICE("removed"))) {
		ev->type = EV_REMOVED;
		event_set(ev, F_QID, qid);
		return LINE_RECOGNISED;
	}
	if (slice_starts(s, SLICE("to=")))
		return postfix_delivery(h, ev);
	if (slice_starts(s, SLICE("skipped, still being delivered")))
		return LINE_RECOGNISED;
	return known_or_not(s);
}

enum line_kind
postfix_pickup(const struct header *h, struct event *ev)
{
	struct slice s = h->body, qid, user;
	const char *blank;

	if (!postfix_take_qid(&s, &qid) || !slice_take(&s, SLICE("uid=")))
		return known_or_not(s);
	blank = slice_chr(s, ' ');
	if (blank == NULL || s.p[s.n - 1] != '>')
		return LINE_UNKNOWN;
	user = slice_range(s.p, blank);
	s = slice_range(blank, slice_end(s) - 1);
	if (user.n == 0 || !slice_take(&s, SLICE(" from=<")))
		return LINE_UNKNOWN;
	ev->type = EV_PICKUP;
	event_set(ev, F_QID, qid);
	event_set(ev, F_USER, user);
	postfix_set_sender(ev, s);
	return LINE_RECOGNISED;
}

enum line_kind
postfix_bounce(const struct header *h, struct event *ev)
{
	static const struct slice boring[] = { { "sender delivery status notification: ", 37 },
		{ "sender delay notification: ", 27 },
		{ "postmaster non-delivery notification: ", 38 },
		{ "postmaster delay notification: ", 31 }, { "sender notification: ", 21 } };
	struct slice s = h->body, qid;

	if (!postfix_take_qid(&s, &qid))
		return known_or_not(s);
	if (slice_take(&s, SLICE("sender non-delivery notification: "))) {
		if (s.n == 0)
			return LINE_UNKNOWN;
		ev->type = EV_BOUNCE;
		event_set(ev, F_QID, qid);
		event_set(ev, F_CHILD_ID, s);
		return LINE_RECOGNISED;
	}
	return POSTFIX_STARTS_ANY(s, boring) ? LINE_RECOGNISED : known_or_not(s);
}
