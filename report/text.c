/*
 * The first screen: what is wrong in a line, span and numbers, the classes, what DNSBLs and a
 * port-25 block do, what changed, the own side, the worst sources elsewhere, and at the end what to
 * know about this report. It is made with less and less until it fits.
 */
#include "report/text.h"

#include "report/text_private.h"

static const char *
phrase_of(unsigned verdict)
{
	static const char *const phrase[VERDICTS] = { "not enough evidence",
		"infected end-user machines", "hacked or open servers", "stolen mail accounts" };

	return phrase[verdict];
}

/* "2 hacked accounts", "1 open relay": all that alarms. False: nothing does. */
static bool
put_alarms(const struct summary *s, struct buf *b)
{
	static const char *const noun[] = { "hacked account", "hacked script", "open relay",
		"infected machine", "bad server" };
	uint64_t n[sizeof(noun) / sizeof(noun[0])] = { 0 };
	bool any = false;

	for (unsigned i = 0; i < s->own.n; i++) {
		const struct finding *f = &s->own.item[i];

		n[0] += f->alarm && f->kind == FINDING_ACCOUNT;
		n[1] += f->alarm && f->kind == FINDING_SCRIPT;
		n[2] += f->alarm && f->kind == FINDING_RELAY;
		n[f->verdict == VERDICT_ZOMBIE ? 3 : 4] += f->alarm && f->kind == FINDING_MACHINE;
	}
	for (size_t i = 0; i < sizeof(noun) / sizeof(noun[0]); i++) {
		if (n[i] == 0)
			continue;
		buf_str(b, any ? ", " : "");
		put_count(b, n[i], noun[i]);
		any = true;
	}
	return any;
}

/* What is wrong, in one line. */
static void
verdict(struct page *p)
{
	const struct summary *s = p->s;
	struct buf t = { 0 };
	bool alarm = put_alarms(s, &t);
	unsigned worst = VERDICT_ZOMBIE;
	uint64_t n;

	for (unsigned k = VERDICT_MISCONFIGURED; k < VERDICTS; k++)
		if (s->total[IN_ATTEMPTS][k][STAGES].lower >
		    s->total[IN_ATTEMPTS][worst][STAGES].lower)
			worst = k;
	n = s->total[IN_ATTEMPTS][worst][STAGES].lower;
	if (alarm)
		buf_str(&t, " of yours to fix; ");
	else
		buf_str(&t, s->sees & (SEES_SUBMISSION | SEES_LOCAL | SEES_INSIDE) ?
		    "Nothing of yours to fix; " : "No outgoing mail in the log; ");
	if (s->spam == 0) {
		buf_str(&t, "no spam found.");
	} else if (n == 0) {
		buf_str(&t, "not enough evidence where the spam came from.");
	} else {
		put_whole_percent(&t, n, s->spam);
		buf_fmt(&t, " %% of the spam came from %s.", phrase_of(worst));
	}
	p->wrap = alarm ? ALARM : HEADING;
	page_wrap(p, buf_slice(&t), 2, 2);
	p->wrap = PLAIN;
	buf_free(&t);
}

/* The span and its zone. */
static void
headline(struct page *p)
{
	const struct summary *s = p->s;
	const struct zone *zone = s->run->zone;

	buf_str(&p->line, "Where the spam came from");
	if (s->has_span) {
		buf_str(&p->line, ", ");
		put_time(&p->line, s, s->first);
		buf_str(&p->line, " to ");
		put_time(&p->line, s, s->last);
		buf_str(&p->line, " (");
		page_name(p, slice_of(zone && zone->name[0] ? zone->name : "UTC"), 16, false);
		buf_chr(&p->line, ')');
	}
	page_end(p, HEADING);
}

static void
numbers(struct page *p)
{
	const struct summary *s = p->s;
	struct buf t = { 0 };

	put_count(&t, text_lines(s), "line");
	buf_str(&t, ", ");
	put_count(&t, s->run->messages.total, "message");
	if (s->run->messages.open > s->run->messages.total / 20) {
		buf_str(&t, " (");
		put_number(&t, s->run->messages.open, 0);
		buf_str(&t, s->run->messages.open == 1 ? " begins or ends outside the log)" :
		    " begin or end outside the log)");
	}
	if (s->spam == 0) {
		buf_str(&t, "; no spam was found in ");
		put_count(&t, s->attempts, "attempt");
	} else {
		buf_str(&t, "; ");
		put_number(&t, s->spam, 0);
		buf_str(&t, " of ");
		put_count(&t, s->attempts, "attempt");
		buf_str(&t, " were spam (");
		put_number(&t, s->accepted, 0);
		buf_str(&t, " accepted)");
	}
	buf_chr(&t, '.');
	text_flow(p, &t, 2);
	buf_str(&t, "Not counted as spam: ");
	put_number(&t, s->suspected, 0);
	buf_str(&t, " suspected, ");
	put_count(&t, s->relay_probes, "relay probe");
	buf_str(&t, ", ");
	put_count(&t, s->login_failures, "failed login");
	if (s->run->messages.retries > 0) {
		buf_str(&t, ", ");
		put_count(&t, s->run->messages.retries, "retry");
		buf_str(&t, " not counted again");
	}
	buf_chr(&t, '.');
	text_flow(p, &t, 2);
	buf_free(&t);
}

enum { BAR = 6 };

static void
table_row(struct page *p, unsigned k)
{
	const struct summary *s = p->s;
	const uint64_t whole[IN_UNITS] = { s->spam, s->accepted, s->sources };

	buf_fmt(&p->line, "%-13s", verdict_name(k));
	for (int unit = 0; unit < IN_UNITS; unit++) {
		uint64_t n = s->total[unit][k][STAGES].lower;

		put_number(&p->line, n, 9);
		put_percent(&p->line, n, whole[unit], 6);
		buf_chr(&p->line, ' ');
		put_bar(p, n, whole[unit], BAR, unit + 1 < IN_UNITS);
	}
	page_end(p, PLAIN);
}

static void
table(struct page *p)
{
	page_end(p, PLAIN);
	buf_fmt(&p->line, "%-13s%9s%6s%16s%6s%16s%6s", "class", "attempts", "%", "accepted", "%",
	    "sources", "%");
	page_end(p, HEADING);
	for (unsigned i = 0; i < VERDICTS; i++)
		table_row(p, class_at(i));
	buf_str(&p->line, "zombie = infected PC, misconfigured = bad server, compromised = stolen "
	    "account");
	page_end(p, PLAIN);
}

enum { OWN_SHOWN = 3, NOTES_SHOWN = 3, SOURCES_SHOWN = 5 };

struct room {			/* what the first screen shows */
	unsigned own, notes, sources;
	bool networks, changes;
};

static void
fill_screen(struct page *p, const struct room *r, unsigned top)
{
	if (r->changes)
		text_changes_short(p);
	text_own(p, r->own < top ? r->own : top, false);
	if (p->s->port25_users_all > 0 && r->networks)
		text_port25_users(p, 0);
	if (r->sources > 0 && p->s->elsewhere.n > 0 && top > 0)
		text_elsewhere(p, r->sources < top ? r->sources : top, false);
	if (r->networks)
		text_networks_short(p);
	text_tail(p, r->notes);
}

/* The most that fits into the screen: first sources go, then notes, own findings, networks. */
static void
first_screen(struct page *p, unsigned top)
{
	unsigned least = text_classes_elsewhere(p->s);
	const struct room try[] = { { OWN_SHOWN, NOTES_SHOWN, SOURCES_SHOWN, true, true },
		{ OWN_SHOWN, NOTES_SHOWN, least, true, true }, { OWN_SHOWN, 2, least, true, true },
		{ OWN_SHOWN, 1, least, true, true }, { OWN_SHOWN, 1, least, false, true },
		{ OWN_SHOWN, 0, least, false, true }, { 2, 0, least, false, true },
		{ 1, 0, least, false, true }, { 1, 0, least, false, false },
		{ 1, 0, 0, false, false } };
	enum { TRIES = sizeof(try) / sizeof(try[0]) };

	for (unsigned i = 0; i < TRIES; i++) {
		struct page rest = page_like(p);

		fill_screen(&rest, &try[i], top);
		if (p->lines + rest.lines <= TEXT_LINES || i + 1 == TRIES) {
			buf_add(&p->done, buf_slice(&rest.done));
			page_free(&rest);
			return;
		}
		page_free(&rest);
	}
}

static void
warnings(struct page *p)
{
	page_end(p, PLAIN);
	text_notes(p, UINT32_MAX);
}

static void
input(struct page *p)
{
	page_end(p, PLAIN);
	text_vantage(p);
	text_accounting(p, true);
	text_samples(p);
}

/* One of enum section, whole. */
static void
section(struct page *p, unsigned which, unsigned top)
{
	const struct summary *s = p->s;

	switch ((enum section)which) {
	case SECTION_TOTALS:
		table(p);
		break;
	case SECTION_OWN_SIDE:
		text_own(p, UINT32_MAX, false);
		break;
	case SECTION_SOURCES:
		text_sources(p, top);
		break;
	case SECTION_PROVIDERS:
		text_networks(p, s->provider, s->providers, "Providers of the sources");
		break;
	case SECTION_NETWORKS:
		text_networks(p, s->network, s->networks, "Networks of the zombies");
		break;
	case SECTION_COUNTERMEASURES:
	case SECTION_CELLS:
		text_measures(p);
		break;
	case SECTION_DNSBL:
	case SECTION_LISTS:
		text_lists(p);
		break;
	case SECTION_REASONS:
		text_reasons(p);
		break;
	case SECTION_TIMELINE:
		text_timeline(p);
		break;
	case SECTION_HOURS:
		text_hours(p);
		break;
	case SECTION_FUNNEL:
	case SECTION_FLOWS:
		text_funnel(p);
		break;
	case SECTION_PORT25_USERS:
		text_port25_users(p, top);
		break;
	case SECTION_CHANGES:
		text_changes(p);
		break;
	case SECTION_ZOMBIE_NETWORKS:
		text_treated(p);
		break;
	case SECTION_WARNINGS:
		warnings(p);
		break;
	case SECTION_INPUT:
		input(p);
		break;
	case SECTIONS:
		break;
	}
}

/* With -v, in this order, behind the first lines. */
static void
all_sections(struct page *p, unsigned top)
{
	static const uint8_t order[] = { SECTION_OWN_SIDE, SECTION_PORT25_USERS,
		SECTION_COUNTERMEASURES, SECTION_DNSBL, SECTION_FUNNEL, SECTION_CHANGES,
		SECTION_ZOMBIE_NETWORKS, SECTION_SOURCES, SECTION_PROVIDERS, SECTION_NETWORKS,
		SECTION_TIMELINE, SECTION_HOURS };

	for (size_t i = 0; i < sizeof(order); i++)
		section(p, order[i], top);
	text_tail(p, UINT32_MAX);
}

static void
nothing(struct page *p)
{
	buf_str(&p->line, "No line was read: there is nothing to report.");
	page_end(p, PLAIN);
	text_notes(p, 3);
}

void
text_report(const struct summary *s, struct buf *out, const struct text_options *o)
{
	struct page p = { .colour = o->colour, .terminal = o->terminal, .utf8 = o->utf8, .s = s };

	if (o->quiet) {
		text_own(&p, UINT32_MAX, true);
	} else if (text_lines(s) == 0 && s->attempts == 0) {
		nothing(&p);
	} else if (o->sections != 0) {
		for (unsigned i = 0; i < SECTIONS; i++)
			if (o->sections >> i & 1)
				section(&p, i, o->top);
	} else {
		verdict(&p);
		headline(&p);
		numbers(&p);
		if (s->spam > 0) {
			table(&p);
			text_lists_short(&p);
			text_measures_short(&p);
		}
		if (o->verbose)
			all_sections(&p, o->top);
		else
			first_screen(&p, o->top);
	}
	buf_add(out, buf_slice(&p.done));
	page_free(&p);
}
