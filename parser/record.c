/* See record.h. */
#include "parser/record.h"

#include <assert.h>
#include <stdlib.h>

#include "base/problem.h"
#include "base/short_text.h"

/* Room for the texts of most records; up to TEXT_KEPT bytes stay for the next record. */
enum { TEXT_FIRST = 192, TEXT_KEPT = 384 };
#define TEXT_HEAD 3u		/* kind, length */

_Static_assert(T_COUNT <= 32, "a bit for each text");

void
record_close(struct records *rs, uint32_t i)
{
	struct record *r = &rs->item[i];

	assert(!r->closed);
	r->closed = true;
	pool_remove(&rs->pool, i);
}

void
record_free(struct records *rs, uint32_t i)
{
	struct record *r = &rs->item[i];

	assert(r->used);
	if (!r->closed)
		record_close(rs, i);
	if (r->text_cap > TEXT_KEPT) {
		r->text = mem_resize(r->text, TEXT_KEPT);
		r->text_cap = TEXT_KEPT;
	}
	r->used = false;
	pool_give(&rs->pool, i);
}

/* Of each kind that there is one of only the last, and its own queue id. */
static void
drop_former(struct record *r)
{
	uint32_t last[T_COUNT], from, at = 0, to = 0;
	struct slice s;
	unsigned text;

	for (from = 0; record_next(r, &at, &text, &s); from = at)
		last[text] = from;
	for (from = at = 0; record_next(r, &at, &text, &s); from = at) {
		if (from && text < T_FAILED && (last[text] != from || !record_has(r, text)))
			continue;
		memmove(r->text + to, r->text + from, at - from);
		to += at - from;
	}
	r->text_n = to;
	r->domains_at = 0;
}

/* Room for a text of n bytes. Out of line, as most fit. */
static void __attribute__((noinline))
make_room(struct record *r, size_t n)
{
	drop_former(r);
	if (TEXT_HEAD + n <= r->text_cap - r->text_n)
		return;
	while (TEXT_HEAD + n > r->text_cap - r->text_n)
		r->text_cap *= 2;
	r->text = mem_resize(r->text, r->text_cap);
}

/* At to, where there is room; returned is where the next one goes. */
static inline char *
write_text(char *to, unsigned text, const char *from, size_t n)
{
	uint16_t length = (uint16_t)n;

	to[0] = (char)text;
	memcpy(to + 1, &length, sizeof(length));
	text_copy(to + TEXT_HEAD, from, n);
	return to + TEXT_HEAD + n;
}

static void __attribute__((noinline))
set_long(struct record *r, unsigned text, struct slice s)
{
	s = slice_first(s, RECORD_TEXT_MAX);
	make_room(r, s.n);
	r->text_n = (uint32_t)(write_text(r->text + r->text_n, text, s.p, s.n) - r->text);
}

void
record_set(struct record *r, unsigned text, struct slice s)
{
	r->has |= 1u << text;
	if (s.n > RECORD_TEXT_MAX || TEXT_HEAD + s.n > r->text_cap - r->text_n) {
		set_long(r, text, s);
		return;
	}
	write_text(r->text + r->text_n, text, s.p, s.n);
	r->text_n += TEXT_HEAD + (uint32_t)s.n;
}

void
record_take(struct record *r, const struct event *ev, uint32_t which)
{
	static const uint8_t text_of[F_COUNT] = { [F_QID] = T_QID, [F_CLIENT_NAME] = T_CLIENT_NAME,
		[F_HELO] = T_HELO, [F_ACCOUNT] = T_ACCOUNT, [F_SENDER] = T_SENDER,
		[F_RCPT] = T_RCPT, [F_MESSAGE_ID] = T_MESSAGE_ID, [F_USER] = T_USER,
		[F_PROTO] = T_PROTO, [F_RELAY_ID] = T_NEXT_ID, [F_REPLY] = T_REPLY,
		[F_TESTS] = T_TESTS, [F_SERVICE] = T_SERVICE };
	char *to = r->text + r->text_n;
	size_t room = r->text_cap - r->text_n;

	for (which &= ev->has; which != 0; which &= which - 1) {
		const struct slice *s = &ev->f[__builtin_ctz(which)];
		unsigned text = text_of[__builtin_ctz(which)];

		r->has |= 1u << text;
		if (s->n > RECORD_TEXT_MAX || TEXT_HEAD + s->n > room) {
			r->text_n = (uint32_t)(to - r->text);
			set_long(r, text, *s);
			to = r->text + r->text_n;
			room = r->text_cap - r->text_n;
			continue;
		}
		to = write_text(to, text, s->p, s->n);
		room -= TEXT_HEAD + s->n;
	}
	r->text_n = (uint32_t)(to - r->text);
}

/* A new record's place: that of a former one, or another with a block of its own. */
static uint32_t
take_place(struct records *rs)
{
	unsigned before = rs->pool.n;
	uint32_t i = pool_take(&rs->pool);

	if (i > before) {
		mem_grow(&rs->item, &rs->cap, i + 1, sizeof(*rs->item));
		rs->item[i].text = mem_resize(NULL, TEXT_FIRST);
		rs->item[i].text_cap = TEXT_FIRST;
	}
	return i;
}

uint32_t
record_new(struct records *rs, uint64_t key, const struct event *ev, struct slice qid)
{
	uint32_t i = take_place(rs);
	struct record *r = &rs->item[i];

	pool_add(&rs->pool, i, key);
	/* in pieces: one memset() would be a slow string instruction */
	memset(&r->has, 0, offsetof(struct record, recipients) - offsetof(struct record, has));
	memset(&r->recipients, 0, sizeof(*r) - offsetof(struct record, recipients));
	r->key = key;
	r->host = r->own_host = ev->host;
	r->instance = r->own_instance = ev->instance;
	r->mta = (uint8_t)ev->mta;
	r->ts = r->last_ts = ev->ts;
	r->used = true;
	r->text_n = 0;
	record_set(r, T_QID, qid);
	return i;
}

void
record_drop(struct record *r, unsigned text)
{
	if (!record_has(r, text))
		return;
	record_set(r, text, SLICE_NONE);
	r->has &= ~(1u << text);
}

void
record_cut(struct record *r, const char *text)
{
	char *from = r->text + (text - r->text) - TEXT_HEAD, *to = from;
	uint16_t n;

	memcpy(&n, from + 1, sizeof(n));
	from += TEXT_HEAD + n;
	memmove(to, from, (size_t)(r->text + r->text_n - from));
	r->text_n -= TEXT_HEAD + n;
	r->domains_at = 0;
}

struct slice
record_get(const struct record *r, unsigned text)
{
	struct slice s, found = SLICE_NONE;
	uint32_t at = 0;
	unsigned which;

	if (!record_has(r, text))
		return SLICE_NONE;
	while (record_next(r, &at, &which, &s))
		if (which == text)
			found = s;
	return found;
}

struct slice
record_qid(const struct record *r)
{
	struct slice s = SLICE_NONE;
	uint32_t at = 0;
	unsigned text;

	record_next(r, &at, &text, &s);
	return s;
}

void
record_copy(struct record *r, const struct record *from, uint32_t which)
{
	uint32_t at = 0;
	struct slice s;
	unsigned text;

	for (text = 0; text < MESSAGE_TEXTS; text++)
		if ((r->has & which & ~from->has) >> text & 1)
			record_drop(r, text);
	while (record_next(from, &at, &text, &s))
		if ((from->has & which) >> text & 1)
			record_set(r, text, s);
}

enum message_state
record_state(const struct record *r, const struct clock *clock)
{
	bool queued = record_has(r, T_MESSAGE_ID) || r->recipients;

	if (r->cluster != 0)
		return STATE_OPEN;
	if (r->tick <= clock->past[SPAN_HOUR] && r->opened && !queued)
		return STATE_COMPLETE;
	return r->tick <= clock->past[SPAN_WEEK] ? STATE_FORCED : STATE_OPEN;
}

static void
view_failure(struct message *m, struct slice s)
{
	struct failure f;

	memcpy(&f, s.p, sizeof(f));
	m->failed[m->replies++] = (struct failed_reply){ .text = slice_skip(s, sizeof(f)),
		.status = f.status, .data = f.data, .remote = f.remote, .replier = f.replier };
}

void
record_view(const struct record *r, struct message *m)
{
	uint32_t at = 0;
	struct slice s;
	unsigned text;

	m->kind = MESSAGE_MAIL;
	m->state = r->state;
	m->mta = r->mta;
	m->repeat = 1;
	m->ts = r->ts;
	m->last_ts = r->last_ts;
	m->addr = r->addr;
	m->port = r->port;
	m->local_port = r->local_port;
	m->has_addr = r->has_addr;
	m->reason = r->reason;
	m->action = r->action;
	m->phase = r->phase;
	m->host = r->host;
	m->instance = r->instance;
	m->flags = r->flags;
	m->recipients = r->recipients;
	m->size = r->size;
	m->score = r->score;
	m->sent_local = r->sent_local;
	m->sent_remote = r->sent_remote;
	m->sent_private = r->sent_private;
	m->bounced = r->bounced;
	m->verdict = r->verdict;
	m->deferred = r->deferred;
	m->replies = m->domains = 0;
	message_no_texts(m);
	while (record_next(r, &at, &text, &s)) {
		if (text < MESSAGE_TEXTS)
			m->text[text] = s;
		else if (text == T_FAILED)
			view_failure(m, s);
		else if (text == T_DOMAIN)
			m->domain[m->domains++] = s;
	}
}

void
records_free(struct records *rs)
{
	for (unsigned i = 1; i <= rs->pool.n; i++)
		free(rs->item[i].text);
	free(rs->item);
	pool_free(&rs->pool);
	*rs = (struct records){ 0 };
}
