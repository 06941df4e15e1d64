/*
 * sides: sets of distinct things, beside the counts of the few sources that have them.
 *
 * A set belongs to a source, a UTC day and a kind. Its elements are values, or hashes with the
 * fixed key.
 */
#ifndef CLASSIFY_SIDES_H
#define CLASSIFY_SIDES_H

#include "base/set.h"
#include "base/table.h"

enum set_kind { SET_HELOS, SET_SENDERS, SET_DOMAINS, SET_CLIENTS, SET_NETWORKS,
	SET_SENDER_DOMAINS, SET_REPLIERS, SET_KINDS };

struct side {
	uint32_t source, day;
	uint32_t next;		/* index + 1 of another one of that day; 0 ends */
	uint8_t kind;
	struct set set;
};

struct sides {			/* zeroed: empty */
	struct side *item;
	unsigned n, cap;
	struct table by_day;	/* the first one of each (source, day) */
};

/* The element that stands for a text, in lower case: its first 256 bytes count. */
uint64_t sides_element(struct slice text);
/* Made empty when it is not there; valid until the next one is made. */
struct set *sides_set(struct sides *x, uint32_t source, uint32_t day, enum set_kind kind);
void sides_add(
    struct sides *x, uint32_t source, uint32_t day, enum set_kind kind, uint64_t element);
/* Index + 1 of the first of that day, 0 when there is none. */
uint32_t sides_first(const struct sides *x, uint32_t source, int64_t day);
/* NULL when it is not there. */
const struct set *
sides_get(const struct sides *x, uint32_t source, int64_t day, enum set_kind kind);
void sides_free(struct sides *x);

#endif
