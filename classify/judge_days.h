/* judge_days: where judge_next() is, and what it remembers; private to classify/judge*.c. */
#ifndef CLASSIFY_JUDGE_DAYS_H
#define CLASSIFY_JUDGE_DAYS_H

#include <stddef.h>

#include "classify/judge.h"
#include "classify/state_hours.h"

/* What was judged of one signature of a day. */
struct outcome {
	uint32_t signature, n;
	bool spam;
	char attribution[offsetof(struct attribution, subtype)];
};

/*
 * All outcomes of a day in one profile: of sources without sets or an owner, all whose bags of the
 * window are alike, as most bots' are.
 */
struct verdicts {
	uint64_t profile;
	uint32_t at, n;		/* in judge.outcome */
};

enum { PROFILES = 1 << 14, OUTCOMES = 1 << 14 };	/* remembered */

struct days {
	bool again;		/* with proofs */
	uint32_t at, end;	/* the source; where the last one is behind */
	struct walk next;	/* its next day */
	int64_t day;		/* of the outcomes that are given out next */
	struct walk from;	/* its newest hour */
	unsigned give, give_end;	/* they, in outcome */
	struct verdicts *verdicts;	/* direct-mapped */
	struct outcome *outcome;
	unsigned outcomes, cap;	/* that verdicts refer to */
	uint32_t *place;	/* by signature: of the day's outcomes, + 1, or 0 */
};

void days_open(struct judge *j);
void days_close(struct judge *j);

#endif
