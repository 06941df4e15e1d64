/*
 * Sessions in a piece, by host and process. What a process says is known when its session began in
 * the piece: with the line of a name before "connect"; with "connect" itself, once no such line
 * from before can be meant.
 */
#include "base/problem.h"
#include "parser/edge_private.h"

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

	if (e->first)
		return true;
	for (i = table_first(&e->by_pid, h, &at); i != TABLE_NONE;
	     i = table_next(&e->by_pid, h, &at))
		if (e->pid[i] == key)
			return true;
	return false;
}

static bool
knows(const struct edges *e, const struct event *ev)
{
	return ev->pid == 0 || edge_knows_pid(e, pid_key(ev));
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
	struct edges *e = c->edges;
	uint64_t key = pid_key(ev);

	if (knows(e, ev))
		return;
	mem_grow(&e->pid, &e->pids_cap, e->pids + 1, sizeof(*e->pid));
	e->pid[e->pids] = key;
	table_add(&e->by_pid, hash_u64(key, 3), e->pids++);
}

void
edge_connect(struct correlate *c, const struct event *ev)
{
	if (c->clock.past[SPAN_MINUTE] > 0)
		edge_begin_session(c, ev);
}
