/*
 * mail: the report as a message (RFC 5322, MIME), ready for "sendmail -t"; nothing is sent here.
 *
 * Lines end with LF, as sendmail wants them; all bytes are ASCII, bodies quoted-printable, so that
 * no relay changes them and no line is taken for a header or an end. No bytes of strangers stand
 * in a header but the name of the log's host, and that only if it is made of what host names are.
 */
#ifndef REPORT_MAIL_H
#define REPORT_MAIL_H

#include "report/text.h"

struct mail_options {
	struct slice to;	/* mail_check() has passed it */
	int64_t now;		/* UTC: its Date */
	struct text_options text;	/* quiet: nothing at all when there is no alarm */
	struct slice html;	/* the same for readers that show it; empty: text only */
};

/* Addresses separated by commas: user@domain, or a user of this host. */
int mail_check(struct slice to, struct problem *p);
void mail_report(const struct summary *s, struct buf *out, const struct mail_options *o);
/* What a Subject says behind the date: "2 hacked accounts, 61 % zombies". Words of ours only. */
void mail_verdict(const struct summary *s, struct buf *out);

#endif
