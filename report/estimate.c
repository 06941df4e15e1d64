/*
 * See estimate.h. With M[k][j] the share of class k's sources that get verdict j and n[j] what was
 * judged j, the classes T solve n = M' T: T = G n with G = inverse of M'. A source with w events
 * of class k adds w^2 times the variance of G[i][j] over j in row k of M to that of T[i]; M[k]
 * itself, measured on m sources, adds T[k]^2 / m times the same.
 *
 * Fixed point: shares and G in units of 2^-20.
 */
#include "report/estimate.h"

enum { ONE = 1 << 20, SURE = 1960 };	/* 1.96 standard deviations hold 95 % */

__extension__ typedef __int128 wide;

struct inverse {
	int64_t share[VERDICTS][VERDICTS];	/* M */
	int64_t g[VERDICTS][VERDICTS];		/* G */
	int64_t measured[VERDICTS];		/* sources of each row */
};

/* Half a source more in each place: what was never seen in a few sources may still happen. */
static void
fill_shares(const struct accuracy *a, struct inverse *v)
{
	for (int k = 0; k < VERDICTS; k++) {
		int64_t sum = 0, rest = ONE;

		for (int j = 0; j < VERDICTS; j++)
			sum += a->n[k][j];
		for (int j = 0; j < VERDICTS; j++) {
			v->share[k][j] = (2 * (int64_t)a->n[k][j] + 1) * ONE / (2 * sum + VERDICTS);
			rest -= v->share[k][j];
		}
		v->share[k][k] += rest;
		v->measured[k] = sum + VERDICTS / 2;
	}
}

/* The minor of m without row and column, in units of 2^-60. */
static wide
minor_of(int64_t m[VERDICTS][VERDICTS], int row, int column)
{
	wide x[3][3];

	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++)
			x[i][j] = m[i + (i >= row)][j + (j >= column)];
	return x[0][0] * (x[1][1] * x[2][2] - x[1][2] * x[2][1]) -
	    x[0][1] * (x[1][0] * x[2][2] - x[1][2] * x[2][0]) +
	    x[0][2] * (x[1][0] * x[2][1] - x[1][1] * x[2][0]);
}

_Static_assert(VERDICTS == 4, "minor_of() is of 3 x 3");

/* False when verdicts say too little of the classes to be turned round. */
static bool
invert(struct inverse *v)
{
	wide det = 0;

	for (int j = 0; j < VERDICTS; j++)
		det += (j % 2 ? -1 : 1) * v->share[0][j] * minor_of(v->share, 0, j);
	if (det >> 70 == 0 || det < 0)
		return false;
	/* M's inverse has the minor (j, i) at (i, j): its transpose the minor (i, j). */
	for (int i = 0; i < VERDICTS; i++)
		for (int j = 0; j < VERDICTS; j++)
			v->g[i][j] = (int64_t)(((i + j) % 2 ? -1 : 1) *
			    minor_of(v->share, i, j) * ((wide)1 << 40) / det);
	return true;
}

/* What adds up the classes (bits), of each verdict. */
static void
sum_up(const struct inverse *v, unsigned classes, int64_t g_r[VERDICTS])
{
	for (int j = 0; j < VERDICTS; j++) {
		g_r[j] = 0;
		for (int i = 0; i < VERDICTS; i++)
			g_r[j] += classes >> i & 1 ? v->g[i][j] : 0;
	}
}

/* The variance of g over row k, in units of 2^-40. */
static wide
spread(const struct inverse *v, const int64_t g[VERDICTS], int k)
{
	wide mean = 0, squares = 0;

	for (int j = 0; j < VERDICTS; j++) {
		mean += (wide)v->share[k][j] * g[j];
		squares += (wide)v->share[k][j] * g[j] * g[j];
	}
	mean /= ONE;
	squares = squares / ONE - mean * mean;
	return squares > 0 ? squares : 0;
}

static int64_t
solve(const int64_t g[VERDICTS], const uint64_t n[VERDICTS])
{
	wide sum = ONE / 2;

	for (int j = 0; j < VERDICTS; j++)
		sum += (wide)g[j] * n[j];
	return (int64_t)(sum >> 20);
}

static uint64_t
root(wide x)
{
	uint64_t r = 0;

	for (int bit = 62; bit >= 0; bit--) {
		uint64_t t = r | (uint64_t)1 << bit;

		if ((wide)t * t <= x)
			r = t;
	}
	return r;
}

/* Half the length of the interval around the classes' sum. */
static int64_t
half_length(const struct inverse *v, unsigned classes, const struct seen *s)
{
	int64_t g[VERDICTS], one[VERDICTS];
	wide sum = 0;

	sum_up(v, classes, g);
	for (int k = 0; k < VERDICTS; k++) {
		int64_t n, squares;
		wide of;

		sum_up(v, 1u << k, one);
		n = solve(one, s->n);
		squares = solve(one, s->squares);
		of = squares > 0 ? squares : 0;
		of += n > 0 ? (wide)n * n / (v->measured[k] + 1) : 0;
		sum += of * (spread(v, g, k) >> 8);
	}
	return (int64_t)((((wide)root(sum) * SURE / 1000) >> 16) + 1);
}

static uint64_t
between(int64_t x, uint64_t least, uint64_t most)
{
	if (x < 0 || (uint64_t)x < least)
		return least;
	return (uint64_t)x > most ? most : (uint64_t)x;
}

/* The three classes may not be more than all; what they are less is of none. */
static void
balance(struct estimate class[VERDICTS], uint64_t all)
{
	uint64_t sum = 0, least = 0, left;

	for (int k = 1; k < VERDICTS; k++) {
		sum += class[k].corrected;
		least += class[k].lower;
	}
	left = sum > all ? all - least : 0;
	for (int k = 1; sum > all && k < VERDICTS; k++) {
		uint64_t over = class[k].corrected - class[k].lower;

		class[k].corrected = class[k].lower + (uint64_t)((wide)over * left / (sum - least));
	}
	class[0].corrected = all;
	for (int k = 1; k < VERDICTS; k++)
		class[0].corrected -= class[k].corrected;
}

static uint64_t
all_of(const struct seen *s)
{
	uint64_t all = 0;

	for (int k = 0; k < VERDICTS; k++)
		all += s->n[k];
	return all;
}

void
estimate_interval(const struct accuracy *a, const struct seen *s, unsigned classes,
    struct estimate *e)
{
	uint64_t all = all_of(s);
	int64_t g[VERDICTS], n, half;
	struct inverse v;

	fill_shares(a, &v);
	if (!invert(&v)) {
		e->low = 0;
		e->high = all;
		return;
	}
	sum_up(&v, classes, g);
	n = solve(g, s->n);
	half = half_length(&v, classes, s);
	e->low = between(n - half, 0, e->corrected);
	e->high = between(n + half, e->corrected, all);
}

void
estimate_classes(const struct accuracy *a, const struct seen *s, struct estimate class[VERDICTS])
{
	struct inverse v;
	int64_t g[VERDICTS];
	bool can;

	fill_shares(a, &v);
	can = invert(&v);
	for (int k = 0; k < VERDICTS; k++) {
		sum_up(&v, 1u << k, g);
		class[k].corrected = between(can ? solve(g, s->n) : (int64_t)s->n[k],
		    class[k].lower, class[k].upper);
	}
	balance(class, all_of(s));
	for (int k = 0; k < VERDICTS; k++)
		estimate_interval(a, s, 1u << k, &class[k]);
}
