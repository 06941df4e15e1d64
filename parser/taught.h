/*
 * taught: line shapes that a user taught (lines: in YAML, rules/README.md), beside the built-in
 * parsers: program + literal + regular expression with named groups -> an event.
 *
 * They are tried only on lines of which the built-in parsers know nothing that is used. A shape is
 * that of the whole message behind the prefix: the expression is anchored at both ends, because
 * what is searched for in a line can be written there by strangers. The literal must stand in the
 * message; all literals of a program are looked for in one pass.
 */
#ifndef PARSER_TAUGHT_H
#define PARSER_TAUGHT_H

#include "parser/daemons.h"

enum taught_field { /* what a group may be named: the texts of an event, and these */
	TAUGHT_CLIENT = F_COUNT, TAUGHT_PORT, TAUGHT_OTHER, TAUGHT_SCORE, TAUGHT_SIZE,
	TAUGHT_NUMBER, TAUGHT_FIELDS
};

enum { TAUGHT_MAX = 4096, TAUGHT_LITERAL_MIN = 4, TAUGHT_LITERAL_MAX = 255 };
/*
 * A match may take so many of PCRE2's steps, and more for each byte of the message. A shape that
 * needed more TAUGHT_PATIENCE times is switched off.
 */
enum { TAUGHT_STEPS = 1000, TAUGHT_STEPS_BYTE = 8, TAUGHT_PATIENCE = 100 };

struct taught_example {
	bool hit;
	unsigned line, column;
	struct slice text;
};

struct taught_line {		/* the texts are the loader's, and outlive it */
	struct slice id, says, file;
	unsigned line, column;	/* in its file */
	struct slice *program;	/* whole names, as in the log */
	unsigned programs;
	struct slice literal, match;
	struct slice queue;	/* the Postfix instance whose queue ids it names; empty: its own */
	enum event_type type;
	uint8_t reason, action, phase, agent;
	bool has_agent, spam;
	struct taught_example *example;
	unsigned examples;
	struct taught_code *code;	/* set by taught_compile() */
};

struct taught {			/* zeroed: empty */
	struct taught_line *line;
	unsigned lines, cap;
	struct taught_index *index;	/* set by taught_finish() */
};

const char *taught_field_name(unsigned field);
/* The type with that name if users can teach it; EV_TYPES: no. */
enum event_type taught_type(struct slice name);
/*
 * Compiles l->match; checks that it has the groups that the type needs and no others than it
 * knows. -1: what is wrong with the expression, or with what is left out.
 */
int taught_compile(struct taught_line *l, struct problem *p);
void taught_code_free(struct taught_code *code);	/* NULL is allowed */
void taught_finish(struct taught *t);	/* after the last line: its index */
void taught_free(struct taught *t);

/* Of one thread. NULL when there is nothing taught, which all functions here take. */
struct taught_reader *taught_open(const struct taught *t, struct names *names);
void taught_close(struct taught_reader *r);
unsigned taught_disabled(const struct taught_reader *r);	/* shapes switched off */
/* True: the line has a shape that was taught, and *ev is its event. Else ev stays as it is. */
bool taught_read(struct taught_reader *r, const struct header *h, struct event *ev);
/* Of the last one that was read: its number. */
unsigned taught_last(const struct taught_reader *r);

/* What a line says: to a built-in parser, or else to what was taught. */
static inline enum line_kind
line_read(struct taught_reader *r, const struct header *h, struct event *ev)
{
	enum line_kind kind = event_parse(h, ev);

	if (r != NULL && ev->type == EV_NONE && taught_read(r, h, ev))
		return LINE_RECOGNISED;
	return kind;
}

#endif
