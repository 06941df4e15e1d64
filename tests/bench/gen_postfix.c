/* SPDX-License-Identifier: ISC */
/*
 * genlog: a receiving Postfix MX with postscreen, smtpd restrictions and a SpamAssassin milter.
 *
 * Every session starts in postscreen.  Most end there; the rest pass on to smtpd, where one
 * scene is played: a refusal, a login attempt, nothing, or a message logged in full.
 */
#include "gen.h"

#define SCREEN	"postfix/postscreen"
#define SMTPD	"postfix/smtpd"
#define ME	"[198.51.100.25]:25"

enum scene { SCREENED, LISTED, GREYLISTED, RELAY, UNKNOWN_USER, NO_RDNS, MAIL, LOGIN, IDLE,
    SCENES };
/* Per thousand sessions; and whether the session counts as refused. */
static const unsigned share[SCENES] = { 396, 86, 90, 26, 70, 58, 214, 36, 24 };
static const int refused[SCENES] = { 1, 1, 1, 1, 1, 1, 0, 0, 0 };

/* Steps; those up to CONNECT are common to all that reach smtpd. */
enum { SCREEN_CONNECT, PASS, CONNECT, SCENE };
enum { M_TLS = SCENE, M_CLIENT, M_ID, M_SCAN, M_VERDICT, M_RESULT, M_QUEUED, M_LEAVE, M_DELIVER,
    M_RETRY, M_REMOVED };

const char *const gen_lists[] = { "zen.dnsbl.example", "b.blockade.test", "bl.trapnet.example",
    "ix.dnsbl.test", "psbl.listings.example", "dyna.hostkarma.test" };
static const char *const reasons[] = {
    "https://www.dnsbl.example/query/ip/", "see https://blockade.test/lookup?ip=",
    "Mail from this host was caught by our traps; https://trapnet.example/why/",
    "Dynamic address, please use your provider's relay; https://hostkarma.test/?" };

static unsigned
helper(const struct sess *s, unsigned base)
{
	return base + s->pid % 7 * 3;
}

static void
open_session(struct gen *g, struct sess *s)
{
	unsigned r = gen_rnd(g, 1000);

	for (s->scene = 0; r >= share[s->scene]; s->scene++)
		r -= share[s->scene];
	s->step = 0;
	s->hacked = 0;
	s->spam = s->scene != MAIL || gen_rnd(g, 100) < 28;
	if (s->scene == MAIL || s->scene == GREYLISTED)
		gen_source(g, s, s->spam && gen_rnd(g, 3) ? POOL_BAD : POOL_MTA);
	else
		gen_source(g, s, s->scene == IDLE ? POOL_MTA : POOL_BAD);
	gen_message(g, s);
	if (s->scene == GREYLISTED && !gen_again(g, s))
		gen_remember(g, s);
	s->left = s->scene == SCREENED ? 1 + (int)(s->h >> 20 & 3) : 1 + !gen_rnd(g, 5);
}

/* The lines of a session that ends in postscreen, after its CONNECT. */
enum { P_LISTS = PASS, P_PREGREET, P_RANK, P_REJECT, P_HANGUP, P_DISCONNECT };

static void
listed(struct gen *g, struct sess *s)
{
	unsigned at = (unsigned)(s->h >> 24 & 7), r = (unsigned)(s->h >> 28 & 3), list;

	s->left--;
	list = (at + (unsigned)s->left) % GEN_LISTS;
	g->truth.on_list[list]++;
	gen_say(g, E_ON_LIST, "postfix/dnsblog", helper(s, 911 + 40 * (unsigned)s->left),
	    "addr %s listed by domain %s as 127.0.0.%u", s->addr, gen_lists[list],
	    r == 0 ? 4 : r == 1 ? 3 : 10 + at % 2);
}

static void
screen_reject(struct gen *g, struct sess *s)
{
	unsigned at = (unsigned)(s->h >> 24 & 7);

	g->truth.by_list[at % GEN_LISTS]++;
	truth_refusal(g, s, s->to[s->rcpt], SPAM, AT_CONNECT, REFUSED);
	gen_say(g, E_LISTED, SCREEN, 901, "NOQUEUE: reject: RCPT from [%s]:%u: 550 5.7.1 Service "
	    "unavailable; client [%s] blocked using %s; from=<%s>, to=<%s>, proto=%s, helo=<%s>",
	    s->addr, s->port, s->addr, gen_lists[at % GEN_LISTS], s->from, s->to[s->rcpt],
	    at & 1 ? "ESMTP" : "SMTP", s->helo);
}

static int
step_screened(struct gen *g, struct sess *s)
{
	unsigned at = (unsigned)(s->h >> 24 & 7);

	/* two of the lines are not in every session */
	if (s->step == P_PREGREET && (s->h >> 30 & 7) != 0)
		s->step++;
	if (s->step == P_HANGUP && gen_rnd(g, 3) != 0)
		s->step++;
	switch (s->step) {
	case P_LISTS:
		listed(g, s);
		if (s->left > 0)
			return 1;
		break;
	case P_PREGREET:
		s->pregreet = 1;
		gen_say(g, E_PREGREET, SCREEN, 901,
		    "PREGREET %u after 0.%2 from [%s]:%u: EHLO %s\\r\\n", 14 + at,
		    gen_rnd(g, 100), s->addr, s->port, s->helo);
		break;
	case P_RANK:
		gen_say(g, E_RANK, SCREEN, 901, "DNSBL rank %u for [%s]:%u", 3 + at, s->addr,
		    s->port);
		break;
	case P_REJECT:
		screen_reject(g, s);
		if (++s->rcpt < s->nrcpt)
			return 1;
		break;
	case P_HANGUP:
		gen_say(g, E_HANGUP, SCREEN, 901, "HANGUP after %u.%u from [%s]:%u in tests "
		    "after SMTP handshake", 1 + gen_rnd(g, 20), at, s->addr, s->port);
		break;
	default:
		gen_say(g, E_HANGUP, SCREEN, 901, "DISCONNECT [%s]:%u", s->addr, s->port);
		return 0;
	}
	s->step++;
	return 1;
}

/* What a refusal is, and what it says of a client that has an odd hash (at & 1). */
static const struct {
	enum gen_event even, odd;
	enum gen_sort sort;
	enum gen_action action;
} refusal[SCENES] = {
	[LISTED] = { E_LISTED, E_LISTED, SPAM, REFUSED },
	[GREYLISTED] = { E_GREYLISTED, E_GREYLISTED, SUSPECTED, DEFERRED },
	[RELAY] = { E_NO_RELAY_NOW, E_NO_RELAY_NOW, PROBE, DEFERRED },
	[UNKNOWN_USER] = { E_NO_USER, E_NO_USER, SUSPECTED, REFUSED },
	[NO_RDNS] = { E_BAD_RDNS, E_WITHOUT_RDNS, SUSPECTED, DEFERRED },
};

static void
reject(struct gen *g, struct sess *s)
{
	const char *to = s->to[s->rcpt];
	unsigned at = (unsigned)(s->h >> 24 & 7);
	char why[320];

	switch (s->scene) {
	case LISTED:
		g->truth.by_list[at % GEN_LISTS]++;
		gen_text(why, sizeof why, "554 5.7.1 Service unavailable; Client host [%s] blocked "
		    "using %s; %s%s", s->addr, gen_lists[at % GEN_LISTS], reasons[at % 4], s->addr);
		break;
	case GREYLISTED:
		gen_text(why, sizeof why, "450 4.2.0 <%s>: Recipient address rejected: Greylisted, "
		    "see https://grey.campus0.example/help/%s.html", to, to);
		break;
	case RELAY:
		to = s->from[0] != '\0' ? s->from : "test@relay.test";
		gen_text(why, sizeof why, "454 4.7.1 <%s>: Relay access denied", to);
		break;
	case UNKNOWN_USER:
		gen_text(why, sizeof why,
		    "550 5.1.1 <%s>: Recipient address rejected: User unknown "
		    "in %s",
		    to, at & 1 ? "virtual mailbox table" : "local recipient table");
		break;
	default:
		gen_text(why, sizeof why, "450 4.7.%u Client host rejected: cannot find your "
		    "%shostname, [%s]", at & 1 ? 25 : 1, at & 1 ? "reverse " : "", s->addr);
	}
	truth_refusal(g, s, to, refusal[s->scene].sort, AT_ENVELOPE, refusal[s->scene].action);
	gen_say(g, at & 1 ? refusal[s->scene].odd : refusal[s->scene].even, SMTPD, s->pid,
	    "NOQUEUE: reject: RCPT from %s[%s]: %s; from=<%s> to=<%s> proto=%s helo=<%s>",
	    s->name, s->addr, why, s->from, to, at & 3 ? "ESMTP" : "SMTP", s->helo);
	s->rcpt = (s->rcpt + 1) % s->nrcpt;
}

static int
leave(struct gen *g, struct sess *s, const char *counters)
{
	gen_say(g, E_DISCONNECT, SMTPD, s->pid, "disconnect from %s[%s] %s", s->name, s->addr,
	    counters);
	if (gen_rnd(g, 300) == 0) {
		gen_say(g, E_NONE, "postfix/anvil", 977, "statistics: max connection rate %u/60s "
		    "for (smtp:%s) at %s", 1 + gen_rnd(g, 9), s->addr, g->plain);
		gen_say(g, E_NONE, "postfix/anvil", 977, "statistics: max cache size %u at %s",
		    1 + gen_rnd(g, 40), g->plain);
	}
	return 0;
}

static int
step_refused(struct gen *g, struct sess *s)
{
	int polite = (s->h >> 22 & 3) == 0;

	if (s->step == SCENE) {
		reject(g, s);
		if (--s->left == 0)
			s->step++;
		return 1;
	}
	if (s->step == SCENE + 1 && !polite) {
		s->step++;
		gen_say(g, E_LOST, SMTPD, s->pid, "lost connection after RCPT from %s[%s]",
		    s->name, s->addr);
		return 1;
	}
	return leave(g, s, polite ? "ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4" :
	    "ehlo=1 mail=1 rcpt=0/1 commands=2/3");
}

static int
step_login(struct gen *g, struct sess *s)
{
	if (s->step == SCENE) {
		gen_say(g, E_LOGIN_FAILED, SMTPD, s->pid,
		    "warning: %s[%s]: SASL %s authentication failed: %s", s->name, s->addr,
		    s->h & 1 ? "LOGIN" : "PLAIN",
		    s->h & 2 ? "UGFzc3dvcmQ6" : "authentication failure");
		if (--s->left == 0)
			s->step++;
		return 1;
	}
	if (s->step++ == SCENE + 1) {
		gen_say(g, E_LOST, SMTPD, s->pid, "lost connection after AUTH from %s[%s]",
		    s->name, s->addr);
		return 1;
	}
	return leave(g, s, "ehlo=1 auth=0/1 commands=1/2");
}

static void
queued(struct gen *g, struct sess *s)
{
	gen_say(g, E_QUEUED, "postfix/qmgr", 955,
	    "%s: from=<%s>, size=%u, nrcpt=%u (queue active)", s->qid, s->from, s->size,
	    s->nrcpt);
}

static void
deliver(struct gen *g, struct sess *s)
{
	unsigned r = gen_rnd(g, 100), ms = gen_rnd(g, 100);
	const char *to = s->to[s->rcpt];

	if (s->step == M_DELIVER && r < 4) {
		s->deferred++;
		gen_say(g, E_DEFERRED_LOCAL, "postfix/lmtp", helper(s, 1300),
		    "%s: to=<%s>, relay=none, delay=30, "
		    "delays=0.%2/0.01/30/0, dsn=4.4.1, status=deferred (connect to "
		    "store.campus0.example[198.51.100.40]:24: Connection timed out)",
		    s->qid, to, ms);
	} else if (r < 7) {
		s->relayed = 1;
		gen_say(g, E_BOUNCED_REMOTE, "postfix/smtp", helper(s, 1400),
		    "%s: to=<%s>, "
		    "relay=mx.partner.example[203.0.113.7]:25, delay=1.%2, delays=0.4/0/0.3/0.5, "
		    "dsn=5.1.1, status=bounced (host mx.partner.example[203.0.113.7] said: 550 "
		    "5.1.1 "
		    "<%s>: no such mailbox (in reply to RCPT TO command))",
		    s->qid, to, ms, to);
	} else if (r < 70) {
		gen_say(g, E_SENT_LOCAL, "postfix/lmtp", helper(s, 1300), "%s: to=<%s>, "
		    "relay=store.campus0.example[198.51.100.40]:24, delay=0.%2, "
		    "delays=0.3/0.01/0.02/0.1, dsn=2.0.0, status=sent (250 2.0.0 <%s> %x "
		    "Saved)", s->qid, to, ms, to, (unsigned)s->h);
	} else if (r < 85) {
		gen_say(g, E_SENT_LOCAL, "postfix/local", helper(s, 1500), "%s: to=<%s>, "
		    "relay=local, delay=0.%2, delays=0.2/0.01/0/0.05, dsn=2.0.0, "
		    "status=sent (delivered to mailbox)", s->qid, to, ms);
	} else {
		s->relayed = 1;
		gen_say(g, E_SENT_REMOTE, "postfix/smtp", helper(s, 1400), "%s: to=<%s>, "
		    "relay=mx%u.partner.example[203.0.113.%u]:25, delay=1.%2, "
		    "delays=0.4/0.01/0.5/0.6, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued "
		    "as %X)", s->qid, to, r % 3, r, ms, (unsigned)(s->h >> 20) | 0x10000000);
	}
}

/* One message's lines up to its place in the queue. */
static int
step_accepted(struct gen *g, struct sess *s)
{
	switch (s->step++) {
	case M_TLS:
		if (s->h & 3) {
			gen_say(g, E_TLS, SMTPD, s->pid,
			    "Anonymous TLS connection established from %s[%s]: "
			    "TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)",
			    s->name, s->addr);
			break;
		}
		s->step++;
		/* FALLTHROUGH */
	case M_CLIENT:
		s->began = g->us;
		gen_say(g, E_CLIENT, SMTPD, s->pid, "%s: client=%s[%s]", s->qid, s->name,
		    s->addr);
		break;
	case M_ID:
		gen_say(g, E_MESSAGE_ID, "postfix/cleanup", helper(s, 1200), "%s: message-id=%s",
		    s->qid, s->mid);
		break;
	case M_SCAN:
		spamd_processing(g, s);
		break;
	case M_VERDICT:
		spamd_verdict(g, s);
		break;
	case M_RESULT:
		spamd_result(g, s);
		break;
	default:
		if (s->spam && s->score > 200) {
			gen_say(g, E_CONTENT, "postfix/cleanup", helper(s, 1200),
			    "%s: milter-reject: "
			    "END-OF-MESSAGE from %s[%s]: 5.7.1 Blocked by SpamAssassin; from=<%s> "
			    "to=<%s> proto=ESMTP helo=<%s>",
			    s->qid, s->name, s->addr, s->from, s->to[0], s->helo);
			s->nrcpt = 0;
			s->refused = 1;
			truth_message(g, s);
		} else
			queued(g, s);
	}
	return 1;
}

static int
step_mail(struct gen *g, struct sess *s)
{
	if (s->step <= M_QUEUED)
		return step_accepted(g, s);
	switch (s->step) {
	case M_LEAVE:
		leave(g, s, s->nrcpt == 0 ? "ehlo=1 mail=1 rcpt=1 data=0/1 commands=3/4" :
		    s->h & 3 ? "ehlo=2 starttls=1 mail=1 rcpt=1 data=1 quit=1 commands=7" :
		    "ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5");
		s->step = M_DELIVER;
		return s->nrcpt != 0;
	case M_RETRY:
		s->nrcpt = (unsigned)s->deferred;
		s->rcpt = 0;
		queued(g, s);
		s->step = M_REMOVED;
		return 1;
	case M_REMOVED:
		if (s->deferred-- > 0) {
			deliver(g, s);
			s->rcpt++;
			return 1;
		}
		truth_message(g, s);
		gen_say(g, E_REMOVED, "postfix/qmgr", 955, "%s: removed", s->qid);
		return 0;
	}
	deliver(g, s);
	if (++s->rcpt == s->nrcpt)
		s->step = s->deferred != 0 ? M_RETRY : M_REMOVED;
	return 1;
}

static int
step_scene(struct gen *g, struct sess *s)
{
	switch (s->step) {
	case SCREEN_CONNECT:
		s->step++;
		gen_say(g, E_NONE, SCREEN, 901, "CONNECT from [%s]:%u to " ME, s->addr, s->port);
		return 1;
	case PASS:
		if (s->scene == SCREENED)
			break;
		s->step++;
		gen_say(g, E_PASS, SCREEN, 901, "PASS %s [%s]:%u", s->h & 15 ? "OLD" : "NEW",
		    s->addr, s->port);
		return 1;
	case CONNECT:
		if (s->scene == SCREENED)
			break;
		s->step++;
		if (s->claimed[0] != '\0') {
			gen_say(g, E_MISMATCH, SMTPD, s->pid,
			    "warning: hostname %s does not resolve to address %s%s", s->claimed,
			    s->addr, s->h & 1 ? ": Name or service not known" : "");
		}
		gen_say(g, E_CONNECT, SMTPD, s->pid, "connect from %s[%s]", s->name, s->addr);
		return 1;
	}
	if (s->scene == SCREENED)
		return step_screened(g, s);
	if (s->scene == MAIL)
		return step_mail(g, s);
	if (s->scene == LOGIN)
		return step_login(g, s);
	return s->scene == IDLE ? leave(g, s, "ehlo=1 quit=1 commands=2") : step_refused(g, s);
}

static int
step_session(struct gen *g, struct sess *s)
{
	uint64_t before = g->truth.lines;
	int more = step_scene(g, s);

	if (refused[s->scene])
		g->truth.refusal_lines += g->truth.lines - before;
	return more;
}

const struct gen_kind gen_postfix = { "postfix", 32, 0, open_session, step_session };
