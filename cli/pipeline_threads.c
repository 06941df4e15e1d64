/*
 * One large plain log in several threads: it is cut into as many pieces. The first is read as if it
 * were all, each of the others by a pipeline of its own, and what they found is put together as
 * parts are (pieces.h).
 *
 * A stamp without year gets its year from the lines before it, which a piece does not have. So such
 * a log is cut only when its months go forward from piece to piece: then all have the first one's
 * year.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "classify/state_fold.h"
#include "cli/pipeline_private.h"

enum { LEAST_PIECE = 4096, LINE_BYTES = 1 << 17, THREADS_MAX = 64 };

struct worker {
	struct pipeline pipeline;
	struct options options;
	const char *file;
	struct logs logs;
	pthread_t thread;
	bool runs;
};

static off_t
plain_size(const char *path)
{
	unsigned char head[4] = { 0 };
	off_t size;
	bool plain;
	int fd;

	if (!is_regular(path, &size) || (fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return 0;
	/* all that is compressed begins with a control byte or a letter that no stamp has */
	plain = read(fd, head, 4) == 4 &&
	    ((head[0] >= '0' && head[0] <= '9') || (head[0] >= 'A' && head[0] <= 'W')) &&
	    !(head[0] == 'B' && head[1] == 'Z' && head[2] == 'h');
	close(fd);
	return plain ? size : 0;
}

unsigned
pipeline_threads(const struct pipeline *p, const struct sink *sink)
{
	unsigned threads = (unsigned)p->options->jobs;
	off_t most;

	if (threads < 2 || p->n_files != 1 ||
	    (sink != NULL && (sink->line != NULL || sink->message != NULL)))
		return 1;
	most = plain_size(p->files[0]) / LEAST_PIECE;
	if (most > THREADS_MAX)
		most = THREADS_MAX;
	return threads < most ? threads : (unsigned)most;
}

/* Where the first line behind `at` begins; 0: there is none. */
static uint64_t
line_behind(int fd, uint64_t at)
{
	char text[LINE_BYTES];
	ssize_t n = pread(fd, text, sizeof(text), (off_t)at);
	const char *lf = n > 0 ? memchr(text, '\n', (size_t)n) : NULL;

	return lf ? at + (uint64_t)(lf - text) + 1 : 0;
}

/* The stamp of the line there; false when it has none. */
static bool
stamp_at(const struct pipeline *p, int fd, uint64_t at, int year, int64_t *ts_r, int *year_r)
{
	struct names *names = names_open();
	struct header_reader *r =
	    header_open(names, &p->config->zone, SLICE_NONE, year, p->config->now);
	char text[LINE_BYTES + WIDE_SLACK];
	ssize_t n = pread(fd, text, LINE_BYTES, (off_t)at);
	const char *lf = n > 0 ? memchr(text, '\n', (size_t)n) : NULL;
	struct header h;
	int last;
	bool ok = lf != NULL && header_parse(r, (struct slice){ text, (size_t)(lf - text) }, &h) ==
	    LINE_RECOGNISED;

	*year_r = 0;
	if (ok) {
		*ts_r = h.ts;
		header_years(r, year_r, &last);
	}
	header_close(r);
	names_close(names);
	return ok;
}

/* Where the last line begins. */
static uint64_t
last_line(int fd, uint64_t size)
{
	char text[LINE_BYTES];
	uint64_t from = size > sizeof(text) ? size - sizeof(text) : 0;
	ssize_t n = pread(fd, text, sizeof(text), (off_t)from);
	const char *lf = n > 1 ? memrchr(text, '\n', (size_t)n - 1) : NULL;

	return lf ? from + (uint64_t)(lf - text) + 1 : 0;
}

/* begin[0..n] of the pieces; *year_r: for stamps without one, 0 when there are none. */
static bool
find_cuts(const struct pipeline *p, unsigned n, uint64_t *begin, int *year_r)
{
	int fd = open(p->files[0], O_RDONLY | O_CLOEXEC), year, first = 0;
	struct stat st;
	int64_t ts, before = INT64_MIN;
	bool ok = fd != -1 && fstat(fd, &st) == 0;

	*year_r = 0;
	begin[0] = 0;
	for (unsigned i = 1; ok && i < n; i++) {
		begin[i] = line_behind(fd, (uint64_t)st.st_size / n * i);
		ok = begin[i] > begin[i - 1];
	}
	for (unsigned i = 0; ok && i <= n; i++) {
		ok = stamp_at(p, fd, i < n ? begin[i] : last_line(fd, (uint64_t)st.st_size),
		    i ? first : p->options->year, &ts, &year);
		if (i == 0)
			first = *year_r = year;
		ok = ok && year == first && (year == 0 || ts >= before);
		before = ts;
	}
	if (ok)
		begin[n] = (uint64_t)st.st_size;
	if (fd != -1)
		close(fd);
	return ok;
}

static void *
work(void *context)
{
	struct worker *w = context;

	read_logs(&w->pipeline, NULL, &w->logs);
	return NULL;
}

static void
open_worker(struct worker *w, const struct pipeline *p, const uint64_t *begin, int year)
{
	const struct config *c = p->config;

	w->options = *p->options;
	w->options.no_progress = true;
	w->options.year = year;
	w->file = p->files[0];
	w->logs = (struct logs){ .piece = true, .slice = true, .from = begin[0], .to = begin[1] };
	w->pipeline = (struct pipeline){ .config = c, .options = &w->options,
		.names = names_open(), .files = &w->file, .n_files = 1, .facts = p->facts };
	w->pipeline.facts.input_problems = w->pipeline.facts.same_inputs = 0;	/* p has them */
	w->pipeline.classifier = (struct classifier){ .rules = &c->rules, .own = &c->own,
		.names = w->pipeline.names, .evaluator = evaluator_open(&c->rules),
		.state.most = p->options->max_sources };
}

/* What it found becomes ours. */
static void
take_worker(struct pipeline *p, struct worker *w)
{
	struct pipeline *from = &w->pipeline;
	struct state *st = &from->classifier.state;
	uint32_t names = names_count(from->names), most = 0;
	uint32_t *name = mem_alloc(names * sizeof(*name)), *hits;

	for (uint32_t i = 0; i < names; i++)
		name[i] = names_id(p->names, names_text(from->names, i));
	for (unsigned i = 0; i < st->signatures; i++)
		most = st->signature[i].hits > most ? st->signature[i].hits : most;
	hits = mem_alloc((most + 1ul) * sizeof(*hits));
	for (uint32_t i = 0; i <= most; i++) {
		const struct hits *h = evaluator_get(from->classifier.evaluator, i);

		hits[i] = evaluator_intern(p->classifier.evaluator, h->rule, h->n);
	}
	state_merge(&p->classifier.state, st, &(struct state_maps){ hits, name });
	pieces_move(&p->pieces, &from->pieces, name);
	from->meta.facts.patterns_disabled += evaluator_disabled(from->classifier.evaluator);
	meta_merge(&p->meta, &from->meta);
	free(name);
	free(hits);
}

static void
close_worker(struct worker *w)
{
	evaluator_close(w->pipeline.classifier.evaluator);
	state_free(&w->pipeline.classifier.state);
	names_close(w->pipeline.names);
	pieces_free(&w->pipeline.pieces);
	meta_free(&w->pipeline.meta);
}

bool
pipeline_read_threads(struct pipeline *p, unsigned threads, struct correlate **c_r)
{
	uint64_t begin[THREADS_MAX + 1];
	struct logs first = { .piece = true, .slice = true, .begun = c_r };
	struct worker *worker;
	int year;

	if (!find_cuts(p, threads, begin, &year))
		return false;
	first.to = begin[1];
	worker = mem_alloc(threads * sizeof(*worker));
	for (unsigned k = 1; k < threads; k++) {
		struct worker *w = &worker[k];

		open_worker(w, p, &begin[k], year);
		w->runs = pthread_create(&w->thread, NULL, work, w) == 0;
	}
	read_logs(p, NULL, &first);
	for (unsigned k = 1; k < threads; k++) {
		struct worker *w = &worker[k];

		if (w->runs)
			pthread_join(w->thread, NULL);
		else
			work(w);
		take_worker(p, w);
		close_worker(w);
	}
	free(worker);
	return true;
}
