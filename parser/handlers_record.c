/* Which record an event is of: the open one of its queue id, or a new one. */
#include "parser/edge_private.h"
#include "base/short_text.h"

/* What a record is found by. Hashes of 64 bits, keyed: equal ones count as the same. */
static inline uint64_t
key_of(uint32_t host, uint32_t instance, struct slice qid)
{
	return text_hash(qid, (uint64_t)host << 32 | instance);
}

uint64_t
record_key(uint32_t host, uint32_t instance, struct slice qid)
{
	return key_of(host, instance, qid);
}

static inline uint32_t
find(const struct correlate *c, uint64_t key)
{
	const struct pool *pool = &c->records.pool;
	uint32_t i;

	for (i = pool_first(pool, key); i != 0; i = pool_next(pool, i, key))
		if (c->records.item[i].key == key)
			break;
	return i;
}

/* Its age may have been reached without anybody having looked (correlate.c). */
void
record_over(struct correlate *c, uint32_t i)
{
	const struct record *r = &c->records.item[i];
	enum message_state state = record_state(r, &c->clock);

	if (state == STATE_OPEN && r->opened)
		state = STATE_COMPLETE;
	correlate_retire(c, i, state);
}

uint32_t
record_find(struct correlate *c, uint32_t host, uint32_t instance, struct slice qid)
{
	uint32_t i = find(c, key_of(host, instance, qid));

	if (i == 0 || record_state(&c->records.item[i], &c->clock) == STATE_OPEN)
		return i;
	record_over(c, i);
	return 0;
}

static struct record * __attribute__((noinline))
record_make(struct correlate *c, const struct event *ev, struct slice qid, uint64_t key,
    bool opener)
{
	uint32_t i = record_new(&c->records, key, ev, qid);
	struct record *r = &c->records.item[i];

	r->tick = c->clock.tick;
	if (c->edges != NULL)
		edge_new_record(c, r, opener);
	if (c->records.pool.used > c->max_open)
		correlate_force(c);
	return r;
}

/* The record is the event's: its age is renewed. */
static inline struct record *
record_hear(struct correlate *c, uint32_t i)
{
	struct record *r = &c->records.item[i];

	if (c->edges != NULL)
		edge_owner(c, r);
	pool_renew(&c->records.pool, i);
	r->tick = c->clock.tick;
	return r;
}

/*
 * i was opened before, or not heard of for a minute: it may be another message than the event's. An
 * opener says so: a short queue id came back. (Lines of the same second may come before the
 * opener.) Or it is too old. Then it is over. In a piece, what it takes for opened may not be so.
 */
static struct record * __attribute__((noinline))
record_doubtful(struct correlate *c, const struct event *ev, struct slice qid, uint64_t key,
    uint32_t i, bool opener)
{
	const struct record *r = &c->records.item[i];
	bool another = record_state(r, &c->clock) != STATE_OPEN;

	if (opener)
		another |= !r->tainted || correlate_is_past(c, SPAN_MINUTE, r->tick);
	if (!another)
		return record_hear(c, i);
	record_over(c, i);
	return record_make(c, ev, qid, key, opener);
}

/* The open record of a queue id; made when there is none. */
static inline struct record * __attribute__((always_inline))
record_at(struct correlate *c, const struct event *ev, struct slice qid, bool opener)
{
	uint64_t key = key_of(ev->host, ev->instance, qid);
	uint32_t i = find(c, key);
	const struct record *r;

	if (i == 0)
		return record_make(c, ev, qid, key, opener);
	r = &c->records.item[i];
	if (correlate_is_past(c, SPAN_MINUTE, r->tick) || (opener && r->opened))
		return record_doubtful(c, ev, qid, key, i, opener);
	return record_hear(c, i);
}

struct record * __attribute__((noinline))
record_of(struct correlate *c, const struct event *ev)
{
	struct record *r = record_at(c, ev, event_get(ev, F_QID), false);

	if (ev->ts > r->last_ts)
		r->last_ts = ev->ts;
	return r;
}

struct record *
record_opened(struct correlate *c, const struct event *ev)
{
	struct record *r = record_at(c, ev, event_get(ev, F_QID), true);

	if (ev->ts > r->last_ts)
		r->last_ts = ev->ts;
	r->opened = true;
	return r;
}

struct record *
record_child(struct correlate *c, const struct event *ev)
{
	return record_at(c, ev, event_get(ev, F_CHILD_ID), false);
}

/* The record of the event's queue id, if there is one: in a piece there may be one from before. */
struct record *
record_perhaps(struct correlate *c, const struct event *ev)
{
	uint32_t i = record_find(c, ev->host, ev->instance, event_get(ev, F_QID));
	bool perhaps = c->edges != NULL &&
	    (i == 0 || c->edges->unsure || c->records.item[i].perhaps);
	struct record *r;

	if (i == 0 && c->edges == NULL)
		return NULL;
	r = record_of(c, ev);
	r->perhaps = perhaps;
	return r;
}
