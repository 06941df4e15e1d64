/*
 * Any bytes as a file: lines come to an end, keep their limits, add up to what the file can hold,
 * and the end or the trouble is sticky. A second reading, decoded ahead by a thread, is the same.
 * What is whole from a pipe (.gz: by zlib) is the same from a file (by ISA-L). Give plain, .gz and
 * .zst files as corpus.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/table.h"
#include "parser/blocks.h"
#include "parser/input.h"

#define CHECK(what) do { if (!(what)) abort(); } while (0)

/* A bomb of 1000:1 takes long under sanitizers and shows nothing new. */
enum { DECODED_MAX = 64 << 20, PIPE_BYTES = 1 << 20 };

struct sum {
	uint64_t lines, bytes, hash;
	int rc;
};

static struct sum
read_all(int fd, size_t size, bool is_pipe)
{
	struct problem p = { "" };
	struct input *in;
	struct sum s = { 0 };
	struct slice line;
	char path[64];
	bool overlong;
	int rc;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	in = input_open(path, &p);
	CHECK(in != NULL && (input_size(in) == size || is_pipe));
	while ((rc = input_line(in, &line, &overlong, &p)) == 1) {
		CHECK(line.n <= LINE_MAX_BYTES && (!overlong || line.n == LINE_MAX_BYTES));
		CHECK(slice_chr(line, '\n') == NULL);	/* touches every byte */
		s.hash = hash_fixed(line, s.hash + overlong);
		s.bytes += line.n;
		CHECK(input_lines(in) == ++s.lines);
		CHECK(input_offset(in) <= size);
		if (s.bytes > DECODED_MAX)
			break;
	}
	s.rc = rc;
	if (rc != 1) {
		CHECK(rc == 0 || (rc == -1 && p.text[0] != '\0'));
		CHECK(rc == -1 || input_offset(in) == size);
		CHECK(input_line(in, &line, &overlong, &p) == rc);
	}
	s.hash ^= input_hash(in);
	input_close(in);
	return s;
}

static void
write_all(int fd, const uint8_t *data, size_t size)
{
	for (size_t at = 0; at < size;) {
		ssize_t n = write(fd, data + at, size - at);

		CHECK(n > 0);
		at += (size_t)n;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sum a, b;
	int fd = memfd_create("fuzz_input", MFD_CLOEXEC), end[2];

	CHECK(fd != -1);
	write_all(fd, data, size);
	blocks_threads(0);
	a = read_all(fd, size, false);
	blocks_threads(1);
	b = read_all(fd, size, false);
	CHECK(a.rc == b.rc && a.lines == b.lines && a.bytes == b.bytes);
	CHECK(a.rc == 1 || a.hash == b.hash);
	close(fd);
	CHECK(pipe(end) == 0);
	if (fcntl(end[1], F_SETPIPE_SZ, PIPE_BYTES) >= (int)size) {
		write_all(end[1], data, size);
		close(end[1]);
		b = read_all(end[0], size, true);
		CHECK(b.rc != 0 || (a.rc == b.rc && a.bytes == b.bytes && a.hash == b.hash));
	} else
		close(end[1]);
	close(end[0]);
	return 0;
}
