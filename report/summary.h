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
#include "report/flow.h"
#include "report/run_facts.h"

enum counted { IN_ATTEMPTS, IN_ACCEPTED, IN_SOURCES, IN_UNITS };

struct bounds {
	uint64_t lower, upper;	/* upper: with the unattributed that could be of this class */
};

enum finding_kind { FINDING_MACHINE, FINDING_ACCOUNT, FINDING_SCRIPT, FINDING_RELAY };
enum { FINDING_EVIDENCE = 3 };

struct finding {		/* a source of spam; an account is one with all its networks */
	struct slice key;	/* as source_key() has it; "host:NAME" of an open relay */
	struct slice name;	/* reverse name of a client */
	struct slice provider;	/* its registered domain, if the name is verified */
	struct slice subtype;
	uint8_t kind, verdict, via;
	uint8_t reason;		/* unattributed: the most telling one */
	bool own;		/* account, script or machine of ours, or our relay */
	bool trusted;		/* by the configuration: counted, never alarmed */
	bool alarm;
	bool verified, listed;
	unsigned confidence;	/* per mille, mean over the events of its class */
	uint64_t events, accepted;	/* spam */
	int64_t first, last;	/* of its spam, exact to the hour */
	struct slice evidence[FINDING_EVIDENCE];
	unsigned evidences;
	/* own accounts, scripts, machines: of the days with spam; senders: the most in one day */
	uint64_t messages, recipients, bounces, spam_replies, login_failures, senders;
	uint64_t networks;	/* that an account sent from; clients of a relay */
};

struct provider {		/* by the verified names of its sources; elsewhere only */
	struct slice name;
	uint64_t events[VERDICTS], sources[VERDICTS];
	int64_t first, last;
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

struct notes { struct note *item; unsigned n, cap; };
enum { SEES_INBOUND = 1, SEES_SUBMISSION = 2, SEES_LOCAL = 4, SEES_INSIDE = 8,
    SEES_FILTER = 16 };		/* bits: what the input shows */
enum { VANTAGES = 5, STOP_PORT25 = 1, STOP_DNSBL = 2, STOP_PROVIDER = 4, STOPS = 8 };

struct findings {
	struct finding *item;
	unsigned n;
	uint64_t all;		/* how many there are; n is cut to top */
};

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
	struct provider *provider;
	unsigned providers;		/* cut to top */
	struct slot *slot;
	int64_t slot_seconds;		/* hour or day */
	struct flow *flow;
	unsigned flows, slots;
	unsigned sees;			/* SEES_ bits */
	bool only_connect;		/* inbound mail was never let past the connection */
	struct notes assumptions, warnings;
};

/* j freshly opened on cl: it is read to its end. top: the length of lists; jobs: threads. */
struct summary *summary_make(const struct classifier *cl, struct judge *j,
    const struct run_facts *run, unsigned top, unsigned jobs);
/* Spam events that all the measures of with would have stopped and none of without (STOP_ bits). */
uint64_t summary_stopped(const struct summary *s, unsigned with, unsigned without);
void summary_free(struct summary *s);
/* The numbers that --fail-on knows, by name: "own.compromised", "spam"; s may be all zero. */
int64_t summary_value(const struct summary *s, struct slice name, bool *known);
const char *finding_kind_name(unsigned kind);
const char *finding_advice(const struct finding *f);	/* what to do about an own one */
const char *vantage_name(unsigned bit_index);
/* Why the input cannot show class k; NULL when it can. */
const char *summary_blind(const struct summary *s, enum verdict k);

#endif
