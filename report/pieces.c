/*
 * See pieces.h. Which pieces are of one stream: those that share a host, also by way of others. All
 * are ordered by stream and place first, so that each stream is a run.
 */
#include "report/pieces.h"

#include <stdlib.h>

#include "base/utc.h"
#include "parser/input.h"

static struct piece *
piece_new(struct pieces *x, unsigned names, unsigned hosts)
{
	struct piece *p;

	mem_grow(&x->item, &x->cap, x->n + 1, sizeof(*x->item));
	p = &x->item[x->n++];
	*p = (struct piece){ .names = names, .hosts = hosts };
	p->name = mem_alloc((names + 1ul) * sizeof(*p->name));
	p->host = mem_alloc((hosts + 1ul) * sizeof(*p->host));
	return p;
}

static const char *
own_text(struct pieces *x, struct slice text)
{
	return arena_copy(&x->arena, text).p;
}

void
pieces_add(struct pieces *x, const struct part_place *place, uint32_t names, const bool *seen,
    unsigned n, struct edge *edge)
{
	unsigned hosts = 0;
	struct piece *p;

	for (unsigned i = 0; i < n; i++)
		hosts += seen[i];
	p = piece_new(x, names, hosts);
	p->place = *place;
	p->place.name = own_text(x, slice_of(place->name));
	p->edge = *edge;
	*edge = (struct edge){ .any = false };
	hosts = 0;
	for (uint32_t i = 0; i < names; i++) {
		p->name[i] = i;
		if (i < n && seen[i])
			p->host[hosts++] = i;
	}
}

static void
piece_free(struct piece *p)
{
	free(p->name);
	free(p->host);
	edge_free(&p->edge);
}

void
pieces_move(struct pieces *x, struct pieces *from, const uint32_t *name)
{
	for (unsigned i = 0; i < from->n; i++) {
		struct piece *p;

		mem_grow(&x->item, &x->cap, x->n + 1, sizeof(*x->item));
		p = &x->item[x->n++];
		*p = from->item[i];
		p->place.name = own_text(x, slice_of(p->place.name));
		for (unsigned k = 0; k < p->names; k++)
			p->name[k] = name[p->name[k]];
	}
	from->n = 0;
	pieces_free(from);
}

void
pieces_drop(struct pieces *x, unsigned kept)
{
	while (x->n > kept)
		piece_free(&x->item[--x->n]);
}

void
pieces_free(struct pieces *x)
{
	pieces_drop(x, 0);
	free(x->item);
	arena_free(&x->arena);
	*x = (struct pieces){ 0 };
}

static int
by_place(const void *a, const void *b)
{
	const struct piece *const *x = a, *const *y = b;

	return place_cmp(&(*x)->place, &(*y)->place);
}

static void
piece_pack(const struct piece *p, const struct names *names, struct buf *out)
{
	pack_u(out, p->place.has_seq);
	pack_u(out, p->place.seq);
	pack_i(out, p->place.first);
	pack_i(out, p->place.last);
	pack_bytes(out, slice_of(p->place.name));
	pack_u(out, p->place.hash);
	pack_i(out, p->first_line);
	pack_i(out, p->last_line);
	pack_u(out, p->names);
	for (unsigned i = 0; i < p->names; i++)
		pack_bytes(out, names_text(names, p->name[i]));
	pack_u(out, p->hosts);
	for (unsigned i = 0; i < p->hosts; i++)
		pack_u(out, p->host[i]);
	edge_pack(&p->edge, out);
}

void
pieces_pack(const struct pieces *x, const struct names *names, struct buf *out)
{
	const struct piece **list = mem_alloc((x->n + 1ul) * sizeof(*list));

	for (unsigned i = 0; i < x->n; i++)
		list[i] = &x->item[i];
	if (x->n)
		qsort(list, x->n, sizeof(*list), by_place);
	pack_u(out, x->n);
	for (unsigned i = 0; i < x->n; i++)
		piece_pack(list[i], names, out);
	free(list);
}

/* The place and the stamps of its lines, which it may have none of. */
static void
unpack_place(struct pieces *x, struct unpack *u, struct piece *p)
{
	struct part_place *at = &p->place;
	bool none;

	at->has_seq = unpack_max(u, 1);
	at->seq = unpack_u(u);
	at->first = unpack_i(u);
	at->last = unpack_i(u);
	at->name = own_text(x, slice_first(unpack_bytes(u), META_NAME_MAX));
	at->hash = unpack_u(u);
	p->first_line = unpack_i(u);
	p->last_line = unpack_i(u);
	none = at->first == INT64_MAX && at->last == INT64_MIN;
	u->bad |= !none && (at->first > at->last || !utc_is_stamp(at->first) ||
	    !utc_is_stamp(at->last) || !utc_is_stamp(p->first_line) ||
	    !utc_is_stamp(p->last_line));
}

/* Names that a damaged part brings stay in the reader's, where they do no harm. */
static void
piece_unpack(struct pieces *x, struct names *names, struct unpack *u)
{
	struct piece got = { .names = 0 }, *p;
	unsigned n;

	unpack_place(x, u, &got);
	n = (unsigned)unpack_count(u, 1);
	p = piece_new(x, n, 0);
	p->place = got.place;
	p->first_line = got.first_line;
	p->last_line = got.last_line;
	for (unsigned i = 0; i < n && !u->bad; i++) {
		struct slice text = unpack_bytes(u);

		u->bad |= text.n > LINE_MAX_BYTES || (text.n == 0) != (i == 0);
		p->name[i] = u->bad ? 0 : names_id(names, text);
	}
	p->hosts = (unsigned)unpack_count(u, 1);
	p->host = mem_resize(p->host, (p->hosts + 1ul) * sizeof(*p->host));
	for (unsigned i = 0; i < p->hosts; i++) {
		p->host[i] = (uint32_t)unpack_max(u, n ? n - 1 : 0);
		u->bad |= n == 0 || (i > 0 && p->host[i] <= p->host[i - 1]);
	}
	edge_unpack(u, &p->edge);
}

int
pieces_unpack(struct pieces *x, struct names *names, struct slice bytes)
{
	struct unpack u = { .rest = bytes };
	uint64_t n = unpack_max(&u, PIECES_MAX);
	unsigned before = x->n;

	for (; n > 0 && !u.bad; n--)
		piece_unpack(x, names, &u);
	if (!u.bad && u.rest.n == 0)
		return 0;
	pieces_drop(x, before);
	return -1;
}

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
most_name(const struct pieces *x)
{
	uint32_t most = 0;

	for (unsigned i = 0; i < x->n; i++)
		for (unsigned k = 0; k < x->item[i].names; k++)
			most = x->item[i].name[k] > most ? x->item[i].name[k] : most;
	return most;
}

static void
find_streams(struct pieces *x, struct run *run)
{
	uint32_t most = most_name(x), *same = mem_alloc((most + 1ul) * sizeof(*same));

	for (uint32_t i = 0; i <= most; i++)
		same[i] = i;
	for (unsigned i = 0; i < x->n; i++) {
		const struct piece *p = &x->item[i];

		for (unsigned k = 1; k < p->hosts; k++) {
			uint32_t a = stream_of(same, p->name[p->host[0]]);
			uint32_t b = stream_of(same, p->name[p->host[k]]);

			same[a > b ? a : b] = a < b ? a : b;
		}
	}
	for (unsigned i = 0; i < x->n; i++) {
		struct piece *p = &x->item[i];

		run[i] = (struct run){ p, p->hosts ? stream_of(same, p->name[p->host[0]]) : 0 };
	}
	free(same);
}

static int
by_stream(const void *a, const void *b)
{
	const struct run *x = a, *y = b;

	if (x->stream != y->stream)
		return x->stream < y->stream ? -1 : 1;
	return place_cmp(&x->piece->place, &y->piece->place);
}

static int
read_piece(struct correlate *c, const struct piece *p, const struct pieces_taker *taker)
{
	struct edge_reader r;

	edge_open(&r, &p->edge, p->name, p->names);
	while (correlate_held(c, &r))
		taker->take(taker->context, c);
	return edge_close(&r) ? 0 : -1;
}

int
pieces_read(struct pieces *x, const struct pieces_taker *taker, struct pieces_sums *sums)
{
	struct run *run = mem_alloc((x->n + 1ul) * sizeof(*run));
	struct correlate *c = NULL;
	int64_t before = INT64_MIN;	/* stamp of the last line */
	int rc = 0;

	*sums = (struct pieces_sums){ .backwards = 0 };
	find_streams(x, run);
	if (x->n)
		qsort(run, x->n, sizeof(*run), by_stream);
	for (unsigned i = 0; i < x->n; i++) {
		const struct part_place *at = &run[i].piece->place;
		bool first = i == 0 || run[i].stream != run[i - 1].stream;
		bool last = i + 1 == x->n || run[i + 1].stream != run[i].stream;

		if (first) {
			c = correlate_open(CORRELATE_MAX_OPEN);
			before = INT64_MIN;
		}
		if (at->first <= at->last) {
			sums->backwards += before > run[i].piece->first_line + 60;
			before = run[i].piece->last_line;
		}
		rc |= read_piece(c, run[i].piece, taker);
		if (!last)
			continue;
		correlate_end(c);
		taker->take(taker->context, c);
		correlate_counts_add(&sums->counts, correlate_counts(c));
		correlate_close(c);
	}
	free(run);
	return rc;
}
