/*
 * See judge.h. For each (source, day) the window is loaded once; each signature of the day is then
 * judged from the rules that hit it itself, the lasting facts and habits of its source, and the
 * late rules.
 */
#include "classify/judge.h"

#include <assert.h>
#include <stdlib.h>

#include "base/utc.h"
#include "classify/judge_private.h"
#include "classify/state_sets.h"

static bool
speaks(const struct rule *r)
{
	for (int k = 0; k < VERDICTS; k++)
		if (r->weight[k])
			return true;
	return r->via != 0;
}

static bool
is_listing(struct slice group)
{
	return slice_starts(group, SLICE("bl.")) && !slice_eq(group, SLICE("bl.white")) &&
	    !slice_eq(group, SLICE("bl.other"));
}

static bool
is_list(struct slice group)
{
	return slice_starts(group, SLICE("bl.")) && !slice_eq(group, SLICE("bl.white"));
}

static void
open_briefs(struct judge *j)
{
	j->brief = mem_alloc((j->rs->rules + 1ul) * sizeof(*j->brief));
	for (unsigned u = 0; u < UNITS; u++)
		j->late[u] = mem_alloc((j->rs->rules + 1ul) * sizeof(*j->late[u]));
	for (unsigned i = 0; i < j->rs->rules; i++) {
		const struct rule *r = &j->rs->rule[i];
		struct brief *b = &j->brief[i];

		memcpy(b->weight, r->weight, sizeof(b->weight));
		b->scope = (uint8_t)r->scope;
		b->group = (uint8_t)r->group;
		b->anchor = r->anchor;
		b->speaks = speaks(r);
		b->listing = is_listing(j->rs->group[r->group].name);
		b->list = is_list(j->rs->group[r->group].name);
		if (r->late)
			j->late[r->unit][j->lates[r->unit]++] = (struct late){ .rule = (uint16_t)i,
				.min = r->bounds ? r->bound[0].min : INT64_MIN,
				.counter = r->bounds ? (uint16_t)r->bound[0].counter : 0 };
	}
}

static void
open_helo_steps(struct judge *j)
{
	for (unsigned i = 0; i < j->rs->rules; i++)
		for (unsigned b = 0; b < j->rs->rule[i].bounds; b++) {
			const struct bound *x = &j->rs->rule[i].bound[b];

			if (x->counter != COUNT_HELOS)
				continue;
			mem_grow(&j->helo_step, &j->helo_steps_cap, j->helo_steps + 2,
			    sizeof(*j->helo_step));
			j->helo_step[j->helo_steps++] = x->min;
			j->helo_step[j->helo_steps++] = x->max == INT64_MAX ? x->max : x->max + 1;
		}
}

struct judge *
judge_open(const struct classifier *cl)
{
	struct judge *j = mem_alloc(sizeof(*j));

	assert(cl->waiting.n == 0);
	j->cl = cl;
	j->st = &cl->state;
	j->rs = cl->rules;
	j->hits = evaluator_get(cl->evaluator, 0);
	j->present = mem_alloc((2 * (unsigned long)j->rs->rules + 1) * sizeof(*j->present));
	j->is_own = mem_alloc(j->rs->rules + 1ul);
	j->speaker = mem_alloc((2 * (unsigned long)j->rs->rules + 1) * sizeof(*j->speaker));
	open_briefs(j);
	open_helo_steps(j);
	j->opinion = mem_alloc(OPINIONS * sizeof(*j->opinion));
	days_open(j);
	window_open(j, &j->w);
	j->w.source = TABLE_NONE;
	lists_find(j);
	others_find(j);
	owners_find(j);
	gateways_find(j);
	return j;
}

void
judge_close(struct judge *j)
{
	if (j == NULL)
		return;
	window_close(&j->w);
	free(j->present);
	free(j->is_own);
	free(j->speaker);
	free(j->helo_step);
	free(j->opinion);
	days_close(j);
	free(j->list_of);
	free(j->brief);
	for (unsigned u = 0; u < UNITS; u++)
		free(j->late[u]);
	free(j->other);
	owners_free(j);
	free(j->gateway);
	free(j->domain);
	table_free(&j->by_domain);
	free(j->memo);
	table_free(&j->by_event);
	free(j);
}

/*
 * A speaker is a rule that counts in one judgement, as a number: its group and index, by which the
 * model wants them sorted, then two per milles of its weight. A habit counts in full when seen
 * three times and in half of the events.
 */
enum { FULL = 1000 };

static uint64_t
speaker(const struct judge *j, unsigned rule, unsigned share, unsigned times)
{
	return ((uint64_t)j->brief[rule].group << 16 | rule) << 32 | share << 16 | times;
}

static uint64_t
habit(const struct judge *j, unsigned rule)
{
	static const uint16_t by_hits[4] = { 0, 500, 792, FULL };
	uint64_t hits = j->w.hits[rule], events = j->w.events;

	return speaker(j, rule, hits * 2 >= events ? FULL : (unsigned)(hits * 2 * FULL / events),
	    by_hits[hits < 3 ? hits : 3]);
}

/*
 * The rules of one judgement: the signature's own, its source's, the late ones; each once, and the
 * signature's own in full. What they sum up to stands for them, in whatever order they come.
 */
static unsigned
collect(struct judge *j, const struct signature *sig, bool relay, uint64_t *hash_r)
{
	const struct hits *h = &j->hits[sig->hits];
	uint64_t *list = j->speaker, sum = 0;
	unsigned n = 0;

	for (uint32_t i = 0; i < h->n; i++) {
		j->is_own[h->rule[i]] = true;
		if (j->brief[h->rule[i]].speaks)
			list[n++] = speaker(j, h->rule[i], FULL, FULL);
	}
	for (unsigned i = 0; i < j->w.touches; i++) {
		unsigned rule = j->w.touched[i];
		const struct brief *b = &j->brief[rule];

		if (b->speaks && b->scope != SCOPE_MESSAGE && !j->is_own[rule])
			list[n++] = b->scope == SCOPE_HABIT ? habit(j, rule) :
			    speaker(j, rule, FULL, FULL);
	}
	for (unsigned i = 0; i < j->w.lates; i++) {
		unsigned rule = j->w.late[i];

		if (j->brief[rule].speaks && (relay || !(j->rs->rule[rule].spam_by & BY_RELAY)))
			list[n++] = speaker(j, rule, FULL, FULL);
	}
	for (uint32_t i = 0; i < h->n; i++)
		j->is_own[h->rule[i]] = false;
	for (unsigned i = 0; i < n; i++)
		sum += hash_u64(list[i], 0);
	*hash_r = sum;
	return n;
}

/* As the model wants them. */
static void
sort_speakers(uint64_t *list, unsigned n)
{
	for (unsigned i = 1; i < n; i++) {
		uint64_t x = list[i];
		unsigned at = i;

		for (; at > 0 && list[at - 1] > x; at--)
			list[at] = list[at - 1];
		list[at] = x;
	}
}

static void
make_present(struct judge *j, unsigned n)
{
	sort_speakers(j->speaker, n);
	for (unsigned i = 0; i < n; i++) {
		unsigned rule = j->speaker[i] >> 32 & 0xffff;
		int32_t share = j->speaker[i] >> 16 & 0xffff, times = j->speaker[i] & 0xffff;
		const struct brief *b = &j->brief[rule];
		struct present *p = &j->present[i];

		*p = (struct present){ .rule = (uint16_t)rule, .group = b->group,
			.anchor = b->anchor };
		memcpy(p->weight, b->weight, sizeof(p->weight));
		for (int k = 0; (share != FULL || times != FULL) && k < VERDICTS; k++)
			p->weight[k] = p->weight[k] * share / FULL * times / FULL;
	}
}

unsigned
judge_present(struct judge *j, const struct signature *sig, bool relay)
{
	uint64_t hash;
	unsigned n = collect(j, sig, relay, &hash);

	make_present(j, n);
	return n;
}

static void
form_opinion(struct judge *j, unsigned n, const struct signature *sig, bool own, struct opinion *o)
{
	struct attribution a = { 0 };

	make_present(j, n);
	for (unsigned i = 0; i < n; i++)
		if (j->rs->rule[j->present[i].rule].via > a.via)
			a.via = j->rs->rule[j->present[i].rule].via;
	model_judge(j->rs, j->present, n, sig->stage, sig->direction, own, &a);
	o->confidence = (uint16_t)a.confidence;
	o->verdict = a.verdict;
	o->reason = a.reason;
	o->via = a.via;
	o->lean = a.lean;
	o->leaning = a.leaning;
}

/*
 * Thousands of sources show the same evidence: what the model made of it is remembered by all
 * that it depends on (a keyed hash of 64 bits stands for it).
 */
static void
weigh(struct judge *j, const struct signature *sig, bool relay, bool whole, struct attribution *a)
{
	uint8_t kind = j->st->source[j->w.source].kind;
	bool own = kind == SOURCE_ACCOUNT || kind == SOURCE_SCRIPT;
	uint64_t sum, h;
	unsigned n = collect(j, sig, relay, &sum);
	struct opinion *o;

	h = hash_u64(sum, (uint64_t)n << 24 | (uint64_t)sig->stage << 16 |
	    (uint64_t)sig->direction << 8 | own);
	o = &j->opinion[h % OPINIONS];
	if (o->hash != h) {
		o->hash = h;
		form_opinion(j, n, sig, own, o);
	}
	a->confidence = o->confidence;
	a->verdict = o->verdict;
	a->reason = o->reason;
	a->via = o->via;
	a->lean = o->lean;
	a->leaning = o->leaning;
	if (whole) {
		make_present(j, n);
		model_explain(j->rs, j->present, n, a);
	}
}

/* Is the network behind a login judged a machine of some class by its own evidence? */
static uint8_t
via_of_clients(struct judge *j, uint32_t source, int64_t day)
{
	const struct set *clients = state_set_find(j->st, source, (uint32_t)day, SET_CLIENTS);
	struct window w = { 0 };
	uint8_t via = VERDICT_UNATTRIBUTED;

	if (clients == NULL || clients->estimated)
		return via;
	window_open(j, &w);
	for (unsigned i = 0; i < clients->n && via == VERDICT_UNATTRIBUTED; i++) {
		struct signature sig = { .kind = KIND_SIGN, .stage = STAGE_ENVELOPE,
			.direction = DIR_OUTBOUND };
		uint32_t client = state_find(j->st, SOURCE_CLIENT, set_items(clients)[i], 0);
		struct attribution a = { 0 };
		struct window saved = j->w;

		if (client == TABLE_NONE)
			continue;
		window_load(j, &w, client, day, state_until(j->st, client, day));
		j->w = w;
		weigh(j, &sig, false, false, &a);
		w = j->w;
		j->w = saved;
		via = a.verdict == VERDICT_COMPROMISED ? VERDICT_UNATTRIBUTED : a.verdict;
	}
	window_close(&w);
	return via;
}

/* Lists on which the source stands count as "a DNSBL would have stopped it". */
static bool
is_listed(const struct judge *j, const struct signature *sig)
{
	if (sig->listed || (sig->spam_by & BY_DNSBL))
		return true;
	for (unsigned i = 0; i < j->w.touches; i++)
		if (j->brief[j->w.touched[i]].listing)
			return true;
	return false;
}

/* Own mail by behaviour; so is what a machine that our own DNS names passes on by us. */
static bool
is_marked(const struct judge *j, const struct signature *sig, bool own)
{
	if (!j->w.marked || !(j->w.whole || sig->lost) || sig->action != ACTION_ACCEPTED ||
	    sig->kind == KIND_SIGN || sig->inside)
		return false;
	return own || (sig->direction == DIR_RELAYED && j->w.counter[COUNT_RELAYED_DOMAINS] > 0 &&
	    is_named_ours(j, &j->st->source[j->w.source]));
}

void
judge_signature(struct judge *j, uint32_t signature, bool whole, struct judged *r)
{
	const struct signature *sig = &j->st->signature[signature];
	bool own = sig->direction == DIR_OUTBOUND || sig->direction == DIR_LOCAL;
	struct attribution *a = &r->a;
	const struct source *s = &j->st->source[j->w.source];

	a->spam_by = sig->spam_by;
	a->relay = sig->direction == DIR_RELAYED && j->w.relay && sig->kind != KIND_SIGN;
	if (a->relay)
		a->spam_by |= BY_RELAY;
	if (is_marked(j, sig, own))
		a->spam_by |= BY_BEHAVIOUR;
	r->spam = (a->spam_by & ~BY_POLICY) != 0 && sig->kind != KIND_SIGN &&
	    !(s->kind == SOURCE_NONE && j->cl->has_mta);
	if (!r->spam && !(whole && sig->kind == KIND_SUSPECTED))
		return;
	weigh(j, sig, a->relay, whole, a);
	if (s->kind == SOURCE_ACCOUNT && a->verdict == VERDICT_COMPROMISED) {
		if (a->via == VERDICT_UNATTRIBUTED)
			a->via = via_of_clients(j, r->source, r->day);
		a->subtype = a->subtype.n ? a->subtype : SLICE("c.own");
	}
	a->stopped_port25 = a->verdict == VERDICT_ZOMBIE && !own && !a->relay &&
	    !sig->submission;
	a->stopped_dnsbl = s->kind == SOURCE_CLIENT && !own && is_listed(j, sig);
	if (s->kind == SOURCE_CLIENT && !own)
		a->lists = j->w.lists | list_bit(j, signature);
	a->stopped_provider = a->verdict == VERDICT_COMPROMISED;
}

/* A machine of ours that sends by our own relay crosses no border: a block there sees nothing. */
void
judge_route(const struct judge *j, struct judged *r)
{
	r->a.inner = j->st->signature[r->signature].direction == DIR_RELAYED && !r->a.relay &&
	    is_named_ours(j, &j->st->source[r->source]);
	r->a.stopped_port25 &= !r->a.inner;
}

const struct judged *
judge_event(struct judge *j, uint32_t source, int64_t ts, uint32_t signature)
{
	int64_t day = utc_stamp(ts) / UTC_DAY;
	uint64_t h = hash_u64((uint64_t)source << 32 | signature, (uint64_t)day);
	uint32_t at, i;
	struct judged *r;

	for (i = table_first(&j->by_event, h, &at); i != TABLE_NONE;
	     i = table_next(&j->by_event, h, &at)) {
		r = &j->memo[i];
		if (r->source == source && r->signature == signature && r->day == day)
			return r;
	}
	mem_grow(&j->memo, &j->memos_cap, j->memos + 1, sizeof(*j->memo));
	r = &j->memo[j->memos];
	*r = (struct judged){ .source = source, .signature = signature, .day = day, .n = 1 };
	table_add(&j->by_event, h, j->memos++);
	if (j->w.source != source || j->w.day != day)
		window_load(j, &j->w, source, day, state_until(j->st, source, day));
	judge_signature(j, signature, true, r);
	judge_route(j, r);
	return r;
}
