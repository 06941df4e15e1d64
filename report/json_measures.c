/* What would have stopped the spam, and what changed: parts of json.h's report. */
#include "report/json_private.h"

static void
estimate(struct json *j, const struct estimate *e)
{
	json_number(j, "lower", e->lower);
	json_number(j, "upper", e->upper);
	json_number(j, "corrected", e->corrected);
	json_number(j, "low", e->low);
	json_number(j, "high", e->high);
}

static void
cells(struct json *j, const struct measures *m)
{
	json_open(j, "cells", '[');
	for (unsigned i = 0; i < STOPS; i++) {
		json_open(j, NULL, '{');
		json_boolean(j, "port25", i & STOP_PORT25);
		json_boolean(j, "dnsbl", i & STOP_DNSBL);
		json_boolean(j, "provider", i & STOP_PROVIDER);
		estimate(j, &m->cell[i]);
		json_close(j, '}');
	}
	json_close(j, ']');
}

/* What a port-25 block stops when bots go other ways: the log cannot tell how many would. */
static void
displacement(struct json *j, const struct measures *m)
{
	static const char *const share[DISPLACEMENTS] = { "0", "0.5", "1" };

	json_open(j, "displacement", '[');
	for (unsigned i = 0; i < DISPLACEMENTS; i++) {
		struct estimate e = m->of[MEASURE_PORT25];

		e.lower = displaced(e.lower, i);
		e.upper = displaced(e.upper, i);
		e.corrected = displaced(e.corrected, i);
		e.low = displaced(e.low, i);
		e.high = displaced(e.high, i);
		json_open(j, NULL, '{');
		json_key(j, "displaced");
		buf_str(j->out, share[i]);
		estimate(j, &e);
		json_close(j, '}');
	}
	json_close(j, ']');
}

void
json_measures(struct json *j, const struct summary *s)
{
	static const char *const unit[IN_SOURCES] = { "attempts", "accepted" };

	for (unsigned u = 0; u < IN_SOURCES; u++) {
		const struct measures *m = &s->measures[u];

		json_open(j, unit[u], '{');
		json_number(j, "spam", m->whole);
		for (unsigned i = 0; i < MEASURES; i++) {
			json_open(j, measure_name(i), '{');
			estimate(j, &m->of[i]);
			json_close(j, '}');
		}
		cells(j, m);
		displacement(j, m);
		json_close(j, '}');
	}
}

static void
period(struct json *j, const char *name, const struct period *p)
{
	json_open(j, name, '{');
	json_time(j, "from", p->from);
	json_time(j, "to", p->to);
	json_per_class(j, "attempts", p->attempts);
	json_per_class(j, "accepted", p->accepted);
	json_per_class(j, "sources", p->sources);
	json_close(j, '}');
}

static void
change_list(struct json *j, const char *name, const struct change_list *l)
{
	json_open(j, name, '[');
	for (unsigned i = 0; i < l->n; i++) {
		const struct change *c = &l->item[i];

		json_open(j, NULL, '{');
		json_text(j, c->own ? "source" : "network", c->key);
		json_word(j, "class", verdict_name(c->verdict));
		json_number(j, "before", c->attempts[BEFORE]);
		json_number(j, "now", c->attempts[NOW]);
		json_time(j, "first", c->first);
		json_time(j, "last", c->last);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
ratio(struct json *j, const char *name, uint32_t per_mille)
{
	json_key(j, name);
	buf_fmt(j->out, "%u.%03u", per_mille / 1000, per_mille % 1000);
}

static void
treated(struct json *j, const struct changes *c)
{
	json_open(j, "zombie_networks", '[');
	for (unsigned i = 0; i < c->treateds; i++) {
		const struct treated *t = &c->treated[i];

		json_open(j, NULL, '{');
		json_text(j, "network", t->network);
		json_number(j, "before", t->attempts[BEFORE]);
		json_number(j, "now", t->attempts[NOW]);
		json_number(j, "others_before", t->others[BEFORE]);
		json_number(j, "others_now", t->others[NOW]);
		ratio(j, "ratio", t->ratio);
		ratio(j, "low", t->low);
		ratio(j, "high", t->high);
		json_close(j, '}');
	}
	json_close(j, ']');
}

void
json_changes(struct json *j, const struct summary *s)
{
	const struct changes *c = &s->changes;

	json_open(j, "changes", '{');
	json_word(j, "by", changes_name(c->by));
	if (c->by != CHANGES_NONE) {
		period(j, "before", &c->period[BEFORE]);
		period(j, "now", &c->period[NOW]);
		json_per_class(j, "new_sources", c->fresh_sources);
		json_per_class(j, "quiet_sources", c->quiet_sources);
		change_list(j, "new", &c->fresh);
		change_list(j, "quiet", &c->quiet);
		treated(j, c);
	}
	json_close(j, '}');
}
