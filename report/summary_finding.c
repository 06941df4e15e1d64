/*
 * From a row to a finding: what only the few sources that are shown need, such as evidence, subtype
 * and counters. Their events are judged once more for it, now with proofs; so a row stays small,
 * and nothing of this is made for the thousands that are only counted.
 */
#include <stdlib.h>

#include "report/dump.h"
#include "report/summary_private.h"

struct telling {		/* a rule that spoke, with its greatest weight */
	uint16_t rule;
	int32_t weight;		/* absolute */
};

struct own_day {		/* our side spammed on that day */
	int64_t day;
	uint32_t source;
};

struct detail {			/* of the events of the row's class */
	uint8_t via, reason;
	bool listed;
	unsigned best;		/* confidence that the subtype was given with */
	uint64_t confidence;	/* the sum over the events */
	struct slice subtype;
	struct telling tell[FINDING_EVIDENCE];
	unsigned tells;
	struct own_day *day;	/* of all classes */
	unsigned days, cap;
};

static bool
tells_more(const struct ruleset *rs, const struct telling *a, const struct telling *b)
{
	if (a->weight != b->weight)
		return a->weight > b->weight;
	return slice_cmp(rs->rule[a->rule].id, rs->rule[b->rule].id) < 0;
}

/* Keeps the strongest, each rule once with its greatest weight. */
static void
tell(const struct ruleset *rs, struct detail *d, struct telling x)
{
	unsigned at = 0;

	while (at < d->tells && d->tell[at].rule != x.rule)
		at++;
	if (at < d->tells) {
		if (d->tell[at].weight >= x.weight)
			return;
	} else if (d->tells < FINDING_EVIDENCE) {
		d->tells++;
	} else if (tells_more(rs, &x, &d->tell[at - 1])) {
		at--;
	} else {
		return;
	}
	for (; at > 0 && tells_more(rs, &x, &d->tell[at - 1]); at--)
		d->tell[at] = d->tell[at - 1];
	d->tell[at] = x;
}

static void
add_class(const struct ruleset *rs, struct detail *d, const struct judged *r)
{
	const struct attribution *a = &r->a;

	d->confidence += (uint64_t)a->confidence * r->n;
	d->listed |= a->stopped_dnsbl;
	if (a->via > d->via)
		d->via = a->via;
	if (a->reason && (d->reason == 0 || a->reason < d->reason))
		d->reason = a->reason;	/* what it is says more than "insufficient" */
	if (a->subtype.n && (d->subtype.n == 0 || a->confidence > d->best ||
	    (a->confidence == d->best && slice_cmp(a->subtype, d->subtype) < 0))) {
		d->subtype = a->subtype;
		d->best = a->confidence;
	}
	for (unsigned i = 0; i < a->proofs; i++) {
		int32_t w = a->proof[i].weight;

		if (w > 0 || (w < 0 && a->verdict == VERDICT_UNATTRIBUTED))
			tell(rs, d, (struct telling){ a->proof[i].rule, w < 0 ? -w : w });
	}
}

static void
add_source(struct collect *c, const struct row *row, uint32_t source, struct detail *d)
{
	struct judged r;

	judge_again(c->j, source);
	while (judge_next(c->j, &r) == 1) {
		uint64_t id;

		if (!r.spam || row_key(c, &r, &id) != row->kind || id != row->id)
			continue;
		if (r.a.verdict == row->verdict)
			add_class(c->cl->rules, d, &r);
		if (row->kind == FINDING_RELAY || !is_own(c, row, &r) ||
		    (d->days && d->day[d->days - 1].day == r.day))
			continue;
		mem_grow(&d->day, &d->cap, d->days + 1, sizeof(*d->day));
		d->day[d->days++] = (struct own_day){ r.day, source };
	}
}

static int
by_day(const void *a, const void *b)
{
	const struct own_day *x = a, *y = b;

	return x->day < y->day ? -1 : x->day > y->day;
}

/* The counters of each day once, whatever network the spam came from: they are the owner's. */
static void
sum_own_days(struct collect *c, struct detail *d, struct finding *f)
{
	int64_t n[COUNTERS];

	if (d->days)
		qsort(d->day, d->days, sizeof(*d->day), by_day);
	for (unsigned i = 0; i < d->days; i++) {
		if (i > 0 && d->day[i].day == d->day[i - 1].day)
			continue;
		judge_counters(c->j, d->day[i].source, d->day[i].day, n);
		f->messages += (uint64_t)n[COUNT_MESSAGES];
		f->recipients += (uint64_t)n[COUNT_RECIPIENTS];
		f->bounces += (uint64_t)n[COUNT_BOUNCES];
		f->spam_replies += (uint64_t)n[COUNT_SPAM_REPLIES];
		f->login_failures += (uint64_t)n[COUNT_SASL_FAILURES];
		if ((uint64_t)n[COUNT_SENDERS] > f->senders)
			f->senders = (uint64_t)n[COUNT_SENDERS];
	}
	free(d->day);
}

static struct slice
make_key(struct collect *c, const struct row *r)
{
	struct buf key = { 0 };
	struct slice copy;

	if (r->kind == FINDING_RELAY) {
		buf_str(&key, "host:");
		buf_add(&key, r->text.n ? r->text : SLICE("localhost"));
	} else {
		source_key(&c->cl->state, r->source, &key);
	}
	copy = arena_copy(&c->s->arena, buf_slice(&key));
	buf_free(&key);
	return copy;
}

void
finding_fill(struct collect *c, const struct row *r, struct finding *f)
{
	struct detail d = { 0 };

	add_source(c, r, r->source, &d);
	for (uint32_t i = r->others; i != 0; i = c->link[i - 1].next)
		add_source(c, r, c->link[i - 1].source, &d);
	*f = (struct finding){ .key = make_key(c, r), .kind = r->kind, .verdict = r->verdict,
		.via = d.via, .reason = d.reason, .own = r->own, .alarm = r->alarm,
		.listed = d.listed, .subtype = d.subtype, .events = row_events(r),
		.confidence = (unsigned)(d.confidence / r->events[r->verdict]),
		.accepted = r->accepted, .first = r->first, .last = r->last,
		.networks = r->networks, .submission = r->submission };
	for (int k = 0; k < VERDICTS; k++) {
		f->attempts[BEFORE] += r->period[BEFORE][k];
		f->attempts[NOW] += r->period[NOW][k];
	}
	f->name = row_name(c, r, &f->verified);
	f->provider = row_provider(c, r);
	for (unsigned i = 0; i < d.tells; i++)
		f->evidence[f->evidences++] = c->cl->rules->rule[d.tell[i].rule].says;
	sum_own_days(c, &d, f);
}
