/* SPDX-License-Identifier: ISC */
/*
 * genlog: an Exim mainlog with Exim's own stamps; with -i they have milliseconds and a zone.
 * Ids are the short ones (6-6-2), of this generator's own numbers.
 */
#include <string.h>

#include "gen.h"

enum scene { DNSBL, UNROUTEABLE, RELAY, GREY, AUTH, DROPPED, MAIL, SCENES };
static const unsigned share[SCENES] = { 260, 90, 40, 70, 60, 60, 420 };

enum { FIRST, SECOND, DELIVER, COMPLETED };

static void
exim_id(struct gen *g, struct sess *s)
{
	static const char digit[] =
	    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	uint64_t n = g->ids * 2654435761U;
	char *p = s->qid;
	int i;

	memcpy(p, "1t", 2);
	for (i = 2; i < 6; i++, n /= 62)
		p[i] = digit[n % 62];
	p[6] = '-';
	for (i = 7, n = g->ids; i < 13; i++, n /= 62)
		p[i] = digit[n % 62];
	p[13] = '-';
	p[14] = digit[s->h % 62];
	p[15] = digit[s->h >> 8 & 15];
	p[16] = '\0';
}

static void
open_session(struct gen *g, struct sess *s)
{
	unsigned r = gen_rnd(g, 1000);

	for (s->scene = 0; r >= share[s->scene]; s->scene++)
		r -= share[s->scene];
	s->step = FIRST;
	s->hacked = s->scene == MAIL && gen_rnd(g, 100) < 6;
	s->spam = s->scene != MAIL || s->hacked || gen_rnd(g, 100) < 20;
	gen_source(g, s, s->spam ? POOL_BAD : POOL_MTA);
	gen_message(g, s);
	if (s->scene == GREY && !gen_again(g, s))
		gen_remember(g, s);
	r = gen_rnd(g, 900);
	gen_text(s->user, sizeof s->user, "user%u@customer%u.example", r, r % 20);
	s->account = r;
	if (s->hacked)
		gen_text(s->from, sizeof s->from, "%s", s->user);
	exim_id(g, s);
	s->left = 1 + !gen_rnd(g, 4);
}

/* name (helo) [ip]: the name only if verified, the HELO only if different. */
static void
host(char *buf, size_t size, const struct sess *s)
{
	int named = strcmp(s->name, "unknown") != 0;

	if (named && strcmp(s->name, s->helo) == 0)
		gen_text(buf, size, "%s [%s]", s->name, s->addr);
	else
		gen_text(buf, size, "%s%s(%s) [%s]", named ? s->name : "", named ? " " : "",
		    s->helo, s->addr);
}

static void
no_name(struct gen *g, struct sess *s)
{
	if (s->claimed[0] != '\0') {
		gen_say(g, E_MISMATCH, NULL, 0, "no IP address found for host %s (during SMTP "
		    "connection from [%s])", s->claimed, s->addr);
	} else if (strcmp(s->name, "unknown") == 0) {
		gen_say(g, E_NO_NAME, NULL, 0, "no host name found for IP address %s", s->addr);
	}
}

static void
reject(struct gen *g, struct sess *s)
{
	static const struct {
		enum gen_event event;
		enum gen_sort sort;
		enum gen_action action;
	} what[SCENES] = {
		[DNSBL] = { E_LISTED, SPAM, REFUSED },
		[UNROUTEABLE] = { E_NO_USER, SUSPECTED, REFUSED },
		[RELAY] = { E_NO_RELAY, PROBE, REFUSED },
		[GREY] = { E_GREYLISTED, SUSPECTED, DEFERRED },
	};
	const char *to = s->to[s->rcpt];
	char h[256], why[200];

	host(h, sizeof h, s);
	if (s->scene == DNSBL) {
		g->truth.by_list[0]++;
		gen_text(why, sizeof why, "found in dnsbl %s (127.0.0.%u), see "
		    "https://www.dnsbl.example/query/ip/%s", gen_lists[0], s->h & 1 ? 11 : 4, s->addr);
	} else if (s->scene == UNROUTEABLE)
		gen_text(why, sizeof why, "Unrouteable address");
	else if (s->scene == RELAY)
		gen_text(why, sizeof why, "relay not permitted");
	else
		gen_text(why, sizeof why, "greylisted, please try again in %u minutes",
		    1 + (unsigned)s->left);
	g->truth.refusal_lines++;
	truth_refusal(g, s, to, what[s->scene].sort, AT_ENVELOPE, what[s->scene].action);
	gen_say(g, what[s->scene].event, NULL, 0, "H=%s F=<%s> %srejected RCPT <%s>: %s", h,
	    s->from, s->scene == GREY ? "temporarily " : "", to, why);
	s->rcpt = (s->rcpt + 1) % s->nrcpt;
}

static void
arrive(struct gen *g, struct sess *s)
{
	char h[256], id[128];

	host(h, sizeof h, s);
	/* the log has the id without its brackets */
	gen_text(id, sizeof id, "%s", s->mid + 1);
	id[strlen(id) - 1] = '\0';
	s->began = g->us;
	s->login = s->hacked;
	gen_say(g, E_RECEIVED, NULL, 0, "%s <= %s H=%s P=esmtp%s%s%s S=%u id=%s", s->qid,
	    s->from[0] != '\0' ? s->from : "<>", h, s->h & 3 || s->hacked ? "s" : "",
	    s->hacked ? "a X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=no A=plain:" :
	    s->h & 3 ? " X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=no" : "",
	    s->hacked ? s->user : "", s->size, id);
}

static void
deliver(struct gen *g, struct sess *s)
{
	unsigned r = gen_rnd(g, 100);
	const char *to = s->to[s->rcpt], *mark = s->rcpt == 0 ? "=>" : "->";

	if (s->hacked && r < 30) {
		s->called_spam = 1;
		gen_say(g, E_BOUNCED_REMOTE, NULL, 0,
		    "%s ** %s R=dnslookup T=remote_smtp H=mx.partner.example "
		    "[203.0.113.%u]: SMTP error from remote mail server after end of data: 550 "
		    "5.7.1 "
		    "Message refused: looks like spam",
		    s->qid, to, r);
	} else if (r < 5) {
		s->relayed = 1;
		gen_say(g, E_DEFERRED_REMOTE, NULL, 0,
		    "%s == %s R=dnslookup T=remote_smtp defer (-44) H=mx.partner.example "
		    "[203.0.113.9]: SMTP error from remote mail server after RCPT TO:<%s>: 450 "
		    "4.2.1 "
		    "mailbox busy",
		    s->qid, to, to);
		return;
	} else if (s->hacked || r < 40) {
		s->relayed = 1;
		gen_say(g, E_SENT_REMOTE, NULL, 0,
		    "%s %s %s R=dnslookup T=remote_smtp H=mx.partner.example "
		    "[203.0.113.%u] X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=yes C=\"250 2.0.0 Ok: "
		    "queued "
		    "as %X\"",
		    s->qid, mark, to, r, (unsigned)s->h | 0x10000000);
	} else {
		gen_say(g, E_SENT_LOCAL, NULL, 0,
		    "%s %s %s R=localuser T=dovecot_lmtp C=\"250 2.0.0 <%s> %x Saved\"", s->qid,
		    mark, to, to, (unsigned)s->h);
	}
	s->rcpt++;
}

static int
step_mail(struct gen *g, struct sess *s)
{
	switch (s->step) {
	case SECOND:
		arrive(g, s);
		break;
	case DELIVER:
		deliver(g, s);
		if (s->rcpt < s->nrcpt)
			return 1;
		break;
	default:
		truth_message(g, s);
		gen_say(g, E_REMOVED, NULL, 0, "%s Completed", s->qid);
		return 0;
	}
	s->step++;
	return 1;
}

static int
step_session(struct gen *g, struct sess *s)
{
	char h[256];

	if (s->step == FIRST) {
		no_name(g, s);
		s->step = SECOND;
		return 1;
	}
	if (s->scene == MAIL)
		return step_mail(g, s);
	host(h, sizeof h, s);
	if (s->scene == AUTH) {
		gen_say(g, E_LOGIN_FAILED, NULL, 0, "dovecot_login authenticator failed for %s: "
		    "535 Incorrect authentication data (set_id=%s)", h, s->user);
	} else if (s->scene == DROPPED) {
		gen_say(g, s->h & 1 ? E_LOST : E_TIMEOUT, NULL, 0,
		    s->h & 1 ? "unexpected disconnection while reading SMTP command "
			       "from %s D=%us"
			     : "SMTP command timeout on connection from %s D=%us",
		    h, 1 + gen_rnd(g, 300));
		return 0;
	} else
		reject(g, s);
	return --s->left > 0;
}

const struct gen_kind gen_exim = { "exim", 20, 1, open_session, step_session };
