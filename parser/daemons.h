/*
 * daemons: the parsers of the daemon families; each turns a header's body into one event.
 *
 * Contract of every function: h->body is the message; ev was reset and has ts, host, instance,
 * pid and mta set by event_parse(). Returns LINE_RECOGNISED (ev->type may be EV_NONE) or
 * LINE_UNKNOWN. No allocation, no copy; fields are cut from fixed anchors by the daemon's own
 * grammar, never by searching the line for "from=".
 */
#ifndef PARSER_DAEMONS_H
#define PARSER_DAEMONS_H

#include "parser/event.h"
#include "parser/header.h"

/* By h->from->daemon; resets and fills ev. LINE_IGNORED for programs that we do not support. */
enum line_kind event_parse(const struct header *h, struct event *ev);
/* rsyslog's "message repeated 3 times: [ TEXT]": true, and *body is TEXT. */
bool line_repeated(struct slice *body, uint16_t *times_r);

enum line_kind postfix_smtpd(const struct header *h, struct event *ev);
enum line_kind postfix_postscreen(const struct header *h, struct event *ev);
enum line_kind postfix_dnsblog(const struct header *h, struct event *ev);
enum line_kind postfix_cleanup(const struct header *h, struct event *ev);
enum line_kind postfix_qmgr(const struct header *h, struct event *ev);
enum line_kind postfix_pickup(const struct header *h, struct event *ev);
enum line_kind postfix_delivery(const struct header *h, struct event *ev);
enum line_kind postfix_bounce(const struct header *h, struct event *ev);
enum line_kind exim_line(const struct header *h, struct event *ev);
enum line_kind spamd_line(const struct header *h, struct event *ev);
enum line_kind amavis_line(const struct header *h, struct event *ev);
enum line_kind rspamd_line(const struct header *h, struct event *ev);
enum line_kind mimedefang_line(const struct header *h, struct event *ev);
/* LINE_IGNORED, too: of a service that is no part of sending mail. */
enum line_kind dovecot_line(const struct header *h, struct event *ev);
enum line_kind policy_line(const struct header *h, struct event *ev);
enum line_kind milter_line(const struct header *h, struct event *ev);

#endif
