/* correlate_private: what parser/correlate.c, sessions.c and handlers*.c share; for nobody else. */
#ifndef PARSER_CORRELATE_PRIVATE_H
#define PARSER_CORRELATE_PRIVATE_H

#include "base/utc.h"
#include "parser/correlate.h"
#include "parser/join.h"
#include "parser/record.h"
#include "parser/seen.h"

struct session {		/* of one smtpd process, until it says disconnect */
	uint32_t host, pid;
	struct addr addr;
	bool tls, mismatch;
	uint8_t name_n;
	char *name;		/* the unverified reverse name: a block that stays */
};

struct pending {		/* of one postscreen client */
	int64_t ts;
	uint32_t host;
	struct addr addr;
	uint16_t port;
	bool ranked, pregreet, refused;
};

enum { SESSIONS_MAX = 65536, PENDING_MAX = 262144 };

/*
 * Clocks of hosts may differ by hours, and their lines may be mixed in one stream. What waits is
 * timed by the stream's clock, which runs with whichever host is ahead: a host's time and offset.
 */
struct host_clock {
	int64_t last, offset;
	uint32_t segment;		/* of another segment: not seen yet */
};

struct wait {			/* for the oldest of what waits */
	uint32_t head;			/* 0: it is not known */
	int64_t due;			/* it is not over up to this stream time */
};

/* What the lines before one had said of it, when it is read again; see edge.h. */
struct told {
	bool session, tls, mismatch;	/* session, cell, place: it is known for certain */
	bool cell, retry;
	bool place;
	struct slice name, cwd;		/* unverified name */
};

struct correlate {
	int64_t line_ts;		/* of the line before */
	uint32_t line_host;
	bool kept;			/* a record or orphan is to give, or is lent */
	struct message *out;		/* sign or refused, to give; NULL: none */
	struct edges *edges;		/* of a piece: edge_private.h; NULL: a whole stream */
	const struct told *told;	/* of an event that is read again */
	struct records records;
	struct joins joins;
	uint32_t max_open;
	int64_t now;			/* the stream's clock */
	struct host_clock *clock;	/* by host */
	unsigned clocks, clocks_cap;
	uint32_t segment;
	struct wait windows, clients, lost;	/* of joins, by_port, records */
	struct session *session;
	unsigned session_cap;
	struct pool by_pid;
	struct pending *pending;
	unsigned pending_cap;
	struct pool by_port;
	struct seen attempts, rejectlog;
	uint32_t *ready;
	unsigned ready_n, ready_at, ready_cap;
	uint32_t lent;			/* record to be freed by the next call; 0: none */
	struct verdict_item *orphans, **orphans_tail, *orphan_lent;
	struct correlate_counts counts;
	/* what correlate_next() lends; in the first two, what they never have stays empty */
	struct message sign, refused, mail;
	struct {			/* Exim's last "cwd=" */
		int64_t ts;
		uint32_t host, pid;
		uint16_t n;
		char text[512];
	} cwd;
};

/* A host's time as the stream's. */
static inline int64_t
correlate_time(const struct correlate *c, uint32_t host, int64_t ts)
{
	if (host >= c->clocks || c->clock[host].segment != c->segment)
		return ts;
	return ts + c->clock[host].offset;
}

/* No client chooses these: a multiplication spreads them well enough. */
static inline uint64_t
session_hash(uint32_t host, uint32_t pid)
{
	return ((uint64_t)host << 32 | pid) * 0x9e3779b97f4a7c15u;
}

void correlate_retire(struct correlate *c, uint32_t record, enum message_state state);
void correlate_ready(struct correlate *c, uint32_t record);	/* to be given out */
/* Spam verdicts that no message took are given out, all are freed. */
void correlate_orphans(struct correlate *c, struct verdict_item *list);
void correlate_until(struct correlate *c, int64_t now);	/* stream time has come so far */
void correlate_set_clock(struct correlate *c, uint32_t host, int64_t last, int64_t offset);

/* True: correlate_next() has messages. */
typedef bool handler(struct correlate *c, const struct event *ev);
/* handlers.c */
extern handler *const correlate_handlers[EV_TYPES];	/* one for each type */
uint32_t record_find(const struct correlate *c, const struct event *ev, struct slice qid);
handler refuse_record;		/* of the event's queue id */
/* handlers_session.c */
handler on_connect, on_tls, on_disconnect, on_rdns_mismatch, on_no_rdns, on_reject,
    on_sasl_fail, on_protocol, on_dnsbl, on_dnsbl_rank, on_pass, on_hangup;

/* sessions.c */
/* Of the event's process. */
static inline struct session *
session_find(const struct correlate *c, const struct event *ev)
{
	uint64_t h = session_hash(ev->host, ev->pid);

	for (uint32_t i = pool_first(&c->by_pid, h); i != 0; i = pool_next(&c->by_pid, i, h))
		if (c->session[i].pid == ev->pid && c->session[i].host == ev->host)
			return &c->session[i];
	return NULL;
}

/* The same, only if it is of the event's client. The makers need one whose client is known. */
static inline struct session *
session_of_client(const struct correlate *c, const struct event *ev)
{
	struct session *s = ev->has_addr ? session_find(c, ev) : NULL;

	return s != NULL && memcmp(&s->addr, &ev->addr, sizeof(s->addr)) == 0 ? s : NULL;
}

/* For certain, nothing was said of it. */
static inline bool
session_is_silent(const struct correlate *c, const struct event *ev)
{
	return c->edges == NULL && c->told == NULL && session_of_client(c, ev) == NULL;
}

struct session *session_make(struct correlate *c, const struct event *ev);
void session_end(struct correlate *c, struct session *s);
void session_name(struct session *s, struct slice name);	/* the unverified one; copied */
void sessions_free(struct correlate *c);
struct pending *pending_find(const struct correlate *c, const struct event *ev);
struct pending *pending_make(struct correlate *c, const struct event *ev);
void pending_drop(struct correlate *c, struct pending *p);

#endif
