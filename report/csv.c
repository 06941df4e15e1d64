/* See csv.h. A table is a line of names and one function that writes its rows, cell by cell. */
#include "report/csv.h"

#include "base/utc.h"

struct csv {
	struct buf *out;
	bool more;		/* a cell stands before in this row */
};

static void
next_cell(struct csv *c)
{
	if (c->more)
		buf_chr(c->out, ',');
	c->more = true;
}

static void
end_row(struct csv *c)
{
	buf_chr(c->out, '\n');
	c->more = false;
}

static void
number(struct csv *c, uint64_t n)
{
	next_cell(c);
	buf_fmt(c->out, "%llu", (unsigned long long)n);
}

static void
word(struct csv *c, const char *w)
{
	next_cell(c);
	buf_str(c->out, w);
}

/* Wide forms too: some spreadsheets read them as the narrow ones. */
static bool
begins_formula(struct slice s)
{
	uint32_t code = 0;

	while (s.n > 0 && s.p[0] == ' ')
		s = slice_skip(s, 1);
	if (s.n == 0 || utf8_next(s, &code) == 0)
		return false;
	return code == '=' || code == '+' || code == '-' || code == '@' || code == 0xff1d ||
	    code == 0xff0b || code == 0xff0d || code == 0xff20;
}

static bool
separates(char c)
{
	return c == ';' || c == ',' || c == '|' || c == '"';
}

static void
text(struct csv *c, struct slice value)
{
	struct buf visible = { 0 };
	struct slice s;
	bool quoted;

	next_cell(c);
	buf_visible(&visible, value);
	s = buf_slice(&visible);
	quoted = slice_chr(s, ',') || slice_chr(s, '"') || slice_chr(s, ';') ||
	    slice_chr(s, '\'') || begins_formula(s);
	if (quoted)
		buf_chr(c->out, '"');
	if (begins_formula(s))
		buf_chr(c->out, '\'');
	for (; s.n > 0; s = slice_skip(s, 1)) {
		if (s.p[0] == '"')
			buf_chr(c->out, '"');
		buf_chr(c->out, s.p[0]);
		if (separates(s.p[0]) && begins_formula(slice_skip(s, 1)))
			buf_chr(c->out, '\'');
	}
	if (quoted)
		buf_chr(c->out, '"');
	buf_free(&visible);
}

static void
time_cell(struct csv *c, int64_t t)
{
	char stamp[UTC_TEXT];

	utc_format(t, stamp);
	word(c, stamp);
}

/* Classes come in the order of the table of the text report. */
static unsigned
class_at(unsigned i)
{
	return (i + 1) % VERDICTS;
}

static void
totals(struct csv *c, const struct summary *s)
{
	for (unsigned i = 0; i < VERDICTS; i++)
		for (unsigned stage = 0; stage <= STAGES; stage++) {
			word(c, verdict_name(class_at(i)));
			word(c, stage == STAGES ? "all" : stage_name(stage));
			for (unsigned u = 0; u < IN_UNITS; u++) {
				number(c, s->total[u][class_at(i)][stage].lower);
				number(c, s->total[u][class_at(i)][stage].upper);
			}
			end_row(c);
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
	text(c, buf_slice(&all));
	buf_free(&all);
}

static void
finding(struct csv *c, const struct finding *f)
{
	text(c, f->key);
	word(c, verdict_name(f->verdict));
	text(c, f->subtype);
	word(c, f->verdict == VERDICT_UNATTRIBUTED && f->reason ? reason_name(f->reason) : "");
	next_cell(c);
	buf_fmt(c->out, "%u.%03u", f->confidence / 1000, f->confidence % 1000);
	word(c, f->via ? verdict_name(f->via) : "");
	number(c, f->events);
	number(c, f->accepted);
	time_cell(c, f->first);
	time_cell(c, f->last);
	text(c, f->name);
	number(c, f->name.n && f->verified);
	text(c, f->provider);
	number(c, f->listed);
	evidence(c, f);
}

static void
sources(struct csv *c, const struct summary *s)
{
	for (unsigned i = 0; i < VERDICTS; i++) {
		const struct findings *l = &s->by_class[class_at(i)];

		for (unsigned k = 0; k < l->n; k++) {
			finding(c, &l->item[k]);
			end_row(c);
		}
	}
}

static void
own_side(struct csv *c, const struct summary *s)
{
	for (unsigned i = 0; i < s->own.n; i++) {
		const struct finding *f = &s->own.item[i];

		finding(c, f);
		word(c, finding_kind_name(f->kind));
		number(c, f->alarm);
		number(c, f->trusted);
		number(c, f->messages);
		number(c, f->recipients);
		number(c, f->bounces);
		number(c, f->spam_replies);
		number(c, f->login_failures);
		number(c, f->senders);
		number(c, f->kind == FINDING_ACCOUNT ? f->networks : 0);
		number(c, f->kind == FINDING_RELAY ? f->networks : 0);
		text(c, f->alarm ? slice_of(finding_advice(f)) : SLICE(""));
		end_row(c);
	}
}

static void
providers(struct csv *c, const struct summary *s)
{
	for (unsigned i = 0; i < s->providers; i++) {
		const struct provider *p = &s->provider[i];

		text(c, p->name);
		for (unsigned k = 0; k < VERDICTS; k++)
			number(c, p->events[class_at(k)]);
		for (unsigned k = 0; k < VERDICTS; k++)
			number(c, p->sources[class_at(k)]);
		time_cell(c, p->first);
		time_cell(c, p->last);
		end_row(c);
	}
}

static void
countermeasures(struct csv *c, const struct summary *s)
{
	for (unsigned i = 0; i < STOPS; i++) {
		number(c, (i & STOP_PORT25) != 0);
		number(c, (i & STOP_DNSBL) != 0);
		number(c, (i & STOP_PROVIDER) != 0);
		number(c, s->stops[i]);
		end_row(c);
	}
}

static void
dnsbl(struct csv *c, const struct summary *s)
{
	for (unsigned i = 0; i < VERDICTS; i++) {
		unsigned k = class_at(i);

		word(c, verdict_name(k));
		number(c, s->listed[k]);
		number(c, s->refused[k]);
		number(c, s->total[IN_ATTEMPTS][k][STAGES].lower - s->listed[k]);
		end_row(c);
	}
}

static void
timeline(struct csv *c, const struct summary *s)
{
	for (unsigned i = 0; i < s->slots; i++) {
		time_cell(c, s->slot[i].start);
		number(c, (uint64_t)s->slot_seconds);
		for (unsigned k = 0; k < VERDICTS; k++)
			number(c, s->slot[i].events[class_at(k)]);
		end_row(c);
	}
}

static void
note_rows(struct csv *c, const char *kind, const struct notes *l)
{
	for (unsigned i = 0; i < l->n; i++) {
		word(c, kind);
		word(c, l->item[i].code);
		if (l->item[i].has_number)
			number(c, l->item[i].number);
		else
			word(c, "");
		text(c, l->item[i].text);
		end_row(c);
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
		word(c, reason_name(r));
		number(c, s->reasons[r]);
		end_row(c);
	}
}

static void
input(struct csv *c, const struct summary *s)
{
	const struct run_facts *run = s->run;
	const uint64_t *n = run->lines;

	if (s->has_span) {
		time_cell(c, s->first);
		time_cell(c, s->last);
	} else {
		word(c, "");
		word(c, "");
	}
	number(c, n[LINE_RECOGNISED] + n[LINE_IGNORED] + n[LINE_UNKNOWN] + n[LINE_BAD]);
	number(c, n[LINE_RECOGNISED]);
	number(c, n[LINE_IGNORED]);
	number(c, n[LINE_UNKNOWN]);
	number(c, n[LINE_BAD]);
	number(c, run->messages.total);
	number(c, run->messages.complete);
	number(c, run->messages.open);
	number(c, run->messages.forced);
	number(c, s->attempts);
	number(c, s->spam);
	number(c, s->accepted);
	number(c, s->sources);
	number(c, s->ham);
	number(c, s->suspected);
	number(c, s->relay_probes);
	number(c, s->login_failures);
	number(c, run->exact);
	end_row(c);
}

#define FINDING_NAMES "source,class,subtype,reason,confidence,via,attempts,accepted,first,last," \
	"name,name_verified,provider,listed,evidence"

void
csv_report(const struct summary *s, enum section section, struct buf *out)
{
	static const struct {
		const char *names;
		void (*rows)(struct csv *c, const struct summary *s);
	} table[SECTIONS] = {
		[SECTION_TOTALS] = { "class,stage,attempts_lower,attempts_upper,accepted_lower,"
		    "accepted_upper,sources_lower,sources_upper", totals },
		[SECTION_OWN_SIDE] = { FINDING_NAMES ",kind,alarm,trusted,messages,recipients,"
		    "bounces,spam_replies,login_failures,senders,networks,clients,advice",
		    own_side },
		[SECTION_SOURCES] = { FINDING_NAMES, sources },
		[SECTION_PROVIDERS] = { "provider,zombie_attempts,misconfigured_attempts,"
		    "compromised_attempts,unattributed_attempts,zombie_sources,"
		    "misconfigured_sources,compromised_sources,unattributed_sources,first,last",
		    providers },
		[SECTION_COUNTERMEASURES] = { "port25,dnsbl,provider,attempts", countermeasures },
		[SECTION_DNSBL] = { "class,listed,refused,not_listed", dnsbl },
		[SECTION_TIMELINE] = { "start,seconds,zombie,misconfigured,compromised,"
		    "unattributed", timeline },
		[SECTION_WARNINGS] = { "kind,code,number,text", warnings },
		[SECTION_REASONS] = { "reason,attempts", reasons },
		[SECTION_INPUT] = { "first,last,lines_read,lines_recognised,lines_ignored,"
		    "lines_unknown,lines_bad,messages_total,messages_complete,messages_open,"
		    "messages_forced,attempts,spam,accepted,sources,ham,suspected,relay_probes,"
		    "login_failures,exact", input },
	};
	struct csv c = { .out = out };

	buf_str(out, table[section].names);
	buf_chr(out, '\n');
	table[section].rows(&c, s);
}
