/* Words, quotes and scores of Exim's log lines (4.60 to 4.99). */
#include "parser/exim_words.h"

uint64_t
exim_blanks(const char *p)
{
	return wide_either64(p, ' ', '"');
}

const char *
exim_find(const char *p, const char *end, struct slice text)
{
	for (; (p = exim_byte(p, end, text.p[0])) < end; p++)
		if (end - p >= (ptrdiff_t)text.n && swar_same(p, text.p, text.n))
			return p;
	return NULL;
}

/* The next stop that is not in "..."; end when there is none, NULL when a quote stays open. */
static const char *
find_unquoted(const char *p, const char *end, char stop)
{
	bool inside = false;

	for (; p < end; p++) {
		if (*p == '\\')
			p++;
		else if (*p == '"')
			inside = !inside;
		else if (*p == stop && !inside)
			return p;
	}
	return inside ? NULL : end;
}

/* Also when the quote is behind end. An open quote (a cut line, a stray quote): a plain word. */
const char *
exim_quoted_word(const char *p, const char *end)
{
	const char *q = find_unquoted(p, end, ' ');

	return q != NULL ? q : exim_byte(p, end, ' ');
}

const char *
exim_far_word(const char *p, const char *end)
{
	const char *q = exim_either(p, end, ' ', '"');

	return q < end && *q == '"' ? exim_quoted_word(p, end) : q;
}

const char *
exim_odd_angle(const char *p, const char *end, struct slice *value_r)
{
	const char *q = exim_either(p, end, '>', '"'), *far;

	if (q < end && *q == '"') {
		far = find_unquoted(p + 1, end, '>');
		q = far != NULL && far < end ? far : exim_byte(q, end, '>');
	}
	if (q == end)
		return NULL;
	*value_r = slice_range(p + 1, q);
	return q + 1;
}

const char *
exim_quoted(const char *p, const char *end, struct slice *value_r)
{
	const char *q = p, *slash;

	if (*p != '"' || p >= end)
		return NULL;
	do {
		q = exim_byte(q + 1, end, '"');
		if (q == end)
			return NULL;
		for (slash = q; slash[-1] == '\\'; slash--)	/* stops at the first quote */
			continue;
	} while ((q - slash) % 2 != 0);
	*value_r = slice_range(p + 1, q);
	return q + 1;
}

/* "-12.345 rest": at most 6 digits before the dot, 3 behind it. */
bool
exim_milli(struct slice text, int32_t *milli_r)
{
	int32_t value = 0, unit = 1000;
	bool minus = false;
	size_t i = 0, start;

	if (text.n > 0 && (text.p[0] == '-' || text.p[0] == '+'))
		minus = text.p[i++] == '-';
	for (start = i; i < text.n && text.p[i] >= '0' && text.p[i] <= '9'; i++) {
		if (i - start == 6)
			return false;
		value = value * 10 + (text.p[i] - '0');
	}
	if (i == start)
		return false;
	value *= 1000;
	if (i < text.n && text.p[i] == '.')
		for (i++; unit > 1 && i < text.n && text.p[i] >= '0' && text.p[i] <= '9'; i++) {
			unit /= 10;
			value += (text.p[i] - '0') * unit;
		}
	*milli_r = minus ? -value : value;
	return true;
}

static bool
score_before_points(struct slice text, int32_t *milli_r)
{
	const char *p = slice_str_nocase(text, SLICE(" spam points")), *from;

	if (p == NULL)
		p = slice_str_nocase(text, SLICE(" points"));
	if (p == NULL)
		return false;
	for (from = p; from > text.p && ((from[-1] >= '0' && from[-1] <= '9') || from[-1] == '.' ||
	    from[-1] == '-'); from--)
		continue;
	return exim_milli(slice_range(from, p), milli_r);
}

bool
exim_score(struct slice text, int32_t *milli_r)
{
	static const struct slice word[] = { { "score", 5 }, { "hits", 4 } };
	struct slice rest;
	const char *p;
	size_t i;

	for (i = 0; i < sizeof(word) / sizeof(word[0]); i++) {
		p = slice_str_nocase(text, word[i]);
		if (p == NULL)
			continue;
		rest = slice_range(p + word[i].n, slice_end(text));
		slice_take(&rest, SLICE("d"));
		slice_take(&rest, SLICE(" is"));
		slice_take(&rest, SLICE(" of"));
		while (rest.n > 0 && memchr(" =:(", rest.p[0], 4) != NULL)
			rest = slice_skip(rest, 1);
		if (exim_milli(rest, milli_r))
			return true;
	}
	return score_before_points(text, milli_r);
}
