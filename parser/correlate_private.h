/* correlate_private: what parser/correlate.c, sessions.c and handlers*.c share; for nobody else. */
#ifndef PARSER_CORRELATE_PRIVATE_H
#define PARSER_CORRELATE_PRIVATE_H

#include "base/buf.h"
#include "base/utc.h"
#include "parser/clock.h"
#include "parser/correlate.h"
#include "parser/join.h"
#include "parser/record.h"
#include "parser/seen.h"
#include "parser/sessions.h"
#include "parser/splits.h"

/* What the lines before one had told, when it is read again in another place: see edge.h. */
struct told {
	bool session, tls, mismatch;	/* session, cell, ...: it is known for certain */
	bool cell, retry;
	bool place;
	bool twin;			/* it is none of a line that came before */
	bool client, ranked, pregreet;	/* postscreen's */
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
	struct clock clock;
	uint32_t window;		/* the oldest, if it is known that */
	uint64_t window_due;		/* it is not over until that tick is past; */
	uint64_t client_due, record_due;	/* none is */
	struct sessions sessions;
	struct clients clients;		/* of postscreen */
	struct seen attempts, rejectlog;
	bool no_rejectlog;		/* nothing has a twin */
	void (*hear)(void *context, uint64_t client);	/* NULL: nobody wants to */
	void *hearer;
	uint32_t *ready;
	unsigned ready_n, ready_at, ready_cap;
	uint32_t lent;			/* record to be freed by the next call; 0: none */
	struct verdict_item *orphans, **orphans_tail, *orphan_lent;
	struct splits splits;
	struct buf last;		/* packed events: of each log the last line */
	struct correlate_counts counts;
	/* what correlate_next() lends; in the first two, what they never have stays empty */
	struct message sign, refused, mail;
	struct {			/* Exim's last "cwd=" */
		int64_t ts;
		uint64_t tick;
		uint32_t host, pid;
		uint16_t n;
		char text[512];
	} cwd;
};

static inline bool
correlate_is_past(const struct correlate *c, enum clock_span span, uint64_t tick)
{
	return tick <= c->clock.past[span];
}

/* A window of that last item. */
static inline bool
correlate_is_over(const struct correlate *c, uint64_t tick)
{
	return tick <= c->clock.past[SPAN_WINDOW] || tick <= c->clock.past[SPAN_STEP];
}

static inline uint64_t
correlate_most_waiting(const struct correlate *c)
{
	return 2 * (uint64_t)c->max_open;
}

void correlate_retire(struct correlate *c, uint32_t record, enum message_state state);
/* The event's tick begins, if it is another one's than that of the line before. */
void correlate_time(struct correlate *c, const struct event *ev);
void correlate_force(struct correlate *c);	/* no more than max_open are open */
void correlate_crowded(struct correlate *c);	/* not too many wait in windows */
void correlate_pass(struct correlate *c);	/* what is past meanwhile is over */
/* Something waits now that came before others that do. */
static inline void
correlate_mixed(struct correlate *c)
{
	c->window = 0;
	c->client_due = c->record_due = 0;
}

/* True: correlate_next() has messages. */
typedef bool handler(struct correlate *c, const struct event *ev);
/* handlers.c */
extern handler *const correlate_handlers[EV_TYPES];	/* one for each type */
handler refuse_record;		/* of the event's queue id */
/* handlers_record.c */
/* The open record of a queue id; 0: there is none. */
uint32_t record_find(struct correlate *c, uint32_t host, uint32_t instance, struct slice qid);
void record_over(struct correlate *c, uint32_t record);	/* its queue id is another's now */
uint64_t record_key(uint32_t host, uint32_t instance, struct slice qid);
/* The record of the event's queue id, made when there is none; of an opener; of CHILD_ID. */
struct record *record_of(struct correlate *c, const struct event *ev);
struct record *record_opened(struct correlate *c, const struct event *ev);
struct record *record_child(struct correlate *c, const struct event *ev);
/* If there is one: NULL. In a piece there may be one from before. */
struct record *record_perhaps(struct correlate *c, const struct event *ev);
/* handlers_session.c; of on_repeat and on_part correlate_part.c */
handler on_connect, on_tls, on_disconnect, on_rdns_mismatch, on_no_rdns, on_reject, on_repeat,
    on_part, on_sasl_fail, on_protocol, on_dnsbl, on_dnsbl_rank, on_pass, on_hangup;

/* postscreen's client, if it is there and not past; and made when it is not. */
struct client *correlate_client(struct correlate *c, const struct event *ev);
struct client *correlate_new_client(struct correlate *c, const struct event *ev);

#endif
