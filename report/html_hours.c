/*
 * The pattern of the day: a strip of 24 hours for each class, each as dark as it has much of that
 * class. Strips of two classes cannot be compared; the numbers can.
 */
#include "report/html_private.h"

enum { SHADES = 5 };

static uint64_t
most_of(const struct summary *s, unsigned k)
{
	uint64_t most = 0;

	for (unsigned i = 0; i < HOURS; i++)
		most = s->hour[i][k] > most ? s->hour[i][k] : most;
	return most;
}

/* 1 to SHADES for what is not nothing. */
static unsigned
shade(uint64_t n, uint64_t most)
{
	while (most > UINT64_MAX / SHADES) {
		most /= 2;
		n /= 2;
	}
	return n == 0 ? 1 : (unsigned)((n * SHADES + most - 1) / most);
}

static void
strip(struct buf *b, const struct summary *s, unsigned k)
{
	uint64_t most = most_of(s, k);

	if (most == 0)
		return;
	buf_str(b, "<li><p>");
	html_class(b, k);
	buf_str(b, "</p><svg aria-hidden=\"true\">");
	for (unsigned i = 0; i < HOURS; i++) {
		if (s->hour[i][k] == 0)
			continue;
		buf_fmt(b, "<rect class=\"%c s%u\" x=\"%s\" width=\"4%%\" height=\"100%%\"><title>"
		    "%02u:00, %s</title></rect>", class_letter(k), shade(s->hour[i][k], most),
		    word_width(i, HOURS).text, i, word_number(s->hour[i][k]).text);
	}
	buf_str(b, "</svg></li>\n");
}

static void
numbers(struct buf *b, const struct summary *s)
{
	const char *const column[] = { "Hour", verdict_name(class_at(0)), verdict_name(class_at(1)),
		verdict_name(class_at(2)), verdict_name(class_at(3)), NULL };

	buf_str(b, "<details class=\"numbers\"><summary>The numbers of the hours</summary>\n");
	html_table(b, "Spam attempts by hour of the day and class", column);
	for (unsigned i = 0; i < HOURS; i++) {
		buf_fmt(b, "<tr><th scope=\"row\">%02u:00</th>", i);
		for (unsigned k = 0; k < VERDICTS; k++)
			html_cell(b, s->hour[i][class_at(k)]);
		buf_str(b, "</tr>\n");
	}
	html_table_end(b);
	buf_str(b, "</details>\n");
}

void
html_hours(struct buf *b, const struct summary *s)
{
	buf_str(b, "<figure>\n<figcaption>Hours of the day; stronger: more of this class"
	    "</figcaption>\n<ol class=\"hours\">\n");
	for (unsigned i = 0; i < VERDICTS; i++)
		strip(b, s, class_at(i));
	buf_str(b, "</ol>\n<p class=\"clock\" aria-hidden=\"true\"><span>00</span><span>06</span>"
	    "<span>12</span><span>18</span></p>\n");
	numbers(b, s);
	buf_str(b, "</figure>\n");
}
