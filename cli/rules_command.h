/* rules_command: spamsource rules check|list|show. Returns the exit code. */
#ifndef CLI_RULES_COMMAND_H
#define CLI_RULES_COMMAND_H

#include "cli/config.h"

/*
 * Runs every rule's own example lines through the parser, the correlator and the evaluator; a
 * finding is "file:line:column: what" on standard error and makes 2. Else a line of counts, 0.
 */
int rules_check(const struct config *c);
int rules_list(const struct config *c);
int rules_show(const struct config *c, const char *id);

#endif
