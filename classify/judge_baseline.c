/*
 * What simpler ways would say of an event that is spam; `spamsource evaluate` measures both.
 *
 * The rule of thumb: a login is a stolen account; a list of end-user lines, or a reverse name that
 * looks like one, is an infected machine; all else is a server. Naive Bayes: the same rules and
 * priors as ours, each weight in full, without groups, caps, anchors and thresholds.
 */
#include "base/utc.h"
#include "classify/judge_private.h"

static bool
is_policy_list(const struct judge *j, unsigned rule)
{
	return j->brief[rule].weight[VERDICT_ZOMBIE] > 0 &&
	    slice_eq(j->rs->group[j->brief[rule].group].name, SLICE("bl.policy"));
}

static uint8_t
rule_of_thumb(const struct judge *j, const struct source *s, unsigned n)
{
	if (s->kind == SOURCE_ACCOUNT)
		return VERDICT_COMPROMISED;
	if (s->kind == SOURCE_CLIENT && (s->name_set & HN_END_USER))
		return VERDICT_ZOMBIE;
	for (unsigned i = 0; i < n; i++)
		if (is_policy_list(j, j->present[i].rule))
			return VERDICT_ZOMBIE;
	return VERDICT_MISCONFIGURED;
}

static void
naive_bayes(const struct judge *j, const struct signature *sig, unsigned n, struct baselines *b)
{
	int64_t sum[VERDICTS], next = INT64_MIN;
	unsigned best = 0;

	for (unsigned k = 0; k < VERDICTS; k++) {
		sum[k] = j->rs->model.prior[sig->stage][sig->direction][k];
		for (unsigned i = 0; i < n; i++)
			sum[k] += j->brief[j->present[i].rule].weight[k];
		best = sum[k] > sum[best] ? k : best;
	}
	for (unsigned k = 0; k < VERDICTS; k++)
		if (k != best && sum[k] > next)
			next = sum[k];
	b->naive_bayes = (uint8_t)best;
	b->lead = sum[best] - next;
}

void
judge_baselines(struct judge *j, uint32_t source, int64_t ts, uint32_t signature,
    struct baselines *b)
{
	bool relay = judge_event(j, source, ts, signature)->a.relay;
	int64_t day = utc_stamp(ts) / UTC_DAY;
	const struct signature *sig = &j->st->signature[signature];
	unsigned n;

	if (j->w.source != source || j->w.day != day)
		window_load(j, &j->w, source, day, state_until(j->st, source, day));
	n = judge_present(j, sig, relay);
	b->rule_of_thumb = rule_of_thumb(j, &j->st->source[source], n);
	naive_bayes(j, sig, n, b);
}
