/*
 * The first screen: span and numbers, the classes, what a port-25 block would do, the own side,
 * the worst sources elsewhere, and at the end what to know about this report. The end is made
 * first, so that the list of sources can take the lines that are left.
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

static void
flow(struct page *p, struct buf *text, unsigned max)
{
	page_wrap(p, buf_slice(text), 2, max);
	text->n = 0;
}

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
		put_name(&p->line, slice_of(zone && zone->name[0] ? zone->name : "UTC"), 16, false);
		buf_chr(&p->line, ')');
	}
	page_end(p, HEADING);
}

static uint64_t
lines_read(const struct summary *s)
{
	const uint64_t *n = s->run->lines;

	return n[LINE_RECOGNISED] + n[LINE_IGNORED] + n[LINE_UNKNOWN] + n[LINE_BAD];
}

static void
numbers(struct page *p)
{
	const struct summary *s = p->s;
	struct buf t = { 0 };

	put_count(&t, lines_read(s), "line");
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
		buf_str(&t, " accepted), from ");
		put_count(&t, s->sources, "source");
	}
	buf_chr(&t, '.');
	flow(p, &t, 2);
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
	flow(p, &t, 2);
	buf_free(&t);
}

static void
table_row(struct page *p, unsigned k, uint64_t unlisted)
{
	const struct summary *s = p->s;
	uint64_t n = s->total[IN_ATTEMPTS][k][STAGES].lower;

	buf_fmt(&p->line, "%-14s%-27s", verdict_name(k), phrase_of(k));
	put_number(&p->line, n, 10);
	put_percent(&p->line, n, s->spam, 6);
	buf_chr(&p->line, ' ');
	put_number(&p->line, s->total[IN_ACCEPTED][k][STAGES].lower, 8);
	buf_chr(&p->line, ' ');
	put_number(&p->line, s->total[IN_SOURCES][k][STAGES].lower, 7);
	if (unlisted > 0)
		put_percent(&p->line, n - s->listed[k], unlisted, 6);
	page_end(p, PLAIN);
}

/* Spam attempts that no DNSBL knew of. */
static uint64_t
past_dnsbl(const struct summary *s)
{
	uint64_t n = s->spam;

	for (int k = 0; k < VERDICTS; k++)
		n -= s->listed[k];
	return n;
}

static void
table(struct page *p)
{
	static const uint8_t order[VERDICTS] = { VERDICT_ZOMBIE, VERDICT_MISCONFIGURED,
		VERDICT_COMPROMISED, VERDICT_UNATTRIBUTED };
	const struct summary *s = p->s;
	uint64_t unlisted = past_dnsbl(s);
	struct buf t = { 0 };

	page_end(p, PLAIN);
	buf_fmt(&p->line, "%-41s%10s%6s%9s%8s%6s", "class", "attempts", "%", "accepted", "sources",
	    unlisted ? "past%" : "");
	page_end(p, HEADING);
	for (int k = 0; k < VERDICTS; k++)
		table_row(p, order[k], unlisted);
	if (unlisted == 0)
		return;
	buf_str(&t, "past%: the shares among the ");
	put_number(&t, unlisted, 0);
	buf_str(&t, " attempts that no DNSBL knew of.");
	flow(p, &t, 1);
	buf_free(&t);
}

/* All was known to DNSBLs: whether they spoke first or nobody else asked, the log cannot say. */
static void
put_circular(const struct summary *s, struct buf *t)
{
	uint64_t refused = 0;

	for (int k = 0; k < VERDICTS; k++)
		refused += s->refused[k];
	buf_str(t, refused == s->spam ?
	    " Every spam counted here is known only because a DNSBL refused it, so what" :
	    " A DNSBL knew every spam counted here, so what");
	buf_str(t, " a port-25 block would add cannot be seen in this log.");
}

static void
port25(struct page *p)
{
	const struct summary *s = p->s;
	uint64_t hit = summary_stopped(s, STOP_PORT25, 0);
	uint64_t fresh = summary_stopped(s, STOP_PORT25, STOP_DNSBL);
	struct buf t = { 0 };

	if (hit + s->port25_maybe == 0) {
		buf_str(&t, "None of it came straight from end-user lines: a port-25 block there "
		    "would have stopped nothing.");
		flow(p, &t, 2);
		buf_free(&t);
		return;
	}
	put_range(&t, "Between ", hit, " % and ", hit + s->port25_maybe, s->spam);
	buf_str(&t, " of the ");
	put_number(&t, s->spam, 0);
	buf_str(&t, " spam attempts came straight from end-user lines; a port-25 block there "
	    "could have stopped at most these.");
	if (past_dnsbl(s) == 0) {
		put_circular(s, &t);
		flow(p, &t, 4);
		buf_free(&t);
		return;
	}
	if (hit > 0) {
		buf_str(&t, " A DNSBL knew ");
		put_percent(&t, hit - fresh, hit, 0);
		buf_str(&t, " % of them already.");
	}
	buf_str(&t, " Beside the DNSBLs a block adds ");
	put_range(&t, "", fresh, " % to ", fresh + s->port25_maybe_unlisted, s->spam);
	buf_str(&t, " of all.");
	flow(p, &t, 4);
	buf_free(&t);
}

static void
reasons(struct page *p)
{
	const struct summary *s = p->s;
	struct buf t = { 0 };
	bool any = false;

	for (unsigned r = 0; r < REASONS; r++) {
		if (s->reasons[r] == 0)
			continue;
		buf_str(&t, any ? ", " : "Unattributed: ");
		put_number(&t, s->reasons[r], 0);
		buf_fmt(&t, " %s", r == REASON_NONE ? "other" : reason_name(r));
		any = true;
	}
	if (any)
		flow(p, &t, 2);
	buf_free(&t);
}

static void
vantage(struct page *p)
{
	static const char *const words[VANTAGES] = { "mail from outside", "logins", "local mail",
		"inner machines", "content filter" };
	const struct summary *s = p->s;
	struct buf t = { 0 };
	bool any = false;

	if (s->sees == 0)
		return;
	for (unsigned i = 0; i < VANTAGES; i++)
		if (s->sees >> i & 1) {
			buf_fmt(&t, "%s%s", any ? ", " : "Vantage: ", words[i]);
			any = true;
		}
	buf_chr(&t, '.');
	for (int k = 1; k < VERDICTS; k++) {
		const char *why = summary_blind(s, (enum verdict)k);

		if (why != NULL)
			buf_fmt(&t, " Cannot show %s: %s.", verdict_name((unsigned)k), why);
	}
	flow(p, &t, 3);
	buf_free(&t);
}

static void
put_note(struct page *p, const struct note *n, const char *head, unsigned max)
{
	struct buf t = { 0 };

	buf_fmt(&t, "%s: ", head);
	if (n->counts) {
		put_number(&t, n->number, 0);
		buf_chr(&t, ' ');
	}
	buf_visible(&t, n->text);
	flow(p, &t, max);
	buf_free(&t);
}

static void
notes(struct page *p, unsigned max)
{
	const struct notes *w = &p->s->warnings, *a = &p->s->assumptions;
	unsigned n = 0;

	for (unsigned i = 0; i < w->n && n < max; i++, n++)
		put_note(p, &w->item[i], "Warning", max == UINT32_MAX ? 5 : 1);
	for (unsigned i = 0; i < a->n && n < max; i++, n++)
		put_note(p, &a->item[i], "Assumed", max == UINT32_MAX ? 5 : 1);
	if (n < w->n + a->n) {
		buf_str(&p->line, "and ");
		put_count(&p->line, w->n + a->n - n, "more such note");
		buf_str(&p->line, " with -v.");
		page_end(p, PLAIN);
	}
}

static void
accounting(struct page *p, bool verbose)
{
	static const char *const family[MTA_COUNT] = { "other", "Postfix", "Exim", "SpamAssassin",
		"amavis", "rspamd", "MIMEDefang", "Dovecot" };
	static const char *const kind[] = { "recognised", "ignored", "unknown", "bad" };
	const uint64_t *n = p->s->run->lines;
	const struct correlate_counts *m = &p->s->run->messages;
	struct buf t = { 0 };

	put_count(&t, lines_read(p->s), "line");
	for (int k = 0; k < 4; k++) {
		buf_str(&t, k ? " + " : " = ");
		put_number(&t, n[k], 0);
		buf_fmt(&t, " %s", kind[k]);
	}
	buf_chr(&t, '.');
	flow(p, &t, 2);
	if (!verbose) {
		buf_free(&t);
		return;
	}
	put_count(&t, m->total, "message");
	buf_fmt(&t, " = %llu complete + %llu open + %llu forced; ", (unsigned long long)m->complete,
	    (unsigned long long)m->open, (unsigned long long)m->forced);
	put_count(&t, m->copies, "copy");
	buf_str(&t, ", ");
	put_count(&t, m->retries, "retry");
	buf_str(&t, ", ");
	put_count(&t, m->unjoined, "filter verdict");
	buf_str(&t, " without message.");
	flow(p, &t, 2);
	for (unsigned k = 1; k < MTA_COUNT; k++)
		if (p->s->run->mta_lines[k]) {
			buf_fmt(&t, "%s%s ", t.n ? ", " : "Recognised lines of ", family[k]);
			put_number(&t, p->s->run->mta_lines[k], 0);
		}
	if (t.n)
		flow(p, &t, 2);
	buf_free(&t);
}

static void
samples(struct page *p)
{
	const struct run_facts *run = p->s->run;

	if (run->lines[LINE_UNKNOWN] + run->lines[LINE_BAD] == 0)
		return;
	buf_str(&p->line, "Lines not understood, for example:");
	page_end(p, PLAIN);
	for (unsigned bad = 0; bad < 2; bad++)
		for (unsigned i = 0; i < run->samples[bad]; i++) {
			const struct line_sample *x = &run->sample[bad][i];
			struct buf t = { 0 };

			buf_visible(&t, (struct slice){ x->text, x->n });
			buf_str(&t, x->cut ? ".." : x->n == 0 ? "(empty)" : "");
			buf_str(&p->line, bad ? "  bad:    " : "  unknown:");
			page_wrap(p, buf_slice(&t), 4, 4);
			buf_free(&t);
		}
}

/* notes_max UINT32_MAX: everything. */
static void
tail(struct page *p, unsigned notes_max)
{
	bool verbose = notes_max == UINT32_MAX;

	page_end(p, PLAIN);
	reasons(p);
	vantage(p);
	notes(p, notes_max);
	accounting(p, verbose);
	if (verbose)
		samples(p);
}

enum { OWN_SHOWN = 3, NOTES_SHOWN = 3, SOURCES_SHOWN = 6 };

/*
 * The list of sources gets what is left of the screen, at least one line for each class, if need
 * be by fewer notes and own findings; with why only if it all fits.
 */
static void
first_screen(struct page *p, unsigned top)
{
	static const struct { unsigned own, notes; } try[] = { { OWN_SHOWN, NOTES_SHOWN },
		{ OWN_SHOWN, 2 }, { OWN_SHOWN, 1 }, { 2, 1 }, { 1, 1 }, { 1, 0 } };
	unsigned want = p->s->elsewhere.n < SOURCES_SHOWN ? p->s->elsewhere.n : SOURCES_SHOWN;
	unsigned least = text_classes_elsewhere(p->s), room = 0;
	struct page own, end;

	want = want < top ? want : top;
	least = least < want ? least : want;
	for (size_t i = 0; i < sizeof(try) / sizeof(try[0]); i++) {
		own = end = (struct page){ .colour = p->colour, .s = p->s };
		tail(&end, try[i].notes);
		text_own(&own, try[i].own < top ? try[i].own : top, false);
		room = p->lines + own.lines + end.lines;
		room = room < TEXT_LINES ? TEXT_LINES - room : 0;
		if (want == 0 || room >= least + 2 || i + 1 == sizeof(try) / sizeof(try[0]))
			break;
		page_free(&own);
		page_free(&end);
	}
	buf_add(&p->done, buf_slice(&own.done));
	if (want > 0 && room > 2)
		text_elsewhere(p, want < room - 2 ? want : room - 2, room - 2 >= 2 * want);
	buf_add(&p->done, buf_slice(&end.done));
	page_free(&own);
	page_free(&end);
}

static void
nothing(struct page *p)
{
	buf_str(&p->line, "No line was read: there is nothing to report.");
	page_end(p, PLAIN);
	notes(p, 3);
}

void
text_report(const struct summary *s, struct buf *out, const struct text_options *o)
{
	struct page p = { .colour = o->colour, .s = s };

	if (o->quiet) {
		text_own(&p, UINT32_MAX, true);
	} else if (lines_read(s) == 0 && s->attempts == 0) {
		nothing(&p);
	} else {
		headline(&p);
		numbers(&p);
		if (s->spam > 0) {
			table(&p);
			port25(&p);
		}
		if (o->verbose) {
			text_own(&p, UINT32_MAX, false);
			text_lists(&p, o->top);
			tail(&p, UINT32_MAX);
		} else {
			first_screen(&p, o->top);
		}
	}
	buf_add(out, buf_slice(&p.done));
	page_free(&p);
}
