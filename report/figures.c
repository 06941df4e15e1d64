/* See figures.h. */
#include "report/figures.h"

#include <stdio.h>

void
put_number(struct buf *b, uint64_t n, unsigned width)
{
	static const char unit[] = "kMGTPE";
	char digits[24], text[40];
	unsigned len, at = 0;
	int u = -1;

	do {
		int k = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n);

		at = 0;
		len = (unsigned)k;
		for (unsigned i = 0; i < len; i++) {
			if (i > 0 && (len - i) % 3 == 0)
				text[at++] = ',';
			text[at++] = digits[i];
		}
		if (u >= 0)
			text[at++] = unit[u];
		if (width == 0 || at <= width)
			break;
		n /= 1000;
	} while (++u < 6);
	for (unsigned i = at; i < width; i++)
		buf_chr(b, ' ');
	buf_add(b, (struct slice){ text, at });
}

void
put_percent(struct buf *b, uint64_t part, uint64_t whole, unsigned width)
{
	char text[24] = "-";
	uint64_t tenths;

	if (whole > 0) {
		tenths = (part * 1000 + whole / 2) / whole;
		if (tenths >= 1000 && part < whole)
			tenths = 999;
		if (tenths == 0 && part > 0)
			snprintf(text, sizeof(text), "<0.1");
		else
			snprintf(text, sizeof(text), "%u.%u", (unsigned)(tenths / 10),
			    (unsigned)(tenths % 10));
	}
	buf_fmt(b, "%*s", (int)width, text);
}

void
put_whole_percent(struct buf *b, uint64_t part, uint64_t whole)
{
	uint64_t n = whole ? (part * 100 + whole / 2) / whole : 0;

	if (n == 0 && part > 0)
		buf_str(b, "<1");
	else if (n == 100 && part < whole)
		buf_str(b, ">99");
	else
		buf_fmt(b, "%llu", (unsigned long long)n);
}

void
put_range(struct buf *b, const char *before, uint64_t least, const char *between, uint64_t most,
    uint64_t whole)
{
	struct buf low = { 0 }, high = { 0 };

	put_percent(&low, least, whole, 0);
	put_percent(&high, most, whole, 0);
	if (!slice_eq(buf_slice(&low), buf_slice(&high))) {
		buf_str(b, before);
		buf_add(b, buf_slice(&low));
		buf_str(b, between);
	}
	buf_add(b, buf_slice(&high));
	buf_str(b, " %");
	buf_free(&low);
	buf_free(&high);
}

void
put_time(struct buf *b, const struct summary *s, int64_t t)
{
	static const struct zone utc;
	struct civil c = zone_from_utc(s->run->zone ? s->run->zone : &utc, t);

	buf_fmt(b, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
}

void
put_count(struct buf *b, uint64_t n, const char *noun)
{
	size_t len = strlen(noun);

	put_number(b, n, 0);
	if (n != 1 && noun[len - 1] == 'y')
		buf_fmt(b, " %.*sies", (int)len - 1, noun);
	else
		buf_fmt(b, " %s%s", noun, n == 1 ? "" : "s");
}
