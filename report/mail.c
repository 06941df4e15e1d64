/*
 * See mail.h. text/plain first, then the same as HTML: readers show the last one that they can.
 * The boundary cannot stand in a body: there "=" is always followed by two hexadecimal digits or
 * the end of the line.
 */
#include "report/mail.h"

#include <inttypes.h>

#define BOUNDARY "=_spamsource_report"

enum { LINE_MAX_ENCODED = 76, HOST_SHOWN = 64 };

/* A column of a quoted-printable line; a soft break first when it does not fit. */
static void
put_encoded(struct buf *b, unsigned *column, unsigned char c, bool plain)
{
	unsigned need = plain ? 1 : 3;

	if (*column + need > LINE_MAX_ENCODED - 1) {
		buf_str(b, "=\n");
		*column = 0;
		plain = plain && c != '.';
	}
	if (plain)
		buf_chr(b, (char)c);
	else
		buf_fmt(b, "=%02X", c);
	*column += plain ? 1 : 3;
}

static void
quoted_printable(struct buf *b, struct slice s)
{
	unsigned column = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool blank = c == ' ' || c == '\t', last = i + 1 == s.n || s.p[i + 1] == '\n';
		bool plain = (c > ' ' && c < 0x7f && c != '=') || (blank && !last);

		if (c == '\n') {
			buf_chr(b, '\n');
			column = 0;
			continue;
		}
		/* a line with a dot alone ends a message, one of From begins one in a mailbox */
		if (column == 0 && (c == '.' || slice_starts(slice_skip(s, i), SLICE("From "))))
			plain = false;
		put_encoded(b, &column, c, plain);
	}
	if (column > 0)
		buf_chr(b, '\n');
}

static bool
is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	    c == '-' || c == '.' || c == '_';
}

static bool
is_name(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_name_byte(s.p[i]))
			return false;
	return s.n > 0 && s.n <= HOST_SHOWN;
}

static int
check_one(struct slice a, struct problem *p)
{
	const char *at = slice_rchr(a, '@');
	bool good = a.n > 0 && a.n <= 254 && a.p[0] != '-';

	for (size_t i = 0; i < a.n; i++)
		good = good && a.p[i] > ' ' && a.p[i] < 0x7f &&
		    strchr("<>()[]:;\\\",", a.p[i]) == NULL;
	if (at != NULL)
		good = good && at > a.p && is_name(slice_range(at + 1, slice_end(a)));
	return good ? 0 : problem_set(p, "--mail: not an address: %.*s", SLICE_ARG(a));
}

static struct slice
next_address(struct slice *rest)
{
	const char *comma = slice_chr(*rest, ',');
	struct slice a = comma ? slice_range(rest->p, comma) : *rest;

	*rest = slice_skip(*rest, a.n + 1);
	while (a.n > 0 && a.p[0] == ' ')
		a = slice_skip(a, 1);
	while (a.n > 0 && a.p[a.n - 1] == ' ')
		a.n--;
	return a;
}

int
mail_check(struct slice to, struct problem *p)
{
	do {
		if (check_one(next_address(&to), p) == -1)
			return -1;
	} while (to.n > 0);
	return 0;
}

static void
put_alarms(struct buf *b, uint64_t n, const char *one, const char *many, bool *any)
{
	if (n == 0)
		return;
	buf_fmt(b, "%s%" PRIu64 " %s", *any ? ", " : "", n, n == 1 ? one : many);
	*any = true;
}

static void
put_own(const struct summary *s, struct buf *b)
{
	uint64_t accounts = 0, scripts = 0, relays = 0, zombies = 0, servers = 0;
	bool any = false;

	for (unsigned i = 0; i < s->own.n; i++) {
		const struct finding *f = &s->own.item[i];

		if (!f->alarm)
			continue;
		accounts += f->kind == FINDING_ACCOUNT;
		scripts += f->kind == FINDING_SCRIPT;
		relays += f->kind == FINDING_RELAY;
		zombies += f->kind == FINDING_MACHINE && f->verdict == VERDICT_ZOMBIE;
		servers += f->kind == FINDING_MACHINE && f->verdict != VERDICT_ZOMBIE;
	}
	put_alarms(b, accounts, "hacked account", "hacked accounts", &any);
	put_alarms(b, scripts, "spamming script", "spamming scripts", &any);
	put_alarms(b, relays, "open relay", "open relays", &any);
	put_alarms(b, zombies, "own zombie", "own zombies", &any);
	put_alarms(b, servers, "own server", "own servers", &any);
	if (!any)
		buf_str(b, "no alarm");
}

void
mail_verdict(const struct summary *s, struct buf *out)
{
	static const char *const of[VERDICTS] = { "", "zombies", "bad servers", "stolen accounts" };
	uint64_t most = 0;
	unsigned best = 0;

	put_own(s, out);
	if (s->spam == 0) {
		buf_str(out, ", no spam");
		return;
	}
	for (unsigned k = 1; k < VERDICTS; k++)
		if (s->total[IN_ATTEMPTS][k][STAGES].lower > most) {
			most = s->total[IN_ATTEMPTS][k][STAGES].lower;
			best = k;
		}
	if (most == 0)
		buf_str(out, ", spam of unknown source");
	else if (most * 200 < s->spam)
		buf_fmt(out, ", <1 %% %s", of[best]);
	else
		buf_fmt(out, ", %" PRIu64 " %% %s", (most * 200 + s->spam) / (2 * s->spam),
		    of[best]);
}

/* " mx1", " 3 hosts", nothing when the logs name none. */
static void
put_hosts(const struct summary *s, struct buf *b)
{
	struct slice host = SLICE_NONE;
	unsigned n = 0;

	for (unsigned i = 0; i < s->flows; i++)
		if (i == 0 || !slice_eq(s->flow[i].host, s->flow[i - 1].host)) {
			host = s->flow[i].host;
			n++;
		}
	if (n > 1)
		buf_fmt(b, " %u hosts", n);
	else if (is_name(host))
		buf_fmt(b, " %.*s", SLICE_ARG(host));
}

static void
put_day(const struct zone *zone, int64_t t, struct buf *b)
{
	struct civil c = zone_from_utc(zone, t);

	buf_fmt(b, "%04d-%02d-%02d", c.year, c.month, c.day);
}

static void
subject(const struct summary *s, struct buf *b)
{
	struct buf last = { 0 }, first = { 0 };

	buf_str(b, "Subject: spamsource");
	put_hosts(s, b);
	if (s->has_span && s->run->zone) {
		put_day(s->run->zone, s->first, &first);
		put_day(s->run->zone, s->last, &last);
		buf_chr(b, ' ');
		buf_add(b, buf_slice(&first));
		if (!slice_eq(buf_slice(&first), buf_slice(&last))) {
			buf_str(b, " to ");
			buf_add(b, buf_slice(&last));
		}
	}
	buf_str(b, ":\n ");
	mail_verdict(s, b);
	buf_chr(b, '\n');
	buf_free(&first);
	buf_free(&last);
}

/* In UTC: a zone without a number would not be understood everywhere. */
static void
date(int64_t now, struct buf *b)
{
	static const char day[] = "ThuFriSatSunMonTueWed";
	static const char month[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct civil c = utc_to_civil(now);
	int64_t days = utc_floor(now, UTC_DAY) / UTC_DAY;

	buf_fmt(b, "Date: %.3s, %d %.3s %04d %02d:%02d:%02d +0000\n", day + (days % 7 + 7) % 7 * 3,
	    c.day, month + (c.month - 1) * 3, c.year, c.hour, c.minute, c.second);
}

static void
headers(const struct summary *s, struct buf *b, const struct mail_options *o)
{
	struct slice rest = o->to, first = next_address(&rest), a = first;

	date(o->now, b);
	buf_fmt(b, "From: spamsource <%.*s>\nTo: ", SLICE_ARG(first));
	for (;;) {
		buf_add(b, a);
		if (rest.n == 0)
			break;
		buf_str(b, ",\n ");
		a = next_address(&rest);
	}
	buf_chr(b, '\n');
	subject(s, b);
	buf_str(b, "MIME-Version: 1.0\nAuto-Submitted: auto-generated\n");
}

static void
part(struct buf *b, const char *type, struct slice body)
{
	buf_fmt(b, "Content-Type: %s; charset=utf-8\n"
	    "Content-Transfer-Encoding: quoted-printable\n\n", type);
	quoted_printable(b, body);
}

void
mail_report(const struct summary *s, struct buf *out, const struct mail_options *o)
{
	struct buf text = { 0 };

	text_report(s, &text, &o->text);
	if (text.n == 0) {
		buf_free(&text);
		return;
	}
	headers(s, out, o);
	if (o->html.n > 0) {
		buf_str(out, "Content-Type: multipart/alternative; boundary=\"" BOUNDARY "\"\n\n"
		    "--" BOUNDARY "\n");
		part(out, "text/plain", buf_slice(&text));
		buf_str(out, "\n--" BOUNDARY "\n");
		part(out, "text/html", o->html);
		buf_str(out, "\n--" BOUNDARY "--\n");
	} else {
		part(out, "text/plain", buf_slice(&text));
	}
	buf_free(&text);
}
