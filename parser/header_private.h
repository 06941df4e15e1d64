/* header_private: what header.c and header_other.c share; for nobody else. */
#ifndef PARSER_HEADER_PRIVATE_H
#define PARSER_HEADER_PRIVATE_H

#include "parser/header.h"
#include "parser/stamp.h"

enum {
	PROGRAM_TEXT = 32,	/* names as long as this are classified anew each time */
	PROGRAM_SLOTS = 64,
	HEAD_TEXT = 64,
	HEAD_BITS = 10
};

/* What a program's name says: remembered, because a log has a dozen names and a billion lines. */
struct program {
	char text[PROGRAM_TEXT];
	size_t n;		/* < PROGRAM_TEXT; 0: free */
	enum daemon daemon;
	uint32_t instance;
	size_t service_at, service_n;
};

/*
 * "mx1 postfix/smtpd[", what stands before "123]: ", and what it says: see parse_known(). Its only
 * "[" is its last byte; a free one has none.
 */
struct head {
	char text[HEAD_TEXT];
	struct origin origin;		/* its slices are of the text */
};

struct header_reader {
	struct names *names;
	struct stamp_reader stamp, inner;	/* of lines; of lines within others */
	struct slice host_text;		/* of host; the interner's copy */
	uint32_t host;			/* a recent one */
	uint32_t host_none;		/* of lines that name none */
	int64_t last_ts;
	const struct origin *last;	/* of the last line from syslog */
	struct origin here, marker;	/* of lines that no head stands for */
	struct origin exim, spamd;	/* of their own files */
	struct program program[PROGRAM_SLOTS];
	uint64_t head_key;		/* which places heads have */
	unsigned deals;			/* how often they were given others */
	struct head head[1 << HEAD_BITS];
};

/* header.c */
/* "host program[pid]: body", behind a stamp; r->last_ts is set. */
enum line_kind header_syslog(struct header_reader *r, struct slice rest, struct header *h);
/* The host of the lines to come; "-" stands for none. */
void header_host(struct header_reader *r, struct slice host);
/* r->here becomes what the first n bytes of rest, a program's name, stand for. */
void header_program(struct header_reader *r, struct slice rest, size_t n);
bool header_pid(struct slice *s, uint32_t *pid_r);	/* removes "[123]" */
void header_exim(struct header_reader *r, struct slice rest, struct header *h);
/* Any line, by its stamp. */
enum line_kind header_line(struct header_reader *r, struct slice line, struct header *h);

/* header_other.c */
/* A line of the syslog daemon itself or of journalctl: recognised, or LINE_BAD. */
enum line_kind header_marker(struct header_reader *r, uint32_t host, struct slice body,
    struct header *h);
enum line_kind header_spamd(struct header_reader *r, struct slice rest, struct header *h);
/* What follows a stamp, and is not header_syslog()'s. */
enum line_kind header_syslog_other(struct header_reader *r, struct slice rest, struct header *h);
/* A line without a stamp at its start. */
enum line_kind header_other(struct header_reader *r, struct slice line, struct header *h);
/* "program[pid]: body", of no host that is known; h->ts is set. */
enum line_kind header_bare(struct header_reader *r, struct slice line, struct header *h);
/* "host program[pid]: " behind a stamp that looks like Exim's? */
bool header_is_syslog(struct slice rest);

#endif
