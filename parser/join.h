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
	uint32_t group, entry;		/* see edge_private.h */
	struct addr addr;
	uint8_t mta;
	bool spam, has_score, taken, has_addr;
	uint16_t n[VERDICT_TEXTS];	/* lengths of its texts, one behind the other: */
	char text[];
};

struct cluster {
	uint64_t hash;
	int64_t last_ts;
	uint32_t records, records_tail;	/* chained by record.cluster_next; 0: none */
	uint32_t host;		/* of its first record or else verdict: by its clock it is timed */
	struct verdict_item *verdict, **verdict_tail;
	uint32_t group;			/* see edge_private.h; index + 1, 0: none yet */
};

struct joins {			/* zeroed: empty */
	struct cluster *item;
	unsigned cap;
	struct pool pool;		/* by message-id, and last item */
	struct verdict_item *spare;	/* freed ones of the usual size */
};

/* A record learned its message-id at ts. */
void join_record(
    struct joins *j, struct records *rs, uint32_t record, struct slice message_id, int64_t ts);
/* A verdict of the event waits by its message-id; the number of its window. */
uint32_t join_verdict(struct joins *j, const struct event *ev, struct verdict_item **v_r);
struct slice verdict_text(const struct verdict_item *v, enum verdict_text which);
void verdict_free(struct joins *j, struct verdict_item *v);	/* for another one */
void verdict_items_free(struct verdict_item *list);		/* for good */
/*
 * Closes the oldest window, which must be there. Its records left it: returned is the first (by
 * cluster_next; 0: none), *orphans_r are the verdicts that found none (the caller frees
 * them).
 */
uint32_t join_close(struct joins *j, struct records *rs, struct verdict_item **orphans_r);
/* The oldest is closed soon, then the next: what that takes is fetched meanwhile. */
void join_expect(const struct joins *j, const struct records *rs);
/*
 * Marks as taken and returns the only untaken spam verdict of a window without records, given
 * between from and until (and, if score is known, agreeing with it); NULL if none. With several
 * candidates the oldest is taken but *sure_r is false: it may be another message's.
 */
struct orphan_wish {
	int64_t from, until;
	bool has_score;
	int32_t score;
	bool (*doubtful)(const void *context, uint32_t group);	/* of one: none is taken; or NULL */
	const void *context;
};

struct verdict_item *
join_take_orphan(struct joins *j, const struct orphan_wish *w, bool *sure_r, bool *doubt_r);
void joins_free(struct joins *j);

#endif
