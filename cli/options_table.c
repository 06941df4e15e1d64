/* See options_table.h. */
#include "cli/options_table.h"

#include <stdio.h>

#include "report/section.h"

const char *const format_words[] = { "text", "json", "jsonl", "csv", "prometheus", "html",
	NULL };
const char *const colour_words[] = { "auto", "always", "never", NULL };
const char *const shell_words[] = { "bash", "zsh", "fish", NULL };
const char *const pseudonymize_words[] = { "none", "recipients", "all", NULL };

_Static_assert(sizeof(format_words) / sizeof(*format_words) == FORMATS_BY_NAME + 1, "formats");

const struct option_entry option_table[] = {
	{ 'f', "format", ARGUMENT_WORD, "FORMAT",
	    "text, html, json, jsonl, csv, prometheus; repeatable", format_words },
	{ 'o', "output", ARGUMENT_FILE, "FILE",
	    "where the format before it goes; - is standard output", NULL },
	{ O_SECTION, "section", ARGUMENT_WORD, "NAME",
	    "csv: the table; text: only this, repeatable", section_words },
	{ O_MAIL, "mail", ARGUMENT_TEXT, "TO",
	    "a format too: the report as a message for sendmail -t", NULL },
	{ O_SEQ, "seq", ARGUMENT_TEXT, "N", "map: place of this slice of the logs among others",
	    NULL },
	{ O_EVENTS, "events", ARGUMENT_NONE, NULL,
	    "map: the part keeps every event, for jsonl from parts", NULL },
	{ O_TRUTH, "truth", ARGUMENT_FILE, "TSV", "evaluate: what the messages really were", NULL },
	{ 'c', "config", ARGUMENT_FILE, "FILE",
	    "configuration (own networks, domains, trusted, rules)", NULL },
	{ O_RULES, "rules", ARGUMENT_DIR, "DIR", "rule files instead of the built-in ones", NULL },
	{ O_SINCE, "since", ARGUMENT_TEXT, "TIME",
	    "events from: RFC 3339, YYYY-MM-DD, yesterday, 24h, 7d", NULL },
	{ O_UNTIL, "until", ARGUMENT_TEXT, "TIME", "events before", NULL },
	{ O_SPLIT, "split", ARGUMENT_TEXT, "TIME",
	    "what changed: before and since that time", NULL },
	{ O_COMPARE, "compare", ARGUMENT_FILE, "FILE",
	    "what changed: a log or part of the time before", NULL },
	{ O_DAYS, "days", ARGUMENT_TEXT, "N",
	    "what changed: the last day against so many before (7)", NULL },
	{ O_YEAR, "year", ARGUMENT_TEXT, "YEAR", "year of the first stamp that has none", NULL },
	{ O_TZ, "tz", ARGUMENT_TEXT, "ZONE",
	    "zone of stamps without offset: IANA name or +HH:MM", NULL },
	{ O_HOST, "host", ARGUMENT_TEXT, "NAME", "host of lines without one", NULL },
	{ O_NOW, "now", ARGUMENT_TEXT, "TIME", "take this for the present time", NULL },
	{ 'n', "top", ARGUMENT_TEXT, "N", "entries of each list (default 10)", NULL },
	{ 'j', "jobs", ARGUMENT_TEXT, "N", "threads (default: as many as there are processors)",
	    NULL },
	{ O_MAX_SOURCES, "max-sources", ARGUMENT_TEXT, "N",
	    "sources kept; more: the report is not exact", NULL },
	{ O_MAX_OPEN, "max-open", ARGUMENT_TEXT, "N",
	    "messages kept open; more: the oldest end", NULL },
	{ 'q', NULL, ARGUMENT_NONE, NULL, "alarms only", NULL },
	{ 'v', NULL, ARGUMENT_NONE, NULL, "more", NULL },
	{ O_SUSPECTED, "suspected", ARGUMENT_NONE, NULL, "jsonl: policy refusals too", NULL },
	{ O_FAIL_ON, "fail-on", ARGUMENT_TEXT, "EXPR",
	    "exit 10 when it holds, e.g. 'own.compromised>0'", NULL },
	{ O_UNKNOWN, "unknown", ARGUMENT_FILE, "FILE",
	    "count there the lines that no shape fits", NULL },
	{ O_PSEUDONYMIZE, "pseudonymize", ARGUMENT_WORD, "WHAT",
	    "none, recipients, all: other words for persons", pseudonymize_words },
	{ O_PSEUDONYM_KEY, "pseudonym-key-file", ARGUMENT_FILE, "FILE",
	    "its key, of mode 0600", NULL },
	{ O_COLOR, "color", ARGUMENT_WORD, "WHEN", "auto, always, never", colour_words },
	{ O_NO_PROGRESS, "no-progress", ARGUMENT_NONE, NULL, "no progress on the terminal", NULL },
	{ O_VERSION, "version", ARGUMENT_NONE, NULL, "version", NULL },
	{ O_HELP, "help", ARGUMENT_NONE, NULL, "this", NULL },
};
const unsigned option_count = sizeof(option_table) / sizeof(option_table[0]);

const struct command_entry command_table[] = {
	{ "report", NULL, COMMAND_REPORT, false, true, "attribute and count: the default" },
	{ "explain", NULL, COMMAND_EXPLAIN, true, true, "the lines and evidence of a KEY" },
	{ "dump", "events", COMMAND_DUMP_EVENTS, false, true, "what each line said" },
	{ "dump", "messages", COMMAND_DUMP_MESSAGES, false, true, "messages and attempts" },
	{ "dump", "evidence", COMMAND_DUMP_EVIDENCE, false, true, "the rules that hit" },
	{ "dump", "part", COMMAND_DUMP_PART, false, true, "what a part says of itself" },
	{ "map", NULL, COMMAND_MAP, false, true, "write a part" },
	{ "merge", NULL, COMMAND_MERGE, false, true, "a report of parts, or one of them" },
	{ "evaluate", NULL, COMMAND_EVALUATE, false, true, "how often verdicts are right" },
	{ "rules", "check", COMMAND_RULES_CHECK, false, true, "run the rules' own examples" },
	{ "rules", "list", COMMAND_RULES_LIST, false, true, "one line for each rule" },
	{ "rules", "show", COMMAND_RULES_SHOW, true, true, "one rule whole" },
	{ "completion", NULL, COMMAND_COMPLETION, true, false, "for a shell" },
};
const unsigned command_count = sizeof(command_table) / sizeof(command_table[0]);

int
words_find(const char *const *words, const char *text)
{
	for (int i = 0; words[i] != NULL; i++)
		if (slice_eq(slice_of(words[i]), slice_of(text)))
			return i;
	return -1;
}

void
words_list(const char *const *words, char *text_r, size_t size)
{
	size_t n = 0;

	text_r[0] = '\0';
	for (int i = 0; words[i] != NULL && n < size; i++)
		n += (size_t)snprintf(text_r + n, size - n, "%s%s",
		    i == 0 ? "" : words[i + 1] == NULL ? " or " : ", ", words[i]);
}
