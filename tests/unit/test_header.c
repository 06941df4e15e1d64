/* Line prefixes: stamps, years, zones, hosts, programs; and the interner. */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/utc.h"
#include "parser/header.h"
#include "tests/slack.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct example {
	const char *line;
	const char *utc;	/* NULL: LINE_BAD */
	enum daemon daemon;
	uint32_t pid;
	const char *host, *instance, *service, *body;
};

#define STAMP "Nov  1 02:03:04 mx "
#define AT "2026-11-01T02:03:04Z"

static const struct example examples[] = {
	{ STAMP "postfix/smtpd[42]: x", AT, DAEMON_SMTPD, 42, "mx", "postfix", "", "x" },
	{ "Nov 1 02:03:04 mx postfix/smtpd[42]: x", AT, DAEMON_SMTPD, 42, "mx", "postfix", "",
	    "x" },
	{ "Nov  1 02:03:04.123456 mx postfix/qmgr[42]: x", AT, DAEMON_QMGR, 42, "mx", "postfix", "",
	    "x" },
	{ "2026-11-01T02:03:04Z mx postfix/smtpd[42]: x", AT, DAEMON_SMTPD, 42, "mx", "postfix", "",
	    "x" },
	{ "2026-11-01T03:03:04.1+01:00 mx postfix/smtpd[42]: x", AT, DAEMON_SMTPD, 42, "mx",
	    "postfix", "", "x" },
	{ "2026-11-01T03:03:04.123456789+0100 mx postfix/smtpd[42]: x", AT, DAEMON_SMTPD, 42, "mx",
	    "postfix", "", "x" },
	{ "2026-10-31T23:33:04-0230 a.example.org exim[7]: x", AT, DAEMON_EXIM, 7, "a.example.org",
	    "", "", "x" },
	{ "2026-11-01 02:03:04 1abcde-000001-AB Completed", AT, DAEMON_EXIM_FILE, 0, "dflt", "", "",
	    "1abcde-000001-AB Completed" },
	{ "2026-11-01 02:03:04.123 [77] H=[192.0.2.1] x", AT, DAEMON_EXIM_FILE, 77, "dflt", "", "",
	    "H=[192.0.2.1] x" },
	{ "2026-11-01 03:03:04 +0100 [77] x", AT, DAEMON_EXIM_FILE, 77, "dflt", "", "", "x" },
	{ "2026-11-01 03:03:04.5 +0100 Start queue run: pid=1", AT,
	    DAEMON_EXIM_FILE, 0, "dflt", "", "",
	    "Start queue run: pid=1" },
	{ "2026-11-01 02:03:04 [192.0.2.1] x", AT, DAEMON_EXIM_FILE, 0, "dflt", "", "",
	    "[192.0.2.1] x" },
	{ "Sun Nov  1 02:03:04 2026 [27765] info: spamd: result: x", AT, DAEMON_SPAMD, 27765,
	    "dflt", "", "", "spamd: result: x" },
	{ STAMP "exim[7]: 2026-11-01 02:03:04 [9] x", AT, DAEMON_EXIM, 9, "mx", "", "", "x" },
	{ STAMP "exim4[7]: 2026-11-01 02:03:04.123 +0000 x", AT, DAEMON_EXIM, 7, "mx", "", "",
	    "x" },
	{ STAMP "exim-4.99[7]: [1/3] x", AT, DAEMON_EXIM, 7, "mx", "", "", "[1/3] x" },
	{ STAMP "postfix-out/submission/smtpd[1]: x", AT, DAEMON_SMTPD, 1, "mx", "postfix-out",
	    "submission", "x" },
	{ STAMP "postfix/relay/smtp[1]: x", AT, DAEMON_SMTP, 1, "mx", "postfix", "relay", "x" },
	{ STAMP "postfix/postfix-script[1]: x", AT, DAEMON_BORING, 1, "mx", "postfix", "", "x" },
	{ STAMP "postfix[1]: x", AT, DAEMON_POSTFIX, 1, "mx", "postfix", "", "x" },
	/* the priority that a syslog daemon was sent, and RFC 5424 */
	{ "<22>" STAMP "postfix/smtpd[42]: x", AT, DAEMON_SMTPD, 42, "mx", "postfix", "", "x" },
	{ "<22>2026-11-01T02:03:04Z mx exim[4]: x", AT, DAEMON_EXIM, 4, "mx", "", "", "x" },
	{ "<22>1 2026-11-01T02:03:04.123456Z mx postfix/smtpd 42 - - x", AT, DAEMON_SMTPD, 42, "mx",
	    "postfix", "", "x" },
	{ "<22>1 2026-11-01T03:03:04+01:00 mx postfix 42 - -  x", AT, DAEMON_POSTFIX, 42, "mx",
	    "postfix", "", "x" },
	{ "<22>1 2026-11-01T02:03:04Z mx spamd - ID47 [a@1 b=\"c \\\" ]\"][d e=\"\"] \xef\xbb\xbfx",
	    AT, DAEMON_SPAMD, 0, "mx", "", "", "x" },
	{ "<22>1 2026-11-01T02:03:04Z - spamd 7 - [a@1]", AT, DAEMON_SPAMD, 7, "dflt", "", "", "" },
	{ "<22>1 2026-11-01T02:03:04Z mx spamd 7 - [a@1 b=\"c] x", NULL, 0, 0, NULL, NULL, NULL,
	    NULL },
	{ "<22>1 - mx spamd 7 - - no stamp at all", NULL, 0, 0, NULL, NULL, NULL, NULL },
	{ "<22>1 2026-11-01T02:03:04Z mx spamd 7", NULL, 0, 0, NULL, NULL, NULL, NULL },
	{ "<22" STAMP "postfix/smtpd[42]: x", NULL, 0, 0, NULL, NULL, NULL, NULL },
	{ "<22><22>" STAMP "postfix/smtpd[42]: x", NULL, 0, 0, NULL, NULL, NULL, NULL },
	{ "<2222>" STAMP "postfix/smtpd[42]: x", NULL, 0, 0, NULL, NULL, NULL, NULL },
	{ "Nov  1 02:03:04 <mail.info> mx postfix/smtpd[42]: x", AT, DAEMON_SMTPD, 42, "mx",
	    "postfix", "", "x" },
	{ "Nov  1 02:03:04 [exim] x", AT, DAEMON_EXIM, 0, "dflt", "", "", "x" },
	{ "Nov  1 02:03:04 [postfix/smtpd] x", AT, DAEMON_SMTPD, 0, "dflt", "postfix", "", "x" },
	/* years */
	{ "2026 Nov  1 02:03:04.123 mx postfix/smtpd[42]: x", AT, DAEMON_SMTPD, 42, "mx", "postfix",
	    "", "x" },
	{ "2026 Nov 1 02:03:04 mx postfix/smtpd[42]: x", AT, DAEMON_SMTPD, 42, "mx", "postfix", "",
	    "x" },
	{ "Nov  1 2026 02:03:04 mx postfix/smtpd[42]: x", AT, DAEMON_SMTPD, 42, "mx", "postfix", "",
	    "x" },
	{ "2026 Feb 29 02:03:04 mx postfix/smtpd[42]: x", NULL, 0, 0, NULL, NULL, NULL, NULL },
	{ "2026-11-01 02:03:04 mx postfix/smtpd[42]: x", AT, DAEMON_SMTPD, 42, "mx", "postfix", "",
	    "x" },
	{ "2026-11-01 03:03:04.123 +0100 mx spamd[42]: x", AT, DAEMON_SPAMD, 42, "mx", "", "",
	    "x" },
	{ "2026-11-01 02:03:04 H=(a postfix/smtpd[1]: b) [192.0.2.1] x", AT,
	    DAEMON_EXIM_FILE, 0, "dflt",
	    "", "", "H=(a postfix/smtpd[1]: b) [192.0.2.1] x" },
	{ "2026-11-01 02:03:04 mx sshd[42]: x", AT, DAEMON_EXIM_FILE, 0, "dflt", "", "",
	    "mx sshd[42]: x" },
	/* journalctl */
	{ "Sun 2026-11-01 02:03:04 UTC mx postfix@-.service[42]: x", AT, DAEMON_POSTFIX, 42, "mx",
	    "postfix", "", "x" },
	{ "Sun 2026-11-01 03:03:04 +01 mx postfix@out.service[42]: x", AT, DAEMON_POSTFIX, 42, "mx",
	    "out", "", "x" },
	{ "Sun 2026-11-01 02:03:04 CET mx exim4.service[42]: x", AT, DAEMON_EXIM, 42, "mx", "", "",
	    "x" },
	{ "Sun 2026-11-01 02:03:04 mx postfix/smtpd[42]: x", NULL, 0, 0, NULL, NULL, NULL, NULL },
	{ "1793498584.123456 mx postfix/smtpd[42]: x", AT, DAEMON_SMTPD, 42, "mx", "postfix", "",
	    "x" },
	{ "1793498584 mx postfix/smtpd[42]: x", NULL, 0, 0, NULL, NULL, NULL, NULL },
	{ "123456789012.123456 mx postfix/smtpd[42]: x", NULL, 0, 0, NULL, NULL, NULL, NULL },
	{ STAMP "/usr/sbin/amavisd-new[12]: x", AT, DAEMON_AMAVIS, 12, "mx", "postfix", "", "x" },
	{ STAMP "postfix/lmtp[1]: ", AT, DAEMON_LMTP, 1, "mx", "postfix", "", "" },
	{ STAMP "postfix/smtpd[1]:", AT, DAEMON_SMTPD, 1, "mx", "postfix", "", "" },
	{ STAMP "postfix/smtpd[1]: [ID 197553 mail.info] x", AT, DAEMON_SMTPD, 1, "mx", "postfix",
	    "", "x" },
	{ STAMP "amavis[12]: (12-01) x", AT, DAEMON_AMAVIS, 12, "mx", "postfix", "",
	    "(12-01) x" },
	{ STAMP "rspamd[12]: <a>; x", AT, DAEMON_RSPAMD, 12, "mx", "postfix", "", "<a>; x" },
	{ STAMP "mimedefang.pl[12]: x", AT, DAEMON_MIMEDEFANG, 12, "mx", "postfix", "", "x" },
	{ STAMP "dovecot: x", AT, DAEMON_DOVECOT, 0, "mx", "", "", "x" },
	{ STAMP "postfix/policy-spf[3]: x", AT, DAEMON_POLICY, 3, "mx", "postfix", "", "x" },
	{ STAMP "opendkim[3]: x", AT, DAEMON_MILTER, 3, "mx", "", "", "x" },
	{ STAMP "spamc[12]: x", AT, DAEMON_BORING, 12, "mx", "", "", "x" },
	{ STAMP "sudo: x", AT, DAEMON_OTHER, 0, "mx", "", "", "x" },
	{ STAMP "other/thing[3]: x", AT, DAEMON_OTHER, 3, "mx", "", "", "x" },
	{ STAMP "last message repeated 3 times", AT, DAEMON_BORING, 0, "mx", "", "",
	    "last message repeated 3 times" },
	{ STAMP "-- MARK --", AT, DAEMON_BORING, 0, "mx", "", "", "-- MARK --" },
	/* a minute, host and program that are known, and what only looks like them */
	{ "Nov  1 02:03:59 mx postfix/smtpd[42]: x", "2026-11-01T02:03:59Z", DAEMON_SMTPD, 42, "mx",
	    "postfix", "", "x" },
	{ "Nov  1 02:03:60 mx postfix/smtpd[42]: x", "2026-11-01T02:04:00Z", DAEMON_SMTPD, 42, "mx",
	    "postfix", "", "x" },
	{ "Nov  1 02:03:0: mx postfix/smtpd[42]: x", NULL, 0, 0, NULL, NULL, NULL, NULL },
	{ "Nov  1 02:03:0", NULL, 0, 0, NULL, NULL, NULL, NULL },
	{ "2026-11-01T03:03:59.123456+01:00 mx postfix/smtpd[42]: x", "2026-11-01T02:03:59Z",
	    DAEMON_SMTPD, 42, "mx", "postfix", "", "x" },
	{ "2026-11-01T03:03:04.12345x+01:00 mx postfix/smtpd[42]: x", NULL, 0, 0, NULL, NULL, NULL,
	    NULL },
	{ "2026-11-01T03:03:04.123456+01:00", NULL, 0, 0, NULL, NULL, NULL, NULL },
	{ "2026-11-01 02:03:59 x", "2026-11-01T02:03:59Z",
	    DAEMON_EXIM_FILE, 0, "dflt", "", "", "x" },
	{ "2026-11-01 02:03:04 +x", AT, DAEMON_EXIM_FILE, 0, "dflt", "", "", "+x" },
	{ STAMP "postfix/smtpd[12345678]: x", AT, DAEMON_SMTPD, 12345678, "mx", "postfix", "",
	    "x" },
	{ STAMP "postfix/lmtp[42]: [x", AT, DAEMON_LMTP, 42, "mx", "postfix", "", "[x" },
	{ "Nov  1 02:03:04 a-host-with-a-long-name.example.org postfix/submission/smtpd[42]: x", AT,
	    DAEMON_SMTPD, 42, "a-host-with-a-long-name.example.org", "postfix", "submission", "x" },
	{ "Nov  1 02:03:04 a-host-with-a-long-name.example.org postfix/submission/smtpx[42]: x", AT,
	    DAEMON_OTHER, 42, "a-host-with-a-long-name.example.org", "", "", "x" },
	{ "Nov  1 02:03:04 mxpostfix/smtpd[42]:", AT, DAEMON_SMTPD, 42, "", "mxpostfix", "", "" },
	{ "Nov  1 02:03:04 mxpostfix/smtpd[42]: x", NULL, 0, 0, NULL, NULL, NULL, NULL },
	{ "Feb 30 02:03:04 mx postfix/smtpd[42]: x", NULL, 0, 0, NULL, NULL, NULL, NULL },
	{ "Nov  1 24:03:04 mx postfix/smtpd[42]: x", NULL, 0, 0, NULL, NULL, NULL, NULL },
	{ "Nov  0 02:03:04 mx postfix/smtpd[42]: x", NULL, 0, 0, NULL, NULL, NULL, NULL },
	{ "Nox  1 02:03:04 mx postfix/smtpd[42]: x", NULL, 0, 0, NULL, NULL, NULL, NULL },
	{ "2026-02-29T02:03:04Z mx postfix/smtpd[42]: x", NULL, 0, 0, NULL, NULL, NULL, NULL },
	{ "2026-11-01T02:03:04.Z mx postfix/smtpd[42]: x", NULL, 0, 0, NULL, NULL, NULL, NULL },
	{ "2026-11-01T02:03:04+1x mx postfix/smtpd[42]: x", NULL, 0, 0, NULL, NULL, NULL, NULL },
	{ STAMP "no program here", NULL, 0, 0, NULL, NULL, NULL, NULL },
	{ STAMP "postfix/smtpd[42] x", NULL, 0, 0, NULL, NULL, NULL, NULL },
	{ "Sun Nov  1 02:03:04 2026 [x] info: spamd: x", NULL, 0, 0, NULL, NULL, NULL, NULL },
	{ "Envelope-from: <a@example.org>", NULL, 0, 0, NULL, NULL, NULL, NULL },
	{ "", NULL, 0, 0, NULL, NULL, NULL, NULL },
};

static void
check(struct header_reader *r, const struct names *names, const struct example *e)
{
	char utc[UTC_TEXT];
	struct header h;
	struct slice copy = slack_copy(slice_of(e->line), ' ');
	enum line_kind kind = header_parse(r, copy, &h);

	assert_int_equal(kind, e->utc ? LINE_RECOGNISED : LINE_BAD);
	if (e->utc != NULL) {
		utc_format(h.ts, utc);
		assert_string_equal(utc, e->utc);
		assert_int_equal(h.from->daemon, e->daemon);
		assert_int_equal(h.pid, e->pid);
		assert_true(slice_eq(names_text(names, h.from->host), slice_of(e->host)));
		assert_true(slice_eq(names_text(names, h.from->instance), slice_of(e->instance)));
		assert_true(slice_eq(h.from->service, slice_of(e->service)));
		assert_true(slice_eq(h.body, slice_of(e->body)));
	}
	slack_free(copy);
}

/* Each line by a fresh reader, then all by one, so that the caches meet every change. */
static void
test_examples(void **state)
{
	struct zone utc = { .fixed = true };
	struct names *names = names_open();
	struct header_reader *one = header_open(names, &utc, SLICE("dflt"), 2026, 0);

	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		struct header_reader *r = header_open(names, &utc, SLICE("dflt"), 2026, 0);

		check(r, names, &examples[i]);
		header_close(r);
	}
	for (size_t i = 0; i < COUNT(examples); i++)
		for (size_t j = 0; j < COUNT(examples); j++) {
			check(one, names, &examples[i]);
			check(one, names, &examples[j]);
		}
	header_close(one);
	names_close(names);
}

static void
expect(struct header_reader *r, const char *stamp, const char *utc)
{
	char line[128 + WIDE_SLACK], text[UTC_TEXT];
	struct header h;

	snprintf(line, 128, "%s mx postfix/smtpd[1]: x", stamp);
	assert_int_equal(header_parse(r, slice_of(line), &h), utc ? LINE_RECOGNISED : LINE_BAD);
	if (utc != NULL) {
		utc_format(h.ts, text);
		assert_string_equal(text, utc);
	}
}

static struct header_reader *
reader(struct names *names, int first_year, const char *now)
{
	struct zone utc = { .fixed = true };
	struct civil c = { 0 };

	if (now != NULL)
		assert_int_equal(sscanf(now, "%d-%d-%d", &c.year, &c.month, &c.day), 3);
	return header_open(names, &utc, SLICE("mx"), first_year, now ? utc_of_civil(&c) : 0);
}

static void
test_new_year(void **state)
{
	struct names *names = names_open();
	struct header_reader *r = reader(names, 2026, NULL);
	int first, year;

	(void)state;
	assert_false(header_years(r, &first, &year));
	expect(r, "Dec 31 23:59:59", "2026-12-31T23:59:59Z");
	expect(r, "Jan  1 00:00:00", "2027-01-01T00:00:00Z");
	expect(r, "Dec 31 23:59:58", "2026-12-31T23:59:58Z");	/* late */
	expect(r, "Jan  1 00:00:01", "2027-01-01T00:00:01Z");
	expect(r, "Dec 30 23:59:58", "2026-12-30T23:59:58Z");
	expect(r, "Jun  1 00:00:01", "2027-06-01T00:00:01Z");
	expect(r, "May 31 00:00:01", "2027-05-31T00:00:01Z");	/* a step back, same year */
	expect(r, "Feb  1 00:00:01", "2027-02-01T00:00:01Z");
	expect(r, "Nov  1 00:00:01", "2027-11-01T00:00:01Z");	/* a long gap */
	expect(r, "Feb 29 00:00:01", "2028-02-29T00:00:01Z");
	assert_true(header_years(r, &first, &year));
	assert_int_equal(first, 2026);
	assert_int_equal(year, 2028);
	assert_true(header_zone_assumed(r));
	header_close(r);
	names_close(names);
}

static void
test_first_year(void **state)
{
	static const struct {
		const char *now, *stamp, *utc;
	} t[] = {
		{ "2026-11-20", "Nov 20 10:00:00", "2026-11-20T10:00:00Z" },
		{ "2026-11-20", "Nov 21 00:00:00", "2026-11-21T00:00:00Z" },	/* a day ahead */
		{ "2026-11-20", "Nov 21 00:00:01", "2025-11-21T00:00:01Z" },
		{ "2026-12-31", "Jan  1 00:00:00", "2027-01-01T00:00:00Z" },
		{ "2027-01-01", "Dec 31 00:00:00", "2026-12-31T00:00:00Z" },
		{ "2027-01-01", "Feb 29 00:00:00", "2024-02-29T00:00:00Z" },
		{ "2027-01-01", "Feb 30 00:00:00", NULL },
	};
	struct names *names = names_open();

	(void)state;
	for (size_t i = 0; i < COUNT(t); i++) {
		struct header_reader *r = reader(names, 0, t[i].now);

		expect(r, t[i].stamp, t[i].utc);
		header_close(r);
	}
	names_close(names);
}

/* A fixed zone applies to stamps without offset only. */
static void
test_zone(void **state)
{
	struct names *names = names_open();
	struct problem p;
	struct zone zone;
	struct header_reader *r;

	(void)state;
	assert_int_equal(zone_open(&zone, SLICE("+0530"), &p), 0);
	r = header_open(names, &zone, SLICE("mx"), 2026, 0);
	expect(r, "2026-11-01T02:03:04Z", "2026-11-01T02:03:04Z");
	assert_false(header_zone_assumed(r));
	expect(r, "Nov  1 02:03:04", "2026-10-31T20:33:04Z");
	assert_true(header_zone_assumed(r));
	header_close(r);
	assert_int_equal(zone_open(&zone, SLICE("Europe/Berlin"), &p), 0);
	r = header_open(names, &zone, SLICE("mx"), 2026, 0);
	expect(r, "Oct 25 01:59:59", "2026-10-24T23:59:59Z");
	expect(r, "Oct 25 02:30:00", "2026-10-25T00:30:00Z");	/* twice: the first */
	expect(r, "Oct 25 03:00:00", "2026-10-25T02:00:00Z");
	header_close(r);
	names_close(names);
}

/* The zone's name tells the readings of an hour that occurs twice apart. */
static void
test_named_zone(void **state)
{
	struct names *names = names_open();
	struct problem p;
	struct zone zone;
	struct header_reader *r;

	(void)state;
	assert_int_equal(zone_open(&zone, SLICE("Europe/Berlin"), &p), 0);
	r = header_open(names, &zone, SLICE("mx"), 2026, 0);
	expect(r, "Sun 2026-10-25 02:30:00 CEST", "2026-10-25T00:30:00Z");
	expect(r, "Sun 2026-10-25 02:30:00 CET", "2026-10-25T01:30:00Z");
	expect(r, "Sun 2026-10-25 02:30:59 CET", "2026-10-25T01:30:59Z");
	expect(r, "Sun 2026-10-25 02:30:01 CEST", "2026-10-25T00:30:01Z");
	expect(r, "Sun 2026-10-25 02:30:01 XYZ", "2026-10-25T00:30:01Z");
	expect(r, "Sun 2026-03-29 02:30:00 CEST", "2026-03-29T01:30:00Z");	/* left out */
	expect(r, "Mar 29 02:30:00", "2026-03-29T01:30:00Z");
	header_close(r);
	names_close(names);
}

/* A line within another one: its own stamp counts only when it has an offset. */
static void
test_inner(void **state)
{
	static const struct {
		const char *line;
		int64_t ts;
		enum daemon daemon;
		uint32_t pid;
		const char *host, *body;
	} t[] = {
		{ "Nov  1 02:03:04 mx postfix/smtpd[42]: x", 1000, DAEMON_SMTPD, 42, "mx", "x" },
		{ "2026-11-01T02:03:04Z mx postfix/smtpd[42]: x", 1793498584, DAEMON_SMTPD, 42,
		    "mx", "x" },
		{ "2026-11-01 02:03:04 +0100 [7] x y", 1793494984,
		    DAEMON_EXIM_FILE, 7, "dflt", "x y" },
		{ "2026-11-01 02:03:04 [7] x y", 1000, DAEMON_EXIM_FILE, 7, "dflt", "x y" },
		{ "Sun Nov  1 02:03:04 2026 [9] info: spamd: x", 1000, DAEMON_SPAMD, 9, "dflt",
		    "spamd: x" },
		{ "postfix/smtpd[42]: connect from x", 1000, DAEMON_SMTPD, 42, "dflt",
		    "connect from x" },
		{ "spamd: x", 1000, DAEMON_SPAMD, 0, "dflt", "x" },
		{ "<22>1 2026-11-01T02:03:04Z a spamd 7 - - x", 1793498584, DAEMON_SPAMD, 7, "a",
		    "x" },
		{ "postfix/smtpd[4x]: y", 1000, DAEMON_COUNT, 0, NULL, NULL },
		{ "Starting something", 1000, DAEMON_COUNT, 0, NULL, NULL },
		{ "", 1000, DAEMON_COUNT, 0, NULL, NULL },
	};
	struct names *names = names_open();
	struct zone utc = { .fixed = true };
	struct header_reader *r = header_open(names, &utc, SLICE("dflt"), 0, 0);
	int first, last;

	(void)state;
	for (size_t i = 0; i < COUNT(t); i++) {
		struct slice copy = slack_copy(slice_of(t[i].line), '0');
		struct header h;
		enum line_kind kind = header_parse_inner(r, copy, 1000, &h);

		assert_int_equal(kind, t[i].host ? LINE_RECOGNISED : LINE_BAD);
		if (t[i].host != NULL) {
			assert_int_equal(h.ts, t[i].ts);
			assert_int_equal(h.from->daemon, t[i].daemon);
			assert_int_equal(h.pid, t[i].pid);
			assert_true(slice_eq(names_text(names, h.from->host), slice_of(t[i].host)));
			assert_true(slice_eq(h.body, slice_of(t[i].body)));
		}
		slack_free(copy);
	}
	assert_false(header_years(r, &first, &last));
	assert_false(header_zone_assumed(r));
	header_close(r);
	names_close(names);
}

static enum line_kind
parse(struct header_reader *r, const char *line, struct header *h)
{
	struct slice copy = slack_copy(slice_of(line), '0');
	enum line_kind kind = header_parse(r, copy, h);

	slack_free(copy);
	return kind;
}

static void
test_markers(void **state)
{
	struct names *names = names_open();
	struct header_reader *r = reader(names, 2026, NULL);
	const struct origin *before;
	struct header h;
	int64_t ts;

	(void)state;
	assert_int_equal(parse(r, "Nov  1 02:03:04 mx sudo: x", &h), LINE_RECOGNISED);
	ts = h.ts;
	assert_int_equal(parse(r, "-- Boot 0123456789abcdef --", &h), LINE_RECOGNISED);
	assert_int_equal(h.from->daemon, DAEMON_BORING);
	assert_int_equal(h.ts, ts);
	before = h.from;
	assert_int_equal(parse(r, "-- else --", &h), LINE_BAD);
	assert_ptr_equal(h.from, before);
	assert_int_equal(parse(r, "Nov  1 02:03:04 other nothing", &h), LINE_BAD);
	assert_ptr_equal(h.from, before);
	header_close(r);
	names_close(names);
}

static void
test_names(void **state)
{
	struct names *n = names_open();
	char name[16];

	(void)state;
	assert_int_equal(names_id(n, SLICE("")), 0);
	assert_int_equal(names_id(n, SLICE("a")), 1);
	assert_int_equal(names_id(n, SLICE("b")), 2);
	assert_int_equal(names_id(n, SLICE("a")), 1);
	for (int i = 0; i < 70000; i++) {
		snprintf(name, sizeof(name), "h%d", i);
		names_id(n, slice_of(name));
	}
	assert_int_equal(names_id(n, SLICE("one too many")), 0);
	assert_true(slice_eq(names_text(n, names_id(n, SLICE("h777"))), SLICE("h777")));
	assert_int_equal(names_text(n, 99999999).n, 0);
	names_close(n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_new_year),
		cmocka_unit_test(test_first_year),
		cmocka_unit_test(test_zone),
		cmocka_unit_test(test_named_zone),
		cmocka_unit_test(test_inner),
		cmocka_unit_test(test_markers),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
