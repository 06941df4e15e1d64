/*
 * The model by weights, and the judgement of messages made by hand: what is counted by whom, what
 * becomes spam by relay and behaviour, and that the order of messages does not matter.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "classify/judge_private.h"
#include "cli/builtin_rules.h"
#include "report/dump.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A model with even odds, and a rule in each group; weights come from the tests. */
static const char model_text[] =
    "model:\n"
    "  damping: 250\n  posterior: 800\n  margin: 1099\n  behaviour: 3500\n"
    "  ceiling: 990\n  ceiling_remote: 950\n"
    "  super_groups: {line: {cap: 3000, class: zombie}}\n"
    "  groups:\n"
    "    plain: {cap: 4000}\n    other: {cap: 4000}\n    low: {cap: 1000}\n"
    "    gate: {cap: 4000, gate: true}\n"
    "    name: {cap: 4000, super: line}\n    helo: {cap: 4000, super: line}\n"
    "  prior:\n";

enum { ANCHOR, PLAIN1, PLAIN2, OTHER, LOW, GATE, NAME, HELO, LIST, RULES };
static const struct {
	const char *id, *group, *more;
} rule_text[RULES] = {
	{ "R0", "plain", "anchor: true" }, { "R1", "plain", NULL }, { "R2", "plain", NULL },
	{ "R3", "other", "anchor: true" }, { "R4", "low", NULL },
	{ "R5", "gate", "anchor: true" }, { "R6", "name", NULL }, { "R7", "helo", NULL },
	{ "R8", "other", "reason: list" },
};

static void
add(struct ruleset *rs, const char *text)
{
	struct problem p = { "" };

	if (ruleset_add(rs, "test", slice_of(text), &p) == -1)
		fail_msg("%s", p.text);
}

static void
put_priors(struct buf *b)
{
	static const char row[] =
	    "{zombie: 250, misconfigured: 250, compromised: 250, other: 250}";

	for (unsigned s = 0; s < STAGES; s++) {
		buf_fmt(b, "    %s:\n", stage_name(s));
		for (unsigned d = 0; d < DIRECTIONS; d++)
			buf_fmt(b, "      %s: %s\n", direction_name(d), row);
	}
}

static void
load_model(struct ruleset *rs)
{
	struct buf b = { 0 };
	struct problem p = { "" };

	buf_add(&b, SLICE(model_text));
	put_priors(&b);
	buf_str(&b, "rules:\n");
	for (int i = 0; i < RULES; i++) {
		buf_fmt(&b,
		    "  - id: %s\n    group: %s\n    says: x\n    note: x\n    forgeable: N\n"
		    "    unit: client\n    counts: {messages: {min: 2}}\n    weight: {zombie: 1}\n"
		    "    examples: {hit: [{messages: 2}], miss: [{messages: 1}]}\n",
		    rule_text[i].id, rule_text[i].group);
		if (rule_text[i].more != NULL)
			buf_fmt(&b, "    %s\n", rule_text[i].more);
	}
	buf_chr(&b, '\0');
	add(rs, b.p);
	if (ruleset_finish(rs, &p) == -1)
		fail_msg("%s", p.text);
	buf_free(&b);
}

struct speaker {		/* a rule with its weights in this test */
	int rule;
	int32_t zombie, misconfigured, compromised, other;
};

enum { SPEAKERS = 4 };

/* The rules that speak, up to the first without any weight. */
static struct attribution
judge_weights(const struct ruleset *rs, const struct speaker *s, bool own)
{
	struct attribution a = { 0 };
	struct present p[SPEAKERS];
	unsigned n = 0;

	for (unsigned g = 0; g < rs->groups; g++)
		for (int i = 0; i < SPEAKERS; i++) {
			if (s[i].zombie == 0 && s[i].misconfigured == 0 && s[i].compromised == 0 &&
			    s[i].other == 0)
				break;
			if (rs->rule[s[i].rule].group == g)
				p[n++] = (struct present){ (uint16_t)s[i].rule, (uint8_t)g,
				    rs->rule[s[i].rule].anchor, { s[i].other, s[i].zombie,
				    s[i].misconfigured, s[i].compromised } };
		}
	model_judge(rs, p, n, STAGE_CONTENT, DIR_INBOUND, own, &a);
	return a;
}

static const struct {
	const char *what;
	struct speaker a[SPEAKERS], b[SPEAKERS];
} sums[] = {
	{ "the strongest counts in full, a quarter of the rest",
	    { { PLAIN1, 1600, 0, 0, 0 }, { PLAIN2, 800, 0, 0, 0 } },
	    { { PLAIN1, 1800, 0, 0, 0 } } },
	{ "what speaks against is damped too",
	    { { PLAIN1, 1600, 0, 0, 0 }, { PLAIN2, -800, 0, 0, 0 } },
	    { { PLAIN1, 1400, 0, 0, 0 } } },
	{ "the greater sum of two equal ones is the one in favour",
	    { { PLAIN1, -800, 0, 0, 0 }, { PLAIN2, 800, 0, 0, 0 } },
	    { { PLAIN1, 600, 0, 0, 0 } } },
	{ "a group has a cap", { { LOW, 9000, 0, 0, 0 } }, { { LOW, 1000, 0, 0, 0 } } },
	{ "groups add up", { { PLAIN1, 700, 0, 0, 0 }, { OTHER, 500, 0, 0, 0 } },
	    { { PLAIN1, 1200, 0, 0, 0 } } },
	{ "a super-group has one more cap for its class",
	    { { NAME, 2500, 0, 0, 0 }, { HELO, 2000, 0, 0, 0 }, { OTHER, 0, 0, 0, 2500 } },
	    { { NAME, 3000, 0, 0, 0 }, { OTHER, 0, 0, 0, 2500 } } },
	{ "and none for another class",
	    { { NAME, 0, 2500, 0, 0 }, { HELO, 0, 2000, 0, 0 }, { OTHER, 0, 0, 0, 4000 } },
	    { { PLAIN1, 0, 4000, 0, 0 }, { LOW, 0, 500, 0, 0 },
		{ OTHER, 0, 0, 0, 4000 } } },
};

static void
test_sums(void **state)
{
	struct ruleset rs = { 0 };

	(void)state;
	load_model(&rs);
	for (size_t i = 0; i < COUNT(sums); i++) {
		struct attribution a = judge_weights(&rs, sums[i].a, false);
		struct attribution b = judge_weights(&rs, sums[i].b, false);

		if (a.confidence != b.confidence || a.lean != b.lean || a.confidence >= 990)
			fail_msg("%s: %u and %u", sums[i].what, a.confidence, b.confidence);
	}
	ruleset_free(&rs);
}

static const struct {
	const char *what;
	struct speaker s[SPEAKERS];
	bool own;
	uint8_t verdict, reason;
	unsigned confidence;	/* 0: any */
} verdicts[] = {
	{ "nothing is known", { { 0, 0, 0, 0, 0 } }, false, 0, REASON_INSUFFICIENT, 250 },
	{ "an anchor and a second group",
	    { { ANCHOR, 4000, 0, 0, 0 }, { LOW, 500, 0, 0, 0 } }, false, VERDICT_ZOMBIE,
	    REASON_NONE, 968 },
	{ "no second group", { { ANCHOR, 4000, 0, 0, 0 } }, false, 0, REASON_INSUFFICIENT,
	    0 },
	{ "a gate needs none", { { GATE, 4000, 0, 0, 0 } }, false, VERDICT_ZOMBIE,
	    REASON_NONE, 0 },
	{ "no anchor", { { PLAIN1, 4000, 0, 0, 0 }, { NAME, 2000, 0, 0, 0 } }, false, 0,
	    REASON_INSUFFICIENT, 0 },
	{ "too little", { { ANCHOR, 1500, 0, 0, 0 }, { LOW, 500, 0, 0, 0 } }, false, 0,
	    REASON_INSUFFICIENT, 0 },
	{ "no lead over the next class: conflict",
	    { { ANCHOR, 4000, 0, 0, 0 }, { OTHER, 0, 4000, 0, 0 }, { LOW, 1000, 0, 0, 0 } },
	    false, 0, REASON_CONFLICT, 0 },
	{ "the rule that says why", { { ANCHOR, 0, 0, 1500, 0 }, { LIST, 0, 0, 0, 3000 } },
	    false, 0, REASON_LIST, 0 },
	{ "never surer than the ceiling",
	    { { ANCHOR, 0, 4000, 0, 0 }, { GATE, 0, 4000, 0, 0 } }, false,
	    VERDICT_MISCONFIGURED, REASON_NONE, 990 },
	{ "nor of somebody else's account",
	    { { ANCHOR, 0, 0, 4000, 0 }, { GATE, 0, 0, 4000, 0 } }, false,
	    VERDICT_COMPROMISED, REASON_NONE, 950 },
	{ "as of our own", { { ANCHOR, 0, 0, 4000, 0 }, { GATE, 0, 0, 4000, 0 } }, true,
	    VERDICT_COMPROMISED, REASON_NONE, 990 },
};

static void
test_verdicts(void **state)
{
	struct ruleset rs = { 0 };

	(void)state;
	load_model(&rs);
	for (size_t i = 0; i < COUNT(verdicts); i++) {
		struct attribution a = judge_weights(&rs, verdicts[i].s, verdicts[i].own);

		if (a.verdict != verdicts[i].verdict || a.reason != verdicts[i].reason ||
		    (verdicts[i].confidence && a.confidence != verdicts[i].confidence))
			fail_msg("%s: %s %s %u", verdicts[i].what, verdict_name(a.verdict),
			    reason_name(a.reason), a.confidence);
	}
	ruleset_free(&rs);
}

/* More weight never means less confidence, and the integers are near e^x / (e^x + 3). */
static void
test_softmax(void **state)
{
	static const struct { int32_t weight; unsigned confidence; } known[] = {
		{ 1, 250 }, { 1000, 475 }, { 2000, 711 }, { 3000, 870 }, { 4000, 948 },
	};
	struct ruleset rs = { 0 };
	unsigned last = 0;

	(void)state;
	load_model(&rs);
	for (int32_t w = 1; w <= 4000; w++) {
		struct attribution a = judge_weights(&rs,
		    (struct speaker[SPEAKERS]){ { ANCHOR, w, 0, 0, 0 } }, false);

		assert_true(a.confidence >= last && a.confidence <= 1000);
		assert_int_equal(a.lean, VERDICT_ZOMBIE);
		last = a.confidence;
	}
	for (size_t i = 0; i < COUNT(known); i++) {
		struct attribution a = judge_weights(&rs,
		    (struct speaker[SPEAKERS]){ { ANCHOR, known[i].weight, 0, 0, 0 } }, false);

		assert_int_equal(a.confidence, known[i].confidence);
	}
	ruleset_free(&rs);
}

/* Messages by hand, with the shipped rules. */
enum { DAY = 1795132800, MAILS_MAX = 64 };	/* 2026-11-20 */

struct mails {
	struct message m[MAILS_MAX];
	char text[MAILS_MAX][16], sender[MAILS_MAX][32];
	unsigned n;
};

struct bench {
	struct ruleset rules;
	struct own own;
	struct names *names;
	struct classifier cl;
	struct observation seen[MAILS_MAX];	/* by number of the message */
};

static struct message *
mail(struct mails *all, const char *ip, int64_t ts)
{
	struct message *m = &all->m[all->n++];

	*m = (struct message){ .kind = MESSAGE_MAIL,
		.mta = MTA_POSTFIX,
		.repeat = 1,
		.has_addr = true,
		.recipients = 1,
		.ts = DAY + ts,
		.last_ts = DAY + ts + 2,
		.flags = MF_NO_NAME };
	assert_true(addr_parse(slice_of(ip), &m->addr));
	snprintf(all->text[all->n - 1], sizeof(all->text[0]), "AB%04X", all->n);
	m->qid = slice_of(all->text[all->n - 1]);
	m->message_id = m->qid;
	m->helo = SLICE("mail.out.example");
	snprintf(all->sender[all->n - 1], sizeof(all->sender[0]), "a@out%u.example", all->n);
	m->sender = slice_of(all->sender[all->n - 1]);
	return m;
}

static void
bench_open(struct bench *b)
{
	struct problem p = { "" };

	*b = (struct bench){ .names = names_open() };
	for (const struct builtin_rule_file *f = builtin_rules; f->name != NULL; f++)
		if (ruleset_add_packed(&b->rules, f->name, f->packed, &p) == -1)
			fail_msg("%s", p.text);
	if (ruleset_finish(&b->rules, &p) == -1)
		fail_msg("%s", p.text);
	b->cl = (struct classifier){ .rules = &b->rules, .own = &b->own, .names = b->names,
		.evaluator = evaluator_open(&b->rules) };
}

static void
bench_close(struct bench *b)
{
	evaluator_close(b->cl.evaluator);
	state_free(&b->cl.state);
	names_close(b->names);
	ruleset_free(&b->rules);
}

static void
see(struct bench *b, const struct mails *all, unsigned i)
{
	observe(&b->cl, &all->m[i], &b->seen[i]);
	observe_end(&b->cl);
}

static const struct judged *
judge_mail(const struct bench *b, struct judge *j, unsigned i)
{
	assert_true(b->seen[i].counted);
	return judge_event(j, b->seen[i].source, b->seen[i].ts, b->seen[i].signature);
}

static void
relayed(struct mails *all, const char *ip, const char *domain, int64_t ts)
{
	struct message *m = mail(all, ip, ts);

	m->sent_remote = 1;
	m->domains = 1;
	m->domain[0] = slice_of(domain);
	m->rcpt = SLICE("x@relayed.example");
}

/* Many outsiders to one domain: its gateway or backup MX. One outsider to many: an open relay. */
static void
test_gateway(void **state)
{
	static const char *const outside[] = { "198.51.100.1", "203.0.113.1", "192.0.2.1",
		"8.8.4.4", "9.9.9.9" };
	static const char *const domain[] = { "a.example", "b.example", "c.example", "d.example",
		"e.example", "f.example", "g.example", "h.example" };
	struct mails all = { .n = 0 };
	struct bench b;
	struct judge *j;

	(void)state;
	bench_open(&b);
	for (size_t i = 0; i < COUNT(outside); i++)
		relayed(&all, outside[i], "inner.example", (int64_t)i * 60);
	for (size_t i = 0; i < COUNT(domain); i++)
		relayed(&all, "45.1.2.3", domain[i], 1000 + (int64_t)i * 60);
	for (unsigned i = 0; i < all.n; i++)
		see(&b, &all, i);
	j = judge_open(&b.cl);
	for (unsigned i = 0; i < all.n; i++) {
		const struct judged *r = judge_mail(&b, j, i);

		assert_int_equal(r->spam, i >= COUNT(outside));
		if (r->spam) {
			assert_int_equal(r->a.spam_by, BY_RELAY);
			assert_int_equal(r->a.verdict, VERDICT_MISCONFIGURED);
			assert_true(r->a.relay);
		}
	}
	judge_close(j);
	bench_close(&b);
}

/* A remote server does. */
static void
call_spam(struct message *m, unsigned replier)
{
	m->replies = 1;
	m->failed[0] =
	    (struct failed_reply){ .text = SLICE("host mx.far.example[203.0.113.5] said: "
						 "550 5.7.1 Message rejected: content looks like "
						 "spam (in reply to end of DATA command)"),
		    .status = DELIVERY_BOUNCED,
		    .data = true,
		    .remote = true,
		    .replier = replier };
}

/* Own mail with a login; dirty: to many, much of it bounced and refused as spam. */
static void
login(struct mails *all, const char *ip, bool dirty, int64_t ts)
{
	struct message *m = mail(all, ip, ts);

	m->flags |= MF_AUTH;
	m->account = SLICE("joe");
	m->service = SLICE("submission");
	m->sender = dirty ? m->qid : SLICE("joe");
	m->sent_remote = 1;
	m->rcpt = SLICE("x@far.example");
	if (!dirty)
		return;
	m->recipients = 30;
	m->bounced = 15;
	call_spam(m, all->n % 2);	/* one alone may lie */
}

enum { DIRTY = 12 };

static void
stolen_account(struct mails *all)
{
	char ip[32];

	for (unsigned i = 0; i < DIRTY; i++) {
		snprintf(ip, sizeof(ip), "45.%u.7.9", 10 + i);
		login(all, ip, true, 3600 + i * 30);
	}
	for (unsigned i = 0; i < 3; i++)
		login(all, "28.77.20.5", false, 3000 + i * 600);
	mail(all, "203.0.113.9", 4000)->sent_local = 1;
}

/* The account is hacked, but its owner's network stays clean, and so does mail from outside. */
static void
test_behaviour(void **state)
{
	struct mails all = { .n = 0 };
	struct bench b;
	struct judge *j;

	(void)state;
	bench_open(&b);
	stolen_account(&all);
	for (unsigned i = 0; i < all.n; i++)
		see(&b, &all, i);
	j = judge_open(&b.cl);
	for (unsigned i = 0; i < all.n; i++) {
		const struct judged *r = judge_mail(&b, j, i);

		if (r->spam != (i < DIRTY))
			fail_msg("message %u: spam %d", i, r->spam);
		if (r->spam) {
			assert_int_equal(r->a.verdict, VERDICT_COMPROMISED);
			assert_true(r->a.spam_by & BY_REPLY && r->a.spam_by & BY_BEHAVIOUR);
		}
	}
	judge_close(j);
	bench_close(&b);
}

/* Where a letter of two bounced, of an account that thieves use from so many networks? */
static bool
is_of_swarm(unsigned networks, bool bounces, unsigned recipients, bool at_home)
{
	struct mails all = { .n = 0 };
	struct bench b;
	struct judge *j;
	unsigned asked;
	char ip[32];
	bool spam;

	bench_open(&b);
	for (unsigned i = 0; i < networks; i++) {
		snprintf(ip, sizeof(ip), "45.%u.7.9", 10 + i);
		login(&all, ip, true, 3600 + i * 30);
	}
	for (unsigned i = 0; i < 3 && at_home; i++)
		login(&all, "28.77.20.5", false, 3000 + i * 3600);
	asked = all.n;
	login(&all, "28.77.20.5", false, 3000 + 4 * 3600);
	all.m[asked].recipients = recipients;
	all.m[asked].sent_remote = recipients - bounces;
	all.m[asked].bounced = bounces;
	for (unsigned i = 0; i < all.n; i++)
		see(&b, &all, i);
	j = judge_open(&b.cl);
	spam = judge_mail(&b, j, asked)->spam;
	judge_close(j);
	bench_close(&b);
	return spam;
}

static void
test_swarm(void **state)
{
	(void)state;
	assert_true(is_of_swarm(DIRTY, true, 2, false));
	assert_true(is_of_swarm(DIRTY, false, 3, false));
	assert_false(is_of_swarm(DIRTY, false, 2, false));
	assert_false(is_of_swarm(DIRTY, true, 2, true));
	assert_false(is_of_swarm(DIRTY / 2, true, 2, false));
}

/* Bad luck: its one recipient is dead, or a server calls it spam. */
enum luck { FINE, DEAD, CALLED_SPAM };

static void
lose(struct message *m, enum luck luck, unsigned replier)
{
	m->sent_remote = luck == FINE ? m->recipients : 0;
	m->bounced = luck == FINE ? 0 : m->recipients;
	if (luck != CALLED_SPAM)
		return;
	call_spam(m, replier);
}

/* Judges all; how many from `from` until `to` are spam. */
static unsigned
count_spam(struct mails *all, unsigned from, unsigned to)
{
	struct bench b;
	struct judge *j;
	unsigned spam = 0;

	bench_open(&b);
	for (unsigned i = 0; i < all->n; i++)
		see(&b, all, i);
	j = judge_open(&b.cl);
	for (unsigned i = from; i < to; i++)
		spam += judge_mail(&b, j, i)->spam;
	judge_close(j);
	bench_close(&b);
	return spam;
}

/* One mail an hour by a line, some of them lost; the account's owner writes from another. */
static unsigned
slow_line(unsigned mails, unsigned good)
{
	struct mails all = { .n = 0 };
	static const enum luck bad[] = { DEAD, CALLED_SPAM, CALLED_SPAM };

	for (unsigned i = 0; i < mails; i++) {
		login(&all, "45.1.7.9", false, i * 3600);
		all.m[i].recipients = 2;
		lose(&all.m[i], i < good ? FINE : bad[i % 3], i);
	}
	for (unsigned i = 0; i < 4; i++)
		login(&all, "28.77.20.5", false, i * 3600);
	return count_spam(&all, 0, mails);
}

/* Who loses most letters of a day is not at home there, though some hours are good. */
static void
test_home(void **state)
{
	(void)state;
	assert_int_equal(slow_line(14, 4), 14);
	/* only the three that a server called spam: whoever has as many good hours is an owner */
	assert_int_equal(slow_line(14, 10), 3);
}

/* A thief in an account that an office uses all day. */
static unsigned
busy_account(unsigned lost)
{
	struct mails all = { .n = 0 };
	unsigned office;

	for (unsigned i = 0; i < 30; i++) {
		login(&all, "28.77.20.5", false, i * 2000);
		all.m[i].recipients = all.m[i].sent_remote = 6;
	}
	office = all.n;
	for (unsigned i = 0; i < 20; i++) {
		login(&all, "45.1.7.9", false, 40000 + i * 30);
		all.m[all.n - 1].recipients = 2;
		lose(&all.m[all.n - 1], i < lost ? i % 3 ? CALLED_SPAM : DEAD : FINE, i);
	}
	assert_int_equal(count_spam(&all, 0, office), 0);
	return count_spam(&all, office, all.n);
}

/* The office's good mail does not hide it, nor do four letters make a thief. */
static void
test_busy(void **state)
{
	(void)state;
	assert_int_equal(busy_account(12), 20);
	assert_int_equal(busy_account(3), 2);
}

/* An inner machine that loses this many of 12 mails at noon; good ones before, an hour each. */
static unsigned
inner_machine(unsigned good, unsigned lost, unsigned *good_spam_r)
{
	struct mails all = { .n = 0 };
	static const char *const to[] = { "a.example", "b.example", "c.example", "d.example" };

	for (unsigned i = 0; i < good + 12; i++) {
		struct message *m = mail(&all, "10.1.0.40", i < good ? i * 3600 : 43200 + i * 20);

		m->domains = 1;
		m->domain[0] = slice_of(to[i % 4]);
		m->recipients = i < good ? 1 : 3;
		lose(m, i < good || i >= good + lost ? FINE : i % 2 ? CALLED_SPAM : DEAD, i);
	}
	*good_spam_r = count_spam(&all, 0, good);
	return count_spam(&all, good, all.n);
}

/* Of a server that sends wanted mail, too, only what was lost is spam; of a bot all. */
static void
test_lost(void **state)
{
	unsigned good;

	(void)state;
	assert_int_equal(inner_machine(5, 8, &good), 8);
	assert_int_equal(good, 0);
	assert_int_equal(inner_machine(0, 8, &good), 12);
}

/* A machine by our relay, as inner_machine(); our own DNS may name it. */
static unsigned
named_machine(const char *name)
{
	struct mails all = { .n = 0 };
	static const char *const to[] = { "a.example", "b.example" };

	for (unsigned i = 0; i < 12; i++) {
		struct message *m = mail(&all, "45.1.2.3", 43200 + i * 20);

		m->flags &= ~(unsigned)MF_NO_NAME;
		m->client_name = slice_of(name);
		m->domains = 1;
		m->domain[0] = slice_of(to[i % 2]);
		m->recipients = 3;
		lose(m, i < 8 ? DEAD : FINE, i);
	}
	for (unsigned i = 0; i < 6; i++) {	/* we serve this domain */
		struct message *m = mail(&all, "203.0.113.9", i * 600);

		m->sent_local = 1;
		m->rcpt = SLICE("ann@ours.example");
	}
	return count_spam(&all, 0, 12);
}

static void
test_named(void **state)
{
	(void)state;
	assert_int_equal(named_machine("srv4.ours.example"), 12);
	assert_int_equal(named_machine("srv4.theirs.example"), 0);
}

/* What a server sends as spam, in so many names; it sends good mail as well. */
static uint8_t
server_by_names(unsigned names)
{
	struct mails all = { .n = 0 };
	char sender[8][32];
	struct bench b;
	struct judge *j;
	uint8_t lean;

	for (unsigned i = 0; i < 11; i++) {
		struct message *m = mail(&all, "45.1.2.3", i * 900);

		m->flags &= ~(unsigned)MF_NO_NAME;
		m->client_name = SLICE("mail.sales.example");
		m->sent_local = 1;
		m->sender = SLICE("ann@sales.example");
		if (i < 3)
			continue;
		m->verdict = VERDICT_SPAM;
		snprintf(sender[i - 3], sizeof(sender[0]), "kim@n%u.example", i % names);
		m->sender = slice_of(sender[i - 3]);
	}
	bench_open(&b);
	for (unsigned i = 0; i < all.n; i++)
		see(&b, &all, i);
	j = judge_open(&b.cl);
	lean = judge_mail(&b, j, all.n - 1)->a.lean;
	judge_close(j);
	bench_close(&b);
	return lean;
}

static void
test_names(void **state)
{
	(void)state;
	assert_int_equal(server_by_names(1), VERDICT_COMPROMISED);
	assert_int_equal(server_by_names(6), VERDICT_MISCONFIGURED);
}

static void
put_judged(struct bench *b, const struct mails *all, struct judge *j, struct buf *out)
{
	for (unsigned i = 0; i < all->n; i++) {
		const struct judged *r = judge_mail(b, j, i);

		buf_fmt(out, "%u %d %s %s %u %u", i, r->spam, verdict_name(r->a.verdict),
		    reason_name(r->a.reason), r->a.confidence, r->a.spam_by);
		for (unsigned k = 0; r->spam && k < r->a.proofs; k++) {
			buf_chr(out, ' ');
			buf_add(out, b->rules.rule[r->a.proof[k].rule].id);
		}
		buf_chr(out, '\n');
	}
	buf_chr(out, '\0');
}

/* The same messages in any order: the same verdicts with the same evidence. */
static void
test_order(void **state)
{
	struct mails all = { .n = 0 };
	struct buf first = { 0 };

	(void)state;
	stolen_account(&all);
	relayed(&all, "45.1.2.3", "a.example", 100);
	relayed(&all, "45.1.2.3", "b.example", 200);
	assert_int_equal(all.n, 18);
	for (unsigned step = 1; step < all.n; step++) {
		struct buf out = { 0 };
		struct bench b;
		struct judge *j;

		if (step % 2 == 0 || step % 3 == 0)
			continue;	/* would not reach all */
		bench_open(&b);
		for (unsigned i = 0, at = 0; i < all.n; i++, at = (at + step) % all.n)
			see(&b, &all, at);
		j = judge_open(&b.cl);
		put_judged(&b, &all, j, step == 1 ? &first : &out);
		if (step > 1)
			assert_string_equal(out.p, first.p);
		judge_close(j);
		bench_close(&b);
		buf_free(&out);
	}
	buf_free(&first);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_softmax),
		cmocka_unit_test(test_gateway),
		cmocka_unit_test(test_behaviour), cmocka_unit_test(test_swarm),
		cmocka_unit_test(test_home), cmocka_unit_test(test_busy),
		cmocka_unit_test(test_lost), cmocka_unit_test(test_named),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
