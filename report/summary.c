/*
 * See summary.h. One pass over all judged (source, day, signature), in the order of the state:
 * sums, and one row for each source of spam. summary_make.c makes it, in several threads if it is
 * large; summary_rank.c gives every row its class and cuts the lists, summary_finding.c finds out
 * the rest about the few that are shown, summary_network.c does for networks what rank does for
 * sources, summary_measures.c and summary_changes.c work out what measures stop and what changed,
 * and summary_notes.c adds what must be said about the run.
 *
 * Whatever is kept of a row is a sum, a minimum or a maximum under a total order, so that the order
 * of the pass cannot be seen.
 */
#include "report/summary_private.h"

#include <stdlib.h>

uint32_t
row_find(const struct collect *c, enum finding_kind kind, uint64_t id)
{
	uint64_t h = hash_u64(id, kind);
	uint32_t at, i;

	for (i = table_first(&c->by_row, h, &at); i != TABLE_NONE;
	     i = table_next(&c->by_row, h, &at))
		if (c->row[i].id == id && c->row[i].kind == kind)
			return i;
	return TABLE_NONE;
}

enum finding_kind
row_key(const struct collect *c, const struct judged *r, uint64_t *id_r)
{
	const struct state *st = &c->cl->state;
	const struct source *s = &st->source[r->source];

	*id_r = r->a.relay ? st->signature[r->signature].host : s->id;
	if (r->a.relay)
		return FINDING_RELAY;
	if (s->kind == SOURCE_ACCOUNT)
		return FINDING_ACCOUNT;
	return s->kind == SOURCE_SCRIPT ? FINDING_SCRIPT : FINDING_MACHINE;
}

uint64_t
row_events(const struct row *r)
{
	uint64_t n = 0;

	for (int k = 0; k < VERDICTS; k++)
		n += r->events[k];
	return n;
}

bool
is_own(const struct collect *c, const struct row *row, const struct judged *r)
{
	uint8_t direction = c->cl->state.signature[r->signature].direction;

	return row->kind != FINDING_MACHINE || direction == DIR_OUTBOUND || direction == DIR_LOCAL;
}

static struct row
row_begin(uint32_t source, enum finding_kind kind, uint64_t id)
{
	return (struct row){ .id = id, .kind = (uint8_t)kind, .source = source,
		.networks = kind == FINDING_RELAY, .first = INT64_MAX, .last = INT64_MIN };
}

static void
machine_end(struct collect *c)
{
	if (c->has_machine)
		rank_row(c, &c->machine);
	c->has_machine = false;
}

/* Sources come one after the other. */
static struct row *
machine_row(struct collect *c, uint32_t source, uint64_t id)
{
	if (c->has_machine && c->machine.source == source)
		return &c->machine;
	machine_end(c);
	c->has_machine = true;
	c->machine = row_begin(source, FINDING_MACHINE, id);
	return &c->machine;
}

static struct row *
row_new(struct collect *c, uint32_t source, enum finding_kind kind, uint64_t id)
{
	struct row *row;

	mem_grow(&c->row, &c->caps[0], c->rows + 1, sizeof(*c->row));
	row = &c->row[c->rows];
	*row = row_begin(source, kind, id);
	row->text = kind == FINDING_RELAY ? names_text(c->cl->names, (uint32_t)id) :
	    c->cl->state.text[id];
	table_add(&c->by_row, hash_u64(id, kind), c->rows++);
	return row;
}

struct row *
row_at(struct collect *c, uint32_t source, enum finding_kind kind, uint64_t id)
{
	uint32_t i = row_find(c, kind, id);
	struct row *row;

	if (i == TABLE_NONE)
		return row_new(c, source, kind, id);
	row = &c->row[i];
	if ((row->others ? c->link[row->others - 1].source : row->source) != source) {
		mem_grow(&c->link, &c->caps[1], c->links + 1, sizeof(*c->link));
		c->link[c->links] = (struct link){ source, row->others };
		row->others = ++c->links;
		row->networks += kind == FINDING_RELAY;
	}
	return row;
}

/* NULL for a verdict without client. */
static struct row *
row_of(struct collect *c, const struct judged *r)
{
	uint64_t id;
	enum finding_kind kind = row_key(c, r, &id);

	if (c->cl->state.source[r->source].kind >= SOURCE_NONE && kind != FINDING_RELAY)
		return NULL;
	return kind == FINDING_MACHINE ? machine_row(c, r->source, id) :
	    row_at(c, r->source, kind, id);
}

struct name_facts
name_facts(struct collect *c, const struct source *s)
{
	struct hostname_facts hn;
	struct addr addr;

	if (s->name_set != 0 || s->name == NULL)
		return (struct name_facts){ s->name_set, s->name_domain };
	addr = addr_of_key(s->id);
	hostname_analyse(&c->cl->rules->names, &c->domains, source_name(s), &addr, &hn);
	return (struct name_facts){ (uint16_t)hn.set, (uint8_t)hn.domain.n };
}

/*
 * Which classes an unattributed event could be of, as bits. A login cannot be anything but an
 * account, a script nothing but a bad server; a provider's confirmed server or a known forwarder
 * is no end-user line; without login nothing inside is an account.
 */
static uint8_t
could_be(struct collect *c, const struct judged *r)
{
	const struct state *st = &c->cl->state;
	const struct source *s = &st->source[r->source];
	const struct signature *sig = &st->signature[r->signature];
	uint8_t all = 1 << VERDICT_ZOMBIE | 1 << VERDICT_MISCONFIGURED | 1 << VERDICT_COMPROMISED;

	if (s->kind == SOURCE_ACCOUNT)
		return 1 << VERDICT_COMPROMISED;
	if (s->kind == SOURCE_SCRIPT || r->a.relay)
		return 1 << VERDICT_MISCONFIGURED;
	if (s->kind >= SOURCE_NONE)
		return all;
	if (sig->direction == DIR_OUTBOUND || sig->direction == DIR_LOCAL)
		return 1 << VERDICT_ZOMBIE | 1 << VERDICT_MISCONFIGURED;
	if (r->a.reason >= REASON_FORWARDER && r->a.reason <= REASON_BACKSCATTER)
		return all & ~(1 << VERDICT_ZOMBIE);
	if (s->verified && (name_facts(c, s).set & HN_PROVIDER))
		return all & ~(1 << VERDICT_ZOMBIE);
	return all;
}

struct slot *
slot_of(struct collect *c, int64_t start)
{
	uint64_t h = hash_u64((uint64_t)start, 1);
	uint32_t at, i;

	if (c->slots && c->slot[c->at_slot].start == start)
		return &c->slot[c->at_slot];
	for (i = table_first(&c->by_slot, h, &at); i != TABLE_NONE;
	     i = table_next(&c->by_slot, h, &at))
		if (c->slot[i].start == start)
			return &c->slot[c->at_slot = i];
	mem_grow(&c->slot, &c->caps[2], c->slots + 1, sizeof(*c->slot));
	c->slot[c->slots] = (struct slot){ .start = start };
	table_add(&c->by_slot, h, c->slots);
	return &c->slot[c->at_slot = c->slots++];
}

static bool
is_accepted(const struct signature *sig)
{
	return sig->action == ACTION_ACCEPTED || sig->action == ACTION_TAGGED;
}

static void
take_period(struct collect *c, const struct judged *r, struct row *row, int64_t from, uint32_t n)
{
	int at = changes_period(c->s, from);
	struct period *p;

	if (at < 0)
		return;
	p = &c->s->changes.period[at];
	p->attempts[r->a.verdict] += n;
	if (is_accepted(&c->cl->state.signature[r->signature]))
		p->accepted[r->a.verdict] += n;
	if (row != NULL)
		count_add(&row->period[at][r->a.verdict], n);
}

static void
take_hour(struct collect *c, const struct judged *r, struct row *row, uint32_t hour, uint32_t n)
{
	const struct source *s = &c->cl->state.source[r->source];
	int64_t from = (int64_t)hour * UTC_HOUR, to = from + UTC_HOUR - 1;

	slot_of(c, from)->events[r->a.verdict] += n;
	take_period(c, r, row, from, n);
	if (row == NULL)
		return;
	from = from > s->first ? from : (int64_t)s->first;
	to = to < s->last ? to : (int64_t)s->last;
	row->first = from < row->first ? from : row->first;
	row->last = to > row->last ? to : row->last;
}

/* The hours of this (source, day, signature): for the timeline, for first and last of the row. */
static void
take_hours(struct collect *c, const struct judged *r, struct row *row)
{
	const struct state *st = &c->cl->state;
	const struct source *s = &st->source[r->source];
	struct walk w = c->at_source == r->source ? c->at : state_newest(s), next;
	uint32_t midnight = (uint32_t)r->day * 24;

	while (w.bag != 0 && w.hour >= midnight + 24)
		w = state_older(st, w);	/* days come in descending order */
	c->at_source = r->source;
	c->at = w;
	next = state_older(st, w);
	if (next.bag == 0 || next.hour < midnight) {	/* the day has one hour */
		take_hour(c, r, row, w.hour, r->n);
		return;
	}
	for (; w.bag != 0 && w.hour >= midnight; w = state_older(st, w)) {
		uint32_t n = bags_count(&st->bags, w.bag, r->signature);

		if (n > 0)
			take_hour(c, r, row, w.hour, n);
	}
}

/* It came from a client to port 25: what a block there would have kept away. */
static bool
is_direct(const struct judged *r, const struct signature *sig)
{
	return !sig->submission && !r->a.relay &&
	    (sig->direction == DIR_INBOUND || sig->direction == DIR_RELAYED);
}

static void
take_mass(struct collect *c, const struct judged *r, const struct signature *sig, uint8_t could,
    struct row *row)
{
	bool direct = is_direct(r, sig), listed = r->a.stopped_dnsbl;

	for (int unit = 0; unit <= (is_accepted(sig) ? IN_ACCEPTED : IN_ATTEMPTS); unit++) {
		struct mass *m = &c->mass[unit][direct][listed];

		m->seen.n[r->a.verdict] += r->n;
		m->could[could] += r->n;
		if (direct && row != NULL)
			count_add(&row->direct[unit][listed][r->a.verdict], r->n);
	}
}

static void
take_sums(struct collect *c, const struct judged *r, const struct signature *sig, uint8_t could)
{
	struct summary *s = c->s;
	const struct attribution *a = &r->a;
	bool refused = sig->action == ACTION_REFUSED || sig->action == ACTION_DEFERRED;
	bool maybe = (could >> VERDICT_ZOMBIE & 1) && is_direct(r, sig);

	c->tally[IN_ATTEMPTS][a->verdict][could][1 << sig->stage] += r->n;
	s->spam += r->n;
	if (is_accepted(sig)) {
		c->tally[IN_ACCEPTED][a->verdict][could][1 << sig->stage] += r->n;
		s->accepted += r->n;
	}
	if (!is_accepted(sig) || sig->stage == STAGE_DELIVERY)
		s->refused_at[sig->stage][a->verdict] += r->n;
	flow_add(&c->flows, a->verdict, sig, r->n, is_accepted(sig));
	s->stops[(a->stopped_port25 ? STOP_PORT25 : 0) | (a->stopped_dnsbl ? STOP_DNSBL : 0) |
	    (a->stopped_provider ? STOP_PROVIDER : 0)] += r->n;
	s->listed[a->verdict] += a->stopped_dnsbl ? r->n : 0;
	s->refused[a->verdict] += refused && (a->spam_by & BY_DNSBL) ? r->n : 0;
	s->port25_maybe += maybe ? r->n : 0;
	s->port25_maybe_unlisted += maybe && !a->stopped_dnsbl ? r->n : 0;
	dnsbl_take(c, r, refused && (a->spam_by & BY_DNSBL));
	if (a->verdict == VERDICT_COMPROMISED && a->via == VERDICT_ZOMBIE)
		s->via_zombie += r->n;
	if (a->verdict == VERDICT_UNATTRIBUTED)
		s->reasons[a->reason] += r->n;
}

static void
take_spam(struct collect *c, const struct judged *r, const struct signature *sig)
{
	uint8_t could = r->a.verdict == VERDICT_UNATTRIBUTED ? could_be(c, r) : 0;
	struct row *row = row_of(c, r);

	take_sums(c, r, sig, could);
	take_mass(c, r, sig, could, row);
	take_hours(c, r, row);
	if (row == NULL)
		return;
	row->events[r->a.verdict] += r->n;
	row->accepted += is_accepted(sig) ? r->n : 0;
	row->submission |= sig->submission;
	row->stages |= (uint8_t)(1 << sig->stage);
	row->could |= could;
	row->own |= is_own(c, row, r);
}

static void
take(struct collect *c, const struct judged *r)
{
	const struct state *st = &c->cl->state;
	const struct signature *sig = &st->signature[r->signature];
	static const uint8_t sees[SOURCE_KINDS] = { [SOURCE_CLIENT] = SEES_INBOUND,
		[SOURCE_ACCOUNT] = SEES_SUBMISSION, [SOURCE_SCRIPT] = SEES_LOCAL,
		[SOURCE_NONE] = SEES_FILTER, [SOURCE_REST] = SEES_INBOUND };
	uint8_t kind = st->source[r->source].kind;
	bool inside = kind == SOURCE_CLIENT && sig->direction == DIR_OUTBOUND;

	c->s->sees |= inside ? SEES_INSIDE : sees[kind];
	if (kind == SOURCE_CLIENT && !inside && sig->stage != STAGE_CONNECT)
		c->s->only_connect = false;
	if (sig->port25 && !r->spam)
		port25_take(c, r);
	if (r->spam)
		take_spam(c, r, sig);
	else if (sig->kind == KIND_HAM)
		c->s->ham += r->n;
	else if (sig->kind == KIND_SUSPECTED)
		c->s->suspected += r->n;
	else if (sig->kind == KIND_PROBE)
		c->s->relay_probes += r->n;
}

void
summary_pass(struct collect *c)
{
	struct judged r;

	while (judge_next(c->j, &r) == 1)
		take(c, &r);
	machine_end(c);
}

void
summary_free(struct summary *s)
{
	if (s == NULL)
		return;
	for (int k = 0; k < VERDICTS; k++)
		free(s->by_class[k].item);
	free(s->elsewhere.item);
	free(s->own.item);
	free(s->provider);
	free(s->network);
	networks_free(s->every);
	free(s->every);
	free(s->dnsbl);
	free(s->port25_user);
	free(s->changes.fresh.item);
	free(s->changes.quiet.item);
	free(s->changes.treated);
	free(s->slot);
	free(s->flow);
	free(s->assumptions.item);
	free(s->warnings.item);
	arena_free(&s->arena);
	free(s);
}

uint64_t
summary_stopped(const struct summary *s, unsigned with, unsigned without)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < STOPS; i++)
		if ((i & with) == with && !(i & without))
			n += s->stops[i];
	return n;
}
