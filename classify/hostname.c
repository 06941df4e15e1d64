/*
 * See hostname.h. The name is cut into labels, into pieces between hyphens, and into runs of
 * letters. Runs are looked up in one hash; so are pieces and labels that are not letters only, if
 * a word with digits or hyphens has their length. So a word is found at a boundary of label, hyphen
 * or digit, and nowhere inside another word. Letters that belong to a hexadecimal number
 * ("p5b0ded34") are no words. Words share the hash with the suffixes of providers, which alone have
 * dots. All come from rules: no key is needed, and the first 8 bytes and the length will do.
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
#include "classify/bits.h"
#include "classify/hostname_ip.h"

enum { WORD_MAX = 63, HEX_NUMBER_MIN = 6, SHORT_END = 5 };

struct hostname_word {
	struct slice text;
	struct slice head;	/* of a provider: start of the leftmost label; may be empty */
	uint64_t start;		/* its first 8 bytes */
	unsigned classes;	/* 1 << enum hostname_class */
	uint32_t next;		/* of its bucket, as in there; 0 for the last one */
};

struct scan {
	const struct hostname_words *words;
	const struct host_name *name;	/* what is left of its registered domain */
	unsigned label;			/* where the leftmost label ends */
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
static inline const struct hostname_word *
find_from(const struct hostname_words *w, uint32_t i, uint64_t start, struct slice text)
{
	const struct hostname_word *e;

	for (; i != 0; i = e->next) {
		e = &w->item[i - 1];
		if (e->start == start && e->text.n == text.n &&
		    (text.n <= 8 || swar_same_long(e->text.p, text.p, text.n)))
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

/* A bit for the last n bytes of a name or provider, at most 8. */
static unsigned
end_of(const char *end, unsigned n)
{
	return (unsigned)(swar_head(end - n, n) * 0x9e3779b97f4a7c15u >> 56);
}

/* What tells most names from any word or provider. */
static void
screen(struct hostname_words *w, struct slice word, bool provider)
{
	size_t digits = 0;

	for (size_t i = 0; i < word.n; i++)
		digits += is_digit(word.p[i]);
	if (provider && word.n < SHORT_END) {
		w->all_short = true;
	} else if (provider) {
		bits_add(word.n < 8 ? w->short_end : w->long_end,
		    end_of(slice_end(word), word.n < 8 ? SHORT_END : 8));
	} else if (slice_chr(word, '-') != NULL) {
		bits_add(&w->with_hyphen, (unsigned)word.n);
	} else if (digits > 0) {
		bits_add(&w->with_digit, (unsigned)word.n);
		w->has_number |= digits == word.n;
	}
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
	screen(w, lower, provider);
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
may_be_provider(const struct hostname_words *w, const struct host_name *h)
{
	const char *end = h->text + h->n;

	return w->all_short ||
	    (h->n >= SHORT_END && bits_have(w->short_end, end_of(end, SHORT_END))) ||
	    (h->n >= 8 && bits_have(w->long_end, end_of(end, 8)));
}

static bool
is_provider(const struct hostname_words *w, const struct host_name *h)
{
	const struct hostname_word *e;
	unsigned from = 0, dot;

	for (; (dot = name_next(h->is.dot, h->is.words, from, h->n)) < h->n; from = dot + 1) {
		struct slice suffix = { h->text + from, h->n - from };
		uint64_t start = swar_head(suffix.p, suffix.n);
		uint32_t i = w->bucket[bucket_of(start, suffix.n)];

		for (; i != 0 && (e = find_from(w, i, start, suffix)) != NULL; i = e->next)
			if (e->classes == 1 << HOSTNAME_PROVIDER &&
			    (e->head.n == 0 || (from > 0 &&
				slice_starts((struct slice){ h->text, h->n }, e->head))))
				return true;
	}
	return false;
}

static bool
is_junk(const struct host_name *h)
{
	struct slice name = { h->text, h->n };
	unsigned from = name_start(h->is.dot, h->is.words, h->n);
	struct slice last = { h->text + from, h->n - from };
	uint64_t value;

	if (is_digit(last.p[0]))
		return slice_u64(last, UINT64_MAX, &value);
	if (swar_load(h->text) == swar_load("localhost"))
		return slice_eq(name, SLICE("localhost")) ||
		    slice_starts(name, SLICE("localhost."));
	return slice_eq(last, SLICE("arpa")) && (slice_ends(name, SLICE(".in-addr.arpa")) ||
	    slice_ends(name, SLICE(".ip6.arpa")));
}

static inline const struct hostname_word *
find_word(const struct scan *s, unsigned from, unsigned to)
{
	struct slice word = { s->name->text + from, to - from };
	uint64_t start = swar_head(word.p, word.n);
	uint32_t i = s->words->bucket[bucket_of(start, word.n)];

	return i ? find_from(s->words, i, start, word) : NULL;
}

static void
take_word(struct scan *s, const struct hostname_word *e, unsigned from)
{
	s->set |= e->classes;
	if ((e->classes & HN_SERVER) && from < s->label)
		s->server_leads |= s->ip.strength < IP_THREE || from < s->ip.from;
}

/* Letters inside a hexadecimal number: of the address that was found, or of any long one. */
static bool
inside_number(const struct scan *s, unsigned from, unsigned to)
{
	const struct name_bits *is = &s->name->is;
	unsigned start = name_start(is->cut, is->words, from);
	unsigned end = name_next(is->cut, is->words, to, s->name->n);

	if (start == from && end == to)
		return false;
	if (s->ip.strength >= IP_THREE && from >= s->ip.from && to <= s->ip.to)
		return true;
	/* what it has beside the letters is a digit at least */
	return end - start >= HEX_NUMBER_MIN && name_leave(is->hex, is->words, start) >= end;
}

/* Runs of letters. A single letter is no word. */
static void
scan_letters(struct scan *s)
{
	const struct name_bits *is = &s->name->is;
	uint64_t before = 0;

	for (unsigned w = 0; w < is->words; w++) {
		uint64_t starts = name_starts(is->letter, w, &before);

		for (; starts; starts &= starts - 1) {
			unsigned from = 64 * w + (unsigned)__builtin_ctzll(starts);
			unsigned to = name_leave(is->letter, is->words, from);
			const struct hostname_word *e =
			    to - from > 1 ? find_word(s, from, to) : NULL;

			if (e != NULL && !inside_number(s, from, to))
				take_word(s, e, from);
		}
	}
}

/*
 * Of a word of places: the parts between cuts that these are in, if words of their length are
 * among those asked for.
 */
static void
scan_parts(struct scan *s, unsigned w, uint64_t at, const uint64_t *cut, uint64_t lengths)
{
	const struct host_name *h = s->name;
	unsigned words = h->is.words;

	while (at != 0) {
		unsigned i = 64 * w + (unsigned)__builtin_ctzll(at);
		unsigned from = name_start(cut, words, i), to = name_next(cut, words, i, h->n);
		const struct hostname_word *e =
		    to - from < 64 && (lengths >> (to - from) & 1) ? find_word(s, from, to) : NULL;

		if (e != NULL)
			take_word(s, e, from);
		at &= ~name_below(to, w);
	}
}

/* Pieces where a digit stands beside a letter, or any with a digit; labels with a hyphen. */
static void
scan_others(struct scan *s)
{
	const struct name_bits *is = &s->name->is;
	uint64_t any = s->words->has_number ? UINT64_MAX : 0, digit = 0, letter = 0;

	for (unsigned w = 0; w < is->words; w++) {
		uint64_t behind_letter = is->letter[w] << 1 | letter >> 63;
		uint64_t behind_digit = is->digit[w] << 1 | digit >> 63;

		uint64_t hyphens = is->cut[w] & ~is->dot[w], digits;

		digit = is->digit[w];
		letter = is->letter[w];
		digits = (digit & (behind_letter | any)) | (letter & behind_digit);
		if (digits != 0)
			scan_parts(s, w, digits, is->cut, s->words->with_digit);
		if (hyphens != 0)
			scan_parts(s, w, hyphens, is->dot, s->words->with_hyphen);
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
	struct host_name h;
	struct scan s = { .words = w, .name = &h };
	unsigned domain;

	*facts_r = (struct hostname_facts){ 0, SLICE_NONE };
	if (!host_name_cut(name, &h))
		return;
	domain = host_name_registered(&h, memo);
	if (domain < h.n)
		facts_r->domain = (struct slice){ name.p + domain, h.n - domain };
	if (is_junk(&h))
		s.set |= HN_JUNK;
	if (may_be_provider(w, &h) && is_provider(w, &h))
		s.set |= HN_PROVIDER;
	if (domain < h.n)
		host_name_shorten(&h, domain > 0 ? domain - 1 : 0);
	if (client != NULL)
		s.ip = ip_in_name(&h, client);
	s.set |= ip_fact[s.ip.strength];
	s.label = name_next(h.is.dot, h.is.words, 0, h.n);
	scan_letters(&s);
	scan_others(&s);
	facts_r->set = s.set | conclude(&s);
}
