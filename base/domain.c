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

#include "base/swar.h"
#include "base/table.h"

enum { LABEL_MAX = 63, LABELS_MAX = DOMAIN_NAME_MAX / 2 + 1 };

/* Bytes of v, which are ASCII, that are not c; exact, other than ~swar_equal(). */
static inline uint64_t
differs(uint64_t v, char c)
{
	return (v ^ SWAR_ALL(c)) + SWAR_ALL(0x7f);
}

/*
 * Lower case into text_r, which has room for a word more; where its labels start. The number of
 * labels, 0 for no host name.
 */
static unsigned
split(struct slice name, char *text_r, uint8_t start_r[LABELS_MAX])
{
	unsigned labels = 0;
	size_t from = 0;

	slice_lower(name, text_r);
	text_r[name.n] = '.';
	memset(text_r + name.n + 1, 'a', 8);
	for (size_t i = 0; i <= name.n; i += 8) {
		uint64_t v = swar_load(text_r + i), no_dot = differs(v, '.') & SWAR_TOPS;

		if ((v & SWAR_TOPS) ||
		    (swar_not_alnum(v) & no_dot & differs(v, '-') & differs(v, '_')))
			return 0;
		for (uint64_t dots = no_dot ^ SWAR_TOPS; dots; dots &= dots - 1) {
			size_t at = i + swar_first(dots);

			if (at == from || at - from > LABEL_MAX)
				return 0;
			start_r[labels++] = (uint8_t)from;
			from = at + 1;
		}
	}
	text_r[name.n] = '\0';
	return labels;
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

struct slice
domain_registered(struct slice name)
{
	return domain_registered_memo(NULL, name);
}

struct slice
domain_registered_memo(struct domain_memo *memo, struct slice name)
{
	const psl_ctx_t *list = psl_builtin();
	char text[DOMAIN_NAME_MAX + 1 + 8];
	uint8_t start[LABELS_MAX];
	unsigned labels, suffix, misses, patience;

	if (name.n > 0 && name.p[name.n - 1] == '.')
		name.n--;
	if (list == NULL || name.n == 0 || name.n > DOMAIN_NAME_MAX)
		return SLICE_NONE;
	labels = split(name, text, start);
	if (labels < 2 || all_digits(text + start[labels - 1]))
		return SLICE_NONE;
	suffix = labels - 1;
	patience = name.n - start[suffix] == 2 ? 2 : 1;
	misses = 0;
	for (unsigned i = suffix; i-- > 0 && misses < patience;) {
		if (is_public(list, memo, (struct slice){ text + start[i], name.n - start[i] })) {
			suffix = i;
			misses = 0;
		} else {
			misses++;
		}
	}
	return suffix == 0 ? SLICE_NONE : slice_skip(name, start[suffix - 1]);
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
