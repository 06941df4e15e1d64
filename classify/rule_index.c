/*
 * See rule_index.h. Every rule stands under one of the atoms it needs, a text if it has one, as few
 * events have it: only the rules under the atoms of the set are looked at.
 */
#include "classify/rule_index.h"

#include <stdlib.h>

#include "classify/bits.h"
#include "classify/matcher.h"

void
rule_index_open(struct rule_index *x, const struct ruleset *rs)
{
	x->rs = rs;
	x->words = (rs->rules + 63) / 64;
	x->keyed = mem_alloc((rs->atoms + 1ul) * (x->words + 1) * sizeof(*x->keyed));
	for (unsigned i = 0; i < rs->rules; i++) {
		const struct rule *r = &rs->rule[i];
		unsigned key = r->alls ? r->all[0] : rs->atoms;

		for (unsigned k = 0; k < r->alls; k++)
			if (atom_is_text(&rs->atom[r->all[k]]))
				key = r->all[k];
		if (!r->late)
			bits_add(x->keyed + (size_t)key * x->words, i);
	}
}

void
rule_index_close(struct rule_index *x)
{
	free(x->keyed);
	x->keyed = NULL;
}

static bool
rule_holds(const struct rule *r, const uint64_t *set, int64_t ts)
{
	if (ts < r->from || ts >= r->until)
		return false;
	for (unsigned i = 0; i < r->alls; i++)
		if (!bits_have(set, r->all[i]))
			return false;
	for (unsigned i = 0; i < r->nones; i++)
		if (bits_have(set, r->none[i]))
			return false;
	return true;
}

uint32_t
rule_index_holding(const struct rule_index *x, const uint64_t *set, int64_t ts,
    uint16_t rule_r[RULES_MAX])
{
	uint64_t may[RULES_MAX / 64];
	uint32_t n = 0;

	memcpy(may, x->keyed + (size_t)x->rs->atoms * x->words, x->words * sizeof(*may));
	for (unsigned w = 0; w < x->rs->atoms / 64 + 1; w++)
		for (uint64_t rest = set[w]; rest; rest &= rest - 1) {
			size_t atom = w * 64 + (unsigned)__builtin_ctzll(rest);

			for (unsigned k = 0; k < x->words; k++)
				may[k] |= x->keyed[atom * x->words + k];
		}
	for (unsigned k = 0; k < x->words; k++)
		for (uint64_t rest = may[k]; rest; rest &= rest - 1) {
			unsigned i = k * 64 + (unsigned)__builtin_ctzll(rest);

			if (rule_holds(&x->rs->rule[i], set, ts))
				rule_r[n++] = (uint16_t)i;
		}
	return n;
}
