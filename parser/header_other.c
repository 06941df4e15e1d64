/*
 * See header.h. What is seldom seen in mail logs:
 *	<22>Nov  1 02:03:04 host program[pid]: body	as sent to a syslog daemon
 *	<22>1 2026-11-01T02:03:04.123Z host program pid msgid [id name="value"] body
 *							RFC 5424; a byte order mark may be there
 *	STAMP <mail.info> host program[pid]: body	FreeBSD's syslogd -v
 *	STAMP [program] body				metalog
 *	[27765] info: body				spamd -s FILE, behind its stamp
 *	2026-11-01 02:03:04 host program[pid]: body	a template with a stamp like Exim's
 *	program[pid]: body				in a container's log
 *
 * Lines of the syslog daemon itself ("last message repeated 3 times", "-- MARK --") and of
 * journalctl ("-- Boot ... --") are recognised and boring.
 */
#include "parser/header_private.h"
#include "parser/program.h"

enum { WORD_MAX = 255, DIGITS_MAX = 10 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define T(text) { text, sizeof(text) - 1 }

static bool
starts_any(struct slice s, const struct slice *with, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (slice_starts(s, with[i]))
			return true;
	return false;
}

enum line_kind
header_marker(struct header_reader *r, uint32_t host, struct slice body, struct header *h)
{
	static const struct slice words[] = { T("last message repeated "), T("-- MARK --"),
		T("--- last message repeated "), T("-- Boot "), T("-- Logs begin"),
		T("-- Journal begins"), T("-- Reboot --"), T("-- No entries --") };

	if (!starts_any(body, words, COUNT(words)))
		return LINE_BAD;
	r->marker = (struct origin){ .host = host, .daemon = DAEMON_BORING };
	h->ts = r->last_ts;
	h->from = r->last = &r->marker;
	h->pid = 0;
	h->body = body;
	return LINE_RECOGNISED;
}

enum line_kind
header_spamd(struct header_reader *r, struct slice rest, struct header *h)
{
	static const struct slice level[] = { T("info: "), T("warn: "), T("error: "), T("dbg: "),
		T("notice: "), T("fatal: ") };

	h->body = rest;
	if (!header_pid(&h->body, &h->pid) || !slice_take(&h->body, SLICE(" ")))
		return LINE_BAD;
	for (size_t i = 0; i < COUNT(level); i++)
		if (slice_take(&h->body, level[i])) {
			h->from = &r->spamd;
			return LINE_RECOGNISED;
		}
	return LINE_BAD;
}

/* A word and the blank behind it, which may be missing at the end; empty: there is none. */
static struct slice
take_word(struct slice *s)
{
	const char *end = slice_chr(slice_first(*s, WORD_MAX + 1), ' ');
	struct slice word = slice_range(s->p, end ? end : s->n <= WORD_MAX ? slice_end(*s) : s->p);

	*s = slice_skip(*s, word.n + (end != NULL));
	return word;
}

/* The program that a word alone names, of a host that was set. */
static enum line_kind
program_body(struct header_reader *r, struct slice word, struct slice body, struct header *h)
{
	header_program(r, word, word.n);
	h->from = r->last = &r->here;
	h->body = body;
	if (h->from->daemon == DAEMON_EXIM)
		header_skip_exim(&h->body, &h->pid);
	return LINE_RECOGNISED;
}

enum line_kind
header_syslog_other(struct header_reader *r, struct slice rest, struct header *h)
{
	struct slice s = rest, word = take_word(&s);

	h->pid = 0;
	if (word.n > 2 && word.p[0] == '[' && word.p[word.n - 1] == ']') {
		header_host(r, SLICE("-"));
		return program_body(r, (struct slice){ word.p + 1, word.n - 2 }, s, h);
	}
	if (word.n > 2 && word.p[0] == '<' && word.p[word.n - 1] == '>' && s.n && s.p[0] != '<')
		return header_syslog(r, s, h);
	if (s.n == 0 || (s.p[0] != 'l' && s.p[0] != '-'))
		return header_marker(r, r->last->host, rest, h);
	if (header_marker(r, 0, s, h) == LINE_BAD)
		return LINE_BAD;
	header_host(r, word);
	return header_marker(r, r->host, s, h);
}

/* Past "[id name="value" ...]", any number of them, or "-": false when it does not end. */
static bool
skip_structured(struct slice *s)
{
	const char *p = s->p, *end = slice_end(*s);
	bool quoted = false;

	if (slice_take(s, SLICE("-")))
		return true;
	while (p < end && *p == '[') {
		for (p++; p < end && (quoted || *p != ']'); p++) {
			if (*p == '"')
				quoted = !quoted;
			else if (*p == '\\' && quoted)
				p++;
		}
		if (p >= end)
			return false;
		p++;
	}
	if (p == s->p)
		return false;
	*s = slice_range(p, end);
	return true;
}

/* Behind "<22>1 ". */
static enum line_kind
parse_rfc5424(struct header_reader *r, struct slice s, struct header *h)
{
	struct slice host, program, pid;
	uint64_t number;

	if (s.n <= 10 || s.p[10] != 'T' || stamp_parse(&r->stamp, &s, &h->ts) != STAMP_SYSLOG)
		return LINE_BAD;
	host = take_word(&s);
	program = take_word(&s);
	pid = take_word(&s);
	if (host.n == 0 || program.n == 0 || pid.n == 0 || take_word(&s).n == 0 ||
	    !skip_structured(&s) || (s.n && s.p[0] != ' '))
		return LINE_BAD;
	s = slice_skip(s, s.n > 0);
	slice_take(&s, SLICE("\xef\xbb\xbf"));
	while (s.n && s.p[0] == ' ')
		s = slice_skip(s, 1);
	r->last_ts = h->ts;
	h->pid = pid.n <= DIGITS_MAX && slice_u64(pid, UINT32_MAX, &number) ? (uint32_t)number : 0;
	header_host(r, host);
	return program_body(r, program, s, h);
}

enum line_kind
header_other(struct header_reader *r, struct slice line, struct header *h)
{
	enum { PRI_DIGITS = 3 };
	struct slice rest;
	const char *end;
	uint64_t pri;

	if (line.n == 0 || line.p[0] != '<')
		return header_marker(r, r->last->host, line, h);
	end = slice_chr(slice_first(line, PRI_DIGITS + 2), '>');
	if (end == NULL || !slice_u64(slice_range(line.p + 1, end), 999, &pri))
		return LINE_BAD;
	rest = slice_range(end + 1, slice_end(line));
	if (slice_take(&rest, SLICE("1 ")))
		return parse_rfc5424(r, rest, h);
	return rest.n && rest.p[0] == '<' ? LINE_BAD : header_line(r, rest, h);
}

enum line_kind
header_bare(struct header_reader *r, struct slice line, struct header *h)
{
	struct slice s = line, word = take_word(&s), pid = SLICE_NONE;
	const char *open;

	if (line.n && line.p[0] == '<')
		return header_other(r, line, h);
	h->pid = 0;
	if (word.n < 2 || word.p[word.n - 1] != ':')
		return header_marker(r, r->last->host, line, h);
	word.n--;
	if ((open = slice_chr(word, '[')) != NULL) {
		pid = slice_range(open, slice_end(word));
		word = slice_range(word.p, open);
	}
	if (word.n == 0 || (open != NULL && (!header_pid(&pid, &h->pid) || pid.n != 0)))
		return LINE_BAD;
	header_host(r, SLICE("-"));
	return program_body(r, word, s, h);
}

/*
 * Words of strangers may stand in Exim's lines, but not so near the start: the first one is a host,
 * the second one a daemon that we know, with its pid.
 */
bool
header_is_syslog(struct slice s)
{
	struct slice host = take_word(&s), program = take_word(&s), pid;
	const char *open = slice_chr(program, '['), *slash;
	enum daemon daemon;
	uint32_t number;

	for (size_t i = 0; i < host.n; i++) {
		char c = host.p[i];

		if ((unsigned)((c | 0x20) - 'a') > 25 && (unsigned)(c - '0') > 9 && c != '-' &&
		    c != '.' && c != '_')
			return false;
	}
	if (host.n == 0 || open == NULL || !slice_ends(program, SLICE(":")))
		return false;
	pid = slice_range(open, slice_end(program) - 1);
	if (!header_pid(&pid, &number) || pid.n != 0)
		return false;
	program = slice_range(program.p, open);
	slash = slice_rchr(program, '/');
	daemon = slash ? program_postfix(slice_range(slash + 1, slice_end(program))) :
	    program_plain(program);
	return daemon != DAEMON_OTHER;
}
