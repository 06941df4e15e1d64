/*
 * Weights of evidence to a verdict, in integers (milli-nats, per mille).
 *
 * Inside a group the strongest weight counts in full, the others by the model's damping; a group
 * is capped, and a super-group again for its class. The sums and the prior make L_k; a verdict
 * needs its share of the softmax, a margin over the next, an anchor that the sender cannot forge,
 * and two groups in favour (or a group that is a gate).
 */
#include <stdlib.h>
#include <string.h>

#include "base/exp_minus.h"
#include "classify/judge_private.h"

enum { CONFLICT = 2000, LEANING = 600, SUPERS = SUPER_GROUPS_MAX + 1 };

/* A number of each class, side by side: weights are less than 10^4, groups and rules few. */
typedef int32_t lanes __attribute__((vector_size(VERDICTS * sizeof(int32_t))));

_Static_assert(VERDICTS == 4, "lanes_all() fills four");

static inline lanes
lanes_of(const int32_t w[VERDICTS])
{
	lanes v;

	memcpy(&v, w, sizeof(v));
	return v;
}

static inline lanes
lanes_all(int32_t x)
{
	return (lanes){ x, x, x, x };
}

/* Those of a where the mask is -1, of b where it is 0. */
static inline lanes
lanes_pick(lanes mask, lanes a, lanes b)
{
	return (a & mask) | (b & ~mask);
}

static inline lanes
lanes_clamp(lanes v, int32_t cap)
{
	v = lanes_pick(v > lanes_all(cap), lanes_all(cap), v);
	return lanes_pick(v < lanes_all(-cap), lanes_all(-cap), v);
}

static inline lanes
lanes_size(lanes v)
{
	lanes sign = v >> 31;

	return (v ^ sign) - sign;
}

/* The sum of one group, uncapped; its rules stand together, [p, p + n). */
static inline lanes
group_sum(const struct ruleset *rs, const struct present *p, unsigned n)
{
	lanes best = lanes_of(p->weight), all = best;

	for (unsigned i = 1; i < n; i++) {
		lanes w = lanes_of(p[i].weight), more = lanes_size(w) - lanes_size(best);

		all += w;
		best = lanes_pick((more > 0) | ((more == 0) & (w > best)), w, best);
	}
	for (int k = 0; n > 1 && k < VERDICTS; k++)
		if (all[k] != best[k])
			best[k] += (int32_t)((int64_t)(all[k] - best[k]) * rs->model.damping /
			    1000);
	return best;
}

struct tally {
	lanes l;			/* log-odds with the prior */
	lanes groups;			/* in favour */
	lanes gate, anchor, strong;	/* -1: there is one */
};

static void
tally_groups(const struct ruleset *rs, const struct present *p, unsigned n, struct tally *t)
{
	lanes super[SUPERS];

	memset(super, 0, (rs->supers + 1) * sizeof(super[0]));
	for (unsigned from = 0, to; from < n; from = to) {
		const struct group *g = &rs->group[p[from].group];
		lanes sum, favours;

		for (to = from + 1; to < n && p[to].group == p[from].group; to++)
			;
		if (g->cap == 0)
			continue;
		sum = group_sum(rs, p + from, to - from);
		favours = sum > 0;
		t->groups -= favours;
		t->gate |= g->gate ? favours : lanes_all(0);
		super[g->super] += lanes_clamp(sum, g->cap);
	}
	t->l += super[0];
	for (unsigned s = 1; s <= rs->supers; s++) {
		unsigned k = rs->super[s - 1].verdict;

		super[s][k] = lanes_clamp(super[s], rs->super[s - 1].cap)[k];
		t->l += super[s];
	}
}

static void
tally_anchors(const struct ruleset *rs, const struct present *p, unsigned n, struct tally *t)
{
	for (unsigned i = 0; i < n; i++) {
		lanes w = lanes_of(p[i].weight);

		if (!p[i].anchor || rs->group[p[i].group].cap == 0)
			continue;
		t->anchor |= w > 0;
		t->strong |= w >= CONFLICT;
	}
}

static unsigned
posterior(const struct tally *t, int k)
{
	int64_t top = t->l[0];
	uint64_t sum = 0, own = 0;

	for (int i = 1; i < VERDICTS; i++)
		if (t->l[i] > top)
			top = t->l[i];
	for (int i = 0; i < VERDICTS; i++) {
		int64_t below = top - t->l[i];
		uint64_t e = exp_minus(below > 40000 ? 40000 : (uint32_t)below);

		sum += e;
		if (i == k)
			own = e;
	}
	return (unsigned)((own * 1000 + sum / 2) / sum);
}

static int
best_class(const struct tally *t)
{
	int best = 1;

	for (int k = 2; k < VERDICTS; k++)
		if (t->l[k] > t->l[best])
			best = k;
	return best;
}

static bool
leads(const struct tally *t, int k, int32_t margin)
{
	for (int i = 0; i < VERDICTS; i++)
		if (i != k && t->l[k] - t->l[i] < margin)
			return false;
	return true;
}

static uint8_t
why_not(const struct ruleset *rs, const struct present *p, unsigned n, const struct tally *t)
{
	int32_t best = 0;
	unsigned anchored = 0;
	uint8_t reason = REASON_NONE;

	for (unsigned i = 0; i < n; i++) {
		const struct rule *r = &rs->rule[p[i].rule];

		if (r->reason && p[i].weight[0] > best) {
			best = p[i].weight[0];
			reason = r->reason;
		}
	}
	if (reason)
		return reason;
	for (int k = 1; k < VERDICTS; k++)
		anchored += t->strong[k] != 0;
	return anchored >= 2 ? REASON_CONFLICT : REASON_INSUFFICIENT;
}

static int
proof_cmp(const struct ruleset *rs, const struct proof *a, const struct proof *b)
{
	int32_t x = abs(a->weight), y = abs(b->weight);

	if (x != y)
		return x > y ? -1 : 1;
	return slice_cmp(rs->rule[a->rule].id, rs->rule[b->rule].id);
}

/* Every rule that speaks, by its weight for class k; the PROOFS_MAX strongest are kept. */
static void
list_proofs(const struct ruleset *rs, const struct present *p, unsigned n, int k,
    struct attribution *a)
{
	a->proofs = 0;
	for (unsigned i = 0; i < n; i++) {
		struct proof x = { .rule = p[i].rule, .weight = p[i].weight[k] };
		unsigned at;

		for (int v = 1; v < VERDICTS; v++)
			if (p[i].weight[v] > 0 &&
			    (x.verdict == 0 || p[i].weight[v] > p[i].weight[x.verdict]))
				x.verdict = (uint8_t)v;
		for (at = a->proofs; at > 0 && proof_cmp(rs, &x, &a->proof[at - 1]) < 0; at--)
			if (at < PROOFS_MAX)
				a->proof[at] = a->proof[at - 1];
		if (at < PROOFS_MAX)
			a->proof[at] = x;
		if (a->proofs < PROOFS_MAX)
			a->proofs++;
	}
}

static struct slice
find_subtype(const struct ruleset *rs, const struct present *p, unsigned n, int k)
{
	static const char letter[VERDICTS] = { 'u', 'z', 'm', 'c' };
	struct slice subtype = SLICE_NONE, id = SLICE_NONE;
	int32_t best = 0;

	for (unsigned i = 0; i < n; i++) {
		const struct rule *r = &rs->rule[p[i].rule];

		if (r->subtype.n < 2 || r->subtype.p[0] != letter[k] || p[i].weight[k] < best ||
		    (p[i].weight[k] == best && subtype.n && slice_cmp(id, r->id) <= 0))
			continue;
		best = p[i].weight[k];
		subtype = r->subtype;
		id = r->id;
	}
	return subtype;
}

void
model_judge(const struct ruleset *rs, const struct present *p, unsigned n, uint8_t stage,
    uint8_t direction, bool own, struct attribution *a)
{
	const struct model *m = &rs->model;
	struct tally t;
	unsigned ceiling = m->ceiling;
	int k;

	memset(&t, 0, sizeof(t));
	for (int i = 0; i < VERDICTS; i++)
		t.l[i] = m->prior[stage][direction][i];
	tally_groups(rs, p, n, &t);
	tally_anchors(rs, p, n, &t);
	k = best_class(&t);
	a->lean = (uint8_t)k;
	a->confidence = posterior(&t, k);
	a->leaning = a->confidence >= LEANING;
	if (a->confidence >= m->posterior && leads(&t, k, m->margin) && t.anchor[k] &&
	    (t.groups[k] >= 2 || t.gate[k])) {
		a->verdict = (uint8_t)k;
		if (k == VERDICT_COMPROMISED && !own)
			ceiling = m->ceiling_remote;
	} else {
		a->verdict = VERDICT_UNATTRIBUTED;
		a->reason = why_not(rs, p, n, &t);
	}
	if (a->confidence > ceiling)
		a->confidence = ceiling;
	if (a->verdict != VERDICT_COMPROMISED)
		a->via = VERDICT_UNATTRIBUTED;
}

void
model_explain(const struct ruleset *rs, const struct present *p, unsigned n, struct attribution *a)
{
	list_proofs(rs, p, n, a->lean, a);
	if (a->verdict != VERDICT_UNATTRIBUTED)
		a->subtype = find_subtype(rs, p, n, a->verdict);
}
