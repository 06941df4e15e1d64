/*
 * The networks that spam came from elsewhere: by the registered domain of a verified name, else by
 * the first bits of the address. Providers are those with a name.
 */
#include <stdlib.h>

#include "base/top.h"
#include "report/summary_private.h"

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

struct slice
network_name(const struct network_row *r, char text[NETWORK_TEXT])
{
	struct addr first = { 0 };
	size_t n;

	if (r->domain != NULL)
		return (struct slice){ r->domain, r->domain_n };
	if (r->v4) {
		char *p = put_octet(text, r->prefix >> 8 & 0xff);

		*p++ = '.';
		p = put_octet(p, r->prefix & 0xff);
		memcpy(p, ".0.0/16", 7);
		return slice_range(text, p + 7);
	}
	for (int i = 0; i < 4; i++)
		first.b[i] = (uint8_t)(r->prefix >> (24 - 8 * i));
	n = addr_format(&first, text);
	memcpy(text + n, "/32", 3);
	return (struct slice){ text, n + 3 };
}

static uint32_t
prefix_of(const struct addr *a)
{
	uint32_t prefix = 0;

	for (int i = 0; i < 4; i++)
		prefix = prefix << 8 | a->b[(addr_is_v4(a) ? 10 : 0) + i];
	return prefix;
}

static bool
same_network(const struct network_row *x, const struct network_row *y)
{
	if (x->domain == NULL || y->domain == NULL)
		return x->domain == y->domain && x->prefix == y->prefix && x->v4 == y->v4;
	return x->domain_n == y->domain_n && memcmp(x->domain, y->domain, x->domain_n) == 0;
}

static uint64_t
hash_network(const struct network_row *r)
{
	return r->domain ? hash_bytes((struct slice){ r->domain, r->domain_n }, 0) :
	    hash_u64(r->prefix, 3 + r->v4);
}

static void
block_new(struct networks *n, bool compared)
{
	mem_grow(&n->row, &n->row_cap, n->blocks + 1, sizeof(*n->row));
	mem_grow(&n->periods, &n->periods_cap, n->blocks + 1, sizeof(*n->periods));
	n->row[n->blocks] = mem_alloc(NETWORK_BLOCK * sizeof(**n->row));
	n->periods[n->blocks] = compared ? mem_alloc(NETWORK_BLOCK * sizeof(**n->periods)) : NULL;
	n->blocks++;
}

static uint32_t
network_new(struct summary *s, uint64_t hash, const struct network_row *key)
{
	struct networks *n = s->every;
	struct network_row *r;

	if (n->n == n->blocks * NETWORK_BLOCK)
		block_new(n, s->changes.by != CHANGES_NONE);
	if (s->changes.by != CHANGES_NONE)
		*network_periods(n, n->n) = (struct network_periods){ 0 };
	r = network_row(n, n->n);
	*r = (struct network_row){ .prefix = key->prefix, .v4 = key->v4,
		.domain_n = key->domain_n, .first = UINT32_MAX };
	if (key->domain != NULL)
		r->domain = arena_copy(&s->arena,
		    (struct slice){ key->domain, key->domain_n }).p;
	table_add(&n->by_key, hash, n->n);
	return n->n++;
}

/* The one that has the same key. */
static uint32_t
network_like(struct summary *s, const struct network_row *key)
{
	const struct networks *n = s->every;
	uint64_t h = hash_network(key);
	uint32_t at, i;

	for (i = table_first(&n->by_key, h, &at); i != TABLE_NONE;
	     i = table_next(&n->by_key, h, &at))
		if (same_network(network_row(n, i), key))
			return i;
	return network_new(s, h, key);
}

static uint32_t
network_of_row(struct collect *c, const struct row *r)
{
	struct slice domain = row_provider(c, r);
	struct network_row key = { 0 };
	char text[DOMAIN_NAME_MAX];
	struct addr a;

	if (domain.n) {
		domain = slice_lower(domain, text);
		key.domain = domain.p;
		key.domain_n = (uint8_t)domain.n;
	} else {
		a = addr_of_key(r->id);
		key.v4 = addr_is_v4(&a);
		key.prefix = prefix_of(&a);
	}
	return network_like(c->s, &key);
}

static void
add_periods(struct network_periods *n, const struct row *r)
{
	for (int p = 0; p < PERIODS; p++) {
		const uint32_t *k = r->period[p];

		count_add(&n->zombies[p], k[VERDICT_ZOMBIE]);
		for (int of = VERDICT_ZOMBIE; of < VERDICTS; of++)
			count_add(&n->attributed[p], k[of]);
		square_add(&n->squares[p], k[VERDICT_ZOMBIE]);
	}
}

void
network_add(struct collect *c, const struct row *r)
{
	struct network_periods *p;
	struct network_row *n;
	uint32_t at;

	if (r->own || r->kind != FINDING_MACHINE ||
	    c->cl->state.source[r->source].kind != SOURCE_CLIENT)
		return;
	at = network_of_row(c, r);
	n = network_row(c->s->every, at);
	n->sources[r->verdict]++;
	for (int k = 0; k < VERDICTS; k++) {
		uint64_t events = r->events[k];

		count_add(&n->events[k], events < UINT32_MAX ? (uint32_t)events : UINT32_MAX);
	}
	n->first = r->first < n->first ? utc_stamp(r->first) : n->first;
	n->last = r->last > n->last ? utc_stamp(r->last) : n->last;
	if ((p = network_periods(c->s->every, at)) != NULL)
		add_periods(p, r);
}

static void
network_unite(struct summary *s, const struct network_row *x, const struct network_periods *y)
{
	uint32_t at = network_like(s, x);
	struct network_row *n = network_row(s->every, at);

	for (int k = 0; k < VERDICTS; k++) {
		count_add(&n->events[k], x->events[k]);
		count_add(&n->sources[k], x->sources[k]);
	}
	n->first = x->first < n->first ? x->first : n->first;
	n->last = x->last > n->last ? x->last : n->last;
	for (int p = 0; y != NULL && p < PERIODS; p++) {
		struct network_periods *sums = network_periods(s->every, at);

		count_add(&sums->zombies[p], y->zombies[p]);
		count_add(&sums->attributed[p], y->attributed[p]);
		sum_add(&sums->squares[p], y->squares[p]);
	}
}

void
networks_unite(struct collect *c, struct collect *from)
{
	const struct networks *x = from->s->every;

	for (uint32_t i = 0; i < x->n; i++)
		network_unite(c->s, network_row(x, i), network_periods(x, i));
}

void
networks_free(struct networks *n)
{
	if (n == NULL)
		return;
	for (unsigned i = 0; i < n->blocks; i++) {
		free(n->row[i]);
		free(n->periods[i]);
	}
	free(n->row);
	free(n->periods);
	table_free(&n->by_key);
}

/* Equal ones by name. */
static int
by_class(const void *a, const void *b, enum verdict of)
{
	const struct network_row *x = *(const struct network_row *const *)a;
	const struct network_row *y = *(const struct network_row *const *)b;
	uint64_t n = attributed(x->events), m = attributed(y->events);
	char p[NETWORK_TEXT], q[NETWORK_TEXT];

	if (x->events[of] != y->events[of])
		return x->events[of] > y->events[of] ? -1 : 1;
	if (n != m)
		return n > m ? -1 : 1;
	return slice_cmp(network_name(x, p), network_name(y, q));
}

/* Those that alone can act, with stolen accounts, come first. */
static int
by_accounts(const void *a, const void *b)
{
	return by_class(a, b, VERDICT_COMPROMISED);
}

static int
by_zombies(const void *a, const void *b)
{
	return by_class(a, b, VERDICT_ZOMBIE);
}

static struct network
network_shown(struct arena *arena, const struct network_row *r)
{
	char text[NETWORK_TEXT];
	struct network n = { .domain = r->domain != NULL, .first = r->first, .last = r->last,
		.name = arena_copy(arena, network_name(r, text)) };

	for (int k = 0; k < VERDICTS; k++) {
		n.events[k] = r->events[k];
		n.sources[k] = r->sources[k];
	}
	return n;
}

static struct network *
first_of(struct summary *s, bool domains, unsigned max,
    int (*order)(const void *, const void *), unsigned *n_r)
{
	const struct networks *all = s->every;
	struct top top = { .size = sizeof(struct network_row *), .max = max, .order = order };
	struct network *list;

	for (uint32_t i = 0; i < all->n; i++) {
		const struct network_row *r = network_row(all, i);

		if (!domains || r->domain != NULL)
			top_add(&top, &r);
	}
	top_end(&top);
	list = mem_alloc((top.n + 1ul) * sizeof(*list));
	for (unsigned i = 0; i < top.n; i++)
		list[i] = network_shown(&s->arena, ((const struct network_row **)top.item)[i]);
	*n_r = top.n;
	free(top.item);
	return list;
}

void
networks_end(struct collect *c, unsigned top)
{
	struct summary *s = c->s;
	struct networks *all = s->every;
	uint32_t n = 0;

	/* Those with unattributed spam only are left out: nobody is accused on a guess. */
	for (uint32_t i = 0; i < all->n; i++) {
		const struct network_periods *p = network_periods(all, i);

		if (attributed(network_row(all, i)->events) == 0)
			continue;
		if (p != NULL)
			*network_periods(all, n) = *p;
		*network_row(all, n++) = *network_row(all, i);
	}
	all->n = n;
	table_free(&all->by_key);
	s->networks_all = n;
	s->provider = first_of(s, true, top, by_accounts, &s->providers);
	s->network = first_of(s, false, top, by_zombies, &s->networks);
}

void
networks_compare(struct summary *s, const struct summary *then)
{
	struct networks *all = s->every;
	const struct networks *old = then->every;
	uint32_t now = all->n;

	for (uint32_t i = 0; i < all->n; i++)
		table_add(&all->by_key, hash_network(network_row(all, i)), i);
	for (uint32_t i = 0; i < old->n; i++) {
		const struct network_periods *p = network_periods(old, i);
		const struct network_row *x = network_row(old, i);
		uint32_t at = network_like(s, x);
		struct network_row *n = network_row(all, at);
		struct network_periods *to = network_periods(all, at);

		to->attributed[BEFORE] = p->attributed[NOW];
		to->zombies[BEFORE] = p->zombies[NOW];
		to->squares[BEFORE] = p->squares[NOW];
		if (at < now)
			continue;
		memcpy(n->events, x->events, sizeof(n->events));
		n->first = x->first;
		n->last = x->last;
	}
	table_free(&all->by_key);
	s->networks_all = all->n;
}
