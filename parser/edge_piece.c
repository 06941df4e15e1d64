/*
 * See edge_private.h: what of a piece is held while it is read.
 *
 * What is held is a row of entries: a struct entry, what the lines before had told, the event.
 * Entries of a group lie in its own buffer until it ends.
 *
 * Signs that hang on nothing come out at once, wherever they stand: those of dnsblog are most of a
 * mail exchanger's lines. Whatever else has no group is held near the begin, and behind it only
 * when it belongs to a session that began before.
 */
#include <stdlib.h>

#include "base/problem.h"
#include "parser/edge_private.h"
#include "parser/event_pack.h"

void
edges_free(struct edges *e)
{
	if (e == NULL)
		return;
	for (unsigned i = 0; i < e->groups; i++) {
		buf_free(&e->group[i].events);
		buf_free(&e->group[i].opened);
		verdict_items_free(e->group[i].orphans);
	}
	free(e->group);
	free(e->ending);
	free(e->pid);
	free(e->opened);
	table_free(&e->by_opened);
	table_free(&e->by_pid);
	buf_free(&e->held);
	free(e);
}

void
edge_begin_at(struct correlate *c, int64_t ts)
{
	if (c->edges->any)
		return;
	c->edges->any = true;
	c->edges->from = ts;
}

bool
edge_is_near(const struct correlate *c, const struct event *ev, int64_t further)
{
	const struct edges *e = c->edges;

	return e != NULL && (!e->any ||
	    correlate_time(c, ev->host, ev->ts) <= e->from + EDGE_WIDTH + further);
}

static uint64_t
pid_key(const struct event *ev)
{
	return (uint64_t)ev->host << 32 | ev->pid;
}

bool
edge_knows_pid(const struct edges *e, uint64_t key)
{
	uint64_t h = hash_u64(key, 3);
	uint32_t at, i;

	for (i = table_first(&e->by_pid, h, &at); i != TABLE_NONE;
	     i = table_next(&e->by_pid, h, &at))
		if (e->pid[i] == key)
			return true;
	return false;
}

void
edge_add_pid(struct edges *e, uint64_t key)
{
	if (edge_knows_pid(e, key))
		return;
	mem_grow(&e->pid, &e->pids_cap, e->pids + 1, sizeof(*e->pid));
	e->pid[e->pids] = key;
	table_add(&e->by_pid, hash_u64(key, 3), e->pids++);
}

void
edge_hold(struct correlate *c)
{
	if (c->edges != NULL)
		c->edges->hold = true;
}

struct told
edge_session(struct correlate *c, const struct event *ev)
{
	struct told t = { .session = true };
	const struct session *s;

	if (c->told != NULL && c->told->session) {
		t = *c->told;
	} else if ((s = session_of_client(&c->sessions, ev)) != NULL) {
		t.tls = s->tls;
		t.mismatch = s->mismatch;
		t.name = (struct slice){ s->name, s->mismatch ? s->name_n : 0 };
	}
	if (c->edges == NULL)
		return t;
	if (c->told == NULL || !c->told->session)
		t.session = ev->pid == 0 || edge_knows_pid(c->edges, pid_key(ev));
	if (!t.session) {
		c->edges->hold = true;
	} else {
		c->edges->told.session = true;
		c->edges->told.tls = t.tls;
		c->edges->told.mismatch = t.mismatch;
		c->edges->told.name = t.name;
	}
	return t;
}

bool
edge_retry(struct correlate *c, const struct event *ev, bool retry)
{
	if (c->told != NULL && c->told->cell)
		retry = c->told->retry;
	if (c->edges != NULL && ((c->told != NULL && c->told->cell) || !edge_is_near(c, ev, 0))) {
		c->edges->told.cell = true;
		c->edges->told.retry = retry;
	}
	return retry;
}

struct slice
edge_place(struct correlate *c, const struct event *ev, struct slice cwd)
{
	bool told = c->told != NULL && c->told->place;

	if (told)
		cwd = c->told->cwd;
	if (c->edges != NULL && (told || !edge_is_near(c, ev, 0))) {
		c->edges->told.place = true;
		c->edges->told.cwd = cwd;
	}
	return cwd;
}

/*
 * connect, and what is said before it, begin a session, disconnect leaves none behind. A session
 * says who its client is in the same moment as "connect", so a minute is far enough.
 */
void
edge_session_line(struct correlate *c, const struct event *ev)
{
	struct edges *e = c->edges;
	bool end = ev->type == EV_DISCONNECT;

	if (ev->pid == 0 || edge_knows_pid(e, pid_key(ev)))
		return;
	e->hold |= end;		/* it ends one that began before */
	if (end || correlate_time(c, ev->host, ev->ts) > e->from + 60)
		edge_add_pid(e, pid_key(ev));
}

static uint32_t
group_new(struct edges *e)
{
	uint32_t i;

	if (e->free_group) {
		i = e->free_group;
		e->free_group = e->group[i - 1].next_free;
	} else {
		mem_grow(&e->group, &e->groups_cap, e->groups + 1, sizeof(*e->group));
		i = ++e->groups;
		e->group[i - 1] = (struct group){ .used = false };
	}
	e->group[i - 1] = (struct group){ .events = e->group[i - 1].events,
		.opened = e->group[i - 1].opened, .used = true };
	e->group[i - 1].events.n = e->group[i - 1].opened.n = 0;
	return i;
}

static void
group_free(struct edges *e, uint32_t i)
{
	struct group *g = &e->group[i - 1];

	if (g->events.cap > 4096)
		buf_free(&g->events);
	g->used = false;
	g->next_free = e->free_group;
	e->free_group = i;
}

static void
group_may_end(struct edges *e, uint32_t i)
{
	const struct group *g = &e->group[i - 1];

	if (g->waiting || g->open > 0)
		return;
	mem_grow(&e->ending, &e->endings_cap, e->endings + 1, sizeof(*e->ending));
	e->ending[e->endings++] = i;
}

void
edge_new_record(struct correlate *c, const struct event *ev, struct record *r)
{
	struct edges *e = c->edges;

	if (e == NULL)
		return;
	r->group = e->owner = group_new(e);
	e->group[r->group - 1].open = 1;
	e->group[r->group - 1].tainted = edge_is_near(c, ev, 0);
}

void
edge_add_opened(struct edges *e, const struct opened *o)
{
	uint64_t h = hash_u64(o->qid, (uint64_t)o->host << 32 | o->instance);
	uint32_t at, i;

	for (i = table_first(&e->by_opened, h, &at); i != TABLE_NONE;
	     i = table_next(&e->by_opened, h, &at)) {
		struct opened *x = &e->opened[i];

		if (x->qid != o->qid || x->host != o->host || x->instance != o->instance)
			continue;
		x->ts = o->ts < x->ts ? o->ts : x->ts;
		return;
	}
	mem_grow(&e->opened, &e->openeds_cap, e->openeds + 1, sizeof(*e->opened));
	e->opened[e->openeds] = *o;
	table_add(&e->by_opened, h, e->openeds++);
}

/*
 * Long queue ids of Postfix, which have small letters, are never used again; nor are Exim's, which
 * begin with the time, in base 62.
 */
static bool
is_unique(const struct event *ev, struct slice qid)
{
	int64_t at = 0;

	for (unsigned i = 0; i < qid.n; i++) {
		char c = qid.p[i];

		if (ev->mta != MTA_EXIM && c >= 'a' && c <= 'z')
			return true;
		if (ev->mta == MTA_EXIM && i < 6)
			at = at * 62 + (c >= 'a' && c <= 'z' ? c - 'a' + 36 :
			    c >= 'A' && c <= 'Z' ? c - 'A' + 10 : c - '0');
	}
	return ev->mta == MTA_EXIM && at <= ev->ts + UTC_DAY && at >= ev->ts - UTC_DAY;
}

bool
edge_may_be_open(const struct correlate *c, const struct event *ev, struct slice qid)
{
	return c->edges != NULL && !is_unique(ev, qid);
}

void
edge_opened(struct correlate *c, const struct event *ev, struct slice qid, const struct record *r)
{
	struct opened o = { .ts = ev->ts, .host = ev->host, .instance = ev->instance };

	if (c->edges == NULL || r->foundling || is_unique(ev, qid))
		return;
	o.qid = hash_travel(qid, 11);
	buf_add(&c->edges->group[r->group - 1].opened,
	    (struct slice){ (const char *)&o, sizeof(o) });
}

void
edge_joined(struct correlate *c, struct record *r)
{
	struct edges *e = c->edges;
	struct cluster *w;
	struct group *to, *from;
	uint32_t old = r->group;

	if (e == NULL)
		return;
	w = &c->joins.item[r->cluster];
	if (w->group == 0)
		w->group = old;
	to = &e->group[w->group - 1];
	from = &e->group[old - 1];
	to->waiting = true;
	if (to == from)
		return;
	buf_add(&to->events, buf_slice(&from->events));
	buf_add(&to->opened, buf_slice(&from->opened));
	to->open += from->open;
	to->tainted |= from->tainted;
	r->group = w->group;
	e->owner = e->owner == old ? w->group : e->owner;
	group_free(e, old);
}

void
edge_verdict(struct correlate *c, uint32_t cluster, struct verdict_item *v, const struct event *ev)
{
	struct edges *e = c->edges;
	struct cluster *w = &c->joins.item[cluster];

	if (e == NULL)
		return;
	if (w->group == 0)
		w->group = group_new(e);
	e->group[w->group - 1].waiting = true;
	e->group[w->group - 1].tainted |= edge_is_near(c, ev, 0);
	e->owner = v->group = w->group;
	e->verdict = v;
}

bool
edge_is_tainted(const struct correlate *c, uint32_t group)
{
	return c->edges != NULL && c->edges->group[group - 1].tainted;
}

/* A refusal took it, and will not take it again. */
void
edge_take_verdict(struct correlate *c, const struct verdict_item *v)
{
	struct entry at;
	char *p;

	if (c->edges == NULL)
		return;
	p = c->edges->group[v->group - 1].events.p + v->entry;
	memcpy(&at, p, sizeof(at));
	at.dead = true;
	memcpy(p, &at, sizeof(at));
}

void
edge_closed(struct correlate *c, uint32_t record)
{
	struct record *r = &c->records.item[record];
	struct group *g = &c->edges->group[r->group - 1];

	r->group_next = g->closed;
	g->closed = record + 1;
	g->tainted |= !r->opened || r->foundling;
	g->open--;
	group_may_end(c->edges, r->group);
}

void
edge_window_over(struct correlate *c, uint32_t group, struct verdict_item *orphans)
{
	struct group *g = &c->edges->group[group - 1];

	g->waiting = false;
	g->orphans = orphans;
	group_may_end(c->edges, group);
}

static void
group_end(struct correlate *c, uint32_t i)
{
	struct edges *e = c->edges;
	struct group *g = &e->group[i - 1];
	struct opened o;
	uint32_t at = g->closed;

	while (at != 0) {
		uint32_t record = at - 1;

		at = c->records.item[record].group_next;
		if (g->tainted)
			record_free(&c->records, record);
		else
			correlate_ready(c, record);
	}
	if (g->tainted) {
		buf_add(&e->held, buf_slice(&g->events));
		verdict_items_free(g->orphans);
	} else {
		correlate_orphans(c, g->orphans);
		for (uint32_t k = 0; k < g->opened.n; k += (uint32_t)sizeof(o)) {
			memcpy(&o, g->opened.p + k, sizeof(o));
			edge_add_opened(e, &o);
		}
	}
	g->orphans = NULL;
	group_free(e, i);
}

static void
append(struct buf *out, uint64_t seq, const struct told *t, const struct event *ev)
{
	struct entry at = { .seq = seq };
	uint32_t from = out->n;

	buf_add(out, (struct slice){ (const char *)&at, sizeof(at) });
	pack_u(out, (t->session ? TOLD_SESSION : 0) | (t->tls ? TOLD_TLS : 0) |
	    (t->mismatch ? TOLD_MISMATCH : 0) | (t->cell ? TOLD_CELL : 0) |
	    (t->retry ? TOLD_RETRY : 0) | (t->place ? TOLD_PLACE : 0));
	pack_bytes(out, t->name);
	pack_bytes(out, t->cwd);
	event_pack(ev, out);
	at.size = out->n - from - (uint32_t)sizeof(at);
	memcpy(out->p + from, &at, sizeof(at));
}

static bool
hangs_on_others(const struct event *ev)
{
	return ev->type != EV_NONE && ev->type != EV_DNSBL && ev->type != EV_NO_RDNS;
}

void
edge_begin(struct correlate *c, const struct event *ev)
{
	struct edges *e = c->edges;

	edge_begin_at(c, correlate_time(c, ev->host, ev->ts));
	e->owner = 0;
	e->verdict = NULL;
	e->hold = false;
	e->told = (struct told){ 0 };
}

void
edge_keep(struct correlate *c, const struct event *ev)
{
	struct edges *e = c->edges;

	if (e->owner) {
		struct buf *events = &e->group[e->owner - 1].events;

		if (e->verdict != NULL)
			e->verdict->entry = events->n;
		append(events, e->seq++, &e->told, ev);
		e->group[e->owner - 1].tainted |= e->hold;
	} else if (hangs_on_others(ev) && (e->hold || edge_is_near(c, ev, 0))) {
		append(&e->held, e->seq++, &e->told, ev);
		c->out = NULL;
	}
	e->wide |= !edge_is_near(c, ev, 0);
	for (unsigned i = 0; i < e->endings; i++)
		group_end(c, e->ending[i]);
	e->endings = 0;
}

