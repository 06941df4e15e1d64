/*
 * journal: the fields of one entry, of journald or of docker, and the line that they make.
 *
 * The line is the one that journalctl -o short-iso prints, in UTC: "STAMP HOST PROGRAM[PID]: TEXT".
 * Of names that journald does not know "-" is written for the host and "unknown" for the program;
 * blanks and brackets in them become "_", so that nobody's name looks like another field.
 */
#ifndef PARSER_JOURNAL_H
#define PARSER_JOURNAL_H

#include "base/utc.h"
#include "parser/input.h"

enum journal_field {
	JOURNAL_MESSAGE,
	JOURNAL_HOST,
	JOURNAL_PROGRAM,	/* SYSLOG_IDENTIFIER */
	JOURNAL_COMM,		/* _COMM: when there is no other */
	JOURNAL_PID,		/* _PID */
	JOURNAL_SYSLOG_PID,
	JOURNAL_REALTIME,	/* when journald heard of it */
	JOURNAL_SOURCE,		/* when it was said, if that is known */
	JOURNAL_LOG,		/* docker's message, in the place of JOURNAL_MESSAGE */
	JOURNAL_TIME,		/* and its time */
	JOURNAL_FIELDS
};

enum { JOURNAL_SHORT = 256, JOURNAL_PREFIX = 640 };

struct journal {		/* one for all entries; they are in turn */
	size_t n[JOURNAL_FIELDS];
	uint32_t has;		/* bit of each field */
	int64_t minute;		/* of stamp */
	char stamp[UTC_TEXT];
	char text[JOURNAL_FIELDS][JOURNAL_SHORT];	/* not of messages */
	char line[JOURNAL_PREFIX + LINE_MAX_BYTES + WIDE_SLACK];
};

void journal_init(struct journal *j);
void journal_begin(struct journal *j);	/* a new entry */
/* The field of that name; JOURNAL_FIELDS: none that is wanted. */
enum journal_field journal_field(struct slice name);
/* Where its value goes, and how much room is there; journal_set() then. */
char *journal_room(struct journal *j, enum journal_field f, size_t *room_r);
void journal_set(struct journal *j, enum journal_field f, size_t n);

static inline bool
journal_has(const struct journal *j, enum journal_field f)
{
	return j->has >> f & 1;
}

/* The first line of the message, as it stands in j->line. */
struct slice journal_message(const struct journal *j);
/* False: it has no time. */
bool journal_line(struct journal *j, struct slice *line_r);
/* Docker's: its time. False: there is none. */
bool journal_time(const struct journal *j, int64_t *ts_r);

#endif
