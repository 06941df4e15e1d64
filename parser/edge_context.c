/*
 * The context of a piece: what its correlator knows at the end besides its messages. Sessions,
 * postscreen's clients, the cells of attempts, the hosts' clocks, Exim's last directory; and whose
 * sessions began in the piece, which tells that those before it are over.
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
pack_clocks(const struct correlate *c, struct buf *out)
{
	unsigned n = 0;

	for (unsigned i = 0; i < c->clocks; i++)
		n += c->clock[i].segment == c->segment;
	pack_u(out, n);
	for (unsigned i = 0; i < c->clocks; i++) {
		if (c->clock[i].segment != c->segment)
			continue;
		pack_u(out, i);
		pack_i(out, c->clock[i].last);
		pack_i(out, c->clock[i].offset);
	}
}

static void
unpack_clocks(struct correlate *c, struct unpack *u, const uint32_t *name, uint32_t names)
{
	for (uint64_t n = unpack_count(u, 3); n > 0 && !u->bad; n--) {
		uint32_t host = event_unpack_name(u, name, names);
		int64_t last = unpack_time(u, 0), offset = unpack_time(u, 0);

		if (u->bad || host > EDGE_HOSTS) {
			u->bad = true;
			return;
		}
		correlate_set_clock(c, host, last, offset);
	}
}

/* Those that began in the piece: what was said of the others is held. */
static void
pack_sessions(const struct correlate *c, struct buf *out)
{
	struct order *o = order_make(c->sessions.pool.used);
	const struct sessions *all = &c->sessions;
	unsigned n = 0;

	for (uint32_t i = pool_oldest(&all->pool); i != 0; i = all->pool.node[i].newer) {
		uint64_t key = (uint64_t)all->item[i].host << 32 | all->item[i].pid;

		if (edge_knows_pid(c->edges, key))
			o[n++] = (struct order){ key, i };
	}
	if (n)
		qsort(o, n, sizeof(*o), by_key);
	pack_u(out, n);
	for (unsigned i = 0; i < n; i++) {
		const struct session *s = &all->item[o[i].i];

		pack_u(out, s->host);
		pack_u(out, s->pid);
		event_pack_addr(out, &s->addr);
		pack_u(out, (unsigned)s->tls | (unsigned)s->mismatch << 1);
		pack_bytes(out, (struct slice){ s->name, s->mismatch ? s->name_n : 0 });
	}
	free(o);
}

static void
unpack_sessions(struct correlate *c, struct unpack *u, const uint32_t *name, uint32_t names)
{
	for (uint64_t n = unpack_count(u, 20); n > 0 && !u->bad; n--) {
		struct event ev = { .has_addr = true };
		struct slice text;
		unsigned bits;
		struct session *s;

		ev.host = event_unpack_name(u, name, names);
		ev.pid = (uint32_t)unpack_max(u, UINT32_MAX);
		ev.addr = event_unpack_addr(u);
		bits = (unsigned)unpack_max(u, 3);
		text = slice_first(unpack_bytes(u), 255);
		s = u->bad ? NULL : session_make(&c->sessions, &ev);
		if (s == NULL)
			continue;
		s->tls = bits & 1;
		s->mismatch = bits >> 1;
		session_name(s, text);
	}
}

static void
pack_pids(const struct edges *e, struct buf *out)
{
	struct order *o = order_make(e->pids);
	uint64_t before = 0;

	for (uint32_t i = 0; i < e->pids; i++)
		o[i] = (struct order){ e->pid[i], i };
	if (e->pids)
		qsort(o, e->pids, sizeof(*o), by_key);
	pack_u(out, e->pids);
	for (unsigned i = 0; i < e->pids; i++) {
		pack_u(out, o[i].key - before);
		before = o[i].key;
	}
	free(o);
}

/* A session that the piece says nothing of goes on; the others are over. */
static void
unpack_pids(struct correlate *c, struct unpack *u, const uint32_t *name, uint32_t names)
{
	uint64_t key = 0;

	for (uint64_t n = unpack_count(u, 1); n > 0; n--) {
		struct event ev = { .has_addr = true };
		struct session *s;
		uint32_t host;

		key += unpack_u(u);
		host = (uint32_t)(key >> 32);
		if (u->bad || (name != NULL && host >= names)) {
			u->bad = true;
			return;
		}
		ev.host = name ? name[host] : host;
		ev.pid = (uint32_t)key;
		s = session_find(&c->sessions, &ev);
		if (s != NULL)
			session_end(&c->sessions, s);
		if (c->edges != NULL)
			edge_add_pid(c->edges, (uint64_t)ev.host << 32 | ev.pid);
	}
}

static int
by_id(const void *a, const void *b)
{
	const struct opened *x = a, *y = b;

	if (x->qid != y->qid)
		return x->qid < y->qid ? -1 : 1;
	if (x->host != y->host)
		return x->host < y->host ? -1 : 1;
	return x->instance < y->instance ? -1 : x->instance > y->instance;
}

static void
pack_opened(const struct edges *e, struct buf *out)
{
	struct opened *o = mem_alloc((e->openeds + 1ul) * sizeof(*o));
	uint64_t before = 0;

	if (e->openeds) {
		memcpy(o, e->opened, e->openeds * sizeof(*o));
		qsort(o, e->openeds, sizeof(*o), by_id);
	}
	pack_u(out, e->openeds);
	for (unsigned i = 0; i < e->openeds; i++) {
		pack_u(out, o[i].qid - before);
		before = o[i].qid;
		pack_u(out, o[i].host);
		pack_u(out, o[i].instance);
		pack_i(out, o[i].ts - e->from);
	}
	free(o);
}

/* Messages still open whose short queue id another one has got meanwhile are over. */
static void
close_reopened(struct correlate *c, const struct opened *o, uint64_t n)
{
	for (uint32_t next, at = n ? pool_oldest(&c->records.pool) : 0; at != 0; at = next) {
		const struct record *r = &c->records.item[at];
		struct opened key = { .qid = hash_travel(record_qid(r), 11),
			.host = r->own_host, .instance = r->own_instance };
		const struct opened *x = bsearch(&key, o, n, sizeof(*o), by_id);

		next = c->records.pool.node[at].newer;
		if (x != NULL && r->ts < x->ts)
			correlate_retire(c, at, r->opened ? STATE_COMPLETE : STATE_OPEN);
	}
}

static void
unpack_opened(
    struct correlate *c, struct unpack *u, int64_t from, const uint32_t *name, uint32_t names)
{
	uint64_t n = unpack_count(u, 4), qid = 0, i;
	struct opened *o = mem_alloc((n + 1) * sizeof(*o));

	for (i = 0; i < n && !u->bad; i++) {
		qid += unpack_u(u);
		o[i] = (struct opened){ .qid = qid };
		o[i].host = event_unpack_name(u, name, names);
		o[i].instance = event_unpack_name(u, name, names);
		o[i].ts = unpack_time(u, from);
		if (c->edges != NULL && !u->bad)
			edge_add_opened(c->edges, &o[i]);
	}
	if (n && !u->bad) {
		qsort(o, n, sizeof(*o), by_id);	/* translated names are in another order */
		close_reopened(c, o, n);
	}
	free(o);
}

static void
pack_clients(const struct correlate *c, struct buf *out)
{
	const struct clients *all = &c->clients;

	pack_u(out, all->pool.used);
	for (uint32_t i = pool_oldest(&all->pool); i != 0; i = all->pool.node[i].newer) {
		const struct client *p = &all->item[i];

		pack_i(out, p->ts);
		pack_u(out, p->host);
		event_pack_addr(out, &p->addr);
		pack_u(out, p->port);
		pack_u(out, (unsigned)p->ranked | (unsigned)p->pregreet << 1 |
		    (unsigned)p->refused << 2);
	}
}

static void
unpack_clients(struct correlate *c, struct unpack *u, const uint32_t *name, uint32_t names)
{
	while (c->clients.pool.used > 0)
		client_end(&c->clients, &c->clients.item[pool_oldest(&c->clients.pool)]);
	for (uint64_t n = unpack_count(u, 20); n > 0 && !u->bad; n--) {
		struct event ev = { .has_addr = true };
		struct client *p;
		unsigned bits;

		ev.ts = unpack_time(u, 0);
		ev.host = event_unpack_name(u, name, names);
		ev.addr = event_unpack_addr(u);
		ev.port = (uint16_t)unpack_max(u, UINT16_MAX);
		bits = (unsigned)unpack_max(u, 7);
		if (u->bad)
			return;
		p = client_make(&c->clients, &ev);
		p->ranked = bits & 1;
		p->pregreet = bits >> 1 & 1;
		p->refused = bits >> 2;
	}
}

static void
pack_seen(const struct seen *s, struct buf *out)
{
	for (unsigned k = 0; k < 2; k++) {
		const struct seen_cell *sc = &s->cell[k];
		struct order *o = order_make(sc->used);
		unsigned n = 0;

		for (uint32_t i = 0; sc->slot != NULL && i <= sc->mask; i++)
			if (sc->slot[i].turn == sc->turn)
				o[n++] = (struct order){ sc->slot[i].hash, i };
		if (n)
			qsort(o, n, sizeof(*o), by_key);
		pack_i(out, sc->cell);
		pack_u(out, n);
		for (unsigned i = 0; i < n; i++) {
			pack_u(out, o[i].key);
			pack_u(out, sc->slot[o[i].i].count[0]);
			pack_u(out, sc->slot[o[i].i].count[1]);
		}
		free(o);
	}
}

static uint16_t
unpack_counter(struct unpack *u)
{
	uint64_t n = unpack_max(u, UINT32_MAX);

	return n < UINT16_MAX ? (uint16_t)n : UINT16_MAX;
}

static void
unpack_seen(struct seen *s, struct unpack *u)
{
	seen_free(s);
	for (unsigned k = 0; k < 2 && !u->bad; k++) {
		int64_t cell = unpack_time(u, 0);

		for (uint64_t n = unpack_count(u, 3); n > 0 && !u->bad; n--) {
			uint64_t hash = unpack_u(u);
			uint16_t *count = seen_counters(s, cell, hash);

			count[0] = unpack_counter(u);
			count[1] = unpack_counter(u);
		}
	}
}

void
context_pack(const struct correlate *c, struct buf *out)
{
	pack_clocks(c, out);
	pack_pids(c->edges, out);
	pack_opened(c->edges, out);
	pack_sessions(c, out);
	pack_clients(c, out);
	pack_seen(&c->attempts, out);
	pack_seen(&c->rejectlog, out);
	pack_i(out, c->cwd.ts);
	pack_u(out, c->cwd.host);
	pack_u(out, c->cwd.pid);
	pack_bytes(out, (struct slice){ c->cwd.text, c->cwd.n });
}

void
context_unpack(
    struct correlate *c, struct unpack *u, int64_t from, const uint32_t *name, uint32_t names)
{
	struct slice cwd;

	unpack_clocks(c, u, name, names);
	unpack_pids(c, u, name, names);
	unpack_opened(c, u, from, name, names);
	unpack_sessions(c, u, name, names);
	unpack_clients(c, u, name, names);
	unpack_seen(&c->attempts, u);
	unpack_seen(&c->rejectlog, u);
	c->cwd.ts = unpack_time(u, 0);
	c->cwd.host = event_unpack_name(u, name, names);
	c->cwd.pid = (uint32_t)unpack_max(u, UINT32_MAX);
	cwd = slice_first(unpack_bytes(u), sizeof(c->cwd.text));
	c->cwd.n = (uint16_t)cwd.n;
	if (cwd.n)
		memcpy(c->cwd.text, cwd.p, cwd.n);
	u->bad |= u->rest.n != 0;
}
