/* summary_row: what is summed up of sources, networks and strata; for report/summary*.c only. */
#ifndef REPORT_SUMMARY_ROW_H
#define REPORT_SUMMARY_ROW_H

#include "base/table.h"
#include "base/top.h"
#include "report/summary.h"

struct row {			/* a source as reports count it: only sums */
	uint64_t id;		/* addr_key(), index of a text, number of a host */
	struct slice text;	/* account, script, host: what rows are ordered by */
	uint8_t kind;		/* enum finding_kind */
	uint8_t verdict;	/* of most of its events */
	uint8_t stages;		/* bits: seen */
	uint8_t could;		/* bits: classes that its unattributed events could be of */
	bool own, alarm;
	uint32_t source;	/* the first of its sources in the state, a machine's only one */
	uint32_t others;	/* the newest link to another one, index + 1; 0: there is none */
	uint32_t networks;
	uint64_t events[VERDICTS], accepted;
	int64_t first, last;
	/* of events: those of the periods; those that clients brought, by DNSBLs knowing them */
	uint32_t period[PERIODS][VERDICTS], direct[IN_SOURCES][2][VERDICTS];
	bool submission;
};

struct link {			/* one source more of a row */
	uint32_t source, next;
};

struct best {			/* the first rows, and how many there were to choose from */
	struct top top;
	uint64_t all;
};

/* Spam events: from clients directly or not, by whether a DNSBL knew them. */
struct mass {
	struct seen seen;
	uint64_t could[1 << VERDICTS];	/* unattributed, by what they could be */
};

/* There may be as many as sources, and few are shown: these are made a struct network then. */
struct network_row {
	const char *domain;	/* in the summary's arena; NULL: by its prefix */
	uint32_t prefix;	/* the first bits of IPv6, of IPv4 behind 16 others */
	uint8_t domain_n;
	bool v4;
	uint32_t sources[VERDICTS], events[VERDICTS];	/* to UINT32_MAX */
	uint32_t first, last;	/* UTC seconds, as sources have them */
};

struct network_periods {	/* beside a network, when changes are looked for */
	uint32_t attributed[PERIODS], zombies[PERIODS];	/* to UINT32_MAX */
	uint64_t squares[PERIODS];	/* sum over sources of the square of their zombies */
};

enum { NETWORK_BLOCK = 4096 };

struct networks {		/* in blocks: what grows by doubling leaves half of it as a hole */
	struct network_row **row;
	struct network_periods **periods;	/* empty ones: nothing is compared */
	uint32_t n;
	unsigned blocks, row_cap, periods_cap;
	struct table by_key;
};

static inline struct network_row *
network_row(const struct networks *n, uint32_t i)
{
	return &n->row[i / NETWORK_BLOCK][i % NETWORK_BLOCK];
}

/* NULL: nothing is compared. */
static inline struct network_periods *
network_periods(const struct networks *n, uint32_t i)
{
	struct network_periods *p = n->periods[i / NETWORK_BLOCK];

	return p ? &p[i % NETWORK_BLOCK] : NULL;
}

enum { NETWORK_TEXT = 256 };	/* room for a name, and more than a prefix needs */

enum { LIST_ELSEWHERE = VERDICTS, LIST_OWN, LISTS };

struct ranking {		/* by class, then the others; of each class the first */
	struct best list[LISTS], worst[VERDICTS];
};

static inline uint64_t
attributed(const uint32_t n[VERDICTS])
{
	return (uint64_t)n[VERDICT_ZOMBIE] + n[VERDICT_MISCONFIGURED] + n[VERDICT_COMPROMISED];
}

/* Sums stop at the end. */
static inline void
sum_add(uint64_t *sum, uint64_t n)
{
	*sum = *sum + n < n ? UINT64_MAX : *sum + n;
}

static inline void
square_add(uint64_t *sum, uint64_t n)
{
	sum_add(sum, n <= UINT32_MAX ? n * n : UINT64_MAX);
}

#endif
