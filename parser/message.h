/*
 * message: everything the logs say of one message, one refused attempt, or one sign.
 *
 * Facts only. Made by correlate; read by classify, which never sees an event. All slices belong to
 * the correlator and live until its next call.
 */
#ifndef PARSER_MESSAGE_H
#define PARSER_MESSAGE_H

#include "parser/event.h"

enum message_kind {
	MESSAGE_MAIL,    /* has (or had) a queue id */
	MESSAGE_ATTEMPT, /* refused before anything was queued */
	MESSAGE_SIGN, /* something that a client did or is, without mail: dnsblog, pregreet, SASL */
	MESSAGE_VERDICT, /* a content filter's verdict that no message was found for */
};

enum message_state { STATE_COMPLETE, STATE_OPEN, STATE_FORCED };

enum verdict_fact { VERDICT_NOT_SEEN, VERDICT_HAM, VERDICT_SPAM };

enum message_flag {
	/* marks of a client or message: classify/facts.h has the same ones in the same order */
	MF_LOCAL = 1,		/* made on this host: pickup, Exim P=local */
	MF_AUTH = 1 << 1,	/* ACCOUNT is the login that the client proved */
	MF_TLS = 1 << 2,
	MF_NULL_SENDER = 1 << 3,
	MF_BOUNCE = 1 << 4,	/* our own non-delivery notice */
	MF_NO_QUIT = 1 << 5,	/* sign: the session ended without QUIT, counters say so */
	MF_SASL_FAIL = 1 << 6,	/* sign */
	MF_NO_RDNS = 1 << 7,	/* the client has no reverse name, says the log */
	MF_RDNS_MISMATCH = 1 << 8,	/* UNVERIFIED is a name that does not resolve back */
	MF_NO_NAME = 1 << 9,	/* Postfix "unknown" or Exim without name: no verified name */
	MF_RANKED = 1 << 10,	/* attempt: the same session reached postscreen's DNSBL threshold */
	MF_MARKS = (1 << 11) - 1,
	/* the others */
	MF_REJECTED = 1 << 11,	/* reason, action, phase, REPLY are those of the refusal */
	MF_POSTSCREEN = 1 << 12,
	MF_HAS_SCORE = 1 << 13,
	MF_RETRY = 1 << 14,	/* attempt already counted in this 10-minute cell */
	MF_DNSBL = 1 << 15,	/* sign: ZONE, CODE */
	MF_PROTOCOL = 1 << 16,	/* sign: reason is an enum protocol_sign */
	MF_SCORED = 1 << 17, /* attempt: refused silently by postscreen after its DNSBL rank */
	MF_PREGREET = 1 << 18,	/* attempt: the same session spoke before the greeting */
};

enum { MESSAGE_REPLIES = 8, MESSAGE_DOMAINS = 16 };

struct failed_reply {
	struct slice text;
	uint8_t status;		/* enum delivery_status: DEFERRED or BOUNCED */
	bool data;		/* at or after the end of DATA */
	bool remote;		/* said by a remote server over SMTP */
	uint64_t replier;	/* which one: addr_key() of its address, or a hash of its name */
};

/* Its texts, in the order of the slices in struct message. */
enum message_text {
	T_QID, T_MESSAGE_ID, T_CLIENT_NAME, T_UNVERIFIED, T_HELO, T_ACCOUNT, T_SERVICE, T_SENDER,
	T_RCPT, T_USER, T_PROTO, T_CWD, T_TESTS, T_REPLY, T_ZONE, T_CODE, MESSAGE_TEXTS
};

struct message {
	enum message_kind kind;
	enum message_state state;
	enum mta mta;
	uint32_t repeat;	/* stands for so many equal events */
	/* the correlator's records have these in the same order */
	int64_t ts, last_ts;	/* first and last line */
	uint32_t host, instance;
	struct addr addr;	/* the client */
	uint16_t port, local_port;
	bool has_addr;
	uint8_t reason, action, phase;	/* as in struct event */
	uint32_t flags;
	uint32_t recipients;	/* 0 unknown */
	uint32_t size;
	int32_t score;
	uint32_t sent_local, sent_remote, sent_private, bounced;	/* recipients */
	uint8_t verdict;	/* enum verdict_fact */
	bool deferred;		/* a delivery was */
	unsigned replies;	/* failures that a next hop gave as reason */
	unsigned domains;	/* of recipients delivered by SMTP to public addresses */
	union {
		struct slice text[MESSAGE_TEXTS];
		struct {
			struct slice qid, message_id, client_name, unverified, helo, account,
			    service, sender, rcpt, user, proto, cwd, tests, reply, zone, code;
		};
	};
	struct failed_reply failed[MESSAGE_REPLIES];
	struct slice domain[MESSAGE_DOMAINS];
};

_Static_assert(offsetof(struct message, code) == offsetof(struct message, text[T_CODE]), "texts");

static inline void
message_no_texts(struct message *m)	/* by name: gcc would make a slow memset() of a loop */
{
	m->qid = m->message_id = m->client_name = m->unverified = SLICE_NONE;
	m->helo = m->account = m->service = m->sender = m->rcpt = m->user = SLICE_NONE;
	m->proto = m->cwd = m->tests = m->reply = m->zone = m->code = SLICE_NONE;
}

/* Nothing is known; it stands for one event. The items of the two arrays stay, as none counts. */
static inline void
message_clear(struct message *m)
{
	memset(m, 0, offsetof(struct message, text));
	m->repeat = 1;
	message_no_texts(m);
}

const char *message_kind_name(enum message_kind k);
const char *message_state_name(enum message_state s);

#endif
