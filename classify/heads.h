/*
 * heads: may a text that begins with these two bytes fit a pattern that begins with the text?
 * Private to classify/matcher.c.
 *
 * PCRE2 itself tells, once for each two bytes that come: a partial match of the two says that more
 * of the text may make it a whole one. Most texts are told from all patterns so.
 */
#ifndef CLASSIFY_HEADS_H
#define CLASSIFY_HEADS_H

#include "classify/pattern.h"

struct heads {			/* of one kind of text; zeroed: no patterns */
	const struct pattern **pattern;
	unsigned patterns, cap;
	uint64_t *known, *may;		/* of two bytes a bit each, the first one lowest */
};

/* p must outlive it. */
void heads_add(struct heads *h, const struct pattern *p);
void heads_free(struct heads *h);
/* Asks for two bytes that are not known. */
void heads_ask(struct heads *h, unsigned two);

/* text is not empty. */
static inline bool
heads_may(struct heads *h, struct slice text)
{
	unsigned two;

	if (text.n < 2)
		return true;
	two = (unsigned char)text.p[0] | (unsigned)(unsigned char)text.p[1] << 8;
	if (!bits_have(h->known, two))
		heads_ask(h, two);
	return bits_have(h->may, two);
}

#endif
