/*
 * state_packer: what the files of state_pack() share; for nobody else. Numbers of this process are
 * replaced by places in sorted lists.
 */
#ifndef CLASSIFY_STATE_PACKER_H
#define CLASSIFY_STATE_PACKER_H

#include "classify/state_client.h"
#include "classify/state_fold.h"
#include "classify/state_hours.h"
#include "classify/state_packed.h"

struct named {
	struct slice name;
	uint32_t number;
};

struct key {			/* of a source, or of a set beside it */
	uint64_t id, net;	/* text: its place; set: its source's place and its day */
	uint32_t number;
	uint8_t kind;
};

struct packer {
	const struct classifier *cl;
	const struct state *st;
	struct buf *out;
	uint32_t *host, *zone, *rule, *signature, *text;	/* places, by number */
	unsigned hosts;
	uint32_t earliest;
	struct key *source, *side;
	unsigned sides_at;
	uint32_t *shared, *own;		/* places of small bags + 1, by their numbers */
	struct bag_item *item;		/* of one bag */
	unsigned items_cap;
	struct helo *helo;		/* of one client */
	unsigned helos_cap;
	struct domain_memo domains;
};

/* Sorts them by name and notes their places; with out they are written, too. */
void packer_places(struct named *list, unsigned n, uint32_t *place, struct buf *out);
/* state_pack_tables.c: in this order. */
void pack_hosts(struct packer *k);
void pack_zones(struct packer *k);
void pack_rules(struct packer *k);
void pack_signatures(struct packer *k);
void pack_bags(struct packer *k);
void pack_bag(struct packer *k, uint32_t bag, struct buf *out);	/* whole */

#endif
