/*
 * correlate: puts the events of one message, of all daemons and hosts, together.
 *
 * Keys: host + instance + queue id; host + pid for what a Postfix session said before it had a
 * queue id; host + client address + port for postscreen; message-id for spamd, amavis and copies
 * that pass several queues (re-injection by a content filter, several own hosts), which become one.
 *
 * Time is log time, as each host's own clock goes on (clock.h). Messages of one message-id with
 * gaps up to 600 s are matched when the window is over: k-th verdict to k-th message. An id that
 * is opened again ends its former message. Open messages are bounded, so is what waits in windows:
 * the oldest is forced out and counted.
 *
 *	if (correlate_event(c, &ev))
 *		while ((m = correlate_next(c)) != NULL)
 *			...m is valid until the next call of any function here...
 */
#ifndef PARSER_CORRELATE_H
#define PARSER_CORRELATE_H

#include "parser/event.h"
#include "parser/message.h"

enum { CORRELATE_MAX_OPEN = 1000000, CORRELATE_WINDOW = 600 };

struct correlate;

struct correlate_counts {
	uint64_t total, complete, open, forced;		/* messages with a queue id */
	uint64_t copies;	/* of these, passages of a message that was counted already */
	uint64_t unjoined;	/* verdicts without message */
	uint64_t rejectlog;	/* rejectlog lines equal to a mainlog line */
	uint64_t retries;	/* attempts counted before in their 10-minute cell */
	uint64_t crowded;	/* what ended early, or was forgotten, because it was too much */
};

/* max_open: messages that are open; twice as many, and verdicts, may wait in windows. */
struct correlate *correlate_open(uint32_t max_open);
void correlate_close(struct correlate *c);
/* Before the first event: no input of the whole stream is an Exim rejectlog. */
void correlate_no_rejectlog(struct correlate *c);
/* Before the first event: who is told at once of each client (addr_key()) whose session begins. */
void correlate_hear(struct correlate *c, void (*hear)(void *context, uint64_t client),
	void *context);
/* True: correlate_next() has messages; take them all before the next event. */
bool correlate_event(struct correlate *c, const struct event *ev);
/*
 * Before an EV_PART is given to correlate_event(): it becomes the event of the line that is whole
 * now, or EV_NONE, or stays what it is. Texts are valid until the next call.
 */
void correlate_part(struct correlate *c, struct event *ev);
/* ev as so many more of the same; false: that says nothing. */
bool correlate_repeat(struct event *ev, uint32_t times);
/*
 * What EV_REPEAT is about: events, packed, of the last line of each log that has ended, in that
 * order. One without a host ends what was known of all; none at all change nothing.
 */
void correlate_last(struct correlate *c, struct slice events, const uint32_t *name, uint32_t names);
/* No more events: everything still open comes out, as STATE_OPEN. */
void correlate_end(struct correlate *c);
const struct message *correlate_next(struct correlate *c);
struct correlate_counts correlate_counts(const struct correlate *c);
void correlate_counts_add(struct correlate_counts *to, struct correlate_counts from);

#endif
