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
#include "parser/exim_parts.h"

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

/* "MAIL FROM:<a>" and "MAIL <a>", "RCPT a@b", "HELO from (x) [addr]" */
static void
verb_argument(const struct verb *v, struct slice *s, struct event *ev)
{
	struct slice value;

	if (slice_take(s, SLICE("from "))) {
		exim_client(s, ev);
		return;
	}
	slice_take(s, SLICE("FROM:"));
	slice_take(s, SLICE("TO:"));
	if (!exim_angle(s, &value)) {
		value = exim_word(s);
		if (slice_ends(value, SLICE(":"))) {
			value.n--;
			*s = slice_range(slice_end(value), slice_end(*s));
		}
	}
	if (v->text.p[0] == 'R')
		event_set(ev, F_RCPT, value);
	else if (v->text.p[0] == 'M' || v->text.p[0] == 'f')
		exim_sender(value, ev);
	else if (v->reason == REJECT_HELO && !event_has(ev, F_HELO))
		event_set(ev, F_HELO, value);
	if (slice_starts(*s, SLICE(" H="))) {
		*s = slice_skip(*s, 1);
		exim_client(s, ev);
	}
}

/* The colon before the text, behind at most a few words of Exim's own. */
static struct slice
text_behind(struct slice s)
{
	const char *p = slice_str(s, SLICE(": "));

	return p == NULL ? SLICE_NONE : slice_range(p + 2, slice_end(s));
}

static void
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

/* s: behind "rejected ". */
enum line_kind
exim_rejected(struct slice s, bool temporarily, struct event *ev)
{
	const struct verb *v = verbs;
	struct slice text;
	size_t i;

	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++, v++)
		if (slice_take(&s, v->text))
			break;
	if (i == sizeof(verbs) / sizeof(verbs[0]))
		return LINE_UNKNOWN;
	ev->type = EV_REJECT;
	ev->phase = v->phase;
	ev->action = temporarily ? ACT_DEFERRED : ACT_REFUSED;
	ev->reason = REJECT_OTHER;
	if (v->argument)
		verb_argument(v, &s, ev);
	if (slice_take(&s, SLICE(" from ")))
		exim_client(&s, ev);
	text = text_behind(s);
	if (text.n > 0)
		event_set(ev, F_REPLY, text);
	reject_reason(v, text, ev);
	return LINE_RECOGNISED;
}

/* "drop" in the connect ACL; s: behind "dropped by 'connect' ACL". */
static enum line_kind
dropped(struct slice s, struct event *ev)
{
	struct slice text = text_behind(s);

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

/* The verb behind the fields; -1 when s does not start with one. */
static int
field_end(struct slice s, struct event *ev)
{
	bool temporarily = slice_take(&s, SLICE("temporarily "));

	if (slice_take(&s, SLICE("rejected ")))
		return exim_rejected(s, temporarily, ev);
	if (slice_take(&s, SLICE("Warning: ")))
		return exim_warning(s, ev);
	if (slice_take(&s, SLICE("dropped by 'connect' ACL")))
		return dropped(s, ev);
	if (slice_starts(s, SLICE("sender verify ")) || slice_starts(s, SLICE("RCPT ")))
		return LINE_RECOGNISED;
	return -1;
}

static void
sender_field(struct slice *s, struct event *ev)
{
	struct slice value;

	if (!exim_angle(s, &value))
		value = exim_word(s);
	exim_sender(value, ev);
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

/*
 * A line that begins with fields: "H=", "U=", "F=", "P=". An ident or a TLS server name may hold
 * blanks, so behind one of these strange words are passed over until a field or the verb comes.
 */
enum line_kind
exim_fields(struct slice s, struct event *ev)
{
	bool strange = false, host = false;
	int rc;

	do {
		if (s.n > 2 && s.p[1] == '=') {
			char key = s.p[0];
			struct slice value = slice_skip(s, 2);

			if (key == 'H' && !host && exim_client(&s, ev)) {
				host = true;
				continue;
			}
			s = value;
			if (key == 'F' && !event_has(ev, F_SENDER)) {
				sender_field(&s, ev);
				strange = false;
				continue;
			}
			value = exim_word(&s);
			if (key == 'A' && event_has(ev, F_SENDER))
				login_field(value, ev);
			strange |= key == 'U';
			continue;
		}
		rc = field_end(s, ev);
		if (rc != -1)
			return (enum line_kind)rc;
		strange |= slice_starts(s, SLICE("SNI="));
		if (!strange && slice_chr(slice_first(s, 6), '=') == NULL)
			break;
		exim_word(&s);
	} while (slice_take(&s, SLICE(" ")));
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
	exim_client(&rest, ev);
	from = slice_rstr(head, SLICE("). From "));
	if (from == NULL)
		return LINE_RECOGNISED;
	rest = slice_range(from + 8, p);
	if (exim_angle(&rest, &value))
		exim_sender(value, ev);
	p = slice_str(head, SLICE(" | Message-Id: "));
	if (p == NULL || p + 15 >= from)
		return LINE_RECOGNISED;
	value = slice_range(p + 15, from);
	if (!slice_eq(value, event_get(ev, F_QID)))	/* sa-exim's stand-in for none */
		event_set(ev, F_MESSAGE_ID, value);
	return LINE_RECOGNISED;
}
