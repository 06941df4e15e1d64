/*
 * What must be said about the run itself: assumptions, warnings, what the input can show at all;
 * and the small tables of words that all writers share. No name of an input, no line number.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "classify/state_limit.h"
#include "classify/state_sets.h"
#include "report/summary_private.h"

const char *
finding_kind_name(unsigned kind)
{
	static const char *const name[] = { "machine", "account", "script", "relay" };

	return name[kind];
}

const char *
finding_advice(const struct finding *f)
{
	if (f->kind == FINDING_ACCOUNT)
		return "lock it, end its sessions, clear its queue, then set a new password";
	if (f->kind == FINDING_SCRIPT)
		return "stop it, close its hole, update or remove it, clear its queue";
	if (f->kind == FINDING_RELAY)
		return "close it: foreign domains only after login or from own networks";
	if (f->verdict == VERDICT_ZOMBIE)
		return "take it off the net, clean it; port 25 out only for mail servers";
	return "find out what sends there: close its relay or script, demand a login";
}

const char *
vantage_name(unsigned bit_index)
{
	static const char *const name[VANTAGES] = { "inbound", "submission", "local", "inside",
		"filter" };

	return name[bit_index];
}

const char *
summary_blind(const struct summary *s, enum verdict k)
{
	bool in = s->sees & SEES_INBOUND;

	if (s->sees == 0 || k == VERDICT_UNATTRIBUTED)
		return NULL;
	if (s->sees == SEES_FILTER)
		return "only a content filter's log: no clients, no logins";
	if (k == VERDICT_ZOMBIE && !(s->sees & (SEES_INBOUND | SEES_INSIDE)))
		return "no mail from unauthenticated clients";
	if (k == VERDICT_MISCONFIGURED && !(s->sees & (SEES_INBOUND | SEES_INSIDE | SEES_LOCAL)))
		return "no mail from servers or scripts";
	if (k == VERDICT_COMPROMISED && !in && !(s->sees & SEES_SUBMISSION))
		return "no logins, no mail from other hosters";
	if (k == VERDICT_COMPROMISED && s->only_connect && !(s->sees & SEES_SUBMISSION))
		return "no client got past the connection";
	return NULL;
}

enum number_use { NO_NUMBER, VALUE, COUNT };

static void __attribute__((format(printf, 6, 7)))
note(struct summary *s, struct notes *list, const char *code, enum number_use use, uint64_t number,
    const char *format, ...)
{
	char text[512];
	va_list ap;
	size_t len;
	int n;

	va_start(ap, format);
	n = vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	len = n < 0 ? 0 : (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1;
	mem_grow(&list->item, &list->cap, list->n + 1, sizeof(*list->item));
	list->item[list->n++] = (struct note){ .code = code, .number = number,
		.has_number = use != NO_NUMBER, .counts = use == COUNT,
		.text = arena_copy(&s->arena, (struct slice){ text, len }) };
}

static int
by_code(const void *a, const void *b)
{
	const struct note *x = a, *y = b;
	int d = strcmp(x->code, y->code);

	return d ? d : slice_cmp(x->text, y->text);
}

static void
note_assumptions(struct summary *s)
{
	const struct run_facts *run = s->run;
	struct notes *l = &s->assumptions;

	if (run->first_year && !run->year_given) {
		if (run->first_year == run->last_year)
			note(s, l, "year-assumed", VALUE, (uint64_t)run->first_year,
			    "stamps without a year were taken as of %d (--year)", run->first_year);
		else
			note(s, l, "year-assumed", VALUE, (uint64_t)run->first_year,
			    "stamps without a year were taken as of %d to %d (--year)",
			    run->first_year, run->last_year);
	}
	if (run->zone_assumed)
		note(s, l, "zone-assumed", NO_NUMBER, 0,
		    "stamps without a zone were taken as %.64s (--tz)",
		    run->zone && run->zone->name[0] ? run->zone->name : "UTC");
	if (!run->own_networks)
		note(s, l, "own-networks-unknown", NO_NUMBER, 0,
		    "own.networks is not set: only private addresses count as yours");
	if (!run->own_domains)
		note(s, l, "own-domains-unknown", NO_NUMBER, 0,
		    "own.domains is not set: domains delivered here or inward count as yours");
}

static void
note_gateways(struct collect *c)
{
	const struct state *st = &c->cl->state;
	uint32_t others;
	const uint32_t *other = judge_others(c->j, &others);

	for (uint32_t i = 0; i < others; i++) {
		const struct source *s = &st->source[other[i]];
		const struct set *nets;

		if (s->kind != SOURCE_DOMAIN || !judge_is_gateway(c->j, other[i]))
			continue;
		nets = state_set_find(st, other[i], 0, SET_NETWORKS);
		note(c->s, &c->s->warnings, "gateway-domain", VALUE, nets ? set_count(nets) : 0,
		    "looks like a gateway for %.*s: add it to own.domains",
		    SLICE_ARG(slice_first(st->text[s->id], 255)));
	}
}

static unsigned
first_hit(const struct slice *list, unsigned n, bool *hit, struct slice name)
{
	unsigned fresh = 0;

	for (unsigned i = 0; i < n; i++)
		if (!hit[i] && slice_eq_nocase(list[i], name))
			fresh += hit[i] = true;
	return fresh;
}

/* Trusted accounts, networks and hosts that the log does not show; as is_trusted() compares. */
static unsigned
trusted_unmatched(const struct collect *c)
{
	const struct state *st = &c->cl->state;
	const struct own *own = c->cl->own;
	const struct prefix_set *nets = &own->trusted_networks;
	unsigned left = own->trusted_accounts + own->trusted_hosts + nets->n;
	bool *account = mem_alloc(left + 1), *host = account + own->trusted_accounts;
	bool *net = host + own->trusted_hosts;

	for (uint32_t i = 1; left > 0 && i <= c->s->run->last_host; i++)
		left -= first_hit(own->trusted_host, own->trusted_hosts, host,
		    names_text(c->cl->names, i));
	for (uint32_t i = 0; left > 0 && i < st->sources; i++) {
		const struct source *s = &st->source[i];
		struct addr a;

		if (s->kind == SOURCE_ACCOUNT)
			left -= first_hit(own->trusted_account, own->trusted_accounts, account,
			    st->text[s->id]);
		if (s->kind != SOURCE_CLIENT)
			continue;
		if (s->verified && s->name)
			left -= first_hit(own->trusted_host, own->trusted_hosts, host,
			    source_name(s));
		a = addr_of_key(s->id);
		for (unsigned k = 0; k < nets->n; k++)
			if (!net[k] && prefix_contains(&nets->item[k], &a)) {
				net[k] = true;
				left--;
			}
	}
	free(account);
	return left;
}

static void
note_trusted(struct collect *c)
{
	unsigned n = c->s->attempts ? trusted_unmatched(c) : 0;

	if (n > 0)
		note(c->s, &c->s->warnings, "trusted-unmatched", COUNT, n, n == 1 ?
		    "trusted account, network or host matched nothing in the log" :
		    "trusted accounts, networks or hosts matched nothing in the log");
}

static void
note_window(struct summary *s)
{
	const struct run_facts *run = s->run;

	if ((!run->has_since && !run->has_until) || run->selected ||
	    run->lines[LINE_RECOGNISED] == 0)
		return;
	note(s, &s->warnings, "empty-window", NO_NUMBER, 0, "no line lies %s",
	    !run->has_since ? "before --until" : !run->has_until ? "at or after --since" :
	    "between --since and --until");
}

static const char *
plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void
note_lines(struct summary *s)
{
	const uint64_t *n = s->run->lines;
	uint64_t known = n[LINE_RECOGNISED];
	uint64_t all = known + n[LINE_IGNORED] + n[LINE_UNKNOWN] + n[LINE_BAD];
	struct notes *l = &s->warnings;

	if (all > 0 && known == 0)
		note(s, l, "nothing-recognised", VALUE, all,
		    "no line was of a mail program known here");
	if (n[LINE_UNKNOWN] * 100 > known + n[LINE_UNKNOWN])
		note(s, l, "unknown-lines", COUNT, n[LINE_UNKNOWN],
		    "line%s of unknown shape from mail programs: more than 1 %%",
		    plural(n[LINE_UNKNOWN]));
	if (n[LINE_BAD] * 100 > all)
		note(s, l, "bad-lines", COUNT, n[LINE_BAD],
		    "line%s not of a log, too long or cut: more than 1 %%", plural(n[LINE_BAD]));
}

static void
note_warnings(struct summary *s, const struct state *st)
{
	const struct run_facts *run = s->run;
	uint64_t rest = state_rest_events(st);
	struct notes *l = &s->warnings;

	note_lines(s);
	if (run->input_problems)
		note(s, l, "partial-input", COUNT, run->input_problems,
		    "input%s unreadable, cut or left out: this report is partial",
		    plural(run->input_problems));
	if (run->same_inputs)
		note(s, l, "same-input-skipped", COUNT, run->same_inputs,
		    "input%s skipped: the same content was read already",
		    plural(run->same_inputs));
	if (run->backwards)
		note(s, l, "time-backwards", COUNT, run->backwards,
		    "jump%s back of more than a minute between neighbouring lines",
		    plural(run->backwards));
	if (run->messages.forced)
		note(s, l, "forced-messages", COUNT, run->messages.forced,
		    "message%s ended early: silent for six days, or too many open at once",
		    plural(run->messages.forced));
	if (run->messages.crowded)
		note(s, l, "not-exact-messages", COUNT, run->messages.crowded,
		    "message%s ended early, or forgotten: more than --max-open at once",
		    plural(run->messages.crowded));
	if (run->messages.unjoined)
		note(s, l, "unjoined-verdicts", COUNT, run->messages.unjoined,
		    "verdict%s without message: if clocks or zones differ, see --tz",
		    plural(run->messages.unjoined));
	if (run->patterns_disabled)
		note(s, l, "patterns-disabled", COUNT, run->patterns_disabled,
		    "pattern%s of rules or lines switched off for taking too long",
		    plural(run->patterns_disabled));
	if (st->halvings > 0)
		note(s, l, "not-exact", COUNT, rest,
		    "event%s of more sources than --max-sources are only in the sums",
		    plural(rest));
}

void
summary_notes(struct collect *c)
{
	struct summary *s = c->s;

	note_assumptions(s);
	note_warnings(s, &c->cl->state);
	note_window(s);
	note_trusted(c);
	note_gateways(c);
	if (s->assumptions.n)
		qsort(s->assumptions.item, s->assumptions.n, sizeof(struct note), by_code);
	if (s->warnings.n)
		qsort(s->warnings.item, s->warnings.n, sizeof(struct note), by_code);
}

int64_t
summary_value(const struct summary *s, struct slice name, bool *known)
{
	static const uint64_t no_lines[4];
	const uint64_t *lines = s->run ? s->run->lines : no_lines;
	const struct { const char *name; uint64_t value; } plain[] = {
		{ "spam", s->spam }, { "suspected", s->suspected },
		{ "probes", s->relay_probes + s->login_failures }, { "sources", s->sources },
		{ "unknown", lines[LINE_UNKNOWN] }, { "bad", lines[LINE_BAD] },
	};

	*known = true;
	for (unsigned k = 0; k < VERDICTS; k++) {
		struct slice rest = name;

		if (slice_eq(name, slice_of(verdict_name(k))))
			return (int64_t)s->total[IN_ATTEMPTS][k][STAGES].lower;
		if (k && slice_take(&rest, SLICE("own.")) &&
		    slice_eq(rest, slice_of(verdict_name(k))))
			return (int64_t)s->own_alarms[k];
	}
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (slice_eq(name, slice_of(plain[i].name)))
			return (int64_t)plain[i].value;
	*known = false;
	return 0;
}
