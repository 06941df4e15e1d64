/*
 * What changes the match hash of the rules, what the judge hash, what neither: a small rule file
 * with one thing in it replaced.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/buf.h"
#include "classify/rule_hash.h"
#include "cli/builtin_rules.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char rules_text[] =
    "names:\n"
    "  dynamic: {note: n, words: [dyn, pool]}\n"
    "  provider: {note: n, words: [mout.gmx.net, mail-*.google.com]}\n"
    "rules:\n"
    "  - id: E1\n    group: g\n    says: it says\n    note: a note\n    forgeable: N\n"
    "    valid: {from: 2020-01-01, until: 2025-01-16}\n    spam_by: dnsbl\n"
    "    when: {is: [relayed], any: [spam, ham],\n"
    "      helo: {words: [one, two], suffix: [.lan], match: ['^pc[0-9]+$']},\n"
    "      dnsbl: {zone: [zen.example], code: [127.0.0.4]}}\n"
    "    unless: {is: [tls], sender_domain: [bad.example]}\n"
    "    weight: {zombie: 700}\n"
    "    examples: {hit: ['a line'], miss: ['another']}\n"
    "  - id: S1\n    group: g\n    says: it counts\n    note: a note\n    forgeable: N\n"
    "    unit: client\n    counts: {messages: {min: 2}}\n    weight: {zombie: 100}\n"
    "    examples: {hit: [{messages: 2}], miss: [{messages: 1}]}\n"
    "lines:\n"
    "  - id: L1\n    says: milter\n    program: [m1, m2]\n    literal: ' told '\n"
    "    match: '(?<qid>.*) told (?<score>.*)'\n    event: verdict\n    spam: true\n"
    "    queue: postfix\n    examples: {hit: [line one], miss: [line two]}\n"
    "  - id: L2\n    says: gate\n    program: g\n    literal: ' shut '\n"
    "    match: '(?<qid>.*) shut (?<client>.*)'\n    event: reject\n    reason: dnsbl\n"
    "    action: refused\n    phase: connect\n"
    "    examples: {hit: [line three], miss: [line four]}\n";

enum { MATCH = 1, JUDGE = 2 };

static const struct change {
	const char *from, *to;
	int what;		/* hashes that are others then */
} changes[] = {
	{ "dyn, pool", "dyn, pools", MATCH },
	{ "dyn, pool", "dyn", MATCH },
	{ "  dynamic:", "  mobile:", MATCH },
	{ "mout.gmx.net", "mout.gmx.de", MATCH },
	{ "mail-*", "smtp-*", MATCH },
	{ "id: E1", "id: E2", MATCH | JUDGE },
	{ "id: S1", "id: S2", MATCH | JUDGE },
	{ "2020-01-01", "2020-01-02", MATCH },
	{ "2025-01-16", "2025-01-17", MATCH },
	{ ", until: 2025-01-16", "", MATCH },
	{ "spam_by: dnsbl", "spam_by: content", MATCH },
	{ "is: [relayed]", "is: [accepted]", MATCH },
	{ "is: [relayed]", "is: [relayed, accepted]", MATCH },
	{ "any: [spam, ham]", "any: [spam]", MATCH },
	{ "is: [relayed], any: [spam, ham]", "is: [relayed, spam, ham]", MATCH },
	{ "helo: {words", "account: {words", MATCH },
	{ "[one, two]", "[one, three]", MATCH },
	{ "[one, two]", "[onet, wo]", MATCH },
	{ "words: [one, two], suffix: [.lan]", "words: [one], suffix: [two, .lan]", MATCH },
	{ ".lan", ".local", MATCH },
	{ "^pc[0-9]+$", "^pc[0-9]+", MATCH },
	{ "['^pc[0-9]+$']", "['^pc[0-9]+$', x]", MATCH },
	{ "zen.example", "zen2.example", MATCH },
	{ "127.0.0.4", "127.0.0.5", MATCH },
	{ "zone: [zen.example], code: [127.0.0.4]", "zone: [zen.example]", MATCH },
	{ "unless: {is: [tls], ", "unless: {", MATCH },
	{ "is: [tls]", "is: [bounce]", MATCH },
	{ "bad.example", "worse.example", MATCH },
	{ "weight: {zombie: 700}", "weight: {zombie: 701}", JUDGE },
	{ "weight: {zombie: 700}", "weight: {compromised: 700}", JUDGE },
	{ "it says", "it tells", JUDGE },
	{ "{min: 2}}", "{min: 3}}", JUDGE },
	{ "counts: {messages:", "counts: {recipients:", JUDGE },
	{ "unit: client", "unit: account", JUDGE },
	{ "forgeable: N\n    valid", "anchor: true\n    forgeable: N\n    valid", JUDGE },
	{ "cap: 4000", "cap: 4001", JUDGE },
	{ "posterior: 800", "posterior: 801", JUDGE },
	{ "a note\n    forgeable: N\n    valid", "more\n    forgeable: N\n    valid", 0 },
	{ "a line", "a longer line", 0 },
	{ "id: L1", "id: L3", MATCH },
	{ "[m1, m2]", "[m1]", MATCH },
	{ "[m1, m2]", "m1m2", MATCH },
	{ "' told '", "'told '", MATCH },
	{ "(?<score>.*)", "(?<tests>.*)", MATCH },
	{ "spam: true", "spam: false", MATCH },
	{ "    queue: postfix\n", "", MATCH },
	{ "reason: dnsbl", "reason: relay", MATCH },
	{ "action: refused", "action: held", MATCH },
	{ "phase: connect", "phase: content", MATCH },
	{ "says: milter", "says: filter", 0 },
	{ "line one", "line five", 0 },
	{ "dyn, pool", "pool, dyn", 0 },
};

static void
put_model(struct buf *b)
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
}

/* The two hashes of the rules with the first `from` replaced; NULL: as they are. */
static void
load(const char *from, const char *to, uint64_t hash_r[2])
{
	struct buf b = { 0 }, changed = { 0 };
	struct ruleset rs = { 0 };
	struct problem p = { "" };
	struct slice text;

	put_model(&b);
	buf_str(&b, rules_text);
	text = buf_slice(&b);
	if (from != NULL) {
		const char *at = slice_str(text, slice_of(from));

		assert_non_null(at);
		buf_add(&changed, slice_range(text.p, at));
		buf_str(&changed, to);
		buf_add(&changed, slice_range(at + strlen(from), slice_end(text)));
		text = buf_slice(&changed);
	}
	if (ruleset_add(&rs, "f", text, &p) == -1 || ruleset_finish(&rs, &p) == -1)
		fail_msg("%s to %s: %s", from ? from : "", to ? to : "", p.text);
	hash_r[0] = rs.match_hash;
	hash_r[1] = rs.judge_hash;
	ruleset_free(&rs);
	buf_free(&b);
	buf_free(&changed);
}

static void
test_rules(void **state)
{
	uint64_t base[2], again[2];
	uint64_t seen[COUNT(changes)];

	(void)state;
	load(NULL, NULL, base);
	load(NULL, NULL, again);
	assert_memory_equal(base, again, sizeof(base));
	for (size_t i = 0; i < COUNT(changes); i++) {
		const struct change *c = &changes[i];
		uint64_t h[2];
		int what;

		load(c->from, c->to, h);
		what = (h[0] != base[0] ? MATCH : 0) | (h[1] != base[1] ? JUDGE : 0);
		if (what != c->what)
			fail_msg("%s to %s: changed %d, not %d", c->from, c->to, what, c->what);
		seen[i] = h[0];
		for (size_t k = 0; k < i && (what & MATCH); k++)
			assert_true(seen[k] != h[0]);
	}
}

/* The rules that are compiled in, and the same as files: what one made, the other may merge. */
static void
test_shipped(void **state)
{
	struct ruleset packed = { 0 }, read = { 0 };
	struct problem p = { "" };
	char *text = mem_alloc(YAML_BYTES_MAX);

	(void)state;
	for (const struct builtin_rule_file *f = builtin_rules; f->name != NULL; f++) {
		FILE *in = fopen(f->name, "rb");
		size_t n;

		assert_non_null(in);
		n = fread(text, 1, YAML_BYTES_MAX, in);
		fclose(in);
		assert_int_equal(ruleset_add_packed(&packed, f->name, f->packed, &p), 0);
		assert_int_equal(ruleset_add(&read, "x", (struct slice){ text, n }, &p), 0);
	}
	assert_int_equal(ruleset_finish(&packed, &p), 0);
	assert_int_equal(ruleset_finish(&read, &p), 0);
	assert_true(packed.rules > 0 && packed.match_hash == read.match_hash);
	assert_true(packed.judge_hash == read.judge_hash);
	ruleset_free(&packed);
	ruleset_free(&read);
	free(text);
}

struct own_texts {
	const char *network[2], *domain[2], *host, *shared, *forwarder, *forwarder_network;
	const char *trusted;
};

static uint64_t
own_hash(const struct own_texts *t)
{
	struct slice domain[2], host = slice_of(t->host), forwarder = slice_of(t->forwarder);
	struct slice trusted = slice_of(t->trusted);
	struct own own = { .domain = domain, .domains = 2, .host = &host, .hosts = 1,
		.forwarder = &forwarder, .forwarders = 1, .trusted_host = &trusted,
		.trusted_hosts = 1 };
	struct prefix net;
	uint64_t h;

	for (int i = 0; i < 2; i++) {
		domain[i] = slice_of(t->domain[i]);
		assert_int_equal(prefix_parse(slice_of(t->network[i]), &net, NULL), 0);
		prefix_set_add(&own.networks, &net);
	}
	assert_int_equal(prefix_parse(slice_of(t->shared), &net, NULL), 0);
	prefix_set_add(&own.shared, &net);
	assert_int_equal(prefix_parse(slice_of(t->forwarder_network), &net, NULL), 0);
	prefix_set_add(&own.forwarder_networks, &net);
	h = rule_match_hash_with(7, &own);
	assert_true(h != rule_match_hash_with(8, &own));
	prefix_set_free(&own.networks);
	prefix_set_free(&own.shared);
	prefix_set_free(&own.forwarder_networks);
	return h;
}

static void
test_own(void **state)
{
	static const struct own_texts base = { { "10.0.0.0/8", "192.0.2.0/24" },
		{ "a.example", "b.example" }, "mx", "198.51.100.1", "f.example", "203.0.113.0/24",
		"t.example" };
	struct own_texts same[3] = { base, base, base }, other[8];
	struct own none = { 0 };
	uint64_t h = own_hash(&base);

	(void)state;
	same[0].network[0] = base.network[1];
	same[0].network[1] = base.network[0];
	same[1].domain[0] = "B.example";
	same[1].domain[1] = "A.Example";
	same[2].trusted = "u.example";
	for (size_t i = 0; i < COUNT(same); i++)
		assert_true(own_hash(&same[i]) == h);
	for (size_t i = 0; i < COUNT(other); i++)
		other[i] = base;
	other[0].network[0] = "10.0.0.0/9";
	other[1].domain[1] = "c.example";
	other[2].host = "mx2";
	other[3].shared = "198.51.100.2";
	other[4].forwarder = "g.example";
	other[5].forwarder_network = "203.0.113.0/25";
	other[6].shared = base.forwarder_network;
	other[6].forwarder_network = base.shared;
	other[7].host = base.forwarder;
	other[7].forwarder = base.host;
	for (size_t i = 0; i < COUNT(other); i++)
		assert_true(own_hash(&other[i]) != h);
	assert_true(rule_match_hash_with(7, &none) != h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_shipped),
		cmocka_unit_test(test_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
