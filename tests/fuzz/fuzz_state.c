/*
 * Any bytes as a packed state: refused, and what was there is as before; or taken, and then the
 * same bytes come out of it wherever it is read, and it can be judged. The first byte says what
 * was there.
 */
#include <stdlib.h>

#include "classify/judge.h"
#include "classify/state_fold.h"
#include "cli/builtin_rules.h"

#define CHECK(what) do { if (!(what)) abort(); } while (0)

/* Loaded once, for it takes longer than a try. */
static struct ruleset rules;
static const struct own own;

static void
classifier_open(struct classifier *cl)
{
	struct problem p = { "" };

	for (unsigned i = 0; rules.rules == 0 && i < builtin_rules_n; i++)
		CHECK(ruleset_add_packed(&rules, builtin_rules[i].name, builtin_rules[i].packed,
		    &p) == 0);
	if (!rules.model.loaded || rules.match_hash == 0)
		CHECK(ruleset_finish(&rules, &p) == 0);
	*cl = (struct classifier){ .rules = &rules, .own = &own, .names = names_open(),
		.evaluator = evaluator_open(&rules) };
}

static void
classifier_close(struct classifier *cl)
{
	evaluator_close(cl->evaluator);
	names_close(cl->names);
	state_free(&cl->state);
}

static void
see_one(struct classifier *cl)
{
	struct message m = { .kind = MESSAGE_ATTEMPT, .flags = MF_REJECTED, .repeat = 1,
		.reason = REJECT_USER, .has_addr = true, .ts = 1795132800, .last_ts = 1795132800,
		.helo = SLICE("pc"), .client_name = SLICE("a.example") };
	struct observation o;

	CHECK(addr_parse(SLICE("192.0.2.1"), &m.addr));
	observe(cl, &m, &o);
	observe_end(cl);
}

static void
judge_all(const struct classifier *cl)
{
	struct judge *j = judge_open(cl);
	struct judged r;

	while (judge_next(j, &r) == 1)
		CHECK(r.source < cl->state.sources && r.signature < cl->state.signatures);
	judge_close(j);
}

/* Into another classifier, and out again. */
static void
check_again(struct slice bytes)
{
	struct classifier cl;
	struct problem p = { "" };
	struct buf out = { 0 };

	classifier_open(&cl);
	CHECK(state_unpack(&cl, bytes, &p) == 0);
	judge_all(&cl);
	state_pack(&cl, &out);
	CHECK(slice_eq(buf_slice(&out), bytes));
	buf_free(&out);
	classifier_close(&cl);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = { (const char *)data, size };
	struct classifier cl;
	struct problem p = { "" };
	struct buf before = { 0 }, after = { 0 };

	classifier_open(&cl);
	if (size > 0 && data[0] % 2)
		see_one(&cl);
	state_pack(&cl, &before);
	if (state_unpack(&cl, slice_skip(bytes, 1), &p) == 0) {
		judge_all(&cl);
		state_pack(&cl, &after);
		check_again(buf_slice(&after));
	} else {
		state_pack(&cl, &after);
		CHECK(p.text[0] != '\0' && slice_eq(buf_slice(&before), buf_slice(&after)));
	}
	buf_free(&before);
	buf_free(&after);
	classifier_close(&cl);
	return 0;
}
