/*
 * Logs that are cut, mapped to parts and merged, for tests/unit/test_cuts*.c: whole runs as the
 * program does them, in one process. Files go to a directory of their own; what a run found is
 * given to the test's put().
 */
#ifndef TESTS_UNIT_CUTS_H
#define TESTS_UNIT_CUTS_H

#include <ftw.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/pipeline.h"

enum { FILES_MAX = 16, PIECES_MOST = 1000, PATH_BYTES = 256 };

struct line {
	struct slice text;
	unsigned file;
	int year;		/* for a piece that begins here */
};

struct log {
	const char *name[FILES_MAX];
	unsigned files;
	struct line *line;	/* in the order of the stream */
	unsigned n, cap;
	struct arena arena;
};

static struct config config;
static char dir[64];
static uint64_t
next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 33;
}

static int
set_up(void **state)
{
	static struct options o = { .zone = "UTC", .now = "2027-01-01T00:00:00Z" };
	struct problem why;

	(void)state;
	if (config_load(&config, &o, &why) == -1)
		fail_msg("%s", why.text);
	snprintf(dir, sizeof(dir), "%s/cuts.XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	return mkdtemp(dir) == NULL ? -1 : 0;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static int
tear_down(void **state)
{
	(void)state;
	config_free(&config);
	return nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static struct options
options_of(enum command command, const char *const *path, unsigned n)
{
	return (struct options){ .command = command, .path = path, .paths = n, .year = 2026,
		.top = 50, .no_progress = true, .jobs = 1, .max_open = CORRELATE_MAX_OPEN,
		.outputs = 1,
		.output[0] = { FORMAT_TEXT, command == COMMAND_REPORT ? NULL : "x", -1, 0, NULL } };
}

/* What a run says, for comparison. */
static void put(struct pipeline *p, struct buf *out);

/* Of the inputs: all that can be said, or a part. */
static void
run(const struct options *o, const char *part, struct buf *out)
{
	struct pipeline p;
	struct problem why;

	if (pipeline_open(&p, &config, o) == -1 || pipeline_run(&p, NULL) == -1)
		fail_msg("cannot read");
	if (part == NULL)
		put(&p, out);
	else if (pipeline_write_part(&p, part, &why) == -1)
		fail_msg("%s", why.text);
	pipeline_close(&p);
}

static FILE *
create(char path[PATH_BYTES], const char *sub, const char *name)
{
	FILE *f;

	snprintf(path, PATH_BYTES, "%s/%s/%s", dir, sub, name);
	f = fopen(path, "w");
	assert_non_null(f);
	return f;
}

/* The lines from..to of each log, as files of those names below sub; at least one. */
static unsigned
write_lines(const struct log *l, unsigned from, unsigned to, const char *sub,
    char path[FILES_MAX][PATH_BYTES])
{
	unsigned n = 0;

	snprintf(path[0], PATH_BYTES, "%s/%s", dir, sub);
	mkdir(path[0], 0700);
	for (unsigned k = 0; k < l->files; k++) {
		FILE *f = NULL;

		for (unsigned i = from; i < to; i++) {
			if (l->line[i].file != k)
				continue;
			if (f == NULL)
				f = create(path[n++], sub, l->name[k]);
			fwrite(l->line[i].text.p, 1, l->line[i].text.n, f);
			putc('\n', f);
		}
		if (f != NULL)
			fclose(f);
	}
	if (n == 0)
		fclose(create(path[n++], sub, l->name[0]));
	return n;
}

static void
map(const struct log *l, unsigned from, unsigned to, unsigned k, bool seq)
{
	char path[FILES_MAX][PATH_BYTES], sub[32], part[PATH_BYTES];
	const char *list[FILES_MAX];
	struct options o;
	unsigned n;

	snprintf(sub, sizeof(sub), "p%04u", k);
	snprintf(part, sizeof(part), "%s/%u.part", dir, k);
	n = write_lines(l, from, to, sub, path);
	for (unsigned i = 0; i < n; i++)
		list[i] = path[i];
	o = options_of(COMMAND_MAP, list, n);
	o.has_seq = seq;
	o.seq = k;
	o.year = from < l->n ? l->line[from].year : 0;
	run(&o, part, NULL);
	for (unsigned i = 0; i < n; i++)
		unlink(path[i]);
}

struct merging {
	char (*path)[PATH_BYTES];
	const char **list;
	unsigned n, made;
};

/* Some of them become one part. */
static void
merge_some(struct merging *m, uint64_t *seed)
{
	unsigned some = 2 + (unsigned)(next(seed) % (m->n - 1)), left;
	struct options o;

	some = some < m->n ? some : m->n;
	left = m->n - some;
	o = options_of(COMMAND_MERGE, m->list + left, some);
	snprintf(m->path[m->made], PATH_BYTES, "%s/%u.part", dir, m->made);
	run(&o, m->path[m->made], NULL);
	m->list[left] = m->path[m->made++];
	m->n = left + 1;
}

/* In their order, or with a seed in any, and some first. */
static void
merge(unsigned pieces, uint64_t seed, struct buf *out)
{
	struct merging m = { .n = pieces, .made = pieces };
	struct options o;

	m.path = mem_alloc((2ul * pieces + 1) * sizeof(*m.path));
	m.list = mem_alloc((pieces + 1ul) * sizeof(*m.list));
	for (unsigned i = 0; i < pieces; i++) {
		snprintf(m.path[i], PATH_BYTES, "%s/%u.part", dir, i);
		m.list[i] = m.path[i];
	}
	for (unsigned i = pieces; seed != 0 && i > 1; i--) {
		unsigned at = (unsigned)(next(&seed) % i);
		const char *x = m.list[i - 1];

		m.list[i - 1] = m.list[at];
		m.list[at] = x;
	}
	while (seed != 0 && m.n > 2 && next(&seed) % 2)
		merge_some(&m, &seed);
	o = options_of(COMMAND_REPORT, m.list, m.n);
	run(&o, NULL, out);
	free(m.path);
	free(m.list);
}

/* cut: where pieces begin, ascending, pieces - 1 of them. */
static void
cut_of(const struct log *l, const unsigned *cut, unsigned pieces, bool seq, uint64_t seed,
    struct buf *out)
{
	for (unsigned k = 0; k < pieces; k++)
		map(l, k ? cut[k - 1] : 0, k + 1 < pieces ? cut[k] : l->n, k, seq);
	merge(pieces, seed, out);
}

static int
by_number(const void *a, const void *b)
{
	const unsigned *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Random cuts, at most PIECES_MOST: how many pieces they make. */
static unsigned
random_cut(const struct log *l, unsigned *cut, uint64_t *seed)
{
	unsigned pieces = 2 + (unsigned)(next(seed) % (next(seed) % 4 ? 8 : 40));

	for (unsigned k = 0; k + 1 < pieces; k++)
		cut[k] = (unsigned)(next(seed) % (l->n + 1));
	qsort(cut, pieces - 1, sizeof(*cut), by_number);
	return pieces;
}

static void
whole_of(const struct log *l, struct buf *out)
{
	char path[FILES_MAX][PATH_BYTES];
	const char *list[FILES_MAX];
	unsigned n = write_lines(l, 0, l->n, "whole", path);
	struct options o;

	for (unsigned i = 0; i < n; i++)
		list[i] = path[i];
	o = options_of(COMMAND_REPORT, list, n);
	run(&o, NULL, out);
	for (unsigned i = 0; i < n; i++)
		unlink(path[i]);
}

/* paths: separated by commas; they are changed. */
static void
open_log(struct log *l, char *paths)
{
	struct stream_options so = { .zone = &config.zone, .first_year = 2026,
		.now = config.now };
	struct names *names = names_open();
	const struct stream_line *line;
	const char *list[FILES_MAX];
	struct stream *s;
	int year = 0;

	*l = (struct log){ .files = 0 };
	for (char *p = strtok(paths, ","); p != NULL; p = strtok(NULL, ",")) {
		const char *base = strrchr(p, '/');

		assert_true(l->files < FILES_MAX);
		list[l->files] = p;
		l->name[l->files++] = arena_copy(&l->arena, slice_of(base ? base + 1 : p)).p;
	}
	s = stream_open(list, l->files, &so, names);
	while ((line = stream_next(s)) != NULL) {
		mem_grow(&l->line, &l->cap, l->n + 1, sizeof(*l->line));
		year = line->has_header ? utc_to_civil(line->header.ts).year : 0;
		l->line[l->n++] = (struct line){ arena_copy(&l->arena, line->text), line->input,
			year };
	}
	for (unsigned i = l->n; i > 0; i--)	/* of the next line that has one */
		year = l->line[i - 1].year = l->line[i - 1].year ? l->line[i - 1].year : year;
	stream_close(s);
	names_close(names);
}

static void
close_log(struct log *l)
{
	free(l->line);
	arena_free(&l->arena);
}

/* The logs that fit the pattern, read as one. */
static void
open_pattern(struct log *l, const char *pattern)
{
	static char paths[4096];
	glob_t files;

	assert_int_equal(glob(pattern, 0, NULL, &files), 0);
	paths[0] = '\0';
	for (size_t i = 0; i < files.gl_pathc; i++)
		snprintf(paths + strlen(paths), sizeof(paths) - strlen(paths), "%s%s",
		    i ? "," : "", files.gl_pathv[i]);
	globfree(&files);
	open_log(l, paths);
}

#endif
