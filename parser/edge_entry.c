/*
 * The entries of a piece, written and read. Each begins with one byte: its kind, and which of these
 * stand before what it is about: ticks since the last entry; what is past meanwhile, by each span;
 * the clocks of hosts that moved on.
 */
#include "base/problem.h"
#include "parser/edge_private.h"
#include "parser/event_pack.h"

enum { KIND_BITS = 7, TICKS = 8, PASTS = 16, MOVES = 32, HEAD_MAX = 63 };
enum { SESSION = 1, TLS = 2, MISMATCH = 4, CELL = 8, RETRY = 16, PLACE = 32, TWIN = 64,
	CLIENT = 128, RANKED = 256, PREGREET = 512, TOLD_MAX = 1023 };
enum { CLOSED = 1, OPENED = 2, COPY = 4, HAS_ADDR = 8, DEFERRED = 16, LOOPBACK = 32, INSIDE = 64,
	WAITS = 128, RECORD_MAX = 255 };
enum { V_SPAM = 1, V_SCORE = 2, V_TAKEN = 4, V_ADDR = 8, VERDICT_MAX = 15 };
#define TICK_MAX ((uint64_t)1 << 48)

static void
pack_moves(struct edges *e)
{
	pack_u(&e->held, e->moves);
	for (unsigned i = 0; i < e->moves; i++) {
		struct edge_host *h = &e->host[e->moved[i]];

		pack_u(&e->held, e->moved[i]);
		pack_i(&e->held, h->most - e->from);
		h->moved = false;
	}
	e->moves = 0;
}

void
entry_begin(struct correlate *c, enum entry kind)
{
	struct edges *e = c->edges;
	const struct clock *now = &c->clock;
	bool pasts = memcmp(e->past, now->past, sizeof(e->past)) != 0;

	pack_u(&e->held, kind | (now->tick > e->tick ? TICKS : 0u) | (pasts ? PASTS : 0u) |
	    (e->moves > 0 ? MOVES : 0u));
	if (now->tick > e->tick)
		pack_u(&e->held, now->tick - e->tick);
	for (unsigned s = 0; pasts && s < SPANS; s++)
		pack_u(&e->held, now->past[s] - e->past[s]);
	if (e->moves > 0)
		pack_moves(e);
	e->tick = now->tick;
	memcpy(e->past, now->past, sizeof(e->past));
}

void
entry_event(struct correlate *c, const struct told *t, const struct event *ev)
{
	struct buf *b = &c->edges->held;

	entry_begin(c, ENTRY_EVENT);
	pack_u(b, (t->session ? SESSION : 0u) | (t->tls ? TLS : 0u) |
	    (t->mismatch ? MISMATCH : 0u) | (t->cell ? CELL : 0u) | (t->retry ? RETRY : 0u) |
	    (t->place ? PLACE : 0u) | (t->twin ? TWIN : 0u) | (t->client ? CLIENT : 0u) |
	    (t->ranked ? RANKED : 0u) | (t->pregreet ? PREGREET : 0u));
	if (t->session && t->mismatch)
		pack_bytes(b, t->name);
	if (t->place)
		pack_bytes(b, t->cwd);
	event_pack(ev, b);
}

static void
pack_texts(const struct record *r, struct buf *b)
{
	uint32_t at = 0;
	unsigned text;
	struct slice s;

	for (text = 0; text < T_FAILED; text++) {
		s = record_get(r, text);
		if (!record_has(r, text) || (text == T_QID && slice_eq(s, record_qid(r))))
			continue;
		pack_u(b, text + 1);
		pack_bytes(b, s);
	}
	while (record_next(r, &at, &text, &s)) {
		struct failure f;

		if (text < T_FAILED)
			continue;
		pack_u(b, text + 1);
		if (text == T_FAILED) {
			memcpy(&f, s.p, sizeof(f));
			pack_u(b, f.replier);
			pack_u(b, f.status);
			pack_u(b, (unsigned)f.data | (unsigned)f.remote << 1);
			s = slice_skip(s, sizeof(f));
		}
		pack_bytes(b, s);
	}
	pack_u(b, 0);
}

static const struct {
	size_t offset;
	uint64_t most;
} small[] = {
#define FIELD(member, max) { offsetof(struct record, member), max }
	FIELD(mta, MTA_COUNT - 1), FIELD(state, STATE_FORCED), FIELD(reason, REJECT_REASONS - 1),
	FIELD(action, ACT_WARNED), FIELD(phase, PHASE_CONTENT), FIELD(verdict, VERDICT_SPAM),
	FIELD(verdicts, UINT8_MAX),
}, word[] = {
	FIELD(flags, MF_PREGREET * 2u - 1), FIELD(size, UINT32_MAX), FIELD(recipients, UINT32_MAX),
	FIELD(sent_local, UINT32_MAX), FIELD(sent_remote, UINT32_MAX),
	FIELD(sent_private, UINT32_MAX), FIELD(bounced, UINT32_MAX), FIELD(piped, UINT32_MAX),
	FIELD(handed, UINT32_MAX),
#undef FIELD
};
enum { SMALLS = sizeof(small) / sizeof(small[0]), WORDS = sizeof(word) / sizeof(word[0]) };

static void
pack_record(const struct record *r, struct buf *b)
{
	pack_u(b, r->own_host);
	pack_u(b, r->own_instance);
	pack_u(b, r->host);
	pack_u(b, r->instance);
	pack_i(b, r->ts);
	pack_i(b, r->last_ts - r->ts);
	pack_bytes(b, record_qid(r));
	for (unsigned i = 0; i < SMALLS; i++)
		pack_u(b, *((const uint8_t *)r + small[i].offset));
	for (unsigned i = 0; i < WORDS; i++) {
		uint32_t v;

		memcpy(&v, (const char *)r + word[i].offset, sizeof(v));
		pack_u(b, v);
	}
	pack_i(b, r->score);
	pack_u(b, r->port);
	pack_u(b, r->local_port);
	if (r->has_addr)
		event_pack_addr(b, &r->addr);
	pack_texts(r, b);
}

void
entry_record(struct correlate *c, const struct record *r)
{
	struct buf *b = &c->edges->held;

	entry_begin(c, ENTRY_RECORD);
	pack_u(b, (r->closed ? CLOSED : 0u) | (r->opened ? OPENED : 0u) | (r->copy ? COPY : 0u) |
	    (r->has_addr ? HAS_ADDR : 0u) | (r->deferred ? DEFERRED : 0u) |
	    (r->loopback ? LOOPBACK : 0u) | (r->inside ? INSIDE : 0u) |
	    (r->cluster != 0 ? WAITS : 0u));
	pack_u(b, c->clock.tick - r->tick);
	if (r->cluster != 0)
		pack_u(b, c->clock.tick - c->joins.item[r->cluster].tick);
	pack_record(r, b);
}

void
entry_verdict(struct correlate *c, const struct cluster *w, const struct verdict_item *v)
{
	struct buf *b = &c->edges->held;

	entry_begin(c, ENTRY_VERDICT);
	pack_u(b, (v->spam ? V_SPAM : 0u) | (v->has_score ? V_SCORE : 0u) |
	    (v->taken ? V_TAKEN : 0u) | (v->has_addr ? V_ADDR : 0u));
	pack_u(b, c->clock.tick - w->tick);
	pack_i(b, v->ts);
	pack_u(b, v->host);
	pack_i(b, v->score);
	pack_u(b, v->size);
	pack_u(b, v->mta);
	if (v->has_addr)
		event_pack_addr(b, &v->addr);
	pack_bytes(b, verdict_text(v, V_TESTS));
	pack_bytes(b, verdict_text(v, V_MESSAGE_ID));
	pack_bytes(b, verdict_text(v, V_SENDER));
}

static uint32_t
read_host(struct edge_reader *r, struct unpack *u)
{
	uint32_t host = event_unpack_name(u, r->name, r->names);

	if (host > EDGE_HOSTS)
		u->bad = true;
	return u->bad ? 0 : host;
}

static void
read_moves(struct correlate *c, struct edge_reader *r, struct unpack *u)
{
	for (uint64_t n = unpack_count(u, 2); n > 0 && !u->bad; n--) {
		uint32_t host = read_host(r, u);
		int64_t ts = unpack_time(u, r->edge->from);

		if (!u->bad)
			clock_most(&c->clock, host, ts);
	}
}

enum entry
entry_head(struct correlate *c, struct edge_reader *r, struct unpack *u)
{
	unsigned bits = (unsigned)unpack_max(u, HEAD_MAX);
	struct clock *now = &c->clock;

	if (bits & TICKS)
		r->tick += unpack_max(u, TICK_MAX);
	for (unsigned s = 0; (bits & PASTS) && s < SPANS; s++)
		r->past[s] += unpack_max(u, TICK_MAX);
	for (unsigned s = 0; s < SPANS; s++)
		u->bad |= r->past[s] > r->tick || r->tick > TICK_MAX;
	if (bits & MOVES)
		read_moves(c, r, u);
	if (u->bad || (bits & KIND_BITS) >= ENTRIES) {
		u->bad = true;
		return ENTRIES;
	}
	now->tick = r->base + r->tick;
	for (unsigned s = 0; s < SPANS; s++)
		if (r->past[s] > 0 && r->base + r->past[s] > now->past[s])
			now->past[s] = r->base + r->past[s];
	correlate_pass(c);
	return bits & KIND_BITS;
}

static void
read_event(struct correlate *c, struct edge_reader *r)
{
	struct unpack *u = &r->held;
	unsigned bits = (unsigned)unpack_max(u, TOLD_MAX);
	struct told t = { .session = bits & SESSION, .tls = bits & TLS,
		.mismatch = bits & MISMATCH, .cell = bits & CELL, .retry = bits & RETRY,
		.place = bits & PLACE, .twin = bits & TWIN, .client = bits & CLIENT,
		.ranked = bits & RANKED, .pregreet = bits & PREGREET };
	struct event ev;

	if (t.session && t.mismatch)
		t.name = slice_first(unpack_bytes(u), 255);
	if (t.place)
		t.cwd = unpack_bytes(u);
	event_unpack(u, r->name, r->names, &ev);
	if (u->bad)
		return;
	c->told = &t;
	correlate_handlers[ev.type](c, &ev);
	c->told = NULL;
}

static void
read_reopened(struct correlate *c, struct edge_reader *r)
{
	uint32_t host = event_unpack_name(&r->held, r->name, r->names);
	uint32_t instance = event_unpack_name(&r->held, r->name, r->names), i;
	struct slice qid = unpack_bytes(&r->held);

	if (r->held.bad)
		return;
	i = record_find(c, host, instance, qid);
	if (i != 0)
		record_over(c, i);
}

/* How many ticks ago something was. */
static uint64_t
read_tick(struct correlate *c, struct edge_reader *r, struct unpack *u)
{
	return c->clock.tick - unpack_max(u, r->tick);
}

static void
read_failure(struct unpack *u, struct record *rec)
{
	struct failure f = { .replier = unpack_u(u) };
	char both[sizeof(f) + RECORD_TEXT_MAX];
	struct slice s;
	unsigned bits;

	f.status = (uint8_t)unpack_max(u, DELIVERY_EXPIRED);
	bits = (unsigned)unpack_max(u, 3);
	f.data = bits & 1;
	f.remote = bits >> 1;
	s = slice_first(unpack_bytes(u), RECORD_TEXT_MAX - sizeof(f));
	if (u->bad || ++rec->replies > MESSAGE_REPLIES) {
		u->bad = true;
		return;
	}
	memcpy(both, &f, sizeof(f));
	if (s.n)
		memcpy(both + sizeof(f), s.p, s.n);
	record_set(rec, T_FAILED, (struct slice){ both, sizeof(f) + s.n });
}

static void
read_texts(struct unpack *u, struct record *rec)
{
	unsigned text;

	while ((text = (unsigned)unpack_max(u, T_COUNT)) != 0 && !u->bad) {
		struct slice s;

		if (--text == T_FAILED) {
			read_failure(u, rec);
			continue;
		}
		s = unpack_bytes(u);
		if (text == T_DOMAIN)
			u->bad |= ++rec->domains > MESSAGE_DOMAINS;
		if (!u->bad)
			record_set(rec, text, s);
	}
}

/* Its numbers, but for those that its entry has. */
static void
read_fields(struct unpack *u, struct record *rec, bool has_addr)
{
	for (unsigned k = 0; k < SMALLS; k++)
		*((uint8_t *)rec + small[k].offset) = (uint8_t)unpack_max(u, small[k].most);
	for (unsigned k = 0; k < WORDS; k++) {
		uint32_t v = (uint32_t)unpack_max(u, word[k].most);

		memcpy((char *)rec + word[k].offset, &v, sizeof(v));
	}
	rec->score = (int32_t)unpack_i(u);
	rec->port = (uint16_t)unpack_max(u, UINT16_MAX);
	rec->local_port = (uint16_t)unpack_max(u, UINT16_MAX);
	if (has_addr)
		rec->addr = event_unpack_addr(u);
	rec->has_addr = has_addr;
	read_texts(u, rec);
}

/* 0: it is damaged. */
static uint32_t
read_new_record(struct correlate *c, struct edge_reader *r, bool has_addr)
{
	struct unpack *u = &r->held;
	struct event ev = { .mta = MTA_NONE };
	uint32_t host, instance, i;
	struct record *rec;
	struct slice qid;
	int64_t last;

	ev.host = event_unpack_name(u, r->name, r->names);
	ev.instance = event_unpack_name(u, r->name, r->names);
	host = event_unpack_name(u, r->name, r->names);
	instance = event_unpack_name(u, r->name, r->names);
	ev.ts = unpack_time(u, 0);
	last = unpack_time(u, ev.ts);
	qid = unpack_bytes(u);
	if (u->bad)
		return 0;
	i = record_new(&c->records, record_key(ev.host, ev.instance, qid), &ev, qid);
	rec = &c->records.item[i];
	rec->host = host;
	rec->instance = instance;
	rec->last_ts = last;
	read_fields(u, rec, has_addr);
	return i;
}

static void
read_record(struct correlate *c, struct edge_reader *r)
{
	struct unpack *u = &r->held;
	unsigned bits = (unsigned)unpack_max(u, RECORD_MAX);
	uint64_t tick = read_tick(c, r, u), window_tick = bits & WAITS ? read_tick(c, r, u) : 0;
	uint32_t i = read_new_record(c, r, bits & HAS_ADDR);
	struct record *rec;

	if (i == 0)
		return;
	correlate_mixed(c);
	rec = &c->records.item[i];
	rec->tick = tick;
	rec->opened = bits & OPENED;
	rec->copy = bits & COPY;
	rec->deferred = bits & DEFERRED;
	rec->loopback = bits & LOOPBACK;
	rec->inside = bits & INSIDE;
	u->bad |= (bits & WAITS) && !record_has(rec, T_MESSAGE_ID);
	if ((bits & WAITS) && !u->bad)
		join_record(&c->joins, &c->records,
		    join_old_window(&c->joins, record_get(rec, T_MESSAGE_ID), window_tick), i);
	if (bits & CLOSED)
		correlate_retire(c, i, rec->state);
	correlate_force(c);
}

static void
read_verdict(struct correlate *c, struct edge_reader *r)
{
	struct unpack *u = &r->held;
	unsigned bits = (unsigned)unpack_max(u, VERDICT_MAX);
	uint64_t tick = read_tick(c, r, u);
	struct verdict_item *v;
	struct event ev = { .flags = (bits & V_SPAM ? EF_SPAM : 0u) |
	    (bits & V_SCORE ? EF_HAS_SCORE : 0u), .has_addr = bits & V_ADDR };

	ev.ts = unpack_time(u, 0);
	ev.host = event_unpack_name(u, r->name, r->names);
	ev.score = (int32_t)unpack_i(u);
	ev.size = (uint32_t)unpack_max(u, UINT32_MAX);
	ev.mta = (enum mta)unpack_max(u, MTA_COUNT - 1);
	if (ev.has_addr)
		ev.addr = event_unpack_addr(u);
	event_set(&ev, F_TESTS, unpack_bytes(u));
	event_set(&ev, F_MESSAGE_ID, unpack_bytes(u));
	event_set(&ev, F_SENDER, unpack_bytes(u));
	if (u->bad)
		return;
	correlate_mixed(c);
	v = join_verdict(&c->joins, join_old_window(&c->joins, ev.f[F_MESSAGE_ID], tick), &ev);
	v->taken = bits & V_TAKEN;
}

static void
read_seen(struct correlate *c, struct edge_reader *r)
{
	uint64_t hash = unpack_u(&r->held);
	struct seen_slot *x =
	    seen_at(&c->attempts, hash, c->clock.past[SPAN_WINDOW], c->clock.tick);

	x->count[0] = (uint16_t)unpack_max(&r->held, SEEN_MOST);
	x->count[1] = (uint16_t)unpack_max(&r->held, SEEN_MOST);
}

static void
read_first(struct correlate *c, struct edge_reader *r)
{
	uint32_t host = read_host(r, &r->held);
	int64_t ts = unpack_time(&r->held, r->edge->from);

	if (r->held.bad)
		return;
	clock_first(&c->clock, host, ts, c->clock.tick);
	correlate_pass(c);
}

void
entry_read(struct correlate *c, struct edge_reader *r, enum entry kind)
{
	switch (kind) {
	case ENTRY_EVENT:
		read_event(c, r);
		break;
	case ENTRY_FIRST:
		read_first(c, r);
		break;
	case ENTRY_REOPENED:
		read_reopened(c, r);
		break;
	case ENTRY_RECORD:
		read_record(c, r);
		break;
	case ENTRY_VERDICT:
		read_verdict(c, r);
		break;
	case ENTRY_SEEN:
		read_seen(c, r);
		break;
	default:
		r->held.bad = true;
	}
}
