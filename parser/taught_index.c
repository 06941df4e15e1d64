/*
 * See taught_index.h. A literal's window is the one, of all that it has, that the fewest literals
 * before it share: so that many literals with the same beginning are not compared one by one.
 */
#include "parser/taught_index.h"

#include <stdlib.h>

#include "base/problem.h"
#include "base/table.h"

enum { WINDOW = TAUGHT_LITERAL_MIN };

struct taught_index {
	struct table by_program;
	struct taught_set *set;
	unsigned sets, cap;
};

static inline unsigned
window_hash(const char *p)
{
	uint32_t v;

	memcpy(&v, p, WINDOW);
	return v * 0x9e3779b1u >> (32 - WINDOW_HASH_BITS);
}

static uint32_t
find_set(const struct taught_index *x, struct slice program)
{
	uint64_t hash = hash_bytes(program, 0);
	uint32_t at, i;

	for (i = table_first(&x->by_program, hash, &at); i != TABLE_NONE;
	     i = table_next(&x->by_program, hash, &at))
		if (slice_eq(x->set[i].program, program))
			break;
	return i;
}

static struct taught_set *
make_set(struct taught_index *x, struct slice program)
{
	uint32_t i = find_set(x, program);

	if (i != TABLE_NONE)
		return &x->set[i];
	mem_grow(&x->set, &x->cap, x->sets + 1, sizeof(*x->set));
	x->set[x->sets] = (struct taught_set){ .program = program };
	table_add(&x->by_program, hash_bytes(program, 0), x->sets);
	return &x->set[x->sets++];
}

/* A program may be named twice. */
static void
add_line(struct taught_set *s, uint32_t line)
{
	if (s->lines > 0 && s->line[s->lines - 1] == line)
		return;
	mem_grow(&s->line, &s->cap, s->lines + 1, sizeof(*s->line));
	s->line[s->lines++] = line;
}

static int
by_hash(const void *a, const void *b)
{
	const struct window *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static void
choose_window(struct window *w, uint16_t *shared)
{
	unsigned best = 0;

	for (unsigned i = 1; i + WINDOW <= w->literal.n; i++)
		if (shared[window_hash(w->literal.p + i)] <
		    shared[window_hash(w->literal.p + best)])
			best = i;
	w->at = (uint8_t)best;
	w->hash = (uint16_t)window_hash(w->literal.p + best);
	shared[w->hash]++;
}

static void
make_windows(struct taught_set *s, const struct taught *t)
{
	uint16_t *shared = mem_alloc(sizeof(*shared) << WINDOW_HASH_BITS);

	s->window = mem_alloc((s->lines + 1ul) * sizeof(*s->window));
	for (unsigned i = 0; i < s->lines; i++) {
		struct window *w = &s->window[i];

		w->place = (uint16_t)i;
		w->literal = t->line[s->line[i]].literal;
		choose_window(w, shared);
		s->seen[w->hash / 64] |= (uint64_t)1 << w->hash % 64;
	}
	free(shared);
	qsort(s->window, s->lines, sizeof(*s->window), by_hash);
}

struct taught_index *
taught_index_make(const struct taught *t)
{
	struct taught_index *x = mem_alloc(sizeof(*x));

	for (unsigned i = 0; i < t->lines; i++)
		for (unsigned k = 0; k < t->line[i].programs; k++)
			add_line(make_set(x, t->line[i].program[k]), i);
	for (unsigned i = 0; i < x->sets; i++)
		make_windows(&x->set[i], t);
	return x;
}

void
taught_index_free(struct taught_index *x)
{
	if (x == NULL)
		return;
	for (unsigned i = 0; i < x->sets; i++) {
		free(x->set[i].line);
		free(x->set[i].window);
	}
	free(x->set);
	table_free(&x->by_program);
	free(x);
}

const struct taught_set *
taught_index_find(const struct taught_index *x, struct slice program)
{
	uint32_t i = find_set(x, program);

	return i == TABLE_NONE ? NULL : &x->set[i];
}

/* The first window with that hash. */
static const struct window *
first_window(const struct taught_set *s, unsigned hash)
{
	unsigned from = 0, to = s->lines;

	while (from < to) {
		unsigned middle = (from + to) / 2;

		if (s->window[middle].hash < hash)
			from = middle + 1;
		else
			to = middle;
	}
	return &s->window[from];
}

static bool
literal_is_at(const struct window *w, struct slice text, size_t at)
{
	return at >= w->at && at - w->at + w->literal.n <= text.n &&
	    memcmp(text.p + at - w->at, w->literal.p, w->literal.n) == 0;
}

bool
taught_set_search(const struct taught_set *s, struct slice text, uint64_t *want_r)
{
	const struct window *end = s->window + s->lines;
	bool any = false;

	memset(want_r, 0, (s->lines + 63) / 64 * sizeof(*want_r));
	for (size_t i = 0; i + WINDOW <= text.n; i++) {
		unsigned hash = window_hash(text.p + i);

		if (!(s->seen[hash / 64] >> hash % 64 & 1))
			continue;
		for (const struct window *w = first_window(s, hash); w < end && w->hash == hash;
		     w++)
			if (literal_is_at(w, text, i)) {
				want_r[w->place / 64] |= (uint64_t)1 << w->place % 64;
				any = true;
			}
	}
	return any;
}
