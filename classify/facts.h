/*
 * facts: one message, attempt or sign as the vocabulary of the rules: flags and texts.
 *
 * A flag is a yes that needs no pattern; rules name it in `is:` and `not:`. A text is matched by
 * the rule's own words, suffixes or regular expressions. Pure: the same message gives the same
 * facts. Texts belong to the message.
 */
#ifndef CLASSIFY_FACTS_H
#define CLASSIFY_FACTS_H

#include "base/addr.h"
#include "classify/hostname.h"
#include "parser/message.h"

enum fact_flag {
	/* the marks of a message, as enum message_flag has them */
	FLAG_LOCAL, FLAG_AUTHENTICATED, FLAG_TLS, FLAG_NULL_SENDER, FLAG_BOUNCE, FLAG_NO_QUIT,
	FLAG_SASL_FAIL, FLAG_NO_RDNS, FLAG_RDNS_MISMATCH, FLAG_NO_NAME, FLAG_RANKED,
	/* its client's name, as hostname.h has them; NAME_IP_PART in the place of HN_SERVER */
	FLAG_NAME_DYNAMIC, FLAG_NAME_WEAK, FLAG_NAME_STATIC, FLAG_NAME_HOSTING, FLAG_NAME_CAMPUS,
	FLAG_NAME_MOBILE, FLAG_NAME_PROVIDER, FLAG_NAME_IP_PART, FLAG_NAME_IP, FLAG_NAME_JUNK,
	FLAG_NAME_END_USER, FLAG_NAME_SERVER,
	FLAG_NAME_VERIFIED, FLAG_NAME_OWN, FLAG_FORWARDER, FLAG_SHARED_CLIENT,
	/* channel */
	FLAG_SUBMISSION, FLAG_INTERNAL_CLIENT, FLAG_RELAYED, FLAG_ACCEPTED, FLAG_SENT_REMOTE,
	/* HELO */
	FLAG_HELO_OWN, FLAG_HELO_LOCALHOST, FLAG_HELO_BARE_IP, FLAG_HELO_LITERAL_SELF,
	FLAG_HELO_LITERAL_OTHER, FLAG_HELO_NO_DOT, FLAG_HELO_PRIVATE_DOMAIN, FLAG_HELO_IS_NAME,
	FLAG_HELO_DYNAMIC, FLAG_OLD_SMTP,
	/* session */
	FLAG_PREGREET, FLAG_PIPELINING, FLAG_BARE_NEWLINE, FLAG_NON_SMTP, FLAG_HANGUP_EARLY,
	FLAG_TIME_LIMIT, FLAG_COUNT_LIMIT, FLAG_TOO_MANY_ERRORS, FLAG_LOST_CONNECTION, FLAG_TIMEOUT,
	FLAG_RATE_LIMIT, FLAG_BAD_SYNTAX,
	/* refusal */
	FLAG_REJECT_DNSBL, FLAG_REJECT_RELAY, FLAG_REJECT_USER, FLAG_REJECT_HELO,
	FLAG_REJECT_SENDER_DOMAIN, FLAG_REJECT_GREYLIST, FLAG_REJECT_PROTOCOL,
	FLAG_REJECT_LOGIN_MISMATCH, FLAG_REJECT_CONTENT, FLAG_REJECT_LOAD, FLAG_REJECT_OTHER,
	/* envelope */
	FLAG_SENDER_IS_CLIENT, FLAG_SENDER_FOREIGN, FLAG_SENDER_NOT_LOGIN, FLAG_MANY_RECIPIENTS,
	/* content */
	FLAG_SPAM, FLAG_HAM, FLAG_SCORE_LOW, FLAG_FAILED_REMOTE,
	FLAG_COUNT
};

enum fact_text {
	TEXT_NAME,		/* verified reverse name, else the unverified one */
	TEXT_HELO, TEXT_SENDER, TEXT_SENDER_LOCAL,
	TEXT_SENDER_DOMAIN, TEXT_ACCOUNT, TEXT_USER, TEXT_CWD,
	TEXT_REPLY,		/* ours to the client */
	TEXT_REMOTE_REPLY,	/* a next hop's to us: several */
	TEXT_ZONE,		/* DNSBL zone, with its code */
	TEXT_TEST,		/* content filter's rule names: several */
	TEXT_COUNT
};

struct facts {
	uint64_t flags[(FLAG_COUNT + 63) / 64];
	uint32_t texts;			/* of the message which count, if they are there: bits */
	const struct message *message;
	size_t local;			/* of a sender that counts: bytes before its last '@' */
};

struct own {			/* what the configuration says is ours; zeroed: nothing */
	struct prefix_set networks, shared, forwarder_networks, trusted_networks;
	struct slice *domain, *host, *forwarder, *trusted_account, *trusted_host;
	unsigned domains, hosts, forwarders, trusted_accounts, trusted_hosts;
	unsigned caps[5];
};

const char *fact_flag_name(unsigned flag);
const char *fact_text_name(unsigned text);

static inline void
facts_flag(struct facts *f, enum fact_flag flag)
{
	f->flags[flag / 64] |= (uint64_t)1 << flag % 64;
}

static inline bool
facts_is(const struct facts *f, enum fact_flag flag)
{
	return f->flags[flag / 64] >> flag % 64 & 1;
}

/* Its client has a confirmed name that is no end user's: a machine that stays what it is. */
static inline bool
facts_is_server(const struct facts *f)
{
	return facts_is(f, FLAG_NAME_VERIFIED) && !facts_is(f, FLAG_NAME_END_USER) &&
	    !facts_is(f, FLAG_NAME_CAMPUS) && !facts_is(f, FLAG_NAME_MOBILE) &&
	    !facts_is(f, FLAG_NAME_PROVIDER);
}

/* All but what its client's name says; host_name: of the logging host. */
void facts_of_message(const struct message *m, const struct own *own, struct slice host_name,
    struct facts *f_r);
/* Adds what hostname_analyse() says of TEXT_NAME. */
void facts_of_name(uint32_t name_facts, struct facts *f);
/* A sign's own flags and DNSBL answer; nothing of its client, so equal signs give equal facts. */
void facts_of_sign(const struct message *m, struct facts *f_r);
/* The same client without its message: what a login or a message says of the machine behind it. */
void facts_keep_client(struct facts *f);
bool own_trusts_host(const struct own *own, struct slice name);
bool own_has_domain(const struct own *own, struct slice domain);

static inline bool
own_is_internal(const struct own *own, const struct addr *a)
{
	return !addr_is_public(a) ||
	    (own->networks.n > 0 && prefix_set_contains(&own->networks, a));
}

void own_free(struct own *own);

#endif
