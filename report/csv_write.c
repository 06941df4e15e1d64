/* See csv_private.h: how a cell is written. */
#include "base/utc.h"
#include "report/csv_private.h"

void
csv_cell(struct csv *c)
{
	if (c->more)
		buf_chr(c->out, ',');
	c->more = true;
}

void
csv_end(struct csv *c)
{
	buf_chr(c->out, '\n');
	c->more = false;
}

void
csv_number(struct csv *c, uint64_t n)
{
	csv_cell(c);
	buf_fmt(c->out, "%llu", (unsigned long long)n);
}

void
csv_word(struct csv *c, const char *w)
{
	csv_cell(c);
	buf_str(c->out, w);
}

/* Wide forms too: some spreadsheets read them as the narrow ones. */
static bool
begins_formula(struct slice s)
{
	uint32_t code = 0;

	while (s.n > 0 && s.p[0] == ' ')
		s = slice_skip(s, 1);
	if (s.n == 0 || utf8_next(s, &code) == 0)
		return false;
	return code == '=' || code == '+' || code == '-' || code == '@' || code == 0xff1d ||
	    code == 0xff0b || code == 0xff0d || code == 0xff20;
}

static bool
separates(char c)
{
	return c == ';' || c == ',' || c == '|' || c == '"';
}

void
csv_text(struct csv *c, struct slice value)
{
	struct buf visible = { 0 };
	struct slice s;
	bool quoted;

	csv_cell(c);
	buf_visible(&visible, value);
	s = buf_slice(&visible);
	quoted = slice_chr(s, ',') || slice_chr(s, '"') || slice_chr(s, ';') ||
	    slice_chr(s, '\'') || begins_formula(s);
	if (quoted)
		buf_chr(c->out, '"');
	if (begins_formula(s))
		buf_chr(c->out, '\'');
	for (; s.n > 0; s = slice_skip(s, 1)) {
		if (s.p[0] == '"')
			buf_chr(c->out, '"');
		buf_chr(c->out, s.p[0]);
		if (separates(s.p[0]) && begins_formula(slice_skip(s, 1)))
			buf_chr(c->out, '\'');
	}
	if (quoted)
		buf_chr(c->out, '"');
	buf_free(&visible);
}

void
csv_time(struct csv *c, int64_t t)
{
	char stamp[UTC_TEXT];

	utc_format(t, stamp);
	csv_word(c, stamp);
}
