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
	bool failed;		/* the part cannot be read so */
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

/* What it found becomes ours; so many threads have nothing else to do. */
static void
take_worker(struct pipeline *p, struct worker *w, unsigned threads)
{
	struct pipeline *from = &w->pipeline;
	unsigned most = from->classifier.state.sources / PAYING_SOURCES;
	uint32_t *name = map_names(p, from), *hits = map_hits(p, from), *signature;

	signature = state_map_signatures(&p->classifier.state, &from->classifier.state,
	    &(struct state_maps){ hits, name });
	state_merge_threads(&p->classifier.state, &from->classifier.state,
	    &(struct state_maps){ hits, name },
	    threads < most ? threads : most);
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
		take_worker(p, w, threads_asked(p->options));
		close_worker(w);
	}
	free(worker);
}

/*
 * Parts, of which each is read into a slot of its own while those before it are united, in their
 * order: so there is one large state, and the order of everything is that of one thread.
 */
struct parts {
	struct pipeline *p;
	struct worker *slot;		/* part i goes to slot i % slots */
	unsigned slots, threads;	/* that unite */
	pthread_mutex_t lock;		/* of all below */
	pthread_cond_t turn;		/* one was read or taken, or all is over */
	unsigned next, taken;		/* to be read; so many were taken */
	bool *read;			/* by part */
	bool stop;
};

/* The next part to read, once its slot is free; n_parts: there is none. */
static unsigned
next_part(struct parts *x)
{
	unsigned i;

	pthread_mutex_lock(&x->lock);
	i = x->next < x->p->n_parts ? x->next++ : x->p->n_parts;
	while (i < x->p->n_parts && i >= x->taken + x->slots && !x->stop)
		pthread_cond_wait(&x->turn, &x->lock);
	if (x->stop)
		i = x->p->n_parts;
	pthread_mutex_unlock(&x->lock);
	return i;
}

static void
tell(struct parts *x, unsigned *taken, bool *read, bool stop)
{
	pthread_mutex_lock(&x->lock);
	if (taken != NULL)
		++*taken;
	if (read != NULL)
		*read = true;
	x->stop |= stop;
	pthread_cond_broadcast(&x->turn);
	pthread_mutex_unlock(&x->lock);
}

static void *
load_parts(void *context)
{
	struct parts *x = context;
	unsigned i;

	while ((i = next_part(x)) < x->p->n_parts) {
		struct worker *w = &x->slot[i % x->slots];

		w->failed = pipeline_add_parts(&w->pipeline, &x->p->parts[i], 1) == -1;
		tell(x, NULL, &x->read[i], false);
	}
	return NULL;
}

static struct worker *
wait_for_part(struct parts *x, unsigned i)
{
	pthread_mutex_lock(&x->lock);
	while (!x->read[i])
		pthread_cond_wait(&x->turn, &x->lock);
	pthread_mutex_unlock(&x->lock);
	return &x->slot[i % x->slots];
}

/* False when one met any trouble. */
static bool
take_parts(struct parts *x)
{
	struct pipeline *p = x->p;
	bool ok = true;

	for (unsigned i = 0; i < p->n_parts && ok; i++) {
		struct worker *w = wait_for_part(x, i);

		ok = !w->failed && meta_twin(&w->pipeline.meta, &p->meta) == NULL;
		if (!ok)
			break;
		take_worker(p, w, x->threads);
		meta_free(&w->pipeline.meta);
		if (p->events.spool != NULL)
			events_open(&w->pipeline.events, p->events.suspected);
		tell(x, &x->taken, NULL, false);
	}
	tell(x, NULL, NULL, true);
	return ok;
}

/* Half of the threads read. False: also when there was none to have. */
static bool
read_parts(struct pipeline *p, unsigned threads)
{
	unsigned loaders = threads / 2;
	struct parts x = { .p = p, .slots = 2 * loaders, .threads = threads };
	pthread_t *thread = mem_alloc(loaders * sizeof(*thread));
	unsigned n = 0;
	bool ok;

	x.slot = mem_alloc(x.slots * sizeof(*x.slot));
	x.read = mem_alloc(p->n_parts * sizeof(*x.read));
	pthread_mutex_init(&x.lock, NULL);
	pthread_cond_init(&x.turn, NULL);
	for (unsigned i = 0; i < x.slots; i++)
		open_worker(&x.slot[i], p);
	while (n < loaders && pthread_create(&thread[n], NULL, load_parts, &x) == 0)
		n++;
	ok = n > 0 && take_parts(&x);
	while (n > 0)
		pthread_join(thread[--n], NULL);
	for (unsigned i = 0; i < x.slots; i++)
		close_worker(&x.slot[i]);
	pthread_mutex_destroy(&x.lock);
	pthread_cond_destroy(&x.turn);
	free(x.slot);
	free(x.read);
	free(thread);
	return ok;
}

bool
pipeline_parts_threads(struct pipeline *p)
{
	unsigned n = threads_asked(p->options);
	struct run_facts before = p->facts;
	bool ok;

	n = n < p->n_parts / PAYING_PARTS ? n : p->n_parts / PAYING_PARTS;
	if (n < 2 || p->facts.input_problems > 0)
		return false;
	p->trial = true;
	ok = read_parts(p, n);
	p->trial = false;
	if (!ok)
		forget(p, &before, NULL);
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
