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

static bool
is_served(const struct judge *j, uint32_t domain)
{
	const struct state *st = j->st;

	if (own_has_domain(j->cl->own, st->text[st->source[domain].id]))
		return true;
	for (uint32_t i = st->source[domain].cells; i != 0; i = st->cell[i - 1].next)
		if (st->cell[i - 1].what == WHAT_COUNTER + COUNT_RECIPIENTS)
			return true;
	return false;
}

struct domain_use {
	uint32_t few, many;	/* clients with at most two relayed domains a day, and with more */
};

/* Counts, for each domain, its clients' manners. */
static void
count_uses(const struct judge *j, struct domain_use *use)
{
	const struct state *st = j->st;

	for (unsigned i = 0; i < st->sides.n; i++) {
		const struct side *s = &st->sides.item[i];

		if (s->kind != SET_DOMAINS || st->source[s->source].kind != SOURCE_CLIENT ||
		    s->set.estimated)
			continue;
		for (unsigned k = 0; k < s->set.n; k++) {
			uint32_t d = state_find(st, SOURCE_DOMAIN, s->set.item[k], 0);

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
	struct domain_use *use = mem_alloc((st->sources + 1) * sizeof(*use));

	j->gateway = mem_alloc(st->sources + 1);
	count_uses(j, use);
	for (uint32_t i = 0; i < st->sources; i++) {
		const struct set *nets;

		if (st->source[i].kind != SOURCE_DOMAIN)
			continue;
		nets = sides_get(&st->sides, i, 0, SET_NETWORKS);
		if (is_served(j, i))
			j->gateway[i] = true;
		else if (nets != NULL && set_count(nets) >= 3 && use[i].few > use[i].many)
			j->gateway[i] = true;
	}
	free(use);
}

bool
judge_is_gateway(const struct judge *j, uint32_t domain_source)
{
	return j->gateway[domain_source] && !is_served(j, domain_source);
}

unsigned
relayed_domains(const struct judge *j, const struct set *s)
{
	unsigned foreign = 0;

	if (s->estimated)
		return (unsigned)set_count(s);
	for (unsigned k = 0; k < s->n; k++) {
		uint32_t d = state_find(j->st, SOURCE_DOMAIN, s->item[k], 0);

		foreign += d != TABLE_NONE && !j->gateway[d];
	}
	return foreign;
}
