/*
 * See state.h. Cells of a source are a chain in descending order of hour; most events hit its head.
 * One source may have any number of signatures in an hour (texts that a sender chooses), so only
 * the first NEAR are searched; the others are in a table.
 */
#include "classify/state.h"

#include <assert.h>
#include <stdlib.h>

#include "base/utc.h"

static uint64_t
source_hash(enum source_kind kind, uint64_t id, uint64_t net)
{
	return hash_u64(id, net ^ (uint64_t)kind << 60);
}

static inline uint32_t
find(const struct state *st, uint64_t h, enum source_kind kind, uint64_t id, uint64_t net)
{
	uint32_t at, i;

	for (i = table_first(&st->by_source, h, &at); i != TABLE_NONE;
	     i = table_next(&st->by_source, h, &at)) {
		const struct source *s = &st->source[i];

		if (s->id == id && s->kind == kind && (kind == SOURCE_CLIENT || s->net == net))
			return i;
	}
	return TABLE_NONE;
}

uint32_t
state_find(const struct state *st, enum source_kind kind, uint64_t id, uint64_t net)
{
	return find(st, source_hash(kind, id, net), kind, id, net);
}

uint32_t
state_append(struct state *st, enum source_kind kind, uint64_t id, uint64_t net, int64_t ts)
{
	uint32_t at = utc_stamp(ts);

	mem_grow(&st->source, &st->caps[0], st->sources + 1, sizeof(*st->source));
	st->source[st->sources] = (struct source){ .id = id, .net = net, .first = at, .last = at,
		.kind = (uint8_t)kind };
	return st->sources++;
}

uint32_t
state_source(struct state *st, enum source_kind kind, uint64_t id, uint64_t net, int64_t ts)
{
	uint64_t h = source_hash(kind, id, net);
	uint32_t i = find(st, h, kind, id, net), at = utc_stamp(ts);
	struct source *s;

	if (i == TABLE_NONE) {
		i = state_append(st, kind, id, net, ts);
		table_add(&st->by_source, h, i);
	}
	s = &st->source[i];
	if (at < s->first)
		s->first = at;
	if (at > s->last)
		s->last = at;
	return i;
}

static uint32_t
signature_find(struct state *st, const struct signature *sig, uint64_t h)
{
	uint32_t at, i;

	for (i = table_first(&st->by_signature, h, &at); i != TABLE_NONE;
	     i = table_next(&st->by_signature, h, &at)) {
		const struct signature *s = &st->signature[i];

		if (s->hits == sig->hits && s->host == sig->host && s->kind == sig->kind &&
		    s->stage == sig->stage && s->direction == sig->direction &&
		    s->action == sig->action && s->spam_by == sig->spam_by &&
		    s->submission == sig->submission && s->listed == sig->listed &&
		    s->inside == sig->inside)
			return i;
	}
	mem_grow(&st->signature, &st->caps[2], st->signatures + 1, sizeof(*st->signature));
	st->signature[st->signatures] = *sig;
	table_add(&st->by_signature, h, st->signatures);
	return st->signatures++;
}

/* Few are frequent: those are found without the table and its records. */
uint32_t
state_signature(struct state *st, const struct signature *sig)
{
	uint64_t a = (uint64_t)sig->hits << 32 | sig->host;
	uint64_t b = (uint64_t)1 << 48 | (uint64_t)sig->kind << 40 | (uint64_t)sig->stage << 32 |
		     (uint64_t)sig->direction << 24 | (uint64_t)sig->action << 16 |
		     (uint64_t)sig->spam_by << 8 | (uint64_t)sig->inside << 2 |
		     (uint64_t)sig->submission << 1 | sig->listed;
	uint64_t h = hash_u64(a, b);
	size_t place = (h >> 32) % (sizeof(st->recent) / sizeof(st->recent[0]));

	if (st->recent[place].a != a || st->recent[place].b != b) {
		st->recent[place].a = a;
		st->recent[place].b = b;
		st->recent[place].index = signature_find(st, sig, h);
	}
	return st->recent[place].index;
}

enum { NEAR = 8 };

static uint64_t
far_hash(uint32_t source, uint32_t hour, uint32_t what)
{
	return hash_u64((uint64_t)source << 32 | hour, 2000 + (uint64_t)what);
}

static uint32_t *
far_find(const struct state *st, uint32_t source, uint32_t hour, uint32_t what)
{
	uint64_t h = far_hash(source, hour, what);
	uint32_t at, i;

	for (i = table_first(&st->by_far, h, &at); i != TABLE_NONE;
	     i = table_next(&st->by_far, h, &at)) {
		struct cell *c = &st->cell[st->far[i].cell];

		if (st->far[i].source == source && c->hour == hour && c->what == what)
			return &c->n;
	}
	return NULL;
}

/* The next cell is one to be found by table. */
static void
far_add(struct state *st, uint32_t source, uint32_t hour, uint32_t what)
{
	mem_grow(&st->far, &st->fars_cap, st->fars + 1, sizeof(*st->far));
	st->far[st->fars] = (struct far_cell){ source, st->cells };
	table_add(&st->by_far, far_hash(source, hour, what), st->fars++);
}

static inline uint32_t *
link_behind(struct state *st, uint32_t source, uint32_t prev)
{
	return prev ? &st->cell[prev - 1].next : &st->source[source].cells;
}

static inline uint32_t *
find_cell(struct state *st, uint32_t source, uint32_t *after, uint32_t hour, uint32_t what)
{
	uint32_t *link = link_behind(st, source, *after), prev = *after, *count;
	int near = 0;

	while (*link != 0 && st->cell[*link - 1].hour >= hour && near < NEAR) {
		struct cell *c = &st->cell[*link - 1];

		if (c->hour > hour)
			*after = *link;
		else if (c->what == what)
			return &c->n;
		near += c->hour == hour;
		prev = *link;
		link = &c->next;
	}
	if (near == NEAR) {
		if ((count = far_find(st, source, hour, what)) != NULL)
			return count;
		far_add(st, source, hour, what);
	}
	mem_grow(&st->cell, &st->caps[1], st->cells + 1, sizeof(*st->cell));
	link = link_behind(st, source, prev);
	st->cell[st->cells] = (struct cell){ *link, hour, what, 0 };
	*link = ++st->cells;
	return &st->cell[st->cells - 1].n;
}

uint32_t *
state_cell(struct state *st, uint32_t source, uint32_t *after, uint32_t hour, uint32_t what)
{
	return find_cell(st, source, after, hour, what);
}

void
state_add(struct state *st, uint32_t source, int64_t ts, uint32_t what, uint32_t n)
{
	uint32_t after = 0;

	cell_add(find_cell(st, source, &after, utc_stamp(ts) / UTC_HOUR, what), n);
}

void
state_expect_client(const struct state *st, uint64_t id)
{
	table_expect(&st->by_source, source_hash(SOURCE_CLIENT, id, 0));
}

void
state_expect(const struct state *st, uint32_t source)
{
	if (st->source[source].cells != 0)
		__builtin_prefetch(&st->cell[st->source[source].cells - 1]);
}

uint32_t
state_cells(const struct state *st, uint32_t source, int64_t day)
{
	uint32_t i = st->source[source].cells;

	while (i != 0 && (int64_t)st->cell[i - 1].hour >= (day + 1) * 24)
		i = st->cell[i - 1].next;
	return i;
}

uint32_t
state_text_find(const struct state *st, struct slice text)
{
	uint64_t h = hash_bytes(text, 77);
	uint32_t at, i;

	for (i = table_first(&st->by_text, h, &at); i != TABLE_NONE;
	     i = table_next(&st->by_text, h, &at))
		if (slice_eq(st->text[i], text))
			return i;
	return 0;
}

uint32_t
state_text(struct state *st, struct slice text)
{
	uint32_t i;

	mem_grow(&st->text, &st->texts_cap, st->texts + 2, sizeof(*st->text));
	if (st->texts == 0)
		st->text[st->texts++] = SLICE("");
	i = text.n ? state_text_find(st, text) : 0;
	if (i != 0 || text.n == 0)
		return i;
	st->text[st->texts] = arena_copy(&st->arena, text);
	table_add(&st->by_text, hash_bytes(text, 77), st->texts);
	return st->texts++;
}

void
state_free(struct state *st)
{
	sides_free(&st->sides);
	free(st->source);
	free(st->cell);
	free(st->signature);
	free(st->far);
	free(st->text);
	table_free(&st->by_source);
	table_free(&st->by_signature);
	table_free(&st->by_far);
	table_free(&st->by_text);
	arena_free(&st->arena);
	*st = (struct state){ 0 };
}
