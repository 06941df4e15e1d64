/*
 * wrap: lines that stand within other lines, as collectors of logs write them.
 *
 *	journalctl -o json	one object a line, or -o json-seq: the line of -o short-iso
 *	docker's json-file	{"log":"LINE\n","stream":"stdout","time":"2026-11-01T02:03:04.5Z"}
 *	Kubernetes (CRI)	2026-11-01T02:03:04.5Z stdout F LINE
 *	journalctl -o export	entries of several lines, of which some have any bytes
 *
 * An entry of the export format counts as one line, from its first field to the empty line behind
 * it. It is told by the first line of an input, the others by each line. Of a message of several
 * lines only the first one is given; what a collector has cut (docker at 16 KiB) is bad.
 */
#ifndef PARSER_WRAP_H
#define PARSER_WRAP_H

#include "parser/input.h"

enum wrap_kind {
	WRAP_NONE,		/* it is none */
	WRAP_BAD,		/* it is one, and damaged */
	WRAP_LINE,		/* within is a line, with its stamp */
	WRAP_INNER		/* within is a line that was written at that time */
};

struct wrap;			/* of an input: what a line needs to be put together */

struct wrap *wrap_open(void);
void wrap_close(struct wrap *w);	/* NULL is allowed */
/*
 * line_r: the line within, valid until the next call, with WIDE_SLACK bytes behind it; of what is
 * bad what there is.
 */
enum wrap_kind wrap_line(
    struct wrap *w, struct slice line, struct slice *line_r, int64_t *ts_r);
/* False: wrap_line() finds none. */
static inline bool
wrap_is_likely(struct slice line)
{
	return line.n > 0 && (line.p[0] == '{' || line.p[0] == '\x1e' ||
	    (unsigned char)(line.p[0] - '0') <= 9);
}
/* Is it the first line of an export? */
bool wrap_is_export(struct slice line);
/*
 * An entry that begins with that line of in, just read; the others are read from there. Empty lines
 * before it are passed over: WRAP_NONE when there is nothing but them, or another line comes,
 * which *line_r is then.
 */
enum wrap_kind wrap_export(
    struct wrap *w, struct input *in, struct slice line, struct slice *line_r);

#endif
