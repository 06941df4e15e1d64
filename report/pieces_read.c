/*
 * See pieces.h: which pieces are of one stream, in which order they are read, and what their first
 * lines go on.
 *
 * Of one stream are those that share a host, also by way of others. Two such groups may still be
 * slices of one log, in which the hosts happened to write apart: they are taken for that when no
 * piece of one begins more than SLACK seconds before the end of one of the other.
 */
#include <stdlib.h>

#include "report/pieces.h"

enum { SLACK = 60, STREAMS_TRIED = 64 };

struct run {			/* a piece in its stream */
	struct piece *piece;
	uint32_t stream;	/* the least number of a host in it */
};

/* The stream of a host, by way of those that were found to be the same. */
static uint32_t
stream_of(uint32_t *same, uint32_t host)
{
	while (same[host] != host) {
		same[host] = same[same[host]];
		host = same[host];
	}
	return host;
}

static uint32_t
name_of(const struct piece *p, unsigned i)
{
	return p->name[p->host[i].host];
}

static uint32_t
most_name(const struct pieces *x)
{
	uint32_t most = 0;

	for (unsigned i = 0; i < x->n; i++)
		for (unsigned k = 0; k < x->item[i].names; k++)
			most = x->item[i].name[k] > most ? x->item[i].name[k] : most;
	return most;
}

static bool
has_lines(const struct piece *p)
{
	return p->hosts > 0 && p->place.first <= p->place.last;
}

/*
 * Names that differ in a number of the same length only, as those of the slices of a log do, go by
 * that: rotated logs would go the other way, but there the clocks agree with the stamps.
 */
static int
name_cmp(const char *a, const char *b)
{
	size_t from = 0, to;

	while (a[from] != '\0' && a[from] == b[from])
		from++;
	while (from > 0 && a[from - 1] >= '0' && a[from - 1] <= '9')
		from--;
	for (to = from; a[to] >= '0' && a[to] <= '9' && b[to] >= '0' && b[to] <= '9'; to++)
		;
	if (to - from >= 2 && strcmp(a + to, b + to) == 0)
		return memcmp(a + from, b + from, to - from);
	return input_rotation_cmp(a, b);
}

static int
by_name(const void *a, const void *b)
{
	const struct run *x = a, *y = b;
	int c = name_cmp(x->piece->place.name, y->piece->place.name);

	return c ? c : place_cmp(&x->piece->place, &y->piece->place);
}

static int
by_place(const void *a, const void *b)
{
	const struct run *x = a, *y = b;

	return place_cmp(&x->piece->place, &y->piece->place);
}

/* Those without a line of a host go with the one before them, by number or by name. */
static void
place_empty(struct run *run, unsigned n)
{
	uint32_t stream = 0;

	qsort(run, n, sizeof(*run), run[0].piece->place.has_seq ? by_place : by_name);
	for (unsigned i = n; i > 0; i--)
		stream = has_lines(run[i - 1].piece) ? run[i - 1].stream : stream;
	for (unsigned i = 0; i < n; i++)
		run[i].stream = stream = has_lines(run[i].piece) ? run[i].stream : stream;
}

static void
find_hosts(struct pieces *x, struct run *run)
{
	uint32_t most = most_name(x), *same = mem_alloc((most + 1ul) * sizeof(*same));

	for (uint32_t i = 0; i <= most; i++)
		same[i] = i;
	for (unsigned i = 0; i < x->n; i++)
		for (unsigned k = 1; k < x->item[i].hosts; k++) {
			uint32_t a = stream_of(same, name_of(&x->item[i], 0));
			uint32_t b = stream_of(same, name_of(&x->item[i], k));

			same[a > b ? a : b] = a < b ? a : b;
		}
	for (unsigned i = 0; i < x->n; i++) {
		const struct piece *p = &x->item[i];

		run[i].stream = p->hosts ? stream_of(same, name_of(p, 0)) : 0;
	}
	free(same);
}

static int
by_first(const void *a, const void *b)
{
	const struct run *x = a, *y = b;

	if (x->piece->place.first != y->piece->place.first)
		return x->piece->place.first < y->piece->place.first ? -1 : 1;
	return place_cmp(&x->piece->place, &y->piece->place);
}

/* Do the pieces of streams a and b take turns? run: all, in order of their first stamps. */
static bool
take_turns(const struct run *run, unsigned n, uint32_t a, uint32_t b)
{
	int64_t end[2] = { INT64_MIN, INT64_MIN };

	for (unsigned i = 0; i < n; i++) {
		const struct part_place *at = &run[i].piece->place;
		bool second = run[i].stream == b;

		if ((run[i].stream != a && !second) || !has_lines(run[i].piece))
			continue;
		if (end[!second] != INT64_MIN && end[!second] > at->first + SLACK &&
		    at->last > at->first + SLACK)
			return false;
		end[second] = at->last > end[second] ? at->last : end[second];
	}
	return true;
}

static void
find_turns(struct run *run, unsigned n)
{
	uint32_t stream[STREAMS_TRIED];
	unsigned streams = 0;

	qsort(run, n, sizeof(*run), by_first);
	for (unsigned i = 0; i < n; i++) {
		uint32_t from = run[i].stream;
		unsigned k = 0;

		if (!has_lines(run[i].piece))
			continue;
		while (k < streams && from != stream[k] && !take_turns(run, n, stream[k], from))
			k++;
		if (k == streams && streams < STREAMS_TRIED)
			stream[streams++] = from;
		for (unsigned j = 0; k < streams && from != stream[k] && j < n; j++)
			if (run[j].stream == from)
				run[j].stream = stream[k];
	}
}

static int
by_stream(const void *a, const void *b)
{
	const struct run *x = a, *y = b;

	if (x->stream != y->stream)
		return x->stream < y->stream ? -1 : 1;
	return place_cmp(&x->piece->place, &y->piece->place);
}

/* Of each host's clock: does the piece begin where the last ones ended, or later? */
static bool
goes_forward(const struct piece *p, int64_t *end)
{
	bool forward = true;

	for (unsigned i = 0; i < p->hosts; i++) {
		int64_t *before = &end[name_of(p, i)];

		forward &= *before == INT64_MIN || p->host[i].first >= *before - SLACK;
		*before = p->host[i].last;
	}
	return forward;
}

/*
 * Lines of a log are not all in order of their stamps, so those of short pieces may mislead. Names
 * tell better as long as the hosts' clocks agree with them.
 */
static void
order_by_name(struct run *run, unsigned n, uint32_t most)
{
	struct run *sorted = mem_alloc((n + 1ul) * sizeof(*sorted));
	int64_t *end = mem_alloc((most + 1ul) * sizeof(*end));
	bool good = true;

	memcpy(sorted, run, n * sizeof(*run));
	qsort(sorted, n, sizeof(*sorted), by_name);
	for (uint32_t i = 0; i <= most; i++)
		end[i] = INT64_MIN;
	for (unsigned i = 0; i < n && good; i++) {
		const struct piece *p = sorted[i].piece;

		good = !p->place.has_seq && goes_forward(p, end) && (i == 0 ||
		    name_cmp(sorted[i - 1].piece->place.name, p->place.name) != 0);
	}
	if (good)
		memcpy(run, sorted, n * sizeof(*run));
	free(sorted);
	free(end);
}

struct before {			/* of a stream: what was read so far */
	int64_t line;		/* stamp of the last line; INT64_MIN: none */
	uint8_t end[LOGS];
};

/* Lines that were not understood, and those that are, now that more is known. */
static void
read_odd(const struct piece *p, struct before *b, struct pieces_sums *sums)
{
	for (unsigned log = 0; log < LOGS; log++)
		if (b->end[log] == END_EXIM)
			sums->continued += p->odd.leads[log][LEAD_EXIM] +
			    (log ? p->odd.leads[log][LEAD_REJECTLOG] : 0);
	for (unsigned i = 0; i < p->odd.n; i++) {
		const struct odd_line *x = &p->odd.line[i];
		bool goes_on = x->lead != LEAD_NONE && b->end[x->log] == END_EXIM &&
		    (x->lead == LEAD_EXIM || x->log);

		if (!goes_on && sums->samples[x->bad] < SAMPLES)
			sums->sample[x->bad][sums->samples[x->bad]++] = x->text;
	}
	for (unsigned log = 0; log < LOGS; log++)
		if (p->end[log] != END_NONE)
			b->end[log] = p->end[log];
}

static int
read_piece(struct correlate *c, const struct piece *p, struct before *b,
    const struct pieces_taker *taker, struct pieces_sums *sums)
{
	struct edge_reader r;

	read_odd(p, b, sums);
	if (has_lines(p)) {
		sums->backwards += b->line > p->first_line + 60;
		b->line = p->last_line;
	}
	edge_open(&r, &p->edge, p->name, p->names);
	while (correlate_held(c, &r))
		taker->take(taker->context, c);
	correlate_last(c, buf_slice(&p->last), p->name, p->names);
	return edge_close(&r) ? 0 : -1;
}

/* One stream: -1 when a piece is damaged. Closes c. */
static int
read_stream(struct correlate *c, const struct run *run, unsigned n,
    const struct pieces_taker *taker, struct pieces_sums *sums)
{
	struct before before = { .line = INT64_MIN };
	int rc = 0;

	for (unsigned i = 0; i < n; i++)
		rc |= read_piece(c, run[i].piece, &before, taker, sums);
	correlate_end(c);
	taker->take(taker->context, c);
	correlate_counts_add(&sums->counts, correlate_counts(c));
	correlate_close(c);
	return rc;
}

static int
read_streams(struct pieces *x, struct run *run, const struct pieces_taker *taker,
    struct pieces_sums *sums)
{
	uint32_t most = most_name(x);
	int rc = 0;

	find_hosts(x, run);
	if (x->n > 1) {
		find_turns(run, x->n);
		place_empty(run, x->n);
		qsort(run, x->n, sizeof(*run), by_stream);
	}
	for (unsigned from = 0, to; from < x->n; from = to) {
		for (to = from + 1; to < x->n && run[to].stream == run[from].stream; to++)
			;
		order_by_name(run + from, to - from, most);
		rc |= read_stream(correlate_open(CORRELATE_MAX_OPEN), run + from, to - from, taker,
		    sums);
	}
	return rc;
}

int
pieces_read(struct pieces *x, struct correlate *begun, const struct pieces_taker *taker,
    struct pieces_sums *sums)
{
	struct run *run = mem_alloc((x->n + 1ul) * sizeof(*run));
	int rc;

	*sums = (struct pieces_sums){ .backwards = 0 };
	for (unsigned i = 0; i < x->n; i++)
		run[i] = (struct run){ &x->item[i], 0 };
	rc = begun ? read_stream(begun, run, x->n, taker, sums) :
	    read_streams(x, run, taker, sums);
	free(run);
	return rc;
}

void
odd_lines_add(struct odd_lines *o, const struct stream_line *line, bool bad)
{
	enum line_lead lead = bad && !line->has_header ? line->lead : LEAD_NONE;
	unsigned log = line->header.rejectlog;
	uint64_t *all = lead ? &o->leads[log][lead] : &o->all[bad];
	struct odd_line *x = &o->line[o->n];

	if ((*all)++ >= SAMPLES)
		return;
	*x = (struct odd_line){ .bad = bad, .lead = (uint8_t)lead, .log = (uint8_t)log };
	sample_set(&x->text, line->text);
	o->n++;
}
