/* event_terms: words of event.h: kinds of lines and events, their fields, reasons and flags. */
#ifndef PARSER_EVENT_TERMS_H
#define PARSER_EVENT_TERMS_H

/* How a line counts in "read = recognised + ignored + unknown + bad". */
enum line_kind {
	LINE_RECOGNISED,	/* a known shape of a supported daemon, boring ones too */
	LINE_IGNORED,		/* a program that we do not support */
	LINE_UNKNOWN,		/* a supported daemon, no known shape */
	LINE_BAD,		/* no valid prefix, too long, cut */
};

enum mta { MTA_NONE, MTA_POSTFIX, MTA_EXIM, MTA_SPAMASSASSIN, MTA_AMAVIS, MTA_RSPAMD,
	MTA_MIMEDEFANG, MTA_DOVECOT, MTA_COUNT };

enum event_type {
	EV_NONE,          /* recognised, but says nothing that we use */
	EV_CONNECT,       /* a session began: client */
	EV_DISCONNECT,    /* it ended: client; flags EF_QUIT, EF_COUNTERS */
	EV_RDNS_MISMATCH, /* CLIENT_NAME does not resolve to addr (or is unverified) */
	EV_NO_RDNS,       /* addr has no reverse name */
	EV_TLS,           /* client used STARTTLS */
	EV_CLIENT, /* Postfix "QID: client=": the opener; ACCOUNT, ORIG_ID, orig_addr in addr2 */
	EV_PICKUP, /* Postfix pickup: QID, USER (uid or name), SENDER: an opener */
	EV_MESSAGE_ID, /* QID, MESSAGE_ID */
	EV_QUEUED,     /* Postfix qmgr "from=": QID, SENDER, nrcpt in number, size */
	EV_RECEIVED,   /* Exim "<=": QID, SENDER, client, HELO, USER, ACCOUNT, PROTO, MESSAGE_ID */
	EV_DELIVERY,   /* QID, RCPT, RELAY (name), addr2, REPLY, status, agent, RELAY_ID */
	EV_BOUNCE,     /* QID, CHILD_ID: a non-delivery notice about QID was queued as CHILD_ID */
	EV_REMOVED,    /* QID left the queue: the closer (Postfix removed, Exim Completed) */
	EV_REJECT,     /* refusal of a command; see enum reject_reason; QID if it had one */
	EV_SASL_FAIL,  /* client, ACCOUNT if logged */
	EV_PROTOCOL,   /* misbehaviour of a client; see enum protocol_sign */
	EV_DNSBL,      /* dnsblog: addr listed by ZONE as CODE */
	EV_DNSBL_RANK, /* postscreen: client addr:port reached the threshold; score in number */
	EV_PASS,       /* postscreen: client addr:port was let through; flag EF_NEW */
	EV_HANGUP,     /* postscreen: client addr:port is gone (HANGUP, DISCONNECT) */
	EV_VERDICT, /* a content filter's: spam, score, TESTS, MESSAGE_ID or QID; amavis: SENDER */
	EV_CWD,     /* Exim +arguments: CWD, USER none: precedes a local "<=" */
	EV_REPEAT, /* "last message repeated N times": N in number; see correlate_part.c */
	EV_PART,    /* Exim's "[1/3] ": 1 in number, 3 in size, REPLY is the text; EF_BREAKS */
	EV_TYPES
};

enum event_field {
	F_QID, F_CHILD_ID, F_ORIG_ID, F_CLIENT_NAME, F_HELO, F_ACCOUNT, F_SENDER, F_RCPT,
	F_MESSAGE_ID, /* without <> */
	F_USER,       /* local uid or user name */
	F_PROTO,      /* SMTP, ESMTP, esmtpsa, local ... */
	F_RELAY,      /* next hop's name; "local", "virtual", transport name for local delivery */
	F_RELAY_ID,   /* id under which the next hop queued it ("queued as", "id=") */
	F_REPLY,      /* our text to the client, or the remote's to us */
	F_ZONE,
	F_CODE,  /* DNSBL zone; its answer, or the part that its text names ("SBLCSS") */
	F_TESTS, /* rule names, separated by commas (and "=score" suffixes by amavis) */
	F_CWD,
	F_SERVICE, /* service: "submission", "smtps", ... of the program name */
	F_COUNT
};

enum reject_reason {
	REJECT_OTHER, REJECT_DNSBL, REJECT_RELAY, REJECT_USER, REJECT_HELO, REJECT_NO_RDNS,
	REJECT_RDNS_MISMATCH, REJECT_SENDER_DOMAIN, REJECT_GREYLIST, REJECT_PROTOCOL,
	REJECT_LOGIN_MISMATCH,	/* sender address not owned by the login */
	REJECT_CONTENT,		/* a milter or content ACL refused the message */
	REJECT_LOAD,		/* too many connections, service unavailable for now */
	REJECT_REASONS
};

enum reject_action { /* what was done */
	ACT_REFUSED, ACT_DEFERRED, ACT_DISCARDED, ACT_HELD,
	ACT_WARNED /* nothing: reject_warning, warn */
};

enum reject_phase { PHASE_CONNECT, PHASE_ENVELOPE, PHASE_CONTENT };
enum protocol_sign {
	SIGN_PREGREET, SIGN_PIPELINING, SIGN_BARE_NEWLINE, SIGN_NON_SMTP, SIGN_HANGUP_EARLY,
	SIGN_TIME_LIMIT, SIGN_COUNT_LIMIT, SIGN_TOO_MANY_ERRORS, SIGN_LOST_CONNECTION, SIGN_TIMEOUT,
	SIGN_RATE_LIMIT, SIGN_BAD_SYNTAX, SIGN_COUNT
};

enum delivery_status { DELIVERY_SENT, DELIVERY_DEFERRED, DELIVERY_BOUNCED, DELIVERY_EXPIRED };
enum delivery_agent {
	AGENT_REMOTE,		/* by SMTP to addr2 */
	AGENT_LOCAL,		/* local, virtual, lmtp, mailbox, pipe */
	AGENT_FILTER,		/* by SMTP or pipe to a content filter on this host */
	AGENT_NONE,		/* error, retry, discard, blackhole */
};

enum event_flag {
	EF_QUIT = 1,     /* the client said QUIT */
	EF_COUNTERS = 2, /* the line carries command counters */
	EF_NEW = 4,
	EF_SPAM = 8,         /* the content filter's verdict is "spam" */
	EF_PHASE_DATA = 16,  /* remote reply came at or after end of DATA */
	EF_NULL_SENDER = 32, /* SENDER is <> (then F_SENDER is set and empty) */
	EF_POSTSCREEN = 64,  /* said by postscreen */
	EF_REJECTLOG = 128,  /* from an Exim rejectlog (may repeat a mainlog line) */
	EF_HAS_SCORE = 256,
	EF_BOUNCE_MSG = 512, /* Exim R=: this is a bounce of ORIG_ID */
	EF_OUTBOUND = 1024,  /* amavis says Outbound or Originating */
	EF_PIPE = 2048, /* delivered to a command, which may be a filter that puts it in again */
	EF_AGAIN = 4096,  /* more of a line that was counted, repeat of them */
	EF_BREAKS = 8192, /* the line breaks behind this part of it */
	EF_SYSLOG = 16384, /* Exim's by way of syslog, where a refusal may come twice */
};

/* Tokens of the enums, as every output prints them. */
const char *event_type_name(enum event_type t);
const char *event_field_name(enum event_field f);
const char *reject_reason_name(unsigned reason);
const char *reject_action_name(unsigned action);
const char *reject_phase_name(unsigned phase);
const char *protocol_sign_name(unsigned sign);
const char *delivery_status_name(unsigned status);
const char *delivery_agent_name(unsigned agent);
const char *mta_name(enum mta mta);

#endif
