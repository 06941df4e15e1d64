/*
 * record: one open message inside the correlator, with its texts; private to parser/correlate*.c.
 *
 * Texts are written one behind the other into the record's own block, each behind its kind and
 * length; the last one of a kind counts. A small block stays for the next record in its place.
 * Records live in a dense array; a number (pool.h) stays valid until record_free().
 */
#ifndef PARSER_RECORD_H
#define PARSER_RECORD_H

#include "parser/clock.h"
#include "parser/message.h"
#include "parser/pool.h"

enum record_text {		/* besides those of a message, which come before them */
	T_NEXT_ID = MESSAGE_TEXTS,
	T_FAILED,		/* any number: a struct failure and the reply */
	T_DOMAIN,		/* any number */
	T_COUNT
};

enum { RECORD_TEXT_MAX = 1000 };	/* a longer text is cut */
struct failure {
	uint64_t replier;
	uint8_t status;
	bool data, remote;
};

struct record {
	uint64_t key;			/* a hash of its own host, instance and queue id */
	uint64_t tick;			/* when it was heard of last */
	char *text;			/* never NULL; its own queue id comes first */
	uint32_t text_n, text_cap;
	int64_t ts, last_ts;
	uint32_t host, instance;	/* shown: of its first passage, when it is a later one */
	uint32_t has;			/* bit of each enum record_text that is set */
	uint32_t cluster, cluster_next;	/* message-id window it waits in; 0: none */
	uint32_t own_host, own_instance;
	uint8_t mta, state;
	bool opened, closed;
	struct addr addr;
	uint16_t port, local_port;
	bool has_addr;
	uint8_t reason, action, phase;
	uint32_t flags;
	uint32_t recipients;
	uint32_t size;
	int32_t score;
	uint32_t sent_local, sent_remote, sent_private, bounced;
	uint8_t verdict;
	bool deferred;
	uint8_t replies, domains;
	uint8_t verdicts;		/* bit of each MTA_ that gave one */
	bool loopback, inside;		/* client is this host; client has a private address */
	bool copy;			/* see join.c; dropped, not given out */
	bool tainted, perhaps;		/* of a piece: edge_private.h */
	bool used;
	uint32_t domains_at;		/* none of their texts stands before */
	uint32_t piped;			/* of sent_local: to a command */
	uint32_t handed;		/* recipients handed to filters, commands, inner hosts */
	uint32_t survivor;		/* the passage that goes on for it; 0: none */
};

struct records {		/* zeroed: empty */
	struct record *item;
	unsigned cap;
	struct pool pool;	/* in: those not closed, by last touch */
};

/* The event is its first line. */
uint32_t record_new(
    struct records *rs, uint64_t key, const struct event *ev, struct slice qid);
void record_free(struct records *rs, uint32_t i);	/* closes it too */
void record_close(struct records *rs, uint32_t i);	/* its queue id may be opened anew */
void record_set(struct record *r, unsigned text, struct slice s);	/* s is cut and copied */
/* The event's fields whose bits are in which. */
void record_take(struct record *r, const struct event *ev, uint32_t which);
void record_drop(struct record *r, unsigned text);	/* as if it had not been set */
/* Takes out one of a kind of any number; text: where record_next() gave it. */
void record_cut(struct record *r, const char *text);
/* All texts whose bit is in which, as from has them, in place of those that r has. */
void record_copy(struct record *r, const struct record *from, uint32_t which);

static inline bool
record_has(const struct record *r, unsigned text)
{
	return r->has >> text & 1;
}

/* The texts in the order in which they were set: *at is 0 at first; false behind the last. */
static inline bool
record_next(const struct record *r, uint32_t *at, unsigned *text_r, struct slice *s_r)
{
	const char *p = r->text + *at;
	uint16_t n;

	if (*at >= r->text_n)
		return false;
	memcpy(&n, p + 1, sizeof(n));
	*text_r = (unsigned char)p[0];
	*s_r = (struct slice){ p + 3, n };
	*at += 3u + n;
	return true;
}

struct slice record_get(const struct record *r, unsigned text);

/* Its own, even when T_QID has become that of its first passage. */
struct slice record_qid(const struct record *r);

/*
 * What an open message is by its age: open; complete, when its client left before the end of DATA
 * and nothing was heard for an hour; forced, when the log lost its end (six days). One that waits
 * in a window is open: so it need not be known which of the two ends first.
 */
enum message_state record_state(const struct record *r, const struct clock *clock);
void record_view(const struct record *r, struct message *m_r);
void records_free(struct records *rs);

#endif
