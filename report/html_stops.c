/* What would have stopped it: measures alone and beside each other, then all their combinations. */
#include "report/html_private.h"

static void
stop_row(struct buf *b, const struct summary *s, const char *label, const char *why, char colour,
    struct bounds n)
{
	buf_fmt(b, "<li><p><b>%s</b> <span>%s</span></p>", label, why);
	html_bar(b, colour, n.lower, n.upper, s->spam);
	buf_fmt(b, "<p class=\"value\"><b>%s</b> <small>%s</small></p></li>\n",
	    word_range(n.lower, n.upper, s->spam).text, word_count(n.lower, "attempt").text);
}

static struct bounds
exactly(uint64_t n)
{
	return (struct bounds){ n, n };
}

static void
measures(struct buf *b, const struct summary *s)
{
	uint64_t hit = summary_stopped(s, STOP_PORT25, 0);
	uint64_t fresh = summary_stopped(s, STOP_PORT25, STOP_DNSBL);

	buf_str(b, "<ol class=\"stops\">\n");
	stop_row(b, s, "A port-25 block", "at the access networks of the end-user lines", 'z',
	    (struct bounds){ hit, hit + s->port25_maybe });
	stop_row(b, s, "&#8230; beside the DNSBLs", "what such a block adds to them", 'z',
	    (struct bounds){ fresh, fresh + s->port25_maybe_unlisted });
	stop_row(b, s, "The DNSBLs in use", "the client was listed", 'k',
	    exactly(summary_stopped(s, STOP_DNSBL, 0)));
	stop_row(b, s, "Only the provider", "or the owner of a stolen account", 'c',
	    exactly(summary_stopped(s, STOP_PROVIDER, STOP_PORT25 | STOP_DNSBL)));
	stop_row(b, s, "None of these", "servers to be repaired, and what is not attributed", 'u',
	    exactly(s->stops[0]));
	buf_str(b, "</ol>\n");
}

static void
mark(struct buf *b, bool on)
{
	buf_fmt(b, "<td class=\"mark\">%s</td>",
	    on ? "<span class=\"on\">yes</span>" : "<span class=\"off\">no</span>");
}

static void
cells(struct buf *b, const struct summary *s)
{
	static const char *const column[] = { "Port-25 block", "DNSBL", "Provider", "Attempts",
		"Share", NULL };

	buf_str(b, "<details class=\"numbers\"><summary>All combinations</summary>\n");
	html_table(b, "Spam attempts by all that would have stopped them", column);
	for (unsigned i = STOPS; i-- > 0;) {
		if (s->stops[i] == 0)
			continue;
		buf_str(b, "<tr>");
		mark(b, i & STOP_PORT25);
		mark(b, i & STOP_DNSBL);
		mark(b, i & STOP_PROVIDER);
		buf_fmt(b, "<td>%s</td><td>%s</td></tr>\n", word_number(s->stops[i]).text,
		    word_percent(s->stops[i], s->spam).text);
	}
	html_table_end(b);
	buf_str(b, "</details>\n");
}

void
html_stops(struct buf *b, const struct summary *s)
{
	html_part(b, "stops", "What would have stopped it", "Shares of all spam attempts. The "
	    "lighter part of a bar may be of it too: unattributed, and nothing excludes it.");
	measures(b, s);
	cells(b, s);
	html_part_end(b);
}
