/*
 * What each event does to the correlator: a table of handlers. See correlate.c for the memory
 * that they share, and event.h for the fields that each type carries. Here are the handlers of
 * messages with a queue id; the others are in handlers_session.c.
 */
#include "parser/edge_private.h"

#include <limits.h>

/* Of the event in hand, which comes to it now. */
static inline uint32_t
window_of(struct correlate *c, struct slice message_id)
{
	if (c->joins.waiting > correlate_most_waiting(c))
		correlate_crowded(c);
	if (c->edges != NULL)
		edge_window(c, message_id);
	return join_window(&c->joins, message_id, c->clock.tick);
}

#define BIT(field) (1u << (field))

enum { CLIENT_TEXTS = BIT(F_CLIENT_NAME) | BIT(F_HELO) | BIT(F_SERVICE) | BIT(F_PROTO) |
	    BIT(F_ACCOUNT) };

/* What an opener says of the client, without its CLIENT_TEXTS. */
static inline void
set_client(struct record *r, const struct event *ev)
{
	if (event_has(ev, F_ACCOUNT))
		r->flags |= MF_AUTH;
	r->has_addr = ev->has_addr;
	r->port = ev->port;
	r->local_port = ev->local_port;
	if (!ev->has_addr)
		return;
	r->addr = ev->addr;
	r->inside = !addr_is_public(&ev->addr);
	r->loopback = r->inside && addr_is_loopback(&ev->addr);
	if (!event_has(ev, F_CLIENT_NAME))
		r->flags |= MF_NO_NAME;
}

static inline void
set_session(struct correlate *c, struct record *r, const struct event *ev)
{
	struct told t = session_told(c, ev);

	if (!t.session)
		r->tainted = true;
	if (t.tls)
		r->flags |= MF_TLS;
	if (t.mismatch) {
		r->flags |= MF_RDNS_MISMATCH;
		record_set(r, T_UNVERIFIED, t.name);
	}
}

static bool
on_client(struct correlate *c, const struct event *ev)
{
	struct record *r = record_opened(c, ev);

	record_take(r, ev, CLIENT_TEXTS);
	set_client(r, ev);
	set_session(c, r, ev);
	/*
	 * XFORWARD: the filter hands the true client on. A stranger's words can look like that too
	 * (the AUTH= of a MAIL command is logged as sasl_sender), so only hosts inside are
	 * believed.
	 */
	if (ev->has_addr2 && r->inside) {
		r->addr = ev->addr2;
		r->has_addr = true;
	}
	return c->kept;
}

static bool
on_pickup(struct correlate *c, const struct event *ev)
{
	struct record *r = record_opened(c, ev);

	r->flags |= MF_LOCAL;
	record_take(r, ev, BIT(F_USER) | BIT(F_SENDER));
	return c->kept;
}

/*
 * The event tells the record's message-id: the first one is its own. Of one that is tainted that
 * cannot be known: then what waits for the id hangs on it in any case.
 */
static inline bool
tells_id(struct correlate *c, const struct record *r, const struct event *ev)
{
	if (event_get(ev, F_MESSAGE_ID).n == 0)
		return false;
	if (!record_has(r, T_MESSAGE_ID))
		return true;
	if (r->tainted)
		edge_taint_window(c, window_of(c, ev->f[F_MESSAGE_ID]));
	return false;
}

/* Its message-id was set. */
static void
set_window(struct correlate *c, struct record *r, const struct event *ev)
{
	join_record(&c->joins, &c->records, window_of(c, ev->f[F_MESSAGE_ID]),
	    (uint32_t)(r - c->records.item));
	if (c->edges != NULL)
		edge_joined(c, r);
}

static bool
on_message_id(struct correlate *c, const struct event *ev)
{
	struct record *r = record_of(c, ev);

	if (tells_id(c, r, ev)) {
		record_set(r, T_MESSAGE_ID, ev->f[F_MESSAGE_ID]);
		set_window(c, r, ev);
	}
	return c->kept;
}

static void
set_sender(struct record *r, const struct event *ev)
{
	if (event_has(ev, F_SENDER))
		record_set(r, T_SENDER, ev->f[F_SENDER]);
	if (ev->flags & EF_NULL_SENDER)
		r->flags |= MF_NULL_SENDER;
}

static bool
on_queued(struct correlate *c, const struct event *ev)
{
	struct record *r = record_of(c, ev);

	set_sender(r, ev);
	r->recipients = ev->number ? ev->number : 1;
	r->size = ev->size;
	return c->kept;
}

/* The directory that the line before told of. */
static void
set_place(struct correlate *c, struct record *r, const struct event *ev)
{
	struct slice cwd = SLICE_NONE;

	if (c->told != NULL && c->told->place) {
		cwd = c->told->cwd;
	} else if (c->cwd.n && c->cwd.host == ev->host && ev->ts - c->cwd.ts <= 2 &&
	    !correlate_is_past(c, SPAN_WINDOW, c->cwd.tick) &&
	    (c->cwd.pid == 0 || ev->pid == 0 || c->cwd.pid == ev->pid)) {
		cwd = (struct slice){ c->cwd.text, c->cwd.n };
		c->cwd.n = 0;
	}
	if (c->edges != NULL)
		edge_place(c, cwd);
	if (cwd.n)
		record_set(r, T_CWD, cwd);
}

static bool
on_received(struct correlate *c, const struct event *ev)
{
	struct record *r = record_opened(c, ev);
	bool local = !ev->has_addr && !(ev->flags & EF_BOUNCE_MSG), joins = tells_id(c, r, ev);

	record_take(r, ev, CLIENT_TEXTS | BIT(F_SENDER) | (local ? BIT(F_USER) : 0) |
	    (joins ? BIT(F_MESSAGE_ID) : 0));
	set_client(r, ev);
	r->size = ev->size;
	r->flags |= (ev->flags & EF_NULL_SENDER ? MF_NULL_SENDER : 0) | (local ? MF_LOCAL : 0) |
	    (ev->flags & EF_BOUNCE_MSG ? MF_BOUNCE | MF_LOCAL : 0);
	if (local)
		set_place(c, r, ev);
	if (joins)
		set_window(c, r, ev);
	return c->kept;
}

/* The domain of a recipient that got it by SMTP at a public address. */
static void
add_domain(struct record *r, struct slice rcpt)
{
	const char *p = slice_rchr(rcpt, '@');
	struct slice domain, s;
	uint32_t at = r->domains_at;
	unsigned text;

	if (p == NULL || r->domains == MESSAGE_DOMAINS)
		return;
	domain = slice_range(p + 1, slice_end(rcpt));
	if (r->domains == 0)
		r->domains_at = r->text_n;
	else
		while (record_next(r, &at, &text, &s))
			if (text == T_DOMAIN && slice_eq_nocase(domain, s))
				return;
	r->domains++;
	record_set(r, T_DOMAIN, domain);
}

enum { FAILURE = sizeof(struct failure), REPLY = 300 };

/* A bounce is final, and what is said of the whole message comes behind its data. */
static inline unsigned
weight_of(const struct failure *f)
{
	return (f->status == DELIVERY_DEFERRED ? 0u : 2u) + f->data;
}

/* Was that reply kept? *least_r: of those that are, the first of the least weight. */
static bool
knows_failure(const struct record *r, const struct failure *f, struct slice text,
    const char **least_r, unsigned *weight_r)
{
	struct failure other;
	uint32_t at = 0;
	unsigned which;
	struct slice s;

	*weight_r = UINT_MAX;
	while (record_next(r, &at, &which, &s)) {
		if (which != T_FAILED)
			continue;
		memcpy(&other, s.p, FAILURE);
		if (other.status == f->status && slice_eq(text, slice_skip(s, FAILURE)))
			return true;		/* a queue run says it again */
		if (weight_of(&other) < *weight_r) {
			*weight_r = weight_of(&other);
			*least_r = s.p;
		}
	}
	return false;
}

/* Each reply once; when there is no room it takes that of one of less weight. */
static void
add_failure(struct record *r, const struct event *ev)
{
	struct slice text = slice_first(event_get(ev, F_REPLY), REPLY);
	struct failure f = { .status = ev->reason, .data = ev->flags & EF_PHASE_DATA,
		.remote = ev->agent == AGENT_REMOTE };
	char both[FAILURE + REPLY];
	const char *least = NULL;
	unsigned weight;

	if (text.n == 0 || knows_failure(r, &f, text, &least, &weight))
		return;
	if (r->replies == MESSAGE_REPLIES) {
		if (weight_of(&f) <= weight)
			return;
		record_cut(r, least);
		r->replies--;
	}
	f.replier = ev->has_addr2 ? addr_key(&ev->addr2) : hash_fixed(event_get(ev, F_RELAY), 8);
	memcpy(both, &f, FAILURE);
	memcpy(both + FAILURE, text.p, text.n);
	r->replies++;
	record_set(r, T_FAILED, (struct slice){ both, FAILURE + text.n });
}

static bool
on_delivery(struct correlate *c, const struct event *ev)
{
	struct record *r = record_of(c, ev);
	bool remote = ev->agent == AGENT_REMOTE;
	bool public = remote && ev->has_addr2 && addr_is_public(&ev->addr2);

	record_take(r, ev, (record_has(r, T_RCPT) ? 0 : BIT(F_RCPT)) |
	    (record_has(r, T_NEXT_ID) ? 0 : BIT(F_RELAY_ID)));
	if (public)
		add_domain(r, event_get(ev, F_RCPT));
	switch (ev->reason) {
	case DELIVERY_SENT:
		r->sent_local += ev->agent == AGENT_LOCAL;
		r->sent_remote += public;
		r->sent_private += remote && !public;
		r->handed += ev->agent == AGENT_FILTER || (ev->flags & EF_PIPE) ||
		    (remote && !public);
		r->piped += (ev->flags & EF_PIPE) != 0;
		break;
	case DELIVERY_DEFERRED:
		r->deferred = true;
		add_failure(r, ev);
		break;
	default:
		r->bounced++;
		add_failure(r, ev);
	}
	return c->kept;
}

static bool
on_bounce(struct correlate *c, const struct event *ev)
{
	struct record *r = record_child(c, ev);

	r->opened = true;
	r->flags |= MF_BOUNCE | MF_LOCAL;
	return c->kept;
}

/* A closer without anything before it is the end of a message that began before the log. */
static bool
on_removed(struct correlate *c, const struct event *ev)
{
	struct record *r = record_of(c, ev);

	correlate_retire(
	    c, (uint32_t)(r - c->records.item), r->opened ? STATE_COMPLETE : STATE_OPEN);
	return c->kept;
}

/* A milter or content ACL refused what already had a queue id: the record ends here. */
bool
refuse_record(struct correlate *c, const struct event *ev)
{
	struct record *r = record_of(c, ev);

	r->flags |= MF_REJECTED;
	r->reason = ev->reason;
	r->action = ev->action;
	r->phase = ev->phase;
	record_take(r, ev, BIT(F_REPLY) | BIT(F_HELO) | BIT(F_RCPT) | BIT(F_SENDER));
	if (ev->flags & EF_NULL_SENDER)
		r->flags |= MF_NULL_SENDER;
	if (!r->has_addr) {
		record_take(r, ev, CLIENT_TEXTS & ~BIT(F_HELO));
		set_client(r, ev);
	}
	if (ev->flags & EF_HAS_SCORE) {
		r->score = ev->score;
		r->flags |= MF_HAS_SCORE;
	}
	if (ev->action == ACT_HELD)
		return c->kept;
	r->opened = true;
	correlate_retire(c, (uint32_t)(r - c->records.item), STATE_COMPLETE);
	return c->kept;
}

static void
add_verdict(struct correlate *c, const struct event *ev)
{
	uint32_t window = window_of(c, ev->f[F_MESSAGE_ID]);

	if (c->edges != NULL)
		edge_verdict(c, window);
	join_verdict(&c->joins, window, ev);
}

static bool
on_verdict(struct correlate *c, const struct event *ev)
{
	struct slice tests = event_get(ev, F_TESTS);
	bool spam = ev->flags & EF_SPAM;
	struct record *r;

	if (ev->mta != MTA_EXIM && event_get(ev, F_MESSAGE_ID).n != 0) {
		add_verdict(c, ev);
		return c->kept;
	}
	if (event_get(ev, F_QID).n == 0)
		return c->kept;
	r = ev->mta == MTA_EXIM ? record_of(c, ev) : record_perhaps(c, ev);
	if (r == NULL)
		return c->kept;
	if (spam || r->verdict == VERDICT_NOT_SEEN) {
		r->verdict = spam ? VERDICT_SPAM : VERDICT_HAM;
		if (ev->flags & EF_HAS_SCORE) {
			r->score = ev->score;
			r->flags |= MF_HAS_SCORE;
		}
	}
	if (tests.n && !record_has(r, T_TESTS))
		record_set(r, T_TESTS, tests);
	return c->kept;
}

static bool
on_cwd(struct correlate *c, const struct event *ev)
{
	struct slice cwd = slice_first(event_get(ev, F_CWD), sizeof(c->cwd.text));

	if (slice_starts(cwd, SLICE("/var/spool/exim")))
		return c->kept;	/* the delivery process */
	c->cwd.ts = ev->ts;
	c->cwd.tick = c->clock.tick;
	c->cwd.host = ev->host;
	c->cwd.pid = ev->pid;
	c->cwd.n = (uint16_t)cwd.n;
	if (cwd.n)
		memcpy(c->cwd.text, cwd.p, cwd.n);
	return c->kept;
}

static bool
on_none(struct correlate *c, const struct event *ev)
{
	(void)ev;
	return c->kept;
}

handler *const correlate_handlers[EV_TYPES] = {
	[EV_NONE] = on_none,
	[EV_CONNECT] = on_connect,
	[EV_DISCONNECT] = on_disconnect,
	[EV_RDNS_MISMATCH] = on_rdns_mismatch,
	[EV_NO_RDNS] = on_no_rdns,
	[EV_TLS] = on_tls,
	[EV_CLIENT] = on_client,
	[EV_PICKUP] = on_pickup,
	[EV_MESSAGE_ID] = on_message_id,
	[EV_QUEUED] = on_queued,
	[EV_RECEIVED] = on_received,
	[EV_DELIVERY] = on_delivery,
	[EV_BOUNCE] = on_bounce,
	[EV_REMOVED] = on_removed,
	[EV_REJECT] = on_reject,
	[EV_SASL_FAIL] = on_sasl_fail,
	[EV_PROTOCOL] = on_protocol,
	[EV_DNSBL] = on_dnsbl,
	[EV_DNSBL_RANK] = on_dnsbl_rank,
	[EV_PASS] = on_pass,
	[EV_HANGUP] = on_hangup,
	[EV_VERDICT] = on_verdict,
	[EV_CWD] = on_cwd,
	[EV_REPEAT] = on_repeat,
	[EV_PART] = on_part,
};
