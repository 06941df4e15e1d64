/*
 * state_unpacker: what the files of state_unpack() share; for nobody else. Places in sorted lists
 * become numbers of this process.
 */
#ifndef CLASSIFY_STATE_UNPACKER_H
#define CLASSIFY_STATE_UNPACKER_H

#include "classify/state_fold.h"
#include "classify/state_packed.h"

enum { NAME_MAX_BYTES = 255 };

struct unpacker {
	struct classifier *cl;
	struct unpack u;
	struct state st;
	bool apart;			/* st will be merged: nobody looks for its sources */
	bool same_suffixes;
	uint32_t *host, *zone, *signature;
	uint16_t *rule;
	uint32_t *bag;			/* by place */
	bool *bare;			/* by place: of counters only */
	unsigned hosts, zones, rules, signatures, bags;
	uint32_t earliest;
	struct slice unknown;		/* a rule that we have not */
};

/* The bytes are none of state_pack()'s; always false. */
static inline bool
unpacker_refuse(struct unpacker *k)
{
	k->u.bad = true;
	k->u.rest = SLICE_NONE;
	return false;
}

/* state_unpack_tables.c: in this order. */
void unpack_hosts(struct unpacker *k);
void unpack_zones(struct unpacker *k);
void unpack_rules(struct unpacker *k);
void unpack_signatures(struct unpacker *k);
void unpack_bags(struct unpacker *k);
/* Its items, ascending; bare: they are counters only. */
uint32_t unpack_bag(struct unpacker *k, bool small, bool *bare_r);

#endif
