/* Tables of numbers: what stops the spam, where and when it came, what changed. See csv.c. */
#include "report/csv_private.h"

static const char *const unit[IN_SOURCES] = { "attempts", "accepted" };

static void
estimate(struct csv *c, const struct estimate *e)
{
	csv_number(c, e->lower);
	csv_number(c, e->upper);
	csv_number(c, e->corrected);
	csv_number(c, e->low);
	csv_number(c, e->high);
}

void
csv_countermeasures(struct csv *c, const struct summary *s)
{
	for (unsigned u = 0; u < IN_SOURCES; u++)
		for (unsigned i = 0; i < MEASURES; i++) {
			csv_word(c, unit[u]);
			csv_word(c, measure_name(i));
			estimate(c, &s->measures[u].of[i]);
			csv_end(c);
		}
}

void
csv_cells(struct csv *c, const struct summary *s)
{
	for (unsigned u = 0; u < IN_SOURCES; u++)
		for (unsigned i = 0; i < STOPS; i++) {
			csv_word(c, unit[u]);
			csv_number(c, (i & STOP_PORT25) != 0);
			csv_number(c, (i & STOP_DNSBL) != 0);
			csv_number(c, (i & STOP_PROVIDER) != 0);
			estimate(c, &s->measures[u].cell[i]);
			csv_end(c);
		}
}

void
csv_dnsbl(struct csv *c, const struct summary *s)
{
	for (unsigned i = 0; i < VERDICTS; i++) {
		unsigned k = csv_class(i);

		csv_word(c, verdict_name(k));
		csv_number(c, s->listed[k]);
		csv_number(c, s->refused[k]);
		csv_number(c, s->total[IN_ATTEMPTS][k][STAGES].lower - s->listed[k]);
		csv_end(c);
	}
}

void
csv_lists(struct csv *c, const struct summary *s)
{
	for (unsigned i = 0; i < s->dnsbls; i++)
		for (unsigned k = 0; k < VERDICTS; k++) {
			csv_text(c, s->dnsbl[i].name);
			csv_word(c, verdict_name(csv_class(k)));
			csv_number(c, s->dnsbl[i].listed[csv_class(k)]);
			csv_number(c, s->dnsbl[i].refused[csv_class(k)]);
			csv_number(c, s->dnsbl[i].alone[csv_class(k)]);
			csv_end(c);
		}
}

void
csv_funnel(struct csv *c, const struct summary *s)
{
	for (unsigned i = 0; i < VERDICTS; i++)
		for (unsigned stage = 0; stage < STAGES; stage++) {
			csv_word(c, verdict_name(csv_class(i)));
			csv_word(c, stage_name(stage));
			csv_number(c, s->refused_at[stage][csv_class(i)]);
			csv_end(c);
		}
}

void
csv_flows(struct csv *c, const struct summary *s)
{
	for (unsigned i = 0; i < s->flows; i++) {
		const struct flow *f = &s->flow[i];

		if (f->attempts == 0)
			continue;
		csv_text(c, f->host);
		csv_word(c, verdict_name(f->verdict));
		csv_word(c, stage_name(f->stage));
		csv_word(c, direction_name(f->direction));
		csv_number(c, f->attempts);
		csv_number(c, f->accepted);
		csv_end(c);
	}
}

void
csv_hours(struct csv *c, const struct summary *s)
{
	for (unsigned h = 0; h < HOURS; h++) {
		csv_number(c, h);
		for (unsigned k = 0; k < VERDICTS; k++)
			csv_number(c, s->hour_utc[h][csv_class(k)]);
		csv_end(c);
	}
}

static void
change_rows(struct csv *c, const char *kind, const struct change_list *l)
{
	for (unsigned i = 0; i < l->n; i++) {
		const struct change *x = &l->item[i];

		csv_word(c, kind);
		csv_number(c, x->own);
		csv_text(c, x->key);
		csv_word(c, verdict_name(x->verdict));
		csv_number(c, x->attempts[BEFORE]);
		csv_number(c, x->attempts[NOW]);
		csv_time(c, x->first);
		csv_time(c, x->last);
		csv_end(c);
	}
}

void
csv_changes(struct csv *c, const struct summary *s)
{
	change_rows(c, "new", &s->changes.fresh);
	change_rows(c, "quiet", &s->changes.quiet);
}

static void
per_mille(struct csv *c, uint32_t n)
{
	csv_cell(c);
	buf_fmt(c->out, "%u.%03u", n / 1000, n % 1000);
}

void
csv_zombie_networks(struct csv *c, const struct summary *s)
{
	for (unsigned i = 0; i < s->changes.treateds; i++) {
		const struct treated *t = &s->changes.treated[i];

		csv_text(c, t->network);
		csv_number(c, t->attempts[BEFORE]);
		csv_number(c, t->attempts[NOW]);
		csv_number(c, t->others[BEFORE]);
		csv_number(c, t->others[NOW]);
		per_mille(c, t->ratio);
		per_mille(c, t->low);
		per_mille(c, t->high);
		csv_end(c);
	}
}
