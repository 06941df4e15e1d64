/*
 * rule_hash: two numbers that say whether two sets of rules do the same.
 *
 * What was counted while reading depends on the match hash: parts with different ones cannot be
 * merged. The judge hash covers what is applied only when a report is made, so that new weights
 * still fit old parts. Texts for people (note, source) and examples are in neither. Keyed with
 * published constants: the same on every machine.
 */
#ifndef CLASSIFY_RULE_HASH_H
#define CLASSIFY_RULE_HASH_H

#include "classify/ruleset.h"

/*
 * Of all rules, in order: id, early or late, conditions, validity, spam_by; the words of host
 * names; the line shapes. The order counts because rules are known by their number while reading.
 * The counts of a late rule do not: they are thresholds, for the report.
 */
uint64_t rule_match_hash(const struct ruleset *rs);
/* Of all rules: weights, counts and whatever else the judge looks at; and the model. */
uint64_t rule_judge_hash(const struct ruleset *rs);
/*
 * The match hash with the part of the configuration that reading looks at: what is own, shared or
 * a forwarder, in any order and case. Trust only counts at report.
 */
uint64_t rule_match_hash_with(uint64_t match_hash, const struct own *own);

#endif
