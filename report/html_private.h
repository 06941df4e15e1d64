/*
 * html_private: what report/html*.c share; for nobody else.
 *
 * Markup is written with buf_str() and buf_fmt(); whatever is not a literal of ours goes through a
 * html_ function or is a struct word, which is escaped already.
 */
#ifndef REPORT_HTML_PRIVATE_H
#define REPORT_HTML_PRIVATE_H

#include "report/html.h"

struct word {			/* a figure, ready for text and attributes */
	char text[64];
};

struct word word_number(uint64_t n);				/* 1,234 */
struct word word_percent(uint64_t part, uint64_t whole);	/* 12.3 % */
struct word word_range(uint64_t least, uint64_t most, uint64_t whole);	/* 12.3 to 45.6 % */
struct word word_time(const struct summary *s, int64_t t);	/* 2026-11-20 07:12 */
struct word word_count(uint64_t n, const char *noun);		/* 3 messages */
struct word word_width(uint64_t part, uint64_t whole);		/* 12.34%: a length in SVG */

/* Visible text as it is, with what is markup escaped. */
void html_text(struct buf *b, struct slice visible);
/* A stranger's bytes: visible, at most HTML_NAME characters, escaped, isolated. */
void html_name(struct buf *b, struct slice bytes);
/* The part of a page: its heading, and with note a line under it. Ends with html_part_end(). */
void html_part(struct buf *b, const char *id, const char *title, const char *note);
void html_part_end(struct buf *b);
void html_cell(struct buf *b, uint64_t n);	/* a number in a table; none is pale */
/* A table that may be wider than the page; head ends with NULL. The caption names it. */
void html_table(struct buf *b, const char *caption, const char *const *head);
void html_table_end(struct buf *b);
/* A bar of width part of whole in class colour; lighter from there to most. For tables. */
void html_bar(struct buf *b, char colour, uint64_t part, uint64_t most, uint64_t whole);
/* The classes with their colours, for a chart. */
void html_legend(struct buf *b);
/* The same of lower and upper, and under it a line from low to high with a point at corrected. */
void html_interval(struct buf *b, char colour, const struct estimate *e, uint64_t whole);
/* The word of a class, with its colour in front. */
void html_class(struct buf *b, unsigned verdict);

char class_letter(unsigned verdict);		/* z m c u: its colour in the style sheet */
const char *class_phrase(unsigned verdict);	/* infected end-user machines */
/* Classes in the order of all tables: 0, 1, 2, 3 gives zombie ... unattributed. */
unsigned class_at(unsigned i);
uint64_t class_sum(const uint64_t n[VERDICTS]);
struct slice key_name(struct slice key);	/* without its kind: "account:info" gives "info" */

void html_time(struct buf *b, const struct summary *s);
void html_hours(struct buf *b, const struct summary *s);	/* a figure of it */
void html_stages(struct buf *b, const struct summary *s);
void html_stops(struct buf *b, const struct summary *s);
void html_own(struct buf *b, const struct summary *s);
void html_elsewhere(struct buf *b, const struct summary *s);
void html_changes(struct buf *b, const struct summary *s);
void html_providers(struct buf *b, const struct summary *s);
void html_dnsbl(struct buf *b, const struct summary *s);
void html_about(struct buf *b, const struct summary *s);
void html_glossary(struct buf *b);

extern const char html_style[];		/* report/html.css, made a C text by the Makefile */

#endif
