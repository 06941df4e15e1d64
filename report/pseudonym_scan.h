/* pseudonym_scan: mail addresses in free text; shared by report/pseudonym*.c, for nobody else. */
#ifndef REPORT_PSEUDONYM_SCAN_H
#define REPORT_PSEUDONYM_SCAN_H

#include "report/pseudonym.h"

/* What stands before the last @, or "%40" as URLs have it; all of it when there is none. */
struct slice address_local(struct slice s);
/*
 * The text with every address's local part as a pseudonym, and so where one of these or of known
 * stands alone as a word.
 */
void pseudonym_scan(const struct pseudonym *y, struct slice s, const struct known_names *known,
    struct buf *out);

/* pseudonym.c */
void pseudonym_put_mailbox(const struct pseudonym *y, struct slice s, struct buf *out);
/* True when it is one of known: its pseudonym is put. */
bool pseudonym_put_known(const struct pseudonym *y, struct slice s,
    const struct known_names *known, struct buf *out);

#endif
