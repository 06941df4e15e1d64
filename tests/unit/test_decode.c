/*
 * parser/decode, gzip: whole and damaged members, read from a file (by ISA-L, where it is here) and
 * from a pipe (by zlib): the same bytes, the same problem, the same end.
 */
#include "tests/unit/input_files.h"

#include <errno.h>
#include <sys/mman.h>

#include "parser/decode.h"
#include "parser/gunzip.h"

enum { ROOM = 128 * 1024, PIPE_BYTES = 1024 * 1024 };

struct outcome {
	struct bytes out;
	int rc;
	struct problem why;
};

/* Rooms of that size; 0: of many sizes. */
static struct outcome
decode_fd(int fd, size_t room)
{
	struct outcome o = { 0 };
	char path[64], *to = malloc(ROOM), *what = o.why.text;
	struct decode *d;
	unsigned seed = 1;
	size_t n;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	d = decode_open(path, &o.why);
	assert_non_null(d);
	while ((o.rc = decode_read(d, to, room ? room : (size_t)rand_r(&seed) % ROOM + 1, &n,
	    &o.why)) == 1)
		add(&o.out, to, n);
	if (o.rc == 0)
		o.why.text[0] = '\0';
	else	/* the name of the file is another one */
		memmove(what, what + strlen(path), strlen(what + strlen(path)) + 1);
	decode_close(d);
	free(to);
	return o;
}

static void
write_all(int fd, const struct bytes *b)
{
	assert_int_equal(write(fd, b->p, b->n), b->n);
}

static struct outcome
decode_file(const struct bytes *b, size_t room)
{
	int fd = memfd_create("gz", MFD_CLOEXEC);
	struct outcome o;

	assert_true(fd != -1);
	write_all(fd, b);
	o = decode_fd(fd, room);
	close(fd);
	return o;
}

static struct outcome
decode_pipe(const struct bytes *b)
{
	struct outcome o;
	int fd[2];

	assert_true(b->n <= PIPE_BYTES);
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(fcntl(fd[1], F_SETPIPE_SZ, PIPE_BYTES), PIPE_BYTES);
	write_all(fd[1], b);
	close(fd[1]);
	o = decode_fd(fd[0], ROOM);
	close(fd[0]);
	return o;
}

static bool
same_outcome(const struct outcome *a, const struct outcome *b)
{
	return a->rc == b->rc && strcmp(a->why.text, b->why.text) == 0 && a->out.n == b->out.n &&
	    (a->out.n == 0 || memcmp(a->out.p, b->out.p, a->out.n) == 0);
}

/* What must come out whole, by both. */
static struct outcome
decode_whole(const struct bytes *gz)
{
	struct outcome o = decode_pipe(gz), by_isal = decode_file(gz, ROOM);

	assert_int_equal(o.rc, 0);
	assert_true(same_outcome(&o, &by_isal));
	bytes_free(&by_isal.out);
	return o;
}

/*
 * whole: what the undamaged file gives. ISA-L also takes a set of codes that is not complete: so
 * damage to a code that nothing uses may pass it. Then the checksum has told that all is right.
 */
static void
check_both(const struct bytes *gz, const struct outcome *whole, size_t room, const char *what,
    unsigned round)
{
	struct outcome by_isal = decode_file(gz, room), by_zlib = decode_pipe(gz);

	if (!same_outcome(&by_isal, &by_zlib) && !same_outcome(&by_isal, whole))
		fail_msg("%s, round %u: file %d \"%s\" %zu bytes, pipe %d \"%s\" %zu bytes", what,
		    round, by_isal.rc, by_isal.why.text, by_isal.out.n, by_zlib.rc,
		    by_zlib.why.text, by_zlib.out.n);
	bytes_free(&by_isal.out);
	bytes_free(&by_zlib.out);
}

/* A member of text, or of noise that does not compress, with every field that a header may have. */
static void
add_member(struct bytes *to, size_t n, int level, int strategy, bool noise, bool fields)
{
	z_stream z = { 0 };
	Bytef name[] = "mail.log", comment[] = "no comment", extra[] = "extra";
	gz_header head = { .text = 1, .time = 7, .extra = extra, .extra_len = sizeof(extra),
		.name = name, .comment = comment, .hcrc = 1 };
	struct bytes text = { 0 };
	unsigned seed = (unsigned)n;
	char line[64];
	size_t room;

	while (text.n < n) {
		int r = rand_r(&seed);

		if (noise)
			add(&text, &r, 2);
		else {
			snprintf(line, sizeof(line), "Mar %x mx postfix/smtpd[%x]: connect\n",
			    r % 31, rand_r(&seed) & 0xffff);
			add_text(&text, line);
		}
	}
	assert_int_equal(deflateInit2(&z, level, Z_DEFLATED, 31, 8, strategy), Z_OK);
	if (fields)
		assert_int_equal(deflateSetHeader(&z, &head), Z_OK);
	room = deflateBound(&z, text.n);
	z.next_in = (unsigned char *)text.p;
	z.avail_in = (unsigned)text.n;
	z.next_out = malloc(room);
	z.avail_out = (unsigned)room;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	add(to, z.next_out - z.total_out, z.total_out);
	free(z.next_out - z.total_out);
	deflateEnd(&z);
	bytes_free(&text);
}

/* What happens to files. */
static void
damage(struct bytes *b, unsigned *seed)
{
	size_t at = (size_t)rand_r(seed) % b->n, n = (size_t)rand_r(seed) % (b->n - at) + 1;

	switch (rand_r(seed) % 8) {
	case 0:		/* cut */
		b->n = at;
		break;
	case 1:		/* a piece is missing */
		memmove(b->p + at, b->p + at + n, b->n - at - n);
		b->n -= n;
		break;
	case 2:		/* a block of zeros, as after a crash */
		memset(b->p + at, 0, n);
		break;
	case 3:		/* in the header or trailer */
		at = rand_r(seed) % 2 ? at % 40 % b->n : b->n - 1 - at % 12 % b->n;
		b->p[at] ^= (char)(1 << rand_r(seed) % 8);
		break;
	default:
		b->p[at] ^= (char)(1 << rand_r(seed) % 8);
	}
}

static const struct {
	const char *what;
	size_t n;
	int level, strategy;
	bool noise, fields;
} members[] = {
	{ "tiny", 60, 6, Z_DEFAULT_STRATEGY, false, false },
	{ "small", 4000, 6, Z_DEFAULT_STRATEGY, false, true },
	{ "fixed codes", 20000, 6, Z_FIXED, false, false },
	{ "no distances", 20000, 6, Z_HUFFMAN_ONLY, false, true },
	{ "runs", 20000, 9, Z_RLE, false, false },
	{ "fast", 200000, 1, Z_DEFAULT_STRATEGY, false, true },
	{ "usual", 1000000, 6, Z_DEFAULT_STRATEGY, false, false },
	{ "stored", 200000, 6, Z_DEFAULT_STRATEGY, true, true },
	{ "stored whole", 150000, 0, Z_DEFAULT_STRATEGY, false, false },
};

enum { MEMBERS = sizeof(members) / sizeof(members[0]) };

static void
add_member_of(struct bytes *to, unsigned i)
{
	add_member(to, members[i].n, members[i].level, members[i].strategy, members[i].noise,
	    members[i].fields);
}

static unsigned
rounds(void)
{
	const char *more = getenv("ROUNDS");

	return more ? (unsigned)atoi(more) : 60;
}

static void
test_damaged(void **state)
{
	(void)state;
	print_message("ISA-L: %s\n", gunzip_has_isal() ? "yes" : "no");
	for (unsigned i = 0; i < MEMBERS; i++) {
		struct bytes gz = { 0 }, bad = { 0 };
		unsigned seed = i;

		struct outcome whole;

		add_member_of(&gz, i);
		whole = decode_whole(&gz);
		for (unsigned round = 1; round <= rounds(); round++) {
			bad.n = 0;
			add(&bad, gz.p, gz.n);
			for (int n = rand_r(&seed) % 8 ? 1 : 3; n > 0 && bad.n > 0; n--)
				damage(&bad, &seed);
			check_both(&bad, &whole, ROOM, members[i].what, round);
		}
		bytes_free(&whole.out);
		bytes_free(&gz);
		bytes_free(&bad);
	}
}

static void
test_cut(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct bytes gz = { 0 };
		struct outcome whole;

		add_member_of(&gz, i);
		whole = decode_whole(&gz);
		for (gz.n--; gz.n > 0; gz.n--)
			check_both(&gz, &whole, ROOM, members[i].what, (unsigned)gz.n);
		bytes_free(&whole.out);
		bytes_free(&gz);
	}
}

/* Members in a row, in one file, and damage in one of them. */
static void
test_row(void **state)
{
	struct bytes gz = { 0 };
	struct outcome whole;
	unsigned seed = 11;

	(void)state;
	for (int i = 0; i < 40; i++) {
		add_member_of(&gz, (unsigned)rand_r(&seed) % 5);
		if (i % 10 == 0)
			add_gzip(&gz, "", 0);
	}
	add_fill(&gz, 0, 700);
	whole = decode_whole(&gz);
	check_both(&gz, &whole, 0, "a row", 0);
	for (unsigned round = 1; round <= rounds(); round++) {
		size_t at = (size_t)rand_r(&seed) % gz.n;

		gz.p[at] ^= 4;
		check_both(&gz, &whole, ROOM, "a row", round);
		gz.p[at] ^= 4;
	}
	bytes_free(&whole.out);
	bytes_free(&gz);
}

/* A file from its middle, as a shell leaves it to us behind a "read" or "head". */
static void
test_offset(void **state)
{
	int saved = dup(STDIN_FILENO), fd = memfd_create("gz", MFD_CLOEXEC);
	struct bytes b = { 0 };
	struct problem why;
	struct decode *d;
	char to[ROOM];
	size_t n, sum = 0;

	(void)state;
	add_text(&b, "head\n");
	add_member_of(&b, 5);
	b.p[b.n - 8] ^= 1;	/* the checksum, so that it goes back */
	write_all(fd, &b);
	assert_int_equal(lseek(fd, 5, SEEK_SET), 5);
	assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	d = decode_open("-", &why);
	assert_non_null(d);
	while (decode_read(d, to, sizeof(to), &n, &why) == 1)
		sum += n;
	assert_string_equal(why.text, "standard input: corrupt gzip data (incorrect data check)");
	assert_in_range(sum, 200000, 200100);
	decode_close(d);
	dup2(saved, STDIN_FILENO);
	close(saved);
	close(fd);
	bytes_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_row),
		cmocka_unit_test(test_offset),
	};

	return cmocka_run_group_tests(tests, dir_make, dir_remove);
}
