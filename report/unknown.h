/*
 * unknown: the lines of supported daemons that no shape fits, counted by program and shape, so that
 * a user can report them or teach them; and the programs that are not supported, by name.
 *
 * A line's shape is its words with what changes from line to line put as * (addresses, values) or
 * # (whatever has digits). Shapes are bounded; lines of further ones are only counted.
 */
#ifndef REPORT_UNKNOWN_H
#define REPORT_UNKNOWN_H

#include "base/buf.h"

enum { UNKNOWN_SHAPES = 10000, UNKNOWN_WORDS = 24, UNKNOWN_LINE = 1000 };

struct unknown;

struct unknown *unknown_open(void);
void unknown_close(struct unknown *u);	/* NULL is allowed */
/* program may be empty: Exim's or spamd's own file. line: whole, as it was read. */
void unknown_add(struct unknown *u, struct slice program, struct slice message, struct slice line);
void unknown_ignored(struct unknown *u, struct slice program);
/*
 * As text, most first: "COUNT<TAB>PROGRAM: SHAPE", with the first such line below, indented by a
 * tab; then "COUNT<TAB>PROGRAM" of the others. Strangers' bytes are made visible. Nothing at all
 * when nothing was added.
 */
void unknown_text(const struct unknown *u, struct buf *out);
void unknown_shape(struct slice message, struct buf *shape_r);	/* what the shapes are */

#endif
