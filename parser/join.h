/*
 * join: the windows in which messages and verdicts of one message-id wait for each other; private
 * to parser/correlate*.c.
 *
 * A window (cluster) stays open until CORRELATE_WINDOW seconds of log time after its last item.
 * When it closes, later passages of one message are folded into its first (see join.c), and
 * verdicts are given to the records that fit.
 */
#ifndef PARSER_JOIN_H
#define PARSER_JOIN_H

#include "parser/record.h"

enum verdict_text { V_MESSAGE_ID, V_TESTS, V_SENDER, VERDICT_TEXTS };

struct verdict_item {
	struct verdict_item *next;
	int64_t ts;
	uint32_t host;
	int32_t score;
	uint32_t size;
	struct addr addr;
	uint8_t mta;
	bool spam, has_score, taken, has_addr;
	uint16_t n[VERDICT_TEXTS];	/* lengths of its texts, one behind the other: */
	char text[];
};

struct cluster {
	uint64_t hash;
	uint64_t tick;			/* of its last item */
	uint32_t records, records_tail;	/* chained by record.cluster_next; 0: none */
	struct verdict_item *verdict, **verdict_tail;
	uint32_t items;			/* records and verdicts */
	bool tainted;			/* of a piece: edge_private.h */
};

struct joins {			/* zeroed: empty */
	struct cluster *item;
	unsigned cap;
	struct pool pool;		/* by message-id, and last item */
	uint32_t waiting;		/* items of all windows */
	struct verdict_item *spare;	/* freed ones of the usual size */
};

/* The window of a message-id, made when there is none, for an item of that tick. */
uint32_t join_window(struct joins *j, struct slice message_id, uint64_t tick);
/* The same for an item of an earlier tick. */
uint32_t join_old_window(struct joins *j, struct slice message_id, uint64_t tick);
uint32_t join_find(const struct joins *j, struct slice message_id);	/* 0: none */
void join_record(struct joins *j, struct records *rs, uint32_t window, uint32_t record);
struct verdict_item *join_verdict(struct joins *j, uint32_t window, const struct event *ev);
struct slice verdict_text(const struct verdict_item *v, enum verdict_text which);
void verdict_free(struct joins *j, struct verdict_item *v);	/* for another one */
void verdict_items_free(struct verdict_item *list);		/* for good */
/*
 * Closes a window. Its records left it: returned is the first (by cluster_next; 0: none),
 * *orphans_r are the verdicts that found none (the caller frees them).
 */
uint32_t join_close(
    struct joins *j, struct records *rs, uint32_t window, struct verdict_item **orphans_r);
/* The oldest is closed soon, then the next: what that takes is fetched meanwhile. */
void join_expect(const struct joins *j, const struct records *rs);

struct orphan_wish {		/* for a spam verdict that no message has */
	int64_t from, until;		/* it was given between them */
	uint64_t past;			/* in a window whose last item came later */
	bool has_score;			/* it agrees with the score, if it has one */
	int32_t score;
};

struct look {			/* over the windows, zeroed at first */
	uint32_t window;
	unsigned looked;
};

/* The next window to be looked at, from the newest on; NULL: no more. */
struct cluster *join_look(struct joins *j, const struct orphan_wish *w, struct look *at);
/* The oldest of a window that is wished for, and is not taken; NULL: none. *found: counts all. */
struct verdict_item *
join_wished(const struct cluster *c, const struct orphan_wish *w, unsigned *found);
/* Of all windows. Of several *sure_r is false: it may be another message's. */
struct verdict_item *join_orphan(struct joins *j, const struct orphan_wish *w, bool *sure_r);
void joins_free(struct joins *j);

#endif
