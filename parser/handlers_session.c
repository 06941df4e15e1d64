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

static inline void
tell_client(const struct correlate *c, const struct event *ev)
{
	if (c->hear != NULL && ev->has_addr)
		c->hear(c->hearer, addr_key(&ev->addr));
}

/*
 * A session begins with "connect", or with what is said of the client's name just before, and only
 * that is worth keeping.
 */
bool
on_connect(struct correlate *c, const struct event *ev)
{
	struct session *s = session_find(&c->sessions, ev);

	tell_client(c, ev);
	if (c->edges != NULL)
		edge_connect(c, ev);
	if (s == NULL)
		return c->kept;
	if (s->fresh && ev->has_addr && !correlate_is_past(c, SPAN_MINUTE, s->tick) &&
	    memcmp(&s->addr, &ev->addr, sizeof(s->addr)) == 0)
		s->fresh = false;
	else
		session_end(&c->sessions, s);
	return c->kept;
}

bool
on_tls(struct correlate *c, const struct event *ev)
{
	struct session *s =
	    ev->has_addr ? session_make(&c->sessions, ev, c->clock.tick) : NULL;

	if (c->edges != NULL)
		edge_session(c, ev);
	if (s != NULL)
		s->tls = true;
	return c->kept;
}

bool
on_disconnect(struct correlate *c, const struct event *ev)
{
	struct session *s = session_of_client(&c->sessions, ev);

	if (c->edges != NULL)
		edge_session(c, ev);	/* it may end one that began before */
	if (s != NULL)
		session_end(&c->sessions, s);
	if (!ev->has_addr || !(ev->flags & EF_COUNTERS) || (ev->flags & EF_QUIT))
		return c->kept;
	out_sign(c, ev)->flags |= MF_NO_QUIT;
	return true;
}

/* Postfix says it before "connect", so it waits for the session. */
static void
begin_session(struct correlate *c, const struct event *ev, struct slice name)
{
	struct session *s = session_find(&c->sessions, ev);

	if (s != NULL)
		session_end(&c->sessions, s);
	s = session_make(&c->sessions, ev, c->clock.tick);
	if (s == NULL)
		return;
	session_name(s, name);
	s->mismatch = s->fresh = true;
	if (c->edges != NULL)
		edge_begin_session(c, ev);
}

/* Exim's stands for itself. */
bool
on_rdns_mismatch(struct correlate *c, const struct event *ev)
{
	struct slice name = slice_first(event_get(ev, F_CLIENT_NAME), 255);
	struct message *m;

	if (!ev->has_addr)
		return c->kept;
	if (ev->mta == MTA_POSTFIX) {
		begin_session(c, ev, name);
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
	return ev->mta == MTA_EXIM && (!c->no_rejectlog || (ev->flags & EF_SYSLOG));
}

/*
 * k-th rejectlog line beside the k-th mainlog line of the same words and second is one event; of
 * several hosts all the lines count together. To syslog Exim writes both (syslog_duplication), one
 * behind the other, and they look alike: then each second one is taken for that. The cells travel
 * (edge.h), so their hashes do.
 */
static bool
is_rejectlog_twin(struct correlate *c, const struct event *ev, uint64_t envelope)
{
	int which = ev->flags & EF_REJECTLOG ? 1 : 0;
	uint64_t client = ev->has_addr ? addr_key(&ev->addr) : 0, h;
	struct seen_slot *x;

	if (c->told != NULL && c->told->twin)
		return false;
	h = seen_number(envelope, client, (uint64_t)ev->type << 24 | ev->reason << 16 | ev->port);
	h = seen_text(seen_number(h, (uint64_t)ev->ts, 0), event_get(ev, F_REPLY));
	h = seen_text(h, event_get(ev, F_HELO));
	if (event_has(ev, F_ACCOUNT))
		h = seen_text(h, ev->f[F_ACCOUNT]);
	x = seen_at(&c->rejectlog, h, c->clock.past[SPAN_WINDOW], c->clock.tick);
	if (c->edges != NULL && edge_twin(c, x))
		return false;
	if ((ev->flags & EF_SYSLOG) && x->count[0] > x->count[1])
		which = 1;
	seen_count(x, which);
	if (x->count[which] > x->count[!which])
		return false;
	c->counts.rejectlog++;
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

/* The attempt of an envelope by a client, in a 10-minute cell. */
static inline uint64_t
attempt_of(const struct correlate *c, const struct event *ev, uint64_t envelope)
{
	uint64_t cell = (uint64_t)utc_floor(ev->ts, 600);
	uint64_t hash = seen_number(envelope, addr_key(&ev->addr), cell);

	seen_expect(&c->attempts, hash);
	return hash;
}

/*
 * Was it counted in its cell? A DNSBL's, a bot's or the content's refusal counts beside a weaker
 * one before it (greylisted first, listed later), never the other way.
 */
static inline bool
is_retry(struct correlate *c, const struct event *ev, uint64_t attempt)
{
	bool strong = ev->reason == REJECT_DNSBL || ev->reason == REJECT_PROTOCOL ||
	    ev->reason == REJECT_CONTENT, retry;
	struct seen_slot *x;

	if (c->told != NULL && c->told->cell)
		return c->told->retry;
	x = seen_at(&c->attempts, attempt, c->clock.past[SPAN_WINDOW], c->clock.tick);
	retry = x->count[1] || (!strong && x->count[0]);
	if (c->edges != NULL && edge_retry(c, x, retry))
		return false;
	seen_count(x, strong);
	return retry;
}

/*
 * Exim names no message-id when it refuses content: find spamd's verdict by time and score. In a
 * piece the event waits when a verdict that fits may hang on what came before.
 */
static void
lend_verdict(struct correlate *c, struct message *m, const struct event *ev)
{
	enum { BEFORE = 60, BEHIND = 2 };
	struct orphan_wish wish = { .from = ev->ts - BEFORE, .until = ev->ts + BEHIND,
		.past = c->clock.past[SPAN_MINUTE], .has_score = ev->flags & EF_HAS_SCORE,
		.score = ev->score };
	struct verdict_item *v;
	bool sure;

	if (c->edges != NULL && edge_wish(c, &wish))
		return;
	v = join_orphan(&c->joins, &wish, &sure);
	if (v == NULL)
		return;
	v->taken = true;
	if (!sure)
		return;
	m->tests = verdict_text(v, V_TESTS);
	m->message_id = verdict_text(v, V_MESSAGE_ID);
	if (v->has_score && !(m->flags & MF_HAS_SCORE)) {
		m->score = v->score;
		m->flags |= MF_HAS_SCORE;
	}
}

/* What postscreen had said of the client, and that this is how it was refused. */
static void
add_client(struct correlate *c, struct message *m, const struct event *ev)
{
	struct told t = { .client = true };
	struct client *p = NULL;

	if (c->told != NULL && c->told->client)
		t = *c->told;
	else
		p = correlate_client(c, ev);
	if (p != NULL) {
		t.ranked = p->ranked;
		t.pregreet = p->pregreet;
		p->refused = true;
	}
	if (c->edges != NULL)
		edge_client(c, p, &t);
	m->flags |= (t.ranked ? MF_RANKED : 0) | (t.pregreet ? MF_PREGREET : 0);
}

/* What postscreen knows of the client, or smtpd's session. */
static inline void
add_session(struct correlate *c, struct message *m, const struct event *ev)
{
	struct told t;

	if (ev->flags & EF_POSTSCREEN) {
		add_client(c, m, ev);
	} else if (ev->mta == MTA_POSTFIX) {
		t = session_told(c, ev);
		if (!t.mismatch)
			return;
		m->flags |= MF_RDNS_MISMATCH;
		m->unverified = t.name;
	}
}

/*
 * Does the refusal end a message that has a queue id? Exim gives one to whatever it received; there
 * is a message only when it was heard of under that id just before.
 */
static bool
is_of_record(struct correlate *c, const struct event *ev)
{
	uint32_t i;

	if (ev->phase != PHASE_CONTENT || ev->action == ACT_WARNED || event_get(ev, F_QID).n == 0)
		return false;
	if (ev->mta == MTA_POSTFIX)
		return true;
	i = record_find(c, ev->host, ev->instance, ev->f[F_QID]);
	if (i != 0 && correlate_is_past(c, SPAN_WINDOW, c->records.item[i].tick))
		return false;
	if (c->edges != NULL && edge_perhaps(c, i)) {
		record_perhaps(c, ev);
		return false;
	}
	return i != 0;
}

bool
on_reject(struct correlate *c, const struct event *ev)
{
	bool counts = event_has(ev, F_RCPT) && ev->has_addr && ev->action != ACT_WARNED;
	uint64_t envelope = envelope_of(ev), attempt = 0;
	struct message *m;

	if (counts)
		attempt = attempt_of(c, ev, envelope);
	if (may_be_twin(c, ev) && is_rejectlog_twin(c, ev, envelope))
		return c->kept;
	if (is_of_record(c, ev))
		return refuse_record(c, ev);
	m = out_refused(c, ev);
	if (ev->action != ACT_WARNED)
		add_session(c, m, ev);
	if (counts && ((ev->flags & EF_AGAIN) || is_retry(c, ev, attempt)))
		m->flags |= MF_RETRY;
	if (ev->mta == MTA_EXIM && ev->reason == REJECT_CONTENT)
		lend_verdict(c, m, ev);
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

static struct client *
heard_client(struct correlate *c, const struct event *ev)
{
	struct client *p = correlate_new_client(c, ev);

	if (c->edges != NULL)
		edge_client(c, p, NULL);
	return p;
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
		heard_client(c, ev)->pregreet = true;
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
	tell_client(c, ev);
	if (ev->has_addr && ev->port != 0)
		heard_client(c, ev)->ranked = true;
	return c->kept;
}

bool
on_pass(struct correlate *c, const struct event *ev)
{
	struct client *p = correlate_client(c, ev);

	if (p == NULL)
		return c->kept;
	if (c->edges != NULL)
		edge_client(c, p, NULL);
	client_end(&c->clients, p);
	return c->kept;
}

/* postscreen's "drop" action refuses without a NOQUEUE line: the session just ends. */
bool
on_hangup(struct correlate *c, const struct event *ev)
{
	struct client *p = correlate_client(c, ev);
	struct message *m;

	if (p == NULL)
		return c->kept;
	if (c->edges != NULL)
		edge_client(c, p, NULL);
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
