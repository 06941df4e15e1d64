/*
 * The law of the fold, for the correlator: logs cut at any lines, read piece by piece, give the
 * messages and counts of the whole. The logs are those of the cases, some that cut what waits for
 * something, and many made at random of few hosts, processes, ids, texts and times, so that
 * everything meets everything.
 */
#define _DEFAULT_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <glob.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/problem.h"
#include "parser/daemons.h"
#include "parser/edge.h"
#include "parser/stream.h"
#include "report/dump.h"

enum { ROUNDS = 12, PIECES = 9 };

struct lines {
	struct event *item;		/* texts in their own memory */
	unsigned n, cap;
	struct arena arena;
	struct names *names;
};

struct told_lines {			/* messages as text, one a line */
	struct slice *item;
	unsigned n, cap;
	struct arena arena;
};

static uint64_t
next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 33;
}

static void
read_log(struct lines *l, const char *const *path, unsigned n)
{
	struct zone zone;
	struct stream_options so = { .zone = &zone, .host = SLICE("mx"), .first_year = 2026,
		.now = 1798675200 };
	struct stream *s;
	const struct stream_line *line;

	assert_int_equal(zone_open(&zone, SLICE("UTC"), NULL), 0);
	*l = (struct lines){ .names = names_open() };
	s = stream_open(path, n, &so, l->names);
	while ((line = stream_next(s)) != NULL) {
		struct event ev;

		if (!line->has_header || event_parse(&line->header, &ev) != LINE_RECOGNISED)
			continue;
		for (uint32_t rest = ev.has; rest; rest &= rest - 1) {
			struct slice *f = &ev.f[__builtin_ctz(rest)];

			*f = arena_copy(&l->arena, *f);
		}
		mem_grow(&l->item, &l->cap, l->n + 1, sizeof(*l->item));
		l->item[l->n++] = ev;
	}
	stream_close(s);
}

static void
free_log(struct lines *l)
{
	free(l->item);
	arena_free(&l->arena);
	names_close(l->names);
}

static void
take(struct correlate *c, const struct lines *l, struct told_lines *out)
{
	const struct message *m;
	struct buf b = { 0 };

	while ((m = correlate_next(c)) != NULL) {
		b.n = 0;
		dump_message(m, names_text(l->names, m->host), &b);
		mem_grow(&out->item, &out->cap, out->n + 1, sizeof(*out->item));
		out->item[out->n++] = arena_copy(&out->arena, buf_slice(&b));
	}
	buf_free(&b);
}

static void
feed(struct correlate *c, const struct lines *l, unsigned from, unsigned to,
    struct told_lines *out)
{
	for (unsigned i = from; i < to; i++) {
		correlate_event(c, &l->item[i]);
		take(c, l, out);
	}
}

static void
resume(struct correlate *c, const struct edge *e, const struct lines *l, struct told_lines *out)
{
	struct edge_reader r;

	edge_open(&r, e, NULL, 0);
	while (correlate_held(c, &r))
		take(c, l, out);
	assert_true(edge_close(&r));
}

/* Through bytes and back, as in a part. */
static void
travel(struct edge *e)
{
	struct buf b = { 0 };
	struct unpack u;

	edge_pack(e, &b);
	edge_free(e);
	u = (struct unpack){ .rest = buf_slice(&b) };
	edge_unpack(&u, e);
	assert_false(u.bad);
	assert_int_equal(u.rest.n, 0);
	buf_free(&b);
}

static void
read_piece(const struct lines *l, unsigned from, unsigned to, struct edge *e,
    struct told_lines *out, struct correlate_counts *sum)
{
	struct correlate *c = correlate_open(CORRELATE_MAX_OPEN);

	correlate_begin_piece(c);
	feed(c, l, from, to, out);
	correlate_cut(c, e);
	correlate_counts_add(sum, correlate_counts(c));
	correlate_close(c);
	travel(e);
}

static int
by_text(const void *a, const void *b)
{
	return slice_cmp(*(const struct slice *)a, *(const struct slice *)b);
}

static void
free_told(struct told_lines *t)
{
	free(t->item);
	arena_free(&t->arena);
	*t = (struct told_lines){ 0 };
}

static void
same(struct told_lines *whole, struct told_lines *cut, const char *what)
{
	if (cut->n)
		qsort(cut->item, cut->n, sizeof(*cut->item), by_text);
	for (unsigned i = 0; i < whole->n || i < cut->n; i++) {
		struct slice a = i < whole->n ? whole->item[i] : SLICE("(none)\n");
		struct slice b = i < cut->n ? cut->item[i] : SLICE("(none)\n");

		if (!slice_eq(a, b))
			fail_msg("%s: whole: %.*scut:   %.*s", what, SLICE_ARG(a), SLICE_ARG(b));
	}
}

static void
same_counts(const struct correlate_counts *a, const struct correlate_counts *b, const char *what)
{
	if (memcmp(a, b, sizeof(*a)) != 0)
		fail_msg("%s: counts %u %u %u %u, copies %u %u, unjoined %u %u, rejectlog %u %u, "
		    "retries %u %u", what, (unsigned)a->total, (unsigned)b->total,
		    (unsigned)a->open, (unsigned)b->open, (unsigned)a->copies,
		    (unsigned)b->copies, (unsigned)a->unjoined, (unsigned)b->unjoined,
		    (unsigned)a->rejectlog, (unsigned)b->rejectlog, (unsigned)a->retries,
		    (unsigned)b->retries);
}

/*
 * cut: where pieces begin, ascending, pieces - 1 of them. Half of the times the first is no piece:
 * whoever reads the others has read it.
 */
static void
check_cuts(const struct lines *l, struct told_lines *whole, const struct correlate_counts *counts,
    const unsigned *cut, unsigned pieces, const char *what)
{
	struct edge edge[PIECES] = { { .any = false } };
	struct told_lines out = { 0 };
	struct correlate_counts sum = { 0 };
	struct correlate *c = correlate_open(CORRELATE_MAX_OPEN);

	if (cut[0] % 2)
		feed(c, l, 0, cut[0], &out);
	for (unsigned i = cut[0] % 2; i < pieces; i++)
		read_piece(l, i ? cut[i - 1] : 0, i + 1 < pieces ? cut[i] : l->n, &edge[i], &out,
		    &sum);
	for (unsigned i = cut[0] % 2; i < pieces; i++) {
		resume(c, &edge[i], l, &out);
		edge_free(&edge[i]);
	}
	correlate_end(c);
	take(c, l, &out);
	correlate_counts_add(&sum, correlate_counts(c));
	same(whole, &out, what);
	same_counts(counts, &sum, what);
	correlate_close(c);
	free_told(&out);
}

static int
by_number(const void *a, const void *b)
{
	const unsigned *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void
check_log(const struct lines *l, const char *name, bool every, uint64_t seed)
{
	struct correlate *c = correlate_open(CORRELATE_MAX_OPEN);
	struct told_lines whole = { 0 };
	struct correlate_counts counts = { 0 };
	unsigned cut[PIECES];
	char what[300];

	feed(c, l, 0, l->n, &whole);
	correlate_end(c);
	take(c, l, &whole);
	correlate_counts_add(&counts, correlate_counts(c));
	correlate_close(c);
	if (whole.n)
		qsort(whole.item, whole.n, sizeof(*whole.item), by_text);
	for (unsigned i = 0; every && i <= l->n; i++) {
		snprintf(what, sizeof(what), "%s cut before event %u", name, i);
		check_cuts(l, &whole, &counts, &i, 2, what);
	}
	for (unsigned k = 0; k < ROUNDS && l->n > 0; k++) {
		unsigned pieces = 2 + (unsigned)(next(&seed) % (PIECES - 1));

		for (unsigned i = 0; i + 1 < pieces; i++)
			cut[i] = (unsigned)(next(&seed) % (l->n + 1));
		qsort(cut, pieces - 1, sizeof(*cut), by_number);
		snprintf(what, sizeof(what), "%s round %u, %u pieces from %u", name, k, pieces,
		    cut[0]);
		check_cuts(l, &whole, &counts, cut, pieces, what);
	}
	free_told(&whole);
}

static void
cases(void **state)
{
	glob_t dirs, files;

	(void)state;
	assert_int_equal(glob("fixtures/cases/*/README", 0, NULL, &dirs), 0);
	assert_true(dirs.gl_pathc > 20);
	for (size_t i = 0; i < dirs.gl_pathc; i++) {
		char pattern[512];
		struct lines l;

		snprintf(pattern, sizeof(pattern), "%.*s*log*", (int)strlen(dirs.gl_pathv[i]) - 6,
		    dirs.gl_pathv[i]);
		assert_int_equal(glob(pattern, 0, NULL, &files), 0);
		read_log(&l, (const char *const *)files.gl_pathv, (unsigned)files.gl_pathc);
		check_log(&l, dirs.gl_pathv[i], l.n <= 400, 42);
		free_log(&l);
		globfree(&files);
	}
	globfree(&dirs);
}

/* Logs that a cut once broke: at every event, and in many pieces. */
static void
broken_once(void **state)
{
	glob_t files;

	(void)state;
	assert_int_equal(glob("fixtures/cuts/*.log", 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		struct lines l;

		read_log(&l, (const char *const *)&files.gl_pathv[i], 1);
		assert_true(l.n > 1);
		for (unsigned k = 0; k < 4; k++)
			check_log(&l, files.gl_pathv[i], k == 0, 42 + k);
		free_log(&l);
	}
	globfree(&files);
}

/*
 * What waits for something longer than an edge is wide: sessions of an hour with a name that does
 * not resolve back and with TLS, a message deferred for hours whose verdict came at its begin, a
 * short queue id that comes back while the former message was never removed, a client that left in
 * DATA, a process that was killed in its session; and what hangs on the lines just before:
 * retries, DNSBL ranks, verdicts without message.
 */
static const char *const slow[] = {
	"Mar  3 10:00:00 mx postfix/smtpd[20]: warning: hostname a.x.example does not resolve to "
	"address 198.51.100.7: Name or service not known",
	"Mar  3 10:00:00 mx postfix/smtpd[20]: connect from unknown[198.51.100.7]",
	"Mar  3 10:00:01 mx postfix/smtpd[20]: Anonymous TLS connection established from "
	"unknown[198.51.100.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)",
	"Mar  3 10:00:02 mx postfix/smtpd[20]: A1B2C1: client=unknown[198.51.100.7]",
	"Mar  3 10:00:03 mx postfix/cleanup[21]: A1B2C1: message-id=<1@x.example>",
	"Mar  3 10:00:04 mx spamd[22]: spamd: result: Y 12 - BAYES_99,URIBL_BLACK "
	"scantime=0.1,size=900,user=filter,uid=5,required_score=5.0,rhost=::1,raddr=::1,rport=1,"
	"mid=<1@x.example>,autolearn=no",
	"Mar  3 10:00:05 mx postfix/qmgr[7]: A1B2C1: from=<a@x.example>, size=900, nrcpt=1 "
	"(queue active)",
	"Mar  3 10:00:06 mx postfix/smtp[23]: A1B2C1: to=<b@y.example>, "
	"relay=mx.y.example[203.0.113.9]:25, delay=1, delays=0/0/0/1, dsn=4.2.0, status=deferred "
	"(host mx.y.example[203.0.113.9] said: 451 4.2.0 later (in reply to RCPT TO command))",
	"Mar  3 10:05:00 mx postfix/postscreen[30]: CONNECT from [203.0.113.40]:4001 to "
	"[192.0.2.1]:25",
	"Mar  3 10:05:01 mx postfix/dnsblog[31]: addr 203.0.113.40 listed by domain "
	"zen.spamhaus.org as 127.0.0.4",
	"Mar  3 10:05:02 mx postfix/postscreen[30]: DNSBL rank 5 for [203.0.113.40]:4001",
	"Mar  3 10:05:03 mx postfix/postscreen[30]: NOQUEUE: reject: RCPT from "
	"[203.0.113.40]:4001: 550 5.7.1 Service unavailable; client [203.0.113.40] blocked using "
	"zen.spamhaus.org; from=<c@z.example>, to=<b@own.example>, proto=ESMTP, helo=<z>",
	"Mar  3 10:05:03 mx postfix/postscreen[30]: DISCONNECT [203.0.113.40]:4001",
	"Mar  3 10:06:00 mx postfix/smtpd[24]: connect from unknown[198.51.100.8]",
	"Mar  3 10:06:01 mx postfix/smtpd[24]: NOQUEUE: reject: RCPT from unknown[198.51.100.8]: "
	"450 4.2.0 <b@own.example>: Recipient address rejected: Greylisted; from=<d@z.example> "
	"to=<b@own.example> proto=ESMTP helo=<w>",
	"Mar  3 10:06:30 mx postfix/smtpd[24]: NOQUEUE: reject: RCPT from unknown[198.51.100.8]: "
	"450 4.2.0 <b@own.example>: Recipient address rejected: Greylisted; from=<d@z.example> "
	"to=<b@own.example> proto=ESMTP helo=<w>",
	"Mar  3 10:06:31 mx postfix/smtpd[24]: disconnect from unknown[198.51.100.8] ehlo=1 "
	"mail=1 rcpt=0/2 commands=2/4",
	"Mar  3 10:09:00 mx spamd[22]: spamd: result: Y 9 - BAYES_99 "
	"scantime=0.1,size=800,user=filter,uid=5,required_score=5.0,rhost=::1,raddr=::1,rport=1,"
	"mid=<orphan@x.example>,autolearn=no",
	"Mar  3 10:20:00 mx postfix/smtpd[20]: A1B2C2: client=unknown[198.51.100.7]",
	"Mar  3 10:20:30 mx spamd[22]: spamd: result: Y 9 - BAYES_99 "
	"scantime=0.1,size=900,user=filter,uid=5,required_score=5.0,rhost=::1,raddr=::1,rport=1,"
	"mid=<2@x.example>,autolearn=no",
	"Mar  3 10:21:00 mx postfix/cleanup[21]: A1B2C2: message-id=<2@x.example>",
	"Mar  3 10:21:01 mx postfix/qmgr[7]: A1B2C2: from=<a@x.example>, size=900, nrcpt=1 "
	"(queue active)",
	"Mar  3 10:40:00 mx postfix/smtpd[20]: NOQUEUE: reject: RCPT from "
	"unknown[198.51.100.7]: 554 5.7.1 <q@far.example>: Relay access denied; "
	"from=<a@x.example> to=<q@far.example> proto=ESMTP helo=<a>",
	"Mar  3 10:40:05 mx postfix/smtpd[27]: connect from unknown[198.51.100.7]",
	"Mar  3 10:40:06 mx postfix/smtpd[27]: NOQUEUE: reject: RCPT from "
	"unknown[198.51.100.7]: 554 5.7.1 <r@far.example>: Relay access denied; "
	"from=<a@x.example> to=<r@far.example> proto=ESMTP helo=<a>",
	"Mar  3 10:40:07 mx postfix/smtpd[27]: disconnect from unknown[198.51.100.7] ehlo=1 "
	"mail=1 rcpt=0/1 commands=2/3",
	"Mar  3 10:40:10 mx postfix/smtpd[20]: NOQUEUE: reject: RCPT from "
	"unknown[198.51.100.7]: 554 5.7.1 <r@far.example>: Relay access denied; "
	"from=<a@x.example> to=<r@far.example> proto=ESMTP helo=<a>",
	"Mar  3 10:40:20 mx postfix/smtpd[20]: NOQUEUE: reject: RCPT from "
	"unknown[198.51.100.7]: 554 5.7.1 <q@far.example>: Relay access denied; "
	"from=<a@x.example> to=<q@far.example> proto=ESMTP helo=<a>",
	"Mar  3 10:45:00 mx postfix/smtpd[20]: A1B2C3: client=unknown[198.51.100.7]",
	"Mar  3 10:46:00 mx postfix/smtpd[40]: warning: hostname b.x.example does not resolve to "
	"address 198.51.100.50: Name or service not known",
	"Mar  3 10:46:00 mx postfix/smtpd[40]: connect from unknown[198.51.100.50]",
	"Mar  3 10:50:00 mx postfix/smtpd[28]: connect from unknown[198.51.100.8]",
	"Mar  3 10:50:01 mx postfix/smtpd[28]: NOQUEUE: reject: RCPT from unknown[198.51.100.8]: "
	"450 4.2.0 <b@own.example>: Recipient address rejected: Greylisted; from=<f@z.example> "
	"to=<b@own.example> proto=ESMTP helo=<w>",
	"Mar  3 10:51:00 mx postfix/dnsblog[31]: addr 203.0.113.40 listed by domain "
	"zen.spamhaus.org as 127.0.0.4",
	"Mar  3 10:57:30 mx postfix/smtpd[28]: NOQUEUE: reject: RCPT from unknown[198.51.100.8]: "
	"450 4.2.0 <b@own.example>: Recipient address rejected: Greylisted; from=<f@z.example> "
	"to=<b@own.example> proto=ESMTP helo=<w>",
	"Mar  3 10:57:31 mx postfix/smtpd[28]: disconnect from unknown[198.51.100.8] ehlo=1 "
	"mail=1 rcpt=0/2 commands=2/4",
	"Mar  3 10:58:00 mx postfix/smtpd[20]: disconnect from unknown[198.51.100.7] ehlo=1 "
	"mail=3 rcpt=2/4 data=2 commands=8/10",
	"Mar  3 10:59:00 mx postfix/smtpd[20]: connect from unknown[198.51.100.7]",
	"Mar  3 10:59:01 mx postfix/smtpd[20]: A1B2C4: client=unknown[198.51.100.7]",
	"Mar  3 10:59:02 mx postfix/cleanup[21]: A1B2C4: message-id=<4@x.example>",
	"Mar  3 10:59:03 mx postfix/qmgr[7]: A1B2C4: from=<a@x.example>, size=900, nrcpt=1 "
	"(queue active)",
	"Mar  3 10:59:04 mx postfix/qmgr[7]: A1B2C4: removed",
	"Mar  3 10:59:30 mx postfix/smtpd[20]: disconnect from unknown[198.51.100.7] ehlo=1 "
	"mail=1 rcpt=1 data=1 quit=1 commands=5",
	"Mar  3 11:30:00 mx postfix/smtpd[25]: connect from h.x.example[198.51.100.9]",
	"Mar  3 11:30:01 mx postfix/smtpd[25]: A1B2C2: client=h.x.example[198.51.100.9]",
	"Mar  3 11:30:02 mx postfix/cleanup[21]: A1B2C2: message-id=<5@x.example>",
	"Mar  3 11:30:03 mx postfix/qmgr[7]: A1B2C2: from=<e@x.example>, size=70, nrcpt=1 "
	"(queue active)",
	"Mar  3 11:30:04 mx postfix/qmgr[7]: A1B2C2: removed",
	"Mar  3 11:50:00 mx postfix/smtpd[40]: connect from unknown[198.51.100.51]",
	"Mar  3 11:50:01 mx postfix/smtpd[40]: disconnect from unknown[198.51.100.51] ehlo=1 "
	"quit=1 commands=2",
	"Mar  3 12:10:00 mx postfix/smtp[23]: A1B2C1: to=<b@y.example>, "
	"relay=mx.y.example[203.0.113.9]:25, delay=7800, delays=0/0/0/1, dsn=2.0.0, status=sent "
	"(250 2.0.0 Ok)",
	"Mar  3 12:10:01 mx postfix/qmgr[7]: A1B2C1: removed",
	"Mar  3 12:40:00 mx postfix/smtpd[26]: connect from h.x.example[198.51.100.9]",
	"Mar  3 12:40:01 mx postfix/smtpd[26]: disconnect from h.x.example[198.51.100.9] ehlo=1 "
	"quit=1 commands=2",
	"Mar  3 12:50:00 mx postfix/smtpd[40]: connect from unknown[198.51.100.50]",
	"Mar  3 12:50:01 mx postfix/smtpd[40]: A1B2C9: client=unknown[198.51.100.50]",
};

static void
slow_log(void **state)
{
	char path[] = "/tmp/test_edge.XXXXXX";
	const char *const list[] = { path };
	int fd = mkstemp(path);
	FILE *f = fdopen(fd, "w");
	struct lines l;

	(void)state;
	assert_non_null(f);
	for (unsigned i = 0; i < sizeof(slow) / sizeof(slow[0]); i++)
		fprintf(f, "%s\n", slow[i]);
	fclose(f);
	read_log(&l, list, 1);
	unlink(path);
	assert_int_equal(l.n, sizeof(slow) / sizeof(slow[0]));
	for (unsigned i = 0; i < 20; i++)
		check_log(&l, "slow", i == 0, 42 + i);
	free_log(&l);
}

enum { RANDOM_LOGS = 4000 };

struct dice {
	uint64_t seed;
	int64_t now, apart[3];		/* each host's clock */
	unsigned hosts, ids, texts, types;
	enum event_type type[8];	/* if the log has few types */
	bool exim;			/* what it refuses, of few seconds */
};

static unsigned
roll(struct dice *d, unsigned n)
{
	return (unsigned)(next(&d->seed) % n);
}

static struct slice
one_of(struct dice *d, const char *const *text, unsigned n)
{
	return slice_of(text[roll(d, d->texts < n ? d->texts : n)]);
}

#define ONE_OF(d, text) one_of(d, text, sizeof(text) / sizeof(text[0]))

static int64_t
random_time(struct dice *d, unsigned host)
{
	static const int64_t step[] = { 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 3, 10, 20, 30, 59, 60, 61, 90,
		300, 540, 599, 600, 601, 1200, 3500, 3600, 3601, 7200, 90000, 600000, -1, -5, -30,
		-59, -61, -300, -4000 };

	if (d->exim)
		d->now += roll(d, 6) ? 0 : 601;
	else
		d->now += step[roll(d, roll(d, 4) ? 24 : sizeof(step) / sizeof(step[0]))];
	return d->now + d->apart[host];
}

static void
random_client(struct dice *d, struct event *ev)
{
	ev->has_addr = true;
	ev->addr.b[10] = ev->addr.b[11] = 0xff;
	ev->addr.b[12] = roll(d, 5) ? 203 : 127;
	ev->addr.b[15] = (uint8_t)(1 + roll(d, 2) % d->texts);
	ev->port = (uint16_t)(4000 + roll(d, 2) % d->texts);
}

static void
random_texts(struct dice *d, struct event *ev)
{
	static const char *const qid[] = { "A1B2C1", "A1B2C2", "A1B2C3", "1vLbbb-0000aa-0B" };
	static const char *const id[] = { "1@x.example", "2@x.example", "3@x.example" };
	static const char *const name[] = { "", "a.example", "b.example" };

	event_set(ev, F_QID, slice_of(qid[roll(d, d->ids)]));
	event_set(ev, F_CHILD_ID, slice_of(qid[roll(d, d->ids)]));
	if (roll(d, 4))
		event_set(ev, F_MESSAGE_ID, ONE_OF(d, id));
	event_set(ev, F_CLIENT_NAME, ONE_OF(d, name));
	event_set(ev, F_SENDER, SLICE("a@x.example"));
	event_set(ev, F_RCPT, SLICE("b@y.example"));
	event_set(ev, F_REPLY, ONE_OF(d, name));
	event_set(ev, F_TESTS, ONE_OF(d, name));
	event_set(ev, F_CWD, ONE_OF(d, name));
	if (roll(d, 2))
		event_set(ev, F_RELAY_ID, slice_of(qid[roll(d, d->ids)]));
}

static enum event_type
random_type(struct dice *d)
{
	static const enum event_type type[] = { EV_CONNECT, EV_DISCONNECT, EV_RDNS_MISMATCH, EV_TLS,
		EV_CLIENT, EV_CLIENT, EV_PICKUP, EV_MESSAGE_ID, EV_MESSAGE_ID, EV_QUEUED,
		EV_RECEIVED, EV_RECEIVED, EV_DELIVERY, EV_BOUNCE, EV_REMOVED, EV_REMOVED, EV_REJECT,
		EV_REJECT, EV_REJECT, EV_PROTOCOL, EV_DNSBL_RANK, EV_PASS, EV_HANGUP, EV_VERDICT,
		EV_VERDICT, EV_CWD, EV_NONE };

	static const enum event_type few[] = { EV_RECEIVED, EV_REJECT, EV_REJECT, EV_REJECT, EV_CWD,
		EV_VERDICT, EV_REMOVED };

	return d->exim ? few[roll(d, sizeof(few) / sizeof(few[0]))] :
	    type[roll(d, sizeof(type) / sizeof(type[0]))];
}

static void
random_event(struct dice *d, struct event *ev)
{
	unsigned host = roll(d, d->hosts);

	event_reset(ev);
	memset(&ev->addr, 0, sizeof(ev->addr));
	memset(&ev->addr2, 0, sizeof(ev->addr2));
	ev->type = d->types ? d->type[roll(d, d->types)] : random_type(d);
	ev->host = host + 1;
	ev->instance = 0;
	ev->pid = 20 + roll(d, 3);
	ev->ts = random_time(d, host);
	if (roll(d, 8))
		random_client(d, ev);
	random_texts(d, ev);
	ev->mta = ev->type == EV_RECEIVED || ev->type == EV_CWD ? MTA_EXIM :
	    ev->type == EV_VERDICT ? (roll(d, 2) ? MTA_SPAMASSASSIN : MTA_AMAVIS) :
	    ev->type == EV_REJECT && roll(d, 2) ? MTA_EXIM : MTA_POSTFIX;
	if (ev->mta == MTA_SPAMASSASSIN)
		ev->has &= ~(1u << F_QID);
	ev->agent = (uint8_t)roll(d, AGENT_NONE + 1);
	ev->reason = ev->type == EV_DELIVERY ? (uint8_t)roll(d, DELIVERY_EXPIRED + 1) :
	    ev->type == EV_REJECT ? (roll(d, 2) ? REJECT_CONTENT : REJECT_GREYLIST) :
	    SIGN_PREGREET;
	ev->phase = roll(d, 2) ? PHASE_CONTENT : PHASE_ENVELOPE;
	ev->action = roll(d, 6) ? ACT_REFUSED : (uint8_t)roll(d, ACT_WARNED + 1);
	ev->flags = (roll(d, 2) ? EF_SPAM : 0) | (roll(d, 3) == 0 ? EF_POSTSCREEN : 0) |
	    (roll(d, 3) == 0 ? EF_REJECTLOG : 0) | (roll(d, 2) ? EF_COUNTERS : 0) |
	    (roll(d, 2) ? EF_HAS_SCORE : 0);
	if (d->exim && ev->type == EV_REJECT) {
		ev->mta = MTA_EXIM;
		ev->reason = REJECT_CONTENT;
		ev->phase = PHASE_CONTENT;
		ev->action = ACT_REFUSED;
	}
	ev->score = (int32_t)(5 + roll(d, 2)) * 1000;
	ev->number = roll(d, 3);
}

static void
random_log(struct lines *l, uint64_t seed)
{
	struct dice d = { .seed = seed, .now = 1770000000 };

	*l = (struct lines){ .names = names_open() };
	for (unsigned i = 0; i < 8; i++)
		next(&d.seed);
	d.hosts = 1 + roll(&d, 3);
	d.ids = 1 + roll(&d, 4);
	d.texts = 1 + roll(&d, 3);
	d.exim = roll(&d, 4) == 0;
	d.types = roll(&d, 2) ? 0 : 1 + roll(&d, 8);
	for (unsigned i = 0; i < d.types; i++)
		d.type[i] = random_type(&d);
	for (unsigned i = 0; i < 3; i++) {
		d.apart[i] = roll(&d, 2) ? 0 : (int64_t)roll(&d, 9000) - 4500;
		names_id(l->names, slice_of(i == 0 ? "a" : i == 1 ? "b" : "c"));
	}
	for (unsigned n = 5 + roll(&d, 80); l->n < n; l->n++) {
		mem_grow(&l->item, &l->cap, l->n + 1, sizeof(*l->item));
		random_event(&d, &l->item[l->n]);
	}
}

static void
random_logs(void **state)
{
	const char *more = getenv("RANDOM_LOGS");
	uint64_t logs = more ? strtoull(more, NULL, 10) : RANDOM_LOGS;

	(void)state;
	for (uint64_t seed = 1; seed <= logs; seed++) {
		struct lines l;
		char what[40];

		random_log(&l, seed);
		snprintf(what, sizeof(what), "random log %u", (unsigned)seed);
		check_log(&l, what, seed % 4 == 0, seed);
		free_log(&l);
	}
}

/* Logs given as arguments: to try it on more than the tests have. */
static int
check_files(const char *const *path, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct lines l;

		read_log(&l, &path[i], 1);
		check_log(&l, path[i], false, 42);
		printf("%s: %u events\n", path[i], l.n);
		free_log(&l);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slow_log),
		cmocka_unit_test(cases),
		cmocka_unit_test(broken_once),
		cmocka_unit_test(random_logs),
	};

	if (argc > 1)
		return check_files((const char *const *)argv + 1, (unsigned)argc - 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
