/*
 * See postfix.h. Versions: Postfix 2.3 to 3.12.
 *
 * The tail of a refusal, all fields optional but in this order:
 *	smtpd, cleanup	"; from=<S> to=<R> proto=P helo=<H>"
 *	3.10 and later	... " sasl_method=M sasl_username=U sasl_sender=A"; <> around U by cleanup
 *	postscreen	"; from=<S>, to=<R>, proto=P, helo=<H>"
 * Strangers choose S, R, H and parts of the text before the tail. The daemon neuters H (no blank,
 * no <>), so the tail is read from the right. S and R may hold "> to=<": a candidate that splits
 * a quoted local part is passed over; raw ones (before 3.5) give the shortest address. U may hold
 * anything, but then a stranger has logged in as U.
 */
#define _GNU_SOURCE	/* memrchr, memmem */
#include "parser/postfix.h"

enum {
	CLIENT_NAME_MAX = 255,
	QID_MIN = 5,
	QID_MAX = 20
};

/* "NOQUEUE", "warning", "request": an id has digits or capitals. */
static __attribute__((noinline)) bool
is_no_qid(const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && (unsigned char)(p[i] - 'a') < 26)
		i++;
	return i == n || (n == 7 && memcmp(p, "NOQUEUE", n) == 0);
}

struct slice
postfix_qid(struct slice s, struct slice *qid_r)
{
	const char *p = s.p;
	size_t n = (unsigned)__builtin_ctz(~wide_alnum(p));

	if (n == 16)
		n += (unsigned)__builtin_ctz(~wide_alnum(p + 16));
	if (n < QID_MIN || n > QID_MAX || n + 1 >= s.n || p[n] != ':' || p[n + 1] != ' ')
		return SLICE_NONE;
	if ((p[0] >= 'a' || p[0] == 'N') && is_no_qid(p, n))
		return SLICE_NONE;
	*qid_r = (struct slice){ p, n };
	return (struct slice){ p + n + 2, s.n - n - 2 };
}

/* ":4321" at p, before end: its length, or 0. */
static inline size_t
read_port(const char *p, const char *end, uint16_t *port_r)
{
	uint64_t v = swar_load(p + 1), stop = swar_not_digit(v);
	size_t n;
	uint32_t port;

	if (p == end || *p != ':')
		return 0;
	stop |= (uint64_t)0x80 << 8 * (end - p < 6 ? end - p - 1 : 5);
	n = swar_first(stop);	/* at most 5 */
	if (n == 0 || (port = swar_number(v, n)) > UINT16_MAX)
		return 0;
	*port_r = (uint16_t)port;
	return n + 1;
}

/* Any address before the byte end; its text, which has p NULL when there is no such byte. */
static struct slice
take_any_addr(struct slice *s, char end, struct addr *addr_r, bool *valid_r)
{
	const char *at = slice_chr(slice_first(*s, ADDR_TEXT + 16), end); /* "IPv6:", "%scope" */
	struct slice text;

	*valid_r = false;
	if (at == NULL)
		return SLICE_NONE;
	text = slice_range(s->p, at);
	*s = slice_range(at + 1, slice_end(*s));
	*valid_r = addr_parse(text, addr_r);
	return text;
}

struct slice
postfix_other_addr(struct slice s, char end, struct addr *addr_r)
{
	bool valid;

	take_any_addr(&s, end, addr_r, &valid);
	return valid ? s : SLICE_NONE;
}

/* What is behind a client whose name has that length; p is behind its address. */
static inline struct slice
end_client(struct slice s, size_t name, const char *p, struct event *ev)
{
	const char *end = s.p + s.n;
	uint32_t named = (name > 0) & (swar_load(s.p) != swar_load("unknown["));

	/* no branch: every second one has a name */
	ev->f[F_CLIENT_NAME] = (struct slice){ s.p, name };
	ev->has |= named << F_CLIENT_NAME;
	p += read_port(p, end, &ev->port);
	if (*p == ':' && p < end)	/* "unknown[unknown]:unknown" */
		p += end - p >= 8 && memcmp(p, ":unknown", 8) == 0 ? 8 : 0;
	return slice_range(p, end);
}

/* The length of a client's name; s.n when it is too long, or no "[" behind it. */
static inline size_t
client_name(struct slice s)
{
	size_t n = *s.p == '[' ? 0 : scan_word(s, '[');	/* postscreen knows no names */

	return n < s.n && n <= CLIENT_NAME_MAX && s.p[n] == '[' ? n : s.n;
}

/* Where the address of a client ends, if that is an IPv4 one; NULL: it is for other_client(). */
static inline __attribute__((always_inline)) const char *
usual_client(struct slice s, size_t *name_r, struct event *ev)
{
	size_t name = client_name(s), n;

	*name_r = name;
	if (name == s.n)
		return NULL;
	n = addr_read_v4(s.p + name + 1, ']', &ev->addr);
	if (n == 0 || n > s.n - name - 1)
		return NULL;
	ev->has_addr = true;
	return s.p + name + 1 + n;
}

/* "name[2001:db8::1]", "unknown[unknown]", and what is no client. */
static __attribute__((noinline)) struct slice
other_client(struct slice s, struct event *ev)
{
	size_t name = client_name(s);
	struct slice rest, text;

	if (name == s.n)
		return SLICE_NONE;
	rest = scan_rest(s, name + 1);
	text = take_any_addr(&rest, ']', &ev->addr, &ev->has_addr);
	if (!ev->has_addr && !slice_eq(text, SLICE("unknown")))
		return SLICE_NONE;
	return end_client(s, name, rest.p, ev);
}

struct slice
postfix_client(struct slice s, struct event *ev)
{
	size_t name;
	const char *p = usual_client(s, &name, ev);

	return p == NULL ? other_client(s, ev) : end_client(s, name, p, ev);
}

static __attribute__((noinline)) enum line_kind
other_event(struct slice s, enum event_type type, struct event *ev)
{
	if (other_client(s, ev).p == NULL)
		return LINE_UNKNOWN;
	ev->type = type;
	return LINE_RECOGNISED;
}

enum line_kind
postfix_client_event(struct slice s, enum event_type type, struct event *ev)
{
	size_t name;
	const char *p = usual_client(s, &name, ev);

	if (p == NULL)
		return other_event(s, type, ev);
	end_client(s, name, p, ev);
	ev->type = type;
	return LINE_RECOGNISED;
}

bool
postfix_take_address(struct slice *s, struct slice *address_r, char end1, char end2)
{
	const char *start = s->p, *p = start + 1, *end = start + s->n;

	if (s->n < 2 || *start != '<')
		return false;
	if (*p == '"') {
		for (p++; p < end && *p != '"'; p++)
			if (*p == '\\')
				p++;
		if (p >= end)
			p = start + 1;	/* raw, before 3.5: a quote without its twin */
	}
	for (;; p++) {
		p += scan_byte(slice_range(p, end), '>');
		if (p == end)
			return false;
		if (p + 1 == end || p[1] == end1 || p[1] == end2)
			break;
	}
	*address_r = slice_range(start + 1, p);
	*s = slice_range(p + 1, end);
	return true;
}

void
postfix_set_sender(struct event *ev, struct slice sender)
{
	event_set(ev, F_SENDER, sender);
	if (sender.n == 0)
		ev->flags |= EF_NULL_SENDER;
}

/* True when every quote in s has its twin: s does not begin or end within a quoted local part. */
static bool
quotes_balanced(struct slice s)
{
	unsigned quotes = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\')
			i++;
		else
			quotes += s.p[i] == '"';
	}
	return quotes % 2 == 0;
}

static inline bool
is_behind(const char *at, struct slice s, struct slice key)
{
	return (size_t)(at - s.p) >= key.n && memcmp(at - key.n, key.p, key.n) == 0;
}

/* Of several "<" behind key the last whose value, up to end, has balanced quotes; else the last. */
static __attribute__((noinline)) const char *
choose_bracket(struct slice s, struct slice key, const char *end)
{
	const char *at = end, *last = NULL;

	while ((at = memrchr(s.p, '<', (size_t)(at - s.p))) != NULL) {
		if (!is_behind(at, s, key))
			continue;
		if (quotes_balanced(slice_range(at + 1, end)))
			return at;
		if (last == NULL)
			last = at;
	}
	return last;
}

/* Cuts what is behind at, and the comma before it that postscreen writes. */
static inline void
cut_from(struct slice *s, const char *at)
{
	s->n = (size_t)(at - s->p);
	s->n -= s->n > 0 && at[-1] == ',';
}

/* The last "<" before end, unless a quote is behind it; *quote_r: one is. NULL: none. */
static __attribute__((noinline)) const char *
far_bracket(struct slice s, const char *end, bool *quote_r)
{
	struct slice rest = slice_range(s.p, end);
	size_t at = scan_last(rest, '<');

	rest = slice_skip(rest, at);
	*quote_r = scan_byte(rest, '"') < rest.n;
	return rest.n ? rest.p : NULL;
}

/* The last "<" before end, or NULL; *quote_r: there is a quote behind it. */
static inline const char *
last_bracket(struct slice s, const char *end, bool *quote_r)
{
	uint32_t hit;
	unsigned at;

	if (end - s.p < 32 || (hit = wide_equal32(end - 32, '<')) == 0)
		return far_bracket(s, end, quote_r);
	at = 31 - (unsigned)__builtin_clz(hit);
	*quote_r = wide_equal32(end - 32, '"') >> at != 0;
	return end - 32 + at;
}

/*
 * Takes "KEY<VALUE>" off the end of *s; key is " to=" or the like, whose first byte stands behind
 * "; ", ", " or the field before. Of several candidates the shortest with balanced quotes.
 */
static inline __attribute__((always_inline)) bool
cut_bracketed(struct slice *s, struct slice key, struct slice *value_r)
{
	const char *end = s->p + s->n - 1, *at;
	bool quote;

	if (s->n < key.n + 2 || *end != '>')
		return false;
	at = last_bracket(*s, end, &quote);
	if (at == NULL || quote || !is_behind(at, *s, key)) {
		at = choose_bracket(*s, key, end);
		if (at == NULL)
			return false;
	}
	*value_r = slice_range(at + 1, end);
	cut_from(s, at - key.n);
	return true;
}

/* HELO cannot hold "<" or ">": the last "<" must be its own. */
static inline __attribute__((always_inline)) bool
cut_helo(struct slice *s, struct slice *helo_r)
{
	static const struct slice key = { " helo=", 6 };
	const char *end = s->p + s->n - 1, *at;
	bool quote;

	if (s->n == 0 || *end != '>')
		return false;
	at = last_bracket(*s, end, &quote);
	if (at == NULL || !is_behind(at, *s, key))
		return false;
	*helo_r = slice_range(at + 1, end);
	cut_from(s, at - key.n);
	return true;
}

/* The length of the word of letters at the end of s, at most 16. */
static size_t
last_word(struct slice s)
{
	size_t n = 0;

	while (n < 16 && n < s.n && (unsigned char)((s.p[s.n - n - 1] | 0x20) - 'a') < 26)
		n++;
	return n;
}

static inline __attribute__((always_inline)) bool
cut_proto(struct slice *s, struct slice *proto_r)
{
	static const struct slice key = { " proto=", 7 };
	const char *end = s->p + s->n;
	size_t n = 0;

	if (s->n >= 5 && memcmp(end - 4, "SMTP", 4) == 0)
		n = 4 + (end[-5] == 'E');
	if (n == 0 || !is_behind(end - n, *s, key))
		n = last_word(*s);
	if (n == 0 || !is_behind(end - n, *s, key))
		return false;
	*proto_r = (struct slice){ end - n, n };
	cut_from(s, end - n - key.n);
	return true;
}

/* " sasl_method=PLAIN sasl_username=joe[ sasl_sender=a@b]" at the end of s; the account to ev. */
static bool
cut_sasl(struct slice *s, struct event *ev)
{
	static const struct slice method = { " sasl_method=", 13 },
				  user = { " sasl_username=", 15 };
	static const struct slice sender = { " sasl_sender=", 13 };
	const char *at = s->n ? memmem(s->p, s->n, "> sasl_", 7) : NULL;
	const char *end;
	struct slice rest;

	for (; at != NULL; at = rest.n ? memmem(rest.p, rest.n, "> sasl_", 7) : NULL) {
		struct slice before = slice_range(s->p, at + 1), helo;

		rest = slice_range(at + 1, slice_end(*s));
		if (!cut_helo(&before, &helo))
			continue;
		s->n = (size_t)(at + 1 - s->p);
		if (slice_take(&rest, method) && (end = slice_chr(rest, ' ')) != NULL)
			rest = slice_range(end, slice_end(rest));
		if (!slice_take(&rest, user))
			return true;
		end = slice_rstr(rest, sender);
		rest = end ? slice_range(rest.p, end) : rest;
		if (rest.n > 1 && rest.p[0] == '<' && rest.p[rest.n - 1] == '>')
			rest = slice_first(slice_skip(rest, 1), rest.n - 2);
		event_set(ev, F_ACCOUNT, rest);
		return true;
	}
	return false;
}

/* A tail that does not end with "proto=P helo=<H>": sasl fields behind it, or one of the two. */
static __attribute__((noinline)) bool
cut_odd_end(struct slice *s, struct event *ev)
{
	struct slice rest = *s, value;
	bool any = false;

	if (cut_sasl(&rest, ev))
		*s = rest;
	if (cut_helo(s, &value)) {
		event_set(ev, F_HELO, value);
		any = true;
	}
	if (cut_proto(s, &value)) {
		event_set(ev, F_PROTO, value);
		any = true;
	}
	return any;
}

struct slice
postfix_cut_tail(struct slice s, struct event *ev)
{
	struct slice whole = s, rest = s, value, proto;
	bool any = true;

	if (cut_helo(&rest, &value) && cut_proto(&rest, &proto)) {
		event_set(ev, F_HELO, value);
		event_set(ev, F_PROTO, proto);
		s = rest;
	} else {
		any = cut_odd_end(&s, ev);
	}
	if (cut_bracketed(&s, SLICE(" to="), &value)) {
		event_set(ev, F_RCPT, value);
		any = true;
	}
	if (cut_bracketed(&s, SLICE("; from="), &value)) {
		postfix_set_sender(ev, value);
		return s;
	}
	if (any && s.n && s.p[s.n - 1] == ';')
		return slice_first(s, s.n - 1);
	ev->has &= ~(1u << F_HELO | 1u << F_PROTO | 1u << F_RCPT | 1u << F_ACCOUNT);
	return whole;
}

/* What a daemon says of itself, or with -v: most begins with the name of a function. */
static const struct slice diagnostics[] = { { "warning: ", 9 }, { "fatal: ", 7 }, { "panic: ", 7 },
	{ "error: ", 7 }, { "table ", 6 }, { "open ", 5 }, { "close ", 6 }, { "status=", 7 },
	{ "> ", 2 }, { "< ", 2 }, { ">>> ", 4 }, { "<<< ", 4 }, { "send attr ", 10 },
	{ "input attribute ", 16 }, { "private/", 8 }, { "public/", 7 }, { "name_mask: ", 11 },
	{ "been_here", 9 }, { "generic_checks: ", 16 }, { "connection established", 22 },
	{ "mynetworks: ", 12 }, { "wakeup ", 7 }, { "process generation: ", 20 }, { "start ", 6 },
	{ "end ", 4 }, { "done ", 5 }, { "request", 7 }, { "recipient ", 10 }, { "before ", 7 },
	{ "after ", 6 }, { "connect to subsystem ", 21 }, { "rewrite stream ", 15 },
	{ "fsspace: ", 9 }, { "idle timeout -- ", 16 }, { "master disconnect -- ", 21 },
	{ "Compiled against ", 17 }, { "Run-time linked ", 16 }, { "initial envelope ", 17 },
	{ "smtp socket: ", 13 }, { "pref ", 5 }, { "looking for plugins ", 20 },
	{ "reload -- version ", 18 }, { "refreshing the Postfix mail system", 34 },
	{ "starting the Postfix mail system", 32 }, { "stopping the Postfix mail system", 32 },
	{ "daemon started -- version ", 26 }, { "terminating on signal ", 22 },
	{ "cannot load ", 12 }, { "unable to dlopen ", 17 },
	{ "SSL_accept:", 11 }, { "SSL_connect:", 12 }, { "read from ", 10 }, { "write to ", 9 },
	{ "connection closed", 17 }, { "extracted envelope ", 19 }, { "cleanup ", 8 } };

/* "smtpd_check_size: blocks ...", "match_list_match: ...", "dict_open: ...": an identifier. */
static bool
says_function(struct slice s)
{
	size_t n = 0, underlines = 0;

	while (n < s.n && n < 40 && ((unsigned char)(s.p[n] - 'a') < 26 || s.p[n] == '_' ||
	    (unsigned char)(s.p[n] - '0') < 10))
		underlines += s.p[n++] == '_';
	if (underlines == 0 || n == s.n)
		return false;
	return s.p[n] == ':' || s.p[n] == ' ' || s.p[n] == '(' || s.p[n] == '[';
}

bool
postfix_diagnostic(struct slice body)
{
	return POSTFIX_STARTS_ANY(body, diagnostics) || says_function(body);
}
