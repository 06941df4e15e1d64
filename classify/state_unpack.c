/*
 * See state_fold.h; the format is in state_packed.h. The bytes may be a stranger's: they are read
 * into a state of their own, and every number is compared with what it may be before it is used.
 */
#include <stdlib.h>

#include "classify/state_client.h"
#include "classify/state_hours.h"
#include "classify/state_limit.h"
#include "classify/state_sets.h"
#include "classify/state_unpacker.h"

struct identity {		/* of a source, and of the one before */
	uint64_t id, net;
	struct slice text;
};

static size_t
text_most(unsigned kind)
{
	static const uint16_t most[SOURCE_KINDS] = { [SOURCE_ACCOUNT] = 255,
		[SOURCE_SCRIPT] = 200 + 1 + 255 + 1 + 500, [SOURCE_DOMAIN] = 256 };

	return most[kind];
}

static bool
unpack_number(struct unpacker *k, bool first, struct identity *x)
{
	uint64_t step = unpack_u(&k->u);

	if (!first && (x->id == UINT64_MAX || step > UINT64_MAX - x->id - 1))
		return unpacker_refuse(k);
	x->id = first ? step : x->id + 1 + step;
	return !k->u.bad;
}

static bool
unpack_text(struct unpacker *k, unsigned kind, bool first, struct identity *x)
{
	uint64_t n = unpack_max(&k->u, text_most(kind) + 1), net;
	bool same = n == 0;
	struct slice text;

	if (k->u.bad || (same && first) || (!same && n - 1 > k->u.rest.n))
		return unpacker_refuse(k);
	if (!same) {
		text = slice_first(k->u.rest, n - 1);
		k->u.rest = slice_skip(k->u.rest, n - 1);
		if (!first && slice_cmp(x->text, text) >= 0)
			return unpacker_refuse(k);
		x->text = text;
		x->id = state_text(&k->st, text);
	}
	net = state_has_net(kind) ? unpack_u(&k->u) : 0;
	if (same && net <= x->net)
		return unpacker_refuse(k);
	x->net = net;
	return !k->u.bad;
}

static void
unpack_name(struct unpacker *k, struct source *s, uint64_t bits)
{
	struct slice name;
	uint64_t domain, set;

	if ((bits & HAS_VERIFIED) && !(bits & HAS_NAME))
		unpacker_refuse(k);
	if (!(bits & HAS_NAME))
		return;
	name = unpack_bytes(&k->u);
	domain = unpack_max(&k->u, name.n);
	set = unpack_max(&k->u, HN_KNOWN - 1);
	if (k->u.bad || name.n == 0 || name.n > NAME_MAX_BYTES) {
		unpacker_refuse(k);
		return;
	}
	state_name(&k->st, s, name, state_name_hash(name), bits & HAS_VERIFIED);
	if (k->same_suffixes) {
		s->name_set = (uint16_t)(set | HN_KNOWN);
		s->name_domain = (uint8_t)domain;
	}
}

/* Ascending in a day, at most HELOS; or HELO_MANY alone. */
static void
unpack_helos(struct unpacker *k, uint32_t source)
{
	uint64_t n = unpack_count(&k->u, 2);
	uint32_t day = k->st.source[source].last / UTC_DAY, last = 0, same = 0, after = 0;

	if (n == 0)
		unpacker_refuse(k);
	for (uint64_t i = 0; i < n; i++) {
		uint32_t back = (uint32_t)unpack_max(&k->u, day);
		uint32_t helo = (uint32_t)unpack_max(&k->u, UINT32_MAX);

		same = i > 0 && back == 0 ? same + 1 : 0;
		if (k->u.bad || (helo % 2 == 0 && helo != HELO_MANY) || same >= HELOS ||
		    (same > 0 && (helo <= last || helo == HELO_MANY || last == HELO_MANY))) {
			unpacker_refuse(k);
			return;
		}
		day -= back;
		last = helo;
		state_helo(&k->st, source, &after, day, helo);
	}
}

/* A bag that is not shared belongs to one hour. */
static uint32_t
bag_at(struct unpacker *k, uint32_t place)
{
	uint32_t bag = k->bag[place];

	return bag_is_shared(bag) ? bag : bags_unite(&k->st.bags, 0, bag);
}

static void
unpack_hours(struct unpacker *k, uint32_t source)
{
	const struct source s = k->st.source[source];
	uint64_t n = unpack_count(&k->u, 2);
	uint32_t hour = s.last / UTC_HOUR, after = 0, bag;

	for (uint64_t i = 0; i < n; i++) {
		uint32_t back = (uint32_t)unpack_max(&k->u, hour);
		uint32_t place = (uint32_t)unpack_max(&k->u, k->bags);
		bool bare = true;

		hour -= back;
		if (k->u.bad || (i > 0 && back == 0)) {
			unpacker_refuse(k);
			return;
		}
		if (place > 0) {
			bag = bag_at(k, place - 1);
			bare = k->bare[place - 1];
		} else {
			bag = unpack_bag(k, false, &bare);
		}
		if (k->u.bad || (s.kind == SOURCE_DOMAIN && !bare)) {
			unpacker_refuse(k);
			return;
		}
		*state_bag(&k->st, source, &after, hour) = bag;
	}
}

static void
unpack_sides(struct unpacker *k, uint32_t source)
{
	uint64_t n = unpack_count(&k->u, 4), last = 0;
	uint32_t day = 0;

	if (n == 0)
		unpacker_refuse(k);
	for (uint64_t i = 0; i < n && !k->u.bad; i++) {
		uint64_t step = unpack_max(&k->u, UINT32_MAX / UTC_DAY - day);
		uint64_t kind = unpack_max(&k->u, SET_KINDS - 1);
		struct set *set;

		if (k->u.bad || (i > 0 && step == 0 && kind <= last)) {
			unpacker_refuse(k);
			return;
		}
		day += (uint32_t)step;
		last = kind;
		set = state_set(&k->st, source, day, (enum set_kind)kind);
		set_unpack(set, &k->u);
		if (set->n == 0 && !set->estimated)
			unpacker_refuse(k);
	}
}

static void
unpack_source(struct unpacker *k, unsigned kind, bool first, struct identity *x)
{
	uint64_t bits, start;
	uint32_t i;
	struct source *s;

	if (!(state_has_text(kind) ? unpack_text(k, kind, first, x) : unpack_number(k, first, x)))
		return;
	bits = unpack_max(&k->u, kind == SOURCE_CLIENT ?
	    HAS_NAME | HAS_VERIFIED | HAS_HELO | HAS_SETS : kind == SOURCE_REST ? 0 : HAS_SETS);
	if (kind != SOURCE_CLIENT && bits != 0 && bits != HAS_SETS)
		unpacker_refuse(k);
	start = k->earliest + unpack_max(&k->u, UINT32_MAX - k->earliest);
	/* what is not kept is in no part */
	if (kind == SOURCE_REST ? x->id != 0 || k->st.halvings == 0 :
	    kind != SOURCE_ACCOUNT && state_is_rest(&k->st, (enum source_kind)kind, x->id, 0))
		unpacker_refuse(k);
	if (k->u.bad)
		return;
	i = (k->apart ? state_append : state_source)(
	    &k->st, (enum source_kind)kind, x->id, x->net, (int64_t)start);
	s = &k->st.source[i];
	s->last += (uint32_t)unpack_max(&k->u, UINT32_MAX - s->last);
	unpack_name(k, s, bits);
	if (!k->u.bad && (bits & HAS_HELO))
		unpack_helos(k, i);
	if (!k->u.bad)
		unpack_hours(k, i);
	if (!k->u.bad && (bits & HAS_SETS))
		unpack_sides(k, i);
}

static void
unpack_sources(struct unpacker *k)
{
	k->earliest = (uint32_t)unpack_max(&k->u, UINT32_MAX);
	for (unsigned kind = 0; kind < SOURCE_KINDS; kind++) {
		uint64_t n = unpack_count(&k->u, 5);
		struct identity x = { 0 };

		for (uint64_t i = 0; i < n && !k->u.bad; i++)
			unpack_source(k, kind, i == 0, &x);
	}
}

static void
unpack_sums(struct unpacker *k)
{
	k->st.attempts = unpack_max(&k->u, STATE_SUM_MAX);
	k->st.login_failures = unpack_max(&k->u, STATE_SUM_MAX);
	k->st.halvings = (uint8_t)unpack_max(&k->u, 63);
	k->st.spanned = unpack_max(&k->u, 1);
	if (!k->st.spanned)
		return;
	k->st.first = unpack_i(&k->u);
	k->st.last = unpack_i(&k->u);
	if (!utc_is_stamp(k->st.first) || !utc_is_stamp(k->st.last))
		unpacker_refuse(k);
}

static int
unpack_all(struct unpacker *k, struct problem *p)
{
	unpack_sums(k);
	k->same_suffixes = unpack_max(&k->u, UINT32_MAX) == state_suffixes();
	unpack_hosts(k);
	unpack_zones(k);
	unpack_rules(k);
	unpack_signatures(k);
	unpack_bags(k);
	unpack_sources(k);
	if (k->unknown.n)
		return problem_set(p, "state: no rule %.*s here",
		    SLICE_ARG(slice_first(k->unknown, NAME_MAX_BYTES)));
	if (k->u.bad || k->u.rest.n != 0)
		return problem_set(p, "state: damaged");
	return 0;
}

int
state_unpack(struct classifier *cl, struct slice bytes, struct problem *p)
{
	return state_unpack_numbered(cl, bytes, NULL, p);
}

/* Its signatures get the numbers of the state that it will be merged into. */
static void
renumber(struct unpacker *k, struct state *into)
{
	uint32_t *map = state_map_signatures(into, &k->st, NULL);

	for (unsigned i = 0; i < k->signatures; i++)
		k->signature[i] = map[k->signature[i]];
	free(map);
}

int
state_unpack_numbered(struct classifier *cl, struct slice bytes, struct state_numbers *number_r,
    struct problem *p)
{
	struct state *st = &cl->state;
	struct unpacker k = { .cl = cl, .u = { .rest = bytes },
		.apart = st->sources > 0 || st->spanned || st->kept.to != 0 };
	int rc = unpack_all(&k, p);

	if (rc == 0 && !k.apart) {	/* nothing there: no need to copy */
		struct state old = *st;

		*st = k.st;
		st->most = old.most;
		k.st = old;
		if (st->most > 0)
			state_thin(st, st->most, 0, 1);
	} else if (rc == 0) {
		if (number_r != NULL)
			renumber(&k, st);
		state_merge(st, &k.st, NULL);
	}
	if (rc == 0 && number_r != NULL) {
		*number_r = (struct state_numbers){ k.signature, k.signatures };
		k.signature = NULL;
	}
	state_free(&k.st);
	free(k.host);
	free(k.zone);
	free(k.rule);
	free(k.signature);
	free(k.bag);
	free(k.bare);
	return rc;
}
