/*
 * See domain.h. Suffixes are asked for from the right, growing by a label, until the list knows
 * none; a top-level domain alone always is one. Under country codes one label more is tried, for
 * the list has rules whose parent is none (valer.hedmark.no, but not hedmark.no). Asking from the
 * left would need no such care, but libpsl takes about a microsecond for each miss.
 *
 * The private section ("compute-1.amazonaws.com", "dyndns.org") is left out. It says which
 * customers of one owner must not share cookies; here the question is who runs the network, and
 * for ec2-1-2-3-4.compute-1.amazonaws.com that is amazonaws.com. The words that tell a hoster
 * or an access line also stand in that part of the name, and have to stay left of the domain.
 */
#include "base/domain.h"

#include <libpsl.h>

#include "base/name_wide.h"
#include "base/table.h"

enum { LABEL_MAX = 63 };

/* No label is empty or too long; all bytes are letters, digits, hyphens, underscores. */
static bool
is_regular(const struct host_name *h)
{
	const struct name_bits *is = &h->is;
	uint64_t before = (uint64_t)1 << 63;	/* as if a dot stood before the name */
	bool bad = h->text[h->n - 1] == '.';

	for (unsigned w = 0; w < is->words; w++) {
		bad |= (is->dot[w] & (is->dot[w] << 1 | before >> 63)) != 0;
		before = is->dot[w];
		for (uint64_t at = is->other[w]; at; at &= at - 1)
			bad |= h->text[64 * w + (unsigned)__builtin_ctzll(at)] != '_';
	}
	for (unsigned label = 0, end; !bad && label + LABEL_MAX < h->n; label = end + 1) {
		end = name_next(is->dot, is->words, label, h->n);
		bad = end - label > LABEL_MAX;
	}
	return !bad;
}

bool
host_name_cut(struct slice name, struct host_name *h)
{
	unsigned n;

	if (name.n > 0 && name.p[name.n - 1] == '.')
		name.n--;
	if (name.n == 0 || name.n > DOMAIN_NAME_MAX)
		return false;
	h->n = n = (unsigned)name.n;
	memcpy(h->text, name.p, n);
	memset(h->text + n, 0, 17);
	h->is.words = n < 64 ? 1 : NAME_WORDS;
	for (unsigned w = 0; w < h->is.words; w++) {
		struct name_word all = { 0 };

		for (unsigned by = 0; by < 64 && 64 * w + by < n; by += 16)
			name_add(&all, by, h->text + 64 * w + by);
		h->is.dot[w] = all.dot;
		h->is.cut[w] = all.cut;
		h->is.digit[w] = all.digit;
		h->is.letter[w] = all.letter;
		h->is.hex[w] = all.hex;
		h->is.other[w] = ~(all.cut | all.digit | all.letter) & name_below(n, w);
	}
	h->regular = is_regular(h);
	return true;
}

static bool
all_digits(const char *text)
{
	return *text >= '0' && *text <= '9' && text[strspn(text, "0123456789")] == '\0';
}

static bool
is_public(const psl_ctx_t *list, struct domain_memo *memo, struct slice suffix)
{
	uint64_t hash, *place;
	bool public;

	if (memo == NULL)
		return psl_is_public_suffix2(list, suffix.p, PSL_TYPE_ICANN);
	hash = hash_bytes(suffix, 31) | 1;
	place = &memo->place[(hash >> 1) % DOMAIN_MEMO];
	if ((*place | 1) == hash)
		return *place & 1;
	public = psl_is_public_suffix2(list, suffix.p, PSL_TYPE_ICANN);
	*place = public ? hash : hash - 1;
	return public;
}

unsigned
host_name_registered(const struct host_name *h, struct domain_memo *memo)
{
	const psl_ctx_t *list = psl_builtin();
	const uint64_t *dot = h->is.dot;
	unsigned words = h->is.words, misses = 0, patience;
	unsigned suffix = name_start(dot, words, h->n), from = suffix;

	if (list == NULL || !h->regular || suffix == 0 || all_digits(h->text + suffix))
		return h->n;
	patience = h->n - suffix == 2 ? 2 : 1;
	while (from > 0 && misses < patience) {
		from = name_start(dot, words, from - 1);
		if (is_public(list, memo, (struct slice){ h->text + from, h->n - from })) {
			suffix = from;
			misses = 0;
		} else {
			misses++;
		}
	}
	return suffix == 0 ? h->n : name_start(dot, words, suffix - 1);
}

/* What is known of the bytes is of the first n only; a dot or the end stands there. */
void
host_name_shorten(struct host_name *h, unsigned n)
{
	struct name_bits *is = &h->is;

	h->n = n;
	for (unsigned w = 0; w < is->words; w++) {
		uint64_t below = name_below(n, w);

		is->dot[w] &= below;
		is->cut[w] &= below;
		is->digit[w] &= below;
		is->letter[w] &= below;
		is->hex[w] &= below;
		is->other[w] &= below;
	}
}

struct slice
domain_registered(struct slice name)
{
	struct host_name h;
	unsigned at;

	if (!host_name_cut(name, &h))
		return SLICE_NONE;
	at = host_name_registered(&h, NULL);
	return at < h.n ? (struct slice){ name.p + at, h.n - at } : SLICE_NONE;
}

const char *
domain_data_version(void)
{
	return psl_builtin_sha1sum();
}

int64_t
domain_data_time(void)
{
	return (int64_t)psl_builtin_file_time();
}
