/*
 * What does not stand in one line: the parts of one that Exim cut for syslog, and syslogd's "last
 * message repeated 3 times", which stands for three more of the line before.
 *
 * In a piece (edge.h) both may go on what came before it. A part whose first one is not there is
 * held near the begin, and put together when the pieces are read; behind that the first one would
 * be too old. So is, at any time, a repetition of what stands before the piece. The last line of
 * each log is kept for that by whoever reads the pieces: it may not be an event at all.
 *
 * Of a line that is repeated only signs count again, and refused attempts as retries: anything else
 * says nothing new. So nothing hangs on repetitions.
 */
#include "base/problem.h"
#include "parser/daemons.h"
#include "parser/edge_private.h"
#include "parser/event_pack.h"

/* ev, of a line that was put together. */
static void
joined(struct slice line, struct event *ev)
{
	struct origin from = { .host = ev->host, .daemon = DAEMON_EXIM, .program = SLICE("exim") };
	struct header h = { .ts = ev->ts, .from = &from, .pid = ev->pid, .body = line };

	header_skip_exim(&h.body, &h.pid);
	event_parse(&h, ev);
	if (ev->type == EV_PART)	/* a stranger's words in a line that has no parts */
		event_reset(ev);
}

void
correlate_part(struct correlate *c, struct event *ev)
{
	struct split_part p = { ev->host, ev->pid, ev->number, ev->size,
		ev->flags & EF_BREAKS, event_get(ev, F_REPLY) };
	uint64_t past;
	struct slice line;

	correlate_time(c, ev);
	past = c->clock.past[SPAN_WINDOW];
	if (c->edges != NULL && p.part > 1 && edge_is_near(c) &&
	    splits_find(&c->splits, p.host, p.pid, past) == NULL)
		return;
	if (splits_add(&c->splits, &p, past, c->clock.tick, &line))
		joined(line, ev);
	else
		event_reset(ev);
}

bool
on_part(struct correlate *c, const struct event *ev)
{
	struct event again = *ev;

	if (c->edges != NULL) {
		c->edges->hold = true;
		return c->kept;
	}
	c->line_ts = ev->ts;		/* the clock stands where it stood then */
	c->line_host = ev->host;
	correlate_part(c, &again);
	return correlate_handlers[again.type](c, &again);
}

bool
correlate_repeat(struct event *ev, uint32_t times)
{
	bool sign = ev->type == EV_SASL_FAIL || ev->type == EV_PROTOCOL || ev->type == EV_DNSBL ||
	    ev->type == EV_NO_RDNS || (ev->type == EV_REJECT && ev->phase != PHASE_CONTENT);

	if (!sign || times == 0)
		return false;
	ev->flags |= EF_AGAIN;
	ev->repeat = (uint16_t)(times > UINT16_MAX ? UINT16_MAX : times);
	return true;
}

bool
on_repeat(struct correlate *c, const struct event *ev)
{
	struct unpack u = { .rest = buf_slice(&c->last) };
	struct event last, more = { .type = EV_NONE };

	if (c->edges != NULL) {
		c->edges->hold = true;
		return c->kept;
	}
	while (u.rest.n > 0) {
		event_unpack(&u, NULL, 0, &last);
		if (last.host == ev->host)
			more = last;
	}
	if (!correlate_repeat(&more, ev->number))
		return c->kept;
	more.ts = ev->ts;
	return correlate_handlers[more.type](c, &more);
}

void
correlate_last(struct correlate *c, struct slice events, const uint32_t *name, uint32_t names)
{
	struct unpack u = { .rest = events };
	struct event ev;

	if (events.n > 0)
		c->last.n = 0;
	while (u.rest.n > 0) {
		event_unpack(&u, name, names, &ev);
		if (u.bad)
			return;
		if (ev.host == 0)
			c->last.n = 0;
		else
			event_pack(&ev, &c->last);
	}
}
