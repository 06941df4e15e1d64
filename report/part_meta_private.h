/* part_meta_private: what part_meta.c and part_meta_pack.c share: fields as tables, and orders. */
#ifndef REPORT_PART_META_PRIVATE_H
#define REPORT_PART_META_PRIVATE_H

#include "report/part_meta.h"

struct meta_run {		/* n equal members of struct run_facts, one behind the other */
	size_t offset;
	unsigned n;
};

enum { META_SUMS = 5, META_FLAGS = 4 };

extern const struct meta_run meta_sums[META_SUMS];	/* of uint64_t, added up */
extern const struct meta_run meta_flags[META_FLAGS];	/* of bool, or'ed; each one is one */

_Static_assert(sizeof(struct correlate_counts) == 9 * sizeof(uint64_t) && MTA_COUNT == 8,
    "other counts: take them into the format, and raise PART_VERSION");

static inline uint64_t *
meta_sum(struct run_facts *f, unsigned run, unsigned i)
{
	return (uint64_t *)(void *)((char *)f + meta_sums[run].offset) + i;
}

static inline bool *
meta_flag(struct run_facts *f, unsigned run)
{
	return (bool *)((char *)f + meta_flags[run].offset);
}

int meta_input_cmp(const struct part_input *a, const struct part_input *b);

#endif
