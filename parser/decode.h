/*
 * decode: the bytes of a file or of standard input without their container.
 *
 * The container is told by the first bytes: gzip (any number of members, zero padding behind one
 * allowed), zstd (any number of frames, also skippable ones; windows to 128 MiB), otherwise plain.
 * bzip2 and xz are refused with the command to pipe through. Memory is constant but for zstd's
 * window. Nothing is read before the first decode_read(), so a FIFO opens like in cat(1).
 */
#ifndef PARSER_DECODE_H
#define PARSER_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"

struct decode;

/* "-" is standard input, which is not closed. NULL and a problem; a directory is one. */
struct decode *decode_open(const char *path, struct problem *p);
/* The bytes [from, to) of a regular file, taken as plain. */
struct decode *decode_open_range(const char *path, uint64_t from, uint64_t to, struct problem *p);
/*
 * 1 and *n_r bytes (1 to room) in to, 0 the end, -1 trouble. Sticky; every byte that could be
 * decoded is given before a -1. room must not be 0.
 */
int decode_read(struct decode *d, char *to, size_t room, size_t *n_r, struct problem *p);
/* Bytes of the file used so far; its size, 0 when it is not a regular file. */
uint64_t decode_offset(const struct decode *d);
uint64_t decode_size(const struct decode *d);
/* Compressed and on disk, so that reading never waits long. Known after the first decode_read(). */
bool decode_is_packed(const struct decode *d);
/* NULL is allowed. */
void decode_close(struct decode *d);

#endif
