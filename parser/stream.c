/*
 * See stream.h. Each input holds its next line; the least (time, place) goes first. An input's
 * time never goes back: a line with an older stamp than the one before keeps its place.
 */
#include "parser/stream.h"

#include <stdlib.h>
#include <string.h>

#include "parser/daemons.h"
#include "parser/wrap.h"

struct source {
	struct input *in;
	struct wrap *wrap;		/* NULL: nothing was wrapped so far */
	bool is_export;			/* of journalctl */
	struct header_reader *reader;
	struct stream_line line;	/* the next one */
	bool has_line;
	unsigned ended;			/* it was so many's end; 0: it goes on */
	struct repeated *repeated;	/* NULL: no line was more of another */
	int64_t first, ts;		/* of its first line; of its line, never going back */
	const char *path;
};

struct repeated {		/* the line that others are more of */
	enum stream_before what;
	size_t n;
	char before[8];			/* parsers may read there */
	char text[INPUT_BEFORE + WIDE_SLACK];
};

struct stream {
	struct source *source;		/* in reading order */
	unsigned n;
	const char *const *path;
	struct names *names;
	char **problem;
	unsigned problems, problems_cap, problems_told;
	struct source *current;		/* whose line was lent; NULL: none */
	unsigned ends;
	struct source *rival;		/* the best of the others, which keep still; NULL: none */
};

static void
trouble(struct stream *s, const char *text)
{
	size_t n = strlen(text) + 1;

	mem_grow(&s->problem, &s->problems_cap, s->problems + 1, sizeof(*s->problem));
	s->problem[s->problems] = mem_alloc(n);
	memcpy(s->problem[s->problems++], text, n);
}

bool
stream_is_rejectlog(const char *path)
{
	const char *base = strrchr(path, '/');

	return strstr(base ? base + 1 : path, "rejectlog") != NULL;
}

/*
 * A rejectlog prints the refused message's headers behind the line: "Envelope-from: <...>", then
 * lines with a flag letter or blanks, up to a row of dashes.
 */
static bool
is_header_like(struct slice text)
{
	return text.n == 0 || text.p[0] == ' ' || text.p[0] == '\t' ||
	    slice_starts(text, SLICE("Envelope-")) || slice_starts(text, SLICE("----")) ||
	    (text.n > 2 && text.p[1] == ' ');
}

/* Does it go on the line before, which is of Exim's own log? */
static bool
continues(const struct header *before, struct slice text)
{
	if (before->from == NULL || before->from->program.n > 0)
		return false;
	return before->rejectlog || is_header_like(text);
}

static void fetch(struct stream *s, struct source *x);

static inline void
fetched_header(struct source *x)
{
	struct stream_line *l = &x->line;

	l->has_header = true;
	x->ts = l->header.ts > x->ts ? l->header.ts : x->ts;
}

/* Apart from fetch(): lines without a header. */
static __attribute__((noinline)) void
fetched_odd(struct source *x, bool overlong)
{
	struct stream_line *l = &x->line;

	l->has_header = false;
	l->kind = !overlong && continues(&l->header, l->text) ? LINE_RECOGNISED : LINE_BAD;
	l->lead = overlong || l->header.from != NULL ? LEAD_NONE :
	    is_header_like(l->text) ? LEAD_EXIM : LEAD_REJECTLOG;
}

/* Apart from fetch(): false at the end, with trouble, and for an overlong line, which is done. */
static __attribute__((noinline)) bool
fetch_slow(struct stream *s, struct source *x)
{
	struct problem p;
	bool overlong = false;
	int rc = input_line_slow(x->in, &x->line.text, &overlong, &p);

	x->has_line = rc == 1;
	if (rc != 1)
		x->ended = ++s->ends;
	if (rc == -1)
		trouble(s, p.text);
	if (rc == 1 && overlong)
		fetched_odd(x, true);
	return rc == 1 && !overlong;
}

static struct wrap *
wrap_of(struct source *x)
{
	if (x->wrap == NULL)
		x->wrap = wrap_open();
	return x->wrap;
}

/* The line within it, else itself, by its header. */
static enum line_kind
parse_wrapped(struct source *x, enum wrap_kind wrap, struct slice text, int64_t ts,
    struct header *h)
{
	if (wrap == WRAP_BAD)
		return LINE_BAD;
	return wrap == WRAP_INNER ? header_parse_inner(x->reader, text, ts, h) :
	    header_parse(x->reader, text, h);
}

static enum wrap_kind
unwrap(struct source *x, struct slice *text, int64_t *ts_r)
{
	enum wrap_kind kind = WRAP_NONE;

	if (!x->is_export)
		x->is_export = input_lines(x->in) == 1 && wrap_is_export(*text);
	if (x->is_export)
		kind = wrap_export(wrap_of(x), x->in, *text, text);
	return kind != WRAP_NONE || !wrap_is_likely(*text) ? kind :
	    wrap_line(wrap_of(x), *text, text, ts_r);
}

/* Apart from fetch(): no header at the start of the line. */
static __attribute__((noinline)) void
fetched_other(struct stream *s, struct source *x)
{
	struct stream_line *l = &x->line;
	struct slice first = l->text;
	enum wrap_kind wrap;
	int64_t ts = 0;

	wrap = unwrap(x, &l->text, &ts);
	if (x->is_export && l->text.p == NULL) {	/* only empty lines: the end */
		fetch(s, x);
		return;
	}
	if ((wrap == WRAP_NONE && l->text.p == first.p) ||
	    parse_wrapped(x, wrap, l->text, ts, &l->header) != LINE_RECOGNISED)
		fetched_odd(x, wrap == WRAP_BAD);
	else
		fetched_header(x);
}

static inline __attribute__((always_inline)) void
fetch_line(struct stream *s, struct source *x)
{
	struct stream_line *l = &x->line;

	if (!input_line_known(x->in, &l->text) && !fetch_slow(s, x))
		return;
	if (header_parse(x->reader, l->text, &l->header) == LINE_RECOGNISED)
		fetched_header(x);
	else
		fetched_other(s, x);
}

static void
fetch(struct stream *s, struct source *x)
{
	fetch_line(s, x);
}

/*
 * Logs that are written side by side, in the order in which lines of one second are read: a
 * filter's verdict before what is done with it. It must not hang on what else is in them, as their
 * slices may be read apart. All others, 0, may follow one another.
 */
static unsigned
kind_of(const char *path)
{
	static const char *const prefix[] = { "spamd.log", "mail.log", "mainlog", "rejectlog" };
	const char *slash = strrchr(path, '/');
	struct slice name = slice_of(slash ? slash + 1 : path);
	unsigned n = sizeof(prefix) / sizeof(prefix[0]);

	while (n > 0 && !slice_starts(name, slice_of(prefix[n - 1])))
		n--;
	return n;
}

int
stream_order(const char *a, int64_t first_a, const char *b, int64_t first_b)
{
	unsigned kind_a = kind_of(a), kind_b = kind_of(b);

	if (kind_a != kind_b)
		return kind_a < kind_b ? -1 : 1;
	if (first_a != first_b)
		return first_a < first_b ? -1 : 1;
	return input_rotation_cmp(a, b);
}

static int
by_place(const void *a, const void *b)
{
	const struct source *x = a, *y = b;

	return stream_order(x->path, x->ts, y->path, y->ts);
}

struct stream *
stream_open(
    const char *const *path, unsigned n, const struct stream_options *o, struct names *names)
{
	struct stream *s = mem_alloc(sizeof(*s));
	struct problem p;

	s->source = mem_alloc((n + 1) * sizeof(*s->source));
	s->path = path;
	s->names = names;
	for (unsigned i = 0; i < n; i++) {
		struct source *x = &s->source[s->n];

		*x = (struct source){ .in = o->to ? input_open_range(path[i], o->from, o->to, &p) :
			input_open(path[i], &p), .ts = INT64_MIN, .path = path[i], .has_line = true,
			.line = { .input = i, .header.rejectlog = stream_is_rejectlog(path[i]) } };
		if (x->in == NULL) {
			trouble(s, p.text);
			continue;
		}
		if (!o->identify)
			input_drop_hash(x->in);
		x->reader = header_open(names, o->zone, o->host, o->first_year, o->now);
		fetch(s, x);
		x->first = x->ts;
		s->n++;
	}
	if (s->n)
		qsort(s->source, s->n, sizeof(*s->source), by_place);
	return s;
}

static inline bool
before(const struct source *x, const struct source *y)
{
	return x->ts != y->ts ? x->ts < y->ts : x < y;
}

/* The least of all inputs but one. */
static struct source *
least(struct stream *s, const struct source *but)
{
	struct source *best = NULL;

	for (struct source *x = s->source; x < s->source + s->n; x++)
		if (x != but && x->has_line && (best == NULL || before(x, best)))
			best = x;
	return best;
}

const struct stream_line *
stream_next(struct stream *s)
{
	struct source *x = s->current;

	if (x != NULL)
		fetch_line(s, x);
	if (x == NULL || !x->has_line || (s->rival != NULL && before(s->rival, x))) {
		s->current = x = least(s, NULL);
		if (x == NULL)
			return NULL;
		s->rival = least(s, x);
	}
	return &x->line;
}

/* Does it say that another line was repeated? */
static bool
is_repeat(const struct header *h)
{
	struct event ev;

	return event_parse(h, &ev) == LINE_RECOGNISED && ev.type == EV_REPEAT;
}

static enum line_kind
parse_text(struct source *x, struct slice text, struct header *h)
{
	enum line_kind kind = header_parse(x->reader, text, h);
	enum wrap_kind wrap;
	int64_t ts;

	if (kind == LINE_RECOGNISED || !wrap_is_likely(text))
		return kind;
	wrap = wrap_line(wrap_of(x), text, &text, &ts);
	return wrap == WRAP_NONE ? LINE_BAD : parse_wrapped(x, wrap, text, ts, h);
}

/* Before the line in hand, or the end. When it is such a line too, what it was about goes on. */
static enum stream_before
line_before(struct source *x, bool at_end, struct header *h)
{
	struct repeated *k = x->repeated;
	struct slice text;
	enum line_kind kind;

	*h = (struct header){ .pid = 0 };
	if (k == NULL)
		k = x->repeated = mem_alloc(sizeof(*k));
	if (x->is_export)
		return STREAM_NONE;
	if (input_lines(x->in) < (at_end ? 1 : 2))
		return k->what = STREAM_UNKNOWN;
	if (!input_before(x->in, at_end, &text))
		return k->what = STREAM_NONE;
	kind = parse_text(x, text, h);
	if (kind == LINE_RECOGNISED && is_repeat(h)) {
		if (k->what != STREAM_LINE)
			return k->what;
	} else {
		k->n = text.n;
		if (text.n > 0)
			memcpy(k->text, text.p, text.n);
	}
	k->what = STREAM_LINE;
	text = (struct slice){ k->text, k->n };
	return parse_text(x, text, h) == LINE_RECOGNISED ? STREAM_LINE : STREAM_NONE;
}

enum stream_before
stream_before(struct stream *s, struct header *h)
{
	struct source *x = s->current;
	uint32_t host = x->line.header.from->host;
	enum stream_before before = line_before(x, false, h);

	for (unsigned k = s->ends; k > 0 && before == STREAM_UNKNOWN; k--) {
		enum stream_before last = stream_last(s, k, h);

		if (last == STREAM_NONE || (last == STREAM_LINE && h->from->host == host))
			before = last;
	}
	return before;
}

enum stream_before
stream_last(struct stream *s, unsigned end, struct header *h)
{
	for (struct source *x = s->source; x < s->source + s->n; x++) {
		enum stream_before last;

		if (x->ended != end)
			continue;
		last = line_before(x, true, h);
		if (last != STREAM_LINE)
			return last;
		if (h->from->host == 0)
			return STREAM_NONE;
		return h->from->program.n > 0 ? STREAM_LINE : STREAM_UNKNOWN;
	}
	return STREAM_UNKNOWN;
}

unsigned
stream_ends(const struct stream *s)
{
	return s->ends;
}

const char *
stream_problem(struct stream *s)
{
	return s->problems_told < s->problems ? s->problem[s->problems_told++] : NULL;
}

uint64_t
stream_offset(const struct stream *s)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < s->n; i++)
		n += input_offset(s->source[i].in);
	return n;
}

uint64_t
stream_size(const struct stream *s)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < s->n; i++)
		n += input_size(s->source[i].in);
	return n;
}

bool
stream_years(const struct stream *s, int *first_r, int *last_r)
{
	bool any = false;
	int first, last;

	for (unsigned i = 0; i < s->n; i++) {
		if (!header_years(s->source[i].reader, &first, &last))
			continue;
		if (!any || first < *first_r)
			*first_r = first;
		if (!any || last > *last_r)
			*last_r = last;
		any = true;
	}
	return any;
}

bool
stream_zone_assumed(const struct stream *s)
{
	for (unsigned i = 0; i < s->n; i++)
		if (header_zone_assumed(s->source[i].reader))
			return true;
	return false;
}

bool
stream_identity(const struct stream *s, unsigned input, uint64_t *bytes_r, uint64_t *hash_r)
{
	for (unsigned i = 0; i < s->n; i++)
		if (s->source[i].line.input == input) {
			*bytes_r = input_bytes(s->source[i].in);
			*hash_r = input_hash(s->source[i].in);
			return true;
		}
	return false;
}

bool
stream_span(const struct stream *s, unsigned input, int64_t *first_r, int64_t *last_r)
{
	for (unsigned i = 0; i < s->n; i++)
		if (s->source[i].line.input == input) {
			*first_r = s->source[i].first;
			*last_r = s->source[i].ts;
			return true;
		}
	return false;
}

void
stream_close(struct stream *s)
{
	if (s == NULL)
		return;
	for (unsigned i = 0; i < s->n; i++) {
		header_close(s->source[i].reader);
		wrap_close(s->source[i].wrap);
		free(s->source[i].repeated);
		input_close(s->source[i].in);
	}
	for (unsigned i = 0; i < s->problems; i++)
		free(s->problem[i]);
	free(s->problem);
	free(s->source);
	free(s);
}
