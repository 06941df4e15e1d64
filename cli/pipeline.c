/* See pipeline.h. What concerns parts is in pipeline_parts.c. */
#define _GNU_SOURCE
#include "cli/pipeline_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "classify/state_limit.h"
#include "classify/state_select.h"

void
warn(const char *format, ...)
{
	struct buf b = { 0 };
	char text[2048];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	buf_str(&b, "spamsource: ");
	buf_visible(&b, slice_of(text));
	buf_chr(&b, '\n');
	fflush(stdout);
	fwrite(b.p, 1, b.n, stderr);
	buf_free(&b);
}

/* Nobody watches: cron would make a mail of its own of what is said. */
static bool
is_unattended(const struct options *o)
{
	bool mail = false;

	for (unsigned i = 0; i < o->outputs; i++)
		mail |= o->output[i].format == FORMAT_MAIL;
	return o->quiet || mail;
}

/* What a directory has beside its logs: the first few by name. */
static void
tell_left(const struct pipeline *p, const char *directory)
{
	const struct input_list *l = &p->list;
	struct buf b = { 0 };

	for (unsigned i = 0; i < l->lefts && i < INPUT_LEFT; i++)
		buf_fmt(&b, "%s%s", i ? ", " : "", l->left[i]);
	if (l->lefts > INPUT_LEFT)
		buf_fmt(&b, " and %u more", l->lefts - INPUT_LEFT);
	if (l->lefts > 0 && !is_unattended(p->options))
		warn("%s: left out: %.*s", directory, SLICE_ARG(buf_slice(&b)));
	buf_free(&b);
}

int
pipeline_open(struct pipeline *p, const struct config *c, const struct options *o)
{
	static const char *const standard_input = "-";
	struct problem why;
	int rc = 0;

	*p = (struct pipeline){ .config = c, .options = o, .names = names_open() };
	p->classifier = (struct classifier){ .rules = &c->rules, .own = &c->own, .names = p->names,
		.evaluator = evaluator_open(&c->rules), .state.most = o->max_sources };
	p->taught = taught_open(&c->rules.taught, p->names);
	for (unsigned i = 0; i < o->paths; i++)
		if (input_list_add(&p->list, o->path[i], &why) == -1) {
			warn("%s", why.text);
			p->facts.input_problems++;
			rc = -1;
		} else {
			tell_left(p, o->path[i]);
		}
	if (o->paths == 0)
		input_list_add(&p->list, standard_input, &why);
	p->files = mem_alloc((p->list.n + 1) * sizeof(*p->files));
	p->parts = mem_alloc((p->list.n + 1) * sizeof(*p->parts));
	for (unsigned i = 0; i < p->list.n; i++) {
		if (is_part(p->list.path[i]))
			p->parts[p->n_parts++] = p->list.path[i];
		else
			p->files[p->n_files++] = p->list.path[i];
	}
	if (p->n_files > 1)
		drop_twins(p);
	p->facts.exact = true;
	p->facts.zone = &c->zone;
	p->facts.has_since = c->has_since;
	p->facts.has_until = c->has_until;
	p->facts.since = c->since;
	p->facts.until = c->until;
	p->facts.year_given = o->year != 0;
	p->facts.own_networks = c->own.networks.n > 0;
	p->facts.own_domains = c->own.domains > 0;
	return p->n_files + p->n_parts ? 0 : rc;
}

void
pipeline_close(struct pipeline *p)
{
	events_close(&p->events);
	evaluator_close(p->classifier.evaluator);
	state_free(&p->classifier.state);
	taught_close(p->taught);
	names_close(p->names);
	input_list_free(&p->list);
	free(p->files);
	free(p->parts);
	free(p->reading);
	pieces_free(&p->pieces);
	meta_free(&p->meta);
	troubles_free(&p->troubles);
}

struct progress {
	bool on, shown;
	struct timespec start;
	uint64_t lines;
};

static void
progress_show(struct progress *g, const struct stream *s)
{
	struct timespec now;
	double seconds;
	uint64_t done = stream_offset(s), all = stream_size(s);

	clock_gettime(CLOCK_MONOTONIC, &now);
	seconds =
	    (double)(now.tv_sec - g->start.tv_sec) + (double)(now.tv_nsec - g->start.tv_nsec) / 1e9;
	if (seconds < 1)
		return;
	g->shown = true;
	if (all > 0 && done > 0)
		fprintf(stderr, "\r%3.0f %%, %.0f MB of %.0f MB, %.0f s left ",
		    100.0 * (double)done / (double)all, (double)done / 1e6, (double)all / 1e6,
		    seconds * ((double)all / (double)done - 1));
	else
		fprintf(stderr, "\r%.0f MB ", (double)done / 1e6);
	fflush(stderr);
}

/* It will be counted, but nobody asked for it. */
static void
leave_out(struct correlate_counts *counts, const struct message *m)
{
	if (m->kind != MESSAGE_MAIL)
		return;
	counts->total--;
	counts->complete -= m->state == STATE_COMPLETE;
	counts->open -= m->state == STATE_OPEN;
	counts->forced -= m->state == STATE_FORCED;
}

void
take_messages(struct pipeline *p, struct correlate *c, const struct sink *sink)
{
	const struct message *m;
	struct observation o;

	while ((m = correlate_next(c)) != NULL) {
		if (p->kept.to != 0 && !hours_hold(p->kept, utc_stamp(m->ts) / UTC_HOUR)) {
			leave_out(&p->facts.messages, m);
			continue;
		}
		observe(&p->classifier, m, &o);
		if (p->events.spool != NULL)
			events_add(&p->events, &p->classifier, m, &o);
		if (sink != NULL && sink->message != NULL)
			sink->message(sink->context, m, &o);
	}
}

static void
take_problems(struct pipeline *p, struct stream *s)
{
	const char *text;

	while ((text = stream_problem(s)) != NULL) {
		struct troubles *t = &p->troubles;

		mem_grow(&t->text, &t->cap, t->n + 1, sizeof(*t->text));
		t->text[t->n] = mem_alloc(strlen(text) + 1);
		memcpy(t->text[t->n++], text, strlen(text) + 1);
		p->facts.input_problems++;
	}
}

void
troubles_move(struct troubles *t, struct troubles *from)
{
	for (unsigned i = 0; i < from->n; i++) {
		mem_grow(&t->text, &t->cap, t->n + 1, sizeof(*t->text));
		t->text[t->n++] = from->text[i];
	}
	from->n = 0;
}

void
troubles_free(struct troubles *t)
{
	for (unsigned i = 0; i < t->n; i++)
		free(t->text[i]);
	free(t->text);
	*t = (struct troubles){ .n = 0 };
}

/* What stays the same, and what is counted, while lines go by. */
struct reading {
	struct pipeline *p;
	struct stream *s;
	struct correlate *c;
	const struct sink *sink;
	void (*line)(void *context, const struct stream_line *line, enum line_kind kind,
	    const struct event *ev);	/* the sink's; NULL: nobody asks */
	int64_t since, until;		/* what is selected */
	int64_t last;			/* stamp of the line before; INT64_MIN: none */
	uint32_t last_host;
	struct lines_read *piece;	/* what a piece says of them; NULL: it is none */
};

static void
note_host(struct lines_read *l, uint32_t host, int64_t ts)
{
	if (l->hosts <= host)
		mem_grow(&l->host, &l->cap, host + 1, sizeof(*l->host));
	for (; l->hosts <= host; l->hosts++)
		l->host[l->hosts] = (struct piece_host){ l->hosts, INT64_MAX, INT64_MIN };
	if (l->host[host].first == INT64_MAX)
		l->host[host].first = ts;
	l->host[host].last = ts;
}

static __attribute__((noinline)) void
note_time(struct lines_read *l, const struct header *h)
{
	note_host(l, h->from->host, h->ts);
	l->first = l->least > l->most ? h->ts : l->first;
	l->last = h->ts;
	l->last_host = h->from->host;
	l->least = h->ts < l->least ? h->ts : l->least;
	l->most = h->ts > l->most ? h->ts : l->most;
}

static inline void
note_line(struct lines_read *l, const struct header *h)
{
	if (h->ts != l->last || h->from->host != l->last_host)
		note_time(l, h);
	l->end[h->rejectlog] = h->from->program.n == 0 ? END_EXIM : END_OTHER;
}

static void
keep_sample(const struct reading *r, const struct stream_line *line, bool bad)
{
	struct run_facts *f = &r->p->facts;

	if (r->piece != NULL)
		odd_lines_add(&r->piece->odd, line, bad);
	else if (f->samples[bad] < SAMPLES)
		sample_set(&f->sample[bad][f->samples[bad]++], line->text);
}

static inline void
tell_line(const struct reading *r, const struct stream_line *line, enum line_kind kind,
    const struct event *ev)
{
	r->p->facts.lines[kind]++;
	if (kind == LINE_UNKNOWN || kind == LINE_BAD)
		keep_sample(r, line, kind == LINE_BAD);
	if (r->line != NULL)
		r->line(r->sink->context, line, kind, ev);
}

/* Another second than that of the line before, or another host. */
static __attribute__((noinline)) void
note_moment(struct reading *r, const struct header *h)
{
	struct run_facts *f = &r->p->facts;

	if (r->last > h->ts + 60)
		f->backwards++;
	r->last = h->ts;
	r->last_host = h->from->host;
	if (r->last_host > f->last_host)
		f->last_host = r->last_host;
}

static inline void
take_line(struct reading *r, const struct stream_line *line)
{
	struct run_facts *f = &r->p->facts;
	enum line_kind kind;
	struct event ev;

	if (!line->has_header) {
		tell_line(r, line, line->kind, NULL);
		return;
	}
	if (line->header.ts != r->last || line->header.from->host != r->last_host)
		note_moment(r, &line->header);
	if (r->piece != NULL)
		note_line(r->piece, &line->header);
	kind = line_read(r->p->taught, &line->header, &ev);
	if (kind != LINE_RECOGNISED) {
		tell_line(r, line, kind, NULL);
		return;
	}
	f->mta_lines[ev.mta]++;
	if (ev.type >= EV_REPEAT)
		pipeline_complete(r->s, r->c, r->since, r->until, &ev);
	tell_line(r, line, LINE_RECOGNISED, &ev);
	if (ev.ts < r->since || ev.ts >= r->until)
		return;
	f->selected++;
	f->repeated += ev.repeat - 1u;
	if (correlate_event(r->c, &ev))
		take_messages(r->p, r->c, r->sink);
}

/* What is known when all lines of the logs were read. */
static void
finish(struct pipeline *p, const struct logs *which, struct correlate *c, struct stream *s)
{
	if (which->begun == NULL)
		p->facts.messages = correlate_counts(c);
	p->facts.zone_assumed = stream_zone_assumed(s);
	stream_years(s, &p->facts.first_year, &p->facts.last_year);
}

static void
name_inputs(struct pipeline *p)
{
	unsigned n = 0;

	p->reading = mem_alloc((p->n_files + p->n_parts + 1) * sizeof(*p->reading));
	for (unsigned i = 0; i < p->n_files; i++)
		p->reading[n++] = p->files[i];
	for (unsigned i = 0; i < p->n_parts; i++)
		p->reading[n++] = p->parts[i];
	p->facts.files = p->reading;
	p->facts.n_files = n;
}

static void
read_lines(struct reading *r, struct stream *s)
{
	struct progress g = { .on = !r->p->options->no_progress && isatty(STDERR_FILENO) };
	const struct stream_line *line;

	clock_gettime(CLOCK_MONOTONIC, &g.start);
	while ((line = stream_next(s)) != NULL) {
		take_line(r, line);
		if (g.on && (++g.lines & 0x3ffff) == 0)
			progress_show(&g, s);
	}
	if (g.shown)
		fputs("\r\033[K", stderr);
}

static void
expect_client(void *classifier, uint64_t client)
{
	observe_expect(classifier, client);
}

void
read_logs(struct pipeline *p, const struct sink *sink, const struct logs *which)
{
	const struct options *o = p->options;
	const struct config *config = p->config;
	const struct log_slice all = { .file = p->files, .files = p->n_files };
	const struct log_slice *slice = which->slice ? which->slice : &all;
	struct stream_options so = { .zone = &config->zone, .first_year = o->year,
		.host = o->host ? slice_of(o->host) : SLICE_NONE, .now = config->now,
		.identify = which->piece && which->slice == NULL, .from = slice->from,
		.to = slice->to };
	struct correlate *c = correlate_open(o->max_open);
	struct stream *s = stream_open(slice->file, slice->files, &so, p->names);
	struct lines_read lines = { .slice = which->slice != NULL, .least = INT64_MAX,
		.most = INT64_MIN, .last = INT64_MIN };
	struct reading r = { .p = p, .c = c, .s = s, .sink = sink, .last = INT64_MIN,
		.line = sink ? sink->line : NULL,
		.piece = which->piece ? &lines : NULL,
		.since = config->has_since ? config->since : INT64_MIN,
		.until = config->has_until ? config->until : INT64_MAX };

	correlate_hear(c, expect_client, &p->classifier);
	if (which->piece && which->begun == NULL)
		correlate_begin_piece(c);
	if ((!which->piece || which->slice) && !which->rejectlog)
		correlate_no_rejectlog(c);
	read_lines(&r, s);
	take_problems(p, s);
	if (!which->piece) {
		correlate_end(c);
		take_messages(p, c, sink);
	}
	observe_end(&p->classifier);
	finish(p, which, c, s);
	for (unsigned i = 0; i < slice->files && slice->span != NULL; i++)
		stream_span(s, i, &slice->span[i].first, &slice->span[i].last);
	if (which->piece) {
		pipeline_note_last(&lines, s);
		pipeline_add_logs(p, which->begun ? NULL : c, s, &lines);
	}
	if (which->begun)
		*which->begun = c;
	else
		correlate_close(c);
	stream_close(s);
}

/* The logs alone, with or without threads: *begun is who reads on, when there are pieces. */
static bool
read_alone(struct pipeline *p, const struct sink *sink, struct correlate **begun)
{
	bool single = sink != NULL && (sink->line != NULL || sink->message != NULL);
	bool rejectlog = false;

	if (!single && pipeline_read_threads(p, begun))
		return true;
	for (unsigned i = 0; i < p->n_files; i++)
		rejectlog |= stream_is_rejectlog(p->files[i]);
	read_logs(p, sink, &(struct logs){ .rejectlog = rejectlog });
	return false;
}

int
pipeline_run(struct pipeline *p, const struct sink *sink)
{
	bool pieces = p->n_parts > 0 || p->options->command == COMMAND_MERGE ||
	    options_write_part(p->options);
	struct correlate *begun = NULL;

	if (pieces && pipeline_load_parts(p, sink) == -1)
		return -1;
	if (!pieces)
		pieces = read_alone(p, sink, &begun);
	else if (p->n_files > 0)
		read_logs(p, sink, &(struct logs){ .piece = true });
	for (unsigned i = 0; i < p->troubles.n; i++)
		warn("%s", p->troubles.text[i]);
	if (pieces)
		pipeline_end_pieces(p, sink, begun);
	p->classifier.has_mta = p->facts.mta_lines[MTA_POSTFIX] + p->facts.mta_lines[MTA_EXIM] > 0;
	p->facts.patterns_disabled +=
	    evaluator_disabled(p->classifier.evaluator) + taught_disabled(p->taught);
	if (p->classifier.state.most > 0)
		state_thin(&p->classifier.state, p->classifier.state.most, 0, 1);
	p->facts.exact = p->classifier.state.halvings == 0 && p->facts.messages.crowded == 0 &&
	    p->facts.patterns_disabled == 0;
	name_inputs(p);
	return 0;
}
