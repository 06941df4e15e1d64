/*
 * See seen.h. Open addressing, doubled at half load. Cells may be of one second each, so nothing is
 * cleared: a slot says in which turn of its table it was filled.
 */
#include "parser/seen.h"

#include <stdlib.h>

#include "base/problem.h"

/* The slot of hash, or a free one. */
static inline struct seen_slot *
cell_place(const struct seen_cell *sc, uint64_t hash)
{
	uint32_t at = seen_place(sc, hash);

	while (sc->slot[at].turn == sc->turn && sc->slot[at].hash != hash)
		at = (at + 1) & sc->mask;
	return &sc->slot[at];
}

static void
cell_grow(struct seen_cell *sc)
{
	struct seen_cell old = *sc;

	sc->mask = old.slot ? old.mask * 2 + 1 : 255;
	sc->slot = mem_alloc(((size_t)sc->mask + 1) * sizeof(*sc->slot));
	sc->turn = 1;
	sc->room = sc->mask / 2 + 1 - sc->used;
	for (uint32_t i = 0; old.slot != NULL && i <= old.mask; i++)
		if (old.slot[i].turn == old.turn) {
			struct seen_slot *slot = cell_place(sc, old.slot[i].hash);

			*slot = old.slot[i];
			slot->turn = 1;
		}
	free(old.slot);
}

static void
cell_reset(struct seen_cell *sc, int64_t cell)
{
	sc->cell = cell;
	sc->room += sc->used;
	sc->used = 0;
	if (sc->turn++ == UINT32_MAX) {	/* all over again */
		free(sc->slot);
		*sc = (struct seen_cell){ .cell = cell };
	}
}

static uint16_t * __attribute__((noinline))
prepare(struct seen *s, int64_t cell, uint64_t hash)
{
	struct seen_cell *sc = &s->cell[cell & 1];

	if (sc->cell != cell)
		cell_reset(sc, cell);
	if (sc->room == 0)
		cell_grow(sc);
	return seen_counters(s, cell, hash);
}

uint16_t *
seen_counters(struct seen *s, int64_t cell, uint64_t hash)
{
	struct seen_cell *sc = &s->cell[cell & 1];
	struct seen_slot *slot;

	if (sc->cell != cell || sc->room == 0)
		return prepare(s, cell, hash);
	slot = cell_place(sc, hash);
	if (slot->turn != sc->turn) {
		*slot = (struct seen_slot){ .hash = hash, .turn = sc->turn };
		sc->used++;
		sc->room--;
	}
	return slot->count;
}

void
seen_free(struct seen *s)
{
	free(s->cell[0].slot);
	free(s->cell[1].slot);
	*s = (struct seen){ 0 };
}
