/* SPDX-License-Identifier: ISC */
/*
 * genlog: write a mail log of any size for benchmarks, and the truth about it.
 *
 * The clock runs with the bytes: 100 MB a day, faster only where the log would else pass 300
 * days; with -d the log is that day's, whatever its size.  New client addresses appear in step
 * with the bytes, so that a log of any size has the wanted number of them.  At the end the open
 * sessions are played out: the log is complete and a few kilobytes longer than asked; with -i
 * it is longer by its stamps, as it has the same events.
 *
 * Days of one seed share their real mail hosts, and half of a day's other clients were there on
 * the day before.
 */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE
#endif

#include <err.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gen.h"

#define BUFSIZE		(1 << 20)
#define LINEROOM	8192
#define MAXSLOTS	64
#define DAY		86400ULL
#define MAX_DAYS	300
#define DAILY		100000000ULL	/* bytes */
#define DAILY_IDS	10000000ULL	/* with -d, so that no id is another day's too */
#define HOST		"mx1"
#define LINE		140		/* bytes, roughly */
#define STEP_US		6000000		/* longest mean time between the lines of a session */
#define PLAIN_SYSLOG	15		/* bytes of a stamp without -i */
#define PLAIN_NATIVE	19

uint64_t
gen_hash(uint64_t x)
{
	x += 0x9e3779b97f4a7c15ULL;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

uint64_t
gen_next(struct gen *g)
{
	g->rng += 0x9e3779b97f4a7c15ULL;
	return gen_hash(g->rng);
}

unsigned
gen_rnd(struct gen *g, unsigned n)
{
	return (unsigned)(((gen_next(g) >> 32) * n) >> 32);
}

static char *
put_number(char *p, const char *end, unsigned v, unsigned base, const char *digits)
{
	char tmp[12];
	int n = 0;

	do {
		tmp[n++] = digits[v % base];
		v /= base;
	} while (v != 0);
	while (n > 0 && p < end)
		*p++ = tmp[--n];
	return p;
}

static char *
put_string(char *p, const char *end, const char *s, size_t n)
{
	if (n > (size_t)(end - p))
		n = (size_t)(end - p);
	memcpy(p, s, n);
	return p + n;
}

/* Returns the end of what was written; what does not fit is cut. */
static char *
put_text(char *p, const char *end, const char *fmt, va_list ap)
{
	const char *pct, *s;
	unsigned v;
	int i;

	for (; (pct = strchr(fmt, '%')) != NULL; fmt = pct + 2) {
		p = put_string(p, end, fmt, (size_t)(pct - fmt));
		switch (pct[1]) {
		case 's':
			s = va_arg(ap, const char *);
			p = put_string(p, end, s, strlen(s));
			break;
		case 'u':
			p = put_number(p, end, va_arg(ap, unsigned), 10, "0123456789");
			break;
		case '2':
			v = va_arg(ap, unsigned);
			if (v < 10)
				p = put_string(p, end, "0", 1);
			p = put_number(p, end, v, 10, "0123456789");
			break;
		case 'x':
			p = put_number(p, end, va_arg(ap, unsigned), 16, "0123456789abcdef");
			break;
		case 'X':
			p = put_number(p, end, va_arg(ap, unsigned), 16, "0123456789ABCDEF");
			break;
		case '8':
			v = va_arg(ap, unsigned);
			for (i = 32; (i -= 4) >= 0;)
				p = put_string(p, end, &"0123456789ABCDEF"[v >> i & 15], 1);
			break;
		case 'c':
			if (p < end)
				*p++ = (char)va_arg(ap, int);
			break;
		case '%':
			p = put_string(p, end, "%", 1);
			break;
		default:
			errx(2, "bad directive: %s", pct);
		}
	}
	return put_string(p, end, fmt, strlen(fmt));
}

void
gen_text(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = put_text(buf, buf + size - 1, fmt, ap);
	va_end(ap);
	*p = '\0';
}

/* Makes stamp[] show the current second; the part of a stamp below it is added per line. */
static void
set_stamp(struct gen *g)
{
	static const char *const month[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
	    "Aug", "Sep", "Oct", "Nov", "Dec" };
	static const unsigned days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	unsigned d, m, s;

	g->sec = g->us / 1000000;
	d = START_DAY + (unsigned)(g->sec / DAY) + (g->day > 0 ? (unsigned)g->day : 0);
	s = (unsigned)(g->sec % DAY);
	for (m = 0; d >= days[m % 12]; m++)
		d -= days[m % 12];
	d++;
	gen_text(g->plain, sizeof g->plain, "%s %s%u %2:%2:%2", month[m % 12],
	    d < 10 ? " " : "", d, s / 3600, s / 60 % 60, s % 60);
	if (g->iso || g->native)
		gen_text(g->stamp, sizeof g->stamp, "%u-%2-%2%c%2:%2:%2", 2026 + m / 12,
		    m % 12 + 1, d, g->native ? ' ' : 'T', s / 3600, s / 60 % 60, s % 60);
	else
		gen_text(g->stamp, sizeof g->stamp, "%s", g->plain);
	g->stamplen = strlen(g->stamp);
}

/* Of both kinds, six bytes of zone. */
static void
put_fraction(struct gen *g)
{
	unsigned us = (unsigned)(g->us % 1000000), n = g->native ? 3 : 6, i;

	*g->p++ = '.';
	if (g->native)
		us /= 1000;
	for (i = n; i-- > 0; us /= 10)
		g->p[i] = (char)('0' + us % 10);
	g->p += n;
	g->p = put_string(g->p, g->end, g->native ? " +0100" : "+01:00", 6);
}

static void
flush(struct gen *g)
{
	char *q = g->buf;
	ssize_t n;

	while (q < g->p) {
		if ((n = write(STDOUT_FILENO, q, (size_t)(g->p - q))) == -1) {
			if (errno == EINTR)
				continue;
			err(1, "standard output");
		}
		q += n;
	}
	g->p = g->buf;
}

void
gen_say(struct gen *g, enum gen_event what, const char *prog, unsigned pid, const char *fmt, ...)
{
	va_list ap;
	char *start, *body;
	uint64_t len;

	if (g->end - g->p < LINEROOM)
		flush(g);
	start = g->p;
	if (g->us / 1000000 != g->sec)
		set_stamp(g);
	memcpy(g->p, g->stamp, g->stamplen);
	g->p += g->stamplen;
	if (g->iso)
		put_fraction(g);
	body = g->p;
	*g->p++ = ' ';
	if (!g->native) {
		g->p = put_string(g->p, g->end, HOST " ", sizeof HOST);
		g->p = put_string(g->p, g->end, prog, strlen(prog));
		*g->p++ = '[';
		g->p = put_number(g->p, g->end, pid, 10, "0123456789");
		g->p = put_string(g->p, g->end, "]: ", 3);
	}
	va_start(ap, fmt);
	g->p = put_text(g->p, start + LINEROOM - 1, fmt, ap);
	va_end(ap);
	*g->p++ = '\n';
	g->truth.lines++;
	g->truth.bytes += (uint64_t)(g->p - start);
	g->truth.event[what]++;
	len = (uint64_t)(g->p - body) + (g->native ? PLAIN_NATIVE : PLAIN_SYSLOG);
	g->written += len;
	g->us += len * g->us_per_kb * gen_rnd(g, 2048) / (1024 * 1024);
}

/* Fewer sessions at once when lines are rare, so that each still writes one every few seconds. */
static int
slots_for(const struct gen *g, const struct gen_kind *k)
{
	uint64_t line_us = g->us_per_kb * LINE / 1024, n = STEP_US / (line_us + 1);

	return n < 2 ? 2 : n < (uint64_t)k->slots ? (int)n : k->slots;
}

static void
run(struct gen *g, const struct gen_kind *k)
{
	static struct sess slots[MAXSLOTS];
	int busy = slots_for(g, k), i;

	for (i = 0; i < busy; i++)
		k->open(g, &slots[i]);
	while (busy > 0) {
		i = (int)gen_rnd(g, (unsigned)busy);
		if (k->step(g, &slots[i]))
			continue;
		if (g->written < g->target)
			k->open(g, &slots[i]);
		else if (i != --busy)
			slots[i] = slots[busy];
	}
	flush(g);
}

/* A number with a decimal suffix: 100M is 100,000,000. */
static uint64_t
number(const char *s, const char *what)
{
	static const char suffix[] = "KMG";
	unsigned long long v;
	const char *at;
	char *e;

	errno = 0;
	v = strtoull(s, &e, 10);
	if (e == s || errno != 0 || *s == '-')
		errx(2, "%s: not a number: %s", what, s);
	if (*e != '\0' && (at = strchr(suffix, *e)) != NULL && e++)
		for (; at >= suffix; at--) {
			if (v > ULLONG_MAX / 1000)
				errx(2, "%s: too big: %s", what, s);
			v *= 1000;
		}
	if (*e != '\0')
		errx(2, "%s: not a number: %s", what, s);
	return v;
}

static const struct gen_kind *
kind(const char *name)
{
	static const struct gen_kind *const all[] = { &gen_postfix, &gen_submission, &gen_exim,
	    &gen_spamd };
	size_t i;

	for (i = 0; i < sizeof all / sizeof all[0]; i++)
		if (strcmp(name, all[i]->name) == 0)
			return all[i];
	errx(2, "unknown kind: %s", name);
}

static void
setup(struct gen *g, const struct gen_kind *k, uint64_t per_gb)
{
	uint64_t days = g->target / DAILY + 1, goal;

	g->native = k->native;
	g->us_per_kb = DAY * 1000000 / (DAILY / 1024);
	if (g->day >= 0)		/* a little faster, to end before midnight */
		g->us_per_kb = DAY / 100 * 98 * 1000000 / (g->target / 1024 + 100);
	else if (days > MAX_DAYS)
		g->us_per_kb = MAX_DAYS * DAY * 1000000 / (g->target / 1024);
	g->rng = gen_hash(g->seed ^ (uint64_t)(g->day + 1) << 32);
	g->ids = g->day > 0 ? (uint64_t)g->day * DAILY_IDS : 0;
	goal = (uint64_t)((double)g->target / 1e9 * (double)per_gb);
	g->source_goal[POOL_MTA] = goal / 10;
	g->source_goal[POOL_BAD] = goal - goal / 10;
	if ((g->buf = malloc(BUFSIZE)) == NULL)
		err(1, NULL);
	g->p = g->buf;
	g->end = g->buf + BUFSIZE;
	set_stamp(g);
}

int
main(int argc, char **argv)
{
	static struct gen g;
	const struct gen_kind *k = &gen_postfix;
	const char *truth = NULL;
	uint64_t per_gb = 400000, n;
	int ch;

	g.day = -1;
	g.seed = 1;
	g.target = 100000000;
	while ((ch = getopt(argc, argv, "b:d:ik:n:s:t:")) != -1)
		switch (ch) {
		case 'b':
			g.target = number(optarg, "-b");
			break;
		case 'd':
			if ((n = number(optarg, "-d")) >= GEN_DAYS)
				errx(2, "-d: no day before %d: %s", GEN_DAYS, optarg);
			g.day = (int)n;
			break;
		case 'i':
			g.iso = 1;
			break;
		case 'k':
			k = kind(optarg);
			break;
		case 'n':
			per_gb = number(optarg, "-n");
			break;
		case 's':
			g.seed = number(optarg, "-s");
			break;
		case 't':
			truth = optarg;
			break;
		default:
			fputs("usage: genlog [-i] [-b BYTES] [-d DAY]"
			    " [-k postfix|submission|exim|spamd]\n"
			    "\t[-n SOURCES_PER_GB] [-s SEED] [-t TRUTHFILE] > LOG\n", stderr);
			return 2;
		}
	if (optind != argc)
		errx(2, "too many arguments");
	setup(&g, k, per_gb);
	run(&g, k);
	if (truth != NULL)
		truth_write(&g, k, truth);
	free(g.buf);
	return 0;
}
