/* See message_id.h; the steps and their order are spamd's. */
#include "parser/message_id.h"

#include "base/swar_range.h"
#include "parser/short_text.h"

/* Only '!' to '~', and none of ( ) , < >? */
static bool
is_plain(struct slice id)
{
	uint64_t odd = 0;
	size_t i = 0;

	for (; i + 8 <= id.n; i += 8) {
		uint64_t v = swar_load(id.p + i);

		odd |= ~swar_between(v, '!', '~') | swar_between(v, '(', ')') |
		    swar_equal(v, ',') | swar_equal(v, '<') | swar_equal(v, '>');
	}
	for (; i < id.n && (odd & SWAR_ALL(0x80)) == 0; i++)
		if (id.p[i] < '!' || id.p[i] > '~' || memchr("(),<>", id.p[i], 5) != NULL)
			return false;
	return (odd & SWAR_ALL(0x80)) == 0;
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
