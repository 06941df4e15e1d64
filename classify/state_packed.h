/*
 * state_packed: what the two sides of state_fold's codec agree on; for nobody else.
 *
 * Numbers and texts are base/pack.h's. A state is
 *	attempts, login failures, halvings, 0 or 1 and the span of time (first, last)
 *	a hash of the list of public suffixes
 *	the hosts, the DNSBL zones, the rules that signatures name: how many, then each, ascending
 *	how many signatures, then each, ascending by their bytes:
 *		kind, stage, direction, action, spam_by, bits, host, zone (place + 1; 0: none),
 *		how many rules, then the steps from each place to the next
 *	how many small bags, then each, ascending by their bytes: how many items, then each,
 *		ascending: what, n - 1
 *	the earliest stamp of a source; for each kind how many sources, then each, ascending:
 *		id: the step from the one before (less 1, but for the first), or a text: its
 *		length + 1 and its bytes, or 0 for the one before; net of those that have one
 *		bits; first since the earliest, last since first
 *		a client's: name, the length of its registered domain and hostname_analyse()'s set,
 *		which both hang on that list; how many HELOs, then each, from the newest day on and
 *		ascending in a day: days back from the one before (from last), HELO
 *		how many hours, then each, from the newest on: hours back from the one before (from
 *		last), bag (place + 1; 0: not a small one, which follows as above)
 *		how many sets, then each: days since the one before (since 1970), kind, set_pack()
 * What an item is of: a counter, or PACKED_SIGNATURE + the signature's place. A bag is small by
 * bags.h's limits for shared ones.
 */
#ifndef CLASSIFY_STATE_PACKED_H
#define CLASSIFY_STATE_PACKED_H

#include "base/domain.h"
#include "base/utc.h"
#include "classify/state.h"

enum { PACKED_SIGNATURE = COUNT_STORED };
enum { SIG_SUBMISSION = 1, SIG_LISTED = 2, SIG_INSIDE = 4, SIG_PORT25 = 8,
	SIG_LOST = 16, SIG_BITS = 31 };
enum { HAS_NAME = 1, HAS_VERIFIED = 2, HAS_HELO = 4, HAS_SETS = 8 };

static inline bool
bag_is_small(const struct bag_item *item, unsigned n)
{
	uint32_t most = 0;

	for (unsigned i = 0; i < n; i++)
		most = item[i].n > most ? item[i].n : most;
	return n <= BAG_ITEMS && most <= BAG_COUNT;
}

/* Sums stop here, so that no sum of them overflows. */
#define STATE_SUM_MAX ((uint64_t)1 << 56)

/* Which list of public suffixes: what hangs on it is worked out anew where there is another one. */
static inline uint64_t
state_suffixes(void)
{
	return hash_fixed(slice_of(domain_data_version()), 0) >> 32;
}

static inline bool
state_has_text(unsigned kind)
{
	return kind == SOURCE_ACCOUNT || kind == SOURCE_SCRIPT || kind == SOURCE_DOMAIN;
}

static inline bool
state_has_net(unsigned kind)
{
	return kind == SOURCE_ACCOUNT || kind == SOURCE_SCRIPT;
}

#endif
