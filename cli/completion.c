/*
 * See completion.h. Each shell gets the same facts: the commands and their second words, every
 * option with its help, and behind an option its words, files, directories or nothing.
 */
#include "cli/completion.h"

#include <stdio.h>

#include "cli/options_table.h"

static const struct option_entry *
next_option(const struct option_entry *e)
{
	e = e == NULL ? option_table : e + 1;
	return e < option_table + option_count ? e : NULL;
}

/* The next command with another first word; they stand together in the table. */
static const struct command_entry *
next_command(const struct command_entry *e)
{
	const struct command_entry *end = command_table + command_count, *from = e;

	if (e == NULL)
		return command_table;
	while (e < end && slice_eq(slice_of(e->word), slice_of(from->word)))
		e++;
	return e < end ? e : NULL;
}

/* The second words of a command, separated by blanks; nothing if it has none. */
static void
put_seconds(const struct command_entry *from)
{
	const struct command_entry *end = command_table + command_count;

	if (from->command == COMMAND_COMPLETION)
		for (int i = 0; shell_words[i] != NULL; i++)
			printf("%s%s", i ? " " : "", shell_words[i]);
	for (const struct command_entry *e = from; e < end && e->second != NULL &&
	    slice_eq(slice_of(e->word), slice_of(from->word)); e++)
		printf("%s%s", e == from ? "" : " ", e->second);
}

static bool
has_seconds(const struct command_entry *e)
{
	return e->second != NULL || e->command == COMMAND_COMPLETION;
}

static void
put_words(const char *const *words)
{
	for (int i = 0; words[i] != NULL; i++)
		printf("%s%s", i ? " " : "", words[i]);
}

/* In single quotes: with a backslash before these, and every ' as '\''. */
static void
put_quoted(const char *text, const char *escaped)
{
	for (; *text != '\0'; text++)
		if (*text == '\'')
			fputs("'\\''", stdout);
		else
			printf("%s%c", strchr(escaped, *text) ? "\\" : "", *text);
}

/* "-f|--format" */
static void
put_names(const struct option_entry *e, const char *between)
{
	if (e->letter < 256)
		printf("-%c%s", e->letter, e->name ? between : "");
	if (e->name != NULL)
		printf("--%s", e->name);
}

static void
bash_option(const struct option_entry *e)
{
	if (e->kind == ARGUMENT_NONE)
		return;
	fputs("\t", stdout);
	put_names(e, "|");
	if (e->kind == ARGUMENT_WORD) {
		fputs(") mapfile -t COMPREPLY < <(compgen -W '", stdout);
		put_words(e->words);
		fputs("' -- \"$cur\"); return ;;\n", stdout);
	} else {
		fputs(e->kind == ARGUMENT_FILE ? ") _spamsource_files -f; return ;;\n" :
		    e->kind == ARGUMENT_DIR ? ") _spamsource_files -d; return ;;\n" :
		    ") return ;;\n", stdout);
	}
}

static void
bash(void)
{
	const struct option_entry *o = NULL;
	const struct command_entry *c = NULL;

	fputs("# bash completion for spamsource, made by \"spamsource completion bash\".\n"
	    "_spamsource_files() {\n"
	    "\tcompopt -o filenames\n"
	    "\tmapfile -t COMPREPLY < <(compgen \"$1\" -- \"$cur\")\n"
	    "}\n\n"
	    "_spamsource() {\n"
	    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	    "\tCOMPREPLY=()\n"
	    "\tif [ \"$cur\" = \"=\" ]; then\n"
	    "\t\tcur=\n"
	    "\telif [ \"$prev\" = \"=\" ] && [ \"$COMP_CWORD\" -ge 2 ]; then\n"
	    "\t\tprev=${COMP_WORDS[COMP_CWORD-2]}\n"
	    "\tfi\n"
	    "\tcase $prev in\n", stdout);
	while ((o = next_option(o)) != NULL)
		bash_option(o);
	fputs("\tesac\n\tcase $cur in\n\t-*)\n\t\tmapfile -t COMPREPLY < <(compgen -W '", stdout);
	for (o = NULL; (o = next_option(o)) != NULL; fputs(" ", stdout))
		put_names(o, " ");
	fputs("' -- \"$cur\")\n\t\treturn ;;\n\tesac\n"
	    "\tcase $COMP_CWORD,${COMP_WORDS[1]} in\n", stdout);
	while ((c = next_command(c)) != NULL) {
		if (!has_seconds(c))
			continue;
		printf("\t2,%s) mapfile -t COMPREPLY < <(compgen -W '", c->word);
		put_seconds(c);
		fputs("' -- \"$cur\"); return ;;\n", stdout);
	}
	fputs("\tesac\n\t_spamsource_files -f\n\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
	    "\t\tlocal words\n\t\tmapfile -t words < <(compgen -W '", stdout);
	for (c = NULL; (c = next_command(c)) != NULL;)
		printf("%s ", c->word);
	fputs("' -- \"$cur\")\n\t\tCOMPREPLY+=(\"${words[@]}\")\n\tfi\n}\n"
	    "complete -F _spamsource spamsource\n", stdout);
}

static void
zsh_option(const struct option_entry *e)
{
	fputs("\t    '*'", stdout);
	if (e->name == NULL)
		printf("-%c", e->letter);
	else if (e->letter < 256)
		printf("{-%c,--%s%s}", e->letter, e->name, e->kind == ARGUMENT_NONE ? "" : "=");
	else
		printf("--%s%s", e->name, e->kind == ARGUMENT_NONE ? "" : "=");
	fputs("'[", stdout);
	put_quoted(e->help, "[]:\\");
	fputs("]", stdout);
	if (e->kind != ARGUMENT_NONE)
		printf(":%s:", e->argument);
	if (e->kind == ARGUMENT_WORD) {
		fputs("(", stdout);
		put_words(e->words);
		fputs(")", stdout);
	} else if (e->kind == ARGUMENT_FILE || e->kind == ARGUMENT_DIR) {
		fputs(e->kind == ARGUMENT_FILE ? "_files" : "_files -/", stdout);
	}
	fputs("' \\\n", stdout);
}

static void
zsh(void)
{
	const struct option_entry *o = NULL;
	const struct command_entry *c = NULL;

	fputs("#compdef spamsource\n"
	    "# zsh completion for spamsource, made by \"spamsource completion zsh\".\n"
	    "_spamsource_first() {\n\tlocal -a commands=(\n", stdout);
	while ((c = next_command(c)) != NULL) {
		printf("\t    '%s:", c->word);
		put_quoted(c->help, ":\\");
		fputs("'\n", stdout);
	}
	fputs("\t)\n\t_describe -t commands command commands\n\t_files\n}\n\n"
	    "_spamsource_second() {\n\tcase $words[2] in\n", stdout);
	while ((c = next_command(c)) != NULL) {
		if (!has_seconds(c))
			continue;
		printf("\t%s) compadd -- ", c->word);
		put_seconds(c);
		fputs(" ;;\n", stdout);
	}
	fputs("\t*) _files ;;\n\tesac\n}\n\n_spamsource() {\n\t_arguments -s -S \\\n", stdout);
	while ((o = next_option(o)) != NULL)
		zsh_option(o);
	fputs("\t    '1: :_spamsource_first' '2: :_spamsource_second' '*: :_files'\n}\n\n"
	    "if [ \"$funcstack[1]\" = _spamsource ]; then\n\t_spamsource \"$@\"\nelse\n"
	    "\tcompdef _spamsource spamsource\nfi\n", stdout);
}

static void
fish_option(const struct option_entry *e)
{
	fputs("complete -c spamsource", stdout);
	if (e->letter < 256)
		printf(" -s %c", e->letter);
	if (e->name != NULL)
		printf(" -l %s", e->name);
	if (e->kind == ARGUMENT_WORD) {
		fputs(" -x -a '", stdout);
		put_words(e->words);
		fputs("'", stdout);
	} else {
		fputs(e->kind == ARGUMENT_FILE ? " -r -F" :
		    e->kind == ARGUMENT_DIR ? " -x -a '(__fish_complete_directories)'" :
		    e->kind == ARGUMENT_TEXT ? " -x" : "", stdout);
	}
	fputs(" -d '", stdout);
	put_quoted(e->help, "");
	fputs("'\n", stdout);
}

static void
fish(void)
{
	const struct option_entry *o = NULL;
	const struct command_entry *c = NULL;

	puts("# fish completion for spamsource, made by \"spamsource completion fish\".");
	while ((c = next_command(c)) != NULL) {
		printf("complete -c spamsource -n __fish_use_subcommand -a %s -d '", c->word);
		put_quoted(c->help, "");
		fputs("'\n", stdout);
		if (!has_seconds(c))
			continue;
		printf("complete -c spamsource -f -n '__fish_seen_subcommand_from %s' -a '",
		    c->word);
		put_seconds(c);
		fputs("'\n", stdout);
	}
	while ((o = next_option(o)) != NULL)
		fish_option(o);
}

int
completion(const char *shell, struct problem *p)
{
	static void (*const write[])(void) = { bash, zsh, fish };
	int i = words_find(shell_words, shell);
	char list[80];

	if (i == -1) {
		words_list(shell_words, list, sizeof(list));
		return problem_set(p, "completion: %s, not %s", list, shell);
	}
	write[i]();
	return 0;
}
