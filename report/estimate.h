/*
 * estimate: from the verdicts that were given to the classes that there were.
 *
 * Verdicts are wrong or missing in known proportions (the model's accuracy, measured on labelled
 * logs). Turned round, they say what was there: the estimate is linear in what was seen, so its
 * variance is known to first order: of the sources, each of which is judged as a whole, and of the
 * proportions, which were measured on so many sources. Integers only.
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

/*
 * corrected, low and high of every class; lower and upper are set, and corrected lies between
 * them. The sum of corrected is that of n. [VERDICT_UNATTRIBUTED]: what is of no class.
 */
void estimate_classes(const struct accuracy *a, const struct seen *s,
    struct estimate class_r[VERDICTS]);
/* low and high of several classes together (bits), around e's corrected. */
void estimate_interval(const struct accuracy *a, const struct seen *s, unsigned classes,
    struct estimate *e);

#endif
