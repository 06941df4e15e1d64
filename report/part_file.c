/*
 * See part_file.h. The hash of a file is that of its frame, keyed by that of the head before it: so
 * no byte is outside, none is hashed twice, and the file stays in one piece.
 */
#include "report/part_file.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <zstd.h>

#include "base/table.h"

enum {
	LEVEL = 4,
	SKIPPABLE = 0x184d2a57,
	AT_MAGIC = 8,
	AT_VERSION = 16,
	AT_SECTIONS = 20,
	AT_CONTENT = 24,
	AT_FRAME = 32,
	AT_HASH = 40,
	SECTION_HEAD = 8,
	/*
	 * So many times smaller than its content a frame may be, once that is over RATIO_FREE. Keys
	 * and hashes are most of a state, and do not even shrink to a tenth.
	 */
	RATIO = 1000,
	RATIO_FREE = 16 << 20
};

static const char magic[] = "SpamPart";

static void
put(char *to, uint64_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		to[i] = (char)(v >> 8 * i);
}

static uint64_t
get(const char *from, unsigned bytes)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < bytes; i++)
		v |= (uint64_t)(unsigned char)from[i] << 8 * i;
	return v;
}

unsigned
part_section_begin(struct buf *content, unsigned tag)
{
	char head[SECTION_HEAD] = { 0 };

	put(head, tag, 4);
	buf_add(content, (struct slice){ head, sizeof(head) });
	return content->n;
}

void
part_section_end(struct buf *content, unsigned begun)
{
	put(content->p + begun - 4, content->n - begun, 4);
}

int
part_section(struct slice *rest, unsigned *tag_r, struct slice *bytes_r)
{
	uint64_t n;

	if (rest->n == 0)
		return 0;
	if (rest->n < SECTION_HEAD)
		return -1;
	*tag_r = (unsigned)get(rest->p, 4);
	n = get(rest->p + 4, 4);
	*rest = slice_skip(*rest, SECTION_HEAD);
	if (n > rest->n)
		return -1;
	*bytes_r = slice_first(*rest, n);
	*rest = slice_skip(*rest, n);
	return 1;
}

bool
part_find(const struct buf *content, unsigned tag, struct slice *bytes_r)
{
	struct slice rest = buf_slice(content);
	unsigned found;

	while (part_section(&rest, &found, bytes_r) == 1)
		if (found == tag)
			return true;
	*bytes_r = SLICE_NONE;
	return false;
}

/* How many sections; -1 when they are not in order, or do not fill the content. */
static int64_t
count_sections(struct slice content)
{
	int64_t n = 0, last = -1;
	struct slice bytes;
	unsigned tag;
	int rc;

	while ((rc = part_section(&content, &tag, &bytes)) == 1) {
		if ((int64_t)tag <= last)
			return -1;
		last = tag;
		n++;
	}
	return rc == 0 ? n : -1;
}

static bool
plausible(uint64_t content, uint64_t frame)
{
	return content <= PART_CONTENT_MAX && (content <= RATIO_FREE || content / RATIO <= frame);
}

static uint64_t
hash_file(struct slice file)
{
	return hash_fixed(slice_skip(file, PART_HEAD), hash_fixed(slice_first(file, AT_HASH), 0));
}

/* The frame of content at `to`, which has room for ZSTD_compressBound(); its length. */
static size_t
compress(const struct buf *content, char *to, size_t room)
{
	ZSTD_CCtx *z = ZSTD_createCCtx();
	size_t n;

	if (z == NULL)
		die_nomem();
	ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
	n = ZSTD_compress2(z, to, room, content->p, content->n);
	ZSTD_freeCCtx(z);
	if (ZSTD_isError(n))	/* there is room: what else can fail is its memory */
		die_nomem();
	return n;
}

int
part_pack(const struct buf *content, struct buf *file_out, struct problem *p)
{
	size_t room = ZSTD_compressBound(content->n), n;
	int64_t sections = count_sections(buf_slice(content));
	char *head;

	assert(sections >= 0 && file_out->n == 0);
	if (content->n > PART_CONTENT_MAX || room > PART_CONTENT_MAX)
		return problem_set(p, "a state of %u bytes is too large for a part", content->n);
	mem_grow(&file_out->p, &file_out->cap, (unsigned)(PART_HEAD + room), 1);
	head = file_out->p;
	n = compress(content, head + PART_HEAD, room);
	if (!plausible(content->n, n))
		return problem_set(p, "a state of %u equal bytes is no part", content->n);
	put(head, SKIPPABLE, 4);
	put(head + 4, PART_HEAD - 8, 4);
	memcpy(head + AT_MAGIC, magic, sizeof(magic) - 1);
	put(head + AT_VERSION, PART_VERSION, 4);
	put(head + AT_SECTIONS, (uint64_t)sections, 4);
	put(head + AT_CONTENT, content->n, 8);
	put(head + AT_FRAME, n, 8);
	file_out->n = (unsigned)(PART_HEAD + n);
	put(head + AT_HASH, hash_file(buf_slice(file_out)), 8);
	return 0;
}

bool
part_is(struct slice head)
{
	return head.n >= PART_MAGIC && get(head.p, 4) == SKIPPABLE &&
	    get(head.p + 4, 4) == PART_HEAD - 8 &&
	    memcmp(head.p + AT_MAGIC, magic, sizeof(magic) - 1) == 0;
}

static int
damaged(const char *name, struct problem *p, const char *what)
{
	return problem_set(p, "%s: damaged part: %s", name, what);
}

/* All that can be told before anything is decompressed. */
static int
check_head(const char *name, struct slice file, struct problem *p)
{
	uint64_t frame, version;
	char what[100];

	if (!part_is(file))
		return damaged(name, p, "it does not begin like one");
	if (file.n < PART_HEAD)
		return damaged(name, p, "cut in its head");
	frame = get(file.p + AT_FRAME, 8);
	if (file.n - PART_HEAD != frame) {
		snprintf(what, sizeof(what), "%zu bytes, but %" PRIu64 " were written", file.n,
		    frame > UINT64_MAX - PART_HEAD ? frame : frame + PART_HEAD);
		return damaged(name, p, what);
	}
	if (get(file.p + AT_HASH, 8) != hash_file(file))
		return damaged(name, p, "bytes were changed (checksum)");
	version = get(file.p + AT_VERSION, 4);
	if (version != PART_VERSION)
		return problem_set(p, "%s: part of format version %" PRIu64
		    "; this program reads %d", name, version, PART_VERSION);
	if (!plausible(get(file.p + AT_CONTENT, 8), frame))
		return damaged(name, p, "its content is said to be impossibly large");
	return 0;
}

int
part_unpack(const char *name, struct slice file, struct buf *content_r, struct problem *p)
{
	struct slice frame = slice_skip(file, PART_HEAD);
	unsigned n;
	size_t got;

	assert(content_r->n == 0);
	if (check_head(name, file, p) == -1)
		return -1;
	n = (unsigned)get(file.p + AT_CONTENT, 8);
	/* the magic, as libzstd knows old formats, too, which nobody tests any more */
	if (frame.n < 4 || get(frame.p, 4) != ZSTD_MAGICNUMBER ||
	    ZSTD_findFrameCompressedSize(frame.p, frame.n) != frame.n ||
	    ZSTD_getFrameContentSize(frame.p, frame.n) != n)
		return damaged(name, p, "its content is not one whole zstd frame");
	mem_grow(&content_r->p, &content_r->cap, n + 1, 1);
	got = ZSTD_decompress(content_r->p, n, frame.p, frame.n);
	if (ZSTD_isError(got))
		return damaged(name, p, ZSTD_getErrorName(got));
	if (got != n)
		return damaged(name, p, "its content has another size");
	content_r->n = n;
	if (count_sections(buf_slice(content_r)) != (int64_t)get(file.p + AT_SECTIONS, 4))
		return damaged(name, p, "its sections do not fill its content");
	return 0;
}
