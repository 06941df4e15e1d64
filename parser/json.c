/* See json.h. Nothing recurses: of what is nested only brackets and strings are looked at. */
#include "parser/json.h"

#include "base/wide.h"

struct out {
	char *to;
	size_t room, n;
};

static void
put(struct out *o, const char *p, size_t n)
{
	if (n > o->room - o->n)
		n = o->room - o->n;
	if (n > 0)
		memcpy(o->to + o->n, p, n);
	o->n += n;
}

static void
put_byte(struct out *o, unsigned c)
{
	if (o->n < o->room)
		o->to[o->n++] = (char)c;
}

static void
skip_blanks(struct json *j)
{
	while (j->p < j->end && (*j->p == ' ' || *j->p == '\t' || *j->p == '\r' || *j->p == '\n'))
		j->p++;
}

static bool
take(struct json *j, char c)
{
	if (j->p == j->end || *j->p != c)
		return false;
	j->p++;
	return true;
}

bool
json_begin(struct json *j, struct slice text)
{
	*j = (struct json){ text.p, text.p + text.n, true };
	skip_blanks(j);
	return take(j, '{');
}

/* The next '"' or '\\' at p or behind it; end, if there is none. */
static const char *
find_special(const char *p, const char *end)
{
	for (; p < end; p += 16) {
		uint32_t hit = wide_either(p, '"', '\\');

		if (hit) {
			p += __builtin_ctz(hit);
			return p < end ? p : end;
		}
	}
	return end;
}

/* Four hexadecimal digits at p. */
static bool
hex4(const char *p, unsigned *v_r)
{
	unsigned v = 0;

	for (int i = 0; i < 4; i++) {
		unsigned c = (unsigned char)p[i], digit = c - '0';

		if (digit > 9)
			digit = (c | 0x20) - 'a' <= 5 ? (c | 0x20) - 'a' + 10 : 16;
		if (digit > 15)
			return false;
		v = v << 4 | digit;
	}
	*v_r = v;
	return true;
}

static void
put_utf8(struct out *o, unsigned v)
{
	if (v < 0x80) {
		put_byte(o, v);
	} else if (v < 0x800) {
		put_byte(o, 0xc0 | v >> 6);
		put_byte(o, 0x80 | (v & 0x3f));
	} else {
		if (v < 0x10000) {
			put_byte(o, 0xe0 | v >> 12);
		} else {
			put_byte(o, 0xf0 | v >> 18);
			put_byte(o, 0x80 | (v >> 12 & 0x3f));
		}
		put_byte(o, 0x80 | (v >> 6 & 0x3f));
		put_byte(o, 0x80 | (v & 0x3f));
	}
}

/* Behind "\u": a half of a pair that stands alone becomes U+FFFD. */
static bool
take_unicode(struct json *j, struct out *o)
{
	unsigned v, low;

	if (j->end - j->p < 4 || !hex4(j->p, &v))
		return false;
	j->p += 4;
	if (v >= 0xd800 && v < 0xdc00 && j->end - j->p >= 6 && j->p[0] == '\\' && j->p[1] == 'u' &&
	    hex4(j->p + 2, &low) && low >= 0xdc00 && low < 0xe000) {
		v = 0x10000 + ((v - 0xd800) << 10) + (low - 0xdc00);
		j->p += 6;
	}
	put_utf8(o, v >= 0xd800 && v < 0xe000 ? 0xfffd : v);
	return true;
}

static bool
take_escape(struct json *j, struct out *o)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at;

	if (j->p == j->end)
		return false;
	if (*j->p == 'u') {
		j->p++;
		return take_unicode(j, o);
	}
	at = memchr(from, *j->p++, sizeof(from) - 1);
	if (at == NULL)
		return false;
	put_byte(o, (unsigned char)to[at - from]);
	return true;
}

/* Behind its first quote. */
static bool
take_string(struct json *j, struct out *o)
{
	for (;;) {
		const char *at = find_special(j->p, j->end);

		put(o, j->p, (size_t)(at - j->p));
		if (at == j->end)
			return false;
		j->p = at + 1;
		if (*at == '"')
			return true;
		if (!take_escape(j, o))
			return false;
	}
}

int
json_member(struct json *j, struct slice *key_r)
{
	struct out nothing = { NULL, 0, 0 };
	const char *start;

	skip_blanks(j);
	if (take(j, '}')) {
		skip_blanks(j);
		return j->p == j->end ? 0 : -1;
	}
	if (!j->first && !take(j, ','))
		return -1;
	j->first = false;
	skip_blanks(j);
	if (!take(j, '"'))
		return -1;
	start = j->p;
	if (!take_string(j, &nothing))
		return -1;
	*key_r = slice_range(start, j->p - 1);
	skip_blanks(j);
	if (!take(j, ':'))
		return -1;
	skip_blanks(j);
	return 1;
}

/* A number or a word, up to what ends it. */
static struct slice
take_word(struct json *j)
{
	const char *start = j->p;

	while (j->p < j->end && (unsigned char)*j->p > ' ' && *j->p != ',' && *j->p != ']' &&
	    *j->p != '}' && *j->p != '"' && *j->p != '[' && *j->p != '{' && *j->p != ':')
		j->p++;
	return slice_range(start, j->p);
}

/* Behind the '[' or '{' of something nested: to its end. */
static bool
skip_nested(struct json *j)
{
	struct out nothing = { NULL, 0, 0 };
	size_t depth = 1;

	while (depth > 0) {
		if (j->p == j->end)
			return false;
		switch (*j->p++) {
		case '[': case '{':
			depth++;
			break;
		case ']': case '}':
			depth--;
			break;
		case '"':
			if (!take_string(j, &nothing))
				return false;
			break;
		}
	}
	return true;
}

/* Behind '[': all its bytes, or its first member. */
static bool
take_array(struct json *j, struct out *o)
{
	struct out rest = { NULL, 0, 0 };

	skip_blanks(j);
	if (take(j, ']'))
		return true;
	if (take(j, '"'))
		return take_string(j, o) && skip_nested(j);
	if (j->p < j->end && (*j->p == '[' || *j->p == '{'))
		return skip_nested(j);
	for (struct out *to = o;;) {
		struct slice word = take_word(j);
		uint64_t byte;

		if (word.n == 0)
			return false;
		if (slice_u64(word, 255, &byte))
			put_byte(to, (unsigned)byte);
		else
			to = &rest;
		skip_blanks(j);
		if (take(j, ']'))
			return true;
		if (!take(j, ','))
			return false;
		skip_blanks(j);
		if (j->p < j->end && (*j->p == '"' || *j->p == '[' || *j->p == '{'))
			return skip_nested(j);
	}
}

bool
json_text(struct json *j, char *to, size_t room, size_t *n_r)
{
	struct out o = { to, room, 0 };
	struct slice word;
	bool ok = true;

	if (take(j, '"')) {
		ok = take_string(j, &o);
	} else if (take(j, '[')) {
		ok = take_array(j, &o);
	} else if (take(j, '{')) {
		ok = skip_nested(j);
	} else {
		word = take_word(j);
		ok = word.n > 0;
		if (!slice_eq(word, SLICE("null")))
			put(&o, word.p, word.n);
	}
	*n_r = o.n;
	return ok;
}

bool
json_skip(struct json *j)
{
	char none[1];
	size_t n;

	return json_text(j, none, 0, &n);
}
