/*
 * hostname: what a client's reverse DNS name says about the line behind it. Pure; no DNS is asked.
 *
 * Only what stands left of the registered domain is looked at (generaldynamics.com is no dynamic
 * line), except for the provider suffixes and for junk. Whether the name is confirmed forward is
 * the caller's to know: HN_PROVIDER and HN_SERVER_LIKE of an unconfirmed name prove nothing.
 */
#ifndef CLASSIFY_HOSTNAME_H
#define CLASSIFY_HOSTNAME_H

#include "base/addr.h"
#include "base/arena.h"
#include "base/domain.h"
#include "base/problem.h"

enum hostname_class {		/* keys of rules/names.yaml; enum fact_flag has this order */
	HOSTNAME_DYNAMIC,
	HOSTNAME_WEAK,
	HOSTNAME_STATIC,
	HOSTNAME_HOSTING,
	HOSTNAME_CAMPUS,
	HOSTNAME_MOBILE,
	HOSTNAME_PROVIDER,
	HOSTNAME_SERVER,
	HOSTNAME_CLASSES,
};

enum hostname_fact {
	/* a word of that class stands in the name */
	HN_DYNAMIC = 1 << HOSTNAME_DYNAMIC,
	HN_WEAK = 1 << HOSTNAME_WEAK,
	HN_STATIC = 1 << HOSTNAME_STATIC,
	HN_HOSTING = 1 << HOSTNAME_HOSTING,
	HN_CAMPUS = 1 << HOSTNAME_CAMPUS,
	HN_MOBILE = 1 << HOSTNAME_MOBILE,
	HN_PROVIDER = 1 << HOSTNAME_PROVIDER,
	HN_SERVER = 1 << HOSTNAME_SERVER,
	HN_IP_FULL = 1 << 8,	/* the client's whole address stands in it */
	HN_JUNK = 1 << 9,	/* localhost, *.in-addr.arpa, *.ip6.arpa, numeric last label */
	/* the conclusion, at most one of these; see hostname.c for the order */
	HN_END_USER = 1 << 10,
	HN_SERVER_LIKE = 1 << 11,
	/* not the whole address: at most one of these */
	HN_IP_THREE = 1 << 12,
	HN_IP_TWO = 1 << 13,
	HN_KNOWN = 1 << 15,	/* never set by us: where facts are kept, that they are */
};

struct hostname_facts {
	unsigned set;		/* of enum hostname_fact */
	struct slice domain;	/* registered domain, a part of the name asked for; may be empty */
};

struct name_facts {		/* the same, to be kept */
	uint16_t set;
	uint8_t domain;		/* its length */
};

struct hostname_word;

enum { HOSTNAME_BUCKETS = 1024 };

struct hostname_words {		/* zeroed: empty */
	struct arena arena;
	struct hostname_word *item;
	unsigned n, cap;
	uint32_t bucket[HOSTNAME_BUCKETS];	/* the newest word of each, 1 for the first item */
	uint64_t with_digit, with_hyphen;	/* the lengths of such words, a bit each */
	uint64_t long_end[4], short_end[4];	/* the last bytes of providers, by hash */
	bool all_short;			/* a provider is too short for those */
	bool has_number;		/* a word is digits only */
};

/* "dynamic" gives HOSTNAME_DYNAMIC; HOSTNAME_CLASSES for an unknown key. */
enum hostname_class hostname_class_of(struct slice key);
/*
 * A word has letters, digits and hyphens. A provider is a domain, "mout.gmx.net", that the name
 * equals or ends with; "mail-*.google.com" wants a leftmost label that starts with "mail-".
 * -1 for anything else and for a word that its class already has. The word is copied.
 */
int hostname_words_add(struct hostname_words *w, enum hostname_class class, struct slice word,
    struct problem *p);
/* The same for the same words in any order; for whatever travels. */
uint64_t hostname_words_hash(const struct hostname_words *w);
void hostname_words_free(struct hostname_words *w);

/* client may be NULL: then no address is looked for; memo too (see domain.h). */
void hostname_analyse(const struct hostname_words *w, struct domain_memo *memo, struct slice name,
    const struct addr *client, struct hostname_facts *facts_r);

#endif
