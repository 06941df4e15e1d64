/*
 * One handler an event type, by table. Three kinds of memory:
 *
 *   records   open messages by host, instance and queue id (record.h), and the windows that they
 *             wait in by message-id (join.h);
 *   sessions  by host and pid, what a Postfix smtpd said of its client before a queue id exists
 *             (the reverse name that does not resolve back, TLS), until it disconnects;
 *   pending   by host, client address and port, postscreen sessions that reached the DNSBL
 *             threshold or spoke early, until they are refused, passed or gone.
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
	c->now = c->line_ts = INT64_MIN;
	c->client_due = c->record_due = INT64_MIN;
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
	free(c->clock);
	sessions_free(&c->sessions);
	clients_free(&c->clients);
	seen_free(&c->attempts);
	seen_free(&c->rejectlog);
	free(c->ready);
	free(c);
}

void
correlate_no_rejectlog(struct correlate *c)
{
	c->no_rejectlog = true;
}

void
correlate_ready(struct correlate *c, uint32_t record)
{
	if (c->ready_at == c->ready_n)
		c->ready_at = c->ready_n = 0;
	mem_grow(&c->ready, &c->ready_cap, c->ready_n + 1, sizeof(*c->ready));
	c->ready[c->ready_n++] = record;
	c->kept = true;
}

/* It is in no window, or its window is over. */
static void
closed(struct correlate *c, uint32_t record)
{
	if (c->edges != NULL)
		edge_closed(c, record);
	else
		correlate_ready(c, record);
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

void
correlate_orphans(struct correlate *c, struct verdict_item *list)
{
	struct verdict_item *v;

	while ((v = list) != NULL) {
		list = v->next;
		if (v->taken || !v->spam) {
			verdict_free(&c->joins, v);
			continue;
		}
		v->next = NULL;
		*(c->orphans ? c->orphans_tail : &c->orphans) = v;
		c->orphans_tail = &v->next;
		c->kept = true;
	}
}

/* The oldest window ends: what waited for nothing else comes out. */
static void __attribute__((noinline))
window_close(struct correlate *c)
{
	struct verdict_item *orphans;
	uint32_t i, next, group = c->joins.item[pool_oldest(&c->joins.pool)].group;

	for (i = join_close(&c->joins, &c->records, &orphans); i != 0; i = next) {
		next = c->records.item[i].cluster_next;
		c->records.item[i].cluster_next = 0;
		if (c->records.item[i].closed)
			closed(c, i);
	}
	if (c->edges != NULL)
		edge_window_over(c, group, orphans);
	else
		correlate_orphans(c, orphans);
}

static void
windows_close(struct correlate *c, bool all)
{
	uint32_t head;

	while ((head = pool_oldest(&c->joins.pool)) != 0) {
		const struct cluster *w = &c->joins.item[head];
		int64_t due = correlate_time(c, w->host, w->last_ts) + CORRELATE_WINDOW;

		if (!all && due >= c->now) {
			c->window = head;
			c->window_due = due;
			return;
		}
		join_expect(&c->joins, &c->records);
		window_close(c);
	}
}

/*
 * Of what waits behind an item of that stream time, nothing is over before. As long as all clocks
 * are the stream's, an event comes at most a minute behind the one before.
 */
static int64_t
due_behind(const struct correlate *c, int64_t time, int64_t wait)
{
	return c->shifted ? INT64_MIN : time + wait - 60;
}

static void __attribute__((noinline))
clients_expire(struct correlate *c)
{
	int64_t time = c->now;
	uint32_t head;

	while ((head = pool_oldest(&c->clients.pool)) != 0) {
		const struct client *p = &c->clients.item[head];

		time = correlate_time(c, p->host, p->ts);
		if (time + CORRELATE_WINDOW >= c->now)
			break;
		client_end(&c->clients, p);
		time = c->now;
	}
	c->client_due = due_behind(c, time, CORRELATE_WINDOW);
}

/*
 * Ids that nobody closed. A queued one may stand before others that are long dead: these are left
 * for later, which changes nothing but the memory that they take.
 */
static void __attribute__((noinline))
records_expire(struct correlate *c)
{
	int64_t time = c->now;
	uint32_t head;

	while ((head = pool_oldest(&c->records.pool)) != 0) {
		const struct record *r = &c->records.item[head];
		enum message_state state;

		time = correlate_time(c, r->own_host, r->last_ts);
		state = record_state(r, c->now - time);
		if (state == STATE_OPEN)
			break;
		correlate_retire(c, head, state);
		time = c->now;
	}
	c->record_due = due_behind(c, time, RECORD_ABORTED);
}

void
correlate_until(struct correlate *c, int64_t now)
{
	uint32_t oldest = pool_oldest(&c->joins.pool);

	if (now > c->now)
		c->now = now;
	if (oldest != 0 && (oldest != c->window || c->now > c->window_due))
		windows_close(c, false);
	if (c->now > c->client_due)
		clients_expire(c);
	if (c->now > c->record_due)
		records_expire(c);
}

static struct host_clock *
clock_at(struct correlate *c, uint32_t host)
{
	if (c->clocks <= host)
		mem_grow(&c->clock, &c->clocks_cap, host + 1, sizeof(*c->clock));
	while (c->clocks <= host)
		c->clock[c->clocks++] = (struct host_clock){ .segment = c->segment - 1 };
	return &c->clock[host];
}

/* A clock was set: what waits may be over earlier. */
static void
clock_was_set(struct correlate *c, bool shifted)
{
	c->shifted |= shifted;
	c->window = 0;
	c->client_due = c->record_due = INT64_MIN;
}

void
correlate_set_clock(struct correlate *c, uint32_t host, int64_t last, int64_t offset)
{
	*clock_at(c, host) =
	    (struct host_clock){ .last = last, .offset = offset, .segment = c->segment };
	c->line_ts = INT64_MIN;		/* the next line is to look at its clock */
	clock_was_set(c, true);		/* what it may be, and have been before, in the piece */
}

/* A host that begins so far ahead has another zone; less, and the others were silent meanwhile. */
enum { APART = 1700 };

static struct host_clock *
clock_begin(struct correlate *c, const struct event *ev)
{
	struct host_clock *h = clock_at(c, ev->host);

	*h = (struct host_clock){ .last = ev->ts, .segment = c->segment };
	if (c->now != INT64_MIN && (ev->ts > c->now + APART || ev->ts + 60 < c->now))
		h->offset = c->now - ev->ts;
	clock_was_set(c, h->offset != 0);
	return h;
}

/* The host's own clock stepped back: the segment ends, and time starts anew from there. */
static void
segment_end(struct correlate *c, const struct event *ev, struct host_clock *h)
{
	windows_close(c, true);
	c->segment++;
	*h = (struct host_clock){ .last = ev->ts, .segment = c->segment };
	c->now = ev->ts;
	clock_was_set(c, true);
}

/*
 * The clock of the line's host is read, and log time moves on. When a host's own clock steps back
 * by more than a minute, the segment ends. A host that begins with another time, or falls behind,
 * is only given its offset.
 */
static void
time_pass(struct correlate *c, const struct event *ev)
{
	struct host_clock *h = ev->host < c->clocks ? &c->clock[ev->host] : NULL;

	c->line_ts = ev->ts;
	c->line_host = ev->host;
	if (h == NULL || h->segment != c->segment)
		h = clock_begin(c, ev);
	if (ev->ts + 60 < h->last) {
		segment_end(c, ev, h);
		return;
	}
	if (ev->ts > h->last)
		h->last = ev->ts;
	if (c->now != INT64_MIN && ev->ts + h->offset + 60 < c->now) {
		h->offset = c->now - ev->ts;
		clock_was_set(c, true);
	}
	if (ev->ts + h->offset > c->now)
		correlate_until(c, ev->ts + h->offset);
}

/* Of a new second or another host, or in a piece. */
static bool __attribute__((noinline))
event_of_others(struct correlate *c, const struct event *ev)
{
	if (ev->ts != c->line_ts || ev->host != c->line_host)
		time_pass(c, ev);
	if (c->edges == NULL)
		return correlate_handlers[ev->type](c, ev);
	edge_begin(c, ev);
	correlate_handlers[ev->type](c, ev);
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
	while ((oldest = pool_oldest(&c->records.pool)) != 0) {
		const struct record *r = &c->records.item[oldest];

		correlate_retire(c, oldest,
		    record_state(r, c->now - correlate_time(c, r->own_host, r->last_ts)));
	}
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

const struct message *
correlate_next(struct correlate *c)
{
	const struct message *m = c->out;

	if (m == NULL)
		return c->kept ? give_kept(c) : NULL;
	c->out = NULL;
	c->counts.retries += (m->flags & MF_RETRY) != 0;
	return m;
}

struct correlate_counts
correlate_counts(const struct correlate *c)
{
	return c->counts;
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
