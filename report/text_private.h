/* text_private: lines of at most 80 columns; shared by report/text*.c, for nobody else. */
#ifndef REPORT_TEXT_PRIVATE_H
#define REPORT_TEXT_PRIVATE_H

#include "report/figures.h"
#include "report/text.h"

enum style { PLAIN, HEADING, ALARM };

struct page {			/* lines in the making; zeroed: empty. page_free() */
	struct buf done, line;
	unsigned lines;
	bool colour, terminal, utf8;
	enum style wrap;	/* of page_wrap()'s lines */
	const struct summary *s;
};

/* An empty page that is laid out as p is. */
static inline struct page
page_like(const struct page *p)
{
	return (struct page){ .colour = p->colour, .terminal = p->terminal, .utf8 = p->utf8,
		.s = p->s };
}

void page_free(struct page *p);
/* Ends p->line: cut to the width, with the style around it. */
void page_end(struct page *p, enum style style);
/* Visible text, broken at spaces behind p->line, at most max lines, the next ones indented. */
void page_wrap(struct page *p, struct slice text, unsigned indent, unsigned max);
/* A stranger's bytes in at most so many columns; pad: filled up with spaces. */
void put_name(struct buf *b, struct slice name, unsigned columns, bool pad);
/* The same at the end of p->line; cut on a terminal only. */
void page_name(struct page *p, struct slice name, unsigned columns, bool pad);
/* A bar of part in whole, width columns for all of it; padded when pad. */
void put_bar(struct page *p, uint64_t part, uint64_t whole, unsigned width, bool pad);
/* Classes come in this order: zombie, misconfigured, compromised, unattributed. */
static inline unsigned
class_at(unsigned i)
{
	return (i + 1) % VERDICTS;
}


/* text_findings.c: at most max findings; own ones in full when max is UINT32_MAX. */
void text_own(struct page *p, unsigned max, bool quiet);
void text_elsewhere(struct page *p, unsigned max, bool why);
/* How many classes have any there. */
unsigned text_classes_elsewhere(const struct summary *s);
void text_sources(struct page *p, unsigned top);	/* of each class */
void text_timeline(struct page *p);
/* text_notes.c */
uint64_t text_lines(const struct summary *s);	/* read */
void text_flow(struct page *p, struct buf *text, unsigned max);	/* as page_wrap(); empties text */
void text_reasons(struct page *p);
void text_vantage(struct page *p);
void text_notes(struct page *p, unsigned max);
void text_accounting(struct page *p, bool verbose);
void text_samples(struct page *p);
void text_tail(struct page *p, unsigned notes_max);	/* all; UINT32_MAX: whole */
/* text_measures.c */
void text_measures_short(struct page *p);
void text_measures(struct page *p);
void text_lists_short(struct page *p);		/* of DNSBLs */
void text_lists(struct page *p);
/* text_networks.c */
void text_networks_short(struct page *p);
void text_networks(struct page *p, const struct network *list, unsigned n, const char *head);
void text_port25_users(struct page *p, unsigned top);
/* text_changes.c */
void text_changes_short(struct page *p);
void text_changes(struct page *p);
void text_treated(struct page *p);
void text_funnel(struct page *p);
void text_hours(struct page *p);

#endif
