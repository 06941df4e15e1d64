/*
 * exim_parts: what the files of the Exim parser share. Private to parser/exim*.c.
 *
 * A cursor is a place in the line and its end, behind which WIDE_SLACK bytes can be read; what
 * takes something from there returns where it ends, or NULL. Nothing here allocates.
 */
#ifndef PARSER_EXIM_PARTS_H
#define PARSER_EXIM_PARTS_H

#include "base/scan.h"
#include "parser/event.h"

/* Whether text, a literal that is not too long for the slack, stands at p. */
static inline bool
exim_at(const char *p, const char *end, struct slice text)
{
	/* as in slice_starts() */
	if (__builtin_constant_p(text.n) && text.n > 16 && text.n <= 32)
		return memcmp(p, text.p, 16) == 0 &&
		    memcmp(p + text.n - 16, text.p + text.n - 16, 16) == 0 &&
		    end - p >= (ptrdiff_t)text.n;
	return memcmp(p, text.p, text.n) == 0 && end - p >= (ptrdiff_t)text.n;
}

/* Behind text when it stands at p, else p. */
static inline const char *
exim_past(const char *p, const char *end, struct slice text)
{
	return exim_at(p, end, text) ? p + text.n : p;
}

/* Where a or b stands from p on, or end. */
static inline const char *
exim_either(const char *p, const char *end, char a, char b)
{
	return p + scan_either(slice_range(p, end), a, b);
}

static inline const char *
exim_byte(const char *p, const char *end, char c)
{
	return p + scan_byte(slice_range(p, end), c);
}

/* Where text stands from p on, or NULL. For the short texts that Exim writes. */
const char *exim_find(const char *p, const char *end, struct slice text);

/* exim_word() when no blank or quote is near or a quote is first; exim_angle() when it is odd. */
const char *exim_far_word(const char *p, const char *end);
const char *exim_quoted_word(const char *p, const char *end);
const char *exim_odd_angle(const char *p, const char *end, struct slice *value_r);

/* The end of the word at p: the next blank that is not in "...", or the line's end. */
static inline const char *
exim_word(const char *p, const char *end)
{
	uint64_t hit = wide_either32(p, ' ', '"');
	const char *q;

	if (hit == 0)
		return exim_far_word(p, end);
	q = p + __builtin_ctzll(hit);
	if (*q == '"')
		return exim_quoted_word(p, end);
	return q < end ? q : end;
}

/* "<...>", where a > in "..." does not end it; *value_r is the inside. */
static inline const char *
exim_angle(const char *p, const char *end, struct slice *value_r)
{
	uint64_t hit = wide_either32(p, '>', '"');
	const char *q;

	if (*p != '<' || p >= end)
		return NULL;
	if (hit == 0)
		return exim_odd_angle(p, end, value_r);
	q = p + __builtin_ctzll(hit);
	if (*q == '"' || q >= end)
		return exim_odd_angle(p, end, value_r);
	*value_r = slice_range(p + 1, q);
	return q + 1;
}

/* "...", with backslash escapes; *value_r is the inside, still escaped. */
const char *exim_quoted(const char *p, const char *end, struct slice *value_r);

static inline void
exim_sender(struct slice sender, struct event *ev)
{
	if (sender.n == 2 && sender.p[0] == '<' && sender.p[1] == '>')
		sender.n = 0;
	if (sender.n == 0)
		ev->flags |= EF_NULL_SENDER;
	event_set(ev, F_SENDER, sender);
}

/* "score=8.1", "scored 12.3", "hits=7.5", "12.3 spam points"; thousandths. And the number alone. */
bool exim_score(struct slice text, int32_t *milli_r);
bool exim_milli(struct slice text, int32_t *milli_r);
/* p: behind the flag or at the first byte of the text. QID is already set when there is one. */
enum line_kind exim_received(const char *p, const char *end, struct event *ev);
enum line_kind exim_delivery(const char *p, const char *end, enum delivery_status status,
    struct event *ev);
enum line_kind exim_fields(const char *p, const char *end, struct event *ev);
enum line_kind exim_rejected(const char *p, const char *end, bool temporarily, struct event *ev);
enum line_kind exim_warning(struct slice s, struct event *ev);
enum line_kind exim_sa(struct slice s, struct event *ev);
/* LINE_UNKNOWN and ev as it was: it is another line. */
enum line_kind exim_session(const char *p, const char *end, struct event *ev);
enum line_kind exim_does_not_match(const char *p, const char *end, struct event *ev);
enum line_kind exim_auth_fail(const char *p, const char *end, struct event *ev);

/* Whether the site, not Exim, worded the line. */
bool exim_site_text(const char *p, const char *end);
/* Sets reason, zone and code of ev by the words of an ACL's text. */
void exim_reason(struct slice text, struct event *ev);

#endif
