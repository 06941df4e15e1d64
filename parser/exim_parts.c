/*
 * Words, quotes and the host block of Exim's log lines (4.60 to 4.99).
 *
 *	H=mail.example.org [192.0.2.1]:4711 I=[198.51.100.1]:25
 *	H=mail.example.org (helo.example) [192.0.2.1]
 *	H=(helo.example) [192.0.2.1]
 *	H=([192.0.2.9]) [192.0.2.1]		the HELO is an address literal
 *	H=[192.0.2.1]
 *
 * The name comes from DNS and was verified; it holds no blank, parenthesis or bracket. The HELO is
 * the stranger's. Exim lets only letters, digits, dots, hyphens and literals pass, unless the
 * administrator set helo_accept_junk_hosts; then it may read "a) [8.8.8.8] (b". The block
 * therefore ends at the first ") [address]" that is not followed by " (", so such a HELO is one
 * HELO. What follows the block (ident, sender, recipient, text) is a stranger's too, but comes
 * later and so cannot move the address. A junk HELO that imitates " F=<" as well cannot be told
 * from the real thing by anyone; the option is off by default.
 */
#include "parser/exim_parts.h"

enum { ADDRESS_MAX = 64 };

/* The blank that ends a word with a quote in it; NULL when a quote stays open. */
static const char *
quoted_word_end(const char *p, const char *end)
{
	bool inside = false;

	for (; p < end; p++) {
		if (*p == '\\')
			p++;
		else if (*p == '"')
			inside = !inside;
		else if (*p == ' ' && !inside)
			return p;
	}
	return inside ? NULL : end;
}

struct slice
exim_word(struct slice *s)
{
	const char *blank = slice_chr(*s, ' '), *end = slice_end(*s);
	struct slice word;

	if (blank == NULL)
		blank = end;
	word = slice_range(s->p, blank);
	if (slice_chr(word, '"') != NULL) {
		const char *far = quoted_word_end(s->p, end);

		/* An open quote (a cut line, a stray quote): a plain word. */
		if (far != NULL)
			word = slice_range(s->p, far);
	}
	*s = slice_skip(*s, word.n);
	return word;
}

bool
exim_angle(struct slice *s, struct slice *value_r)
{
	const char *p, *end = slice_end(*s), *close;
	bool inside = false;

	if (s->n == 0 || s->p[0] != '<')
		return false;
	close = slice_chr(*s, '>');
	if (close == NULL)
		return false;
	if (slice_chr(slice_range(s->p, close), '"') != NULL) {
		for (p = s->p + 1; p < end && (*p != '>' || inside); p++) {
			if (*p == '\\')
				p++;
			else if (*p == '"')
				inside = !inside;
		}
		if (p < end)
			close = p;
	}
	*value_r = slice_range(s->p + 1, close);
	*s = slice_range(close + 1, end);
	return true;
}

bool
exim_quoted(struct slice *s, struct slice *value_r)
{
	const char *p, *slash, *end = slice_end(*s);

	if (s->n == 0 || s->p[0] != '"')
		return false;
	for (p = s->p + 1; (p = memchr(p, '"', (size_t)(end - p))) != NULL; p++) {
		for (slash = p; slash[-1] == '\\'; slash--)	/* stops at the first quote */
			continue;
		if ((p - slash) % 2 != 0)
			continue;
		*value_r = slice_range(s->p + 1, p);
		*s = slice_range(p + 1, end);
		return true;
	}
	return false;
}

/* ":4711"; other text behind the colon is left alone. */
static uint16_t
take_port(struct slice *s)
{
	unsigned value = 0;
	size_t i;

	for (i = 1; i < s->n && i <= 5 && s->p[i] >= '0' && s->p[i] <= '9'; i++)
		value = value * 10 + (unsigned)(s->p[i] - '0');
	if (i == 1 || s->p[0] != ':' || value > UINT16_MAX)
		return 0;
	*s = slice_skip(*s, i);
	return (uint16_t)value;
}

/* "[192.0.2.1]:4711". The inside need not be an address ("[unknown]"), but holds no blank. */
static bool
take_bracket(struct slice *s, struct exim_host *h)
{
	struct slice near = slice_first(*s, ADDRESS_MAX), text;
	const char *close;

	if (s->n == 0 || s->p[0] != '[' || (close = slice_chr(near, ']')) == NULL)
		return false;
	text = slice_range(s->p + 1, close);
	if (slice_chr(text, ' ') != NULL)
		return false;
	h->has_addr = addr_parse(text, &h->addr);
	*s = slice_range(close + 1, slice_end(*s));
	h->port = take_port(s);
	return true;
}

/* "(helo) [addr]" */
static bool
take_helo(struct slice *s, struct exim_host *h)
{
	struct slice rest = slice_skip(*s, 1);
	const char *p;

	while ((p = slice_chr(rest, ')')) != NULL) {
		rest = slice_range(p + 1, slice_end(rest));
		if (!slice_starts(rest, SLICE(" [")))
			continue;
		struct slice behind = slice_skip(rest, 1);
		if (!take_bracket(&behind, h) || slice_starts(behind, SLICE(" (")))
			continue;
		h->helo = slice_range(s->p + 1, p);
		*s = behind;
		return true;
	}
	return false;
}

bool
exim_host(struct slice *s, struct exim_host *h)
{
	struct slice rest = *s;
	bool found;

	h->name = h->helo = SLICE_NONE;
	h->has_addr = false;
	h->port = 0;
	if (rest.n == 0)
		return false;
	if (rest.p[0] != '(' && rest.p[0] != '[') {
		const char *blank = slice_chr(rest, ' ');

		if (blank == NULL)
			return false;
		h->name = slice_range(rest.p, blank);
		rest = slice_skip(rest, h->name.n + 1);
		if (rest.n == 0)
			return false;
	}
	found = rest.p[0] == '(' ? take_helo(&rest, h) : take_bracket(&rest, h);
	if (found)
		*s = rest;
	return found;
}

bool
exim_client(struct slice *s, struct event *ev)
{
	struct slice rest = *s;
	struct exim_host h;

	slice_take(&rest, SLICE("H="));
	if (!exim_host(&rest, &h))
		return false;
	*s = rest;
	if (h.has_addr) {
		ev->addr = h.addr;
		ev->has_addr = true;
	}
	ev->port = h.port;
	if (h.name.n > 0)
		event_set(ev, F_CLIENT_NAME, h.name);
	if (h.helo.n > 0)
		event_set(ev, F_HELO, h.helo);
	exim_interface(s, ev);
	return true;
}

void
exim_interface(struct slice *s, struct event *ev)
{
	struct slice rest = *s;
	struct exim_host h;

	if (!slice_take(&rest, SLICE(" I=")) || !take_bracket(&rest, &h))
		return;
	ev->local_port = h.port;
	*s = rest;
}

void
exim_sender(struct slice sender, struct event *ev)
{
	if (slice_eq(sender, SLICE("<>")))
		sender = slice_first(sender, 0);
	if (sender.n == 0)
		ev->flags |= EF_NULL_SENDER;
	event_set(ev, F_SENDER, sender);
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
