/* See seen.h. Open addressing; when the table is half full it is made anew without what is past. */
#include "parser/seen.h"

#include <stdlib.h>

#include "base/problem.h"

enum { LEAST = 256 };

/* The slot of hash, or a free one. */
static inline struct seen_slot *
find(const struct seen *s, uint64_t hash)
{
	uint32_t at = seen_place(s, hash);

	while (s->slot[at].tick != 0 && s->slot[at].hash != hash)
		at = (at + 1) & s->mask;
	return &s->slot[at];
}

static bool
is_kept(const struct seen_slot *x, uint64_t past)
{
	return x->tick != 0 && !seen_is_past(x, past);
}

static void __attribute__((noinline))
make_anew(struct seen *s, uint64_t past)
{
	struct seen old = *s;
	uint32_t size = LEAST;

	s->used = 0;
	for (uint32_t i = 0; old.slot != NULL && i <= old.mask; i++)
		s->used += is_kept(&old.slot[i], past);
	while (size < 4 * s->used)
		size *= 2;
	s->mask = size - 1;
	s->room = size / 2 - s->used;
	s->slot = mem_alloc((size_t)size * sizeof(*s->slot));
	for (uint32_t i = 0; old.slot != NULL && i <= old.mask; i++)
		if (is_kept(&old.slot[i], past))
			*find(s, old.slot[i].hash) = old.slot[i];
	free(old.slot);
}

struct seen_slot *
seen_at(struct seen *s, uint64_t hash, uint64_t past, uint64_t tick)
{
	uint32_t now = (uint32_t)tick;
	struct seen_slot *x;

	if (s->room == 0)
		make_anew(s, past);
	x = find(s, hash);
	if (x->tick == 0) {
		s->used++;
		s->room--;
		*x = (struct seen_slot){ .hash = hash };
	} else if (seen_is_past(x, past)) {
		x->count[0] = x->count[1] = 0;
	}
	x->tick = now + (now == 0);
	return x;
}

void
seen_free(struct seen *s)
{
	free(s->slot);
	*s = (struct seen){ 0 };
}
