/*
 * Lines in Exim's log that Exim did not word (4.40 to 4.99): what the site's configuration has it
 * write, with or without an ID before it.
 *
 *	rcpt ACL: dnslist=zen.example			"logwrite" of an ACL or event action
 *	spf_result         pass
 *	peer cert subject<TAB>CN=mail.example
 *	"Re: hello" first delivery			"log" of a filter
 *	event msg:complete				event_action = ${acl {...}}
 *
 * They say nothing that we could rely on, because everybody words them as he likes; but they are no
 * unknown shape either. Exim's own lines begin with plain words, each behind one blank: "SMTP error
 * from remote mail server ...". So a text is the site's when it begins with none, or with a word
 * that has ":", "=" or "_" in it or is of punctuation, or when a tab or two blanks are between the
 * first words. A stranger who puts such bytes into a line of Exim's own comes behind Exim's words.
 */
#include "parser/exim_parts.h"

#include <string.h>

enum { HEAD = 48 };	/* bytes in which the first words are looked for */

static inline bool
is_letter(char c)
{
	return (unsigned)((c | 0x20) - 'a') < 26;
}

/* "word <value>", "word: value", "key=value", "some_variable value" */
static bool
is_key(const char *p, const char *end)
{
	const char *q = p;

	if (!is_letter(*p))	/* else it may be a damaged ID */
		return false;
	for (; q < end && *q != ' '; q++)
		if (*q == ':' || *q == '=' || *q == '_' || *q == '<' || *q == '>')
			return true;
	return end - q > 1 && (q[1] == '<' || q[1] == '>' || q[1] == '\'');
}

/* Two blanks or a tab among the first words, before anything that is quoted. */
static bool
has_columns(const char *p, const char *end)
{
	if (end - p > HEAD)
		end = p + HEAD;
	for (; p < end && *p != '"' && *p != '<' && *p != '['; p++)
		if (*p == '\t' || (*p == ' ' && p + 1 < end && p[1] == ' '))
			return true;
	return false;
}

/* "<=", "=>", "**": flags of Exim's own, here without what they need. */
static bool
is_flag(const char *p, const char *end)
{
	return end - p > 1 && strchr("=>*", p[1]) != NULL && strchr("<(=->*", p[0]) != NULL;
}

bool
exim_site_text(const char *p, const char *end)
{
	static const struct slice events[] = { { "msg:", 4 }, { "tcp:", 4 }, { "tls:", 4 },
		{ "smtp:", 5 }, { "auth:", 5 }, { "dane:", 5 }, { "dns:", 4 } };
	const char *name = exim_past(p, end, SLICE("event "));

	if (is_flag(p, end))
		return false;
	if (p == end || (!is_letter(*p) && *p != '[' && (unsigned char)(*p - '0') > 9))
		return true;
	for (size_t i = 0; name != p && i < sizeof(events) / sizeof(events[0]); i++)
		if (exim_at(name, end, events[i]))
			return true;
	return is_key(p, end) || has_columns(p, end);
}
