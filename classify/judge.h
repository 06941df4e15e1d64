/*
 * judge: verdicts, computed from the state at the end. Pure and repeatable; nothing is stored back.
 *
 * Unit of a verdict: (source, UTC day), from that day's cells and the 24 hours before, for each
 * signature of that day. Order: direct reasons, then relay and behaviour (from counters that do
 * not depend on them), then verdicts.
 */
#ifndef CLASSIFY_JUDGE_H
#define CLASSIFY_JUDGE_H

#include "classify/observe.h"

enum { PROOFS_MAX = 16 };

struct proof {
	uint16_t rule;		/* index into ruleset.rule */
	uint8_t verdict;	/* the class that it speaks for most, or against */
	int32_t weight; /* milli-nats for the attribution's class (after damping by scope) */
};

struct attribution {
	uint8_t verdict, reason, via, spam_by;
	bool leaning;			/* unattributed, but verdict's class had 600 per mille */
	uint8_t lean;			/* the class of the highest posterior among the three */
	bool stopped_port25, stopped_dnsbl, stopped_provider;
	bool relay;			/* our own host is the open relay */
	uint64_t lists;			/* judge_lists() that knew the client; bits */
	unsigned confidence;		/* per mille: of the verdict, or of "other" and the rest */
	struct slice subtype;		/* this and the proofs: judge_event(), judge_again() */
	unsigned proofs;
	struct proof proof[PROOFS_MAX];	/* strongest first, then by rule id */
};

struct judged {
	uint32_t source, signature;
	int64_t day;			/* UTC days since 1970 */
	uint32_t n;
	bool spam; /* counts as a spam event: direct reason, relay or behaviour */
	struct attribution a;		/* when spam; of judge_event() when suspected, too */
};

struct judge;

struct judge *judge_open(const struct classifier *cl);
void judge_close(struct judge *j);
/* The sources that are no clients, ascending: few of many. */
const uint32_t *judge_others(const struct judge *j, uint32_t *n_r);
/*
 * Every (source, day, signature) but signs once: 1, or 0 at the end. Sources come one after the
 * other, in no particular order. Without proofs and subtype: most are counted and never shown.
 */
int judge_next(struct judge *j, struct judged *r);
/* judge_next() gives only those of the sources from ... to - 1; before its first call. */
void judge_range(struct judge *j, uint32_t from, uint32_t to);
/* judge_next() gives this source's once more, and from now on with proofs and subtype. */
void judge_again(struct judge *j, uint32_t source);
/* The same for one event; remembered per (source, day, signature). Signs are never spam. */
const struct judged *judge_event(struct judge *j, uint32_t source, int64_t ts, uint32_t signature);
/* What simpler ways say of the same event, as if it were spam: judge_baseline.c. */
struct baselines {
	uint8_t rule_of_thumb, naive_bayes;	/* VERDICT_UNATTRIBUTED: "other" had the most */
	int64_t lead;			/* milli-nats of naive Bayes' best class over the next */
};
void judge_baselines(struct judge *j, uint32_t source, int64_t ts, uint32_t signature,
    struct baselines *b_r);
/* Counters of (source, day) as late rules see them: all of an account's networks together. */
void judge_counters(struct judge *j, uint32_t source, int64_t day, int64_t counter_r[COUNTERS]);
/*
 * The zones of DNSBLs that the log names, ascending; the last of LISTS_MAX is empty and stands for
 * all the others.
 */
enum { LISTS_MAX = 64 };
const struct slice *judge_lists(const struct judge *j, unsigned *n_r);
/* The list that the signature names, as a bit; 0: none. */
uint64_t judge_list_of(const struct judge *j, uint32_t signature);
/* Recipient domains that outsiders' mail is passed on to without being an open relay's. */
bool judge_is_gateway(const struct judge *j, uint32_t domain_source);

#endif
