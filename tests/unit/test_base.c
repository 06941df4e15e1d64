/* base/: slices, addresses, arena, table, set, buf, domain, problem. Time: test_utc.c. */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/domain.h"
#include "base/set.h"
#include "base/table.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static uint64_t
random_next(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x * 0x2545f4914f6cdd1du;
}

static void
test_slice(void **state)
{
	struct slice s = SLICE("Received: from a; from b"), rest = s, none = SLICE_NONE;
	uint64_t v;

	(void)state;
	assert_true(slice_take(&rest, SLICE("Received: ")));
	assert_false(slice_take(&rest, SLICE("by ")));
	assert_int_equal(slice_str(s, SLICE("from")) - s.p, 10);
	assert_int_equal(slice_rstr(s, SLICE("from")) - s.p, 18);
	assert_null(slice_str(s, SLICE("FROM")));
	assert_int_equal(slice_str_nocase(s, SLICE("FROM B")) - s.p, 18);
	assert_null(slice_rstr(s, SLICE("from c")));
	assert_int_equal(slice_rchr(s, ' ') - s.p, 22);
	assert_true(slice_ends_nocase(s, SLICE("FROM B")));
	assert_false(slice_ends_nocase(SLICE("b"), s));
	assert_int_equal(slice_skip(s, 999).n, 0);
	assert_int_equal(slice_first(s, 999).n, s.n);
	assert_true(slice_cmp(SLICE("a"), SLICE("ab")) < 0);
	assert_true(slice_cmp(SLICE("\xff"), SLICE("a")) > 0);
	assert_int_equal(slice_cmp(none, SLICE("")), 0);
	/* a slice without bytes may have no pointer either */
	assert_true(slice_eq(none, SLICE("")) && slice_starts(none, none) && slice_ends(s, none));
	assert_false(slice_starts(none, s) || slice_ends(none, s));
	assert_null(slice_chr(none, 'a'));
	assert_null(slice_rchr(none, 'a'));
	assert_null(slice_str(none, s));
	assert_int_equal(slice_skip(none, 1).n + slice_first(none, 1).n, 0);
	assert_false(slice_u64(none, 10, &v));
	assert_true(slice_u64(SLICE("18446744073709551615"), UINT64_MAX, &v) && v == UINT64_MAX);
	assert_false(slice_u64(SLICE("18446744073709551616"), UINT64_MAX, &v));
	assert_true(slice_u64(SLICE("0010"), 10, &v) && v == 10);
	assert_false(slice_u64(SLICE("11"), 10, &v) || slice_u64(SLICE("-1"), 10, &v) ||
	    slice_u64(SLICE("1 "), 10, &v));
}

static void
test_addr(void **state)
{
	static const char *const pairs[][2] = {
		{ "192.0.2.1", "192.0.2.1" }, { "::ffff:192.0.2.1", "192.0.2.1" },
		{ "IPv6:2001:DB8::1", "2001:db8::1" }, { "::", "::" }, { "0.0.0.0", "0.0.0.0" },
		{ "255.255.255.255", "255.255.255.255" }, { "fe80::1", "fe80::1" },
	};
	static const char *const bad[] = { "", "1", "1.2.3", "1.2.3.256", "1.2.3.4.5", "1.2.3.4 ",
		" 1.2.3.4", "1..2.3", "1.2.3.", "0001.2.3.4", "1.2.3.a", ":", "1::2::3",
		"fe80::1%eth0",
		"2001:db8::12345", "[::1]", "1.2.3.4:25", "IPv6:", "IPv6:1.2.3.4" };
	static const char *const inside[] = { "10.1.1.1", "127.0.0.1", "172.16.0.1",
		"172.31.255.255",
		"192.168.9.9", "169.254.1.1", "100.64.0.1", "100.127.0.1", "0.1.2.3", "::", "::1",
		"fd00::1", "fe80::1", "febf::1" };
	static const char *const outside[] = { "8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1",
		"100.128.0.1", "192.167.1.1", "2001:db8::1", "2a00::1" };
	char text[ADDR_TEXT + 4];
	struct addr a, b;

	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		assert_true(addr_parse(slice_of(pairs[i][0]), &a));
		addr_format(&a, text);
		assert_string_equal(text, pairs[i][1]);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(addr_parse(slice_of(bad[i]), &a));
	for (size_t i = 0; i < COUNT(inside); i++)
		assert_true(addr_parse(slice_of(inside[i]), &a) && !addr_is_public(&a));
	for (size_t i = 0; i < COUNT(outside); i++)
		assert_true(addr_parse(slice_of(outside[i]), &a) && addr_is_public(&a));
	assert_true(addr_parse(SLICE("203.0.113.9"), &a));
	b = addr_of_key(addr_key(&a));
	assert_memory_equal(&a, &b, sizeof(a));
	assert_int_equal(addr_v4(&a), 0xcb007109);
	a = addr_of_key(addr_network(addr_key(&a)));
	addr_format(&a, text);
	assert_string_equal(text, "203.0.113.0");
	assert_true(addr_parse(SLICE("2001:db8:1:2:3::4"), &a));
	addr_key_format(addr_key(&a), text);
	assert_string_equal(text, "2001:db8:1:2::/64");
	addr_key_format(addr_network(addr_key(&a)), text);
	assert_string_equal(text, "2001:db8:1::/64");
}

static void
test_prefix(void **state)
{
	static const char *const bad[] = { "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10/8",
		"::/129",
		"2001:db8::1/64", "10.0.0.0/8x", "10.0.0.0/-1" };
	struct prefix_set set = { 0 };
	struct prefix net;
	struct problem p = { "" };
	struct addr a;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(prefix_parse(slice_of(bad[i]), &net, &p), -1);
	assert_true(p.text[0] != '\0');
	for (unsigned bits = 0; bits <= 32; bits++) {
		uint32_t v = bits ? 0xcb007109u >> (32 - bits) << (32 - bits) : 0;
		char text[32];

		snprintf(text, sizeof(text), "%u.%u.%u.%u/%u", v >> 24, v >> 16 & 255, v >> 8 & 255,
		    v & 255, bits);
		assert_int_equal(prefix_parse(slice_of(text), &net, &p), 0);
		assert_true(addr_parse(SLICE("203.0.113.9"), &a) && prefix_contains(&net, &a));
		if (bits > 0) {		/* the last bit inside, turned, leads out */
			a.b[12 + (bits - 1) / 8] ^= (uint8_t)(0x80 >> (bits - 1) % 8);
			assert_false(prefix_contains(&net, &a));
		}
	}
	assert_int_equal(prefix_parse(SLICE("2001:db8::/32"), &net, &p), 0);
	prefix_set_add(&set, &net);
	assert_true(addr_parse(SLICE("2001:db8:ffff::1"), &a) && prefix_set_contains(&set, &a));
	assert_true(addr_parse(SLICE("2001:db9::1"), &a) && !prefix_set_contains(&set, &a));
	prefix_set_free(&set);
	assert_false(prefix_set_contains(&set, &a));
}

static void
test_arena(void **state)
{
	static const size_t sizes[] = { 0, 1, 7, 8, 9, 1000, 16383, 16385, 65535, 65536,
		65537, 200001 };
	struct arena a = { 0 };
	struct { unsigned char *p; size_t n; } got[400];

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < COUNT(got); i++) {
			got[i].n = sizes[i * 7 % COUNT(sizes)] + i % 3;
			if (i % 2) {
				struct slice s = { "x", got[i].n > 0 };

				s = arena_copy(&a, s);

				assert_int_equal(s.p[s.n], '\0');
			}
			got[i].p = arena_alloc(&a, got[i].n);
			assert_int_equal((uintptr_t)got[i].p % 8, 0);
			for (size_t k = 0; k < got[i].n; k++)
				assert_true(got[i].p[k] == 0);
			memset(got[i].p, (int)(i & 255), got[i].n);
		}
		for (size_t i = 0; i < COUNT(got); i++)		/* nobody wrote over another */
			for (size_t k = 0; k < got[i].n; k++)
				assert_true(got[i].p[k] == (i & 255));
		assert_int_equal(arena_copy(&a, SLICE_NONE).n, 0);
		arena_free(&a);
		assert_int_equal(a.total, 0);
	}
}

enum { KEYS = 600 };

static uint64_t
poor_hash(unsigned key)			/* long chains that wrap, and equal hashes */
{
	return (uint64_t)(key % 37 + (key % 5 ? 0xffffffe0u : 0)) << 32 | key;
}

static bool
holds(const struct table *t, uint64_t hash, uint32_t index)
{
	uint32_t i, at;

	for (i = table_first(t, hash, &at); i != TABLE_NONE; i = table_next(t, hash, &at))
		if (i == index)
			return true;
	return false;
}

static void
table_model(uint64_t (*hash)(unsigned))
{
	struct table t = { 0 };
	uint32_t index_of[KEYS];	/* the model: TABLE_NONE when absent */
	uint64_t x = 42;
	unsigned used = 0;

	memset(index_of, 0xff, sizeof(index_of));
	assert_false(holds(&t, hash(1), 1));
	for (int step = 0; step < 40000; step++) {
		unsigned key = (unsigned)(random_next(&x) >> 33) % KEYS;

		if (index_of[key] == TABLE_NONE) {
			index_of[key] = key;
			table_add(&t, hash(key), key);
			used++;
		} else if (step % 3) {
			table_remove(&t, hash(key), index_of[key]);
			index_of[key] = TABLE_NONE;
			used--;
		} else {
			uint32_t to = index_of[key] ^ 0x10000;

			table_remove(&t, hash(key), index_of[key]);
			table_add(&t, hash(key), to);
			index_of[key] = to;
		}
		assert_int_equal(t.used, used);
		for (unsigned k = step % 64 ? key : 0; k < (step % 64 ? key + 1 : KEYS); k++) {
			assert_int_equal(holds(&t, hash(k), k), index_of[k] == k);
			assert_int_equal(holds(&t, hash(k), k ^ 0x10000),
			    index_of[k] == (k ^ 0x10000));
		}
	}
	table_free(&t);
}

static uint64_t
good_hash(unsigned key)
{
	return hash_u64(key, 1);
}

static void
test_table(void **state)
{
	(void)state;
	table_model(poor_hash);
	table_model(good_hash);
	assert_true(hash_fixed(SLICE("a"), 0) == hash_fixed(SLICE("a"), 0));
	assert_true(hash_fixed(SLICE("a"), 0) != hash_fixed(SLICE("a"), 1));
	assert_true(hash_bytes(SLICE_NONE, 1) != hash_bytes(SLICE_NONE, 2));
}

static void
assert_sets_equal(const struct set *a, const struct set *b)
{
	assert_int_equal(a->estimated, b->estimated);
	assert_int_equal(set_count(a), set_count(b));
	assert_int_equal(a->n, b->n);
	if (a->estimated)
		assert_memory_equal(a->item, b->item, 256);
	else if (a->n)
		assert_memory_equal(set_items(a), set_items(b), a->n * sizeof(*a->item));
}

static void
test_set_order(void **state)
{
	static const unsigned sizes[] = { 0, 1, 64, 127, 128, 129, 130, 500, 3000 };

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct set up = { 0 }, down = { 0 }, part[4] = { { .n = 0 } }, joined = { 0 };
		unsigned n = sizes[i];

		for (unsigned k = 0; k < n; k++) {
			set_add(&up, hash_fixed(slice_of("x"), k));
			set_add(&down, hash_fixed(slice_of("x"), n - 1 - k));
			set_add(&down, hash_fixed(slice_of("x"), n - 1));
			set_add(&part[k % 7 % 4], hash_fixed(slice_of("x"), k));
			set_add(&part[k % 3], hash_fixed(slice_of("x"), k));
		}
		assert_sets_equal(&up, &down);
		for (unsigned k = 0; k < 4; k++)
			set_unite(&joined, &part[3 - k]);
		assert_sets_equal(&up, &joined);
		set_unite(&up, &joined);
		assert_sets_equal(&up, &joined);
		set_unite(&part[0], &up);
		assert_sets_equal(&part[0], &up);
		assert_int_equal(set_has(&up, hash_fixed(slice_of("x"), 0)),
		    n > 0 && n <= SET_EXACT);
		if (n <= SET_EXACT)
			assert_int_equal(set_count(&up), n);
		set_free(&up), set_free(&down), set_free(&joined);
		for (unsigned k = 0; k < 4; k++)
			set_free(&part[k]);
	}
}

/* The mean of 40 sets lies within 5 %: the estimate has no bias worth speaking of. */
static void
test_set_estimate(void **state)
{
	static const unsigned sizes[] = { 129, 160, 200, 300, 400, 600, 800, 1500, 10000, 100000 };

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		uint64_t x = 7, sum = 0;

		for (int round = 0; round < 40; round++) {
			struct set s = { 0 };

			for (unsigned k = 0; k < sizes[i]; k++)
				set_add(&s, random_next(&x));
			sum += set_count(&s);
			set_free(&s);
		}
		if (sum < sizes[i] * 38ull || sum > sizes[i] * 42ull)
			fail_msg("%u elements are estimated as %llu", sizes[i],
			    (unsigned long long)sum / 40);
	}
}

/* Printable UTF-8 only; for JSON also closed, with the escapes of RFC 8259. */
static void
assert_harmless(struct slice s, bool json)
{
	assert_true(!json || (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"'));
	if (json)
		s = slice_first(slice_skip(s, 1), s.n - 2);
	while (s.n > 0) {
		uint32_t code;
		unsigned n = utf8_next(s, &code);

		assert_true(n > 0 && !utf8_is_control(code));
		assert_false(json && code == '"');
		if (json && code == '\\') {
			assert_true(s.n > 1 && strchr("\"\\/bfnrtu", s.p[1]) != NULL);
			if (s.p[1] == 'u')
				assert_true(s.n >= 6 && strspn(s.p + 2, "0123456789abcdef") >= 4);
			n = 2;
		}
		s = slice_skip(s, n);
	}
}

static void
check_bytes(struct slice s)
{
	struct buf b = { 0 };

	buf_visible(&b, s);
	assert_harmless(buf_slice(&b), false);
	b.n = 0;
	buf_json(&b, s);
	assert_harmless(buf_slice(&b), true);
	buf_free(&b);
}

static void
test_buf_harmless(void **state)
{
	uint64_t x = 3;

	(void)state;
	for (unsigned i = 0; i < 0x10000; i++) {
		char two[2] = { (char)(i >> 8), (char)i };

		check_bytes((struct slice){ two, 2 });
		check_bytes((struct slice){ two + 1, 1 });
	}
	for (int round = 0; round < 20000; round++) {
		char text[24];

		for (size_t i = 0; i < sizeof(text); i++) {
			text[i] = (char)(random_next(&x) >> 40);
			if (i % 3)
				text[i] = (char)((text[i] & 0x3f) | 0x80);
		}
		check_bytes((struct slice){ text, (size_t)round % sizeof(text) });
	}
}

static void
test_buf_text(void **state)
{
	static const char *const rows[][3] = {	/* bytes, visible, JSON */
		{ "plain \xc3\xa4 \xe2\x82\xac", "plain \xc3\xa4 \xe2\x82\xac",
		    "\"plain \xc3\xa4 \xe2\x82\xac\"" },
		{ "\x1b[2J\n", "\\x1B[2J\\x0A", "\"\\u001b[2J\\u000a\"" },
		{ "a\xe2\x80\xae" "b", "a\\u{202E}b", "\"a\\u202eb\"" },
		{ "\xc2\x9b", "\\u{9B}", "\"\\u009b\"" }, { "\x7f", "\\x7F", "\"\\u007f\"" },
		{ "\xff", "\\xFF", "\"\\\\xFF\"" },
		{ "\xc0\xaf", "\\xC0\\xAF", "\"\\\\xC0\\\\xAF\"" },
		{ "\xed\xa0\x80", "\\xED\\xA0\\x80", "\"\\\\xED\\\\xA0\\\\x80\"" },
		{ "\"", "\"", "\"\\\"\"" },
		{ "\xf3\xa0\x81\x81", "\\u{E0041}", "\"\\udb40\\udc41\"" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf b = { 0 };

		buf_visible(&b, slice_of(rows[i][0]));
		buf_chr(&b, '\0');
		assert_string_equal(b.p, rows[i][1]);
		b.n = 0;
		buf_json(&b, slice_of(rows[i][0]));
		buf_chr(&b, '\0');
		assert_string_equal(b.p, rows[i][2]);
		buf_free(&b);
	}
}

static void
test_domain(void **state)
{
	static const char *const rows[][2] = {
		{ "a.b.example.co.uk", "example.co.uk" }, { "example.com", "example.com" },
		{ "ec2-1-2-3-4.compute-1.amazonaws.com", "amazonaws.com" },
		{ "x.Example.ORG.", "Example.ORG" }, { "a.b.nosuchtld", "b.nosuchtld" },
		{ "x.a.valer.hedmark.no", "a.valer.hedmark.no" }, { "y.hedmark.no", "hedmark.no" },
		{ "a.b.city.kobe.jp", "city.kobe.jp" }, { "a.b.c.kobe.jp", "b.c.kobe.jp" },
		{ "a.www.ck", "www.ck" }, { "x.y.pvt.k12.ma.us", "y.pvt.k12.ma.us" },
		{ "co.uk", "" }, { "com", "" }, { "localhost", "" }, { "", "" }, { ".", "" },
		{ "1.2.3.4", "" }, { "2001:db8::1", "" }, { "a..com", "" }, { ".a.com", "" },
		{ "a b.com", "" }, { "a.com..", "" }, { "\xc3\xa4.com", "" },
	};
	char text[300];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct slice s = slice_of(rows[i][0]), d = domain_registered(s);

		if (!slice_eq(d, slice_of(rows[i][1])))
			fail_msg("%s: %.*s", rows[i][0], SLICE_ARG(d));
		assert_true(d.n == 0 || (d.p >= s.p && slice_end(d) <= slice_end(s)));
	}
	memset(text, 'a', sizeof(text));
	for (size_t i = 1; i < sizeof(text); i += 2)
		text[i] = '.';
	assert_int_equal(domain_registered((struct slice){ text, 255 }).n, 3);
	assert_int_equal(domain_registered((struct slice){ text, 257 }).n, 0);
	memset(text, 'a', 70);
	assert_int_equal(domain_registered((struct slice){ text, 75 }).n, 0);
	assert_int_equal(strlen(domain_data_version()), 40);
	assert_true(domain_data_time() > 1500000000);
}

static void
test_problem(void **state)
{
	struct problem p;
	char long_text[3000];
	uint32_t *array = NULL;
	unsigned cap = 0;

	(void)state;
	memset(long_text, 'x', sizeof(long_text));
	assert_int_equal(problem_set(NULL, "%d", 1), -1);
	assert_int_equal(problem_set(&p, "%s:%d: %s", "rules", 7, "bad"), -1);
	assert_string_equal(p.text, "rules:7: bad");
	assert_int_equal(problem_set(&p, "%.*s", (int)sizeof(long_text), long_text), -1);
	assert_int_equal(strlen(p.text), sizeof(p.text) - 1);
	for (uint32_t i = 0; i < 1000; i++) {
		mem_grow(&array, &cap, i + 1, sizeof(*array));
		array[i] = i;
	}
	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(array[i], i);
	free(array);
}

static void
test_buf_base64(void **state)
{
	static const struct { const char *bytes, *text; } example[] = { { "", "" }, { "f", "Zg==" },
		{ "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" }, { "\xff\xfb\xf0", "//vw" } };

	(void)state;
	for (size_t i = 0; i < COUNT(example); i++) {
		struct buf b = { 0 };

		buf_base64(&b, slice_of(example[i].bytes));
		assert_true(slice_eq(buf_slice(&b), slice_of(example[i].text)));
		buf_free(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slice), cmocka_unit_test(test_addr),
		cmocka_unit_test(test_prefix), cmocka_unit_test(test_arena),
		cmocka_unit_test(test_table), cmocka_unit_test(test_set_order),
		cmocka_unit_test(test_set_estimate), cmocka_unit_test(test_buf_harmless),
		cmocka_unit_test(test_buf_text), cmocka_unit_test(test_buf_base64),
		cmocka_unit_test(test_domain), cmocka_unit_test(test_problem),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
