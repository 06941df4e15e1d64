/*
 * The logs in several threads: slices of their stream (slices.h), each read by a pipeline of its
 * own. The first is read as if it were all, by this one; what the others found is put behind it as
 * parts are (pieces.h).
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>

#include "classify/state_fold.h"
#include "cli/pipeline_private.h"
#include "parser/blocks.h"

/* So many parts are worth a thread; so many sources. */
enum { PAYING_PARTS = 8, PAYING_SOURCES = 4096 };

struct worker {
	struct pipeline pipeline;
	struct options options;
	struct logs logs;
	const char *const *part;
	unsigned parts;
	bool failed;		/* the parts cannot be read so */
	pthread_t thread;
	bool runs;
};

static unsigned
threads_asked(const struct options *o)
{
	return o->jobs ? (unsigned)o->jobs : slices_processors();
}

static void *
work(void *context)
{
	struct worker *w = context;

	if (w->parts > 0)
		w->failed = pipeline_add_parts(&w->pipeline, w->part, w->parts) == -1;
	else
		read_logs(&w->pipeline, NULL, &w->logs);
	return NULL;
}

static struct logs
logs_of(const struct log_slice *s, bool rejectlog)
{
	return (struct logs){ .piece = true, .slice = s, .rejectlog = rejectlog };
}

static void
open_worker(struct worker *w, const struct pipeline *p)
{
	const struct config *c = p->config;

	w->options = *p->options;
	w->options.no_progress = true;
	w->pipeline = (struct pipeline){ .config = c, .options = &w->options,
		.names = names_open(), .facts = p->facts, .trial = p->trial, .kept = p->kept };
	w->pipeline.facts.input_problems = w->pipeline.facts.same_inputs = 0;	/* p has them */
	w->pipeline.classifier = (struct classifier){ .rules = &c->rules, .own = &c->own,
		.names = w->pipeline.names, .evaluator = evaluator_open(&c->rules),
		.state.most = p->options->max_sources, .state.kept = p->kept };
	w->pipeline.taught = taught_open(&c->rules.taught, w->pipeline.names);
	if (p->events.spool != NULL)
		events_open(&w->pipeline.events, p->events.suspected);
}

/* Without a thread to have the work is done when it is waited for. */
static void
start_worker(struct worker *w)
{
	w->runs = pthread_create(&w->thread, NULL, work, w) == 0;
}

static void
wait_for_worker(struct worker *w)
{
	if (w->runs)
		pthread_join(w->thread, NULL);
	else
		work(w);
}

/* By from's number of a name, ours. */
static uint32_t *
map_names(struct pipeline *p, const struct pipeline *from)
{
	uint32_t names = names_count(from->names);
	uint32_t *name = mem_alloc((names + 1ul) * sizeof(*name));

	for (uint32_t i = 0; i < names; i++)
		name[i] = names_id(p->names, names_text(from->names, i));
	return name;
}

/* By from's number of a set of rules, ours. */
static uint32_t *
map_hits(struct pipeline *p, const struct pipeline *from)
{
	const struct state *st = &from->classifier.state;
	uint32_t most = 0, *hits;

	for (unsigned i = 0; i < st->signatures; i++)
		most = st->signature[i].hits > most ? st->signature[i].hits : most;
	hits = mem_alloc((most + 1ul) * sizeof(*hits));
	for (uint32_t i = 0; i <= most; i++) {
		const struct hits *h = evaluator_get(from->classifier.evaluator, i);

		hits[i] = evaluator_intern(p->classifier.evaluator, h->rule, h->n);
	}
	return hits;
}

/* What it found becomes ours. */
static void
take_worker(struct pipeline *p, struct worker *w)
{
	struct pipeline *from = &w->pipeline;
	unsigned threads = from->classifier.state.sources / PAYING_SOURCES;
	uint32_t *name = map_names(p, from), *hits = map_hits(p, from), *signature;

	signature = state_map_signatures(&p->classifier.state, &from->classifier.state,
	    &(struct state_maps){ hits, name });
	state_merge_threads(&p->classifier.state, &from->classifier.state,
	    &(struct state_maps){ hits, name },
	    threads < threads_asked(p->options) ? threads : threads_asked(p->options));
	if (p->events.spool != NULL)
		events_move(&p->events, &from->events, signature, name);
	pieces_move(&p->pieces, &from->pieces, name);
	from->meta.facts.patterns_disabled +=
	    evaluator_disabled(from->classifier.evaluator) + taught_disabled(from->taught);
	meta_merge(&p->meta, &from->meta);
	troubles_move(&p->troubles, &from->troubles);
	free(signature);
	free(name);
	free(hits);
}

static void
close_worker(struct worker *w)
{
	evaluator_close(w->pipeline.classifier.evaluator);
	state_free(&w->pipeline.classifier.state);
	taught_close(w->pipeline.taught);
	names_close(w->pipeline.names);
	events_close(&w->pipeline.events);
	pieces_free(&w->pipeline.pieces);
	meta_free(&w->pipeline.meta);
	troubles_free(&w->pipeline.troubles);
}

/* As if nothing had been read. */
static void
forget(struct pipeline *p, const struct run_facts *facts, struct correlate **c)
{
	bool suspected = p->events.suspected, wanted = p->events.spool != NULL;

	state_free(&p->classifier.state);
	p->classifier.state.most = p->options->max_sources;
	p->classifier.state.kept = p->kept;
	p->classifier.memories = (struct memories){ .thins = 0 };
	events_close(&p->events);
	if (wanted)
		events_open(&p->events, suspected);
	pieces_free(&p->pieces);
	meta_free(&p->meta);
	troubles_free(&p->troubles);
	p->facts = *facts;
	if (c != NULL) {
		correlate_close(*c);
		*c = NULL;
	}
}

static void
read_slices(struct pipeline *p, const struct slices *s, bool rejectlog, struct correlate **c_r)
{
	struct worker *worker = mem_alloc(s->n * sizeof(*worker));
	struct logs first = logs_of(&s->item[0], rejectlog);

	first.begun = c_r;
	for (unsigned k = 1; k < s->n; k++) {
		struct worker *w = &worker[k];

		open_worker(w, p);
		w->options.year = s->item[k].year;
		w->logs = logs_of(&s->item[k], rejectlog);
		start_worker(w);
	}
	read_logs(p, NULL, &first);
	for (unsigned k = 1; k < s->n; k++) {
		struct worker *w = &worker[k];

		wait_for_worker(w);
		take_worker(p, w);
		close_worker(w);
	}
	free(worker);
}

/* Into n workers, of which the first is p itself. False when one met any trouble. */
static bool
read_parts(struct pipeline *p, struct worker *worker, unsigned n)
{
	bool ok;

	for (unsigned k = 1; k < n; k++) {
		unsigned from = p->n_parts / n * k;
		unsigned to = k + 1 < n ? from + p->n_parts / n : p->n_parts;

		open_worker(&worker[k], p);
		worker[k].part = p->parts + from;
		worker[k].parts = to - from;
		start_worker(&worker[k]);
	}
	ok = pipeline_add_parts(p, p->parts, p->n_parts / n) == 0;
	for (unsigned k = 1; k < n; k++) {
		struct worker *w = &worker[k];

		wait_for_worker(w);
		ok = ok && !w->failed && meta_twin(&w->pipeline.meta, &p->meta) == NULL;
		if (ok)
			take_worker(p, w);
		close_worker(w);
	}
	return ok;
}

bool
pipeline_parts_threads(struct pipeline *p)
{
	unsigned n = threads_asked(p->options);
	struct run_facts before = p->facts;
	struct worker *worker;
	bool ok;

	n = n < p->n_parts / PAYING_PARTS ? n : p->n_parts / PAYING_PARTS;
	if (n < 2 || p->facts.input_problems > 0)
		return false;
	worker = mem_alloc(n * sizeof(*worker));
	p->trial = true;
	ok = read_parts(p, worker, n);
	p->trial = false;
	if (!ok)
		forget(p, &before, NULL);
	free(worker);
	return ok;
}

bool
pipeline_read_threads(struct pipeline *p, struct correlate **c_r)
{
	struct run_facts before = p->facts;
	bool rejectlog = false, ok;
	struct slices s;

	ok = slices_cut(&s, p->files, p->n_files, (unsigned)p->options->jobs, p->config,
	    p->options);
	for (unsigned i = 0; i < p->n_files; i++)
		rejectlog |= stream_is_rejectlog(p->files[i]);
	if (ok) {
		blocks_threads(0);	/* all are busy */
		read_slices(p, &s, rejectlog, c_r);
		ok = slices_hold(&s);
		if (!ok)
			forget(p, &before, c_r);
	}
	slices_free(&s);
	return ok;
}
