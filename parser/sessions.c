/* Sessions by process, and postscreen clients by port. See correlate_private.h. */
#include "parser/correlate_private.h"

#include <stdlib.h>

#include "base/problem.h"

static uint64_t
session_hash(uint32_t host, uint32_t pid)
{
	return hash_u64((uint64_t)host << 32 | pid, 1);
}

struct session *
session_find(const struct correlate *c, const struct event *ev)
{
	uint64_t h;
	uint32_t at, i;

	if (ev->pid == 0)
		return NULL;
	h = session_hash(ev->host, ev->pid);
	for (i = table_first(&c->by_pid, h, &at); i != TABLE_NONE;
	     i = table_next(&c->by_pid, h, &at))
		if (c->session[i].pid == ev->pid && c->session[i].host == ev->host)
			return &c->session[i];
	return NULL;
}

struct session *
session_of_client(const struct correlate *c, const struct event *ev)
{
	struct session *s = ev->has_addr ? session_find(c, ev) : NULL;

	return s != NULL && memcmp(&s->addr, &ev->addr, sizeof(s->addr)) == 0 ? s : NULL;
}

void
session_end(struct correlate *c, struct session *s)
{
	uint32_t i = (uint32_t)(s - c->session);

	table_remove(&c->by_pid, session_hash(s->host, s->pid), i);
	s->next_free = c->session_free;
	c->session_free = i + 1;
}

void
session_name(struct session *s, struct slice name)
{
	s->name = mem_resize(s->name, name.n);
	if (name.n)
		memcpy(s->name, name.p, name.n);
	s->name_n = (uint8_t)name.n;
}

/* For a new one: that of one that ended, or another. */
static struct session *
session_place(struct correlate *c)
{
	struct session *s;

	if (c->session_free) {
		s = &c->session[c->session_free - 1];
		c->session_free = s->next_free;
		return s;
	}
	if (c->sessions == SESSIONS_MAX)	/* of processes that just vanished; start over */
		sessions_free(c);
	mem_grow(&c->session, &c->sessions_cap, c->sessions + 1, sizeof(*s));
	s = &c->session[c->sessions++];
	s->name = NULL;
	return s;
}

struct session *
session_make(struct correlate *c, const struct event *ev)
{
	struct session *s = session_find(c, ev);

	if (ev->pid == 0)
		return NULL;
	if (s != NULL && memcmp(&s->addr, &ev->addr, sizeof(s->addr)) == 0)
		return s;
	if (s != NULL)
		session_end(c, s);
	s = session_place(c);
	*s = (struct session){ .host = ev->host, .pid = ev->pid, .addr = ev->addr,
		.name = s->name };
	table_add(&c->by_pid, session_hash(ev->host, ev->pid), (uint32_t)(s - c->session));
	return s;
}

void
sessions_free(struct correlate *c)
{
	for (unsigned i = 0; i < c->sessions; i++)
		free(c->session[i].name);
	free(c->session);
	c->session = NULL;
	c->sessions = c->sessions_cap = c->session_free = 0;
	table_free(&c->by_pid);
}

static uint64_t
pending_hash(const struct event *ev)
{
	uint64_t word[2];

	memcpy(word, &ev->addr, sizeof(word));
	return hash_words(word[0], word[1], (uint64_t)ev->host << 32 | ev->port);
}

static struct pending *
find(const struct correlate *c, const struct event *ev, uint64_t h)
{
	uint32_t at, i;

	for (i = table_first(&c->by_port, h, &at); i != TABLE_NONE;
	     i = table_next(&c->by_port, h, &at)) {
		struct pending *p = &c->pending[i];

		if (p->port == ev->port && p->host == ev->host &&
		    memcmp(&p->addr, &ev->addr, sizeof(p->addr)) == 0)
			return p;
	}
	return NULL;
}

struct pending *
pending_find(const struct correlate *c, const struct event *ev)
{
	if (!ev->has_addr || c->pending_at == c->pending_n)
		return NULL;
	return find(c, ev, pending_hash(ev));
}

void
pending_drop(struct correlate *c, struct pending *p)
{
	table_remove(&c->by_port, p->hash, (uint32_t)(p - c->pending));
	p->dead = true;
	while (c->pending_at < c->pending_n && c->pending[c->pending_at].dead)
		c->pending_at++;
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
	uint64_t h = pending_hash(ev);
	struct pending *p = find(c, ev, h);

	if (p != NULL)
		return p;
	pending_room(c);
	p = &c->pending[c->pending_n];
	*p = (struct pending){ .hash = h, .ts = ev->ts, .host = ev->host, .addr = ev->addr,
		.port = ev->port };
	table_add(&c->by_port, h, c->pending_n++);
	return p;
}
