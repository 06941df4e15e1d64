/*
 * See estimate.h. With M[k][j] the share of class k's sources that get verdict j and n[j] what was
 * judged j, the classes T solve n = M' T: T = G n with G = inverse of M'.
 *
 * If the classes of interest had t events together, what the estimate says would vary around t:
 * a source with w events of class k adds w^2 times the variance of g[j] over j in row k of M, where
 * g sums those classes up; and row k itself, measured on m sources and with a spread of r between
 * logs, adds T[k]^2 (r + 1/m) times the same. The interval has all t that are within 1.96 such
 * deviations of the estimate, each taken at its own t: it is longer upwards, as verdicts that were
 * not given hide more the more there are.
 *
 * The interval does not go further beyond what was attributed, or may be, than verdicts are wrong.
 * Sources come or go whole: half of an average one is added to both ends.
 *
 * Fixed point: shares and G in units of 2^-20.
 */
#include "report/estimate.h"

enum { ONE = 1 << 20, SURE = 1960, MILLE = 1000 };	/* 1.96 deviations hold 95 % */

__extension__ typedef __int128 wide;

struct inverse {
	int64_t share[VERDICTS][VERDICTS];	/* M */
	int64_t g[VERDICTS][VERDICTS];		/* G */
	int64_t unsure[VERDICTS];		/* of each row: its spread and 1/sources, 2^-20 */
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
		v->unsure[k] = (int64_t)a->spread[k] * ONE / MILLE + ONE / (sum + VERDICTS / 2);
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

/* Of several classes (bits): what was estimated, and how much that would vary. */
struct guess {
	int64_t at;			/* unbounded */
	unsigned classes;
	int64_t n[VERDICTS];		/* events of each class, at least 1 */
	int64_t in, out;		/* sums of n: those classes, the others */
	int64_t half;			/* of a source's events, on average; rounded up */
	int64_t weight[VERDICTS];	/* events of the source of an event, on average */
	int64_t spread[VERDICTS];	/* of g over the row, 2^-32 */
	int64_t unsure[VERDICTS];
};

static void
guess(const struct inverse *v, const struct seen *s, unsigned classes, struct guess *u_r)
{
	int64_t g[VERDICTS], one[VERDICTS];
	uint64_t all = 0, squares = 0;

	*u_r = (struct guess){ .classes = classes };
	sum_up(v, classes, g);
	u_r->at = solve(g, s->n);
	for (int k = 0; k < VERDICTS; k++) {
		all += s->n[k];
		squares = squares + s->squares[k] < squares ? UINT64_MAX : squares + s->squares[k];
	}
	for (int k = 0; k < VERDICTS; k++) {
		int64_t n, q;

		sum_up(v, 1u << k, one);
		n = solve(one, s->n);
		q = solve(one, s->squares);
		u_r->weight[k] = n > 0 && q > n ? q / n : all ? (int64_t)(squares / all) : 1;
		u_r->n[k] = n > 1 ? n : 1;
		*(classes >> k & 1 ? &u_r->in : &u_r->out) += u_r->n[k];
		u_r->spread[k] = (int64_t)(spread(v, g, k) >> 8);
		u_r->unsure[k] = v->unsure[k];
	}
	u_r->half = all ? (int64_t)(squares / all + 1) / 2 : 0;
}

/* Of all, may t be of the classes? Then the estimate lies within what is usual. */
static bool
is_usual(const struct guess *u, int64_t t, int64_t all)
{
	wide away = t - u->at, sum = 0;

	for (int k = 0; k < VERDICTS; k++) {
		bool in = u->classes >> k & 1;
		int64_t n = in ? (int64_t)((wide)t * u->n[k] / u->in) :
		    (int64_t)((wide)(all - t) * u->n[k] / u->out);

		/* n^2 unsure + n weight, 2^-10 */
		sum += (((wide)n * n * u->unsure[k] >> 10) + ((wide)n * u->weight[k] << 10)) *
		    (u->spread[k] >> 16);
	}
	/* Whole sources come or go: half a one is nothing to be surprised at. */
	away = (away < 0 ? -away : away) - u->half;
	return away <= 0 || away * away <= ((sum >> 26) * SURE / MILLE) * SURE / MILLE + 1;
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

/* The last one, from the usual `from` towards `to`, that is usual. */
static int64_t
last_usual(const struct guess *u, int64_t from, int64_t to, int64_t all)
{
	if (!is_usual(u, from, all) || is_usual(u, to, all))
		return is_usual(u, from, all) ? to : from;
	while (from - to > 1 || to - from > 1) {
		int64_t middle = from + (to - from) / 2;

		if (is_usual(u, middle, all))
			from = middle;
		else
			to = middle;
	}
	return from;
}

/* At most so many, usually, of the classes `from` (bits) got a verdict of one of `to`. */
static int64_t
slipped(const struct inverse *v, const struct guess *u, unsigned from, unsigned to)
{
	wide mean = 0, square = 0;

	for (int k = 0; k < VERDICTS; k++) {
		wide n = u->n[k], share = 0;

		if (!(from >> k & 1))
			continue;
		for (int j = 1; j < VERDICTS; j++)
			share += to >> j & 1 ? v->share[k][j] : 0;
		mean += n * share;
		square += (n * n * u->unsure[k] / ONE + n * u->weight[k]) *
		    (share * (ONE - share) / ONE);
	}
	return (int64_t)(mean / ONE + ((wide)root(square << 20) * SURE / MILLE >> 20) + 1) +
	    u->half;
}

void
estimate_interval(const struct accuracy *a, const struct seen *s, unsigned classes,
    struct estimate *e)
{
	uint64_t all = all_of(s);
	int64_t least, most;
	struct inverse v;
	struct guess u;

	fill_shares(a, &v);
	if (!invert(&v)) {		/* never measured: taken as right */
		e->low = e->lower;
		e->high = e->upper;
		return;
	}
	guess(&v, s, classes, &u);
	least = (int64_t)e->lower - slipped(&v, &u, ~classes, classes);
	most = (int64_t)e->upper + slipped(&v, &u, classes, ~classes);
	e->low = (uint64_t)last_usual(&u, (int64_t)e->corrected, 0, (int64_t)all);
	e->low = least > (int64_t)e->low ? (uint64_t)least : e->low;
	e->high = (uint64_t)last_usual(&u, (int64_t)e->corrected, (int64_t)all, (int64_t)all);
	e->high = most < (int64_t)e->high ? (uint64_t)most : e->high;
}

struct estimate
estimate_own(const struct accuracy *a, const struct seen *s, enum verdict k)
{
	uint64_t n = s->n[k], most;
	struct estimate e = { n, n, n, n, n };
	int64_t all = 0, others = 0, differ = 0, wrong, unsure;
	wide square;

	for (int j = 0; j < VERDICTS; j++) {
		all += a->n[j][k];
		others += j == (int)k ? 0 : a->n[j][k];
		differ += j == (int)k ? 0 : (int64_t)a->n[j][k] * a->spread[j];
	}
	if (all == 0)
		return e;
	wrong = (2 * others + 1) * ONE / (2 * all + 2);
	/* Wrong verdicts come of the other rows: they differ from log to log as those do. */
	differ = others ? (differ + others - 1) / others : 0;
	differ = differ > a->spread[k] ? differ : a->spread[k];
	unsure = differ * ONE / MILLE + ONE / (all + 1);
	/* an account is right or wrong as a whole */
	square = ((wide)n * n * unsure / ONE + s->squares[k]) * wrong * (ONE - wrong);
	most = (uint64_t)(((wide)n * wrong + (wide)root(square) * SURE / MILLE) / ONE);
	e.low -= most < n ? most : n;
	return e;
}

/* Rounded up: events are whole, and bounds are to hold. */
static uint64_t
both(uint64_t x, uint64_t y)
{
	wide square = (wide)x * x + (wide)y * y;
	uint64_t r = root(square);

	return r + ((wide)r * r < square);
}

void
estimate_add(struct estimate *e, const struct estimate *x)
{
	uint64_t below = both(e->corrected - e->low, x->corrected - x->low);
	uint64_t above = both(e->high - e->corrected, x->high - x->corrected);

	e->lower += x->lower;
	e->upper += x->upper;
	e->corrected += x->corrected;
	e->low = e->corrected - below;
	e->high = e->corrected + above;
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
