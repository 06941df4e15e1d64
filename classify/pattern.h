/*
 * pattern: a compiled regular expression with a screen; private to rule_*.c, matcher.c, screens.c.
 * Most texts fail the screen, which costs a few instructions; PCRE2 costs hundreds.
 */
#ifndef CLASSIFY_PATTERN_H
#define CLASSIFY_PATTERN_H

#ifndef PCRE2_CODE_UNIT_WIDTH
#define PCRE2_CODE_UNIT_WIDTH 8
#endif
#include <pcre2.h>
#include <stdbool.h>

#include "base/slice.h"
#include "classify/bits.h"

/* Letters fit in both cases; $ is the end, not before a last newline. */
enum { PATTERN_OPTIONS = PCRE2_CASELESS | PCRE2_DOLLAR_ENDONLY };

struct pattern {
	struct slice text;	/* as written, in the arena of the rules */
	pcre2_code *code;
	bool jit;
	bool anchored;		/* a match begins at the start of the text */
	bool any_first;		/* nothing is known of the first byte of a match */
	bool has_required; /* some byte must stand in the text: required, or other (its case) */
	char required, other;
	struct bytes first;	/* bytes that a match can begin with */
};

#endif
