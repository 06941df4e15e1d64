/* See pieces.h: how pieces are kept, and travel. */
#include "report/pieces.h"

#include <stdlib.h>

#include "base/utc.h"
#include "parser/input.h"

static struct piece *
piece_new(struct pieces *x, unsigned names)
{
	struct piece *p;

	mem_grow(&x->item, &x->cap, x->n + 1, sizeof(*x->item));
	p = &x->item[x->n++];
	*p = (struct piece){ .names = names };
	p->name = mem_alloc((names + 1ul) * sizeof(*p->name));
	return p;
}

static const char *
own_text(struct pieces *x, struct slice text)
{
	return arena_copy(&x->arena, text).p;
}

struct piece *
pieces_add(struct pieces *x, const struct part_place *place, uint32_t names,
    struct piece_host *host, unsigned hosts, struct edge *edge)
{
	struct piece *p = piece_new(x, names);

	p->place = *place;
	p->place.name = own_text(x, slice_of(place->name));
	p->edge = *edge;
	*edge = (struct edge){ .any = false };
	p->host = host;
	p->hosts = hosts;
	for (uint32_t i = 0; i < names; i++)
		p->name[i] = i;
	return p;
}

static void
piece_free(struct piece *p)
{
	free(p->name);
	free(p->host);
	buf_free(&p->last);
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
pack_odd(const struct odd_lines *o, struct buf *out)
{
	for (unsigned log = 0; log < LOGS; log++)
		for (unsigned lead = LEAD_NONE + 1; lead < LEADS; lead++)
			pack_u(out, o->leads[log][lead]);
	pack_u(out, o->n);
	for (unsigned i = 0; i < o->n; i++) {
		const struct odd_line *x = &o->line[i];

		pack_u(out, x->lead | (unsigned)x->log << 2 | (unsigned)x->bad << 3 |
		    (unsigned)x->text.cut << 4);
		pack_bytes(out, (struct slice){ x->text.text, x->text.n });
	}
}

static void
unpack_odd(struct odd_lines *o, struct unpack *u)
{
	for (unsigned log = 0; log < LOGS; log++)
		for (unsigned lead = LEAD_NONE + 1; lead < LEADS; lead++)
			o->leads[log][lead] = unpack_max(u, META_COUNT_MAX);
	o->n = (unsigned)unpack_max(u, ODD_MAX);
	for (unsigned i = 0; i < o->n; i++) {
		struct odd_line *x = &o->line[i];
		unsigned bits = (unsigned)unpack_max(u, 31);
		struct slice text = unpack_bytes(u);

		x->lead = bits & 3;
		x->log = bits >> 2 & 1;
		x->bad = bits >> 3 & 1;
		u->bad |= text.n > SAMPLE_BYTES || x->lead >= LEADS || (x->lead && !x->bad);
		sample_set(&x->text, u->bad ? SLICE_NONE : text);
		x->text.cut = bits >> 4;
	}
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
	pack_odd(&p->odd, out);
	for (unsigned log = 0; log < LOGS; log++)
		pack_u(out, p->end[log]);
	pack_bytes(out, buf_slice(&p->last));
	pack_u(out, p->names);
	for (unsigned i = 0; i < p->names; i++)
		pack_bytes(out, names_text(names, p->name[i]));
	pack_u(out, p->hosts);
	for (unsigned i = 0; i < p->hosts; i++) {
		pack_u(out, p->host[i].host);
		pack_i(out, p->host[i].first);
		pack_i(out, p->host[i].last);
	}
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

static void
unpack_hosts(struct piece *p, struct unpack *u)
{
	p->hosts = (unsigned)unpack_count(u, 3);
	p->host = mem_alloc((p->hosts + 1ul) * sizeof(*p->host));
	for (unsigned i = 0; i < p->hosts; i++) {
		struct piece_host *h = &p->host[i];

		h->host = (uint32_t)unpack_max(u, p->names ? p->names - 1 : 0);
		h->first = unpack_i(u);
		h->last = unpack_i(u);
		u->bad |= p->names == 0 || (i > 0 && h->host <= h[-1].host) ||
		    !utc_is_stamp(h->first) || !utc_is_stamp(h->last);
	}
}

/* Names that a damaged part brings stay in the reader's, where they do no harm. */
static void
piece_unpack(struct pieces *x, struct names *names, struct unpack *u)
{
	struct piece got = { .names = 0 }, *p;
	struct slice last;

	unpack_place(x, u, &got);
	unpack_odd(&got.odd, u);
	for (unsigned log = 0; log < LOGS; log++)
		got.end[log] = (uint8_t)unpack_max(u, END_OTHER);
	last = unpack_bytes(u);
	got.names = (unsigned)unpack_count(u, 1);
	p = piece_new(x, got.names);
	got.name = p->name;
	buf_add(&got.last, last);
	*p = got;
	for (unsigned i = 0; i < p->names && !u->bad; i++) {
		struct slice text = unpack_bytes(u);

		u->bad |= text.n > LINE_MAX_BYTES || (text.n == 0) != (i == 0);
		p->name[i] = u->bad ? 0 : names_id(names, text);
	}
	unpack_hosts(p, u);
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
