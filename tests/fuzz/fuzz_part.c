/*
 * Any bytes as a part, as the frame of one whose hash is right, as its content, and as what it says
 * of itself: refused with a problem, or whole; what was taken is packed to the same bytes again.
 */
#include <stdlib.h>

#include "base/table.h"
#include "report/part_file.h"
#include "report/part_meta.h"

#define CHECK(what) do { if (!(what)) abort(); } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The sections fill the content, in order; their number. */
static unsigned
count(const struct buf *content)
{
	struct slice rest = buf_slice(content), bytes, found;
	unsigned tag, last = 0, n = 0;

	while (rest.n > 0) {
		CHECK(part_section(&rest, &tag, &bytes) == 1);
		CHECK(n == 0 || tag > last);
		CHECK(part_find(content, tag, &found) && found.p == bytes.p);
		last = tag;
		n++;
	}
	return n;
}

static void
unpack_file(struct slice file)
{
	struct buf content = { 0 }, again = { 0 }, back = { 0 };
	struct problem p = { "" };

	if (part_unpack("f", file, &content, &p) == 0) {
		CHECK(part_is(file));
		count(&content);
		CHECK(part_pack(&content, &again, &p) == 0);
		CHECK(part_unpack("f", buf_slice(&again), &back, &p) == 0);
		CHECK(slice_eq(buf_slice(&content), buf_slice(&back)));
	} else {
		CHECK(slice_starts(slice_of(p.text), SLICE("f: ")));
	}
	buf_free(&content);
	buf_free(&again);
	buf_free(&back);
}

static void
put(struct buf *b, uint64_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		buf_chr(b, (char)(v >> 8 * i));
}

/* Two bytes of sections, three of content, then a frame. */
static void
unpack_forged(struct slice s)
{
	struct buf file = { 0 };
	uint64_t v[2] = { 0 };

	if (s.n < 5)
		return;
	memcpy(&v[0], s.p, 2);
	memcpy(&v[1], s.p + 2, 3);
	s = slice_skip(s, 5);
	put(&file, 0x184d2a57, 4);
	put(&file, 40, 4);
	buf_str(&file, "SpamPart");
	put(&file, PART_VERSION, 4);
	put(&file, v[0], 4);
	put(&file, v[1], 8);
	put(&file, s.n, 8);
	put(&file, hash_fixed(s, hash_fixed(buf_slice(&file), 0)), 8);
	buf_add(&file, s);
	unpack_file(buf_slice(&file));
	buf_free(&file);
}

/* Bytes cut into sections of up to 255, each with its length before it. */
static void
pack_content(struct slice s)
{
	struct buf content = { 0 }, file = { 0 };
	struct problem p;
	unsigned n = 0;

	while (s.n > 0) {
		struct slice bytes = slice_first(slice_skip(s, 1), (uint8_t)s.p[0]);
		unsigned begun = part_section_begin(&content, n++);

		buf_add(&content, bytes);
		part_section_end(&content, begun);
		s = slice_skip(s, 1 + bytes.n);
	}
	CHECK(count(&content) == n);
	CHECK(part_pack(&content, &file, &p) == 0);
	unpack_file(buf_slice(&file));
	buf_free(&content);
	buf_free(&file);
}

static void
unpack_meta(struct slice bytes)
{
	struct part_meta m = { 0 }, sum = { 0 }, back = { 0 };
	struct problem p = { "" };
	struct buf b = { 0 };

	if (meta_unpack("f", bytes, &m, &p) == 0) {
		meta_pack(&m, &b);
		CHECK(slice_eq(buf_slice(&b), bytes));
		meta_merge(&sum, &m);
		CHECK(meta_cmp(&sum, &m) == 0);
		meta_merge(&sum, &m);
		b.n = 0;
		meta_pack(&sum, &b);
		CHECK(meta_unpack("f", buf_slice(&b), &back, &p) == 0);
		CHECK(back.places == m.places && back.inputs == m.inputs);
		meta_twin(&back, &m);
	} else {
		CHECK(slice_starts(slice_of(p.text), SLICE("f: damaged part: ")));
	}
	buf_free(&b);
	meta_free(&m);
	meta_free(&sum);
	meta_free(&back);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = { (const char *)data, size };

	unpack_file(bytes);
	unpack_forged(bytes);
	pack_content(bytes);
	unpack_meta(bytes);
	return 0;
}
