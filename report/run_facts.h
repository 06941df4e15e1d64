/*
 * run_facts: what a report must say about the run itself: inputs, accounting, assumptions.
 *
 * Filled by cli/, read by the report writers. Names of inputs may appear in JSON's input.files
 * only; problems of inputs were printed by cli/ and are a number here.
 */
#ifndef REPORT_RUN_FACTS_H
#define REPORT_RUN_FACTS_H

#include "base/utc.h"
#include "parser/correlate.h"

enum { SAMPLES = 3, SAMPLE_BYTES = 200 };

struct line_sample {		/* the start of a line that was not understood */
	char text[SAMPLE_BYTES];
	uint8_t n;
	bool cut;
};

static inline void
sample_set(struct line_sample *x, struct slice text)
{
	x->cut = text.n > SAMPLE_BYTES;
	x->n = (uint8_t)(x->cut ? SAMPLE_BYTES : text.n);
	if (x->n)
		memcpy(x->text, text.p, x->n);
}

struct run_facts {
	const char *const *files;	/* as given, expanded from directories, in reading order */
	unsigned n_files;
	uint64_t lines[4];		/* by enum line_kind */
	struct line_sample sample[2][SAMPLES];	/* the first: [0] of unknown shape, [1] bad */
	unsigned samples[2];
	uint64_t selected;		/* events between since and until */
	uint32_t last_host;		/* logging hosts are 1 to this, in the classifier's names */
	uint64_t repeated; /* events that "repeated N times" lines stood for, beyond one */
	struct correlate_counts messages;
	unsigned input_problems;	/* inputs unreadable, truncated, left out */
	unsigned same_inputs;		/* inputs skipped because their content was read already */
	unsigned backwards; /* steps back of more than 60 s between neighbouring lines */
	int first_year, last_year;	/* assumed for year-less stamps; 0: none was met */
	bool year_given;		/* by --year */
	bool zone_assumed;		/* stamps without offset were met */
	const struct zone *zone;	/* in force */
	bool has_since, has_until;
	int64_t since, until;
	unsigned patterns_disabled;	/* regular expressions switched off by their limits */
	bool own_networks, own_domains;	/* configured */
	uint64_t mta_lines[MTA_COUNT];	/* recognised lines by daemon family: the vantage */
	bool exact;
};

#endif
