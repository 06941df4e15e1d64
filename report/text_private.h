/* text_private: lines of at most 80 columns; shared by report/text*.c, for nobody else. */
#ifndef REPORT_TEXT_PRIVATE_H
#define REPORT_TEXT_PRIVATE_H

#include "report/figures.h"
#include "report/text.h"

enum style { PLAIN, HEADING, ALARM };

struct page {			/* lines in the making; zeroed: empty. page_free() */
	struct buf done, line;
	unsigned lines;
	bool colour;
	const struct summary *s;
};

void page_free(struct page *p);
/* Ends p->line: cut to the width, with the style around it. */
void page_end(struct page *p, enum style style);
/* Visible text, broken at spaces behind p->line, at most max lines, the next ones indented. */
void page_wrap(struct page *p, struct slice text, unsigned indent, unsigned max);
/* A stranger's bytes in at most so many columns; pad: filled up with spaces. */
void put_name(struct buf *b, struct slice name, unsigned columns, bool pad);

/* text_findings.c: at most max findings; own ones in full when max is UINT32_MAX. */
void text_own(struct page *p, unsigned max, bool quiet);
void text_elsewhere(struct page *p, unsigned max, bool why);
/* How many classes have any there. */
unsigned text_classes_elsewhere(const struct summary *s);
void text_lists(struct page *p, unsigned top);	/* verbose: per class, providers, timeline */

#endif
