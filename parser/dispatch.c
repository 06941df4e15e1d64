/*
 * event_parse(): the one table from a daemon to its parser (see daemons.h).
 *
 * rsyslog's "message repeated 3 times: [ connect from ...]" is taken apart here: the inner text
 * goes to the parser, the count into the event.
 */
#include "parser/daemons.h"
#include "parser/program.h"

struct daemon_parser {
	enum line_kind (*parse)(const struct header *h, struct event *ev);
	enum mta mta;
	uint32_t flags;
};

static enum line_kind postfix_any(const struct header *h, struct event *ev);

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
	[DAEMON_EXIM] = { exim_line, MTA_EXIM, 0 },
	[DAEMON_SPAMD] = { spamd_line, MTA_SPAMASSASSIN, 0 },
	[DAEMON_AMAVIS] = { amavis_line, MTA_AMAVIS, 0 },
	[DAEMON_POSTFIX] = { postfix_any, MTA_POSTFIX, 0 },
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

/* Of a daemon without a parser. */
static __attribute__((noinline)) enum line_kind
parse_nothing(const struct header *h, struct event *ev)
{
	ev->flags = h->rejectlog ? EF_REJECTLOG : 0;
	return h->from->daemon == DAEMON_BORING ? LINE_RECOGNISED : LINE_IGNORED;
}

/* Rare, and its header would be room on the stack for every line. */
static __attribute__((noinline)) enum line_kind
parse_repeated(const struct header *h, struct event *ev)
{
	struct header inner = *h;
	struct slice s = slice_skip(h->body, sizeof("message repeated ") - 1);
	const char *blank = slice_chr(slice_first(s, 12), ' ');
	uint64_t times;

	if (blank == NULL || !slice_u64(slice_range(s.p, blank), UINT32_MAX, &times))
		return LINE_UNKNOWN;
	s = slice_range(blank, slice_end(s));
	if (!slice_take(&s, SLICE(" times: [ ")) || !slice_ends(s, SLICE("]")))
		return LINE_UNKNOWN;
	inner.body = slice_first(s, s.n - 1);
	ev->repeat = (uint16_t)(times > UINT16_MAX ? UINT16_MAX : times ? times : 1);
	return parser[h->from->daemon].parse(&inner, ev);
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
	/* a parser that gave up half-way leaves no facts behind */
	if (kind != LINE_RECOGNISED) {
		ev->type = EV_NONE;
		ev->has = 0;
		ev->has_addr = ev->has_addr2 = false;
	}
	return kind;
}
