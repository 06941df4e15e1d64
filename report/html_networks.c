/* By network: whom to tell, where the infected machines are, and what each DNSBL knew. */
#include "report/html_private.h"

static void
network_row(struct buf *b, const struct summary *s, const struct network *n)
{
	static const uint8_t order[] = { VERDICT_COMPROMISED, VERDICT_MISCONFIGURED,
		VERDICT_ZOMBIE };

	buf_str(b, "<tr><th scope=\"row\">");
	html_name(b, n->name);
	buf_str(b, "</th>");
	for (unsigned i = 0; i < sizeof(order); i++)
		html_cell(b, n->events[order[i]]);
	html_cell(b, class_sum(n->sources));
	buf_fmt(b, "<td>%s</td><td>%s</td></tr>\n", word_time(s, n->first).text,
	    word_time(s, n->last).text);
}

static void
networks(struct buf *b, const struct summary *s, const char *caption, const struct network *list,
    unsigned n)
{
	static const char *const column[] = { "Network", "compromised", "misconfigured", "zombie",
		"sources", "first", "last", NULL };

	html_table(b, caption, column);
	for (unsigned i = 0; i < n; i++)
		network_row(b, s, &list[i]);
	html_table_end(b);
}

void
html_providers(struct buf *b, const struct summary *s)
{
	html_part(b, "providers", "Whom to tell", "Networks by the confirmed reverse names of the "
	    "sources. Stolen accounts first: nobody else can stop them.");
	if (s->providers == 0)
		buf_str(b, "<p>No source with a confirmed name was attributed.</p>\n");
	else
		networks(b, s, "Spam attempts of the sources in each network", s->provider,
		    s->providers);
	if (s->networks > 0) {
		buf_fmt(b, "<h3>Where the infected machines are <small>%s%s</small></h3>\n",
		    s->networks < s->networks_all ? "the first of " : "",
		    word_count(s->networks_all, "network").text);
		networks(b, s, "Networks by name or, without one, by address", s->network,
		    s->networks);
	}
	html_part_end(b);
}

static void
dnsbl_row(struct buf *b, const struct dnsbl *d)
{
	buf_str(b, "<tr><th scope=\"row\">");
	html_name(b, d->name);
	buf_str(b, "</th>");
	html_cell(b, class_sum(d->listed));
	html_cell(b, class_sum(d->refused));
	html_cell(b, class_sum(d->alone));
	for (unsigned i = 0; i < VERDICTS; i++)
		html_cell(b, d->listed[class_at(i)]);
	buf_str(b, "</tr>\n");
}

void
html_dnsbl(struct buf *b, const struct summary *s)
{
	const char *const column[] = { "List", "Listed", "Refused", "Only here",
		verdict_name(class_at(0)), verdict_name(class_at(1)), verdict_name(class_at(2)),
		verdict_name(class_at(3)), NULL };

	if (s->dnsbls == 0)
		return;
	html_part(b, "dnsbl", "What each DNSBL knew", "Only here: spam whose client stood on no "
	    "other list. What a list adds to the others, that is.");
	html_table(b, "Spam attempts of listed clients, and these by class", column);
	for (unsigned i = 0; i < s->dnsbls; i++)
		dnsbl_row(b, &s->dnsbl[i]);
	html_table_end(b);
	if (class_sum(s->unnamed) > 0)
		buf_fmt(b, "<p class=\"note\">Of %s more nothing says on which list.</p>\n",
		    word_count(class_sum(s->unnamed), "attempt").text);
	html_part_end(b);
}
