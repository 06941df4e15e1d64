/*
 * Owners: an account with all its networks, a script with all its senders. Counters are those of
 * the owner, rule hits those of the one network or sender; see judge_window.c.
 *
 * An owner's hours are gone through once, for the totals of all its days: an account may have a
 * thousand networks and a year of days.
 */
#include <stdlib.h>

#include "classify/judge_part.h"
#include "classify/state_sets.h"

enum {			/* of a day, with which an owner is looked at closer */
	WIDE = 5,	/* distant networks */
	WRONG = 10	/* failed logins */
};

struct total {			/* an owner's counters of a day */
	uint32_t owner;
	int64_t day;
	int64_t counter[COUNTERS];
	uint64_t wide;			/* of the last network that was counted, when any was */
	struct set habit;		/* senders that he uses at home, or from three networks */
	struct set once, twice;		/* senders used from one network, from two; as the next */
	struct set senders, sender_domains, domains, repliers;	/* only while they are united */
};

/* An account is kept per client network, a script per sender. */
bool
has_owner(const struct source *s)
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

/* Of millions of sources these few are looked for once. */
void
others_find(struct judge *j)
{
	unsigned cap = 0;

	for (uint32_t i = 0; i < j->st->sources; i++)
		if (j->st->source[i].kind != SOURCE_CLIENT) {
			mem_grow(&j->other, &cap, j->others + 1, sizeof(*j->other));
			j->other[j->others++] = i;
		}
}

const uint32_t *
judge_others(const struct judge *j, uint32_t *n_r)
{
	*n_r = j->others;
	return j->other;
}

void
owners_find(struct judge *j)
{
	const struct source **list, *all = j->st->source;
	struct owner *o = NULL;
	uint32_t end = 0;
	unsigned n = 0;

	list = mem_alloc((j->others + 1ul) * sizeof(*list));
	for (uint32_t i = 0; i < j->others; i++)
		if (has_owner(&all[j->other[i]])) {
			list[n++] = &all[j->other[i]];
			end = j->other[i] + 1;
		}
	if (n)
		qsort(list, n, sizeof(*list), by_account);
	j->order = mem_alloc((n + 1) * sizeof(*j->order));
	j->owner = mem_alloc((n + 1) * sizeof(*j->owner));
	j->owner_of = mem_alloc((end + 1ul) * sizeof(*j->owner_of));
	for (uint32_t i = 0; i < n; i++) {
		uint32_t source = (uint32_t)(list[i] - all);

		j->order[i] = source;
		if (o == NULL || list[i]->kind != list[i - 1]->kind ||
		    list[i]->id != list[i - 1]->id) {
			o = &j->owner[j->owners++];
			*o = (struct owner){ .from = i };
		}
		o->to = i + 1;
		j->owner_of[source] = (uint32_t)(o - j->owner);
	}
	free(list);
}

static struct total *
total_find(struct judge *j, uint32_t owner, int64_t day, uint64_t h)
{
	uint32_t at, i;

	for (i = table_first(&j->by_total, h, &at); i != TABLE_NONE;
	     i = table_next(&j->by_total, h, &at))
		if (j->total[i].owner == owner && j->total[i].day == day)
			return &j->total[i];
	return NULL;
}

static struct total *
total_make(struct judge *j, uint32_t owner, int64_t day)
{
	uint64_t h = hash_u64(owner, (uint64_t)day);
	struct total *t = total_find(j, owner, day, h);

	if (t != NULL)
		return t;
	mem_grow(&j->total, &j->totals_cap, j->totals + 1, sizeof(*j->total));
	t = &j->total[j->totals];
	*t = (struct total){ .owner = owner, .day = day };
	table_add(&j->by_total, h, j->totals++);
	return t;
}

/* Forgers hardly use a sender twice: which one comes from three networks is the owner's. */
static void
note_networks(struct total *t, const struct set *senders)
{
	for (unsigned i = 0; !senders->estimated && i < senders->n; i++) {
		uint64_t sender = set_items(senders)[i];

		set_add(set_has(&t->twice, sender) ? &t->habit :
		    set_has(&t->once, sender) ? &t->twice : &t->once, sender);
	}
}

/*
 * One network's day: sums, and sets to be united. Strangers try known logins all day, so failures
 * count only from networks that also sent mail under the login.
 */
static void
add_to(struct total *t, const struct judge *j, uint32_t source, int64_t day, struct walk from)
{
	int64_t one[COUNTERS] = { 0 };
	uint64_t wide = part_wide(j->st->source[source].net);

	add_counters(j, from, day, one);
	if (one[COUNT_MESSAGES] == 0)
		one[COUNT_SASL_FAILURES] = 0;
	one[COUNT_NETWORKS] = one[COUNT_MESSAGES] > 0;
	one[COUNT_FAILING_NETWORKS] = one[COUNT_SASL_FAILURES] > 0;
	if (one[COUNT_MESSAGES] > 0) {
		t->counter[COUNT_WIDE_NETWORKS] +=
		    t->counter[COUNT_NETWORKS] == 0 || t->wide != wide;
		t->wide = wide;
	}
	for (int k = 0; k <= COUNT_FAILING_NETWORKS; k++)
		t->counter[k] += one[k];
	t->counter[COUNT_SPAM_BACKED] += one[COUNT_SPAM_BACKED];
	t->counter[COUNT_FILTERED] += one[COUNT_FILTERED];
	for (uint32_t i = state_sets(j->st, source, (uint32_t)day); i != 0;
	     i = state_sets_next(j->st, i)) {
		const struct side *s = &j->st->side[i - 1];

		if (s->kind == SET_SENDERS) {
			set_unite(&t->senders, &s->set);
			note_networks(t, &s->set);
		} else if (s->kind == SET_SENDER_DOMAINS)
			set_unite(&t->sender_domains, &s->set);
		else if (s->kind == SET_DOMAINS)
			set_unite(&t->domains, &s->set);
		else if (s->kind == SET_REPLIERS)
			set_unite(&t->repliers, &s->set);
	}
}

static void
add_part(struct judge *j, uint32_t owner, uint32_t source, int64_t day, struct walk from)
{
	add_to(total_make(j, owner, day), j, source, day, from);
}

static void
total_end(struct total *t)
{
	int64_t *c = t->counter;

	c[COUNT_SENDERS] = (int64_t)set_count(&t->senders);
	c[COUNT_SENDER_DOMAINS] = (int64_t)set_count(&t->sender_domains);
	c[COUNT_DOMAINS] = (int64_t)set_count(&t->domains);
	c[COUNT_SPAM_REPLIERS] = (int64_t)set_count(&t->repliers);
	if (c[COUNT_SPAM_REPLIERS] >= 2)
		c[COUNT_SPAM_BACKED] = c[COUNT_SPAM];
	else				/* one server alone may be mistaken, or lie */
		c[COUNT_BOUNCES] -= c[COUNT_SPAM_BOUNCES];
	set_free(&t->senders);
	set_free(&t->once);
	set_free(&t->twice);
	set_free(&t->sender_domains);
	set_free(&t->domains);
	set_free(&t->repliers);
}

/* Is there anything to look closer at? Of most accounts not. */
static bool
is_suspect(const struct total *t)
{
	const int64_t *c = t->counter;

	return c[COUNT_SPAM] + c[COUNT_SPAM_REPLIES] > 0 || c[COUNT_SASL_FAILURES] >= WRONG ||
	    (c[COUNT_BOUNCES] > 1 && c[COUNT_BOUNCES] * 5 >= c[COUNT_RECIPIENTS]) ||
	    c[COUNT_WIDE_NETWORKS] >= WIDE;
}

static void
add_habit(struct judge *j, uint32_t owner, uint32_t source, int64_t day, struct walk from)
{
	struct total *t = total_make(j, owner, day);
	int64_t one[COUNTERS] = { 0 };

	if (!is_suspect(t))
		return;
	add_counters(j, from, day, one);
	if (one[COUNT_MESSAGES] > 0)
		part_add_habit(j, source, day, from, one, &t->habit);
}

/* Networks by what they are themselves, once it is known where the owner is at home. */
static void
count_dirty(struct judge *j, uint32_t owner, uint32_t source, int64_t day, struct walk from)
{
	struct total *t = total_make(j, owner, day);
	int64_t one[COUNTERS] = { 0 };
	bool home, dirty;

	if (!is_suspect(t))
		return;
	add_counters(j, from, day, one);
	if (one[COUNT_MESSAGES] == 0)
		return;
	home = part_is_home(j, source, day, from);
	dirty = part_is_dirty(j, source, day, from, one, &t->habit);
	t->counter[COUNT_HOMES] += home && !dirty;
	t->counter[COUNT_STRANGE_NETWORKS] += dirty && !home;
}

typedef void part_fn(struct judge *j, uint32_t owner, uint32_t source, int64_t day,
    struct walk from);

static void
each_part(struct judge *j, uint32_t owner, part_fn *do_part)
{
	const struct state *st = j->st;
	const struct owner *o = &j->owner[owner];

	for (unsigned i = o->from; i < o->to; i++) {
		uint32_t source = j->order[i];
		struct walk w = state_newest(&st->source[source]);

		while (w.bag != 0) {
			uint32_t day = w.hour / 24;

			do_part(j, owner, source, day, w);
			while (w.bag != 0 && w.hour / 24 == day)
				w = state_older(st, w);
		}
	}
}

static void
sum_owner(struct judge *j, uint32_t owner)
{
	unsigned first = j->totals;
	bool suspect = false;

	each_part(j, owner, add_part);
	for (unsigned i = first; i < j->totals && !suspect; i++)
		suspect = is_suspect(&j->total[i]);
	if (suspect) {
		each_part(j, owner, add_habit);
		each_part(j, owner, count_dirty);
	}
	for (unsigned i = first; i < j->totals; i++)
		total_end(&j->total[i]);
}

void
owner_counters(struct judge *j, uint32_t owner, int64_t day, int64_t c[COUNTERS])
{
	const struct total *t;

	if (!j->owner[owner].summed) {
		sum_owner(j, owner);
		j->owner[owner].summed = true;
	}
	t = total_find(j, owner, day, hash_u64(owner, (uint64_t)day));
	if (t != NULL)
		memcpy(c, t->counter, COUNTERS * sizeof(*c));
}

void
owner_part_counters(const struct judge *j, uint32_t source, int64_t day, struct walk from,
    int64_t c[COUNTERS])
{
	static const enum counter of_owner[] = { COUNT_SASL_FAILURES, COUNT_NETWORKS,
		COUNT_FAILING_NETWORKS, COUNT_WIDE_NETWORKS, COUNT_STRANGE_NETWORKS, COUNT_HOMES };
	struct total t = { .day = day };

	add_to(&t, j, source, day, from);
	total_end(&t);
	set_free(&t.habit);
	for (size_t i = 0; i < sizeof(of_owner) / sizeof(of_owner[0]); i++)
		t.counter[of_owner[i]] = c[of_owner[i]];
	memcpy(c, t.counter, COUNTERS * sizeof(*c));
}

const struct set *
owner_habit(struct judge *j, uint32_t owner, int64_t day)
{
	const struct total *t = total_find(j, owner, day, hash_u64(owner, (uint64_t)day));

	return t ? &t->habit : NULL;
}

void
owners_free(struct judge *j)
{
	for (unsigned i = 0; i < j->totals; i++)
		set_free(&j->total[i].habit);
	free(j->order);
	free(j->owner);
	free(j->owner_of);
	free(j->total);
	table_free(&j->by_total);
}
