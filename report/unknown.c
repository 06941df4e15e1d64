/* See unknown.h. */
#include "report/unknown.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/problem.h"
#include "base/table.h"

struct shape {
	struct slice program, text, line;
	uint64_t n;
	bool ignored;		/* only a program */
};

struct unknown {
	struct arena arena;
	struct table table;
	struct shape *shape;
	unsigned shapes, cap;
	uint64_t lines, ignored;	/* all */
	uint64_t other;			/* lines of further shapes */
	struct buf text;
};

struct unknown *
unknown_open(void)
{
	return mem_alloc(sizeof(struct unknown));
}

void
unknown_close(struct unknown *u)
{
	if (u == NULL)
		return;
	arena_free(&u->arena);
	table_free(&u->table);
	free(u->shape);
	buf_free(&u->text);
	free(u);
}

static bool
has_digit(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= '0' && s.p[i] <= '9')
			return true;
	return false;
}

static bool
is_name(struct slice s)		/* of a host or a file: dots or slashes inside */
{
	const char *p = s.n > 2 ? slice_chr(slice_first(slice_skip(s, 1), s.n - 2), '.') : NULL;

	return p != NULL || slice_chr(s, '/') != NULL;
}

/* A word without what stands around it. */
static void
shape_inside(struct slice s, struct buf *out)
{
	const char *equals = slice_chr(s, '=');

	if (equals != NULL && equals > s.p && !has_digit(slice_range(s.p, equals))) {
		buf_add(out, slice_range(s.p, equals + 1));
		buf_chr(out, '*');
	} else if (slice_chr(s, '@') != NULL || slice_chr(s, '<') != NULL ||
	    slice_chr(s, '[') != NULL || is_name(s)) {
		buf_chr(out, '*');
	} else if (has_digit(s)) {
		buf_chr(out, '#');
	} else {
		buf_add(out, s);
	}
}

static void
shape_word(struct slice s, struct buf *out)
{
	size_t head = 0, tail = s.n;

	while (head < tail && memchr("<[(\"'", s.p[head], 5) != NULL)
		head++;
	while (tail > head && memchr(">])\"',;:.", s.p[tail - 1], 9) != NULL)
		tail--;
	buf_add(out, slice_first(s, head));
	if (tail > head && head > 0)
		buf_chr(out, '*');	/* in brackets or quotes */
	else if (tail > head)
		shape_inside(slice_range(s.p + head, s.p + tail), out);
	buf_add(out, slice_range(s.p + tail, slice_end(s)));
}

void
unknown_shape(struct slice message, struct buf *out)
{
	unsigned words = 0;

	while (message.n > 0) {
		const char *blank = slice_chr(message, ' ');
		struct slice word = blank ? slice_range(message.p, blank) : message;

		message = blank ? slice_range(blank + 1, slice_end(message)) : SLICE_NONE;
		if (word.n == 0)
			continue;
		if (words > 0)
			buf_chr(out, ' ');
		if (words++ == UNKNOWN_WORDS) {
			buf_str(out, "...");
			return;
		}
		shape_word(slice_first(word, 100), out);
	}
}

static void
count(struct unknown *u, const struct shape *x)
{
	uint64_t hash = hash_fold(hash_bytes(x->program, x->ignored), hash_bytes(x->text, 2));
	uint32_t at, i;

	for (i = table_first(&u->table, hash, &at); i != TABLE_NONE;
	     i = table_next(&u->table, hash, &at))
		if (u->shape[i].ignored == x->ignored && slice_eq(u->shape[i].text, x->text) &&
		    slice_eq(u->shape[i].program, x->program)) {
			u->shape[i].n++;
			return;
		}
	if (u->shapes == UNKNOWN_SHAPES) {
		u->other++;
		return;
	}
	mem_grow(&u->shape, &u->cap, u->shapes + 1, sizeof(*u->shape));
	u->shape[u->shapes] = (struct shape){ .n = 1, .ignored = x->ignored,
		.program = arena_copy(&u->arena, x->program),
		.text = arena_copy(&u->arena, x->text),
		.line = arena_copy(&u->arena, slice_first(x->line, UNKNOWN_LINE)) };
	table_add(&u->table, hash, u->shapes++);
}

void
unknown_add(struct unknown *u, struct slice program, struct slice message, struct slice line)
{
	u->lines++;
	u->text.n = 0;
	unknown_shape(message, &u->text);
	count(u, &(struct shape){ .program = program, .text = buf_slice(&u->text), .line = line });
}

void
unknown_ignored(struct unknown *u, struct slice program)
{
	u->ignored++;
	count(u, &(struct shape){ .program = program, .ignored = true });
}

static int
by_count(const void *a, const void *b)
{
	const struct shape *const *x = a, *const *y = b;
	int d = slice_cmp((*x)->program, (*y)->program);

	if ((*x)->ignored != (*y)->ignored)
		return (*x)->ignored ? 1 : -1;
	if ((*x)->n != (*y)->n)
		return (*x)->n > (*y)->n ? -1 : 1;
	return d ? d : slice_cmp((*x)->text, (*y)->text);
}

static void
write_shape(const struct shape *x, struct buf *out)
{
	buf_fmt(out, "%" PRIu64 "\t", x->n);
	buf_visible(out, slice_first(x->program, 200));
	if (!x->ignored) {
		buf_str(out, x->program.n ? ": " : "");
		buf_visible(out, x->text);
		buf_str(out, "\n\t");
		buf_visible(out, x->line);
	}
	buf_chr(out, '\n');
}

void
unknown_text(const struct unknown *u, struct buf *out)
{
	const struct shape **list = mem_alloc((u->shapes + 1ul) * sizeof(*list));
	bool told = false;

	for (unsigned i = 0; i < u->shapes; i++)
		list[i] = &u->shape[i];
	if (u->shapes)
		qsort(list, u->shapes, sizeof(*list), by_count);
	if (u->lines)
		buf_fmt(out, "# lines of known programs that fit no known shape: %" PRIu64
		    ". Report such lines, or teach them: lines: in rules/README.md\n", u->lines);
	for (unsigned i = 0; i < u->shapes; i++) {
		if (list[i]->ignored && !told)
			buf_fmt(out, "# lines of programs that are not supported: %" PRIu64 "\n",
			    u->ignored);
		told |= list[i]->ignored;
		write_shape(list[i], out);
	}
	if (u->other)
		buf_fmt(out, "# lines of further shapes and programs: %" PRIu64 "\n", u->other);
	free(list);
}
