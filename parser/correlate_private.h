/* correlate_private: what parser/correlate.c, sessions.c and handlers*.c share; for nobody else. */
#ifndef PARSER_CORRELATE_PRIVATE_H
#define PARSER_CORRELATE_PRIVATE_H

#include "base/utc.h"
#include "parser/correlate.h"
#include "parser/join.h"
#include "parser/record.h"
#include "parser/seen.h"
#include "parser/sessions.h"

/*
 * Clocks of hosts may differ by hours, and their lines may be mixed in one stream. What waits is
 * timed by the stream's clock, which runs with whichever host is ahead: a host's time and offset.
 */
struct host_clock {
	int64_t last, offset;
	uint32_t segment;		/* of another segment: not seen yet */
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
	bool shifted;			/* some clock is, or was turned back */
	uint32_t window;		/* the oldest, if it is known that */
	int64_t window_due;		/* it is not over up to this stream time; */
	int64_t client_due, record_due;	/* none is */
	struct sessions sessions;
	struct clients clients;		/* of postscreen */
	struct seen attempts, rejectlog;
	bool no_rejectlog;		/* nothing has a twin */
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

/* What is known of the event's session, which may have begun before the piece. */
struct told edge_session(struct correlate *c, const struct event *ev);

static inline struct told
session_told(struct correlate *c, const struct event *ev)
{
	const struct session *s;

	if (c->edges != NULL || c->told != NULL)
		return edge_session(c, ev);
	s = session_of_client(&c->sessions, ev);
	if (s == NULL)
		return (struct told){ .session = true };
	return (struct told){ .session = true, .tls = s->tls, .mismatch = s->mismatch,
		.name = { s->name, s->mismatch ? s->name_n : 0 } };
}

#endif
