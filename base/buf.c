/* See buf.h. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/problem.h"

void
buf_free(struct buf *b)
{
	free(b->p);
	*b = (struct buf){ 0 };
}

char *
buf_room(struct buf *b, size_t n)
{
	if (n > 0x7fffffff - b->n)
		die_nomem();
	mem_grow(&b->p, &b->cap, b->n + (unsigned)n, 1);
	return b->p + b->n;
}

void
buf_add(struct buf *b, struct slice s)
{
	if (s.n == 0)
		return;
	memcpy(buf_room(b, s.n), s.p, s.n);
	b->n += (unsigned)s.n;
}

void
buf_str(struct buf *b, const char *text)
{
	buf_add(b, slice_of(text));
}

void
buf_chr(struct buf *b, char c)
{
	mem_grow(&b->p, &b->cap, b->n + 1, 1);
	b->p[b->n++] = c;
}

void
buf_fmt(struct buf *b, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	if (n <= 0)
		return;
	mem_grow(&b->p, &b->cap, b->n + (unsigned)n + 1, 1);
	va_start(ap, format);
	vsnprintf(b->p + b->n, (size_t)n + 1, format, ap);
	va_end(ap);
	b->n += (unsigned)n;
}

struct slice
buf_slice(const struct buf *b)
{
	return (struct slice){ b->p, b->n };
}

unsigned
utf8_next(struct slice s, uint32_t *code_r)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char c = (unsigned char)s.p[0];
	unsigned n = c < 0x80 ? 1 : c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc2 ? 2 : 0;
	uint32_t code = n < 2 ? c : c & (0x7fu >> n);

	if (n == 0 || c > 0xf4 || s.n < n)
		return 0;
	for (unsigned i = 1; i < n; i++) {
		if (((unsigned char)s.p[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | ((unsigned char)s.p[i] & 0x3f);
	}
	if (code < least[n] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	*code_r = code;
	return n;
}

bool
utf8_is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
	    (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
	    (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

void
buf_visible(struct buf *b, struct slice s)
{
	while (s.n > 0) {
		uint32_t code = 0;
		unsigned n = utf8_next(s, &code);

		if (n == 0 || (n == 1 && utf8_is_control(code)))
			buf_fmt(b, "\\x%02X", (unsigned char)s.p[0]);
		else if (utf8_is_control(code))
			buf_fmt(b, "\\u{%X}", (unsigned)code);
		else
			buf_add(b, slice_first(s, n));
		s = slice_skip(s, n ? n : 1);
	}
}

static void
json_code(struct buf *b, uint32_t code)
{
	if (code >= 0x10000)
		buf_fmt(b, "\\u%04x\\u%04x", (unsigned)(0xd800 + ((code - 0x10000) >> 10)),
		    (unsigned)(0xdc00 + (code & 0x3ff)));
	else
		buf_fmt(b, "\\u%04x", (unsigned)code);
}

void
buf_json(struct buf *b, struct slice s)
{
	buf_chr(b, '"');
	while (s.n > 0) {
		uint32_t code = 0;
		unsigned n = utf8_next(s, &code);

		if (n == 0)
			buf_fmt(b, "\\\\x%02X", (unsigned char)s.p[0]);
		else if (utf8_is_control(code))
			json_code(b, code);
		else if (code == '"' || code == '\\')
			buf_fmt(b, "\\%c", (char)code);
		else
			buf_add(b, slice_first(s, n));
		s = slice_skip(s, n ? n : 1);
	}
	buf_chr(b, '"');
}

void
buf_base64(struct buf *b, struct slice s)
{
	static const char digit[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (; s.n > 0; s = slice_skip(s, 3)) {
		const unsigned char *p = (const unsigned char *)s.p;
		uint32_t x = (uint32_t)p[0] << 16 | (s.n > 1 ? (uint32_t)p[1] << 8 : 0) |
		    (s.n > 2 ? p[2] : 0);

		for (unsigned i = 0; i < 4; i++)
			buf_chr(b, i <= s.n ? digit[x >> (18 - 6 * i) & 63] : '=');
	}
}
