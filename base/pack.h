/*
 * pack: numbers and texts as bytes that travel between machines.
 *
 * Numbers are LEB128 (7 bits a byte, the least first), signed ones zigzag before; a text has its
 * length before it. Whatever is read may be hostile: a reader that met something impossible says so
 * by `bad`, gives 0 and empty texts from then on, and never reads behind its end.
 */
#ifndef BASE_PACK_H
#define BASE_PACK_H

#include <stdbool.h>

#include "base/buf.h"

enum { PACK_MOST = 10 };	/* bytes of a number */

/* For many of them: into room that is there; returned is what is behind it. */
static inline char *
pack_put(char *p, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		*p++ = (char)(v | 0x80);
	*p++ = (char)v;
	return p;
}

static inline uint64_t
pack_zigzag(int64_t v)
{
	return (uint64_t)v << 1 ^ (v < 0 ? UINT64_MAX : 0);
}

void pack_u(struct buf *b, uint64_t v);
void pack_i(struct buf *b, int64_t v);
void pack_bytes(struct buf *b, struct slice s);

struct unpack {
	struct slice rest;
	bool bad;
};

uint64_t unpack_long(struct unpack *u);	/* for unpack_u() */

static inline uint64_t
unpack_u(struct unpack *u)
{
	uint8_t byte = u->rest.n ? (uint8_t)u->rest.p[0] : 0x80;

	if (byte >= 0x80)
		return unpack_long(u);
	u->rest.p++;
	u->rest.n--;
	return byte;
}

uint64_t unpack_fail(struct unpack *u);		/* it is bad; 0 */

/* The same as unpack_u(), but more than most is bad. */
static inline uint64_t
unpack_max(struct unpack *u, uint64_t most)
{
	uint64_t v = unpack_u(u);

	return v > most ? unpack_fail(u) : v;
}

int64_t unpack_i(struct unpack *u);
struct slice unpack_bytes(struct unpack *u);	/* points into what is read */
/*
 * How many items follow, each of at least `least` bytes (1 or more): bad when they cannot be in
 * what is left, so that nobody allocates for more than was sent.
 */
uint64_t unpack_count(struct unpack *u, size_t least);

#endif
