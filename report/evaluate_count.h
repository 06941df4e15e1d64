/*
 * evaluate_count: how often verdicts are right: pure counting, in integers.
 *
 * Everything follows from one table: what the rows are by the truth, and what was said of them.
 * It is the same for messages, for sources, and for what a baseline said. Undecidable rows stand
 * apart: only whether they were left alone is asked of them.
 */
#ifndef REPORT_EVALUATE_COUNT_H
#define REPORT_EVALUATE_COUNT_H

#include <stdbool.h>
#include <stdint.h>

/* By the truth. An own account is one of this host, the others were seen from outside. */
enum is { IS_ZOMBIE, IS_MISCONFIGURED, IS_OWN, IS_ELSEWHERE, IS_HAM, IS_UNDECIDABLE, ISS };

enum said {			/* the first four as enum is */
	SAID_ZOMBIE, SAID_MISCONFIGURED, SAID_OWN, SAID_ELSEWHERE,
	SAID_UNATTRIBUTED,	/* spam, but of nobody */
	SAID_NO_SPAM,		/* wanted, suspected, a probe */
	SAID_NOTHING,		/* nothing in the log fits the row */
	SAIDS
};

struct matrix {
	uint64_t n[ISS][SAIDS];
};

enum scored {			/* what precision, recall and F1 are asked of */
	OF_ZOMBIE, OF_MISCONFIGURED, OF_COMPROMISED, OF_OWN, OF_ELSEWHERE, OFS
};

enum quality {
	PRECISION,		/* + enum scored */
	RECALL = PRECISION + OFS,
	F1 = RECALL + OFS,
	COVERAGE = F1 + OFS,	/* decidable spam with a verdict */
	SELECTIVE,		/* verdicts that are right, ham accused among them */
	HAM_ACCUSED,
	LEFT,			/* undecidable rows without a verdict */
	QUALITIES
};

struct share {			/* part of all, with its 95 % limits in 1/10000 */
	uint64_t part, all;
	unsigned low, high;	/* Wilson: as if all were independent */
	unsigned cluster_low, cluster_high;	/* bootstrap over sources */
};

struct cluster {		/* a source with its rows */
	struct matrix rows;
	uint64_t key;		/* their order: by this */
};

void matrix_add(struct matrix *m, const struct matrix *other);
void measure(const struct matrix *m, enum quality what, struct share *s_r);
/* part of all in 1/10000, rounded; 0 when all is 0. */
unsigned share_value(uint64_t part, uint64_t all);
/* Adds the Wilson limits. */
void share_wilson(struct share *s);
/* Adds the cluster limits to the measures of all clusters: 1000 draws with a fixed seed. */
void bootstrap(const struct cluster *cluster, unsigned n, struct share share[QUALITIES]);

static inline bool
is_verdict(unsigned said)
{
	return said <= SAID_ELSEWHERE;
}

/* OF_ZOMBIE, OF_MISCONFIGURED or OF_COMPROMISED; of an enum is or said below IS_HAM. */
static inline unsigned
class_of(unsigned x)
{
	return x < OF_COMPROMISED ? x : OF_COMPROMISED;
}

#endif
