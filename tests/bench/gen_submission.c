/* SPDX-License-Identifier: ISC */
/*
 * genlog: the submission server of a mail hoster.
 *
 * Accounts are numbers up to ACCOUNTS; one in fifty is hacked: it logs in from strangers'
 * addresses, writes to many recipients, and other servers refuse part of its mail as spam.
 * Honest accounts log in from their own few addresses.
 */
#include <string.h>

#include "gen.h"

#define SMTPD		"postfix/submission/smtpd"
#define ACCOUNTS	5000

enum { CONNECT, TLS, CLIENT, ID, QUEUED, LEAVE, DELIVER, REMOVED };

static void
open_login(struct gen *g, struct sess *s)
{
	unsigned account = gen_rnd(g, gen_rnd(g, ACCOUNTS) + 1);
	char user[48];

	s->step = CONNECT;
	s->hacked = account % 50 == 7;
	s->spam = s->hacked && gen_rnd(g, 4) != 0;
	/* scene 1: a login that fails */
	s->scene = gen_rnd(g, 100) < 12;
	gen_source(g, s, s->spam || s->scene ? POOL_BAD : POOL_MTA);
	gen_message(g, s);
	s->account = account;
	s->login = 1;
	gen_user(user, sizeof user, gen_hash(account) << 2 | 1);
	gen_text(s->user, sizeof s->user, "%s%u@customer%u.example", user, account, account % 40);
	gen_text(s->from, sizeof s->from, "%s", s->user);
	if (s->spam)
		s->nrcpt = 5 + gen_rnd(g, 30);
	s->left = 1 + (int)gen_rnd(g, 3);
}

static void
deliver(struct gen *g, struct sess *s)
{
	unsigned r = gen_rnd(g, 100), pid = 1400 + s->rcpt % 9, ms = gen_rnd(g, 100);
	char user[48], dom[64], mx[80], ip[32];
	uint64_t h = gen_next(g);

	gen_user(user, sizeof user, h);
	gen_domain(dom, sizeof dom, h >> 20);
	gen_text(mx, sizeof mx, "mx%u.%s", r % 3, dom);
	gen_text(ip, sizeof ip, "203.0.113.%u", r);
	if (s->spam && r < 25) {
		s->called_spam = 1;
		gen_say(g, E_BOUNCED_REMOTE, "postfix/smtp", pid,
		    "%s: to=<%s@%s>, relay=%s[%s]:25, delay=2.%2, "
		    "delays=0.3/0/1/0.9, dsn=5.7.1, status=bounced (host %s[%s] said: 550 5.7.1 "
		    "Message refused: looks like spam, score %u.%u (in reply to end of DATA "
		    "command))", s->qid, user, dom, mx, ip, ms, mx, ip, 8 + r, r % 10);
	} else if (s->spam && r < 40) {
		gen_say(g, E_DEFERRED_REMOTE, "postfix/smtp", pid,
		    "%s: to=<%s@%s>, relay=%s[%s]:25, delay=2.%2, "
		    "delays=0.3/0/1/0.9, dsn=4.7.1, status=deferred (host %s[%s] said: 421 4.7.1 "
		    "Too much unwanted mail from your network, try again later (in reply to MAIL "
		    "FROM command))", s->qid, user, dom, mx, ip, ms, mx, ip);
	} else {
		gen_say(g, E_SENT_REMOTE, "postfix/smtp", pid,
		    "%s: to=<%s@%s>, relay=%s[%s]:25, delay=1.%2, "
		    "delays=0.3/0.01/0.5/0.4, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as %X)",
		    s->qid, user, dom, mx, ip, ms, (unsigned)h | 0x10000000);
	}
}

static int
leave(struct gen *g, struct sess *s, const char *counters)
{
	gen_say(g, E_DISCONNECT, SMTPD, s->pid, "disconnect from %s[%s] %s", s->name, s->addr,
	    counters);
	return 0;
}

static int
step_failure(struct gen *g, struct sess *s)
{
	if (s->left-- <= 0)
		return leave(g, s, "ehlo=2 starttls=1 auth=0/1 commands=3/4");
	s->step = CLIENT;
	gen_say(g, E_LOGIN_FAILED, SMTPD, s->pid, "warning: %s[%s]: SASL PLAIN authentication "
	    "failed: authentication failure, sasl_username=%s", s->name, s->addr, s->user);
	return 1;
}

static int
step_login(struct gen *g, struct sess *s)
{
	switch (s->step++) {
	case CONNECT:
		gen_say(g, E_CONNECT, SMTPD, s->pid, "connect from %s[%s]", s->name, s->addr);
		break;
	case TLS:
		gen_say(g, E_TLS, SMTPD, s->pid, "Anonymous TLS connection established from "
		    "%s[%s]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)", s->name,
		    s->addr);
		break;
	case CLIENT:
		if (s->scene == 1)
			return step_failure(g, s);
		s->began = g->us;
		gen_say(g, E_CLIENT, SMTPD, s->pid,
		    "%s: client=%s[%s], sasl_method=%s, sasl_username=%s",
		    s->qid, s->name, s->addr, s->h & 1 ? "PLAIN" : "LOGIN", s->user);
		break;
	case ID:
		gen_say(g, E_MESSAGE_ID, "postfix/cleanup", 1200 + s->pid % 7, "%s: message-id=%s",
		    s->qid, s->mid);
		break;
	case QUEUED:
		gen_say(g, E_QUEUED, "postfix/qmgr", 955,
		    "%s: from=<%s>, size=%u, nrcpt=%u (queue active)", s->qid, s->from, s->size,
		    s->nrcpt);
		break;
	case LEAVE:
		leave(g, s, "ehlo=2 starttls=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=8");
		break;
	case DELIVER:
		deliver(g, s);
		if (++s->rcpt < s->nrcpt)
			s->step = DELIVER;
		break;
	default:
		truth_message(g, s);
		gen_say(g, E_REMOVED, "postfix/qmgr", 955, "%s: removed", s->qid);
		return 0;
	}
	return 1;
}

const struct gen_kind gen_submission = { "submission", 24, 0, open_login, step_login };
