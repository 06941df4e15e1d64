/*
 * Logs through header, event and correlator: what comes out, one line a message (report/dump.h),
 * and the counts. "R " before a line: it is from a rejectlog.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "parser/correlate.h"
#include "parser/daemons.h"
#include "report/dump.h"
#include "tests/slack.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct scenario {
	const char *what, *log, *messages, *counts;
	uint32_t max_open;
};

static void
take(struct correlate *c, const struct names *names, struct buf *out)
{
	const struct message *m;

	while ((m = correlate_next(c)) != NULL)
		dump_message(m, names_text(names, m->host), out);
}

static void
put_counts(const struct correlate_counts *n, struct buf *out)
{
	buf_fmt(out,
	    "total %u = %u complete + %u open + %u forced; copies %u unjoined %u rejectlog %u "
	    "retries %u",
	    (unsigned)n->total, (unsigned)n->complete, (unsigned)n->open, (unsigned)n->forced,
	    (unsigned)n->copies, (unsigned)n->unjoined, (unsigned)n->rejectlog,
	    (unsigned)n->retries);
	if (n->crowded)
		buf_fmt(out, " crowded %u", (unsigned)n->crowded);
	buf_chr(out, '\0');
}

static void
run(const char *log, uint32_t max_open, struct buf *out, struct buf *counts)
{
	struct slice whole = slack_copy(slice_of(log), '0'), rest = whole;
	struct names *names = names_open();
	struct correlate *c = correlate_open(max_open ? max_open : CORRELATE_MAX_OPEN);
	struct correlate_counts n;
	struct header_reader *reader;
	struct zone zone;

	assert_int_equal(zone_open(&zone, SLICE("UTC"), NULL), 0);
	reader = header_open(names, &zone, SLICE("mx"), 2026, 1798675200);
	while (rest.n > 0) {
		struct slice line = slice_range(rest.p, slice_chr(rest, '\n'));
		struct header h = { 0 };
		struct event ev;
		bool reject;

		rest = slice_skip(rest, line.n + 1);
		reject = slice_take(&line, SLICE("R "));
		assert_int_equal(header_parse(reader, line, &h), LINE_RECOGNISED);
		h.rejectlog = reject;
		assert_int_equal(event_parse(&h, &ev), LINE_RECOGNISED);
		correlate_event(c, &ev);
		take(c, names, out);
	}
	correlate_end(c);
	take(c, names, out);
	buf_chr(out, '\0');
	n = correlate_counts(c);
	put_counts(&n, counts);
	assert_true(n.total == n.complete + n.open + n.forced);
	correlate_close(c);
	header_close(reader);
	names_close(names);
	slack_free(whole);
}

static const struct scenario scenarios[] = {
	{ "a queue id comes back after it was removed",
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.5]\n"
	    "Mar  3 10:00:00 mx postfix/cleanup[8]: A1B2C1: message-id=<1@x.example>\n"
	    "Mar  3 10:00:00 mx postfix/qmgr[7]: A1B2C1: from=<a@x.example>, size=900, nrcpt=1 "
	    "(queue active)\n"
	    "Mar  3 10:00:01 mx postfix/local[6]: A1B2C1: to=<b@example.org>, relay=local, "
	    "delay=1, dsn=2.0.0, status=sent (delivered)\n"
	    "Mar  3 10:00:01 mx postfix/qmgr[7]: A1B2C1: removed\n"
	    "Mar  3 10:05:00 mx postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.6]\n"
	    "Mar  3 10:05:00 mx postfix/cleanup[8]: A1B2C1: message-id=<2@x.example>\n"
	    "Mar  3 10:05:00 mx postfix/qmgr[7]: A1B2C1: from=<a@x.example>, size=900, nrcpt=1 "
	    "(queue active)\n"
	    "Mar  3 10:05:01 mx postfix/local[6]: A1B2C1: to=<b@example.org>, relay=local, "
	    "delay=1, dsn=2.0.0, status=sent (delivered)\n"
	    "Mar  3 10:05:01 mx postfix/qmgr[7]: A1B2C1: removed\n",
	    "2026-03-03T10:00:00Z mx postfix mail complete client=198.51.100.5 size=900 "
	    "recipients=1 sent_local=1 qid=A1B2C1 message_id=1@x.example sender=a@x.example "
	    "rcpt=b@example.org +no-name\n"
	    "2026-03-03T10:05:00Z mx postfix mail complete client=198.51.100.6 size=900 "
	    "recipients=1 sent_local=1 qid=A1B2C1 message_id=2@x.example sender=a@x.example "
	    "rcpt=b@example.org +no-name\n",
	    "total 2 = 2 complete + 0 open + 0 forced; copies 0 unjoined 0 rejectlog 0 retries 0",
	    0 },
	{ "a queue id comes back though its end was never logged",
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.5]\n"
	    "Mar  3 10:00:00 mx postfix/cleanup[8]: A1B2C1: message-id=<1@x.example>\n"
	    "Mar  3 10:00:00 mx postfix/qmgr[7]: A1B2C1: from=<a@x.example>, size=900, nrcpt=1 "
	    "(queue active)\n"
	    "Mar  3 10:00:01 mx postfix/local[6]: A1B2C1: to=<b@example.org>, relay=local, "
	    "delay=1, dsn=2.0.0, status=sent (delivered)\n"
	    "Mar  3 10:05:00 mx postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.6]\n"
	    "Mar  3 10:05:00 mx postfix/cleanup[8]: A1B2C1: message-id=<2@x.example>\n"
	    "Mar  3 10:05:00 mx postfix/qmgr[7]: A1B2C1: from=<a@x.example>, size=900, nrcpt=1 "
	    "(queue active)\n"
	    "Mar  3 10:05:01 mx postfix/local[6]: A1B2C1: to=<b@example.org>, relay=local, "
	    "delay=1, dsn=2.0.0, status=sent (delivered)\n"
	    "Mar  3 10:05:01 mx postfix/qmgr[7]: A1B2C1: removed\n",
	    "2026-03-03T10:00:00Z mx postfix mail complete client=198.51.100.5 size=900 "
	    "recipients=1 sent_local=1 qid=A1B2C1 message_id=1@x.example sender=a@x.example "
	    "rcpt=b@example.org +no-name\n"
	    "2026-03-03T10:05:00Z mx postfix mail complete client=198.51.100.6 size=900 "
	    "recipients=1 sent_local=1 qid=A1B2C1 message_id=2@x.example sender=a@x.example "
	    "rcpt=b@example.org +no-name\n",
	    "total 2 = 2 complete + 0 open + 0 forced; copies 0 unjoined 0 rejectlog 0 retries 0",
	    0 },
	{ "what a client said in one session is not said of its next, in the same process",
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: warning: hostname a.example does not resolve to "
	    "address 198.51.100.5\n"
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: connect from unknown[198.51.100.5]\n"
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: Anonymous TLS connection established from "
	    "unknown[198.51.100.5]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\n"
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.5]\n"
	    "Mar  3 10:00:01 mx postfix/smtpd[9]: disconnect from unknown[198.51.100.5] ehlo=1 "
	    "mail=1 rcpt=1 data=1 quit=1 commands=5\n"
	    "Mar  3 10:00:02 mx postfix/smtpd[9]: connect from unknown[198.51.100.5]\n"
	    "Mar  3 10:00:02 mx postfix/smtpd[9]: A1B2C2: client=unknown[198.51.100.5]\n",
	    "2026-03-03T10:00:00Z mx postfix mail open client=198.51.100.5 qid=A1B2C1 "
	    "unverified=a.example +tls +rdns-mismatch +no-name\n"
	    "2026-03-03T10:00:02Z mx postfix mail open client=198.51.100.5 qid=A1B2C2 +no-name\n",
	    "total 2 = 0 complete + 2 open + 0 forced; copies 0 unjoined 0 rejectlog 0 retries 0",
	    0 },
	/* its client left before the end of DATA */
	{ "a queue id that nobody closed is another message after an hour",
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.5]\n"
	    "Mar 13 10:00:00 mx postfix/qmgr[7]: A1B2C1: from=<a@x.example>, size=900, nrcpt=1 "
	    "(queue active)\n",
	    "2026-03-03T10:00:00Z mx postfix mail complete client=198.51.100.5 qid=A1B2C1 +no-name\n"
	    "2026-03-13T10:00:00Z mx postfix mail open size=900 recipients=1 qid=A1B2C1 "
	    "sender=a@x.example\n",
	    "total 2 = 1 complete + 1 open + 0 forced; copies 0 unjoined 0 rejectlog 0 retries 0",
	    0 },
	{ "a queued message that nobody removed is another one after a week",
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.5]\n"
	    "Mar  3 10:00:01 mx postfix/qmgr[7]: A1B2C1: from=<b@x.example>, size=100, nrcpt=2 "
	    "(queue active)\n"
	    "Mar 13 10:00:00 mx postfix/qmgr[7]: A1B2C1: from=<a@x.example>, size=900, nrcpt=1 "
	    "(queue active)\n",
	    "2026-03-03T10:00:00Z mx postfix mail forced client=198.51.100.5 size=100 recipients=2 "
	    "qid=A1B2C1 sender=b@x.example +no-name\n"
	    "2026-03-13T10:00:00Z mx postfix mail open size=900 recipients=1 qid=A1B2C1 "
	    "sender=a@x.example\n",
	    "total 2 = 0 complete + 1 open + 1 forced; copies 0 unjoined 0 rejectlog 0 retries 0",
	    0 },
	{ "the opener behind cleanup's line",
	    "Mar  3 10:00:00 mx postfix/cleanup[8]: A1B2C1: message-id=<1@x.example>\n"
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.5]\n"
	    "Mar  3 10:00:01 mx postfix/qmgr[7]: A1B2C1: removed\n",
	    "2026-03-03T10:00:00Z mx postfix mail complete client=198.51.100.5 qid=A1B2C1 "
	    "message_id=1@x.example +no-name\n",
	    "total 1 = 1 complete + 0 open + 0 forced; copies 0 unjoined 0 rejectlog 0 retries 0",
	    0 },
	{ "one queue id on two hosts",
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.5]\n"
	    "Mar  3 10:00:00 mx postfix/cleanup[8]: A1B2C1: message-id=<1@x.example>\n"
	    "Mar  3 10:00:00 mx postfix/qmgr[7]: A1B2C1: from=<a@x.example>, size=900, nrcpt=1 "
	    "(queue active)\n"
	    "Mar  3 10:00:01 mx postfix/local[6]: A1B2C1: to=<b@example.org>, relay=local, "
	    "delay=1, dsn=2.0.0, status=sent (delivered)\n"
	    "Mar  3 10:00:01 mx postfix/qmgr[7]: A1B2C1: removed\n"
	    "Mar  3 10:00:00 mx2 postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.6]\n"
	    "Mar  3 10:00:00 mx2 postfix/cleanup[8]: A1B2C1: message-id=<2@x.example>\n"
	    "Mar  3 10:00:00 mx2 postfix/qmgr[7]: A1B2C1: from=<a@x.example>, size=900, nrcpt=1 "
	    "(queue active)\n"
	    "Mar  3 10:00:01 mx2 postfix/local[6]: A1B2C1: to=<b@example.org>, relay=local, "
	    "delay=1, dsn=2.0.0, status=sent (delivered)\n"
	    "Mar  3 10:00:01 mx2 postfix/qmgr[7]: A1B2C1: removed\n",
	    "2026-03-03T10:00:00Z mx postfix mail complete client=198.51.100.5 size=900 "
	    "recipients=1 sent_local=1 qid=A1B2C1 message_id=1@x.example sender=a@x.example "
	    "rcpt=b@example.org +no-name\n"
	    "2026-03-03T10:00:00Z mx2 postfix mail complete client=198.51.100.6 size=900 "
	    "recipients=1 sent_local=1 qid=A1B2C1 message_id=2@x.example sender=a@x.example "
	    "rcpt=b@example.org +no-name\n",
	    "total 2 = 2 complete + 0 open + 0 forced; copies 0 unjoined 0 rejectlog 0 retries 0",
	    0 },
	{ "a content filter gives it back by SMTP: once, from the true client",
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.5]\n"
	    "Mar  3 10:00:00 mx postfix/cleanup[8]: A1B2C1: message-id=<1@x.example>\n"
	    "Mar  3 10:00:00 mx postfix/qmgr[7]: A1B2C1: from=<a@x.example>, size=900, nrcpt=1 "
	    "(queue active)\n"
	    "Mar  3 10:00:02 mx postfix/smtpd[19]: A1B2C2: client=localhost[127.0.0.1]\n"
	    "Mar  3 10:00:02 mx postfix/cleanup[8]: A1B2C2: message-id=<1@x.example>\n"
	    "Mar  3 10:00:02 mx postfix/qmgr[7]: A1B2C2: from=<a@x.example>, size=1100, nrcpt=1 "
	    "(queue active)\n"
	    "Mar  3 10:00:02 mx postfix/smtp[6]: A1B2C1: to=<b@example.org>, "
	    "relay=127.0.0.1[127.0.0.1]:10024, delay=2, dsn=2.0.0, status=sent (250 2.0.0 Ok: "
	    "queued as A1B2C2)\n"
	    "Mar  3 10:00:02 mx postfix/qmgr[7]: A1B2C1: removed\n"
	    "Mar  3 10:00:03 mx postfix/local[6]: A1B2C2: to=<b@example.org>, relay=local, "
	    "delay=1, dsn=2.0.0, status=sent (delivered)\n"
	    "Mar  3 10:00:03 mx postfix/qmgr[7]: A1B2C2: removed\n",
	    "2026-03-03T10:00:00Z mx postfix mail complete client=198.51.100.5 size=1100 "
	    "recipients=1 sent_local=1 qid=A1B2C1 message_id=1@x.example sender=a@x.example "
	    "rcpt=b@example.org +no-name\n",
	    "total 2 = 2 complete + 0 open + 0 forced; copies 1 unjoined 0 rejectlog 0 retries 0",
	    0 },
	{ "a filter's pipe gives it back by sendmail: once, and delivered once",
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.5]\n"
	    "Mar  3 10:00:00 mx postfix/cleanup[8]: A1B2C1: message-id=<1@x.example>\n"
	    "Mar  3 10:00:01 mx postfix/pipe[6]: A1B2C1: to=<b@example.org>, relay=spamfilter, "
	    "delay=2, dsn=2.0.0, status=sent (delivered via spamfilter service)\n"
	    "Mar  3 10:00:01 mx postfix/pickup[4]: A1B2C2: uid=65534 from=<a@x.example>\n"
	    "Mar  3 10:00:01 mx postfix/cleanup[8]: A1B2C2: message-id=<1@x.example>\n"
	    "Mar  3 10:00:01 mx postfix/qmgr[7]: A1B2C1: removed\n"
	    "Mar  3 10:00:02 mx postfix/local[6]: A1B2C2: to=<b@example.org>, relay=local, "
	    "delay=1, dsn=2.0.0, status=sent (delivered)\n"
	    "Mar  3 10:00:02 mx postfix/qmgr[7]: A1B2C2: removed\n",
	    "2026-03-03T10:00:00Z mx postfix mail complete client=198.51.100.5 sent_local=1 "
	    "qid=A1B2C1 message_id=1@x.example sender=a@x.example rcpt=b@example.org +no-name\n",
	    "total 2 = 2 complete + 0 open + 0 forced; copies 1 unjoined 0 rejectlog 0 retries 0",
	    0 },
	{ "a second passage when the first was handed on again: it adds to the last",
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.5]\n"
	    "Mar  3 10:00:00 mx postfix/cleanup[8]: A1B2C1: message-id=<1@x.example>\n"
	    "Mar  3 10:00:01 mx postfix/pipe[6]: A1B2C1: to=<b@example.org>, relay=spamfilter, "
	    "delay=2, dsn=2.0.0, status=sent (delivered via spamfilter service)\n"
	    "Mar  3 10:00:01 mx postfix/pickup[4]: A1B2C2: uid=65534 from=<a@x.example>\n"
	    "Mar  3 10:00:01 mx postfix/cleanup[8]: A1B2C2: message-id=<1@x.example>\n"
	    "Mar  3 10:00:02 mx postfix/smtpd[19]: A1B2C3: client=localhost[127.0.0.1]\n"
	    "Mar  3 10:00:02 mx postfix/cleanup[8]: A1B2C3: message-id=<1@x.example>\n"
	    "Mar  3 10:00:02 mx postfix/qmgr[7]: A1B2C3: from=<a@x.example>, size=900, nrcpt=1 "
	    "(queue active)\n"
	    "Mar  3 10:00:02 mx postfix/smtp[6]: A1B2C2: to=<b@example.org>, "
	    "relay=127.0.0.1[127.0.0.1]:10024, delay=2, dsn=2.0.0, status=sent (250 2.0.0 Ok: "
	    "queued as A1B2C3)\n"
	    "Mar  3 10:00:02 mx postfix/qmgr[7]: A1B2C2: removed\n"
	    "Mar  3 10:00:03 mx postfix/local[6]: A1B2C3: to=<b@example.org>, relay=local, "
	    "delay=1, dsn=2.0.0, status=sent (delivered)\n"
	    "Mar  3 10:00:03 mx postfix/qmgr[7]: A1B2C3: removed\n"
	    "Mar  3 10:00:04 mx postfix/pipe[6]: A1B2C1: to=<c@example.org>, relay=spamfilter, "
	    "delay=4, dsn=2.0.0, status=sent (delivered via spamfilter service)\n"
	    "Mar  3 10:00:04 mx postfix/pickup[4]: A1B2C4: uid=65534 from=<a@x.example>\n"
	    "Mar  3 10:00:04 mx postfix/cleanup[8]: A1B2C4: message-id=<1@x.example>\n"
	    "Mar  3 10:00:04 mx postfix/qmgr[7]: A1B2C1: removed\n"
	    "Mar  3 10:00:05 mx postfix/local[6]: A1B2C4: to=<c@example.org>, relay=local, "
	    "delay=1, dsn=2.0.0, status=sent (delivered)\n"
	    "Mar  3 10:00:05 mx postfix/qmgr[7]: A1B2C4: removed\n",
	    "2026-03-03T10:00:00Z mx postfix mail complete client=198.51.100.5 size=900 "
	    "recipients=1 sent_local=2 qid=A1B2C1 message_id=1@x.example sender=a@x.example rcpt=b@example.org +no-name\n",
	    "total 4 = 4 complete + 0 open + 0 forced; copies 3 unjoined 0 rejectlog 0 retries 0",
	    0 },
	{ "an inner host delivers what it was handed only after the window is over",
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.5]\n"
	    "Mar  3 10:00:00 mx postfix/cleanup[8]: A1B2C1: message-id=<1@x.example>\n"
	    "Mar  3 10:00:00 in postfix/smtpd[9]: A1B2C2: client=mx[10.0.0.1]\n"
	    "Mar  3 10:00:00 in postfix/cleanup[8]: A1B2C2: message-id=<1@x.example>\n"
	    "Mar  3 10:00:01 mx postfix/smtp[6]: A1B2C1: to=<b@example.org>, "
	    "relay=in[10.0.0.2]:25, delay=1, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as "
	    "A1B2C2)\n"
	    "Mar  3 10:00:01 mx postfix/qmgr[7]: A1B2C1: removed\n"
	    "Mar  3 10:00:02 in postfix/lmtp[6]: A1B2C2: to=<b@example.org>, "
	    "relay=in[private/lmtp], delay=1, dsn=4.2.0, status=deferred (try later)\n"
	    "Mar  3 10:20:02 in postfix/lmtp[6]: A1B2C2: to=<b@example.org>, "
	    "relay=in[private/lmtp], delay=1202, dsn=2.0.0, status=sent (saved)\n"
	    "Mar  3 10:20:02 in postfix/qmgr[7]: A1B2C2: removed\n",
	    "2026-03-03T10:00:00Z mx postfix mail complete client=198.51.100.5 sent_local=1 "
	    "deferred=1 qid=A1B2C1 message_id=1@x.example rcpt=b@example.org deferred "
	    "own=\"try later\" +no-name\n",
	    "total 2 = 2 complete + 0 open + 0 forced; copies 1 unjoined 0 rejectlog 0 retries 0",
	    0 },
	{ "the verdict before the message",
	    "Mar  3 09:59:58 mx spamd[5]: spamd: result: Y 9 - T9 "
	    "scantime=0.2,size=900,user=nobody,uid=65534,required_score=5.0,rhost=localhost,raddr="
	    "127.0.0.1,rport=4000,mid=<1@x.example>,autolearn=no\n"
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.5]\n"
	    "Mar  3 10:00:00 mx postfix/cleanup[8]: A1B2C1: message-id=<1@x.example>\n"
	    "Mar  3 10:00:00 mx postfix/qmgr[7]: A1B2C1: from=<a@x.example>, size=900, nrcpt=1 "
	    "(queue active)\n"
	    "Mar  3 10:00:01 mx postfix/local[6]: A1B2C1: to=<b@example.org>, relay=local, "
	    "delay=1, dsn=2.0.0, status=sent (delivered)\n"
	    "Mar  3 10:00:01 mx postfix/qmgr[7]: A1B2C1: removed\n",
	    "2026-03-03T10:00:00Z mx postfix mail complete client=198.51.100.5 verdict=spam "
	    "score=9000 size=900 recipients=1 sent_local=1 qid=A1B2C1 message_id=1@x.example "
	    "sender=a@x.example rcpt=b@example.org tests=T9 +scored +no-name\n",
	    "total 1 = 1 complete + 0 open + 0 forced; copies 0 unjoined 0 rejectlog 0 retries 0",
	    0 },
	{ "the verdict five seconds behind the message",
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.5]\n"
	    "Mar  3 10:00:00 mx postfix/cleanup[8]: A1B2C1: message-id=<1@x.example>\n"
	    "Mar  3 10:00:00 mx postfix/qmgr[7]: A1B2C1: from=<a@x.example>, size=900, nrcpt=1 "
	    "(queue active)\n"
	    "Mar  3 10:00:01 mx postfix/local[6]: A1B2C1: to=<b@example.org>, relay=local, "
	    "delay=1, dsn=2.0.0, status=sent (delivered)\n"
	    "Mar  3 10:00:01 mx postfix/qmgr[7]: A1B2C1: removed\n"
	    "Mar  3 10:00:06 mx spamd[5]: spamd: result: Y 9 - T9 "
	    "scantime=0.2,size=900,user=nobody,uid=65534,required_score=5.0,rhost=localhost,raddr="
	    "127.0.0.1,rport=4000,mid=<1@x.example>,autolearn=no\n",
	    "2026-03-03T10:00:00Z mx postfix mail complete client=198.51.100.5 verdict=spam "
	    "score=9000 size=900 recipients=1 sent_local=1 qid=A1B2C1 message_id=1@x.example "
	    "sender=a@x.example rcpt=b@example.org tests=T9 +scored +no-name\n",
	    "total 1 = 1 complete + 0 open + 0 forced; copies 0 unjoined 0 rejectlog 0 retries 0",
	    0 },
	{ "the verdict more than ten minutes behind",
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.5]\n"
	    "Mar  3 10:00:00 mx postfix/cleanup[8]: A1B2C1: message-id=<1@x.example>\n"
	    "Mar  3 10:00:00 mx postfix/qmgr[7]: A1B2C1: from=<a@x.example>, size=900, nrcpt=1 "
	    "(queue active)\n"
	    "Mar  3 10:00:01 mx postfix/local[6]: A1B2C1: to=<b@example.org>, relay=local, "
	    "delay=1, dsn=2.0.0, status=sent (delivered)\n"
	    "Mar  3 10:00:01 mx postfix/qmgr[7]: A1B2C1: removed\n"
	    "Mar  3 10:10:02 mx spamd[5]: spamd: result: Y 9 - T9 "
	    "scantime=0.2,size=900,user=nobody,uid=65534,required_score=5.0,rhost=localhost,raddr="
	    "127.0.0.1,rport=4000,mid=<1@x.example>,autolearn=no\n",
	    "2026-03-03T10:00:00Z mx postfix mail complete client=198.51.100.5 size=900 "
	    "recipients=1 sent_local=1 qid=A1B2C1 message_id=1@x.example sender=a@x.example "
	    "rcpt=b@example.org +no-name\n"
	    "2026-03-03T10:10:02Z mx spamassassin verdict complete verdict=spam score=9000 "
	    "size=900 message_id=1@x.example tests=T9 +scored\n",
	    "total 1 = 1 complete + 0 open + 0 forced; copies 0 unjoined 1 rejectlog 0 retries 0",
	    0 },
	{ "equal message-ids: the k-th verdict for the k-th message",
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.5]\n"
	    "Mar  3 10:00:00 mx postfix/cleanup[8]: A1B2C1: message-id=<1@x.example>\n"
	    "Mar  3 10:00:00 mx postfix/qmgr[7]: A1B2C1: from=<a@x.example>, size=900, nrcpt=1 "
	    "(queue active)\n"
	    "Mar  3 10:00:01 mx postfix/local[6]: A1B2C1: to=<b@example.org>, relay=local, "
	    "delay=1, dsn=2.0.0, status=sent (delivered)\n"
	    "Mar  3 10:00:01 mx postfix/qmgr[7]: A1B2C1: removed\n"
	    "Mar  3 10:00:02 mx spamd[5]: spamd: result: . 1 - T1 "
	    "scantime=0.2,size=900,user=nobody,uid=65534,required_score=5.0,rhost=localhost,raddr="
	    "127.0.0.1,rport=4000,mid=<1@x.example>,autolearn=no\n"
	    "Mar  3 10:01:00 mx postfix/smtpd[9]: A1B2C2: client=unknown[198.51.100.6]\n"
	    "Mar  3 10:01:00 mx postfix/cleanup[8]: A1B2C2: message-id=<1@x.example>\n"
	    "Mar  3 10:01:00 mx postfix/qmgr[7]: A1B2C2: from=<a@x.example>, size=900, nrcpt=1 "
	    "(queue active)\n"
	    "Mar  3 10:01:01 mx postfix/local[6]: A1B2C2: to=<b@example.org>, relay=local, "
	    "delay=1, dsn=2.0.0, status=sent (delivered)\n"
	    "Mar  3 10:01:01 mx postfix/qmgr[7]: A1B2C2: removed\n"
	    "Mar  3 10:01:02 mx spamd[5]: spamd: result: Y 9 - T9 "
	    "scantime=0.2,size=900,user=nobody,uid=65534,required_score=5.0,rhost=localhost,raddr="
	    "127.0.0.1,rport=4000,mid=<1@x.example>,autolearn=no\n"
	    "Mar  3 10:02:00 mx postfix/smtpd[9]: A1B2C3: client=unknown[198.51.100.7]\n"
	    "Mar  3 10:02:00 mx postfix/cleanup[8]: A1B2C3: message-id=<1@x.example>\n"
	    "Mar  3 10:02:00 mx postfix/qmgr[7]: A1B2C3: from=<a@x.example>, size=900, nrcpt=1 "
	    "(queue active)\n"
	    "Mar  3 10:02:01 mx postfix/local[6]: A1B2C3: to=<b@example.org>, relay=local, "
	    "delay=1, dsn=2.0.0, status=sent (delivered)\n"
	    "Mar  3 10:02:01 mx postfix/qmgr[7]: A1B2C3: removed\n"
	    "Mar  3 10:02:02 mx spamd[5]: spamd: result: . 2 - T2 "
	    "scantime=0.2,size=900,user=nobody,uid=65534,required_score=5.0,rhost=localhost,raddr="
	    "127.0.0.1,rport=4000,mid=<1@x.example>,autolearn=no\n",
	    "2026-03-03T10:00:00Z mx postfix mail complete client=198.51.100.5 verdict=ham "
	    "score=1000 size=900 recipients=1 sent_local=1 qid=A1B2C1 message_id=1@x.example "
	    "sender=a@x.example rcpt=b@example.org tests=T1 +scored +no-name\n"
	    "2026-03-03T10:01:00Z mx postfix mail complete client=198.51.100.6 verdict=spam "
	    "score=9000 size=900 recipients=1 sent_local=1 qid=A1B2C2 message_id=1@x.example "
	    "sender=a@x.example rcpt=b@example.org tests=T9 +scored +no-name\n"
	    "2026-03-03T10:02:00Z mx postfix mail complete client=198.51.100.7 verdict=ham "
	    "score=2000 size=900 recipients=1 sent_local=1 qid=A1B2C3 message_id=1@x.example "
	    "sender=a@x.example rcpt=b@example.org tests=T2 +scored +no-name\n",
	    "total 3 = 3 complete + 0 open + 0 forced; copies 0 unjoined 0 rejectlog 0 retries 0",
	    0 },
	{ "a rejectlog line behind its mainlog line",
	    "2026-03-03 10:00:00 H=(pc) [203.0.113.7] F=<w@x.example> rejected RCPT "
	    "<b@example.org>: found in dnsbl zen.spamhaus.org (127.0.0.4)\n"
	    "R 2026-03-03 10:00:00 H=(pc) [203.0.113.7] F=<w@x.example> rejected RCPT "
	    "<b@example.org>: found in dnsbl zen.spamhaus.org (127.0.0.4)\n",
	    "2026-03-03T10:00:00Z mx exim attempt complete client=203.0.113.7 reason=dnsbl "
	    "action=refused phase=envelope recipients=1 helo=pc sender=w@x.example "
	    "rcpt=b@example.org zone=zen.spamhaus.org code=127.0.0.4 reply=\"found in dnsbl "
	    "zen.spamhaus.org (127.0.0.4)\" +rejected +no-name\n",
	    "total 0 = 0 complete + 0 open + 0 forced; copies 0 unjoined 0 rejectlog 1 retries 0",
	    0 },
	{ "a rejectlog line before its mainlog line",
	    "R 2026-03-03 10:00:00 H=(pc) [203.0.113.7] F=<w@x.example> rejected RCPT "
	    "<b@example.org>: found in dnsbl zen.spamhaus.org (127.0.0.4)\n"
	    "2026-03-03 10:00:00 H=(pc) [203.0.113.7] F=<w@x.example> rejected RCPT "
	    "<b@example.org>: found in dnsbl zen.spamhaus.org (127.0.0.4)\n",
	    "2026-03-03T10:00:00Z mx exim attempt complete client=203.0.113.7 reason=dnsbl "
	    "action=refused phase=envelope recipients=1 helo=pc sender=w@x.example "
	    "rcpt=b@example.org zone=zen.spamhaus.org code=127.0.0.4 reply=\"found in dnsbl "
	    "zen.spamhaus.org (127.0.0.4)\" +rejected +no-name\n",
	    "total 0 = 0 complete + 0 open + 0 forced; copies 0 unjoined 0 rejectlog 1 retries 0",
	    0 },
	{ "two and two of them",
	    "2026-03-03 10:00:00 H=(pc) [203.0.113.7] F=<w@x.example> rejected RCPT "
	    "<b@example.org>: found in dnsbl zen.spamhaus.org (127.0.0.4)\n"
	    "2026-03-03 10:00:00 H=(pc) [203.0.113.7] F=<w@x.example> rejected RCPT "
	    "<b@example.org>: found in dnsbl zen.spamhaus.org (127.0.0.4)\n"
	    "R 2026-03-03 10:00:00 H=(pc) [203.0.113.7] F=<w@x.example> rejected RCPT "
	    "<b@example.org>: found in dnsbl zen.spamhaus.org (127.0.0.4)\n"
	    "R 2026-03-03 10:00:00 H=(pc) [203.0.113.7] F=<w@x.example> rejected RCPT "
	    "<b@example.org>: found in dnsbl zen.spamhaus.org (127.0.0.4)\n",
	    "2026-03-03T10:00:00Z mx exim attempt complete client=203.0.113.7 reason=dnsbl "
	    "action=refused phase=envelope recipients=1 helo=pc sender=w@x.example "
	    "rcpt=b@example.org zone=zen.spamhaus.org code=127.0.0.4 reply=\"found in dnsbl "
	    "zen.spamhaus.org (127.0.0.4)\" +rejected +no-name\n"
	    "2026-03-03T10:00:00Z mx exim attempt complete client=203.0.113.7 reason=dnsbl "
	    "action=refused phase=envelope recipients=1 helo=pc sender=w@x.example "
	    "rcpt=b@example.org zone=zen.spamhaus.org code=127.0.0.4 reply=\"found in dnsbl "
	    "zen.spamhaus.org (127.0.0.4)\" +rejected +retry +no-name\n",
	    "total 0 = 0 complete + 0 open + 0 forced; copies 0 unjoined 0 rejectlog 2 retries 1",
	    0 },
	{ "a rejectlog alone",
	    "R 2026-03-03 10:00:00 H=(pc) [203.0.113.7] F=<w@x.example> rejected RCPT "
	    "<b@example.org>: found in dnsbl zen.spamhaus.org (127.0.0.4)\n",
	    "2026-03-03T10:00:00Z mx exim attempt complete client=203.0.113.7 reason=dnsbl "
	    "action=refused phase=envelope recipients=1 helo=pc sender=w@x.example "
	    "rcpt=b@example.org zone=zen.spamhaus.org code=127.0.0.4 reply=\"found in dnsbl "
	    "zen.spamhaus.org (127.0.0.4)\" +rejected +no-name\n",
	    "total 0 = 0 complete + 0 open + 0 forced; copies 0 unjoined 0 rejectlog 0 retries 0",
	    0 },
	{ "a retry in the same ten minutes",
	    "Mar  3 10:00:01 mx postfix/smtpd[9]: NOQUEUE: reject: RCPT from unknown[203.0.113.7]: "
	    "554 5.7.1 Service unavailable; Client host [203.0.113.7] blocked using "
	    "zen.spamhaus.org; from=<w@x.example> to=<b@example.org> proto=ESMTP helo=<pc>\n"
	    "Mar  3 10:09:58 mx postfix/smtpd[9]: NOQUEUE: reject: RCPT from unknown[203.0.113.7]: "
	    "554 5.7.1 Service unavailable; Client host [203.0.113.7] blocked using "
	    "zen.spamhaus.org; from=<w@x.example> to=<b@example.org> proto=ESMTP helo=<pc>\n"
	    "Mar  3 10:09:59 mx postfix/smtpd[9]: NOQUEUE: reject: RCPT from unknown[203.0.113.7]: "
	    "554 5.7.1 Service unavailable; Client host [203.0.113.7] blocked using "
	    "zen.spamhaus.org; from=<other@x.example> to=<b@example.org> proto=ESMTP helo=<pc>\n",
	    "2026-03-03T10:00:01Z mx postfix attempt complete client=203.0.113.7 reason=dnsbl "
	    "action=refused phase=envelope recipients=1 helo=pc sender=w@x.example "
	    "rcpt=b@example.org proto=ESMTP zone=zen.spamhaus.org reply=\"554 5.7.1 Service "
	    "unavailable; Client host [203.0.113.7] blocked using zen.spamhaus.org\" +rejected "
	    "+no-name\n"
	    "2026-03-03T10:09:58Z mx postfix attempt complete client=203.0.113.7 reason=dnsbl "
	    "action=refused phase=envelope recipients=1 helo=pc sender=w@x.example "
	    "rcpt=b@example.org proto=ESMTP zone=zen.spamhaus.org reply=\"554 5.7.1 Service "
	    "unavailable; Client host [203.0.113.7] blocked using zen.spamhaus.org\" +rejected "
	    "+retry +no-name\n"
	    "2026-03-03T10:09:59Z mx postfix attempt complete client=203.0.113.7 reason=dnsbl "
	    "action=refused phase=envelope recipients=1 helo=pc sender=other@x.example "
	    "rcpt=b@example.org proto=ESMTP zone=zen.spamhaus.org reply=\"554 5.7.1 Service "
	    "unavailable; Client host [203.0.113.7] blocked using zen.spamhaus.org\" +rejected "
	    "+no-name\n",
	    "total 0 = 0 complete + 0 open + 0 forced; copies 0 unjoined 0 rejectlog 0 retries 1",
	    0 },
	{ "a retry in the next ten minutes",
	    "Mar  3 10:09:59 mx postfix/smtpd[9]: NOQUEUE: reject: RCPT from unknown[203.0.113.7]: "
	    "554 5.7.1 Service unavailable; Client host [203.0.113.7] blocked using "
	    "zen.spamhaus.org; from=<w@x.example> to=<b@example.org> proto=ESMTP helo=<pc>\n"
	    "Mar  3 10:10:00 mx postfix/smtpd[9]: NOQUEUE: reject: RCPT from unknown[203.0.113.7]: "
	    "554 5.7.1 Service unavailable; Client host [203.0.113.7] blocked using "
	    "zen.spamhaus.org; from=<w@x.example> to=<b@example.org> proto=ESMTP helo=<pc>\n",
	    "2026-03-03T10:09:59Z mx postfix attempt complete client=203.0.113.7 reason=dnsbl "
	    "action=refused phase=envelope recipients=1 helo=pc sender=w@x.example "
	    "rcpt=b@example.org proto=ESMTP zone=zen.spamhaus.org reply=\"554 5.7.1 Service "
	    "unavailable; Client host [203.0.113.7] blocked using zen.spamhaus.org\" +rejected "
	    "+no-name\n"
	    "2026-03-03T10:10:00Z mx postfix attempt complete client=203.0.113.7 reason=dnsbl "
	    "action=refused phase=envelope recipients=1 helo=pc sender=w@x.example "
	    "rcpt=b@example.org proto=ESMTP zone=zen.spamhaus.org reply=\"554 5.7.1 Service "
	    "unavailable; Client host [203.0.113.7] blocked using zen.spamhaus.org\" +rejected "
	    "+no-name\n",
	    "total 0 = 0 complete + 0 open + 0 forced; copies 0 unjoined 0 rejectlog 0 retries 0",
	    0 },
	{ "postscreen drops after its DNSBL rank without a NOQUEUE",
	    "Mar  3 10:00:00 mx postfix/postscreen[3]: CONNECT from [203.0.113.7]:4001 to "
	    "[192.0.2.1]:25\n"
	    "Mar  3 10:00:06 mx postfix/postscreen[3]: DNSBL rank 3 for [203.0.113.7]:4001\n"
	    "Mar  3 10:00:06 mx postfix/postscreen[3]: DISCONNECT [203.0.113.7]:4001\n",
	    "2026-03-03T10:00:06Z mx postfix attempt complete client=203.0.113.7 port=4001 "
	    "reason=dnsbl action=refused phase=connect +rejected +postscreen +silent +ranked\n",
	    "total 0 = 0 complete + 0 open + 0 forced; copies 0 unjoined 0 rejectlog 0 retries 0",
	    0 },
	{ "postscreen refuses: the rank is part of the attempt",
	    "Mar  3 10:00:00 mx postfix/postscreen[3]: PREGREET 9 after 0.1 from "
	    "[203.0.113.7]:4001: HELO pc\\r\\n\n"
	    "Mar  3 10:00:06 mx postfix/postscreen[3]: DNSBL rank 3 for [203.0.113.7]:4001\n"
	    "Mar  3 10:00:07 mx postfix/postscreen[3]: NOQUEUE: reject: RCPT from "
	    "[203.0.113.7]:4001: 550 5.7.1 Service unavailable; client [203.0.113.7] blocked using "
	    "zen.spamhaus.org; from=<w@x.example>, to=<b@example.org>, proto=SMTP, helo=<pc>\n"
	    "Mar  3 10:00:08 mx postfix/postscreen[3]: DISCONNECT [203.0.113.7]:4001\n",
	    "2026-03-03T10:00:00Z mx postfix sign complete client=203.0.113.7 port=4001 "
	    "sign=pregreet +protocol\n"
	    "2026-03-03T10:00:07Z mx postfix attempt complete client=203.0.113.7 port=4001 "
	    "reason=dnsbl action=refused phase=envelope recipients=1 helo=pc sender=w@x.example "
	    "rcpt=b@example.org proto=SMTP zone=zen.spamhaus.org reply=\"550 5.7.1 Service "
	    "unavailable; client [203.0.113.7] blocked using zen.spamhaus.org\" +rejected "
	    "+postscreen +pregreet +ranked\n",
	    "total 0 = 0 complete + 0 open + 0 forced; copies 0 unjoined 0 rejectlog 0 retries 0",
	    0 },
	{ "postscreen only looks: PASS after the rank",
	    "Mar  3 10:00:06 mx postfix/postscreen[3]: DNSBL rank 3 for [203.0.113.7]:4001\n"
	    "Mar  3 10:00:06 mx postfix/postscreen[3]: PASS NEW [203.0.113.7]:4001\n"
	    "Mar  3 10:00:07 mx postfix/postscreen[3]: DISCONNECT [203.0.113.7]:4001\n",
	    "",
	    "total 0 = 0 complete + 0 open + 0 forced; copies 0 unjoined 0 rejectlog 0 retries 0",
	    0 },
	{ "open at the end",
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.5]\n"
	    "Mar  3 10:00:00 mx postfix/cleanup[8]: A1B2C1: message-id=<1@x.example>\n",
	    "2026-03-03T10:00:00Z mx postfix mail open client=198.51.100.5 qid=A1B2C1 "
	    "message_id=1@x.example +no-name\n",
	    "total 1 = 0 complete + 1 open + 0 forced; copies 0 unjoined 0 rejectlog 0 retries 0",
	    0 },
	{ "the end of a message that began before the log",
	    "Mar  3 10:00:00 mx postfix/cleanup[8]: A1B2C1: message-id=<1@x.example>\n"
	    "Mar  3 10:00:00 mx postfix/qmgr[7]: A1B2C1: from=<a@x.example>, size=900, nrcpt=1 "
	    "(queue active)\n"
	    "Mar  3 10:00:01 mx postfix/local[6]: A1B2C1: to=<b@example.org>, relay=local, "
	    "delay=1, dsn=2.0.0, status=sent (delivered)\n"
	    "Mar  3 10:00:01 mx postfix/qmgr[7]: A1B2C1: removed\n",
	    "2026-03-03T10:00:00Z mx postfix mail open size=900 recipients=1 sent_local=1 "
	    "qid=A1B2C1 message_id=1@x.example sender=a@x.example rcpt=b@example.org\n",
	    "total 1 = 0 complete + 1 open + 0 forced; copies 0 unjoined 0 rejectlog 0 retries 0",
	    0 },
	{ "the clock steps back",
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.5]\n"
	    "Mar  3 09:00:00 mx postfix/cleanup[8]: A1B2C1: message-id=<1@x.example>\n"
	    "Mar  3 09:00:01 mx postfix/qmgr[7]: A1B2C1: removed\n",
	    "2026-03-03T10:00:00Z mx postfix mail complete client=198.51.100.5 qid=A1B2C1 "
	    "message_id=1@x.example +no-name\n",
	    "total 1 = 1 complete + 0 open + 0 forced; copies 0 unjoined 0 rejectlog 0 retries 0",
	    0 },
	{ "message repeated",
	    "Mar  3 10:00:01 mx postfix/smtpd[9]: NOQUEUE: reject: RCPT from unknown[203.0.113.7]: "
	    "554 5.7.1 Service unavailable; Client host [203.0.113.7] blocked using "
	    "zen.spamhaus.org; from=<w@x.example> to=<b@example.org> proto=ESMTP helo=<pc>\n"
	    "Mar  3 10:00:02 mx postfix/smtpd[9]: message repeated 2 times: [ NOQUEUE: reject: "
	    "RCPT from unknown[203.0.113.7]: 554 5.7.1 Service unavailable; Client host "
	    "[203.0.113.7] blocked using zen.spamhaus.org; from=<w@x.example> to=<b@example.org> "
	    "proto=ESMTP helo=<pc>]\n",
	    "2026-03-03T10:00:01Z mx postfix attempt complete client=203.0.113.7 reason=dnsbl "
	    "action=refused phase=envelope recipients=1 helo=pc sender=w@x.example "
	    "rcpt=b@example.org proto=ESMTP zone=zen.spamhaus.org reply=\"554 5.7.1 Service "
	    "unavailable; Client host [203.0.113.7] blocked using zen.spamhaus.org\" +rejected "
	    "+no-name\n"
	    "2026-03-03T10:00:02Z mx postfix attempt complete client=203.0.113.7 reason=dnsbl "
	    "action=refused phase=envelope recipients=1 helo=pc sender=w@x.example "
	    "rcpt=b@example.org proto=ESMTP zone=zen.spamhaus.org reply=\"554 5.7.1 Service "
	    "unavailable; Client host [203.0.113.7] blocked using zen.spamhaus.org\" +rejected "
	    "+retry +no-name\n",
	    "total 0 = 0 complete + 0 open + 0 forced; copies 0 unjoined 0 rejectlog 0 retries 2",
	    0 },
	{ "a milter refuses at the end of DATA",
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.5]\n"
	    "Mar  3 10:00:00 mx postfix/cleanup[8]: A1B2C1: message-id=<1@x.example>\n"
	    "Mar  3 10:00:01 mx spamd[5]: spamd: result: Y 9 - T9 "
	    "scantime=0.2,size=900,user=nobody,uid=65534,required_score=5.0,rhost=localhost,raddr="
	    "127.0.0.1,rport=4000,mid=<1@x.example>,autolearn=no\n"
	    "Mar  3 10:00:01 mx postfix/cleanup[8]: A1B2C1: milter-reject: END-OF-MESSAGE from "
	    "unknown[198.51.100.5]: 5.7.1 Blocked by SpamAssassin; from=<a@x.example> "
	    "to=<b@example.org> proto=ESMTP helo=<pc>\n",
	    "2026-03-03T10:00:00Z mx postfix mail complete client=198.51.100.5 reason=content "
	    "action=refused phase=content verdict=spam score=9000 size=900 qid=A1B2C1 "
	    "message_id=1@x.example helo=pc sender=a@x.example rcpt=b@example.org tests=T9 "
	    "reply=\"5.7.1 Blocked by SpamAssassin\" +rejected +scored +no-name\n",
	    "total 1 = 1 complete + 0 open + 0 forced; copies 0 unjoined 0 rejectlog 0 retries 0",
	    0 },
	{ "a name that does not lead back, and TLS, belong to the session",
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: warning: hostname mail.big.example does not "
	    "resolve to address 198.51.100.5\n"
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: connect from unknown[198.51.100.5]\n"
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: Anonymous TLS connection established from "
	    "unknown[198.51.100.5]: TLSv1.3 with cipher X (256/256 bits)\n"
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.5]\n"
	    "Mar  3 10:00:00 mx postfix/cleanup[8]: A1B2C1: message-id=<a@x.example>\n"
	    "Mar  3 10:00:00 mx postfix/qmgr[7]: A1B2C1: from=<a@x.example>, size=900, nrcpt=1 "
	    "(queue active)\n"
	    "Mar  3 10:00:01 mx postfix/local[6]: A1B2C1: to=<b@example.org>, relay=local, "
	    "delay=1, dsn=2.0.0, status=sent (delivered)\n"
	    "Mar  3 10:00:01 mx postfix/qmgr[7]: A1B2C1: removed\n"
	    "Mar  3 10:01:00 mx postfix/smtpd[9]: connect from unknown[198.51.100.6]\n"
	    "Mar  3 10:01:00 mx postfix/smtpd[9]: A1B2C2: client=unknown[198.51.100.6]\n"
	    "Mar  3 10:01:00 mx postfix/cleanup[8]: A1B2C2: message-id=<2@x.example>\n"
	    "Mar  3 10:01:00 mx postfix/qmgr[7]: A1B2C2: from=<a@x.example>, size=900, nrcpt=1 "
	    "(queue active)\n"
	    "Mar  3 10:01:01 mx postfix/local[6]: A1B2C2: to=<b@example.org>, relay=local, "
	    "delay=1, dsn=2.0.0, status=sent (delivered)\n"
	    "Mar  3 10:01:01 mx postfix/qmgr[7]: A1B2C2: removed\n",
	    "2026-03-03T10:00:00Z mx postfix mail complete client=198.51.100.5 size=900 "
	    "recipients=1 sent_local=1 qid=A1B2C1 message_id=a@x.example "
	    "unverified=mail.big.example sender=a@x.example rcpt=b@example.org +tls +rdns-mismatch "
	    "+no-name\n"
	    "2026-03-03T10:01:00Z mx postfix mail complete client=198.51.100.6 size=900 "
	    "recipients=1 sent_local=1 qid=A1B2C2 message_id=2@x.example sender=a@x.example "
	    "rcpt=b@example.org +no-name\n",
	    "total 2 = 2 complete + 0 open + 0 forced; copies 0 unjoined 0 rejectlog 0 retries 0",
	    0 },
	{ "our own bounce",
	    "Mar  3 10:00:00 mx postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.5]\n"
	    "Mar  3 10:00:00 mx postfix/cleanup[8]: A1B2C1: message-id=<a@x.example>\n"
	    "Mar  3 10:00:00 mx postfix/qmgr[7]: A1B2C1: from=<a@x.example>, size=900, nrcpt=1 "
	    "(queue active)\n"
	    "Mar  3 10:00:01 mx postfix/local[6]: A1B2C1: to=<b@example.org>, relay=local, "
	    "delay=1, dsn=2.0.0, status=bounced (unknown user)\n"
	    "Mar  3 10:00:01 mx postfix/bounce[2]: A1B2C1: sender non-delivery notification: "
	    "B1B2C1\n"
	    "Mar  3 10:00:01 mx postfix/cleanup[8]: B1B2C1: message-id=<b@mx>\n"
	    "Mar  3 10:00:01 mx postfix/qmgr[7]: B1B2C1: from=<>, size=900, nrcpt=1 (queue "
	    "active)\n"
	    "Mar  3 10:00:01 mx postfix/qmgr[7]: A1B2C1: removed\n"
	    "Mar  3 10:00:02 mx postfix/qmgr[7]: B1B2C1: removed\n",
	    "2026-03-03T10:00:00Z mx postfix mail complete client=198.51.100.5 size=900 "
	    "recipients=1 bounced=1 qid=A1B2C1 message_id=a@x.example sender=a@x.example "
	    "rcpt=b@example.org bounced own=\"unknown user\" +no-name\n"
	    "2026-03-03T10:00:01Z mx postfix mail complete size=900 recipients=1 qid=B1B2C1 "
	    "message_id=b@mx +local +null-sender +bounce\n",
	    "total 2 = 2 complete + 0 open + 0 forced; copies 0 unjoined 0 rejectlog 0 retries 0",
	    0 },
	{ "Exim's message, its script with directory, its bounce",
	    "2026-03-03 10:00:00 cwd=/var/www/shop 3 args: /usr/sbin/sendmail -t -i\n"
	    "2026-03-03 10:00:00 1tAbCd-000001-2F <= www-data@mx U=www-data P=local S=800 id=1@mx\n"
	    "2026-03-03 10:00:01 1tAbCd-000001-2F ** v@far.example R=dnslookup T=remote_smtp "
	    "H=mx.far.example [203.0.113.5]: SMTP error from remote mail server after end of data: "
	    "550 5.7.1 looks like spam\n"
	    "2026-03-03 10:00:01 1tAbCe-000002-2F <= <> R=1tAbCd-000001-2F U=Debian-exim P=local "
	    "S=2000\n"
	    "2026-03-03 10:00:01 1tAbCd-000001-2F Completed\n"
	    "2026-03-03 10:00:02 1tAbCe-000002-2F => www-data <www-data@mx> R=local_user "
	    "T=mail_spool\n"
	    "2026-03-03 10:00:02 1tAbCe-000002-2F Completed\n",
	    "2026-03-03T10:00:01Z mx exim mail complete size=2000 sent_local=1 "
	    "qid=1tAbCe-000002-2F rcpt=www-data@mx proto=local +local +null-sender +bounce\n"
	    "2026-03-03T10:00:00Z mx exim mail complete size=800 bounced=1 qid=1tAbCd-000001-2F "
	    "message_id=1@mx sender=www-data@mx rcpt=v@far.example user=www-data proto=local "
	    "cwd=/var/www/shop domain=far.example bounced remote=\"SMTP error from remote mail "
	    "server after end of data: 550 5.7.1 looks like spam\" +local\n",
	    "total 2 = 2 complete + 0 open + 0 forced; copies 0 unjoined 0 rejectlog 0 retries 0",
	    0 },
};

static void
test_scenarios(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(scenarios); i++) {
		const struct scenario *s = &scenarios[i];
		struct buf out = { 0 }, counts = { 0 };

		run(s->log, s->max_open, &out, &counts);
		if (strcmp(out.p, s->messages) != 0 || strcmp(counts.p, s->counts) != 0)
			fail_msg("%s:\n%s%s\nnot:\n%s%s", s->what, out.p, counts.p, s->messages,
			    s->counts);
		buf_free(&out);
		buf_free(&counts);
	}
}

/* Over the limit, what was open longest comes out, as forced. */
static void
test_limit(void **state)
{
	struct buf log = { 0 }, out = { 0 }, counts = { 0 };

	(void)state;
	for (int i = 1; i <= 5; i++)
		buf_fmt(&log,
		    "Mar  3 10:00:0%d mx postfix/smtpd[9]: A1B2C%d: "
		    "client=unknown[198.51.100.%d]\n",
		    i, i, i);
	buf_chr(&log, '\0');
	run(log.p, 2, &out, &counts);
	assert_non_null(strstr(counts.p, "total 5 ="));
	assert_true(slice_starts(slice_of(out.p),
	    SLICE("2026-03-03T10:00:01Z mx postfix mail forced client=198.51.100.1 ")));
	assert_non_null(strstr(out.p, "10:00:05Z mx postfix mail open client=198.51.100.5 "));
	buf_free(&log);
	buf_free(&out);
	buf_free(&counts);
}

/* In a log whose time stands still no window is ever over: those that wait are bounded too. */
static void
test_windows_in_a_second(void **state)
{
	struct buf log = { 0 }, out = { 0 }, counts = { 0 };

	(void)state;
	for (int i = 1; i <= 9; i++)
		buf_fmt(&log,
		    "Mar  3 10:00:00 mx postfix/smtpd[9]: B1B2C%d: client=unknown[198.51.100.%d]\n"
		    "Mar  3 10:00:00 mx postfix/cleanup[8]: B1B2C%d: message-id=<%d@x.example>\n"
		    "Mar  3 10:00:00 mx postfix/qmgr[7]: B1B2C%d: removed\n", i, i, i, i, i);
	buf_chr(&log, '\0');
	run(log.p, 3, &out, &counts);
	assert_string_equal(counts.p, "total 9 = 9 complete + 0 open + 0 forced; copies 0 "
	    "unjoined 0 rejectlog 0 retries 0 crowded 2");
	buf_free(&log);
	buf_free(&out);
	buf_free(&counts);
}

/*
 * The limit holds within one second; what only waits for its window does not count, and nothing
 * but the oldest is forced out.
 */
static void
test_limit_in_a_second(void **state)
{
	struct buf log = { 0 }, out = { 0 }, counts = { 0 };

	(void)state;
	for (int i = 1; i <= 9; i++)
		buf_fmt(&log,
		    "Mar  3 10:00:00 mx postfix/smtpd[9]: B1B2C%d: client=unknown[198.51.100.9]\n"
		    "Mar  3 10:00:00 mx postfix/cleanup[8]: B1B2C%d: message-id=<%d@x.example>\n"
		    "Mar  3 10:00:00 mx postfix/qmgr[7]: B1B2C%d: removed\n", i, i, i, i);
	for (int i = 1; i <= 5; i++)
		buf_fmt(&log, "Mar  3 10:00:00 mx postfix/smtpd[9]: A1B2C%d: "
		    "client=unknown[198.51.100.%d]\n", i, i);
	buf_chr(&log, '\0');
	run(log.p, 4, &out, &counts);
	assert_string_equal(counts.p, "total 14 = 9 complete + 4 open + 1 forced; copies 0 "
	    "unjoined 0 rejectlog 0 retries 0 crowded 1");
	assert_true(slice_starts(slice_of(out.p),
	    SLICE("2026-03-03T10:00:00Z mx postfix mail forced client=198.51.100.1 ")));
	buf_free(&log);
	buf_free(&out);
	buf_free(&counts);
}

/* Two hosts whose clocks differ by BEHIND hours, line by line in one stream. */
static void
run_clocks(int behind, struct buf *out, struct buf *counts)
{
	static const char *const line[] = {
		"00 mx%d postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.%d]\n",
		"00 mx%d postfix/cleanup[8]: A1B2C1: message-id=<%d@x.example>\n",
		"01 mx%d spamd[5]: spamd: result: Y 9 - T9 scantime=0.2,size=900,user=nobody,"
		"uid=65534,required_score=5.0,rhost=localhost,raddr=127.0.0.1,rport=4000,"
		"mid=<%d@x.example>,autolearn=no\n",
		"02 mx%d postfix/qmgr[7]: A1B2C1: from=<a%d@x.example>, size=900, nrcpt=1 (queue "
		"active)\n",
		"03 mx%d postfix/local[6]: A1B2C1: to=<b%d@example.org>, relay=local, delay=1, "
		"dsn=2.0.0, status=sent (delivered)\n",
	};
	struct buf log = { 0 };

	for (size_t i = 0; i < COUNT(line); i++)
		for (int host = 1; host <= 2; host++) {
			buf_fmt(&log, "Mar  3 %02d:00:", host == 1 ? 20 : 20 - behind);
			buf_fmt(&log, line[i], host, host);
		}
	for (int host = 1; host <= 2; host++)
		buf_fmt(&log, "Mar  3 %02d:00:03 mx%d postfix/qmgr[7]: A1B2C1: removed\n",
		    host == 1 ? 20 : 20 - behind, host);
	buf_chr(&log, '\0');
	run(log.p, 0, out, counts);
	buf_free(&log);
}

static void
test_clocks_apart(void **state)
{
	(void)state;
	for (int behind = -3; behind <= 9; behind += 3) {
		struct buf out = { 0 }, counts = { 0 };

		run_clocks(behind, &out, &counts);
		assert_string_equal(counts.p, "total 2 = 2 complete + 0 open + 0 forced; "
		    "copies 0 unjoined 0 rejectlog 0 retries 0");
		assert_non_null(strstr(out.p, "mx1 postfix mail complete client=198.51.100.1 "
		    "verdict=spam score=9000 size=900 recipients=1 sent_local=1"));
		assert_non_null(strstr(out.p, "mx2 postfix mail complete client=198.51.100.2 "
		    "verdict=spam score=9000 size=900 recipients=1 sent_local=1"));
		buf_free(&out);
		buf_free(&counts);
	}
}

/* Hosts do not touch each other: their lines may be mixed in any way. */
static void
test_hosts_apart(void **state)
{
	struct buf both = { 0 }, mixed = { 0 }, counts = { 0 };
	const char *const a[] = {
		"Mar  3 10:00:00 mx1 postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.5]\n",
		"Mar  3 10:00:01 mx1 postfix/qmgr[7]: A1B2C1: removed\n"
	};
	const char *const b[] = {
		"Mar  3 10:00:00 mx2 postfix/smtpd[9]: A1B2C1: client=unknown[198.51.100.6]\n",
		"Mar  3 10:00:01 mx2 postfix/qmgr[7]: A1B2C1: removed\n"
	};
	char log[1000];

	(void)state;
	snprintf(log, sizeof(log), "%s%s%s%s", a[0], b[0], a[1], b[1]);
	run(log, 0, &both, &counts);
	snprintf(log, sizeof(log), "%s%s%s%s", b[0], a[0], a[1], b[1]);
	run(log, 0, &mixed, &counts);
	assert_string_equal(both.p, mixed.p);
	buf_free(&both);
	buf_free(&mixed);
	buf_free(&counts);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scenarios),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_limit_in_a_second),
		cmocka_unit_test(test_windows_in_a_second),
		cmocka_unit_test(test_clocks_apart),
		cmocka_unit_test(test_hosts_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
