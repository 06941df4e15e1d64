/*
 * The law of the fold, field by field: for each thing that a run keeps, a log of the fixtures that
 * has it is cut at random, and the parts have as much of it as the whole.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "classify/state_hours.h"
#include "classify/state_sets.h"
#include "tests/unit/cuts.h"

enum { ROUNDS = 6, LOGS_MAX = 128 };

static uint64_t
sources(const struct pipeline *p, unsigned kind)
{
	const struct state *st = &p->classifier.state;
	uint64_t n = 0;

	for (unsigned i = 0; i < st->sources; i++)
		n += st->source[i].kind == kind;
	return n;
}

static uint64_t
in_bag(const struct state *st, uint32_t bag, uint32_t what)
{
	unsigned n;
	const struct bag_item *x = bags_items(&st->bags, bag, &n);
	uint64_t sum = 0;

	for (unsigned i = 0; i < n; i++)
		sum += x[i].what == what ? x[i].n : 0;
	return sum;
}

static uint64_t
counted(const struct pipeline *p, unsigned counter)
{
	const struct state *st = &p->classifier.state;
	uint64_t sum = 0;

	for (unsigned i = 0; i < st->sources; i++) {
		sum += in_bag(st, st->source[i].bag, WHAT_COUNTER + counter);
		for (uint32_t h = st->source[i].hours; h != 0; h = st->hour[h - 1].next)
			sum += in_bag(st, st->hour[h - 1].bag, WHAT_COUNTER + counter);
	}
	return sum;
}

static uint64_t
signed_by(const struct state *st, uint32_t bag, unsigned what)
{
	unsigned n;
	const struct bag_item *x = bags_items(&st->bags, bag, &n), *end = x + n;
	uint64_t sum = 0;

	for (; x < end; x++) {
		const struct signature *sig = &st->signature[x->what < WHAT_COUNTER ? x->what : 0];

		if (x->what >= WHAT_COUNTER)
			continue;
		sum += what == 0 ? sig->port25 * x->n : what == 1 ? sig->lost * x->n :
		    sig->zone == 0 ? 0 : hash_fixed(st->text[sig->zone], 0) * x->n;
	}
	return sum;
}

/* Events on port 25 with a login, that lost a recipient; of DNSBL zones, each by its name. */
static uint64_t
signatures(const struct pipeline *p, unsigned what)
{
	const struct state *st = &p->classifier.state;
	uint64_t sum = 0;

	for (unsigned i = 0; i < st->sources; i++)
		for (struct walk w = state_newest(&st->source[i]); w.bag != 0;
		     w = state_older(st, w))
			sum += signed_by(st, w.bag, what);
	return sum;
}

static uint64_t
elements(const struct pipeline *p, unsigned kind)
{
	const struct state *st = &p->classifier.state;
	uint64_t sum = 0;

	for (unsigned i = 0; i < st->sides; i++)
		sum += st->side[i].kind == kind ? set_count(&st->side[i].set) : 0;
	return sum;
}

enum of_source { NAMES, VERIFIED, HELOS, HOURS, FIRST, LAST, OF_SOURCES };

static uint64_t
of_sources(const struct pipeline *p, unsigned what)
{
	const struct state *st = &p->classifier.state;
	uint64_t sum = 0;

	for (unsigned i = 0; i < st->sources; i++) {
		const struct source *s = &st->source[i];
		uint64_t hours = s->bag != 0, helos = s->helo != 0;

		for (uint32_t h = s->hours; h != 0; h = st->hour[h - 1].next)
			hours++;
		for (uint32_t h = s->helos; h != 0; h = st->helo[h - 1].next)
			helos++;
		sum += what == NAMES ? s->name_n : what == VERIFIED ? s->verified :
		    what == HELOS ? helos : what == HOURS ? hours :
		    what == FIRST ? s->first : s->last;
	}
	return sum;
}

enum of_state { SIGNATURES, ATTEMPTS, LOGIN_FAILURES, SPAN_FIRST, SPAN_LAST, OF_STATE };

static uint64_t
of_state(const struct pipeline *p, unsigned what)
{
	const struct state *st = &p->classifier.state;
	const uint64_t value[OF_STATE] = { st->signatures, st->attempts, st->login_failures,
		(uint64_t)st->first, (uint64_t)st->last };

	return value[what];
}

static uint64_t
lines(const struct pipeline *p, unsigned kind)
{
	return p->facts.lines[kind];
}

static uint64_t
lines_of(const struct pipeline *p, unsigned mta)
{
	return p->facts.mta_lines[mta];
}

enum { COUNTS = sizeof(struct correlate_counts) / sizeof(uint64_t) };

static uint64_t
messages(const struct pipeline *p, unsigned which)
{
	uint64_t count[COUNTS];

	memcpy(count, &p->facts.messages, sizeof(count));
	return count[which];
}

enum of_run { SELECTED, REPEATED, BACKWARDS, SAMPLES_UNKNOWN, SAMPLES_BAD, OF_RUN };

static uint64_t
of_run(const struct pipeline *p, unsigned what)
{
	const struct run_facts *f = &p->facts;
	const uint64_t value[OF_RUN] = { f->selected, f->repeated, f->backwards, f->samples[0],
		f->samples[1] };

	return value[what];
}

static const struct field {
	const char *name;
	uint64_t (*value)(const struct pipeline *p, unsigned which);
	unsigned n;
} fields[] = {
	{ "sources of kind", sources, SOURCE_REST },
	{ "counter", counted, COUNT_STORED },
	{ "signatures", signatures, 3 },
	{ "sets of kind", elements, SET_KINDS },
	{ "of sources", of_sources, OF_SOURCES },
	{ "of the state", of_state, OF_STATE },
	{ "lines of kind", lines, 4 },
	{ "lines of daemon", lines_of, MTA_COUNT },
	{ "messages", messages, COUNTS },
	{ "of the run", of_run, OF_RUN },
};

enum { FIELDS = sizeof(fields) / sizeof(fields[0]), VALUES = 80 };

/* All values of a run, in the order of the table. */
static void
put(struct pipeline *p, struct buf *out)
{
	for (unsigned k = 0; k < FIELDS; k++)
		for (unsigned i = 0; i < fields[k].n; i++) {
			uint64_t v = fields[k].value(p, i);

			buf_add(out, (struct slice){ (const char *)&v, sizeof(v) });
		}
}

static unsigned
values_of(const struct buf *b, uint64_t value[VALUES])
{
	assert_true(b->n <= VALUES * sizeof(*value));
	memcpy(value, b->p, b->n);
	return b->n / (unsigned)sizeof(*value);
}

/* Random cuts of one log for the value of that number. */
static void
check_value(struct log *l, unsigned at, uint64_t whole, const char *what)
{
	uint64_t seed = at + 1, value[VALUES];
	unsigned cut[PIECES_MOST];

	for (unsigned r = 0; r < ROUNDS; r++) {
		unsigned pieces = random_cut(l, cut, &seed);
		struct buf out = { 0 };

		cut_of(l, cut, pieces, true, next(&seed) | 1, &out);
		values_of(&out, value);
		if (value[at] != whole)
			fail_msg("%s: %u pieces from %u: %llu, not %llu", what, pieces, cut[0],
			    (unsigned long long)value[at], (unsigned long long)whole);
		buf_free(&out);
	}
}

/* What no lab wrote: a verdict alone, a bounce of spam, lines cut and unknown, a lost message. */
static const char *const more[] = { "fixtures/lines/rejectlog.log", "fixtures/lines/spamd.log",
	"fixtures/lines/exim.log", "fixtures/lines/amavis.log", "fixtures/hostile/postfix-cut.log",
	"fixtures/hostile/postfix-forged.log", "fixtures/cuts/postfix-lost.log",
	"fixtures/cuts/postfix-filters.log" };

static unsigned
open_logs(struct log *log)
{
	unsigned n = 0;
	char pattern[512];
	glob_t dirs;

	assert_int_equal(glob("fixtures/cases/*", 0, NULL, &dirs), 0);
	for (size_t i = 0; i < dirs.gl_pathc && n < LOGS_MAX; i++) {
		snprintf(pattern, sizeof(pattern), "%s/*log*", dirs.gl_pathv[i]);
		open_pattern(&log[n++], pattern);
	}
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		open_pattern(&log[n++], more[i]);
	globfree(&dirs);
	return n;
}

/*
 * Lines of no daemon; sets of HELOs, which are a client's chain and become sets when judged; what
 * a limit made end early, as the law holds within the limits.
 */
static bool
is_never(const struct field *f, unsigned n)
{
	return (f->value == lines_of && n == MTA_NONE) ||
	    (f->value == elements && n == SET_HELOS) ||
	    (f->value == messages && n == COUNTS - 1);
}

static void
each_field(void **state)
{
	static struct log log[LOGS_MAX + 8];
	static uint64_t whole[LOGS_MAX + 8][VALUES];
	unsigned logs = open_logs(log), at = 0;

	(void)state;
	for (unsigned i = 0; i < logs; i++) {
		struct buf out = { 0 };

		whole_of(&log[i], &out);
		values_of(&out, whole[i]);
		buf_free(&out);
	}
	for (unsigned k = 0; k < FIELDS; k++)
		for (unsigned n = 0; n < fields[k].n; n++, at++) {
			unsigned i = 0;
			char what[80];

			snprintf(what, sizeof(what), "%s %u", fields[k].name, n);
			while (i < logs && whole[i][at] == 0)
				i++;
			if (i == logs && !is_never(&fields[k], n))
				fail_msg("%s: no log has it", what);
			if (i < logs)
				check_value(&log[i], at, whole[i][at], what);
		}
	for (unsigned i = 0; i < logs; i++)
		close_log(&log[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_field),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
