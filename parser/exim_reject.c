/*
 * Refusals and warnings of Exim's ACLs and local_scan() (4.60 to 4.99; texts are the site's own):
 *
 *	[ID] H=host [addr] I=.. X=.. F=<sender> A=auth:id [temporarily] rejected RCPT <r>: text
 *	ID F=sender H=host [addr] P=esmtp [temporarily] rejected by local_scan(): text
 *	H=host [addr] [temporarily] rejected connection in "connect" ACL: text
 *	H=host [addr] dropped by 'connect' ACL: text
 *	... rejected MAIL|VRFY|EXPN|ETRN <a>: | EHLO or HELO x: | AUTH x: | STARTTLS | DATA: |
 *	... rejected after DATA: | after PRDR DATA: | during MIME ACL checks: | by non-SMTP ACL:
 *	rejected HELO|EHLO from host [addr]: syntactically invalid argument(s): text
 *	ID rejected from <sender> H=host [addr]: message too big: read=501 max=500
 *	[ID] H=host [addr] Warning: text
 *	H=host [addr] sender verify fail|defer for <a>: text		the refusal follows
 *	ID SA: Action: permanently rejected message: score=18.8 required=5.0 (scanned in 9/9 secs |
 *	    Message-Id: mid). From <sender> (host=name [addr]) for rcpts	sa-exim 4.2
 *
 * Anchors: the host block, then fields "K=value" or F=<...> from left to right; the first word that
 * is no field must be the verb. sa-exim's host is the last "(host=" of the line, because the
 * message id before it is the stranger's.
 */
#include "parser/exim_host_words.h"

struct verb {
	struct slice text;
	uint8_t phase, reason;
	bool argument;		/* "<address>" or a word before the colon */
};

#define V(text, phase, reason, argument) { { text, sizeof(text) - 1 }, phase, reason, argument }

static const struct verb verbs[] = {
	V("RCPT ", PHASE_ENVELOPE, REJECT_OTHER, true),
	V("MAIL ", PHASE_ENVELOPE, REJECT_OTHER, true),
	V("after DATA", PHASE_CONTENT, REJECT_OTHER, false),
	V("after PRDR", PHASE_CONTENT, REJECT_OTHER, false),
	V("by local_scan()", PHASE_CONTENT, REJECT_CONTENT, false),
	V("connection", PHASE_CONNECT, REJECT_OTHER, false),
	V("EHLO or HELO ", PHASE_CONNECT, REJECT_HELO, true),
	V("HELO ", PHASE_CONNECT, REJECT_HELO, true),
	V("EHLO ", PHASE_CONNECT, REJECT_HELO, true),
	V("AUTH", PHASE_CONNECT, REJECT_OTHER, false),
	V("STARTTLS", PHASE_CONNECT, REJECT_OTHER, false),
	V("VRFY ", PHASE_ENVELOPE, REJECT_OTHER, true),
	V("EXPN ", PHASE_ENVELOPE, REJECT_OTHER, true),
	V("ETRN ", PHASE_ENVELOPE, REJECT_OTHER, true),
	V("DATA", PHASE_CONTENT, REJECT_OTHER, false),
	V("during MIME", PHASE_CONTENT, REJECT_OTHER, false),
	V("MIME", PHASE_CONTENT, REJECT_OTHER, false),
	V("by non-SMTP ACL", PHASE_CONTENT, REJECT_OTHER, false),
	V("QUIT", PHASE_CONNECT, REJECT_OTHER, false),
	V("from ", PHASE_CONTENT, REJECT_OTHER, true),
	V("DKIM", PHASE_CONTENT, REJECT_OTHER, false),
	V("ATRN ", PHASE_ENVELOPE, REJECT_OTHER, true),
	V("XCLIENT", PHASE_CONNECT, REJECT_OTHER, false),
	V("WELLKNOWN", PHASE_ENVELOPE, REJECT_OTHER, false),
	V("\"", PHASE_ENVELOPE, REJECT_PROTOCOL, false),
};

static inline void
set_argument(const struct verb *v, struct slice value, struct event *ev)
{
	switch (v->text.p[0]) {
	case 'R':
		event_set(ev, F_RCPT, value);
		break;
	case 'M':
	case 'f':
		exim_sender(value, ev);
		break;
	default:
		if (v->reason == REJECT_HELO && !event_has(ev, F_HELO))
			event_set(ev, F_HELO, value);
	}
}

/* "MAIL FROM:<a>" and "MAIL <a>", "RCPT a@b", "HELO from (x) [addr]"; where it ends. */
static const char *
verb_argument(const struct verb *v, const char *p, const char *end, struct event *ev)
{
	struct slice value;
	const char *q;

	if (exim_at(p, end, SLICE("from "))) {
		p += 5;
		q = exim_client(p, end, ev);
		return q != NULL ? q : p;
	}
	if (exim_at(p, end, SLICE("command ")))		/* "rejected MAIL command H=..." */
		return p + sizeof("command ") - 2;
	p = exim_past(p, end, SLICE("FROM:"));
	p = exim_past(p, end, SLICE("TO:"));
	q = exim_angle(p, end, &value);
	if (q == NULL) {
		q = exim_word(p, end);
		if (q > p && q[-1] == ':')
			q--;
		value = slice_range(p, q);
	}
	set_argument(v, value, ev);
	if (!exim_at(q, end, SLICE(" H=")))
		return q;
	p = exim_client(++q, end, ev);
	return p != NULL ? p : q;
}

/* The text behind the colon, which stands behind at most a few words of Exim's own. */
static inline struct slice
text_behind(const char *p, const char *end)
{
	if (!exim_at(p, end, SLICE(": ")))
		p = exim_find(p, end, SLICE(": "));
	return p == NULL ? SLICE_NONE : slice_range(p + 2, end);
}

/* Whom it was about, p behind the verb; the text, which may be none. */
static struct slice
odd_parties(const struct verb *v, const char *p, const char *end, struct event *ev)
{
	const char *q;

	if (v->argument)
		p = verb_argument(v, p, end, ev);
	if (exim_at(p, end, SLICE(" from "))) {
		p += 6;
		q = exim_client(p, end, ev);
		p = q != NULL ? q : p;
	}
	return text_behind(p, end);
}

/* The usual "<address>: text": as odd_parties(). */
static inline struct slice
parties(const struct verb *v, struct exim_words *w, const char *p, struct event *ev)
{
	uint64_t hit = wide_either64(p, '>', '"');
	const char *q;

	exim_words_skip(w, p);
	q = exim_words_next(w);
	if (!v->argument || *p != '<' || hit == 0 || p + __builtin_ctzll(hit) != q - 2 ||
	    q[-2] != '>' || q[-1] != ':' || *q != ' ' || q == w->end)
		return odd_parties(v, p, w->end, ev);
	set_argument(v, slice_range(p + 1, q - 2), ev);
	return slice_range(q + 1, w->end);
}

static inline void
reject_reason(const struct verb *v, struct slice text, struct event *ev)
{
	int32_t milli;

	exim_reason(text, ev);
	if (v->phase == PHASE_CONTENT && exim_score(text, &milli)) {
		ev->score = milli;
		ev->flags |= EF_HAS_SCORE;
	}
	if (ev->reason == REJECT_OTHER)
		ev->reason = v->reason;
	if (v->reason == REJECT_CONTENT &&
	    (slice_str_nocase(text, SLICE("local problem")) != NULL ||
	    slice_str_nocase(text, SLICE("configuration error")) != NULL))
		ev->reason = REJECT_OTHER;
}

/* Behind "rejected "; the next word starts at p. */
static inline enum line_kind
rejected(struct exim_words *w, const char *p, bool temporarily, struct event *ev)
{
	const struct verb *v = verbs, *last = v + sizeof(verbs) / sizeof(verbs[0]);
	struct slice text;

	while (p[0] != v->text.p[0] || w->end - p < (ptrdiff_t)v->text.n ||
	    !swar_same(p, v->text.p, v->text.n))
		if (++v == last)
			return LINE_UNKNOWN;
	ev->type = EV_REJECT;
	ev->phase = v->phase;
	ev->action = temporarily ? ACT_DEFERRED : ACT_REFUSED;
	ev->reason = REJECT_OTHER;
	text = parties(v, w, p + v->text.n, ev);
	if (text.n > 0)
		event_set(ev, F_REPLY, text);
	reject_reason(v, text, ev);
	return LINE_RECOGNISED;
}

enum line_kind
exim_rejected(const char *p, const char *end, bool temporarily, struct event *ev)
{
	struct exim_words w = exim_words(p, end);

	return rejected(&w, p, temporarily, ev);
}

/* "drop" in the connect ACL; p: behind "dropped by 'connect' ACL". */
static enum line_kind
dropped(const char *p, const char *end, struct event *ev)
{
	struct slice text = text_behind(p, end);

	ev->type = EV_REJECT;
	ev->phase = PHASE_CONNECT;
	if (text.n > 0)
		event_set(ev, F_REPLY, text);
	exim_reason(text, ev);
	return LINE_RECOGNISED;
}

/* A content ACL's opinion with an id; a warning that a DNSBL knows the client; else boring. */
enum line_kind
exim_warning(struct slice s, struct event *ev)
{
	if (event_has(ev, F_QID)) {
		bool spam = slice_str_nocase(s, SLICE("spam")) != NULL;

		ev->phase = PHASE_CONTENT;
		if (exim_score(s, &ev->score))
			ev->flags |= EF_HAS_SCORE;
		if (!spam && !(ev->flags & EF_HAS_SCORE))
			return LINE_RECOGNISED;
		if (spam && slice_str_nocase(s, SLICE(" not ")) == NULL &&
		    slice_str_nocase(s, SLICE("n't ")) == NULL &&
		    slice_str_nocase(s, SLICE("no spam")) == NULL &&
		    slice_str_nocase(s, SLICE("no action")) == NULL)
			ev->flags |= EF_SPAM;
		ev->type = EV_VERDICT;
		ev->action = ACT_WARNED;
		event_set(ev, F_REPLY, s);
		return LINE_RECOGNISED;
	}
	ev->phase = PHASE_ENVELOPE;
	exim_reason(s, ev);
	if (ev->reason != REJECT_DNSBL) {
		ev->reason = REJECT_OTHER;
		return LINE_RECOGNISED;
	}
	ev->type = EV_REJECT;
	ev->action = ACT_WARNED;
	event_set(ev, F_REPLY, s);
	return LINE_RECOGNISED;
}

/* The verb behind the fields; -1 when none stands at p, where the next word starts. */
static inline int
verb_at(struct exim_words *w, const char *p, struct event *ev)
{
	const char *verb = exim_past(p, w->end, SLICE("temporarily "));

	if (exim_at(verb, w->end, SLICE("rejected ")))
		return rejected(w, verb + 9, verb != p, ev);
	if (exim_at(verb, w->end, SLICE("Warning: ")))
		return exim_warning(slice_range(verb + 9, w->end), ev);
	if (exim_at(verb, w->end, SLICE("dropped by 'connect' ACL")))
		return dropped(verb + sizeof("dropped by 'connect' ACL") - 1, w->end, ev);
	if (exim_at(verb, w->end, SLICE("sender verify ")) ||
	    exim_at(verb, w->end, SLICE("RCPT ")))
		return LINE_RECOGNISED;
	return -1;
}

/* "A=plain:user" of a refused session that had logged in. */
static void
login_field(struct slice value, struct event *ev)
{
	const char *colon = slice_chr(value, ':');

	if (colon != NULL)
		value = slice_range(colon + 1, slice_end(value));
	event_set(ev, F_ACCOUNT, value);
}

/* The value of another field than H=, at p, where the next word starts; where it ends. */
static inline const char *
field(char key, struct exim_words *w, const char *p, struct event *ev)
{
	bool sender = key == 'F' && !event_has(ev, F_SENDER);
	struct slice value;
	const char *q = sender ? exim_words_angle(w, p, &value) : NULL;

	if (q == NULL) {
		q = exim_words_word(w, p);
		value = slice_range(p, q);
	}
	if (sender)
		exim_sender(value, ev);
	else if (key == 'A' && event_has(ev, F_SENDER))
		login_field(value, ev);
	return q;
}

/*
 * A line that begins with fields: "H=", "U=", "F=", "P=". An ident or a TLS server name may hold
 * blanks, so behind one of these strange words are passed over until a field or the verb comes.
 */
enum line_kind
exim_fields(const char *p, const char *end, struct event *ev)
{
	struct exim_words w = exim_words(p, end);
	bool strange = false, host = false;
	const char *q;

	for (;; p = q + 1) {
		if (p[1] == '=' && end - p > 2) {
			if (*p == 'H' && !host &&
			    (q = exim_words_client(&w, p + 2, ev)) != NULL) {
				host = true;
			} else {
				bool first = *p == 'F' && !event_has(ev, F_SENDER);

				strange = (strange || *p == 'U') && !first;
				exim_words_skip(&w, p + 2);
				q = field(*p, &w, p + 2, ev);
			}
		} else {
			int rc = verb_at(&w, p, ev);

			if (rc != -1)
				return (enum line_kind)rc;
			strange |= exim_at(p, end, SLICE("SNI="));
			if (!strange && memchr(p, '=', end - p < 6 ? (size_t)(end - p) : 6) == NULL)
				break;
			q = exim_words_word(&w, p);
		}
		if (*q != ' ' || q >= end)
			break;
	}
	/* With an id: delivery trouble, "H=mx.example [192.0.2.7]: SMTP error ...". */
	return host && event_has(ev, F_QID) ? LINE_RECOGNISED : LINE_UNKNOWN;
}

struct sa_action {
	struct slice text;
	uint8_t action;
	bool spam;
};

/* s: behind "SA: ". Debug lines and skipped checks say nothing. */
enum line_kind
exim_sa(struct slice s, struct event *ev)
{
	static const struct sa_action actions[] = {
		{ { "permanently rejected", 20 }, ACT_REFUSED, true },
		{ { "temporarily rejected", 20 }, ACT_DEFERRED, true },
		{ { "flagged as Spam", 15 }, ACT_WARNED, true },
		{ { "silently tossed", 15 }, ACT_DISCARDED, true },
		{ { "teergrubed", 10 }, ACT_REFUSED, true },
		{ { "scanned but message isn't spam", 30 }, ACT_WARNED, false },
	};
	struct slice head, rest, value;
	const char *p, *from;
	size_t i;

	if (!slice_take(&s, SLICE("Action: ")))
		return LINE_RECOGNISED;
	for (i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (slice_starts(s, actions[i].text))
			break;
	if (i == sizeof(actions) / sizeof(actions[0]))
		return LINE_RECOGNISED;
	ev->type = EV_VERDICT;
	ev->action = actions[i].action;
	ev->flags |= actions[i].spam ? EF_SPAM : 0;
	p = slice_str(s, SLICE(" (scanned in "));
	head = p == NULL ? s : slice_range(s.p, p);
	if (exim_score(head, &ev->score))
		ev->flags |= EF_HAS_SCORE;
	p = slice_rstr(s, SLICE(" (host="));
	if (p == NULL)
		return LINE_RECOGNISED;
	rest = slice_range(p + 7, slice_end(s));
	head = slice_range(s.p, p);
	if (!slice_take(&rest, SLICE("NULL ")) || rest.n == 0 || rest.p[0] != '[')
		rest = slice_range(p + 7, slice_end(s));
	exim_client(rest.p, slice_end(rest), ev);
	from = slice_rstr(head, SLICE("). From "));
	if (from == NULL)
		return LINE_RECOGNISED;
	if (exim_angle(from + 8, p, &value) != NULL)
		exim_sender(value, ev);
	p = slice_str(head, SLICE(" | Message-Id: "));
	if (p == NULL || p + 15 >= from)
		return LINE_RECOGNISED;
	value = slice_range(p + 15, from);
	if (!slice_eq(value, event_get(ev, F_QID)))	/* sa-exim's stand-in for none */
		event_set(ev, F_MESSAGE_ID, value);
	return LINE_RECOGNISED;
}
