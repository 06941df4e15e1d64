/* The summary of a small state, and that its writers keep to their screens, syntax and order. */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "report/html.h"
#include "report/json.h"
#include "report/text.h"

/* Hostile in each place that a stranger chooses. */
#define EVIL "\033[31mred\033[0m\xe2\x80\xae" "evil\xff\n\"quoted\" \xe4\xb8\xad\xe6\x96\x87" \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

#define EXAMPLES "    examples: {hit: ['x'], miss: ['y']}\n"
#define LATE_EXAMPLES "    examples: {hit: [{spam_replies: 9}], miss: [{spam_replies: 0}]}\n"
#define PRIOR "{other: 250, zombie: 250, misconfigured: 250, compromised: 250}"
#define PRIORS "{inbound: " PRIOR ", outbound: " PRIOR ", relayed: " PRIOR ", local: " PRIOR "}\n"

static const char rules_text[] =
    "model:\n"
    "  damping: 250\n  posterior: 800\n  margin: 1099\n  behaviour: 3500\n"
    "  ceiling: 990\n  ceiling_remote: 950\n"
    "  groups:\n    channel: {gate: true}\n    bl.policy: {gate: true}\n    account: {gate: true}\n"
    "  prior:\n    connect: " PRIORS "    envelope: " PRIORS "    content: " PRIORS
    "    delivery: " PRIORS "rules:\n"
    "  - id: T1\n    group: channel\n    says: sent with a login\n    note: n\n    forgeable: N\n"
    "    when: {is: [authenticated]}\n    weight: {compromised: 4500}\n    anchor: true\n"
    "    subtype: c.own\n" EXAMPLES "  - id: T2\n    group: channel\n    says: made by the web "
				    "server\n    note: n\n    forgeable: N\n"
    "    when: {is: [local]}\n    weight: {misconfigured: 4500}\n    anchor: true\n"
    "    subtype: m.webscript\n" EXAMPLES
    "  - id: T3\n    group: bl.policy\n    says: listed as an end-user line\n    note: n\n"
    "    forgeable: N\n    scope: source\n    when: {is: [reject-dnsbl]}\n    weight: {zombie: "
    "4500}\n"
    "    anchor: true\n    subtype: z.direct\n" EXAMPLES
    "  - id: T4\n    group: channel\n    says: our server relays\n    note: n\n    forgeable: N\n"
    "    unit: client\n    counts: {relayed_domains: {min: 3}}\n    weight: {misconfigured: 5000}\n"
    "    anchor: true\n    subtype: m.openrelay\n    spam_by: relay\n" LATE_EXAMPLES;

enum { NOON = 1795176000, MESSAGES = 64 };	/* 2026-11-20T12:00:00Z */

struct world {
	struct ruleset rules;
	struct own own;
	struct names *names;
	struct classifier cl;
	struct run_facts run;
	struct summary *s;
	struct judge *j;
	struct message m[MESSAGES];
	unsigned n;
	struct buf text;
};

static void
add(struct world *w, enum message_kind kind, const char *client, int64_t ts, struct message m)
{
	assert_true(w->n < MESSAGES);
	m.kind = kind;
	m.ts = ts, m.last_ts = ts + 5;
	m.host = 2, m.mta = MTA_POSTFIX;
	m.repeat = m.repeat ? m.repeat : 1;
	m.has_addr = client != NULL;
	if (client != NULL)
		assert_true(addr_parse(slice_of(client), &m.addr));
	w->m[w->n++] = m;
}

/* Reads the messages from the first to the last, or backwards, and sums up. */
static void
sum_up(struct world *w, bool backwards)
{
	w->cl = (struct classifier){ .rules = &w->rules, .evaluator = evaluator_open(&w->rules),
		.own = &w->own, .names = w->names };
	for (unsigned i = 0; i < w->n; i++) {
		struct observation o;

		observe(&w->cl, &w->m[backwards ? w->n - 1 - i : i], &o);
	}
	observe_end(&w->cl);
	w->j = judge_open(&w->cl);
	w->s = summary_make(&w->cl, w->j, &w->run, &(struct summary_options){ .top = 10,
	    .jobs = 1, .days = SUMMARY_DAYS });
}

#define MESSAGE(...) (struct message){ __VA_ARGS__ }

static void
add_zombies(struct world *w)
{
	static const char *const client[] = { "93.184.12.34", "93.184.12.35", "2a00:1:2:3::9" };

	for (unsigned i = 0; i < 6; i++)
		add(w, MESSAGE_ATTEMPT, client[i % 3], NOON + 1800 * i, MESSAGE(
		    .flags = MF_REJECTED, .reason = REJECT_DNSBL, .phase = PHASE_ENVELOPE,
		    .client_name = SLICE("pool-34.dialup.Example.NET")));
}

static void
add_own(struct world *w)
{
	static const char *const client[] = { "201.1.1.1", "201.1.9.2", "5.9.8.7" };

	for (unsigned i = 0; i < 3; i++)
		add(w, MESSAGE_MAIL, client[i], NOON + 100 + i, MESSAGE(.flags = MF_AUTH,
		    .account = SLICE(EVIL), .sender = SLICE(EVIL), .verdict = VERDICT_SPAM,
		    .recipients = 20, .bounced = 4, .message_id = SLICE("a@b")));
	add(w, MESSAGE_MAIL, NULL, NOON + 300, MESSAGE(.flags = MF_LOCAL,
	    .user = SLICE("www-data"), .cwd = SLICE("/var/www/" EVIL), .verdict = VERDICT_SPAM,
	    .message_id = SLICE("s@b"), .sent_remote = 3));
}

static void
add_rest(struct world *w)
{
	add(w, MESSAGE_MAIL, "44.1.2.3", NOON + 7000, MESSAGE(.verdict = VERDICT_SPAM,
	    .unverified = SLICE(EVIL), .sent_local = 1, .message_id = SLICE("u@b")));
	add(w, MESSAGE_MAIL, "44.1.2.4", NOON + 7100, MESSAGE(.verdict = VERDICT_HAM,
	    .sent_local = 1, .message_id = SLICE("h@b")));
	add(w, MESSAGE_ATTEMPT, "44.1.2.5", NOON + 7200, MESSAGE(.flags = MF_REJECTED,
	    .reason = REJECT_USER));
	add(w, MESSAGE_ATTEMPT, "44.1.2.6", NOON + 7300, MESSAGE(.flags = MF_REJECTED,
	    .reason = REJECT_RELAY));
	add(w, MESSAGE_SIGN, "44.1.2.7", NOON + 7400, MESSAGE(.flags = MF_SASL_FAIL,
	    .account = SLICE("info"), .repeat = 7));
}

static void
add_relay(struct world *w)
{
	for (unsigned i = 0; i < 2; i++)
		add(w, MESSAGE_MAIL, i ? "77.2.3.4" : "77.2.3.5", NOON + 9000, MESSAGE(
		    .domains = 3, .sent_remote = 3, .message_id = SLICE("r@b"),
		    .domain = { i ? SLICE("a1.example") : SLICE("a2.example"),
		    i ? SLICE("b1.example") : SLICE("b2.example"),
		    i ? SLICE("c1.example") : SLICE("c2.example") }));
}

static void
fill(struct world *w)
{
	w->run.lines[LINE_RECOGNISED] = 100;
	w->run.lines[LINE_UNKNOWN] = 5;
	w->run.lines[LINE_BAD] = 7;
	w->run.messages.total = w->run.messages.complete = 9;
	w->run.first_year = w->run.last_year = 2026;
	w->run.zone_assumed = true;
	w->run.input_problems = w->run.same_inputs = 2;
	w->run.backwards = w->run.messages.retries = w->run.last_host = 1;
	w->run.messages.unjoined = 3;
	w->run.sample[1][0] = (struct line_sample){ "\033bad", 4, true };
	w->run.samples[1] = 1;
	add_zombies(w);
	add_own(w);
	add_rest(w);
	add_relay(w);
}

static int
setup(void **state)
{
	struct world *w = mem_alloc(sizeof(*w));
	struct problem p;

	if (ruleset_add(&w->rules, "test.yaml", SLICE(rules_text), &p) == -1 ||
	    ruleset_finish(&w->rules, &p) == -1)
		fail_msg("%s", p.text);
	w->names = names_open();
	names_id(w->names, SLICE("other.example"));
	names_id(w->names, SLICE("mx1.example.org"));	/* number 2 */
	w->run.exact = true;
	fill(w);
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;

	summary_free(w->s);
	judge_close(w->j);
	buf_free(&w->text);
	evaluator_close(w->cl.evaluator);
	state_free(&w->cl.state);
	names_close(w->names);
	ruleset_free(&w->rules);
	free(w);
	return 0;
}

static int64_t
value(const struct summary *s, const char *name)
{
	bool known;
	int64_t v = summary_value(s, slice_of(name), &known);

	if (!known)
		fail_msg("unknown: %s", name);
	return v;
}

static struct slice
screen(struct world *w, unsigned top, bool verbose, bool quiet)
{
	w->text.n = 0;
	text_report(w->s, &w->text, &(struct text_options){ .top = top, .verbose = verbose,
	    .quiet = quiet, .terminal = true });
	return buf_slice(&w->text);
}

/* The last screen. */
static void
shows(struct world *w, const char *text, bool shown)
{
	if ((slice_str(buf_slice(&w->text), slice_of(text)) != NULL) != shown)
		fail_msg("%s: %s", shown ? "missing" : "there", text);
}

static void
test_totals(void **state)
{
	static const struct { const char *name; int want; } want[] = { { "zombie", 6 },
		{ "compromised", 3 }, { "misconfigured", 1 + 2 }, { "unattributed", 1 },
		{ "spam", 13 }, { "sources", 3 + 1 + 1 + 1 + 1 }, { "suspected", 1 },
		{ "probes", 1 + 7 }, { "own.compromised", 1 }, { "own.misconfigured", 2 },
		{ "own.zombie", 0 }, { "unknown", 5 }, { "bad", 7 } };
	struct world *w = *state;
	bool known;

	sum_up(w, false);
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		assert_int_equal(value(w->s, want[i].name), want[i].want);
	assert_true(summary_value(w->s, SLICE("own.unattributed"), &known) == 0 && !known);
	assert_int_equal(w->s->ham, 1);
	assert_int_equal(w->s->accepted, 7);
	assert_int_equal(w->s->stops[STOP_PORT25 | STOP_DNSBL], 6);
	assert_int_equal(w->s->stops[STOP_PROVIDER], 3);
	assert_int_equal(w->s->port25_maybe, 1);
	assert_int_equal(w->s->total[IN_ATTEMPTS][VERDICT_ZOMBIE][STAGES].upper, 7);
	assert_int_equal(w->s->total[IN_SOURCES][VERDICT_ZOMBIE][STAGES].lower, 3);
	assert_int_equal(w->s->providers, 1);
	assert_int_equal(w->s->provider[0].events[VERDICT_ZOMBIE], 6);
}

static void
test_own_side(void **state)
{
	struct world *w = *state;
	const struct finding *f;

	sum_up(w, false);
	assert_int_equal(w->s->own.n, 3);
	f = &w->s->own.item[0];
	assert_true(f->kind == FINDING_ACCOUNT && f->alarm);
	assert_int_equal(f->networks, 3);
	assert_int_equal(f->recipients, 60);
	assert_int_equal(f->bounces, 12);
	assert_int_equal(f->first, NOON + 100);
	f = &w->s->own.item[1];
	assert_int_equal(f->kind, FINDING_RELAY);
	assert_true(slice_eq(f->key, SLICE("host:mx1.example.org")));
	assert_int_equal(f->networks, 2);
	assert_int_equal(w->s->own.item[2].kind, FINDING_SCRIPT);
}

static void
test_trusted(void **state)
{
	struct world *w = *state;
	struct slice account = SLICE(EVIL), host = SLICE("MX1.example.org");

	w->run.has_since = true;	/* but no event was counted behind it */
	w->own = (struct own){ .trusted_account = &account, .trusted_accounts = 1,
		.trusted_host = &host, .trusted_hosts = 1 };
	sum_up(w, false);
	assert_int_equal(value(w->s, "compromised"), 3);
	assert_int_equal(value(w->s, "own.compromised"), 0);
	assert_int_equal(value(w->s, "own.misconfigured"), 0);
	screen(w, 10, true, false);	/* the host's number is not among the run's */
	shows(w, "Warning: 1 trusted account, network or host matched nothing", true);
	shows(w, "Fix on your own side", false);
	shows(w, "Warning: no line lies at or after --since", true);
}

static unsigned
widest(struct slice text, unsigned *lines_r)
{
	unsigned columns = 0, most = 0;

	*lines_r = 0;
	while (text.n > 0) {
		uint32_t code = 0;
		unsigned n = utf8_next(text, &code);

		assert_true(n > 0);
		assert_true(code == '\n' || !utf8_is_control(code));
		columns = code == '\n' ? 0 : columns + (code >= 0x2e80 ? 2 : 1);
		*lines_r += code == '\n';
		most = columns > most ? columns : most;
		text = slice_skip(text, n);
	}
	return most;
}

static void
test_screen(void **state)
{
	static const char *const verbose[] = { "Warning: 1 jump back", "Warning: 2 inputs skipped",
		"3 verdicts without message: if clocks or zones differ, see --tz", "1 retry,",
		"Lines not understood, for example:\n  bad:     \\x1Bbad..\n" };
	struct world *w = *state;
	unsigned lines;

	sum_up(w, false);
	assert_in_range(widest(screen(w, 10, false, false), &lines), 40, TEXT_COLUMNS);
	assert_in_range(lines, 20, TEXT_LINES);
	shows(w, "compromised account", true);
	shows(w, "www-data@mx1.example.org /var/www/", true);
	shows(w, ", 1 retry not\n  counted again.", true);
	shows(w, "1 hacked account, 1 hacked script, 1 open relay of yours to fix; 46 % of", true);
	shows(w, "..", true);
	text_report(w->s, &w->text, &(struct text_options){ .top = 10 });
	shows(w, "bbbbbbbbbbbb\n", true);	/* not on a terminal: nothing is cut */
	shows(w, "outside the log", false);
	w->run.messages.open = 1;
	assert_in_range(widest(screen(w, 10, true, false), &lines), 40, TEXT_COLUMNS);
	shows(w, "9 messages (1 begins or ends outside the log)", true);
	for (size_t i = 0; i < sizeof(verbose) / sizeof(verbose[0]); i++)
		shows(w, verbose[i], true);
	screen(w, 10, false, true);
	assert_true(slice_starts(buf_slice(&w->text), SLICE("Fix on your own side first")));
}

/* The worst of each class is seen, with whom to tell; what to do follows those it is for. */
static void
test_lists(void **state)
{
	struct world *w = *state;
	struct finding *f;

	sum_up(w, false);
	f = w->s->elsewhere.item;
	f[2].verdict = VERDICT_COMPROMISED;
	f[2].provider = SLICE("hoster.example");
	screen(w, 2, false, false);
	shows(w, f[0].key.p + 3, true);
	shows(w, f[1].key.p + 3, false);
	shows(w, "compromised   tell hoster.example\n", true);
	f = w->s->own.item;
	f[2] = f[0];
	f[2].key = SLICE("account:third");
	screen(w, 10, false, false);
	shows(w, "account third\n", true);
	shows(w, "set a new password\n  misconfigured open relay", true);
	shows(w, "\n    > each: lock it", true);
}

/* Where DNSBLs found everything, shares beside them say nothing. */
static void
test_circular(void **state)
{
	struct world *w = *state;

	sum_up(w, false);
	screen(w, 10, false, false);
	shows(w, " 0.0 % zombie", true);
	shows(w, "Between 46.2 % and 53.8 %", true);
	shows(w, "0.0 % to 7.7 %", true);
	for (int k = 0; k < VERDICTS; k++)
		w->s->listed[k] = w->s->refused[k] = w->s->total[IN_ATTEMPTS][k][STAGES].lower;
	w->s->measures[IN_ATTEMPTS].of[MEASURE_DNSBL].corrected = w->s->spam;
	screen(w, 10, false, false);
	shows(w, " 0.0 % zombie", false);
	shows(w, "Beside", false);
	shows(w, "a DNSBL refused it", true);
}

/* All that can be said at once, with numbers that never fit. */
static void
test_full_screen(void **state)
{
	struct world *w = *state;
	struct zone zone = { .name = "America/Argentina/ComodRivadavia/And/More", .fixed = true };
	unsigned lines;

	w->run.zone = &zone;
	sum_up(w, false);
	for (unsigned i = 0; i < 4; i++)
		w->run.lines[i] = UINT64_MAX / 2048 + i;
	w->run.messages.total = w->s->suspected = w->s->relay_probes = w->s->login_failures =
	    w->s->attempts = w->s->spam = w->s->accepted = w->s->sources = UINT64_MAX / 2048;
	for (unsigned i = 0; i < REASONS; i++)
		w->s->reasons[i] = UINT64_MAX / 4096;
	for (unsigned i = 0; i < IN_UNITS * VERDICTS; i++)
		w->s->total[i / VERDICTS][i % VERDICTS][STAGES].lower = UINT64_MAX / 2048;
	w->s->sees = SEES_INBOUND | SEES_FILTER | SEES_LOCAL | SEES_INSIDE;
	w->s->only_connect = true;
	w->run.messages.open = w->run.messages.retries = UINT64_MAX / 2048;
	assert_in_range(widest(screen(w, UINT32_MAX, false, false), &lines), 40, TEXT_COLUMNS);
	assert_in_range(lines, 20, TEXT_LINES);
	shows(w, "Worst sources elsewhere", true);
}

/*
 * Every "<" begins an element of ours, and what is opened is closed, in order. Real HTML is looked
 * at in a browser: tests/html.
 */
static void
html_check(struct slice s)
{
	static const char *const element[] = { "html", "head", "title", "style", "body", "a",
		"header", "p", "svg", "circle", "path", "main", "section", "h1", "h2", "h3", "dl",
		"div", "dt", "dd", "small", "rect", "table", "caption", "thead", "tbody", "tr", "th",
		"td", "span", "nav", "ul", "ol", "li", "details", "summary", "b", "i", "bdi",
		"figure", "figcaption", "text", "line", "g", "time", "footer", "meta" };
	enum { ELEMENTS = sizeof(element) / sizeof(element[0]), META = ELEMENTS - 1 };
	unsigned open[64], depth = 0, at;

	assert_true(slice_take(&s, SLICE("<!DOCTYPE html>\n")));
	for (const char *p; (p = slice_chr(s, '<')) != NULL;) {
		const char *end = slice_chr(slice_range(p, slice_end(s)), '>');
		bool closes = p[1] == '/';
		struct slice name = slice_range(p + 1 + closes, end);

		assert_non_null(end);
		s = slice_range(end + 1, slice_end(s));
		for (at = 0; at < ELEMENTS; at++) {
			size_t n = strlen(element[at]);

			if (slice_starts(name, slice_of(element[at])) &&
			    (name.n == n || name.p[n] == ' ' || name.p[n] == '/'))
				break;
		}
		assert_int_not_equal(at, ELEMENTS);
		if (closes)
			assert_true(depth > 0 && open[--depth] == at);
		else if (end[-1] != '/' && at != META)
			open[depth++ % 64] = at;
		assert_true(depth < 64);
	}
	assert_int_equal(depth, 0);
}

static void
test_empty(void **state)
{
	struct world *w = *state;
	struct buf b = { 0 };

	w->n = 0;
	w->run = (struct run_facts){ .exact = true };
	sum_up(w, false);
	assert_int_equal(screen(w, 10, false, true).n, 0);
	assert_true(slice_starts(screen(w, 10, false, false), SLICE("No line was read")));
	json_report(w->s, &b);
	assert_true(slice_starts(buf_slice(&b), SLICE("{\n\t\"schema\": \"spamsource.report/1\"")));
	b.n = 0;
	html_report(w->s, &b);
	html_check(buf_slice(&b));
	buf_free(&b);
}

/* Brackets and strings; make schema looks closer, at other logs. */
static void
json_check(struct slice s)
{
	char open[16];
	unsigned depth = 0;
	bool text = false;

	for (; s.n > 0; s = slice_skip(s, 1)) {
		if (text && s.p[0] == '\\')
			s = slice_skip(s, 1);
		else if (s.p[0] == '"')
			text = !text;
		else if (text)
			assert_true((unsigned char)s.p[0] >= 0x20);
		else if (s.p[0] == '{' || s.p[0] == '[')
			open[depth++ % 16] = s.p[0];
		else if (s.p[0] == '}' || s.p[0] == ']')
			assert_true(depth > 0 && open[--depth] == (s.p[0] == '}' ? '{' : '['));
		else
			assert_non_null(strchr("0123456789.truefals:, \n\t", s.p[0]));
	}
	assert_true(depth == 0 && !text);
}

static void
test_json(void **state)
{
	struct world *w = *state;
	struct buf b = { 0 };
	unsigned lines;
	const char *file = EVIL;

	w->run.files = &file;
	w->run.n_files = 1;
	sum_up(w, false);
	json_report(w->s, &b);
	json_check(buf_slice(&b));
	for (unsigned i = 0; i < b.n; i++)
		if (b.p[i] == '\t')
			b.p[i] = ' ';
	widest(buf_slice(&b), &lines);	/* valid UTF-8 without controls */
	assert_non_null(slice_str(buf_slice(&b), SLICE("\"ip:2a00:1:2:3::/64\"")));
	assert_non_null(slice_str(buf_slice(&b), SLICE("\"provider\": \"example.net\"")));
	buf_free(&b);
}

static void
test_html(void **state)
{
	struct world *w = *state;
	struct buf b = { 0 };

	sum_up(w, false);
	html_report(w->s, &b);
	html_check(buf_slice(&b));
	assert_non_null(slice_str(buf_slice(&b), SLICE("<bdi>2a00:1:2:3::/64</bdi>")));
	assert_non_null(slice_str(buf_slice(&b), SLICE("<bdi>example.net</bdi>")));
	/* Numbers as no log has them. */
	w->s->spam = w->s->attempts = UINT64_MAX / 2;
	for (unsigned i = 0; i < IN_UNITS * VERDICTS; i++)
		w->s->total[i / VERDICTS][i % VERDICTS][STAGES].lower = UINT64_MAX / 8;
	for (unsigned i = 0; i < HOURS * VERDICTS; i++)
		w->s->hour[i / VERDICTS][i % VERDICTS] = UINT64_MAX / 128;
	for (unsigned i = 0; i < w->s->slots; i++)
		w->s->slot[i].events[VERDICT_ZOMBIE] = UINT64_MAX / 4096;
	w->s->first = -62135596800;
	w->s->last = 253402300799;
	b.n = 0;
	html_report(w->s, &b);
	html_check(buf_slice(&b));
	assert_in_range(b.n, 1000, 300000);
	buf_free(&b);
}

static void
test_order(void **state)
{
	struct world *w = *state, *back;
	struct buf json[2] = { { 0 }, { 0 } };
	void *other;

	setup(&other);
	back = other;
	sum_up(w, false);
	sum_up(back, true);
	assert_true(slice_eq(screen(w, 10, true, false), screen(back, 10, true, false)));
	json_report(w->s, &json[0]);
	json_report(back->s, &json[1]);
	assert_true(slice_eq(buf_slice(&json[0]), buf_slice(&json[1])));
	buf_free(&json[0]);
	buf_free(&json[1]);
	teardown(&other);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_totals), TEST(test_own_side), TEST(test_trusted), TEST(test_screen),
		TEST(test_lists), TEST(test_circular),
		TEST(test_full_screen), TEST(test_empty), TEST(test_json), TEST(test_html),
		TEST(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
