/*
 * Why Exim refused: the words of the administrator's ACL texts (and of Exim's own).
 *
 *	Unrouteable address | relay not permitted | Sender verify failed
 *	found in dnsbl zen.example (127.0.0.4) | is in a black list at bl.example\nreason
 *	"JunkMail rejected - h [addr]:port is in an RBL: https://..."
 *	greylisted, please try again | This message scored 12.3 spam points
 *
 * One pass over the words; the first word that is known decides. Text in <> (addresses, which a
 * stranger chose) is passed over, and a word starts only behind a blank, quote or parenthesis, so
 * that no part of a host name counts as a word.
 */
#include "parser/dnsbl_text.h"
#include "parser/exim_parts.h"

enum { ANY, CONTENT_ONLY };

struct words {
	struct slice text;	/* lower case */
	uint8_t reason, when;
};

#define W(text, reason) { { text, sizeof(text) - 1 }, reason, ANY }
#define WC(text, reason) { { text, sizeof(text) - 1 }, reason, CONTENT_ONLY }

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

/* The known words at the head of s, or NULL. */
static const struct words *
words_at(struct slice s, bool content)
{
	unsigned letter = ((unsigned char)s.p[0] | 0x20u) - 'a';
	size_t i;

	if (letter >= 26)
		return NULL;
	for (i = 0; i < index_of[letter].n; i++) {
		const struct words *w = &index_of[letter].row[i];

		if ((w->when == ANY || content) &&
		    slice_eq_nocase(slice_first(s, w->text.n), w->text) &&
		    !slice_starts(slice_skip(s, w->text.n), SLICE(".")))	/* a host name */
			return w;
	}
	return NULL;
}

/* Whether a word starts behind c. */
static bool
is_gap(char c)
{
	return c == ' ' || c == '"' || c == '\'' || c == '(' || c == '\n' || c == '[' || c == '_';
}

/* Length of a domain name with a dot and a letter in its last label; else 0. */
static size_t
domain_length(struct slice s)
{
	size_t n, dot = 0;

	for (n = 0; n < s.n; n++) {
		char c = s.p[n];

		if (c == '.')
			dot = n;
		else if ((c < '0' || c > '9') && ((c | 0x20) < 'a' || (c | 0x20) > 'z') &&
		    c != '-' && c != '_')
			break;
	}
	if (n > 0 && dot == n - 1) {	/* full stop of the sentence */
		const char *last = slice_rchr(slice_first(s, --n), '.');

		dot = last == NULL ? 0 : (size_t)(last - s.p);
	}
	if (dot == 0 || s.p[0] == '.' || dot + 1 >= n)
		return 0;
	if ((s.p[dot + 1] | 0x20) < 'a' || (s.p[dot + 1] | 0x20) > 'z')	/* an address */
		return 0;
	return n;
}

/* "dnsbl ZONE (127.0.0.4)", "black list at ZONE\n...", "listed in ZONE=127.0.0.2" */
static void
zone_behind(struct slice s, struct event *ev)
{
	static const struct slice link[] = { { "ed", 2 }, { " at", 3 }, { " in", 3 }, { " by", 3 },
		{ " on", 3 }, { " using", 6 }, { ":", 1 }, { " ", 1 }, { "dnsbl ", 6 }, { "(", 1 },
		{ "\"", 1 } };
	size_t i, n;

	for (i = 0; i < sizeof(link) / sizeof(link[0]); i++)
		slice_take(&s, link[i]);
	n = domain_length(s);
	if (n == 0)
		return;
	event_set(ev, F_ZONE, slice_first(s, n));
	s = slice_skip(s, n);
	while (s.n > 0 && memchr(" (=:[)", s.p[0], 6) != NULL)
		s = slice_skip(s, 1);
	/* one answer, or several: "127.0.0.10, 127.0.0.4" ($dnslist_value) */
	for (n = 0; slice_starts(slice_skip(s, n), SLICE("127."));) {
		size_t digits = 0;

		while (n + digits < s.n && digits < 15 &&
		    ((s.p[n + digits] >= '0' && s.p[n + digits] <= '9') || s.p[n + digits] == '.'))
			digits++;
		n += digits;
		if (!slice_starts(slice_skip(s, n), SLICE(", 127.")))
			break;
		n += 2;
	}
	if (n == 0) {
		s = dnsbl_part(s);
		n = s.n;
	}
	if (n == 0)
		return;
	event_set(ev, F_CODE, slice_first(s, n));
}

void
exim_reason(struct slice text, struct event *ev)
{
	const struct words *w = NULL;
	const char *p, *end = slice_end(text), *last_close = slice_rchr(text, '>');

	for (p = text.p; p < end; p++) {
		if (last_close != NULL && *p == '<' && p < last_close)
			p = memchr(p, '>', (size_t)(end - p));
		else if ((p == text.p || is_gap(p[-1])) && (w = words_at(slice_range(p, end),
		    ev->phase == PHASE_CONTENT)) != NULL)
			break;
	}
	if (w == NULL)
		return;
	ev->reason = w->reason;
	if (w->reason == REJECT_DNSBL)
		zone_behind(slice_range(p + w->text.n, end), ev);
}
