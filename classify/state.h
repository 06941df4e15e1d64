/*
 * state: everything that must survive: the fold of the messages seen (DESIGN.md, "The fold").
 *
 * Per source and UTC hour, sparsely, a bag of what happened: how often each signature (what kind
 * of event with which rules), and the stored counters. Verdicts are never stored: judge.h computes
 * them from here. Sets of distinct things lie beside, for the few sources that have them.
 *
 * No output may depend on the order of sources here: it is the order of appearance.
 */
#ifndef CLASSIFY_STATE_H
#define CLASSIFY_STATE_H

#include "classify/bags.h"
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
	SOURCE_REST, /* all that are not kept, see state_limit.h: id is 0 */
	SOURCE_KINDS
};

/* What a bag's item is of: a signature's index, or WHAT_COUNTER + enum counter. */
enum { WHAT_COUNTER = 0x80000000u };

struct hour {			/* one of a source's, not its newest */
	uint32_t next;		/* index + 1 of an older one; 0 ends */
	uint32_t hour;		/* UTC hours since 1970 */
	uint32_t bag;		/* what happened in it: bags.h */
};

struct helo {			/* one of a client's, not its newest */
	uint32_t next;		/* index + 1 of one of the same day or an older one; 0 ends */
	uint32_t hash;
	uint32_t day;		/* UTC days since 1970 */
};

struct source {			/* 64 bytes: one line of cache */
	uint64_t id;
	union {
		uint64_t net;		/* of an account or a script; else 0 */
		uint64_t name_hash;	/* of a client: state_name_hash() of it, 0 without one */
	};
	const char *name;	/* reverse name of a client, of name_n bytes; NULL none */
	uint32_t first, last;	/* UTC seconds, 1970 to 2106 */
	uint32_t hour, bag;	/* the newest hour; bag 0: nothing happened */
	uint32_t hours;		/* index + 1 of the one before */
	uint32_t helo, helos;	/* of a client: see state_client.h; index + 1 of the one before */
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

struct state {			/* zeroed: empty */
	struct source *source;	/* at the begin of a line of cache, behind a gap in its block */
	struct hour *hour;
	struct helo *helo;
	struct signature *signature;
	unsigned sources, hours, helos, signatures;
	unsigned caps[4];
	struct bags bags;
	struct sides sides;
	struct table by_source, by_signature;
	struct { uint64_t a, b; uint32_t index; } recent[256];	/* signatures, packed; b 0: none */
	struct slice *text;		/* interned; text[0] is empty */
	unsigned texts, texts_cap;
	struct table by_text;
	struct arena arena;		/* of texts and names */
	uint32_t most;			/* sources kept, about; 0: all */
	uint8_t halvings;		/* of the threshold for sources; 0: all were kept */
	uint32_t **thin;		/* for each thinning, by old number, the new one */
	unsigned thins;
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
/* n of what happened to the source at ts. */
void state_add(struct state *st, uint32_t source, int64_t ts, uint32_t what, uint32_t n);
/* Sums up, to UINT32_MAX. */
static inline void
count_add(uint32_t *count, uint32_t n)
{
	*count = *count + n < n ? UINT32_MAX : *count + n;
}

/* state_source() of this client comes soon: fetches the table's slot; then, later, the source. */
void state_expect_client(const struct state *st, uint64_t id);
void state_expect_source(const struct state *st, uint64_t id);
uint32_t state_text(struct state *st, struct slice text);
uint32_t state_text_find(const struct state *st, struct slice text);	/* 0: not there */
void state_free(struct state *st);

#endif
