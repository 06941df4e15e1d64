/* What would have stopped the spam: in a few sentences, and as a table with bounds. */
#include <stdio.h>

#include "report/text_private.h"

/* "Between 12.3 % and 45.6 %", the outermost bounds. */
static void
put_bounds(struct buf *t, const char *before, const struct estimate *e, const char *between,
    uint64_t whole)
{
	put_range(t, before, estimate_least(e), between, estimate_most(e), whole);
}

static uint64_t
refused_by_dnsbl(const struct summary *s)
{
	return s->refused[0] + s->refused[1] + s->refused[2] + s->refused[3];
}

/* All was known to DNSBLs: whether they spoke first or nobody else asked, the log cannot say. */
static void
put_circular(const struct summary *s, struct buf *t)
{
	buf_str(t, refused_by_dnsbl(s) == s->spam ?
	    " Every spam counted here is known only because a DNSBL refused it, so what" :
	    " A DNSBL knew every spam counted here, so what");
	buf_str(t, " a port-25 block would add cannot be seen in this log.");
}

static void
put_beside(const struct summary *s, struct buf *t)
{
	const struct measures *all = &s->measures[IN_ATTEMPTS], *in = &s->measures[IN_ACCEPTED];
	const struct estimate *beside = &all->of[MEASURE_PORT25_BESIDE];
	const struct estimate *passed = &in->of[MEASURE_PORT25];

	if (all->of[MEASURE_DNSBL].corrected == s->spam) {
		put_circular(s, t);
		return;
	}
	buf_str(t, " Beside the DNSBLs in use it adds ");
	put_bounds(t, "", beside, " % to ", s->spam);
	if (in->whole > 0) {
		buf_str(t, "; of the ");
		put_number(t, in->whole, 0);
		buf_str(t, " accepted ");
		put_bounds(t, "", passed, " % to ", in->whole);
	}
	buf_chr(t, '.');
}

void
text_measures_short(struct page *p)
{
	const struct summary *s = p->s;
	const struct measures *all = &s->measures[IN_ATTEMPTS];
	const struct estimate *block = &all->of[MEASURE_PORT25];
	const struct estimate *provider = &all->of[MEASURE_PROVIDER_BESIDE];
	struct buf t = { 0 };

	if (estimate_most(block) == 0) {
		buf_str(&t, "None of it came straight from end-user lines: a port-25 block there "
		    "would have stopped nothing.");
	} else {
		put_bounds(&t, "Between ", block, " % and ", s->spam);
		buf_str(&t, " came straight from end-user lines, where a port-25 block could have "
		    "stopped it; most likely ");
		put_percent(&t, block->corrected, s->spam, 0);
		buf_str(&t, " %.");
		put_beside(s, &t);
	}
	if (estimate_most(provider) > 0) {
		buf_str(&t, " Only providers can stop ");
		put_bounds(&t, "", provider, " % to ", s->spam);
		buf_chr(&t, '.');
	}
	page_wrap(p, buf_slice(&t), 2, 5);
	buf_free(&t);
}

static void
put_columns(struct page *p, const struct estimate *e, uint64_t whole)
{
	struct buf t = { 0 };

	if (whole == 0) {
		buf_fmt(&p->line, "%28s", "-");
		return;
	}
	put_percent(&p->line, estimate_least(e), whole, 6);
	put_percent(&p->line, e->corrected, whole, 7);
	put_percent(&p->line, estimate_most(e), whole, 6);
	put_whole_percent(&t, e->low, whole);
	buf_chr(&t, '-');
	put_whole_percent(&t, e->high, whole);
	buf_fmt(&p->line, "%*s%.*s", t.n < 9 ? (int)(9 - t.n) : 1, "", (int)t.n, t.p);
	buf_free(&t);
}

static void
measure_line(struct page *p, const char *name, const struct estimate *all,
    const struct estimate *in)
{
	const struct measures *m = p->s->measures;

	buf_fmt(&p->line, "%-24s", name);
	put_columns(p, all, m[IN_ATTEMPTS].whole);
	put_columns(p, in, m[IN_ACCEPTED].whole);
	page_end(p, PLAIN);
}

static void
measure_head(struct page *p, const char *what)
{
	struct buf t = { 0 };

	buf_fmt(&p->line, "%-24s", what);
	buf_str(&t, "% of ");
	put_number(&t, p->s->measures[IN_ATTEMPTS].whole, 0);
	buf_str(&t, " attempts");
	buf_fmt(&p->line, "%28.*s", (int)t.n, t.p);
	t.n = 0;
	buf_str(&t, "% of ");
	put_number(&t, p->s->measures[IN_ACCEPTED].whole, 0);
	buf_str(&t, " accepted");
	buf_fmt(&p->line, "%28.*s", (int)t.n, t.p);
	page_end(p, HEADING);
	buf_fmt(&p->line, "%24s%6s%7s%6s%9s%6s%7s%6s%9s", "", "least", "likely", "most", "95 %",
	    "least", "likely", "most", "95 %");
	page_end(p, HEADING);
	buf_free(&t);
}

static void
displacement(struct page *p)
{
	static const char *const share[DISPLACEMENTS] = { "none do", "half of them do", "all do" };
	const struct measures *m = &p->s->measures[IN_ATTEMPTS];
	const struct estimate *e = &m->of[MEASURE_PORT25];
	struct buf t = { 0 };

	if (e->upper == 0)
		return;
	buf_str(&t, "Bots may go other ways (logins, relays, hosting). A block stops ");
	for (unsigned i = 0; i < DISPLACEMENTS; i++) {
		buf_str(&t, i ? ", " : "");
		put_percent(&t, displaced(e->corrected, i), m->whole, 0);
		buf_fmt(&t, " %% if %s", share[i]);
	}
	buf_str(&t, ". One log cannot tell how many would; --split and --compare may.");
	page_wrap(p, buf_slice(&t), 2, 4);
	buf_free(&t);
}

void
text_measures(struct page *p)
{
	static const char *const name[MEASURES] = { "port-25 block", "  beside the DNSBLs",
		"DNSBLs in use", "  beside a block", "provider or owner", "  beside both",
		"none of the three" };
	const struct measures *m = p->s->measures;

	if (p->s->spam == 0)
		return;
	page_end(p, PLAIN);
	measure_head(p, "What would have stopped");
	for (unsigned i = 0; i < MEASURES; i++)
		measure_line(p, name[i], &m[IN_ATTEMPTS].of[i], &m[IN_ACCEPTED].of[i]);
	for (unsigned i = 0; i < STOPS; i++) {
		char cell[40];

		if ((i & STOP_PORT25) && (i & STOP_PROVIDER))
			continue;	/* no mail is of two classes */
		snprintf(cell, sizeof(cell), "  only: %s%s%s%s", i ? "" : "nothing",
		    i & STOP_PORT25 ? "block " : "", i & STOP_DNSBL ? "DNSBL " : "",
		    i & STOP_PROVIDER ? "provider" : "");
		measure_line(p, cell, &m[IN_ATTEMPTS].cell[i], &m[IN_ACCEPTED].cell[i]);
	}
	displacement(p);
	buf_str(&p->line,
	    "Least is what verdicts say, most all that may be, give or take how often they");
	page_end(p, PLAIN);
	buf_str(&p->line,
	    "  were wrong on labelled logs. 95 %: holds the truth in 95 of 100 such logs.");
	page_end(p, PLAIN);
}

static uint64_t
sum_of(const uint64_t n[VERDICTS])
{
	return n[0] + n[1] + n[2] + n[3];
}

/* What was not known, by class; then what each list did. */
void
text_lists_short(struct page *p)
{
	const struct summary *s = p->s;
	uint64_t known = sum_of(s->listed), fresh = s->spam - known;
	struct buf t = { 0 };

	if (known == 0)
		return;
	buf_str(&t, "DNSBLs knew ");
	put_number(&t, known, 0);
	buf_str(&t, " of them");
	for (unsigned i = 0; i < s->dnsbls && i < 3; i++) {
		buf_str(&t, i ? "; " : " (");
		buf_visible(&t, s->dnsbl[i].name);
		buf_chr(&t, ' ');
		put_number(&t, sum_of(s->dnsbl[i].listed), 0);
		if (s->dnsbls > 1 && sum_of(s->dnsbl[i].alone)) {
			buf_str(&t, ", ");
			put_number(&t, sum_of(s->dnsbl[i].alone), 0);
			buf_str(&t, " alone");
		}
	}
	buf_str(&t, s->dnsbls > 3 ? "; ..)" : s->dnsbls ? ")" : "");
	if (fresh > 0) {
		buf_str(&t, ". Of the ");
		put_number(&t, fresh, 0);
		buf_str(&t, " that none knew: ");
		for (unsigned i = 0; i < VERDICTS; i++) {
			unsigned k = class_at(i);

			buf_str(&t, i ? ", " : "");
			put_percent(&t,
			    s->total[IN_ATTEMPTS][k][STAGES].lower - s->listed[k], fresh, 0);
			buf_fmt(&t, " %% %s", verdict_name(k));
		}
	}
	buf_chr(&t, '.');
	page_wrap(p, buf_slice(&t), 2, 4);
	buf_free(&t);
}

void
text_lists(struct page *p)
{
	const struct summary *s = p->s;

	if (s->dnsbls == 0)
		return;
	page_end(p, PLAIN);
	buf_fmt(&p->line, "%-26s%9s%9s%9s%8s%8s%8s", "DNSBL", "refused", "listed", "alone",
	    "zombie", "misconf", "compr");
	page_end(p, HEADING);
	for (unsigned i = 0; i < s->dnsbls; i++) {
		const struct dnsbl *l = &s->dnsbl[i];

		page_name(p, l->name, 26, true);
		put_number(&p->line, sum_of(l->refused), 9);
		put_number(&p->line, sum_of(l->listed), 9);
		put_number(&p->line, sum_of(l->alone), 9);
		for (unsigned k = 1; k < VERDICTS; k++)
			put_number(&p->line, l->listed[k], 8);
		page_end(p, PLAIN);
	}
	buf_str(&p->line,
	    "listed: spam of clients that it knew, by class; alone: that no other did");
	page_end(p, PLAIN);
}
