/*
 * set: distinct 64-bit elements, exact to SET_EXACT, beyond that estimated.
 *
 * Elements are values or hashes with the fixed key (hash_fixed), so that sets of different
 * processes can be united. No threshold of a rule may lie above 64: those always see exact
 * counts; an estimate (HyperLogLog, 256 registers, 6.5 %) is for printing only.
 */
#ifndef BASE_SET_H
#define BASE_SET_H

#include "base/pack.h"

enum { SET_EXACT = 128 };

struct set {			/* zeroed: empty */
	union {
		uint64_t *item;		/* sorted; as registers when estimated */
		uint64_t one;		/* when cap is 0: most sets have one element */
	};
	uint16_t n, cap;
	bool estimated;
};

/* Not of an estimated one. */
static inline const uint64_t *
set_items(const struct set *s)
{
	return s->cap ? s->item : &s->one;
}

void set_add(struct set *s, uint64_t element);
void set_unite(struct set *into, const struct set *from);
bool set_has(const struct set *s, uint64_t element);	/* false when estimated */
uint64_t set_count(const struct set *s);
void set_free(struct set *s);
/* Equal sets give equal bytes. What is read into an empty one may be hostile: then u is bad. */
void set_pack(const struct set *s, struct buf *out);
void set_unpack(struct set *s, struct unpack *u);

#endif
