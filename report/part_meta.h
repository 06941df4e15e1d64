/*
 * part_meta: what a part says of itself: made by whom with what, of which inputs, and the
 * accounting of the run (run_facts.h).
 *
 * A new part has one place, where its slice of the logs stands among others; a merged one keeps
 * the places of its pieces. Places and inputs are sets in ascending order, so merging is
 * commutative and associative: counts are added (they stop at META_COUNT_MAX), other things
 * united.
 *
 * Names and texts belong to the meta's arena.
 */
#ifndef REPORT_PART_META_H
#define REPORT_PART_META_H

#include "base/arena.h"
#include "base/buf.h"
#include "report/run_facts.h"

#define META_COUNT_MAX ((uint64_t)1 << 56)
enum {
	META_NAME_MAX = 4096,
	META_TEXT_MAX = 63,
	META_TWIN_BYTES = 65536,
	META_LIST_MAX = 1 << 24		/* places, inputs: a part of more would be too large, too */
};

struct part_place {
	bool has_seq;		/* --seq was given: it goes before everything else */
	uint64_t seq;
	int64_t first, last;	/* stamps, UTC seconds; first > last: there was none */
	const char *name;	/* the least input in rotation order */
	uint64_t hash;		/* of the identities of all its inputs */
};

struct part_input {
	const char *name;
	uint64_t bytes, hash;	/* decompressed; input_hash() of all of them */
};

enum meta_text { META_PROGRAM, META_SUFFIX_LIST, META_ZONE, META_TEXTS };

struct part_meta {		/* zeroed: nothing yet, and what anything can be merged into */
	struct arena arena;
	uint64_t match_hash;	/* config.match_hash: of rules and configuration */
	char text[META_TEXTS][META_TEXT_MAX + 1];	/* versions; the zone in force */
	bool mixed[META_TEXTS];	/* pieces had others: this is the greatest of them */
	struct part_place *place;
	struct part_input *input;
	unsigned places, inputs, places_cap, inputs_cap;
	/* Neither packed nor merged: files, zone, last_host, which are the reader's; samples. */
	struct run_facts facts;
};

/* All for a new part: first its inputs, then its place, of which the inputs are a part. */
void meta_add_input(struct part_meta *m, const char *name, uint64_t bytes, uint64_t hash);
/* seq may be NULL. first, last: stamps of its lines; INT64_MAX and INT64_MIN without any. */
void meta_set_place(struct part_meta *m, const uint64_t *seq, int64_t first, int64_t last);
void meta_set_text(struct part_meta *m, enum meta_text which, struct slice text);	/* cut */
void meta_free(struct part_meta *m);

/* Adds its bytes; equal ones for equal metas. */
void meta_pack(const struct part_meta *m, struct buf *b);
/* Into the zeroed m_r, to be freed in any case. -1: "NAME: damaged part: what". */
int meta_unpack(const char *name, struct slice bytes, struct part_meta *m_r, struct problem *p);

/*
 * -1 for a part that cannot be merged here: "NAME: made with other rules or another configuration
 * (match hash X, here Y)".
 */
int meta_check(const char *name, const struct part_meta *m, uint64_t match_hash,
    struct problem *p);
/*
 * An input of a that b has too, by its content (of META_TWIN_BYTES or more: small logs may be equal
 * by chance); NULL: none. Merging two such parts would count it twice.
 */
const struct part_input *meta_twin(const struct part_meta *a, const struct part_meta *b);
/* Both must have the same match hash. from stays as it is, and into keeps nothing of it. */
void meta_merge(struct part_meta *into, const struct part_meta *from);

/* Total order: sequence number, first and last stamp, name in rotation order, hash. */
int place_cmp(const struct part_place *a, const struct part_place *b);
/* The order in which parts are merged: by their places, from the first one on. */
int meta_cmp(const struct part_meta *a, const struct part_meta *b);

#endif
