/*
 * See evaluate_count.h.
 *
 * Wilson's limits of k out of n, with z = 1.96:
 *	(k + z²/2 ± z sqrt(k (n - k) / n + z²/4)) / (n + z²)
 *
 * The bootstrap draws as many sources as there are, with repetition, measures each draw, and takes
 * the 26th and the 975th of the 1000 sorted values.
 */
#include "report/evaluate_count.h"

#include <stdlib.h>

#include "base/problem.h"

enum { UNIT = 10000, DRAWS = 1000, LOW_DRAW = 25, HIGH_DRAW = 974 };

void
matrix_add(struct matrix *m, const struct matrix *other)
{
	for (unsigned i = 0; i < ISS; i++)
		for (unsigned s = 0; s < SAIDS; s++)
			m->n[i][s] += other->n[i][s];
}

/* Do rows of this kind, or what was said, belong to the scored thing? */
static bool
belongs(unsigned x, unsigned of)
{
	switch (of) {
	case OF_OWN: return x == IS_OWN;
	case OF_ELSEWHERE: return x == IS_ELSEWHERE;
	default: return x <= IS_ELSEWHERE && class_of(x) == of;
	}
}

struct tally {
	uint64_t right, said, is;	/* right: of what was said */
};

static struct tally
tally_of(const struct matrix *m, unsigned of)
{
	unsigned class = of < OF_COMPROMISED ? of : OF_COMPROMISED;
	struct tally t = { 0 };

	for (unsigned i = 0; i < IS_UNDECIDABLE; i++)
		for (unsigned s = 0; s < SAIDS; s++) {
			t.is += belongs(i, of) ? m->n[i][s] : 0;
			if (!is_verdict(s) || !belongs(s, of))
				continue;
			t.said += m->n[i][s];
			t.right += i < IS_HAM && class_of(i) == class ? m->n[i][s] : 0;
		}
	return t;
}

/* Rows of these kinds with a verdict, in r: those where it is right. */
static uint64_t
verdicts(const struct matrix *m, unsigned from, unsigned to, uint64_t *right_r)
{
	uint64_t n = 0;

	*right_r = 0;
	for (unsigned i = from; i <= to; i++)
		for (unsigned s = 0; is_verdict(s); s++) {
			n += m->n[i][s];
			*right_r += i < IS_HAM && class_of(i) == class_of(s) ? m->n[i][s] : 0;
		}
	return n;
}

static uint64_t
rows(const struct matrix *m, unsigned from, unsigned to)
{
	uint64_t n = 0;

	for (unsigned i = from; i <= to; i++)
		for (unsigned s = 0; s < SAIDS; s++)
			n += m->n[i][s];
	return n;
}

void
measure(const struct matrix *m, enum quality what, struct share *s)
{
	struct tally t;
	uint64_t right;

	*s = (struct share){ 0 };
	if (what < COVERAGE) {
		t = tally_of(m, what % OFS);
		s->part = what >= F1 ? 2 * t.right : t.right;
		s->all = what >= F1 ? t.said + t.is : what >= RECALL ? t.is : t.said;
	} else if (what == COVERAGE) {
		s->part = verdicts(m, IS_ZOMBIE, IS_ELSEWHERE, &right);
		s->all = rows(m, IS_ZOMBIE, IS_ELSEWHERE);
	} else if (what == SELECTIVE) {
		s->all = verdicts(m, IS_ZOMBIE, IS_HAM, &s->part);
	} else if (what == HAM_ACCUSED) {
		s->part = verdicts(m, IS_HAM, IS_HAM, &right);
		s->all = rows(m, IS_HAM, IS_HAM);
	} else {
		s->all = rows(m, IS_UNDECIDABLE, IS_UNDECIDABLE);
		s->part = s->all - verdicts(m, IS_UNDECIDABLE, IS_UNDECIDABLE, &right);
	}
}

unsigned
share_value(uint64_t part, uint64_t all)
{
	return all ? (unsigned)((part * UNIT + all / 2) / all) : 0;
}

static uint64_t
root(unsigned __int128 x)
{
	uint64_t r = 0;

	for (uint64_t bit = (uint64_t)1 << 62; bit != 0; bit >>= 1)
		if ((unsigned __int128)(r | bit) * (r | bit) <= x)
			r |= bit;
	return r;
}

void
share_wilson(struct share *s)
{
	uint64_t z2 = 38416;		/* z² in 1/UNIT */
	uint64_t n = s->all, k = s->part;
	uint64_t all = n * UNIT + z2, middle = k * UNIT + z2 / 2, half;

	if (n == 0) {
		s->low = 0;
		s->high = UNIT;
		return;
	}
	half = root((unsigned __int128)k * (n - k) * UNIT * UNIT / n + z2 * UNIT / 4);
	half = half * 196 / 100;
	s->low = middle > half ? (unsigned)((unsigned __int128)(middle - half) * UNIT / all) : 0;
	s->high = (unsigned)(((unsigned __int128)(middle + half) * UNIT + all - 1) / all);
	if (s->high > UNIT)
		s->high = UNIT;
}

/* The next number of a fixed sequence (splitmix64). */
static uint64_t
draw(uint64_t *seed)
{
	uint64_t x = *seed += 0x9e3779b97f4a7c15;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

static int
number_cmp(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return (x > y) - (x < y);
}

void
bootstrap(const struct cluster *cluster, unsigned n, struct share share[QUALITIES])
{
	unsigned *value = mem_alloc(sizeof(*value) * QUALITIES * DRAWS), found[QUALITIES] = { 0 };
	uint64_t seed = 0x73706d736f757263;

	for (unsigned d = 0; d < DRAWS && n > 0; d++) {
		struct matrix m = { 0 };

		for (unsigned i = 0; i < n; i++)
			matrix_add(&m, &cluster[draw(&seed) % n].rows);
		for (unsigned k = 0; k < QUALITIES; k++) {
			struct share s;

			measure(&m, k, &s);
			if (s.all > 0)	/* a draw without such rows says nothing */
				value[k * DRAWS + found[k]++] = share_value(s.part, s.all);
		}
	}
	for (unsigned k = 0; k < QUALITIES; k++) {
		unsigned *v = value + k * DRAWS;

		qsort(v, found[k], sizeof(*v), number_cmp);
		share[k].cluster_low = found[k] ? v[found[k] * LOW_DRAW / DRAWS] : 0;
		share[k].cluster_high = found[k] ? v[found[k] * HIGH_DRAW / DRAWS] : UNIT;
	}
	free(value);
}
