/*
 * options_table: every command and option by name: the one place that getopt_long, --help, the
 * completions of shells and the check of the manual take them from.
 */
#ifndef CLI_OPTIONS_TABLE_H
#define CLI_OPTIONS_TABLE_H

#include "cli/options.h"

enum option_letter { O_SINCE = 256, O_UNTIL, O_YEAR, O_TZ, O_HOST, O_NOW, O_SUSPECTED, O_FAIL_ON,
	O_COLOR, O_NO_PROGRESS, O_VERSION, O_HELP, O_RULES, O_UNKNOWN, O_SEQ, O_EVENTS,
	O_MAX_SOURCES, O_MAX_OPEN, O_SECTION, O_MAIL, O_PSEUDONYMIZE, O_PSEUDONYM_KEY,
	O_TRUTH };

enum argument_kind { ARGUMENT_NONE, ARGUMENT_TEXT, ARGUMENT_WORD, ARGUMENT_FILE, ARGUMENT_DIR };

struct option_entry {
	int letter;		/* from 256 on it has none */
	const char *name;	/* NULL: only the letter */
	enum argument_kind kind;
	const char *argument;	/* as --help calls it */
	const char *help;
	const char *const *words;	/* ARGUMENT_WORD: all that are allowed, NULL at the end */
};

struct command_entry {
	const char *word, *second;
	enum command command;
	bool key;		/* its first argument is one */
	bool files;		/* its arguments are logs or parts */
	const char *help;
};

extern const struct option_entry option_table[];
extern const unsigned option_count;
extern const struct command_entry command_table[];
extern const unsigned command_count;

/* By the enums of options.h. */
extern const char *const format_words[], *const colour_words[], *const shell_words[];
extern const char *const pseudonymize_words[];

/* The place of the text in the words; -1: it is not there. */
int words_find(const char *const *words, const char *text);
/* "one, two or three" */
void words_list(const char *const *words, char *text_r, size_t size);

#endif
