/*
 * event_parse(): the one table from a daemon to its parser (see daemons.h).
 *
 * rsyslog's "message repeated 3 times: [ connect from ...]" is taken apart here: the inner text
 * goes to the parser, the count into the event.
 */
#include "parser/daemons.h"
#include "parser/program.h"
#include "parser/splits.h"

struct daemon_parser {
	enum line_kind (*parse)(const struct header *h, struct event *ev);
	enum mta mta;
	uint32_t flags;
};

static enum line_kind postfix_any(const struct header *h, struct event *ev);
static enum line_kind exim_by_syslog(const struct header *h, struct event *ev);

static const struct daemon_parser parser[DAEMON_COUNT] = {
	[DAEMON_SMTPD] = { postfix_smtpd, MTA_POSTFIX, 0 },
	[DAEMON_POSTSCREEN] = { postfix_postscreen, MTA_POSTFIX, EF_POSTSCREEN },
	[DAEMON_DNSBLOG] = { postfix_dnsblog, MTA_POSTFIX, 0 },
	[DAEMON_CLEANUP] = { postfix_cleanup, MTA_POSTFIX, 0 },
	[DAEMON_QMGR] = { postfix_qmgr, MTA_POSTFIX, 0 },
	[DAEMON_PICKUP] = { postfix_pickup, MTA_POSTFIX, 0 },
	[DAEMON_SMTP] = { postfix_delivery, MTA_POSTFIX, 0 },
	[DAEMON_LMTP] = { postfix_delivery, MTA_POSTFIX, 0 },
	[DAEMON_LOCAL] = { postfix_delivery, MTA_POSTFIX, 0 },
	[DAEMON_ERROR] = { postfix_delivery, MTA_POSTFIX, 0 },
	[DAEMON_BOUNCE] = { postfix_bounce, MTA_POSTFIX, 0 },
	[DAEMON_EXIM] = { exim_by_syslog, MTA_EXIM, EF_SYSLOG },
	[DAEMON_EXIM_FILE] = { exim_line, MTA_EXIM, 0 },
	[DAEMON_SPAMD] = { spamd_line, MTA_SPAMASSASSIN, 0 },
	[DAEMON_AMAVIS] = { amavis_line, MTA_AMAVIS, 0 },
	[DAEMON_POSTFIX] = { postfix_any, MTA_POSTFIX, 0 },
	[DAEMON_RSPAMD] = { rspamd_line, MTA_RSPAMD, 0 },
	[DAEMON_MIMEDEFANG] = { mimedefang_line, MTA_MIMEDEFANG, 0 },
	[DAEMON_DOVECOT] = { dovecot_line, MTA_DOVECOT, 0 },
	[DAEMON_POLICY] = { policy_line, MTA_NONE, 0 },
	[DAEMON_MILTER] = { milter_line, MTA_NONE, 0 },
};

/* By the daemon that says such things. */
static enum line_kind
postfix_any(const struct header *h, struct event *ev)
{
	struct header as = *h;
	struct origin from = *h->from;

	from.daemon = program_guess(h->body);
	as.from = &from;
	if (from.daemon == DAEMON_BORING)
		return LINE_RECOGNISED;
	ev->flags |= parser[from.daemon].flags;
	return parser[from.daemon].parse(&as, ev);
}

/* "last message repeated 3 times", also "--- last message repeated 3 times ---". */
static void
parse_last(struct slice s, struct event *ev)
{
	uint64_t times;
	const char *blank;

	slice_take(&s, SLICE("--- "));
	if (!slice_take(&s, SLICE("last message repeated ")) ||
	    (blank = slice_chr(slice_first(s, 12), ' ')) == NULL ||
	    !slice_u64(slice_range(s.p, blank), UINT32_MAX, &times))
		return;
	ev->type = EV_REPEAT;
	ev->number = (uint32_t)times;
}

/* "[1/3] TEXT" of Exim by way of syslog; "[1\3] " when the line breaks behind it. */
static bool
parse_part(const struct header *h, struct event *ev)
{
	struct slice s = h->body;
	const char *end = slice_chr(slice_first(s, 10), ']'), *mid;
	uint64_t part, parts;

	if (end == NULL || end + 1 >= slice_end(s) || end[1] != ' ')
		return false;
	for (mid = s.p + 1; mid < end && *mid != '/' && *mid != '\\'; mid++)
		;
	if (mid == end || !slice_u64(slice_range(s.p + 1, mid), SPLIT_PARTS, &part) ||
	    !slice_u64(slice_range(mid + 1, end), SPLIT_PARTS, &parts) || part < 1 || part > parts)
		return false;
	event_reset(ev);
	ev->type = EV_PART;
	ev->number = (uint32_t)part;
	ev->size = (uint32_t)parts;
	ev->flags = EF_SYSLOG | (*mid == '\\' ? EF_BREAKS : 0);
	event_set(ev, F_REPLY, slice_range(end + 2, slice_end(s)));
	return true;
}

static enum line_kind
exim_by_syslog(const struct header *h, struct event *ev)
{
	enum line_kind kind = exim_line(h, ev);

	return kind != LINE_RECOGNISED && parse_part(h, ev) ? LINE_RECOGNISED : kind;
}

/* Of a daemon without a parser. */
static __attribute__((noinline)) enum line_kind
parse_nothing(const struct header *h, struct event *ev)
{
	if (h->from->program.n == 0)
		parse_last(h->body, ev);
	ev->flags = h->rejectlog ? EF_REJECTLOG : 0;
	return h->from->daemon == DAEMON_BORING ? LINE_RECOGNISED : LINE_IGNORED;
}

bool
line_repeated(struct slice *body, uint16_t *times_r)
{
	struct slice s = *body;
	const char *blank;
	uint64_t times;

	if (!slice_take(&s, SLICE("message repeated ")))
		return false;
	blank = slice_chr(slice_first(s, 12), ' ');
	if (blank == NULL || !slice_u64(slice_range(s.p, blank), UINT32_MAX, &times))
		return false;
	s = slice_range(blank, slice_end(s));
	if (!slice_take(&s, SLICE(" times: [ ")) || !slice_ends(s, SLICE("]")))
		return false;
	*body = slice_first(s, s.n - 1);
	*times_r = (uint16_t)(times > UINT16_MAX ? UINT16_MAX : times ? times : 1);
	return true;
}

/* Rare, and its header would be room on the stack for every line. */
static __attribute__((noinline)) enum line_kind
parse_repeated(const struct header *h, struct event *ev)
{
	struct header inner = *h;

	if (!line_repeated(&inner.body, &ev->repeat))
		return LINE_UNKNOWN;
	return parser[h->from->daemon].parse(&inner, ev);
}

/* A parser that gave up half-way leaves no facts behind. */
static __attribute__((noinline)) enum line_kind
gave_up(struct event *ev, enum line_kind kind)
{
	ev->type = EV_NONE;
	ev->has = 0;
	ev->has_addr = ev->has_addr2 = false;
	return kind;
}

enum line_kind
event_parse(const struct header *h, struct event *ev)
{
	const struct origin *from = h->from;
	const struct daemon_parser *d = &parser[from->daemon];
	enum line_kind kind;

	event_reset(ev);
	ev->ts = h->ts;
	ev->host = from->host;
	ev->instance = from->instance;
	ev->pid = h->pid;
	ev->mta = d->mta;
	if (d->parse == NULL)
		return parse_nothing(h, ev);
	ev->flags = d->flags | (h->rejectlog ? EF_REJECTLOG : 0);
	if (from->service.n)
		event_set(ev, F_SERVICE, from->service);
	if (h->body.n && h->body.p[0] == 'm' && slice_starts(h->body, SLICE("message repeated ")))
		kind = parse_repeated(h, ev);
	else
		kind = d->parse(h, ev);
	return kind == LINE_RECOGNISED ? kind : gave_up(ev, kind);
}
