/* Sessions by process, and postscreen clients by port. See correlate_private.h. */
#include "parser/correlate_private.h"

#include <stdlib.h>

#include "base/problem.h"
#include "base/table.h"

enum { NAME_MAX_BYTES = 255 };

void
session_end(struct correlate *c, struct session *s)
{
	uint32_t i = (uint32_t)(s - c->session);

	pool_remove(&c->by_pid, i);
	pool_give(&c->by_pid, i);
}

void
session_name(struct session *s, struct slice name)
{
	if (s->name == NULL)
		s->name = mem_resize(NULL, NAME_MAX_BYTES);
	name = slice_first(name, NAME_MAX_BYTES);
	if (name.n)
		memcpy(s->name, name.p, name.n);
	s->name_n = (uint8_t)name.n;
}

struct session *
session_make(struct correlate *c, const struct event *ev)
{
	struct session *s = session_find(c, ev);
	unsigned before = c->by_pid.n;
	uint32_t i;

	if (ev->pid == 0)
		return NULL;
	if (s != NULL && memcmp(&s->addr, &ev->addr, sizeof(s->addr)) == 0)
		return s;
	if (s != NULL)
		session_end(c, s);
	if (c->by_pid.used == SESSIONS_MAX)	/* of processes that just vanished */
		session_end(c, &c->session[pool_oldest(&c->by_pid)]);
	i = pool_take(&c->by_pid);
	mem_grow(&c->session, &c->session_cap, i + 1, sizeof(*c->session));
	s = &c->session[i];
	*s = (struct session){ .host = ev->host, .pid = ev->pid, .addr = ev->addr,
		.name = i > before ? NULL : s->name };
	pool_add(&c->by_pid, i, session_hash(ev->host, ev->pid));
	return s;
}

void
sessions_free(struct correlate *c)
{
	for (unsigned i = 1; i <= c->by_pid.n; i++)
		free(c->session[i].name);
	free(c->session);
	pool_free(&c->by_pid);
	free(c->pending);
	pool_free(&c->by_port);
}

static inline uint64_t
pending_hash(const struct event *ev)
{
	const char *addr = (const char *)ev->addr.b;

	return hash_words(
	    swar_load(addr), swar_load(addr + 8), (uint64_t)ev->host << 32 | ev->port);
}

static inline struct pending *
find(const struct correlate *c, const struct event *ev, uint64_t h)
{
	for (uint32_t i = pool_first(&c->by_port, h); i != 0; i = pool_next(&c->by_port, i, h)) {
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
	if (!ev->has_addr || c->by_port.used == 0)
		return NULL;
	return find(c, ev, pending_hash(ev));
}

void
pending_drop(struct correlate *c, struct pending *p)
{
	uint32_t i = (uint32_t)(p - c->pending);

	pool_remove(&c->by_port, i);
	pool_give(&c->by_port, i);
}

struct pending *
pending_make(struct correlate *c, const struct event *ev)
{
	uint64_t h = pending_hash(ev);
	struct pending *p = find(c, ev, h);
	uint32_t i;

	if (p != NULL)
		return p;
	if (c->by_port.used == PENDING_MAX)	/* the oldest gives way */
		pending_drop(c, &c->pending[pool_oldest(&c->by_port)]);
	i = pool_take(&c->by_port);
	mem_grow(&c->pending, &c->pending_cap, i + 1, sizeof(*c->pending));
	p = &c->pending[i];
	*p = (struct pending){ .ts = ev->ts, .host = ev->host, .addr = ev->addr,
		.port = ev->port };
	pool_add(&c->by_port, i, h);
	return p;
}
