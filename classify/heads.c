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
void
heads_ask(struct heads *h, unsigned two)
{
	PCRE2_UCHAR text[2] = { (PCRE2_UCHAR)(two & 255), (PCRE2_UCHAR)(two >> 8) };
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	bool may = false;

	if (data == NULL)
		die_nomem();
	for (unsigned i = 0; i < h->patterns && !may; i++)
		if (bytes_have(&h->pattern[i]->first, (char)text[0]))
			may = pcre2_match(h->pattern[i]->code, text, 2, 0, PCRE2_PARTIAL_HARD, data,
			    NULL) != PCRE2_ERROR_NOMATCH;
	bits_add(h->known, two);
	if (may)
		bits_add(h->may, two);
	pcre2_match_data_free(data);
}
