/* See jsonl_record.h. In this process a record is the struct's bytes, then those of the texts. */
#include "report/jsonl_record.h"

#include "base/utc.h"
#include "classify/state_packed.h"

enum { HAS_ADDR = 1, HAS_SCORE = 2, HAS_SENDER = 4, IS_LOCAL = 8, BITS = 15 };

bool
jsonl_wants(const struct classifier *cl, const struct observation *o, bool suspected)
{
	const struct signature *sig;

	if (!o->counted)
		return false;
	sig = &cl->state.signature[o->signature];
	if (sig->kind == KIND_SUSPECTED)
		return suspected;
	return sig->kind == KIND_SPAM || (sig->kind == KIND_HAM && sig->direction != DIR_INBOUND);
}

static struct slice
reply_of(const struct message *m, const struct observation *o)
{
	if (m->reply.n)
		return m->reply;
	if (o->reply < m->replies && m->failed[o->reply].remote)
		return m->failed[o->reply].text;
	for (unsigned i = 0; i < m->replies; i++)
		if (m->failed[i].remote)
			return m->failed[i].text;
	return SLICE_NONE;
}

static void
put(const struct jsonl_record *k, const struct slice text[JSONL_TEXTS], struct buf *out)
{
	struct jsonl_record head = *k;

	out->n = 0;
	for (int i = 0; i < JSONL_TEXTS; i++)
		head.length[i] = (uint16_t)slice_first(text[i], JSONL_TEXT_MAX).n;
	buf_add(out, (struct slice){ (const char *)&head, sizeof(head) });
	for (int i = 0; i < JSONL_TEXTS; i++)
		buf_add(out, slice_first(text[i], head.length[i]));
}

void
jsonl_pack(const struct classifier *cl, const struct message *m, const struct observation *o,
    struct buf *out)
{
	const struct source *s = &cl->state.source[o->source];
	bool named = state_has_text(s->kind);
	const struct slice text[JSONL_TEXTS] = { m->qid, m->message_id,
		m->client_name.n ? m->client_name : m->unverified, m->helo, m->account, m->sender,
		reply_of(m, o), named ? cl->state.text[s->id] : SLICE_NONE };
	struct jsonl_record k = { .ts = m->ts,
		.source_id = named ? 0 : s->id,
		.source_net = s->kind == SOURCE_CLIENT ? 0 : s->net,
		.host = m->host,
		.signature = o->signature,
		.recipients = m->recipients,
		.score = m->score,
		.addr = m->addr,
		.port = m->port,
		.local_port = m->local_port,
		.mta = (uint8_t)m->mta,
		.source_kind = s->kind,
		.has_addr = m->has_addr,
		.has_score = (m->flags & MF_HAS_SCORE) != 0,
		.has_sender = m->sender.n || (m->flags & MF_NULL_SENDER),
		.local = (m->flags & MF_LOCAL) != 0 };

	put(&k, text, out);
}

void
jsonl_record_get(struct slice record, struct jsonl_record *k, struct slice text[JSONL_TEXTS])
{
	struct slice rest = slice_skip(record, sizeof(*k));

	memcpy(k, record.p, sizeof(*k));
	for (int i = 0; i < JSONL_TEXTS; i++) {
		text[i] = slice_first(rest, k->length[i]);
		rest = slice_skip(rest, k->length[i]);
	}
}

int64_t
jsonl_record_time(const struct buf *record)
{
	struct jsonl_record k;

	memcpy(&k, record->p, sizeof(k));
	return k.ts;
}

void
jsonl_record_renumber(struct buf *record, const uint32_t *signature, const uint32_t *host)
{
	struct jsonl_record k;

	memcpy(&k, record->p, sizeof(k));
	k.signature = signature[k.signature];
	k.host = host[k.host];
	memcpy(record->p, &k, sizeof(k));
}

void
jsonl_record_travel(struct slice record, const uint32_t *signature, struct buf *out)
{
	struct slice text[JSONL_TEXTS];
	struct jsonl_record k;

	jsonl_record_get(record, &k, text);
	pack_i(out, k.ts);
	pack_u(out, k.source_kind);
	pack_u(out, k.source_id);
	pack_u(out, k.source_net);
	pack_u(out, k.host);
	pack_u(out, signature[k.signature]);
	pack_u(out, k.recipients);
	pack_u(out, k.mta);
	pack_u(out, (k.has_addr ? HAS_ADDR : 0) | (k.has_score ? HAS_SCORE : 0) |
	    (k.has_sender ? HAS_SENDER : 0) | (k.local ? IS_LOCAL : 0));
	if (k.has_score)
		pack_i(out, k.score);
	if (k.has_addr)
		buf_add(out, (struct slice){ (const char *)k.addr.b, sizeof(k.addr.b) });
	pack_u(out, k.port);
	pack_u(out, k.local_port);
	for (int i = 0; i < JSONL_TEXTS; i++)
		pack_bytes(out, text[i]);
}

static void
unpack_address(struct unpack *u, struct addr *a)
{
	if (u->rest.n < sizeof(a->b)) {
		unpack_fail(u);
		return;
	}
	memcpy(a->b, u->rest.p, sizeof(a->b));
	u->rest = slice_skip(u->rest, sizeof(a->b));
}

static uint32_t
unpack_number(struct unpack *u, const uint32_t *number, uint32_t n)
{
	uint64_t place = unpack_u(u);

	return place < n ? number[place] : (uint32_t)unpack_fail(u);
}

void
jsonl_record_arrive(struct unpack *u, const struct jsonl_numbers *numbers, struct buf *record)
{
	struct slice text[JSONL_TEXTS];
	struct jsonl_record k = { .ts = unpack_i(u) };
	uint64_t bits;

	k.source_kind = (uint8_t)unpack_max(u, SOURCE_KINDS - 1);
	k.source_id = unpack_u(u);
	k.source_net = unpack_u(u);
	k.host = unpack_number(u, numbers->host, numbers->hosts);
	k.signature = unpack_number(u, numbers->signature, numbers->signatures);
	k.recipients = (uint32_t)unpack_max(u, UINT32_MAX);
	k.mta = (uint8_t)unpack_max(u, MTA_COUNT - 1);
	bits = unpack_max(u, BITS);
	k.has_addr = bits & HAS_ADDR;
	k.has_score = bits & HAS_SCORE;
	k.has_sender = bits & HAS_SENDER;
	k.local = bits & IS_LOCAL;
	if (k.has_score) {
		int64_t score = unpack_i(u);

		k.score = (int32_t)score;
		u->bad |= score != k.score;
	}
	if (k.has_addr)
		unpack_address(u, &k.addr);
	k.port = (uint16_t)unpack_max(u, UINT16_MAX);
	k.local_port = (uint16_t)unpack_max(u, UINT16_MAX);
	for (int i = 0; i < JSONL_TEXTS; i++) {
		text[i] = unpack_bytes(u);
		u->bad |= text[i].n > JSONL_TEXT_MAX;
	}
	u->bad |= !utc_is_stamp(k.ts);
	if (!u->bad)
		put(&k, text, record);
}
