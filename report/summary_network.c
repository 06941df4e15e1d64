/*
 * The networks that spam came from elsewhere: by the registered domain of a verified name, else by
 * the first bits of the address. Providers are those with a name.
 */
#include <stdlib.h>

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

static uint32_t
network_new(struct summary *s, uint64_t hash, const struct network_row *key)
{
	struct networks *n = s->every;
	struct network_row *r;

	mem_grow(&n->row, &n->cap, n->n + 1, sizeof(*n->row));
	r = &n->row[n->n];
	*r = (struct network_row){ .prefix = key->prefix, .v4 = key->v4,
		.domain_n = key->domain_n, .first = UINT32_MAX };
	if (key->domain != NULL)
		r->domain = arena_copy(&s->arena,
		    (struct slice){ key->domain, key->domain_n }).p;
	if (s->changes.by != CHANGES_NONE) {
		mem_grow(&n->periods, &n->periods_cap, n->n + 1, sizeof(*n->periods));
		n->periods[n->n] = (struct network_periods){ 0 };
	}
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
		if (same_network(&n->row[i], key))
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
	struct network_row *n;
	uint32_t at;

	if (r->own || r->kind != FINDING_MACHINE ||
	    c->cl->state.source[r->source].kind != SOURCE_CLIENT)
		return;
	at = network_of_row(c, r);
	n = &c->s->every->row[at];
	n->sources[r->verdict]++;
	for (int k = 0; k < VERDICTS; k++)
		n->events[k] += r->events[k];
	n->first = r->first < n->first ? utc_stamp(r->first) : n->first;
	n->last = r->last > n->last ? utc_stamp(r->last) : n->last;
	if (c->s->every->periods != NULL)
		add_periods(&c->s->every->periods[at], r);
}

static void
network_unite(struct summary *s, const struct network_row *x, const struct network_periods *y)
{
	uint32_t at = network_like(s, x);
	struct network_row *n = &s->every->row[at];

	for (int k = 0; k < VERDICTS; k++) {
		n->events[k] += x->events[k];
		n->sources[k] += x->sources[k];
	}
	n->first = x->first < n->first ? x->first : n->first;
	n->last = x->last > n->last ? x->last : n->last;
	for (int p = 0; y != NULL && p < PERIODS; p++) {
		struct network_periods *sums = &s->every->periods[at];

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
		network_unite(c->s, &x->row[i], x->periods ? &x->periods[i] : NULL);
}

void
networks_free(struct networks *n)
{
	if (n == NULL)
		return;
	free(n->row);
	free(n->periods);
	table_free(&n->by_key);
}

typedef bool before(const struct network_row *, const struct network_row *);

/* Equal ones by name. */
static bool
more(const struct network_row *x, const struct network_row *y, enum verdict of)
{
	uint64_t n = attributed(x->events), m = attributed(y->events);
	char a[NETWORK_TEXT], b[NETWORK_TEXT];

	if (x->events[of] != y->events[of])
		return x->events[of] > y->events[of];
	if (n != m)
		return n > m;
	return slice_cmp(network_name(x, a), network_name(y, b)) < 0;
}

/* Those that alone can act, with stolen accounts, come first. */
static bool
more_accounts(const struct network_row *x, const struct network_row *y)
{
	return more(x, y, VERDICT_COMPROMISED);
}

static bool
more_zombies(const struct network_row *x, const struct network_row *y)
{
	return more(x, y, VERDICT_ZOMBIE);
}

/* top: a heap with the last one on top, of n. */
static void
sift(const struct network_row **top, unsigned n, unsigned at, before *is_before)
{
	const struct network_row *r = top[at];

	for (unsigned child; (child = 2 * at + 1) < n; at = child) {
		if (child + 1 < n && is_before(top[child], top[child + 1]))
			child++;
		if (!is_before(r, top[child]))
			break;
		top[at] = top[child];
	}
	top[at] = r;
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

/* The first max of all, in order. */
static struct network *
first_of(struct summary *s, bool domains, unsigned max, before *is_before, unsigned *n_r)
{
	const struct networks *all = s->every;
	const struct network_row **top;
	struct network *list;
	unsigned n = 0;

	max = max < all->n ? max : all->n;
	top = mem_alloc((max + 1ul) * sizeof(struct network_row *));
	for (uint32_t i = 0; max > 0 && i < all->n; i++) {
		const struct network_row *r = &all->row[i];

		if (domains && r->domain == NULL)
			continue;
		if (n == max) {
			if (!is_before(r, top[0]))
				continue;
			top[0] = r;
			sift(top, n, 0, is_before);
			continue;
		}
		top[n++] = r;
		for (unsigned k = n == max ? n / 2 : 0; k-- > 0;)
			sift(top, n, k, is_before);
	}
	for (unsigned k = n < max ? n / 2 : 0; k-- > 0;)
		sift(top, n, k, is_before);
	list = mem_alloc((n + 1ul) * sizeof(*list));
	*n_r = n;
	while (n > 0) {
		list[--n] = network_shown(&s->arena, top[0]);
		top[0] = top[n];
		if (n > 0)
			sift(top, n, 0, is_before);
	}
	free(top);
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
		if (attributed(all->row[i].events) == 0)
			continue;
		if (all->periods != NULL)
			all->periods[n] = all->periods[i];
		all->row[n++] = all->row[i];
	}
	all->n = n;
	table_free(&all->by_key);
	s->networks_all = n;
	s->provider = first_of(s, true, top, more_accounts, &s->providers);
	s->network = first_of(s, false, top, more_zombies, &s->networks);
}

void
networks_compare(struct summary *s, const struct summary *then)
{
	struct networks *all = s->every;
	const struct networks *old = then->every;
	uint32_t now = all->n;

	for (uint32_t i = 0; i < all->n; i++)
		table_add(&all->by_key, hash_network(&all->row[i]), i);
	for (uint32_t i = 0; i < old->n; i++) {
		const struct network_periods *p = &old->periods[i];
		uint32_t at = network_like(s, &old->row[i]);
		struct network_row *n = &all->row[at];

		all->periods[at].attributed[BEFORE] = p->attributed[NOW];
		all->periods[at].zombies[BEFORE] = p->zombies[NOW];
		all->periods[at].squares[BEFORE] = p->squares[NOW];
		if (at < now)
			continue;
		memcpy(n->events, old->row[i].events, sizeof(n->events));
		n->first = old->row[i].first;
		n->last = old->row[i].last;
	}
	table_free(&all->by_key);
	s->networks_all = all->n;
}
