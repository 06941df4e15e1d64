/*
 * rule_index: which early rules a set of atoms fulfils, without asking each of them.
 *
 * Private to evaluator.c.
 */
#ifndef CLASSIFY_RULE_INDEX_H
#define CLASSIFY_RULE_INDEX_H

#include "classify/ruleset.h"

struct rule_index {
	const struct ruleset *rs;
	uint64_t *keyed; /* of each atom: rules that stand under it; at last: that need no atom */
	unsigned words;		/* 64-bit words of a set of rules */
};

/* rs must outlive it. */
void rule_index_open(struct rule_index *x, const struct ruleset *rs);
void rule_index_close(struct rule_index *x);
/* The rules that hold at ts, in ascending order; their number. */
uint32_t rule_index_holding(const struct rule_index *x, const uint64_t *set, int64_t ts,
    uint16_t rule_r[RULES_MAX]);

#endif
