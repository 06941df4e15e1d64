/*
 * Names and lines in columns. Widths are counted in characters of the terminal: one for a
 * code point, two for those of East Asian width; buf_visible() has left nothing that moves the
 * cursor.
 */
#include "report/text_private.h"

static unsigned
columns_of(uint32_t c)
{
	static const struct { uint32_t from, to; } wide[] = {
		{ 0x1100, 0x115f }, { 0x2e80, 0xa4cf },
		{ 0xac00, 0xd7a3 }, { 0xf900, 0xfaff }, { 0xfe30, 0xfe6f }, { 0xff00, 0xff60 },
		{ 0xffe0, 0xffe6 }, { 0x1f000, 0x1faff }, { 0x20000, 0x3fffd } };

	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (c >= wide[i].from && c <= wide[i].to)
			return 2;
	return 1;
}

/* The columns that text takes; *at_r: bytes of it that fit into max columns. */
static unsigned
measure(struct slice text, unsigned max, size_t *at_r)
{
	const char *start = text.p;
	unsigned columns = 0;

	*at_r = 0;
	while (text.n > 0) {
		uint32_t code = '?';
		unsigned n = utf8_next(text, &code);

		columns += columns_of(code);
		text = slice_skip(text, n ? n : 1);
		if (columns <= max)
			*at_r = (size_t)(text.p - start);
	}
	return columns;
}

/* Visible text, cut to max columns: the last two are ".." then. The columns written. */
static unsigned
put_cut(struct buf *b, struct slice text, unsigned max)
{
	size_t fits;
	unsigned columns = measure(text, max, &fits);

	if (columns <= max) {
		buf_add(b, text);
		return columns;
	}
	measure(text, max > 2 ? max - 2 : 0, &fits);
	buf_add(b, slice_first(text, fits));
	buf_str(b, "..");
	return measure(slice_first(text, fits), max, &fits) + 2;
}

void
put_name(struct buf *b, struct slice name, unsigned columns, bool pad)
{
	struct buf visible = { 0 };
	unsigned n;

	buf_visible(&visible, name);
	n = put_cut(b, buf_slice(&visible), columns);
	buf_free(&visible);
	for (; pad && n < columns; n++)
		buf_chr(b, ' ');
}

void
page_free(struct page *p)
{
	buf_free(&p->done);
	buf_free(&p->line);
}

void
page_end(struct page *p, enum style style)
{
	static const char *const start[] = { "", "\033[1m", "\033[1;31m" };

	while (p->line.n > 0 && p->line.p[p->line.n - 1] == ' ')
		p->line.n--;
	if (p->colour && p->line.n)
		buf_str(&p->done, start[style]);
	put_cut(&p->done, buf_slice(&p->line), TEXT_COLUMNS);
	if (p->colour && p->line.n && style != PLAIN)
		buf_str(&p->done, "\033[0m");
	buf_chr(&p->done, '\n');
	p->line.n = 0;
	p->lines++;
}

void
page_wrap(struct page *p, struct slice text, unsigned indent, unsigned max)
{
	size_t fits;
	unsigned used = 0, room = measure(buf_slice(&p->line), TEXT_COLUMNS, &fits);

	while (text.n > 0) {
		const char *space = slice_chr(text, ' ');
		struct slice word = space ? slice_range(text.p, space) : text;
		unsigned columns = measure(word, TEXT_COLUMNS, &fits);

		if (room > 0 && room + 1 + columns > TEXT_COLUMNS && used + 1 < max) {
			page_end(p, PLAIN);
			used++;
			room = 0;
		}
		if (room > 0) {
			buf_chr(&p->line, ' ');
			room++;
		} else {
			for (; used > 0 && room < indent; room++)
				buf_chr(&p->line, ' ');
		}
		buf_add(&p->line, word);
		room += columns;
		text = space ? slice_range(space + 1, slice_end(text)) : SLICE_NONE;
	}
	page_end(p, PLAIN);
}
