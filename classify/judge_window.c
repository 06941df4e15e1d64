/*
 * What is known of one source around one UTC day: how often each rule hit (from the cells of that
 * day and of the 24 hours before), the counters of that day, the late rules that they fulfil.
 *
 * An account's counters are those of all its networks together, a script's those of all its
 * senders; the rule hits are those of the one network or sender. Behaviour: the late rules' scores
 * are summed; over the model's threshold the account, script or machine is spamming, and only those
 * networks and senders are marked that carry the evidence themselves: never the owner's own mail
 * beside it.
 */
#include <stdlib.h>

#include "base/utc.h"
#include "classify/judge_private.h"

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

/* An account is kept per client network, a script per sender. */
static bool
has_parts(const struct source *s)
{
	return s->kind == SOURCE_ACCOUNT || s->kind == SOURCE_SCRIPT;
}

static int
by_account(const void *a, const void *b)
{
	const struct source *const *x = a, *const *y = b;

	if ((*x)->kind != (*y)->kind)
		return (*x)->kind < (*y)->kind ? -1 : 1;
	if ((*x)->id != (*y)->id)
		return (*x)->id < (*y)->id ? -1 : 1;
	return (*x)->net < (*y)->net ? -1 : (*x)->net > (*y)->net;
}

static bool
is_before(const struct source *a, const struct source *b)
{
	return a->first < b->first || (a->first == b->first && a->net < b->net);
}

void
owners_find(struct judge *j)
{
	const struct source **list, *all = j->st->source;
	struct owner *o = NULL;
	unsigned n = 0;

	list = mem_alloc((j->st->sources + 1) * sizeof(*list));
	for (uint32_t i = 0; i < j->st->sources; i++)
		if (has_parts(&all[i]))
			list[n++] = &all[i];
	if (n)
		qsort(list, n, sizeof(*list), by_account);
	j->order = mem_alloc((n + 1) * sizeof(*j->order));
	j->owner = mem_alloc((n + 1) * sizeof(*j->owner));
	j->owner_of = mem_alloc((j->st->sources + 1) * sizeof(*j->owner_of));
	for (uint32_t i = 0; i < n; i++) {
		uint32_t source = (uint32_t)(list[i] - all);

		j->order[i] = source;
		if (o == NULL || list[i]->kind != list[i - 1]->kind ||
		    list[i]->id != list[i - 1]->id) {
			o = &j->owner[j->owners++];
			*o = (struct owner){ .from = i, .home = source };
		}
		o->to = i + 1;
		if (is_before(list[i], &all[o->home]))
			o->home = source;
		j->owner_of[source] = (uint32_t)(o - j->owner);
	}
	free(list);
}

static uint32_t
first_hour(int64_t day)
{
	return (uint32_t)(day * 24);
}

/* Adds one source's counters of the day. */
static void
add_counters(const struct judge *j, uint32_t source, int64_t day, int64_t c[COUNTERS])
{
	const struct state *st = j->st;
	uint32_t hour = 0;
	int64_t recipients = 0;

	for (uint32_t i = st->source[source].cells; i != 0; i = st->cell[i - 1].next) {
		const struct cell *x = &st->cell[i - 1];

		if (x->hour >= first_hour(day + 1))
			continue;
		if (x->hour < first_hour(day))
			break;
		if (x->hour != hour) {
			c[COUNT_HOURS]++;
			hour = x->hour;
			recipients = 0;
		}
		if (x->what >= WHAT_COUNTER) {
			c[x->what - WHAT_COUNTER] += x->n;
			if (x->what - WHAT_COUNTER == COUNT_RECIPIENTS)
				recipients += x->n;
			if (recipients > c[COUNT_RECIPIENTS_PEAK])
				c[COUNT_RECIPIENTS_PEAK] = recipients;
			continue;
		}
		switch (st->signature[x->what].kind) {
		case KIND_HAM:
			c[COUNT_HAM] += x->n;
			c[COUNT_MESSAGES] += x->n;
			break;
		case KIND_SPAM:
			c[COUNT_SPAM] += x->n;
			if (st->signature[x->what].spam_by & ~(BY_REPLY | BY_POLICY))
				c[COUNT_SPAM_BACKED] += x->n;
			if (st->signature[x->what].action == ACTION_ACCEPTED ||
			    st->signature[x->what].action == ACTION_TAGGED)
				c[COUNT_MESSAGES] += x->n;
			break;
		case KIND_SUSPECTED:
			c[COUNT_ATTEMPTS] += x->n;
			break;
		default:
			break;
		}
	}
}

/* Most parts are 0, and a division is dear. */
static int64_t
percent(int64_t part, int64_t whole)
{
	return part != 0 && whole > 0 ? part * 100 / whole : 0;
}

static void
set_size(const struct judge *j, uint32_t source, int64_t day, enum set_kind kind, struct set *all)
{
	const struct set *s = state_set(j->st, source, day, kind);

	if (s != NULL)
		set_unite(all, s);
}

/*
 * Counters of an account: over its networks; the daily sets are united. Strangers try known logins
 * all day, so failures count only from networks that also sent mail under the login.
 */
static void
add_owner(const struct judge *j, const struct owner *o, int64_t day, int64_t c[COUNTERS])
{
	struct set senders = { 0 }, domains = { 0 }, repliers = { 0 };

	for (unsigned i = o->from; i < o->to; i++) {
		int64_t one[COUNTERS] = { 0 };

		add_counters(j, j->order[i], day, one);
		if (one[COUNT_MESSAGES] == 0)
			one[COUNT_SASL_FAILURES] = 0;
		one[COUNT_NETWORKS] = one[COUNT_MESSAGES] > 0;
		one[COUNT_FAILING_NETWORKS] = one[COUNT_SASL_FAILURES] > 0;
		for (int k = 0; k < COUNTERS; k++)
			c[k] += one[k];
		set_size(j, j->order[i], day, SET_SENDERS, &senders);
		set_size(j, j->order[i], day, SET_DOMAINS, &domains);
		set_size(j, j->order[i], day, SET_REPLIERS, &repliers);
	}
	c[COUNT_SENDERS] = (int64_t)set_count(&senders);
	c[COUNT_DOMAINS] = (int64_t)set_count(&domains);
	c[COUNT_SPAM_REPLIERS] = (int64_t)set_count(&repliers);
	if (c[COUNT_SPAM_REPLIERS] >= 2)
		c[COUNT_SPAM_BACKED] = c[COUNT_SPAM];
	else				/* one server alone may be mistaken, or lie */
		c[COUNT_BOUNCES] -= c[COUNT_SPAM_BOUNCES];
	set_free(&senders);
	set_free(&domains);
	set_free(&repliers);
}

static void
owner_counters(struct judge *j, uint32_t owner, int64_t day, int64_t c[COUNTERS])
{
	uint64_t h = hash_u64(owner, (uint64_t)day);
	uint32_t at, i;

	for (i = table_first(&j->by_total, h, &at); i != TABLE_NONE;
	     i = table_next(&j->by_total, h, &at))
		if (j->total[i].owner == owner && j->total[i].day == day)
			break;
	if (i == TABLE_NONE) {
		mem_grow(&j->total, &j->totals_cap, j->totals + 1, sizeof(*j->total));
		i = j->totals++;
		j->total[i] = (struct total){ .owner = owner, .day = day };
		add_owner(j, &j->owner[owner], day, j->total[i].counter);
		table_add(&j->by_total, h, i);
	}
	memcpy(c, j->total[i].counter, COUNTERS * sizeof(*c));
}

static void
single_counters(const struct judge *j, uint32_t source, int64_t day, int64_t c[COUNTERS])
{
	const struct set *s;
	bool client = j->st->source[source].kind == SOURCE_CLIENT;

	add_counters(j, source, day, c);
	if (!j->sided[source])
		return;
	if ((s = state_set(j->st, source, day, SET_SENDERS)) != NULL)
		c[COUNT_SENDERS] = (int64_t)set_count(s);
	if ((s = state_set(j->st, source, day, SET_HELOS)) != NULL)
		c[COUNT_HELOS] = (int64_t)set_count(s);
	if (!client && (s = state_set(j->st, source, day, SET_DOMAINS)) != NULL)
		c[COUNT_DOMAINS] = (int64_t)set_count(s);
	if (client)
		c[COUNT_RELAYED_DOMAINS] = relayed_domains(j, source, day);
	if ((s = state_set(j->st, source, day, SET_SENDER_DOMAINS)) != NULL)
		c[COUNT_SENDER_DOMAINS] = (int64_t)set_count(s);
}

static bool
has_submission(const struct judge *j, uint32_t source, int64_t day)
{
	const struct state *st = j->st;

	for (uint32_t i = st->source[source].cells; i != 0; i = st->cell[i - 1].next) {
		const struct cell *x = &st->cell[i - 1];

		if (x->what < WHAT_COUNTER && x->hour / 24 == (uint32_t)day &&
		    st->signature[x->what].direction == DIR_RELAYED &&
		    st->signature[x->what].submission)
			return true;
	}
	return false;
}

void
judge_counters(struct judge *j, uint32_t source, int64_t day, int64_t c[COUNTERS])
{
	memset(c, 0, COUNTERS * sizeof(*c));
	if (has_parts(&j->st->source[source]))
		owner_counters(j, j->owner_of[source], day, c);
	else
		single_counters(j, source, day, c);
	if (c[COUNT_RELAYED_DOMAINS] && has_submission(j, source, day))
		c[COUNT_SUBMISSION_DOMAINS] = c[COUNT_RELAYED_DOMAINS];
	c[COUNT_BOUNCE_PERCENT] = percent(c[COUNT_BOUNCES], c[COUNT_RECIPIENTS]);
	c[COUNT_HAM_PERCENT] = percent(c[COUNT_HAM], c[COUNT_HAM] + c[COUNT_SPAM]);
	c[COUNT_SPAM_PERCENT] = percent(c[COUNT_SPAM], c[COUNT_HAM] + c[COUNT_SPAM]);
	c[COUNT_UNKNOWN_PERCENT] =
	    percent(c[COUNT_UNKNOWN_USERS], c[COUNT_ATTEMPTS] + c[COUNT_MESSAGES]);
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

/* Does this network of a spamming account, or sender of a script, carry evidence itself? */
static bool
part_is_dirty(struct judge *j, uint32_t source, int64_t day)
{
	int64_t c[COUNTERS] = { 0 }, least = j->st->source[source].kind == SOURCE_SCRIPT ? 1 : 2;

	add_counters(j, source, day, c);
	return c[COUNT_SPAM] > 0 || c[COUNT_SPAM_REPLIES] > 0 || c[COUNT_FOREIGN_SENDERS] > 0 ||
	    c[COUNT_SASL_FAILURES] > 0 ||
	    (c[COUNT_BOUNCES] >= least && c[COUNT_BOUNCES] * 5 >= c[COUNT_RECIPIENTS]);
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

static void
find_late(struct judge *j, struct window *w)
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
		w->relay |= (r->spam_by & BY_RELAY) && !is_trusted(j, s);
	}
	w->marked = score >= j->rs->model.behaviour;
	if (w->marked && has_parts(s))
		w->marked = part_is_dirty(j, w->source, w->day) || (s->kind == SOURCE_ACCOUNT &&
		    w->counter[COUNT_NETWORKS] >= 10 &&
		    j->owner[j->owner_of[w->source]].home != w->source);
}

/*
 * Of the hours only their number counts, and which counters share one: judge_counters() knows a
 * peak.
 */
uint64_t
window_profile(const struct judge *j, uint32_t source, int64_t day)
{
	const struct state *st = j->st;
	const struct source *s = &st->source[source];
	uint64_t sum = s->kind, hours = 1;
	uint32_t hour = 0, today = first_hour(day);

	if (j->sided[source] || has_parts(s))
		return 0;
	for (uint32_t i = s->cells; i != 0; i = st->cell[i - 1].next) {
		const struct cell *x = &st->cell[i - 1];

		if (x->hour >= first_hour(day + 1))
			continue;
		if (x->hour < first_hour(day - 1))	/* as window_load() */
			break;
		hours += x->hour != hour && x->hour >= today;
		hour = x->hour;
		/* sums of a single fold cancel each other out too often */
		sum += hash_u64((uint64_t)x->what << 32 | x->n,
		    x->hour < today ? 0 : x->what < WHAT_COUNTER ? 1 : hours);
	}
	return hash_words(sum, hours, is_trusted(j, s)) | 1;
}

void
window_load(struct judge *j, struct window *w, uint32_t source, int64_t day)
{
	const struct state *st = j->st;

	for (unsigned i = 0; i < w->touches; i++)
		w->hits[w->touched[i]] = 0;
	w->touches = 0;
	w->events = 0;
	w->source = source;
	w->day = day;
	for (uint32_t i = st->source[source].cells; i != 0; i = st->cell[i - 1].next) {
		const struct cell *x = &st->cell[i - 1];
		const struct signature *sig;
		const struct hits *h;

		if (x->hour >= first_hour(day + 1) || x->what >= WHAT_COUNTER)
			continue;
		if (x->hour < first_hour(day - 1))
			break;
		sig = &st->signature[x->what];
		h = &j->hits[sig->hits];
		if (sig->kind != KIND_SIGN)
			w->events += x->n;
		for (uint32_t k = 0; k < h->n; k++) {
			if (w->hits[h->rule[k]] == 0)
				w->touched[w->touches++] = h->rule[k];
			w->hits[h->rule[k]] += x->n;
		}
	}
	judge_counters(j, source, day, w->counter);
	find_late(j, w);
}
