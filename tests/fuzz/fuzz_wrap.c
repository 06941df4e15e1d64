/*
 * Any bytes as a log of wrapped lines, JSON or export, through the stream: every text that comes
 * out can be read whole and is bounded, there are no more lines than the bytes can hold, events
 * keep their contract, and a pipe that gives the bytes in small pieces gives the same.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "parser/blocks.h"
#include "parser/daemons.h"
#include "parser/seen.h"
#include "parser/stream.h"

#define CHECK(what) do { if (!(what)) abort(); } while (0)

enum { PIECE = 4096, PIPE_BYTES = 1 << 20 };

struct sum {
	uint64_t lines, hash;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t
hash_event(const struct event *ev, uint64_t hash)
{
	hash = seen_number(hash, (uint64_t)ev->ts, ev->type);
	for (int f = 0; f < F_COUNT; f++)
		if (event_has(ev, (enum event_field)f))
			hash = seen_text(hash, ev->f[f]);
	return hash;
}

static struct sum
read_all(int fd)
{
	struct zone zone = { .fixed = true };
	struct stream_options o = { .zone = &zone, .first_year = 2026, .now = 1790000000 };
	struct names *names = names_open();
	const struct stream_line *line;
	struct sum sum = { 0 };
	char path[64];
	const char *list[1] = { path };
	struct stream *s;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	s = stream_open(list, 1, &o, names);
	while ((line = stream_next(s)) != NULL) {
		struct header before;
		struct event ev;

		CHECK(line->text.n <= LINE_MAX_BYTES + 1024);
		sum.hash = seen_text(sum.hash + line->kind, line->text);
		sum.lines++;
		if (!line->has_header)
			continue;
		CHECK(utc_is_stamp(line->header.ts + UTC_DAY));
		event_parse(&line->header, &ev);
		sum.hash = hash_event(&ev, sum.hash);
		if (ev.type == EV_REPEAT && stream_before(s, &before) == STREAM_LINE) {
			event_parse(&before, &ev);
			sum.hash = hash_event(&ev, sum.hash);
		}
	}
	for (unsigned i = 1; i <= stream_ends(s); i++) {
		struct header last;
		struct event ev;

		if (stream_last(s, i, &last) == STREAM_LINE) {
			event_parse(&last, &ev);
			sum.hash = hash_event(&ev, sum.hash);
		}
	}
	stream_close(s);
	names_close(names);
	return sum;
}

static void
write_all(int fd, const uint8_t *data, size_t size)
{
	for (size_t at = 0; at < size;) {
		ssize_t n = write(fd, data + at, size - at < PIECE ? size - at : PIECE);

		CHECK(n > 0);
		at += (size_t)n;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz_wrap", MFD_CLOEXEC), end[2];
	struct sum a, b;

	CHECK(fd != -1);
	write_all(fd, data, size);
	a = read_all(fd);
	close(fd);
	CHECK(a.lines <= size + 1 || (size >= 2 && data[0] == 0x1f) || data[0] == 0x28);
	CHECK(pipe(end) == 0);
	if (fcntl(end[1], F_SETPIPE_SZ, PIPE_BYTES) >= (int)size) {
		write_all(end[1], data, size);
		close(end[1]);
		b = read_all(end[0]);
		CHECK(a.lines == b.lines && a.hash == b.hash);
	} else {
		close(end[1]);
	}
	close(end[0]);
	return 0;
}
