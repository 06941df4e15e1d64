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
record_new(struct records *rs, uint64_t hash)
{
	char *text = NULL;
	uint32_t i, cap = 0;

	if (rs->free_head) {
		i = rs->free_head - 1;
		rs->free_head = rs->item[i].next;
		text = rs->item[i].text;
		cap = rs->item[i].text_cap;
	} else {
		mem_grow(&rs->item, &rs->cap, rs->n + 1, sizeof(*rs->item));
		i = rs->n++;
	}
	rs->item[i] = (struct record){ .hash = hash, .used = true, .cluster = TABLE_NONE,
		.cluster_next = TABLE_NONE, .text = text, .text_cap = cap };
	list_append(rs, i);
	table_add(&rs->by_qid, hash, i);
	rs->live++;
	return i;
}

void
record_close(struct records *rs, uint32_t i)
{
	struct record *r = &rs->item[i];

	assert(!r->closed);
	r->closed = true;
	table_remove(&rs->by_qid, r->hash, i);
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
		free(r->text);
		r->text = NULL;
		r->text_cap = 0;
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

void
record_set(struct record *r, unsigned field, struct slice s)
{
	if (s.n > RECORD_TEXT_MAX)
		s.n = RECORD_TEXT_MAX;
	if (r->text_n + s.n > r->text_cap) {
		uint32_t cap = r->text_cap ? r->text_cap : TEXT_FIRST;

		while (cap < r->text_n + s.n)
			cap *= 2;
		r->text = mem_resize(r->text, cap);
		r->text_cap = cap;
	}
	if (s.n)
		memcpy(r->text + r->text_n, s.p, s.n);
	r->field[field].at = r->text_n;
	r->field[field].n = (uint16_t)s.n;
	r->field[field].set = true;
	r->text_n += (uint32_t)s.n;
}

struct slice
record_get(const struct record *r, unsigned field)
{
	if (!r->field[field].set)
		return SLICE_NONE;
	if (r->field[field].n == 0)
		return SLICE("");
	return (struct slice){ r->text + r->field[field].at, r->field[field].n };
}

void
record_view(const struct record *r, struct message *m)
{
	*m = (struct message){ .kind = MESSAGE_MAIL,
		.state = r->state,
		.mta = r->mta,
		.flags = r->flags,
		.ts = r->ts,
		.last_ts = r->last_ts,
		.host = r->host,
		.instance = r->instance,
		.has_addr = r->has_addr,
		.addr = r->addr,
		.port = r->port,
		.local_port = r->local_port,
		.reason = r->reason,
		.action = r->action,
		.phase = r->phase,
		.verdict = r->verdict,
		.score = r->score,
		.size = r->size,
		.recipients = r->recipients,
		.repeat = 1,
		.sent_local = r->sent_local,
		.sent_remote = r->sent_remote,
		.sent_private = r->sent_private,
		.bounced = r->bounced,
		.deferred = r->deferred,
		.qid = record_get(r, T_QID),
		.message_id = record_get(r, T_MESSAGE_ID),
		.client_name = record_get(r, T_CLIENT_NAME),
		.unverified = record_get(r, T_UNVERIFIED),
		.helo = record_get(r, T_HELO),
		.account = record_get(r, T_ACCOUNT),
		.service = record_get(r, T_SERVICE),
		.sender = record_get(r, T_SENDER),
		.rcpt = record_get(r, T_RCPT),
		.user = record_get(r, T_USER),
		.proto = record_get(r, T_PROTO),
		.cwd = record_get(r, T_CWD),
		.tests = record_get(r, T_TESTS),
		.reply = record_get(r, T_REPLY),
		.replies = r->replies,
		.domains = r->domains };
	for (unsigned i = 0; i < r->replies; i++)
		m->failed[i] =
		    (struct failed_reply){ record_get(r, T_FAILED + i), r->failed[i].status,
			    r->failed[i].data, r->failed[i].remote, r->failed[i].replier };
	for (unsigned i = 0; i < r->domains; i++)
		m->domain[i] = record_get(r, T_DOMAIN + i);
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
