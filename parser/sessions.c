/* See sessions.h. Over the limits, the one that began first gives way. */
#include "parser/sessions.h"

#include <stdlib.h>

#include "base/problem.h"

enum { SESSIONS_MAX = 65536, CLIENTS_MAX = 262144, NAME_BYTES = 255 };

struct session *
session_make(struct sessions *s, const struct event *ev, uint64_t tick)
{
	struct session *x = session_find(s, ev);
	unsigned before = s->pool.n;
	uint32_t i;

	if (ev->pid == 0)
		return NULL;
	if (x != NULL && memcmp(&x->addr, &ev->addr, sizeof(x->addr)) == 0)
		return x;
	if (x != NULL)
		session_end(s, x);
	if (s->pool.used == SESSIONS_MAX)	/* of processes that just vanished */
		session_end(s, &s->item[pool_oldest(&s->pool)]);
	i = pool_take(&s->pool);
	mem_grow(&s->item, &s->cap, i + 1, sizeof(*s->item));
	x = &s->item[i];
	*x = (struct session){ .tick = tick, .host = ev->host, .pid = ev->pid, .addr = ev->addr,
		.name = i > before ? NULL : x->name };
	pool_add(&s->pool, i, session_hash(ev));
	return x;
}

void
session_name(struct session *x, struct slice name)
{
	if (x->name == NULL)
		x->name = mem_resize(NULL, NAME_BYTES);
	name = slice_first(name, NAME_BYTES);
	if (name.n)
		memcpy(x->name, name.p, name.n);
	x->name_n = (uint8_t)name.n;
}

void
sessions_free(struct sessions *s)
{
	for (unsigned i = 1; i <= s->pool.n; i++)
		free(s->item[i].name);
	free(s->item);
	pool_free(&s->pool);
}

struct client *
client_new(struct clients *s, const struct event *ev, uint64_t tick)
{
	struct client *x;
	uint32_t i;

	if (s->pool.used == CLIENTS_MAX)
		client_end(s, &s->item[pool_oldest(&s->pool)]);
	i = pool_take(&s->pool);
	mem_grow(&s->item, &s->cap, i + 1, sizeof(*s->item));
	x = &s->item[i];
	*x = (struct client){ .tick = tick, .ts = ev->ts, .host = ev->host, .addr = ev->addr,
		.port = ev->port };
	pool_add(&s->pool, i, client_hash(ev));
	return x;
}

void
clients_free(struct clients *s)
{
	free(s->item);
	pool_free(&s->pool);
}
