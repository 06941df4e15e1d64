/*
 * part_file: the container of a part, the state that map writes and merge reads.
 *
 *	 0  u32  0x184D2A57, magic of a zstd skippable frame
 *	 4  u32  40, the bytes of that frame that follow
 *	 8       "SpamPart"
 *	16  u32  format version
 *	20  u32  sections
 *	24  u64  bytes of content
 *	32  u64  bytes of the zstd frame
 *	40  u64  hash of all other bytes of the file
 *	48       the zstd frame, to the end of the file: the content
 *
 * Numbers are little-endian. These 48 bytes stay as they are in all versions; what is behind them
 * may change. The content is a row of sections in ascending order of tags, each u32 tag, u32 length
 * and its bytes. Nothing that a file says of itself is believed before the hash was compared, and
 * then no more is allocated for the content than its size makes plausible: whoever writes a hostile
 * part can compute a hash, too.
 */
#ifndef REPORT_PART_FILE_H
#define REPORT_PART_FILE_H

#include "base/buf.h"
#include "base/problem.h"

enum { PART_VERSION = 6, PART_HEAD = 48 };

/* The first 16 bytes of a file are enough to tell a part. */
enum { PART_MAGIC = 16 };

/* The content has at most so many bytes, and the whole file. */
#define PART_CONTENT_MAX 0x7fff0000u

/* A new section behind the others; part_section_end() with what it returned closes it. */
unsigned part_section_begin(struct buf *content, unsigned tag);
void part_section_end(struct buf *content, unsigned begun);

/*
 * The file for a content, added to the empty file_out. Equal contents give equal bytes (by the same
 * libzstd). -1: too large for a part.
 */
int part_pack(const struct buf *content, struct buf *file_out, struct problem *p);

bool part_is(struct slice head);

/*
 * The content of a file, added to the empty content_r, which is to be freed in any case.
 * -1: "NAME: damaged part: what", or "NAME: part of format version N; this program reads M".
 */
int part_unpack(const char *name, struct slice file, struct buf *content_r, struct problem *p);

/*
 * 1 and the next section of *rest (at first the whole content), 0 the end. Of a content that
 * part_unpack() gave, there is nothing else; -1 for other bytes. bytes_r points into it.
 */
int part_section(struct slice *rest, unsigned *tag_r, struct slice *bytes_r);
/* The section with that tag; *bytes_r is empty and the result false when there is none. */
bool part_find(const struct buf *content, unsigned tag, struct slice *bytes_r);

#endif
