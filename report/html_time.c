/*
 * When: the time line, and the pattern of the day. Bars are one path for each class, in units that
 * the browser stretches to the width of the page; letters and grid are outside, and so keep their
 * size. Every column has a rectangle over it that shows its numbers when pointed at.
 */
#include <stdio.h>

#include "report/html_private.h"

enum { COLUMNS = 120, TICKS = 8, LEAST = 3 };
/* Units of the paths: a scale is so high, a column so wide, its bar less, or of few much less. */
enum { HEIGHT = 1000, PITCH = 10, BODY = 8, SLIM = 4, FEW = 16 };
enum { ABOVE = 12, FIELD = 180, BELOW = 24 };	/* pixels */

struct columns {
	const struct summary *s;
	uint64_t n[COLUMNS][VERDICTS];
	int64_t start, seconds;	/* of the first; of each */
	unsigned used;
	uint64_t top;		/* the end of the scale */
	unsigned lines;		/* so many parts it has */
};

/* The next round number, that so many lines divide into round ones too. */
static void
set_scale(struct columns *c)
{
	static const struct { unsigned char tenths, lines; } round[] = { { 10, 5 }, { 15, 3 },
		{ 20, 4 }, { 30, 3 }, { 40, 4 }, { 50, 5 }, { 60, 3 }, { 80, 4 } };
	uint64_t most = 1;

	for (unsigned i = 0; i < c->used; i++)
		most = class_sum(c->n[i]) > most ? class_sum(c->n[i]) : most;
	for (uint64_t unit = 1; c->top == 0 && unit < UINT64_MAX / 1000; unit *= 10)
		for (size_t i = 0; c->top == 0 && i < sizeof(round) / sizeof(round[0]); i++) {
			uint64_t tenths = round[i].tenths * unit;

			if (tenths % 10 != 0 || tenths / 10 < most)
				continue;
			c->top = tenths / 10;
			c->lines = c->top % round[i].lines ? (unsigned)c->top : round[i].lines;
		}
	if (c->top == 0) {
		c->top = most;
		c->lines = 1;
	}
}

static unsigned
height_of(const struct columns *c, uint64_t n)
{
	return (unsigned)(c->top > UINT64_MAX / HEIGHT ? n / (c->top / HEIGHT) :
	    (n * HEIGHT + c->top / 2) / c->top);
}

static struct civil
local(const struct columns *c, int64_t t)
{
	static const struct zone utc;
	const struct zone *zone = c->s->run->zone;

	/* A slot that is a day is a UTC day. */
	return zone_from_utc(zone && c->s->slot_seconds < UTC_DAY ? zone : &utc, t);
}

/* Slots of the summary are those with spam; columns are all, of so many slots that they fit. */
static void
take_slots(struct columns *c)
{
	static const unsigned char hours[] = { 2, 3, 4, 6, 12, 24 };
	const struct summary *s = c->s;
	int64_t unit = s->slot_seconds, slots, each = 1;

	c->start = utc_floor(s->first, unit);
	slots = (utc_floor(s->last, unit) - c->start) / unit + 1;
	for (unsigned i = 0; i < sizeof(hours) && slots > each * COLUMNS; i++)
		each = unit == UTC_HOUR ? hours[i] : each;
	if (slots > each * COLUMNS)
		each = (slots + COLUMNS - 1) / COLUMNS;
	c->seconds = each * unit;
	c->start = utc_floor(c->start, c->seconds < UTC_DAY ? c->seconds : unit);
	c->used = (unsigned)((utc_floor(s->last, unit) - c->start) / c->seconds + 1);
	for (unsigned i = 0; i < s->slots; i++) {
		int64_t at = (s->slot[i].start - c->start) / c->seconds;

		for (unsigned k = 0; at >= 0 && at < c->used && k < VERDICTS; k++)
			c->n[at][k] += s->slot[i].events[k];
	}
	set_scale(c);
}

static void
put_column_name(struct buf *b, const struct columns *c, unsigned i)
{
	struct civil t = local(c, c->start + i * c->seconds);

	buf_fmt(b, "%04d-%02d-%02d", t.year, t.month, t.day);
	if (c->s->slot_seconds < UTC_DAY)
		buf_fmt(b, " %02d:%02d", t.hour, t.minute);
}

static void
bars_of(struct buf *b, const struct columns *c, unsigned place)
{
	unsigned body = c->used < FEW ? SLIM : BODY;

	buf_fmt(b, "<path class=\"%c\" d=\"", class_letter(class_at(place)));
	for (unsigned i = 0; i < c->used; i++) {
		uint64_t below = 0, n = c->n[i][class_at(place)];

		for (unsigned k = 0; k < place; k++)
			below += c->n[i][class_at(k)];
		if (n > 0)
			buf_fmt(b, "M%u %uV%uh%uV%uz", i * PITCH + (PITCH - body) / 2,
			    HEIGHT - height_of(c, below), HEIGHT - height_of(c, below + n),
			    body, HEIGHT - height_of(c, below));
	}
	buf_str(b, "\"/>");
}

static void
pointed_at(struct buf *b, const struct columns *c)
{
	for (unsigned i = 0; i < c->used; i++) {
		if (class_sum(c->n[i]) == 0)
			continue;
		buf_fmt(b, "<rect x=\"%u\" width=\"%u\" height=\"%u\"><title>", i * PITCH,
		    (unsigned)PITCH, (unsigned)HEIGHT);
		put_column_name(b, c, i);
		for (unsigned k = 0; k < VERDICTS; k++)
			if (c->n[i][class_at(k)])
				buf_fmt(b, ", %s %s", word_number(c->n[i][class_at(k)]).text,
				    verdict_name(class_at(k)));
		buf_str(b, "</title></rect>");
	}
}

/* Days by their date, hours of a day by the hour; every second one may give way. */
static void
put_ticks(struct buf *b, const struct columns *c)
{
	static const int hours[] = { 1, 2, 3, 4, 6, 12, 24, 48, 24 * 7, 24 * 14, 24 * 28,
		24 * 91, 24 * 182, 24 * 364, 24 * 364 * 5, 24 * 364 * 25 };
	bool few = c->used < FEW;	/* then in the middle of a column, else at its start */
	size_t i = 0;
	int64_t step;

	while (i + 1 < sizeof(hours) / sizeof(hours[0]) &&
	    c->used * c->seconds > TICKS * (int64_t)hours[i] * UTC_HOUR)
		i++;
	step = (int64_t)hours[i] * UTC_HOUR;
	for (unsigned k = 0; k < c->used; k++) {
		struct civil t = local(c, c->start + k * c->seconds);
		int64_t at = utc_of_civil(&t);

		if (at - utc_floor(at, step) >= c->seconds || 100 * k > 93 * c->used)
			continue;
		buf_fmt(b, "<text x=\"%s\" y=\"%d\" class=\"%s%s\">",
		    word_width(2 * k + few, 2 * c->used).text, ABOVE + FIELD + 18,
		    few ? "mid" : "at", utc_floor(at, step) / step % 2 ? " minor" : "");
		if (t.hour == 0 && (step >= UTC_DAY || c->used * c->seconds > UTC_DAY))
			buf_fmt(b, "%02d-%02d</text>", t.month, t.day);
		else
			buf_fmt(b, "%02d:%02d</text>", t.hour, t.minute);
	}
}

static void
plot(struct buf *b, const struct columns *c)
{
	buf_fmt(b, "<div class=\"plot\">\n<svg class=\"scale\" aria-hidden=\"true\" height=\"%d\">",
	    ABOVE + FIELD + BELOW);
	for (unsigned i = 0; i <= c->lines; i++)
		buf_fmt(b, "<text x=\"100%%\" y=\"%u\">%s</text>",
		    ABOVE + FIELD - FIELD * i / c->lines + 4,
		    word_number(c->top / c->lines * i).text);
	buf_fmt(b, "</svg>\n<svg class=\"field\" role=\"img\" aria-label=\"Bars: spam attempts "
	    "over time, by class; the numbers follow as a table.\" height=\"%d\">",
	    ABOVE + FIELD + BELOW);
	for (unsigned i = 0; i <= c->lines; i++)
		buf_fmt(b, "<line x2=\"100%%\" y1=\"%u\" y2=\"%u\"/>",
		    ABOVE + FIELD - FIELD * i / c->lines, ABOVE + FIELD - FIELD * i / c->lines);
	buf_fmt(b, "<svg y=\"%d\" height=\"%d\" viewBox=\"0 0 %u %d\" "
	    "preserveAspectRatio=\"none\">", ABOVE, FIELD, c->used * PITCH, HEIGHT);
	for (unsigned i = 0; i < VERDICTS; i++)
		bars_of(b, c, i);
	buf_str(b, "<g class=\"points\">");
	pointed_at(b, c);
	buf_str(b, "</g></svg>");
	put_ticks(b, c);
	buf_str(b, "</svg>\n</div>\n");
}

static void
number_table(struct buf *b, const struct columns *c)
{
	const char *const column[] = { "From", verdict_name(class_at(0)),
		verdict_name(class_at(1)), verdict_name(class_at(2)), verdict_name(class_at(3)),
		NULL };

	buf_str(b, "<details class=\"numbers\"><summary>The numbers of the time line</summary>\n");
	html_table(b, "Spam attempts by time and class; times without are left out", column);
	for (unsigned i = 0; i < c->used; i++) {
		if (class_sum(c->n[i]) == 0)
			continue;
		buf_str(b, "<tr><th scope=\"row\">");
		put_column_name(b, c, i);
		buf_str(b, "</th>");
		for (unsigned k = 0; k < VERDICTS; k++)
			html_cell(b, c->n[i][class_at(k)]);
		buf_str(b, "</tr>\n");
	}
	html_table_end(b);
	buf_str(b, "</details>\n");
}

void
html_legend(struct buf *b)
{
	buf_str(b, "<ul class=\"legend\">");
	for (unsigned i = 0; i < VERDICTS; i++) {
		buf_str(b, "<li>");
		html_class(b, class_at(i));
		buf_str(b, "</li>");
	}
	buf_str(b, "</ul>\n");
}

static void
time_line(struct buf *b, const struct columns *c)
{
	struct word each = word_count((uint64_t)(c->seconds / c->s->slot_seconds),
	    c->s->slot_seconds == UTC_DAY ? "UTC day" : "hour");

	buf_fmt(b, "<figure>\n<figcaption>Spam attempts, each bar %s</figcaption>\n", each.text);
	html_legend(b);
	plot(b, c);
	number_table(b, c);
	buf_str(b, "</figure>\n");
}

void
html_time(struct buf *b, const struct summary *s)
{
	struct columns c = { .s = s };

	html_part(b, "time", "When", "Stolen accounts and scripts come in bursts, infected "
	    "machines all day long.");
	if (s->has_span && s->slots > 0)
		take_slots(&c);
	if (c.used >= LEAST) {
		time_line(b, &c);
		html_hours(b, s);
	} else {
		buf_str(b, "<p>The log covers too short a time for a time line.</p>\n");
	}
	html_part_end(b);
}
