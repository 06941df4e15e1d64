/*
 * How confidence and rightness go together, and the baselines' matrices.
 *
 * Calibration: the verdicts on decidable rows, sorted by confidence and cut into ten bins of equal
 * size, but that equal confidences stay in one bin. ECE is the mean distance of a bin's confidence
 * from its share of right verdicts; Brier the mean square of each verdict's.
 */
#include <stdlib.h>

#include "report/evaluate_private.h"

struct judgement {
	unsigned confidence;
	bool right;
};

static int
judgement_cmp(const void *a, const void *b)
{
	const struct judgement *x = a, *y = b;

	return x->confidence != y->confidence ? (x->confidence > y->confidence ? 1 : -1) :
	    x->right - y->right;
}

static bool
is_right(const struct labelled *x)
{
	return x->is < IS_HAM && class_of(x->is) == class_of(x->said);
}

static void
calibrate(struct evaluate *e)
{
	struct judgement *v = mem_alloc((e->items + 1ul) * sizeof(*v));
	uint64_t n = 0, distance = 0, square = 0;
	unsigned bin = 0;

	for (unsigned i = 0; i < e->items; i++) {
		const struct labelled *x = &e->item[i];

		if (is_measured(x) && is_verdict(x->said) && x->is != IS_UNDECIDABLE)
			v[n++] = (struct judgement){ e->event[x->event].confidence, is_right(x) };
	}
	qsort(v, n, sizeof(*v), judgement_cmp);
	for (uint64_t i = 0; i < n; i++) {
		uint64_t off = v[i].right ? 1000 - v[i].confidence : v[i].confidence;

		if (i == 0 || v[i].confidence != v[i - 1].confidence)
			bin = (unsigned)(i * BINS / n);
		e->bin[bin].n++;
		e->bin[bin].right += v[i].right;
		e->bin[bin].confidence += v[i].confidence;
		square += off * off;
	}
	for (unsigned b = 0; b < BINS; b++)
		distance += (uint64_t)llabs((int64_t)e->bin[b].confidence -
		    (int64_t)(1000 * e->bin[b].right));
	e->ece = n ? (unsigned)((distance * 10 + n / 2) / n) : 0;
	e->brier = n ? (unsigned)((square + n * 50) / (n * 100)) : 0;
	free(v);
}

static void
risk_and_coverage(struct evaluate *e)
{
	static const unsigned least[TAUS] = { 0, 500, 600, 700, 800, 900, 950, 990 };

	for (unsigned t = 0; t < TAUS; t++) {
		e->tau[t].least = least[t];
		for (unsigned i = 0; i < e->items; i++) {
			const struct labelled *x = &e->item[i];
			const struct happened *h = event_of(e, x);
			unsigned said = x->said;

			if (!is_measured(x))
				continue;
			if (h != NULL && h->spam)
				said = h->confidence >= least[t] ? h->lean : SAID_UNATTRIBUTED;
			e->tau[t].rows.n[x->is][said]++;
		}
	}
}

static unsigned
majority(const struct evaluate *e)
{
	uint64_t n[OF_COMPROMISED + 1] = { 0 };
	unsigned best = 0;

	for (unsigned is = 0; is < IS_HAM; is++)
		for (unsigned s = 0; s < SAIDS; s++)
			n[class_of(is)] += e->messages.n[is][s];
	for (unsigned k = 1; k <= OF_COMPROMISED; k++)
		best = n[k] > n[best] ? k : best;
	return best;
}

static int
lead_cmp(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x < y) - (x > y);
}

/* The lead that naive Bayes must have so that it says as much as we do of decidable spam. */
static int64_t
lead_of_our_coverage(const struct evaluate *e)
{
	uint64_t ours = e->share[COVERAGE].part, n = 0;
	int64_t *lead = mem_alloc((e->items + 1ul) * sizeof(*lead)), least = INT64_MIN;

	for (unsigned i = 0; i < e->items; i++) {
		const struct labelled *x = &e->item[i];
		const struct happened *h = event_of(e, x);

		if (is_measured(x) && h != NULL && x->is < IS_HAM && is_verdict(h->bayes))
			lead[n++] = h->lead;
	}
	qsort(lead, n, sizeof(*lead), lead_cmp);
	if (ours > 0 && n >= ours)
		least = lead[ours - 1];
	free(lead);
	return least;
}

static void
compare(struct evaluate *e)
{
	int64_t least = lead_of_our_coverage(e);
	unsigned most = majority(e);

	for (unsigned i = 0; i < e->items; i++) {
		const struct labelled *x = &e->item[i];
		const struct happened *h = event_of(e, x);
		unsigned said[BASES] = { x->said, x->said, x->said, x->said };

		if (!is_measured(x))
			continue;
		if (h != NULL && h->spam) {
			said[BASE_THUMB] = h->thumb;
			said[BASE_BAYES] = h->bayes;
			said[BASE_BAYES_CUT] = h->lead >= least ? h->bayes : SAID_UNATTRIBUTED;
			said[BASE_MAJORITY] = most < OF_COMPROMISED ? most :
			    h->own ? SAID_OWN : SAID_ELSEWHERE;
		}
		for (unsigned b = 0; b < BASES; b++)
			e->base[b].n[x->is][said[b]]++;
	}
}

void
evaluate_curves(struct evaluate *e)
{
	calibrate(e);
	risk_and_coverage(e);
	compare(e);
}
