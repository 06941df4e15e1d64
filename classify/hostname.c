/*
 * See hostname.h. The name is cut into labels, into pieces between hyphens, and into runs of
 * letters; each run, each label or piece that is not letters only, is looked up in one hash. So a
 * word is found at a boundary of label, hyphen or digit, and nowhere inside another word. Letters
 * that belong to a hexadecimal number ("p5b0ded34") are no words.
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

#include "base/domain.h"
#include "classify/hostname_ip.h"

enum { WORD_MAX = 63, SEED_WORD = 1, SEED_PROVIDER = 2, HEX_NUMBER_MIN = 6 };

struct hostname_word {
	struct slice text;
	struct slice head;	/* of a provider: start of the leftmost label; may be empty */
	uint64_t hash;
	unsigned classes;	/* 1 << enum hostname_class */
};

struct scan {
	const struct hostname_words *words;
	struct slice name;		/* lower case, left of the registered domain */
	struct ip_in_name ip;
	unsigned set;
	bool server_leads;
};

static bool
is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* One bit of 32 for a first byte; two bytes that share one cost a needless look-up only. */
static uint32_t
shape_of(struct slice word)
{
	return (uint32_t)1 << (word.p[0] & 31);
}

/* One bit of 4096 for a suffix of three bytes or more; the same may be said of it. */
static unsigned
provider_bit(struct slice suffix)
{
	const unsigned char *u = (const unsigned char *)suffix.p;

	return (u[0] * 37u + u[1] * 211u + u[2] * 1031u + (unsigned)suffix.n * 89u) % 4096;
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
		if (!is_letter(word.p[i]) && !is_digit(word.p[i]) && word.p[i] != '-' &&
		    !(dots && word.p[i] == '.'))
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
	char text[DOMAIN_NAME_MAX];
	struct slice lower, head = SLICE_NONE;
	uint64_t hash;
	uint32_t i, at;
	bool provider = class == HOSTNAME_PROVIDER;

	if (word.n == 0 || word.n > sizeof(text))
		return problem_set(p, "a word of 1 to 255 bytes is wanted");
	lower = slice_lower(word, text);
	if (provider ? !split_provider(lower, &head, &lower) : !valid_word(lower, false))
		return problem_set(p, "not a %s: %.*s", provider ? "provider's domain" : "word",
		    SLICE_ARG(word));
	hash = hash_bytes(lower, provider ? SEED_PROVIDER : SEED_WORD);
	for (i = table_first(&w->table, hash, &at); i != TABLE_NONE;
	    i = table_next(&w->table, hash, &at)) {
		struct hostname_word *old = &w->item[i];
		bool same = old->hash == hash && slice_eq(old->text, lower);

		if (!same || (old->classes == 1 << HOSTNAME_PROVIDER) != provider)
			continue;
		if ((old->classes & 1u << class) && slice_eq(old->head, head))
			return problem_set(p, "listed twice: %.*s", SLICE_ARG(word));
		if (provider)
			continue;
		old->classes |= 1u << class;
		return 0;
	}
	mem_grow(&w->item, &w->cap, w->n + 1, sizeof(*w->item));
	w->item[w->n] = (struct hostname_word){ arena_copy(&w->arena, lower),
		head.n ? arena_copy(&w->arena, head) : SLICE_NONE, hash, 1u << class };
	table_add(&w->table, hash, w->n++);
	if (provider)
		w->provider[provider_bit(lower) / 64] |= (uint64_t)1 << provider_bit(lower) % 64;
	else
		w->shape[lower.n] |= shape_of(lower);
	return 0;
}

void
hostname_words_free(struct hostname_words *w)
{
	arena_free(&w->arena);
	table_free(&w->table);
	free(w->item);
	*w = (struct hostname_words){ 0 };
}

static unsigned
classes_of(const struct hostname_words *w, struct slice word)
{
	uint64_t hash;
	uint32_t i, at;

	if (word.n == 0 || word.n > WORD_MAX || !(w->shape[word.n] & shape_of(word)))
		return 0;
	hash = hash_bytes(word, SEED_WORD);
	for (i = table_first(&w->table, hash, &at); i != TABLE_NONE;
	    i = table_next(&w->table, hash, &at))
		if (w->item[i].hash == hash && w->item[i].classes != 1 << HOSTNAME_PROVIDER &&
		    slice_eq(w->item[i].text, word))
			return w->item[i].classes;
	return 0;
}

/* Is there a provider for this suffix of a name? Both are in lower case. */
static bool
has_provider(const struct hostname_words *w, struct slice name, struct slice suffix)
{
	unsigned bit = provider_bit(suffix);
	uint64_t hash;
	uint32_t i, at;

	if (!(w->provider[bit / 64] >> bit % 64 & 1))
		return false;
	hash = hash_bytes(suffix, SEED_PROVIDER);
	for (i = table_first(&w->table, hash, &at); i != TABLE_NONE;
	    i = table_next(&w->table, hash, &at)) {
		const struct hostname_word *e = &w->item[i];

		if (e->classes == 1 << HOSTNAME_PROVIDER && e->hash == hash &&
		    slice_eq(e->text, suffix) && (e->head.n == 0 ||
		    (suffix.n < name.n && slice_starts(name, e->head))))
			return true;
	}
	return false;
}

/* name is whole and in lower case. */
static bool
is_provider(const struct hostname_words *w, struct slice name)
{
	struct slice rest = name;
	const char *dot;

	while (rest.n > 2) {		/* a provider has a dot */
		if (has_provider(w, name, rest))
			return true;
		dot = slice_chr(rest, '.');
		rest = dot ? slice_range(dot + 1, slice_end(rest)) : SLICE_NONE;
	}
	return false;
}

static bool
is_junk(struct slice name)
{
	const char *dot = slice_rchr(name, '.');
	struct slice last = dot ? slice_range(dot + 1, slice_end(name)) : name;
	uint64_t value;

	if (last.n > 0 && is_digit(last.p[0]))
		return slice_u64(last, UINT64_MAX, &value);
	return slice_eq(name, SLICE("localhost")) || slice_starts(name, SLICE("localhost.")) ||
	    slice_ends(name, SLICE(".in-addr.arpa")) || slice_ends(name, SLICE(".ip6.arpa"));
}

static void
look_up(struct scan *s, struct slice word, bool leftmost)
{
	unsigned classes = classes_of(s->words, word);
	size_t at = (size_t)(word.p - s->name.p);

	s->set |= classes;
	if ((classes & HN_SERVER) && leftmost)
		s->server_leads |= s->ip.strength < IP_THREE || at < s->ip.from;
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

enum { LETTERS = 1, OTHERS = 2 };

/* Letters and others, with no dot or hyphen. */
static void
scan_mixed(struct scan *s, struct slice piece, bool leftmost)
{
	size_t i = 0;

	while (i < piece.n) {
		size_t from = i;
		struct slice run;

		while (i < piece.n && is_letter(piece.p[i]))
			i++;
		run = (struct slice){ piece.p + from, i - from };
		if (run.n > 1 && !inside_number(s, piece, run))
			look_up(s, run, leftmost);
		if (run.n == 0)
			i++;
	}
	look_up(s, piece, leftmost);
}

/* One pass: of each piece between dots and hyphens it is known at its end what it is made of. */
static void
scan_name(struct scan *s)
{
	const char *label = s->name.p, *piece = label, *end = slice_end(s->name);
	unsigned made_of = 0;
	bool leftmost = true;

	for (const char *p = label; p <= end; p++) {
		char c = p < end ? *p : '.';

		if (c != '.' && c != '-') {
			made_of |= is_letter(c) ? LETTERS : OTHERS;
			continue;
		}
		if (made_of == (LETTERS | OTHERS))
			scan_mixed(s, slice_range(piece, p), leftmost);
		else if (p > piece + (made_of == LETTERS))
			look_up(s, slice_range(piece, p), leftmost);
		made_of = 0;
		if (c == '.') {
			if (piece > label)
				look_up(s, slice_range(label, p), leftmost);
			label = p + 1;
			leftmost = false;
		}
		piece = p + 1;
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
	char text[DOMAIN_NAME_MAX];
	struct scan s = { .words = w };
	struct slice whole;

	*facts_r = (struct hostname_facts){ 0, SLICE_NONE };
	if (name.n > 0 && name.p[name.n - 1] == '.')
		name.n--;
	if (name.n == 0 || name.n > sizeof(text))
		return;
	facts_r->domain = domain_registered_memo(memo, name);
	whole = slice_lower(name, text);
	s.name = slice_first(whole, whole.n - facts_r->domain.n);
	if (facts_r->domain.n > 0 && s.name.n > 0)
		s.name.n--;		/* the dot */
	if (client != NULL)
		s.ip = ip_in_name(s.name, client);
	s.set = ip_fact[s.ip.strength];
	if (is_junk(whole))
		s.set |= HN_JUNK;
	if (is_provider(w, whole))
		s.set |= HN_PROVIDER;
	if (s.name.n > 0)
		scan_name(&s);
	facts_r->set = s.set | conclude(&s);
}
