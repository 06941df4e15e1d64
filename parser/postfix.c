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
#define _GNU_SOURCE	/* memrchr, memmem, le64toh */
#include "parser/postfix.h"

#include <endian.h>

enum {
	CLIENT_NAME_MAX = 255,
	QID_MIN = 5,
	QID_MAX = 20
};

static const struct slice not_qid[] = { { "warning:", 8 }, { "fatal:", 6 }, { "error:", 6 },
	{ "panic:", 6 }, { "info:", 5 }, { "connect:", 8 }, { "statistics:", 11 },
	{ "disconnect:", 11 }, { "timeout:", 8 }, { "NOQUEUE:", 8 }, { "table:", 6 } };

bool
postfix_take_qid(struct slice *s, struct slice *qid_r)
{
	const char *p = s->p;
	size_t i = 0;

	while (i < s->n && i <= QID_MAX && ((unsigned char)(p[i] - '0') <= 9 ||
	    (unsigned char)((p[i] | 0x20) - 'a') < 26))
		i++;
	if (i < QID_MIN || i > QID_MAX || i + 1 >= s->n || p[i] != ':' || p[i + 1] != ' ')
		return false;
	if ((unsigned char)(p[0] - '0') > 9 && POSTFIX_STARTS_ANY(*s, not_qid))
		return false;
	*qid_r = (struct slice){ p, i };
	*s = slice_skip(*s, i + 2);
	return true;
}

static inline void
take_port(struct slice *s, struct event *ev)
{
	unsigned port = 0;
	size_t i = 1;

	if (s->n < 2 || s->p[0] != ':')
		return;
	for (; i < s->n && i < 6 && (unsigned char)(s->p[i] - '0') <= 9; i++)
		port = port * 10 + (unsigned)(s->p[i] - '0');
	if (i == 1 || port > UINT16_MAX)
		return;
	ev->port = (uint16_t)port;
	*s = slice_skip(*s, i);
}

enum { V4_TEXT = 16 };	/* "192.168.100.200" and the byte behind it */

/* One to three digits and the byte end; *bad_r becomes true when something else stands there. */
static inline const char *
read_part(const char *p, char end, uint8_t *part_r, bool *bad_r)
{
	unsigned v = (unsigned char)*p++ - (unsigned)'0', d;
	bool bad = v > 9;

	if ((d = (unsigned char)*p - (unsigned)'0') <= 9) {
		v = v * 10 + d;
		p++;
		if ((d = (unsigned char)*p - (unsigned)'0') <= 9) {
			v = v * 10 + d;
			p++;
		}
	}
	*bad_r = bad || v > 255 || *p != end;
	*part_r = (uint8_t)v;
	return p + 1;
}

/* "192.0.2.1" and the byte end in the V4_TEXT bytes at p; the length of both, or 0. */
static inline size_t
read_v4(const char *p, char end, struct addr *a)
{
	static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
	const char *at = p;
	bool bad;

	at = read_part(at, '.', &a->b[12], &bad);
	if (bad)
		return 0;
	at = read_part(at, '.', &a->b[13], &bad);
	if (bad)
		return 0;
	at = read_part(at, '.', &a->b[14], &bad);
	if (bad)
		return 0;
	at = read_part(at, end, &a->b[15], &bad);
	if (bad)
		return 0;
	memcpy(a->b, mapped, sizeof(mapped));
	return (size_t)(at - p);
}

/* Near the end of the line the bytes are copied: nothing behind it may be read. */
static size_t
read_last_v4(struct slice s, char end, struct addr *a)
{
	char text[V4_TEXT] = { 0 };

	if (s.n == 0)
		return 0;
	memcpy(text, s.p, s.n < V4_TEXT ? s.n : V4_TEXT);
	return read_v4(text, end, a);
}

static bool
take_any_addr(struct slice *s, char end, struct slice *text_r, struct addr *addr_r)
{
	const char *at = slice_chr(slice_first(*s, ADDR_TEXT + 16), end); /* "IPv6:", "%scope" */

	if (at == NULL) {
		*text_r = SLICE_NONE;
		return false;
	}
	*text_r = slice_range(s->p, at);
	*s = slice_range(at + 1, slice_end(*s));
	return addr_parse(*text_r, addr_r);
}

static inline bool
take_addr(struct slice *s, char end, struct slice *text_r, struct addr *addr_r)
{
	size_t n = s->n < V4_TEXT ? read_last_v4(*s, end, addr_r) : read_v4(s->p, end, addr_r);

	if (n == 0)
		return take_any_addr(s, end, text_r, addr_r);
	*text_r = (struct slice){ s->p, n - 1 };
	*s = (struct slice){ s->p + n, s->n - n };
	return true;
}

bool
postfix_take_addr(struct slice *s, char end, struct slice *text_r, struct addr *addr_r)
{
	return take_addr(s, end, text_r, addr_r);
}

/* The length of a client's name: up to '[', a blank or a control byte; 8 bytes at a time. */
static inline size_t
client_name_length(struct slice s)
{
	const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
	size_t i = 0;

	for (; i + 8 <= s.n; i += 8) {
		uint64_t v, x, hit;

		memcpy(&v, s.p + i, 8);
		v = le64toh(v);
		x = v ^ ones * '[';
		hit = (((x - ones) & ~x) | ((v - ones * (' ' + 1)) & ~v)) & tops;
		if (hit)	/* its lowest bit is never a false one */
			return i + (size_t)__builtin_ctzll(hit) / 8;
	}
	while (i < s.n && s.p[i] != '[' && (unsigned char)s.p[i] > ' ')
		i++;
	return i;
}

bool
postfix_take_client(struct slice *s, struct event *ev)
{
	struct slice rest = *s, name = rest, address;
	size_t i = 0;

	if (rest.n == 0)
		return false;
	if (rest.p[0] != '[')		/* postscreen knows no names */
		i = client_name_length(slice_first(rest, CLIENT_NAME_MAX + 1));
	if (i > CLIENT_NAME_MAX || i == rest.n || rest.p[i] != '[')
		return false;
	name.n = i;
	rest = (struct slice){ rest.p + i + 1, rest.n - i - 1 };
	ev->has_addr = take_addr(&rest, ']', &address, &ev->addr);
	if (!ev->has_addr && !slice_eq(address, SLICE("unknown")))
		return false;
	if (i > 0 && !slice_eq(name, SLICE("unknown")))
		event_set(ev, F_CLIENT_NAME, name);
	take_port(&rest, ev);
	*s = rest;
	return true;
}

bool
postfix_take_address(struct slice *s, struct slice *address_r, char end1, char end2)
{
	size_t i = 1;

	if (s->n < 2 || s->p[0] != '<')
		return false;
	if (s->p[1] == '"') {
		for (i = 2; i < s->n && s->p[i] != '"'; i++)
			if (s->p[i] == '\\')
				i++;
		if (i >= s->n)
			i = 1;		/* raw, before 3.5: a quote without its twin */
	}
	for (; i < s->n; i++) {
		if (s->p[i] != '>' || (i + 1 < s->n && s->p[i + 1] != end1 && s->p[i + 1] != end2))
			continue;
		*address_r = (struct slice){ s->p + 1, i - 1 };
		*s = slice_skip(*s, i + 1);
		return true;
	}
	return false;
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

	if (slice_chr(s, '"') == NULL)
		return true;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\')
			i++;
		else
			quotes += s.p[i] == '"';
	}
	return quotes % 2 == 0;
}

/*
 * Takes "KEY<VALUE>" off the end of *s; key is " to=" or the like, whose first byte stands behind
 * "; ", ", " or the field before. Of several candidates the shortest with balanced quotes.
 */
static bool
cut_bracketed(struct slice *s, struct slice key, struct slice *value_r)
{
	const char *end = slice_end(*s) - 1, *at = end, *best = NULL;

	if (s->n < key.n + 2 || *end != '>')
		return false;
	while ((at = memrchr(s->p, '<', (size_t)(at - s->p))) != NULL) {
		if ((size_t)(at - s->p) < key.n || memcmp(at - key.n, key.p, key.n) != 0)
			continue;
		if (best == NULL)
			best = at;
		if (quotes_balanced(slice_range(at + 1, end))) {
			best = at;
			break;
		}
	}
	if (best == NULL)
		return false;
	*value_r = slice_range(best + 1, end);
	*s = slice_range(s->p, best - key.n);
	if (s->n && s->p[s->n - 1] == ',')
		s->n--;
	return true;
}

/* HELO cannot hold "<" or ">": the last "<" must be its own. */
static bool
cut_helo(struct slice *s, struct slice *helo_r)
{
	const char *at;

	if (s->n == 0 || s->p[s->n - 1] != '>')
		return false;
	at = memrchr(s->p, '<', s->n - 1);
	if (at == NULL || at - s->p < 6 || memcmp(at - 6, " helo=", 6) != 0)
		return false;
	*helo_r = slice_range(at + 1, slice_end(*s) - 1);
	*s = slice_range(s->p, at - 6);
	if (s->n && s->p[s->n - 1] == ',')
		s->n--;
	return true;
}

static bool
cut_proto(struct slice *s, struct slice *proto_r)
{
	size_t i = s->n;

	while (i > 0 && s->n - i < 16 && (unsigned char)((s->p[i - 1] | 0x20) - 'a') < 26)
		i--;
	if (i == s->n || i < 7 || memcmp(s->p + i - 7, " proto=", 7) != 0)
		return false;
	*proto_r = (struct slice){ s->p + i, s->n - i };
	*s = slice_first(*s, i - 7);
	if (s->n && s->p[s->n - 1] == ',')
		s->n--;
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
static bool
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

bool
postfix_diagnostic(struct slice body)
{
	static const struct slice own[] = { { "warning: ", 9 }, { "fatal: ", 7 }, { "panic: ", 7 },
		{ "error: ", 7 }, { "table ", 6 }, { "open ", 5 }, { "close ", 6 },
		{ "status=", 7 },
		/* debug_peer_list and -v */
		{ "> ", 2 }, { "< ", 2 }, { ">>> ", 4 }, { "<<< ", 4 }, { "send attr ", 10 },
		{ "input attribute ", 16 }, { "private/", 8 }, { "public/", 7 }, { "match_", 6 },
		{ "dict_", 5 }, { "maps_", 5 }, { "name_mask: ", 11 }, { "rewrite_", 8 },
		{ "smtpd_", 6 }, { "smtp_", 5 }, { "qmgr_", 5 }, { "mail_", 5 }, { "been_here", 9 },
		{ "ctable_", 7 }, { "auto_clnt_", 10 }, { "event_", 6 }, { "vstream_", 8 },
		{ "generic_checks: ", 16 }, { "permit_", 7 }, { "reject_", 7 }, { "check_", 6 },
		{ "resolve_clnt: ", 14 }, { "extract_addr: ", 14 }, { "watchdog_", 9 },
		{ "master_notify: ", 15 }, { "inet_addr_", 10 }, { "xsasl_", 6 },
		{ "trigger_server_", 15 }, { "connection established", 22 }, { "mynetworks: ", 12 },
		{ "wakeup ", 7 }, { "process generation: ", 20 }, { "dsn_", 4 }, { "deliver_", 8 },
		{ "start ", 6 }, { "end ", 4 }, { "done ", 5 }, { "request", 7 }, { "rec_", 4 },
		{ "unknown_", 8 }, { "recipient ", 10 }, { "before ", 7 }, { "after ", 6 } };

	return POSTFIX_STARTS_ANY(body, own);
}
