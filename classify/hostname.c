/*
 * See hostname.h. The name is cut into labels, into pieces between hyphens, and into runs of
 * letters; each run, each label or piece that is not letters only, is looked up in one hash. So a
 * word is found at a boundary of label, hyphen or digit, and nowhere inside another word. Letters
 * that belong to a hexadecimal number ("p5b0ded34") are no words. Words share the hash with the
 * suffixes of providers, which alone have dots. All come from rules: no key is needed, and the
 * first 8 bytes and the length will do.
 *
 * The conclusion is drawn from the facts in this order; the first that holds wins:
 *
 *	1. junk                                                   none
 *	2. provider suffix                                        server-like
 *	3. server word in the leftmost label, no address before   server-like
 *	4. hosting                                                server-like
 *	5. static                                                 none: HN_STATIC says all there is
 *	6. campus, dynamic, mobile                                end user
 *	7. server word elsewhere, no weak word                    server-like
 *	8. the same with a weak word                              none, they contradict
 *	9. weak word, and three octets or more                    end user
 *
 * An address without any word concludes nothing: cloud hosts and pools of senders have it too.
 * Static stands before dynamic because static lines of access providers often carry both words.
 */
#include "classify/hostname.h"

#include <stdlib.h>

#include "base/swar_range.h"
#include "base/table.h"
#include "classify/hostname_ip.h"

enum { WORD_MAX = 63, HEX_NUMBER_MIN = 6 };

struct hostname_word {
	struct slice text;
	struct slice head;	/* of a provider: start of the leftmost label; may be empty */
	uint64_t start;		/* its first 8 bytes */
	unsigned classes;	/* 1 << enum hostname_class */
	uint32_t next;		/* of its bucket, as in there; 0 for the last one */
};

struct scan {
	const struct hostname_words *words;
	struct slice name;		/* lower case, left of the registered domain */
	struct ip_in_name ip;
	unsigned set;
	bool server_leads;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static uint32_t
bucket_of(uint64_t start, size_t n)
{
	return (uint32_t)((start + n) * 0x9e3779b97f4a7c15u >> 32) % HOSTNAME_BUCKETS;
}

/* From item i of a bucket on, the first that is that text; 8 bytes can be read at text's end. */
static const struct hostname_word *
find_from(const struct hostname_words *w, uint32_t i, uint64_t start, struct slice text)
{
	const struct hostname_word *e;

	for (; i != 0; i = e->next) {
		e = &w->item[i - 1];
		if (e->start == start && e->text.n == text.n &&
		    (text.n <= 8 || memcmp(e->text.p + 8, text.p + 8, text.n - 8) == 0))
			return e;
	}
	return NULL;
}

enum hostname_class
hostname_class_of(struct slice key)
{
	static const char *const name[HOSTNAME_CLASSES] = { "dynamic", "weak", "static", "hosting",
		"campus", "mobile", "provider", "server" };
	unsigned i = 0;

	while (i < HOSTNAME_CLASSES && !slice_eq(key, slice_of(name[i])))
		i++;
	return (enum hostname_class)i;
}

static bool
valid_word(struct slice word, bool dots)
{
	if (word.n == 0 || word.n > (dots ? (size_t)DOMAIN_NAME_MAX : (size_t)WORD_MAX))
		return false;
	for (size_t i = 0; i < word.n; i++)
		if (!(word.p[i] >= 'a' && word.p[i] <= 'z') && !is_digit(word.p[i]) &&
		    word.p[i] != '-' && !(dots && word.p[i] == '.'))
			return false;
	return !dots || (slice_chr(word, '.') != NULL && word.p[0] != '.' &&
	    word.p[word.n - 1] != '.' && slice_str(word, SLICE("..")) == NULL);
}

/* "mail-*.google.com" into head and suffix; a suffix alone leaves the head empty. */
static bool
split_provider(struct slice word, struct slice *head_r, struct slice *suffix_r)
{
	const char *star = slice_chr(word, '*');

	*head_r = SLICE_NONE;
	*suffix_r = word;
	if (star != NULL) {
		*head_r = slice_range(word.p, star);
		*suffix_r = slice_range(star + 1, slice_end(word));
		if (!valid_word(*head_r, false) || !slice_take(suffix_r, SLICE(".")))
			return false;
	}
	return valid_word(*suffix_r, true);
}

int
hostname_words_add(struct hostname_words *w, enum hostname_class class, struct slice word,
    struct problem *p)
{
	char text[DOMAIN_NAME_MAX + 8] = { 0 };
	struct slice lower, head = SLICE_NONE;
	const struct hostname_word *old;
	uint64_t start;
	uint32_t *bucket;
	bool provider = class == HOSTNAME_PROVIDER;

	if (word.n == 0 || word.n > DOMAIN_NAME_MAX)
		return problem_set(p, "a word of 1 to 255 bytes is wanted");
	lower = slice_lower(word, text);
	if (provider ? !split_provider(lower, &head, &lower) : !valid_word(lower, false))
		return problem_set(p, "not a %s: %.*s", provider ? "provider's domain" : "word",
		    SLICE_ARG(word));
	start = swar_head(lower.p, lower.n);
	bucket = &w->bucket[bucket_of(start, lower.n)];
	for (uint32_t i = *bucket; (old = find_from(w, i, start, lower)) != NULL; i = old->next) {
		if ((old->classes & 1u << class) && slice_eq(old->head, head))
			return problem_set(p, "listed twice: %.*s", SLICE_ARG(word));
		if (provider)
			continue;
		w->item[old - w->item].classes |= 1u << class;
		return 0;
	}
	mem_grow(&w->item, &w->cap, w->n + 1, sizeof(*w->item));
	w->item[w->n++] = (struct hostname_word){ arena_copy(&w->arena, lower),
		head.n ? arena_copy(&w->arena, head) : SLICE_NONE, start, 1u << class, *bucket };
	*bucket = w->n;
	return 0;
}

uint64_t
hostname_words_hash(const struct hostname_words *w)
{
	uint64_t sum = w->n;

	for (unsigned i = 0; i < w->n; i++)
		sum += hash_fixed(w->item[i].text, hash_fixed(w->item[i].head, w->item[i].classes));
	return sum;
}

void
hostname_words_free(struct hostname_words *w)
{
	arena_free(&w->arena);
	free(w->item);
	*w = (struct hostname_words){ 0 };
}

static bool
is_provider(const struct hostname_words *w, const struct host_name *h)
{
	struct slice name = { h->text, h->n };
	const struct hostname_word *e;

	for (unsigned k = 0; k + 1 < h->labels; k++) {	/* a provider has a dot */
		struct slice suffix = slice_skip(name, h->label[k]);
		uint64_t start = swar_head(suffix.p, suffix.n);
		uint32_t i = w->bucket[bucket_of(start, suffix.n)];

		for (; i != 0 && (e = find_from(w, i, start, suffix)) != NULL; i = e->next)
			if (e->classes == 1 << HOSTNAME_PROVIDER &&
			    (e->head.n == 0 || (k > 0 && slice_starts(name, e->head))))
				return true;
	}
	return false;
}

static bool
is_junk(const struct host_name *h)
{
	struct slice name = { h->text, h->n };
	struct slice last = slice_skip(name, h->label[h->labels - 1]);
	uint64_t value;

	if (last.n > 0 && is_digit(last.p[0]))
		return slice_u64(last, UINT64_MAX, &value);
	return slice_eq(name, SLICE("localhost")) || slice_starts(name, SLICE("localhost.")) ||
	    slice_ends(name, SLICE(".in-addr.arpa")) || slice_ends(name, SLICE(".ip6.arpa"));
}

static void
look_up(struct scan *s, struct slice word, bool leftmost)
{
	uint64_t start = swar_head(word.p, word.n);
	uint32_t i = s->words->bucket[bucket_of(start, word.n)];
	const struct hostname_word *e = i ? find_from(s->words, i, start, word) : NULL;

	if (e == NULL)
		return;
	s->set |= e->classes;
	if ((e->classes & HN_SERVER) && leftmost)
		s->server_leads |=
		    s->ip.strength < IP_THREE || (size_t)(word.p - s->name.p) < s->ip.from;
}

/* Letters inside a hexadecimal number: of the address that was found, or of any long one. */
static bool
inside_number(const struct scan *s, struct slice piece, struct slice run)
{
	size_t from = (size_t)(run.p - s->name.p);
	bool digits = false;

	if (s->ip.strength >= IP_THREE && from >= s->ip.from && from + run.n <= s->ip.to &&
	    piece.n > run.n)
		return true;
	if (piece.n < HEX_NUMBER_MIN || piece.n == run.n)
		return false;
	for (size_t i = 0; i < piece.n; i++) {
		if (!is_digit(piece.p[i]) && !(piece.p[i] >= 'a' && piece.p[i] <= 'f'))
			return false;
		digits |= is_digit(piece.p[i]);
	}
	return digits;
}

/* How many bytes from p on are letters (or are none, with others all ones). */
static inline size_t
run_at(const char *p, const char *end, uint64_t others)
{
	const char *from = p;
	uint64_t stop = 0;

	while (p < end &&
	    (stop = (~swar_between(swar_load(p), 'a', 'z') ^ others) & SWAR_TOPS) == 0)
		p += 8;
	if (stop != 0)
		p += swar_first(stop);
	return (size_t)((p < end ? p : end) - from);
}

/* What stands between dots and hyphens. A single letter is no word. */
static void
scan_piece(struct scan *s, struct slice piece, bool leftmost)
{
	const char *p = piece.p, *end = piece.p + piece.n;

	while (p < end) {
		struct slice run = { p, run_at(p, end, 0) };

		if (run.n == piece.n) {
			if (run.n > 1)
				look_up(s, piece, leftmost);
			return;
		}
		if (run.n > 1 && !inside_number(s, piece, run))
			look_up(s, run, leftmost);
		p += run.n;
		p += run_at(p, end, UINT64_MAX);
	}
	look_up(s, piece, leftmost);
}

static void
scan_name(struct scan *s, const struct host_name *h)
{
	size_t label = 0, piece = 0;
	bool leftmost = true;

	for (const uint8_t *cut = h->cut; piece <= s->name.n; cut++) {
		if (*cut > piece)
			scan_piece(s, (struct slice){ h->text + piece, *cut - piece }, leftmost);
		if (*cut == h->n || h->text[*cut] == '.') {
			if (piece > label)
				look_up(s, (struct slice){ h->text + label, *cut - label },
				    leftmost);
			label = *cut + 1u;
			leftmost = false;
		}
		piece = *cut + 1u;
	}
}

static unsigned
conclude(const struct scan *s)
{
	unsigned set = s->set;

	if (set & HN_JUNK)
		return 0;
	if ((set & HN_PROVIDER) || s->server_leads || (set & HN_HOSTING))
		return HN_SERVER_LIKE;
	if (set & HN_STATIC)
		return 0;
	if (set & (HN_CAMPUS | HN_DYNAMIC | HN_MOBILE))
		return HN_END_USER;
	if (set & HN_SERVER)
		return set & HN_WEAK ? 0 : HN_SERVER_LIKE;
	return (set & HN_WEAK) && (set & (HN_IP_FULL | HN_IP_THREE)) ? HN_END_USER : 0;
}

void
hostname_analyse(const struct hostname_words *w, struct domain_memo *memo, struct slice name,
    const struct addr *client, struct hostname_facts *facts_r)
{
	static const unsigned ip_fact[] = { 0, HN_IP_TWO, HN_IP_THREE, HN_IP_FULL };
	struct scan s = { .words = w };
	struct host_name h;
	unsigned domain;

	*facts_r = (struct hostname_facts){ 0, SLICE_NONE };
	if (!host_name_cut(name, &h))
		return;
	domain = host_name_registered(&h, memo);
	s.name = (struct slice){ h.text, domain };
	if (domain < h.n) {
		facts_r->domain = (struct slice){ name.p + domain, h.n - domain };
		s.name.n -= domain > 0;		/* the dot */
	}
	if (client != NULL)
		s.ip = ip_in_name(s.name, client);
	s.set = ip_fact[s.ip.strength];
	if (is_junk(&h))
		s.set |= HN_JUNK;
	if (is_provider(w, &h))
		s.set |= HN_PROVIDER;
	if (s.name.n > 0)
		scan_name(&s, &h);
	facts_r->set = s.set | conclude(&s);
}
