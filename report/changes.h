/*
 * changes: now against before: what is new, what went quiet, and whether a network's zombies
 * changed in another way than all the others'.
 *
 * Before and now are two spans of time of one input, or two inputs. Their lengths may differ:
 * per_day() makes them comparable.
 */
#ifndef REPORT_CHANGES_H
#define REPORT_CHANGES_H

#include "base/slice.h"
#include "base/utc.h"
#include "classify/terms.h"

enum changes_by {
	CHANGES_NONE,		/* there is nothing to compare */
	CHANGES_DAY,		/* the last day with the days before it */
	CHANGES_SPLIT,		/* --split */
	CHANGES_COMPARE		/* --compare */
};

enum { BEFORE, NOW, PERIODS };

struct period {
	int64_t from, to;	/* UTC seconds: from <= t < to */
	uint64_t attempts[VERDICTS], accepted[VERDICTS];	/* spam */
	uint64_t sources[VERDICTS];	/* by their class in the whole */
};

struct change {			/* of an own source, or of a network elsewhere */
	struct slice key;	/* as in finding and network */
	uint8_t verdict;	/* of most of its spam */
	bool own;
	uint64_t attempts[PERIODS];
	int64_t first, last;
};

/*
 * A network's zombies and all others', before and now: how the one changed over how the others
 * did, per mille: 1000 is alike. A block that works has high < 1000.
 */
struct treated {
	struct slice network;
	uint64_t attempts[PERIODS], others[PERIODS];
	uint32_t ratio, low, high;	/* 95 % interval */
};

struct change_list {		/* largest first, cut to top */
	struct change *item;
	unsigned n;
	uint64_t all;
};

struct changes {
	uint8_t by;
	struct period period[PERIODS];
	struct change_list fresh, quiet;	/* no spam before; none now */
	uint64_t fresh_sources[VERDICTS], quiet_sources[VERDICTS];
	struct treated *treated;	/* networks with most zombies, cut to top */
	unsigned treateds;
};

/* n of the period in 24 hours, rounded. */
uint64_t per_day(uint64_t n, const struct period *p);
const char *changes_name(unsigned by);

#endif
