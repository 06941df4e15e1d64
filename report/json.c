/* See json.h. Objects and lists down to the third level break lines, deeper ones do not. */
#include "report/json.h"

enum { BROKEN = 3 };

struct json {
	struct buf *out;
	unsigned depth;
	bool more;		/* something stands before in this object or list */
};

static void
before(struct json *j)
{
	if (j->more)
		buf_chr(j->out, ',');
	if (j->depth > 0 && j->depth <= BROKEN) {
		buf_chr(j->out, '\n');
		for (unsigned i = 0; i < j->depth; i++)
			buf_chr(j->out, '\t');
	} else if (j->more) {
		buf_chr(j->out, ' ');
	}
	j->more = true;
}

/* In an object every value follows its key; key NULL: an item of a list. */
static void
key(struct json *j, const char *name)
{
	before(j);
	if (name != NULL)
		buf_fmt(j->out, "\"%s\": ", name);
}

static void
open_at(struct json *j, const char *name, char bracket)
{
	key(j, name);
	buf_chr(j->out, bracket);
	j->depth++;
	j->more = false;
}

static void
close_at(struct json *j, char bracket)
{
	j->depth--;
	if (j->more && j->depth < BROKEN) {
		buf_chr(j->out, '\n');
		for (unsigned i = 0; i < j->depth; i++)
			buf_chr(j->out, '\t');
	}
	buf_chr(j->out, bracket);
	j->more = true;
}

static void
number(struct json *j, const char *name, uint64_t n)
{
	key(j, name);
	buf_fmt(j->out, "%llu", (unsigned long long)n);
}

static void
boolean(struct json *j, const char *name, bool v)
{
	key(j, name);
	buf_str(j->out, v ? "true" : "false");
}

static void
text(struct json *j, const char *name, struct slice v)
{
	key(j, name);
	buf_json(j->out, v);
}

static void
word(struct json *j, const char *name, const char *v)
{
	text(j, name, slice_of(v));
}

static void
time_text(struct json *j, const char *name, int64_t t)
{
	char stamp[UTC_TEXT];

	utc_format(t, stamp);
	word(j, name, stamp);
}

static void
bounds(struct json *j, const char *name, struct bounds b)
{
	open_at(j, name, '{');
	number(j, "lower", b.lower);
	number(j, "upper", b.upper);
	close_at(j, '}');
}

/* Classes come in the order of the table of the text report. */
static unsigned
class_at(unsigned i)
{
	return (i + 1) % VERDICTS;
}

static void
per_class(struct json *j, const char *name, const uint64_t n[VERDICTS])
{
	open_at(j, name, '{');
	for (unsigned i = 0; i < VERDICTS; i++)
		number(j, verdict_name(class_at(i)), n[class_at(i)]);
	close_at(j, '}');
}

static void
note_list(struct json *j, const char *name, const struct notes *l)
{
	open_at(j, name, '[');
	for (unsigned i = 0; i < l->n; i++) {
		open_at(j, NULL, '{');
		word(j, "code", l->item[i].code);
		if (l->item[i].has_number)
			number(j, "number", l->item[i].number);
		text(j, "text", l->item[i].text);
		close_at(j, '}');
	}
	close_at(j, ']');
}

static void
vantage(struct json *j, const struct summary *s)
{
	open_at(j, "vantage", '{');
	open_at(j, "shows", '[');
	for (unsigned i = 0; i < VANTAGES; i++)
		if (s->sees >> i & 1)
			word(j, NULL, vantage_name(i));
	close_at(j, ']');
	open_at(j, "cannot_show", '[');
	for (unsigned k = 1; k < VERDICTS; k++) {
		if (summary_blind(s, (enum verdict)k) == NULL)
			continue;
		open_at(j, NULL, '{');
		word(j, "class", verdict_name(k));
		word(j, "why", summary_blind(s, (enum verdict)k));
		close_at(j, '}');
	}
	close_at(j, ']');
	close_at(j, '}');
}

static void
input(struct json *j, const struct summary *s)
{
	const struct run_facts *run = s->run;
	const uint64_t *n = run->lines;

	open_at(j, "input", '{');
	open_at(j, "files", '[');
	for (unsigned i = 0; i < run->n_files; i++)
		word(j, NULL, run->files[i]);
	close_at(j, ']');
	open_at(j, "lines", '{');
	number(j, "read", n[LINE_RECOGNISED] + n[LINE_IGNORED] + n[LINE_UNKNOWN] + n[LINE_BAD]);
	number(j, "recognised", n[LINE_RECOGNISED]);
	number(j, "ignored", n[LINE_IGNORED]);
	number(j, "unknown", n[LINE_UNKNOWN]);
	number(j, "bad", n[LINE_BAD]);
	close_at(j, '}');
	open_at(j, "messages", '{');
	number(j, "total", run->messages.total);
	number(j, "complete", run->messages.complete);
	number(j, "open", run->messages.open);
	number(j, "forced", run->messages.forced);
	close_at(j, '}');
	number(j, "attempts", s->attempts);
	boolean(j, "exact", run->exact);
	if (s->has_span) {
		time_text(j, "from", s->first);
		time_text(j, "to", s->last);
	}
	note_list(j, "assumptions", &s->assumptions);
	vantage(j, s);
	close_at(j, '}');
}

static void
class_total(struct json *j, const char *name, const struct bounds b[STAGES + 1])
{
	open_at(j, name, '{');
	number(j, "lower", b[STAGES].lower);
	number(j, "upper", b[STAGES].upper);
	open_at(j, "stages", '{');
	for (unsigned i = 0; i < STAGES; i++)
		bounds(j, stage_name(i), b[i]);
	close_at(j, '}');
	close_at(j, '}');
}

static void
totals(struct json *j, const struct summary *s)
{
	static const char *const unit[IN_UNITS] = { "attempts", "accepted", "sources" };

	open_at(j, "totals", '{');
	for (unsigned u = 0; u < IN_UNITS; u++) {
		open_at(j, unit[u], '{');
		for (unsigned i = 0; i < VERDICTS; i++)
			class_total(j, verdict_name(class_at(i)), s->total[u][class_at(i)]);
		close_at(j, '}');
	}
	open_at(j, "reasons", '{');
	for (unsigned r = REASON_NONE + 1; r < REASONS; r++)
		number(j, reason_name(r), s->reasons[r]);
	close_at(j, '}');
	open_at(j, "spam", '{');
	number(j, "attempts", s->spam);
	number(j, "accepted", s->accepted);
	number(j, "sources", s->sources);
	close_at(j, '}');
	number(j, "suspected", s->suspected);
	number(j, "relay_probes", s->relay_probes);
	number(j, "login_failures", s->login_failures);
	number(j, "ham", s->ham);
	close_at(j, '}');
}

static void
stop_cells(struct json *j, const struct summary *s)
{
	open_at(j, "cells", '[');
	for (unsigned i = 0; i < STOPS; i++) {
		open_at(j, NULL, '{');
		boolean(j, "port25", i & STOP_PORT25);
		boolean(j, "dnsbl", i & STOP_DNSBL);
		boolean(j, "provider", i & STOP_PROVIDER);
		number(j, "attempts", s->stops[i]);
		close_at(j, '}');
	}
	close_at(j, ']');
}

static void
countermeasures(struct json *j, const struct summary *s)
{
	uint64_t p = summary_stopped(s, STOP_PORT25, 0);
	uint64_t fresh = summary_stopped(s, STOP_PORT25, STOP_DNSBL);

	open_at(j, "countermeasures", '{');
	open_at(j, "port25", '{');
	bounds(j, "alone", (struct bounds){ p, p + s->port25_maybe });
	bounds(j, "beside_dnsbl", (struct bounds){ fresh, fresh + s->port25_maybe_unlisted });
	close_at(j, '}');
	open_at(j, "dnsbl", '{');
	number(j, "alone", summary_stopped(s, STOP_DNSBL, 0));
	number(j, "beside_port25", summary_stopped(s, STOP_DNSBL, STOP_PORT25));
	close_at(j, '}');
	open_at(j, "provider", '{');
	number(j, "alone", summary_stopped(s, STOP_PROVIDER, 0));
	number(j, "beside_both", summary_stopped(s, STOP_PROVIDER, STOP_PORT25 | STOP_DNSBL));
	number(j, "via_zombie", s->via_zombie);
	close_at(j, '}');
	stop_cells(j, s);
	close_at(j, '}');
}

static void
own_fields(struct json *j, const struct finding *f)
{
	word(j, "kind", finding_kind_name(f->kind));
	boolean(j, "alarm", f->alarm);
	boolean(j, "trusted", f->trusted);
	if (f->kind != FINDING_RELAY) {
		number(j, "messages", f->messages);
		number(j, "recipients", f->recipients);
		number(j, "bounces", f->bounces);
		number(j, "spam_replies", f->spam_replies);
		number(j, "login_failures", f->login_failures);
		number(j, "senders", f->senders);
	}
	if (f->kind == FINDING_ACCOUNT)
		number(j, "networks", f->networks);
	if (f->kind == FINDING_RELAY)
		number(j, "clients", f->networks);
	if (f->alarm)
		word(j, "advice", finding_advice(f));
}

static void
finding(struct json *j, const struct finding *f)
{
	open_at(j, NULL, '{');
	text(j, "source", f->key);
	word(j, "class", verdict_name(f->verdict));
	if (f->subtype.n)
		text(j, "subtype", f->subtype);
	if (f->verdict == VERDICT_UNATTRIBUTED && f->reason)
		word(j, "reason", reason_name(f->reason));
	key(j, "confidence");
	buf_fmt(j->out, "%u.%03u", f->confidence / 1000, f->confidence % 1000);
	if (f->via)
		word(j, "via", verdict_name(f->via));
	number(j, "attempts", f->events);
	number(j, "accepted", f->accepted);
	time_text(j, "first", f->first);
	time_text(j, "last", f->last);
	if (f->name.n) {
		text(j, "name", f->name);
		boolean(j, "name_verified", f->verified);
	}
	if (f->provider.n)
		text(j, "provider", f->provider);
	boolean(j, "listed", f->listed);
	open_at(j, "evidence", '[');
	for (unsigned i = 0; i < f->evidences; i++)
		text(j, NULL, f->evidence[i]);
	close_at(j, ']');
	if (f->own)
		own_fields(j, f);
	close_at(j, '}');
}

static void
sources(struct json *j, const struct summary *s)
{
	open_at(j, "sources", '{');
	for (unsigned i = 0; i < VERDICTS; i++) {
		const struct findings *l = &s->by_class[class_at(i)];

		open_at(j, verdict_name(class_at(i)), '[');
		for (unsigned k = 0; k < l->n; k++)
			finding(j, &l->item[k]);
		close_at(j, ']');
	}
	close_at(j, '}');
}

static void
own_list(struct json *j, const char *name, const struct summary *s, bool accounts)
{
	open_at(j, name, '[');
	for (unsigned i = 0; i < s->own.n; i++)
		if (accounts ? s->own.item[i].kind == FINDING_ACCOUNT : s->own.item[i].alarm)
			finding(j, &s->own.item[i]);
	close_at(j, ']');
}

static void
providers(struct json *j, const struct summary *s)
{
	open_at(j, "providers", '[');
	for (unsigned i = 0; i < s->providers; i++) {
		const struct provider *p = &s->provider[i];

		open_at(j, NULL, '{');
		text(j, "provider", p->name);
		per_class(j, "attempts", p->events);
		per_class(j, "sources", p->sources);
		time_text(j, "first", p->first);
		time_text(j, "last", p->last);
		close_at(j, '}');
	}
	close_at(j, ']');
}

static void
dnsbl(struct json *j, const struct summary *s)
{
	uint64_t unlisted[VERDICTS];

	for (unsigned k = 0; k < VERDICTS; k++)
		unlisted[k] = s->total[IN_ATTEMPTS][k][STAGES].lower - s->listed[k];
	open_at(j, "dnsbl", '{');
	per_class(j, "listed", s->listed);
	per_class(j, "refused", s->refused);
	per_class(j, "not_listed", unlisted);
	close_at(j, '}');
}

static void
timeline(struct json *j, const struct summary *s)
{
	open_at(j, "timeline", '{');
	word(j, "unit", s->slot_seconds == UTC_DAY ? "day" : "hour");
	open_at(j, "slots", '[');
	for (unsigned i = 0; i < s->slots; i++) {
		open_at(j, NULL, '{');
		time_text(j, "start", s->slot[i].start);
		for (unsigned k = 0; k < VERDICTS; k++)
			number(j, verdict_name(class_at(k)), s->slot[i].events[class_at(k)]);
		close_at(j, '}');
	}
	close_at(j, ']');
	close_at(j, '}');
}

void
json_report(const struct summary *s, struct buf *out)
{
	struct json j = { .out = out };

	open_at(&j, NULL, '{');
	word(&j, "schema", "spamsource.report/1");
	input(&j, s);
	totals(&j, s);
	countermeasures(&j, s);
	sources(&j, s);
	own_list(&j, "accounts", s, true);
	providers(&j, s);
	dnsbl(&j, s);
	timeline(&j, s);
	own_list(&j, "own_side", s, false);
	note_list(&j, "warnings", &s->warnings);
	close_at(&j, '}');
	buf_chr(out, '\n');
}
