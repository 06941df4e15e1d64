/* See section.h. */
#include "report/section.h"

#include <stddef.h>

const char *const section_words[SECTIONS + 1] = { "totals", "own_side", "sources", "providers",
	"networks", "countermeasures", "cells", "dnsbl", "lists", "reasons", "timeline", "hours",
	"funnel", "flows", "port25_users", "changes", "zombie_networks", "warnings", "input",
	NULL };
