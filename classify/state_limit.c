/* See state_limit.h. A state is thinned by merging it into an empty one with another threshold. */
#include "classify/state_limit.h"

#include <stdlib.h>

#include "base/problem.h"
#include "classify/state_fold.h"
#include "classify/state_hours.h"
#include "classify/state_packed.h"

/* What is kept hangs on the source itself, whatever its numbers are here. */
static bool
is_rest(const struct state *st, enum source_kind kind, uint64_t hash, uint64_t net)
{
	return st->halvings > 0 && kind != SOURCE_SCRIPT &&
	    hash_travel_u64(hash, net ^ (uint64_t)kind << 60) >> (64 - st->halvings) != 0;
}

bool
state_is_rest(const struct state *st, enum source_kind kind, uint64_t id, uint64_t net)
{
	if (st->halvings == 0)
		return false;
	return is_rest(st, kind, state_has_text(kind) ? hash_travel(st->text[id], kind) : id, net);
}

uint32_t
state_rest(struct state *st, int64_t ts)
{
	return state_source(st, SOURCE_REST, 0, 0, ts);
}

uint32_t
state_text_source(struct state *st, enum source_kind kind, struct slice text, uint64_t net,
    int64_t ts)
{
	if (st->halvings > 0 && is_rest(st, kind, hash_travel(text, kind), net)) {
		uint32_t known = state_text_find(st, text);

		if (known == 0 || state_find(st, kind, known, net) == TABLE_NONE)
			return state_rest(st, ts);
	}
	return state_source(st, kind, state_text(st, text), net, ts);
}

uint64_t
state_rest_events(const struct state *st)
{
	uint32_t rest = state_find(st, SOURCE_REST, 0, 0);
	uint64_t events = 0;

	if (rest == TABLE_NONE)
		return 0;
	for (struct walk w = state_newest(&st->source[rest]); w.bag != 0; w = state_older(st, w)) {
		unsigned n;
		const struct bag_item *x = bags_items(&st->bags, w.bag, &n), *end = x + n;

		for (; x < end; x++)
			if (x->what < WHAT_COUNTER && st->signature[x->what].kind != KIND_SIGN)
				events += x->n;
	}
	return events;
}

bool
state_has_mail(const struct state *st, uint32_t source)
{
	for (struct walk w = state_newest(&st->source[source]); w.bag != 0;
	     w = state_older(st, w)) {
		unsigned n;
		const struct bag_item *x = bags_items(&st->bags, w.bag, &n), *end = x + n;

		for (; x < end; x++)
			if (x->what < WHAT_COUNTER && (st->signature[x->what].kind == KIND_HAM ||
			    st->signature[x->what].kind == KIND_SPAM))
				return true;
	}
	return false;
}

bool
state_only_failed(const struct state *st, uint32_t source)
{
	for (struct walk w = state_newest(&st->source[source]); w.bag != 0;
	     w = state_older(st, w)) {
		unsigned n;
		const struct bag_item *x = bags_items(&st->bags, w.bag, &n), *end = x + n;

		for (; x < end; x++)
			if (x->what != WHAT_COUNTER + COUNT_SASL_FAILURES)
				return false;
	}
	return true;
}

static void
halve(struct state *st, unsigned halvings, unsigned threads)
{
	struct state thin = { .halvings = (uint8_t)halvings, .thin = st->thin, .thins = st->thins,
		.most = st->most, .kept = st->kept };
	uint32_t *number = mem_alloc((st->sources + 1ul) * sizeof(*number));

	st->thin = NULL;
	st->thins = 0;
	state_merge_numbered(&thin, st, NULL, threads, number);
	thin.thin = mem_resize(thin.thin, (thin.thins + 1ul) * sizeof(*thin.thin));
	thin.thin[thin.thins++] = number;
	*st = thin;
}

void
state_thin(struct state *st, uint32_t most, unsigned halvings, unsigned threads)
{
	while (st->halvings < 63 && (st->sources > most || st->halvings < halvings)) {
		unsigned next = st->halvings + 1u;

		halve(st, next > halvings ? next : halvings, threads);
	}
}

uint32_t
state_number(const struct state *st, uint32_t source, unsigned then)
{
	for (; then < st->thins; then++)
		source = st->thin[then][source];
	return source;
}
