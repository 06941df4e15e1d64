/* pipeline_private: what cli/pipeline*.c share; for nobody else. */
#ifndef CLI_PIPELINE_PRIVATE_H
#define CLI_PIPELINE_PRIVATE_H

#include <sys/types.h>

#include "cli/pipeline.h"
#include "cli/slices.h"

enum { TWIN_BYTES = META_TWIN_BYTES };	/* smaller logs may be equal by chance */

bool is_regular(const char *path, off_t *size_r);	/* "-" is not */
/* Of a log: 0 when it cannot be read, or has less than TWIN_BYTES of lines. */
uint64_t content_hash(const char *path);
void drop_twins(struct pipeline *p);
void troubles_move(struct troubles *t, struct troubles *from);
void troubles_free(struct troubles *t);
void take_messages(struct pipeline *p, struct correlate *c, const struct sink *sink);

struct lines_read {		/* of the logs, as a piece */
	bool slice;		/* one that is read beside others, and no part's */
	int64_t least, most;	/* stamps; INT64_MAX and INT64_MIN without any */
	int64_t first, last;	/* of the first and the last line */
	uint32_t last_host;
	struct odd_lines odd;
	uint8_t end[LOGS];
	struct buf last_events;	/* as in struct piece */
	struct piece_host *host;	/* by number; of one that wrote no line first > last */
	unsigned hosts, cap;
};

/* Which logs, and as what they are read. */
struct logs {
	bool piece;
	const struct log_slice *slice;	/* of all; NULL: all of the pipeline's */
	bool rejectlog;		/* there is one, maybe in another slice */
	struct correlate **begun;	/* the first one: who reads on behind it; else NULL */
};
void read_logs(struct pipeline *p, const struct sink *sink, const struct logs *which);

/* pipeline_events.c */
/* An event of EV_REPEAT or more, of the line that s gave last, becomes what it stands for. */
void pipeline_complete(struct stream *s, struct correlate *c, int64_t since, int64_t until,
    struct event *ev);
/* At the end of a piece: what the next one may be more of. */
void pipeline_note_last(struct lines_read *l, struct stream *s);

/* pipeline_threads.c: into the state and the pieces, to be read behind *c_r. False: not cut. */
bool pipeline_read_threads(struct pipeline *p, struct correlate **c_r);

/* The parts alone, as pipeline_add_parts(). False: nothing was added, read them one by one. */
bool pipeline_parts_threads(struct pipeline *p);

/* pipeline_parts.c */
/* Adds them; with p->trial the first trouble of any kind ends it, silently. As pipeline_run(). */
int pipeline_add_parts(struct pipeline *p, const char *const *part, unsigned n);
bool is_part(const char *path);
/* Into the state and the pieces. -1: see pipeline_run(). */
int pipeline_load_parts(struct pipeline *p, const struct sink *sink);
/* The logs were read to their end as a piece, which c knows. NULL: nothing was held back. */
void pipeline_add_logs(struct pipeline *p, struct correlate *c, const struct stream *s,
    const struct lines_read *lines);
/*
 * The pieces are read behind one another, unless a part is to be written; the facts are of all.
 * begun: see pieces_read(); it is closed.
 */
void pipeline_end_pieces(struct pipeline *p, const struct sink *sink, struct correlate *begun);

#endif
