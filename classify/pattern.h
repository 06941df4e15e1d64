/* pattern: a compiled regular expression; private to classify/rule_when.c and evaluator.c. */
#ifndef CLASSIFY_PATTERN_H
#define CLASSIFY_PATTERN_H

#ifndef PCRE2_CODE_UNIT_WIDTH
#define PCRE2_CODE_UNIT_WIDTH 8
#endif
#include <pcre2.h>

struct pattern {
	pcre2_code *code;
};

#endif
