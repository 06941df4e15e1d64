/* Figures, strangers' texts and the small pieces of markup that every part of the page uses. */
#include <stdio.h>

#include "report/figures.h"
#include "report/html_private.h"

/* The word of what stands in b, with no-break spaces; frees b. */
static struct word
word_of(struct buf *b)
{
	struct word w = { "" };
	size_t at = 0;

	for (unsigned i = 0; i < b->n && at + 8 < sizeof(w.text); i++) {
		const char *to = b->p[i] == ' ' ? "&#160;" : b->p[i] == '<' ? "&lt;" : NULL;

		if (to == NULL)
			w.text[at++] = b->p[i];
		else
			at += (size_t)snprintf(w.text + at, sizeof(w.text) - at, "%s", to);
	}
	buf_free(b);
	return w;
}

struct word
word_number(uint64_t n)
{
	struct buf b = { 0 };

	put_number(&b, n, 0);
	return word_of(&b);
}

struct word
word_percent(uint64_t part, uint64_t whole)
{
	struct buf b = { 0 };

	if (whole == 0)
		return (struct word){ "&#8211;" };
	put_percent(&b, part, whole, 0);
	buf_str(&b, " %");
	return word_of(&b);
}

struct word
word_range(uint64_t least, uint64_t most, uint64_t whole)
{
	struct buf b = { 0 };

	put_range(&b, "", least, " to ", most, whole);
	return word_of(&b);
}

struct word
word_time(const struct summary *s, int64_t t)
{
	struct buf b = { 0 };

	put_time(&b, s, t);
	return word_of(&b);
}

struct word
word_count(uint64_t n, const char *noun)
{
	struct buf b = { 0 };

	put_count(&b, n, noun);
	return word_of(&b);
}

struct word
word_width(uint64_t part, uint64_t whole)
{
	struct word w;
	uint64_t x;

	while (part > UINT64_MAX / 20000) {	/* sums of strangers' "repeated N times" */
		part /= 2;
		whole /= 2;
	}
	x = whole ? (part * 10000 + whole / 2) / whole : 0;
	snprintf(w.text, sizeof(w.text), "%u.%02u%%", (unsigned)(x / 100), (unsigned)(x % 100));
	return w;
}

void
html_text(struct buf *b, struct slice visible)
{
	static const char special[] = "&<>\"'";

	for (size_t i = 0; i < visible.n; i++) {
		char c = visible.p[i];

		if (c != '\0' && strchr(special, c) != NULL)
			buf_fmt(b, "&#%d;", c);
		else
			buf_chr(b, c);
	}
}

void
html_name(struct buf *b, struct slice bytes)
{
	struct buf visible = { 0 };
	struct slice rest;
	unsigned n = 0;

	buf_visible(&visible, bytes);
	for (rest = buf_slice(&visible); rest.n > 0 && n < HTML_NAME; n++) {
		uint32_t code = 0;
		unsigned len = utf8_next(rest, &code);

		rest = slice_skip(rest, len ? len : 1);
	}
	buf_str(b, "<bdi>");
	html_text(b, slice_first(buf_slice(&visible), visible.n - rest.n));
	buf_str(b, rest.n ? "&#8230;</bdi>" : "</bdi>");
	buf_free(&visible);
}

void
html_part(struct buf *b, const char *id, const char *title, const char *note)
{
	buf_fmt(b, "<section class=\"part\" id=\"%s\" aria-labelledby=\"%s-h\">\n<header>\n"
	    "<h2 id=\"%s-h\">%s</h2>\n", id, id, id, title);
	if (note != NULL)
		buf_fmt(b, "<p>%s</p>\n", note);
	buf_str(b, "</header>\n<div class=\"body\">\n");
}

void
html_part_end(struct buf *b)
{
	buf_str(b, "</div>\n</section>\n");
}

void
html_table(struct buf *b, const char *caption, const char *const *head)
{
	buf_fmt(b, "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"%s\"><table>\n"
	    "<caption>%s</caption>\n<thead><tr>", caption, caption);
	for (; *head != NULL; head++)
		buf_fmt(b, "<th scope=\"col\">%s</th>", *head);
	buf_str(b, "</tr></thead>\n<tbody>\n");
}

void
html_table_end(struct buf *b)
{
	buf_str(b, "</tbody>\n</table></div>\n");
}

void
html_cell(struct buf *b, uint64_t n)
{
	buf_fmt(b, n ? "<td>%s</td>" : "<td class=\"none\">%s</td>", word_number(n).text);
}

void
html_bar(struct buf *b, char colour, uint64_t part, uint64_t most, uint64_t whole)
{
	buf_str(b, "<svg class=\"bar\" aria-hidden=\"true\">");
	if (most > part)
		buf_fmt(b, "<rect class=\"%c may\" width=\"%s\" height=\"100%%\"/>", colour,
		    word_width(most, whole).text);
	if (part > 0)
		buf_fmt(b, "<rect class=\"%c\" width=\"%s\" height=\"100%%\"/>", colour,
		    word_width(part, whole).text);
	buf_str(b, "</svg>");
}

void
html_interval(struct buf *b, char colour, const struct estimate *e, uint64_t whole)
{
	struct word low = word_width(e->low, whole), high = word_width(e->high, whole);

	buf_str(b, "<svg class=\"bar span\" aria-hidden=\"true\">"
	    "<rect class=\"track\" width=\"100%\" height=\"60%\"/>");
	if (e->upper > e->lower)
		buf_fmt(b, "<rect class=\"%c may\" width=\"%s\" height=\"60%%\"/>", colour,
		    word_width(e->upper, whole).text);
	if (e->lower > 0)
		buf_fmt(b, "<rect class=\"%c\" width=\"%s\" height=\"60%%\"/>", colour,
		    word_width(e->lower, whole).text);
	if (estimate_least(e) < estimate_most(e))	/* else it was counted */
		buf_fmt(b, "<line x1=\"%s\" x2=\"%s\" y1=\"84%%\" y2=\"84%%\"/>"
		    "<circle cx=\"%s\" cy=\"84%%\" r=\"2.5\"/>", low.text, high.text,
		    word_width(e->corrected, whole).text);
	buf_str(b, "</svg>");
}

void
html_class(struct buf *b, unsigned verdict)
{
	buf_fmt(b, "<span class=\"key %c\">%s</span>", class_letter(verdict),
	    verdict_name(verdict));
}

char
class_letter(unsigned verdict)
{
	return "uzmc"[verdict];
}

const char *
class_phrase(unsigned verdict)
{
	static const char *const phrase[VERDICTS] = { "not enough evidence",
		"infected end-user machines", "hacked or open servers", "stolen mail accounts" };

	return phrase[verdict];
}

unsigned
class_at(unsigned i)
{
	return (i + 1) % VERDICTS;
}

uint64_t
class_sum(const uint64_t n[VERDICTS])
{
	uint64_t sum = 0;

	for (unsigned k = 0; k < VERDICTS; k++)
		sum += n[k];
	return sum;
}

struct slice
key_name(struct slice key)
{
	const char *colon = slice_chr(key, ':');

	return colon ? slice_range(colon + 1, slice_end(key)) : key;
}
