/*
 * See state_client.h. HELOs of a client are a chain in descending order of day, of which the first
 * of the newest day lies in the source itself.
 */
#include "classify/state_client.h"

#include "base/problem.h"
#include "classify/state_sets.h"

/* A new one behind prev (0: the source's own). */
static void
insert(struct state *st, uint32_t source, uint32_t prev, uint32_t day, uint32_t helo)
{
	uint32_t *link;

	mem_grow(&st->helo, &st->caps[3], st->helos + 1, sizeof(*st->helo));
	link = prev ? &st->helo[prev - 1].next : &st->source[source].helos;
	st->helo[st->helos] = (struct helo){ *link, helo, day };
	*link = ++st->helos;
}

/* All of a day, from `first` on and behind it, become one HELO_MANY; one is the new one. */
static void
gather(struct state *st, uint32_t source, uint32_t day, uint32_t *first, uint32_t *next,
    uint32_t one)
{
	struct set *set = state_set(st, source, day, SET_HELOS);

	set_add(set, *first);
	for (; *next != 0 && st->helo[*next - 1].day == day; *next = st->helo[*next - 1].next)
		set_add(set, st->helo[*next - 1].hash);
	if (one != HELO_MANY)
		set_add(set, one);
	*first = HELO_MANY;
}

/* A day that has some: the first, at prev (0: the source's own), and those behind it. */
static void
add(struct state *st, uint32_t source, uint32_t prev, uint32_t day, uint32_t helo)
{
	struct source *s = &st->source[source];
	uint32_t *first = prev ? &st->helo[prev - 1].hash : &s->helo;
	uint32_t *next = prev ? &st->helo[prev - 1].next : &s->helos, n = 1;

	if (*first == helo)
		return;
	if (*first == HELO_MANY) {
		set_add(state_set(st, source, day, SET_HELOS), helo);
		return;
	}
	for (uint32_t i = *next; i != 0 && st->helo[i - 1].day == day; i = st->helo[i - 1].next) {
		if (st->helo[i - 1].hash == helo)
			return;
		n++;
	}
	if (n == HELOS || helo == HELO_MANY)
		gather(st, source, day, first, next, helo);
	else
		insert(st, source, prev, day, helo);
}

static void
add_old(struct state *st, uint32_t source, uint32_t *after, uint32_t day, uint32_t helo)
{
	uint32_t prev = *after, next = prev ? st->helo[prev - 1].next : st->source[source].helos;

	while (next != 0 && st->helo[next - 1].day > day) {
		prev = next;
		next = st->helo[next - 1].next;
	}
	*after = prev;
	if (next != 0 && st->helo[next - 1].day == day)
		add(st, source, next, day, helo);
	else
		insert(st, source, prev, day, helo);
}

void
state_helo(struct state *st, uint32_t source, uint32_t *after, uint32_t day, uint32_t helo)
{
	struct source *s = &st->source[source];

	if (s->helo != 0 && day == s->helo_day) {
		add(st, source, 0, day, helo);
		return;
	}
	if (s->helo != 0 && day < s->helo_day) {
		add_old(st, source, after, day, helo);
		return;
	}
	if (s->helo != 0)
		insert(st, source, 0, s->helo_day, s->helo);
	s = &st->source[source];
	s->helo = helo;
	s->helo_day = (uint16_t)day;
}

uint64_t
state_helo_count(const struct state *st, uint32_t source, uint32_t day)
{
	const struct source *s = &st->source[source];
	uint32_t helo = day == s->helo_day ? s->helo : 0, next = s->helos;
	uint64_t n = helo != 0;

	if (s->helo == 0 || day > s->helo_day)
		return 0;
	for (; next != 0 && st->helo[next - 1].day >= day; next = st->helo[next - 1].next)
		if (st->helo[next - 1].day == day) {
			helo = st->helo[next - 1].hash;
			n++;
		}
	if (helo == HELO_MANY)
		return set_count(state_set_find(st, source, day, SET_HELOS));
	return n;
}

/*
 * The byte before a name is the room that it has: who changes his name again and again must not
 * take more each time.
 */
static void
set_text(struct arena *arena, struct source *s, struct slice name)
{
	unsigned room = s->name ? (uint8_t)s->name[-1] : 0;
	char *text = (char *)(uintptr_t)s->name;

	if (name.n > room) {
		room = name.n > 2 * room ? (unsigned)name.n : 2 * room < 255 ? 2 * room : 255;
		text = (char *)arena_alloc(arena, room + 1ul) + 1;
		text[-1] = (char)room;
	}
	memcpy(text, name.p, name.n);
	s->name = text;
	s->name_n = (uint8_t)name.n;
}

void
state_name_in(
    struct arena *arena, struct source *s, struct slice name, uint64_t hash, bool verified)
{
	if (s->name != NULL &&
	    (verified == s->verified ? slice_cmp(name, source_name(s)) >= 0 : !verified))
		return;
	set_text(arena, s, name);
	s->name_hash = hash;
	s->verified = verified;
	s->name_set = 0;
}

void
state_name(struct state *st, struct source *s, struct slice name, uint64_t hash, bool verified)
{
	state_name_in(&st->arena, s, name, hash, verified);
}
