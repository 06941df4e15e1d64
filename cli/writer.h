/*
 * writer: an output file that is either the old one or the whole new one.
 *
 * Standard output is written through stdio (main() checks it at the end). A named file is written
 * beside its place, mode 0640 less umask, and by writer_close() fsynced and renamed, and its
 * directory fsynced; writer_drop() leaves the old one. Whoever is killed leaves the old or the new
 * one, and perhaps a FILE.XXXXXX. A name that is no regular file is written in place: /dev/full, a
 * FIFO, and a link (/dev/stdout is one: renaming would put a file into its place).
 */
#ifndef CLI_WRITER_H
#define CLI_WRITER_H

#include "base/problem.h"
#include "base/slice.h"

struct writer {
	const char *path;	/* NULL: standard output */
	char temporary[4096];	/* empty: written in place */
	int fd;
};

int writer_open(struct writer *w, const char *path, struct problem *p);
int writer_add(struct writer *w, struct slice bytes, struct problem *p);
int writer_close(struct writer *w, struct problem *p);
void writer_drop(struct writer *w);

#endif
