/* The sources: what is to be mended on the own side, and the worst of each class. */
#include "report/html_private.h"

enum { OPEN = 10 };		/* own findings of one kind that are shown at once */

static void
fact(struct buf *b, const char *name, struct word value)
{
	buf_fmt(b, "<div><dt>%s</dt><dd>%s</dd></div>\n", name, value.text);
}

static void
fact_number(struct buf *b, const char *name, uint64_t n)
{
	if (n > 0)
		fact(b, name, word_number(n));
}

static void
fact_name(struct buf *b, const char *name, struct slice value, const char *more)
{
	if (value.n == 0)
		return;
	buf_fmt(b, "<div%s><dt>%s</dt><dd>", value.n > 24 ? " class=\"wide\"" : "", name);
	html_name(b, value);
	buf_fmt(b, "%s</dd></div>\n", more);
}

/* A kind in words; a rule may have others of its own. */
static struct slice
kind_phrase(struct slice subtype)
{
	static const struct { const char *subtype, *phrase; } kind[] = {
		{ "z.direct", "straight from its line" },
		{ "z.campus", "a machine of a campus" },
		{ "m.openrelay", "an open relay" }, { "m.proxy", "an open proxy" },
		{ "m.hackedserver", "a hacked server" }, { "m.webscript", "a web script" },
		{ "m.cloudhost", "a rented server" }, { "m.local", "a program on your host" },
		{ "c.own", "an account of yours" }, { "c.remote", "an account at a provider" },
		{ "c.unknown-owner", "an account, whose is unknown" } };

	for (size_t i = 0; i < sizeof(kind) / sizeof(kind[0]); i++)
		if (slice_eq(subtype, slice_of(kind[i].subtype)))
			return slice_of(kind[i].phrase);
	return subtype;
}

/* Facts of every finding; an account's or script's own counters are left out when zero. */
static void
facts(struct buf *b, const struct summary *s, const struct finding *f)
{
	buf_str(b, "<dl class=\"facts\">\n");
	fact(b, "spam attempts", word_number(f->events));
	fact(b, "accepted", word_number(f->accepted));
	fact_number(b, "messages", f->messages);
	fact_number(b, "recipients", f->recipients);
	fact_number(b, "bounces", f->bounces);
	fact_number(b, "refused elsewhere as spam", f->spam_replies);
	fact_number(b, f->kind == FINDING_RELAY ? "clients" : "networks",
	    f->kind == FINDING_MACHINE ? 0 : f->networks);
	fact_number(b, "most senders in a day", f->senders);
	fact_number(b, "failed logins", f->login_failures);
	fact(b, "first", word_time(s, f->first));
	fact(b, "last", word_time(s, f->last));
	fact_name(b, "reverse name", f->name, f->verified ? "" : " (not confirmed)");
	fact_name(b, "network", f->provider, "");
	if (f->via)
		buf_fmt(b, "<div><dt>sent by</dt><dd>%s</dd></div>\n", class_phrase(f->via));
	if (f->listed)
		buf_str(b, "<div><dt>DNSBL</dt><dd>listed</dd></div>\n");
	fact_name(b, "kind", kind_phrase(f->subtype), "");
	if (f->verdict == VERDICT_UNATTRIBUTED && f->reason)
		buf_fmt(b, "<div><dt>reason</dt><dd>%s</dd></div>\n", reason_name(f->reason));
	if (f->verdict != VERDICT_UNATTRIBUTED)
		fact(b, "confidence", word_percent(f->confidence, 1000));
	buf_str(b, "</dl>\n");
	if (f->evidences == 0)
		return;
	buf_str(b, "<ul class=\"why\">");
	for (unsigned i = 0; i < f->evidences; i++) {
		buf_str(b, "<li>");
		html_name(b, f->evidence[i]);
		buf_str(b, "</li>");
	}
	buf_str(b, "</ul>\n");
}

static void
source(struct buf *b, const struct summary *s, const struct finding *f, uint64_t most)
{
	struct slice key = f->kind == FINDING_MACHINE ? key_name(f->key) : f->key;

	buf_str(b, "<li><details><summary><b>");
	html_name(b, key);
	buf_str(b, f->own ? "</b><span>yours: " : "</b><span>");
	if (f->provider.n && f->verdict != VERDICT_ZOMBIE)
		html_name(b, f->provider);
	else if (f->name.n)
		html_name(b, f->name);
	else if (f->evidences)
		html_name(b, f->evidence[0]);
	buf_str(b, "</span>");
	html_bar(b, class_letter(f->verdict), f->events, 0, most);
	buf_fmt(b, "<i>%s</i></summary>\n", word_number(f->events).text);
	facts(b, s, f);
	buf_str(b, "</details></li>\n");
}

static const char *
what_to_do(unsigned verdict)
{
	static const char *const text[VERDICTS] = { "Tell nobody on a guess.",
		("Ask their access providers, with times, to block port 25; until then a DNSBL of "
		"end-user lines helps."),
		"Tell their hosters, with times; until they are repaired, DNSBLs help.",
		"Tell the providers&#8217; abuse desks, with times: only they can lock it." };

	return text[verdict];
}

static void
source_list(struct buf *b, const struct summary *s, unsigned k)
{
	const struct findings *l = &s->by_class[k];

	if (l->n == 0)
		return;
	buf_str(b, "<h3>");
	html_class(b, k);
	buf_fmt(b, " <small>%s, ", class_phrase(k));
	buf_str(b, word_count(l->all, "source").text);
	if (l->n < l->all)
		buf_fmt(b, "; the first %s", word_number(l->n).text);
	buf_fmt(b, "</small></h3>\n<p class=\"do\">%s</p>\n<ol class=\"sources\">\n",
	    what_to_do(k));
	for (unsigned i = 0; i < l->n; i++)
		source(b, s, &l->item[i], l->item[0].events);
	buf_str(b, "</ol>\n");
}

void
html_elsewhere(struct buf *b, const struct summary *s)
{
	html_part(b, "elsewhere", "From where", "The worst sources of each class by spam attempts. "
	    "Open one to see why it was judged so.");
	for (unsigned i = 0; i < VERDICTS; i++)
		source_list(b, s, class_at(i));
	html_part_end(b);
}

static const char *
group_title(const struct finding *f, bool many)
{
	if (f->kind == FINDING_ACCOUNT)
		return many ? "Stolen accounts" : "A stolen account";
	if (f->kind == FINDING_SCRIPT)
		return many ? "Hacked scripts" : "A hacked script";
	if (f->kind == FINDING_RELAY)
		return many ? "Open relays" : "An open relay";
	if (f->verdict == VERDICT_ZOMBIE)
		return many ? "Infected machines" : "An infected machine";
	return many ? "Hacked servers" : "A hacked server";
}

static void
own_finding(struct buf *b, const struct summary *s, const struct finding *f)
{
	const struct { uint64_t n; const char *noun; } more[] = { { f->recipients, "recipient" },
		{ f->networks, f->kind == FINDING_RELAY ? "client" : "network" },
		{ f->bounces, "bounce" } };

	buf_str(b, "<li><details><summary><b>");
	html_name(b, key_name(f->key));
	buf_fmt(b, "</b><span>%ssince %s: %s spam", s->changes.by != CHANGES_NONE &&
	    f->attempts[BEFORE] == 0 && f->attempts[NOW] > 0 ? "new, " : "",
	    word_time(s, f->first).text,
	    word_number(f->events).text);
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		if (more[i].n > 0)
			buf_fmt(b, ", %s", word_count(more[i].n, more[i].noun).text);
	buf_str(b, "</span></summary>\n");
	facts(b, s, f);
	buf_str(b, "</details></li>\n");
}

/* Findings up to n that share what there is to do about them, from the i-th. */
static void
own_group(struct buf *b, const struct summary *s, unsigned i, unsigned n)
{
	const struct finding *l = s->own.item, *f = &l[i];
	const char *advice = finding_advice(f);
	unsigned many = 0, shown = 0;

	for (unsigned k = 0; k < i; k++)
		if (finding_advice(&l[k]) == advice)
			return;		/* was said */
	for (unsigned k = i; k < n; k++)
		many += finding_advice(&l[k]) == advice;
	buf_fmt(b, "<div class=\"alarm %c\">\n<h3>%s</h3>\n<p>%s%s.</p>\n<ul class=\"own\">\n",
	    class_letter(f->verdict), group_title(f, many > 1), many > 1 ? "Each: " : "", advice);
	for (unsigned k = i; k < n; k++) {
		if (finding_advice(&l[k]) != advice)
			continue;
		if (shown++ == OPEN && many > OPEN + 1)
			buf_fmt(b, "</ul>\n<details class=\"more\"><summary>%s more</summary>\n"
			    "<ul class=\"own\">\n", word_number(many - OPEN).text);
		own_finding(b, s, &l[k]);
	}
	buf_str(b, many > OPEN + 1 ? "</ul></details>\n</div>\n" : "</ul>\n</div>\n");
}

static void
own_calm(struct buf *b, const struct summary *s, unsigned from)
{
	unsigned n = s->own.n - from, end = n < HTML_CALM ? s->own.n : from + HTML_CALM;

	buf_fmt(b, "<details class=\"numbers\"><summary>%s of yours with spam, trusted or not "
	    "attributed</summary>\n<ul class=\"own\">\n", word_count(n, "source").text);
	for (unsigned i = from; i < end; i++)
		own_finding(b, s, &s->own.item[i]);
	buf_str(b, "</ul>\n");
	if (end < s->own.n)
		buf_fmt(b, "<p>And %s more.</p>\n", word_number(s->own.n - end).text);
	buf_str(b, "</details>\n");
}

void
html_own(struct buf *b, const struct summary *s)
{
	unsigned alarms = 0, n;

	while (alarms < s->own.n && s->own.item[alarms].alarm)
		alarms++;
	n = alarms < HTML_OWN ? alarms : HTML_OWN;
	if (alarms > 0)
		html_part(b, "own", "Fix on your own side first", "What your own server sends "
		    "hurts your good name with all others. Open a line for its numbers and "
		    "reasons.");
	else
		html_part(b, "own", "Your own side", NULL);
	if (alarms == 0)
		buf_str(b, s->sees & (SEES_SUBMISSION | SEES_LOCAL | SEES_INSIDE) ?
		    "<p>Nothing was found.</p>\n" :
		    "<p>Nothing was found, but the log has no outgoing mail.</p>\n");
	for (unsigned i = 0; i < n; i++)
		own_group(b, s, i, n);
	if (n < alarms)
		buf_fmt(b, "<p>And %s more; the JSON report has them all.</p>\n",
		    word_number(alarms - n).text);
	if (s->own.n > alarms)
		own_calm(b, s, alarms);
	html_part_end(b);
}
