/* JSON, and lines within others: what is in them, and what is damaged. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "parser/json.h"
#include "parser/wrap.h"
#include "tests/slack.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The values of all members, each behind '|'; "!" at the end of what is no JSON. */
static void
json_values(const char *text, char *out, size_t room)
{
	struct slice copy = slack_copy(slice_of(text), '"'), key;
	struct json j;
	size_t n = 0, m;
	int rc = -1;

	if (json_begin(&j, copy))
		while ((rc = json_member(&j, &key)) == 1) {
			out[n++] = '|';
			if (!json_text(&j, out + n, room - n - 3, &m)) {
				rc = -1;
				break;
			}
			n += m;
		}
	if (rc == -1)
		out[n++] = '!';
	out[n] = '\0';
	slack_free(copy);
}

static void
test_json(void **state)
{
	static const struct {
		const char *text, *values;
	} t[] = {
		{ "{}", "" },
		{ " { \"a\" : \"b\" } ", "|b" },
		{ "{\"a\":\"b\",\"c\":12,\"d\":null,\"e\":true,\"f\":-1.5e3}",
		    "|b|12||true|-1.5e3" },
		{ "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}", "|\"\\/\b\f\n\r\t" },
		{ "{\"a\":\"\\u0041\\u00e4\\u20ac\\ud83d\\ude00\"}",
		    "|A\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80" },
		{ "{\"a\":\"\\ud83d\",\"b\":\"\\ude00x\"}", "|\xef\xbf\xbd|\xef\xbf\xbdx" },
		{ "{\"a\":[72,105, 33 ]}", "|Hi!" },
		{ "{\"a\":[]}", "|" },
		{ "{\"a\":[\"x\",\"y\"]}", "|x" },
		{ "{\"a\":[[1,2],[\"]\"]]}", "|" },
		{ "{\"a\":{\"b\":[{}]},\"c\":\"d\"}", "||d" },
		{ "{\"a\":[72,256,105]}", "|H" },
		{ "{\"a\":\"b\"} x", "|b!" },
		{ "{\"a\":\"b\"", "|b!" },
		{ "{\"a\":\"b", "|!" },
		{ "{\"a\":\"b\\", "|!" },
		{ "{\"a\":\"\\u12\"}", "|!" },
		{ "{\"a\":\"\\x\"}", "|!" },
		{ "{\"a\" \"b\"}", "!" },
		{ "{\"a\":\"b\" \"c\":\"d\"}", "|b!" },
		{ "{,\"a\":\"b\"}", "!" },
		{ "{\"a\":}", "|!" },
		{ "{\"a\":[1", "|!" },
		{ "[1]", "!" },
		{ "", "!" },
	};
	char got[256];

	(void)state;
	for (size_t i = 0; i < COUNT(t); i++) {
		json_values(t[i].text, got, sizeof(got));
		assert_string_equal(got, t[i].values);
	}
}

#define ENTRY "\"__REALTIME_TIMESTAMP\":\"1793498584123456\",\"_HOSTNAME\":\"mx\"," \
	"\"SYSLOG_IDENTIFIER\":\"postfix/smtpd\""
#define LINE "2026-11-01T02:03:04Z mx postfix/smtpd: "

static void
test_lines(void **state)
{
	static const struct {
		const char *text;
		enum wrap_kind kind;
		const char *line;
	} t[] = {
		{ "{" ENTRY ",\"MESSAGE\":\"x\"}", WRAP_LINE, LINE "x" },
		{ "\x1e{" ENTRY ",\"MESSAGE\":\"x\"}", WRAP_LINE, LINE "x" },
		{ "{\"MESSAGE\":\"x\",\"_PID\":\"42\"," ENTRY "}", WRAP_LINE,
		    "2026-11-01T02:03:04Z mx postfix/smtpd[42]: x" },
		{ "{\"MESSAGE\":\"x\",\"SYSLOG_PID\":\"7\",\"_PID\":\"4x\"," ENTRY "}", WRAP_LINE,
		    LINE "x" },
		{ "{" ENTRY ",\"MESSAGE\":null}", WRAP_LINE, LINE },
		{ "{" ENTRY "}", WRAP_LINE, LINE },
		{ "{" ENTRY ",\"MESSAGE\":\"x\\ny\"}", WRAP_LINE, LINE "x" },
		/* nobody's name looks like another field; what journald does not know */
		{ "{\"__REALTIME_TIMESTAMP\":\"1793498585000000\",\"_COMM\":\"a b: [c]\","
		    "\"_HOSTNAME\":\"m x\",\"MESSAGE\":\"y\"}", WRAP_LINE,
		    "2026-11-01T02:03:05Z m_x a_b___c_: y" },
		{ "{\"__REALTIME_TIMESTAMP\":\"1793498585000000\",\"MESSAGE\":\"y\"}", WRAP_LINE,
		    "2026-11-01T02:03:05Z - unknown: y" },
		{ "{\"_SOURCE_REALTIME_TIMESTAMP\":\"1793498584999999\"," ENTRY "}", WRAP_LINE,
		    LINE },
		{ "{\"MESSAGE\":\"x\",\"_HOSTNAME\":\"mx\"}", WRAP_BAD, "x" },
		{ "{\"__REALTIME_TIMESTAMP\":\"1e9\",\"MESSAGE\":\"x\"}", WRAP_BAD, "x" },
		{ "{" ENTRY ",\"MESSAGE\":\"x\"", WRAP_BAD, NULL },
		{ "{\"log\":\"x y\\r\\n\",\"stream\":\"stdout\","
		    "\"time\":\"2026-11-01T02:03:04.5Z\"}", WRAP_INNER, "x y" },
		{ "{\"log\":\"x y\\n\"}", WRAP_LINE, "x y" },
		{ "{\"log\":\"x\\n\",\"time\":\"yesterday\"}", WRAP_LINE, "x" },
		{ "2026-11-01T02:03:04.5Z stdout F x y", WRAP_INNER, "x y" },
		{ "2026-11-01T02:03:04.5+00:00 stderr F ", WRAP_INNER, "" },
		{ "2026-11-01T02:03:04.5Z stdout P x y", WRAP_BAD, "x y" },
		{ "2026-11-01T02:03:04.5Z stdout X x y", WRAP_NONE, NULL },
		{ "2026-11-01T02:03:04.5Z stdin F x y", WRAP_NONE, NULL },
		{ "2026-11-01T02:03:04.5 stdout F no zone", WRAP_NONE, NULL },
		{ "Nov  1 02:03:04 mx postfix/smtpd[42]: x", WRAP_NONE, NULL },
		{ "", WRAP_NONE, NULL },
	};
	struct wrap *w = wrap_open();

	(void)state;
	for (size_t i = 0; i < COUNT(t); i++) {
		struct slice copy = slack_copy(slice_of(t[i].text), ' '), line = SLICE_NONE;
		int64_t ts = 0;

		assert_int_equal(wrap_line(w, copy, &line, &ts), t[i].kind);
		if (t[i].kind == WRAP_INNER)
			assert_int_equal(ts, 1793498584);
		if (t[i].line != NULL)
			assert_true(slice_eq(line, slice_of(t[i].line)));
		slack_free(copy);
	}
	wrap_close(w);
}

/* A file with these bytes. */
static struct input *
input_of(struct slice bytes, int *fd_r)
{
	char path[64];
	struct problem p;
	struct input *in;

	*fd_r = memfd_create("test_wrap", MFD_CLOEXEC);
	assert_true(*fd_r != -1);
	assert_int_equal(write(*fd_r, bytes.p, bytes.n), (ssize_t)bytes.n);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", *fd_r);
	in = input_open(path, &p);
	assert_non_null(in);
	return in;
}

/* Each entry's line behind its kind, up to the end or another line, which is told behind '='. */
static void
export_lines(struct slice bytes, char *out, size_t room)
{
	struct wrap *w = wrap_open();
	struct slice line, within;
	struct problem p;
	bool overlong;
	size_t n = 0;
	int fd;
	struct input *in = input_of(bytes, &fd);

	while (input_line(in, &line, &overlong, &p) == 1) {
		enum wrap_kind kind = wrap_export(w, in, line, &within);

		if (kind == WRAP_NONE && within.p == NULL)
			break;
		n += (size_t)snprintf(out + n, room - n, "%c%.*s\n",
		    kind == WRAP_LINE ? '+' : kind == WRAP_BAD ? '!' : '=', SLICE_ARG(within));
	}
	out[n] = '\0';
	input_close(in);
	close(fd);
	wrap_close(w);
}

#define FIELDS "__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=1793498584123456\n_HOSTNAME=mx\n" \
	"SYSLOG_IDENTIFIER=postfix/smtpd\n"

static void
test_export(void **state)
{
	static const struct {
		struct slice bytes;
		const char *lines;
	} t[] = {
		{ SLICE(FIELDS "MESSAGE=x\n\n" FIELDS "MESSAGE=y\n\n"),
		    "+" LINE "x\n+" LINE "y\n" },
		{ SLICE(FIELDS "MESSAGE\n\3\0\0\0\0\0\0\0a\nb\n_PID=4\n\n"),
		    "+2026-11-01T02:03:04Z mx postfix/smtpd[4]: a\n" },
		{ SLICE(FIELDS "MESSAGE\n\0\0\0\0\0\0\0\0\n\n"), "+" LINE "\n" },
		{ SLICE(FIELDS "OTHER\n\4\0\0\0\0\0\0\0\n\n\n\n\nMESSAGE=x\n\n\n\n"),
		    "+" LINE "x\n" },
		/* the empty line is missing */
		{ SLICE(FIELDS "MESSAGE=x"), "+" LINE "x\n" },
		{ SLICE(FIELDS "MESSAGE=x\n" FIELDS "MESSAGE=y\n"), "+" LINE "x\n+" LINE "y\n" },
		{ SLICE(FIELDS "MESSAGE=x\nNov  1 02:03:04 mx a: b\n" FIELDS "MESSAGE=y\n"),
		    "+" LINE "x\n=Nov  1 02:03:04 mx a: b\n+" LINE "y\n" },
		/* cut, or damaged */
		{ SLICE(FIELDS "MESSAGE\n\3\0\0\0"), "!\n" },
		{ SLICE(FIELDS "MESSAGE\n\3\0\0\0\0\0\0\0a"), "!\n" },
		{ SLICE(FIELDS "MESSAGE\n\1\0\0\0\0\0\0\0ab\n\n" FIELDS "MESSAGE=y\n\n"),
		    "!a\n+" LINE "y\n" },
		{ SLICE(FIELDS "MESSAGE=x\nOTHER\n\1\0\0\0\0\0\0\1\n" FIELDS "MESSAGE=y\n\n"),
		    "!x\n+" LINE "y\n" },
		{ SLICE("__CURSOR=1\nMESSAGE=x\n\n"), "!x\n" },
		{ SLICE("\n\n"), "" },
	};
	char got[1024];

	(void)state;
	for (size_t i = 0; i < COUNT(t); i++) {
		export_lines(t[i].bytes, got, sizeof(got));
		assert_string_equal(got, t[i].lines);
	}
}

/* A field longer than a line can be, as text and as bytes: only what is wanted may not be cut. */
static void
test_export_long(void **state)
{
	static char bytes[3 * LINE_MAX_BYTES], got[2 * LINE_MAX_BYTES];
	char *p = bytes;

	(void)state;
	p += sprintf(p, "%sOTHER=", FIELDS);
	memset(p, 'x', LINE_MAX_BYTES + 9);
	p += LINE_MAX_BYTES + 9;
	p += sprintf(p, "\nMESSAGE=y\n\n");
	export_lines(slice_range(bytes, p), got, sizeof(got));
	assert_string_equal(got, "+" LINE "y\n");
	p = bytes + sprintf(bytes, "%sMESSAGE=", FIELDS);
	memset(p, 'x', LINE_MAX_BYTES + 9);
	p += LINE_MAX_BYTES + 9;
	p += sprintf(p, "\n\n%sMESSAGE=y\n\n", FIELDS);
	export_lines(slice_range(bytes, p), got, sizeof(got));
	assert_true(got[0] == '!');
	assert_string_equal(strchr(got, '\n'), "\n+" LINE "y\n");
}

static void
test_is_export(void **state)
{
	(void)state;
	assert_true(wrap_is_export(SLICE("__CURSOR=s=1")));
	assert_true(wrap_is_export(SLICE("_PID=")));
	assert_false(wrap_is_export(SLICE("MESSAGE")));
	assert_false(wrap_is_export(SLICE("=x")));
	assert_false(wrap_is_export(SLICE("1A=x")));
	assert_false(wrap_is_export(SLICE("Nov  1 02:03:04 mx a=b")));
	assert_false(wrap_is_export(SLICE("")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_export),
		cmocka_unit_test(test_export_long),
		cmocka_unit_test(test_is_export),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
