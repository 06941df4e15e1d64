/*
 * sha256: SHA-256 (FIPS 180-4) and HMAC with it (RFC 2104), for few and short texts: pseudonyms,
 * and the hashes by which a page names its own style.
 */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include "base/slice.h"

enum { SHA256_BYTES = 32, SHA256_BLOCK = 64 };

struct sha256 {			/* sha256_init(), then any number of adds, then one end */
	uint32_t h[8];
	uint64_t bytes;
	unsigned char block[SHA256_BLOCK];
};

void sha256_init(struct sha256 *s);
void sha256_add(struct sha256 *s, struct slice bytes);
void sha256_end(struct sha256 *s, unsigned char digest_r[SHA256_BYTES]);

struct hmac_key {		/* both pads hashed already: a copy is the start of each text */
	struct sha256 inner, outer;
};

void hmac_key_init(struct hmac_key *k, struct slice key);
void hmac_sha256(const struct hmac_key *k, struct slice text, unsigned char digest_r[SHA256_BYTES]);

#endif
