/*
 * domain: the part of a host name that somebody registered, by the Public Suffix List that
 * libpsl was built with. No file is read, so the same binary always gives the same answer.
 */
#ifndef BASE_DOMAIN_H
#define BASE_DOMAIN_H

#include "base/name_bits.h"
#include "base/slice.h"

enum { DOMAIN_NAME_MAX = 255 };

/*
 * Public suffix and one label: "a.b.example.co.uk" gives "example.co.uk", a part of name, in
 * the case of name and without a trailing dot. Empty when there is none: a public suffix itself,
 * a single label, an IP address, a bad or over-long name.
 *
 * Only the ICANN section counts: see domain.c.
 */
struct slice domain_registered(struct slice name);

/*
 * For many names: the memo (zeroed: empty) remembers which suffixes are public. Results do not
 * depend on it.
 */
enum { DOMAIN_MEMO = 8192 };

struct domain_memo {
	uint64_t place[DOMAIN_MEMO];	/* hash of a suffix; the lowest bit: it is public */
};

/* A name in lower case, and what its bytes are; a trailing dot is no part of it. */
struct host_name {
	char text[DOMAIN_NAME_MAX + 17];	/* 16 bytes can be read from each place */
	struct name_bits is;
	unsigned n;
	bool regular;			/* as far as bytes and the lengths of labels go */
};

/* False for an empty or over-long name. */
bool host_name_cut(struct slice name, struct host_name *h_r);
/* Where its registered domain starts; h->n when it has none. memo may be NULL. */
unsigned host_name_registered(const struct host_name *h, struct domain_memo *memo);
/* Without what stands from byte n on, a dot or the end. */
void host_name_shorten(struct host_name *h, unsigned n);
/* Which list: its SHA-1 in hexadecimal, and its time (seconds since 1970; 0 when unknown). */
const char *domain_data_version(void);
int64_t domain_data_time(void);

#endif
