/* See csv.h. A table is a line of names and one function that writes its rows, cell by cell. */
#include "report/csv_private.h"

static void
totals(struct csv *c, const struct summary *s)
{
	for (unsigned i = 0; i < VERDICTS; i++)
		for (unsigned stage = 0; stage <= STAGES; stage++) {
			csv_word(c, verdict_name(csv_class(i)));
			csv_word(c, stage == STAGES ? "all" : stage_name(stage));
			for (unsigned u = 0; u < IN_UNITS; u++) {
				csv_number(c, s->total[u][csv_class(i)][stage].lower);
				csv_number(c, s->total[u][csv_class(i)][stage].upper);
			}
			csv_end(c);
		}
}

static void
evidence(struct csv *c, const struct finding *f)
{
	struct buf all = { 0 };

	for (unsigned i = 0; i < f->evidences; i++) {
		if (i > 0)
			buf_str(&all, "; ");
		buf_add(&all, f->evidence[i]);
	}
	csv_text(c, buf_slice(&all));
	buf_free(&all);
}

static void
finding(struct csv *c, const struct finding *f)
{
	csv_text(c, f->key);
	csv_word(c, verdict_name(f->verdict));
	csv_text(c, f->subtype);
	csv_word(c, f->verdict == VERDICT_UNATTRIBUTED && f->reason ? reason_name(f->reason) : "");
	csv_cell(c);
	buf_fmt(c->out, "%u.%03u", f->confidence / 1000, f->confidence % 1000);
	csv_word(c, f->via ? verdict_name(f->via) : "");
	csv_number(c, f->events);
	csv_number(c, f->accepted);
	csv_time(c, f->first);
	csv_time(c, f->last);
	csv_text(c, f->name);
	csv_number(c, f->name.n && f->verified);
	csv_text(c, f->provider);
	csv_number(c, f->listed);
	evidence(c, f);
}

static void
sources(struct csv *c, const struct summary *s)
{
	for (unsigned i = 0; i < VERDICTS; i++) {
		const struct findings *l = &s->by_class[csv_class(i)];

		for (unsigned k = 0; k < l->n; k++) {
			finding(c, &l->item[k]);
			csv_end(c);
		}
	}
}

static void
own_side(struct csv *c, const struct summary *s)
{
	for (unsigned i = 0; i < s->own.n; i++) {
		const struct finding *f = &s->own.item[i];

		finding(c, f);
		csv_word(c, finding_kind_name(f->kind));
		csv_number(c, f->alarm);
		csv_number(c, f->trusted);
		csv_number(c, f->messages);
		csv_number(c, f->recipients);
		csv_number(c, f->bounces);
		csv_number(c, f->spam_replies);
		csv_number(c, f->login_failures);
		csv_number(c, f->senders);
		csv_number(c, f->kind == FINDING_ACCOUNT ? f->networks : 0);
		csv_number(c, f->kind == FINDING_RELAY ? f->networks : 0);
		csv_text(c, f->alarm ? slice_of(finding_advice(f)) : SLICE(""));
		csv_end(c);
	}
}

static void
network_rows(struct csv *c, const struct network *list, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		csv_text(c, list[i].name);
		for (unsigned k = 0; k < VERDICTS; k++)
			csv_number(c, list[i].events[csv_class(k)]);
		for (unsigned k = 0; k < VERDICTS; k++)
			csv_number(c, list[i].sources[csv_class(k)]);
		csv_time(c, list[i].first);
		csv_time(c, list[i].last);
		csv_end(c);
	}
}

static void
providers(struct csv *c, const struct summary *s)
{
	network_rows(c, s->provider, s->providers);
}

static void
networks(struct csv *c, const struct summary *s)
{
	network_rows(c, s->network, s->networks);
}

static void
port25_users(struct csv *c, const struct summary *s)
{
	for (unsigned i = 0; i < s->port25_users; i++) {
		const struct port25_user *u = &s->port25_user[i];

		csv_text(c, u->account);
		csv_number(c, u->messages);
		csv_number(c, u->networks);
		csv_time(c, u->first);
		csv_time(c, u->last);
		csv_end(c);
	}
}

static void
timeline(struct csv *c, const struct summary *s)
{
	for (unsigned i = 0; i < s->slots; i++) {
		csv_time(c, s->slot[i].start);
		csv_number(c, (uint64_t)s->slot_seconds);
		for (unsigned k = 0; k < VERDICTS; k++)
			csv_number(c, s->slot[i].events[csv_class(k)]);
		csv_end(c);
	}
}

static void
note_rows(struct csv *c, const char *kind, const struct notes *l)
{
	for (unsigned i = 0; i < l->n; i++) {
		csv_word(c, kind);
		csv_word(c, l->item[i].code);
		if (l->item[i].has_number)
			csv_number(c, l->item[i].number);
		else
			csv_word(c, "");
		csv_text(c, l->item[i].text);
		csv_end(c);
	}
}

static void
warnings(struct csv *c, const struct summary *s)
{
	note_rows(c, "warning", &s->warnings);
	note_rows(c, "assumption", &s->assumptions);
}

static void
reasons(struct csv *c, const struct summary *s)
{
	for (unsigned r = REASON_NONE + 1; r < REASONS; r++) {
		csv_word(c, reason_name(r));
		csv_number(c, s->reasons[r]);
		csv_end(c);
	}
}

static void
input(struct csv *c, const struct summary *s)
{
	const struct run_facts *run = s->run;
	const uint64_t *n = run->lines;

	if (s->has_span) {
		csv_time(c, s->first);
		csv_time(c, s->last);
	} else {
		csv_word(c, "");
		csv_word(c, "");
	}
	csv_number(c, n[LINE_RECOGNISED] + n[LINE_IGNORED] + n[LINE_UNKNOWN] + n[LINE_BAD]);
	csv_number(c, n[LINE_RECOGNISED]);
	csv_number(c, n[LINE_IGNORED]);
	csv_number(c, n[LINE_UNKNOWN]);
	csv_number(c, n[LINE_BAD]);
	csv_number(c, run->messages.total);
	csv_number(c, run->messages.complete);
	csv_number(c, run->messages.open);
	csv_number(c, run->messages.forced);
	csv_number(c, s->attempts);
	csv_number(c, s->spam);
	csv_number(c, s->accepted);
	csv_number(c, s->sources);
	csv_number(c, s->ham);
	csv_number(c, s->suspected);
	csv_number(c, s->relay_probes);
	csv_number(c, s->login_failures);
	csv_number(c, run->exact);
	csv_end(c);
}

#define FINDING_NAMES "source,class,subtype,reason,confidence,via,attempts,accepted,first,last," \
	"name,name_verified,provider,listed,evidence"
#define CLASSES "zombie,misconfigured,compromised,unattributed"
#define NETWORK_NAMES "zombie_attempts,misconfigured_attempts,compromised_attempts," \
	"unattributed_attempts,zombie_sources,misconfigured_sources,compromised_sources," \
	"unattributed_sources,first,last"
#define ESTIMATE_NAMES "lower,upper,corrected,low,high"

static const struct {
	const char *names;
	void (*rows)(struct csv *c, const struct summary *s);
} table[SECTIONS] = {
	[SECTION_TOTALS] = { "class,stage,attempts_lower,attempts_upper,accepted_lower,"
	    "accepted_upper,sources_lower,sources_upper", totals },
	[SECTION_OWN_SIDE] = { FINDING_NAMES ",kind,alarm,trusted,messages,recipients,bounces,"
	    "spam_replies,login_failures,senders,networks,clients,advice", own_side },
	[SECTION_SOURCES] = { FINDING_NAMES, sources },
	[SECTION_PROVIDERS] = { "provider," NETWORK_NAMES, providers },
	[SECTION_NETWORKS] = { "network," NETWORK_NAMES, networks },
	[SECTION_COUNTERMEASURES] = { "unit,measure," ESTIMATE_NAMES, csv_countermeasures },
	[SECTION_CELLS] = { "unit,port25,dnsbl,provider," ESTIMATE_NAMES, csv_cells },
	[SECTION_DNSBL] = { "class,listed,refused,not_listed", csv_dnsbl },
	[SECTION_LISTS] = { "list,class,listed,refused,alone", csv_lists },
	[SECTION_REASONS] = { "reason,attempts", reasons },
	[SECTION_TIMELINE] = { "start,seconds," CLASSES, timeline },
	[SECTION_HOURS] = { "hour_utc," CLASSES, csv_hours },
	[SECTION_FUNNEL] = { "class,stage,refused", csv_funnel },
	[SECTION_FLOWS] = { "host,class,stage,direction,attempts,accepted", csv_flows },
	[SECTION_PORT25_USERS] = { "account,messages,networks,first,last", port25_users },
	[SECTION_CHANGES] = { "change,own,source,class,before,now,first,last", csv_changes },
	[SECTION_ZOMBIE_NETWORKS] = { "network,before,now,others_before,others_now,ratio,low,high",
	    csv_zombie_networks },
	[SECTION_WARNINGS] = { "kind,code,number,text", warnings },
	[SECTION_INPUT] = { "first,last,lines_read,lines_recognised,lines_ignored,lines_unknown,"
	    "lines_bad,messages_total,messages_complete,messages_open,messages_forced,attempts,"
	    "spam,accepted,sources,ham,suspected,relay_probes,login_failures,exact", input },
};

void
csv_report(const struct summary *s, enum section section, struct buf *out)
{
	struct csv c = { .out = out };

	buf_str(out, table[section].names);
	buf_chr(out, '\n');
	table[section].rows(&c, s);
}
