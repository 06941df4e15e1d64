/* The summary of a small state, and that its writers keep to their screens, syntax and order. */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

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
    "    delivery: " PRIORS
    "rules:\n"
    "  - id: T1\n    group: channel\n    says: sent with a login\n    note: n\n    forgeable: N\n"
    "    when: {is: [authenticated]}\n    weight: {compromised: 4500}\n    anchor: true\n"
    "    subtype: c.own\n" EXAMPLES
    "  - id: T2\n    group: channel\n    says: made by the web server\n    note: n\n    forgeable: N\n"
    "    when: {is: [local]}\n    weight: {misconfigured: 4500}\n    anchor: true\n"
    "    subtype: m.webscript\n" EXAMPLES
    "  - id: T3\n    group: bl.policy\n    says: listed as an end-user line\n    note: n\n"
    "    forgeable: N\n    scope: source\n    when: {is: [reject-dnsbl]}\n    weight: {zombie: 4500}\n"
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
};

static struct message *
add(struct world *w, enum message_kind kind, const char *client, int64_t ts)
{
	struct message *m = &w->m[w->n++];

	assert_true(w->n <= MESSAGES);
	*m = (struct message){ .kind = kind, .ts = ts, .last_ts = ts + 5, .host = 2, .repeat = 1,
		.mta = MTA_POSTFIX, .has_addr = client != NULL };
	if (client != NULL)
		assert_true(addr_parse(slice_of(client), &m->addr));
	return m;
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
	w->j = judge_open(&w->cl);
	w->s = summary_make(&w->cl, w->j, &w->run, 10);
}

static void
add_zombies(struct world *w)
{
	static const char *const client[] = { "93.184.12.34", "93.184.12.35", "2a00:1:2:3::9" };

	for (unsigned i = 0; i < 6; i++) {
		struct message *m = add(w, MESSAGE_ATTEMPT, client[i % 3], NOON + 1800 * i);

		m->flags = MF_REJECTED;
		m->reason = REJECT_DNSBL;
		m->phase = PHASE_ENVELOPE;
		m->client_name = SLICE("pool-34.dialup.Example.NET");
	}
}

static void
add_own(struct world *w)
{
	static const char *const client[] = { "201.1.1.1", "201.1.9.2", "5.9.8.7" };
	struct message *m;

	for (unsigned i = 0; i < 3; i++) {
		m = add(w, MESSAGE_MAIL, client[i], NOON + 100 + i);
		m->flags = MF_AUTH;
		m->account = SLICE(EVIL);
		m->sender = SLICE(EVIL);
		m->verdict = VERDICT_SPAM;
		m->recipients = 20;
		m->bounced = 4;
		m->message_id = SLICE("a@b");
	}
	m = add(w, MESSAGE_MAIL, NULL, NOON + 300);
	m->flags = MF_LOCAL;
	m->user = SLICE("www-data");
	m->cwd = SLICE("/var/www/" EVIL);
	m->verdict = VERDICT_SPAM;
	m->message_id = SLICE("s@b");
	m->sent_remote = 3;
}

static void
add_rest(struct world *w)
{
	struct message *m = add(w, MESSAGE_MAIL, "44.1.2.3", NOON + 7000);

	m->verdict = VERDICT_SPAM;
	m->unverified = SLICE(EVIL);
	m->sent_local = 1;
	m->message_id = SLICE("u@b");
	m = add(w, MESSAGE_MAIL, "44.1.2.4", NOON + 7100);
	m->verdict = VERDICT_HAM;
	m->sent_local = 1;
	m->message_id = SLICE("h@b");
	m = add(w, MESSAGE_ATTEMPT, "44.1.2.5", NOON + 7200);
	m->flags = MF_REJECTED;
	m->reason = REJECT_USER;
	m = add(w, MESSAGE_ATTEMPT, "44.1.2.6", NOON + 7300);
	m->flags = MF_REJECTED;
	m->reason = REJECT_RELAY;
	m = add(w, MESSAGE_SIGN, "44.1.2.7", NOON + 7400);
	m->flags = MF_SASL_FAIL;
	m->account = SLICE("info");
	m->repeat = 7;
}

static void
add_relay(struct world *w)
{
	for (unsigned i = 0; i < 2; i++) {
		struct message *m = add(w, MESSAGE_MAIL, i ? "77.2.3.4" : "77.2.3.5", NOON + 9000);

		m->domains = 3;
		m->domain[0] = i ? SLICE("a1.example") : SLICE("a2.example");
		m->domain[1] = i ? SLICE("b1.example") : SLICE("b2.example");
		m->domain[2] = i ? SLICE("c1.example") : SLICE("c2.example");
		m->sent_remote = 3;
		m->message_id = SLICE("r@b");
	}
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
	w->run.input_problems = w->run.same_inputs = w->run.backwards = 2;
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
	assert_int_equal(f->kind, FINDING_ACCOUNT);
	assert_true(f->alarm);
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
	struct slice account = SLICE(EVIL);
	struct slice host = SLICE("MX1.example.org");

	w->own.trusted_account = &account;
	w->own.trusted_accounts = 1;
	w->own.trusted_host = &host;
	w->own.trusted_hosts = 1;
	sum_up(w, false);
	assert_int_equal(value(w->s, "compromised"), 3);
	assert_int_equal(value(w->s, "own.compromised"), 0);
	assert_int_equal(value(w->s, "own.misconfigured"), 0);
	w->own.trusted_account = NULL;
	w->own.trusted_host = NULL;
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
		if (code == '\n') {
			columns = 0;
			(*lines_r)++;
		} else {
			assert_false(utf8_is_control(code));
			columns += code >= 0x2e80 ? 2 : 1;
		}
		most = columns > most ? columns : most;
		text = slice_skip(text, n);
	}
	return most;
}

static void
test_screen(void **state)
{
	struct world *w = *state;
	struct buf b = { 0 };
	unsigned lines;

	sum_up(w, false);
	text_report(w->s, &b, &(struct text_options){ .top = 10 });
	assert_in_range(widest(buf_slice(&b), &lines), 40, TEXT_COLUMNS);
	assert_in_range(lines, 20, TEXT_LINES);
	assert_non_null(slice_str(buf_slice(&b), SLICE("compromised account")));
	assert_non_null(slice_str(buf_slice(&b), SLICE("www-data@mx1.example.org /var/www/")));
	b.n = 0;
	text_report(w->s, &b, &(struct text_options){ .top = 10, .verbose = true });
	assert_in_range(widest(buf_slice(&b), &lines), 40, TEXT_COLUMNS);
	b.n = 0;
	text_report(w->s, &b, &(struct text_options){ .top = 10, .quiet = true });
	assert_true(slice_starts(buf_slice(&b), SLICE("Fix on your own side first")));
	buf_free(&b);
}

/* All that can be said at once, with numbers that never fit. */
static void
test_full_screen(void **state)
{
	struct world *w = *state;
	struct buf b = { 0 };
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
	text_report(w->s, &b, &(struct text_options){ .top = UINT32_MAX });
	assert_in_range(widest(buf_slice(&b), &lines), 40, TEXT_COLUMNS);
	assert_in_range(lines, 20, TEXT_LINES);
	buf_free(&b);
}

static void
test_empty(void **state)
{
	struct world *w = *state;
	struct buf b = { 0 };

	w->n = 0;
	w->run = (struct run_facts){ .exact = true };
	sum_up(w, false);
	text_report(w->s, &b, &(struct text_options){ .top = 10, .quiet = true });
	assert_int_equal(b.n, 0);
	text_report(w->s, &b, &(struct text_options){ .top = 10 });
	assert_true(slice_starts(buf_slice(&b), SLICE("No line was read")));
	b.n = 0;
	json_report(w->s, &b);
	assert_true(slice_starts(buf_slice(&b), SLICE("{\n\t\"schema\": \"spamsource.report/1\"")));
	buf_free(&b);
}

static struct slice
json_blank(struct slice s)
{
	while (s.n && (s.p[0] == ' ' || s.p[0] == '\n' || s.p[0] == '\t'))
		s = slice_skip(s, 1);
	return s;
}

static struct slice
json_string(struct slice s)
{
	assert_int_equal(s.p[0], '"');
	for (s = slice_skip(s, 1); s.p[0] != '"'; s = slice_skip(s, 1)) {
		assert_true(s.n > 1);
		assert_true((unsigned char)s.p[0] >= 0x20);
		if (s.p[0] == '\\')
			s = slice_skip(s, 1);
	}
	return slice_skip(s, 1);
}

/* Consumes one value; fails on anything that JSON is not. */
static struct slice
json_value(struct slice s)
{
	char end;

	s = json_blank(s);
	assert_true(s.n > 0);
	if (s.p[0] == '"')
		return json_string(s);
	if (s.p[0] != '{' && s.p[0] != '[') {
		size_t n = strspn(s.p, "0123456789.truefals");

		assert_true(n > 0);
		return slice_skip(s, n);
	}
	end = s.p[0] == '{' ? '}' : ']';
	s = json_blank(slice_skip(s, 1));
	while (s.n && s.p[0] != end) {
		if (end == '}') {
			s = json_blank(json_string(s));
			assert_true(slice_take(&s, SLICE(":")));
		}
		s = json_blank(json_value(s));
		if (!slice_take(&s, SLICE(",")))
			break;
		s = json_blank(s);
		assert_true(s.n > 0 && s.p[0] != end);
	}
	assert_true(s.n > 0);
	assert_int_equal(s.p[0], end);
	return slice_skip(s, 1);
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
	assert_true(slice_eq(json_value(buf_slice(&b)), SLICE("\n")));
	for (unsigned i = 0; i < b.n; i++)
		if (b.p[i] == '\t')
			b.p[i] = ' ';
	widest(buf_slice(&b), &lines);	/* valid UTF-8 without controls */
	assert_non_null(slice_str(buf_slice(&b), SLICE("\"ip:2a00:1:2:3::/64\"")));
	assert_non_null(slice_str(buf_slice(&b), SLICE("\"provider\": \"example.net\"")));
	buf_free(&b);
}

static void
test_order(void **state)
{
	struct world *each[2] = { *state, NULL };
	void *other;
	struct buf text[2] = { { 0 }, { 0 } }, json[2] = { { 0 }, { 0 } };

	setup(&other);
	each[1] = other;
	for (int i = 0; i < 2; i++) {
		sum_up(each[i], i == 1);
		text_report(each[i]->s, &text[i],
		    &(struct text_options){ .top = 10, .verbose = true });
		json_report(each[i]->s, &json[i]);
	}
	assert_int_equal(text[0].n, text[1].n);
	assert_memory_equal(text[0].p, text[1].p, text[0].n);
	assert_int_equal(json[0].n, json[1].n);
	assert_memory_equal(json[0].p, json[1].p, json[0].n);
	for (int i = 0; i < 2; i++) {
		buf_free(&text[i]);
		buf_free(&json[i]);
	}
	teardown(&other);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_totals), TEST(test_own_side), TEST(test_trusted), TEST(test_screen),
		TEST(test_full_screen), TEST(test_empty), TEST(test_json), TEST(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
