/*
 * memories: few domains get most mail and few DNSBLs are asked: where they are in the state.
 */
#ifndef CLASSIFY_MEMORIES_H
#define CLASSIFY_MEMORIES_H

#include <stdint.h>

#include "parser/message.h"

enum { DOMAIN_SOURCES = 256, ZONE_TEXTS = 16 };

struct memories {		/* by hash; see recall.h */
	uint64_t hash[DOMAIN_SOURCES], zone[ZONE_TEXTS];
	uint32_t source[DOMAIN_SOURCES], text[ZONE_TEXTS];
	unsigned thins;		/* of state.thins: they hold until that changes */
};

struct classifier;

/* The source that a recipient's domain is, touched at the message's time. */
uint32_t memories_domain(struct classifier *cl, const struct message *m, struct slice domain);
/*
 * The text of a DNSBL's zone as reports name it; 0 when it is none. Without the customer's secret
 * key that some have as their first, long label.
 */
uint32_t memories_zone(struct classifier *cl, struct slice zone);

#endif
