/* See json.h. */
#include "report/json_private.h"

static void
bounds(struct json *j, const char *name, struct bounds b)
{
	js_open(j, name, '{');
	js_number(j, "lower", b.lower);
	js_number(j, "upper", b.upper);
	js_close(j, '}');
}

void
js_per_class(struct json *j, const char *name, const uint64_t n[VERDICTS])
{
	js_open(j, name, '{');
	for (unsigned i = 0; i < VERDICTS; i++)
		js_number(j, verdict_name(class_at(i)), n[class_at(i)]);
	js_close(j, '}');
}

static void
note_list(struct json *j, const char *name, const struct notes *l)
{
	js_open(j, name, '[');
	for (unsigned i = 0; i < l->n; i++) {
		js_open(j, NULL, '{');
		js_word(j, "code", l->item[i].code);
		if (l->item[i].has_number)
			js_number(j, "number", l->item[i].number);
		js_text(j, "text", l->item[i].text);
		js_close(j, '}');
	}
	js_close(j, ']');
}

static void
vantage(struct json *j, const struct summary *s)
{
	js_open(j, "vantage", '{');
	js_open(j, "shows", '[');
	for (unsigned i = 0; i < VANTAGES; i++)
		if (s->sees >> i & 1)
			js_word(j, NULL, vantage_name(i));
	js_close(j, ']');
	js_open(j, "cannot_show", '[');
	for (unsigned k = 1; k < VERDICTS; k++) {
		if (summary_blind(s, (enum verdict)k) == NULL)
			continue;
		js_open(j, NULL, '{');
		js_word(j, "class", verdict_name(k));
		js_word(j, "why", summary_blind(s, (enum verdict)k));
		js_close(j, '}');
	}
	js_close(j, ']');
	js_close(j, '}');
}

static void
input(struct json *j, const struct summary *s)
{
	const struct run_facts *run = s->run;
	const uint64_t *n = run->lines;

	js_open(j, "input", '{');
	js_open(j, "files", '[');
	for (unsigned i = 0; i < run->n_files; i++)
		js_word(j, NULL, run->files[i]);
	js_close(j, ']');
	js_open(j, "lines", '{');
	js_number(
	    j, "read", n[LINE_RECOGNISED] + n[LINE_IGNORED] + n[LINE_UNKNOWN] + n[LINE_BAD]);
	js_number(j, "recognised", n[LINE_RECOGNISED]);
	js_number(j, "ignored", n[LINE_IGNORED]);
	js_number(j, "unknown", n[LINE_UNKNOWN]);
	js_number(j, "bad", n[LINE_BAD]);
	js_close(j, '}');
	js_open(j, "messages", '{');
	js_number(j, "total", run->messages.total);
	js_number(j, "complete", run->messages.complete);
	js_number(j, "open", run->messages.open);
	js_number(j, "forced", run->messages.forced);
	js_close(j, '}');
	js_number(j, "attempts", s->attempts);
	js_boolean(j, "exact", run->exact);
	if (s->has_span) {
		js_time(j, "from", s->first);
		js_time(j, "to", s->last);
	}
	note_list(j, "assumptions", &s->assumptions);
	vantage(j, s);
	js_close(j, '}');
}

static void
class_total(struct json *j, const char *name, const struct bounds b[STAGES + 1],
    const struct estimate *e)
{
	js_open(j, name, '{');
	js_number(j, "lower", b[STAGES].lower);
	js_number(j, "upper", b[STAGES].upper);
	js_open(j, "stages", '{');
	for (unsigned i = 0; i < STAGES; i++)
		bounds(j, stage_name(i), b[i]);
	js_close(j, '}');
	js_number(j, "corrected", e->corrected);
	js_number(j, "low", e->low);
	js_number(j, "high", e->high);
	js_close(j, '}');
}

static void
totals(struct json *j, const struct summary *s)
{
	static const char *const unit[IN_UNITS] = { "attempts", "accepted", "sources" };

	js_open(j, "totals", '{');
	for (unsigned u = 0; u < IN_UNITS; u++) {
		js_open(j, unit[u], '{');
		for (unsigned i = 0; i < VERDICTS; i++)
			class_total(j, verdict_name(class_at(i)), s->total[u][class_at(i)],
			    &s->estimate[u][class_at(i)]);
		js_close(j, '}');
	}
	js_open(j, "reasons", '{');
	for (unsigned r = REASON_NONE + 1; r < REASONS; r++)
		js_number(j, reason_name(r), s->reasons[r]);
	js_close(j, '}');
	js_open(j, "spam", '{');
	js_number(j, "attempts", s->spam);
	js_number(j, "accepted", s->accepted);
	js_number(j, "sources", s->sources);
	js_close(j, '}');
	js_number(j, "suspected", s->suspected);
	js_number(j, "relay_probes", s->relay_probes);
	js_number(j, "login_failures", s->login_failures);
	js_number(j, "ham", s->ham);
	js_close(j, '}');
}

static void
stop_cells(struct json *j, const struct summary *s)
{
	js_open(j, "cells", '[');
	for (unsigned i = 0; i < STOPS; i++) {
		js_open(j, NULL, '{');
		js_boolean(j, "port25", i & STOP_PORT25);
		js_boolean(j, "dnsbl", i & STOP_DNSBL);
		js_boolean(j, "provider", i & STOP_PROVIDER);
		js_number(j, "attempts", s->stops[i]);
		js_close(j, '}');
	}
	js_close(j, ']');
}

static void
countermeasures(struct json *j, const struct summary *s)
{
	uint64_t p = summary_stopped(s, STOP_PORT25, 0);
	uint64_t fresh = summary_stopped(s, STOP_PORT25, STOP_DNSBL);

	js_open(j, "countermeasures", '{');
	js_open(j, "port25", '{');
	bounds(j, "alone", (struct bounds){ p, p + s->port25_maybe });
	bounds(j, "beside_dnsbl", (struct bounds){ fresh, fresh + s->port25_maybe_unlisted });
	js_close(j, '}');
	js_open(j, "dnsbl", '{');
	js_number(j, "alone", summary_stopped(s, STOP_DNSBL, 0));
	js_number(j, "beside_port25", summary_stopped(s, STOP_DNSBL, STOP_PORT25));
	js_close(j, '}');
	js_open(j, "provider", '{');
	js_number(j, "alone", summary_stopped(s, STOP_PROVIDER, 0));
	js_number(j, "beside_both", summary_stopped(s, STOP_PROVIDER, STOP_PORT25 | STOP_DNSBL));
	js_number(j, "via_zombie", s->via_zombie);
	js_close(j, '}');
	stop_cells(j, s);
	js_measures(j, s);
	js_close(j, '}');
}

static void
own_fields(struct json *j, const struct finding *f)
{
	js_word(j, "kind", finding_kind_name(f->kind));
	js_boolean(j, "alarm", f->alarm);
	js_boolean(j, "trusted", f->trusted);
	if (f->kind != FINDING_RELAY) {
		js_number(j, "messages", f->messages);
		js_number(j, "recipients", f->recipients);
		js_number(j, "bounces", f->bounces);
		js_number(j, "spam_replies", f->spam_replies);
		js_number(j, "login_failures", f->login_failures);
		js_number(j, "senders", f->senders);
	}
	if (f->kind == FINDING_ACCOUNT)
		js_number(j, "networks", f->networks);
	if (f->kind == FINDING_RELAY)
		js_number(j, "clients", f->networks);
	if (f->alarm)
		js_word(j, "advice", finding_advice(f));
	if (f->kind == FINDING_RELAY)
		js_boolean(j, "submission", f->submission);
}

static void
finding(struct json *j, const struct finding *f)
{
	js_open(j, NULL, '{');
	js_text(j, "source", f->key);
	js_word(j, "class", verdict_name(f->verdict));
	if (f->subtype.n)
		js_text(j, "subtype", f->subtype);
	if (f->verdict == VERDICT_UNATTRIBUTED && f->reason)
		js_word(j, "reason", reason_name(f->reason));
	js_key(j, "confidence");
	buf_fmt(j->out, "%u.%03u", f->confidence / 1000, f->confidence % 1000);
	if (f->via)
		js_word(j, "via", verdict_name(f->via));
	js_number(j, "attempts", f->events);
	js_number(j, "accepted", f->accepted);
	js_time(j, "first", f->first);
	js_time(j, "last", f->last);
	if (f->name.n) {
		js_text(j, "name", f->name);
		js_boolean(j, "name_verified", f->verified);
	}
	if (f->provider.n)
		js_text(j, "provider", f->provider);
	js_boolean(j, "listed", f->listed);
	js_open(j, "evidence", '[');
	for (unsigned i = 0; i < f->evidences; i++)
		js_text(j, NULL, f->evidence[i]);
	js_close(j, ']');
	if (f->own)
		own_fields(j, f);
	js_close(j, '}');
}

static void
sources(struct json *j, const struct summary *s)
{
	js_open(j, "sources", '{');
	for (unsigned i = 0; i < VERDICTS; i++) {
		const struct findings *l = &s->by_class[class_at(i)];

		js_open(j, verdict_name(class_at(i)), '[');
		for (unsigned k = 0; k < l->n; k++)
			finding(j, &l->item[k]);
		js_close(j, ']');
	}
	js_close(j, '}');
}

static void
own_list(struct json *j, const char *name, const struct summary *s, bool accounts)
{
	js_open(j, name, '[');
	for (unsigned i = 0; i < s->own.n; i++)
		if (accounts ? s->own.item[i].kind == FINDING_ACCOUNT : s->own.item[i].alarm)
			finding(j, &s->own.item[i]);
	js_close(j, ']');
}

static void
network_list(struct json *j, const char *name, const char *key, const struct network *list,
    unsigned n)
{
	js_open(j, name, '[');
	for (unsigned i = 0; i < n; i++) {
		js_open(j, NULL, '{');
		js_text(j, key, list[i].name);
		js_per_class(j, "attempts", list[i].events);
		js_per_class(j, "sources", list[i].sources);
		js_time(j, "first", list[i].first);
		js_time(j, "last", list[i].last);
		js_close(j, '}');
	}
	js_close(j, ']');
}

static void
dnsbl_lists(struct json *j, const struct summary *s)
{
	js_open(j, "lists", '[');
	for (unsigned i = 0; i < s->dnsbls; i++) {
		js_open(j, NULL, '{');
		js_text(j, "list", s->dnsbl[i].name);
		js_per_class(j, "listed", s->dnsbl[i].listed);
		js_per_class(j, "refused", s->dnsbl[i].refused);
		js_per_class(j, "alone", s->dnsbl[i].alone);
		js_close(j, '}');
	}
	js_close(j, ']');
	js_per_class(j, "unnamed", s->unnamed);
}

static void
dnsbl(struct json *j, const struct summary *s)
{
	uint64_t unlisted[VERDICTS];

	for (unsigned k = 0; k < VERDICTS; k++)
		unlisted[k] = s->total[IN_ATTEMPTS][k][STAGES].lower - s->listed[k];
	js_open(j, "dnsbl", '{');
	js_per_class(j, "listed", s->listed);
	js_per_class(j, "refused", s->refused);
	js_per_class(j, "not_listed", unlisted);
	dnsbl_lists(j, s);
	js_close(j, '}');
}

static void
timeline(struct json *j, const struct summary *s)
{
	js_open(j, "timeline", '{');
	js_word(j, "unit", s->slot_seconds == UTC_DAY ? "day" : "hour");
	js_open(j, "slots", '[');
	for (unsigned i = 0; i < s->slots; i++) {
		js_open(j, NULL, '{');
		js_time(j, "start", s->slot[i].start);
		for (unsigned k = 0; k < VERDICTS; k++)
			js_number(j, verdict_name(class_at(k)), s->slot[i].events[class_at(k)]);
		js_close(j, '}');
	}
	js_close(j, ']');
	js_close(j, '}');
}

/* Of each class: spam that was stopped at each stage; of what was accepted, by the next hop. */
static void
funnel(struct json *j, const struct summary *s)
{
	js_open(j, "funnel", '{');
	for (unsigned i = 0; i < VERDICTS; i++) {
		unsigned k = class_at(i);

		js_open(j, verdict_name(k), '{');
		js_number(j, "attempts", s->total[IN_ATTEMPTS][k][STAGES].lower);
		for (unsigned stage = 0; stage < STAGES; stage++)
			js_number(j, stage_name(stage), s->refused_at[stage][k]);
		js_number(j, "accepted", s->total[IN_ACCEPTED][k][STAGES].lower);
		js_close(j, '}');
	}
	js_close(j, '}');
}

/* UTC hours of the day. */
static void
hours(struct json *j, const struct summary *s)
{
	js_open(j, "hours", '{');
	for (unsigned i = 0; i < VERDICTS; i++) {
		js_open(j, verdict_name(class_at(i)), '[');
		for (unsigned h = 0; h < HOURS; h++) {
			buf_str(j->out, h ? ", " : "");
			buf_fmt(j->out, "%llu",
			    (unsigned long long)s->hour_utc[h][class_at(i)]);
		}
		js_close(j, ']');
	}
	js_close(j, '}');
}

static void
port25_users(struct json *j, const struct summary *s)
{
	js_open(j, "port25_users", '{');
	js_number(j, "accounts", s->port25_users_all);
	js_number(j, "messages", s->port25_messages);
	js_open(j, "top", '[');
	for (unsigned i = 0; i < s->port25_users; i++) {
		const struct port25_user *u = &s->port25_user[i];

		js_open(j, NULL, '{');
		js_text(j, "account", u->account);
		js_number(j, "messages", u->messages);
		js_number(j, "networks", u->networks);
		js_time(j, "first", u->first);
		js_time(j, "last", u->last);
		js_close(j, '}');
	}
	js_close(j, ']');
	js_close(j, '}');
}

void
json_report(const struct summary *s, struct buf *out)
{
	struct json j = { .out = out };

	js_open(&j, NULL, '{');
	js_word(&j, "schema", "spamsource.report/1");
	input(&j, s);
	totals(&j, s);
	countermeasures(&j, s);
	sources(&j, s);
	own_list(&j, "accounts", s, true);
	network_list(&j, "providers", "provider", s->provider, s->providers);
	dnsbl(&j, s);
	timeline(&j, s);
	own_list(&j, "own_side", s, false);
	note_list(&j, "warnings", &s->warnings);
	network_list(&j, "networks", "network", s->network, s->networks);
	funnel(&j, s);
	hours(&j, s);
	port25_users(&j, s);
	js_changes(&j, s);
	js_close(&j, '}');
	buf_chr(out, '\n');
}
