/*
 * The law of the fold for lines within others: each line of a log is written as journald's JSON and
 * export, docker, Kubernetes, RFC 5424 and journalctl's other forms have it; cut between any two of
 * them, mapped and merged, they give the state and the report of the whole; and every form that
 * keeps the program's name gives the state of the log itself.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "classify/state_fold.h"
#include "report/json.h"
#include "tests/unit/cuts.h"

enum { LINES_MOST = 64 };

/* A line of a log in UTC, taken apart. */
struct said {
	int64_t ts;
	struct slice whole, host, program, body;
	uint32_t pid;
	unsigned i;
};

typedef void form(const struct said *x, struct buf *out);

static void
put(struct pipeline *p, struct buf *out)
{
	struct judge *j = judge_open(&p->classifier);
	struct summary *s;

	p->facts.n_files = 0;
	s = summary_make(&p->classifier, j, &p->facts, &(struct summary_options){
	    .top = p->options->top, .jobs = 1, .days = SUMMARY_DAYS });
	json_report(s, out);
	state_pack(&p->classifier, out);
	summary_free(s);
	judge_close(j);
}

static void
say(struct buf *out, const char *format, ...)
{
	char text[4096];
	va_list ap;

	va_start(ap, format);
	assert_true(vsnprintf(text, sizeof(text), format, ap) < (int)sizeof(text));
	va_end(ap);
	buf_str(out, text);
}

static void
quoted(struct buf *out, struct slice s)
{
	buf_chr(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < ' ' || c == '"' || c == '\\' || c == '<')
			say(out, "\\u%04x", c);
		else
			buf_chr(out, (char)c);
	}
	buf_chr(out, '"');
}

static void
as_journal(const struct said *x, struct buf *out)
{
	say(out, "{\"__CURSOR\":\"s=1;i=%u\",\"__REALTIME_TIMESTAMP\":\"%lld000007\",", x->i,
	    (long long)x->ts);
	if (x->i % 3 == 0) {
		buf_str(out, "\"MESSAGE\":[");
		for (size_t i = 0; i < x->body.n; i++)
			say(out, "%s%u", i ? "," : "", (unsigned char)x->body.p[i]);
		buf_str(out, "],");
	} else {
		buf_str(out, "\"MESSAGE\" : ");
		quoted(out, x->body);
		buf_str(out, ", ");
	}
	say(out, "\"_HOSTNAME\":\"%.*s\",\"SYSLOG_IDENTIFIER\":\"%.*s\",\"_PID\":\"%u\"}",
	    SLICE_ARG(x->host), SLICE_ARG(x->program), x->pid);
}

/* A value of any bytes: behind the name's line how many, the lowest byte first. */
static void
binary(struct buf *out, const char *name, struct slice value)
{
	uint64_t n = value.n;

	say(out, "%s\n", name);
	for (int i = 0; i < 8; i++, n >>= 8)
		buf_chr(out, (char)(n & 0xff));
	buf_add(out, value);
	buf_chr(out, '\n');
}

static void
as_export(const struct said *x, struct buf *out)
{
	say(out, "__CURSOR=s=1;i=%u\n__REALTIME_TIMESTAMP=%lld000007\n_HOSTNAME=%.*s\n", x->i,
	    (long long)x->ts, SLICE_ARG(x->host));
	if (x->i % 3 == 0) {
		binary(out, "MESSAGE", x->body);
		/* what looks like the end of an entry and another one */
		binary(out, "ODD", SLICE("\n\n__CURSOR=x\nMESSAGE=y\n\n\n"));
	} else {
		say(out, "MESSAGE=%.*s\n", SLICE_ARG(x->body));
	}
	say(out, "SYSLOG_IDENTIFIER=%.*s\n_PID=%u\n", SLICE_ARG(x->program), x->pid);
}

static void
stamp(struct buf *out, int64_t ts)
{
	char text[UTC_TEXT];

	utc_format(ts, text);
	say(out, "%.19s.123456789Z", text);
}

static void
as_docker(const struct said *x, struct buf *out)
{
	struct buf line = { 0 };

	buf_add(&line, x->whole);
	buf_chr(&line, '\n');
	buf_str(out, "{\"log\":");
	quoted(out, buf_slice(&line));
	buf_str(out, ",\"stream\":\"stdout\",\"time\":\"");
	stamp(out, x->ts);
	buf_str(out, "\"}");
	buf_free(&line);
}

static void
as_cri(const struct said *x, struct buf *out)
{
	stamp(out, x->ts);
	buf_str(out, " stdout F ");
	buf_add(out, x->whole);
}

static void
as_rfc5424(const struct said *x, struct buf *out)
{
	buf_str(out, "<22>1 ");
	stamp(out, x->ts);
	say(out, " %.*s %.*s %u - [a@1 b=\"\\]\"] ", SLICE_ARG(x->host), SLICE_ARG(x->program),
	    x->pid);
	buf_add(out, x->body);
}

static void
as_unix(const struct said *x, struct buf *out)
{
	say(out, "%lld.000007 %.*s %.*s[%u]: ", (long long)x->ts, SLICE_ARG(x->host),
	    SLICE_ARG(x->program), x->pid);
	buf_add(out, x->body);
}

/* The lines of l in that form; what has no header is left out. */
static void
write_form(struct log *to, const struct log *l, form *as)
{
	struct names *names = names_open();
	struct header_reader *r =
	    header_open(names, &config.zone, SLICE_NONE, 2026, config.now);

	*to = (struct log){ .files = 1, .name = { "log" } };
	for (unsigned i = 0; i < l->n && to->n < LINES_MOST; i++) {
		struct said x = { .i = i };
		struct buf b = { 0 };
		struct header h;

		buf_add(&b, l->line[i].text);
		buf_add(&b, (struct slice){ (char[WIDE_SLACK]){ 0 }, WIDE_SLACK });
		x.whole = (struct slice){ b.p, l->line[i].text.n };
		if (header_parse(r, x.whole, &h) == LINE_RECOGNISED && h.from->program.n > 0) {
			struct buf out = { 0 };

			x.ts = h.ts;
			x.host = names_text(names, h.from->host);
			x.program = h.from->program;
			x.body = h.body;
			x.pid = h.pid;
			if (as != NULL)
				as(&x, &out);
			else
				buf_add(&out, x.whole);
			mem_grow(&to->line, &to->cap, to->n + 1, sizeof(*to->line));
			to->line[to->n++] = (struct line){ .year = 2026,
				.text = arena_copy(&to->arena, buf_slice(&out)) };
			buf_free(&out);
		}
		buf_free(&b);
	}
	header_close(r);
	names_close(names);
}

static void
check_form(const char *name, const struct log *plain, form *as, uint64_t seed)
{
	struct buf whole = { 0 }, out = { 0 };
	struct log l;
	unsigned cut[PIECES_MOST + 1];

	write_form(&l, plain, as);
	assert_true(l.n > 10);
	whole_of(&l, &whole);
	for (unsigned i = 0; i <= l.n; i++) {
		out.n = 0;
		cut[0] = i;
		cut_of(&l, cut, 2, true, 0, &out);
		if (!slice_eq(buf_slice(&out), buf_slice(&whole)))
			fail_msg("%s: cut before line %u differs", name, i + 1);
	}
	for (unsigned k = 0; k < 6; k++) {
		unsigned pieces = random_cut(&l, cut, &seed);

		out.n = 0;
		cut_of(&l, cut, pieces, true, next(&seed) | 1, &out);
		if (!slice_eq(buf_slice(&out), buf_slice(&whole)))
			fail_msg("%s: %u pieces differ", name, pieces);
	}
	buf_free(&whole);
	buf_free(&out);
	close_log(&l);
}

static const struct {
	const char *name;
	form *as;
} forms[] = { { "journald's JSON", as_journal }, { "journald's export", as_export },
	{ "docker", as_docker }, { "Kubernetes", as_cri }, { "RFC 5424", as_rfc5424 },
	{ "short-unix", as_unix } };
enum { FORMS = sizeof(forms) / sizeof(forms[0]) };

static void
cuts(void **state)
{
	struct log postfix, exim;

	(void)state;
	open_pattern(&postfix, "fixtures/cases/zombie-milter-postfix/mail.log");
	open_pattern(&exim, "fixtures/cuts/exim-split.log");
	for (unsigned i = 0; i < FORMS; i++) {
		check_form(forms[i].name, &postfix, forms[i].as, i);
		check_form(forms[i].name, &exim, forms[i].as, i);
	}
	close_log(&postfix);
	close_log(&exim);
}

/* All that is known at the end, but for the text of the report: there the years were assumed. */
static void
state_of(const struct log *l, struct buf *out)
{
	char path[FILES_MAX][PATH_BYTES];
	const char *list[1] = { path[0] };
	struct options o = options_of(COMMAND_REPORT, list, 1);
	struct pipeline p;

	assert_int_equal(write_lines(l, 0, l->n, "form", path), 1);
	if (pipeline_open(&p, &config, &o) == -1 || pipeline_run(&p, NULL) == -1)
		fail_msg("cannot read");
	assert_int_equal(p.facts.lines[LINE_RECOGNISED] + p.facts.lines[LINE_IGNORED], l->n);
	state_pack(&p.classifier, out);
	pipeline_close(&p);
	unlink(path[0]);
}

static void
same_state(void **state)
{
	static const char *const logs[] = { "fixtures/cases/zombie-milter-postfix/mail.log",
		"fixtures/cases/compromised-own-postfix/mail.log", "fixtures/cuts/exim-split.log" };

	(void)state;
	for (unsigned k = 0; k < sizeof(logs) / sizeof(logs[0]); k++) {
		struct log plain, l;
		struct buf wanted = { 0 };

		open_pattern(&plain, logs[k]);
		write_form(&l, &plain, NULL);
		state_of(&l, &wanted);
		close_log(&l);
		for (unsigned i = 0; i < FORMS; i++) {
			struct buf got = { 0 };

			write_form(&l, &plain, forms[i].as);
			state_of(&l, &got);
			if (!slice_eq(buf_slice(&got), buf_slice(&wanted)))
				fail_msg("%s as %s: another state", logs[k], forms[i].name);
			buf_free(&got);
			close_log(&l);
		}
		buf_free(&wanted);
		close_log(&plain);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cuts),
		cmocka_unit_test(same_state),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
