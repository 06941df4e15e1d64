/*
 * dump: one text line for each event, message or judgement; what golden tests and bug reports use.
 * Strangers' bytes are made visible; fields that are not there are left out.
 */
#ifndef REPORT_DUMP_H
#define REPORT_DUMP_H

#include "base/buf.h"
#include "classify/observe.h"
#include "report/pseudonym.h"

void dump_event(const struct event *ev, struct slice host, struct buf *out);
void dump_message(const struct message *m, struct slice host, struct buf *out);
/* The early rules that hit a message, with where it was counted. */
void dump_evidence(const struct classifier *cl, const struct pseudonym *y,
    const struct message *m, const struct observation *o, struct buf *out);
/* "ip:192.0.2.1", "account:joe", "script:www-data@mx1", "message" for a source without client. */
void source_key(const struct state *st, uint32_t source, struct buf *out);

#endif
