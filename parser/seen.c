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

static void
make_anew(struct seen *s, uint32_t size, uint64_t past)
{
	const struct seen_slot *old = s->slot, *end = old ? old + s->mask + 1 : NULL;

	s->slot = mem_alloc((size_t)size * sizeof(*s->slot));
	s->mask = size - 1;
	s->used = 0;
	for (const struct seen_slot *x = old; x != end; x++)
		if (x->tick != 0 && !seen_is_past(x, past)) {
			*find(s, x->hash) = *x;
			s->used++;
		}
	s->room = size / 2 - s->used;
	free((struct seen_slot *)old);
}

/* It stays as large as it is, or grows and shrinks so that it is made anew seldom. */
static void __attribute__((noinline))
make_room(struct seen *s, uint64_t past)
{
	uint32_t size = s->slot ? s->mask + 1 : LEAST;

	make_anew(s, size, past);
	if (s->used >= SEEN_THINGS) {
		s->forgotten += s->used;
		free(s->slot);
		s->slot = NULL;
		make_anew(s, LEAST, past);
	} else if (s->used > size / 4)
		make_anew(s, 2 * size, past);
	else if (s->used < size / 16 && size > LEAST)
		make_anew(s, size / 2, past);
}

struct seen_slot *
seen_at(struct seen *s, uint64_t hash, uint64_t past, uint64_t tick)
{
	uint32_t now = (uint32_t)tick;
	struct seen_slot *x;

	if (s->room == 0)
		make_room(s, past);
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
