/*
 * The context of a piece: what its correlator knows at the end besides what stands in its entries:
 * the hosts' clocks; whose sessions began in the piece, and those that go on; postscreen's clients,
 * the cells of attempts, Exim's last directory. A piece that did not leave its begin behind has
 * only clocks: whatever else it knows comes from events that are held.
 *
 * Lists are written in an order of their own, so that equal knowledge gives equal bytes.
 */
#include <stdlib.h>

#include "base/problem.h"
#include "parser/edge_private.h"
#include "parser/event_pack.h"

struct order {			/* an index with what it is ordered by */
	uint64_t key;
	uint32_t i;
};

static int
by_key(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->i < y->i ? -1 : x->i > y->i;
}

static struct order *
order_make(uint64_t n)
{
	return mem_alloc((n + 1) * sizeof(struct order));
}

static void
pack_row(const struct clock *c, const struct row *row, struct buf *out)
{
	int64_t ts = 0;
	uint64_t tick = c->tick;

	pack_u(out, row->n - row->first[0]);
	for (unsigned i = row->n; i > row->first[0]; i--) {
		const struct moment *m = &row->item[i - 1];

		pack_i(out, m->ts - ts);
		pack_u(out, tick - m->tick);
		ts = m->ts;
		tick = m->tick;
	}
}

static void
pack_clocks(const struct clock *c, struct buf *out)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < c->hosts; i++)
		n += clock_knows(c, i);
	pack_u(out, n);
	for (uint32_t i = 0; i < c->hosts; i++)
		if (clock_knows(c, i)) {
			pack_u(out, i);
			pack_row(c, &c->host[i].seconds, out);
			pack_row(c, &c->host[i].hours, out);
		}
}

/* The youngest comes first. */
static void
unpack_row(struct clock *c, struct edge_reader *r, struct unpack *u, uint32_t host, bool hours)
{
	uint64_t n = unpack_count(u, 2), tick = r->tick;
	struct moment *m = mem_alloc((n + 1) * sizeof(*m));
	int64_t ts = 0, least = hours ? UTC_HOUR : 1;

	for (uint64_t i = 0; i < n && !u->bad; i++) {
		uint64_t ago;

		ts = unpack_time(u, ts);
		ago = unpack_max(u, tick);
		tick -= ago;
		m[i] = (struct moment){ ts, r->base + tick };
		u->bad |= tick == 0 || !utc_is_stamp(ts * least) ||
		    (i > 0 && (ts >= m[i - 1].ts || ago == 0));
	}
	for (uint64_t i = n; i > 0 && !u->bad; i--)
		clock_moment(c, host, hours, m[i - 1]);
	free(m);
}

static void
unpack_clocks(struct correlate *c, struct edge_reader *r, struct unpack *u)
{
	for (uint64_t n = unpack_count(u, 3); n > 0 && !u->bad; n--) {
		uint32_t host = event_unpack_name(u, r->name, r->names);

		if (u->bad || host > EDGE_HOSTS) {
			u->bad = true;
			return;
		}
		unpack_row(&c->clock, r, u, host, false);
		unpack_row(&c->clock, r, u, host, true);
	}
}

static void
pack_pids(const struct pids *p, struct buf *out)
{
	struct order *o = order_make(p->pages);
	uint64_t before = 0;

	for (uint32_t i = 0; i < p->pages; i++)
		o[i] = (struct order){ p->page[i].key, i };
	if (p->pages)
		qsort(o, p->pages, sizeof(*o), by_key);
	pack_u(out, p->pages);
	for (unsigned i = 0; i < p->pages; i++) {
		pack_u(out, o[i].key - before);
		for (unsigned k = 0; k < PID_PAGE / 64; k++)
			pack_u(out, p->page[o[i].i].has[k]);
		before = o[i].key;
	}
	free(o);
}

static void
end_session(struct correlate *c, uint32_t host, uint32_t pid)
{
	struct event ev = { .has_addr = true, .host = host, .pid = pid };
	struct session *s = session_find(&c->sessions, &ev);

	if (s != NULL)
		session_end(&c->sessions, s);
}

/* A session that the piece says nothing of goes on; the others are over. */
static void
unpack_pids(struct correlate *c, struct edge_reader *r, struct unpack *u)
{
	uint64_t key = 0;

	for (uint64_t n = unpack_count(u, 1 + PID_PAGE / 64); n > 0; n--) {
		uint32_t host, pid;

		key += unpack_u(u);
		host = (uint32_t)(key >> 32);
		pid = (uint32_t)key * PID_PAGE;
		u->bad |= (r->name != NULL && host >= r->names) ||
		    (uint32_t)key > UINT32_MAX / PID_PAGE;
		host = u->bad || r->name == NULL ? host : r->name[host];
		for (unsigned k = 0; k < PID_PAGE / 64; k++, pid += 64)
			for (uint64_t has = unpack_u(u); has && !u->bad; has &= has - 1)
				end_session(c, host, pid + (unsigned)__builtin_ctzll(has));
	}
}

/* Those that began in the piece: what was said of the others is held. */
static void
pack_sessions(const struct correlate *c, struct buf *out)
{
	const struct sessions *all = &c->sessions;
	struct order *o = order_make(all->pool.used);
	unsigned n = 0;

	for (uint32_t i = pool_oldest(&all->pool); i != 0; i = all->pool.node[i].newer) {
		const struct session *s = &all->item[i];

		if (pids_has(&c->edges->pids, s->host, s->pid))
			o[n++] = (struct order){ (uint64_t)s->host << 32 | s->pid, i };
	}
	if (n)
		qsort(o, n, sizeof(*o), by_key);
	pack_u(out, n);
	for (unsigned i = 0; i < n; i++) {
		const struct session *s = &all->item[o[i].i];

		pack_u(out, s->host);
		pack_u(out, s->pid);
		event_pack_addr(out, &s->addr);
		pack_u(out, c->clock.tick - s->tick);
		pack_u(out, (unsigned)s->tls | (unsigned)s->mismatch << 1 |
		    (unsigned)s->fresh << 2);
		pack_bytes(out, (struct slice){ s->name, s->mismatch ? s->name_n : 0 });
	}
	free(o);
}

static uint64_t
unpack_tick(const struct edge_reader *r, struct unpack *u)
{
	return r->base + r->tick - unpack_max(u, r->tick);
}

static void
unpack_sessions(struct correlate *c, struct edge_reader *r, struct unpack *u)
{
	for (uint64_t n = unpack_count(u, 21); n > 0 && !u->bad; n--) {
		struct event ev = { .has_addr = true };
		struct slice text;
		unsigned bits;
		uint64_t tick;
		struct session *s;

		ev.host = event_unpack_name(u, r->name, r->names);
		ev.pid = (uint32_t)unpack_max(u, UINT32_MAX);
		ev.addr = event_unpack_addr(u);
		tick = unpack_tick(r, u);
		bits = (unsigned)unpack_max(u, 7);
		text = slice_first(unpack_bytes(u), 255);
		s = u->bad ? NULL : session_make(&c->sessions, &ev, tick);
		if (s == NULL)
			continue;
		s->tls = bits & 1;
		s->mismatch = bits >> 1 & 1;
		s->fresh = bits >> 2;
		session_name(s, text);
	}
}

static bool
is_to_tell(const struct correlate *c, const struct client *p)
{
	return !p->tainted && !correlate_is_past(c, SPAN_WINDOW, p->tick);
}

static void
pack_clients(const struct correlate *c, struct buf *out)
{
	const struct clients *all = &c->clients;
	unsigned n = 0;

	for (uint32_t i = pool_oldest(&all->pool); i != 0; i = all->pool.node[i].newer)
		n += is_to_tell(c, &all->item[i]);
	pack_u(out, n);
	for (uint32_t i = pool_oldest(&all->pool); i != 0; i = all->pool.node[i].newer) {
		const struct client *p = &all->item[i];

		if (!is_to_tell(c, p))
			continue;
		pack_u(out, c->clock.tick - p->tick);
		pack_i(out, p->ts);
		pack_u(out, p->host);
		event_pack_addr(out, &p->addr);
		pack_u(out, p->port);
		pack_u(out, (unsigned)p->ranked | (unsigned)p->pregreet << 1 |
		    (unsigned)p->refused << 2);
	}
}

static void
unpack_clients(struct correlate *c, struct edge_reader *r, struct unpack *u)
{
	for (uint64_t n = unpack_count(u, 21); n > 0 && !u->bad; n--) {
		struct event ev = { .has_addr = true };
		uint64_t tick = unpack_tick(r, u);
		struct client *p;
		unsigned bits;

		ev.ts = unpack_time(u, 0);
		ev.host = event_unpack_name(u, r->name, r->names);
		ev.addr = event_unpack_addr(u);
		ev.port = (uint16_t)unpack_max(u, UINT16_MAX);
		bits = (unsigned)unpack_max(u, 7);
		if (u->bad)
			return;
		if ((p = client_find(&c->clients, &ev)) != NULL)
			client_end(&c->clients, p);
		p = client_new(&c->clients, &ev, tick);
		p->ranked = bits & 1;
		p->pregreet = bits >> 1 & 1;
		p->refused = bits >> 2;
	}
}

/* Of cells in doubt the events are held. */
static void
pack_seen(const struct correlate *c, const struct seen *s, struct buf *out)
{
	struct order *o = order_make(s->used);
	uint64_t past = c->clock.past[SPAN_WINDOW], before = 0;
	unsigned n = 0;

	for (uint32_t i = 0; s->slot != NULL && i <= s->mask; i++)
		if (s->slot[i].tick != 0 && !seen_in_doubt(&s->slot[i]) &&
		    !seen_is_past(&s->slot[i], past))
			o[n++] = (struct order){ s->slot[i].hash, i };
	if (n)
		qsort(o, n, sizeof(*o), by_key);
	pack_u(out, n);
	for (unsigned i = 0; i < n; i++) {
		const struct seen_slot *x = &s->slot[o[i].i];

		pack_u(out, x->hash - before);
		pack_u(out, (uint32_t)c->clock.tick - x->tick);
		pack_u(out, x->count[0]);
		pack_u(out, x->count[1]);
		before = x->hash;
	}
	free(o);
}

static void
unpack_seen(struct correlate *c, struct edge_reader *r, struct unpack *u, struct seen *s)
{
	uint64_t past = c->clock.past[SPAN_WINDOW], hash = 0;

	for (uint64_t n = unpack_count(u, 4); n > 0 && !u->bad; n--) {
		uint64_t tick;
		struct seen_slot *x;

		hash += unpack_u(u);
		tick = unpack_tick(r, u);
		x = seen_at(s, hash, past, tick);
		x->count[0] = (uint16_t)unpack_max(u, SEEN_MOST);
		x->count[1] = (uint16_t)unpack_max(u, SEEN_MOST);
	}
}

static void
pack_cwd(const struct correlate *c, struct buf *out)
{
	struct slice text = { c->cwd.text, c->cwd.n };

	if (correlate_is_past(c, SPAN_WINDOW, c->cwd.tick))
		text = SLICE_NONE;
	pack_bytes(out, text);
	if (text.n == 0)
		return;
	pack_u(out, c->clock.tick - c->cwd.tick);
	pack_i(out, c->cwd.ts);
	pack_u(out, c->cwd.host);
	pack_u(out, c->cwd.pid);
}

static void
unpack_cwd(struct correlate *c, struct edge_reader *r, struct unpack *u)
{
	struct slice text = slice_first(unpack_bytes(u), sizeof(c->cwd.text));

	c->cwd.n = (uint16_t)text.n;
	if (text.n == 0)
		return;
	memcpy(c->cwd.text, text.p, text.n);
	c->cwd.tick = unpack_tick(r, u);
	c->cwd.ts = unpack_time(u, 0);
	c->cwd.host = event_unpack_name(u, r->name, r->names);
	c->cwd.pid = (uint32_t)unpack_max(u, UINT32_MAX);
}

/* Of processes whose lines' parts were put together, or wait for more. */
static void
pack_splits(const struct correlate *c, struct buf *out)
{
	struct order o[SPLITS];
	unsigned n = 0;

	for (uint32_t i = 0; i < SPLITS; i++) {
		const struct split *x = &c->splits.item[i];

		if (x->tick > c->clock.past[SPAN_WINDOW])
			o[n++] = (struct order){ (uint64_t)x->host << 32 | x->pid, i };
	}
	if (n)
		qsort(o, n, sizeof(*o), by_key);
	pack_u(out, n);
	for (unsigned i = 0; i < n; i++) {
		const struct split *x = &c->splits.item[o[i].i];

		pack_u(out, x->host);
		pack_u(out, x->pid);
		pack_u(out, c->clock.tick - x->tick);
		pack_u(out, x->parts);
		pack_u(out, x->parts ? x->part : 0);
		pack_bytes(out, (struct slice){ x->text, x->parts ? x->n : 0 });
	}
}

static void
unpack_splits(struct correlate *c, struct edge_reader *r, struct unpack *u)
{
	for (uint64_t n = unpack_max(u, SPLITS); n > 0 && !u->bad; n--) {
		struct split_part p;
		uint64_t tick;

		p.host = event_unpack_name(u, r->name, r->names);
		p.pid = (uint32_t)unpack_max(u, UINT32_MAX);
		tick = unpack_tick(r, u);
		p.parts = (uint32_t)unpack_max(u, SPLIT_PARTS);
		p.part = (uint32_t)unpack_max(u, p.parts);
		p.text = unpack_bytes(u);
		if (!u->bad && tick > 0)
			splits_put(&c->splits, &p, tick);
	}
}

void
context_pack(struct correlate *c, struct buf *out)
{
	bool near = edge_is_near(c);

	pack_clocks(&c->clock, out);
	pack_splits(c, out);
	pack_u(out, near);
	if (near)
		return;
	pack_pids(&c->edges->pids, out);
	pack_sessions(c, out);
	pack_clients(c, out);
	pack_seen(c, &c->attempts, out);
	pack_seen(c, &c->rejectlog, out);
	pack_cwd(c, out);
}

void
context_unpack(struct correlate *c, struct edge_reader *r)
{
	struct unpack u = { .rest = buf_slice(&r->edge->context) };

	correlate_mixed(c);
	unpack_clocks(c, r, &u);
	unpack_splits(c, r, &u);
	if (unpack_max(&u, 1) == 0) {
		unpack_pids(c, r, &u);
		unpack_sessions(c, r, &u);
		unpack_clients(c, r, &u);
		unpack_seen(c, r, &u, &c->attempts);
		unpack_seen(c, r, &u, &c->rejectlog);
		unpack_cwd(c, r, &u);
	}
	r->bad |= u.bad || u.rest.n != 0;
}
