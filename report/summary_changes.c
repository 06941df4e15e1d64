/*
 * Now against before. An hour belongs to the period that it begins in.
 *
 * Treated networks: (now / before) over (others now / others before), of zombies. With w_i the
 * events of its sources, the variance of a sum's logarithm is sum w_i^2 / (sum w_i)^2: sources come
 * and go as a whole. Half an event more in each of the four keeps a zero from being an infinity.
 */
#include <stdlib.h>

#include "base/exp_minus.h"
#include "base/top.h"
#include "report/summary_private.h"

__extension__ typedef unsigned __int128 wide;

const char *
changes_name(unsigned by)
{
	static const char *const name[] = { "none", "day", "split", "compare" };

	return name[by];
}

uint64_t
per_day(uint64_t n, const struct period *p)
{
	uint64_t length = p->to > p->from ? (uint64_t)(p->to - p->from) : 1;

	return (uint64_t)(((wide)n * UTC_DAY + length / 2) / length);
}

/* The last midnight that at least an hour of the log comes after, in the zone in force. */
static int64_t
last_day(const struct summary *s)
{
	static const struct zone utc;
	const struct zone *zone = s->run->zone ? s->run->zone : &utc;
	struct civil c = zone_from_utc(zone, s->last - UTC_HOUR);

	c.hour = c.minute = c.second = 0;
	return zone_to_utc(zone, &c);
}

void
changes_begin(struct summary *s, const struct summary_options *o)
{
	struct changes *c = &s->changes;
	int64_t first = utc_floor(s->first, UTC_HOUR), split;

	if (!s->has_span)
		return;
	if (o->compare) {
		c->by = CHANGES_COMPARE;
		c->period[NOW].from = first;
		c->period[NOW].to = s->last + 1;
		return;
	}
	split = utc_floor(o->has_split ? o->split : last_day(s), UTC_HOUR);
	if (split <= first || split > s->last)
		return;
	c->by = o->has_split ? CHANGES_SPLIT : CHANGES_DAY;
	if (!o->has_split && split - first > o->days * (int64_t)UTC_DAY)
		first = split - o->days * (int64_t)UTC_DAY;
	c->period[BEFORE].from = first;
	c->period[BEFORE].to = c->period[NOW].from = split;
	c->period[NOW].to = s->last + 1;
}

int
changes_period(const struct summary *s, int64_t t)
{
	const struct period *p = s->changes.period;

	if (s->changes.by == CHANGES_COMPARE)
		return NOW;
	if (s->changes.by == CHANGES_NONE || t < p[BEFORE].from)
		return -1;
	return t >= p[NOW].from ? NOW : BEFORE;
}

void
changes_unite(struct summary *s, const struct summary *from)
{
	struct changes *c = &s->changes;
	const struct changes *x = &from->changes;

	for (int k = 0; k < VERDICTS; k++) {
		for (int p = 0; p < PERIODS; p++) {
			c->period[p].attempts[k] += x->period[p].attempts[k];
			c->period[p].accepted[k] += x->period[p].accepted[k];
			c->period[p].sources[k] += x->period[p].sources[k];
		}
		c->fresh_sources[k] += x->fresh_sources[k];
		c->quiet_sources[k] += x->quiet_sources[k];
	}
}

static uint64_t
sum_of(const uint32_t n[VERDICTS])
{
	return (uint64_t)n[0] + n[1] + n[2] + n[3];
}

void
changes_row(struct collect *c, const struct row *r)
{
	struct changes *x = &c->s->changes;
	bool before = sum_of(r->period[BEFORE]) > 0, now = sum_of(r->period[NOW]) > 0;

	x->period[BEFORE].sources[r->verdict] += before;
	x->period[NOW].sources[r->verdict] += now;
	x->fresh_sources[r->verdict] += now && !before;
	x->quiet_sources[r->verdict] += before && !now;
}

/* The most of its spam; of equal classes the first. */
static uint8_t
most_of(const uint32_t events[VERDICTS])
{
	uint8_t best = VERDICT_ZOMBIE;

	for (uint8_t k = VERDICT_MISCONFIGURED; k < VERDICTS; k++)
		best = events[k] > events[best] ? k : best;
	return best;
}

static int
by_size(const void *a, const void *b)
{
	const struct change *x = a, *y = b;
	uint64_t n = x->attempts[BEFORE] + x->attempts[NOW];
	uint64_t m = y->attempts[BEFORE] + y->attempts[NOW];

	if (x->own != y->own)
		return x->own ? -1 : 1;
	if (n != m)
		return n > m ? -1 : 1;
	return slice_cmp(x->key, y->key);
}

/* News, or what is none any more; else nothing. The name is made when the change is to stay. */
static void
change_add(struct summary *s, struct top list[PERIODS], struct change *c,
    const struct network_row *n)
{
	bool before = c->attempts[BEFORE] > 0, now = c->attempts[NOW] > 0;
	char text[NETWORK_TEXT];

	if (before == now)
		return;
	if (now)
		s->changes.fresh.all++;
	else
		s->changes.quiet.all++;
	if (n != NULL)
		c->key = network_name(n, text);
	if (!top_wants(&list[now], c))
		return;
	if (n != NULL && n->domain == NULL)
		c->key = arena_copy(&s->arena, c->key);
	top_add(&list[now], c);
}

/* Own sources one by one, others by their networks: there are too many of them to be news. */
static void
make_lists(struct summary *s, unsigned top)
{
	struct top list[PERIODS] = {
		{ .size = sizeof(struct change), .max = top, .order = by_size },
		{ .size = sizeof(struct change), .max = top, .order = by_size } };
	struct changes *x = &s->changes;

	for (unsigned i = 0; i < s->own.n; i++) {
		const struct finding *f = &s->own.item[i];
		struct change one = { .key = f->key, .verdict = f->verdict, .own = true,
			.attempts = { f->attempts[BEFORE], f->attempts[NOW] },
			.first = f->first, .last = f->last };

		if (f->verdict != VERDICT_UNATTRIBUTED)
			change_add(s, list, &one, NULL);
	}
	for (uint32_t i = 0; i < s->every->n; i++) {
		const struct network_row *n = network_row(s->every, i);
		const struct network_periods *p = network_periods(s->every, i);
		struct change one = { .verdict = most_of(n->events), .first = n->first,
			.last = n->last,
			.attempts = { p->attributed[BEFORE], p->attributed[NOW] } };

		change_add(s, list, &one, n);
	}
	for (int now = BEFORE; now <= NOW; now++)
		top_end(&list[now]);
	x->fresh.item = list[NOW].item;
	x->fresh.n = list[NOW].n;
	x->quiet.item = list[BEFORE].item;
	x->quiet.n = list[BEFORE].n;
}

static uint64_t
root(uint64_t x)
{
	uint64_t r = 0;

	for (int bit = 31; bit >= 0; bit--) {
		uint64_t t = r | (uint64_t)1 << bit;

		r = t * t <= x ? t : r;
	}
	return r;
}

/* Variance of the logarithm in millionths, squared milli-nats; of 0 events as of a half. */
static uint64_t
log_variance(uint64_t n, uint64_t squares)
{
	wide of = (wide)(2 * n + 1) * (2 * n + 1);
	wide v;

	squares = squares < n ? n : squares;
	v = ((wide)squares * 4 + 2) * 1000000 / of;
	return v < UINT32_MAX ? (uint64_t)v : UINT32_MAX;
}

static uint32_t
to_ratio(wide x)
{
	return x < UINT32_MAX ? (uint32_t)x : UINT32_MAX;
}

static void
treated_ratio(struct treated *t, const uint64_t squares[PERIODS], const uint64_t others[PERIODS])
{
	uint64_t sum = 0, half;
	wide up = 1000, down = 1;

	for (int p = 0; p < PERIODS; p++) {
		wide n = 2 * t->attempts[p] + 1, m = 2 * t->others[p] + 1;

		sum += log_variance(t->attempts[p], squares[p]) +
		    log_variance(t->others[p], others[p]);
		up *= p == NOW ? n : m;
		down *= p == NOW ? m : n;
		if (up >> 80 != 0 || down >> 80 != 0) {
			up >>= 40;
			down = (down >> 40) + 1;
		}
	}
	half = root(sum) * 196 / 100;
	t->ratio = to_ratio((up + down / 2) / down);
	half = half < 20000 ? half : 20000;
	t->low = (uint32_t)((wide)t->ratio * exp_minus((uint32_t)half) >> 32);
	t->high = to_ratio(((wide)(t->ratio + 1) << 32) / exp_minus((uint32_t)half));
}

static struct slice
name_kept(struct summary *s, const struct network_row *r)
{
	char text[NETWORK_TEXT];
	struct slice name = network_name(r, text);

	return r->domain != NULL ? name : arena_copy(&s->arena, name);
}

struct candidate {
	const struct network_row *network;
	const struct network_periods *periods;
	uint64_t zombies;
};

static int
by_zombies(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	char m[NETWORK_TEXT], n[NETWORK_TEXT];

	if (x->zombies != y->zombies)
		return x->zombies > y->zombies ? -1 : 1;
	return slice_cmp(network_name(x->network, m), network_name(y->network, n));
}

static struct treated
treated_of(struct summary *s, const struct candidate *c, const uint64_t all[PERIODS],
    const uint64_t squares[PERIODS])
{
	struct treated t = { .network = name_kept(s, c->network) };
	uint64_t others[PERIODS];

	for (int p = 0; p < PERIODS; p++) {
		t.attempts[p] = c->periods->zombies[p];
		t.others[p] = all[p] - t.attempts[p];
		others[p] = squares[p] - c->periods->squares[p];
	}
	treated_ratio(&t, c->periods->squares, others);
	return t;
}

static void
make_treated(struct summary *s, unsigned max)
{
	struct changes *x = &s->changes;
	const struct networks *every = s->every;
	struct top top = { .size = sizeof(struct candidate), .max = max, .order = by_zombies };
	uint64_t all[PERIODS] = { 0 }, squares[PERIODS] = { 0 };

	for (uint32_t i = 0; i < every->n; i++) {
		const struct network_periods *net = network_periods(every, i);
		struct candidate c = { network_row(every, i), net,
			(uint64_t)net->zombies[BEFORE] + net->zombies[NOW] };

		for (int p = 0; p < PERIODS; p++) {
			all[p] += net->zombies[p];
			sum_add(&squares[p], net->squares[p]);
		}
		if (net->zombies[BEFORE] > 0)	/* else nothing was there to be treated */
			top_add(&top, &c);
	}
	top_end(&top);
	x->treateds = top.n;
	x->treated = mem_alloc((top.n + 1ul) * sizeof(*x->treated));
	for (unsigned i = 0; i < top.n; i++)
		x->treated[i] = treated_of(s, (const struct candidate *)top.item + i, all, squares);
	free(top.item);
}

void
changes_end(struct summary *s, unsigned top)
{
	if (s->changes.by == CHANGES_NONE || s->changes.by == CHANGES_COMPARE)
		return;
	make_lists(s, top);
	make_treated(s, top);
}

static void
compare_own(struct summary *s, const struct summary *before)
{
	struct findings *l = &s->own;

	for (unsigned i = 0; i < before->own.n; i++) {
		const struct finding *f = &before->own.item[i];
		unsigned k = 0;

		while (k < l->n && !slice_eq(l->item[k].key, f->key))
			k++;
		if (k < l->n)
			l->item[k].attempts[BEFORE] = f->attempts[NOW];
	}
}

/* Own sources of before that are no longer there: quiet. */
static void
add_gone(struct summary *s, const struct summary *before, unsigned top)
{
	struct change_list *q = &s->changes.quiet;
	unsigned cap = 0;
	struct change *list = NULL;
	unsigned n = 0;

	for (unsigned i = 0; i < before->own.n; i++) {
		const struct finding *f = &before->own.item[i];
		unsigned k = 0;

		while (k < s->own.n && !slice_eq(s->own.item[k].key, f->key))
			k++;
		if (k < s->own.n || f->verdict == VERDICT_UNATTRIBUTED)
			continue;
		mem_grow(&list, &cap, n + 1, sizeof(*list));
		list[n++] = (struct change){ .key = arena_copy(&s->arena, f->key),
			.verdict = f->verdict, .own = true, .attempts = { f->attempts[NOW], 0 },
			.first = f->first, .last = f->last };
	}
	for (unsigned i = 0; i < q->n; i++) {
		mem_grow(&list, &cap, n + 1, sizeof(*list));
		list[n++] = q->item[i];
	}
	q->all += n - q->n;
	free(q->item);
	q->item = list;
	q->n = n;
	if (n)
		qsort(list, n, sizeof(*list), by_size);
	q->n = n < top ? n : top;
}

void
summary_compare(struct summary *s, const struct summary *before, unsigned top)
{
	if (!s->has_span || !before->has_span) {
		s->changes.by = CHANGES_NONE;
		return;
	}
	s->changes.period[BEFORE] = before->changes.period[NOW];
	networks_compare(s, before);
	compare_own(s, before);
	make_lists(s, top);
	make_treated(s, top);
	add_gone(s, before, top);
}
