/*
 * pseudonym_items: events, messages, lines and whole reports with pseudonyms in them.
 *
 * What comes back is the copy, or the item itself when nothing is to be changed. Copies keep
 * everything but their texts and addresses; these live in the arena, which the caller
 * empties. Whoever writes an item writes such a copy: so no writer has to know of pseudonyms, and
 * no format can forget one.
 */
#ifndef REPORT_PSEUDONYM_ITEMS_H
#define REPORT_PSEUDONYM_ITEMS_H

#include "base/arena.h"
#include "parser/message.h"
#include "report/pseudonym.h"
#include "report/summary.h"

const struct event *pseudonym_event(const struct pseudonym *y, const struct event *ev,
    struct event *copy_r, struct arena *arena);
const struct message *pseudonym_message(const struct pseudonym *y, const struct message *m,
    struct message *copy_r, struct arena *arena);
/*
 * A line of a log, for recipients only: its free text cannot be made safe of everything else. ev
 * may be NULL: no more is known of it.
 */
void pseudonym_line(const struct pseudonym *y, struct slice line, const struct event *ev,
    struct buf *out);
/* The lists and notes of a report, in place; and the lines that it quotes. */
void pseudonym_summary(const struct pseudonym *y, struct summary *s);
void pseudonym_samples(const struct pseudonym *y, struct run_facts *run);

#endif
