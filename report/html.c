/*
 * See html.h. The page in the order in which it is read: the verdict, the classes, the own side,
 * what would have stopped it, when, how far, from where, and what to know about the report. Each
 * chart is followed by its numbers as a table, and a part without numbers is left out.
 */
#include "report/html_private.h"

#include "base/sha256.h"

static void
policy(struct buf *b)
{
	unsigned char digest[SHA256_BYTES];
	struct sha256 hash;

	sha256_init(&hash);
	sha256_add(&hash, slice_of(html_style));
	sha256_end(&hash, digest);
	buf_str(b, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	    "style-src 'sha256-");
	buf_base64(b, (struct slice){ (const char *)digest, sizeof(digest) });
	buf_str(b, "'; base-uri 'none'; form-action 'none'\">\n");
}

static const char *
zone_name(const struct summary *s)
{
	return s->run->zone && s->run->zone->name[0] ? s->run->zone->name : "UTC";
}

/* Names of zones may come from the command line. */
static void
span(struct buf *b, const struct summary *s)
{
	if (!s->has_span) {
		buf_str(b, "no dated line");
		return;
	}
	buf_fmt(b, "<time>%s</time> to <time>%s</time> ", word_time(s, s->first).text,
	    word_time(s, s->last).text);
	html_name(b, slice_of(zone_name(s)));
}

static void
head(struct buf *b, const struct summary *s)
{
	buf_str(b, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
	policy(b);
	buf_str(b, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n"
	    "<meta name=\"robots\" content=\"noindex\">\n"
	    "<title>Where the spam came from");
	if (s->has_span)
		buf_fmt(b, ": %.10s to %.10s", word_time(s, s->first).text,
		    word_time(s, s->last).text);
	buf_str(b, "</title>\n<style>");
	buf_str(b, html_style);
	buf_str(b, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#report\">"
	    "Skip to the report</a>\n<header class=\"top\">\n<p class=\"brand\">"
	    "<svg viewBox=\"0 0 24 24\" width=\"22\" height=\"22\" aria-hidden=\"true\">"
	    "<circle class=\"z\" cx=\"4\" cy=\"5\" r=\"3\"/>"
	    "<circle class=\"m\" cx=\"4\" cy=\"12\" r=\"3\"/>"
	    "<circle class=\"c\" cx=\"4\" cy=\"19\" r=\"3\"/>"
	    "<path class=\"mark\" d=\"M8 5c6 0 6 7 12 7M8 12h12M8 19c6 0 6-7 12-7\"/></svg>"
	    "spamsource</p>\n<p class=\"when\">");
	span(b, s);
	buf_str(b, "</p>\n</header>\n<main id=\"report\">\n");
}

static void
join(struct buf *b, unsigned i, unsigned n)
{
	buf_str(b, i == 0 ? "" : i + 1 == n ? " and " : ", ");
}

/* "2 stolen accounts and 1 hacked script", of what alarms; false when nothing does. */
static bool
own_words(struct buf *b, const struct summary *s)
{
	enum { KINDS = FINDING_RELAY + 2 };	/* machines: infected, or servers */
	static const char *const noun[KINDS] = { "infected machine", "stolen account",
		"hacked script", "open relay", "hacked server" };
	static const uint8_t order[KINDS] = { FINDING_ACCOUNT, FINDING_RELAY, FINDING_SCRIPT,
		FINDING_RELAY + 1, FINDING_MACHINE };
	uint64_t n[KINDS] = { 0 };
	unsigned kinds = 0, at = 0;

	for (unsigned i = 0; i < s->own.n; i++) {
		const struct finding *f = &s->own.item[i];

		if (f->alarm)
			n[f->kind == FINDING_MACHINE && f->verdict != VERDICT_ZOMBIE ?
			    FINDING_RELAY + 1 : f->kind]++;
	}
	for (unsigned i = 0; i < KINDS; i++)
		kinds += n[i] > 0;
	for (unsigned i = 0; i < KINDS; i++)
		if (n[order[i]] > 0) {
			join(b, at++, kinds);
			buf_str(b, word_count(n[order[i]], noun[order[i]]).text);
		}
	return kinds > 0;
}

static unsigned
largest(const struct summary *s)
{
	unsigned best = class_at(0);

	for (unsigned i = 1; i < VERDICTS; i++)
		if (s->total[IN_ATTEMPTS][class_at(i)][STAGES].lower >
		    s->total[IN_ATTEMPTS][best][STAGES].lower)
			best = class_at(i);
	return best;
}

/* Spam attempts that no DNSBL knew of. */
static uint64_t
past_dnsbl(const struct summary *s)
{
	return s->spam - class_sum(s->listed);
}

static void
verdict(struct buf *b, const struct summary *s)
{
	unsigned k = largest(s);

	buf_str(b, "<h1>");
	if (own_words(b, s))
		buf_str(b, s->own_alarms[VERDICT_ZOMBIE] + s->own_alarms[VERDICT_MISCONFIGURED] +
		    s->own_alarms[VERDICT_COMPROMISED] == 1 ? " of yours sends spam." :
		    " of yours send spam.");
	else if (s->spam == 0)
		buf_str(b, s->attempts ? "No spam was found." : "There is nothing to report.");
	else
		buf_fmt(b, "%s of the spam %s%s.", 2 * s->total[IN_ATTEMPTS][k][STAGES].lower >
		    s->spam ? "Most" : "The largest part", k == VERDICT_UNATTRIBUTED ?
		    "cannot be attributed" : "came from ", k == VERDICT_UNATTRIBUTED ? "" :
		    class_phrase(k));
	buf_str(b, "</h1>\n");
}

/* How much a block, the lists and the providers could stop: what people ask first. */
static void
answer(struct buf *b, const struct summary *s)
{
	const struct estimate *of = s->measures[IN_ATTEMPTS].of;
	const struct estimate *hit = &of[MEASURE_PORT25], *fresh = &of[MEASURE_PORT25_BESIDE];
	const struct estimate *left = &of[MEASURE_PROVIDER_BESIDE];

	if (s->spam == 0)
		return;
	buf_str(b, "<p class=\"lede\">");
	if (hit->upper == 0)
		buf_str(b, "None of it came straight from end-user lines: a port-25 block there "
		    "would have stopped nothing. ");
	else
		buf_fmt(b, "<b>%s</b> of the spam came straight from end-user lines; a "
		    "port&#8209;25 block there could have stopped at most these. ",
		    word_range(estimate_least(hit), estimate_most(hit), s->spam).text);
	if (past_dnsbl(s) == 0)
		buf_str(b, "A DNSBL knew every spam counted here, so what a block would add cannot "
		    "be seen in this log. ");
	else if (hit->upper > 0)
		buf_fmt(b, "Beside the DNSBLs a block adds <b>%s</b>. ",
		    word_range(estimate_least(fresh), estimate_most(fresh), s->spam).text);
	if (estimate_least(left) > 0)
		buf_fmt(b, "Only a provider or the owner of the account can stop <b>%s</b>.",
		    word_range(estimate_least(left), estimate_most(left), s->spam).text);
	buf_str(b, "</p>\n");
}

static void
figure(struct buf *b, struct word big, const char *what, struct word more, const char *of)
{
	buf_fmt(b, "<div><dt>%s</dt><dd>%s <small>%s%s</small></dd></div>\n", what, big.text, of,
	    more.text);
}

static void
figures(struct buf *b, const struct summary *s)
{
	buf_str(b, "<dl class=\"figures\">\n");
	figure(b, word_number(s->spam), "spam attempts", word_number(s->attempts), "of ");
	figure(b, word_number(s->accepted), "accepted", word_percent(s->accepted, s->spam), "");
	figure(b, word_number(s->sources), "sources", word_number(s->own.n), "your own: ");
	figure(b, word_number(s->spam - past_dnsbl(s)), "known to a DNSBL",
	    word_percent(s->spam - past_dnsbl(s), s->spam), "");
	buf_str(b, "</dl>\n");
}

/* All spam as one line, cut by class: widths add up because each ends where the next begins. */
static void
composition(struct buf *b, const struct summary *s)
{
	uint64_t before = 0;

	buf_str(b, "<svg class=\"whole\" role=\"img\" aria-label=\"Shares of the spam attempts:");
	for (unsigned i = 0; i < VERDICTS; i++)
		buf_fmt(b, "%s %s %s", i ? "," : "", verdict_name(class_at(i)), word_percent(
		    s->total[IN_ATTEMPTS][class_at(i)][STAGES].lower, s->spam).text);
	buf_str(b, "\">");
	for (unsigned i = 0; i < VERDICTS; i++) {
		uint64_t n = s->total[IN_ATTEMPTS][class_at(i)][STAGES].lower;

		if (n > 0)
			buf_fmt(b, "<rect class=\"%c\" x=\"%s\" width=\"%s\" height=\"100%%\"/>",
			    class_letter(class_at(i)), word_width(before, s->spam).text,
			    word_width(n, s->spam).text);
		before += n;
	}
	buf_str(b, "</svg>\n");
}

static void
class_row(struct buf *b, const struct summary *s, unsigned k)
{
	const struct estimate *e = &s->estimate[IN_ATTEMPTS][k];
	uint64_t n = s->total[IN_ATTEMPTS][k][STAGES].lower;
	bool known = k != VERDICT_UNATTRIBUTED;

	buf_str(b, "<tr><th scope=\"row\">");
	html_class(b, k);
	buf_fmt(b, "<small>%s</small></th><td>%s</td><td class=\"share\">", class_phrase(k),
	    word_number(n).text);
	if (known)
		html_interval(b, class_letter(k), e, s->spam);
	else
		html_bar(b, class_letter(k), n, 0, s->spam);
	buf_fmt(b, "<span>%s</span></td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n",
	    word_percent(n, s->spam).text,
	    known ? word_range(e->low, e->high, s->spam).text : "&#8211;",
	    word_number(s->total[IN_ACCEPTED][k][STAGES].lower).text,
	    word_number(s->total[IN_SOURCES][k][STAGES].lower).text,
	    word_percent(n - s->listed[k], past_dnsbl(s)).text);
}

static void
classes(struct buf *b, const struct summary *s)
{
	static const char *const column[] = { "Class", "Attempts", "Share", "95&#160;% interval",
		"Accepted", "Sources", "Past the DNSBLs", NULL };

	if (s->spam == 0)
		return;
	composition(b, s);
	html_table(b, "Spam by class", column);
	for (unsigned i = 0; i < VERDICTS; i++)
		class_row(b, s, class_at(i));
	html_table_end(b);
	buf_str(b, "<p class=\"note\">Light: not attributed, but may be of the class too. The line "
	    "under a bar: where the true share most likely is, given how often verdicts are "
	    "right. Past the DNSBLs: the shares among what no DNSBL knew of.</p>\n");
}

static void
contents(struct buf *b, const struct summary *s)
{
	const struct { const char *id, *title; bool shown; } part[] = {
		{ "own", "Your side", s->spam > 0 }, { "stops", "What stops it", s->spam > 0 },
		{ "time", "When", s->spam > 0 }, { "stages", "How far", s->spam > 0 },
		{ "changes", "What changed", s->spam > 0 && s->changes.by != CHANGES_NONE },
		{ "elsewhere", "From where", s->spam > 0 },
		{ "providers", "Whom to tell", s->spam > 0 },
		{ "dnsbl", "DNSBLs", s->spam > 0 && s->dnsbls > 0 },
		{ "about", "This report", true }, { "glossary", "Words", true } };

	buf_str(b, "<nav aria-label=\"Parts of this report\"><ul>");
	for (size_t i = 0; i < sizeof(part) / sizeof(part[0]); i++)
		if (part[i].shown)
			buf_fmt(b, "<li><a href=\"#%s\">%s</a></li>", part[i].id, part[i].title);
	buf_str(b, "</ul></nav>\n");
}

void
html_report(const struct summary *s, struct buf *out)
{
	head(out, s);
	buf_str(out, "<section class=\"hero\" aria-label=\"In short\">\n"
	    "<p class=\"kicker\">Where the spam came from</p>\n");
	verdict(out, s);
	answer(out, s);
	figures(out, s);
	classes(out, s);
	buf_str(out, "</section>\n");
	contents(out, s);
	if (s->spam > 0) {
		html_own(out, s);
		html_stops(out, s);
		html_time(out, s);
		html_stages(out, s);
		html_changes(out, s);
		html_elsewhere(out, s);
		html_providers(out, s);
		html_dnsbl(out, s);
	}
	html_about(out, s);
	html_glossary(out);
	buf_str(out, "</main>\n<footer class=\"end\"><p>Written by spamsource. Nothing "
	    "in this file loads, runs or sends anything.</p></footer>\n</body>\n</html>\n");
}
