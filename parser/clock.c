/*
 * See clock.h. Of equal knowledge only the latest is kept: a moment goes when a later one of the
 * same host does not show more. So a row is short, and most lines change its end only.
 */
#include "parser/clock.h"

#include <stdlib.h>
#include <string.h>

#include "base/problem.h"
#include "base/utc.h"

enum { STEP_BACK = 60, HOUR_SPANS = 1, SECOND_SPANS = 3 };

/* By enum clock_span; the hours' one is in hours. */
static const int64_t span[SPANS] = { 3600, 600, 60, 6 * 24 };

static void
pass(struct clock *c, enum clock_span s, uint64_t tick)
{
	if (tick > c->past[s])
		c->past[s] = tick;
}

/* What is past by its spans, which begin with s, when the clock shows ts. */
static inline __attribute__((always_inline)) void
row_pass(struct clock *c, struct row *r, enum clock_span s, unsigned spans, int64_t ts)
{
	for (unsigned i = 0; i < spans; i++) {
		int64_t before = ts - span[s + i];
		unsigned n = r->first[i];

		if (n == r->n || r->item[n].ts >= before)
			continue;
		while (++n < r->n && r->item[n].ts < before)
			;
		pass(c, s + i, r->item[n - 1].tick);
		r->first[i] = n;
	}
}

static void __attribute__((noinline))
row_room(struct row *r)
{
	unsigned gone = r->first[0];

	if (gone > r->cap / 2) {
		memmove(r->item, r->item + gone, (r->n - gone) * sizeof(*r->item));
		r->n -= gone;
		for (unsigned i = 0; i < SECOND_SPANS; i++)
			r->first[i] -= r->first[i] < gone ? r->first[i] : gone;
		return;
	}
	mem_grow(&r->item, &r->cap, r->n + 1, sizeof(*r->item));
}

/* It is behind others that show as much, or more. */
static void __attribute__((noinline))
row_back(struct row *r, int64_t ts)
{
	while (r->n > r->first[0] && r->item[r->n - 1].ts >= ts)
		r->n--;
	for (unsigned i = 1; i < SECOND_SPANS; i++)
		if (r->first[i] > r->n)
			r->first[i] = r->n;
}

static inline void
row_add(struct row *r, struct moment m)
{
	if (r->n > 0 && r->item[r->n - 1].ts >= m.ts)
		row_back(r, m.ts);
	if (r->n == r->cap)
		row_room(r);
	r->item[r->n++] = m;
}

static void __attribute__((noinline))
host_new(struct clock *c, uint32_t host)
{
	mem_grow(&c->host, &c->cap, host + 1, sizeof(*c->host));
	memset(c->host + c->hosts, 0, (host + 1 - c->hosts) * sizeof(*c->host));
	c->hosts = host + 1;
}

static inline struct host_clock *
clock_of(struct clock *c, uint32_t host)
{
	if (host >= c->hosts)
		host_new(c, host);
	return &c->host[host];
}

/* Did the clock step back? What was not heard of in the window does not count. */
static inline void
step(struct clock *c, const struct row *r, int64_t ts, uint64_t tick)
{
	struct moment last;

	if (r->n == r->first[0])
		return;
	last = r->item[r->n - 1];
	if (last.ts > ts + STEP_BACK && last.tick > c->past[SPAN_WINDOW])
		pass(c, SPAN_STEP, tick - 1);
}

static void __attribute__((noinline))
hour_begin(struct clock *c, struct row *r, int64_t hour)
{
	row_add(r, (struct moment){ hour, c->tick });
	row_pass(c, r, SPAN_WEEK, HOUR_SPANS, hour);
}

void
clock_line(struct clock *c, uint32_t host, int64_t ts)
{
	struct host_clock *h = clock_of(c, host);
	struct row *hours = &h->hours;
	uint64_t tick = ++c->tick;
	int64_t hour = utc_floor(ts, UTC_HOUR) / UTC_HOUR;

	step(c, &h->seconds, ts, tick);
	row_add(&h->seconds, (struct moment){ ts, tick });
	row_pass(c, &h->seconds, SPAN_HOUR, SECOND_SPANS, ts);
	if (hours->n > 0 && hours->item[hours->n - 1].ts == hour)
		hours->item[hours->n - 1].tick = tick;
	else
		hour_begin(c, hours, hour);
}

bool
clock_knows(const struct clock *c, uint32_t host)
{
	return host < c->hosts && c->host[host].seconds.n > 0;
}

void
clock_free(struct clock *c)
{
	for (unsigned i = 0; i < c->hosts; i++) {
		free(c->host[i].seconds.item);
		free(c->host[i].hours.item);
	}
	free(c->host);
	*c = (struct clock){ 0 };
}

void
clock_first(struct clock *c, uint32_t host, int64_t ts, uint64_t tick)
{
	step(c, &clock_of(c, host)->seconds, ts, tick);
}

void
clock_most(struct clock *c, uint32_t host, int64_t ts)
{
	struct host_clock *h = clock_of(c, host);

	row_pass(c, &h->seconds, SPAN_HOUR, SECOND_SPANS, ts);
	row_pass(c, &h->hours, SPAN_WEEK, HOUR_SPANS, utc_floor(ts, UTC_HOUR) / UTC_HOUR);
}

void
clock_moment(struct clock *c, uint32_t host, bool hours, struct moment m)
{
	struct host_clock *h = clock_of(c, host);

	row_add(hours ? &h->hours : &h->seconds, m);
}
