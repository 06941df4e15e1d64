/*
 * events: those of a run that jsonl may want, packed, in the order of their coming.
 *
 * Who reads in several threads has one for each, whose records then move into the first.
 */
#ifndef CLI_EVENTS_H
#define CLI_EVENTS_H

#include "classify/state_fold.h"
#include "report/jsonl_record.h"
#include "report/spool.h"

struct events {
	struct spool *spool;		/* NULL: nobody wants them */
	bool suspected;			/* these, too */
	bool failed;			/* why tells; no more are taken */
	struct problem why;
	struct buf record;
};

void events_open(struct events *e, bool suspected);
void events_close(struct events *e);	/* also a zeroed one */
void events_add(struct events *e, const struct classifier *cl, const struct message *m,
    const struct observation *o);
/*
 * As bytes of a part: names of hosts, then the events. signature: by number, its place in the
 * packed state. They can be read again.
 */
void events_pack(struct events *e, const struct names *names, const uint32_t *signature,
    struct buf *out);
/*
 * Adds those of a part in the hours that are kept; signature: by place, its number here. -1: bytes
 * that events_pack() does not write; those before them were added.
 */
int events_unpack(struct events *e, struct names *names, const struct state_numbers *signature,
    struct hour_range kept, struct slice bytes);
/* All of from's, by its numbers the new ones; from is empty afterwards. */
void events_move(struct events *e, struct events *from, const uint32_t *signature,
    const uint32_t *host);

#endif
