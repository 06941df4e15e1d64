/* See pack.h. */
#include "base/pack.h"

#include "base/swar.h"

void
pack_u(struct buf *b, uint64_t v)
{
	b->n = (unsigned)(pack_put(buf_room(b, PACK_MOST), v) - b->p);
}

void
pack_i(struct buf *b, int64_t v)
{
	pack_u(b, pack_zigzag(v));
}

void
pack_bytes(struct buf *b, struct slice s)
{
	pack_u(b, s.n);
	buf_add(b, s);
}

uint64_t
unpack_fail(struct unpack *u)
{
	u->bad = true;
	u->rest = SLICE_NONE;
	return 0;
}

/* The last one may be 0 only when it is alone: one form each. */
static uint64_t
unpack_bytewise(struct unpack *u)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint8_t byte;

		if (u->rest.n == 0)
			return unpack_fail(u);
		byte = (uint8_t)u->rest.p[0];
		u->rest = slice_skip(u->rest, 1);
		if (shift == 63 && byte > 1)
			return unpack_fail(u);
		v |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return byte == 0 && shift ? unpack_fail(u) : v;
	}
	return unpack_fail(u);
}

/* Up to eight bytes at a time: pairs of seven bits become one of 14, these of 28, and these one. */
uint64_t
unpack_long(struct unpack *u)
{
	uint64_t v, ends, n;

	if (u->rest.n < 8)
		return unpack_bytewise(u);
	v = swar_load(u->rest.p);
	ends = ~v & SWAR_TOPS;
	if (ends == 0)
		return unpack_bytewise(u);
	n = swar_first(ends) + 1;
	if (n > 1 && u->rest.p[n - 1] == 0)
		return unpack_fail(u);
	u->rest = slice_skip(u->rest, n);
	v &= ~SWAR_TOPS & (ends ^ (ends - 1));
	v = (v & 0x007f007f007f007f) | (v & 0x7f007f007f007f00) >> 1;
	v = (v & 0x00003fff00003fff) | (v & 0x3fff00003fff0000) >> 2;
	return (v & 0x0fffffff) | v >> 32 << 28;
}

int64_t
unpack_i(struct unpack *u)
{
	uint64_t v = unpack_u(u);

	return (int64_t)(v >> 1 ^ (v & 1 ? UINT64_MAX : 0));
}

struct slice
unpack_bytes(struct unpack *u)
{
	uint64_t n = unpack_max(u, u->rest.n);
	struct slice s;

	if (n > u->rest.n) {
		unpack_fail(u);
		return SLICE_NONE;
	}
	s = slice_first(u->rest, n);
	u->rest = slice_skip(u->rest, n);
	return s;
}

uint64_t
unpack_count(struct unpack *u, size_t least)
{
	uint64_t n = unpack_u(u);

	return n > u->rest.n / least ? unpack_fail(u) : n;
}
