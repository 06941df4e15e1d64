/*
 * exim_words: the words of a line by its blanks, which are found before it is known what they part.
 *
 * To look for the end of each word from where the one before ended means to wait for that one each
 * time. The blanks of 64 bytes are found at once; then one word does not wait for another.
 */
#ifndef PARSER_EXIM_WORDS_H
#define PARSER_EXIM_WORDS_H

#include "parser/exim_parts.h"

/* Of the 64 bytes at p those that are a blank or a quote. Not inline: it is needed everywhere. */
uint64_t exim_blanks(const char *p);

struct exim_words {
	const char *base, *end;
	uint64_t hit;		/* blanks and quotes in the 64 bytes at base that are ahead */
};

/* The next word starts at p. */
static inline struct exim_words
exim_words(const char *p, const char *end)
{
	return (struct exim_words){ p, end, exim_blanks(p) };
}

/* The next word starts behind the byte at q. */
static inline void
exim_words_behind(struct exim_words *w, const char *q)
{
	*w = exim_words(q < w->end ? q + 1 : q, w->end);
}

/* The next word starts at p, which is ahead. */
static inline void
exim_words_skip(struct exim_words *w, const char *p)
{
	size_t at = (size_t)(p - w->base);

	if (at < 64)
		w->hit = w->hit >> at << at;
	else
		*w = exim_words(p, w->end);
}

/* Goes on behind bytes that hold no more blanks; false: there are none. */
static inline bool
exim_words_more(struct exim_words *w)
{
	while (w->hit == 0) {
		if (w->end - w->base <= 64)
			return false;
		w->base += 64;
		w->hit = exim_blanks(w->base);
	}
	return true;
}

/* The next blank or quote, or the line's end. */
static inline __attribute__((always_inline)) const char *
exim_words_next(struct exim_words *w)
{
	const char *q;

	if (w->hit == 0 && !exim_words_more(w))
		return w->end;
	q = w->base + __builtin_ctzll(w->hit);
	w->hit &= w->hit - 1;
	return q < w->end ? q : w->end;
}

/* As exim_word(); p is where the next word starts. */
static inline __attribute__((always_inline)) const char *
exim_words_word(struct exim_words *w, const char *p)
{
	const char *q = exim_words_next(w);

	if (*q == '"' && q < w->end) {
		q = exim_quoted_word(p, w->end);
		exim_words_behind(w, q);
	}
	return q;
}

/* As exim_angle(); p is where the next word starts. */
static inline const char *
exim_words_angle(struct exim_words *w, const char *p, struct slice *value_r)
{
	struct exim_words behind = *w;
	const char *q = exim_words_next(&behind);
	uint64_t hit = wide_either64(p, '>', '"');

	if (*p == '<' && hit != 0 && p + __builtin_ctzll(hit) + 1 == q && q[-1] == '>' &&
	    *q == ' ') {
		*value_r = slice_range(p + 1, q - 1);
		*w = behind;
		return q;
	}
	q = exim_angle(p, w->end, value_r);
	if (q != NULL)
		exim_words_behind(w, q);
	return q;
}

#endif
