/* What a packed state says once: hosts, zones, rules, signatures, bags. See state_packer.h. */
#include <stdlib.h>

#include "classify/state_packer.h"

static int
by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	return slice_cmp(x->name, y->name);
}

static int
by_what(const void *a, const void *b)
{
	const struct bag_item *x = a, *y = b;

	return x->what < y->what ? -1 : x->what > y->what;
}

void
packer_places(struct named *list, unsigned n, uint32_t *place, struct buf *out)
{
	if (n > 1)
		qsort(list, n, sizeof(*list), by_name);
	if (out != NULL)
		pack_u(out, n);
	for (unsigned i = 0; i < n; i++) {
		place[list[i].number] = i;
		if (out != NULL)
			pack_bytes(out, list[i].name);
	}
}

static const struct hits *
hits_of(const struct packer *k, unsigned signature)
{
	return evaluator_get(k->cl->evaluator, k->st->signature[signature].hits);
}

void
pack_hosts(struct packer *k)
{
	struct named *list;
	unsigned n = 0;

	for (unsigned i = 0; i < k->st->signatures; i++)
		if (k->st->signature[i].host >= k->hosts)
			k->hosts = k->st->signature[i].host + 1;
	k->host = mem_alloc((k->hosts + 1ul) * sizeof(*k->host));
	list = mem_alloc((k->hosts + 1ul) * sizeof(*list));
	for (unsigned i = 0; i < k->st->signatures; i++)
		k->host[k->st->signature[i].host] = 1;
	for (uint32_t i = 1; i < k->hosts; i++)
		if (k->host[i])
			list[n++] = (struct named){ names_text(k->cl->names, i), i };
	packer_places(list, n, k->host, k->out);
	free(list);
}

void
pack_zones(struct packer *k)
{
	const struct state *st = k->st;
	struct named *list = mem_alloc((st->texts + 1ul) * sizeof(*list));
	unsigned n = 0;

	k->zone = mem_alloc((st->texts + 1ul) * sizeof(*k->zone));
	for (unsigned i = 0; i < st->signatures; i++)
		k->zone[st->signature[i].zone] = 1;
	for (uint32_t i = 1; i < st->texts; i++)
		if (k->zone[i])
			list[n++] = (struct named){ st->text[i], i };
	packer_places(list, n, k->zone, k->out);
	free(list);
}

void
pack_rules(struct packer *k)
{
	const struct ruleset *rs = k->cl->rules;
	struct named *list = mem_alloc((rs->rules + 1ul) * sizeof(*list));
	unsigned n = 0;

	k->rule = mem_alloc((rs->rules + 1ul) * sizeof(*k->rule));
	for (unsigned i = 0; i < k->st->signatures; i++)
		for (uint32_t r = 0; r < hits_of(k, i)->n; r++)
			k->rule[hits_of(k, i)->rule[r]] = 1;
	for (uint32_t i = 0; i < rs->rules; i++)
		if (k->rule[i])
			list[n++] = (struct named){ rs->rule[i].id, i };
	packer_places(list, n, k->rule, k->out);
	free(list);
}

static int
by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void
pack_signature(const struct packer *k, unsigned i, struct buf *out)
{
	const struct signature *sig = &k->st->signature[i];
	const struct hits *h = hits_of(k, i);
	uint32_t place[RULES_MAX];

	pack_u(out, sig->kind);
	pack_u(out, sig->stage);
	pack_u(out, sig->direction);
	pack_u(out, sig->action);
	pack_u(out, sig->spam_by);
	pack_u(out, (sig->submission ? SIG_SUBMISSION : 0) | (sig->listed ? SIG_LISTED : 0) |
	    (sig->inside ? SIG_INSIDE : 0) | (sig->port25 ? SIG_PORT25 : 0) |
	    (sig->lost ? SIG_LOST : 0));
	pack_u(out, sig->host ? k->host[sig->host] + 1 : 0);
	pack_u(out, sig->zone ? k->zone[sig->zone] + 1 : 0);
	pack_u(out, h->n);
	for (uint32_t r = 0; r < h->n; r++)
		place[r] = k->rule[h->rule[r]];
	if (h->n > 1)
		qsort(place, h->n, sizeof(*place), by_number);
	for (uint32_t r = 0; r < h->n; r++)
		pack_u(out, r ? place[r] - place[r - 1] : place[r]);
}

void
pack_signatures(struct packer *k)
{
	unsigned n = k->st->signatures;
	struct named *list = mem_alloc((n + 1ul) * sizeof(*list));
	unsigned *end = mem_alloc((n + 1ul) * sizeof(*end));
	struct buf bytes = { 0 };

	k->signature = mem_alloc((n + 1ul) * sizeof(*k->signature));
	for (unsigned i = 0; i < n; i++) {
		pack_signature(k, i, &bytes);
		end[i + 1] = bytes.n;
	}
	for (unsigned i = 0; i < n; i++)
		list[i] = (struct named){ slice_range(bytes.p + end[i], bytes.p + end[i + 1]), i };
	packer_places(list, n, k->signature, NULL);
	pack_u(k->out, n);
	for (unsigned i = 0; i < n; i++)
		buf_add(k->out, list[i].name);
	free(list);
	free(end);
	buf_free(&bytes);
}

/* As numbers of this process are: what an item is of, in a part. */
static uint32_t
packed_what(const struct packer *k, uint32_t what)
{
	return what >= WHAT_COUNTER ? what - WHAT_COUNTER : PACKED_SIGNATURE + k->signature[what];
}

void
pack_bag(struct packer *k, uint32_t bag, struct buf *out)
{
	unsigned n;
	const struct bag_item *x = bags_items(&k->st->bags, bag, &n);

	mem_grow(&k->item, &k->items_cap, n + 1, sizeof(*k->item));
	for (unsigned i = 0; i < n; i++)
		k->item[i] = (struct bag_item){ packed_what(k, x[i].what), x[i].n };
	if (n > 1)
		qsort(k->item, n, sizeof(*k->item), by_what);
	pack_u(out, n);
	for (unsigned i = 0; i < n; i++) {
		pack_u(out, k->item[i].what);
		pack_u(out, k->item[i].n - 1);
	}
}

/* Marks the small bags that hours refer to. */
static void
find_bags(struct packer *k)
{
	const struct state *st = k->st;

	k->shared = mem_alloc((st->bags.bags + 1ul) * sizeof(*k->shared));
	k->own = mem_alloc((st->bags.owns + 1ul) * sizeof(*k->own));
	for (uint32_t i = 0; i < st->sources; i++)
		if (st->source[i].bag != 0 && bag_is_shared(st->source[i].bag))
			k->shared[st->source[i].bag] = 1;
	for (uint32_t i = 0; i < st->hours; i++)
		if (bag_is_shared(st->hour[i].bag))
			k->shared[st->hour[i].bag] = 1;
	for (uint32_t i = 0; i < st->bags.owns; i++)
		k->own[i] = bag_is_small(st->bags.own[i].item, st->bags.own[i].n);
}

/* Equal ones, of which one may be somebody's own, have one place. */
void
pack_bags(struct packer *k)
{
	const struct bags *b = &k->st->bags;
	struct named *list = mem_alloc((b->bags + (size_t)b->owns + 1) * sizeof(*list));
	unsigned *end = mem_alloc((b->bags + (size_t)b->owns + 1) * sizeof(*end));
	struct buf bytes = { 0 };
	unsigned n = 0, places = 0;
	struct slice last = SLICE_NONE;

	find_bags(k);
	for (uint32_t i = 0; i < b->bags + b->owns; i++) {
		if (!(i < b->bags ? k->shared[i] : k->own[i - b->bags]))
			continue;
		pack_bag(k, i < b->bags ? i : BAG_OWN + i - b->bags, &bytes);
		list[n].number = i;
		end[++n] = bytes.n;
	}
	for (unsigned i = 0; i < n; i++)
		list[i].name = slice_range(bytes.p + end[i], bytes.p + end[i + 1]);
	if (n > 1)
		qsort(list, n, sizeof(*list), by_name);
	for (unsigned i = 0; i < n; i++) {
		uint32_t *place = list[i].number < b->bags ? &k->shared[list[i].number] :
		    &k->own[list[i].number - b->bags];

		places += i == 0 || !slice_eq(last, list[i].name);
		last = list[i].name;
		*place = places;
	}
	pack_u(k->out, places);
	for (unsigned i = 0; i < n; i++)
		if (i == 0 || !slice_eq(list[i - 1].name, list[i].name))
			buf_add(k->out, list[i].name);
	free(list);
	free(end);
	buf_free(&bytes);
}
