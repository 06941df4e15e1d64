/*
 * What is known of one source around one UTC day: how often each rule hit (from the hours of that
 * day and of the 24 before), the counters of that day, the late rules that they fulfil.
 *
 * Behaviour: the late rules' scores are summed; over the model's threshold the account, script or
 * machine is spamming, and only those networks and senders are marked that carry the evidence
 * themselves: never the owner's own mail beside it.
 *
 * Hours come in descending order. A log may have many days, so nothing here begins at the newest
 * when the day's first one is known.
 */
#include <stdlib.h>

#include "base/utc.h"
#include "classify/judge_part.h"
#include "classify/state_client.h"
#include "classify/state_sets.h"

enum { LEAST = 5 };	/* bounces and spam together: less is no behaviour by any rules */

void
window_open(struct judge *j, struct window *w)
{
	w->hits = mem_alloc((j->rs->rules + 1) * sizeof(*w->hits));
	w->touched = mem_alloc((j->rs->rules + 1) * sizeof(*w->touched));
}

void
window_close(struct window *w)
{
	free(w->hits);
	free(w->touched);
	*w = (struct window){ 0 };
}

static uint32_t
first_hour(int64_t day)
{
	return (uint32_t)(day * 24);
}

/* The window of a day begins a day before; that of the first day there is, with it. */
static uint32_t
window_begin(int64_t day)
{
	return first_hour(day > 0 ? day - 1 : 0);
}

static void
add_events(const struct signature *sig, uint32_t n, int64_t c[COUNTERS])
{
	switch (sig->kind) {
	case KIND_HAM:
		c[COUNT_HAM] += n;
		c[COUNT_MESSAGES] += n;
		break;
	case KIND_SPAM:
		c[COUNT_SPAM] += n;
		if (sig->spam_by & ~(BY_REPLY | BY_POLICY)) {
			c[COUNT_SPAM_BACKED] += n;
			c[COUNT_FILTERED] += n;
		}
		if (sig->action == ACTION_ACCEPTED || sig->action == ACTION_TAGGED)
			c[COUNT_MESSAGES] += n;
		break;
	case KIND_SUSPECTED:
		c[COUNT_ATTEMPTS] += n;
		break;
	default:
		break;
	}
}

void
add_counters(const struct judge *j, struct walk w, int64_t day, int64_t c[COUNTERS])
{
	const struct state *st = j->st;

	for (; w.bag != 0 && w.hour >= first_hour(day); w = state_older(st, w)) {
		unsigned n;
		const struct bag_item *x = bags_items(&st->bags, w.bag, &n), *end = x + n;

		c[COUNT_HOURS]++;
		for (; x < end; x++) {
			if (x->what < WHAT_COUNTER) {
				add_events(&st->signature[x->what], x->n, c);
				continue;
			}
			c[x->what - WHAT_COUNTER] += x->n;
			if (x->what == WHAT_COUNTER + COUNT_RECIPIENTS &&
			    x->n > c[COUNT_RECIPIENTS_PEAK])
				c[COUNT_RECIPIENTS_PEAK] = x->n;
		}
	}
}

/* Most parts are 0, and a division is dear. */
static int64_t
percent(int64_t part, int64_t whole)
{
	return part != 0 && whole > 0 ? part * 100 / whole : 0;
}

/* Sets of the day: how many distinct ones there were. */
static void
count_sets(const struct judge *j, uint32_t source, int64_t day, int64_t c[COUNTERS])
{
	bool client = j->st->source[source].kind == SOURCE_CLIENT;

	for (uint32_t i = state_sets(j->st, source, (uint32_t)day); i != 0;
	     i = state_sets_next(j->st, i)) {
		const struct side *s = &j->st->side[i - 1];
		int64_t n = (int64_t)set_count(&s->set);

		if (s->kind == SET_SENDERS)
			c[COUNT_SENDERS] = n;
		else if (s->kind == SET_SENDER_DOMAINS)
			c[COUNT_SENDER_DOMAINS] = n;
		else if (s->kind == SET_SPAM_DOMAINS)
			c[COUNT_SPAM_DOMAINS] = n;
		else if (s->kind == SET_DOMAINS && client)
			c[COUNT_RELAYED_DOMAINS] = relayed_domains(j, &s->set);
		else if (s->kind == SET_DOMAINS)
			c[COUNT_DOMAINS] = n;
	}
}

static bool
has_submission(const struct judge *j, struct walk w, int64_t day)
{
	const struct state *st = j->st;

	for (; w.bag != 0 && w.hour >= first_hour(day); w = state_older(st, w)) {
		unsigned n;
		const struct bag_item *x = bags_items(&st->bags, w.bag, &n), *end = x + n;

		for (; x < end; x++)
			if (x->what < WHAT_COUNTER && st->signature[x->what].submission &&
			    st->signature[x->what].direction == DIR_RELAYED)
				return true;
	}
	return false;
}

static void
add_percents(int64_t c[COUNTERS])
{
	c[COUNT_BOUNCE_PERCENT] = percent(c[COUNT_BOUNCES], c[COUNT_RECIPIENTS]);
	c[COUNT_FILTERED_PERCENT] = percent(c[COUNT_FILTERED], c[COUNT_HAM] + c[COUNT_SPAM]);
	c[COUNT_REPLY_PERCENT] = percent(c[COUNT_SPAM_BOUNCES], c[COUNT_RECIPIENTS]);
	c[COUNT_HAM_PERCENT] = percent(c[COUNT_HAM], c[COUNT_HAM] + c[COUNT_SPAM]);
	c[COUNT_SPAM_PERCENT] = percent(c[COUNT_SPAM], c[COUNT_HAM] + c[COUNT_SPAM]);
	c[COUNT_UNKNOWN_PERCENT] =
	    percent(c[COUNT_UNKNOWN_USERS], c[COUNT_ATTEMPTS] + c[COUNT_MESSAGES]);
}

static void
day_counters(
    struct judge *j, uint32_t source, int64_t day, struct walk from, int64_t c[COUNTERS])
{
	memset(c, 0, COUNTERS * sizeof(*c));
	if (has_owner(&j->st->source[source])) {
		owner_counters(j, j->owner_of[source], day, c);
	} else {
		add_counters(j, from, day, c);
		count_sets(j, source, day, c);
		c[COUNT_HELOS] = (int64_t)state_helo_count(j->st, source, (uint32_t)day);
	}
	if (c[COUNT_RELAYED_DOMAINS] && has_submission(j, from, day))
		c[COUNT_SUBMISSION_DOMAINS] = c[COUNT_RELAYED_DOMAINS];
	add_percents(c);
}

void
judge_counters(struct judge *j, uint32_t source, int64_t day, int64_t c[COUNTERS])
{
	day_counters(j, source, day, state_until(j->st, source, day), c);
}

static uint8_t
unit_of(const struct source *s)
{
	return s->kind == SOURCE_ACCOUNT ? UNIT_ACCOUNT : s->kind == SOURCE_SCRIPT ? UNIT_SCRIPT :
	    UNIT_CLIENT;
}

static bool
late_holds(const struct rule *r, const int64_t c[COUNTERS])
{
	for (unsigned i = 0; i < r->bounds; i++)
		if (c[r->bound[i].counter] < r->bound[i].min ||
		    c[r->bound[i].counter] > r->bound[i].max)
			return false;
	return true;
}

/* The configuration lets it relay; nobody else's word counts. */
static bool
is_trusted(const struct judge *j, const struct source *s)
{
	struct addr a;

	if (s->kind != SOURCE_CLIENT)
		return false;
	a = addr_of_key(s->id);
	return prefix_set_contains(&j->cl->own->trusted_networks, &a) ||
	    (s->verified && own_trusts_host(j->cl->own, source_name(s)));
}

/* Its owner is spamming: by this network or sender? */
static bool
is_marked_part(struct judge *j, const struct window *w, struct walk from,
    const int64_t own[COUNTERS])
{
	const struct set *habit = owner_habit(j, j->owner_of[w->source], w->day);

	return part_is_dirty(j, w->source, w->day, from, own, habit) ||
	    part_is_of_swarm(j, w->source, w->day, from, own, w->counter);
}

/* The source or its owner is spamming: by this network or sender? With all its mail? */
static void
mark_part(struct judge *j, struct window *w, struct walk from)
{
	int64_t own[COUNTERS] = { 0 };

	add_counters(j, from, w->day, own);
	if (has_owner(&j->st->source[w->source]))
		w->marked = is_marked_part(j, w, from, own);
	w->whole = part_is_whole(j, w->source, w->day, from, own);
}

/* The late rules that hold for the window's counters; the sum of their behaviour. */
static int64_t
hold_late(const struct judge *j, struct window *w)
{
	const struct source *s = &j->st->source[w->source];
	int64_t score = 0;
	uint8_t unit = unit_of(s);
	const struct late *l = j->late[unit], *end = l + j->lates[unit];

	w->lates = 0;
	w->relay = false;
	for (; l < end; l++) {
		const struct rule *r = &j->rs->rule[l->rule];

		if (w->counter[l->counter] < l->min || !late_holds(r, w->counter) || w->lates == 64)
			continue;
		w->late[w->lates++] = l->rule;
		score += r->behaviour;
		w->relay |= (r->spam_by & BY_RELAY) && !is_trusted(j, s) && !is_named_ours(j, s);
	}
	return score;
}

/*
 * One busy owner hides what one network or sender does: the others' good mail outweighs it. So
 * each is also judged by itself, when there is anything to judge. Not where somebody is at home:
 * his bad days are part of the whole.
 */
static int64_t
score_part(struct judge *j, struct window *w, struct walk from)
{
	const struct owner *o = &j->owner[j->owner_of[w->source]];
	int64_t own[COUNTERS] = { 0 }, score;
	struct window part;

	if (o->to - o->from < 2 || w->counter[COUNT_BOUNCES] + w->counter[COUNT_SPAM] < LEAST)
		return 0;
	add_counters(j, from, w->day, own);
	if (own[COUNT_BOUNCES] + own[COUNT_SPAM] < LEAST ||
	    part_is_home(j, w->source, w->day, from))
		return 0;
	part = *w;
	owner_part_counters(j, w->source, w->day, from, part.counter);
	add_percents(part.counter);
	score = hold_late(j, &part);
	if (score < j->rs->model.behaviour)
		return 0;
	*w = part;
	return score;
}

static void
find_late(struct judge *j, struct window *w, struct walk from)
{
	int64_t score = hold_late(j, w);

	if (score < j->rs->model.behaviour && has_owner(&j->st->source[w->source]))
		score = score_part(j, w, from);
	w->marked = score >= j->rs->model.behaviour;
	if (w->marked)
		mark_part(j, w, from);
}

/* Of counts of HELOs only matters between which bounds of rules they lie. */
static unsigned
helo_step(const struct judge *j, uint64_t helos)
{
	unsigned step = 0;

	for (unsigned i = 0; i < j->helo_steps; i++)
		step += (int64_t)helos >= j->helo_step[i];
	return step;
}

/* Those of HELOs are counted. */
static bool
has_sets(const struct state *st, const struct source *s)
{
	for (uint32_t i = s->sets; i != 0; i = st->side[i - 1].next)
		if (st->side[i - 1].kind != SET_HELOS)
			return true;
	return false;
}

uint64_t
window_profile(const struct judge *j, uint32_t source, int64_t day, struct walk w)
{
	const struct source *s = &j->st->source[source];
	uint64_t sum = 0, helos = 0;

	if (has_sets(j->st, s) || has_owner(s))
		return 0;
	if (s->helo != 0 && j->helo_steps != 0)
		helos = helo_step(j, state_helo_count(j->st, source, (uint32_t)day));
	for (; w.bag != 0 && w.hour >= window_begin(day); w = state_older(j->st, w)) {
		if (!bag_is_shared(w.bag))
			return 0;
		/* sums of a single fold cancel each other out too often */
		sum += hash_u64(w.bag, w.hour >= first_hour(day));
	}
	return hash_words(sum, helos, (uint64_t)s->kind << 1 | is_trusted(j, s)) | 1;
}

static void
add_hits(const struct judge *j, struct window *w, const struct bag_item *x)
{
	const struct signature *sig;
	const struct hits *h;

	if (x->what >= WHAT_COUNTER)
		return;
	sig = &j->st->signature[x->what];
	h = &j->hits[sig->hits];
	if (sig->kind != KIND_SIGN)
		w->events += x->n;
	w->lists |= list_bit(j, x->what);
	for (uint32_t k = 0; k < h->n; k++) {
		if (w->hits[h->rule[k]] == 0)
			w->touched[w->touches++] = h->rule[k];
		w->hits[h->rule[k]] += x->n;
	}
}

void
window_load(struct judge *j, struct window *w, uint32_t source, int64_t day, struct walk from)
{
	for (unsigned i = 0; i < w->touches; i++)
		w->hits[w->touched[i]] = 0;
	w->touches = 0;
	w->events = 0;
	w->lists = 0;
	w->source = source;
	w->day = day;
	if (j->st->source[source].kind == SOURCE_REST) {	/* of many: none explains another */
		memset(w->counter, 0, sizeof(w->counter));
		w->lates = 0;
		w->marked = w->relay = false;
		return;
	}
	for (struct walk h = from; h.bag != 0 && h.hour >= window_begin(day);
	     h = state_older(j->st, h)) {
		unsigned n;
		const struct bag_item *x = bags_items(&j->st->bags, h.bag, &n), *end = x + n;

		for (; x < end; x++)
			add_hits(j, w, x);
	}
	day_counters(j, source, day, from, w->counter);
	find_late(j, w, from);
}
