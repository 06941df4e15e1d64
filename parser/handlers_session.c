/*
 * Handlers of what has no queue id: sessions of smtpd and postscreen, refused attempts, and signs.
 * See handlers.c and correlate.c.
 */
#include "parser/edge_private.h"

/* What both kinds of message have that are built from the event itself. */
static inline void
out_begin(struct correlate *c, const struct event *ev, struct message *m)
{
	m->mta = ev->mta;
	m->repeat = ev->repeat;
	m->ts = m->last_ts = ev->ts;
	m->addr = ev->addr;
	m->port = ev->port;
	m->local_port = ev->local_port;
	m->has_addr = ev->has_addr;
	m->reason = ev->reason;
	m->action = ev->action;
	m->phase = ev->phase;
	m->host = ev->host;
	m->instance = ev->instance;
	m->flags = 0;
	m->client_name = event_get(ev, F_CLIENT_NAME);
	m->service = event_get(ev, F_SERVICE);
	m->unverified = SLICE_NONE;
	c->out = m;
}

/* Lends out a sign, or an attempt that was refused before it said anything. */
static inline struct message *
out_sign(struct correlate *c, const struct event *ev)
{
	struct message *m = &c->sign;

	out_begin(c, ev, m);
	m->kind = MESSAGE_SIGN;
	m->helo = m->account = m->zone = m->code = SLICE_NONE;
	return m;
}

bool
on_connect(struct correlate *c, const struct event *ev)
{
	struct session *s = ev->has_addr ? session_find(&c->sessions, ev) : NULL;

	edge_note_session(c, ev);
	/* only what a line said of this client just before is worth keeping */
	if (s != NULL && memcmp(&s->addr, &ev->addr, sizeof(s->addr)) != 0)
		session_end(&c->sessions, s);
	return c->kept;
}

bool
on_tls(struct correlate *c, const struct event *ev)
{
	struct session *s = ev->has_addr ? session_make(&c->sessions, ev) : NULL;

	if (c->edges != NULL)		/* it may have to wait */
		session_told(c, ev);
	if (s != NULL)
		s->tls = true;
	return c->kept;
}

bool
on_disconnect(struct correlate *c, const struct event *ev)
{
	struct session *s = session_of_client(&c->sessions, ev);

	edge_note_session(c, ev);
	if (s != NULL)
		session_end(&c->sessions, s);
	if (!ev->has_addr || !(ev->flags & EF_COUNTERS) || (ev->flags & EF_QUIT))
		return c->kept;
	out_sign(c, ev)->flags |= MF_NO_QUIT;
	return true;
}

/* Postfix says it before "connect", so it waits for the session; Exim's stands for itself. */
bool
on_rdns_mismatch(struct correlate *c, const struct event *ev)
{
	struct slice name = slice_first(event_get(ev, F_CLIENT_NAME), 255);
	struct message *m;
	struct session *s;

	if (!ev->has_addr)
		return c->kept;
	if (ev->mta == MTA_POSTFIX) {
		edge_note_session(c, ev);
		s = session_make(&c->sessions, ev);
		if (s == NULL)
			return c->kept;
		session_name(s, name);
		s->mismatch = true;
		return c->kept;
	}
	m = out_sign(c, ev);
	m->flags |= MF_RDNS_MISMATCH | MF_NO_NAME;
	m->unverified = name;
	m->client_name = SLICE_NONE;
	return true;
}

bool
on_no_rdns(struct correlate *c, const struct event *ev)
{
	if (!ev->has_addr)
		return c->kept;
	out_sign(c, ev)->flags |= MF_NO_RDNS | MF_NO_NAME;
	return true;
}

static inline uint64_t
envelope_of(const struct event *ev)
{
	return seen_text(seen_text(0, event_get(ev, F_RCPT)), event_get(ev, F_SENDER));
}

static inline bool
may_be_twin(const struct correlate *c, const struct event *ev)
{
	return ev->mta == MTA_EXIM && !c->no_rejectlog;
}

/*
 * k-th rejectlog line beside the k-th mainlog line of the same words and second is one event; of
 * several hosts all the lines count together. The cells travel (edge.h), so their hashes do.
 */
static bool
is_rejectlog_twin(struct correlate *c, const struct event *ev, uint64_t envelope)
{
	int which = ev->flags & EF_REJECTLOG ? 1 : 0;
	uint64_t client = ev->has_addr ? addr_key(&ev->addr) : 0, h;
	uint16_t *count;

	h = seen_number(envelope, client, (uint64_t)ev->type << 24 | ev->reason << 16 | ev->port);
	h = seen_text(h, event_get(ev, F_REPLY));
	h = seen_text(h, event_get(ev, F_HELO));
	if (event_has(ev, F_ACCOUNT))
		h = seen_text(h, ev->f[F_ACCOUNT]);
	count = seen_counters(&c->rejectlog, ev->ts, h);
	seen_count(&count[which]);
	if (count[which] > count[!which])
		return false;
	c->counts.rejectlog += !edge_is_near(c, ev, 0);
	return true;
}

/* Lends out a refused attempt, or the warning of one. */
static struct message *
out_refused(struct correlate *c, const struct event *ev)
{
	struct message *m = &c->refused;

	out_begin(c, ev, m);
	m->kind = ev->action == ACT_WARNED ? MESSAGE_SIGN : MESSAGE_ATTEMPT;
	m->flags = MF_REJECTED;
	m->helo = event_get(ev, F_HELO);
	m->sender = event_get(ev, F_SENDER);
	m->rcpt = event_get(ev, F_RCPT);
	m->recipients = m->rcpt.n != 0;
	m->proto = event_get(ev, F_PROTO);
	m->zone = event_get(ev, F_ZONE);
	m->code = event_get(ev, F_CODE);
	m->reply = event_get(ev, F_REPLY);
	m->qid = event_get(ev, F_QID);
	m->account = event_get(ev, F_ACCOUNT);
	m->message_id = m->tests = SLICE_NONE;
	m->score = ev->score;
	if (ev->flags & EF_HAS_SCORE)
		m->flags |= MF_HAS_SCORE;
	if (m->account.n)
		m->flags |= MF_AUTH;
	if (ev->flags & EF_NULL_SENDER)
		m->flags |= MF_NULL_SENDER;
	if (ev->flags & EF_POSTSCREEN)
		m->flags |= MF_POSTSCREEN;
	else if (m->client_name.n == 0 && m->has_addr)
		m->flags |= MF_NO_NAME;
	if (ev->reason == REJECT_NO_RDNS)
		m->flags |= MF_NO_RDNS;
	return m;
}

/* The attempt of an envelope by a client, and its 10-minute cell. */
struct attempt {
	uint64_t hash;
	int64_t cell;
};

static inline struct attempt
attempt_of(const struct correlate *c, const struct event *ev, uint64_t envelope)
{
	struct attempt a = { seen_number(envelope, addr_key(&ev->addr), 0),
		utc_floor(ev->ts, 600) / 600 };

	seen_expect(&c->attempts, a.cell, a.hash);
	return a;
}

/*
 * Was it counted in its cell? A DNSBL's, a bot's or the content's refusal counts beside a weaker
 * one before it (greylisted first, listed later), never the other way.
 */
static inline bool
is_retry(struct correlate *c, const struct event *ev, struct attempt a)
{
	bool strong = ev->reason == REJECT_DNSBL || ev->reason == REJECT_PROTOCOL ||
	    ev->reason == REJECT_CONTENT, retry;
	uint16_t *count = seen_counters(&c->attempts, a.cell, a.hash);

	retry = count[1] || (!strong && count[0]);
	seen_count(&count[strong]);
	return c->edges != NULL || c->told != NULL ? edge_retry(c, ev, retry) : retry;
}

static bool
is_doubtful(const void *context, uint32_t group)
{
	return edge_is_tainted(context, group);
}

/*
 * Exim names no message-id when it refuses content: find spamd's verdict by time and score. In a
 * piece that must wait when a verdict that fits hangs on what came before, or may have been taken
 * by a refusal that waits.
 */
static void
lend_verdict(struct correlate *c, struct message *m, const struct event *ev)
{
	enum { BEFORE = 60, BEHIND = 2 };
	struct orphan_wish wish = { .from = ev->ts - BEFORE, .until = ev->ts + BEHIND,
		.has_score = ev->flags & EF_HAS_SCORE, .score = ev->score, .context = c,
		.doubtful = c->edges ? is_doubtful : NULL };
	struct verdict_item *v;
	bool sure, doubt;

	if (edge_is_near(c, ev, BEFORE + BEHIND)) {
		edge_hold(c);
		return;
	}
	v = join_take_orphan(&c->joins, &wish, &sure, &doubt);
	if (doubt)
		edge_hold(c);
	if (v != NULL)
		edge_take_verdict(c, v);
	if (v == NULL || !sure)
		return;
	m->tests = verdict_text(v, V_TESTS);
	m->message_id = verdict_text(v, V_MESSAGE_ID);
	if (v->has_score && !(m->flags & MF_HAS_SCORE)) {
		m->score = v->score;
		m->flags |= MF_HAS_SCORE;
	}
}

/* What postscreen knows of the client, or smtpd's session. */
static inline void
add_session(struct correlate *c, struct message *m, const struct event *ev)
{
	struct client *p;
	struct told t;

	if (ev->flags & EF_POSTSCREEN) {
		p = client_find(&c->clients, ev);
		if (p == NULL)
			return;
		m->flags |= (p->ranked ? MF_RANKED : 0) | (p->pregreet ? MF_PREGREET : 0);
		p->refused = true;
	} else if (ev->mta == MTA_POSTFIX) {
		t = session_told(c, ev);
		if (!t.mismatch)
			return;
		m->flags |= MF_RDNS_MISMATCH;
		m->unverified = t.name;
	}
}

bool
on_reject(struct correlate *c, const struct event *ev)
{
	bool counts = event_has(ev, F_RCPT) && ev->has_addr && ev->action != ACT_WARNED;
	uint64_t envelope = envelope_of(ev);
	struct attempt a = { 0 };
	struct message *m;

	if (counts)
		a = attempt_of(c, ev, envelope);
	if (may_be_twin(c, ev) && is_rejectlog_twin(c, ev, envelope))
		return c->kept;
	if (ev->phase == PHASE_CONTENT && ev->action != ACT_WARNED &&
	    event_get(ev, F_QID).n != 0) {
		if (ev->mta == MTA_POSTFIX || record_find(c, ev, ev->f[F_QID]) != 0)
			return refuse_record(c, ev);
		if (edge_may_be_open(c, ev, ev->f[F_QID]))
			edge_hold(c);
	}
	m = out_refused(c, ev);
	if (ev->mta == MTA_EXIM && ev->reason == REJECT_CONTENT)
		lend_verdict(c, m, ev);
	if (ev->action == ACT_WARNED)
		return true;
	add_session(c, m, ev);
	if (counts && is_retry(c, ev, a))
		m->flags |= MF_RETRY;
	return true;
}

bool
on_sasl_fail(struct correlate *c, const struct event *ev)
{
	struct message *m;

	if ((may_be_twin(c, ev) && is_rejectlog_twin(c, ev, envelope_of(ev))) || !ev->has_addr)
		return c->kept;
	m = out_sign(c, ev);
	m->flags |= MF_SASL_FAIL;
	m->account = event_get(ev, F_ACCOUNT);
	m->helo = event_get(ev, F_HELO);
	return true;
}

bool
on_protocol(struct correlate *c, const struct event *ev)
{
	struct message *m;

	if ((may_be_twin(c, ev) && is_rejectlog_twin(c, ev, envelope_of(ev))) || !ev->has_addr)
		return c->kept;
	m = out_sign(c, ev);
	if (ev->mta == MTA_EXIM && ev->reason == SIGN_PREGREET) {	/* Exim refuses at once */
		m->kind = MESSAGE_ATTEMPT;
		m->flags |= MF_REJECTED | MF_PREGREET;
		m->reason = REJECT_PROTOCOL;
		m->action = ACT_REFUSED;
		m->phase = PHASE_CONNECT;
		return true;
	}
	m->flags |= MF_PROTOCOL;
	m->helo = event_get(ev, F_HELO);
	if ((ev->flags & EF_POSTSCREEN) && ev->port != 0 && ev->reason == SIGN_PREGREET)
		client_make(&c->clients, ev)->pregreet = true;
	return true;
}

bool
on_dnsbl(struct correlate *c, const struct event *ev)
{
	struct message *m;

	if (!ev->has_addr)
		return c->kept;
	m = out_sign(c, ev);
	m->flags |= MF_DNSBL;
	m->zone = event_get(ev, F_ZONE);
	m->code = event_get(ev, F_CODE);
	return true;
}

bool
on_dnsbl_rank(struct correlate *c, const struct event *ev)
{
	if (ev->has_addr && ev->port != 0)
		client_make(&c->clients, ev)->ranked = true;
	return c->kept;
}

bool
on_pass(struct correlate *c, const struct event *ev)
{
	struct client *p = client_find(&c->clients, ev);

	if (p != NULL)
		client_end(&c->clients, p);
	return c->kept;
}

/* postscreen's "drop" action refuses without a NOQUEUE line: the session just ends. */
bool
on_hangup(struct correlate *c, const struct event *ev)
{
	struct client *p = client_find(&c->clients, ev);
	struct message *m;

	if (p == NULL)
		return c->kept;
	if (!p->refused) {
		m = out_sign(c, ev);
		m->kind = MESSAGE_ATTEMPT;
		m->flags |= MF_REJECTED | MF_POSTSCREEN | MF_SCORED | (p->ranked ? MF_RANKED : 0) |
		    (p->pregreet ? MF_PREGREET : 0);
		m->reason = p->ranked ? REJECT_DNSBL : REJECT_PROTOCOL;
		m->action = ACT_REFUSED;
		m->phase = PHASE_CONNECT;
		m->ts = p->ts;
	}
	client_end(&c->clients, p);
	return c->kept || c->out != NULL;
}
