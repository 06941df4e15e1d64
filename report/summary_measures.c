/*
 * What would have stopped the spam: by class and DNSBL. Only what clients brought to port 25 is in
 * doubt; an own account, script or relay is known by how its mail came, so it is taken as it is.
 *
 * P, D, A: stopped by a port-25 block, known to a DNSBL, stopped by the account's provider. P and A
 * exclude each other (a class each), D was observed: two strata, in each of which the classes are
 * estimated. Sums over the strata have an interval of their own, as both were judged alike.
 */
#include "report/summary_private.h"

const char *
measure_name(unsigned measure)
{
	static const char *const name[MEASURES] = { "port25", "port25_beside_dnsbl", "dnsbl",
		"dnsbl_beside_port25", "provider", "provider_beside_both", "none" };

	return name[measure];
}

/* A source with its squares; a verdict without one is one of its own. */
void
mass_row(struct collect *c, const struct row *r)
{
	for (int k = 0; k < VERDICTS; k++) {
		if (r->events[k] == 0)		/* most sources are of one class */
			continue;
		for (int unit = 0; unit < IN_SOURCES; unit++) {
			uint64_t m = r->direct[unit][0][k], n = r->direct[unit][1][k];

			square_add(&c->mass[unit][1][0].seen.squares[k], m);
			square_add(&c->mass[unit][1][1].seen.squares[k], n);
			square_add(&c->squares[unit][k], m + n);
		}
	}
}

void
mass_unite(struct collect *c, const struct collect *from)
{
	struct mass *m = &c->mass[0][0][0];
	const struct mass *x = &from->mass[0][0][0];

	for (int i = 0; i < IN_SOURCES * 2 * 2; i++, m++, x++) {
		for (int k = 0; k < VERDICTS; k++) {
			m->seen.n[k] += x->seen.n[k];
			sum_add(&m->seen.squares[k], x->seen.squares[k]);
		}
		for (int could = 0; could < 1 << VERDICTS; could++)
			m->could[could] += x->could[could];
	}
	for (int i = 0; i < IN_SOURCES * VERDICTS; i++)
		sum_add(&c->squares[0][0] + i, (&from->squares[0][0])[i]);
	for (int k = 0; k < VERDICTS; k++)
		c->inside[k] += from->inside[k];
}

/* Of one class; unattributed: of none. */
static struct estimate
bounds_of(const struct mass *m, int k)
{
	struct estimate e = { 0 };

	e.lower = k ? m->seen.n[k] : 0;
	e.upper = m->seen.n[k];
	for (int could = 0; k && could < 1 << VERDICTS; could++)
		e.upper += could >> k & 1 ? m->could[could] : 0;
	return e;
}

static void
add(struct estimate *e, const struct estimate *x)
{
	e->lower += x->lower;
	e->upper += x->upper;
	e->corrected += x->corrected;
	e->low += x->low;
	e->high += x->high;
}

/* Known as it is, but for the unattributed. */
static void
add_known(struct estimate *e, const struct mass *m, int k)
{
	struct estimate x = bounds_of(m, k);

	x.corrected = x.low = x.high = m->seen.n[k];
	x.lower = k ? x.lower : 0;
	add(e, &x);
}

static struct estimate
exactly(uint64_t n)
{
	return (struct estimate){ n, n, n, n, n };
}

/* All but e. */
static struct estimate
all_but(uint64_t all, const struct estimate *e)
{
	return (struct estimate){ .lower = all > e->upper ? all - e->upper : 0,
		.upper = all - e->lower, .corrected = all - e->corrected, .low = all - e->high,
		.high = all - e->low };
}

static uint64_t
mass_of(const struct mass *m)
{
	uint64_t n = 0;

	for (int k = 0; k < VERDICTS; k++)
		n += m->seen.n[k];
	return n;
}

static void
mass_sum(struct mass *m, const struct mass *a, const struct mass *b, const uint64_t *squares)
{
	for (int k = 0; k < VERDICTS; k++) {
		m->seen.n[k] = a->seen.n[k] + b->seen.n[k];
		m->seen.squares[k] = squares[k];
	}
	for (int could = 0; could < 1 << VERDICTS; could++)
		m->could[could] = a->could[could] + b->could[could];
}

/* The cells of one stratum. */
static void
fill_cells(const struct accuracy *a, const struct mass *direct, const struct mass *other,
    unsigned listed, struct measures *m, struct estimate class_r[VERDICTS])
{
	unsigned d = listed ? STOP_DNSBL : 0;
	uint64_t all = mass_of(direct), most;
	struct estimate *rest = &m->cell[d];

	for (int k = 0; k < VERDICTS; k++)
		class_r[k] = bounds_of(direct, k);
	estimate_classes(a, &direct->seen, class_r);
	m->cell[d | STOP_PORT25] = class_r[VERDICT_ZOMBIE];
	m->cell[d | STOP_PROVIDER] = class_r[VERDICT_COMPROMISED];
	most = all - class_r[VERDICT_ZOMBIE].lower - class_r[VERDICT_COMPROMISED].lower;
	*rest = (struct estimate){ .lower = direct->seen.n[VERDICT_MISCONFIGURED], .upper = most,
		.corrected = class_r[VERDICT_MISCONFIGURED].corrected + class_r[0].corrected };
	estimate_interval(a, &direct->seen, 1 << VERDICT_MISCONFIGURED | 1, rest);
	add_known(&m->cell[d | STOP_PROVIDER], other, VERDICT_COMPROMISED);
	add_known(rest, other, VERDICT_ZOMBIE);
	add_known(rest, other, VERDICT_MISCONFIGURED);
	add_known(rest, other, VERDICT_UNATTRIBUTED);
}

/* A class over both strata. */
static struct estimate
sum_of_class(const struct accuracy *a, const struct mass *both, const struct estimate *x,
    const struct estimate *y, int k)
{
	struct estimate e = *x;

	add(&e, y);
	estimate_interval(a, &both->seen, 1u << k, &e);
	return e;
}

static void
fill_unit(struct collect *c, int unit)
{
	const struct accuracy *a = &c->cl->rules->model.accuracy;
	struct mass (*mass)[2] = c->mass[unit], both = { 0 };
	struct measures *m = &c->s->measures[unit];
	struct estimate class[2][VERDICTS], *of = m->of, *total = c->s->estimate[unit];
	uint64_t listed = mass_of(&mass[0][1]) + mass_of(&mass[1][1]);

	m->whole = unit == IN_ATTEMPTS ? c->s->spam : c->s->accepted;
	mass_sum(&both, &mass[1][0], &mass[1][1], c->squares[unit]);
	for (unsigned l = 0; l < 2; l++)
		fill_cells(a, &mass[1][l], &mass[0][l], l, m, class[l]);
	for (int k = 0; k < VERDICTS; k++)
		total[k] = sum_of_class(a, &both, &class[0][k], &class[1][k], k);
	of[MEASURE_PORT25] = total[VERDICT_ZOMBIE];
	for (int k = 0; k < VERDICTS; k++)
		for (unsigned l = 0; l < 2; l++)
			add_known(&total[k], &mass[0][l], k);
	of[MEASURE_PORT25_BESIDE] = m->cell[STOP_PORT25];
	of[MEASURE_DNSBL] = exactly(listed);
	of[MEASURE_DNSBL_BESIDE] = all_but(listed, &m->cell[STOP_DNSBL | STOP_PORT25]);
	of[MEASURE_PROVIDER] = total[VERDICT_COMPROMISED];
	of[MEASURE_PROVIDER_BESIDE] = m->cell[STOP_PROVIDER];
	of[MEASURE_NONE] = m->cell[0];
}

/* Sources: each is one; own ones are known. */
static void
fill_sources(struct collect *c)
{
	struct estimate *e = c->s->estimate[IN_SOURCES];
	struct seen seen = { 0 };

	for (int k = 0; k < VERDICTS; k++) {
		struct bounds b = c->s->total[IN_SOURCES][k][STAGES];

		seen.n[k] = seen.squares[k] = b.lower - c->inside[k];
		e[k].lower = k ? seen.n[k] : 0;
		e[k].upper = b.upper - c->inside[k];
	}
	estimate_classes(&c->cl->rules->model.accuracy, &seen, e);
	for (int k = 0; k < VERDICTS; k++) {
		struct estimate known = exactly(c->inside[k]);

		known.lower = k ? known.lower : 0;
		add(&e[k], &known);
	}
}

void
measures_end(struct collect *c)
{
	for (int unit = 0; unit < IN_SOURCES; unit++)
		fill_unit(c, unit);
	fill_sources(c);
}
