/*
 * message_id: what daemons agree on of a message-id; private to parser/join.c.
 *
 * It is the sender's word, and spamd takes out of it what could hurt a log: comments, what stands
 * around the <>, blanks, commas and whatever is no printable ASCII. Postfix and Exim do not. So a
 * message and its verdict are found by what is left when all of that is taken out.
 */
#ifndef PARSER_MESSAGE_ID_H
#define PARSER_MESSAGE_ID_H

#include "base/slice.h"

enum { MESSAGE_ID_MAX = 1000 };	/* what is behind is cut off first */

/* id itself, as it mostly is, or what is left of it, in text_r, which has MESSAGE_ID_MAX bytes. */
struct slice message_id_common(struct slice id, char *text_r);
uint64_t message_id_hash(struct slice id);	/* of that; for tables only */

#endif
