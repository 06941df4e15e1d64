/*
 * summary: what a run found, as the numbers and lists that every report prints. Integers only.
 *
 * Made once from the judged state; writers (text.h, json.h) only lay it out. Texts are strangers'
 * bytes: writers make them visible. Lists are in a total order (number, then key), never in the
 * order of the state. The classifier and the run's facts must outlive it.
 */
#ifndef REPORT_SUMMARY_H
#define REPORT_SUMMARY_H

#include "base/buf.h"
#include "classify/judge.h"
#include "report/finding.h"
#include "report/flow.h"
#include "report/measures.h"
#include "report/run_facts.h"

enum counted { IN_ATTEMPTS, IN_ACCEPTED, IN_SOURCES, IN_UNITS };

struct bounds {
	uint64_t lower, upper;	/* upper: with the unattributed that could be of this class */
};

struct slot {			/* of the timeline */
	int64_t start;
	uint64_t events[VERDICTS];
};

struct note {			/* an assumption or a warning */
	const char *code;
	struct slice text;
	uint64_t number;
	bool has_number;
	bool counts;		/* the text goes on from it: 3 "inputs skipped" */
};

struct notes {
	struct note *item;
	unsigned n, cap;
};

enum { SEES_INBOUND = 1, SEES_SUBMISSION = 2, SEES_LOCAL = 4, SEES_INSIDE = 8,
    SEES_FILTER = 16 };		/* bits: what the input shows */
enum { VANTAGES = 5, HOURS = 24 };

struct summary {
	struct arena arena;
	const struct run_facts *run;
	bool has_span;
	int64_t first, last;
	uint64_t attempts, ham, suspected, relay_probes, login_failures;
	uint64_t spam, accepted, sources;	/* sums over the classes */
	struct bounds total[IN_UNITS][VERDICTS][STAGES + 1];	/* [STAGES]: all stages */
	uint64_t listed[VERDICTS], refused[VERDICTS];	/* by a DNSBL: known; refused */
	uint64_t stops[STOPS];		/* spam events by what would have stopped them */
	/* Unattributed events that a port-25 block could have stopped; those that no DNSBL knew. */
	uint64_t port25_maybe, port25_maybe_unlisted;
	uint64_t via_zombie;		/* compromised, but sent by an infected machine */
	uint64_t reasons[REASONS];	/* unattributed spam events */
	/* own is never cut; elsewhere has the worst of every class beside its top */
	struct findings by_class[VERDICTS], elsewhere, own;
	unsigned own_alarms[VERDICTS];
	/* cut to top: named ones, by what only they can stop; all, by their zombies */
	struct network *provider, *network;
	unsigned providers, networks;
	uint64_t networks_all;
	struct networks *every;		/* for report/summary*.c only */
	struct slot *slot;
	int64_t slot_seconds;		/* hour or day */
	struct flow *flow;
	unsigned flows, slots;
	unsigned sees;			/* SEES_ bits */
	bool only_connect;		/* inbound mail was never let past the connection */
	struct notes assumptions, warnings;
	struct estimate estimate[IN_UNITS][VERDICTS];	/* of total; unattributed: of no class */
	struct measures measures[IN_SOURCES];	/* of attempts, of what was accepted */
	uint64_t refused_at[STAGES][VERDICTS];	/* the rest was accepted; delivery: of that */
	uint64_t hour_utc[HOURS][VERDICTS], hour[HOURS][VERDICTS];	/* in UTC; in run->zone */
	struct dnsbl *dnsbl;		/* most refused first; all */
	unsigned dnsbls;
	uint64_t unnamed[VERDICTS];	/* of listed: nothing says on which list */
	struct port25_user *port25_user;	/* most messages first, cut to top */
	unsigned port25_users;
	uint64_t port25_users_all, port25_messages;
	struct changes changes;
};

enum { SUMMARY_DAYS = 7 };

struct summary_options {
	unsigned top, jobs;		/* the length of lists; threads */
	bool has_split, compare;	/* compare: all is now; summary_compare() follows */
	int64_t split;			/* changes: now begins there, to the hour before it */
	unsigned days;			/* changes without split: before is so many days */
};

/* j freshly opened on cl: it is read to its end. */
struct summary *summary_make(const struct classifier *cl, struct judge *j,
    const struct run_facts *run, const struct summary_options *o);
/* Changes of s against before; both were made to be compared. before may go then. */
void summary_compare(struct summary *s, const struct summary *before, unsigned top);
/* Spam events that all the measures of with would have stopped and none of without (STOP_ bits). */
uint64_t summary_stopped(const struct summary *s, unsigned with, unsigned without);
void summary_free(struct summary *s);
/* The numbers that --fail-on knows, by name: "own.compromised", "spam"; s may be all zero. */
int64_t summary_value(const struct summary *s, struct slice name, bool *known);
const char *vantage_name(unsigned bit_index);
/* Why the input cannot show class k; NULL when it can. */
const char *summary_blind(const struct summary *s, enum verdict k);

#endif
