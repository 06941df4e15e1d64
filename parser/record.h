/*
 * record: one open message inside the correlator, with its texts; private to parser/correlate*.c.
 *
 * Texts are copied into the record's own block, found by offset; a small block stays for the next
 * record in its place.
 * Records live in a dense array with a free list; an index stays valid until record_free().
 */
#ifndef PARSER_RECORD_H
#define PARSER_RECORD_H

#include "base/table.h"
#include "parser/message.h"

enum record_text {		/* besides those of a message, which come before them */
	T_NEXT_ID = MESSAGE_TEXTS,
	T_FAILED,
	T_DOMAIN = T_FAILED + MESSAGE_REPLIES,
	T_COUNT = T_DOMAIN + MESSAGE_DOMAINS
};

enum { RECORD_TEXT_MAX = 1000 };	/* a longer text is cut */

/*
 * What a queue id is found by: its first and last eight bytes (they may overlap), which with its
 * length are all of one that has 8 to 16; a longer one's hash, and then its text decides.
 */
struct qid_key {
	uint64_t hash;			/* of the words, host and instance */
	uint64_t word[2];
};

struct record {
	struct qid_key key;
	uint64_t travel;		/* hash_travel() of its queue id */
	uint32_t host, instance;
	uint32_t next, prev;		/* age list, or free list */
	int64_t ts, last_ts;
	uint32_t cluster, cluster_next;	/* message-id window it waits in; TABLE_NONE: none */
	uint32_t flags;
	uint32_t size, recipients;
	uint32_t sent_local, sent_remote, sent_private, bounced, deferred;
	uint32_t piped;			/* of sent_local: to a command */
	uint32_t handed;		/* recipients handed to filters, commands, inner hosts */
	uint32_t survivor;		/* index + 1 of the passage that goes on for it */
	uint32_t group, group_next;	/* see edge_private.h */
	int32_t score;
	uint16_t port, local_port;
	uint8_t mta, reason, action, phase, verdict, state;
	bool used, opened, closed, has_addr;
	bool copy;			/* see join.c; dropped, not given out */
	bool foundling;		/* its first line is none that opens: it may have begun before */
	bool loopback, inside;		/* client is this host; client has a private address */
	uint8_t replies, domains;
	uint8_t verdicts;		/* bit of each MTA_ that gave one */
	struct addr addr;
	char *text;			/* never NULL */
	uint32_t text_n, text_cap;
	struct record_field { uint32_t at; uint16_t n; bool set; } field[T_COUNT];
	/* from field[T_FAILED] on, only what is below replies or domains was ever written */
	struct { uint64_t replier; uint8_t status; bool data, remote; } failed[MESSAGE_REPLIES];
};

struct records {		/* zeroed: empty */
	struct record *item;
	unsigned n, cap, live;		/* live: not closed */
	uint32_t free_head;	/* index + 1 */
	uint32_t oldest, newest;	/* index + 1, of those not closed, by last touch */
	struct table by_qid;
};

uint32_t record_new(struct records *rs, const struct qid_key *key);
void record_free(struct records *rs, uint32_t i);	/* leaves list and table too */
void record_touch(struct records *rs, uint32_t i);	/* newest in the age list */
void record_close(struct records *rs, uint32_t i);	/* its queue id may be opened anew */
void record_set(struct record *r, unsigned field, struct slice s);

static inline struct slice
record_get(const struct record *r, unsigned field)
{
	const struct record_field *f = &r->field[field];

	return f->set ? (struct slice){ r->text + f->at, f->n } : SLICE_NONE;
}

/*
 * What a message is that was not heard of for so many seconds: open; complete, when its client left
 * before the end of DATA; forced, when the log lost its end.
 */
enum message_state record_state(const struct record *r, int64_t age);
void record_view(const struct record *r, struct message *m_r);
void records_free(struct records *rs);

#endif
