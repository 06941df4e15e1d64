/*
 * edge_private: how a correlator of a piece tells what hangs on what came before; for
 * parser/correlate.c, sessions.c, handlers*.c and edge*.c only. See edge.h. Nothing of it exists in
 * a correlator of a whole stream: c->edges is NULL there, and nothing is tainted.
 *
 * Tainted is what may be another thing, or none, when more is known: records (perhaps: not even
 * that there is one can be told), windows, postscreen's clients; the sessions of processes that are
 * not known, cells that are in doubt. Whatever is made or met near the begin of the piece is
 * tainted: until that is past (clock.h) something from before may be there. Behind it only a
 * message that the piece did not see opened is, a session that it did not see begin, and what they
 * meet.
 *
 * An event that meets something tainted is held, and is read again later. Until then all that it
 * may touch, in any case, is tainted too: what was certain so far is put before it as it stands.
 * What was certain in it, and is not to be looked up again, goes with it (struct told).
 */
#ifndef PARSER_EDGE_PRIVATE_H
#define PARSER_EDGE_PRIVATE_H

#include "parser/correlate_private.h"
#include "parser/edge.h"
#include "parser/edge_pids.h"

/* What stands in a row of entries. END begins the context. */
enum entry { ENTRY_EVENT, ENTRY_FIRST, ENTRY_REOPENED, ENTRY_RECORD, ENTRY_VERDICT, ENTRY_SEEN,
	ENTRY_END, ENTRIES };

enum { EDGE_HOSTS = 1 << 20 };

struct edge_host {
	int64_t most;			/* its greatest stamp */
	bool moved;			/* since it was told */
};

struct edges {
	bool any;
	int64_t from;
	struct buf held;
	uint64_t tick, past[SPANS];	/* as the last entry told them */
	struct edge_host *host;
	unsigned hosts, hosts_cap;
	uint32_t *moved;		/* hosts whose clocks are to be told with the next entry */
	unsigned moves, moves_cap;
	struct pids pids;		/* whose session began in the piece */
	/* of the event in hand */
	bool hold;			/* its outcome hangs on what came before */
	bool unsure;			/* even whether it goes on as it does here */
	struct told told;
};

/* edge_piece.c */
void edges_free(struct edges *e);
void edge_tick(struct correlate *c, const struct event *ev, bool first);	/* of its host */
void edge_keep(struct correlate *c, const struct event *ev);	/* behind each event */
void edge_new_record(struct correlate *c, struct record *r, bool opener);
bool edge_perhaps(struct correlate *c, uint32_t record);	/* 0: the piece knows of none */
void edge_owner(struct correlate *c, struct record *r);	/* the event is of it, which is not new */
void edge_joined(struct correlate *c, struct record *r);	/* to its window */
void edge_verdict(struct correlate *c, uint32_t window);	/* comes to it */
void edge_window(struct correlate *c, struct slice message_id);	/* before an event comes to it */
void edge_taint_window(struct correlate *c, uint32_t window);
void edge_place(struct correlate *c, struct slice cwd);
bool edge_twin(struct correlate *c, struct seen_slot *x);	/* it cannot be told */
bool edge_retry(struct correlate *c, struct seen_slot *x, bool retry);	/* it cannot be told */
bool edge_wish(struct correlate *c, const struct orphan_wish *wish);	/* it must wait */
/* Of postscreen's client p, if it is there, t is told, if it is wanted. */
void edge_client(struct correlate *c, const struct client *p, const struct told *t);

/* What came before the piece may still be in a window. */
static inline bool
edge_is_near(const struct correlate *c)
{
	return c->clock.past[SPAN_WINDOW] == 0;
}

/* Before each event. */
static inline void
edge_begin(struct correlate *c)
{
	struct told *t = &c->edges->told;

	c->edges->hold = c->edges->unsure = false;
	t->session = t->cell = t->place = t->twin = t->client = false;
}

/* edge_session.c */
/* As session_told(), in a piece or for an event that is read again. */
struct told edge_told(struct correlate *c, const struct event *ev);
void edge_session(struct correlate *c, const struct event *ev);
void edge_begin_session(struct correlate *c, const struct event *ev);
void edge_connect(struct correlate *c, const struct event *ev);

/* What is known of the event's session; not .session: it may have begun before the piece. */
static inline struct told
session_told(struct correlate *c, const struct event *ev)
{
	const struct session *s;

	if (c->edges != NULL || c->told != NULL)
		return edge_told(c, ev);
	if ((s = session_of_client(&c->sessions, ev)) == NULL)
		return (struct told){ .session = true };
	return (struct told){ .session = true, .tls = s->tls, .mismatch = s->mismatch,
		.name = { s->name, s->mismatch ? s->name_n : 0 } };
}

/* edge_entry.c */
void entry_begin(struct correlate *c, enum entry kind);	/* what follows is appended to held */
void entry_event(struct correlate *c, const struct told *t, const struct event *ev);
void entry_record(struct correlate *c, const struct record *r);
void entry_verdict(struct correlate *c, const struct cluster *w, const struct verdict_item *v);
/* What is left of the begin of an entry when its kind was read; then c stands at its tick. */
enum entry entry_head(struct correlate *c, struct edge_reader *r, struct unpack *u);
void entry_read(struct correlate *c, struct edge_reader *r, enum entry kind);

/* edge_context.c */
void context_pack(struct correlate *c, struct buf *out);
void context_unpack(struct correlate *c, struct edge_reader *r);

#endif
