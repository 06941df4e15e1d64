/*
 * What would have stopped it: each measure alone and beside the others, of all spam and of what was
 * accepted; who would be hurt by a block, and all combinations.
 */
#include "report/html_private.h"

struct row {
	const char *label, *why;
	uint8_t measure;
	char colour;
};

/* The outermost bounds. */
static struct word
bounds(const struct estimate *e, uint64_t whole)
{
	return word_range(estimate_least(e), estimate_most(e), whole);
}

static void
one(struct buf *b, const struct measures *m, const struct row *r, const char *of)
{
	const struct estimate *e = &m->of[r->measure];

	if (m->whole == 0)
		return;
	buf_str(b, "<div>");
	html_interval(b, r->colour, e, m->whole);
	buf_fmt(b, "<p><b>%s</b> <small>%s", bounds(e, m->whole).text, of);
	if (estimate_least(e) < estimate_most(e))	/* else it was counted */
		buf_fmt(b, ", most likely %s", word_percent(e->corrected, m->whole).text);
	buf_str(b, "</small></p></div>\n");
}

static void
measures(struct buf *b, const struct summary *s)
{
	static const struct row row[] = {
		{ "A port-25 block", "at the access networks of end-user lines", MEASURE_PORT25,
		    'z' },
		{ "&#8230; beside the DNSBLs", "what a block adds to them", MEASURE_PORT25_BESIDE,
		    'z' },
		{ "The DNSBLs in use", "a list knew the client", MEASURE_DNSBL, 'k' },
		{ "&#8230; beside a block", "what they add to it", MEASURE_DNSBL_BESIDE, 'k' },
		{ "Only the provider", "or the owner of the account", MEASURE_PROVIDER_BESIDE,
		    'c' },
		{ "None of these", "only repair at the source", MEASURE_NONE, 'u' },
	};

	buf_str(b, "<ol class=\"stops\">\n");
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		buf_fmt(b, "<li><p><b>%s</b> <span>%s</span></p>\n", row[i].label, row[i].why);
		one(b, &s->measures[IN_ATTEMPTS], &row[i], "of all attempts");
		one(b, &s->measures[IN_ACCEPTED], &row[i], "of the accepted");
		buf_str(b, "</li>\n");
	}
	buf_str(b, "</ol>\n<p class=\"note\">Dark: attributed. Light: not attributed, but may be "
	    "of it. The line under a bar: where the true share most likely is, given how often "
	    "verdicts are right, with its 95&#160;% interval.</p>\n");
}

static void
displacement(struct buf *b, const struct summary *s)
{
	static const char *const share[DISPLACEMENTS] = { "none of it", "half of it", "all of it" };
	static const char *const column[] = { "Displaced", "Stopped", "Most likely", NULL };
	const struct estimate *e = &s->measures[IN_ATTEMPTS].of[MEASURE_PORT25];
	uint64_t whole = s->measures[IN_ATTEMPTS].whole;

	if (e->upper == 0)
		return;
	buf_str(b, "<h3>If blocked machines went other ways</h3>\n<p>Infected machines can also "
	    "send over their provider&#8217;s server or a stolen account. How many would, one "
	    "log cannot tell.</p>\n");
	html_table(b, "What a port-25 block stops of all spam attempts", column);
	for (unsigned i = 0; i < DISPLACEMENTS; i++)
		buf_fmt(b, "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td></tr>\n",
		    share[i], word_range(displaced(estimate_least(e), i),
		    displaced(estimate_most(e), i), whole).text,
		    word_percent(displaced(e->corrected, i), whole).text);
	html_table_end(b);
}

static void
hurt(struct buf *b, const struct summary *s)
{
	static const char *const column[] = { "Account", "Messages", "Networks", "First", "Last",
		NULL };

	if (s->port25_users_all == 0)
		return;
	buf_fmt(b, "<h3>Whom a block would hurt</h3>\n<p>%s of yours still log in on port 25 from "
	    "outside, with %s that are no spam. Move them to 587 or 465.</p>\n",
	    word_count(s->port25_users_all, "account").text,
	    word_count(s->port25_messages, "message").text);
	html_table(b, "Accounts that log in on port 25", column);
	for (unsigned i = 0; i < s->port25_users; i++) {
		const struct port25_user *u = &s->port25_user[i];

		buf_str(b, "<tr><th scope=\"row\">");
		html_name(b, u->account);
		buf_str(b, "</th>");
		html_cell(b, u->messages);
		html_cell(b, u->networks);
		buf_fmt(b, "<td>%s</td><td>%s</td></tr>\n", word_time(s, u->first).text,
		    word_time(s, u->last).text);
	}
	html_table_end(b);
}

static void
mark(struct buf *b, bool on)
{
	buf_str(b, on ? "<td>yes</td>" : "<td class=\"none\">no</td>");
}

static void
cells(struct buf *b, const struct summary *s)
{
	static const char *const column[] = { "Port-25 block", "DNSBL", "Provider", "Attempts",
		"Share", "95&#160;% interval", NULL };
	const struct measures *m = &s->measures[IN_ATTEMPTS];

	buf_str(b, "<details class=\"numbers\"><summary>All combinations</summary>\n");
	html_table(b, "Spam attempts by all that would have stopped them", column);
	for (unsigned i = STOPS; i-- > 0;) {
		if (s->stops[i] == 0)
			continue;
		buf_str(b, "<tr>");
		mark(b, i & STOP_PORT25);
		mark(b, i & STOP_DNSBL);
		mark(b, i & STOP_PROVIDER);
		buf_fmt(b, "<td>%s</td><td>%s</td><td>%s</td></tr>\n",
		    word_number(s->stops[i]).text,
		    bounds(&m->cell[i], m->whole).text,
		    word_range(m->cell[i].low, m->cell[i].high, m->whole).text);
	}
	html_table_end(b);
	buf_str(b, "</details>\n");
}

void
html_stops(struct buf *b, const struct summary *s)
{
	html_part(b, "stops", "What would have stopped it", "How much of the spam a port-25 block, "
	    "DNSBLs and providers can stop, alone and beside each other.");
	measures(b, s);
	cells(b, s);
	displacement(b, s);
	hurt(b, s);
	html_part_end(b);
}
