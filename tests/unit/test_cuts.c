/*
 * The law of the fold, for whole runs: logs cut between any lines, mapped to parts, merged in any
 * order and nesting, give the bytes of text, JSON, jsonl and state over the logs at once.
 *
 * Without arguments: the tests of "make check". With logs as arguments, these are tried, and a line
 * is printed for each: test_cuts [-r ROUNDS] [-e EVERY] [-t] [-n] [-s SEED] [-v] LOG[,LOG]...
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "classify/state_fold.h"
#include "report/html.h"
#include "report/json.h"
#include "report/text.h"
#include "tests/unit/cuts.h"

struct plan {			/* which cuts are tried */
	unsigned every;		/* 1: before each line; n: one in n lines; 0: none */
	unsigned rounds;	/* of random ones */
	bool tiny;		/* PIECES_MOST pieces, or one of each line */
	bool named;		/* half of them without a number */
	uint64_t seed;
};

struct tried {
	unsigned long cuts, differ;
	char first[200];
};

static bool verbose;


/* The reports and the state of a run. */
static void
put(struct pipeline *p, struct buf *out)
{
	struct judge *j = judge_open(&p->classifier);
	struct summary *s;

	p->facts.n_files = 0;
	s = summary_make(&p->classifier, j, &p->facts, &(struct summary_options){
	    .top = p->options->top, .jobs = 1, .days = SUMMARY_DAYS });
	text_report(s, out, &(struct text_options){ .top = 50, .verbose = true });
	json_report(s, out);
	html_report(s, out);
	state_pack(&p->classifier, out);
	summary_free(s);
	judge_close(j);
}

static struct slice
take_line(struct slice *rest)
{
	const char *lf = slice_chr(*rest, '\n');
	struct slice line = slice_range(rest->p, lf ? lf : slice_end(*rest));

	*rest = slice_skip(*rest, line.n + (lf != NULL));
	return line;
}

static void
show_difference(struct slice whole, struct slice cut)
{
	for (unsigned shown = 0; whole.n > 0 && cut.n > 0 && shown < 12;) {
		struct slice a = take_line(&whole), b = take_line(&cut);

		if (slice_eq(a, b))
			continue;
		printf("\twhole: %.*s\n\tcut:   %.*s\n", SLICE_ARG(a), SLICE_ARG(b));
		shown++;
	}
}

static void
try_cuts(const struct log *l, struct slice whole, const unsigned *cut, unsigned pieces, bool seq,
    uint64_t seed, struct tried *t)
{
	struct buf out = { 0 };

	cut_of(l, cut, pieces, seq, seed, &out);
	t->cuts++;
	if (!slice_eq(buf_slice(&out), whole)) {
		if (t->differ++ == 0)
			snprintf(t->first, sizeof(t->first), "%u pieces, by %s, first cut before "
			    "line %u", pieces, seq ? "number" : "name", cut[0] + 1);
		if (verbose) {
			printf("differs: %u pieces from", pieces);
			for (unsigned k = 0; k + 1 < pieces && k < 20; k++)
				printf(" %u", cut[k]);
			printf("\n");
			show_difference(whole, buf_slice(&out));
		}
	}
	buf_free(&out);
}

static struct tried
try_log(const struct log *l, struct plan plan)
{
	struct tried t = { .cuts = 0 };
	unsigned *cut = mem_alloc((l->n + PIECES_MOST + 1ul) * sizeof(*cut)), pieces;
	struct buf whole = { 0 };

	whole_of(l, &whole);
	for (unsigned i = 0; plan.every != 0 && i <= l->n; i += plan.every) {
		cut[0] = plan.every == 1 ? i : i + (unsigned)(next(&plan.seed) % plan.every);
		if (cut[0] <= l->n)
			try_cuts(l, buf_slice(&whole), cut, 2, true, 0, &t);
	}
	for (unsigned r = 0; r < plan.rounds; r++) {
		pieces = random_cut(l, cut, &plan.seed);
		try_cuts(l, buf_slice(&whole), cut, pieces, !plan.named || r % 2,
		    next(&plan.seed) | 1, &t);
	}
	pieces = l->n < PIECES_MOST ? l->n : PIECES_MOST;
	for (unsigned k = 0; k + 1 < pieces; k++)
		cut[k] = (unsigned)((uint64_t)l->n * (k + 1) / pieces);
	if (plan.tiny && pieces > 0)
		try_cuts(l, buf_slice(&whole), cut, pieces, !plan.named, plan.seed, &t);
	buf_free(&whole);
	free(cut);
	return t;
}

static void
check(const char *pattern, struct plan plan)
{
	struct log l;
	struct tried t;

	open_pattern(&l, pattern);
	t = try_log(&l, plan);
	close_log(&l);
	if (t.cuts == 0 || t.differ > 0)
		fail_msg("%s: %lu of %lu differ; %s", pattern, t.differ, t.cuts, t.first);
}

/* All that fit the pattern, each by itself: a directory with its logs, or a log. */
static void
check_each(const char *pattern, const char *inside, struct plan plan)
{
	char one[512];
	glob_t all;

	assert_int_equal(glob(pattern, 0, NULL, &all), 0);
	assert_true(all.gl_pathc > 3);
	for (size_t i = 0; i < all.gl_pathc; i++) {
		snprintf(one, sizeof(one), "%s%s", all.gl_pathv[i], inside);
		plan.seed++;
		check(one, plan);
	}
	globfree(&all);
}

static void
every_line(void **state)
{
	(void)state;
	check("fixtures/cases/zombie-rejected-exim/*log", (struct plan){ .every = 1 });
	check("fixtures/cases/unattributed-backscatter-postfix/*log", (struct plan){ .every = 1 });
	check("fixtures/cases/compromised-bot587-postfix/*log", (struct plan){ .every = 1 });
	check_each("fixtures/cuts/*.log", "", (struct plan){ .every = 1 });
	check("fixtures/cuts/exim-entries/*log", (struct plan){ .every = 1 });
	check("fixtures/prefix/exim-stamp.log", (struct plan){ .every = 1 });
	check("fixtures/prefix/exim-bare.log", (struct plan){ .every = 1 });
	check_each("fixtures/hostile/*.log", "", (struct plan){ .every = 1 });
}

static void
random_cuts(void **state)
{
	(void)state;
	check_each("fixtures/cases/*", "/*log*", (struct plan){ .rounds = 4, .seed = 1,
	    .named = true });
	check_each("fixtures/cuts/*.log", "", (struct plan){ .rounds = 40, .seed = 2 });
	check("fixtures/cuts/exim-entries/*log", (struct plan){ .rounds = 40, .seed = 6 });
	check_each("fixtures/hostile/*.log", "", (struct plan){ .rounds = 30, .seed = 3,
	    .named = true });
	check_each("fixtures/lines/*.log", "", (struct plan){ .rounds = 10, .seed = 4 });
	check("fixtures/sample/mail.log", (struct plan){ .rounds = 8, .seed = 5, .named = true });
}

/* The hosts of the lab on which the accuracy is measured, whole days of them. */
static void
frozen_hosts(void **state)
{
	(void)state;
	check_each("fixtures/lab/frozen/*/", "*.zst", (struct plan){ .rounds = 2, .seed = 7,
	    .named = true });
}

static void
tiny_pieces(void **state)
{
	(void)state;
	check_each("fixtures/cases/*-exim", "/*log*", (struct plan){ .tiny = true });
	check_each("fixtures/hostile/*.log", "", (struct plan){ .tiny = true });
	check("fixtures/sample/mail.log", (struct plan){ .tiny = true, .named = true });
}

static int
try_arguments(int argc, char **argv)
{
	struct plan plan = { .rounds = 100, .seed = 1 };
	struct tried all = { .cuts = 0 };
	int c;

	while ((c = getopt(argc, argv, "r:e:s:tnv")) != -1)
		switch (c) {
		case 'r': plan.rounds = (unsigned)atoi(optarg); break;
		case 'e': plan.every = (unsigned)atoi(optarg); break;
		case 's': plan.seed = (uint64_t)atoll(optarg); break;
		case 't': plan.tiny = true; break;
		case 'n': plan.named = true; break;
		case 'v': verbose = true; break;
		default: return 2;
		}
	set_up(NULL);
	for (int i = optind; i < argc; i++) {
		char *name = strdup(argv[i]);
		struct tried t;
		struct log l;

		open_log(&l, argv[i]);
		t = try_log(&l, plan);
		printf("%6lu cuts %6lu differ  %u lines  %s  %s\n", t.cuts, t.differ, l.n, name,
		    t.first);
		fflush(stdout);
		all.cuts += t.cuts;
		all.differ += t.differ;
		close_log(&l);
		free(name);
	}
	printf("%6lu cuts %6lu differ\n", all.cuts, all.differ);
	tear_down(NULL);
	return all.differ ? 1 : 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_line),
		cmocka_unit_test(random_cuts),
		cmocka_unit_test(frozen_hosts),
		cmocka_unit_test(tiny_pieces),
	};

	if (argc > 1)
		return try_arguments(argc, argv);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
