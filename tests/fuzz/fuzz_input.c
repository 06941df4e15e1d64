/*
 * Any bytes as a file: lines come to an end, keep their limits, add up to what the file can hold,
 * and the end or the trouble is sticky. A second reading is the same. Give plain, .gz and .zst
 * files as corpus.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/table.h"
#include "parser/input.h"

#define CHECK(what) do { if (!(what)) abort(); } while (0)

/* A bomb of 1000:1 takes long under sanitizers and shows nothing new. */
enum { DECODED_MAX = 64 << 20 };

struct sum {
	uint64_t lines, bytes, hash;
	int rc;
};

static struct sum
read_all(const char *path, size_t size)
{
	struct problem p = { "" };
	struct input *in = input_open(path, &p);
	struct sum s = { 0 };
	struct slice line;
	bool overlong;
	int rc;

	CHECK(in != NULL && input_size(in) == size);
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64];
	struct sum a, b;
	int fd = memfd_create("fuzz_input", MFD_CLOEXEC);

	CHECK(fd != -1);
	for (size_t at = 0; at < size;) {
		ssize_t n = write(fd, data + at, size - at);

		CHECK(n > 0);
		at += (size_t)n;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	a = read_all(path, size);
	b = read_all(path, size);
	CHECK(a.rc == b.rc && a.lines == b.lines && a.bytes == b.bytes && a.hash == b.hash);
	close(fd);
	return 0;
}
