/* Reverse DNS names: words, the client's address in the name, and what is concluded. */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/domain.h"
#include "classify/hostname.h"

struct word {
	enum hostname_class class;
	const char *text;
};

struct name_case {
	const char *client, *name;
	unsigned want;
};

static const struct word list[] = {
	{ HOSTNAME_DYNAMIC, "dynamic" }, { HOSTNAME_DYNAMIC, "dsl" }, { HOSTNAME_DYNAMIC, "adsl" },
	{ HOSTNAME_DYNAMIC, "pool" }, { HOSTNAME_DYNAMIC, "dip" }, { HOSTNAME_DYNAMIC, "cpe" },
	{ HOSTNAME_DYNAMIC, "dial-up" }, { HOSTNAME_DYNAMIC, "modemcable" },
	{ HOSTNAME_DYNAMIC, "user" }, { HOSTNAME_WEAK, "ip" }, { HOSTNAME_WEAK, "host" },
	{ HOSTNAME_WEAK, "net" }, { HOSTNAME_WEAK, "clients" }, { HOSTNAME_WEAK, "node" },
	{ HOSTNAME_STATIC, "static" }, { HOSTNAME_STATIC, "ded" }, { HOSTNAME_STATIC, "business" },
	{ HOSTNAME_SERVER, "mail" }, { HOSTNAME_SERVER, "mx" }, { HOSTNAME_SERVER, "smtp" },
	{ HOSTNAME_SERVER, "outbound" }, { HOSTNAME_SERVER, "relay" }, { HOSTNAME_HOSTING, "vps" },
	{ HOSTNAME_HOSTING, "compute" }, { HOSTNAME_HOSTING, "ded" },
	{ HOSTNAME_CAMPUS, "stud" }, { HOSTNAME_CAMPUS, "wohnheim" }, { HOSTNAME_MOBILE, "umts" },
	{ HOSTNAME_MOBILE, "4g" }, { HOSTNAME_PROVIDER, "mail-*.google.com" },
	{ HOSTNAME_PROVIDER, "mout.gmx.net" }, { HOSTNAME_PROVIDER, "sonic*.yahoo.com" },
	{ HOSTNAME_PROVIDER, "mail.yahoo.com" },
};

enum {
	FULL = HN_IP_FULL, THREE = HN_IP_THREE, TWO = HN_IP_TWO, END = HN_END_USER,
	SRV = HN_SERVER_LIKE, DYN = HN_DYNAMIC,
};

static const struct name_case ipv4[] = {
	{ "93.184.12.34", "93-184-12-34.isp.example", FULL },
	{ "93.184.12.34", "34.12.184.93.isp.example", FULL },
	{ "93.184.12.34", "h093184012034.isp.example", FULL },
	{ "93.184.12.34", "h034012184093.isp.example", FULL },
	{ "93.184.12.34", "h931841234.isp.example", FULL },
	{ "93.184.12.34", "p5db80c22.isp.example", FULL },
	{ "93.184.12.34", "ool-220cb85d.isp.example", FULL },
	{ "93.184.12.34", "5D-B8-0C-22.isp.example", FULL },
	{ "93.184.12.34", "h1572342818.isp.example", FULL },
	{ "64.53.171.35", "d53-64-35-171.isp.example", FULL },
	{ "74.67.201.80", "74.67-201-80.isp.example", FULL },
	{ "24.201.28.90", "modemcable090.28-201-24.mc.isp.example", FULL | DYN | END },
	{ "93.184.12.34", "x184-12-34.isp.example", THREE },
	{ "93.184.12.34", "x34-12-184.isp.example", THREE },
	{ "93.184.12.34", "x93-184-12.isp.example", THREE },
	{ "93.184.12.34", "xb80c22.isp.example", THREE },
	{ "93.184.12.34", "x12-34.isp.example", TWO },
	{ "93.184.12.34", "x34.12.isp.example", TWO },
	{ "93.184.12.34", "x012034.isp.example", TWO },
	{ "93.184.12.34", "x12-35.isp.example", 0 },
	{ "1.2.3.4", "h1234.isp.example", 0 },		/* too short to be meant */
	{ "93.184.12.34", "www.93-184-12-34.example", 0 },	/* that is the domain */
	{ "93.184.12.34", "999999999999999999999.isp.example", 0 },
};

static const struct name_case ipv6[] = {
	{ "2001:db8:1:2:3:4:5:6", "20010db8000100020003000400050006.isp.example", FULL },
	{ "2001:db8:1:2:3:4:5:6", "6.0.0.0.5.0.0.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0."
	    "1.0.0.2.isp.example", FULL },
	{ "2001:db8:1:2:3:4:5:6", "2001-db8-1-2-3-4-5-6.isp.example", FULL },
	{ "2001:db8:1:2:3:4:5:6", "x0003000400050006.isp.example", FULL },
	{ "2001:db8:1:2:3:4:5:6", "2001-db8-1-2.isp.example", THREE },
	{ "2001:db8:1:2:3:4:5:6", "x20010db800010002.isp.example", THREE },
	{ "2001:db8::211:22ff:fe33:4455", "cpe-001122334455.isp.example", FULL | DYN | END },
	{ "2002:5db8:c22::1", "93-184-12-34.isp.example", FULL },
	{ "64:ff9b::5db8:c22", "93-184-12-34.isp.example", FULL },
	{ "2001:db8::1", "0-0-0-1.isp.example", 0 },	/* ::1 is everywhere */
	{ "2001:db8::1", "mail.example.org", HN_SERVER | SRV },
};

static const struct name_case conclusions[] = {
	{ "91.10.18.52", "p5B0A1234.dip0.isp.example", FULL | DYN | END },
	{ "192.0.2.1", "pool-12.dsl.isp.example", DYN | END },
	{ "192.0.2.1", "x7.dial-up.isp.example", DYN | END },
	{ "192.0.2.1", "lte.4g.isp.example", HN_MOBILE | END },
	{ "192.0.2.1", "pc3.wohnheim.uni.example", HN_CAMPUS | END },
	{ "192.0.2.1", "host-192-0-2-1.isp.example", FULL | HN_WEAK | END },
	{ "192.0.2.1", "host-12.isp.example", HN_WEAK },
	{ "192.0.2.1", "host-2-1.isp.example", TWO | HN_WEAK },
	{ "192.0.2.1", "192-0-2-1.static.dsl.isp.example", FULL | HN_STATIC | DYN },
	{ "192.0.2.1", "static.1.2.0.192.clients.hoster.example", FULL | HN_STATIC | HN_WEAK },
	{ "192.0.2.1", "vps-192-0-2-1.hoster.example", FULL | HN_HOSTING | SRV },
	{ "192.0.2.1", "ded12.hoster.example", HN_HOSTING | HN_STATIC | SRV },
	{ "192.0.2.1", "mail.stud.uni.example", HN_SERVER | HN_CAMPUS | SRV },
	{ "192.0.2.1", "mx2.dsl.isp.example", HN_SERVER | DYN | SRV },
	{ "192.0.2.1", "192-0-2-1-mail.dsl.isp.example", FULL | HN_SERVER | DYN | END },
	{ "192.0.2.1", "192-0-2-1.relay.net.isp.example", FULL | HN_SERVER | HN_WEAK },
	{ "192.0.2.1", "GENERALDYNAMICS.com", 0 },
	{ "192.0.2.1", "dsl.com", 0 },
	{ "192.0.2.1", "mail.dsl.com", HN_SERVER | SRV },
	{ "192.0.2.1", "poolside.hotel.example", 0 },
	{ "91.11.222.209", "p5b0bded1.isp.example", FULL },	/* "ded" is a number's part */
	{ "192.0.2.1", "x00ded1.isp.example", HN_STATIC | HN_HOSTING | SRV },
	{ "192.0.2.1", "00ded112.isp.example", 0 },
	{ "167.89.97.77", "o167-89-97-77.outbound-mail.sendgrid.net", FULL | HN_SERVER | SRV },
	{ "66.220.155.151", "66-220-155-151.mail-mail.facebook.com", FULL | HN_SERVER | SRV },
	{ "52.1.2.3", "ec2-52-1-2-3.compute-1.amazonaws.com", FULL | HN_HOSTING | SRV },
	{ "192.0.2.1", "mail-lf1-f41.google.com", HN_PROVIDER | HN_SERVER | SRV },
	{ "192.0.2.1", "crawl-1.google.com", 0 },
	{ "192.0.2.1", "mout.gmx.net", HN_PROVIDER | SRV },
	{ "192.0.2.1", "Mout.GMX.net.", HN_PROVIDER | SRV },
	{ "192.0.2.1", "xmout.gmx.net", 0 },
	{ "192.0.2.1", "sonic301-21.consmr.mail.ne1.yahoo.com", HN_PROVIDER | HN_SERVER | SRV },
	{ "192.0.2.1", "sonic.yahoo.com.dsl.isp.example", DYN | END },
	{ "192.0.2.1", "localhost", HN_JUNK },
	{ "192.0.2.1", "localhost.localdomain", HN_JUNK },
	{ "192.0.2.1", "dsl.1.2.0.192.in-addr.arpa", HN_JUNK | THREE | DYN },
	{ "192.0.2.1", "192.0.2.1", HN_JUNK | FULL },
	{ "192.0.2.1", "", 0 },
	{ "192.0.2.1", ".", 0 },
	{ "192.0.2.1", "...", 0 },
	{ "192.0.2.1", "dsl..x\xff\x01", DYN | END },
};

static void
words(struct hostname_words *w)
{
	struct problem p;

	*w = (struct hostname_words){ 0 };
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		assert_int_equal(0,
		    hostname_words_add(w, list[i].class, slice_of(list[i].text), &p));
}

static void
run(const struct name_case *c, size_t n)
{
	struct hostname_words w;
	unsigned wrong = 0;

	words(&w);
	for (; n > 0; n--, c++) {
		struct hostname_facts facts;
		struct addr client;

		assert_true(addr_parse(slice_of(c->client), &client));
		hostname_analyse(&w, NULL, slice_of(c->name), &client, &facts);
		if (facts.set != c->want) {
			print_error("%s %s: %#x, not %#x\n", c->client, c->name, facts.set,
			    c->want);
			wrong++;
		}
	}
	hostname_words_free(&w);
	assert_int_equal(wrong, 0);
}

static void
test_ipv4(void **state)
{
	(void)state;
	run(ipv4, sizeof(ipv4) / sizeof(ipv4[0]));
}

static void
test_ipv6(void **state)
{
	(void)state;
	run(ipv6, sizeof(ipv6) / sizeof(ipv6[0]));
}

static void
test_conclusions(void **state)
{
	(void)state;
	run(conclusions, sizeof(conclusions) / sizeof(conclusions[0]));
}

static void
test_bad_words(void **state)
{
	static const struct word bad[] = {
		{ HOSTNAME_WEAK, "" }, { HOSTNAME_WEAK, "a b" }, { HOSTNAME_WEAK, "a.b" },
		{ HOSTNAME_WEAK, "ip" }, { HOSTNAME_WEAK, "IP" }, { HOSTNAME_PROVIDER, "gmx" },
		{ HOSTNAME_PROVIDER, ".gmx.net" }, { HOSTNAME_PROVIDER, "a..b" },
		{ HOSTNAME_PROVIDER, "*.gmx.net" }, { HOSTNAME_PROVIDER, "a*b.net" },
		{ HOSTNAME_PROVIDER, "mout.gmx.net" }, { HOSTNAME_PROVIDER, "sonic*.YAHOO.com" },
		{ HOSTNAME_WEAK, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
	};
	struct hostname_words w;
	struct problem p;

	(void)state;
	words(&w);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(-1,
		    hostname_words_add(&w, bad[i].class, slice_of(bad[i].text), &p));
	hostname_words_free(&w);
	assert_int_equal(hostname_class_of(SLICE("provider")), HOSTNAME_PROVIDER);
	assert_int_equal(hostname_class_of(SLICE("nonsense")), HOSTNAME_CLASSES);
}

/* Any bytes and lengths, with and without a client: no crash (the sanitizers watch). */
static void
test_hostile(void **state)
{
	static const char alphabet[] = "0123456789abcdef--..__xmailp\xff";
	struct hostname_words w;
	uint64_t x = 88172645463325252u;

	(void)state;
	words(&w);
	for (int round = 0; round < 20000; round++) {
		struct hostname_facts facts;
		struct addr client;
		char name[300];
		size_t n = (size_t)round % 300;

		for (size_t i = 0; i < n; i++) {
			x ^= x << 13, x ^= x >> 7, x ^= x << 17;
			name[i] = alphabet[x % (sizeof(alphabet) - 1)];
		}
		memcpy(client.b, &x, 8);
		memcpy(client.b + 8, &x, 8);
		if (round & 1)
			memcpy(client.b, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
		hostname_analyse(
		    &w, NULL, (struct slice){ name, n }, round % 7 ? &client : NULL, &facts);
		assert_false((facts.set & END) && (facts.set & SRV));
	}
	hostname_words_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ipv4), cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_conclusions), cmocka_unit_test(test_bad_words),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
