/*
 * sessions: what was said of a client before there is a queue id; private to parser/correlate*.c.
 *
 * Sessions by host and process: a Postfix smtpd's, until it says disconnect. Clients by host,
 * address and port: postscreen's, until they are refused, passed or gone. Of either only what is
 * worth keeping. An event that makes one has a client.
 */
#ifndef PARSER_SESSIONS_H
#define PARSER_SESSIONS_H

#include "parser/event.h"
#include "parser/pool.h"
#include "base/short_text.h"

struct session {
	uint64_t tick;		/* when it was made */
	uint32_t host, pid;
	struct addr addr;
	bool tls, mismatch;
	bool fresh;		/* made before its "connect", which is still to come */
	uint8_t name_n;
	char *name;		/* the unverified reverse name: a block that stays */
};

struct sessions {		/* zeroed: empty */
	struct session *item;
	unsigned cap;
	struct pool pool;	/* by process */
};

struct client {
	uint64_t tick;		/* when it was made */
	int64_t ts;
	uint32_t host;
	struct addr addr;
	uint16_t port;
	bool ranked, pregreet, refused;
	bool tainted;		/* of a piece: edge_private.h */
};

struct clients {		/* zeroed: empty */
	struct client *item;
	unsigned cap;
	struct pool pool;	/* by address and port; the oldest began first */
};

/* Nobody chooses these: a multiplication spreads them well enough. */
static inline uint64_t
session_hash(const struct event *ev)
{
	return ((uint64_t)ev->host << 32 | ev->pid) * 0x9e3779b97f4a7c15u;
}

/* Of the event's process. */
static inline struct session *
session_find(const struct sessions *s, const struct event *ev)
{
	uint64_t h = session_hash(ev);

	for (uint32_t i = pool_first(&s->pool, h); i != 0; i = pool_next(&s->pool, i, h))
		if (s->item[i].pid == ev->pid && s->item[i].host == ev->host)
			return &s->item[i];
	return NULL;
}

/* The same, only if it is of the event's client. */
static inline struct session *
session_of_client(const struct sessions *s, const struct event *ev)
{
	struct session *x = ev->has_addr ? session_find(s, ev) : NULL;

	return x != NULL && memcmp(&x->addr, &ev->addr, sizeof(x->addr)) == 0 ? x : NULL;
}

/* NULL: the process is not known. */
struct session *session_make(struct sessions *s, const struct event *ev, uint64_t tick);
void session_name(struct session *x, struct slice name);	/* the unverified one; copied */
void sessions_free(struct sessions *s);

static inline void
session_end(struct sessions *s, const struct session *x)
{
	pool_drop(&s->pool, (uint32_t)(x - s->item));
}

static inline uint64_t
client_hash(const struct event *ev)
{
	const char *addr = (const char *)ev->addr.b;

	return text_hash_words(
	    swar_load(addr), swar_load(addr + 8), (uint64_t)ev->host << 32 | ev->port);
}

static inline struct client *
client_find(const struct clients *s, const struct event *ev)
{
	uint64_t h = client_hash(ev);

	for (uint32_t i = pool_first(&s->pool, h); i != 0; i = pool_next(&s->pool, i, h)) {
		struct client *x = &s->item[i];

		if (x->port == ev->port && x->host == ev->host &&
		    memcmp(&x->addr, &ev->addr, sizeof(x->addr)) == 0)
			return ev->has_addr ? x : NULL;
	}
	return NULL;
}

/* One that is not there yet. */
struct client *client_new(struct clients *s, const struct event *ev, uint64_t tick);
void clients_free(struct clients *s);

static inline void
client_end(struct clients *s, const struct client *x)
{
	pool_drop(&s->pool, (uint32_t)(x - s->item));
}

#endif
