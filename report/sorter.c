/*
 * See sorter.h.
 *
 * One block takes the bytes of the lines from its front and their items from its end. When they
 * meet, the items are sorted and written as a run of level 0; a line that no block can hold is a
 * run of its own. As soon as FAN runs of one level stand at the end of the list, they are merged
 * into one of the next level: so few files are open, and each line is rewritten log(runs) times.
 * The levels never rise along the list; at the end its last, smallest runs are merged until no
 * more than FAN are left, and a heap of their first lines gives the output.
 *
 * A record of a run is the stamp, eight bytes of this machine, and the line.
 */
#include "report/sorter.h"

#include <assert.h>
#include <stdlib.h>

#include "base/buf.h"
#include "report/spool.h"

enum {
	FAN = 64,
	MEMORY_LEAST = 4096,
	TS_BYTES = sizeof(int64_t)
};

struct item {
	int64_t ts;
	struct slice line;
};

struct run {
	struct spool *spool;
	unsigned level;
};

/* A run with the item that it gives next. */
struct source {
	struct item item;
	struct spool *spool;
};

/* A heap, the least item first; the spools are its own. */
struct merge {
	struct source source[FAN];
	unsigned n;
	bool used;	/* the first item was given away: go on before the next */
};

struct sorter {
	char *block;
	size_t size;		/* of the block: whole items */
	size_t used;		/* from the front */
	size_t items;		/* at the end */
	size_t given;		/* of them, when there are no runs */
	struct run *run;
	unsigned runs, runs_cap;
	struct merge merge;
	struct buf record;	/* being written */
	bool sorted;
	bool failed;
	struct problem why;
};

struct sorter *
sorter_open(size_t memory)
{
	struct sorter *s = mem_alloc(sizeof(*s));

	if (memory < MEMORY_LEAST)
		memory = MEMORY_LEAST;
	s->size = memory / sizeof(struct item) * sizeof(struct item);
	s->block = mem_alloc(s->size);
	return s;
}

static void
merge_free(struct merge *m)
{
	while (m->n > 0)
		spool_close(m->source[--m->n].spool);
}

void
sorter_close(struct sorter *s)
{
	if (s == NULL)
		return;
	merge_free(&s->merge);
	while (s->runs > 0)
		spool_close(s->run[--s->runs].spool);
	buf_free(&s->record);
	free(s->run);
	free(s->block);
	free(s);
}

static int
item_cmp(const void *va, const void *vb)
{
	const struct item *a = va, *b = vb;

	if (a->ts != b->ts)
		return a->ts < b->ts ? -1 : 1;
	return slice_cmp(a->line, b->line);
}

/* The items lie behind one another up to the end of the block. */
static struct item *
items_of(struct sorter *s)
{
	return (struct item *)(void *)(s->block + s->size) - s->items;
}

static void
sort_block(struct sorter *s)
{
	if (s->items > 1)
		qsort(items_of(s), s->items, sizeof(struct item), item_cmp);
}

static int
write_item(struct sorter *s, struct spool *to, const struct item *item)
{
	s->record.n = 0;
	buf_add(&s->record, (struct slice){ (const char *)&item->ts, TS_BYTES });
	buf_add(&s->record, item->line);
	return spool_add(to, buf_slice(&s->record), &s->why);
}

/* The next item of a run. 1, 0 or -1. */
static int
read_item(struct source *from, struct problem *why)
{
	struct slice record;
	int got = spool_next(from->spool, &record, why);

	if (got != 1)
		return got;
	memcpy(&from->item.ts, record.p, TS_BYTES);
	from->item.line = slice_skip(record, TS_BYTES);
	return 1;
}

/* source[i] goes down to its place. */
static void
sift(struct merge *m, unsigned i)
{
	struct source moving = m->source[i];
	unsigned child;

	while ((child = 2 * i + 1) < m->n) {
		if (child + 1 < m->n &&
		    item_cmp(&m->source[child + 1].item, &m->source[child].item) < 0)
			child++;
		if (item_cmp(&moving.item, &m->source[child].item) <= 0)
			break;
		m->source[i] = m->source[child];
		i = child;
	}
	m->source[i] = moving;
}

/* The last n runs of the list become the merge's. */
static int
merge_start(struct sorter *s, struct merge *m, unsigned n)
{
	m->n = 0;
	m->used = false;
	while (n-- > 0) {
		struct source *from = &m->source[m->n++];

		from->spool = s->run[--s->runs].spool;
		if (read_item(from, &s->why) != 1)	/* no run is empty */
			return -1;
	}
	for (unsigned i = m->n / 2; i-- > 0;)
		sift(m, i);
	return 0;
}

static int
merge_next(struct merge *m, struct item *item_r, struct problem *why)
{
	if (m->used) {
		int got = read_item(&m->source[0], why);

		if (got == -1)
			return -1;
		if (got == 0) {
			spool_close(m->source[0].spool);
			m->source[0] = m->source[--m->n];
		}
		m->used = false;
		if (m->n > 1)
			sift(m, 0);
	}
	if (m->n == 0)
		return 0;
	m->used = true;
	*item_r = m->source[0].item;
	return 1;
}

/* Ends the writing of a run and puts it behind the others. Closes it on failure. */
static int
run_add(struct sorter *s, struct spool *spool, int result, unsigned level)
{
	if (result == -1 || spool_rewind(spool, &s->why) == -1) {
		spool_close(spool);
		return -1;
	}
	mem_grow(&s->run, &s->runs_cap, s->runs + 1, sizeof(*s->run));
	s->run[s->runs++] = (struct run){ spool, level };
	return 0;
}

/* The last n runs become one, above the levels of all of them. */
static int
merge_last(struct sorter *s, unsigned n)
{
	unsigned level = s->run[s->runs - n].level + 1;
	struct spool *to = spool_open_memory(0);
	struct item item;
	int got;

	got = merge_start(s, &s->merge, n);
	if (got == 0)
		while ((got = merge_next(&s->merge, &item, &s->why)) == 1)
			if ((got = write_item(s, to, &item)) == -1)
				break;
	merge_free(&s->merge);
	return run_add(s, to, got, level);
}

/* The given items, sorted, become a run; and what runs are too many then, one. */
static int
write_run(struct sorter *s, const struct item *item, size_t n)
{
	struct spool *to = spool_open_memory(0);
	int result = 0;

	for (size_t i = 0; i < n && result == 0; i++)
		result = write_item(s, to, &item[i]);
	if (run_add(s, to, result, 0) == -1)
		return -1;
	while (s->runs >= FAN && s->run[s->runs - FAN].level == s->run[s->runs - 1].level)
		if (merge_last(s, FAN) == -1)
			return -1;
	return 0;
}

static int
spill(struct sorter *s)
{
	size_t n = s->items;

	if (n == 0)
		return 0;
	sort_block(s);
	if (write_run(s, items_of(s), n) == -1)
		return -1;
	s->used = s->items = 0;
	return 0;
}

static int
add(struct sorter *s, const struct item *item)
{
	size_t need = item->line.n + sizeof(*item);

	if (s->failed)
		return -1;
	if (item->line.n > SPOOL_RECORD_MAX - TS_BYTES)
		return problem_set(&s->why, "a line of %zu bytes is too long to be sorted",
		    item->line.n);
	if (need > s->size)
		return write_run(s, item, 1);
	if (need > s->size - s->used - s->items * sizeof(*item) && spill(s) == -1)
		return -1;
	if (item->line.n > 0)
		memcpy(s->block + s->used, item->line.p, item->line.n);
	s->items++;
	*items_of(s) = (struct item){ item->ts, { s->block + s->used, item->line.n } };
	s->used += item->line.n;
	return 0;
}

static int
sort(struct sorter *s)
{
	if (s->failed)
		return -1;
	if (s->runs == 0) {
		sort_block(s);
		return 0;
	}
	if (spill(s) == -1)
		return -1;
	free(s->block);
	s->block = NULL;
	while (s->runs > FAN)
		if (merge_last(s, s->runs - FAN + 1 < FAN ? s->runs - FAN + 1 : FAN) == -1)
			return -1;
	return merge_start(s, &s->merge, s->runs);
}

static int
next(struct sorter *s, struct slice *line_r)
{
	struct item item;
	int got;

	if (s->failed)
		return -1;
	if (s->block == NULL) {
		got = merge_next(&s->merge, &item, &s->why);
	} else {
		got = s->given < s->items;
		if (got)
			item = items_of(s)[s->given++];
	}
	if (got == 1)
		*line_r = item.line;
	return got;
}

/* What an API function returns for the result of its work. */
static int
told(struct sorter *s, int result, struct problem *problem)
{
	if (result != -1)
		return result;
	s->failed = true;
	return problem_set(problem, "%s", s->why.text);
}

int
sorter_add(struct sorter *s, int64_t ts, struct slice line, struct problem *problem)
{
	const struct item item = { ts, line };

	assert(!s->sorted);
	return told(s, add(s, &item), problem);
}

int
sorter_sort(struct sorter *s, struct problem *problem)
{
	assert(!s->sorted);
	s->sorted = true;
	return told(s, sort(s), problem);
}

int
sorter_next(struct sorter *s, struct slice *line_r, struct problem *problem)
{
	assert(s->sorted || s->failed);
	return told(s, next(s, line_r), problem);
}
