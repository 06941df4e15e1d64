/* options: the command line as a struct. See spamsource(1). */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/problem.h"
#include "base/slice.h"
#include "report/pseudonym.h"

enum command {
	COMMAND_REPORT, COMMAND_EXPLAIN, COMMAND_DUMP_EVENTS, COMMAND_DUMP_MESSAGES,
	COMMAND_DUMP_EVIDENCE, COMMAND_DUMP_PART, COMMAND_MAP, COMMAND_MERGE,
	COMMAND_RULES_CHECK, COMMAND_RULES_LIST, COMMAND_RULES_SHOW, COMMAND_EVALUATE,
	COMMAND_COMPLETION, COMMAND_HELP, COMMAND_VERSION
};

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_JSONL, FORMAT_CSV, FORMAT_PROMETHEUS,
	FORMAT_HTML, FORMATS_BY_NAME, FORMAT_MAIL = FORMATS_BY_NAME };
enum colour { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

enum { OUTPUTS_MAX = 32 };	/* each table of csv is one */
enum { FAIL_ON_MAX = 32 };

struct output {
	enum format format;
	const char *path;	/* NULL or "-": standard output */
	int section;		/* csv: of section_words; else -1 */
	uint32_t sections;	/* bits of all that were named: text has several */
	const char *to;		/* mail: addresses */
};

struct options {
	enum command command;
	const char *key;	/* explain KEY, rules show ID, completion SHELL */
	const char *const *path;	/* inputs, or rule files */
	unsigned paths;
	struct output output[OUTPUTS_MAX];
	unsigned outputs;
	bool formats;		/* -f was given */
	bool has_seq;
	uint64_t seq;		/* map: place of the piece among others */
	const char *split, *compare;	/* a time; an input */
	unsigned days;
	const char *config, *rules, *zone, *host, *since, *until, *now, *unknown;
	const char *fail_on[FAIL_ON_MAX];	/* one of them holds: exit 10 */
	unsigned fail_ons;
	const char *truth;	/* evaluate */
	int year;		/* 0: not given */
	int jobs;		/* threads; 0: not said */
	unsigned top;
	unsigned max_sources, max_open;
	bool events;		/* map: the part keeps them */
	bool quiet, verbose, suspected, no_progress;
	enum colour colour;
	enum pseudonymize pseudonymize;
	const char *pseudonym_key;	/* given if it is not PSEUDONYMIZE_NONE */
};

/* argv must outlive o_r. -1: the problem, and exit 2. */
int options_parse(struct options *o_r, int argc, char **argv, struct problem *p);
bool options_write_part(const struct options *o);
void options_help(void);

#endif
