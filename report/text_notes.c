/* The end of the text report: what to know about it, and the account of the lines. */
#include "report/text_private.h"

void
text_flow(struct page *p, struct buf *text, unsigned max)
{
	page_wrap(p, buf_slice(text), 2, max);
	text->n = 0;
}

uint64_t
text_lines(const struct summary *s)
{
	const uint64_t *n = s->run->lines;

	return n[LINE_RECOGNISED] + n[LINE_IGNORED] + n[LINE_UNKNOWN] + n[LINE_BAD];
}

void
text_reasons(struct page *p)
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
		text_flow(p, &t, 2);
	buf_free(&t);
}

void
text_vantage(struct page *p)
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
	text_flow(p, &t, 3);
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
	text_flow(p, &t, max);
	buf_free(&t);
}

void
text_notes(struct page *p, unsigned max)
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

void
text_accounting(struct page *p, bool verbose)
{
	static const char *const family[MTA_COUNT] = { "other", "Postfix", "Exim", "SpamAssassin",
		"amavis", "rspamd", "MIMEDefang", "Dovecot" };
	static const char *const kind[] = { "recognised", "ignored", "unknown", "bad" };
	const uint64_t *n = p->s->run->lines;
	const struct correlate_counts *m = &p->s->run->messages;
	struct buf t = { 0 };

	put_count(&t, text_lines(p->s), "line");
	for (int k = 0; k < 4; k++) {
		buf_str(&t, k ? " + " : " = ");
		put_number(&t, n[k], 0);
		buf_fmt(&t, " %s", kind[k]);
	}
	buf_chr(&t, '.');
	text_flow(p, &t, 2);
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
	text_flow(p, &t, 2);
	for (unsigned k = 1; k < MTA_COUNT; k++)
		if (p->s->run->mta_lines[k]) {
			buf_fmt(&t, "%s%s ", t.n ? ", " : "Recognised lines of ", family[k]);
			put_number(&t, p->s->run->mta_lines[k], 0);
		}
	if (t.n)
		text_flow(p, &t, 2);
	buf_free(&t);
}

void
text_samples(struct page *p)
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
void
text_tail(struct page *p, unsigned notes_max)
{
	bool verbose = notes_max == UINT32_MAX;

	page_end(p, PLAIN);
	text_reasons(p);
	text_vantage(p);
	text_notes(p, notes_max);
	text_accounting(p, verbose);
	if (verbose)
		text_samples(p);
}
