/*
 * observe: one closed message, attempt or sign into the state.
 *
 * Who it is counted by (the primary source: the login, else the local user, else the client), what
 * kind of event it was, which early rules hit. Direct reasons only (spam_by without relay and
 * behaviour, which judge.h finds in the merged counters).
 */
#ifndef CLASSIFY_OBSERVE_H
#define CLASSIFY_OBSERVE_H

#include "classify/memories.h"
#include "classify/state.h"
#include "parser/header.h"

/*
 * What was counted last: state_add() of it comes with the next one. Until then memory has brought
 * what it changes, which no cache holds when sources are many.
 */
struct waiting {
	uint32_t source, what, n;	/* n 0: nothing waits */
	int64_t ts;
};

struct classifier {		/* owned by the caller; the pointers outlive it */
	const struct ruleset *rules;
	struct evaluator *evaluator;
	const struct own *own;
	struct names *names;	/* of hosts */
	bool has_mta;		/* the input holds an MTA's lines: an orphan verdict is no event */
	struct state state;
	struct memories memories;	/* of that state */
	struct waiting waiting;		/* what is not in it yet */
	uint64_t expected;		/* client of observe_expect() */
};

struct observation {
	bool counted;		/* false: a retry or an own bounce; then nothing else is set */
	uint32_t source;	/* index into state.source, until that is thinned: state_number() */
	unsigned thins;		/* state.thins now */
	uint32_t signature;
	int64_t ts;
	uint32_t n;
	uint32_t reply;		/* index of the next hop's reply that calls it spam, if one does */
};

/*
 * A session of this client (addr_key()) begins, observe() of it comes some lines later: what that
 * reads of its source, which no cache holds when sources are many, is fetched meanwhile.
 */
void observe_expect(struct classifier *cl, uint64_t client);
/* observe_end() must follow before the state is read or merged. */
void observe(struct classifier *cl, const struct message *m, struct observation *o_r);
void observe_end(struct classifier *cl);	/* nothing waits any more */

#endif
