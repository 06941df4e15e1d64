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

#include "base/swar_range.h"
#include "base/table.h"

enum { LABEL_MAX = 63 };

static bool
is_label_length(size_t n)
{
	return n - 1 < LABEL_MAX;
}

/* swar_not_alnum() can take a letter for none, but then a byte before it is none for certain. */
bool
host_name_cut(struct slice name, struct host_name *h)
{
	unsigned cuts = 0, labels = 0, label = 0, n;
	bool regular = true;

	if (name.n > 0 && name.p[name.n - 1] == '.')
		name.n--;
	if (name.n == 0 || name.n > DOMAIN_NAME_MAX)
		return false;
	n = (unsigned)name.n;
	memcpy(h->text, name.p, n);
	memset(h->text + n, 0, 9);
	for (unsigned from = 0; from < n; from += 8) {
		uint64_t v = swar_lower(swar_load(h->text + from));

		swar_store(h->text + from, v);
		for (uint64_t other = swar_not_alnum(v); other; other &= other - 1) {
			unsigned at = from + (unsigned)swar_first(other);
			char c = h->text[at];

			if (at >= n)
				break;
			if (c == '.') {
				regular &= is_label_length(at - label);
				h->label[labels++] = (uint8_t)label;
				label = at + 1;
			} else if (c != '-') {
				regular &= c == '_';
				continue;
			}
			h->cut[cuts++] = (uint8_t)at;
		}
	}
	h->cut[cuts] = (uint8_t)n;
	h->label[labels++] = (uint8_t)label;
	h->labels = labels;
	h->n = n;
	h->regular = regular && is_label_length(n - label);
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
	unsigned suffix = h->labels - 1, misses = 0, patience;

	if (list == NULL || !h->regular || suffix == 0 || all_digits(h->text + h->label[suffix]))
		return h->n;
	patience = h->n - h->label[suffix] == 2 ? 2 : 1;
	for (unsigned i = suffix; i-- > 0 && misses < patience;) {
		struct slice asked = { h->text + h->label[i], h->n - h->label[i] };

		if (is_public(list, memo, asked)) {
			suffix = i;
			misses = 0;
		} else {
			misses++;
		}
	}
	return suffix == 0 ? h->n : h->label[suffix - 1];
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
