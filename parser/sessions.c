/*
 * Sessions by process, postscreen clients by port, and the counting of equal things in a time
 * cell. See correlate_private.h.
 *
 * seen: two generations, the current cell and the one before; a third cell takes the place of the
 * older. Zero is no valid hash. Open addressing, doubled at half load.
 */
#include "parser/correlate_private.h"

#include <stdlib.h>

#include "base/problem.h"

static uint64_t
session_hash(const struct event *ev)
{
	return hash_u64((uint64_t)ev->host << 32 | ev->pid, 1);
}

struct session *
session_find(struct correlate *c, const struct event *ev)
{
	uint64_t h = session_hash(ev);
	uint32_t at, i;

	if (ev->pid == 0)
		return NULL;
	for (i = table_first(&c->by_pid, h, &at); i != TABLE_NONE;
	     i = table_next(&c->by_pid, h, &at))
		if (c->session[i].pid == ev->pid && c->session[i].host == ev->host)
			return &c->session[i];
	return NULL;
}

/* The session of this process, emptied when it belongs to another client. */
struct session *
session_make(struct correlate *c, const struct event *ev)
{
	struct session *s = session_find(c, ev);

	if (ev->pid == 0)
		return NULL;
	if (s == NULL) {
		if (c->sessions == SESSIONS_MAX) {	/* pids wander; start over */
			table_free(&c->by_pid);
			c->sessions = 0;
		}
		mem_grow(&c->session, &c->sessions_cap, c->sessions + 1, sizeof(*s));
		table_add(&c->by_pid, session_hash(ev), c->sessions);
		s = &c->session[c->sessions++];
		*s = (struct session){ .host = ev->host, .pid = ev->pid, .addr = ev->addr };
	} else if (memcmp(&s->addr, &ev->addr, sizeof(s->addr)) != 0) {
		s->addr = ev->addr;
		s->tls = s->mismatch = false;
		s->name_n = 0;
	}
	return s;
}

static uint64_t
pending_hash(const struct event *ev)
{
	return hash_u64(addr_key(&ev->addr) ^ (uint64_t)ev->port << 32, ev->host);
}

struct pending *
pending_find(struct correlate *c, const struct event *ev)
{
	uint64_t h;
	uint32_t at, i;

	if (c->pending_at == c->pending_n)
		return NULL;
	h = pending_hash(ev);
	for (i = table_first(&c->by_port, h, &at); i != TABLE_NONE;
	     i = table_next(&c->by_port, h, &at)) {
		struct pending *p = &c->pending[i];

		if (p->port == ev->port && p->host == ev->host &&
		    memcmp(&p->addr, &ev->addr, sizeof(p->addr)) == 0)
			return p;
	}
	return NULL;
}

void
pending_drop(struct correlate *c, struct pending *p)
{
	if (!p->dead)
		table_remove(&c->by_port, p->hash, (uint32_t)(p - c->pending));
	p->dead = true;
}

void
pending_expire(struct correlate *c)
{
	while (c->pending_at < c->pending_n) {
		struct pending *p = &c->pending[c->pending_at];

		if (!p->dead && correlate_time(c, p->host, p->ts) + CORRELATE_WINDOW >= c->now)
			break;
		pending_drop(c, p);
		c->pending_at++;
	}
	if (c->pending_at == c->pending_n)
		c->pending_at = c->pending_n = 0;
}

/* Room at the queue's end: by sliding the living part down, which renumbers it. */
static void
pending_room(struct correlate *c)
{
	unsigned to = 0;

	if (c->pending_n < c->pending_cap && c->pending_n < PENDING_MAX)
		return;
	if (c->pending_n - c->pending_at == PENDING_MAX)	/* the oldest gives way */
		pending_drop(c, &c->pending[c->pending_at]);
	table_free(&c->by_port);
	for (unsigned i = c->pending_at; i < c->pending_n; i++) {
		if (c->pending[i].dead)
			continue;
		c->pending[to] = c->pending[i];
		table_add(&c->by_port, c->pending[to].hash, to);
		to++;
	}
	c->pending_at = 0;
	c->pending_n = to;
	if (to > PENDING_MAX / 2)
		mem_grow(&c->pending, &c->pending_cap, PENDING_MAX, sizeof(*c->pending));
	else
		mem_grow(&c->pending, &c->pending_cap, to * 2 + 16, sizeof(*c->pending));
}

struct pending *
pending_make(struct correlate *c, const struct event *ev)
{
	struct pending *p = pending_find(c, ev);

	if (p != NULL)
		return p;
	pending_room(c);
	p = &c->pending[c->pending_n];
	*p = (struct pending){ .hash = pending_hash(ev), .ts = ev->ts, .host = ev->host,
		.addr = ev->addr, .port = ev->port };
	table_add(&c->by_port, p->hash, c->pending_n++);
	return p;
}

static void
cell_reset(struct seen_cell *sc, int64_t cell)
{
	sc->cell = cell;
	sc->used = 0;
	if (sc->mask > 4095) {	/* clearing a big one would cost more than what comes */
		free(sc->slot);
		free(sc->count);
		sc->slot = NULL;
		sc->count = NULL;
		sc->mask = 0;
	} else if (sc->slot != NULL) {
		memset(sc->slot, 0, ((size_t)sc->mask + 1) * sizeof(*sc->slot));
		memset(sc->count, 0, ((size_t)sc->mask + 1) * 2 * sizeof(*sc->count));
	}
}

static uint32_t
cell_place(const struct seen_cell *sc, uint64_t hash)
{
	uint32_t at = (uint32_t)hash & sc->mask;

	while (sc->slot[at] != 0 && sc->slot[at] != hash)
		at = (at + 1) & sc->mask;
	return at;
}

static void
cell_grow(struct seen_cell *sc)
{
	struct seen_cell old = *sc;

	sc->mask = old.slot ? old.mask * 2 + 1 : 255;
	sc->slot = mem_alloc(((size_t)sc->mask + 1) * sizeof(*sc->slot));
	sc->count = mem_alloc(((size_t)sc->mask + 1) * 2 * sizeof(*sc->count));
	for (uint32_t i = 0; old.slot != NULL && i <= old.mask; i++) {
		uint32_t at;

		if (old.slot[i] == 0)
			continue;
		at = cell_place(sc, old.slot[i]);
		sc->slot[at] = old.slot[i];
		memcpy(
		    sc->count + 2 * (size_t)at, old.count + 2 * (size_t)i, 2 * sizeof(*sc->count));
	}
	free(old.slot);
	free(old.count);
}

void
seen_add(struct seen *s, int64_t cell, uint64_t hash, int which, uint32_t count_r[2])
{
	struct seen_cell *sc = &s->cell[cell & 1];
	uint32_t at;

	hash += hash == 0;
	if (sc->cell != cell)
		cell_reset(sc, cell);
	if (sc->slot == NULL || sc->used > sc->mask / 2)
		cell_grow(sc);
	at = cell_place(sc, hash);
	if (sc->slot[at] == 0) {
		sc->slot[at] = hash;
		sc->used++;
	}
	count_r[0] = sc->count[2 * (size_t)at];
	count_r[1] = sc->count[2 * (size_t)at + 1];
	sc->count[2 * (size_t)at + (size_t)which]++;
}

void
seen_free(struct seen *s)
{
	for (int i = 0; i < 2; i++) {
		free(s->cell[i].slot);
		free(s->cell[i].count);
	}
	*s = (struct seen){ 0 };
}
