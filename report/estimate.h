/*
 * estimate: from the verdicts that were given to the classes that there were.
 *
 * Verdicts are wrong or missing in known proportions (the model's accuracy, measured on labelled
 * logs). Turned round, they say what was there. How sure that is, is known as well: proportions
 * were measured on so many sources, and differ from log to log; each source is judged as a whole.
 * The 95 % interval is of all numbers with which what was seen would not be a surprise.
 * Integers only.
 */
#ifndef REPORT_ESTIMATE_H
#define REPORT_ESTIMATE_H

#include "base/slice.h"
#include "classify/terms.h"

struct estimate {
	uint64_t lower, upper;		/* attributed; and all that may be */
	uint64_t corrected, low, high;	/* best guess and its 95 % interval */
};

struct seen {			/* what was judged: spam events */
	uint64_t n[VERDICTS];		/* by verdict */
	uint64_t squares[VERDICTS];	/* sum over sources of the square of their events */
};

/* The outermost bounds: as printed for people, who must not be told too much. */
static inline uint64_t
estimate_least(const struct estimate *e)
{
	return e->lower < e->low ? e->lower : e->low;
}

static inline uint64_t
estimate_most(const struct estimate *e)
{
	return e->upper > e->high ? e->upper : e->high;
}

/*
 * corrected, low and high of every class; lower and upper are set, and corrected lies between
 * them. The sum of corrected is that of n. [VERDICT_UNATTRIBUTED]: what is of no class.
 */
void estimate_classes(const struct accuracy *a, const struct seen *s,
    struct estimate class_r[VERDICTS]);
/* low and high of several classes together (bits); the rest of e is set. Of an accuracy that was
 * never measured they are lower and upper. */
void estimate_interval(const struct accuracy *a, const struct seen *s, unsigned classes,
    struct estimate *e);
/* Verdicts k about the own side, which stand as they are but for the share that was wrong. */
struct estimate estimate_own(const struct accuracy *a, const struct seen *s, enum verdict k);
/* The sum of what was judged apart: errors do not go hand in hand. */
void estimate_add(struct estimate *e, const struct estimate *x);

#endif
