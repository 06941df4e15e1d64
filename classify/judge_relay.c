/*
 * Is mail that outsiders sent through us, without login, to foreign domains, an open relay's?
 *
 * A backup MX and a gateway do the same by design. A domain is served by us if the configuration
 * says so or if mail for it was delivered here or to an inner host. A domain that was not, but
 * that three networks or more send to while most of these send to few such domains, looks like a
 * gateway's. What is left is foreign; the rules say how many foreign domains of one client in a day
 * make a relay.
 */
#include <stdlib.h>

#include "base/utc.h"
#include "classify/judge_private.h"
#include "classify/state_sets.h"

static bool
is_served(const struct judge *j, uint32_t domain)
{
	const struct state *st = j->st;

	if (own_has_domain(j->cl->own, st->text[st->source[domain].id]))
		return true;
	for (struct walk w = state_newest(&st->source[domain]); w.bag != 0;
	     w = state_older(st, w)) {
		unsigned n;
		const struct bag_item *x = bags_items(&st->bags, w.bag, &n), *end = x + n;

		for (; x < end; x++)
			if (x->what == WHAT_COUNTER + COUNT_RECIPIENTS)
				return true;
	}
	return false;
}

struct domain {			/* a recipient domain */
	uint64_t element;	/* of SET_DOMAINS */
	uint32_t source;
};

static uint32_t
domain_find(const struct judge *j, uint64_t element)
{
	uint64_t h = hash_u64(element, 0);
	uint32_t at, i;

	for (i = table_first(&j->by_domain, h, &at); i != TABLE_NONE;
	     i = table_next(&j->by_domain, h, &at))
		if (j->domain[i].element == element)
			return i;
	return TABLE_NONE;
}

/* Of two that one element stands for (somebody looked for them) the lesser name counts. */
static void
domains_open(struct judge *j)
{
	const struct state *st = j->st;

	for (uint32_t k = 0; k < j->others; k++) {
		uint32_t i = j->other[k], d;
		struct slice name;
		uint64_t element;

		if (st->source[i].kind != SOURCE_DOMAIN)
			continue;
		name = st->text[st->source[i].id];
		element = set_element(name);
		if ((d = domain_find(j, element)) == TABLE_NONE) {
			mem_grow(&j->domain, &j->domains_cap, j->domains + 1, sizeof(*j->domain));
			j->domain[j->domains] = (struct domain){ element, i };
			table_add(&j->by_domain, hash_u64(element, 0), j->domains++);
		} else if (slice_cmp(name, st->text[st->source[j->domain[d].source].id]) < 0) {
			j->domain[d].source = i;
		}
	}
}

struct domain_use {
	uint32_t few, many;	/* clients with at most two relayed domains a day, and with more */
};

/* Counts, for each of j->domain, its clients' manners. */
static void
count_uses(const struct judge *j, struct domain_use *use)
{
	const struct state *st = j->st;

	for (unsigned i = 0; i < st->sides; i++) {
		const struct side *s = &st->side[i];

		if (s->kind != SET_DOMAINS || st->source[s->source].kind != SOURCE_CLIENT ||
		    s->set.estimated)
			continue;
		for (unsigned k = 0; k < s->set.n; k++) {
			uint32_t d = domain_find(j, set_items(&s->set)[k]);

			if (d == TABLE_NONE)
				continue;
			if (s->set.n <= 2)
				use[d].few++;
			else
				use[d].many++;
		}
	}
}

void
gateways_find(struct judge *j)
{
	const struct state *st = j->st;
	struct domain_use *use;

	j->gateway = mem_alloc(st->sources + 1);
	domains_open(j);
	use = mem_alloc((j->domains + 1ul) * sizeof(*use));
	count_uses(j, use);
	for (uint32_t i = 0; i < j->others; i++)
		j->gateway[j->other[i]] =
		    st->source[j->other[i]].kind == SOURCE_DOMAIN && is_served(j, j->other[i]);
	for (unsigned d = 0; d < j->domains; d++) {
		uint32_t i = j->domain[d].source;
		const struct set *nets = state_set_find(st, i, 0, SET_NETWORKS);

		if (nets != NULL && set_count(nets) >= 3 && use[d].few > use[d].many)
			j->gateway[i] = true;
	}
	free(use);
}

bool
judge_is_gateway(const struct judge *j, uint32_t domain_source)
{
	return j->gateway[domain_source] && !is_served(j, domain_source);
}

/*
 * Its confirmed name lies in a domain that we serve: only who runs our own DNS can name it so. A
 * second instance of ours, a machine of our campus, a customer.
 */
bool
is_named_ours(const struct judge *j, const struct source *s)
{
	char text[UINT8_MAX];
	struct slice name = source_name(s);
	uint32_t d;

	if (s->kind != SOURCE_CLIENT || !s->verified || s->name_domain == 0)
		return false;
	name = slice_lower(slice_skip(name, name.n - s->name_domain), text);
	d = domain_find(j, set_element(name));
	return d != TABLE_NONE && is_served(j, j->domain[d].source);
}

unsigned
relayed_domains(const struct judge *j, const struct set *s)
{
	unsigned foreign = 0;

	if (s->estimated)
		return (unsigned)set_count(s);
	for (unsigned k = 0; k < s->n; k++) {
		uint32_t d = domain_find(j, set_items(s)[k]);

		foreign += d != TABLE_NONE && !j->gateway[j->domain[d].source];
	}
	return foreign;
}
