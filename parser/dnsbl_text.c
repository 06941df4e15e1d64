/*
 * See dnsbl_text.h: the capital letters behind "query/" or "query=".  A refused query has
 * "Error: open resolver; https://check.spamhaus.org/returnc/pub/192.0.2.1/".
 */
#include "parser/dnsbl_text.h"

struct slice
dnsbl_part(struct slice text)
{
	static const struct slice part[] = { { "SBLCSS", 6 }, { "SBL", 3 }, { "PBL", 3 },
		{ "XBL", 3 } };
	const char *at = slice_str(text, SLICE("query"));
	struct slice s;
	size_t n = 0;

	if (at == NULL)
		return slice_str(text, SLICE("/returnc/")) ? SLICE("error") : SLICE_NONE;
	s = slice_skip(slice_range(at, slice_end(text)), 5);
	if (!slice_take(&s, SLICE("/")) && !slice_take(&s, SLICE("=")))
		return SLICE_NONE;
	while (n < s.n && s.p[n] >= 'A' && s.p[n] <= 'Z')
		n++;
	for (size_t i = 0; i < sizeof(part) / sizeof(part[0]); i++)
		if (slice_eq(slice_first(s, n), part[i]))
			return slice_first(s, n);
	return SLICE_NONE;
}
