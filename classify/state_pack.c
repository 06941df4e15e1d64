/* See state_fold.h; the format is in state_packed.h. Here are the sources, by what they are. */
#include <assert.h>
#include <stdlib.h>

#include "classify/state_packer.h"

static int
by_key(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x->net < y->net ? -1 : x->net > y->net;
}

static void
sort_sources(struct packer *k)
{
	const struct state *st = k->st;
	struct named *list = mem_alloc((st->texts + 1ul) * sizeof(*list));

	for (uint32_t i = 0; i < st->texts; i++)
		list[i] = (struct named){ st->text[i], i };
	k->text = mem_alloc((st->texts + 1ul) * sizeof(*k->text));
	packer_places(list, st->texts, k->text, NULL);
	free(list);
	k->source = mem_alloc((st->sources + 1ul) * sizeof(*k->source));
	k->earliest = st->sources ? UINT32_MAX : 0;
	for (uint32_t i = 0; i < st->sources; i++) {
		const struct source *s = &st->source[i];

		k->source[i] = (struct key){ .id = state_has_text(s->kind) ? k->text[s->id] : s->id,
			.net = state_has_net(s->kind) ? s->net : 0, .number = i, .kind = s->kind };
		if (s->first < k->earliest)
			k->earliest = s->first;
	}
	if (st->sources > 1)
		qsort(k->source, st->sources, sizeof(*k->source), by_key);
}

/* By source as the sources are sorted, then by day and kind. */
static void
sort_sides(struct packer *k)
{
	const struct state *st = k->st;
	uint32_t *place = mem_alloc((st->sources + 1ul) * sizeof(*place));

	for (uint32_t i = 0; i < st->sources; i++)
		place[k->source[i].number] = i;
	k->side = mem_alloc((st->sides + 1ul) * sizeof(*k->side));
	for (unsigned i = 0; i < st->sides; i++) {
		const struct side *x = &st->side[i];

		k->side[i] = (struct key){ .id = (uint64_t)place[x->source] << 32 | x->day,
			.net = x->kind, .number = i };
	}
	if (st->sides > 1)
		qsort(k->side, st->sides, sizeof(*k->side), by_key);
	free(place);
}

static void
pack_hours(struct packer *k, const struct source *s)
{
	const struct state *st = k->st;
	uint32_t hour = s->last / UTC_HOUR;
	unsigned n = 0;

	for (struct walk w = state_newest(s); w.bag != 0; w = state_older(st, w))
		n++;
	pack_u(k->out, n);
	for (struct walk w = state_newest(s); w.bag != 0; w = state_older(st, w)) {
		uint32_t place = bag_is_shared(w.bag) ? k->shared[w.bag] :
		    k->own[w.bag - BAG_OWN];

		pack_u(k->out, hour - w.hour);
		pack_u(k->out, place);
		if (place == 0)
			pack_bag(k, w.bag, k->out);
		hour = w.hour;
	}
}

static int
by_day_and_hash(const void *a, const void *b)
{
	const struct helo *x = a, *y = b;

	if (x->day != y->day)
		return x->day > y->day ? -1 : 1;
	return x->hash < y->hash ? -1 : x->hash > y->hash;
}

static void
pack_helos(struct packer *k, const struct source *s)
{
	uint32_t day = s->last / UTC_DAY;
	unsigned n = 0;

	mem_grow(&k->helo, &k->helos_cap, 1, sizeof(*k->helo));
	k->helo[n++] = (struct helo){ .hash = s->helo, .day = s->helo_day };
	for (uint32_t i = s->helos; i != 0; i = k->st->helo[i - 1].next) {
		mem_grow(&k->helo, &k->helos_cap, n + 1, sizeof(*k->helo));
		k->helo[n++] = k->st->helo[i - 1];
	}
	if (n > 1)
		qsort(k->helo, n, sizeof(*k->helo), by_day_and_hash);
	pack_u(k->out, n);
	for (unsigned i = 0; i < n; i++) {
		pack_u(k->out, day - k->helo[i].day);
		pack_u(k->out, k->helo[i].hash);
		day = k->helo[i].day;
	}
}

/* The sets of the source at that place, which come next. */
static unsigned
sides_here(const struct packer *k, uint32_t place)
{
	unsigned at = k->sides_at;

	while (at < k->st->sides && k->side[at].id >> 32 == place)
		at++;
	return at - k->sides_at;
}

static void
pack_sides(struct packer *k, unsigned n)
{
	uint32_t day = 0;

	pack_u(k->out, n);
	for (; n > 0; n--) {
		const struct side *x = &k->st->side[k->side[k->sides_at++].number];

		pack_u(k->out, x->day - day);
		pack_u(k->out, x->kind);
		set_pack(&x->set, k->out);
		day = x->day;
	}
}

/* before: the one before of that kind, or NULL. */
static void
pack_identity(struct packer *k, const struct key *key, const struct key *before)
{
	struct slice text;

	if (!state_has_text(key->kind)) {
		pack_u(k->out, before ? key->id - before->id - 1 : key->id);
		return;
	}
	text = k->st->text[k->st->source[key->number].id];
	if (before != NULL && before->id == key->id) {
		pack_u(k->out, 0);
	} else {
		pack_u(k->out, text.n + 1);
		buf_add(k->out, text);
	}
	if (state_has_net(key->kind))
		pack_u(k->out, key->net);
}

/* What is said of it was mostly worked out when its mail came. */
static void
pack_name(struct packer *k, const struct source *s)
{
	struct hostname_facts hn;
	struct addr addr = addr_of_key(s->id);
	uint32_t set = s->name_set, domain = s->name_domain;

	if (set == 0) {
		hostname_analyse(&k->cl->rules->names, &k->domains, source_name(s), &addr, &hn);
		set = hn.set;
		domain = (uint32_t)hn.domain.n;
	}
	pack_bytes(k->out, source_name(s));
	pack_u(k->out, domain);
	pack_u(k->out, set & ~(uint32_t)HN_KNOWN);
}

static void
pack_source(struct packer *k, uint32_t place, const struct key *before)
{
	const struct key *key = &k->source[place];
	const struct source *s = &k->st->source[key->number];
	unsigned sets = sides_here(k, place);

	pack_identity(k, key, before);
	pack_u(k->out, (s->name ? HAS_NAME : 0) | (s->verified ? HAS_VERIFIED : 0) |
	    (s->helo ? HAS_HELO : 0) | (sets ? HAS_SETS : 0));
	pack_u(k->out, s->first - k->earliest);
	pack_u(k->out, s->last - s->first);
	if (s->name)
		pack_name(k, s);
	if (s->helo)
		pack_helos(k, s);
	pack_hours(k, s);
	if (sets)
		pack_sides(k, sets);
}

static void
pack_sources(struct packer *k)
{
	uint32_t at = 0, n = k->st->sources;

	pack_u(k->out, k->earliest);
	for (unsigned kind = 0; kind < SOURCE_KINDS; kind++) {
		uint32_t from = at, to = at;

		while (to < n && k->source[to].kind == kind)
			to++;
		pack_u(k->out, to - from);
		for (; at < to; at++)
			pack_source(k, at, at > from ? &k->source[at - 1] : NULL);
	}
}

void
state_pack(const struct classifier *cl, struct buf *out)
{
	struct state_numbers place;

	state_pack_numbered(cl, out, &place);
	free(place.number);
}

void
state_pack_numbered(
    const struct classifier *cl, struct buf *out, struct state_numbers *place)
{
	const struct state *st = &cl->state;
	struct packer k = { .cl = cl, .st = st, .out = out };

	assert(cl->waiting.n == 0);
	pack_u(out, st->attempts);
	pack_u(out, st->login_failures);
	pack_u(out, st->halvings);
	pack_u(out, st->spanned);
	if (st->spanned) {
		pack_i(out, st->first);
		pack_i(out, st->last);
	}
	pack_u(out, state_suffixes());
	pack_hosts(&k);
	pack_zones(&k);
	pack_rules(&k);
	pack_signatures(&k);
	pack_bags(&k);
	sort_sources(&k);
	sort_sides(&k);
	pack_sources(&k);
	free(k.host);
	free(k.zone);
	free(k.rule);
	*place = (struct state_numbers){ k.signature, st->signatures };
	free(k.text);
	free(k.source);
	free(k.side);
	free(k.shared);
	free(k.own);
	free(k.item);
	free(k.helo);
}
