/* pseudonym_key: the file that --pseudonym-key-file names. */
#ifndef CLI_PSEUDONYM_KEY_H
#define CLI_PSEUDONYM_KEY_H

#include "report/pseudonym.h"

enum { PSEUDONYM_KEY_LEAST = 16 };	/* bytes; newlines at the end are none of it */

/* A plain file that nobody but its owner may read or write. */
int pseudonym_key_read(struct hmac_key *key_r, const char *path, struct problem *p);

#endif
