/* Verdict lines of spamd, amavis, rspamd and MIMEDefang; refused logins of Dovecot. */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "parser/daemons.h"
#include "tests/slack.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct line_case {
	const char *line, *want;	/* want NULL: an unknown line */
};

static const struct line_case spamd[] = {
	{ "spamd: connection from localhost [127.0.0.1]:40000 to port 783, fd 5",
	    "none" },
	{ "spamd: processing message <m1@sender.example> for debian-spamd:118",
	    "none" },
	{ "spamd: identified spam (8.1/5.0) for debian-spamd:118 in 4.2 seconds, 1432 bytes.",
	    "none" },
	{ "spamd: result: Y 8 - RCVD_IN_PBL,RDNS_DYNAMIC,URIBL_BLACK scantime=4.2,size=1432,"
	    "user=debian-spamd,uid=118,required_score=5.0,rhost=localhost,raddr=127.0.0.1,"
	    "rport=40000,mid=<m1@sender.example>,autolearn=no",
	    "verdict warned flags=8 score=8000 size=1432 message_id={m1@sender.example} "
	    "tests={RCVD_IN_PBL,RDNS_DYNAMIC,URIBL_BLACK}" },
	{ "spamd: checking message (unknown) for root:0",
	    "none" },
	{ "spamd: clean message (-1.2/5.0) for root:0 in 1.0 seconds, 800 bytes.",
	    "none" },
	{ "spamd: result: . -1 - MISSING_MID,SPF_PASS scantime=1.0,size=800,user=root,uid=0,"
	    "required_score=5.0,rhost=127.0.0.1,raddr=127.0.0.1,rport=/run/spamd.sock,"
	    "mid=(unknown),autolearn=disabled,shortcircuit=no",
	    "verdict warned score=-1000 size=800 tests={MISSING_MID,SPF_PASS}" },
	{ "result: Y 12 - FORGED_HELO scantime=2.0,size=900,mid=<a=b@c.example>,autolearn=spam",
	    "verdict warned flags=8 score=12000 size=900 message_id={a=b@c.example} "
	    "tests={FORGED_HELO}" },
	{ "spamd: result: .  0 -  scantime=0.1,size=10,user=u,uid=1,required_score=5.0,"
	    "rhost=h,raddr=127.0.0.1,rport=1,mid=<m2@sender.example>,autolearn=no",
	    "verdict warned score=0 size=10 message_id={m2@sender.example}" },
	{ "prefork: child states: BB",
	    "none" },
	{ "prefork: server reached --max-children setting, consider raising it",
	    "none" },
	{ "spamd: result: Y 7 - RAZOR2_CHECK scantime=0.2,size=20,user=u,uid=1,"
	    "required_score=5.0,rhost=h,raddr=127.0.0.1,rport=1,mid=<m3@sender.example>,"
	    "autolearn=no",
	    "verdict warned flags=8 score=7000 size=20 message_id={m3@sender.example} "
	    "tests={RAZOR2_CHECK}" },
	{ "words that spamd never says",
	    NULL },
	{ "result: Y x - A scantime=1",
	    NULL },
	{ "result: Z 1 - A scantime=1",
	    NULL },
	{ "result: Y 99999999999 - A scantime=1",
	    NULL },
};

#define TASK "<a1>; task; rspamd_task_write_log: "

static const struct line_case rspamd[] = {
	{ TASK "id: <m@x.example>, qid: <4A1>, ip: 203.0.113.1, from: <a@x.example>, "
	    "(default: T (reject): [18.505/15.00] [SUBJ(1.0){buy], (default: F;}]), len: 10",
	    "verdict refused addr=203.0.113.1 flags=8 score=18505 qid={4A1} sender={a@x.example} "
	    "message_id={m@x.example}" },
	{ TASK "id: <m>, (no action): [-0.5/15.0] [A(1.0),B(-1.5)], len: 10",
	    "verdict warned score=-500 message_id={m} tests={A(1.0),B(-1.5)}" },
	/* message-ids and senders that look like what comes behind them */
	{ TASK "id: <m>, qid: <4AF>, ip: 198.51.100.9, (default: F (no action): [0/15] [>, "
	    "qid: <4A1>, ip: 203.0.113.1, from: <a>, (default: T (reject): [18/15] [A(1){}]), len",
	    NULL },
	{ TASK "id: <m x>, qid: <4A1>, ip: 203.0.113.1, (default: T (reject): [18/15] []), len: 1",
	    NULL },
	{ TASK "id: <m>, qid: <4A1>, ip: 203.0.113.1, from: <\"x>, (default: F (no action): [0/15] "
	    "[\"@x.example>, (default: T (reject): [18/15] []), len: 1",
	    "verdict refused addr=203.0.113.1 flags=8 score=18000 qid={4A1} "
	    "sender={\"x>, (default: F (no action): [0/15] [\"@x.example} message_id={m}" },
	{ TASK "id: <m>, qid: <4A1>, (default: T (unheard of): [18/15] [])", NULL },
	{ TASK, NULL }, { "<a1>", NULL }, { "#1(normal) ", NULL }, { "", NULL },
	{ "#1(normal) <a1>; lua; x.lua:1: hello", "none" },
};

static const struct line_case mimedefang[] = {
	{ "4A1: MDLOG,4A1,spam,7.5,203.0.113.1,<a@x.example>,<u@own.example>,a %2C b",
	    "verdict warned addr=203.0.113.1 flags=8 score=7500 qid={4A1} sender={a@x.example} "
	    "rcpt={u@own.example}" },
	{ "4A1: MDLOG,4A1,virus,Eicar,203.0.113.1,<a>,<u>,x", "none" },
	{ "4A1: MDLOG,4A1,spam,,203.0.113.1,<a>,<u>,x", "none" },
	{ "MDLOG,", NULL }, { "4A1: said so", NULL }, { "", NULL },
};

static const struct line_case dovecot[] = {
	{ "submission-login: Aborted login (auth failed, 1 attempts in 2 secs): user=<a>, "
	    "rip=198.51.100.9, lip=1>, method=PLAIN, rip=203.0.113.1, lip=192.0.2.1, session=<x>",
	    "sasl-fail addr=203.0.113.1 local_port=587 account={a>, rip=198.51.100.9, lip=1}" },
	{ "submission-login: Disconnected (auth failed, 1 attempts): user=<>, rip=203.0.113.1, l",
	    "sasl-fail addr=203.0.113.1 local_port=587" },
	{ "submission-login: Disconnected (no auth attempts in 0 secs): user=<>, rip=203.0.113.1, l",
	    "none" },
	{ "submission-login: Disconnected (auth failed, 1 attempts): user=<a>, rip=", "none" },
	{ "auth: passwd-file(joe,203.0.113.1): Password mismatch", "none" },
};

static const struct line_case amavis[] = {
	{ "(00200-01) Blocked SPAM {DiscardedInbound,Quarantined}, [192.0.2.1]:4711 "
	    "[192.0.2.2] <a@sender.example> -> <c@own.example>, quarantine: s/spam-x1.gz, "
	    "Queue-ID: 4X1Y2Z, Message-ID: <m1@sender.example>, mail_id: x1, Hits: 16.3, size: "
	    "1432, 620 ms",
	    "verdict discarded addr=192.0.2.1 port=4711 flags=8 score=16300 size=1432 "
	    "qid={4X1Y2Z} sender={a@sender.example} rcpt={c@own.example} "
	    "message_id={m1@sender.example}" },
	{ "(00200-02) Passed CLEAN {RelayedInbound}, [192.0.2.3]:4712 [192.0.2.3] "
	    "<a@sender.example> -> <c@own.example>, Queue-ID: 4X1Y30, Message-ID: "
	    "<m2@sender.example>, mail_id: x2, Hits: -1.9, size: 900, queued_as: 4X1Y31, 100 ms",
	    "verdict warned addr=192.0.2.3 port=4712 score=-1900 size=900 qid={4X1Y30} "
	    "sender={a@sender.example} rcpt={c@own.example} message_id={m2@sender.example} "
	    "relay_id={4X1Y31}" },
	{ "(00200-03) Passed SPAMMY {RelayedTaggedInbound}, [IPv6:2001:db8::1]:4713 <> -> "
	    "<c@own.example>,<d@own.example>, Queue-ID: 4X1Y32, Message-ID: <m3@sender.example>,"
	    " mail_id: x3, Hits: 7.5-3, size: 900, queued_as: 4X1Y33, 100 ms",
	    "verdict warned addr=2001:db8::1 port=4713 flags=40 score=4500 size=900 "
	    "qid={4X1Y32} sender={} message_id={m3@sender.example} relay_id={4X1Y33}" },
	{ "(00200-04) Blocked SPAM {RejectedOutbound}, ORIGINATING/MYNETS LOCAL "
	    "[198.51.100.9]:4714 <bob@own.example> -> <x@far.example>, Queue-ID: 4X1Y34, "
	    "Message-ID: <m4@own.example>, mail_id: x4, Hits: 9, size: 700, 90 ms",
	    "verdict refused addr=198.51.100.9 port=4714 flags=1032 score=9000 size=700 "
	    "qid={4X1Y34} sender={bob@own.example} rcpt={x@far.example} "
	    "message_id={m4@own.example}" },
	{ "(00200-05) Blocked INFECTED (Eicar-Test-Signature) {DiscardedInbound,Quarantined}, "
	    "[192.0.2.4]:4715 <a@sender.example> -> <c@own.example>, quarantine: virus-x5, "
	    "Queue-ID: 4X1Y35, Message-ID: <m5@sender.example>, mail_id: x5, Hits: -, size: 300,"
	    " 80 ms",
	    "verdict discarded addr=192.0.2.4 port=4715 size=300 qid={4X1Y35} "
	    "sender={a@sender.example} rcpt={c@own.example} message_id={m5@sender.example}" },
	{ "(00200-06) Blocked BANNED (.exe,.exe-ms,a), [8.8.8.8] <x@y.example> -> ) "
	    "{BouncedInbound}, [192.0.2.5]:4716 <a@sender.example> -> <c@own.example>, "
	    "Queue-ID: 4X1Y36, Message-ID: <m6@sender.example>, mail_id: x6, Hits: -, size: 300,"
	    " 80 ms",
	    "verdict discarded size=300 qid={4X1Y36} sender={a@sender.example} "
	    "rcpt={c@own.example} message_id={m6@sender.example}" },
	{ "(00200-07) Blocked SPAM, [192.0.2.6] [192.0.2.7] <a@sender.example> -> "
	    "<c@own.example>, quarantine: spam-x7, Message-ID: <m7@sender.example>, mail_id: x7,"
	    " Hits: 6.364, size: 16493, 6292 ms",
	    "verdict refused addr=192.0.2.6 flags=8 score=6364 size=16493 "
	    "sender={a@sender.example} rcpt={c@own.example} message_id={m7@sender.example}" },
	{ "(00200-08) Passed BAD-HEADER-1 {RelayedInbound}, [192.0.2.8]:4717 "
	    "<a@sender.example> -> <c@own.example>, Message-ID: <x>, mail_id: f, Hits: -99, "
	    "size: 1@sender.example>, mail_id: x8, Hits: 2.5, size: 4134, queued_as: 4X1Y37, 20 "
	    "ms",
	    "verdict warned addr=192.0.2.8 port=4717 score=2500 size=4134 "
	    "sender={a@sender.example} rcpt={c@own.example} message_id={x>, mail_id: f, Hits: "
	    "-99, size: 1@sender.example} relay_id={4X1Y37}" },
	{ "(00200-09) Blocked MTA-BLOCKED {TempFailedInbound}, [192.0.2.9]:4718 "
	    "<a@sender.example> -> <c@own.example>, Queue-ID: 4X1Y38, Message-ID: "
	    "<m9@sender.example>, mail_id: x9, Hits: -2.54, size: 4895, 31758 ms",
	    "verdict deferred addr=192.0.2.9 port=4718 score=-2540 size=4895 qid={4X1Y38} "
	    "sender={a@sender.example} rcpt={c@own.example} message_id={m9@sender.example}" },
	{ "(00200-10) SPAM, <a@sender.example> -> <c@own.example>, Yes, score=17.709 tag=-10 "
	    "tag2=6.31 kill=6.31 tests=[BAYES_99=4], autolearn=spam, quarantine x1 "
	    "(spam-quarantine)",
	    "none" },
	{ "starting.  /usr/sbin/amavisd-new at mx.example amavisd-new-2.13.0",
	    "none" },
	{ "(00200-11) something that nobody knows",
	    NULL },
	{ "(1-1) Blocked SPAM, no parties at all",
	    NULL },
	{ "(1-1) Passed UNCHECKED, MYNETS [192.0.2.1] <a@b.example> -> <c@own.example> "
	    "Message-ID: <m@b.example>, mail_id: i, Hits: -, queued_as: 4X1, 5 ms",
	    "verdict warned addr=192.0.2.1 sender={a@b.example} rcpt={c@own.example} "
	    "message_id={m@b.example} relay_id={4X1}" },
	{ "(1-1) Passed, <a@b.example> -> <\"x> -> <y\"@own.example>, quarantine q, "
	    "Message-ID: <m@b.example>, Hits: 0.633",
	    "verdict warned score=633 sender={a@b.example} rcpt={\"x> -> <y\"@own.example} "
	    "message_id={m@b.example}" },
};

enum { TEXT_MAX = 4096 };

static void
put(char *text, const char *format, ...)
{
	size_t n = strlen(text);
	va_list ap;

	va_start(ap, format);
	vsnprintf(text + n, TEXT_MAX - n, format, ap);
	va_end(ap);
}

static const char *
what(const struct event *ev)
{
	switch (ev->type) {
	case EV_REJECT:
		return reject_reason_name(ev->reason);
	case EV_PROTOCOL:
		return protocol_sign_name(ev->reason);
	case EV_DELIVERY:
		return delivery_status_name(ev->reason);
	default:
		return "";
	}
}

/* The event as one line of text; "none" has no fields. */
static void
dump(const struct event *ev, char *text)
{
	char addr[ADDR_TEXT];

	put(text, "%s", event_type_name(ev->type));
	if (ev->type == EV_NONE)
		return;
	if (what(ev)[0] != '\0')
		put(text, " %s", what(ev));
	if (ev->type == EV_DELIVERY)
		put(text, " %s", delivery_agent_name(ev->agent));
	if (ev->type == EV_REJECT || ev->type == EV_VERDICT)
		put(text, " %s", reject_action_name(ev->action));
	if (ev->type == EV_REJECT)
		put(text, " %s", reject_phase_name(ev->phase));
	if (ev->has_addr && addr_format(&ev->addr, addr))
		put(text, " addr=%s", addr);
	if (ev->port != 0)
		put(text, " port=%u", ev->port);
	if (ev->has_addr2 && addr_format(&ev->addr2, addr))
		put(text, " addr2=%s", addr);
	if (ev->local_port != 0)
		put(text, " local_port=%u", ev->local_port);
	if (ev->flags & ~(unsigned)EF_HAS_SCORE)
		put(text, " flags=%u", ev->flags & ~(unsigned)EF_HAS_SCORE);
	if (ev->flags & EF_HAS_SCORE)
		put(text, " score=%d", ev->score);
	if (ev->size != 0)
		put(text, " size=%u", ev->size);
	for (int f = 0; f < F_COUNT; f++)
		if (event_has(ev, (enum event_field)f))
			put(text, " %s={%.*s}", event_field_name((enum event_field)f),
			    SLICE_ARG(ev->f[f]));
}

static void
check(const struct line_case *c, enum line_kind (*parse)(const struct header *, struct event *))
{
	struct header h = { .body = slack_copy(slice_of(c->line), '0') };
	char text[TEXT_MAX] = "";
	struct event ev = { 0 };
	enum line_kind kind;

	event_reset(&ev);
	kind = parse(&h, &ev);
	if (kind == LINE_RECOGNISED)
		dump(&ev, text);
	if (kind != (c->want == NULL ? LINE_UNKNOWN : LINE_RECOGNISED) ||
	    (c->want != NULL && strcmp(text, c->want) != 0))
		print_error("line %s\nwant %s\ngot  %s\n", c->line, c->want ? c->want : "(unknown)",
		    text);
	assert_int_equal(kind, c->want == NULL ? LINE_UNKNOWN : LINE_RECOGNISED);
	if (c->want != NULL)
		assert_string_equal(text, c->want);
	slack_free(h.body);
}

static void
test_spamd(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(spamd); i++)
		check(&spamd[i], spamd_line);
}

static void
test_amavis(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(amavis); i++)
		check(&amavis[i], amavis_line);
}

static void
test_rspamd(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rspamd); i++)
		check(&rspamd[i], rspamd_line);
}

static void
test_mimedefang(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(mimedefang); i++)
		check(&mimedefang[i], mimedefang_line);
}

static void
test_dovecot(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(dovecot); i++)
		check(&dovecot[i], dovecot_line);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spamd),
		cmocka_unit_test(test_amavis),
		cmocka_unit_test(test_rspamd),
		cmocka_unit_test(test_mimedefang),
		cmocka_unit_test(test_dovecot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
