/*
 * See pseudonym_scan.h. Shapes: <local@domain> is taken whole, whatever it holds; elsewhere a local
 * part goes back from the @ to what cannot be one, or to the quote that it began with, and from
 * there the word and = of a log ("sasl_username=") are no part of it. Too much is taken rather than
 * too little: "a=b@c" may be how a list writes to b, or hold another address.
 */
#include "report/pseudonym_scan.h"

enum { QUOTED_MAX = 256, BRACKET_MAX = 1000, LITERAL_MAX = 64 };

struct span {
	size_t from, to;
};

static size_t
at_sign(struct slice s, size_t i)
{
	if (s.p[i] == '@')
		return 1;
	return s.p[i] == '%' && i + 2 < s.n && s.p[i + 1] == '4' && s.p[i + 2] == '0' ? 3 : 0;
}

struct slice
address_local(struct slice s)
{
	for (size_t i = s.n; i > 0; i--)
		if (at_sign(s, i - 1))
			return slice_first(s, i - 1);
	return s;
}

static bool
is_local(char c)
{
	return (unsigned char)c > ' ' && c != 0x7f && strchr("<>()[]{},;:\"\\|", c) == NULL;
}

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	    c == '.' || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

/* Words that the daemons write before a "=" and an address. */
static bool
is_key(struct slice s)
{
	static const char *const word[] = { "from", "to", "orig_to", "user", "mid", "rid", "id",
		"sasl_username", "sasl_sender", "helo", "rcpt", "envelope-from", "orig_client",
		"client", "relay", "sender", "recipient", "message-id", "resent-message-id" };

	if (s.n == 1)
		return s.p[0] >= 'A' && s.p[0] <= 'Z';	/* Exim's F= U= A= */
	for (size_t i = 0; i < sizeof(word) / sizeof(word[0]); i++)
		if (slice_eq(s, slice_of(word[i])))
			return true;
	return false;
}

/* Where the local part before the @ at place at begins, not before from. */
static size_t
left(struct slice s, size_t from, size_t at, bool url)
{
	size_t i = at;
	const char *equal;

	if (at > from && s.p[at - 1] == '"') {
		for (i = at - 1; i > from && at - i < QUOTED_MAX; i--)
			if (s.p[i - 1] == '"' && (i < 2 || s.p[i - 2] != '\\'))
				return i - 1;
		return at - 1;
	}
	while (i > from && is_local(s.p[i - 1]) &&
	    !(url && strchr("&?/=", s.p[i - 1]) != NULL))
		i--;
	equal = slice_chr((struct slice){ s.p + i, at - i }, '=');
	if (equal != NULL && is_key(slice_range(s.p + i, equal)))
		i = (size_t)(equal - s.p) + 1;
	while (i < at && (s.p[i] == '\'' || s.p[i] == '='))
		i++;
	return i;
}

static size_t
right(struct slice s, size_t i)
{
	size_t n = i;

	if (i < s.n && s.p[i] == '[') {
		const char *end = slice_chr(slice_first(slice_skip(s, i), LITERAL_MAX), ']');

		return end ? (size_t)(end - s.p) + 1 : i;
	}
	while (n < s.n && is_word(s.p[n]))
		n++;
	while (n > i && (s.p[n - 1] == '.' || s.p[n - 1] == '-'))
		n--;
	return n;
}

/* s.p[i] is "<": what stands up to ">" is one word, but for what is quoted, and has an @. */
static bool
bracketed(struct slice s, size_t i, struct span *x)
{
	struct slice inside, local;
	bool quoted = false;
	size_t n = i + 1;

	for (; n < s.n && n - i < BRACKET_MAX && (quoted || s.p[n] != '>'); n++) {
		if (s.p[n] == '"' && s.p[n - 1] != '\\')
			quoted = !quoted;
		else if (!quoted && (s.p[n] == ' ' || s.p[n] == '<'))
			return false;
	}
	if (n >= s.n || s.p[n] != '>')
		return false;
	inside = (struct slice){ s.p + i + 1, n - i - 1 };
	local = address_local(inside);
	*x = (struct span){ i + 1, n };
	return local.n > 0 && local.n < inside.n;
}

/* What follows an @ up to the next one is no domain, but a part of its local part: "a@b@c". */
static bool
goes_on(struct slice s, size_t i)
{
	while (i < s.n && is_word(s.p[i]))
		i++;
	return i < s.n && at_sign(s, i) > 0;
}

/* The first address that begins at from or behind. */
static bool
next_address(struct slice s, size_t from, struct span *x)
{
	for (size_t i = from; i < s.n; i++) {
		size_t n = at_sign(s, i);

		if (s.p[i] == '<' && bracketed(s, i, x))
			return true;
		if (n == 0 || goes_on(s, i + n))
			continue;
		*x = (struct span){ left(s, from, i, n > 1), right(s, i + n) };
		if (x->from < i)
			return true;
	}
	return false;
}

static struct slice
at_span(struct slice s, const struct span *x)
{
	return (struct slice){ s.p + x->from, x->to - x->from };
}

static void
put_words(const struct pseudonym *y, struct slice s, const struct known_names *known,
    struct buf *out)
{
	size_t i = 0;

	while (i < s.n && known->n > 0) {
		struct slice word;
		size_t n = i, full;

		while (n < s.n && (is_word(s.p[n]) || s.p[n] == '+'))
			n++;
		full = n;
		while (n > i && s.p[n - 1] == '.')
			n--;
		word = (struct slice){ s.p + i, n - i };
		if (word.n == 0 || !pseudonym_put_known(y, word, known, out))
			buf_add(out, word);
		buf_add(out, (struct slice){ s.p + n, full - n });
		i = full;
		if (i < s.n)
			buf_chr(out, s.p[i++]);
	}
	buf_add(out, slice_skip(s, i));
}

void
pseudonym_scan(const struct pseudonym *y, struct slice s, const struct known_names *known,
    struct buf *out)
{
	struct known_names names = *known;
	struct span x;
	size_t i = 0;

	for (; names.n < PSEUDONYM_KNOWN && next_address(s, i, &x); i = x.to)
		names.mailbox[names.n++] = at_span(s, &x);
	for (i = 0; next_address(s, i, &x); i = x.to) {
		put_words(y, (struct slice){ s.p + i, x.from - i }, &names, out);
		pseudonym_put_mailbox(y, at_span(s, &x), out);
	}
	put_words(y, slice_skip(s, i), &names, out);
}
