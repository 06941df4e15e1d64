/*
 * state: everything that must survive: the fold of the messages seen (DESIGN.md, "The fold").
 *
 * Per source, sparsely, a count for each (UTC hour, what), where what is a signature (what kind of
 * event with which rules) or one of the stored counters. Verdicts are never stored: judge.h
 * computes them from here. Sets of distinct things lie beside, for the few sources that have them.
 *
 * No output may depend on the order of sources here: it is the order of appearance.
 */
#ifndef CLASSIFY_STATE_H
#define CLASSIFY_STATE_H

#include "classify/evaluator.h"
#include "classify/sides.h"
#include "classify/signature.h"

enum source_kind {
	SOURCE_CLIENT,  /* an IP address or IPv6 /64: id is addr_key() */
	SOURCE_ACCOUNT, /* login seen from one network: id is a text, net addr_network() */
	SOURCE_SCRIPT, /* local user (with directory) on a host: id a text, net the sender's hash */
	/*
	 * A recipient domain: id is a text. COUNT_RECIPIENTS counts deliveries on this host or to
	 * an inner one, COUNT_BOUNCES relay attempts refused; SET_NETWORKS who sent there by us.
	 */
	SOURCE_DOMAIN,
	SOURCE_NONE, /* a verdict without client: id is a hash of its message-id */
	SOURCE_KINDS
};

struct cell {
	uint32_t next;		/* index + 1, older hours later; 0 ends */
	uint32_t hour;		/* UTC hours since 1970 */
	uint32_t what; /* signature index, WHAT_COUNTER + enum counter, or WHAT_HELO */
	uint32_t n;
};

/*
 * A cell of WHAT_HELO counts nothing: it is what source.helo was of that day, as its n, and lies
 * in the day's first hour.
 */
enum { WHAT_COUNTER = 0x80000000u, WHAT_HELO = 0xffffffffu };

struct source {			/* 48 bytes: every second one in one line of cache */
	uint64_t id;
	union {
		uint64_t net;		/* of an account or a script; else 0 */
		uint64_t name_hash;	/* of a client: hash_bytes() of its name, 0 without one */
	};
	const char *name;	/* reverse name of a client, of name_n bytes; NULL none */
	uint32_t first, last;	/* UTC seconds, 1970 to 2106 */
	uint32_t cells;		/* index + 1 of the newest */
	uint32_t helo;		/* of a client: see state_client.h; 0 none */
	uint16_t helo_day;	/* the newest that has one */
	uint16_t name_set;	/* HN_KNOWN and hostname_analyse()'s of the name; 0: not asked */
	uint8_t name_domain;	/* the length of its registered domain */
	uint8_t kind, name_n;
	bool verified;		/* the name is confirmed forward */
};

static inline struct slice
source_name(const struct source *s)
{
	return (struct slice){ s->name, s->name_n };
}

struct far_cell {		/* behind the first few of its source and hour: found by table */
	uint32_t source, cell;
};

struct state {			/* zeroed: empty */
	struct source *source;
	struct cell *cell;
	struct signature *signature;
	unsigned sources, cells, signatures;
	unsigned caps[3];
	struct sides sides;
	struct far_cell *far;
	struct table by_source, by_signature, by_far;
	struct { uint64_t a, b; uint32_t index; } recent[256];	/* signatures, packed; b 0: none */
	struct slice *text;		/* interned; text[0] is empty */
	unsigned texts, texts_cap, fars, fars_cap;
	struct table by_text;
	struct arena arena;
	/* mail and refused attempts, deduplicated; failed logins of all clients */
	uint64_t attempts, login_failures;
	int64_t first, last;		/* time span of all events, when spanned */
	bool spanned;
};
uint32_t
state_source(struct state *st, enum source_kind kind, uint64_t id, uint64_t net, int64_t ts);
/* One that is not there, and that state_source() will not find. */
uint32_t
state_append(struct state *st, enum source_kind kind, uint64_t id, uint64_t net, int64_t ts);
/* TABLE_NONE when it is not there. */
uint32_t state_find(const struct state *st, enum source_kind kind, uint64_t id, uint64_t net);
uint32_t state_signature(struct state *st, const struct signature *sig);
/*
 * The count of (hour, what), made with 0 when it is not there. The walk along the source's chain
 * begins behind the cell *after (index + 1, of a later hour; 0: the head), and leaves there where
 * the next one may begin, so that hours in descending order are one walk.
 */
uint32_t *
state_cell(struct state *st, uint32_t source, uint32_t *after, uint32_t hour, uint32_t what);
void state_add(struct state *st, uint32_t source, int64_t ts, uint32_t what, uint32_t n);
/* Sums up, to UINT32_MAX. */
static inline void
cell_add(uint32_t *count, uint32_t n)
{
	*count = *count + n < n ? UINT32_MAX : *count + n;
}

void state_expect_client(const struct state *st, uint64_t id);	/* of state_source() */
void state_expect(const struct state *st, uint32_t source);	/* fetches what state_add() reads */
/* Index + 1 of its newest cell that is not after that day. */
uint32_t state_cells(const struct state *st, uint32_t source, int64_t day);
uint32_t state_text(struct state *st, struct slice text);
uint32_t state_text_find(const struct state *st, struct slice text);	/* 0: not there */
void state_free(struct state *st);

#endif
