/*
 * header: the prefix that syslog, journald or Exim itself put before a daemon's message.
 *
 * Forms: RFC 3164 "Nov  1 02:03:04 host prog[pid]: ", also with a year or behind "<22>"; RFC 3339
 * stamps with 0-9 fraction digits and Z or any offset; RFC 5424; all of journalctl's short forms
 * but those that count from the start; Exim's own "2026-11-01 02:03:04[.mmm] [+0100] [pid] ",
 * spamd's own "Sun Nov  1 02:03:04 2026 [pid] info: ". More is told in stamp.c and header_other.c.
 *
 * A stamp of the minute before, a host and program seen before cost a compare. Hosts, instances are
 * interned to small numbers in order of appearance; no output depends on that order.
 *
 * As input.h gives them, lines have WIDE_SLACK bytes behind them that can be read.
 */
#ifndef PARSER_HEADER_H
#define PARSER_HEADER_H

#include "base/arena.h"
#include "base/table.h"
#include "base/utc.h"
#include "parser/event.h"

enum daemon {
	DAEMON_OTHER,  /* not a program that we support */
	DAEMON_BORING, /* of a supported family, but nothing that it says is used (anvil, scache) */
	/* Postfix: the last part of "postfix/submission/smtpd" */
	DAEMON_SMTPD,
	DAEMON_POSTSCREEN,
	DAEMON_DNSBLOG,
	DAEMON_CLEANUP,
	DAEMON_QMGR,
	DAEMON_PICKUP,
	DAEMON_SMTP, /* smtp, relay, lmtp: speak SMTP to a next hop */
	DAEMON_LMTP,
	DAEMON_LOCAL /* local, virtual, pipe */,
	DAEMON_ERROR /* error, retry, discard */,
	DAEMON_BOUNCE,
	/* others */
	DAEMON_EXIM,	/* by way of syslog */
	DAEMON_EXIM_FILE, /* its own files */
	DAEMON_SPAMD,
	DAEMON_AMAVIS,
	DAEMON_POSTFIX, /* "postfix" alone: which of its daemons is not said */
	DAEMON_RSPAMD,
	DAEMON_MIMEDEFANG,
	DAEMON_DOVECOT,
	DAEMON_POLICY,	/* postgrey, policyd-spf */
	DAEMON_MILTER,	/* opendkim, opendmarc, spamass-milter */
	DAEMON_COUNT
};

struct names;			/* interner, see names_* below */

/* Who wrote a line: the same for many lines, so a header only points to it. */
struct origin {
	uint32_t host, instance;
	enum daemon daemon;
	struct slice program;	/* "postfix/smtpd"; empty for Exim's own files */
	struct slice service;	/* middle part of the program: "submission"; else empty */
};

struct header {
	int64_t ts;
	const struct origin *from;	/* the reader's: valid until its next line */
	struct slice body;	/* the daemon's message, to the end of the line */
	uint32_t pid;
	bool rejectlog;		/* line of an Exim rejectlog: the caller's, never touched here */
};

struct header_reader;		/* one for each input: its caches and year */

/*
 * host: name for lines that carry none. first_year: of the first year-less stamp, or 0 to choose
 * the newest year in which it is not after now (plus a day). zone: for stamps without offset.
 */
struct header_reader *header_open(struct names *names, const struct zone *zone, struct slice host,
    int first_year, int64_t now);
void header_close(struct header_reader *r);
/*
 * LINE_RECOGNISED: *h_r is filled. Else LINE_BAD (no valid prefix; continuation lines too), and
 * h_r->from still is that of the line before.
 */
enum line_kind header_parse(struct header_reader *r, struct slice line, struct header *h_r);
/*
 * The same for a line that stood within another one, which was written at ts: that is its time,
 * unless it has a stamp with an offset.
 */
enum line_kind header_parse_inner(struct header_reader *r, struct slice line, int64_t ts,
    struct header *h_r);
/* Removes Exim's own stamp and "[pid] ", if they are there; the pid becomes that one. */
void header_skip_exim(struct slice *body, uint32_t *pid);
/* True when a year-less stamp was met: the years given to the first and to the last one. */
bool header_years(const struct header_reader *r, int *first_r, int *last_r);
bool header_zone_assumed(const struct header_reader *r);	/* a stamp without offset was met */

/* The interner. Number 0 is the empty name. */
struct names *names_open(void);
void names_close(struct names *n);
uint32_t names_id(struct names *n, struct slice name);
struct slice names_text(const struct names *n, uint32_t id);
uint32_t names_count(const struct names *n);	/* with the empty one */

#endif
