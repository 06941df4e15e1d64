/*
 * The networks that spam came from elsewhere: by the registered domain of a verified name, else by
 * the first bits of the address. Providers are those with a name.
 */
#include <stdlib.h>

#include "report/summary_private.h"

/* Those that alone can act, with stolen accounts, come first. */
static int
by_need(const void *a, const void *b)
{
	const struct network *x = a, *y = b;
	uint64_t n = attributed(x->events), m = attributed(y->events);

	if (x->events[VERDICT_COMPROMISED] != y->events[VERDICT_COMPROMISED])
		return x->events[VERDICT_COMPROMISED] > y->events[VERDICT_COMPROMISED] ? -1 : 1;
	if (n != m)
		return n > m ? -1 : 1;
	return slice_cmp(x->name, y->name);
}

static int
by_zombies(const void *a, const void *b)
{
	const struct network *x = a, *y = b;
	uint64_t n = attributed(x->events), m = attributed(y->events);

	if (x->events[VERDICT_ZOMBIE] != y->events[VERDICT_ZOMBIE])
		return x->events[VERDICT_ZOMBIE] > y->events[VERDICT_ZOMBIE] ? -1 : 1;
	if (n != m)
		return n > m ? -1 : 1;
	return slice_cmp(x->name, y->name);
}

static char *
put_octet(char *p, unsigned n)
{
	if (n >= 100)
		*p++ = (char)('0' + n / 100);
	if (n >= 10)
		*p++ = (char)('0' + n / 10 % 10);
	*p++ = (char)('0' + n % 10);
	return p;
}

/* "28.45.0.0/16", of which there may be as many as sources. */
static struct slice
prefix_text(const struct addr *a, char text[ADDR_TEXT + 4])
{
	struct addr first = { 0 };
	size_t n;

	if (addr_is_v4(a)) {
		char *p = put_octet(text, a->b[12]);

		*p++ = '.';
		p = put_octet(p, a->b[13]);
		memcpy(p, ".0.0/16", 7);
		return slice_range(text, p + 7);
	}
	memcpy(first.b, a->b, 4);
	n = addr_format(&first, text);
	memcpy(text + n, "/32", 3);
	return (struct slice){ text, n + 3 };
}

/* Never 0. */
static uint64_t
prefix_id(const struct addr *a)
{
	uint64_t id = addr_is_v4(a) ? 1 : 2;

	for (int i = 0; i < 4; i++)
		id = id << 8 | a->b[(addr_is_v4(a) ? 10 : 0) + i];
	return id;
}

static struct network *
network_new(struct collect *c, uint64_t id, struct slice name, uint64_t hash)
{
	unsigned cap = c->caps[3];

	mem_grow(&c->network, &cap, c->networks + 1, sizeof(*c->network));
	mem_grow(&c->sums, &c->caps[3], c->networks + 1, sizeof(*c->sums));
	c->network[c->networks] = (struct network){ .domain = id == 0,
		.name = arena_copy(&c->s->arena, name), .first = INT64_MAX, .last = INT64_MIN };
	c->sums[c->networks] = (struct network_sums){ .id = id };
	table_add(&c->by_network, hash, c->networks);
	return &c->network[c->networks++];
}

/* The name is in lower case. */
static struct network *
network_named(struct collect *c, struct slice name)
{
	uint64_t h = hash_bytes(name, 0);
	uint32_t at, i;

	for (i = table_first(&c->by_network, h, &at); i != TABLE_NONE;
	     i = table_next(&c->by_network, h, &at))
		if (c->sums[i].id == 0 && slice_eq(c->network[i].name, name))
			return &c->network[i];
	return network_new(c, 0, name, h);
}

static struct network *
network_around(struct collect *c, const struct addr *a)
{
	uint64_t id = prefix_id(a), h = hash_u64(id, 3);
	char text[ADDR_TEXT + 4];
	uint32_t at, i;

	for (i = table_first(&c->by_network, h, &at); i != TABLE_NONE;
	     i = table_next(&c->by_network, h, &at))
		if (c->sums[i].id == id)
			return &c->network[i];
	return network_new(c, id, prefix_text(a, text), h);
}

static struct network *
network_of_row(struct collect *c, const struct row *r)
{
	struct slice domain = row_provider(c, r);
	char text[DOMAIN_NAME_MAX];
	struct network *n;
	struct addr a;

	if (domain.n)
		return network_named(c, slice_lower(domain, text));
	a = addr_of_key(r->id);
	n = network_around(c, &a);
	c->sums[n - c->network].addr = a;	/* any of them */
	return n;
}

void
network_add(struct collect *c, const struct row *r)
{
	struct network *n;

	if (r->own || r->kind != FINDING_MACHINE ||
	    c->cl->state.source[r->source].kind != SOURCE_CLIENT)
		return;
	n = network_of_row(c, r);
	n->sources[r->verdict]++;
	for (int k = 0; k < VERDICTS; k++) {
		n->events[k] += r->events[k];
		n->attempts[BEFORE][k] += r->period[BEFORE][k];
		n->attempts[NOW][k] += r->period[NOW][k];
	}
	n->first = r->first < n->first ? r->first : n->first;
	n->last = r->last > n->last ? r->last : n->last;
	for (int p = 0; p < PERIODS; p++)
		square_add(&n->squares[p], r->period[p][VERDICT_ZOMBIE]);
}

static void
network_unite(struct collect *c, const struct network *x, const struct network_sums *sums)
{
	struct network *n = x->domain ? network_named(c, x->name) : network_around(c, &sums->addr);

	for (int k = 0; k < VERDICTS; k++) {
		n->events[k] += x->events[k];
		n->sources[k] += x->sources[k];
		n->attempts[BEFORE][k] += x->attempts[BEFORE][k];
		n->attempts[NOW][k] += x->attempts[NOW][k];
	}
	n->first = x->first < n->first ? x->first : n->first;
	n->last = x->last > n->last ? x->last : n->last;
	c->sums[n - c->network].addr = sums->addr;
	for (int p = 0; p < PERIODS; p++)
		sum_add(&n->squares[p], x->squares[p]);
}

void
networks_unite(struct collect *c, struct collect *from)
{
	for (unsigned i = 0; i < from->networks; i++)
		network_unite(c, &from->network[i], &from->sums[i]);
}

void
networks_end(struct collect *c, unsigned top)
{
	struct summary *s = c->s;
	unsigned n = 0;

	s->network = mem_alloc((c->networks + 1ul) * sizeof(*s->network));
	s->provider = mem_alloc((c->networks + 1ul) * sizeof(*s->provider));
	/* Those with unattributed spam only are left out: nobody is accused on a guess. */
	for (unsigned i = 0; i < c->networks; i++) {
		const struct network *x = &c->network[i];

		if (attributed(x->events) == 0)
			continue;
		s->network[s->networks++] = *x;
		if (x->domain)
			s->provider[n++] = *x;
	}
	if (n)
		qsort(s->provider, n, sizeof(*s->provider), by_need);
	if (s->networks)
		qsort(s->network, s->networks, sizeof(*s->network), by_zombies);
	s->providers = n < top ? n : top;
	s->networks_all = s->networks;
	s->networks = s->networks < top ? s->networks : top;
}
