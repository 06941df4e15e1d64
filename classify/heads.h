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
static inline unsigned
heads_two(struct slice text)
{
	return (unsigned char)text.p[0] | (unsigned)(unsigned char)text.p[1] << 8;
}

/* For all that is known, may it? text is not empty. */
static inline bool
heads_may(const struct heads *h, struct slice text)
{
	unsigned two;

	if (text.n < 2)
		return true;
	two = heads_two(text);
	return bits_have(h->may, two) || !bits_have(h->known, two);
}

/* The same; two bytes that are not known are asked about. */
bool heads_ask(struct heads *h, struct slice text);

#endif
