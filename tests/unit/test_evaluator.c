/*
 * Which rules hit: the evaluator, with all that it leaves out and remembers, against every
 * condition of every rule looked at one by one. Rules and messages are made at random from a few
 * pieces, so that much fits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/buf.h"
#include "classify/evaluator.h"
#include "classify/pattern.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const piece[] = { "a", "bb", "pc", "mail", "x-1", "lan", "example", "com", "www",
	"localhost", "srs0", "bounce", "b", "7", "42", "dsl", "w", "owner-", "e", "q.r" };
static const char *const between[] = { ".", ".", ".", "-", "=", "+", "", "_" };
static const char *const suffix[] = { ".lan", "lan", "example.com", ".a", "b", ".", "com", "7",
	"mail.example.com", ".mail.example.com", "localhost", "..lan", "x-1.com", "Example.COM" };
static const char *const pattern[] = { "^a", "^(?:bb|pc)[0-9]", "x-", "-1$", "^.*lan", "l.n",
	"[0-9]{2}", "^[^.]+[.][^.]+$", "(?-i)MAIL", "=", "^$", "com$", "^srs[01]=", "^(?=.*=).*7",
	"[.+=_-]b", "^w(?:eb|ww)?$", "example|dsl", "^owner-", "bb?", "\\x2bb", "^(?!a)b", "$",
	"(?:a|e|i|o|u|7)-" };
static const char *const zone[] = { "zen.example", "zen.example", "bl.example.com", "a" };
static const char *const code[] = { "127.0.0.2", "127.0.0.4", "SBL", "127.0.0.2, 127.0.0.4", "" };
static const char *const flag[] = { "authenticated", "tls", "no-name", "accepted", "submission",
	"reject-dnsbl", "reject-relay", "spam", "ham", "helo-no-dot", "helo-is-name", "many-recipients" };

static uint64_t seed = 88172645463325252u;

static unsigned
dice(unsigned sides)
{
	seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
	return (unsigned)(seed >> 33) % sides;
}

#define ANY(array) (array)[dice(COUNT(array))]

static void
put_text(struct buf *b)
{
	unsigned n = dice(30) ? 1 + dice(4) : 5 + dice(30);

	for (unsigned i = 0; i < n; i++) {
		if (i > 0)
			buf_str(b, ANY(between));
		buf_str(b, ANY(piece));
	}
}

static void
put_quoted(struct buf *b, const char *text)
{
	buf_fmt(b, "'%s'", text);
}

static void
put_list(struct buf *b, const char *key, const char *const *of, unsigned n)
{
	buf_fmt(b, "%s: [", key);
	for (unsigned i = 0, k = 1 + dice(3); i < k; i++) {
		buf_str(b, i ? ", " : "");
		if (of != NULL) {
			put_quoted(b, of[dice(n)]);
			continue;
		}
		buf_chr(b, '\'');
		put_text(b);
		buf_chr(b, '\'');
	}
	buf_str(b, "]");
}

static void
put_condition(struct buf *b, unsigned text)
{
	if (text == TEXT_ZONE) {
		buf_str(b, "{");
		put_list(b, "zone", zone, COUNT(zone));
		buf_str(b, ", code: ['127.0.0.4', SBL]}");
		return;
	}
	buf_str(b, "{");
	switch (dice(5)) {
	case 0:
		put_list(b, "suffix", suffix, COUNT(suffix));
		break;
	case 1:
		put_list(b, "match", pattern, COUNT(pattern));
		break;
	case 2:
		put_list(b, "suffix", suffix, COUNT(suffix));
		buf_str(b, ", ");
		put_list(b, "match", pattern, COUNT(pattern));
		buf_str(b, ", ");
		put_list(b, "words", piece, COUNT(piece));
		break;
	case 3:
		put_list(b, "words", NULL, 0);
		break;
	default:
		put_list(b, "words", piece, COUNT(piece));
	}
	buf_str(b, "}");
}

static void
put_conditions(struct buf *b, const char *key, unsigned least)
{
	unsigned texts = least + dice(2), first = dice(TEXT_COUNT);
	bool is = dice(2) || texts == 0;

	buf_fmt(b, "    %s: {", key);
	if (is)
		buf_fmt(b, "is: [%s]", ANY(flag));
	for (unsigned i = 0; i < texts; i++) {
		unsigned t = (first + 5 * i) % TEXT_COUNT;

		buf_fmt(b, "%s%s: ", is || i ? ", " : "", fact_text_name(t));
		put_condition(b, t);
	}
	buf_str(b, "}\n");
}

static void
put_rules(struct buf *b, unsigned n)
{
	buf_str(b, "model:\n  damping: 250\n  posterior: 800\n  margin: 1099\n"
	    "  behaviour: 3500\n  ceiling: 990\n  ceiling_remote: 950\n"
	    "  groups: {g: {cap: 4000}}\n  prior:\n");
	for (unsigned s = 0; s < STAGES; s++) {
		buf_fmt(b, "    %s:\n", stage_name(s));
		for (unsigned d = 0; d < DIRECTIONS; d++)
			buf_fmt(b, "      %s: {zombie: 250, misconfigured: 250, "
			    "compromised: 250, other: 250}\n", direction_name(d));
	}
	buf_str(b, "rules:\n");
	for (unsigned i = 0; i < n; i++) {
		buf_fmt(b, "  - id: R%u\n    group: g\n    says: s\n    note: n\n"
		    "    forgeable: N\n    weight: {zombie: 700}\n"
		    "    examples: {hit: [a], miss: [b]}\n", i);
		if (dice(8) == 0)
			buf_fmt(b, "    valid: {%s: 2020-0%u-01}\n", dice(2) ? "from" : "until",
			    1 + dice(9));
		put_conditions(b, "when", dice(5) ? 1 : 0);
		if (dice(2))
			put_conditions(b, "unless", dice(2));
	}
}

/* Text at random, or nothing; in either case. */
static struct slice
some_text(struct buf *b, unsigned of)
{
	size_t from = b->n;

	if (dice(of) == 0)
		return SLICE_NONE;
	put_text(b);
	for (size_t i = from; i < b->n; i++)
		if (dice(12) == 0 && b->p[i] >= 'a' && b->p[i] <= 'z')
			b->p[i] = (char)(b->p[i] - 32);
	return (struct slice){ b->p + from, b->n - from };
}

static void
some_message(struct message *m, struct buf *b)
{
	size_t from;

	b->n = 0;
	buf_room(b, 1 << 16);	/* texts stay where they are */
	message_clear(m);
	m->kind = dice(3) ? MESSAGE_ATTEMPT : MESSAGE_MAIL;
	m->flags = (uint32_t)dice(1 << 11) & (dice(2) ? 0u : ~0u);
	m->flags |= dice(2) ? MF_REJECTED : 0;
	m->flags |= dice(6) ? 0 : MF_POSTSCREEN;
	m->reason = (uint8_t)dice(4);
	m->local_port = dice(4) ? 25 : 587;
	m->recipients = dice(30);
	m->verdict = (uint8_t)dice(3);
	m->client_name = some_text(b, 3);
	m->unverified = some_text(b, 3);
	m->helo = dice(5) ? some_text(b, 4) : m->client_name;
	from = b->n;
	if (dice(5)) {
		some_text(b, 5);
		if (dice(8))
			buf_chr(b, '@');
		some_text(b, 5);
		m->sender = (struct slice){ b->p + from, b->n - from };
	}
	m->account = some_text(b, 2);
	m->user = some_text(b, 2);
	m->cwd = some_text(b, 2);
	m->reply = some_text(b, 2);
	m->zone = dice(2) ? slice_of(ANY(zone)) : SLICE_NONE;
	m->code = slice_of(ANY(code));
	m->replies = dice(3);
	for (unsigned i = 0; i < m->replies; i++)
		m->failed[i] = (struct failed_reply){ .text = some_text(b, 4), .remote = dice(2) };
	from = b->n;
	for (unsigned i = dice(4); i > 0; i--)
		buf_fmt(b, "%s%s%s", ANY(piece), dice(4) ? "" : "=1.5", i > 1 ? ", " : "");
	m->tests = (struct slice){ b->p + from, b->n - from };
}

static bool
fits(const struct atom *a, struct slice text)
{
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	bool fit = false;

	for (unsigned i = 0; i < a->words; i++)
		fit |= slice_eq_nocase(text, a->word[i]);
	for (unsigned i = 0; i < a->suffixes; i++) {
		struct slice s = a->suffix[i];

		fit |= slice_ends_nocase(text, s) && (text.n == s.n || s.p[0] == '.' ||
		    text.p[text.n - s.n - 1] == '.');
	}
	for (unsigned i = 0; i < a->patterns; i++)
		fit |= pcre2_match(a->pattern[i]->code, (PCRE2_SPTR)text.p, text.n, 0, 0, data,
		    NULL) >= 0;
	pcre2_match_data_free(data);
	return fit && text.n > 0;
}

static bool
fits_zone(const struct atom *a, struct slice zone_name, struct slice answer)
{
	bool in = false, said = false;

	for (unsigned i = 0; i < a->suffixes; i++) {
		struct atom one = { .suffix = &a->suffix[i], .suffixes = 1 };

		in |= fits(&one, zone_name);
	}
	for (unsigned i = 0; i < a->words; i++)
		said |= slice_eq(answer, a->word[i]) ||
		    (slice_str(answer, SLICE(", ")) && slice_str(answer, a->word[i]));
	return in && said;
}

static bool
fits_tests(const struct atom *a, struct slice tests)
{
	bool fit = false;

	while (tests.n > 0) {
		struct slice one = tests;
		const char *comma = slice_chr(tests, ','), *equal;

		if (comma != NULL)
			one = slice_range(tests.p, comma);
		tests = comma ? slice_range(comma + 1, slice_end(tests)) : SLICE_NONE;
		if ((equal = slice_chr(one, '=')) != NULL)
			one = slice_range(one.p, equal);
		while (one.n > 0 && one.p[0] == ' ')
			one = slice_skip(one, 1);
		fit |= fits(a, one);
	}
	return fit;
}

static bool
text_holds(const struct atom *a, const struct message *m)
{
	const char *at = slice_rchr(m->sender, '@');
	struct slice local = at ? slice_range(m->sender.p, at) : m->sender;
	struct slice domain = at ? slice_range(at + 1, slice_end(m->sender)) : SLICE_NONE;
	bool bot = m->flags & MF_POSTSCREEN, fit = false;
	const struct slice of[TEXT_COUNT] = {
		[TEXT_NAME] = m->client_name.n ? m->client_name : m->unverified,
		[TEXT_HELO] = m->helo, [TEXT_SENDER] = bot ? SLICE_NONE : m->sender,
		[TEXT_SENDER_LOCAL] = bot ? SLICE_NONE : local,
		[TEXT_SENDER_DOMAIN] = bot ? SLICE_NONE : domain, [TEXT_ACCOUNT] = m->account,
		[TEXT_USER] = m->user, [TEXT_CWD] = m->cwd,
		[TEXT_REPLY] = m->reason == REJECT_OTHER || m->reason == REJECT_CONTENT ?
		    m->reply : SLICE_NONE,
	};

	switch (a->text) {
	case TEXT_ZONE:
		return fits_zone(a, m->zone, m->code);
	case TEXT_TEST:
		return fits_tests(a, m->tests);
	case TEXT_REMOTE_REPLY:
		for (unsigned i = 0; i < m->replies; i++)
			fit |= m->failed[i].remote && fits(a, m->failed[i].text);
		return fit;
	default:
		return fits(a, of[a->text]);
	}
}

static bool
holds(const struct atom *a, const struct facts *f, const struct message *m)
{
	bool any = false;

	if (atom_is_text(a))
		return text_holds(a, m);
	for (unsigned i = 0; i < FLAG_COUNT; i++)
		any |= facts_is(f, (enum fact_flag)i) && (a->kind == ATOM_FLAG ? a->flag == i :
		    (a->flags[i / 64] >> i % 64 & 1));
	return any;
}

static bool
rule_hits(const struct ruleset *rs, const struct rule *r, const struct facts *f, int64_t ts)
{
	bool hit = ts >= r->from && ts < r->until;

	for (unsigned i = 0; i < r->alls; i++)
		hit &= holds(&rs->atom[r->all[i]], f, f->message);
	for (unsigned i = 0; i < r->nones; i++)
		hit &= !holds(&rs->atom[r->none[i]], f, f->message);
	return hit;
}

static void
compare(const struct ruleset *rs, struct evaluator *e, struct buf *b, unsigned *hits)
{
	static const struct own own;
	struct message m;
	struct facts f, same;
	int64_t ts = 1577836800 + (int64_t)dice(366) * 86400;	/* 2020 */
	const struct hits *h;
	uint32_t k = 0;

	some_message(&m, b);
	facts_of_message(&m, &own, SLICE("mx"), &f);
	same = f;
	h = evaluator_get(e, evaluator_hits(e, &same, ts));
	for (unsigned i = 0; i < rs->rules; i++) {
		bool hit = k < h->n && h->rule[k] == i;

		if (rule_hits(rs, &rs->rule[i], &f, ts) != hit)
			fail_msg("%.*s %s; name %.*s helo %.*s sender %.*s tests %.*s",
			    SLICE_ARG(rs->rule[i].id), hit ? "hits" : "does not hit",
			    SLICE_ARG(m.client_name), SLICE_ARG(m.helo), SLICE_ARG(m.sender),
			    SLICE_ARG(m.tests));
		k += hit;
	}
	*hits += h->n;
}

static void
test_against_every_condition(void **state)
{
	struct buf text = { 0 }, b = { 0 };
	unsigned total = 0;

	(void)state;
	for (unsigned round = 0; round < 12; round++) {
		struct ruleset rs = { 0 };
		struct problem p = { "" };
		struct evaluator *e;
		unsigned hits = 0;

		text.n = 0;
		put_rules(&text, 5 + 20 * round);
		if (ruleset_add(&rs, "f", buf_slice(&text), &p) == -1)
			fail_msg("%s", p.text);
		assert_int_equal(0, ruleset_finish(&rs, &p));
		e = evaluator_open(&rs);
		for (unsigned i = 0; i < 400; i++)
			compare(&rs, e, &b, &hits);
		total += hits;
		evaluator_close(e);
		ruleset_free(&rs);
	}
	assert_true(total > 5000);
	buf_free(&text);
	buf_free(&b);
}

/* What is remembered of signs by a hash is what their facts say. */
static void
test_signs(void **state)
{
	struct buf text = { 0 };
	struct ruleset rs = { 0 };
	struct problem p = { "" };
	struct evaluator *e;

	(void)state;
	put_rules(&text, 200);
	assert_int_equal(0, ruleset_add(&rs, "f", buf_slice(&text), &p));
	assert_int_equal(0, ruleset_finish(&rs, &p));
	e = evaluator_open(&rs);
	for (unsigned i = 0; i < 5000; i++) {
		struct message m;
		struct facts f;

		message_clear(&m);
		m.kind = MESSAGE_SIGN;
		m.ts = 1577836800 + (int64_t)dice(366) * 86400;
		m.flags = (uint32_t)dice(1 << 11) & (dice(2) ? MF_SASL_FAIL : ~0u);
		m.zone = dice(2) ? slice_of(ANY(zone)) : SLICE_NONE;
		m.code = slice_of(ANY(code));
		facts_of_sign(&m, &f);
		assert_int_equal(evaluator_sign(e, &m), evaluator_hits(e, &f, m.ts));
	}
	evaluator_close(e);
	ruleset_free(&rs);
	buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_every_condition),
		cmocka_unit_test(test_signs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
