/*
 * Any bytes as a rule file behind the shipped model, and alone: loaded, or why not. What
 * was loaded is whole: every index within its table, examples of both kinds.
 */
#include <stdlib.h>

#include "cli/builtin_rules.h"
#include "base/wide.h"
#include "classify/evaluator.h"

#define CHECK(what) do { if (!(what)) abort(); } while (0)

static void
check_rule(const struct ruleset *rs, const struct rule *r)
{
	CHECK(r->id.n > 0 && r->says.n > 0 && r->line > 0 && r->column > 0);
	CHECK(r->group < rs->groups && r->scope <= SCOPE_HABIT && r->unit < UNITS);
	CHECK(r->forgeable == 'N' || r->forgeable == 'P' || r->forgeable == 'Y');
	CHECK(!r->anchor || r->forgeable != 'Y');
	CHECK(r->late ? r->bounds > 0 : r->alls + r->nones > 0);
	for (unsigned i = 0; i < r->alls; i++)
		CHECK(r->all[i] < rs->atoms);
	for (unsigned i = 0; i < r->nones; i++)
		CHECK(r->none[i] < rs->atoms);
	for (unsigned i = 0; i < r->bounds; i++)
		CHECK(r->bound[i].counter < COUNTERS);
	for (unsigned i = 0; i < VERDICTS; i++)
		CHECK(r->weight[i] >= -10000 && r->weight[i] <= 10000);
	CHECK(r->examples >= 2);
}

/* Each line reads all examples of all lines. */
static void
use_lines(const struct taught *t)
{
	struct names *names = names_open();
	struct zone utc = { .fixed = true };
	struct header_reader *r = header_open(names, &utc, SLICE("mx"), 2026, 0);
	struct taught_reader *reader = taught_open(t, names);

	CHECK((reader != NULL) == (t->lines > 0));
	for (unsigned i = 0; i < t->lines; i++) {
		const struct taught_line *l = &t->line[i];

		CHECK(l->id.n > 0 && l->programs > 0 && l->literal.n >= TAUGHT_LITERAL_MIN);
		CHECK(l->code != NULL && l->examples >= 2 && l->type < EV_TYPES);
		for (unsigned k = 0; k < l->examples; k++) {
			struct slice text = l->example[k].text;
			char *copy = mem_alloc(text.n + WIDE_SLACK);
			struct header h = { 0 };
			struct event ev;

			memcpy(copy, text.p, text.n);
			text.p = copy;
			if (header_parse(r, text, &h) == LINE_RECOGNISED)
				line_read(reader, &h, &ev);
			free(copy);
		}
	}
	taught_close(reader);
	header_close(r);
	names_close(names);
}

static void
use(struct ruleset *rs)
{
	struct evaluator *e = evaluator_open(rs);
	struct message m = { .kind = MESSAGE_ATTEMPT, .repeat = 1, .recipients = 1,
		.helo = SLICE("pc-1"), .sender = SLICE("a@b.example"), .reply = SLICE("550 no") };
	struct own own = { 0 };
	struct facts f;
	uint32_t hits;

	facts_of_message(&m, &own, SLICE("mx"), &f);
	facts_of_name(0, &f);
	hits = evaluator_hits(e, &f, 1790000000);
	for (uint32_t i = 0; i < evaluator_get(e, hits)->n; i++)
		CHECK(evaluator_get(e, hits)->rule[i] < rs->rules);
	evaluator_close(e);
}

static void
load(struct slice bytes, bool alone)
{
	struct ruleset rs = { 0 };
	struct problem p = { "" };
	int rc = 0;

	for (unsigned i = 0; !alone && i < builtin_rules_n; i++)
		if (strstr(builtin_rules[i].name, "model") ||
		    strstr(builtin_rules[i].name, "names"))
			CHECK(ruleset_add_packed(&rs, builtin_rules[i].name,
			    builtin_rules[i].packed, &p) == 0);
	rc = ruleset_add(&rs, "f", bytes, &p);
	if (rc == 0)
		rc = ruleset_finish(&rs, &p);
	if (rc == 0) {
		for (unsigned i = 0; i < rs.rules; i++)
			check_rule(&rs, &rs.rule[i]);
		use(&rs);
		use_lines(&rs.taught);
	} else {
		CHECK(p.text[0] != '\0');
	}
	ruleset_free(&rs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = { (const char *)data, size };

	load(bytes, false);
	load(bytes, true);
	return 0;
}
