/*
 * What would have stopped the spam: by class and DNSBL. What clients brought to port 25 is in
 * doubt; an own account, script or relay is known by how its mail came, so its verdicts stand but
 * for the few that are wrong.
 *
 * P, D, A: stopped by a port-25 block, known to a DNSBL, stopped by the account's provider. P and A
 * exclude each other (a class each), D was observed: two strata, in each of which the classes are
 * estimated by how right verdicts are there.
 */
#include "report/summary_private.h"

const char *
measure_name(unsigned measure)
{
	static const char *const name[MEASURES] = { "port25", "port25_beside_dnsbl", "dnsbl",
		"dnsbl_beside_port25", "provider", "provider_beside_both", "none" };

	return name[measure];
}

/* A source with its squares; a verdict without one is one of its own. Own sources are known. */
void
mass_row(struct collect *c, const struct row *r)
{
	struct mass *source;
	bool listed = false;

	for (int k = 0; k < VERDICTS; k++) {
		if (r->events[k] == 0)		/* most sources are of one class */
			continue;
		for (int unit = 0; unit < IN_SOURCES; unit++) {
			uint64_t m = r->direct[unit][0][k], n = r->direct[unit][1][k];

			listed |= n != 0;
			square_add(&c->mass[unit][1][0].seen.squares[k], m);
			square_add(&c->mass[unit][1][1].seen.squares[k], n);
		}
		if (r->own)
			square_add(&c->mass[IN_ATTEMPTS][0][0].seen.squares[k], r->events[k]);
	}
	if (r->own)
		square_add(&c->mass[IN_ACCEPTED][0][0].seen.squares[r->verdict], r->accepted);
	source = &c->mass[IN_SOURCES][!r->own][listed];
	source->seen.n[r->verdict]++;
	source->seen.squares[r->verdict]++;
	if (r->verdict == VERDICT_UNATTRIBUTED)
		source->could[r->could]++;
}

void
mass_unite(struct collect *c, const struct collect *from)
{
	struct mass *m = &c->mass[0][0][0];
	const struct mass *x = &from->mass[0][0][0];

	for (int i = 0; i < IN_UNITS * 2 * 2; i++, m++, x++) {
		for (int k = 0; k < VERDICTS; k++) {
			m->seen.n[k] += x->seen.n[k];
			sum_add(&m->seen.squares[k], x->seen.squares[k]);
		}
		for (int could = 0; could < 1 << VERDICTS; could++)
			m->could[could] += x->could[could];
	}
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

/* Of the own side. */
static struct estimate
own_of(const struct accuracy *a, const struct mass *m, int k)
{
	struct estimate x = bounds_of(m, k), e = estimate_own(a, &m->seen, k);

	e.lower = x.lower;
	e.upper = x.upper;
	if (k) {
		e.high = x.upper;
		return e;
	}
	e.low = 0;
	for (int j = 1; j < VERDICTS; j++) {	/* what was taken for one of the classes */
		struct estimate y = estimate_own(a, &m->seen, j);

		e.high += y.corrected - y.low;
	}
	return e;
}

static void
add_own(struct estimate *e, const struct accuracy *a, const struct mass *m, int k)
{
	struct estimate x = own_of(a, m, k);

	estimate_add(e, &x);
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

/* The cells of one stratum. */
static void
fill_cells(const struct accuracy *a, const struct mass *direct, const struct mass *own,
    unsigned listed, struct measures *m, struct estimate class_r[VERDICTS])
{
	unsigned d = listed ? STOP_DNSBL : 0;
	uint64_t all = mass_of(direct), most;
	struct estimate *rest = &m->cell[d];

	for (int k = 0; k < VERDICTS; k++)
		class_r[k] = bounds_of(direct, k);
	estimate_classes(&a[listed], &direct->seen, class_r);
	m->cell[d | STOP_PORT25] = class_r[VERDICT_ZOMBIE];
	m->cell[d | STOP_PROVIDER] = class_r[VERDICT_COMPROMISED];
	most = all - class_r[VERDICT_ZOMBIE].lower - class_r[VERDICT_COMPROMISED].lower;
	*rest = (struct estimate){ .lower = direct->seen.n[VERDICT_MISCONFIGURED], .upper = most,
		.corrected = class_r[VERDICT_MISCONFIGURED].corrected + class_r[0].corrected };
	estimate_interval(&a[listed], &direct->seen, 1 << VERDICT_MISCONFIGURED | 1, rest);
	add_own(&m->cell[d | STOP_PROVIDER], &a[KNOWN_OWN], own, VERDICT_COMPROMISED);
	add_own(rest, &a[KNOWN_OWN], own, VERDICT_ZOMBIE);
	add_own(rest, &a[KNOWN_OWN], own, VERDICT_MISCONFIGURED);
	add_own(rest, &a[KNOWN_OWN], own, VERDICT_UNATTRIBUTED);
}

/* Of each class, what clients brought; both strata together. */
static void
sum_strata(struct estimate class[2][VERDICTS], struct estimate sum_r[VERDICTS])
{
	for (int k = 0; k < VERDICTS; k++) {
		sum_r[k] = class[0][k];
		estimate_add(&sum_r[k], &class[1][k]);
	}
}

static void
fill_unit(struct collect *c, int unit)
{
	const struct accuracy *a = c->cl->rules->model.accuracy;
	struct mass (*mass)[2] = c->mass[unit];
	struct measures *m = &c->s->measures[unit];
	struct estimate class[2][VERDICTS], *of = m->of, *total = c->s->estimate[unit];
	uint64_t listed = mass_of(&mass[0][1]) + mass_of(&mass[1][1]);

	m->whole = unit == IN_ATTEMPTS ? c->s->spam : c->s->accepted;
	for (unsigned l = 0; l < 2; l++)
		fill_cells(a, &mass[1][l], &mass[0][l], l, m, class[l]);
	sum_strata(class, total);
	of[MEASURE_PORT25] = total[VERDICT_ZOMBIE];
	for (int k = 0; k < VERDICTS; k++)
		for (unsigned l = 0; l < 2; l++)
			add_own(&total[k], &a[KNOWN_OWN], &mass[0][l], k);
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
	const struct accuracy *a = c->cl->rules->model.accuracy;
	struct mass (*mass)[2] = c->mass[IN_SOURCES];
	struct estimate class[2][VERDICTS], *total = c->s->estimate[IN_SOURCES];

	for (unsigned l = 0; l < 2; l++) {
		for (int k = 0; k < VERDICTS; k++)
			class[l][k] = bounds_of(&mass[1][l], k);
		estimate_classes(&a[l], &mass[1][l].seen, class[l]);
	}
	sum_strata(class, total);
	for (int k = 0; k < VERDICTS; k++)
		for (unsigned l = 0; l < 2; l++) {
			struct estimate known = exactly(mass[0][l].seen.n[k]);

			known.lower = bounds_of(&mass[0][l], k).lower;
			known.upper = bounds_of(&mass[0][l], k).upper;
			estimate_add(&total[k], &known);
		}
}

void
measures_end(struct collect *c)
{
	for (int unit = 0; unit < IN_SOURCES; unit++)
		fill_unit(c, unit);
	fill_sources(c);
}
