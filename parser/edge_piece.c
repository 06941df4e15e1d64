/* See edge_private.h: what of a piece is tainted, and which events are held. */
#include <stdlib.h>

#include "base/problem.h"
#include "parser/edge_private.h"

void
edges_free(struct edges *e)
{
	if (e == NULL)
		return;
	buf_free(&e->held);
	free(e->host);
	free(e->moved);
	pids_free(&e->pids);
	free(e);
}

static struct edge_host *
host_of(struct edges *e, uint32_t host)
{
	if (host >= e->hosts) {
		mem_grow(&e->host, &e->hosts_cap, host + 1, sizeof(*e->host));
		while (e->hosts <= host)
			e->host[e->hosts++] = (struct edge_host){ .most = INT64_MIN };
	}
	return &e->host[host];
}

/* Whoever is behind the piece is to know how far each clock came, as long as that can matter. */
static void
note_clock(struct correlate *c, const struct event *ev)
{
	struct edges *e = c->edges;
	struct edge_host *h = host_of(e, ev->host);
	int64_t before = h->most;

	if (ev->ts <= before)
		return;
	h->most = ev->ts;
	if (h->moved || c->clock.past[SPAN_WEEK] > 0 || (c->clock.past[SPAN_HOUR] > 0 &&
	    before >= utc_floor(ev->ts, UTC_HOUR)))
		return;
	h->moved = true;
	mem_grow(&e->moved, &e->moves_cap, e->moves + 1, sizeof(*e->moved));
	e->moved[e->moves++] = ev->host;
}

void
edge_tick(struct correlate *c, const struct event *ev, bool first)
{
	struct edges *e = c->edges;

	if (!e->any) {
		e->any = true;
		e->from = ev->ts;
	}
	if (first && edge_is_near(c)) {
		entry_begin(c, ENTRY_FIRST);
		pack_u(&e->held, ev->host);
		pack_i(&e->held, ev->ts - e->from);
	}
	note_clock(c, ev);
}

/* Signs that hang on nothing come out at once, wherever they stand. */
static bool
hangs_on_others(const struct event *ev)
{
	return ev->type != EV_NONE && ev->type != EV_DNSBL && ev->type != EV_NO_RDNS;
}

void
edge_keep(struct correlate *c, const struct event *ev)
{
	static const struct told nothing;
	struct edges *e = c->edges;
	bool near = edge_is_near(c);

	if (!e->hold && !hangs_on_others(ev))
		return;
	entry_event(c, near ? &nothing : &e->told, ev);
	c->out = NULL;
}

static void
taint_record(struct correlate *c, struct record *r)
{
	if (r->tainted)
		return;
	entry_record(c, r);
	r->tainted = true;
}

void
edge_taint_window(struct correlate *c, uint32_t window)
{
	struct cluster *w = &c->joins.item[window];

	if (w->tainted)
		return;
	for (uint32_t i = w->records; i != 0; i = c->records.item[i].cluster_next)
		taint_record(c, &c->records.item[i]);
	for (const struct verdict_item *v = w->verdict; v != NULL; v = v->next)
		entry_verdict(c, w, v);
	w->tainted = true;
}

void
edge_window(struct correlate *c, struct slice message_id)
{
	uint32_t window = c->edges->hold ? join_find(&c->joins, message_id) : 0;

	if (window != 0)
		edge_taint_window(c, window);
}

/*
 * A message is known from its opener on. One of the same queue id from before the piece ends there:
 * the opener is past the minute in which it could be another line of it.
 */
void
edge_new_record(struct correlate *c, struct record *r, bool opener)
{
	struct edges *e = c->edges;

	if (!opener || e->unsure || edge_is_near(c)) {
		r->tainted = e->hold = true;
		return;
	}
	entry_begin(c, ENTRY_REOPENED);
	pack_u(&e->held, r->own_host);
	pack_u(&e->held, r->own_instance);
	pack_bytes(&e->held, record_qid(r));
}

/* A record may be there, or not, or the event itself: whatever it does hangs on that. */
bool
edge_perhaps(struct correlate *c, uint32_t record)
{
	struct edges *e = c->edges;
	bool perhaps = record == 0 ? edge_is_near(c) : c->records.item[record].perhaps;

	e->hold |= perhaps;
	e->unsure |= perhaps;
	return perhaps || (record != 0 && e->unsure);
}

void
edge_owner(struct correlate *c, struct record *r)
{
	r->perhaps = false;
	if (c->edges->unsure && r->cluster != 0)
		edge_taint_window(c, r->cluster);
	else if (c->edges->unsure)
		taint_record(c, r);
	c->edges->hold |= r->tainted;
}

void
edge_joined(struct correlate *c, struct record *r)
{
	if (c->joins.item[r->cluster].tainted)
		taint_record(c, r);
	else if (r->tainted)
		edge_taint_window(c, r->cluster);
}

void
edge_verdict(struct correlate *c, uint32_t window)
{
	struct edges *e = c->edges;

	e->hold |= c->joins.item[window].tainted || edge_is_near(c);
	if (e->hold)
		edge_taint_window(c, window);
}

void
edge_place(struct correlate *c, struct slice cwd)
{
	c->edges->told.place = true;
	c->edges->told.cwd = cwd;
}

static void
put_in_doubt(struct seen_slot *x)
{
	x->count[0] = x->count[1] = SEEN_DOUBT;
}

bool
edge_twin(struct correlate *c, struct seen_slot *x)
{
	if (edge_is_near(c))
		put_in_doubt(x);
	c->edges->told.twin = !seen_in_doubt(x);
	c->edges->hold |= seen_in_doubt(x);
	c->edges->unsure |= seen_in_doubt(x);
	return seen_in_doubt(x);
}

bool
edge_retry(struct correlate *c, struct seen_slot *x, bool retry)
{
	struct edges *e = c->edges;

	if (e->unsure && !seen_in_doubt(x) && (x->count[0] || x->count[1])) {
		entry_begin(c, ENTRY_SEEN);
		pack_u(&e->held, x->hash);
		pack_u(&e->held, x->count[0]);
		pack_u(&e->held, x->count[1]);
	}
	if (e->unsure || edge_is_near(c))
		put_in_doubt(x);
	e->hold |= seen_in_doubt(x);
	e->told.cell = !seen_in_doubt(x);
	e->told.retry = retry;
	return seen_in_doubt(x);
}

/* All that it may take instead is to be there when it is read again. */
bool
edge_wish(struct correlate *c, const struct orphan_wish *wish)
{
	struct edges *e = c->edges;
	struct look at = { 0 };
	struct cluster *w;
	unsigned found = 0;

	e->hold |= edge_is_near(c);
	while (!e->hold && (w = join_look(&c->joins, wish, &at)) != NULL)
		e->hold = w->tainted;
	if (!e->hold)
		return false;
	at = (struct look){ 0 };
	while ((w = join_look(&c->joins, wish, &at)) != NULL)
		if (!w->tainted && join_wished(w, wish, &found) != NULL)
			edge_taint_window(c, (uint32_t)(w - c->joins.item));
	return true;
}

void
edge_client(struct correlate *c, const struct client *p, const struct told *t)
{
	struct edges *e = c->edges;

	if (p != NULL && p->tainted) {
		e->hold = true;
	} else if (t != NULL) {
		e->told.client = true;
		e->told.ranked = t->ranked;
		e->told.pregreet = t->pregreet;
	}
}
