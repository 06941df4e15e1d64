/* What to know about the report itself, and what its words mean. */
#include "report/html_private.h"

static void
vantage(struct buf *b, const struct summary *s)
{
	static const char *const words[VANTAGES] = { "mail from outside", "logins", "local mail",
		"inner machines", "a content filter" };
	bool any = false;

	if (s->sees == 0)
		return;
	buf_str(b, "<p>The log shows ");
	for (unsigned i = 0; i < VANTAGES; i++)
		if (s->sees >> i & 1) {
			buf_fmt(b, "%s%s", any ? ", " : "", words[i]);
			any = true;
		}
	buf_str(b, ".</p>\n");
	for (unsigned k = 1; k < VERDICTS; k++) {
		const char *why = summary_blind(s, (enum verdict)k);

		if (why != NULL)
			buf_fmt(b, "<p>It cannot show %s: %s.</p>\n", verdict_name(k), why);
	}
}

static void
note_list(struct buf *b, const struct notes *l, const char *title)
{
	if (l->n == 0)
		return;
	buf_fmt(b, "<h3>%s</h3>\n<ul>\n", title);
	for (unsigned i = 0; i < l->n; i++) {
		const struct note *x = &l->item[i];

		buf_fmt(b, "<li>%s%s", x->counts ? word_number(x->number).text : "",
		    x->counts ? " " : "");
		html_name(b, x->text);
		buf_str(b, "</li>\n");
	}
	buf_str(b, "</ul>\n");
}

static void
reasons(struct buf *b, const struct summary *s)
{
	bool any = false;

	for (unsigned r = 0; r < REASONS; r++) {
		if (s->reasons[r] == 0)
			continue;
		buf_fmt(b, "%s%s %s", any ? ", " : "<p>Not attributed, by reason: ",
		    word_number(s->reasons[r]).text, r == REASON_NONE ? "other" : reason_name(r));
		any = true;
	}
	if (any)
		buf_str(b, ".</p>\n");
}

static void
row(struct buf *b, const char *name, uint64_t n)
{
	buf_fmt(b, "<div><dt>%s</dt><dd>%s</dd></div>\n", name, word_number(n).text);
}

static void
accounting(struct buf *b, const struct summary *s)
{
	static const char *const kind[] = { "recognised", "ignored", "unknown", "bad" };
	const uint64_t *n = s->run->lines;
	const struct correlate_counts *m = &s->run->messages;

	buf_str(b, "<h3>The account of lines and messages</h3>\n<dl class=\"facts\">\n");
	row(b, "lines", n[0] + n[1] + n[2] + n[3]);
	for (unsigned i = 0; i < sizeof(kind) / sizeof(kind[0]); i++)
		row(b, kind[i], n[i]);
	row(b, "messages", m->total);
	row(b, "whole", m->complete);
	row(b, "begin or end outside the log", m->open);
	row(b, "given up", m->forced);
	row(b, "attempts", s->attempts);
	row(b, "without a reason to be spam", s->ham);
	row(b, "suspected", s->suspected);
	row(b, "relay probes", s->relay_probes);
	row(b, "failed logins", s->login_failures);
	buf_str(b, "</dl>\n");
	if (!s->run->exact)
		buf_str(b, "<p>Not exact: there were more sources than are kept.</p>\n");
}

void
html_about(struct buf *b, const struct summary *s)
{
	html_part(b, "about", "About this report", "What the log could show, what had to be "
	    "assumed, and where every line went.");
	note_list(b, &s->warnings, "Warnings");
	vantage(b, s);
	reasons(b, s);
	note_list(b, &s->assumptions, "Assumed");
	accounting(b, s);
	html_part_end(b);
}

void
html_glossary(struct buf *b)
{
	static const char *const word[][2] = {
		{ "zombie",
		    "An infected machine on an end user's line, at home or on a campus, that "
		    "delivers straight to the receiving server. A port-25 block at its access "
		    "network would stop it; DNSBLs often do." },
		{ "misconfigured",
		    "A server that others use: an open relay, a submission service without "
		    "login, a hacked machine or web script. Its owner can repair it; DNSBLs "
		    "may know it." },
		{ "compromised",
		    "A stolen account, sent through its provider&#8217;s real mail servers. "
		    "Only the provider can stop it. From outside it looks like a paying "
		    "spammer or a script there, so confidence stays at most 95&#160;%." },
		{ "unattributed",
		    "Spam without enough evidence that a sender could not forge. Nobody is "
		    "accused on a guess." },
		{ "spam attempt",
		    "A message or refused attempt that the log itself gives a reason to call "
		    "spam: a filter, a DNSBL, a bot&#8217;s manners, a remote refusal, "
		    "relaying, or an own account&#8217;s behaviour. Retries count once." },
		{ "accepted",
		    "Let in by this server, perhaps with a mark." },
		{ "source",
		    "The account, if there was a login; else the script; else the address (of "
		    "IPv6 the /64)." },
		{ "DNSBL",
		    "A list of addresses that send spam, asked over DNS while a client "
		    "connects." },
		{ "port-25 block",
		    "An access network lets its customers send mail only through mail servers "
		    "with login, not straight to others." },
		{ "stage",
		    "Where an attempt ended: at the connection, at the envelope (sender and "
		    "recipients), at the content, or at its delivery." },
		{ "suspected",
		    "Refused for reasons that hit wanted mail too, such as a missing reverse "
		    "name. Never counted as spam." },
		{ "confidence",
		    "How sure the verdict is, as a mean over the source&#8217;s spam." },
	};

	html_part(b, "glossary", "Words", NULL);
	buf_str(b, "<dl class=\"words\">\n");
	for (size_t i = 0; i < sizeof(word) / sizeof(word[0]); i++)
		buf_fmt(b, "<div><dt>%s</dt><dd>%s</dd></div>\n", word[i][0], word[i][1]);
	buf_str(b, "</dl>\n");
	html_part_end(b);
}
