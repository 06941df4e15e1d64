/*
 * Rows of the truth to events of the log, one to one.
 *
 * By each kind of key in turn: all pairs of a free row and a free event that agree are made (the
 * events sorted by a hash of the key), sorted by their distance in time, and taken as long as both
 * are free. By queue id the message comes before recipients of it that were refused. By address an
 * event that is spam comes before others for a row of spam: the same client's mail of another kind,
 * within two minutes, has its own row. Repetitions come last.
 */
#include <stdlib.h>

#include "report/evaluate_private.h"

enum by { BY_QUEUE_ID, BY_MESSAGE_ID, BY_ADDRESS };
enum { NEAR_ID = 30, NEAR_ADDRESS = 120 };

struct keyed {
	uint64_t hash;
	uint32_t event;
};

struct pair {
	int64_t away;
	uint32_t item, event;
};

struct match {
	struct evaluate *e;
	struct keyed *keyed;
	unsigned keys;
	struct pair *pair;
	unsigned pairs, cap;
};

struct pass {
	enum by by;
	bool mail;		/* only with messages */
	bool spam;		/* only rows of spam, with events that are spam */
	bool counted;		/* with events that are no repetition; else with those that are */
};

static uint64_t
hash_addr(const struct addr *a)
{
	return hash_fixed((struct slice){ (const char *)a->b, sizeof(a->b) }, 1);
}

static int
keyed_cmp(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->event > y->event) - (x->event < y->event);
}

static int
pair_cmp(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->away != y->away)
		return x->away < y->away ? -1 : 1;
	if (x->event != y->event)
		return x->event < y->event ? -1 : 1;
	return (x->item > y->item) - (x->item < y->item);
}

/* False when it has no such key. */
static bool
key_of_event(const struct happened *h, enum by by, uint64_t *hash_r)
{
	if (by == BY_ADDRESS) {
		*hash_r = hash_addr(&h->addr);
		return h->has_addr;
	}
	*hash_r = hash_fixed(by == BY_QUEUE_ID ? h->queue_id : h->message_id, 1);
	return (by == BY_QUEUE_ID ? h->queue_id : h->message_id).n != 0;
}

static bool
key_of_row(const struct truth_row *r, enum by by, uint64_t *hash_r)
{
	if (by == BY_ADDRESS) {
		*hash_r = hash_addr(&r->client);
		return r->has_client && r->has_time;
	}
	*hash_r = hash_fixed(by == BY_QUEUE_ID ? r->queue_id : r->message_id, 1);
	return (by == BY_QUEUE_ID ? r->queue_id : r->message_id).n != 0;
}

bool
same_host(struct slice a, struct slice b)
{
	struct slice more = a.n > b.n ? a : b, less = a.n > b.n ? b : a;

	return less.n == 0 || (slice_eq_nocase(slice_first(more, less.n), less) &&
	    (more.n == less.n || more.p[less.n] == '.'));
}

static bool
agree(const struct truth_row *r, const struct happened *h, enum by by, int64_t away)
{
	if (!same_host(r->host, h->host))
		return false;
	switch (by) {
	case BY_QUEUE_ID:
		return slice_eq(r->queue_id, h->queue_id);
	case BY_MESSAGE_ID:
		return away <= NEAR_ID && slice_eq(r->message_id, h->message_id);
	default:
		return away <= NEAR_ADDRESS &&
		    memcmp(r->client.b, h->addr.b, sizeof(h->addr.b)) == 0;
	}
}

static void
index_events(struct match *m, const struct pass *p)
{
	struct evaluate *e = m->e;

	m->keys = 0;
	for (unsigned i = 0; i < e->events; i++) {
		const struct happened *h = &e->event[i];
		uint64_t hash;

		if (h->left == 0 || h->counted != p->counted || (p->spam && !h->spam) ||
		    (p->mail && !h->mail) || !key_of_event(h, p->by, &hash))
			continue;
		m->keyed[m->keys++] = (struct keyed){ hash, i };
	}
	qsort(m->keyed, m->keys, sizeof(*m->keyed), keyed_cmp);
}

static unsigned
first_with(const struct match *m, uint64_t hash)
{
	unsigned low = 0, high = m->keys;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;

		if (m->keyed[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
pair_row(struct match *m, uint32_t item, const struct pass *p)
{
	const struct truth_row *r = m->e->item[item].row;
	uint64_t hash;

	if ((p->spam && r->class == TRUTH_HAM && r->decidable) || !key_of_row(r, p->by, &hash))
		return;
	for (unsigned k = first_with(m, hash); k < m->keys && m->keyed[k].hash == hash; k++) {
		const struct happened *h = &m->e->event[m->keyed[k].event];
		int64_t away = r->has_time ? llabs(h->ts - r->ts) : 0;

		if (!agree(r, h, p->by, away))
			continue;
		mem_grow(&m->pair, &m->cap, m->pairs + 1, sizeof(*m->pair));
		m->pair[m->pairs++] = (struct pair){ away, item, m->keyed[k].event };
	}
}

static void
run_pass(struct match *m, const struct pass *p)
{
	struct evaluate *e = m->e;

	index_events(m, p);
	m->pairs = 0;
	for (unsigned i = 0; i < e->items; i++)
		if (e->item[i].event == NO_EVENT)
			pair_row(m, i, p);
	qsort(m->pair, m->pairs, sizeof(*m->pair), pair_cmp);
	for (unsigned i = 0; i < m->pairs; i++) {
		struct labelled *x = &e->item[m->pair[i].item];
		struct happened *h = &e->event[m->pair[i].event];

		if (x->event != NO_EVENT || h->left == 0)
			continue;
		x->event = m->pair[i].event;
		x->repeated = !h->counted;
		h->left--;
	}
}

void
evaluate_match(struct evaluate *e)
{
	static const struct pass pass[] = {
		{ BY_QUEUE_ID, true, false, true },
		{ BY_QUEUE_ID, false, false, true },
		{ BY_MESSAGE_ID, false, false, true },
		{ BY_ADDRESS, false, true, true },
		{ BY_ADDRESS, false, false, true },
		{ BY_QUEUE_ID, false, false, false },
		{ BY_MESSAGE_ID, false, false, false },
		{ BY_ADDRESS, false, false, false },
	};
	struct match m = { .e = e };

	m.keyed = mem_alloc((e->events + 1ul) * sizeof(*m.keyed));
	m.pair = mem_alloc(sizeof(*m.pair));
	m.cap = 1;
	for (unsigned i = 0; i < sizeof(pass) / sizeof(pass[0]); i++)
		run_pass(&m, &pass[i]);
	free(m.keyed);
	free(m.pair);
}
