/*
 * spamsource: options, one reading of the inputs, the outputs, the exit code. The only folder that
 * prints diagnostics and exits is this one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/domain.h"
#include "cli/completion.h"
#include "cli/evaluate_command.h"
#include "cli/explain.h"
#include "cli/outputs.h"
#include "cli/pipeline.h"
#include "cli/rules_command.h"
#include "cli/slices.h"
#include "parser/blocks.h"

#ifndef VERSION
#define VERSION "unknown"
#endif

enum { EXIT_TROUBLE = 1, EXIT_USAGE = 2, EXIT_WRITE = 3 };

static int
usage_on_terminal(void)
{
	fputs("spamsource reads mail logs; standard input is a terminal. For example:\n"
	    "  spamsource /var/log/mail.log\n"
	    "  spamsource /var/log/exim4/\n"
	    "  journalctl -o short-iso --since yesterday | spamsource\n", stderr);
	return EXIT_USAGE;
}

static bool
reads_terminal(const struct options *o)
{
	if (!isatty(STDIN_FILENO))
		return false;
	if (o->paths == 0)
		return true;
	for (unsigned i = 0; i < o->paths; i++)
		if (slice_eq(slice_of(o->path[i]), SLICE("-")))
			return true;
	return false;
}

/* 1 when an input had trouble, or lines were read and none was recognised; else 0. */
static int
exit_of_run(const struct run_facts *f)
{
	uint64_t read = f->lines[0] + f->lines[1] + f->lines[2] + f->lines[3];

	if (read > 0 && f->lines[LINE_RECOGNISED] == 0) {
		warn("none of the %llu lines is a mail log line that spamsource knows",
		    (unsigned long long)read);
		return EXIT_TROUBLE;
	}
	return f->input_problems ? EXIT_TROUBLE : 0;
}

/* labels: of evaluate; else NULL. */
static int
run(const struct options *o, const struct config *c, const struct labels *labels)
{
	struct pipeline p;
	int rc, out;

	blocks_threads(o->jobs ? (unsigned)o->jobs - 1 : slices_processors() - 1);
	if (pipeline_open(&p, c, o) == -1) {
		pipeline_close(&p);
		return EXIT_TROUBLE;
	}
	if (labels != NULL)
		out = evaluate_command(&p, labels);
	else if (o->command == COMMAND_EXPLAIN)
		out = explain(&p, o->key);
	else if (o->command == COMMAND_DUMP_PART)
		out = outputs_dump_parts(&p);
	else if (options_write_part(o))
		out = outputs_part(&p);
	else if (o->command == COMMAND_REPORT || o->command == COMMAND_MERGE)
		out = outputs_report(&p);
	else
		out = outputs_dump(&p);
	rc = exit_of_run(&p.facts);
	pipeline_close(&p);
	return out ? out : rc;
}

static int
run_evaluate(const struct options *o, const struct config *c, struct problem *why)
{
	struct labels labels;
	int rc = EXIT_USAGE;

	if (labels_load(&labels, o->truth, why) == -1)
		warn("%s", why->text);
	else
		rc = run(o, c, &labels);
	labels_free(&labels);
	return rc;
}

/* With the list that tells registered domains: it decides which names are one provider. */
static void
version(void)
{
	time_t at = (time_t)domain_data_time();
	struct tm day;

	puts("spamsource " VERSION);
	printf("Public Suffix List of libpsl");
	if (at != 0 && gmtime_r(&at, &day))
		printf(", %04d-%02d-%02d", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
	printf(", SHA-1 %s\n", domain_data_version());
}

static int
command(struct options *o, struct config *c, struct problem *why)
{
	switch (o->command) {
	case COMMAND_HELP:
		options_help();
		return 0;
	case COMMAND_VERSION:
		version();
		return 0;
	case COMMAND_COMPLETION:
		return completion(o->key, why) == -1 ? (warn("%s", why->text), EXIT_USAGE) : 0;
	default:
		break;
	}
	if (outputs_check(o, why) == -1 || config_load(c, o, why) == -1) {
		warn("%s", why->text);
		return EXIT_USAGE;
	}
	switch (o->command) {
	case COMMAND_RULES_CHECK:
		return rules_check(c);
	case COMMAND_RULES_LIST:
		return rules_list(c);
	case COMMAND_RULES_SHOW:
		return rules_show(c, o->key);
	default:
		break;
	}
	if (reads_terminal(o))
		return usage_on_terminal();
	if (o->command == COMMAND_EXPLAIN && explain_prepare(o, why) == -1) {
		warn("%s", why->text);
		return EXIT_TROUBLE;
	}
	return o->command == COMMAND_EVALUATE ? run_evaluate(o, c, why) : run(o, c, NULL);
}

/* Flushed, checked, closed: a full disk must not end with 0. A closed pipe is quiet. */
static int
close_standard_output(int rc)
{
	bool failed = ferror(stdout) != 0;

	errno = 0;
	failed |= fflush(stdout) != 0;
	failed |= fclose(stdout) != 0;
	if (!failed || rc == EXIT_WRITE)	/* said already */
		return rc;
	warn("standard output: %s", errno ? strerror(errno) : "write error");
	return EXIT_WRITE;
}

int
main(int argc, char **argv)
{
	struct options o;
	struct config c = { 0 };
	struct problem why;
	int rc;

	hash_randomise();
	if (options_parse(&o, argc, argv, &why) == -1) {
		warn("%s", why.text);
		return EXIT_USAGE;
	}
	rc = command(&o, &c, &why);
	config_free(&c);
	return close_standard_output(rc);
}
