/*
 * The law of the fold: messages observed in one classifier, or split among several in any order,
 * merged in any nesting or sent as bytes, leave the same state and the same verdicts. Bytes that
 * are no state are refused and harm nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "classify/judge.h"
#include "classify/state_client.h"
#include "classify/state_fold.h"
#include "classify/state_limit.h"
#include "cli/builtin_rules.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { DAY = 1795132800, MESSAGES = 1600, PARTS = 7, SEEDS = 12 };	/* 2026-11-20 */

static const char *const addrs[] = { "45.1.2.3", "45.1.2.4", "8.8.4.4", "9.9.9.9", "203.0.113.9",
	"198.51.100.7", "192.168.1.9", "2001:db8:1:2::3", "2001:db8:1:2::4", "2a01:4f8:0:1::1" };
static const char *const client_names[] = { "", "dyn-45-1-2-3.pool.isp.example", "mail.a.example",
	"p20010db8000100020000000000000004.dip.isp.example", "h4.static.hoster.example", "b.example" };
static const char *const helos[] = { "", "mail.a.example", "[45.1.2.3]", "user-pc", "localhost",
	"x.example", "b.example" };
static const char *const accounts[] = { "joe", "ann@own.example", "root" };
static const char *const users[] = { "www-data", "", "eve" };
static const char *const dirs[] = { "", "/srv/www/a", "/tmp" };
static const char *const domains[] = { "a.example", "B.example", "b.example", "c.example",
	"inner.example", "far.example", "other.example" };
static const char *const hosts[] = { "", "mx1.own.example", "mx2", "out.own.example" };
static const char *const replies[] = {
	"host mx.far.example[203.0.113.5] said: 550 5.7.1 looks like spam (in reply to end of DATA",
	"host mx.b.example[203.0.113.6] said: 550 5.1.1 no such user (in reply to RCPT TO command)",
	"host mx.c.example[203.0.113.7] said: 554 5.7.1 blocked using zen.spamhaus.org",
};

struct many {
	struct message m[MESSAGES];
	char text[MESSAGES][3][40];	/* id, sender, recipient */
	unsigned n;
	uint64_t random;
};

struct bench {
	uint32_t most;		/* sources kept; 0: all */
	struct ruleset rules;
	struct own own;
};

static unsigned
roll(struct many *all, unsigned sides)
{
	all->random = all->random * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(all->random >> 33) % sides;
}

#define PICK(all, array) slice_of((array)[roll(all, COUNT(array))])

static struct slice
print(char text[40], const char *format, unsigned n, const char *domain)
{
	snprintf(text, 40, format, n, domain);
	return slice_of(text);
}

static void
make_refusal(struct many *all, struct message *m)
{
	m->flags |= MF_REJECTED | (roll(all, 4) ? 0 : MF_RANKED);
	m->reason = (uint8_t)roll(all, REJECT_REASONS);
	m->action = (uint8_t)roll(all, 2);
	m->phase = (uint8_t)roll(all, 3);
	m->reply = SLICE("550 5.7.1 no");
	if (m->reason == REJECT_DNSBL) {
		m->zone = SLICE("zen.spamhaus.org");
		m->code = roll(all, 2) ? SLICE("127.0.0.11") : SLICE("127.0.0.4");
	}
}

static void
make_mail(struct many *all, struct message *m, bool heavy)
{
	unsigned way = heavy ? 0 : roll(all, 5);

	if (way == 0) {
		m->flags |= MF_AUTH;
		m->account = heavy ? SLICE("joe") : PICK(all, accounts);
		m->service = SLICE("submission");
	} else if (way == 1) {
		m->flags |= MF_LOCAL;
		m->has_addr = false;
		m->user = PICK(all, users);
		m->cwd = PICK(all, dirs);
	} else if (way == 2) {
		m->sent_local = 1 + roll(all, 3);
		m->verdict = (uint8_t)roll(all, 3);
		return;
	}
	m->recipients = 1 + roll(all, 40);
	m->sent_remote = roll(all, 4);
	m->bounced = roll(all, 3);
	m->deferred = roll(all, 2);
	m->domains = roll(all, 4);
	for (unsigned i = 0; i < m->domains; i++)
		m->domain[i] = PICK(all, domains);
	m->replies = roll(all, 3);
	for (unsigned i = 0; i < m->replies; i++)
		m->failed[i] = (struct failed_reply){ .text = PICK(all, replies),
			.status = DELIVERY_BOUNCED, .data = roll(all, 2), .remote = true,
			.replier = roll(all, 3) };
}

static void
make_message(struct many *all, bool heavy)
{
	struct message *m = &all->m[all->n];
	char (*text)[40] = all->text[all->n++];
	unsigned day = heavy ? 2 : roll(all, 5), name;

	message_clear(m);
	m->kind = heavy ? MESSAGE_MAIL : (enum message_kind[]){ MESSAGE_MAIL, MESSAGE_MAIL,
		MESSAGE_ATTEMPT, MESSAGE_ATTEMPT, MESSAGE_SIGN, MESSAGE_VERDICT }[roll(all, 6)];
	m->mta = MTA_POSTFIX;
	m->ts = DAY + (int64_t)day * 86400 + roll(all, 3) * 3600 + roll(all, 3600);
	m->last_ts = m->ts + roll(all, 5);
	m->host = roll(all, COUNT(hosts));
	m->has_addr = roll(all, 20) != 0 || heavy;
	assert_true(addr_parse(heavy ? SLICE("45.1.2.3") : PICK(all, addrs), &m->addr));
	m->helo = PICK(all, helos);
	name = roll(all, COUNT(client_names));
	if (roll(all, 2))
		m->client_name = slice_of(client_names[name]);
	else
		m->unverified = slice_of(client_names[name]);
	m->flags = m->client_name.n ? 0 : MF_NO_NAME;
	m->qid = print(text[0], "AB%04X%s", all->n, "");
	m->message_id = roll(all, 3) ? m->qid : SLICE_NONE;
	m->sender = roll(all, 9) ? print(text[1], "s%u@%s", heavy ? all->n : roll(all, 6),
	    domains[roll(all, COUNT(domains))]) : SLICE_NONE;
	m->rcpt = print(text[2], "r%u@%s", roll(all, 9), domains[roll(all, COUNT(domains))]);
	m->repeat = roll(all, 30) ? 1 : roll(all, 3) ? 3 : 70;
	if (m->kind == MESSAGE_MAIL)
		make_mail(all, m, heavy);
	else if (m->kind == MESSAGE_ATTEMPT)
		make_refusal(all, m);
	else if (m->kind == MESSAGE_VERDICT)
		m->verdict = VERDICT_SPAM;
	else
		m->flags |= (uint32_t[]){ MF_SASL_FAIL, MF_NO_QUIT, MF_RDNS_MISMATCH,
			MF_NO_RDNS }[roll(all, 4)];
	if ((m->flags & MF_SASL_FAIL) && roll(all, 2))
		m->account = PICK(all, accounts);
}

/* Every third one is of one busy account: more senders than a set is exact for. */
static void
make_messages(struct many *all, uint64_t seed, unsigned n)
{
	all->n = 0;
	all->random = seed * 0x9e3779b97f4a7c15u;
	while (all->n < n)
		make_message(all, all->n % 3 == 0);
}

/* With all the shipped rules, or with none. */
static void
bench_open_some(struct bench *b, bool all)
{
	struct problem p = { "" };

	*b = (struct bench){ .own.domains = 0 };
	for (const struct builtin_rule_file *f = builtin_rules; f->name != NULL; f++)
		if ((all || strstr(f->name, "model") || strstr(f->name, "names")) &&
		    ruleset_add_packed(&b->rules, f->name, f->packed, &p) == -1)
			fail_msg("%s", p.text);
	if (ruleset_finish(&b->rules, &p) == -1)
		fail_msg("%s", p.text);
}

static void
bench_open(struct bench *b)
{
	bench_open_some(b, true);
}

/* Hosts have other numbers in each one. */
static void
part_open(struct classifier *cl, struct bench *b, unsigned number)
{
	*cl = (struct classifier){ .rules = &b->rules, .own = &b->own, .names = names_open(),
		.evaluator = evaluator_open(&b->rules), .has_mta = true,
		.state.most = b->most };
	for (unsigned i = 0; i < number; i++)
		names_id(cl->names, slice_of(hosts[(number + i) % COUNT(hosts)]));
}

static void
part_close(struct classifier *cl)
{
	evaluator_close(cl->evaluator);
	names_close(cl->names);
	state_free(&cl->state);
}

static void
see(struct classifier *cl, const struct message *m)
{
	struct message one = *m;
	struct observation o;

	one.host = names_id(cl->names, slice_of(hosts[m->host]));
	observe(cl, &one, &o);
	observe_end(cl);
}

/* As a pipeline does when all is read. */
static void
limit(struct classifier *cl)
{
	if (cl->state.most > 0)
		state_thin(&cl->state, cl->state.most, 0, 1);
}

/* By none, one or several threads. */
static void
merge_direct(struct classifier *into, struct classifier *from, unsigned threads)
{
	struct state *st = &from->state;
	uint32_t hits[4096] = { 0 }, host[64] = { 0 };

	for (unsigned i = 0; i < st->signatures; i++) {
		const struct signature *sig = &st->signature[i];
		const struct hits *h = evaluator_get(from->evaluator, sig->hits);

		assert_true(sig->hits < COUNT(hits) && sig->host < COUNT(host));
		hits[sig->hits] = evaluator_intern(into->evaluator, h->rule, h->n);
		host[sig->host] = names_id(into->names, names_text(from->names, sig->host));
	}
	if (threads == 0)
		state_merge(&into->state, st, &(struct state_maps){ hits, host });
	else
		state_merge_threads(&into->state, st, &(struct state_maps){ hits, host }, threads);
	assert_int_equal(st->sources, 0);
}

static void
merge_bytes(struct classifier *into, const struct classifier *from)
{
	struct problem p = { "" };
	struct buf bytes = { 0 };

	state_pack(from, &bytes);
	if (state_unpack(into, buf_slice(&bytes), &p) == -1)
		fail_msg("%s", p.text);
	buf_free(&bytes);
}

static void
put_what(const struct classifier *cl, const struct judged *r, struct buf *out)
{
	const struct state *st = &cl->state;
	const struct source *s = &st->source[r->source];
	const struct signature *sig = &st->signature[r->signature];
	const struct hits *h = evaluator_get(cl->evaluator, sig->hits);

	if (s->kind == SOURCE_CLIENT || s->kind == SOURCE_NONE) {
		buf_fmt(out, "%u %llx ", s->kind, (unsigned long long)s->id);
	} else {
		buf_add(out, st->text[s->id]);
		buf_fmt(out, " %llx ", (unsigned long long)s->net);
	}
	buf_fmt(out, "%u %u %u %u %u %u %u %u %u %u ", sig->kind, sig->stage, sig->direction,
	    sig->action, sig->spam_by, sig->submission, sig->listed, sig->inside, sig->port25,
	    sig->lost);
	buf_add(out, st->text[sig->zone]);
	buf_chr(out, ' ');
	buf_add(out, names_text(cl->names, sig->host));
	for (uint32_t i = 0; i < h->n; i++)
		buf_fmt(out, " %u", h->rule[i]);
	buf_fmt(out, ": %d %u %d ", (int)r->day, r->n, r->spam);
	buf_fmt(out, "%u %u %u %u %u %u %d %llx", r->a.verdict, r->a.reason, r->a.via,
	    r->a.spam_by, r->a.confidence, r->a.lean, r->a.stopped_dnsbl,
	    (unsigned long long)r->a.lists);
}

static int
by_text(const void *a, const void *b)
{
	const struct slice *x = a, *y = b;

	return slice_cmp(*x, *y);
}

/* What is judged, a line each, sorted. */
static void
judge_all(const struct classifier *cl, struct buf *out)
{
	struct slice *line = NULL;
	unsigned n = 0, cap = 0;
	struct arena arena = { 0 };
	struct judge *j = judge_open(cl);
	struct judged r;

	while (judge_next(j, &r) == 1) {
		struct buf one = { 0 };

		put_what(cl, &r, &one);
		mem_grow(&line, &cap, n + 1, sizeof(*line));
		line[n++] = arena_copy(&arena, buf_slice(&one));
		buf_free(&one);
	}
	judge_close(j);
	if (n)
		qsort(line, n, sizeof(*line), by_text);
	for (unsigned i = 0; i < n; i++) {
		buf_add(out, line[i]);
		buf_chr(out, '\n');
	}
	free(line);
	arena_free(&arena);
}

static void
assert_same(const struct classifier *cl, struct slice bytes, struct slice judged, unsigned seed)
{
	struct buf again = { 0 }, verdicts = { 0 };

	state_pack(cl, &again);
	judge_all(cl, &verdicts);
	if (!slice_eq(buf_slice(&verdicts), judged))
		fail_msg("seed %u: other verdicts", seed);
	if (!slice_eq(buf_slice(&again), bytes))
		fail_msg("seed %u: %u bytes, not %zu", seed, again.n, bytes.n);
	buf_free(&again);
	buf_free(&verdicts);
}

/* Observed by k, in any order, and merged two by two until one is left. */
static void
split_and_merge(struct bench *b, struct many *all, struct slice bytes, struct slice judged,
    unsigned seed)
{
	struct classifier part[PARTS];
	unsigned k = 2 + roll(all, PARTS - 1), order[MESSAGES], of[MESSAGES];
	bool day_wise = roll(all, 2);

	for (unsigned i = 0; i < k; i++)
		part_open(&part[i], b, i);
	for (unsigned i = 0; i < all->n; i++) {
		unsigned at = roll(all, i + 1);

		order[i] = order[at];
		order[at] = i;
	}
	for (unsigned i = 0; i < all->n; i++)	/* cuts in time, or anywhere */
		of[i] = day_wise ? (unsigned)(all->m[i].ts / 40000) % k : roll(all, k);
	for (unsigned i = 0; i < all->n; i++)
		see(&part[of[order[i]]], &all->m[order[i]]);
	for (; k > 1; k--) {
		unsigned into = roll(all, k), from = roll(all, k - 1);
		struct classifier last;

		from += from >= into;
		if (roll(all, 2))
			merge_direct(&part[into], &part[from], roll(all, 6));
		else
			merge_bytes(&part[into], &part[from]);
		part_close(&part[from]);
		last = part[k - 1];
		if (from < k - 1)
			part[from] = last;
	}
	assert_same(&part[0], bytes, judged, seed);
	part_close(&part[0]);
}

static void
test_law(void **state)
{
	static struct many all;
	struct bench b;

	(void)state;
	bench_open(&b);
	for (unsigned seed = 1; seed <= SEEDS; seed++) {
		struct classifier one, copy;
		struct buf bytes = { 0 }, judged = { 0 };

		make_messages(&all, seed, seed % 2 ? MESSAGES : 100);
		b.most = seed % 3 ? 0 : seed % 2 ? 40 : 9;
		for (unsigned i = 0; i < all.n && b.most > 0; i++)
			if (all.m[i].flags & MF_SASL_FAIL)	/* see state_limit.h */
				all.m[i].account = SLICE_NONE;
		part_open(&one, &b, 0);
		for (unsigned i = 0; i < all.n; i++)
			see(&one, &all.m[i]);
		limit(&one);
		assert_true((one.state.halvings > 0) == (b.most > 0));
		state_pack(&one, &bytes);
		judge_all(&one, &judged);
		part_open(&copy, &b, 3);
		merge_bytes(&copy, &one);
		assert_same(&copy, buf_slice(&bytes), buf_slice(&judged), seed);
		part_close(&copy);
		part_close(&one);
		for (unsigned i = 0; i < 4; i++)
			split_and_merge(&b, &all, buf_slice(&bytes), buf_slice(&judged), seed);
		buf_free(&bytes);
		buf_free(&judged);
	}
	ruleset_free(&b.rules);
}

/* Did the messages reach what is hard? */
static void
test_reach(void **state)
{
	static struct many all;
	unsigned estimated = 0, many = 0, large = 0, kinds = 0;
	struct classifier cl;
	struct bench b;

	(void)state;
	bench_open(&b);
	make_messages(&all, 1, MESSAGES);
	part_open(&cl, &b, 0);
	for (unsigned i = 0; i < all.n; i++)
		see(&cl, &all.m[i]);
	for (unsigned i = 0; i < cl.state.sides; i++)
		estimated += cl.state.side[i].set.estimated;
	for (unsigned i = 0; i < cl.state.helos; i++)
		many += cl.state.helo[i].hash == HELO_MANY;
	for (unsigned i = 0; i < cl.state.bags.owns; i++)
		large += cl.state.bags.own[i].n > BAG_ITEMS;
	for (unsigned i = 0; i < cl.state.sources; i++)
		kinds |= 1u << cl.state.source[i].kind;
	assert_int_equal(kinds, (1u << SOURCE_REST) - 1);
	assert_true(estimated > 0 && many > 0 && cl.state.helos > many);
	assert_true(large > 0 && cl.state.bags.owns > large && cl.state.bags.by_what.used > 10);
	part_close(&cl);
	ruleset_free(&b.rules);
}

/* A HELO of each day survives other days, in any order. */
static void
test_helos(void **state)
{
	static const unsigned day[] = { 0, 1, 2, 1, 0, 2 }, helo[] = { 1, 2, 3, 4, 1, 3 };
	static const uint64_t distinct[] = { 1, 2, 1 };
	static struct many all;
	struct bench b;

	(void)state;
	bench_open(&b);
	make_messages(&all, 1, 1);
	for (unsigned from = 0; from < COUNT(day); from++)
		for (unsigned step = 1; step <= 5; step += 4) {
			struct classifier cl;

			part_open(&cl, &b, 0);
			for (unsigned i = 0; i < COUNT(day); i++) {
				unsigned at = (from + i * step) % COUNT(day);
				struct message m = all.m[0];

				m.kind = MESSAGE_ATTEMPT;
				m.flags = MF_REJECTED;
				m.account = SLICE_NONE;
				m.ts = m.last_ts = DAY + day[at] * 86400;
				m.helo = slice_of(helos[helo[at]]);
				see(&cl, &m);
			}
			for (unsigned d = 0; d < COUNT(distinct); d++)
				assert_int_equal(state_helo_count(&cl.state, 0, DAY / 86400 + d),
				    distinct[d]);
			part_close(&cl);
		}
	ruleset_free(&b.rules);
}

static void
test_unknown_rule(void **state)
{
	static struct many all;
	struct bench b, poor;
	struct classifier cl, other;
	struct buf bytes = { 0 };
	struct problem p = { "" };

	(void)state;
	bench_open(&b);
	bench_open_some(&poor, false);
	part_open(&cl, &b, 0);
	part_open(&other, &poor, 0);
	make_messages(&all, 1, 100);
	for (unsigned i = 0; i < all.n; i++)
		see(&cl, &all.m[i]);
	state_pack(&cl, &bytes);
	assert_int_equal(state_unpack(&other, buf_slice(&bytes), &p), -1);
	assert_non_null(strstr(p.text, "no rule "));
	assert_int_equal(other.state.sources + other.state.signatures, 0);
	buf_free(&bytes);
	part_close(&cl);
	part_close(&other);
	ruleset_free(&b.rules);
	ruleset_free(&poor.rules);
}

static void
try_bytes(struct classifier *cl, struct slice bytes, struct slice before)
{
	struct problem p = { "" };
	struct buf out = { 0 };
	/* its own block, so that reads behind it are seen */
	char *copy = malloc(bytes.n ? bytes.n : 1);

	memcpy(copy, bytes.p, bytes.n);
	if (state_unpack(cl, (struct slice){ copy, bytes.n }, &p) == 0) {
		judge_all(cl, &out);
		state_free(&cl->state);
		assert_int_equal(state_unpack(cl, before, &p), 0);
	} else {
		state_pack(cl, &out);
		assert_true(slice_eq(buf_slice(&out), before) && p.text[0] != '\0');
	}
	buf_free(&out);
	free(copy);
}

static void
test_hostile(void **state)
{
	static struct many all;
	struct buf bytes = { 0 }, before = { 0 };
	struct classifier cl, other;
	struct bench b;

	(void)state;
	bench_open(&b);
	part_open(&cl, &b, 0);
	part_open(&other, &b, 1);
	make_messages(&all, 3, 16);
	for (unsigned i = 0; i < all.n; i++)
		see(i < 3 ? &other : &cl, &all.m[i]);
	state_pack(&cl, &bytes);
	state_pack(&other, &before);
	for (unsigned n = 0; n < bytes.n; n++)
		try_bytes(&other, (struct slice){ bytes.p, n }, buf_slice(&before));
	for (unsigned i = 0; i < bytes.n; i++)
		for (unsigned x = 1; x < 256; x = x << 1) {
			bytes.p[i] = (char)((uint8_t)bytes.p[i] ^ x);
			try_bytes(&other, buf_slice(&bytes), buf_slice(&before));
			bytes.p[i] = (char)((uint8_t)bytes.p[i] ^ x);
		}
	buf_free(&bytes);
	buf_free(&before);
	part_close(&cl);
	part_close(&other);
	ruleset_free(&b.rules);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reach),
		cmocka_unit_test(test_helos),
		cmocka_unit_test(test_law),
		cmocka_unit_test(test_unknown_rule),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
