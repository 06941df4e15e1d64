/* See edge.h: what a piece leaves behind, and how it is read behind the piece before. */
#include "parser/edge.h"

#include <stdlib.h>

#include "base/problem.h"
#include "parser/edge_private.h"
#include "parser/event_pack.h"

void
edge_free(struct edge *e)
{
	buf_free(&e->held);
	buf_free(&e->context);
	*e = (struct edge){ 0 };
}

void
edge_pack(const struct edge *e, struct buf *out)
{
	pack_u(out, (unsigned)e->any | (unsigned)e->wide << 1);
	if (e->any) {
		pack_i(out, e->from);
		pack_i(out, e->to);
	}
	pack_bytes(out, buf_slice(&e->held));
	pack_bytes(out, buf_slice(&e->context));
}

void
edge_unpack(struct unpack *u, struct edge *e)
{
	unsigned bits = (unsigned)unpack_max(u, 3);

	*e = (struct edge){ .any = bits & 1, .wide = bits >> 1 };
	if (e->any) {
		e->from = unpack_time(u, 0);
		e->to = unpack_time(u, 0);
	}
	buf_add(&e->held, unpack_bytes(u));
	buf_add(&e->context, unpack_bytes(u));
}

void
correlate_begin_piece(struct correlate *c)
{
	c->edges = mem_alloc(sizeof(*c->edges));
}

/* Where an entry is, to be put in order. */
struct place {
	uint64_t seq;
	struct slice bytes;
};

static int
by_seq(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

struct places {
	struct place *item;
	unsigned n, cap;
};

static void
add_places(struct places *x, struct slice entries)
{
	struct entry at;

	while (entries.n > 0) {
		memcpy(&at, entries.p, sizeof(at));
		entries = slice_skip(entries, sizeof(at));
		if (!at.dead) {
			mem_grow(&x->item, &x->cap, x->n + 1, sizeof(*x->item));
			x->item[x->n++] = (struct place){ at.seq, slice_first(entries, at.size) };
		}
		entries = slice_skip(entries, at.size);
	}
}

void
correlate_cut(struct correlate *c, struct edge *out)
{
	struct edges *e = c->edges;
	struct places x = { 0 };

	*out = (struct edge){ .any = e->any, .from = e->from, .to = c->now,
		.wide = e->wide };
	for (unsigned i = 0; i < e->groups; i++)
		if (e->group[i].used)
			add_places(&x, buf_slice(&e->group[i].events));
	add_places(&x, buf_slice(&e->held));
	if (x.n)
		qsort(x.item, x.n, sizeof(*x.item), by_seq);
	for (unsigned i = 0; i < x.n; i++)
		buf_add(&out->held, x.item[i].bytes);
	free(x.item);
	if (out->wide)
		context_pack(c, &out->context);
}

void
edge_open(struct edge_reader *r, const struct edge *e, const uint32_t *name, uint32_t names)
{
	*r = (struct edge_reader){ .edge = e, .held = { .rest = buf_slice(&e->held) },
		.name = name, .names = names };
}

static void
unpack_told(struct unpack *u, struct told *t)
{
	unsigned bits = (unsigned)unpack_max(u, TOLD_ALL);

	*t = (struct told){ .session = bits & TOLD_SESSION, .tls = bits & TOLD_TLS,
		.mismatch = bits & TOLD_MISMATCH, .cell = bits & TOLD_CELL,
		.retry = bits & TOLD_RETRY, .place = bits & TOLD_PLACE };
	t->name = slice_first(unpack_bytes(u), 255);
	t->cwd = unpack_bytes(u);
}

/* The piece is over: what it knows besides is taken over, and its time has come. */
static void
finish(struct correlate *c, struct edge_reader *r)
{
	struct unpack u = { .rest = buf_slice(&r->edge->context) };

	r->done = true;
	if (r->edge->wide)
		context_unpack(c, &u, r->edge->from, r->name, r->names);
	r->bad |= u.bad;
	if (c->edges != NULL)
		c->edges->wide |= r->edge->wide;
	if (r->edge->any)
		correlate_until(c, r->edge->to);
}

bool
correlate_held(struct correlate *c, struct edge_reader *r)
{
	struct told told;
	struct event ev;

	if (r->done)
		return false;
	if (c->edges != NULL && r->edge->any)
		edge_begin_at(c, r->edge->from);
	if (r->held.rest.n == 0) {
		finish(c, r);
		return true;
	}
	unpack_told(&r->held, &told);
	event_unpack(&r->held, r->name, r->names, &ev);
	if (r->held.bad) {
		r->bad = r->done = true;
		return false;
	}
	c->told = &told;
	correlate_event(c, &ev);
	c->told = NULL;
	return true;
}

bool
edge_close(const struct edge_reader *r)
{
	return !r->bad;
}
