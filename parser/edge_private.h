/*
 * edge_private: how a correlator of a piece keeps events back; for parser/correlate.c, handlers*.c
 * and edge*.c only. See edge.h. Nothing of it exists in a correlator of a whole stream.
 *
 * Records that wait for each other, and verdicts, form a group. A group ends when its records are
 * closed and its window is over. If nothing in it may hang on what came before the piece (an event
 * near the begin, a record whose first line is no opener, a session that began before), its
 * messages come out and its events are forgotten; else the events are held.
 */
#ifndef PARSER_EDGE_PRIVATE_H
#define PARSER_EDGE_PRIVATE_H

#include "base/table.h"
#include "parser/correlate_private.h"
#include "parser/edge.h"

struct entry {				/* before each event that is kept */
	uint64_t seq;
	uint32_t size;			/* of what stands behind it */
	bool dead;
};

enum { TOLD_SESSION = 1, TOLD_TLS = 2, TOLD_MISMATCH = 4, TOLD_CELL = 8, TOLD_RETRY = 16,
	TOLD_PLACE = 32, TOLD_ALL = 63 };

struct opened {				/* a queue id that may come back, and when it was opened */
	uint64_t qid;			/* hash_travel() */
	int64_t ts;
	uint32_t host, instance;
};

struct group {
	struct buf events;		/* entries */
	struct buf opened;		/* struct opened: of its records */
	uint32_t open;			/* records not closed */
	uint32_t closed;		/* chain of those that are: index + 1, record.group_next */
	uint32_t next_free;
	struct verdict_item *orphans;
	bool used, waiting;		/* in a window */
	bool tainted;			/* hangs on what came before */
};

struct edges {
	int64_t from;			/* stream time of the first event */
	bool any;
	bool wide;			/* some event was not near */
	uint64_t seq;			/* events so far: their order */
	struct group *group;
	unsigned groups, groups_cap;
	uint32_t free_group;		/* index + 1 */
	uint32_t *ending;		/* groups that end with the event in hand */
	unsigned endings, endings_cap;
	uint64_t *pid;			/* (host, pid) whose sessions began in the piece */
	unsigned pids, pids_cap;
	struct table by_pid;
	struct buf held;
	struct opened *opened;		/* of messages that came out, each id once */
	unsigned openeds, openeds_cap;
	struct table by_opened;
	/* of the event in hand */
	uint32_t owner;			/* its group, index + 1 */
	struct verdict_item *verdict;	/* that it made */
	bool hold;			/* it hangs on what came before */
	struct told told;
};

/* At most that many seconds behind EDGE_WIDTH. Whole streams have no begin, here and below. */
bool edge_is_near(const struct correlate *c, const struct event *ev, int64_t further);
void edge_hold(struct correlate *c);	/* the event in hand hangs on what came before */
/* A refusal is a retry, as its cell says: or as was told. */
bool edge_retry(struct correlate *c, const struct event *ev, bool retry);
struct slice edge_place(struct correlate *c, const struct event *ev, struct slice cwd);
void edge_session_line(struct correlate *c, const struct event *ev);	/* for this one: */
static inline void
edge_note_session(struct correlate *c, const struct event *ev)	/* it begins or ends one */
{
	if (c->edges != NULL)
		edge_session_line(c, ev);
}
void edge_new_record(struct correlate *c, const struct event *ev, struct record *r);
static inline void
edge_owner(struct correlate *c, const struct record *r)	/* the event is of it */
{
	if (c->edges != NULL)
		c->edges->owner = r->group;
}
/* A message with that queue id may have been opened before the piece, and be open still. */
bool edge_may_be_open(const struct correlate *c, const struct event *ev, struct slice qid);
/* It was opened under that queue id. */
void
edge_opened(struct correlate *c, const struct event *ev, struct slice qid, const struct record *r);
void edge_joined(struct correlate *c, struct record *r);	/* to its cluster */
void
edge_verdict(struct correlate *c, uint32_t cluster, struct verdict_item *v, const struct event *ev);
bool edge_is_tainted(const struct correlate *c, uint32_t group);
void edge_take_verdict(struct correlate *c, const struct verdict_item *v);
/* A record is closed, and in no window. */
void edge_closed(struct correlate *c, uint32_t record);
void edge_window_over(struct correlate *c, uint32_t group, struct verdict_item *orphans);
void edge_begin_at(struct correlate *c, int64_t ts);	/* unless it has begun */
/* Before and behind each event of a piece. */
void edge_begin(struct correlate *c, const struct event *ev);
void edge_keep(struct correlate *c, const struct event *ev);
void edges_free(struct edges *e);
bool edge_knows_pid(const struct edges *e, uint64_t key);
void edge_add_pid(struct edges *e, uint64_t key);
void edge_add_opened(struct edges *e, const struct opened *o);
/* edge_context.c */
void context_pack(const struct correlate *c, struct buf *out);
void
context_unpack(
    struct correlate *c, struct unpack *u, int64_t from, const uint32_t *name, uint32_t names);

#endif
