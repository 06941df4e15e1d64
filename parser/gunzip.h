/*
 * gunzip: the members of a gzip file, by zlib or, several times faster, by ISA-L.
 *
 * What a damaged member gives and how that is told is zlib's word alone. ISA-L finds the same
 * damage, but tells it in other words, and has then written bytes that were never there. So it
 * only doubts: GUNZIP_DOUBT means that the member is to be read once more, from its first byte, by
 * zlib. Therefore ISA-L is only for files that can be read twice.
 */
#ifndef PARSER_GUNZIP_H
#define PARSER_GUNZIP_H

#include <stdbool.h>
#include <stddef.h>

struct gunzip;

enum gunzip_step { GUNZIP_MORE, GUNZIP_MEMBER_END, GUNZIP_FAILED, GUNZIP_DOUBT };

/* Of n bytes of src `used` were taken, of the room at `to` so many bytes were made. */
struct gunzip_io {
	const char *src;
	size_t n, used;
	char *to;
	size_t room, made;
};

struct gunzip *gunzip_open(void);
/* A member begins; twice: it may be read a second time, so ISA-L may have it, if it is here. */
void gunzip_begin(struct gunzip *g, bool twice);
/* MORE: it wants more bytes, or more room if that is used up. DOUBT comes without bytes. */
enum gunzip_step gunzip_step(struct gunzip *g, struct gunzip_io *io);
/* False while ISA-L may have the member: then its end too soon is a doubt, not yet a failure. */
bool gunzip_by_zlib(const struct gunzip *g);
/* Why it FAILED. */
const char *gunzip_reason(const struct gunzip *g);
/* ISA-L is here; for tests. */
bool gunzip_has_isal(void);
/* NULL is allowed. */
void gunzip_close(struct gunzip *g);

#endif
