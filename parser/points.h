/* points: scores as content filters print them. */
#ifndef PARSER_POINTS_H
#define PARSER_POINTS_H

#include <stdint.h>

#include "base/slice.h"

/* "6.364", "-2.541", "+1" at the start of *s, in thousandths, others cut; *s moves behind it. */
static inline bool
points_take(struct slice *s, int32_t *milli_r)
{
	bool minus = slice_take(s, SLICE("-"));
	int32_t value = 0, unit = 1000;
	size_t i, start;

	if (!minus)
		slice_take(s, SLICE("+"));
	for (i = 0; i < s->n && i < 6 && s->p[i] >= '0' && s->p[i] <= '9'; i++)
		value = value * 10 + (s->p[i] - '0');
	if (i == 0)
		return false;
	value *= 1000;
	if (i < s->n && s->p[i] == '.')
		for (start = ++i; i < s->n && s->p[i] >= '0' && s->p[i] <= '9'; i++)
			if (i - start < 3)
				value += (s->p[i] - '0') * (unit /= 10);
	*s = slice_skip(*s, i);
	*milli_r = minus ? -value : value;
	return true;
}

#endif
