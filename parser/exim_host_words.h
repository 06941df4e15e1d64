/*
 * exim_host_words: exim_host.h where the next word starts.
 *
 * Nearly always the block is words, of which the last one is an IPv4 address. Then the words say
 * where it ends, and what is in them is only checked, so that what comes behind need not wait for
 * it. Any other block is left to exim_host.c.
 */
#ifndef PARSER_EXIM_HOST_WORDS_H
#define PARSER_EXIM_HOST_WORDS_H

#include "base/addr_v4.h"
#include "parser/exim_host.h"
#include "parser/exim_words.h"

/* ":4711" as a whole: all bytes from p to end. */
static inline bool
exim_is_port(const char *p, const char *end, struct exim_host *h)
{
	size_t n = (size_t)(end - p) - 1;
	uint64_t v = swar_load(p + 1);
	uint32_t port;

	if (*p != ':' || n - 1 > 4 || swar_not_digit(v) << (64 - 8 * n) != 0)
		return false;
	port = swar_number(v, n);
	h->port = (uint16_t)port;
	return port <= UINT16_MAX;
}

/* The usual block; NULL: it is not that, and *w is anywhere. */
static inline const char *
exim_usual_host(struct exim_words *w, const char *p, struct exim_host *h)
{
	const char *q = exim_words_next(w), *close;
	size_t n;

	h->name = h->helo = SLICE_NONE;
	h->has_addr = true;
	h->port = 0;
	if (*p != '(' && *p != '[') {
		if (*q != ' ' || q == w->end)
			return NULL;
		h->name = slice_range(p, q);
		p = q + 1;
		q = exim_words_next(w);
	}
	if (*p == '(') {
		/* the first ") [" is where a word ends */
		if (*q != ' ' || q == w->end || q[-1] != ')')
			return NULL;
		h->helo = slice_range(p + 1, q - 1);
		p = q + 1;
		q = exim_words_next(w);
		if (q[0] == ' ' && q[1] == '(')		/* a HELO that reads like a block */
			return NULL;
	}
	n = addr_read_v4(p + 1, ']', &h->addr);
	close = p + 1 + n;
	if (*p != '[' || n == 0 || (close != q && !exim_is_port(close, q, h)))
		return NULL;
	return *q == '"' ? NULL : q;
}

/* As exim_host(). */
static inline const char *
exim_words_host(struct exim_words *w, const char *p, struct exim_host *h)
{
	struct exim_words usual = *w;
	const char *q = exim_usual_host(&usual, p, h);

	if (q != NULL) {
		*w = usual;
		return q;
	}
	q = exim_host(p, w->end, h);
	if (q != NULL)
		exim_words_behind(w, q);
	return q;
}

/* As exim_bare_client(). */
static inline const char *
exim_words_client(struct exim_words *w, const char *p, struct event *ev)
{
	struct exim_words usual = *w;
	struct exim_host h;
	const char *q = exim_usual_host(&usual, p, &h);

	if (q != NULL && !exim_at(q, w->end, SLICE(" I="))) {
		exim_set_client(ev, &h);
		*w = usual;
		return q;
	}
	q = exim_bare_client(p, w->end, ev);
	if (q != NULL)
		exim_words_behind(w, q);
	return q;
}

#endif
