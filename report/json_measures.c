/* What would have stopped the spam, and what changed: parts of json.h's report. */
#include "report/json_private.h"

static void
estimate(struct json *j, const struct estimate *e)
{
	js_number(j, "lower", e->lower);
	js_number(j, "upper", e->upper);
	js_number(j, "corrected", e->corrected);
	js_number(j, "low", e->low);
	js_number(j, "high", e->high);
}

static void
cells(struct json *j, const struct measures *m)
{
	js_open(j, "cells", '[');
	for (unsigned i = 0; i < STOPS; i++) {
		js_open(j, NULL, '{');
		js_boolean(j, "port25", i & STOP_PORT25);
		js_boolean(j, "dnsbl", i & STOP_DNSBL);
		js_boolean(j, "provider", i & STOP_PROVIDER);
		estimate(j, &m->cell[i]);
		js_close(j, '}');
	}
	js_close(j, ']');
}

/* What a port-25 block stops when bots go other ways: the log cannot tell how many would. */
static void
displacement(struct json *j, const struct measures *m)
{
	static const char *const share[DISPLACEMENTS] = { "0", "0.5", "1" };

	js_open(j, "displacement", '[');
	for (unsigned i = 0; i < DISPLACEMENTS; i++) {
		struct estimate e = m->of[MEASURE_PORT25];

		e.lower = displaced(e.lower, i);
		e.upper = displaced(e.upper, i);
		e.corrected = displaced(e.corrected, i);
		e.low = displaced(e.low, i);
		e.high = displaced(e.high, i);
		js_open(j, NULL, '{');
		js_key(j, "displaced");
		buf_str(j->out, share[i]);
		estimate(j, &e);
		js_close(j, '}');
	}
	js_close(j, ']');
}

void
js_measures(struct json *j, const struct summary *s)
{
	static const char *const unit[IN_SOURCES] = { "attempts", "accepted" };

	for (unsigned u = 0; u < IN_SOURCES; u++) {
		const struct measures *m = &s->measures[u];

		js_open(j, unit[u], '{');
		js_number(j, "spam", m->whole);
		for (unsigned i = 0; i < MEASURES; i++) {
			js_open(j, measure_name(i), '{');
			estimate(j, &m->of[i]);
			js_close(j, '}');
		}
		cells(j, m);
		displacement(j, m);
		js_close(j, '}');
	}
}

static void
period(struct json *j, const char *name, const struct period *p)
{
	js_open(j, name, '{');
	js_time(j, "from", p->from);
	js_time(j, "to", p->to);
	js_per_class(j, "attempts", p->attempts);
	js_per_class(j, "accepted", p->accepted);
	js_per_class(j, "sources", p->sources);
	js_close(j, '}');
}

static void
change_list(struct json *j, const char *name, const struct change_list *l)
{
	js_open(j, name, '[');
	for (unsigned i = 0; i < l->n; i++) {
		const struct change *c = &l->item[i];

		js_open(j, NULL, '{');
		js_text(j, c->own ? "source" : "network", c->key);
		js_word(j, "class", verdict_name(c->verdict));
		js_number(j, "before", c->attempts[BEFORE]);
		js_number(j, "now", c->attempts[NOW]);
		js_time(j, "first", c->first);
		js_time(j, "last", c->last);
		js_close(j, '}');
	}
	js_close(j, ']');
}

static void
ratio(struct json *j, const char *name, uint32_t per_mille)
{
	js_key(j, name);
	buf_fmt(j->out, "%u.%03u", per_mille / 1000, per_mille % 1000);
}

static void
treated(struct json *j, const struct changes *c)
{
	js_open(j, "zombie_networks", '[');
	for (unsigned i = 0; i < c->treateds; i++) {
		const struct treated *t = &c->treated[i];

		js_open(j, NULL, '{');
		js_text(j, "network", t->network);
		js_number(j, "before", t->attempts[BEFORE]);
		js_number(j, "now", t->attempts[NOW]);
		js_number(j, "others_before", t->others[BEFORE]);
		js_number(j, "others_now", t->others[NOW]);
		ratio(j, "ratio", t->ratio);
		ratio(j, "low", t->low);
		ratio(j, "high", t->high);
		js_close(j, '}');
	}
	js_close(j, ']');
}

void
js_changes(struct json *j, const struct summary *s)
{
	const struct changes *c = &s->changes;

	js_open(j, "changes", '{');
	js_word(j, "by", changes_name(c->by));
	if (c->by != CHANGES_NONE) {
		period(j, "before", &c->period[BEFORE]);
		period(j, "now", &c->period[NOW]);
	}
	if (c->by == CHANGES_DAY || c->by == CHANGES_SPLIT) {
		js_per_class(j, "new_sources", c->fresh_sources);
		js_per_class(j, "quiet_sources", c->quiet_sources);
	}
	if (c->by != CHANGES_NONE) {
		change_list(j, "new", &c->fresh);
		change_list(j, "quiet", &c->quiet);
		treated(j, c);
	}
	js_close(j, '}');
}
