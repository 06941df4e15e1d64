/*
 * See outputs.h. One reading serves all formats: text and JSON come from the summary; jsonl packs
 * its events while reading, judges them at the end and sorts the lines (by time, then bytes).
 */
#define _GNU_SOURCE
#include "cli/outputs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/fail_on.h"
#include "cli/slices.h"
#include "cli/writer.h"
#include "report/csv.h"
#include "report/dump.h"
#include "report/html.h"
#include "report/json.h"
#include "report/jsonl.h"
#include "report/mail.h"
#include "report/prometheus.h"
#include "report/pseudonym_items.h"
#include "report/sorter.h"
#include "report/summary.h"
#include "report/text.h"
#include "report/unknown.h"

enum { FAILED_INPUT = 2, FAILED_WRITE = 3, FAILED_EXPR = 10 };
enum { SORT_MEMORY = 64 * 1024 * 1024, FLUSH = 1 << 16 };

struct collect {		/* the sink of a report */
	const struct pseudonym *pseudonym;
	struct unknown *unknown;	/* NULL: no --unknown */
	struct writer writer;		/* of its file, opened before the first line is read */
};

int
outputs_check(const struct options *o, struct problem *p)
{
	struct fail_on expr;

	for (unsigned i = 0; i < o->fail_ons; i++)
		if (fail_on_parse(&expr, o->fail_on[i], p) == -1)
			return -1;
	return 0;
}

static void
collect_line(
    void *context, const struct stream_line *line, enum line_kind kind, const struct event *ev)
{
	struct collect *c = context;
	struct buf b = { 0 }, body = { 0 };

	if (kind == LINE_IGNORED)
		unknown_ignored(c->unknown, line->header.from->program);
	if (kind != LINE_UNKNOWN)
		return;
	pseudonym_line(c->pseudonym, line->text, ev, &b);
	pseudonym_line(c->pseudonym, line->header.body, ev, &body);
	unknown_add(c->unknown, line->header.from->program, buf_slice(&body), buf_slice(&b));
	buf_free(&b);
	buf_free(&body);
}

static int
write_jsonl(struct pipeline *p, struct judge *j, struct writer *w, struct problem *why)
{
	struct sorter *sorter = sorter_open(SORT_MEMORY);
	struct slice record, line;
	struct buf b = { 0 };
	int64_t ts;
	int rc = spool_rewind(p->events.spool, why);

	while (rc == 0 && (rc = spool_next(p->events.spool, &record, why)) == 1) {
		b.n = 0;
		rc = 0;
		if (jsonl_line(&p->classifier, j, &p->config->pseudonym, record,
		    p->options->suspected, &b, &ts))
			rc = sorter_add(sorter, ts, buf_slice(&b), why);
	}
	if (rc == 0)
		rc = sorter_sort(sorter, why);
	while (rc == 0 && (rc = sorter_next(sorter, &line, why)) == 1)
		rc = writer_add(w, line, why);
	sorter_close(sorter);
	buf_free(&b);
	return rc;
}

static bool
use_colour(const struct options *o, const struct output *out)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
	bool standard = out->path == NULL || slice_eq(slice_of(out->path), SLICE("-"));

	if (o->colour != COLOUR_AUTO)
		return o->colour == COLOUR_ALWAYS;
	return standard && isatty(STDOUT_FILENO) && !(no && *no) && term != NULL &&
	    !slice_eq(slice_of(term), SLICE("dumb"));
}

static bool
is_terminal(const struct output *out)
{
	return (out->path == NULL || slice_eq(slice_of(out->path), SLICE("-"))) &&
	    isatty(STDOUT_FILENO);
}

/* As locale(7) says: the first of these that is set names the character set. */
static bool
locale_is_utf8(void)
{
	static const char *const name[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		const char *value = getenv(name[i]);

		if (value != NULL && *value != '\0')
			return strcasestr(value, "utf-8") != NULL ||
			    strcasestr(value, "utf8") != NULL;
	}
	return false;
}

static void
put_mail(const struct pipeline *p, const struct summary *s, const struct output *out,
    const struct text_options *text, struct buf *b)
{
	struct mail_options o = { .to = slice_of(out->to), .now = p->config->now, .text = *text };
	struct buf html = { 0 };

	if (!text->quiet)	/* it has more than alarms */
		html_report(s, &html);
	o.html = buf_slice(&html);
	/* wherever it goes, a mail is no terminal */
	o.text.colour = o.text.terminal = o.text.utf8 = false;
	mail_report(s, b, &o);
	buf_free(&html);
}

/* Of all formats but jsonl, which comes from the events. */
static void
put_report(const struct pipeline *p, const struct summary *s, const struct output *out,
    struct buf *b)
{
	struct text_options text = { .top = p->options->top, .verbose = p->options->verbose,
		.quiet = p->options->quiet, .colour = use_colour(p->options, out),
		.terminal = is_terminal(out), .utf8 = is_terminal(out) && locale_is_utf8() };

	switch (out->format) {
	case FORMAT_TEXT:
		text.sections = out->sections;
		text_report(s, b, &text);
		break;
	case FORMAT_JSON:
		json_report(s, b);
		break;
	case FORMAT_HTML:
		html_report(s, b);
		break;
	case FORMAT_CSV:
		csv_report(s, (enum section)out->section, b);
		break;
	case FORMAT_PROMETHEUS:
		prometheus_report(s, p->config->now, b);
		break;
	case FORMAT_MAIL:
		put_mail(p, s, out, &text, b);
		break;
	case FORMAT_JSONL:
		break;
	}
}

static int
write_output(struct pipeline *p, const struct summary *s, struct judge *j,
    const struct output *out, struct problem *why)
{
	struct buf b = { 0 };
	struct writer w;
	int rc;

	if (writer_open(&w, out->path, why) == -1)
		return -1;
	put_report(p, s, out, &b);
	rc = out->format == FORMAT_JSONL ? write_jsonl(p, j, &w, why) :
	    writer_add(&w, buf_slice(&b), why);
	if (rc == 0)
		rc = writer_close(&w, why);
	else
		writer_drop(&w);
	buf_free(&b);
	return rc;
}

/* Another input, read as this one, is what was before. */
static int
compare(const struct pipeline *p, struct summary *s, const struct summary_options *so)
{
	struct options o = *p->options;
	struct pipeline other;
	struct summary *before;
	struct judge *j;

	o.path = &p->options->compare;
	o.paths = 1;
	o.command = COMMAND_REPORT;
	o.unknown = NULL;
	if (pipeline_open(&other, p->config, &o) == -1 || pipeline_run(&other, NULL) == -1) {
		pipeline_close(&other);
		return -1;
	}
	j = judge_open(&other.classifier);
	before = summary_make(&other.classifier, j, &other.facts, so);
	summary_compare(s, before, so->top);
	summary_free(before);
	judge_close(j);
	pipeline_close(&other);
	return 0;
}

static int
judge_and_write(struct pipeline *p)
{
	struct problem why;
	struct judge *j = judge_open(&p->classifier);
	struct summary_options so = { .top = p->options->top, .days = p->options->days,
		.has_split = p->config->has_split, .split = p->config->split,
		.compare = p->options->compare != NULL,
		.jobs = p->options->jobs ? (unsigned)p->options->jobs : slices_processors() };
	struct summary *s = summary_make(&p->classifier, j, &p->facts, &so);
	int rc = 0;

	if (so.compare && compare(p, s, &so) == -1) {
		summary_free(s);
		judge_close(j);
		return FAILED_INPUT;
	}
	pseudonym_summary(&p->config->pseudonym, s);
	pseudonym_samples(&p->config->pseudonym, &p->facts);
	for (unsigned i = 0; i < p->options->outputs; i++)
		if (write_output(p, s, j, &p->options->output[i], &why) == -1) {
			warn("%s", why.text);
			rc = FAILED_WRITE;
		}
	for (unsigned i = 0; i < p->options->fail_ons && rc == 0; i++)
		if (fail_on_holds(p->options->fail_on[i], s))
			rc = FAILED_EXPR;
	summary_free(s);
	judge_close(j);
	return rc;
}

static int
finish_unknown(struct collect *c, bool nothing_read)
{
	struct problem why;
	struct buf b = { 0 };
	int rc;

	if (c->unknown == NULL)
		return 0;
	unknown_text(c->unknown, &b);
	unknown_close(c->unknown);
	rc = nothing_read ? 0 : writer_add(&c->writer, buf_slice(&b), &why);
	buf_free(&b);
	if (nothing_read || rc == -1)
		writer_drop(&c->writer);
	else
		rc = writer_close(&c->writer, &why);
	if (rc == 0)
		return 0;
	warn("%s", why.text);
	return FAILED_WRITE;
}

int
outputs_report(struct pipeline *p)
{
	struct collect c = { .pseudonym = &p->config->pseudonym };
	struct sink sink = { .context = &c };
	struct problem why;
	bool jsonl = false;
	int rc;

	if (p->options->unknown != NULL) {
		if (writer_open(&c.writer, p->options->unknown, &why) == -1) {
			warn("%s", why.text);
			return FAILED_WRITE;
		}
		c.unknown = unknown_open();
		sink.line = collect_line;
	}
	for (unsigned i = 0; i < p->options->outputs; i++)
		jsonl |= p->options->output[i].format == FORMAT_JSONL;
	if (jsonl)
		events_open(&p->events, p->options->suspected);
	rc = pipeline_run(p, &sink);
	if (finish_unknown(&c, rc == -1) == FAILED_WRITE)
		return FAILED_WRITE;
	if (rc == -1)
		return FAILED_INPUT;
	if (p->events.failed) {
		warn("%s", p->events.why.text);
		return FAILED_WRITE;
	}
	return judge_and_write(p);
}

struct dump {			/* the sink of a dump */
	struct pipeline *p;
	struct arena arena;	/* of pseudonyms */
	struct buf out;
	bool failed;
};

static void
flush(struct dump *d, unsigned least)
{
	if (d->out.n < least)
		return;
	if (!d->failed && d->out.n && fwrite(d->out.p, 1, d->out.n, stdout) != d->out.n) {
		warn("standard output: %s", strerror(errno));
		d->failed = true;
	}
	d->out.n = 0;
}

static void
dump_line(
    void *context, const struct stream_line *line, enum line_kind kind, const struct event *ev)
{
	struct dump *d = context;
	struct event copy;

	(void)kind;
	if (ev == NULL || d->p->options->command != COMMAND_DUMP_EVENTS)
		return;
	(void)line;
	ev = pseudonym_event(&d->p->config->pseudonym, ev, &copy, &d->arena);
	dump_event(ev, names_text(d->p->names, ev->host), &d->out);
	arena_free(&d->arena);
	flush(d, FLUSH);
}

static void
dump_closed(void *context, const struct message *m, const struct observation *o)
{
	struct dump *d = context;
	const struct pseudonym *y = &d->p->config->pseudonym;
	struct message copy;

	m = pseudonym_message(y, m, &copy, &d->arena);
	if (d->p->options->command == COMMAND_DUMP_MESSAGES)
		dump_message(m, names_text(d->p->names, m->host), &d->out);
	else if (d->p->options->command == COMMAND_DUMP_EVIDENCE && o->counted)
		dump_evidence(&d->p->classifier, y, m, o, &d->out);
	arena_free(&d->arena);
	flush(d, FLUSH);
}

int
outputs_dump(struct pipeline *p)
{
	struct dump d = { .p = p };
	struct sink sink = { &d, dump_line, dump_closed };
	int rc;

	rc = pipeline_run(p, &sink);
	flush(&d, 0);
	buf_free(&d.out);
	return rc == -1 ? FAILED_INPUT : d.failed ? FAILED_WRITE : 0;
}

int
outputs_dump_parts(struct pipeline *p)
{
	struct dump d = { .p = p };
	int rc = pipeline_dump_parts(p, &d.out);

	flush(&d, 0);
	buf_free(&d.out);
	return d.failed ? FAILED_WRITE : rc;
}

int
outputs_part(struct pipeline *p)
{
	struct problem why;

	/* whoever reads it may ask for the suspected ones */
	if (p->options->events || p->options->command == COMMAND_MERGE)
		events_open(&p->events, true);
	if (pipeline_run(p, NULL) == -1)
		return FAILED_INPUT;
	if (pipeline_write_part(p, p->options->output[0].path, &why) == 0)
		return 0;
	warn("%s", why.text);
	return FAILED_WRITE;
}
