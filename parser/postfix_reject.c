/*
 * Refusals, as smtpd, postscreen and cleanup (milters) log them. Behind "NOQUEUE: " or "QID: ":
 *	ACTION: VERB from CLIENT: [CODE [X.Y.Z]] TEXT; from=<S> to=<R> proto=P helo=<H>
 *	proxy-reject: END-OF-MESSAGE: CODE TEXT; from=... (before 3.x without client)
 * ACTION is reject, reject_warning, warn, info, discard, hold, milter-reject and so on; those that
 * refuse nothing (filter, redirect, permit ...) are recognised and say nothing.
 */
#include "parser/dnsbl_text.h"
#include "parser/postfix.h"

struct action_word {
	struct slice word;
	enum event_type type;		/* EV_NONE: not a refusal */
	enum reject_action action;	/* ACT_REFUSED: the reply code decides */
};

static const struct action_word actions[] = {
	{ { "reject: ", 8 }, EV_REJECT, ACT_REFUSED },
	{ { "milter-reject: ", 15 }, EV_REJECT, ACT_REFUSED },
	{ { "reject_warning: ", 16 }, EV_REJECT, ACT_WARNED },
	{ { "proxy-reject: ", 14 }, EV_REJECT, ACT_REFUSED },
	{ { "discard: ", 9 }, EV_REJECT, ACT_DISCARDED },
	{ { "milter-discard: ", 16 }, EV_REJECT, ACT_DISCARDED },
	{ { "hold: ", 6 }, EV_REJECT, ACT_HELD },
	{ { "milter-hold: ", 13 }, EV_REJECT, ACT_HELD },
	{ { "warn: ", 6 }, EV_REJECT, ACT_WARNED },
	{ { "info: ", 6 }, EV_REJECT, ACT_WARNED },
	{ { "redirect: ", 10 }, EV_NONE, 0 },
	{ { "filter: ", 8 }, EV_NONE, 0 },
	{ { "bcc: ", 5 }, EV_NONE, 0 },
	{ { "permit: ", 8 }, EV_NONE, 0 },
	{ { "prepend: ", 9 }, EV_NONE, 0 },
	{ { "delay: ", 7 }, EV_NONE, 0 },
	{ { "trace: ", 7 }, EV_NONE, 0 },
	{ { "proxy-accept: ", 14 }, EV_NONE, 0 },
	{ { "milter-redirect: ", 17 }, EV_NONE, 0 },
};

struct verb {
	struct slice word;
	enum reject_phase phase;
};

static const struct verb verbs[] = {
	{ { "RCPT", 4 }, PHASE_ENVELOPE }, { { "CONNECT", 7 }, PHASE_CONNECT },
	{ { "MAIL", 4 }, PHASE_ENVELOPE }, { { "END-OF-MESSAGE", 14 }, PHASE_CONTENT },
	{ { "EHLO", 4 }, PHASE_CONNECT }, { { "HELO", 4 }, PHASE_CONNECT },
	{ { "DATA", 4 }, PHASE_CONTENT }, { { "BDAT", 4 }, PHASE_CONTENT },
	{ { "VRFY", 4 }, PHASE_ENVELOPE }, { { "ETRN", 4 }, PHASE_ENVELOPE },
	{ { "AUTH", 4 }, PHASE_ENVELOPE }, { { "STARTTLS", 8 }, PHASE_CONNECT },
	{ { "UNKNOWN", 7 }, PHASE_CONNECT }, { { "XCLIENT", 7 }, PHASE_CONNECT },
	{ { "XFORWARD", 8 }, PHASE_CONNECT }, { { "RSET", 4 }, PHASE_ENVELOPE },
	{ { "NOOP", 4 }, PHASE_ENVELOPE }, { { "QUIT", 4 }, PHASE_ENVELOPE },
	{ { "HELP", 4 }, PHASE_ENVELOPE },
};

struct text_reason {
	struct slice text;
	enum reject_reason reason;
};

/* What stands behind "Recipient address rejected: " and so on, or at the start of the text. */
static const struct text_reason recipient_texts[] = {
	{ { "User unknown", 12 }, REJECT_USER }, { { "unverified address", 18 }, REJECT_USER },
	{ { "undeliverable address", 21 }, REJECT_USER },
	{ { "mailbox unavailable", 19 }, REJECT_USER },
	{ { "Requested action not taken: mailbox unavailable", 47 }, REJECT_USER },
	{ { "unknown user", 12 }, REJECT_USER }, { { "No such user", 12 }, REJECT_USER },
	{ { "recipient address unknown", 25 }, REJECT_USER },
	{ { "Relay access denied", 19 }, REJECT_RELAY },
};
static const struct text_reason sender_texts[] = {
	{ { "Domain not found", 16 }, REJECT_SENDER_DOMAIN },
	{ { "not owned by user", 17 }, REJECT_LOGIN_MISMATCH },
	{ { "not logged in", 13 }, REJECT_LOGIN_MISMATCH },
};
static const struct text_reason client_texts[] = {
	{ { "cannot find your hostname", 25 }, REJECT_RDNS_MISMATCH },
	{ { "cannot find your reverse hostname", 33 }, REJECT_NO_RDNS },
	{ { "Too many connections", 20 }, REJECT_LOAD },
};
static const struct text_reason data_texts[] = {
	{ { "Improper use of SMTP command pipelining", 39 }, REJECT_PROTOCOL },
};
static const struct text_reason bare_texts[] = {
	{ { "Relay access denied", 19 }, REJECT_RELAY },
	{ { "Protocol error", 14 }, REJECT_PROTOCOL },
	{ { "Service currently unavailable", 29 }, REJECT_LOAD },
	{ { "all server ports busy", 21 }, REJECT_LOAD },
	{ { "all screening ports busy", 24 }, REJECT_LOAD },
	{ { "All server ports are busy", 25 }, REJECT_LOAD },
	{ { "too many connections", 20 }, REJECT_LOAD },
	{ { "Too many connections", 20 }, REJECT_LOAD },
	{ { "Error: too many connections", 27 }, REJECT_LOAD },
	{ { "Error: bare <LF>", 16 }, REJECT_PROTOCOL },
	{ { "User unknown", 12 }, REJECT_USER },
	{ { "mailbox unavailable", 19 }, REJECT_USER },
};

#define FIND(s, texts, other) find_text((s), (texts), sizeof(texts) / sizeof((texts)[0]), (other))

static enum reject_reason
find_text(struct slice s, const struct text_reason *texts, size_t n, enum reject_reason other)
{
	for (size_t i = 0; i < n; i++)
		if (postfix_starts(s, texts[i].text))
			return texts[i].reason;
	return other;
}

/* *s moves behind "WHAT rejected: ". */
static inline enum reject_reason
reason_of(struct slice *s)
{
	switch (s->n ? s->p[0] : '\0') {
	case 'R':
		if (slice_take(s, SLICE("Recipient address rejected: ")))
			return FIND(*s, recipient_texts, REJECT_OTHER);
		break;
	case 'H':
		if (slice_take(s, SLICE("Helo command rejected: ")))
			return REJECT_HELO;
		break;
	case 'C':
		if (slice_take(s, SLICE("Client host rejected: ")))
			return FIND(*s, client_texts, REJECT_OTHER);
		break;
	case 'S':
		if (slice_take(s, SLICE("Sender address rejected: ")))
			return FIND(*s, sender_texts, REJECT_OTHER);
		break;
	case 'D':
		if (slice_take(s, SLICE("Data command rejected: ")))
			return FIND(*s, data_texts, REJECT_OTHER);
		break;
	}
	return FIND(*s, bare_texts, REJECT_OTHER);
}

/* Past "550 ", "550 5.7.1 ", "5.7.1 ". */
static struct slice
skip_codes(struct slice s)
{
	size_t i;

	if (s.n > 4 && (s.p[0] == '4' || s.p[0] == '5' || s.p[0] == '2') && s.p[3] == ' ')
		s = scan_rest(s, 4);
	if (s.n > 5 && (s.p[0] == '4' || s.p[0] == '5' || s.p[0] == '2') && s.p[1] == '.') {
		i = postfix_decimal(s, 10);
		if (i < s.n && s.p[i] == ' ')
			s = scan_rest(s, i + 1);
	}
	return s;
}

/* "[Service unavailable; ]Client host [192.0.2.1] blocked using ZONE[; text]" */
static inline bool
blocked_using(struct slice s, struct event *ev)
{
	static const struct slice what[] = { { "Client host [", 13 }, { "client [", 8 },
		{ "Sender address [", 16 }, { "Helo command [", 14 }, { "Recipient address [", 19 },
		{ "Unverified Client host [", 24 } };
	static const struct slice blocked = { "] blocked using ", 16 };
	const char *close;
	struct slice part;
	size_t i;

	slice_take(&s, SLICE("Service unavailable; "));
	for (i = 0; i < sizeof(what) / sizeof(what[0]); i++)
		if (postfix_take(&s, what[i]))
			break;
	if (i == sizeof(what) / sizeof(what[0]))
		return false;
	s = scan_rest(s, scan_byte(s, ']'));
	if (!slice_take(&s, SLICE("] blocked using "))) {	/* within an address literal */
		close = slice_str(s, blocked);
		if (close == NULL)
			return false;
		s = slice_range(close + blocked.n, slice_end(s));
	}
	i = scan_word(s, ';');
	if (i == 0)
		return false;
	event_set(ev, F_ZONE, slice_first(s, i));
	part = i < s.n ? dnsbl_part(scan_rest(s, i)) : SLICE_NONE;
	if (part.n)
		event_set(ev, F_CODE, part);
	ev->reason = REJECT_DNSBL;
	return true;
}

/* "greylist" or "graylist", in any case. */
static bool
says_greylist(struct slice s)
{
	static const struct slice rest[] = { { "reylist", 7 }, { "raylist", 7 } };

	for (size_t i = 0; i < s.n; i += 16) {
		uint32_t hit = wide_equal(s.p + i, 'g') | wide_equal(s.p + i, 'G');

		for (; hit; hit &= hit - 1) {
			struct slice x = slice_skip(s, i + (unsigned)__builtin_ctz(hit) + 1);

			x = slice_first(x, 7);
			if (slice_eq_nocase(x, rest[0]) || slice_eq_nocase(x, rest[1]))
				return true;
		}
	}
	return false;
}

/* Why: by our own text, reply code first. */
static inline void
set_reason(struct slice text, bool content_milter, struct event *ev)
{
	struct slice s = skip_codes(text), echo;
	enum reject_reason reason;

	/* "<what the client said>: " */
	if (s.n && s.p[0] == '<') {
		if (postfix_take_address(&s, &echo, ':', ':'))
			s = slice_skip(s, 2);
	} else if (blocked_using(s, ev)) {
		return;
	}
	reason = reason_of(&s);
	if (reason == REJECT_OTHER && says_greylist(s))
		reason = REJECT_GREYLIST;
	if (reason == REJECT_OTHER && content_milter)
		reason = REJECT_CONTENT;
	ev->reason = (uint8_t)reason;
}

static bool
take_verb(struct slice *s, struct event *ev)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (s->n > verbs[i].word.n && postfix_starts(*s, verbs[i].word) &&
		    (s->p[verbs[i].word.n] == ' ' || s->p[verbs[i].word.n] == ':')) {
			ev->phase = (uint8_t)verbs[i].phase;
			*s = slice_skip(*s, verbs[i].word.n);
			return true;
		}
	return false;
}

/* The action; NULL when there is none or no verb behind it. *s begins behind the verb. */
static const struct action_word *
take_command(struct slice *s, struct event *ev)
{
	if (slice_starts(*s, SLICE("reject: RCPT from "))) {	/* nearly all */
		ev->phase = PHASE_ENVELOPE;
		*s = scan_rest(*s, 12);
		return &actions[0];
	}
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (postfix_take(s, actions[i].word))
			return take_verb(s, ev) ? &actions[i] : NULL;
	return NULL;
}

/* "452 4.3.1 Insufficient system storage": X.3.Y is the server's own state (RFC 3463). */
static bool
is_own_trouble(struct slice s)
{
	return s.n > 8 && s.p[3] == ' ' && s.p[5] == '.' && s.p[6] == '3' && s.p[7] == '.';
}

enum line_kind
postfix_refusal(struct slice s, struct slice qid, struct event *ev)
{
	const struct action_word *a = take_command(&s, ev);
	bool content;

	if (a == NULL)
		return LINE_UNKNOWN;
	if (a->type == EV_NONE)
		return LINE_RECOGNISED;
	if (slice_take(&s, SLICE(" from "))) {
		if ((s = postfix_client(s, ev)).p == NULL)
			return LINE_UNKNOWN;
	} else if (!slice_starts(a->word, SLICE("proxy-"))) {
		return LINE_UNKNOWN;
	}
	if (!slice_take(&s, SLICE(": ")))
		return LINE_UNKNOWN;
	s = postfix_cut_tail(s, ev);
	if (qid.n)
		event_set(ev, F_QID, qid);
	event_set(ev, F_REPLY, s);
	content = ev->phase == PHASE_CONTENT && (a->word.p[0] == 'm' || a->word.p[0] == 'p');
	set_reason(s, content, ev);
	if (ev->reason == REJECT_OTHER && is_own_trouble(s))
		ev->reason = REJECT_LOAD;
	ev->type = EV_REJECT;
	ev->action = (uint8_t)a->action;
	if (a->action == ACT_REFUSED && ((s.n && s.p[0] == '4') || ev->reason == REJECT_LOAD))
		ev->action = ACT_DEFERRED;
	return LINE_RECOGNISED;
}
