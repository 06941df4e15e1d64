/*
 * See jsonl.h. A record is a fixed part followed by the texts, each with a 16-bit length. Fields
 * of a line come in the contract's order; one that is not known is left out.
 */
#include "report/jsonl.h"

#include "base/domain.h"
#include "base/utc.h"
#include "classify/state_limit.h"
#include "report/dump.h"

enum packed_text {
	P_QID, P_MESSAGE_ID, P_NAME, P_HELO, P_ACCOUNT, P_SENDER, P_REPLY, P_COUNT
};

struct packed {
	int64_t ts;
	uint32_t host, source, thins, signature, recipients;
	int32_t score;
	struct addr addr;
	uint16_t port, local_port;
	uint8_t mta, kind;
	bool has_addr, has_score, has_sender, local, named, mail;
	uint16_t length[P_COUNT];
};

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

void
jsonl_pack(const struct message *m, const struct observation *o, struct buf *out)
{
	struct slice text[P_COUNT] = { m->qid, m->message_id,
		m->client_name.n ? m->client_name : m->unverified, m->helo, m->account, m->sender,
		reply_of(m, o) };
	struct packed k = { .ts = m->ts,
		.host = m->host,
		.source = o->source,
		.thins = o->thins,
		.signature = o->signature,
		.recipients = m->recipients,
		.score = m->score,
		.addr = m->addr,
		.port = m->port,
		.local_port = m->local_port,
		.mta = (uint8_t)m->mta,
		.has_addr = m->has_addr,
		.has_score = (m->flags & MF_HAS_SCORE) != 0,
		.has_sender = m->sender.n || (m->flags & MF_NULL_SENDER),
		.local = (m->flags & MF_LOCAL) != 0,
		.mail = m->kind == MESSAGE_MAIL };

	out->n = 0;
	for (int i = 0; i < P_COUNT; i++)
		k.length[i] = (uint16_t)(text[i].n < 2000 ? text[i].n : 2000);
	buf_add(out, (struct slice){ (const char *)&k, sizeof(k) });
	for (int i = 0; i < P_COUNT; i++)
		buf_add(out, slice_first(text[i], k.length[i]));
}

static void
key(struct buf *out, const char *name)
{
	buf_fmt(out, ",\"%s\":", name);
}

static void
text_field(struct buf *out, const char *name, struct slice value)
{
	if (value.n == 0)
		return;
	key(out, name);
	buf_json(out, value);
}

static void
word_field(struct buf *out, const char *name, const char *word)
{
	buf_fmt(out, ",\"%s\":\"%s\"", name, word);
}

static const char *
service_of(const struct packed *k)
{
	if (k->local)
		return "local";
	return k->local_port == 587 ? "submission" : k->local_port == 465 ? "submissions" : "smtp";
}

static void
client_fields(struct buf *out, const struct packed *k, const struct slice *text)
{
	char address[ADDR_TEXT];

	if (k->has_addr) {
		addr_format(&k->addr, address);
		word_field(out, "client_ip", address);
	}
	if (k->port)
		buf_fmt(out, ",\"client_port\":%u", k->port);
	text_field(out, "client_name", text[P_NAME]);
	text_field(out, "helo", text[P_HELO]);
	text_field(out, "account", text[P_ACCOUNT]);
	if (k->has_addr || k->local)
		word_field(out, "service", service_of(k));
}

static void
spam_by_field(struct buf *out, unsigned spam_by)
{
	bool first = true;

	key(out, "spam_by");
	buf_chr(out, '[');
	for (unsigned i = 0; i < BY_COUNT; i++) {
		if (!(spam_by >> i & 1))
			continue;
		buf_fmt(out, "%s\"%s\"", first ? "" : ",", spam_by_name(i));
		first = false;
	}
	buf_chr(out, ']');
}

static void
score_field(struct buf *out, int32_t score)
{
	uint32_t a = score < 0 ? 0u - (uint32_t)score : (uint32_t)score;

	buf_fmt(out, ",\"score\":%s%u.%03u", score < 0 ? "-" : "", a / 1000, a % 1000);
}

void
jsonl_evidence(const struct ruleset *rs, const struct attribution *a, struct buf *out)
{
	buf_chr(out, '[');
	for (unsigned i = 0; i < a->proofs; i++) {
		const struct rule *r = &rs->rule[a->proof[i].rule];

		buf_str(out, i ? ",{\"id\":" : "{\"id\":");
		buf_json(out, r->id);
		buf_fmt(out, ",\"class\":\"%s\",\"weight\":%d,\"text\":",
		    a->proof[i].verdict ? verdict_name(a->proof[i].verdict) : "other",
		    (int)a->proof[i].weight);
		buf_json(out, r->says);
		buf_chr(out, '}');
	}
	buf_chr(out, ']');
}

static void
source_fields(const struct classifier *cl, const struct attribution *a, const struct packed *k,
    struct slice name, struct buf *out)
{
	struct buf source = { 0 };
	struct slice provider;

	if (a->relay) {
		struct slice host = names_text(cl->names, k->host);

		buf_str(&source, "host:");
		buf_add(&source, host.n ? host : SLICE("localhost"));
	} else {
		source_key(&cl->state, k->source, &source);
	}
	if (cl->state.source[k->source].kind < SOURCE_NONE)
		text_field(out, "source", buf_slice(&source));
	buf_free(&source);
	/* an own account's or script's provider is ourselves */
	provider = k->named && cl->state.source[k->source].kind == SOURCE_CLIENT ?
	    domain_registered(name) : SLICE_NONE;
	text_field(out, "provider", provider);
}

static void
verdict_fields(const struct classifier *cl, const struct attribution *a, const struct packed *k,
    const struct slice *text, struct buf *out)
{
	word_field(out, "class", verdict_name(a->verdict));
	text_field(out, "subtype", a->subtype);
	if (a->verdict == VERDICT_UNATTRIBUTED)
		word_field(out, "reason", reason_name(a->reason));
	buf_fmt(out, ",\"confidence\":%u.%03u", a->confidence / 1000, a->confidence % 1000);
	if (a->via)
		word_field(out, "via", verdict_name(a->via));
	source_fields(cl, a, k, text[P_NAME], out);
	key(out, "evidence");
	jsonl_evidence(cl->rules, a, out);
	buf_fmt(out, ",\"stopped_by\":{\"port25\":%s,\"dnsbl\":%s,\"provider\":%s}}\n",
	    a->stopped_port25 ? "true" : "false", a->stopped_dnsbl ? "true" : "false",
	    a->stopped_provider ? "true" : "false");
}

int
jsonl_line(const struct classifier *cl, struct judge *j, struct slice record, bool suspected,
    struct buf *out, int64_t *ts_r)
{
	static const char *const action[] = { "accepted", "refused", "deferred", "discarded",
		"tagged" };
	struct slice text[P_COUNT], rest = slice_skip(record, sizeof(struct packed));
	const struct judged *v;
	const struct signature *sig;
	struct packed k;
	char time[UTC_TEXT];

	memcpy(&k, record.p, sizeof(k));
	for (int i = 0; i < P_COUNT; i++) {
		text[i] = slice_first(rest, k.length[i]);
		rest = slice_skip(rest, k.length[i]);
	}
	*ts_r = k.ts;
	k.source = state_number(&cl->state, k.source, k.thins);
	v = judge_event(j, k.source, k.ts, k.signature);
	sig = &cl->state.signature[k.signature];
	if (!v->spam && !(suspected && sig->kind == KIND_SUSPECTED))
		return 0;
	k.named = text[P_NAME].n != 0;
	utc_format(k.ts, time);
	buf_fmt(out, "{\"schema\":\"spamsource.verdict/1\",\"ts\":%lld,\"time\":\"%s\"",
	    (long long)k.ts, time);
	text_field(out, "host", names_text(cl->names, k.host));
	word_field(out, "mta", mta_name((enum mta)k.mta));
	text_field(out, "queue_id", text[P_QID]);
	text_field(out, "message_id", text[P_MESSAGE_ID]);
	client_fields(out, &k, text);
	if (k.has_sender) {
		key(out, "sender");
		buf_json(out, text[P_SENDER]);
	}
	if (k.recipients)
		buf_fmt(out, ",\"recipients\":%u", (unsigned)k.recipients);
	word_field(out, "direction", direction_name(sig->direction));
	word_field(out, "stage", stage_name(sig->stage));
	if (sig->action != ACTION_NONE)
		word_field(out, "action", action[sig->action]);
	text_field(out, "reply", text[P_REPLY]);
	spam_by_field(out, v->a.spam_by);
	if (k.has_score)
		score_field(out, k.score);
	verdict_fields(cl, &v->a, &k, text, out);
	return 1;
}
