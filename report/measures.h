/*
 * measures: what would have stopped how much of the spam, with bounds. Numbers of spam events.
 *
 * lower: what is proven; upper: with the unattributed that may be of it, so the truth is between
 * them but for wrong verdicts. corrected: what it most likely is, given how often verdicts are
 * right (the model's accuracy), and from low to high its 95 % interval. All of one whole.
 */
#ifndef REPORT_MEASURES_H
#define REPORT_MEASURES_H

#include "report/estimate.h"

enum { STOP_PORT25 = 1, STOP_DNSBL = 2, STOP_PROVIDER = 4, STOPS = 8 };

enum measure {
	MEASURE_PORT25,			/* a block at the access networks, alone */
	MEASURE_PORT25_BESIDE,		/* what it adds to the DNSBLs in use */
	MEASURE_DNSBL,			/* a DNSBL knew the client */
	MEASURE_DNSBL_BESIDE,		/* what DNSBLs add to a port-25 block */
	MEASURE_PROVIDER,		/* the provider or owner of an account */
	MEASURE_PROVIDER_BESIDE,	/* what only it can stop */
	MEASURE_NONE,			/* none of the three */
	MEASURES
};

struct measures {
	uint64_t whole;			/* all spam events of the unit */
	struct estimate cell[STOPS];	/* by what would have stopped them: STOP_ bits */
	struct estimate of[MEASURES];	/* sums of cells */
};

struct dnsbl {			/* a list, by its zone; clients of the day that it listed */
	struct slice name;
	uint64_t listed[VERDICTS];	/* their spam */
	uint64_t refused[VERDICTS];	/* that was refused for being listed */
	uint64_t alone[VERDICTS];	/* whose client stood on no other list */
};

enum { DISPLACEMENTS = 3 };	/* 0, a half, all of it */

/* Displaced to other ways by so many halves, how much a measure would still stop. */
static inline uint64_t
displaced(uint64_t n, unsigned halves)
{
	return (n * (2 - halves) + 1) / 2;
}

const char *measure_name(unsigned measure);

#endif
