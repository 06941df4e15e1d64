/*
 * From rows to lists: the class of each source (of most of its spam events; of equal ones zombie,
 * misconfigured, compromised, unattributed in this order), who of our own side is alarmed, the top
 * of every list. No list is longer than what is shown of it.
 */
#include <stdlib.h>

#include "classify/state_limit.h"
#include "report/summary_private.h"

/* More events first; equal ones by kind, address or text: total. */
static int
row_order(const struct row *a, const struct row *b)
{
	uint64_t x = row_events(a), y = row_events(b);

	if (x != y)
		return x > y ? -1 : 1;
	if (a->kind != b->kind)
		return (int)a->kind - (int)b->kind;
	if (a->kind == FINDING_MACHINE)
		return a->id < b->id ? -1 : a->id > b->id;
	return slice_cmp(a->text, b->text);
}

static int
by_events(const void *a, const void *b)
{
	return row_order(a, b);
}

static int
alarms_first(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return x->alarm != y->alarm ? (x->alarm ? -1 : 1) : row_order(x, y);
}

struct slice
row_name(const struct collect *c, const struct row *r, bool *verified_r)
{
	const struct source *s = &c->cl->state.source[r->source];

	*verified_r = false;
	if (r->kind != FINDING_MACHINE || s->kind != SOURCE_CLIENT || s->name == NULL)
		return SLICE_NONE;
	*verified_r = s->verified;
	return source_name(s);
}

struct slice
row_provider(struct collect *c, const struct row *r)
{
	bool verified;
	struct slice name = row_name(c, r, &verified);
	unsigned n;

	if (!verified)
		return SLICE_NONE;
	n = name_facts(c, &c->cl->state.source[r->source]).domain;
	if (name.p[name.n - 1] == '.')
		name.n--;
	return slice_skip(name, name.n - n);
}

static bool
in_list(const struct slice *list, unsigned n, struct slice name)
{
	for (unsigned i = 0; i < n; i++)
		if (slice_eq_nocase(list[i], name))
			return true;
	return false;
}

/* "user@host directory" was made by observe(): is the host in the list? */
static bool
script_trusted(const struct own *own, struct slice text)
{
	for (unsigned i = 0; i < own->trusted_hosts; i++) {
		struct slice host = own->trusted_host[i], rest = text;
		const char *at;

		while (host.n && (at = slice_str_nocase(rest, host)) != NULL) {
			const char *end = at + host.n;

			if (at > text.p && at[-1] == '@' && (end == slice_end(text) || *end == ' '))
				return true;
			rest = slice_range(at + 1, slice_end(rest));
		}
	}
	return false;
}

static bool
is_trusted(const struct collect *c, const struct row *r)
{
	const struct own *own = c->cl->own;
	struct addr addr;
	struct slice name;
	bool verified;

	if (r->kind == FINDING_ACCOUNT)
		return in_list(own->trusted_account, own->trusted_accounts, r->text);
	if (r->kind == FINDING_SCRIPT)
		return script_trusted(own, r->text);
	if (r->kind == FINDING_RELAY)
		return in_list(own->trusted_host, own->trusted_hosts, r->text);
	addr = addr_of_key(r->id);
	name = row_name(c, r, &verified);
	return prefix_set_contains(&own->trusted_networks, &addr) ||
	    (verified && in_list(own->trusted_host, own->trusted_hosts, name));
}

static void
make_bounds(uint64_t tally[VERDICTS][1 << VERDICTS][1 << STAGES],
    struct bounds total_r[VERDICTS][STAGES + 1])
{
	for (unsigned i = 0; i < VERDICTS << (VERDICTS + STAGES); i++) {
		unsigned stages = i % (1 << STAGES), could = i >> STAGES & ((1 << VERDICTS) - 1);
		unsigned verdict = i >> (STAGES + VERDICTS);
		uint64_t n = tally[verdict][could][stages];

		if (verdict == VERDICT_UNATTRIBUTED)
			could |= 1 << verdict;
		else
			could = 1 << verdict;
		for (int k = 0; n && k < VERDICTS; k++)
			for (int stage = 0; stage <= STAGES; stage++) {
				struct bounds *b = &total_r[k][stage];

				if (stage < STAGES && !(stages >> stage & 1))
					continue;
				b->lower += k == (int)verdict ? n : 0;
				b->upper += could >> k & 1 ? n : 0;
			}
	}
}

/* Its class; whether it is alarmed. */
static void
class_row(struct collect *c, struct row *r)
{
	static const uint8_t order[VERDICTS] = { VERDICT_ZOMBIE, VERDICT_MISCONFIGURED,
		VERDICT_COMPROMISED, VERDICT_UNATTRIBUTED };
	uint64_t most = 0;

	for (int k = 0; k < VERDICTS; k++)
		if (r->events[order[k]] > most) {
			most = r->events[order[k]];
			r->verdict = order[k];
		}
	r->alarm = r->own && r->verdict != VERDICT_UNATTRIBUTED && !is_trusted(c, r);
	c->s->own_alarms[r->verdict] += r->alarm;
	c->tally[IN_SOURCES][r->verdict][r->could][r->stages]++;
}

/* Networks that our accounts sent from. */
static void
take_accounts(struct collect *c)
{
	const struct state *st = &c->cl->state;

	uint32_t others;
	const uint32_t *other = judge_others(c->j, &others);

	for (uint32_t i = 0; i < others; i++) {
		const struct source *s = &st->source[other[i]];
		uint32_t row;

		if (s->kind != SOURCE_ACCOUNT || !state_has_mail(st, other[i]))
			continue;
		row = row_find(c, FINDING_ACCOUNT, s->id);
		if (row != TABLE_NONE)
			c->row[row].networks++;
	}
}

static void
best_add(struct best *b, const struct row *r)
{
	b->all++;
	top_add(&b->top, r);
}

/* In an order that may be another one. */
static void
best_fill(struct collect *c, struct best *b, int (*order)(const void *, const void *),
    struct findings *out)
{
	const struct row *row = b->top.item;

	b->top.order = order;
	top_end(&b->top);
	out->all = b->all;
	out->n = b->top.n;
	out->item = mem_alloc((out->n + 1ul) * sizeof(*out->item));
	for (unsigned i = 0; i < out->n; i++) {
		finding_fill(c, &row[i], &out->item[i]);
		out->item[i].trusted = is_trusted(c, &row[i]);
	}
	free(b->top.item);
}

/* Of each class the first, if none of it is there yet. */
static void
add_worst(struct best *b, struct best worst[VERDICTS])
{
	unsigned seen = 0;

	for (unsigned i = 0; i < b->top.n; i++)
		seen |= 1u << ((const struct row *)b->top.item)[i].verdict;
	for (unsigned k = 0; k < VERDICTS; k++) {
		if (worst[k].top.n && !(seen >> k & 1)) {
			b->top.max = b->top.n + 1;
			top_add(&b->top, worst[k].top.item);
		}
		free(worst[k].top.item);
	}
}

static void
fill_lists(struct collect *c)
{
	struct ranking *k = &c->ranking;
	struct summary *s = c->s;

	add_worst(&k->list[LIST_ELSEWHERE], k->worst);
	for (unsigned i = 0; i < VERDICTS; i++)
		best_fill(c, &k->list[i], by_events, &s->by_class[i]);
	best_fill(c, &k->list[LIST_ELSEWHERE], by_events, &s->elsewhere);
	best_fill(c, &k->list[LIST_OWN], alarms_first, &s->own);
}

void
rank_open(struct ranking *k, unsigned top)
{
	const struct top rows = { .size = sizeof(struct row), .max = top, .order = by_events };

	for (unsigned i = 0; i < LISTS; i++)
		k->list[i].top = rows;
	k->list[LIST_OWN].top.max = UINT32_MAX;
	for (unsigned i = 0; i < VERDICTS; i++) {
		k->worst[i].top = rows;
		k->worst[i].top.max = top > 0;
	}
}

void
rank_row(struct collect *c, struct row *r)
{
	struct ranking *k = &c->ranking;

	c->s->sources++;
	class_row(c, r);
	best_add(&k->list[r->verdict], r);
	if (r->own) {
		best_add(&k->list[LIST_OWN], r);
	} else if (r->verdict != VERDICT_UNATTRIBUTED) {
		best_add(&k->list[LIST_ELSEWHERE], r);
		best_add(&k->worst[r->verdict], r);
	}
	network_add(c, r);
	mass_row(c, r);
	changes_row(c, r);
}

static void
best_unite(struct best *b, struct best *from)
{
	for (unsigned i = 0; i < from->top.n; i++)
		top_add(&b->top, (const struct row *)from->top.item + i);
	b->all += from->all;
	free(from->top.item);
}

void
rank_unite(struct collect *c, struct collect *from)
{
	for (unsigned i = 0; i < LISTS; i++)
		best_unite(&c->ranking.list[i], &from->ranking.list[i]);
	for (unsigned i = 0; i < VERDICTS; i++)
		best_unite(&c->ranking.worst[i], &from->ranking.worst[i]);
}

void
rank_end(struct collect *c)
{
	take_accounts(c);
	for (unsigned i = 0; i < c->rows; i++)
		rank_row(c, &c->row[i]);
	for (int unit = 0; unit < IN_UNITS; unit++)
		make_bounds(c->tally[unit], c->s->total[unit]);
	fill_lists(c);
}
