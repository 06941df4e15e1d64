/* SPDX-License-Identifier: ISC */
/*
 * genlog: SpamAssassin's spamd, alone (-k spamd) and as part of the other kinds.
 * The names of the tests are invented.
 */
#include "gen.h"

#define PROG	"spamd"

static const char *const bad_tests[] = { "LC_BAYES_99", "LC_BAYES_80", "LC_BODY_PHARMA",
    "LC_BULK_HDR", "LC_DATE_AHEAD", "LC_HELO_LITERAL", "LC_LIST_PBL", "LC_LIST_XBL",
    "LC_MONEY_BIG", "LC_NO_RDNS", "LC_RAW_URI_IP", "LC_SHORT_LINK", "LC_SPF_FAIL",
    "LC_SUBJ_CAPS", "LC_URI_LISTED", "LC_WEBFORM" };
static const char *const good_tests[] = { "LC_BAYES_00", "LC_DKIM_OK", "LC_HTML_PART",
    "LC_KNOWN_SENDER", "LC_LIST_WHITE", "LC_SPF_PASS", "LC_T_REPLY", "LC_TLS_IN" };

static unsigned
child(const struct sess *s)
{
	return 2101 + s->pid % 5;
}

void
spamd_processing(struct gen *g, struct sess *s)
{
	gen_say(g, E_NONE, PROG, child(s), "spamd: processing message %s for spamfilter:118",
	    s->mid);
}

void
spamd_verdict(struct gen *g, struct sess *s)
{
	int minus = !s->spam && s->score < 30;

	gen_say(g, E_NONE, PROG, child(s), "spamd: %s (%s%u.%u/5.0) for spamfilter:118 in %u.%u "
	    "seconds, %u bytes.", s->spam ? "identified spam" : "clean message", minus ? "-" : "",
	    s->score / 10, s->score % 10, s->score % 3, s->size % 10, s->size);
}

void
spamd_result(struct gen *g, struct sess *s)
{
	char tests[256] = "", more[256];
	unsigned i, at, n = 2 + gen_rnd(g, 4), many;
	const char *const *list = s->spam ? bad_tests : good_tests;
	int minus = !s->spam && s->score >= 10 && s->score < 30;

	many = s->spam ? sizeof bad_tests / sizeof *bad_tests :
	    sizeof good_tests / sizeof *good_tests;
	at = gen_rnd(g, many - n + 1);
	for (i = 0; i < n; i++) {
		gen_text(more, sizeof more, "%s%s%s", tests, i == 0 ? "" : ",", list[at + i]);
		gen_text(tests, sizeof tests, "%s", more);
	}
	s->verdict = s->spam ? IDENTIFIED : CLEAN;
	gen_say(g, s->spam ? E_VERDICT_SPAM : E_VERDICT_HAM, PROG, child(s),
	    "spamd: result: %s %s%u - %s scantime=%u.%u,size=%u,"
	    "user=spamfilter,uid=118,required_score=5.0,rhost=localhost,raddr=127.0.0.1,rport=%u,"
	    "mid=%s,autolearn=%s", s->spam ? "Y" : ".", minus ? "-" : s->score < 100 ? " " : "",
	    s->score / 10, tests, s->score % 3, s->size % 10, s->size, 32768 + s->port % 20000,
	    s->mid, s->spam && s->score > 150 ? "spam" : "no");
}

static void
open_scan(struct gen *g, struct sess *s)
{
	s->step = 0;
	s->spam = gen_rnd(g, 100) < 45;
	gen_source(g, s, s->spam ? POOL_BAD : POOL_MTA);
	gen_message(g, s);
}

static int
step_scan(struct gen *g, struct sess *s)
{
	switch (s->step++) {
	case 0:
		gen_say(g, E_NONE, PROG, child(s), "spamd: connection from localhost "
		    "[127.0.0.1]:%u to port 783, fd 5", 32768 + s->port % 20000);
		break;
	case 1:
		spamd_processing(g, s);
		break;
	case 2:
		spamd_verdict(g, s);
		break;
	case 3:
		if (s->spam)
			truth_verdict(g);
		spamd_result(g, s);
		break;
	default:
		gen_say(g, E_NONE, PROG, 2100, "prefork: child states: IIBI%s",
		    s->pid & 1 ? "I" : "");
		return 0;
	}
	return 1;
}

const struct gen_kind gen_spamd = { "spamd", 5, 0, open_scan, step_scan };
