/* source: who a state counts for, and what hangs on it, in chains from the newest on. */
#ifndef CLASSIFY_SOURCE_H
#define CLASSIFY_SOURCE_H

#include "base/set.h"

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

enum set_kind { SET_HELOS, SET_SENDERS, SET_DOMAINS, SET_CLIENTS, SET_NETWORKS,
	SET_SENDER_DOMAINS, SET_REPLIERS, SET_SPAM_DOMAINS, SET_KINDS };

struct side {			/* a set of a source's day */
	uint32_t source, day;
	uint32_t next;		/* index + 1 of one of the same day or an older one; 0 ends */
	uint8_t kind;		/* enum set_kind */
	struct set set;
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
	uint32_t sets;		/* index + 1 of its newest */
};

static inline struct slice
source_name(const struct source *s)
{
	return (struct slice){ s->name, s->name_n };
}

#endif
