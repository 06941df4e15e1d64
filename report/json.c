/* See json.h. */
#include "report/json_private.h"

static void
bounds(struct json *j, const char *name, struct bounds b)
{
	json_open(j, name, '{');
	json_number(j, "lower", b.lower);
	json_number(j, "upper", b.upper);
	json_close(j, '}');
}

void
json_per_class(struct json *j, const char *name, const uint64_t n[VERDICTS])
{
	json_open(j, name, '{');
	for (unsigned i = 0; i < VERDICTS; i++)
		json_number(j, verdict_name(class_at(i)), n[class_at(i)]);
	json_close(j, '}');
}

static void
note_list(struct json *j, const char *name, const struct notes *l)
{
	json_open(j, name, '[');
	for (unsigned i = 0; i < l->n; i++) {
		json_open(j, NULL, '{');
		json_word(j, "code", l->item[i].code);
		if (l->item[i].has_number)
			json_number(j, "number", l->item[i].number);
		json_text(j, "text", l->item[i].text);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
vantage(struct json *j, const struct summary *s)
{
	json_open(j, "vantage", '{');
	json_open(j, "shows", '[');
	for (unsigned i = 0; i < VANTAGES; i++)
		if (s->sees >> i & 1)
			json_word(j, NULL, vantage_name(i));
	json_close(j, ']');
	json_open(j, "cannot_show", '[');
	for (unsigned k = 1; k < VERDICTS; k++) {
		if (summary_blind(s, (enum verdict)k) == NULL)
			continue;
		json_open(j, NULL, '{');
		json_word(j, "class", verdict_name(k));
		json_word(j, "why", summary_blind(s, (enum verdict)k));
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
}

static void
input(struct json *j, const struct summary *s)
{
	const struct run_facts *run = s->run;
	const uint64_t *n = run->lines;

	json_open(j, "input", '{');
	json_open(j, "files", '[');
	for (unsigned i = 0; i < run->n_files; i++)
		json_word(j, NULL, run->files[i]);
	json_close(j, ']');
	json_open(j, "lines", '{');
	json_number(
	    j, "read", n[LINE_RECOGNISED] + n[LINE_IGNORED] + n[LINE_UNKNOWN] + n[LINE_BAD]);
	json_number(j, "recognised", n[LINE_RECOGNISED]);
	json_number(j, "ignored", n[LINE_IGNORED]);
	json_number(j, "unknown", n[LINE_UNKNOWN]);
	json_number(j, "bad", n[LINE_BAD]);
	json_close(j, '}');
	json_open(j, "messages", '{');
	json_number(j, "total", run->messages.total);
	json_number(j, "complete", run->messages.complete);
	json_number(j, "open", run->messages.open);
	json_number(j, "forced", run->messages.forced);
	json_close(j, '}');
	json_number(j, "attempts", s->attempts);
	json_boolean(j, "exact", run->exact);
	if (s->has_span) {
		json_time(j, "from", s->first);
		json_time(j, "to", s->last);
	}
	note_list(j, "assumptions", &s->assumptions);
	vantage(j, s);
	json_close(j, '}');
}

static void
class_total(struct json *j, const char *name, const struct bounds b[STAGES + 1],
    const struct estimate *e)
{
	json_open(j, name, '{');
	json_number(j, "lower", b[STAGES].lower);
	json_number(j, "upper", b[STAGES].upper);
	json_open(j, "stages", '{');
	for (unsigned i = 0; i < STAGES; i++)
		bounds(j, stage_name(i), b[i]);
	json_close(j, '}');
	json_number(j, "corrected", e->corrected);
	json_number(j, "low", e->low);
	json_number(j, "high", e->high);
	json_close(j, '}');
}

static void
totals(struct json *j, const struct summary *s)
{
	static const char *const unit[IN_UNITS] = { "attempts", "accepted", "sources" };

	json_open(j, "totals", '{');
	for (unsigned u = 0; u < IN_UNITS; u++) {
		json_open(j, unit[u], '{');
		for (unsigned i = 0; i < VERDICTS; i++)
			class_total(j, verdict_name(class_at(i)), s->total[u][class_at(i)],
			    &s->estimate[u][class_at(i)]);
		json_close(j, '}');
	}
	json_open(j, "reasons", '{');
	for (unsigned r = REASON_NONE + 1; r < REASONS; r++)
		json_number(j, reason_name(r), s->reasons[r]);
	json_close(j, '}');
	json_open(j, "spam", '{');
	json_number(j, "attempts", s->spam);
	json_number(j, "accepted", s->accepted);
	json_number(j, "sources", s->sources);
	json_close(j, '}');
	json_number(j, "suspected", s->suspected);
	json_number(j, "relay_probes", s->relay_probes);
	json_number(j, "login_failures", s->login_failures);
	json_number(j, "ham", s->ham);
	json_close(j, '}');
}

static void
stop_cells(struct json *j, const struct summary *s)
{
	json_open(j, "cells", '[');
	for (unsigned i = 0; i < STOPS; i++) {
		json_open(j, NULL, '{');
		json_boolean(j, "port25", i & STOP_PORT25);
		json_boolean(j, "dnsbl", i & STOP_DNSBL);
		json_boolean(j, "provider", i & STOP_PROVIDER);
		json_number(j, "attempts", s->stops[i]);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
countermeasures(struct json *j, const struct summary *s)
{
	uint64_t p = summary_stopped(s, STOP_PORT25, 0);
	uint64_t fresh = summary_stopped(s, STOP_PORT25, STOP_DNSBL);

	json_open(j, "countermeasures", '{');
	json_open(j, "port25", '{');
	bounds(j, "alone", (struct bounds){ p, p + s->port25_maybe });
	bounds(j, "beside_dnsbl", (struct bounds){ fresh, fresh + s->port25_maybe_unlisted });
	json_close(j, '}');
	json_open(j, "dnsbl", '{');
	json_number(j, "alone", summary_stopped(s, STOP_DNSBL, 0));
	json_number(j, "beside_port25", summary_stopped(s, STOP_DNSBL, STOP_PORT25));
	json_close(j, '}');
	json_open(j, "provider", '{');
	json_number(j, "alone", summary_stopped(s, STOP_PROVIDER, 0));
	json_number(j, "beside_both", summary_stopped(s, STOP_PROVIDER, STOP_PORT25 | STOP_DNSBL));
	json_number(j, "via_zombie", s->via_zombie);
	json_close(j, '}');
	stop_cells(j, s);
	json_measures(j, s);
	json_close(j, '}');
}

static void
own_fields(struct json *j, const struct finding *f)
{
	json_word(j, "kind", finding_kind_name(f->kind));
	json_boolean(j, "alarm", f->alarm);
	json_boolean(j, "trusted", f->trusted);
	if (f->kind != FINDING_RELAY) {
		json_number(j, "messages", f->messages);
		json_number(j, "recipients", f->recipients);
		json_number(j, "bounces", f->bounces);
		json_number(j, "spam_replies", f->spam_replies);
		json_number(j, "login_failures", f->login_failures);
		json_number(j, "senders", f->senders);
	}
	if (f->kind == FINDING_ACCOUNT)
		json_number(j, "networks", f->networks);
	if (f->kind == FINDING_RELAY)
		json_number(j, "clients", f->networks);
	if (f->alarm)
		json_word(j, "advice", finding_advice(f));
	if (f->kind == FINDING_RELAY)
		json_boolean(j, "submission", f->submission);
}

static void
finding(struct json *j, const struct finding *f)
{
	json_open(j, NULL, '{');
	json_text(j, "source", f->key);
	json_word(j, "class", verdict_name(f->verdict));
	if (f->subtype.n)
		json_text(j, "subtype", f->subtype);
	if (f->verdict == VERDICT_UNATTRIBUTED && f->reason)
		json_word(j, "reason", reason_name(f->reason));
	json_key(j, "confidence");
	buf_fmt(j->out, "%u.%03u", f->confidence / 1000, f->confidence % 1000);
	if (f->via)
		json_word(j, "via", verdict_name(f->via));
	json_number(j, "attempts", f->events);
	json_number(j, "accepted", f->accepted);
	json_time(j, "first", f->first);
	json_time(j, "last", f->last);
	if (f->name.n) {
		json_text(j, "name", f->name);
		json_boolean(j, "name_verified", f->verified);
	}
	if (f->provider.n)
		json_text(j, "provider", f->provider);
	json_boolean(j, "listed", f->listed);
	json_open(j, "evidence", '[');
	for (unsigned i = 0; i < f->evidences; i++)
		json_text(j, NULL, f->evidence[i]);
	json_close(j, ']');
	if (f->own)
		own_fields(j, f);
	json_close(j, '}');
}

static void
sources(struct json *j, const struct summary *s)
{
	json_open(j, "sources", '{');
	for (unsigned i = 0; i < VERDICTS; i++) {
		const struct findings *l = &s->by_class[class_at(i)];

		json_open(j, verdict_name(class_at(i)), '[');
		for (unsigned k = 0; k < l->n; k++)
			finding(j, &l->item[k]);
		json_close(j, ']');
	}
	json_close(j, '}');
}

static void
own_list(struct json *j, const char *name, const struct summary *s, bool accounts)
{
	json_open(j, name, '[');
	for (unsigned i = 0; i < s->own.n; i++)
		if (accounts ? s->own.item[i].kind == FINDING_ACCOUNT : s->own.item[i].alarm)
			finding(j, &s->own.item[i]);
	json_close(j, ']');
}

static void
network_list(struct json *j, const char *name, const char *key, const struct network *list,
    unsigned n)
{
	json_open(j, name, '[');
	for (unsigned i = 0; i < n; i++) {
		json_open(j, NULL, '{');
		json_text(j, key, list[i].name);
		json_per_class(j, "attempts", list[i].events);
		json_per_class(j, "sources", list[i].sources);
		json_time(j, "first", list[i].first);
		json_time(j, "last", list[i].last);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
dnsbl_lists(struct json *j, const struct summary *s)
{
	json_open(j, "lists", '[');
	for (unsigned i = 0; i < s->dnsbls; i++) {
		json_open(j, NULL, '{');
		json_text(j, "list", s->dnsbl[i].name);
		json_per_class(j, "listed", s->dnsbl[i].listed);
		json_per_class(j, "refused", s->dnsbl[i].refused);
		json_per_class(j, "alone", s->dnsbl[i].alone);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_per_class(j, "unnamed", s->unnamed);
}

static void
dnsbl(struct json *j, const struct summary *s)
{
	uint64_t unlisted[VERDICTS];

	for (unsigned k = 0; k < VERDICTS; k++)
		unlisted[k] = s->total[IN_ATTEMPTS][k][STAGES].lower - s->listed[k];
	json_open(j, "dnsbl", '{');
	json_per_class(j, "listed", s->listed);
	json_per_class(j, "refused", s->refused);
	json_per_class(j, "not_listed", unlisted);
	dnsbl_lists(j, s);
	json_close(j, '}');
}

static void
timeline(struct json *j, const struct summary *s)
{
	json_open(j, "timeline", '{');
	json_word(j, "unit", s->slot_seconds == UTC_DAY ? "day" : "hour");
	json_open(j, "slots", '[');
	for (unsigned i = 0; i < s->slots; i++) {
		json_open(j, NULL, '{');
		json_time(j, "start", s->slot[i].start);
		for (unsigned k = 0; k < VERDICTS; k++)
			json_number(j, verdict_name(class_at(k)), s->slot[i].events[class_at(k)]);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
}

/* Of each class: spam that was stopped at each stage; of what was accepted, by the next hop. */
static void
funnel(struct json *j, const struct summary *s)
{
	json_open(j, "funnel", '{');
	for (unsigned i = 0; i < VERDICTS; i++) {
		unsigned k = class_at(i);

		json_open(j, verdict_name(k), '{');
		json_number(j, "attempts", s->total[IN_ATTEMPTS][k][STAGES].lower);
		for (unsigned stage = 0; stage < STAGES; stage++)
			json_number(j, stage_name(stage), s->refused_at[stage][k]);
		json_number(j, "accepted", s->total[IN_ACCEPTED][k][STAGES].lower);
		json_close(j, '}');
	}
	json_close(j, '}');
}

/* UTC hours of the day. */
static void
hours(struct json *j, const struct summary *s)
{
	json_open(j, "hours", '{');
	for (unsigned i = 0; i < VERDICTS; i++) {
		json_open(j, verdict_name(class_at(i)), '[');
		for (unsigned h = 0; h < HOURS; h++) {
			buf_str(j->out, h ? ", " : "");
			buf_fmt(j->out, "%llu",
			    (unsigned long long)s->hour_utc[h][class_at(i)]);
		}
		json_close(j, ']');
	}
	json_close(j, '}');
}

static void
port25_users(struct json *j, const struct summary *s)
{
	json_open(j, "port25_users", '{');
	json_number(j, "accounts", s->port25_users_all);
	json_number(j, "messages", s->port25_messages);
	json_open(j, "top", '[');
	for (unsigned i = 0; i < s->port25_users; i++) {
		const struct port25_user *u = &s->port25_user[i];

		json_open(j, NULL, '{');
		json_text(j, "account", u->account);
		json_number(j, "messages", u->messages);
		json_number(j, "networks", u->networks);
		json_time(j, "first", u->first);
		json_time(j, "last", u->last);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
}

void
json_report(const struct summary *s, struct buf *out)
{
	struct json j = { .out = out };

	json_open(&j, NULL, '{');
	json_word(&j, "schema", "spamsource.report/1");
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
	json_changes(&j, s);
	json_close(&j, '}');
	buf_chr(out, '\n');
}
