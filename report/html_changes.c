/* What changed: now against before, what is new, what went quiet, and whether a block works. */
#include <stdio.h>

#include "report/html_private.h"

static void
periods(struct buf *b, const struct summary *s, const struct period p[PERIODS])
{
	buf_fmt(b, "<p>Before: %s to %s. Now: %s to %s.</p>\n", word_time(s, p[BEFORE].from).text,
	    word_time(s, p[BEFORE].to).text, word_time(s, p[NOW].from).text,
	    word_time(s, p[NOW].to).text);
}

/* "+25.0 %": how much more now is; a dash where before was nothing. */
static struct word
growth(uint64_t before, uint64_t now)
{
	uint64_t more = now > before ? now - before : before - now;
	struct word share = word_percent(more, before), w;

	if (before == 0 || more == 0)
		return before == 0 && now > 0 ? (struct word){ "new" } : (struct word){ "&#8211;" };
	snprintf(w.text, sizeof(w.text), "%s%.48s", now > before ? "+" : "&#8722;", share.text);
	return w;
}

static void
class_row(struct buf *b, const struct changes *c, unsigned k)
{
	uint64_t before = per_day(c->period[BEFORE].attempts[k], &c->period[BEFORE]);
	uint64_t now = per_day(c->period[NOW].attempts[k], &c->period[NOW]);

	buf_str(b, "<tr><th scope=\"row\">");
	html_class(b, k);
	buf_str(b, "</th>");
	html_cell(b, before);
	html_cell(b, now);
	buf_fmt(b, "<td>%s</td>", growth(before, now).text);
	/* whether a source of another input is new is only known of those that are listed */
	if (c->by != CHANGES_COMPARE) {
		html_cell(b, c->fresh_sources[k]);
		html_cell(b, c->quiet_sources[k]);
	}
	buf_str(b, "</tr>\n");
}

static void
classes(struct buf *b, const struct changes *c)
{
	static const char *const column[] = { "Class", "Before, a day", "Now, a day", "Change",
		"New sources", "Gone quiet", NULL };
	static const char *const compared[] = { "Class", "Before, a day", "Now, a day", "Change",
		NULL };

	html_table(b, "Spam attempts in 24 hours, and sources",
	    c->by == CHANGES_COMPARE ? compared : column);
	for (unsigned i = 0; i < VERDICTS; i++)
		class_row(b, c, class_at(i));
	html_table_end(b);
}

static void
change_list(struct buf *b, const struct summary *s, const struct change_list *l, const char *title,
    unsigned period)
{
	static const char *const column[] = { "Source or network", "Class", "Attempts", "First",
		"Last", NULL };

	if (l->n == 0)
		return;
	buf_fmt(b, "<h3>%s <small>%s%s</small></h3>\n", title, l->n < l->all ? "the first of " : "",
	    word_number(l->all).text);
	html_table(b, period == NOW ? "Attributed attempts now, of who had none before; first and "
	    "last of all its spam" : "Attributed attempts before, of who has none now; first and "
	    "last of all its spam", column);
	for (unsigned i = 0; i < l->n; i++) {
		const struct change *c = &l->item[i];

		buf_str(b, "<tr><th scope=\"row\">");
		html_name(b, c->key);
		buf_fmt(b, "%s</th><td>", c->own ? " <small>yours</small>" : "");
		html_class(b, c->verdict);
		buf_str(b, "</td>");
		html_cell(b, c->attempts[period]);
		buf_fmt(b, "<td>%s</td><td>%s</td></tr>\n", word_time(s, c->first).text,
		    word_time(s, c->last).text);
	}
	html_table_end(b);
}

/* "0.25": per mille as a factor. */
static struct word
factor(uint32_t per_mille)
{
	struct word w;

	snprintf(w.text, sizeof(w.text), "%u.%02u", (per_mille + 5) / 1000,
	    (per_mille + 5) % 1000 / 10);
	return w;
}

static void
treated(struct buf *b, const struct changes *c)
{
	static const char *const column[] = { "Network", "Before", "Now", "Others before",
		"Others now", "Ratio", "95&#160;% interval", NULL };

	if (c->treateds == 0)
		return;
	buf_str(b, "<h3>Did a network begin to block?</h3>\n<p>How its infected machines changed, "
	    "over how all others did: 1 is alike. An interval below 1 says that something was "
	    "done there.</p>\n");
	html_table(b, "Spam attempts of infected machines by network", column);
	for (unsigned i = 0; i < c->treateds; i++) {
		const struct treated *t = &c->treated[i];

		buf_str(b, "<tr><th scope=\"row\">");
		html_name(b, t->network);
		buf_str(b, "</th>");
		html_cell(b, t->attempts[BEFORE]);
		html_cell(b, t->attempts[NOW]);
		html_cell(b, t->others[BEFORE]);
		html_cell(b, t->others[NOW]);
		buf_fmt(b, "<td>%s</td><td>%s to %s</td></tr>\n", factor(t->ratio).text,
		    factor(t->low).text, factor(t->high).text);
	}
	html_table_end(b);
}

void
html_changes(struct buf *b, const struct summary *s)
{
	static const char *const note[] = { [CHANGES_DAY] = "The last day against the days before "
	    "it.", [CHANGES_SPLIT] = "Before and after the day that was named.",
	    [CHANGES_COMPARE] = "Two inputs against each other." };
	const struct changes *c = &s->changes;

	if (c->by == CHANGES_NONE)
		return;
	html_part(b, "changes", "What changed", note[c->by]);
	periods(b, s, c->period);
	classes(b, c);
	change_list(b, s, &c->fresh, "New", NOW);
	change_list(b, s, &c->quiet, "Gone quiet", BEFORE);
	treated(b, c);
	html_part_end(b);
}
