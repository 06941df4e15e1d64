/*
 * One handler an event type, by table. Three kinds of memory:
 *
 *   records   open messages by host, instance and queue id (record.h), and the windows that they
 *             wait in by message-id (join.h);
 *   sessions  by host and pid, what a Postfix smtpd said of its client before a queue id exists
 *             (the reverse name that does not resolve back, TLS), until it disconnects;
 *   clients   by host, client address and port, postscreen's that reached the DNSBL threshold or
 *             spoke early, until they are refused, passed or gone.
 *
 * A refused attempt and a sign come out at once, built from the event's own slices. A
 * message comes out when it left the queue and its window is over.
 */
#include "parser/edge_private.h"

#include <stdlib.h>

#include "base/problem.h"

struct correlate *
correlate_open(uint32_t max_open)
{
	struct correlate *c = mem_alloc(sizeof(*c));

	c->max_open = max_open;
	c->line_ts = INT64_MIN;
	return c;
}

void
correlate_close(struct correlate *c)
{
	if (c == NULL)
		return;
	records_free(&c->records);
	joins_free(&c->joins);
	edges_free(c->edges);
	verdict_items_free(c->orphans);
	free(c->orphan_lent);
	clock_free(&c->clock);
	splits_free(&c->splits);
	buf_free(&c->last);
	sessions_free(&c->sessions);
	clients_free(&c->clients);
	seen_free(&c->attempts);
	seen_free(&c->rejectlog);
	free(c->ready);
	free(c);
}

void
correlate_hear(struct correlate *c, void (*hear)(void *context, uint64_t client), void *context)
{
	c->hear = hear;
	c->hearer = context;
}

void
correlate_no_rejectlog(struct correlate *c)
{
	c->no_rejectlog = true;
}

/* It is in no window, or its window is over: it is given out, or was kept in the piece's edge. */
static void
closed(struct correlate *c, uint32_t record)
{
	if (c->records.item[record].tainted) {
		record_free(&c->records, record);
		return;
	}
	if (c->ready_at == c->ready_n)
		c->ready_at = c->ready_n = 0;
	mem_grow(&c->ready, &c->ready_cap, c->ready_n + 1, sizeof(*c->ready));
	c->ready[c->ready_n++] = record;
	c->kept = true;
}

/* Its last line was read. It comes out now, or when its message-id window is over. */
void
correlate_retire(struct correlate *c, uint32_t i, enum message_state state)
{
	struct record *r = &c->records.item[i];

	if (r->closed)
		return;
	r->state = (uint8_t)state;
	record_close(&c->records, i);
	if (r->cluster == 0)
		closed(c, i);
}

/* Spam verdicts that no message took are given out, all are freed. */
static void
orphans_out(struct correlate *c, struct verdict_item *list, bool tainted)
{
	struct verdict_item *v;

	while ((v = list) != NULL) {
		list = v->next;
		if (v->taken || !v->spam || tainted) {
			verdict_free(&c->joins, v);
			continue;
		}
		v->next = NULL;
		*(c->orphans ? c->orphans_tail : &c->orphans) = v;
		c->orphans_tail = &v->next;
		c->kept = true;
	}
}

/* The window ends: what waited for nothing else comes out. */
static void __attribute__((noinline))
window_close(struct correlate *c, uint32_t window)
{
	bool tainted = c->joins.item[window].tainted;
	struct verdict_item *orphans;
	uint32_t i, next;

	for (i = join_close(&c->joins, &c->records, window, &orphans); i != 0; i = next) {
		next = c->records.item[i].cluster_next;
		c->records.item[i].cluster_next = 0;
		if (c->records.item[i].closed)
			closed(c, i);
	}
	orphans_out(c, orphans, tainted);
}

static void
windows_close(struct correlate *c, bool all)
{
	uint32_t head;

	while ((head = pool_oldest(&c->joins.pool)) != 0) {
		uint64_t tick = c->joins.item[head].tick;

		if (!all && !correlate_is_over(c, tick)) {
			c->window = head;
			c->window_due = tick;
			return;
		}
		join_expect(&c->joins, &c->records);
		window_close(c, head);
	}
}

/* As if their time were over: in a log whose stamps stand still it would never be. */
void
correlate_crowded(struct correlate *c)
{
	uint32_t waiting = c->joins.waiting;

	while (c->joins.waiting > correlate_most_waiting(c))
		window_close(c, pool_oldest(&c->joins.pool));
	c->counts.crowded += waiting - c->joins.waiting;
	c->window = 0;
}

/* The oldest gives way. */
void
correlate_force(struct correlate *c)
{
	while (c->records.pool.used > c->max_open) {
		correlate_retire(c, pool_oldest(&c->records.pool), STATE_FORCED);
		c->counts.crowded++;
	}
}

static void __attribute__((noinline))
clients_expire(struct correlate *c)
{
	uint32_t head;

	c->client_due = c->clock.tick;
	while ((head = pool_oldest(&c->clients.pool)) != 0) {
		const struct client *p = &c->clients.item[head];

		c->client_due = p->tick;
		if (!correlate_is_past(c, SPAN_WINDOW, p->tick))
			return;
		client_end(&c->clients, p);
		c->client_due = c->clock.tick;
	}
}

/*
 * Ids that nobody closed. A queued one may stand before others that are long dead: these are left
 * for later, which changes nothing but the memory that they take.
 */
static void __attribute__((noinline))
records_expire(struct correlate *c)
{
	uint32_t head;

	c->record_due = c->clock.tick;
	while ((head = pool_oldest(&c->records.pool)) != 0) {
		const struct record *r = &c->records.item[head];
		enum message_state state = record_state(r, &c->clock);

		if (state == STATE_OPEN) {
			c->record_due = correlate_is_past(c, SPAN_HOUR, r->tick) ?
			    c->clock.past[SPAN_HOUR] + 1 : r->tick;
			return;
		}
		correlate_retire(c, head, state);
	}
}

void
correlate_pass(struct correlate *c)
{
	uint32_t oldest = pool_oldest(&c->joins.pool);

	if (oldest != 0 && (oldest != c->window || correlate_is_over(c, c->window_due)))
		windows_close(c, false);
	if (correlate_is_past(c, SPAN_WINDOW, c->client_due))
		clients_expire(c);
	if (correlate_is_past(c, SPAN_HOUR, c->record_due))
		records_expire(c);
}

struct client *
correlate_client(struct correlate *c, const struct event *ev)
{
	struct client *p = client_find(&c->clients, ev);

	if (p == NULL || !correlate_is_past(c, SPAN_WINDOW, p->tick))
		return p;
	client_end(&c->clients, p);	/* others came before it in the list: edge_context.c */
	return NULL;
}

struct client *
correlate_new_client(struct correlate *c, const struct event *ev)
{
	struct client *p = correlate_client(c, ev);
	bool tainted = c->edges != NULL && edge_is_near(c);

	if (p != NULL && !p->tainted)
		return p;
	if (p != NULL) {	/* there may be none: this could be the first that is heard of it */
		tainted = true;
		client_end(&c->clients, p);
	}
	p = client_new(&c->clients, ev, c->clock.tick);
	p->tainted = tainted;
	return p;
}

/* A line of another second or host than the one before: its tick begins. */
static void __attribute__((noinline))
time_pass(struct correlate *c, const struct event *ev)
{
	bool first = c->edges != NULL && !clock_knows(&c->clock, ev->host);

	c->line_ts = ev->ts;
	c->line_host = ev->host;
	clock_line(&c->clock, ev->host, ev->ts);
	if (c->edges != NULL)
		edge_tick(c, ev, first);
	correlate_pass(c);
}

void
correlate_time(struct correlate *c, const struct event *ev)
{
	if (ev->ts != c->line_ts || ev->host != c->line_host)
		time_pass(c, ev);
}

/* Of a new second or another host, or in a piece. */
static bool __attribute__((noinline))
event_of_others(struct correlate *c, const struct event *ev)
{
	if (ev->ts != c->line_ts || ev->host != c->line_host)
		time_pass(c, ev);
	if (c->edges == NULL)
		return correlate_handlers[ev->type](c, ev);
	edge_begin(c);
	correlate_handlers[ev->type](c, ev);
	if (c->edges->hold || edge_is_near(c))
		edge_keep(c, ev);
	return c->out != NULL || c->kept;
}

bool
correlate_event(struct correlate *c, const struct event *ev)
{
	if (ev->ts == c->line_ts && ev->host == c->line_host && c->edges == NULL)
		return correlate_handlers[ev->type](c, ev);
	return event_of_others(c, ev);
}

void
correlate_end(struct correlate *c)
{
	uint32_t oldest;

	windows_close(c, true);
	while ((oldest = pool_oldest(&c->records.pool)) != 0)
		correlate_retire(c, oldest, record_state(&c->records.item[oldest], &c->clock));
}

static const struct message *
give_orphan(struct correlate *c)
{
	struct verdict_item *v = c->orphans;

	c->orphans = v->next;
	c->orphan_lent = v;
	c->counts.unjoined++;
	c->mail = (struct message){ .kind = MESSAGE_VERDICT, .mta = v->mta, .ts = v->ts,
		.last_ts = v->ts, .host = v->host, .verdict = VERDICT_SPAM, .score = v->score,
		.flags = v->has_score ? MF_HAS_SCORE : 0, .size = v->size, .repeat = 1,
		.has_addr = v->has_addr, .addr = v->addr,
		.message_id = verdict_text(v, V_MESSAGE_ID), .sender = verdict_text(v, V_SENDER),
		.tests = verdict_text(v, V_TESTS) };
	return &c->mail;
}

static void
count_message(struct correlate *c, uint8_t state)
{
	c->counts.total++;
	if (state == STATE_COMPLETE)
		c->counts.complete++;
	else if (state == STATE_OPEN)
		c->counts.open++;
	else
		c->counts.forced++;
}

/* A message that waited. It takes a call more to free what the last one lent out. */
static const struct message * __attribute__((noinline))
give_kept(struct correlate *c)
{
	if (c->lent != 0) {
		record_free(&c->records, c->lent);
		c->lent = 0;
	}
	if (c->orphan_lent != NULL) {
		verdict_free(&c->joins, c->orphan_lent);
		c->orphan_lent = NULL;
	}
	while (c->ready_at < c->ready_n) {
		uint32_t i = c->ready[c->ready_at++];

		count_message(c, c->records.item[i].state);
		if (c->records.item[i].copy) {
			c->counts.copies++;
			record_free(&c->records, i);
			continue;
		}
		c->lent = i;
		record_view(&c->records.item[i], &c->mail);
		return &c->mail;
	}
	if (c->orphans != NULL)
		return give_orphan(c);
	c->kept = false;
	return NULL;
}

/* "message repeated 3 times": of attempts that go by their cell, three are one and two retries. */
static __attribute__((noinline)) void
count_repeated(struct correlate *c, struct message *m)
{
	if (m->kind != MESSAGE_ATTEMPT || m->rcpt.n == 0 || !m->has_addr)
		return;
	c->counts.retries += m->repeat - 1u;
	m->repeat = 1;
}

const struct message *
correlate_next(struct correlate *c)
{
	struct message *m = c->out;

	if (m == NULL)
		return c->kept ? give_kept(c) : NULL;
	c->out = NULL;
	if (m->repeat > 1)
		count_repeated(c, m);
	c->counts.retries += (m->flags & MF_RETRY) != 0;
	return m;
}

struct correlate_counts
correlate_counts(const struct correlate *c)
{
	struct correlate_counts counts = c->counts;

	counts.crowded += c->attempts.forgotten + c->rejectlog.forgotten;
	return counts;
}

void
correlate_counts_add(struct correlate_counts *to, struct correlate_counts from)
{
	to->total += from.total;
	to->complete += from.complete;
	to->open += from.open;
	to->forced += from.forced;
	to->copies += from.copies;
	to->unjoined += from.unjoined;
	to->rejectlog += from.rejectlog;
	to->retries += from.retries;
	to->crowded += from.crowded;
}

const char *
message_kind_name(enum message_kind k)
{
	static const char *const name[] = { "mail", "attempt", "sign", "verdict" };

	return name[k];
}

const char *
message_state_name(enum message_state s)
{
	static const char *const name[] = { "complete", "open", "forced" };

	return name[s];
}
