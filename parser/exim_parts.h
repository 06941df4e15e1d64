/*
 * exim_parts: what the files of the Exim parser share. Private to parser/exim*.c.
 *
 * A cursor is a slice of the rest of the line; "take" cuts its head off and leaves the cursor
 * behind it. Nothing here reads outside the slice it was given, allocates or keeps state.
 */
#ifndef PARSER_EXIM_PARTS_H
#define PARSER_EXIM_PARTS_H

#include "parser/event.h"

struct exim_host {
	struct slice name;	/* verified by reverse and forward DNS; empty when there is none */
	struct slice helo;	/* without the parentheses; empty when not logged */
	struct addr addr;
	bool has_addr;
	uint16_t port;
};

/* Up to the next blank that is not in "..."; the blank stays. */
struct slice exim_word(struct slice *s);
/* "<...>", where a > in "..." does not end it; *value_r is the inside. */
bool exim_angle(struct slice *s, struct slice *value_r);
/* "...", with backslash escapes; *value_r is the inside, still escaped. */
bool exim_quoted(struct slice *s, struct slice *value_r);
/* "name (helo) [addr]:port", each of the first two optional. False and *s kept: no such block. */
bool exim_host(struct slice *s, struct exim_host *host_r);
/* The same, put into ev as the client. Also behind a "H=". */
bool exim_client(struct slice *s, struct event *ev);
/* " I=[addr]:port" */
void exim_interface(struct slice *s, struct event *ev);
void exim_sender(struct slice sender, struct event *ev);
/* "score=8.1", "scored 12.3", "hits=7.5", "12.3 spam points"; thousandths. */
bool exim_score(struct slice text, int32_t *milli_r);
bool exim_milli(struct slice text, int32_t *milli_r);

/* s: behind the flag or at the first byte of the text. QID is already set when there is one. */
enum line_kind exim_received(struct slice s, struct event *ev);
enum line_kind exim_delivery(struct slice s, enum delivery_status status, struct event *ev);
enum line_kind exim_fields(struct slice s, struct event *ev);
enum line_kind exim_rejected(struct slice s, bool temporarily, struct event *ev);
enum line_kind exim_warning(struct slice s, struct event *ev);
enum line_kind exim_sa(struct slice s, struct event *ev);
enum line_kind exim_session(struct slice s, struct event *ev);
enum line_kind exim_auth_fail(struct slice s, struct event *ev);

/* Sets reason, zone and code of ev by the words of an ACL's text. */
void exim_reason(struct slice text, struct event *ev);

#endif
