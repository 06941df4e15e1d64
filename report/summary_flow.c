/*
 * Spam by the host of its log, class, stage and direction: what metrics show. Cells are found by a
 * table, as hosts may be many; in the end they stand in the order of the hosts' names, which the
 * order of the pass does not decide.
 */
#include <stdlib.h>

#include "report/summary_private.h"

static struct flow_cell *
cell_of(struct flows *w, uint32_t host, unsigned key)
{
	uint64_t h = hash_u64(host, key);
	uint32_t at, i;

	if (w->n && w->cell[w->last].host == host && w->cell[w->last].key == key)
		return &w->cell[w->last];
	for (i = table_first(&w->by_cell, h, &at); i != TABLE_NONE;
	     i = table_next(&w->by_cell, h, &at))
		if (w->cell[i].host == host && w->cell[i].key == key)
			return &w->cell[w->last = i];
	mem_grow(&w->cell, &w->cap, w->n + 1, sizeof(*w->cell));
	w->cell[w->n] = (struct flow_cell){ .host = host, .key = key };
	table_add(&w->by_cell, h, w->n);
	return &w->cell[w->last = w->n++];
}

void
flow_add(struct flows *w, unsigned verdict, const struct signature *sig, uint64_t n, bool accepted)
{
	struct flow_cell *x = cell_of(w, sig->host,
	    (verdict * STAGES + sig->stage) * DIRECTIONS + sig->direction);

	x->attempts += n;
	x->accepted += accepted ? n : 0;
}

void
flow_unite(struct flows *w, const struct flows *from)
{
	for (unsigned i = 0; i < from->n; i++) {
		struct flow_cell *x = cell_of(w, from->cell[i].host, from->cell[i].key);

		x->attempts += from->cell[i].attempts;
		x->accepted += from->cell[i].accepted;
	}
}

static int
by_host(const void *a, const void *b)
{
	const struct flow *x = a, *y = b;
	int d = slice_cmp(x->host, y->host);

	if (d != 0)
		return d;
	if (x->verdict != y->verdict)
		return x->verdict < y->verdict ? -1 : 1;
	if (x->stage != y->stage)
		return x->stage < y->stage ? -1 : 1;
	return x->direction < y->direction ? -1 : x->direction > y->direction;
}

/* Hosts without spam have one cell of nothing. */
void
flow_end(struct collect *c)
{
	struct flows *w = &c->flows;
	struct summary *s = c->s;

	for (uint32_t i = 1; i <= s->run->last_host; i++)
		cell_of(w, i, 0);
	s->flow = mem_alloc((w->n + 1ul) * sizeof(*s->flow));
	for (unsigned i = 0; i < w->n; i++)
		s->flow[i] = (struct flow){
			.host = names_text(c->cl->names, w->cell[i].host),
			.verdict = (uint8_t)(w->cell[i].key / DIRECTIONS / STAGES),
			.stage = (uint8_t)(w->cell[i].key / DIRECTIONS % STAGES),
			.direction = (uint8_t)(w->cell[i].key % DIRECTIONS),
			.attempts = w->cell[i].attempts, .accepted = w->cell[i].accepted };
	s->flows = w->n;
	if (s->flows)
		qsort(s->flow, s->flows, sizeof(*s->flow), by_host);
}

void
flow_free(struct flows *w)
{
	free(w->cell);
	table_free(&w->by_cell);
}
