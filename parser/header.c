/*
 * See header.h. Behind the stamp:
 *	syslog	"host program[pid]: body" or "host program: body";
 *		before the body may stand Solaris' "[ID 197553 mail.info] "
 *	Exim	"[pid] body" or "body"; also behind a syslog header of exim,
 *		where Exim's own stamp may follow
 *	spamd	"[pid] info: body"
 *
 * Lines of the syslog daemon itself ("last message repeated 3 times", "-- MARK --") and of
 * journalctl ("-- Boot ... --") are recognised and boring.
 */
#include "parser/header.h"

#include <stdlib.h>

#include "base/problem.h"
#include "base/swar.h"
#include "parser/program.h"
#include "parser/stamp.h"

enum {
	PROGRAM_TEXT = 32,	/* names as long as this are classified anew each time */
	PROGRAM_SLOTS = 64,
	HEAD_TEXT = 64,
	HEAD_BITS = 10,
	DEALS = 64,
	HOST_MAX = 255,
	PROGRAM_MAX = 128
};

#define HEAD_KEY 0x9e3779b97f4a7c15u

/* What a program's name says: remembered, because a log has a dozen names and a billion lines. */
struct program {
	char text[PROGRAM_TEXT];
	size_t n;		/* < PROGRAM_TEXT; 0: free */
	enum daemon daemon;
	uint32_t instance;
	size_t service_at, service_n;
};

/*
 * "mx1 postfix/smtpd[", what stands before "123]: ", and what it says: see parse_known(). Its only
 * "[" is its last byte; a free one has none.
 */
struct head {
	char text[HEAD_TEXT];
	struct origin origin;		/* its slices are of the text */
};

struct header_reader {
	struct names *names;
	struct stamp_reader stamp;
	struct slice host_text;		/* of host; the interner's copy */
	uint32_t host;			/* a recent one */
	int64_t last_ts;
	const struct origin *last;	/* of the last line from syslog */
	struct origin here, marker;	/* of lines that no head stands for */
	struct origin exim, spamd;	/* of their own files */
	struct program program[PROGRAM_SLOTS];
	uint64_t head_key;		/* which places heads have */
	unsigned deals;			/* how often they were given others */
	struct head head[1 << HEAD_BITS];
};

struct header_reader *
header_open(struct names *names, const struct zone *zone, struct slice host, int first_year,
    int64_t now)
{
	struct header_reader *r = mem_alloc(sizeof(*r));

	r->names = names;
	r->exim = (struct origin){ .host = names_id(names, host), .daemon = DAEMON_EXIM };
	r->spamd = (struct origin){ .host = r->exim.host, .daemon = DAEMON_SPAMD };
	r->last = &r->here;
	r->head_key = HEAD_KEY;
	stamp_init(&r->stamp, zone, first_year, now);
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
	if (first == NULL) {
		prog->daemon = program_plain(name);
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
 * The place of a head whose "[" is n bytes behind p; 8 bytes can be read before p. Nearly all logs
 * have one host and a dozen programs: when two of them meet, a new key keeps them apart.
 */
static inline size_t
head_at(const struct header_reader *r, const char *p, size_t n)
{
	uint64_t program = swar_load(p + n - 8), host = swar_load(p);

	return (program ^ host << 8) * r->head_key >> (64 - HEAD_BITS);
}

static void
set_program(struct header_reader *r, struct slice rest, size_t n)
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
static inline bool
take_pid(struct slice *s, uint32_t *pid_r)
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

static void
set_host(struct header_reader *r, struct slice *rest)
{
	struct slice host = r->host_text;

	if (host.n == 0 || rest->n <= host.n || rest->p[host.n] != ' ' ||
	    !swar_same(rest->p, host.p, host.n)) {
		const char *end = slice_chr(slice_first(*rest, HOST_MAX + 1), ' ');

		host = slice_range(rest->p, end ? end : rest->p);
		r->host = names_id(r->names, host);
		r->host_text = names_text(r->names, r->host);
	}
	*rest = slice_skip(*rest, host.n + (host.n > 0));
}

/* Exim's message may begin with its own stamp (syslog only) and pid. */
static __attribute__((noinline)) void
skip_exim_prefix(struct slice *body, uint32_t *pid)
{
	struct slice s = *body;
	uint32_t own;

	if (s.n && (unsigned char)(s.p[0] - '0') <= 9)
		stamp_skip_exim(&s);
	*body = s;
	if (take_pid(&s, &own) && s.n && s.p[0] == ' ') {
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

static bool
syslog_marker(struct slice s)
{
	return slice_starts(s, SLICE("last message repeated ")) ||
	       slice_starts(s, SLICE("-- MARK --")) ||
	       slice_starts(s, SLICE("--- last message repeated "));
}

static enum line_kind
parse_marker(struct header_reader *r, uint32_t host, struct slice body, struct header *h)
{
	r->marker = (struct origin){ .host = host, .daemon = DAEMON_BORING };
	h->ts = r->last_ts;
	h->from = r->last = &r->marker;
	h->pid = 0;
	h->body = body;
	return LINE_RECOGNISED;
}

/* The origin of the line; that of lines to come, too, when it can be a head's. */
static const struct origin *
remember_head(struct header_reader *r, struct slice rest)
{
	const struct origin *o = &r->here;
	size_t at = (size_t)(o->program.p - rest.p), n = at + o->program.n;
	struct head *k;

	/* a line without blanks has no host; Exim's body may have a prefix */
	if (at == 0 || n >= HEAD_TEXT || slice_chr(rest, '[') != rest.p + n ||
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

static enum line_kind
parse_syslog(struct header_reader *r, struct slice rest, struct header *h)
{
	struct slice whole = rest, body;
	size_t n;

	set_host(r, &rest);
	n = program_length(rest);
	h->pid = 0;
	body = slice_skip(rest, n);
	if (body.n && body.p[0] == '[' && !take_pid(&body, &h->pid)) {
		const char *end = slice_chr(slice_first(body, 32), ']');

		body = end ? slice_range(end + 1, slice_end(body)) : body;
	}
	if (n == 0 || body.n == 0 || body.p[0] != ':' || (body.n > 1 && body.p[1] != ' '))
		return syslog_marker(rest) ? parse_marker(r, r->host, rest, h) : LINE_BAD;
	set_program(r, rest, n);
	h->from = r->last = remember_head(r, whole);
	h->body = slice_skip(body, 2);
	if (h->body.n && h->body.p[0] == '[')
		skip_solaris(&h->body);
	if (h->from->daemon == DAEMON_EXIM)
		skip_exim_prefix(&h->body, &h->pid);
	return LINE_RECOGNISED;
}

/* "[27765] info: spamd: result: ..." */
static enum line_kind
parse_spamd(struct header_reader *r, struct slice rest, struct header *h)
{
	static const struct slice level[] = { { "info: ", 6 }, { "warn: ", 6 }, { "error: ", 7 },
		{ "dbg: ", 5 }, { "notice: ", 8 }, { "fatal: ", 7 } };

	h->body = rest;
	if (!take_pid(&h->body, &h->pid) || !slice_take(&h->body, SLICE(" ")))
		return LINE_BAD;
	for (size_t i = 0; i < sizeof(level) / sizeof(level[0]); i++)
		if (slice_take(&h->body, level[i])) {
			h->from = &r->spamd;
			return LINE_RECOGNISED;
		}
	return LINE_BAD;
}

/* Lines that journalctl writes between others. */
static bool
journal_marker(struct slice s)
{
	return slice_starts(s, SLICE("-- Boot ")) || slice_starts(s, SLICE("-- Logs begin")) ||
	    slice_starts(s, SLICE("-- Journal begins")) || slice_starts(s, SLICE("-- Reboot --")) ||
	    slice_starts(s, SLICE("-- No entries --"));
}

/* A line of Exim's own file; rest: behind its stamp. */
static inline void
parse_exim(struct header_reader *r, struct slice rest, struct header *h)
{
	r->last_ts = h->ts;
	h->from = &r->exim;
	h->body = rest;
	h->pid = 0;
	/* "[123] ", or once more a stamp; the first hyphen of an ID comes later */
	if (rest.n && (rest.p[0] == '[' || rest.p[4] == '-'))
		skip_exim_prefix(&h->body, &h->pid);
}

/* Any line; p is behind its stamp if that is known, else NULL. Apart: the usual one is short. */
static __attribute__((noinline)) enum line_kind
parse_any(struct header_reader *r, const char *p, struct slice line, struct header *h)
{
	struct slice rest = line;
	enum stamp_form form = r->stamp.last.form;

	if (p != NULL && p <= line.p + line.n && line.n >= STAMP_LINE)
		rest = slice_range(p, line.p + line.n);
	else
		form = stamp_parse(&r->stamp, &rest, &h->ts);
	if (form == STAMP_NONE)
		return journal_marker(line) ? parse_marker(r, r->last->host, line, h) : LINE_BAD;
	r->last_ts = h->ts;
	if (form == STAMP_SYSLOG)
		return parse_known(r, rest.p, rest.p + rest.n, h) ? LINE_RECOGNISED :
		    parse_syslog(r, rest, h);
	if (form == STAMP_SPAMD)
		return parse_spamd(r, rest, h);
	parse_exim(r, rest, h);
	return LINE_RECOGNISED;
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
	if (p != NULL && form == STAMP_EXIM && p <= end && line.n >= STAMP_LINE) {
		parse_exim(r, slice_range(p, end), h);
		return LINE_RECOGNISED;
	}
	return parse_any(r, p, line, h);
}
