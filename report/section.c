/* See section.h. */
#include "report/section.h"

#include <stddef.h>

const char *const section_words[SECTIONS + 1] = { "totals", "own_side", "sources", "providers",
	"countermeasures", "dnsbl", "timeline", "warnings", "input", "reasons", NULL };
