/* See edge.h: what a piece leaves behind, and how it is read behind the pieces before. */
#include "parser/edge.h"

#include <assert.h>

#include "base/problem.h"
#include "parser/edge_private.h"
#include "parser/event_pack.h"

_Static_assert(sizeof(((struct edge_reader *)0)->past) == SPANS * sizeof(uint64_t), "clock.h");

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
	pack_u(out, e->any);
	if (!e->any)
		return;
	pack_i(out, e->from);
	pack_bytes(out, buf_slice(&e->held));
	pack_bytes(out, buf_slice(&e->context));
}

void
edge_unpack(struct unpack *u, struct edge *e)
{
	*e = (struct edge){ .any = unpack_max(u, 1) };
	if (!e->any)
		return;
	e->from = unpack_time(u, 0);
	buf_add(&e->held, unpack_bytes(u));
	buf_add(&e->context, unpack_bytes(u));
}

void
correlate_begin_piece(struct correlate *c)
{
	c->edges = mem_alloc(sizeof(*c->edges));
}

/* What is open at the end goes with the piece: as if all of it hung on others. */
void
correlate_cut(struct correlate *c, struct edge *out)
{
	const struct pool *records = &c->records.pool, *windows = &c->joins.pool;
	struct edges *e = c->edges;

	*out = (struct edge){ .any = e->any, .from = e->from };
	if (!e->any)
		return;
	for (uint32_t i = pool_oldest(records); i != 0; i = records->node[i].newer)
		if (!c->records.item[i].tainted && c->records.item[i].cluster == 0)
			entry_record(c, &c->records.item[i]);
	for (uint32_t i = pool_oldest(windows); i != 0; i = windows->node[i].newer)
		edge_taint_window(c, i);
	entry_begin(c, ENTRY_END);
	context_pack(c, &out->context);
	out->held = e->held;
	e->held = (struct buf){ 0 };
}

void
edge_open(struct edge_reader *r, const struct edge *e, const uint32_t *name, uint32_t names)
{
	*r = (struct edge_reader){ .edge = e, .held = { .rest = buf_slice(&e->held) },
		.name = name, .names = names, .done = !e->any };
}

bool
correlate_held(struct correlate *c, struct edge_reader *r)
{
	enum entry kind;

	assert(c->edges == NULL);
	if (r->done)
		return false;
	if (r->tick == 0)
		r->base = c->clock.tick;
	kind = entry_head(c, r, &r->held);
	if (kind == ENTRY_END) {
		r->done = true;
		r->bad |= r->held.rest.n != 0;
		c->line_ts = INT64_MIN;		/* the next line has a tick of its own */
		context_unpack(c, r);
	} else if (!r->held.bad) {
		entry_read(c, r, kind);
	}
	r->bad |= r->held.bad;
	r->done |= r->bad;
	return true;
}

bool
edge_close(const struct edge_reader *r)
{
	return !r->bad;
}
