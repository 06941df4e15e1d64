/* See slices.h. */
#define _GNU_SOURCE
#include "cli/slices.h"

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parser/stream.h"

/* A slice that was asked for, and one that pays; how much longer compressed logs take. */
enum { LEAST_BYTES = 4096, PAYING_BYTES = 8 << 20, PACKED_BYTES = 8, LINE_BYTES = 1 << 17 };

struct log {			/* one of several */
	const char *path;
	int64_t first, end;	/* stamps; end: INT64_MAX when it is not known */
	uint64_t weight;
};

struct reader {			/* of single stamps */
	const struct config *config;
	const struct options *options;
};

unsigned
slices_processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

/* 0: not a regular file. */
static uint64_t
file_size(const char *path, bool *plain_r)
{
	unsigned char head[4] = { 0 };
	struct stat st;
	int fd;

	if (slice_eq(slice_of(path), SLICE("-")) || stat(path, &st) == -1 ||
	    !S_ISREG(st.st_mode) || (fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return 0;
	/* all that is compressed begins with a control byte or a letter that no stamp has */
	*plain_r = read(fd, head, 4) == 4 &&
	    ((head[0] >= '0' && head[0] <= '9') || (head[0] >= 'A' && head[0] <= 'W')) &&
	    !(head[0] == 'B' && head[1] == 'Z' && head[2] == 'h');
	close(fd);
	return (uint64_t)st.st_size;
}

/* The line's stamp; false when it has none. *year_r: that it was given; 0: it has its own. */
static bool
stamp_of(const struct reader *r, struct slice line, int year, int64_t *ts_r, int *year_r)
{
	struct names *names = names_open();
	struct header_reader *hr = header_open(
	    names, &r->config->zone, SLICE_NONE, year, r->config->now);
	struct header h;
	int last;
	bool ok = header_parse(hr, line, &h) == LINE_RECOGNISED;

	*year_r = 0;
	if (ok) {
		*ts_r = h.ts;
		header_years(hr, year_r, &last);
	}
	header_close(hr);
	names_close(names);
	return ok;
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

static bool
stamp_at(const struct reader *r, int fd, uint64_t at, int year, int64_t *ts_r, int *year_r)
{
	char text[LINE_BYTES + WIDE_SLACK];
	ssize_t n = pread(fd, text, LINE_BYTES, (off_t)at);
	const char *lf = n > 0 ? memchr(text, '\n', (size_t)n) : NULL;

	return lf != NULL &&
	    stamp_of(r, (struct slice){ text, (size_t)(lf - text) }, year, ts_r, year_r);
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

/* begin[0..n] of the slices; *year_r: for stamps without one, 0 when there are none. */
static bool
find_cuts(const struct reader *r, const char *path, unsigned n, uint64_t *begin, int *year_r)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), year, first = 0;
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
		ok = stamp_at(r, fd, i < n ? begin[i] : last_line(fd, (uint64_t)st.st_size),
		    i ? first : r->options->year, &ts, &year);
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

static bool
cut_one(struct slices *s, const struct reader *r, unsigned n)
{
	uint64_t begin[SLICES_MAX + 1];
	int year;

	if (!find_cuts(r, s->file[0], n, begin, &year))
		return false;
	for (unsigned k = 0; k < n; k++)
		s->item[k] = (struct log_slice){ .file = s->file, .files = 1,
			.from = begin[k], .to = begin[k + 1],
			.year = k ? year : r->options->year };
	s->n = n;
	return true;
}

static bool
first_stamp(const struct reader *r, const char *path, int64_t *ts_r, int *year_r)
{
	struct input *in = input_open(path, NULL);
	struct slice line;
	bool overlong, ok;

	if (in == NULL)
		return false;
	ok = input_line(in, &line, &overlong, NULL) == 1 && !overlong &&
	    stamp_of(r, line, r->options->year, ts_r, year_r);
	input_close(in);
	return ok;
}

/* Of a plain one that the last line tells; else INT64_MAX. */
static int64_t
end_of(const struct reader *r, const char *path, uint64_t size, int64_t first, int year)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), unused;
	int64_t ts = INT64_MAX;

	if (fd == -1 || !stamp_at(r, fd, last_line(fd, size), year, &ts, &unused) || ts < first)
		ts = INT64_MAX;
	if (fd != -1)
		close(fd);
	return ts;
}

static bool
look_at(const struct reader *r, const char *path, struct log *x)
{
	bool plain = false;
	uint64_t size = file_size(path, &plain);
	int year;

	*x = (struct log){ .path = path, .end = INT64_MAX,
		.weight = plain ? size : size * PACKED_BYTES };
	if (size == 0 || !first_stamp(r, path, &x->first, &year))
		return false;
	if (plain)
		x->end = end_of(r, path, size, x->first, year);
	return true;
}

static int
by_order(const void *a, const void *b)
{
	const struct log *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return stream_order(x->path, x->first, y->path, y->first);
}

/* What the next one of the same log tells of where a compressed one ends. */
static void
find_ends(struct log *log, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		for (unsigned k = i + 1; log[i].end == INT64_MAX && k < n; k++)
			if (input_same_log(log[i].path, log[k].path))
				log[i].end = log[k].first;
}

/* Into at most `most` slices of about the same weight. */
static void
cut_between(struct slices *s, const struct log *log, unsigned n, unsigned most, int year)
{
	uint64_t all = 0, done = 0;
	int64_t end = INT64_MIN;

	for (unsigned i = 0; i < n; i++)
		all += log[i].weight;
	for (unsigned i = 0; i < n; i++) {
		if (i == 0 || (end <= log[i].first && s->n < most &&
		    done + log[i].weight / 2 >= all / most * s->n))
			s->item[s->n++] = (struct log_slice){ .file = s->file + i,
				.span = s->span + i, .year = year };
		s->file[i] = log[i].path;
		s->item[s->n - 1].files++;
		done += log[i].weight;
		end = log[i].end > end ? log[i].end : end;
	}
}

static bool
cut_several(struct slices *s, const struct reader *r, const char *const *file, unsigned n,
    unsigned most)
{
	struct log *log = mem_alloc(n * sizeof(*log));
	uint64_t all = 0;
	bool ok = true;

	for (unsigned i = 0; i < n && ok; i++) {
		ok = look_at(r, file[i], &log[i]);
		all += log[i].weight;
	}
	if (most == 0)
		most = (unsigned)(all / PAYING_BYTES < slices_processors() ? all / PAYING_BYTES :
		    slices_processors());
	if (ok && most > 1) {
		qsort(log, n, sizeof(*log), by_order);
		find_ends(log, n);
		cut_between(s, log, n, most < SLICES_MAX ? most : SLICES_MAX, r->options->year);
	}
	free(log);
	return s->n > 1;
}

bool
slices_cut(struct slices *s, const char *const *file, unsigned files, unsigned most,
    const struct config *c, const struct options *o)
{
	struct reader r = { c, o };
	bool plain = false;
	uint64_t size;

	*s = (struct slices){ .n = 0 };
	if (files == 0 || most == 1)
		return false;
	s->file = mem_alloc(files * sizeof(*s->file));
	s->span = mem_alloc(files * sizeof(*s->span));
	if (files > 1)
		return cut_several(s, &r, file, files, most);
	s->file[0] = file[0];
	size = file_size(file[0], &plain);
	size /= most ? LEAST_BYTES : PAYING_BYTES;
	if (most == 0)
		most = slices_processors();
	if (most > SLICES_MAX)
		most = SLICES_MAX;
	return plain && size > 1 && most > 1 &&
	    cut_one(s, &r, size < most ? (unsigned)size : most);
}

bool
slices_hold(const struct slices *s)
{
	const struct log_slice *last = &s->item[s->n - 1];
	unsigned n = (unsigned)(last->file - s->file) + last->files;

	for (unsigned k = 1; k < s->n && s->item[k].to == 0; k++) {
		unsigned from = (unsigned)(s->item[k].file - s->file);

		for (unsigned a = 0; a < from; a++)
			for (unsigned b = from; b < n; b++)
				if (s->span[a].last > s->span[b].first ||
				    (s->span[a].last == s->span[b].first &&
				    stream_order(s->file[a], s->span[a].first, s->file[b],
				    s->span[b].first) > 0))
					return false;
	}
	return true;
}

void
slices_free(struct slices *s)
{
	free(s->file);
	free(s->span);
	*s = (struct slices){ .n = 0 };
}
