/* See state_fold.h and state_packed.h. Here are the tables that sources refer to. */
#include <stdlib.h>

#include "classify/state_unpacker.h"

enum { HOST_MAX_BYTES = 4096, ZONE_MAX_BYTES = 255 };

/* Is the name behind the one before it, which it then becomes? */
static bool
take_name(struct unpacker *k, size_t most, struct slice *last)
{
	struct slice name = unpack_bytes(&k->u);

	if (name.n == 0 || name.n > most || slice_cmp(*last, name) >= 0)
		return unpacker_refuse(k);
	*last = name;
	return true;
}

void
unpack_hosts(struct unpacker *k)
{
	unsigned n = (unsigned)unpack_count(&k->u, 2);
	struct slice name = SLICE_NONE;

	k->host = mem_alloc((n + 1ul) * sizeof(*k->host));
	while (k->hosts < n && take_name(k, HOST_MAX_BYTES, &name))
		k->host[k->hosts++] = names_id(k->cl->names, name);
}

void
unpack_zones(struct unpacker *k)
{
	unsigned n = (unsigned)unpack_count(&k->u, 2);
	struct slice name = SLICE_NONE;

	k->zone = mem_alloc((n + 1ul) * sizeof(*k->zone));
	while (k->zones < n && take_name(k, ZONE_MAX_BYTES, &name))
		k->zone[k->zones++] = state_text(&k->st, name);
}

void
unpack_rules(struct unpacker *k)
{
	unsigned n = (unsigned)unpack_count(&k->u, 2);
	struct slice id = SLICE_NONE;

	k->rule = mem_alloc((n + 1ul) * sizeof(*k->rule));
	while (k->rules < n && take_name(k, SIZE_MAX, &id)) {
		const struct rule *r = ruleset_find(k->cl->rules, id);

		if (r == NULL || r->late) {
			k->unknown = id;
			unpacker_refuse(k);
			return;
		}
		k->rule[k->rules++] = (uint16_t)(r - k->cl->rules->rule);
	}
}

static int
by_rule(const void *a, const void *b)
{
	const uint16_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static uint32_t
unpack_hits(struct unpacker *k)
{
	uint32_t n = (uint32_t)unpack_max(&k->u, k->rules), place = 0;
	uint16_t rule[RULES_MAX];

	for (uint32_t i = 0; i < n; i++) {
		uint64_t step = unpack_max(&k->u, k->rules);

		if (k->u.bad || place + step >= k->rules || (i > 0 && step == 0)) {
			unpacker_refuse(k);
			return 0;
		}
		place += (uint32_t)step;
		rule[i] = k->rule[place];
	}
	if (n > 1)
		qsort(rule, n, sizeof(*rule), by_rule);
	return evaluator_intern(k->cl->evaluator, rule, n);
}

static void
unpack_signature(struct unpacker *k, struct signature *sig)
{
	struct unpack *u = &k->u;
	uint64_t bits, host, zone;

	sig->kind = (uint8_t)unpack_max(u, KIND_PROBE);
	sig->stage = (uint8_t)unpack_max(u, STAGES - 1);
	sig->direction = (uint8_t)unpack_max(u, DIRECTIONS - 1);
	sig->action = (uint8_t)unpack_max(u, ACTION_NONE);
	sig->spam_by = (uint8_t)unpack_max(u, (1u << BY_COUNT) - 1);
	bits = unpack_max(u, SIG_BITS);
	sig->submission = bits & SIG_SUBMISSION;
	sig->listed = bits & SIG_LISTED;
	sig->inside = bits & SIG_INSIDE;
	sig->port25 = bits & SIG_PORT25;
	sig->lost = bits & SIG_LOST;
	host = unpack_max(u, k->hosts);
	sig->host = host ? k->host[host - 1] : 0;
	zone = unpack_max(u, k->zones);
	sig->zone = zone ? k->zone[zone - 1] : 0;
	sig->hits = unpack_hits(k);
}

void
unpack_signatures(struct unpacker *k)
{
	unsigned n = (unsigned)unpack_count(&k->u, 8);
	struct slice last = SLICE_NONE;

	k->signature = mem_alloc((n + 1ul) * sizeof(*k->signature));
	for (; k->signatures < n; k->signatures++) {
		const char *from = k->u.rest.p;
		struct signature sig = { 0 };
		struct slice bytes;

		unpack_signature(k, &sig);
		if (k->u.bad)
			return;
		bytes = slice_range(from, k->u.rest.p);
		if (slice_cmp(last, bytes) >= 0) {
			unpacker_refuse(k);
			return;
		}
		last = bytes;
		k->signature[k->signatures] = state_signature(&k->st, &sig);
	}
}

uint32_t
unpack_bag(struct unpacker *k, bool small, bool *bare_r)
{
	uint64_t n = unpack_count(&k->u, 2);
	uint32_t bag = 0, last = 0, most = 0;
	struct bag_item item[BAG_ITEMS];

	*bare_r = true;
	for (uint64_t i = 0; i < n; i++) {
		uint32_t what = (uint32_t)unpack_max(&k->u,
		    (uint64_t)PACKED_SIGNATURE + k->signatures);
		uint32_t count = (uint32_t)unpack_max(&k->u, UINT32_MAX - 1) + 1;

		if (k->u.bad || what == PACKED_SIGNATURE + k->signatures ||
		    (i > 0 && what <= last)) {
			unpacker_refuse(k);
			return 0;
		}
		last = what;
		most = count > most ? count : most;
		*bare_r = *bare_r && what < PACKED_SIGNATURE;
		what = what < PACKED_SIGNATURE ? WHAT_COUNTER + what :
		    k->signature[what - PACKED_SIGNATURE];
		if (n <= BAG_ITEMS)
			item[i] = (struct bag_item){ what, count };
		else
			bag = bags_add(&k->st.bags, bag, what, count);
	}
	if (n == 0 || small != (n <= BAG_ITEMS && most <= BAG_COUNT))
		unpacker_refuse(k);
	return n <= BAG_ITEMS && !k->u.bad ? bags_of(&k->st.bags, item, (unsigned)n) : bag;
}

void
unpack_bags(struct unpacker *k)
{
	unsigned n = (unsigned)unpack_count(&k->u, 3);
	struct slice last = SLICE_NONE;

	k->bag = mem_alloc((n + 1ul) * sizeof(*k->bag));
	k->bare = mem_alloc(n + 1ul);
	for (; k->bags < n && !k->u.bad; k->bags++) {
		const char *from = k->u.rest.p;
		struct slice bytes;

		k->bag[k->bags] = unpack_bag(k, true, &k->bare[k->bags]);
		if (k->u.bad)
			return;
		bytes = slice_range(from, k->u.rest.p);
		if (slice_cmp(last, bytes) >= 0)
			unpacker_refuse(k);
		last = bytes;
	}
}
