/* See state.h. */
#include "classify/state_hours.h"
#include "classify/state_limit.h"

#include <assert.h>
#include <stdlib.h>

#include "base/problem.h"
#include "base/utc.h"

enum { LINE = 64, GAP = LINE - 16 };

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
	return find(st, state_hash(kind, id, net), kind, id, net);
}

_Static_assert(sizeof(struct source) == LINE, "a source is one line of cache");

/* The allocator's large blocks begin 16 bytes behind a page's begin. */
void
state_room(struct state *st, uint32_t more)
{
	char *block = (char *)st->source;

	if (st->caps[0] - st->sources >= more)
		return;
	while (st->caps[0] - st->sources < more)
		st->caps[0] = st->caps[0] ? st->caps[0] * 2 : 64;
	block = mem_resize(block ? block - GAP : NULL, GAP + (size_t)st->caps[0] * LINE);
	st->source = (struct source *)(void *)(block + GAP);
}

uint32_t
state_append(struct state *st, enum source_kind kind, uint64_t id, uint64_t net, int64_t ts)
{
	uint32_t at = utc_stamp(ts);

	state_room(st, 1);
	st->source[st->sources] = (struct source){ .id = id, .net = net, .first = at, .last = at,
		.kind = (uint8_t)kind };
	return st->sources++;
}

uint32_t
state_source(struct state *st, enum source_kind kind, uint64_t id, uint64_t net, int64_t ts)
{
	uint64_t h = state_hash(kind, id, net);
	uint32_t i = find(st, h, kind, id, net), at = utc_stamp(ts);
	struct source *s;

	if (i == TABLE_NONE && kind != SOURCE_ACCOUNT && kind != SOURCE_REST &&
	    state_is_rest(st, kind, id, net))
		return state_rest(st, ts);
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
		    s->inside == sig->inside && s->port25 == sig->port25 &&
		    s->lost == sig->lost && s->zone == sig->zone)
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
	uint64_t b = (uint64_t)sig->zone << 32 | 1u << 31 | (uint64_t)sig->kind << 24 |
		     (uint64_t)sig->stage << 20 | (uint64_t)sig->direction << 16 |
		     (uint64_t)sig->action << 12 | (uint64_t)sig->lost << 11 |
		     (uint64_t)sig->spam_by << 4 |
		     (uint64_t)sig->port25 << 3 | (uint64_t)sig->inside << 2 |
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

void
state_add(struct state *st, uint32_t source, int64_t ts, uint32_t what, uint32_t n)
{
	uint32_t after = 0, *bag = state_bag(st, source, &after, utc_stamp(ts) / UTC_HOUR);

	*bag = bags_add(&st->bags, *bag, what, n);
}

void
state_expect_client(const struct state *st, uint64_t id)
{
	table_expect(&st->by_source, state_hash(SOURCE_CLIENT, id, 0));
}

void
state_expect_source(const struct state *st, uint64_t id)
{
	uint64_t h = state_hash(SOURCE_CLIENT, id, 0);
	uint32_t at, i = table_first(&st->by_source, h, &at);

	if (i != TABLE_NONE)
		__builtin_prefetch(&st->source[i]);
}

void
state_expect_add(const struct state *st, uint32_t source, uint32_t what, uint32_t n)
{
	bags_expect(&st->bags, st->source[source].bag, what, n);
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
	for (unsigned i = 0; i < st->sides; i++)
		set_free(&st->side[i].set);
	free(st->side);
	if (st->source != NULL)
		free((char *)st->source - GAP);
	free(st->hour);
	free(st->helo);
	free(st->signature);
	free(st->text);
	for (unsigned i = 0; i < st->thins; i++)
		free(st->thin[i]);
	free(st->thin);
	bags_free(&st->bags);
	table_free(&st->by_source);
	table_free(&st->by_signature);
	table_free(&st->by_text);
	arena_free(&st->arena);
	*st = (struct state){ 0 };
}
