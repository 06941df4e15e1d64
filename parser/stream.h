/*
 * stream: the lines of several inputs in one order of time, with their headers.
 *
 * Files that follow one another are read one after the other; files that overlap in time (mainlog,
 * rejectlog, spamd.log) are merged line by line, by stamp. Lines of one second come in the order of
 * the files: by kind, by their first stamp, in rotation order of their names; so the order in which
 * they were given does not matter. A line without a stamp stays behind the line before it.
 */
#ifndef PARSER_STREAM_H
#define PARSER_STREAM_H

#include "parser/header.h"
#include "parser/input.h"

/* What a line without stamp would go on, if there was a line before it in its log. */
enum line_lead { LEAD_NONE, LEAD_EXIM, LEAD_REJECTLOG, LEADS };

struct stream_line {
	struct slice text;
	struct header header;	/* only if has_header */
	bool has_header;
	enum line_kind kind;	/* without: LINE_BAD, or LINE_RECOGNISED, goes on the line before */
	enum line_lead lead;	/* without, and no line of its log with one came before */
	unsigned input;		/* index as given */
};

struct stream_options {
	const struct zone *zone;
	struct slice host;	/* for lines without one */
	int first_year;		/* 0: from now */
	bool identify;		/* stream_identity() is wanted */
	uint64_t from, to;	/* of the only input, a plain file: these bytes; 0, 0: all */
	int64_t now;
};

struct stream;

/* Opens nothing that fails silently: see stream_problem(). paths must outlive it. */
struct stream *stream_open(const char *const *path, unsigned n, const struct stream_options *o,
    struct names *names);
/* A line, valid until the next call; NULL: the end of all inputs. */
const struct stream_line *stream_next(struct stream *s);
/*
 * For a line that stands for more of the one before it in its log (EV_REPEAT): that one's header,
 * never that of another such line; when it begins its log, the last one of a log of its host that
 * has ended. STREAM_NONE: it has no header; STREAM_UNKNOWN: nothing came before, here.
 */
enum stream_before { STREAM_NONE, STREAM_LINE, STREAM_UNKNOWN };
enum stream_before stream_before(struct stream *s, struct header *h_r);
/* The same for what would come behind the log that was the first, second, ... one to end. */
enum stream_before stream_last(struct stream *s, unsigned end, struct header *h_r);
unsigned stream_ends(const struct stream *s);
/* Troubles of inputs met so far, one at each call: NULL when there is none. */
const char *stream_problem(struct stream *s);
bool stream_is_rejectlog(const char *path);	/* Exim's, by its name */
uint64_t stream_offset(const struct stream *s);	/* bytes of files read, for progress */
uint64_t stream_size(const struct stream *s);
/* Years given to year-less stamps: false when there was none. */
bool stream_years(const struct stream *s, int *first_r, int *last_r);
bool stream_zone_assumed(const struct stream *s);
/* At the end, of the input with that index as given: its decoded bytes and their input_hash().
 * False when it could not be opened. */
bool stream_identity(const struct stream *s, unsigned input, uint64_t *bytes_r, uint64_t *hash_r);
/*
 * At the end, of an input: the time of its first line and of its last, as they were read, which
 * never goes back. False when it could not be opened.
 */
bool stream_span(const struct stream *s, unsigned input, int64_t *first_r, int64_t *last_r);
/* The order in which lines of one second are read; first: of each input's first line. */
int stream_order(const char *a, int64_t first_a, const char *b, int64_t first_b);
void stream_close(struct stream *s);

#endif
