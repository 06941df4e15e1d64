/*
 * terms: the words of the judgement, as numbers and as the tokens of every output and rule file.
 */
#ifndef CLASSIFY_TERMS_H
#define CLASSIFY_TERMS_H

enum verdict {
	VERDICT_UNATTRIBUTED, VERDICT_ZOMBIE, VERDICT_MISCONFIGURED, VERDICT_COMPROMISED, VERDICTS
};

/*
 * What labelled logs had, by true class (unattributed: none of the three), then by verdict; and per
 * mille how much a row's shares differ from log to log (0: not at all, 1000: all or nothing).
 */
struct accuracy {
	unsigned n[VERDICTS][VERDICTS];
	unsigned spread[VERDICTS];
};

/* DNSBLs knew the client, or not: then verdicts have less to go by; own accounts and the like. */
enum known { KNOWN_NOT, KNOWN_LISTED, KNOWN_OWN, KNOWNS };

enum stage { STAGE_CONNECT, STAGE_ENVELOPE, STAGE_CONTENT, STAGE_DELIVERY, STAGES };
enum direction { DIR_INBOUND, DIR_OUTBOUND, DIR_RELAYED, DIR_LOCAL, DIRECTIONS };

enum spam_by { /* bits */
	BY_CONTENT = 1,
	BY_DNSBL = 2,
	BY_PROTOCOL = 4,
	BY_REPLY = 8,
	BY_RELAY = 16,
	BY_BEHAVIOUR = 32,
	BY_POLICY = 64 /* suspected only; never in the shares */
};
enum { BY_COUNT = 7 };

enum scope {
	SCOPE_MESSAGE,	/* speaks about the events that it hits only */
	SCOPE_SOURCE,	/* a lasting fact about the source: one hit is as good as many */
	SCOPE_HABIT,	/* speaks about the source, the more the more often it hits */
};

enum unit { UNIT_CLIENT, UNIT_ACCOUNT, UNIT_SCRIPT, UNITS };

enum reason {		/* of VERDICT_UNATTRIBUTED */
	REASON_NONE, REASON_FORWARDER, REASON_LIST, REASON_ESP, REASON_SNOWSHOE, REASON_BACKSCATTER,
	REASON_INSUFFICIENT, REASON_CONFLICT, REASONS
};

/* Counters of a source over a time window, as late rules and examples name them. */
enum counter {
	/* kept in the state */
	COUNT_RECIPIENTS,
	COUNT_BOUNCES,
	COUNT_DEFERRALS,
	COUNT_SPAM_REPLIES,
	COUNT_SASL_FAILURES,
	COUNT_UNKNOWN_USERS,
	COUNT_FOREIGN_SENDERS,
	COUNT_SPAM_BOUNCES,	/* of bounces: messages that a remote server called spam */
	COUNT_STORED,
	/* computed from the state */
	COUNT_MESSAGES = COUNT_STORED,
	COUNT_SPAM,
	COUNT_HAM,
	COUNT_ATTEMPTS,
	COUNT_HOURS,
	COUNT_RECIPIENTS_PEAK,
	COUNT_NETWORKS,
	COUNT_FAILING_NETWORKS,
	COUNT_SENDERS,
	COUNT_HELOS,
	COUNT_DOMAINS,
	COUNT_BOUNCE_PERCENT,
	COUNT_HAM_PERCENT,
	COUNT_SPAM_PERCENT,
	COUNT_UNKNOWN_PERCENT,
	COUNT_RELAYED_DOMAINS,    /* foreign domains that our host took mail to from this client */
	COUNT_SUBMISSION_DOMAINS, /* the same, without login on 587 or 465 */
	COUNT_SENDER_DOMAINS,     /* of relayed mail; of own, of senders that are not the login */
	COUNT_SPAM_REPLIERS,      /* distinct servers that refused its mail as spam */
	COUNT_SPAM_BACKED,        /* spam to our own filter, or to two such servers or more */
	COUNT_WIDE_NETWORKS,      /* of an account: /16, IPv6 /32 */
	COUNT_STRANGE_NETWORKS,   /* that carry evidence, and are no home of the owner's */
	COUNT_HOMES,              /* clean ones, where its owner is at home */
	COUNT_FILTERED,           /* spam to our own filter or a list, not to remote servers only */
	COUNT_FILTERED_PERCENT,
	COUNT_REPLY_PERCENT,      /* of recipients: lost with what remote servers called spam */
	COUNT_SPAM_DOMAINS,       /* of senders of what named servers sent as spam; distinct ones */
	COUNTERS
};

const char *verdict_name(unsigned verdict);
const char *stage_name(unsigned stage);
const char *direction_name(unsigned direction);
const char *spam_by_name(unsigned bit_index);
const char *reason_name(unsigned reason);
const char *counter_name(unsigned counter);
const char *scope_name(unsigned scope);
const char *unit_name(unsigned unit);


#endif
