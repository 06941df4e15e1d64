/* See heads.h. */
#include "classify/heads.h"

#include <stdlib.h>

#include "base/problem.h"

enum { PAIRS = 1 << 16 };

void
heads_add(struct heads *h, const struct pattern *p)
{
	if (h->known == NULL) {
		h->known = mem_alloc(2ul * (PAIRS / 64) * sizeof(*h->known));
		h->may = h->known + PAIRS / 64;
	}
	mem_grow(&h->pattern, &h->cap, h->patterns + 1, sizeof(*h->pattern));
	h->pattern[h->patterns++] = p;
}

void
heads_free(struct heads *h)
{
	free(h->pattern);
	free(h->known);
	*h = (struct heads){ 0 };
}

/* Whatever goes wrong, it may match. */
static bool
any_may_match(const struct heads *h, const PCRE2_UCHAR two[2])
{
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	bool may = false;

	if (data == NULL)
		die_nomem();
	for (unsigned i = 0; i < h->patterns && !may; i++)
		if (bytes_have(&h->pattern[i]->first, (char)two[0]))
			may = pcre2_match(h->pattern[i]->code, two, 2, 0, PCRE2_PARTIAL_HARD, data,
			    NULL) != PCRE2_ERROR_NOMATCH;
	pcre2_match_data_free(data);
	return may;
}

bool
heads_ask(struct heads *h, struct slice text)
{
	unsigned two;

	if (text.n < 2)
		return true;
	two = heads_two(text);
	if (!bits_have(h->known, two)) {
		bits_add(h->known, two);
		if (any_may_match(h, (PCRE2_SPTR)text.p))
			bits_add(h->may, two);
	}
	return bits_have(h->may, two);
}
