/*
 * Why Exim refused: the words of the administrator's ACL texts (and of Exim's own).
 *
 *	Unrouteable address | relay not permitted | Sender verify failed
 *	found in dnsbl zen.example (127.0.0.4) | is in a black list at bl.example\nreason
 *	"JunkMail rejected - h [addr]:port is in an RBL: https://..."
 *	greylisted, please try again | This message scored 12.3 spam points
 *	h is refused, see zen.example (127.0.0.4)
 *
 * One pass over the words; the first word that is known decides. Text in <> (addresses, which a
 * stranger chose) is passed over, and a word starts only behind a blank, quote or parenthesis, so
 * that no part of a host name counts as a word.
 */
#include "base/swar_range.h"
#include "parser/dnsbl_text.h"
#include "parser/exim_parts.h"

enum { ANY, CONTENT_ONLY };

struct words {
	char text[32];		/* lower case, zeros behind it */
	uint8_t n, unused;	/* unused: bits of the first 8 bytes that are not text */
	uint8_t reason, when;
};

#define WORDS(text, reason, when) \
	{ text, sizeof(text) - 1, (uint8_t)(sizeof(text) < 9 ? 72 - 8 * sizeof(text) : 0), \
	    reason, when }
#define W(text, reason) WORDS(text, reason, ANY)
#define WC(text, reason) WORDS(text, reason, CONTENT_ONLY)

static const struct words on_a[] = { W("authentication required", REJECT_RELAY) };
static const struct words on_b[] = { W("blacklist", REJECT_DNSBL), W("black list", REJECT_DNSBL),
	W("black-list", REJECT_DNSBL), W("blocked using", REJECT_DNSBL),
	W("blocklist", REJECT_DNSBL), W("block list", REJECT_DNSBL) };
static const struct words on_d[] = { W("dnsbl", REJECT_DNSBL), W("dnsrbl", REJECT_DNSBL),
	W("dnslist", REJECT_DNSBL),
	W("does not exist", REJECT_USER) };
static const struct words on_e[] = { W("ehlo", REJECT_HELO) };
static const struct words on_g[] = { W("greylist", REJECT_GREYLIST), W("graylist", REJECT_GREYLIST),
	W("grey list", REJECT_GREYLIST), W("grey-list", REJECT_GREYLIST),
	WC("gtube", REJECT_CONTENT) };
static const struct words on_h[] = { W("helo", REJECT_HELO),
	W("host is ratelimited", REJECT_LOAD), W("host lookup failed", REJECT_NO_RDNS),
	W("host lookup did not", REJECT_NO_RDNS), WC("hits", REJECT_CONTENT) };
static const struct words on_i[] = { W("invalid sender", REJECT_SENDER_DOMAIN),
	W("invalid helo", REJECT_HELO), W("invalid recipient", REJECT_USER) };
static const struct words on_j[] = { WC("junk", REJECT_CONTENT) };
static const struct words on_l[] = { W("listed at", REJECT_DNSBL), W("listed in", REJECT_DNSBL),
	W("listed by", REJECT_DNSBL), W("listed on", REJECT_DNSBL) };
static const struct words on_m[] = { W("mailbox unavailable", REJECT_USER),
	W("mailbox not found", REJECT_USER), W("mailbox does not", REJECT_USER) };
static const struct words on_n[] = { W("no such", REJECT_USER), W("no reverse", REJECT_NO_RDNS),
	W("no ptr", REJECT_NO_RDNS), W("no rdns", REJECT_NO_RDNS),
	W("no host name", REJECT_NO_RDNS) };
static const struct words on_p[] = { W("previous (cached) callout", REJECT_USER) };
static const struct words on_r[] = { W("relay ", REJECT_RELAY), W("relaying", REJECT_RELAY),
	W("rbl", REJECT_DNSBL),
	W("ratelimit", REJECT_LOAD), W("rate limit", REJECT_LOAD), W("rate-limit", REJECT_LOAD),
	W("recipient unknown", REJECT_USER), W("recipient verif", REJECT_USER),
	W("reverse dns", REJECT_NO_RDNS), W("rdns", REJECT_NO_RDNS) };
static const struct words on_s[] = { W("sender verif", REJECT_SENDER_DOMAIN),
	W("sender domain", REJECT_SENDER_DOMAIN), W("spamhaus", REJECT_DNSBL),
	W("smtp protocol synchronization", REJECT_PROTOCOL), W("syntactically", REJECT_HELO),
	WC("spam", REJECT_CONTENT), WC("scored", REJECT_CONTENT), WC("score", REJECT_CONTENT) };
static const struct words on_t[] = { W("too many connections", REJECT_LOAD),
	W("too many concurrent", REJECT_LOAD), W("too many recipients", REJECT_LOAD) };
static const struct words on_u[] = { W("unrouteable address", REJECT_USER),
	W("unroutable address", REJECT_USER), W("unknown user", REJECT_USER),
	W("user unknown", REJECT_USER), W("unknown recipient", REJECT_USER),
	W("unrouteable mail domain", REJECT_SENDER_DOMAIN), WC("ube", REJECT_CONTENT) };

#define ROW(letter, row) [letter - 'a'] = { row, sizeof(row) / sizeof(row[0]) }

static const struct {
	const struct words *row;
	size_t n;
} index_of[26] = {
	ROW('a', on_a), ROW('b', on_b), ROW('d', on_d), ROW('e', on_e), ROW('g', on_g),
	ROW('h', on_h), ROW('i', on_i), ROW('j', on_j), ROW('l', on_l), ROW('m', on_m),
	ROW('n', on_n), ROW('p', on_p), ROW('r', on_r), ROW('s', on_s), ROW('t', on_t),
	ROW('u', on_u),
};

/*
 * What a byte of a text is for. GAP: a word starts behind it. SKIP: it may stand between a zone and
 * its answer.
 */
enum { GAP = 1, SKIP = 2 };

static const uint8_t class_of[256] = {
	[' '] = GAP | SKIP, ['"'] = GAP, ['\''] = GAP, ['('] = GAP | SKIP, ['\n'] = GAP,
	['['] = GAP | SKIP, ['_'] = GAP, ['='] = SKIP, [':'] = SKIP, [')'] = SKIP,
};

static inline unsigned
class_at(const char *p)
{
	return class_of[(unsigned char)*p];
}

/* Whether w stands at p. Its first 8 bytes mostly are not there even if the case is ignored. */
static inline bool
stands(const struct words *w, const char *p, const char *end)
{
	uint64_t head = swar_load(p), text = swar_load(w->text);

	return ((head | SWAR_ALL(0x20)) ^ text) << w->unused == 0 && end - p >= w->n &&
	    (swar_lower(head) ^ text) << w->unused == 0 &&
	    (w->n <= 8 || slice_same_nocase(p + 8, w->text + 8, w->n - 8u)) &&
	    (end - p == w->n || p[w->n] != '.');	/* a host name */
}

/* The known words at p, which is before end, or NULL. */
static inline const struct words *
words_at(const char *p, const char *end, bool content)
{
	unsigned letter = ((unsigned char)*p | 0x20u) - 'a';
	const struct words *w;
	size_t n;

	if (letter >= 26)
		return NULL;
	w = index_of[letter].row;
	for (n = index_of[letter].n; n > 0; n--, w++)
		if (stands(w, p, end) && (w->when == ANY || content))
			return w;
	return NULL;
}

/* "dnsbl ZONE (127.0.0.4)", "black list at ZONE\n...", "listed in ZONE=127.0.0.2" */
static const char *
skip_link(const char *p, const char *end)
{
	p = exim_past(p, end, SLICE("ed"));
	if (*p == ' ') {
		p = exim_past(p, end, SLICE(" at"));
		p = exim_past(p, end, SLICE(" in"));
		p = exim_past(p, end, SLICE(" by"));
		p = exim_past(p, end, SLICE(" on"));
		p = exim_past(p, end, SLICE(" using"));
	}
	p = exim_past(p, end, SLICE(":"));
	p = exim_past(p, end, SLICE(" "));
	p = exim_past(p, end, SLICE("dnsbl "));
	p = exim_past(p, end, SLICE("("));
	return exim_past(p, end, SLICE("\""));
}

/* The end of a domain name with a dot and a letter in its last label, or NULL. */
static inline const char *
domain_end(const char *p, const char *end)
{
	const char *q = p, *dot;
	size_t run;

	do {
		uint64_t name = wide_alnum32(q) | wide_equal32(q, '.') | wide_either32(q, '-', '_');

		run = (size_t)__builtin_ctzll(~name);
		q += run;
	} while (run == 32 && q < end);
	q = q < end ? q : end;
	dot = slice_rchr(slice_range(p, q), '.');
	if (dot != NULL && dot + 1 == q) {		/* full stop of the sentence */
		q = dot;
		dot = slice_rchr(slice_range(p, q), '.');
	}
	if (dot == NULL || *p == '.' || dot + 1 >= q)
		return NULL;
	/* else an address */
	return (dot[1] | 0x20) >= 'a' && (dot[1] | 0x20) <= 'z' ? q : NULL;
}

/* The end of "127.0.0.4", or several: "127.0.0.10, 127.0.0.4" ($dnslist_value); p: there is none */
static const char *
answer_end(const char *p, const char *end)
{
	enum { ADDRESS_MAX = 15 };

	while (exim_at(p, end, SLICE("127."))) {
		uint64_t other = ~wide_between(p, '.', '9') | wide_equal(p, '/');

		p += __builtin_ctzll(other | 1 << ADDRESS_MAX);
		p = p < end ? p : end;
		if (!exim_at(p, end, SLICE(", 127.")))
			break;
		p += 2;
	}
	return p;
}

static inline bool
in_name(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26 || (unsigned char)(c - '0') < 10 ||
	    c == '.' || c == '-' || c == '_';
}

/*
 * The first "127." of an answer: behind a blank or the like; 127.0.0.1 is a host, and in brackets
 * stands what a client said of itself.
 */
static const char *
find_answer(const char *p, const char *end)
{
	const char *start = p;

	while ((p = slice_str(slice_range(p, end), SLICE("127."))) != NULL &&
	    (p == start || !(class_at(p - 1) & SKIP) || p[-1] == '[' ||
	    slice_eq(slice_range(p, answer_end(p, end)), SLICE("127.0.0.1"))))
		p++;
	return p;
}

/* No word is known, but "ZONE (127.0.0.4)" or the like stands there: only a list answers so. */
static void
zone_before_answer(struct slice text, struct event *ev)
{
	const char *end = slice_end(text), *at = find_answer(text.p, end), *q = at, *p;

	if (at == NULL)
		return;
	while (q > text.p && (class_at(q - 1) & SKIP))
		q--;
	for (p = q; p > text.p && in_name(p[-1]); p--)
		;
	if (p == q || domain_end(p, q) != q)
		return;
	ev->reason = REJECT_DNSBL;
	event_set(ev, F_ZONE, slice_range(p, q));
	event_set(ev, F_CODE, slice_range(at, answer_end(at, end)));
}

static void
zone_behind(const char *p, const char *end, struct event *ev)
{
	const char *q;
	struct slice code;

	p = skip_link(p, end);
	q = domain_end(p, end);
	if (q == NULL)
		return;
	event_set(ev, F_ZONE, slice_range(p, q));
	q = exim_past(q, end, SLICE(" as"));
	while (q < end && (class_at(q) & SKIP))
		q++;
	p = answer_end(q, end);
	code = p > q ? slice_range(q, p) : dnsbl_part(slice_range(q, end));
	if (code.n > 0)
		event_set(ev, F_CODE, code);
}

/* Whether the words at p decide. */
static inline bool
decides(const char *p, const char *end, struct event *ev)
{
	const struct words *w = words_at(p, end, ev->phase == PHASE_CONTENT);

	if (w == NULL)
		return false;
	ev->reason = w->reason;
	if (w->reason == REJECT_DNSBL)
		zone_behind(p + w->n, end, ev);
	return true;
}

/* False: no known word is in it. */
static bool
known_word(struct slice text, struct event *ev)
{
	enum { STEP = 32 };
	const char *p, *from = text.p, *end = slice_end(text), *close;
	bool closes = true;
	uint64_t other;

	if (text.n == 0 || decides(from, end, ev))
		return true;
	for (; from < end; from += STEP) {
		for (other = ~wide_alnum32(from) & UINT32_MAX; other != 0; other &= other - 1) {
			p = from + __builtin_ctzll(other);
			if (p + 1 >= end)
				return false;
			if (class_at(p) & GAP) {
				if (decides(p + 1, end, ev))
					return true;
			} else if (closes && *p == '<') {
				close = memchr(p, '>', (size_t)(end - p));
				if (close != NULL) {
					from = close + 1 - STEP;
					break;
				}
				closes = false;		/* no other one does then */
			}
		}
	}	return false;
}

void
exim_reason(struct slice text, struct event *ev)
{
	if (!known_word(text, ev))
		zone_before_answer(text, ev);
}
