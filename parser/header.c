/*
 * See header.h. Behind the stamp:
 *	syslog	"host program[pid]: body" or "host program: body";
 *		before the body may stand Solaris' "[ID 197553 mail.info] "
 *	Exim	"[pid] body" or "body"; also behind a syslog header of exim,
 *		where Exim's own stamp may follow
 * What is seldom seen is in header_other.c.
 */
#include "parser/header.h"

#include <stdlib.h>

#include "base/problem.h"
#include "base/swar.h"
#include "parser/header_private.h"
#include "parser/program.h"

enum { DEALS = 64, HOST_MAX = 255, PROGRAM_MAX = 128 };

#define HEAD_KEY 0x9e3779b97f4a7c15u

struct header_reader *
header_open(struct names *names, const struct zone *zone, struct slice host, int first_year,
    int64_t now)
{
	struct header_reader *r = mem_alloc(sizeof(*r));

	r->names = names;
	r->host_none = names_id(names, host);
	r->exim = (struct origin){ .host = r->host_none, .daemon = DAEMON_EXIM_FILE };
	r->spamd = (struct origin){ .host = r->host_none, .daemon = DAEMON_SPAMD };
	r->last = &r->here;
	r->head_key = HEAD_KEY;
	stamp_init(&r->stamp, zone, first_year, now);
	stamp_init(&r->inner, zone, first_year, now);
	return r;
}

void
header_close(struct header_reader *r)
{
	free(r);
}

bool
header_years(const struct header_reader *r, int *first_r, int *last_r)
{
	*first_r = r->stamp.oldest;
	*last_r = r->stamp.year;
	return r->stamp.year != 0;
}

bool
header_zone_assumed(const struct header_reader *r)
{
	return r->stamp.zone_assumed;
}

/* The length of the program's name: up to '[', ':' or a blank; 8 bytes at a time. */
static inline size_t
program_length(struct slice s)
{
	size_t i = 0, max = s.n < PROGRAM_MAX ? s.n : PROGRAM_MAX;

	for (; i + 8 <= max; i += 8) {
		uint64_t v = swar_load(s.p + i);
		uint64_t hit = swar_equal(v, '[') | swar_equal(v, ':') | swar_equal(v, ' ');

		if (hit)
			return i + swar_first(hit);
	}
	while (i < max && s.p[i] != '[' && s.p[i] != ':' && s.p[i] != ' ')
		i++;
	return i;
}

static void
classify_program(struct header_reader *r, struct slice name, struct program *prog)
{
	const char *first = slice_chr(name, '/'), *last = slice_rchr(name, '/');

	prog->instance = 0;
	prog->service_at = prog->service_n = 0;
	if (first == NULL || first == name.p) {		/* "/usr/sbin/amavisd" */
		if (first != NULL)
			name = slice_range(last + 1, slice_end(name));
		prog->daemon = program_plain(name);
		if (prog->daemon == DAEMON_POSTFIX)
			prog->instance = names_id(r->names, program_instance(name));
		else if (program_knows_qid(prog->daemon))
			prog->instance = names_id(r->names, SLICE("postfix"));
		return;
	}
	prog->daemon = program_postfix(slice_range(last + 1, slice_end(name)));
	if (prog->daemon == DAEMON_OTHER)
		return;
	prog->instance = names_id(r->names, slice_range(name.p, first));
	if (last > first) {
		prog->service_at = (size_t)(first + 1 - name.p);
		prog->service_n = (size_t)(last - first - 1);
	}
}

/*
 * The place of a head whose "[" is n bytes behind p, 8 or more. Nearly all logs have one host and a
 * dozen programs: when two of them meet, a new key keeps them apart.
 */
static inline size_t
head_at(const struct header_reader *r, const char *p, size_t n)
{
	uint64_t program = swar_load(p + n - 8), host = swar_load(p);

	return (program ^ host << 8) * r->head_key >> (64 - HEAD_BITS);
}

void
header_program(struct header_reader *r, struct slice rest, size_t n)
{
	struct slice name = slice_first(rest, n);
	struct program once = { .n = n }, *prog = &once;

	if (n < PROGRAM_TEXT) {
		unsigned key = (unsigned char)name.p[n - 1] + (unsigned char)name.p[n / 2] * 5u;

		key = (key + (unsigned)n * 3) % PROGRAM_SLOTS;
		prog = &r->program[key];
		if (prog->n != n || !swar_same(prog->text, name.p, n)) {
			classify_program(r, name, prog);
			memcpy(prog->text, name.p, n);
			prog->n = n;
		}
	} else {
		classify_program(r, name, prog);
	}
	r->here = (struct origin){ .host = r->host,
		.instance = prog->instance,
		.daemon = prog->daemon,
		.program = { name.p, prog->n },
		.service = { name.p + prog->service_at, prog->service_n } };
}

/* "[123]" at the start of *s; more digits than a pid has are no pid. */
bool
header_pid(struct slice *s, uint32_t *pid_r)
{
	enum { DIGITS = 10 };
	const char *p = s->p + 1, *end;
	uint32_t pid = 0;
	unsigned d;

	if (s->n < 3 || s->p[0] != '[')
		return false;
	end = s->p + (s->n < DIGITS + 2 ? s->n - 1 : DIGITS + 1);
	for (; p < end && (d = (unsigned char)*p - (unsigned)'0') <= 9; p++)
		pid = pid * 10 + d;
	if (p == s->p + 1 || *p != ']')
		return false;
	*s = slice_range(p + 1, s->p + s->n);
	*pid_r = pid;
	return true;
}

void
header_host(struct header_reader *r, struct slice host)
{
	if (host.n == 1 && host.p[0] == '-') {
		r->host = r->host_none;
		r->host_text = SLICE_NONE;
		return;
	}
	r->host = names_id(r->names, host);
	r->host_text = names_text(r->names, r->host);
}

/* The host at the start of rest, and the blank behind it: their length. */
static size_t
host_length(const struct header_reader *r, struct slice rest, bool *known_r)
{
	struct slice host = r->host_text;
	const char *end;

	*known_r = host.n > 0 && rest.n > host.n && rest.p[host.n] == ' ' &&
	    swar_same(rest.p, host.p, host.n);
	if (*known_r)
		return host.n + 1;
	end = slice_chr(slice_first(rest, HOST_MAX + 1), ' ');
	return end ? (size_t)(end - rest.p) + 1 : 0;
}

/* Exim's message may begin with its own stamp (syslog only) and pid. */
__attribute__((noinline)) void
header_skip_exim(struct slice *body, uint32_t *pid)
{
	struct slice s = *body;
	uint32_t own;

	if (s.n && (unsigned char)(s.p[0] - '0') <= 9)
		stamp_skip_exim(&s);
	*body = s;
	if (header_pid(&s, &own) && s.n && s.p[0] == ' ') {
		*body = slice_skip(s, 1);
		*pid = own;
	}
}

/* "[ID 197553 mail.info] " */
static void
skip_solaris(struct slice *body)
{
	const char *end;

	if (!slice_starts(*body, SLICE("[ID ")))
		return;
	end = slice_chr(slice_first(*body, 64), ']');
	if (end != NULL && end + 1 < slice_end(*body) && end[1] == ' ')
		*body = slice_range(end + 2, slice_end(*body));
}

/* The origin of the line; that of lines to come, too, when it can be a head's. */
static const struct origin *
remember_head(struct header_reader *r, struct slice rest)
{
	const struct origin *o = &r->here;
	size_t at = (size_t)(o->program.p - rest.p), n = at + o->program.n;
	struct head *k;

	/* a line without blanks has no host; Exim's body may have a prefix */
	if (at == 0 || n < 8 || n >= HEAD_TEXT || slice_chr(rest, '[') != rest.p + n ||
	    o->daemon == DAEMON_EXIM)
		return o;
	k = &r->head[head_at(r, rest.p, n)];
	if (k->origin.program.n && memcmp(k->text, rest.p, n + 1) != 0 && r->deals < DEALS) {
		r->deals++;
		r->head_key = (r->head_key ^ r->head_key >> 29) * HEAD_KEY;
		memset(r->head, 0, sizeof(r->head));
		k = &r->head[head_at(r, rest.p, n)];
	}
	k->origin = *o;
	memcpy(k->text, rest.p, n + 1);
	k->origin.program.p = k->text + at;
	k->origin.service.p = k->text + (o->service.p - rest.p);
	return &k->origin;
}

/* Up to 7 digits at p, of which 8 bytes are read: how many, or 0. */
static inline size_t
read_pid(const char *p, uint32_t *pid_r)
{
	uint64_t v = swar_load(p), other = swar_not_digit(v);
	size_t n = other ? swar_first(other) : 0;

	if (n)
		*pid_r = swar_number(v, n);
	return n;
}

/*
 * Most lines: a host and a program that are known together. True when *h is filled; whatever is
 * unusual is left to parse_syslog(). What is behind the line can be read, but the line must not end
 * before its body.
 */
static inline __attribute__((always_inline)) bool
parse_known(struct header_reader *r, const char *p, const char *end, struct header *h)
{
	uint32_t open = wide_equal32(p, '['), differ;
	const struct head *k;
	uint32_t pid = 0;
	size_t n, digits;

	if (open != 0) {
		n = (unsigned)__builtin_ctz(open);
		if (n < 8)
			return false;
		k = &r->head[head_at(r, p, n)];
		differ = (open ^ (open - 1)) & ~wide_same32(p, k->text);
	} else if ((open = wide_equal32(p + 32, '[')) != 0) {
		n = 32 + (unsigned)__builtin_ctz(open);
		k = &r->head[head_at(r, p, n)];
		differ = ~wide_same32(p, k->text) |
		    ((open ^ (open - 1)) & ~wide_same32(p + 32, k->text + 32));
	} else {
		return false;
	}
	if (differ != 0)
		return false;
	digits = read_pid(p + n + 1, &pid);
	p += n + digits + 4;
	if (digits == 0 || memcmp(p - 3, "]: ", 3) != 0 || *p == '[' || p > end)
		return false;
	h->from = r->last = &k->origin;
	h->pid = pid;
	h->body = slice_range(p, end);
	return true;
}

enum line_kind
header_syslog(struct header_reader *r, struct slice whole, struct header *h)
{
	struct slice rest, body;
	bool known;
	size_t host = host_length(r, whole, &known), n;

	rest = slice_skip(whole, host);
	n = program_length(rest);
	h->pid = 0;
	body = slice_skip(rest, n);
	if (body.n && body.p[0] == '[' && !header_pid(&body, &h->pid)) {
		const char *end = slice_chr(slice_first(body, 32), ']');

		body = end ? slice_range(end + 1, slice_end(body)) : body;
	}
	if (n == 0 || body.n == 0 || body.p[0] != ':' || (body.n > 1 && body.p[1] != ' '))
		return header_syslog_other(r, whole, h);
	if (!known)
		header_host(r, slice_first(whole, host ? host - 1 : 0));
	header_program(r, rest, n);
	h->from = r->last = remember_head(r, whole);
	h->body = slice_skip(body, 2);
	if (h->body.n && h->body.p[0] == '[')
		skip_solaris(&h->body);
	if (h->from->daemon == DAEMON_EXIM)
		header_skip_exim(&h->body, &h->pid);
	return LINE_RECOGNISED;
}

/* A line of Exim's own file; rest: behind its stamp. */
static inline __attribute__((always_inline)) void
parse_exim(struct header_reader *r, struct slice rest, struct header *h)
{
	r->last_ts = h->ts;
	h->from = &r->exim;
	h->body = rest;
	h->pid = 0;
	/* "[123] ", or once more a stamp; the first hyphen of an ID comes later */
	if (rest.n && (rest.p[0] == '[' || rest.p[4] == '-'))
		header_skip_exim(&h->body, &h->pid);
}

void
header_exim(struct header_reader *r, struct slice rest, struct header *h)
{
	parse_exim(r, rest, h);
}

/*
 * Exim's message has an ID, or a word with "=" ("H="), at its start. What has not, and a word that
 * "[" stands in, may be another daemon's, behind a stamp that looks like Exim's.
 */
static inline bool
may_be_syslog(struct slice rest)
{
	uint32_t open;

	if (rest.p[6] == '-' || rest.p[1] == '=')
		return false;
	open = wide_equal32(rest.p, '[') & ~1u;
	if (open == 0)
		open = wide_equal32(rest.p + 32, '[') != 0;
	return (open & 1) || (open != 0 && rest.p[__builtin_ctz(open) - 1] != ' ');
}

/* Behind a stamp; h->ts is set. */
static enum line_kind
parse_form(struct header_reader *r, enum stamp_form form, struct slice rest, struct header *h)
{
	r->last_ts = h->ts;
	if (form == STAMP_SPAMD)
		return header_spamd(r, rest, h);
	if (form == STAMP_EXIM && !(may_be_syslog(rest) && header_is_syslog(rest))) {
		parse_exim(r, rest, h);
		return LINE_RECOGNISED;
	}
	return parse_known(r, rest.p, rest.p + rest.n, h) ? LINE_RECOGNISED :
	    header_syslog(r, rest, h);
}

enum line_kind
header_line(struct header_reader *r, struct slice line, struct header *h)
{
	struct slice rest = line;
	enum stamp_form form = stamp_parse(&r->stamp, &rest, &h->ts);

	return form == STAMP_NONE ? header_other(r, line, h) : parse_form(r, form, rest, h);
}

/* Any line; p is behind its stamp if that is known, else NULL. Apart: the usual one is short. */
static __attribute__((noinline)) enum line_kind
parse_any(struct header_reader *r, const char *p, struct slice line, struct header *h)
{
	if (p != NULL && p <= line.p + line.n && line.n >= STAMP_LINE)
		return parse_form(r, r->stamp.last.form, slice_range(p, line.p + line.n), h);
	return header_line(r, line, h);
}

enum line_kind
header_parse(struct header_reader *r, struct slice line, struct header *h)
{
	const char *end = line.p + line.n, *p = stamp_take_known(&r->stamp, line.p, &h->ts);
	enum stamp_form form = r->stamp.last.form;

	if (p != NULL && form == STAMP_SYSLOG && parse_known(r, p, end, h)) {
		r->last_ts = h->ts;
		return LINE_RECOGNISED;
	}
	if (p != NULL && form == STAMP_EXIM && p <= end && line.n >= STAMP_LINE &&
	    !may_be_syslog(slice_range(p, end))) {
		parse_exim(r, slice_range(p, end), h);
		return LINE_RECOGNISED;
	}
	return parse_any(r, p, line, h);
}

enum line_kind
header_parse_inner(struct header_reader *r, struct slice line, int64_t ts, struct header *h)
{
	struct slice rest = line;
	enum stamp_form form = stamp_parse(&r->inner, &rest, &h->ts);

	if (form == STAMP_NONE || r->inner.local)
		h->ts = ts;
	if (form != STAMP_NONE)
		return parse_form(r, form, rest, h);
	r->last_ts = ts;
	return header_bare(r, line, h);
}
