/* See state_client.h. */
#include "classify/state_client.h"

/* Another one of a day that has *helo: that is the least of them afterwards. */
static void
join_helo(struct state *st, uint32_t source, uint32_t day, uint32_t *helo, uint32_t other)
{
	if (*helo == other)
		return;
	sides_add(&st->sides, source, day, SET_HELOS, *helo);
	sides_add(&st->sides, source, day, SET_HELOS, other);
	if (other < *helo)
		*helo = other;
}

void
state_old_helo(struct state *st, uint32_t source, uint32_t *after, uint32_t day, uint32_t helo)
{
	uint32_t *kept = state_cell(st, source, after, day * 24, WHAT_HELO);

	if (*kept == 0)
		*kept = helo;
	else
		join_helo(st, source, day, kept, helo);
}

void
state_helo(struct state *st, uint32_t source, uint32_t day, uint32_t helo)
{
	struct source *s = &st->source[source];
	uint32_t after = 0, old = s->helo, old_day = s->helo_day;

	if (old != 0 && day == old_day) {
		join_helo(st, source, day, &s->helo, helo);
		return;
	}
	if (old != 0 && day < old_day) {
		state_old_helo(st, source, &after, day, helo);
		return;
	}
	s->helo = helo;
	s->helo_day = (uint16_t)day;
	if (old != 0)
		state_old_helo(st, source, &after, old_day, old);
}

void
state_name(struct state *st, struct source *s, struct slice name, uint64_t hash, bool verified)
{
	if (s->name != NULL &&
	    (verified == s->verified ? slice_cmp(name, source_name(s)) >= 0 : !verified))
		return;
	s->name = arena_copy(&st->arena, name).p;
	s->name_n = (uint8_t)name.n;
	s->name_hash = hash;
	s->verified = verified;
	s->name_set = 0;
}
