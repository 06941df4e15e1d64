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
page_name(struct page *p, struct slice name, unsigned columns, bool pad)
{
	struct buf visible = { 0 };

	if (p->terminal) {
		put_name(&p->line, name, columns, pad);
		return;
	}
	buf_visible(&visible, name);
	buf_add(&p->line, buf_slice(&visible));
	for (unsigned n = visible.n; pad && n < columns; n++)
		buf_chr(&p->line, ' ');
	buf_free(&visible);
}

/* In eighths of a column; in ASCII in whole ones. The least of something is seen. */
void
put_bar(struct page *p, uint64_t part, uint64_t whole, unsigned width, bool pad)
{
	static const char *const block[] = { "", "\xe2\x96\x8f", "\xe2\x96\x8e",
		"\xe2\x96\x8d", "\xe2\x96\x8c", "\xe2\x96\x8b", "\xe2\x96\x8a",
		"\xe2\x96\x89", "\xe2\x96\x88" };
	uint64_t unit = p->utf8 ? 8 : 1, n = 0;
	unsigned used = 0;

	while (whole >= (uint64_t)1 << 48) {
		whole >>= 8;
		part >>= 8;
	}
	if (whole > 0)
		n = (part * width * unit + whole / 2) / whole;
	n = part > 0 && n == 0 ? 1 : n;
	for (; n > 0; n -= n < unit ? n : unit, used++)
		buf_str(&p->line, p->utf8 ? block[n < 8 ? n : 8] : "#");
	for (; pad && used < width; used++)
		buf_chr(&p->line, ' ');
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
	put_cut(&p->done, buf_slice(&p->line), p->terminal ? TEXT_COLUMNS : UINT32_MAX);
	if (p->colour && p->line.n && style != PLAIN)
		buf_str(&p->done, "\033[0m");
	buf_chr(&p->done, '\n');
	p->line.n = 0;
	p->lines++;
}

/* Where a line may end next: not between a number and its %. */
static const char *
next_space(struct slice text)
{
	const char *space = slice_chr(text, ' ');

	while (space && space + 1 < slice_end(text) && space[1] == '%')
		space = slice_chr(slice_range(space + 1, slice_end(text)), ' ');
	return space;
}

void
page_wrap(struct page *p, struct slice text, unsigned indent, unsigned max)
{
	size_t fits;
	unsigned used = 0, room = measure(buf_slice(&p->line), TEXT_COLUMNS, &fits);

	while (text.n > 0) {
		const char *space = next_space(text);
		struct slice word = space ? slice_range(text.p, space) : text;
		unsigned columns = measure(word, TEXT_COLUMNS, &fits);

		if (room > 0 && room + 1 + columns > TEXT_COLUMNS && used + 1 < max) {
			page_end(p, p->wrap);
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
	page_end(p, p->wrap);
}
