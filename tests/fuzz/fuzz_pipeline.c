/*
 * Any bytes as a log, through everything: header, event, message, observation, judgement, and each
 * output. The accounting laws hold, and what comes out is harmless text.
 *
 * The loop is that of cli/pipeline.c without files. A small number of open messages, from the
 * first byte, makes messages be forced.
 */
#include <stdlib.h>

#include "cli/builtin_rules.h"
#include "parser/daemons.h"
#include "report/dump.h"
#include "report/html.h"
#include "report/json.h"
#include "report/jsonl.h"
#include "report/text.h"
#include "tests/slack.h"

#define CHECK(what) do { if (!(what)) abort(); } while (0)

enum { RECORDS_MAX = 4096, OPEN_MAX = 64 };
static const int64_t now = 1798675200;	/* 2026-12-31 */

static const struct pseudonym plain;	/* none */

struct run {
	struct classifier cl;
	struct run_facts facts;
	struct zone zone;
	struct buf record[RECORDS_MAX], dumped;
	unsigned records;
	uint64_t lines, mails[3];
};

static struct ruleset rules;
static struct own own;

static void
load_rules(void)
{
	struct problem p;

	if (rules.rules > 0)
		return;
	for (unsigned i = 0; i < builtin_rules_n; i++)
		CHECK(ruleset_add_packed(&rules, builtin_rules[i].name, builtin_rules[i].packed,
		    &p) == 0);
	CHECK(ruleset_finish(&rules, &p) == 0);
}

/* Valid UTF-8 without control characters, but for these. */
static void
check_text(struct slice s, const char *allowed)
{
	uint32_t code;

	while (s.n > 0) {
		unsigned n = utf8_next(s, &code);

		CHECK(n > 0);
		CHECK(
		    !utf8_is_control(code) || (code < 0x80 && code && strchr(allowed, (int)code)));
		s = slice_skip(s, n);
	}
}

static void
take_messages(struct run *r, struct correlate *c)
{
	const struct message *m;
	struct observation o;

	while ((m = correlate_next(c)) != NULL) {
		struct slice host = names_text(r->cl.names, m->host);

		CHECK(m->repeat > 0 && m->replies <= MESSAGE_REPLIES &&
		      m->domains <= MESSAGE_DOMAINS);
		if (m->kind == MESSAGE_MAIL)
			r->mails[m->state]++;
		else
			CHECK(m->state == STATE_COMPLETE);
		observe(&r->cl, m, &o);
		if (r->dumped.n < 1 << 20)
			dump_message(m, host, &r->dumped);
		if (!o.counted)
			continue;
		CHECK(o.source < r->cl.state.sources && o.signature < r->cl.state.signatures);
		if (r->dumped.n < 1 << 20)
			dump_evidence(&r->cl, &plain, m, &o, &r->dumped);
		if (r->records < RECORDS_MAX && jsonl_wants(&r->cl, &o, true))
			jsonl_pack(&r->cl, m, &o, &r->record[r->records++]);
	}
}

static void
take_line(struct run *r, struct header_reader *reader, struct correlate *c, struct slice line)
{
	struct header h = { 0 };
	struct event ev;
	enum line_kind kind = line.n > 65536 ? LINE_BAD : header_parse(reader, line, &h);

	r->lines++;
	CHECK(kind == LINE_RECOGNISED || kind == LINE_BAD);
	if (kind == LINE_RECOGNISED)
		kind = event_parse(&h, &ev);
	r->facts.lines[kind]++;
	if (kind != LINE_RECOGNISED)
		return;
	r->facts.mta_lines[ev.mta]++;
	correlate_event(c, &ev);
	take_messages(r, c);
}

static void
read_log(struct run *r, struct names *names, struct slice bytes, uint32_t max_open)
{
	struct zone zone;
	struct header_reader *reader;
	struct correlate *c = correlate_open(max_open);

	CHECK(zone_open(&zone, SLICE("UTC"), NULL) == 0);
	reader = header_open(names, &zone, SLICE("mx"), 0, now);
	while (bytes.n > 0) {
		const char *end = slice_chr(bytes, '\n');
		struct slice line = end ? slice_range(bytes.p, end) : bytes;

		take_line(r, reader, c, line);
		bytes = slice_skip(bytes, line.n + (end != NULL));
	}
	correlate_end(c);
	take_messages(r, c);
	observe_end(&r->cl);
	r->facts.messages = correlate_counts(c);
	correlate_close(c);
	header_close(reader);
	r->zone = zone;
	r->facts.zone = &r->zone;
	r->facts.exact = true;
}

static void
check_accounts(const struct run *r)
{
	const struct correlate_counts *m = &r->facts.messages;

	CHECK(r->lines == r->facts.lines[0] + r->facts.lines[1] + r->facts.lines[2] +
	    r->facts.lines[3]);
	CHECK(m->total == m->complete + m->open + m->forced);
	CHECK(m->copies <= m->total);
	CHECK(r->mails[0] + r->mails[1] + r->mails[2] <= m->total);
	CHECK(m->total <= r->mails[0] + r->mails[1] + r->mails[2] + m->copies);
}

/* What judge_next() remembers of sources that are alike is what judge_event() finds of each. */
static void
check_verdicts(const struct run *r)
{
	struct judge *all = judge_open(&r->cl), *single = judge_open(&r->cl);
	struct judged x;

	while (judge_next(all, &x) == 1) {
		const struct judged *y = judge_event(single, x.source, x.day * 86400, x.signature);
		const struct attribution *a = &x.a, *b = &y->a;

		CHECK(x.spam == y->spam);
		if (!x.spam)
			continue;
		CHECK(a->verdict == b->verdict && a->reason == b->reason && a->via == b->via);
		CHECK(a->spam_by == b->spam_by && a->confidence == b->confidence);
		CHECK(a->lean == b->lean && a->leaning == b->leaning && a->relay == b->relay);
		CHECK(a->stopped_port25 == b->stopped_port25 &&
		    a->stopped_dnsbl == b->stopped_dnsbl &&
		    a->stopped_provider == b->stopped_provider);
	}
	judge_close(all);
	judge_close(single);
}

static void
write_all(struct run *r)
{
	struct text_options quiet = { .top = 10, .quiet = true },
			    loud = { .top = 10, .verbose = true };
	struct judge *j = judge_open(&r->cl);
	struct summary *s;
	struct buf out = { 0 };
	int64_t ts;

	for (unsigned i = 0; i < r->records; i++) {
		out.n = 0;
		if (!jsonl_line(&r->cl, j, &plain, buf_slice(&r->record[i]), true, &out, &ts))
			continue;
		CHECK(out.n > 2 && out.p[0] == '{' && out.p[out.n - 1] == '\n' &&
		      out.p[out.n - 2] == '}');
		check_text((struct slice){ out.p, out.n - 1 }, "");
	}
	judge_close(j);
	j = judge_open(&r->cl);
	s = summary_make(&r->cl, j, &r->facts, &(struct summary_options){ .top = 10,
	    .jobs = 1, .days = SUMMARY_DAYS });
	for (int kind = 0; kind < 5; kind++) {
		out.n = 0;
		if (kind == 0)
			json_report(s, &out);
		else if (kind == 4)
			html_report(s, &out);
		else
			text_report(s, &out, kind == 1 ? &loud : kind == 2 ? &quiet :
			    &(struct text_options){ .top = 3 });
		check_text(buf_slice(&out), kind == 0 ? "\n\t" : "\n");
	}
	CHECK(s->accepted <= s->spam && s->spam <= s->attempts + r->facts.messages.unjoined);
	summary_free(s);
	judge_close(j);
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct run zero;
	struct run *r = malloc(sizeof(*r));
	struct names *names = names_open();
	struct slice bytes = slack_copy((struct slice){ (const char *)data, size }, '0');

	load_rules();
	*r = zero;
	r->cl = (struct classifier){
		.rules = &rules, .evaluator = evaluator_open(&rules), .own = &own, .names = names
	};
	read_log(
	    r, names, bytes, size > 0 && data[0] < OPEN_MAX ? data[0] + 1u : CORRELATE_MAX_OPEN);
	check_accounts(r);
	check_text(buf_slice(&r->dumped), "\n");
	check_verdicts(r);
	write_all(r);
	for (unsigned i = 0; i < r->records; i++)
		buf_free(&r->record[i]);
	buf_free(&r->dumped);
	evaluator_close(r->cl.evaluator);
	state_free(&r->cl.state);
	names_close(names);
	slack_free(bytes);
	free(r);
	return 0;
}
