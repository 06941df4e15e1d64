/* See message_id.h; the steps and their order are spamd's. */
#include "parser/message_id.h"

#include "base/wide.h"
#include "base/short_text.h"

static inline bool
is_plain_byte(char c)
{
	return c >= '!' && c <= '~' && c != '(' && c != ')' && c != ',' && c != '<' && c != '>';
}

static inline bool
are_plain(const char *p)	/* 16 of them */
{
	return wide_between(p, '!', '~') == 0xffff &&
	    (wide_between(p, '(', ')') | wide_either(p, '<', '>') | wide_equal(p, ',')) == 0;
}

/* Only '!' to '~', and none of ( ) , < >? Most are longer than 16 bytes. */
static bool
is_plain(struct slice id)
{
	size_t i = 0;

	if (id.n >= 16) {
		for (; i + 16 <= id.n; i += 16)
			if (!are_plain(id.p + i))
				return false;
		return are_plain(id.p + id.n - 16);
	}
	while (i < id.n && is_plain_byte(id.p[i]))
		i++;
	return i == id.n;
}

/* "(...)" with none inside, until there is none: a ")" closes the last "(" before it. */
static size_t
drop_comments(char *text, size_t n)
{
	uint16_t open[MESSAGE_ID_MAX];
	size_t to = 0, depth = 0;

	for (size_t i = 0; i < n; i++) {
		if (text[i] == ')' && depth > 0) {
			to = open[--depth];
			continue;
		}
		if (text[i] == '(')
			open[depth++] = (uint16_t)to;
		text[to++] = text[i];
	}
	return to;
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct slice
message_id_common(struct slice id, char *text)
{
	size_t n, to = 0;
	const char *close;

	id = slice_first(id, MESSAGE_ID_MAX);
	if (is_plain(id))
		return id;
	memcpy(text, id.p, id.n);
	n = drop_comments(text, id.n);
	if ((close = memchr(text, '>', n)) != NULL)
		n = (size_t)(close - text);
	for (size_t i = n > 0 && text[0] == '<'; i < n; i++) {
		char c = text[i];

		if (is_blank(c) && (to == 0 || i + 1 == n || is_blank(text[i + 1])))
			continue;
		text[to++] = c == ',' ? '_' : c < '!' || c > '~' || c == '<' || c == '>' ? '?' : c;
	}
	return (struct slice){ text, to };
}

uint64_t
message_id_hash(struct slice id)
{
	char text[MESSAGE_ID_MAX];

	return text_hash_long(message_id_common(id, text));
}
