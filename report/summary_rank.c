/*
 * From rows to lists: the class of each source (of most of its spam events; of equal ones zombie,
 * misconfigured, compromised, unattributed in this order), who of our own side is alarmed, the top
 * of every list, providers. Rows are sorted through pointers; texts are made for the few shown.
 */
#include <stdlib.h>

#include "base/domain.h"
#include "report/dump.h"
#include "report/summary_private.h"

int
row_order(const struct row *a, const struct row *b)
{
	if (a->events != b->events)
		return a->events > b->events ? -1 : 1;
	if (a->kind != b->kind)
		return (int)a->kind - (int)b->kind;
	if (a->kind == FINDING_MACHINE)
		return a->id < b->id ? -1 : a->id > b->id;
	return slice_cmp(a->text, b->text);
}

static int
by_events(const void *a, const void *b)
{
	const struct row *const *x = a, *const *y = b;

	return row_order(*x, *y);
}

static int
alarms_first(const void *a, const void *b)
{
	const struct row *const *x = a, *const *y = b;

	return (*x)->alarm != (*y)->alarm ? ((*x)->alarm ? -1 : 1) : row_order(*x, *y);
}

struct slice
row_name(const struct collect *c, const struct row *r, bool *verified_r)
{
	const struct source *s = &c->cl->state.source[r->source];

	*verified_r = false;
	if (r->kind != FINDING_MACHINE || s->kind != SOURCE_CLIENT || s->name == 0)
		return SLICE_NONE;
	*verified_r = s->verified;
	return c->cl->state.text[s->name];
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

static const struct part *
part_get(const struct collect *c, const struct row *r, unsigned verdict)
{
	for (uint32_t i = r->parts; i != 0; i = c->part[i - 1].next)
		if (c->part[i - 1].verdict == verdict)
			return &c->part[i - 1];
	return NULL;
}

static void
class_rows(struct collect *c)
{
	static const uint8_t order[VERDICTS] = { VERDICT_ZOMBIE, VERDICT_MISCONFIGURED,
		VERDICT_COMPROMISED, VERDICT_UNATTRIBUTED };
	struct summary *s = c->s;

	for (unsigned i = 0; i < c->rows; i++) {
		struct row *r = &c->row[i];
		uint64_t most = 0;

		for (int k = 0; k < VERDICTS; k++) {
			const struct part *p = part_get(c, r, order[k]);

			if (p != NULL && p->events > most) {
				most = p->events;
				r->verdict = order[k];
			}
		}
		r->trusted = is_trusted(c, r);
		r->alarm = r->own && !r->trusted && r->verdict != VERDICT_UNATTRIBUTED;
		s->own_alarms[r->verdict] += r->alarm;
		s->sources++;
		for (int k = 0; k < VERDICTS; k++) {
			bool is = k == r->verdict;
			bool may = r->verdict == VERDICT_UNATTRIBUTED && (r->could >> k & 1);

			for (int stage = 0; stage <= STAGES; stage++) {
				if (stage < STAGES && !(r->stages >> stage & 1))
					continue;
				s->total[IN_SOURCES][k][stage].lower += is;
				s->total[IN_SOURCES][k][stage].upper += is || may;
			}
		}
	}
}

/* Networks that our accounts sent from; logins that failed, of all clients. */
static void
take_accounts(struct collect *c)
{
	const struct state *st = &c->cl->state;

	for (uint32_t i = 0; i < st->sources; i++) {
		bool mail = false;
		uint32_t row;

		bool client = st->source[i].kind == SOURCE_CLIENT;

		if (!client && st->source[i].kind != SOURCE_ACCOUNT)
			continue;
		for (uint32_t k = st->source[i].cells; k != 0; k = st->cell[k - 1].next) {
			const struct cell *x = &st->cell[k - 1];

			if (client && x->what == WHAT_COUNTER + COUNT_SASL_FAILURES)
				c->s->login_failures += x->n;
			else if (!client && x->what < WHAT_COUNTER)
				mail |= st->signature[x->what].kind == KIND_HAM ||
				    st->signature[x->what].kind == KIND_SPAM;
		}
		row = client ? TABLE_NONE : row_find(c, FINDING_ACCOUNT, st->source[i].id);
		if (mail && row != TABLE_NONE)
			c->row[row].networks++;
	}
}

static int
by_row_day(const void *a, const void *b)
{
	const struct own_day *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return x->day < y->day ? -1 : x->day > y->day;
}

/* c->day is sorted; the counters of each day once, whatever network the spam came from. */
static void
sum_own_days(struct collect *c, uint32_t row, struct finding *f)
{
	int64_t n[COUNTERS];
	unsigned lo = 0, hi = c->days;

	while (lo < hi) {
		unsigned mid = (lo + hi) / 2;

		if (c->day[mid].row < row)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < c->days && c->day[lo].row == row; lo++) {
		if (lo > 0 && by_row_day(&c->day[lo - 1], &c->day[lo]) == 0)
			continue;
		judge_counters(c->j, c->day[lo].source, c->day[lo].day, n);
		f->messages += (uint64_t)n[COUNT_MESSAGES];
		f->recipients += (uint64_t)n[COUNT_RECIPIENTS];
		f->bounces += (uint64_t)n[COUNT_BOUNCES];
		f->spam_replies += (uint64_t)n[COUNT_SPAM_REPLIES];
		f->login_failures += (uint64_t)n[COUNT_SASL_FAILURES];
		if ((uint64_t)n[COUNT_SENDERS] > f->senders)
			f->senders = (uint64_t)n[COUNT_SENDERS];
	}
}

static void
fill(struct collect *c, const struct row *r, struct finding *f)
{
	const struct part *p = part_get(c, r, r->verdict);
	struct arena *mem = &c->s->arena;
	struct buf key = { 0 };
	struct slice domain;

	*f = (struct finding){ .kind = r->kind, .verdict = r->verdict, .via = p->via,
		.reason = p->reason, .own = r->own, .trusted = r->trusted, .alarm = r->alarm,
		.listed = p->listed, .confidence = (unsigned)(p->confidence / p->events),
		.events = r->events, .accepted = r->accepted, .first = r->first, .last = r->last,
		.subtype = p->subtype, .networks = r->networks };
	f->name = row_name(c, r, &f->verified);
	domain = f->verified ? domain_registered(f->name) : SLICE_NONE;
	if (domain.n)
		f->provider = domain;
	for (unsigned i = 0; i < p->tells; i++)
		f->evidence[f->evidences++] = c->cl->rules->rule[p->tell[i].rule].says;
	if (r->kind == FINDING_RELAY) {
		buf_str(&key, "host:");
		buf_add(&key, r->text.n ? r->text : SLICE("localhost"));
	} else {
		source_key(&c->cl->state, r->source, &key);
	}
	f->key = arena_copy(mem, buf_slice(&key));
	buf_free(&key);
	if (r->own)
		sum_own_days(c, (uint32_t)(r - c->row), f);
}

enum which { OF_CLASS, ELSEWHERE = VERDICTS, OWN };

static bool
wanted(const struct row *r, unsigned which)
{
	if (which == ELSEWHERE)
		return !r->own && r->verdict != VERDICT_UNATTRIBUTED;
	return which == OWN ? r->own : r->verdict == which;
}

/* The first top of them; of those elsewhere also the worst of every class. */
static void
make_list(struct collect *c, unsigned which, unsigned top, struct findings *out)
{
	struct row **list = mem_alloc((c->rows + 1) * sizeof(struct row *));
	unsigned n = 0, seen = 0;

	for (unsigned i = 0; i < c->rows; i++)
		if (wanted(&c->row[i], which))
			list[n++] = &c->row[i];
	if (n)
		qsort(list, n, sizeof(struct row *), which == OWN ? alarms_first : by_events);
	out->all = n;
	out->item = mem_alloc(((n < top ? n : top + VERDICTS) + 1) * sizeof(*out->item));
	for (unsigned i = 0; i < n; i++) {
		bool first = top > 0 && which == ELSEWHERE && !(seen >> list[i]->verdict & 1);

		seen |= 1u << list[i]->verdict;
		if (i < top || first)
			fill(c, list[i], &out->item[out->n++]);
	}
	free(list);
}

static int
by_provider(const void *a, const void *b)
{
	const struct provider *x = a, *y = b;

	return slice_cmp(x->name, y->name);
}

static uint64_t
attributed(const struct provider *p)
{
	return p->events[VERDICT_ZOMBIE] + p->events[VERDICT_MISCONFIGURED] +
	    p->events[VERDICT_COMPROMISED];
}

/* Those that alone can act, with stolen accounts, come first. */
static int
by_need(const void *a, const void *b)
{
	const struct provider *x = a, *y = b;

	if (x->events[VERDICT_COMPROMISED] != y->events[VERDICT_COMPROMISED])
		return x->events[VERDICT_COMPROMISED] > y->events[VERDICT_COMPROMISED] ? -1 : 1;
	if (attributed(x) != attributed(y))
		return attributed(x) > attributed(y) ? -1 : 1;
	return by_provider(a, b);
}

static struct slice
lower(struct arena *mem, struct slice s)
{
	char text[DOMAIN_NAME_MAX + 1];

	for (size_t i = 0; i < s.n; i++)
		text[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] + 32 : s.p[i]);
	return arena_copy(mem, (struct slice){ text, s.n });
}

static void
provider_of(struct collect *c, const struct row *r, unsigned *cap)
{
	struct summary *s = c->s;
	bool verified;
	struct slice name = row_name(c, r, &verified), domain;
	struct provider *p;

	domain = verified ? domain_registered_memo(&c->domains, name) : SLICE_NONE;
	if (domain.n == 0 || domain.n > DOMAIN_NAME_MAX || r->own)
		return;
	mem_grow(&s->provider, cap, s->providers + 1, sizeof(*s->provider));
	p = &s->provider[s->providers++];
	*p = (struct provider){ .name = lower(&s->arena, domain), .first = r->first,
		.last = r->last };
	p->sources[r->verdict] = 1;
	for (int k = 0; k < VERDICTS; k++) {
		const struct part *part = part_get(c, r, (unsigned)k);

		p->events[k] = part ? part->events : 0;
	}
}

static void
make_providers(struct collect *c, unsigned top)
{
	struct summary *s = c->s;
	unsigned cap = 0, n = 0;

	for (unsigned i = 0; i < c->rows; i++)
		provider_of(c, &c->row[i], &cap);
	if (s->providers == 0)
		return;
	qsort(s->provider, s->providers, sizeof(*s->provider), by_provider);
	for (unsigned i = 0; i < s->providers; i++) {
		struct provider *p = &s->provider[i], *q = n ? &s->provider[n - 1] : NULL;

		if (q == NULL || !slice_eq(q->name, p->name)) {
			s->provider[n++] = *p;
			continue;
		}
		for (int k = 0; k < VERDICTS; k++) {
			q->events[k] += p->events[k];
			q->sources[k] += p->sources[k];
		}
		q->first = p->first < q->first ? p->first : q->first;
		q->last = p->last > q->last ? p->last : q->last;
	}
	qsort(s->provider, n, sizeof(*s->provider), by_need);
	while (n > 0 && attributed(&s->provider[n - 1]) == 0)
		n--;	/* only unattributed spam: nobody is accused on a guess */
	s->providers = n < top ? n : top;
}

void
rank_rows(struct collect *c, unsigned top)
{
	class_rows(c);
	take_accounts(c);
	if (c->days)
		qsort(c->day, c->days, sizeof(*c->day), by_row_day);
	for (unsigned k = 0; k < VERDICTS; k++)
		make_list(c, OF_CLASS + k, top, &c->s->by_class[k]);
	make_list(c, ELSEWHERE, top, &c->s->elsewhere);
	make_list(c, OWN, UINT32_MAX, &c->s->own);
	make_providers(c, top);
}
