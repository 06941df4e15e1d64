/* See options.h. What getopt_long is told comes from the table, and so does --help. */
#define _GNU_SOURCE
#include "cli/options.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/options_table.h"
#include "parser/correlate.h"
#include "report/mail.h"
#include "report/section.h"

/* Constants, so that a report does not hang on the machine: about 1 GB of sources. */
enum { SOURCES_MAX = 10000000 };

void
options_help(void)
{
	fputs("usage: spamsource [report] [OPTION]... [FILE|DIR|PART|-]...\n"
	    "       spamsource explain KEY [OPTION]... FILE...\n"
	    "       spamsource dump events|messages|evidence|part [OPTION]... FILE...\n"
	    "       spamsource map [OPTION]... FILE... -o PART\n"
	    "       spamsource merge [OPTION]... PART... [-o PART]\n"
	    "       spamsource evaluate --truth TSV [OPTION]... FILE...\n"
	    "       spamsource rules check|list|show ID [RULEFILE]...\n"
	    "       spamsource completion bash|zsh|fish\n\n"
	    "Tells where the spam in mail logs came from. No FILE: standard input.\n\n", stdout);
	for (unsigned i = 0; i < option_count; i++) {
		const struct option_entry *e = &option_table[i];
		char left[40];

		if (e->name == NULL)
			snprintf(left, sizeof(left), "  -%c", e->letter);
		else if (e->letter < 256)
			snprintf(left, sizeof(left), "  -%c, --%s %s", e->letter, e->name,
			    e->argument ? e->argument : "");
		else
			snprintf(left, sizeof(left), "      --%s %s", e->name,
			    e->argument ? e->argument : "");
		printf("%-25s %s\n", left, e->help);
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
count(const char *text, int min, int max, const char *what, unsigned *value_r, struct problem *p)
{
	int value;

	if (number(text, min, max, what, &value, p) == -1)
		return -1;
	*value_r = (unsigned)value;
	return 0;
}

/* The place of arg among the words of an option. */
static int
word(const char *what, const char *const *words, const char *arg, int *place_r, struct problem *p)
{
	char list[200];

	*place_r = words_find(words, arg);
	if (*place_r != -1)
		return 0;
	words_list(words, list, sizeof(list));
	return problem_set(p, "%s: %s, not %s", what, list, arg);
}

static int
add_output(struct options *o, enum format format, struct problem *p)
{
	if (o->outputs == OUTPUTS_MAX)
		return problem_set(p, "more than %d formats", OUTPUTS_MAX);
	o->output[o->outputs++] = (struct output){ .format = format, .section = -1 };
	return 0;
}

static int
add_format(struct options *o, const char *arg, struct problem *p)
{
	int format;

	if (word("--format", format_words, arg, &format, p) == -1)
		return -1;
	o->formats = true;
	return add_output(o, (enum format)format, p);
}

/* -o and --section belong to the -f before them; before any -f that is text. */
static struct output *
last_output(struct options *o)
{
	if (o->outputs == 0)
		add_output(o, FORMAT_TEXT, NULL);
	return &o->output[o->outputs - 1];
}

static int
set_path(struct options *o, const char *path, struct problem *p)
{
	struct output *out = last_output(o);

	if (out->path != NULL)
		return problem_set(p, "two outputs for one format: %s", path);
	out->path = path;
	return 0;
}

static int
set_section(struct options *o, const char *arg, struct problem *p)
{
	struct output *out = last_output(o);

	if (out->section != -1 && out->format != FORMAT_TEXT)
		return problem_set(p, "two sections for one format: %s", arg);
	if (word("--section", section_words, arg, &out->section, p) == -1)
		return -1;
	out->sections |= 1u << out->section;
	return 0;
}

static int
add_mail(struct options *o, const char *to, struct problem *p)
{
	if (mail_check(slice_of(to), p) == -1 || add_output(o, FORMAT_MAIL, p) == -1)
		return -1;
	o->formats = true;
	o->output[o->outputs - 1].to = to;
	return 0;
}

static int
take_text(struct options *o, int letter, const char *arg, struct problem *p)
{
	if ((letter == O_TZ || letter == O_HOST) && *arg == '\0')
		return problem_set(p, "%s: empty", letter == O_TZ ? "--tz" : "--host");
	switch (letter) {
	case O_PSEUDONYM_KEY: o->pseudonym_key = arg; break;
	case 'c': o->config = arg; break;
	case O_TRUTH: o->truth = arg; break;
	case O_RULES: o->rules = arg; break;
	case O_SINCE: o->since = arg; break;
	case O_SPLIT: o->split = arg; break;
	case O_COMPARE: o->compare = arg; break;
	case O_UNTIL: o->until = arg; break;
	case O_TZ: o->zone = arg; break;
	case O_HOST: o->host = arg; break;
	case O_NOW: o->now = arg; break;
	case O_FAIL_ON:
		if (o->fail_ons == FAIL_ON_MAX)
			return problem_set(p, "--fail-on: more than %d", FAIL_ON_MAX);
		o->fail_on[o->fail_ons++] = arg;
		break;
	case O_UNKNOWN: o->unknown = arg; break;
	default:
		return problem_set(p, "unknown option or missing argument; see spamsource --help");
	}
	return 0;
}

static int
take(struct options *o, int letter, const char *arg, struct problem *p)
{
	int value = 0;

	switch (letter) {
	case 'f':
		return add_format(o, arg, p);
	case 'o':
		return set_path(o, arg, p);
	case O_MAIL:
		return add_mail(o, arg, p);
	case O_SECTION:
		return set_section(o, arg, p);
	case 'n':
		return count(arg, 0, 100000, "--top", &o->top, p);
	case O_DAYS:
		return count(arg, 1, 36500, "--days", &o->days, p);
	case O_EVENTS: o->events = true; break;
	case O_MAX_SOURCES:
		return count(arg, 1, INT_MAX, "--max-sources", &o->max_sources, p);
	case O_MAX_OPEN:
		return count(arg, 1, INT_MAX, "--max-open", &o->max_open, p);
	case 'j':
		return number(arg, 1, 4096, "--jobs", &o->jobs, p);
	case O_SEQ:
		o->has_seq = slice_u64(slice_of(arg), UINT64_MAX, &o->seq);
		return o->has_seq ? 0 : problem_set(p, "--seq: not a number: %s", arg);
	case O_YEAR:
		return number(arg, 1970, 9999, "--year", &o->year, p);
	case O_COLOR:
		if (word("--color", colour_words, arg, &value, p) == -1)
			return -1;
		o->colour = (enum colour)value;
		return 0;
	case O_PSEUDONYMIZE:
		if (word("--pseudonymize", pseudonymize_words, arg, &value, p) == -1)
			return -1;
		o->pseudonymize = (enum pseudonymize)value;
		return 0;
	case 'q': o->quiet = true; break;
	case 'v': o->verbose = true; break;
	case O_SUSPECTED: o->suspected = true; break;
	case O_NO_PROGRESS: o->no_progress = true; break;
	case O_VERSION: o->command = COMMAND_VERSION; break;
	case O_HELP: o->command = COMMAND_HELP; break;
	default:
		return take_text(o, letter, arg, p);
	}
	return 0;
}

/* Takes the words of the command off the front of the arguments that are not options. */
static int
take_command(struct options *o, char **arg, int n, struct problem *p)
{
	int used = 0;
	bool known = false;

	for (unsigned i = 0; n > 0 && i < command_count; i++) {
		const struct command_entry *e = &command_table[i];

		if (!slice_eq(slice_of(arg[0]), slice_of(e->word)))
			continue;
		known = true;
		used = e->second ? 2 : 1;
		if (e->second != NULL && (n < 2 || !slice_eq(slice_of(arg[1]),
		    slice_of(e->second))))
			continue;
		if (e->key && (n < used + 1 || arg[used][0] == '\0'))
			return problem_set(p, "%s needs a %s", arg[0],
			    e->command == COMMAND_EXPLAIN ? "KEY" :
			    e->command == COMMAND_COMPLETION ? "shell" : "rule's id");
		if (o->command == COMMAND_REPORT)
			o->command = e->command;
		o->key = e->key ? arg[used++] : NULL;
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

static int
check_pseudonyms(const struct options *o, struct problem *p)
{
	if (o->pseudonymize == PSEUDONYMIZE_NONE)
		return 0;
	if (o->pseudonym_key == NULL)
		return problem_set(p, "--pseudonymize needs --pseudonym-key-file FILE; to make one:"
		    " (umask 077; head -c 32 /dev/urandom | base64 >FILE)");
	if (o->command == COMMAND_EVALUATE)
		return problem_set(p, "evaluate needs names as they are: not with --pseudonymize");
	if (options_write_part(o))
		return problem_set(p,
		    "a part keeps what was read: --pseudonymize is for what is made of it");
	if (o->pseudonymize == PSEUDONYMIZE_ALL && o->unknown != NULL)
		return problem_set(p, "--unknown writes lines, which can only hide recipients:"
		    " --pseudonymize recipients");
	return 0;
}

static int
check_outputs(const struct options *o, struct problem *p)
{
	unsigned standard = 0;

	for (unsigned i = 0; i < o->outputs; i++) {
		const struct output *out = &o->output[i];
		char list[200];

		standard += out->path == NULL || slice_eq(slice_of(out->path), SLICE("-"));
		if (standard > 1)
			return problem_set(
			    p, "two formats for standard output: give -o FILE to one");
		words_list(section_words, list, sizeof(list));
		if (out->format == FORMAT_CSV && out->section == -1)
			return problem_set(p, "csv is one table: --section %s", list);
		if (out->format != FORMAT_CSV && out->format != FORMAT_TEXT && out->section != -1)
			return problem_set(p, "--section is for text and csv");
	}
	return 0;
}

/* Both have room for option_count and one more; shorts for two bytes each. */
static void
make_getopt(struct option *longs, char *shorts)
{
	for (unsigned i = 0; i < option_count; i++) {
		const struct option_entry *e = &option_table[i];

		if (e->letter < 256) {
			*shorts++ = (char)e->letter;
			if (e->kind != ARGUMENT_NONE)
				*shorts++ = ':';
		}
		if (e->name != NULL)
			*longs++ = (struct option){ e->name, e->kind != ARGUMENT_NONE, NULL,
				e->letter };
	}
	*longs = (struct option){ 0 };
	*shorts = '\0';
}

int
options_parse(struct options *o, int argc, char **argv, struct problem *p)
{
	struct option *longs = mem_alloc((option_count + 1) * sizeof(*longs));
	char *shorts = mem_alloc(2 * (option_count + 1));
	int c, rc = 0;

	*o = (struct options){ .top = 10, .days = 7, .max_sources = SOURCES_MAX,
		.max_open = CORRELATE_MAX_OPEN };
	make_getopt(longs, shorts);
	opterr = 0;
	while (rc == 0 && (c = getopt_long(argc, argv, shorts, longs, NULL)) != -1)
		rc = c != '?' ? take(o, c, optarg, p) : problem_set(p,
		    "%s: unknown option or missing argument; see spamsource --help",
		    argv[optind - 1]);
	free(longs);
	free(shorts);
	if (rc == -1 || take_command(o, argv + optind, argc - optind, p) == -1)
		return -1;
	if (o->outputs == 0)
		add_output(o, FORMAT_TEXT, p);
	return check_command(o, p) == -1 || check_pseudonyms(o, p) == -1 ? -1 : check_outputs(o, p);
}
