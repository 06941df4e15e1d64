/*
 * Windows by message-id. A message-id is the sender's word: two records that share one are two
 * messages unless the log itself links them.
 *
 * Passages. A record may have handed recipients to a content filter, to a command (pipe) or to an
 * inner host. A later record is its passage if it bears the queue id that the filter or inner host
 * answered, or came from loopback or a local user on the same host. It goes on as the message: it
 * takes over the origin (client, login, verdict), and the first record is dropped. One record has
 * at most as many passages as it handed recipients over; the ones behind the first are dropped. So
 * one spam is counted once, with its true origin and its final deliveries.
 * A second instance may be reached by a public address, as strangers are: what it took under the id
 * that it answered, and only sent on, is a passage too. A stranger's mail to us is not sent on.
 *
 * Verdicts. A verdict belongs to a record that was being received or queued when it was given, and
 * whose size fits; of several the one that began last before it. What fits none stays an orphan.
 */
#include "parser/join.h"

#include <stdlib.h>

#include "base/problem.h"
#include "base/table.h"
#include "parser/correlate.h"
#include "parser/message_id.h"
#include "base/short_text.h"

/* Room for a verdict with the texts of most; a longer one has a block of its own size. */
enum { VERDICT_ROOM = 448 };

/* An item for n bytes of text. */
static struct verdict_item *
verdict_place(struct joins *j, size_t n)
{
	struct verdict_item *v = j->spare;

	if (n > VERDICT_ROOM)
		return mem_resize(NULL, sizeof(*v) + n);
	if (v == NULL)
		return mem_resize(NULL, sizeof(*v) + VERDICT_ROOM);
	j->spare = v->next;
	return v;
}

static struct verdict_item *
verdict_new(struct joins *j, const struct event *ev)
{
	struct slice id = slice_first(event_get(ev, F_MESSAGE_ID), RECORD_TEXT_MAX);
	struct slice tests = slice_first(event_get(ev, F_TESTS), RECORD_TEXT_MAX);
	struct slice sender = slice_first(event_get(ev, F_SENDER), RECORD_TEXT_MAX);
	struct verdict_item *v = verdict_place(j, id.n + tests.n + sender.n);

	v->next = NULL;
	v->ts = ev->ts;
	v->host = ev->host;
	v->score = ev->score;
	v->size = ev->size;
	v->addr = ev->addr;
	v->mta = (uint8_t)ev->mta;
	v->spam = ev->flags & EF_SPAM;
	v->has_score = ev->flags & EF_HAS_SCORE;
	v->taken = false;
	v->has_addr = ev->has_addr;
	v->n[V_MESSAGE_ID] = (uint16_t)id.n;
	v->n[V_TESTS] = (uint16_t)tests.n;
	v->n[V_SENDER] = (uint16_t)sender.n;
	text_copy(v->text, id.p, id.n);
	text_copy(v->text + id.n, tests.p, tests.n);
	if (sender.n)
		memcpy(v->text + id.n + tests.n, sender.p, sender.n);
	return v;
}

struct slice
verdict_text(const struct verdict_item *v, enum verdict_text which)
{
	const char *p = v->text;

	for (unsigned i = 0; i < which; i++)
		p += v->n[i];
	return (struct slice){ p, v->n[which] };
}

void
verdict_free(struct joins *j, struct verdict_item *v)
{
	if ((unsigned)v->n[V_MESSAGE_ID] + v->n[V_TESTS] + v->n[V_SENDER] > VERDICT_ROOM) {
		free(v);
		return;
	}
	v->next = j->spare;
	j->spare = v;
}

void
verdict_items_free(struct verdict_item *list)
{
	for (struct verdict_item *next; list != NULL; list = next) {
		next = list->next;
		free(list);
	}
}

static inline uint32_t
find(const struct joins *j, uint64_t hash)
{
	uint32_t i;

	for (i = pool_first(&j->pool, hash); i != 0; i = pool_next(&j->pool, i, hash))
		if (j->item[i].hash == hash)
			break;
	return i;
}

uint32_t
join_find(const struct joins *j, struct slice message_id)
{
	return find(j, message_id_hash(message_id));
}

static uint32_t
cluster_new(struct joins *j, uint64_t hash, uint64_t tick)
{
	uint32_t i = pool_take(&j->pool);

	mem_grow(&j->item, &j->cap, i + 1, sizeof(*j->item));
	j->item[i] = (struct cluster){ .hash = hash, .tick = tick };
	pool_add(&j->pool, i, hash);
	return i;
}

uint32_t
join_window(struct joins *j, struct slice message_id, uint64_t tick)
{
	uint64_t hash = message_id_hash(message_id);
	uint32_t i = find(j, hash);

	if (i == 0)
		return cluster_new(j, hash, tick);
	pool_renew(&j->pool, i);
	j->item[i].tick = tick;
	return i;
}

uint32_t
join_old_window(struct joins *j, struct slice message_id, uint64_t tick)
{
	uint32_t i = join_window(j, message_id, tick), older = j->pool.node[i].older;

	while (older != 0 && j->item[older].tick > tick)
		older = j->pool.node[older].older;
	pool_age(&j->pool, i, older);
	return i;
}

void
join_record(struct joins *j, struct records *rs, uint32_t window, uint32_t record)
{
	struct cluster *c = &j->item[window];
	struct record *r = &rs->item[record];

	c->items++;
	j->waiting++;
	r->cluster = window;
	r->cluster_next = 0;
	if (c->records_tail)
		rs->item[c->records_tail].cluster_next = record;
	else
		c->records = record;
	c->records_tail = record;
}

struct verdict_item *
join_verdict(struct joins *j, uint32_t window, const struct event *ev)
{
	struct verdict_item *v = verdict_new(j, ev);
	struct cluster *c = &j->item[window];

	c->items++;
	j->waiting++;
	if (c->verdict == NULL)
		c->verdict = v;
	else
		*c->verdict_tail = v;
	c->verdict_tail = &v->next;
	return v;
}

static void
add_deliveries(struct record *to, const struct record *from)
{
	to->sent_local += from->sent_local - from->piped;
	to->sent_remote += from->sent_remote;
	to->bounced += from->bounced;
}

/* The passage goes on as the message: with the origin of its first passage. */
static void
take_origin(struct record *to, const struct record *from)
{
	const uint32_t texts = 1u << T_CLIENT_NAME | 1u << T_UNVERIFIED | 1u << T_HELO |
	    1u << T_ACCOUNT | 1u << T_SERVICE | 1u << T_USER | 1u << T_PROTO | 1u << T_CWD |
	    1u << T_QID;
	const uint32_t origin =
	    MF_LOCAL | MF_AUTH | MF_TLS | MF_NO_RDNS | MF_RDNS_MISMATCH | MF_NO_NAME;

	record_copy(to, from, texts);
	to->flags = (to->flags & ~origin) | (from->flags & origin);
	to->ts = from->ts;
	to->has_addr = from->has_addr;
	to->addr = from->addr;
	to->port = from->port;
	to->local_port = from->local_port;
	to->mta = from->mta;
	to->host = from->host;
	to->instance = from->instance;
	to->opened = from->opened;
	if (from->verdict > to->verdict) {
		to->verdict = from->verdict;
		to->score = from->score;
		to->flags |= from->flags & MF_HAS_SCORE;
		record_copy(to, from, 1u << T_TESTS);
	}
	if (to->recipients < from->recipients)
		to->recipients = from->recipients;
	to->verdicts |= from->verdicts;
	add_deliveries(to, from);
}

static void
give_verdict(struct record *r, const struct verdict_item *v)
{
	r->verdicts |= (uint8_t)(1u << v->mta);
	if (r->verdict != VERDICT_SPAM && v->spam)
		record_drop(r, T_TESTS);
	if (v->spam || r->verdict == VERDICT_NOT_SEEN) {
		if (v->has_score) {
			r->score = v->score;
			r->flags |= MF_HAS_SCORE;
		}
		r->verdict = v->spam ? VERDICT_SPAM : VERDICT_HAM;
	}
	if (v->n[V_TESTS] && !record_has(r, T_TESTS))
		record_set(r, T_TESTS, verdict_text(v, V_TESTS));
	if (r->size == 0)
		r->size = v->size;
}

enum {
	LOOK_BACK = 64,		/* originals, and records for a verdict, that are looked at */
	LOOK_WINDOWS = 1024	/* of the last minute */
};

struct originals {		/* of a window, oldest first, that may have passages yet */
	uint32_t item[LOOK_BACK];
	unsigned n;
};

static void
originals_add(struct originals *o, uint32_t record)
{
	if (o->n == LOOK_BACK)
		memmove(o->item, o->item + 1, --o->n * sizeof(o->item[0]));
	o->item[o->n++] = record;
}

/* Did another instance of e's host take it, to send it on? */
static bool
is_second_instance(const struct record *e, const struct record *x)
{
	return x->own_host == e->own_host && x->own_instance != e->own_instance &&
	    x->sent_local + x->sent_private == 0 && x->sent_remote + x->bounced > 0 &&
	    !(x->flags & MF_AUTH);
}

/* The place in o of the record that x goes on for; o->n when there is none. */
static unsigned
original_of(const struct records *rs, const struct originals *o, const struct record *x)
{
	struct slice qid = record_get(x, T_QID);
	bool here = x->loopback || (x->flags & (MF_LOCAL | MF_BOUNCE)) == MF_LOCAL;
	unsigned first = o->n;

	for (unsigned i = 0; i < o->n; i++) {
		const struct record *e = &rs->item[o->item[i]];
		struct slice next = record_get(e, T_NEXT_ID);

		if (next.n && slice_eq(next, qid) && (x->inside || is_second_instance(e, x)))
			return i;
		if (first == o->n && here && e->handed > 0 && e->own_host == x->own_host &&
		    x->ts >= e->ts)
			first = i;
	}
	return first;
}

/* What goes on as e: its passage may have been handed on too, always to a later record. */
static struct record *
survivor_of(struct records *rs, struct record *e)
{
	struct record *s = &rs->item[e->survivor];

	while (s->survivor) {
		e->survivor = s->survivor;
		s = &rs->item[s->survivor];
	}
	return s;
}

/* x is a passage of e: the first goes on as the message, another one only adds to it. */
static void
pass_on(struct records *rs, struct record *e, struct record *x)
{
	e->sent_remote = e->handed > 0 ? e->sent_remote : 0;	/* all went to a second instance */
	e->handed -= e->handed > 0;
	if (e->survivor) {
		add_deliveries(survivor_of(rs, e), x);
		x->copy = true;
	} else {
		e->survivor = (uint32_t)(x - rs->item);
		e->copy = true;
		take_origin(x, e);
	}
}

static void
fold_passages(struct records *rs, uint32_t first)
{
	struct originals o;

	o.n = 0;
	for (uint32_t i = first; i != 0; i = rs->item[i].cluster_next) {
		struct record *x = &rs->item[i], *e;
		unsigned at = original_of(rs, &o, x);

		if (at < o.n) {
			e = &rs->item[o.item[at]];
			pass_on(rs, e, x);
			if (e->handed == 0) {
				o.n--;
				memmove(
				    o.item + at, o.item + at + 1, (o.n - at) * sizeof(o.item[0]));
			}
		}
		if ((x->handed > 0 || record_has(x, T_NEXT_ID)) && !x->copy)
			originals_add(&o, i);
	}
}

static bool
fits(const struct record *r, const struct verdict_item *v)
{
	/* Exim logs "<=" when all is received and scanned; Postfix's client= comes before */
	int64_t early = r->mta == MTA_EXIM ? 60 : 5;
	uint32_t size = r->size > v->size ? r->size : v->size;
	uint32_t other = r->size + v->size - size;

	if (r->copy || v->ts < r->ts - early || (r->closed && v->ts > r->last_ts + 5))
		return false;
	if (r->verdicts >> v->mta & 1)
		return false;
	return r->size == 0 || v->size == 0 || size - other <= 4096 + size / 8;
}

/*
 * Both chains are in order of time: a record that was closed before a verdict is closed before
 * the later ones, so the start moves on and the work stays linear.
 */
static struct verdict_item *
give_verdicts(struct joins *j, struct records *rs, uint32_t first, struct verdict_item *list)
{
	struct verdict_item *v, *next, *orphans = NULL, **tail = &orphans;
	const struct record *item = rs->item;

	for (v = list; v != NULL; v = next) {
		uint32_t best = 0;
		unsigned looked = 0;

		next = v->next;
		while (first != 0 && item[first].closed && item[first].last_ts + 5 < v->ts)
			first = item[first].cluster_next;
		for (uint32_t i = first; i != 0 && looked < LOOK_BACK;
		     i = item[i].cluster_next, looked++)
			if (fits(&item[i], v) && (best == 0 || item[i].ts <= v->ts))
				best = i;
		if (best != 0) {
			give_verdict(&rs->item[best], v);
			verdict_free(j, v);
		} else {
			v->next = NULL;
			*tail = v;
			tail = &v->next;
		}
	}
	return orphans;
}

uint32_t
join_close(struct joins *j, struct records *rs, uint32_t i, struct verdict_item **orphans_r)
{
	uint32_t first = j->item[i].records;

	if (first != 0 && rs->item[first].cluster_next != 0)
		fold_passages(rs, first);
	*orphans_r = give_verdicts(j, rs, first, j->item[i].verdict);
	for (uint32_t at = first; at != 0; at = rs->item[at].cluster_next)
		rs->item[at].cluster = 0;
	j->item[i].verdict = NULL;
	j->waiting -= j->item[i].items;
	pool_drop(&j->pool, i);
	return first;
}

/* The second's record, the first's texts, which were not touched for the window's time. */
void
join_expect(const struct joins *j, const struct records *rs)
{
	const struct pool_node *node = j->pool.node;
	uint32_t first = node[pool_oldest(&j->pool)].newer, second = node[first].newer;
	const char *text;

	if (first == 0 || second == 0 || j->item[first].records == 0)
		return;
	text = rs->item[j->item[first].records].text;
	__builtin_prefetch(&j->item[node[second].newer]);
	__builtin_prefetch(&rs->item[j->item[second].records]);
	for (unsigned line = 0; line < 4; line++)
		__builtin_prefetch(text + 64 * line);
}

static bool
is_wished(const struct verdict_item *v, const struct orphan_wish *w)
{
	if (!v->spam || v->taken || v->ts < w->from || v->ts > w->until)
		return false;
	return !(w->has_score && v->has_score && v->score / 1000 != w->score / 1000);
}

struct cluster *
join_look(struct joins *j, const struct orphan_wish *w, struct look *at)
{
	uint32_t i = at->window ? j->pool.node[at->window].older : pool_newest(&j->pool);

	if (i == 0 || j->item[i].tick <= w->past || at->looked++ == LOOK_WINDOWS)
		return NULL;
	at->window = i;
	return &j->item[i];
}

struct verdict_item *
join_wished(const struct cluster *c, const struct orphan_wish *w, unsigned *found)
{
	struct verdict_item *best = NULL;

	for (struct verdict_item *v = c->verdict; c->records == 0 && v != NULL; v = v->next) {
		if (!is_wished(v, w))
			continue;
		if (best == NULL || v->ts < best->ts)
			best = v;
		++*found;
	}
	return best;
}

/* The order of windows is none that a cut stream would know. */
static bool
is_before(const struct verdict_item *a, const struct verdict_item *b)
{
	if (a->ts != b->ts)
		return a->ts < b->ts;
	return slice_cmp(verdict_text(a, V_MESSAGE_ID), verdict_text(b, V_MESSAGE_ID)) < 0;
}

struct verdict_item *
join_orphan(struct joins *j, const struct orphan_wish *w, bool *sure_r)
{
	struct verdict_item *best = NULL, *v;
	struct look at = { 0 };
	const struct cluster *c;
	unsigned found = 0;

	while ((c = join_look(j, w, &at)) != NULL) {
		v = join_wished(c, w, &found);
		if (v != NULL && (best == NULL || is_before(v, best)))
			best = v;
	}
	*sure_r = found == 1;
	return best;
}

void
joins_free(struct joins *j)
{
	for (unsigned i = 1; i <= j->pool.n; i++)
		verdict_items_free(j->item[i].verdict);
	verdict_items_free(j->spare);
	free(j->item);
	pool_free(&j->pool);
	*j = (struct joins){ 0 };
}
