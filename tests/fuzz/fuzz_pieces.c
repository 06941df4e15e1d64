/*
 * Any bytes as the pieces of a part: refused, and nothing was added; or taken, and then they are
 * read to their ends without harm, whatever is in their edges, are packed to bytes that are taken
 * again, and say the same twice.
 *
 * The first byte: 0 the rest is a row of pieces; else it is the edge of each of that many pieces,
 * of one host and with good places, so that contexts and events are reached quickly.
 */
#include <stdlib.h>

#include "report/dump.h"
#include "report/pieces.h"

#define CHECK(what) do { if (!(what)) abort(); } while (0)

enum { NAMES = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct taken {
	struct names *names;
	uint64_t n, hash;
};

static void
take(void *context, struct correlate *c)
{
	struct taken *t = context;
	const struct message *m;
	struct buf b = { 0 };

	while ((m = correlate_next(c)) != NULL) {
		CHECK(m->host < names_count(t->names) && m->instance < names_count(t->names));
		b.n = 0;
		dump_message(m, names_text(t->names, m->host), &b);
		for (uint32_t i = 0; i < b.n; i++) {
			unsigned char ch = (unsigned char)b.p[i];

			CHECK(ch == '\n' || (ch >= 0x20 && ch != 0x7f));
		}
		t->hash = hash_fixed(buf_slice(&b), t->hash);
		t->n++;
	}
	buf_free(&b);
}

static void
read_twice(struct pieces *x, struct names *names)
{
	struct taken one = { .names = names }, two = one;
	struct pieces_sums a, b;
	int rc = pieces_read(x, NULL, &(struct pieces_taker){ &one, take }, &a);

	CHECK(rc == pieces_read(x, NULL, &(struct pieces_taker){ &two, take }, &b));
	CHECK(one.n == two.n && one.hash == two.hash);
	CHECK(a.counts.total == b.counts.total && a.backwards == b.backwards);
}

static void
unpack(struct slice bytes)
{
	struct names *names = names_open(), *others = names_open();
	struct pieces x = { .n = 0 }, y = { .n = 0 };
	struct buf out = { 0 }, again = { 0 };

	if (pieces_unpack(&x, names, bytes) == 0) {
		read_twice(&x, names);
		pieces_pack(&x, names, &out);
		CHECK(pieces_unpack(&y, others, buf_slice(&out)) == 0 && y.n == x.n);
		pieces_pack(&y, others, &again);
		CHECK(slice_eq(buf_slice(&out), buf_slice(&again)));
		CHECK(pieces_unpack(&y, others, buf_slice(&out)) == 0);
		read_twice(&y, others);
	} else {
		CHECK(x.n == 0);
	}
	pieces_free(&x);
	pieces_free(&y);
	buf_free(&out);
	buf_free(&again);
	names_close(names);
	names_close(others);
}

static void
read_edge(struct slice bytes, unsigned n)
{
	struct names *names = names_open();
	struct pieces x = { .n = 0 };
	const struct part_place place = { .has_seq = true, .name = "x" };
	struct unpack u = { .rest = bytes };
	struct edge e;

	for (uint32_t i = 1; i < NAMES; i++)
		names_id(names, i == 1 ? SLICE("a") : SLICE("b"));
	for (unsigned i = 0; i < n && !u.bad; i++) {
		struct part_place at = place;
		struct piece_host *host = mem_alloc(NAMES * sizeof(*host));

		for (uint32_t k = 0; k < NAMES; k++)
			host[k] = (struct piece_host){ k, 1000, 2000 };
		u.rest = bytes;
		edge_unpack(&u, &e);
		at.seq = i;
		pieces_add(&x, &at, NAMES, host, NAMES, &e);
	}
	read_twice(&x, names);
	pieces_free(&x);
	names_close(names);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = { (const char *)data, size };

	if (size == 0)
		return 0;
	if (data[0] == 0)
		unpack(slice_skip(bytes, 1));
	else
		read_edge(slice_skip(bytes, 1), data[0] % 8u);
	return 0;
}
