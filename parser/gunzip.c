/*
 * See gunzip.h.
 *
 * ISA-L is loaded when the first member comes, not linked: a copy of the program also runs on a
 * host without it. zlib reads each member's header, so that both mean the same by one; Z_BLOCK
 * makes it stop there.
 */
#define _GNU_SOURCE
#include "parser/gunzip.h"

#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/problem.h"

#ifdef HAVE_ISAL
#include <dlfcn.h>
#include <isa-l.h>
#include <pthread.h>
#else
struct inflate_state;
#endif

enum {
	GZIP_WINDOW = 15 + 16,	/* zlib: 32 KB, gzip header only */
	BEHIND_HEADER = 128	/* zlib: a bit of data_type after Z_BLOCK */
};

struct gunzip {
	z_stream zlib;
	struct inflate_state *isal;	/* NULL: not here */
	enum { BY_ZLIB, ISAL_HEADER, ISAL_DATA } by;
};

#ifdef HAVE_ISAL
#define NAME_OF(n) "libisal.so." #n
#define SONAME(n) NAME_OF(n)

static struct {
	void (*init)(struct inflate_state *);
	int (*inflate)(struct inflate_state *);
} isal;

static void
isal_load(void)
{
	void *lib = dlopen(SONAME(ISAL_MAJOR_VERSION), RTLD_NOW | RTLD_LOCAL);

	if (lib == NULL)
		return;
	*(void **)&isal.init = dlsym(lib, "isal_inflate_init");
	*(void **)&isal.inflate = dlsym(lib, "isal_inflate");
}

bool
gunzip_has_isal(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, isal_load);
	return isal.init != NULL && isal.inflate != NULL;
}

static struct inflate_state *
isal_open(void)
{
	return gunzip_has_isal() ? mem_alloc(sizeof(struct inflate_state)) : NULL;
}

static void
isal_begin(struct inflate_state *s)
{
	isal.init(s);
	s->crc_flag = ISAL_GZIP_NO_HDR_VER;
}

static enum gunzip_step
isal_step(struct inflate_state *s, struct gunzip_io *io)
{
	int rc;

	s->next_in = (unsigned char *)(uintptr_t)io->src;
	s->avail_in = (uint32_t)io->n;
	s->next_out = (unsigned char *)io->to;
	s->avail_out = (uint32_t)io->room;
	rc = isal.inflate(s);
	if (rc != ISAL_DECOMP_OK && rc != ISAL_END_INPUT && rc != ISAL_OUT_OVERFLOW)
		return GUNZIP_DOUBT;
	io->used = io->n - s->avail_in;
	io->made = io->room - s->avail_out;
	return s->block_state == ISAL_BLOCK_FINISH ? GUNZIP_MEMBER_END : GUNZIP_MORE;
}
#else
/* isal_open() gives none, so the others are not called. */
bool
gunzip_has_isal(void)
{
	return false;
}

static struct inflate_state *
isal_open(void)
{
	return NULL;
}

static void
isal_begin(struct inflate_state *s)
{
	(void)s;
}

static enum gunzip_step
isal_step(struct inflate_state *s, struct gunzip_io *io)
{
	(void)s, (void)io;
	return GUNZIP_DOUBT;
}
#endif

struct gunzip *
gunzip_open(void)
{
	struct gunzip *g = mem_alloc(sizeof(*g));

	if (inflateInit2(&g->zlib, GZIP_WINDOW) != Z_OK)
		die_nomem();
	g->isal = isal_open();
	return g;
}

void
gunzip_begin(struct gunzip *g, bool twice)
{
	inflateReset(&g->zlib);
	g->by = twice && g->isal != NULL ? ISAL_HEADER : BY_ZLIB;
}

static enum gunzip_step
zlib_step(z_stream *z, int flush, struct gunzip_io *io)
{
	int rc;

	z->next_in = (unsigned char *)(uintptr_t)io->src;
	z->avail_in = (unsigned)io->n;
	z->next_out = (unsigned char *)io->to;
	z->avail_out = (unsigned)io->room;
	rc = inflate(z, flush);
	io->used = io->n - z->avail_in;
	io->made = io->room - z->avail_out;
	switch (rc) {
	case Z_STREAM_END:
		return GUNZIP_MEMBER_END;
	case Z_OK:
	case Z_BUF_ERROR:	/* nothing to do without more bytes */
		return GUNZIP_MORE;
	case Z_MEM_ERROR:
		die_nomem();
	default:
		return GUNZIP_FAILED;
	}
}

enum gunzip_step
gunzip_step(struct gunzip *g, struct gunzip_io *io)
{
	enum gunzip_step step;

	io->used = io->made = 0;
	switch (g->by) {
	case ISAL_DATA:
		return isal_step(g->isal, io);
	case ISAL_HEADER:
		step = zlib_step(&g->zlib, Z_BLOCK, io);
		if (step == GUNZIP_MORE && g->zlib.data_type & BEHIND_HEADER) {
			isal_begin(g->isal);
			g->by = ISAL_DATA;
		}
		return step;
	default:
		return zlib_step(&g->zlib, Z_NO_FLUSH, io);
	}
}

bool
gunzip_by_zlib(const struct gunzip *g)
{
	return g->by == BY_ZLIB;
}

const char *
gunzip_reason(const struct gunzip *g)
{
	return g->zlib.msg ? g->zlib.msg : "no reason given";
}

void
gunzip_close(struct gunzip *g)
{
	if (g == NULL)
		return;
	inflateEnd(&g->zlib);
	free(g->isal);
	free(g);
}
