/*
 * Sessions in a piece, by host and process. What a process says is known when its session began in
 * the piece: with the line of a name before "connect"; with "connect" itself, once no such line
 * from before can be meant.
 */
#include "base/problem.h"
#include "parser/edge_private.h"

static bool
knows(struct edges *e, const struct event *ev)
{
	return ev->pid == 0 || pids_has(&e->pids, ev->host, ev->pid);
}

struct told
edge_told(struct correlate *c, const struct event *ev)
{
	struct told t = { .session = true };
	const struct session *s;

	if (c->told != NULL && c->told->session)
		return *c->told;
	if ((s = session_of_client(&c->sessions, ev)) != NULL) {
		t.tls = s->tls;
		t.mismatch = s->mismatch;
		t.name = (struct slice){ s->name, s->mismatch ? s->name_n : 0 };
	}
	if (c->edges == NULL)
		return t;
	t.session = knows(c->edges, ev);
	c->edges->hold |= !t.session;
	c->edges->told.session = t.session;
	c->edges->told.tls = t.tls;
	c->edges->told.mismatch = t.mismatch;
	c->edges->told.name = t.name;
	return t;
}

void
edge_session(struct correlate *c, const struct event *ev)
{
	c->edges->hold |= !knows(c->edges, ev);
}

void
edge_begin_session(struct correlate *c, const struct event *ev)
{
	if (ev->pid != 0)
		pids_add(&c->edges->pids, ev->host, ev->pid);
}

void
edge_connect(struct correlate *c, const struct event *ev)
{
	if (c->clock.past[SPAN_MINUTE] > 0)
		edge_begin_session(c, ev);
}
