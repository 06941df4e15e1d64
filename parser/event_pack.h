/*
 * event_pack: an event as bytes, with its texts: for lines that have to wait for their neighbours.
 *
 * Hosts and instances are numbers of the writer's names; a reader translates them.
 */
#ifndef PARSER_EVENT_PACK_H
#define PARSER_EVENT_PACK_H

#include "base/pack.h"
#include "parser/event.h"

void event_pack(const struct event *ev, struct buf *out);
/*
 * Texts point into what is read, which may be hostile: then u->bad is set. Numbers of names are
 * translated by name[names]; NULL: they are the reader's own.
 */
void event_unpack(struct unpack *u, const uint32_t *name, uint32_t names, struct event *ev_r);

/* The same of single things that stand beside events. */
void event_pack_addr(struct buf *out, const struct addr *a);
struct addr event_unpack_addr(struct unpack *u);
uint32_t event_unpack_name(struct unpack *u, const uint32_t *name, uint32_t names);
int64_t unpack_time(struct unpack *u, int64_t from);	/* of pack_i(ts - from); one of a log */

#endif
