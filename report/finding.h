/*
 * finding: sources of spam, networks and users by name, as the lists of a summary hold them.
 *
 * Texts are strangers' bytes: writers make them visible.
 */
#ifndef REPORT_FINDING_H
#define REPORT_FINDING_H

#include "report/changes.h"

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
	uint64_t attempts[PERIODS];	/* of events: those of the periods of changes */
	bool submission;	/* relay: on 587 or 465 */
};

/* Elsewhere: by the verified name's registered domain, or without one by address (/16, IPv6 /32) */
struct network {
	struct slice name;
	bool domain;
	uint64_t events[VERDICTS], sources[VERDICTS];
	int64_t first, last;
};

struct port25_user {		/* logs in on port 25 from outside: a block there would hurt it */
	struct slice account;
	uint64_t messages, networks;	/* that are no spam; that it came from */
	int64_t first, last;	/* to the hour */
};

struct findings {
	struct finding *item;
	unsigned n;
	uint64_t all;		/* how many there are; n is cut to top */
};

const char *finding_kind_name(unsigned kind);
const char *finding_advice(const struct finding *f);	/* what to do about an own one */
#endif
