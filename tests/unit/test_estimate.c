/*
 * Estimates against a truth that is known, because it was drawn: classes, how often verdicts are
 * right, a dozen labelled logs that this was measured on, a log on which they are right more often
 * or less, sources with very different numbers of events. The 95 % intervals must hold the truth in
 * 93 to 97 % of a thousand mixes; those of two classes together, too.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "report/estimate.h"

enum { MIXES = 1000, WHOLE = 1000000 };

static uint64_t
draw(uint64_t *seed, uint64_t below)
{
	uint64_t x = (*seed += 0x9e3779b97f4a7c15u);

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return (x ^ x >> 31) % below;
}

static double
uniform(uint64_t *seed)
{
	return ((double)draw(seed, 1u << 30) + 0.5) / (1u << 30);
}

/* Of the gamma distribution, scale 1 (Marsaglia and Tsang). */
static double
gamma_of(uint64_t *seed, double shape)
{
	double d, c;

	if (shape < 1)
		return gamma_of(seed, shape + 1) * pow(uniform(seed), 1 / shape);
	d = shape - 1.0 / 3;
	c = 1 / sqrt(9 * d);
	for (;;) {
		double r = sqrt(-2 * log(uniform(seed))), x = r * cos(2 * acos(-1) * uniform(seed));
		double v = pow(1 + c * x, 3);

		if (v > 0 && log(uniform(seed)) < x * x / 2 + d - d * v + d * log(v))
			return d * v;
	}
}

/* One of the four with these chances, which sum up to WHOLE. */
static int
pick(uint64_t *seed, const unsigned chance[VERDICTS])
{
	unsigned x = (unsigned)draw(seed, WHOLE);
	int k = 0;

	for (; k + 1 < VERDICTS && x >= chance[k]; k++)
		x -= chance[k];
	return k;
}

/* Chances with at least `least` of each. */
static void
draw_mix(uint64_t *seed, unsigned least, unsigned chance[VERDICTS])
{
	uint64_t part[VERDICTS], sum = 0;
	unsigned rest = WHOLE;

	for (int k = 0; k < VERDICTS; k++)
		sum += part[k] = 1 + draw(seed, 1000) * draw(seed, 1000);
	for (int k = 1; k < VERDICTS; k++) {
		chance[k] = least + (unsigned)(part[k] * (WHOLE - VERDICTS * least) / sum);
		rest -= chance[k];
	}
	chance[0] = rest;
}

/* As often as on average, but in this log more or less so (spread: per mille). */
static void
draw_like(uint64_t *seed, const unsigned mean[VERDICTS], unsigned spread,
    unsigned chance_r[VERDICTS])
{
	double part[VERDICTS], sum = 0;
	unsigned rest = WHOLE, most = 0;

	for (int k = 0; k < VERDICTS; k++)
		sum += part[k] = gamma_of(seed, mean[k] * (1000.0 / spread - 1) / WHOLE);
	for (int k = 0; k < VERDICTS; k++) {
		rest -= chance_r[k] = (unsigned)(part[k] / sum * WHOLE);
		most = chance_r[k] > chance_r[most] ? (unsigned)k : most;
	}
	chance_r[most] += rest;
}

enum { LOGS = 12 };

struct world {
	unsigned mix[VERDICTS], judged[VERDICTS][VERDICTS];	/* here */
	struct accuracy accuracy;
	struct seen seen;
	uint64_t truth[VERDICTS];
};

/* A class is found mostly, else not judged, seldom taken for another one. */
static void
draw_judge(uint64_t *seed, struct world *w)
{
	for (int k = 0; k < VERDICTS; k++) {
		unsigned wrong = 5000 + (unsigned)draw(seed, 30000), mean[VERDICTS];
		unsigned none = k ? 50000 + (unsigned)draw(seed, 300000) : 0;
		unsigned spread = w->accuracy.spread[k] = 10 + (unsigned)draw(seed, 100);

		for (int v = 0; v < VERDICTS; v++)
			mean[v] = wrong;
		if (k)
			mean[0] = none;
		mean[k] = WHOLE - (k ? none + 2 * wrong : 3 * wrong);
		for (int i = 0; i < LOGS; i++) {
			draw_like(seed, mean, spread, w->judged[k]);
			for (unsigned n = 10 + (unsigned)draw(seed, 30); n > 0; n--)
				w->accuracy.n[k][pick(seed, w->judged[k])]++;
		}
		draw_like(seed, mean, spread, w->judged[k]);
	}
}

static void
draw_log(uint64_t *seed, struct world *w)
{
	draw_mix(seed, 20000, w->mix);
	for (unsigned n = 300 + (unsigned)draw(seed, 3000); n > 0; n--) {
		uint64_t events = 1 + draw(seed, 1 + draw(seed, 1 + draw(seed, 60)));
		int class = pick(seed, w->mix), verdict = pick(seed, w->judged[class]);

		w->truth[class] += events;
		w->seen.n[verdict] += events;
		w->seen.squares[verdict] += events * events;
	}
}

static bool
holds(const struct estimate *e, uint64_t truth)
{
	return truth >= e->low && truth <= e->high;
}

static void
coverage(void **state)
{
	unsigned held[VERDICTS] = { 0 }, sums = 0, all = 0;
	uint64_t seed = 6;

	(void)state;
	for (unsigned i = 0; i < MIXES; i++) {
		struct world w = { 0 };
		struct estimate e[VERDICTS], two;
		uint64_t total = 0, sum = 0;

		draw_judge(&seed, &w);
		draw_log(&seed, &w);
		for (int k = 0; k < VERDICTS; k++)
			total += w.truth[k];
		for (int k = 0; k < VERDICTS; k++)
			e[k] = (struct estimate){ .lower = k ? w.seen.n[k] : 0,
				.upper = w.seen.n[0] + (k ? w.seen.n[k] : 0) };
		estimate_classes(&w.accuracy, &w.seen, e);
		for (int k = 0; k < VERDICTS; k++) {
			held[k] += holds(&e[k], w.truth[k]);
			sum += e[k].corrected;
			assert_true(e[k].low <= e[k].corrected && e[k].corrected <= e[k].high);
		}
		assert_int_equal(sum, total);
		two = (struct estimate){ .lower = e[1].lower + e[3].lower,
			.upper = w.seen.n[0] + e[1].lower + e[3].lower,
			.corrected = e[1].corrected + e[3].corrected };
		estimate_interval(&w.accuracy, &w.seen, 1 << 1 | 1 << 3, &two);
		sums += holds(&two, w.truth[1] + w.truth[3]);
	}
	for (int k = 0; k < VERDICTS; k++) {
		print_message("class %d: %u of %d held\n", k, held[k], MIXES);
		all += held[k];
	}
	print_message("sums of two: %u of %d held\n", sums, MIXES);
	assert_in_range(all, 93 * MIXES * VERDICTS / 100, 97 * MIXES * VERDICTS / 100);
	for (int k = 0; k < VERDICTS; k++)
		assert_in_range(held[k], 93 * MIXES / 100, 97 * MIXES / 100);
	assert_in_range(sums, 93 * MIXES / 100, 97 * MIXES / 100);
}

/* The example of the design: truth .35 .30 .35, of which .308 .. and .228 were not judged. */
static void
corrects(void **state)
{
	static const struct accuracy a = { .n = { { 900, 30, 40, 30 }, { 150, 820, 20, 10 },
		{ 250, 20, 690, 40 }, { 290, 10, 30, 670 } } };
	struct seen s = { .n = { 1160, 1541, 1144, 1160 },
		.squares = { 1160, 1541, 1144, 1160 } };
	struct estimate e[VERDICTS] = { { .upper = 1160 }, { .lower = 1541, .upper = 2701 },
		{ .lower = 1144, .upper = 2304 }, { .lower = 1160, .upper = 2320 } };

	(void)state;
	estimate_classes(&a, &s, e);
	assert_in_range(e[VERDICT_ZOMBIE].corrected, 1750, 1900);
	for (int k = 1; k < VERDICTS; k++)
		assert_in_range(e[k].corrected, e[k].lower, e[k].upper);
	assert_in_range(e[VERDICT_ZOMBIE].low, 1500, e[VERDICT_ZOMBIE].corrected);
}

/* Without a measured accuracy nothing is corrected, and bounds are those of the verdicts. */
static void
unmeasured(void **state)
{
	static const struct accuracy a;
	struct seen s = { .n = { 10, 20, 30, 40 } };
	struct estimate e[VERDICTS] = { { .upper = 10 }, { 20, 30, 0, 0, 0 }, { 30, 40, 0, 0, 0 },
		{ 40, 50, 0, 0, 0 } };

	(void)state;
	estimate_classes(&a, &s, e);
	for (int k = 0; k < VERDICTS; k++) {
		assert_int_equal(e[k].corrected, s.n[k]);
		assert_int_equal(e[k].low, e[k].lower);
		assert_int_equal(e[k].high, e[k].upper);
	}
}

/* Wrong verdicts about the own side differ between logs as the row does that they came of. */
static void
own_side(void **state)
{
	struct accuracy a = { .n = { { 190, 24 }, { 26, 129 } }, .spread = { 50, 50 } };
	struct seen s = { .n = { 0, 100 }, .squares = { 0, 100 } };
	struct estimate alike, apart;

	(void)state;
	alike = estimate_own(&a, &s, VERDICT_ZOMBIE);
	a.spread[0] = 400;
	apart = estimate_own(&a, &s, VERDICT_ZOMBIE);
	assert_in_range(alike.low, 60, 75);	/* 84.4 less 1.96 deviations of 8.9 */
	assert_in_range(apart.low, 36, 44);	/* of 23.4 */
	a.spread[2] = 1000;			/* nothing came of this row */
	assert_int_equal(estimate_own(&a, &s, VERDICT_ZOMBIE).low, apart.low);
	assert_int_equal(apart.high, 100);
}

/* No numbers are too large: no sum overflows (the sanitizers look). */
static void
large(void **state)
{
	static const struct accuracy a = { .n = { { 90, 3, 4, 3 }, { 15, 82, 2, 1 },
		{ 25, 2, 69, 4 }, { 29, 1, 3, 67 } }, .spread = { 1000, 0, 500, 100 } };
	struct seen s;
	struct estimate e[VERDICTS];

	(void)state;
	for (int k = 0; k < VERDICTS; k++) {
		s.n[k] = (uint64_t)1 << 40;
		s.squares[k] = UINT64_MAX;
		e[k] = (struct estimate){ .upper = (uint64_t)1 << 42 };
	}
	estimate_classes(&a, &s, e);
	for (int k = 0; k < VERDICTS; k++)
		assert_true(e[k].low <= e[k].corrected && e[k].high <= (uint64_t)1 << 42);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(coverage),
		cmocka_unit_test(corrects),
		cmocka_unit_test(unmeasured),
		cmocka_unit_test(own_side),
		cmocka_unit_test(large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
