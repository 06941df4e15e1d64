/* See record.h. */
#include "parser/record.h"

#include <assert.h>
#include <stdlib.h>

#include "base/problem.h"

enum { TEXT_FIRST = 384 };	/* room for the texts of most records; kept for the next record */

static void
list_remove(struct records *rs, uint32_t i)
{
	struct record *r = &rs->item[i];

	if (r->prev)
		rs->item[r->prev - 1].next = r->next;
	else
		rs->oldest = r->next;
	if (r->next)
		rs->item[r->next - 1].prev = r->prev;
	else
		rs->newest = r->prev;
	r->next = r->prev = 0;
}

static void
list_append(struct records *rs, uint32_t i)
{
	struct record *r = &rs->item[i];

	r->prev = rs->newest;
	r->next = 0;
	if (rs->newest)
		rs->item[rs->newest - 1].next = i + 1;
	else
		rs->oldest = i + 1;
	rs->newest = i + 1;
}

uint32_t
record_new(struct records *rs, const struct qid_key *key)
{
	struct record *r;
	char *text;
	uint32_t i, cap;

	if (rs->free_head) {
		i = rs->free_head - 1;
		r = &rs->item[i];
		rs->free_head = r->next;
		text = r->text;
		cap = r->text_cap;
	} else {
		mem_grow(&rs->item, &rs->cap, rs->n + 1, sizeof(*rs->item));
		i = rs->n++;
		r = &rs->item[i];
		text = mem_alloc(TEXT_FIRST);
		cap = TEXT_FIRST;
	}
	memset(r, 0, offsetof(struct record, field[T_FAILED]));
	r->key = *key;
	r->used = true;
	r->cluster = r->cluster_next = TABLE_NONE;
	r->text = text;
	r->text_cap = cap;
	list_append(rs, i);
	table_add(&rs->by_qid, key->hash, i);
	rs->live++;
	return i;
}

void
record_close(struct records *rs, uint32_t i)
{
	struct record *r = &rs->item[i];

	assert(!r->closed);
	r->closed = true;
	table_remove(&rs->by_qid, r->key.hash, i);
	list_remove(rs, i);
	rs->live--;
}

void
record_free(struct records *rs, uint32_t i)
{
	struct record *r = &rs->item[i];

	assert(r->used);
	if (!r->closed)
		record_close(rs, i);
	if (r->text_cap > TEXT_FIRST) {
		r->text = mem_resize(r->text, TEXT_FIRST);
		r->text_cap = TEXT_FIRST;
	}
	r->used = false;
	r->next = rs->free_head;
	rs->free_head = i + 1;
}

void
record_touch(struct records *rs, uint32_t i)
{
	if (rs->newest == i + 1)
		return;
	list_remove(rs, i);
	list_append(rs, i);
}

/* Room for s; returned is what is kept of it. Out of line, as most texts are short and fit. */
static struct slice __attribute__((noinline))
text_room(struct record *r, struct slice s)
{
	s = slice_first(s, RECORD_TEXT_MAX);
	if (s.n > r->text_cap - r->text_n) {
		while (s.n > r->text_cap - r->text_n)
			r->text_cap *= 2;
		r->text = mem_resize(r->text, r->text_cap);
	}
	return s;
}

void
record_set(struct record *r, unsigned field, struct slice s)
{
	char *to;

	if (s.n > RECORD_TEXT_MAX || s.n > r->text_cap - r->text_n)
		s = text_room(r, s);
	r->field[field] = (struct record_field){ r->text_n, (uint16_t)s.n, true };
	to = r->text + r->text_n;
	r->text_n += (uint32_t)s.n;
	if (s.n)
		memcpy(to, s.p, s.n);
}

enum message_state
record_state(const struct record *r, int64_t age)
{
	enum { ABORTED = 3600, LOST = 6 * 86400 };
	bool queued = r->field[T_MESSAGE_ID].set || r->recipients;

	if (age > ABORTED && r->opened && !queued)
		return STATE_COMPLETE;
	return age > LOST ? STATE_FORCED : STATE_OPEN;
}

void
record_view(const struct record *r, struct message *m)
{
	message_clear(m);
	m->kind = MESSAGE_MAIL;
	m->state = r->state;
	m->mta = r->mta;
	m->flags = r->flags;
	m->ts = r->ts;
	m->last_ts = r->last_ts;
	m->host = r->host;
	m->instance = r->instance;
	m->has_addr = r->has_addr;
	m->addr = r->addr;
	m->port = r->port;
	m->local_port = r->local_port;
	m->reason = r->reason;
	m->action = r->action;
	m->phase = r->phase;
	m->verdict = r->verdict;
	m->score = r->score;
	m->size = r->size;
	m->recipients = r->recipients;
	m->sent_local = r->sent_local;
	m->sent_remote = r->sent_remote;
	m->sent_private = r->sent_private;
	m->bounced = r->bounced;
	m->deferred = r->deferred;
	m->qid = record_get(r, T_QID);
	m->message_id = record_get(r, T_MESSAGE_ID);
	m->client_name = record_get(r, T_CLIENT_NAME);
	m->unverified = record_get(r, T_UNVERIFIED);
	m->helo = record_get(r, T_HELO);
	m->account = record_get(r, T_ACCOUNT);
	m->service = record_get(r, T_SERVICE);
	m->sender = record_get(r, T_SENDER);
	m->rcpt = record_get(r, T_RCPT);
	m->user = record_get(r, T_USER);
	m->proto = record_get(r, T_PROTO);
	m->cwd = record_get(r, T_CWD);
	m->tests = record_get(r, T_TESTS);
	m->reply = record_get(r, T_REPLY);
	for (m->replies = 0; m->replies < r->replies; m->replies++)
		m->failed[m->replies] = (struct failed_reply){
			record_get(r, T_FAILED + m->replies), r->failed[m->replies].status,
			r->failed[m->replies].data, r->failed[m->replies].remote,
			r->failed[m->replies].replier };
	for (; m->domains < r->domains; m->domains++)
		m->domain[m->domains] = record_get(r, T_DOMAIN + m->domains);
}

void
records_free(struct records *rs)
{
	for (unsigned i = 0; i < rs->n; i++)
		free(rs->item[i].text);
	free(rs->item);
	table_free(&rs->by_qid);
	*rs = (struct records){ 0 };
}
