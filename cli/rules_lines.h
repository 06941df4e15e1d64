/* rules_lines: what spamsource rules does with line shapes that were taught (parser/taught.h). */
#ifndef CLI_RULES_LINES_H
#define CLI_RULES_LINES_H

#include "base/buf.h"
#include "parser/taught.h"

/*
 * Reads the examples; wrong ones are told on standard error and counted. Examples are added to
 * *examples_r. A hit must be read by that very line, a miss must not.
 */
unsigned rules_lines_check(const struct taught *t, unsigned *examples_r);
void rules_lines_list(const struct taught *t, struct buf *b);
/* With the events that its examples make. False: there is none with that id. */
bool rules_lines_show(const struct taught *t, struct slice id, struct buf *b);

/* "key         text", if there is one; lines, indented; strangers' bytes made visible. */
void rules_show_line(struct buf *b, const char *key, struct slice text);
void rules_show_text(struct buf *b, struct slice text);

#endif
