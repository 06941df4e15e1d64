/*
 * One table names every option, its argument and its help line; getopt_long gets its tables from
 * there, and --help is printed from there.
 */
#define _GNU_SOURCE
#include "cli/options.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "parser/correlate.h"

enum { O_SINCE = 256, O_UNTIL, O_YEAR, O_TZ, O_HOST, O_NOW, O_SUSPECTED, O_FAIL_ON, O_COLOR,
	O_NO_PROGRESS, O_VERSION, O_HELP, O_RULES, O_UNKNOWN, O_SEQ, O_EVENTS, O_MAX_SOURCES,
	O_MAX_OPEN, O_TRUTH };

/* Constants, so that a report does not hang on the machine: about 1 GB of sources. */
enum { SOURCES_MAX = 10000000 };

static const struct {
	int letter;
	const char *name, *argument, *help;
} table[] = {
	{ 'f', "format", "FORMAT", "text, json, jsonl, html; may be repeated, each with its -o" },
	{ 'o', "output", "FILE", "where the format before it goes; - is standard output" },
	{ O_SEQ, "seq", "N", "map: place of this slice of the logs among others" },
	{ O_EVENTS, "events", NULL, "map: the part keeps every event, for jsonl from parts" },
	{ O_TRUTH, "truth", "TSV", "evaluate: what the messages really were" },
	{ 'c', "config", "FILE", "configuration (own networks, domains, trusted, rules)" },
	{ O_RULES, "rules", "DIR", "rule files instead of the built-in ones" },
	{ O_SINCE, "since", "TIME",
	    "events from: RFC 3339, YYYY-MM-DD, today, yesterday, 24h, 7d" },
	{ O_UNTIL, "until", "TIME", "events before" },
	{ O_YEAR, "year", "YEAR", "year of the first stamp that has none" },
	{ O_TZ, "tz", "ZONE", "zone of stamps without offset: IANA name or +HH:MM" },
	{ O_HOST, "host", "NAME", "host of lines without one" },
	{ O_NOW, "now", "TIME", "take this for the present time" },
	{ 'n', "top", "N", "entries of each list (default 10)" },
	{ 'j', "jobs", "N", "threads (default: as many as there are processors)" },
	{ O_MAX_SOURCES, "max-sources", "N", "sources kept; more: the report is not exact" },
	{ O_MAX_OPEN, "max-open", "N", "messages kept open; more: the oldest end" },
	{ 'q', NULL, NULL, "alarms only" },
	{ 'v', NULL, NULL, "more" },
	{ O_SUSPECTED, "suspected", NULL, "jsonl: policy refusals too" },
	{ O_FAIL_ON, "fail-on", "EXPR", "exit 10 when it holds, e.g. 'own.compromised>0'" },
	{ O_UNKNOWN, "unknown", "FILE",
	    "count there the lines that no known shape fits, by program and shape" },
	{ O_COLOR, "color", "WHEN", "auto, always, never" },
	{ O_NO_PROGRESS, "no-progress", NULL, "no progress on the terminal" },
	{ O_VERSION, "version", NULL, "version" },
	{ O_HELP, "help", NULL, "this" },
};

enum { OPTIONS = sizeof(table) / sizeof(table[0]) };

void
options_help(void)
{
	fputs("usage: spamsource [report] [OPTION]... [FILE|DIR|PART|-]...\n"
	    "       spamsource explain KEY [OPTION]... FILE...\n"
	    "       spamsource dump events|messages|evidence|part [OPTION]... FILE...\n"
	    "       spamsource map [OPTION]... FILE... -o PART\n"
	    "       spamsource merge [OPTION]... PART... [-o PART]\n"
	    "       spamsource evaluate --truth TSV [OPTION]... FILE...\n"
	    "       spamsource rules check|list|show ID [RULEFILE]...\n\n"
	    "Tells where the spam in mail logs came from. No FILE: standard input.\n\n", stdout);
	for (int i = 0; i < OPTIONS; i++) {
		char left[40];

		if (table[i].name == NULL)
			snprintf(left, sizeof(left), "  -%c", table[i].letter);
		else if (table[i].letter < 256)
			snprintf(left, sizeof(left), "  -%c, --%s %s", table[i].letter,
			    table[i].name, table[i].argument ? table[i].argument : "");
		else
			snprintf(left, sizeof(left), "      --%s %s", table[i].name,
			    table[i].argument ? table[i].argument : "");
		printf("%-25s %s\n", left, table[i].help);
	}
	fputs("\nExit: 0 done; 1 done, but an input had trouble; 2 usage, configuration or rules;\n"
	    "3 output could not be written; 10 --fail-on. See spamsource(1).\n", stdout);
}

static int
number(const char *text, int min, int max, const char *what, int *value_r, struct problem *p)
{
	uint64_t v;

	if (!slice_u64(slice_of(text), (uint64_t)max, &v) || v < (uint64_t)min)
		return problem_set(p, "%s: not a number from %d to %d: %s", what, min, max, text);
	*value_r = (int)v;
	return 0;
}

static int
add_format(struct options *o, const char *text, struct problem *p)
{
	static const char *const name[FORMATS] = { "text", "json", "jsonl", "html" };

	for (int f = 0; f < FORMATS; f++) {
		if (!slice_eq(slice_of(text), slice_of(name[f])))
			continue;
		if (o->outputs == OUTPUTS_MAX)
			return problem_set(p, "more than %d formats", OUTPUTS_MAX);
		o->output[o->outputs++] = (struct output){ (enum format)f, NULL };
		o->formats = true;
		return 0;
	}
	return problem_set(p, "unknown format: %s (text, json, jsonl, html)", text);
}

/* -o belongs to the -f before it; before any -f it means text. */
static int
add_output(struct options *o, const char *path, struct problem *p)
{
	if (o->outputs == 0)
		o->output[o->outputs++] = (struct output){ FORMAT_TEXT, NULL };
	if (o->output[o->outputs - 1].path != NULL)
		return problem_set(p, "two outputs for one format: %s", path);
	o->output[o->outputs - 1].path = path;
	return 0;
}

static int
set_colour(struct options *o, const char *text, struct problem *p)
{
	static const char *const name[] = { "auto", "always", "never" };

	for (int i = 0; i < 3; i++)
		if (slice_eq(slice_of(text), slice_of(name[i]))) {
			o->colour = (enum colour)i;
			return 0;
		}
	return problem_set(p, "--color: auto, always or never, not %s", text);
}

static int
take(struct options *o, int letter, const char *arg, struct problem *p)
{
	int value = 0;

	switch (letter) {
	case 'f':
		return add_format(o, arg, p);
	case 'o':
		return add_output(o, arg, p);
	case 'n':
		if (number(arg, 0, 100000, "--top", &value, p) == -1)
			return -1;
		o->top = (unsigned)value;
		return 0;
	case O_EVENTS: o->events = true; break;
	case O_MAX_SOURCES:
		if (number(arg, 1, INT_MAX, "--max-sources", &value, p) == -1)
			return -1;
		o->max_sources = (unsigned)value;
		return 0;
	case O_MAX_OPEN:
		if (number(arg, 1, INT_MAX, "--max-open", &value, p) == -1)
			return -1;
		o->max_open = (unsigned)value;
		return 0;
	case 'j':
		return number(arg, 1, 4096, "--jobs", &o->jobs, p);
	case O_SEQ:
		o->has_seq = slice_u64(slice_of(arg), UINT64_MAX, &o->seq);
		return o->has_seq ? 0 : problem_set(p, "--seq: not a number: %s", arg);
	case O_YEAR:
		return number(arg, 1970, 9999, "--year", &o->year, p);
	case O_COLOR:
		return set_colour(o, arg, p);
	case 'c': o->config = arg; break;
	case O_TRUTH: o->truth = arg; break;
	case O_RULES: o->rules = arg; break;
	case O_SINCE: o->since = arg; break;
	case O_UNTIL: o->until = arg; break;
	case O_TZ: o->zone = arg; break;
	case O_HOST: o->host = arg; break;
	case O_NOW: o->now = arg; break;
	case O_FAIL_ON: o->fail_on = arg; break;
	case O_UNKNOWN: o->unknown = arg; break;
	case 'q': o->quiet = true; break;
	case 'v': o->verbose = true; break;
	case O_SUSPECTED: o->suspected = true; break;
	case O_NO_PROGRESS: o->no_progress = true; break;
	case O_VERSION: o->command = COMMAND_VERSION; break;
	case O_HELP: o->command = COMMAND_HELP; break;
	default:
		return problem_set(p, "unknown option or missing argument; see spamsource --help");
	}
	return 0;
}

/* Takes the words of the command off the front of the arguments that are not options. */
static int
take_command(struct options *o, char **arg, int n, struct problem *p)
{
	static const struct {
		const char *word, *second;
		enum command command;
		bool key;
	} word[] = {
		{ "report", NULL, COMMAND_REPORT, false },
		{ "explain", NULL, COMMAND_EXPLAIN, true },
		{ "dump", "events", COMMAND_DUMP_EVENTS, false },
		{ "dump", "messages", COMMAND_DUMP_MESSAGES, false },
		{ "dump", "evidence", COMMAND_DUMP_EVIDENCE, false },
		{ "dump", "part", COMMAND_DUMP_PART, false },
		{ "map", NULL, COMMAND_MAP, false },
		{ "merge", NULL, COMMAND_MERGE, false },
		{ "evaluate", NULL, COMMAND_EVALUATE, false },
		{ "rules", "check", COMMAND_RULES_CHECK, false },
		{ "rules", "list", COMMAND_RULES_LIST, false },
		{ "rules", "show", COMMAND_RULES_SHOW, true },
	};
	int used = 0;
	bool known = false;

	for (size_t i = 0; n > 0 && i < sizeof(word) / sizeof(word[0]); i++) {
		if (!slice_eq(slice_of(arg[0]), slice_of(word[i].word)))
			continue;
		known = true;
		used = word[i].second ? 2 : 1;
		if (word[i].second != NULL && (n < 2 || !slice_eq(slice_of(arg[1]),
		    slice_of(word[i].second))))
			continue;
		if (word[i].key && (n < used + 1 || arg[used][0] == '\0'))
			return problem_set(p, "%s needs a %s", arg[0],
			    word[i].command == COMMAND_EXPLAIN ? "KEY" : "rule's id");
		if (o->command == COMMAND_REPORT)
			o->command = word[i].command;
		o->key = word[i].key ? arg[used++] : NULL;
		o->path = (const char *const *)(arg + used);
		o->paths = (unsigned)(n - used);
		return 0;
	}
	if (known)
		return problem_set(p, "%s what? See spamsource --help", arg[0]);
	o->path = (const char *const *)arg;
	o->paths = (unsigned)n;
	return 0;
}

/* merge -o PART writes a part when no format is asked for; map always does. */
bool
options_write_part(const struct options *o)
{
	return o->command == COMMAND_MAP ||
	    (o->command == COMMAND_MERGE && !o->formats && o->output[0].path != NULL);
}

static int
check_command(const struct options *o, struct problem *p)
{
	if (o->has_seq && o->command != COMMAND_MAP)
		return problem_set(p, "--seq is for map");
	if (o->events && o->command != COMMAND_MAP)
		return problem_set(p, "--events is for map");
	if (o->command == COMMAND_MAP && (o->formats || o->output[0].path == NULL))
		return problem_set(p, "map writes a part: map FILE... -o PART, without a format");
	if ((o->command == COMMAND_EVALUATE) != (o->truth != NULL))
		return problem_set(p, o->truth ? "--truth is for evaluate" :
		    "evaluate measures on labelled rows: --truth TSV");
	for (unsigned i = 0; o->command == COMMAND_EVALUATE && i < o->outputs; i++)
		if (o->output[i].format != FORMAT_TEXT && o->output[i].format != FORMAT_JSON)
			return problem_set(p, "evaluate knows text and json");
	if ((o->command == COMMAND_MERGE || o->command == COMMAND_DUMP_PART) && o->paths == 0)
		return problem_set(p, "which parts? See spamsource --help");
	return 0;
}

int
options_parse(struct options *o, int argc, char **argv, struct problem *p)
{
	struct option longs[OPTIONS + 1] = { { 0 } };
	char shorts[2 * OPTIONS + 2] = "";
	size_t s = 0;
	int c, n = 0;

	*o = (struct options){ .top = 10, .max_sources = SOURCES_MAX,
		.max_open = CORRELATE_MAX_OPEN };
	for (int i = 0; i < OPTIONS; i++) {
		if (table[i].letter < 256) {
			shorts[s++] = (char)table[i].letter;
			if (table[i].argument != NULL)
				shorts[s++] = ':';
		}
		if (table[i].name != NULL)
			longs[n++] = (struct option){ table[i].name, table[i].argument != NULL,
				NULL, table[i].letter };
	}
	opterr = 0;
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (c == '?')
			return problem_set(p,
			    "%s: unknown option or missing argument; see spamsource --help",
			    argv[optind - 1]);
		if (take(o, c, optarg, p) == -1)
			return -1;
	}
	if (take_command(o, argv + optind, argc - optind, p) == -1)
		return -1;
	if (o->outputs == 0)
		o->output[o->outputs++] = (struct output){ FORMAT_TEXT, NULL };
	if (check_command(o, p) == -1)
		return -1;
	for (unsigned i = 0, standard = 0; i < o->outputs; i++) {
		const char *path = o->output[i].path;

		standard += path == NULL || slice_eq(slice_of(path), SLICE("-"));
		if (standard > 1)
			return problem_set(
			    p, "two formats for standard output: give -o FILE to one");
	}
	return 0;
}
