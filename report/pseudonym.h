/*
 * pseudonym: other words for what tells who somebody is, the same for the same with one key.
 *
 * A pseudonym is "p-" and 80 bits of an HMAC in base 32: without the key it can be neither guessed
 * nor looked up, with it the same texts have the same one in all logs and formats, so that what
 * could be joined still can be.
 *
 * recipients: the local part of every mail address, whoever's it is, as senders are forged to be
 * recipients' and often hold one; and recipients' names without a domain. What looks like an
 * address is one: message-ids and logins with @ too. Domains, hosts and other logins stay.
 * all: also logins, users and directories, IP addresses, reverse names but for their registered
 * domain, HELO names and message-ids whole; of free texts only the numbers in front stay.
 *
 * Registered domains, queue ids, and the logs' own hosts are kept: they name organisations, or
 * nothing outside of these logs.
 */
#ifndef REPORT_PSEUDONYM_H
#define REPORT_PSEUDONYM_H

#include "base/addr.h"
#include "base/buf.h"
#include "base/sha256.h"

enum pseudonymize { PSEUDONYMIZE_NONE, PSEUDONYMIZE_RECIPIENTS, PSEUDONYMIZE_ALL };

enum personal {			/* what a text is */
	PERSONAL_RECIPIENT, PERSONAL_SENDER, PERSONAL_ACCOUNT,
	PERSONAL_USER,		/* a local one, perhaps with host and directory; a directory */
	PERSONAL_NAME,		/* of a host, in the DNS */
	PERSONAL_HELO,
	PERSONAL_ID,		/* message-id */
	PERSONAL_TOKEN,		/* an id that another host gave */
	PERSONAL_REPLY,		/* free text of a server */
	PERSONAL_WORDS		/* of ours or of a known program, which may quote strangers */
};

struct pseudonym {
	enum pseudonymize mode;
	struct hmac_key key;
};

enum { PSEUDONYM_KNOWN = 16 };

struct known_names {		/* mailboxes; where their local part stands alone, it is one too */
	struct slice mailbox[PSEUDONYM_KNOWN];
	unsigned n;
};

void pseudonym_put(const struct pseudonym *y, enum personal what, struct slice s, struct buf *out);
/* A text with what is known of it. Finds the addresses in it, too. */
void pseudonym_put_text(const struct pseudonym *y, enum personal what, struct slice s,
    const struct known_names *known, struct buf *out);
/* "ip:...", "account:..." and so on, as source_key() writes it. */
void pseudonym_put_source(const struct pseudonym *y, struct slice key, struct buf *out);
/* An address gets one of fd00::/8, which nobody has in the Internet; loopback stays. */
void pseudonym_addr(const struct pseudonym *y, struct addr *a);
/* Can it be one? "p-" and what follows, with or without a domain. */
bool pseudonym_looks_like(struct slice s);

#endif
