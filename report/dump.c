/* See dump.h: "TIME HOST WHAT key=value ..."; values with blanks or controls are quoted as JSON. */
#include "report/dump.h"

#include "base/utc.h"

static void
field(struct buf *out, const char *key, struct slice value)
{
	bool plain = value.n > 0;

	if (value.p == NULL)
		return;
	for (size_t i = 0; i < value.n && plain; i++)
		plain = value.p[i] > ' ' && value.p[i] < 0x7f && value.p[i] != '"' &&
			value.p[i] != '\\';
	buf_fmt(out, " %s=", key);
	if (plain)
		buf_add(out, value);
	else
		buf_json(out, value);
}

static void
number(struct buf *out, const char *key, int64_t value)
{
	if (value)
		buf_fmt(out, " %s=%lld", key, (long long)value);
}

static void
head(struct buf *out, int64_t ts, struct slice host, const char *what)
{
	char text[UTC_TEXT];

	utc_format(ts, text);
	buf_str(out, text);
	buf_chr(out, ' ');
	if (host.n)
		buf_visible(out, host);
	else
		buf_chr(out, '-');
	buf_fmt(out, " %s", what);
}

static void
address(struct buf *out, const char *key, const struct addr *a)
{
	char text[ADDR_TEXT];

	addr_format(a, text);
	buf_fmt(out, " %s=%s", key, text);
}

static void
event_reason(struct buf *out, const struct event *ev)
{
	if (ev->type == EV_REJECT)
		buf_fmt(out, " reason=%s action=%s phase=%s", reject_reason_name(ev->reason),
		    reject_action_name(ev->action), reject_phase_name(ev->phase));
	else if (ev->type == EV_PROTOCOL)
		buf_fmt(out, " sign=%s", protocol_sign_name(ev->reason));
	else if (ev->type == EV_DELIVERY)
		buf_fmt(out, " status=%s agent=%s", delivery_status_name(ev->reason),
		    delivery_agent_name(ev->agent));
}

void
dump_event(const struct event *ev, struct slice host, struct buf *out)
{
	static const struct { uint32_t flag; const char *name; } flag[] = { { EF_QUIT, "quit" },
		{ EF_COUNTERS, "counters" }, { EF_NEW, "new" }, { EF_SPAM, "spam" },
		{ EF_PHASE_DATA, "after-data" }, { EF_NULL_SENDER, "null-sender" },
		{ EF_POSTSCREEN, "postscreen" }, { EF_REJECTLOG, "rejectlog" },
		{ EF_BOUNCE_MSG, "bounce" }, { EF_OUTBOUND, "outbound" } };

	head(out, ev->ts, host, mta_name(ev->mta));
	buf_fmt(out, " %s", event_type_name(ev->type));
	number(out, "pid", ev->pid);
	if (ev->has_addr)
		address(out, "client", &ev->addr);
	number(out, "port", ev->port);
	number(out, "local_port", ev->local_port);
	if (ev->has_addr2)
		address(out, "other", &ev->addr2);
	event_reason(out, ev);
	if (ev->flags & EF_HAS_SCORE)
		buf_fmt(out, " score=%d", (int)ev->score);
	number(out, "number", ev->number);
	number(out, "size", ev->size);
	number(out, "repeat", ev->repeat > 1 ? ev->repeat : 0);
	for (unsigned f = 0; f < F_COUNT; f++)
		if (event_has(ev, (enum event_field)f))
			field(out, event_field_name((enum event_field)f),
			    ev->f[f].p ? ev->f[f] : SLICE(""));
	for (size_t i = 0; i < sizeof(flag) / sizeof(flag[0]); i++)
		if (ev->flags & flag[i].flag)
			buf_fmt(out, " +%s", flag[i].name);
	buf_chr(out, '\n');
}

static void
message_flags(const struct message *m, struct buf *out)
{
	static const struct { uint32_t flag; const char *name; } flag[] = { { MF_LOCAL, "local" },
		{ MF_AUTH, "auth" }, { MF_TLS, "tls" }, { MF_NULL_SENDER, "null-sender" },
		{ MF_REJECTED, "rejected" }, { MF_POSTSCREEN, "postscreen" },
		{ MF_HAS_SCORE, "scored" }, { MF_BOUNCE, "bounce" }, { MF_NO_QUIT, "no-quit" },
		{ MF_RETRY, "retry" }, { MF_SASL_FAIL, "sasl-fail" }, { MF_DNSBL, "dnsbl" },
		{ MF_PROTOCOL, "protocol" }, { MF_NO_RDNS, "no-rdns" },
		{ MF_RDNS_MISMATCH, "rdns-mismatch" }, { MF_NO_NAME, "no-name" },
		{ MF_SCORED, "silent" }, { MF_PREGREET, "pregreet" }, { MF_RANKED, "ranked" } };

	for (size_t i = 0; i < sizeof(flag) / sizeof(flag[0]); i++)
		if (m->flags & flag[i].flag)
			buf_fmt(out, " +%s", flag[i].name);
}

static void
message_texts(const struct message *m, struct buf *out)
{
	const struct { const char *key; struct slice value;
	} text[] = { { "qid", m->qid }, { "message_id", m->message_id },
		{ "client_name", m->client_name }, { "unverified", m->unverified },
		{ "helo", m->helo }, { "account", m->account }, { "service", m->service },
		{ "sender", m->sender }, { "rcpt", m->rcpt }, { "user", m->user },
		{ "proto", m->proto }, { "cwd", m->cwd }, { "zone", m->zone }, { "code", m->code },
		{ "tests", m->tests }, { "reply", m->reply } };

	for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++)
		if (text[i].value.n)
			field(out, text[i].key, text[i].value);
	for (unsigned i = 0; i < m->domains; i++)
		field(out, "domain", m->domain[i]);
	for (unsigned i = 0; i < m->replies; i++) {
		buf_fmt(out, " %s", delivery_status_name(m->failed[i].status));
		field(out, m->failed[i].remote ? "remote" : "own", m->failed[i].text);
	}
}

void
dump_message(const struct message *m, struct slice host, struct buf *out)
{
	static const char *const verdict[] = { "none", "ham", "spam" };

	head(out, m->ts, host, mta_name(m->mta));
	buf_fmt(out, " %s %s", message_kind_name(m->kind), message_state_name(m->state));
	if (m->has_addr)
		address(out, "client", &m->addr);
	number(out, "port", m->port);
	number(out, "local_port", m->local_port);
	if (m->flags & MF_REJECTED)
		buf_fmt(out, " reason=%s action=%s phase=%s", reject_reason_name(m->reason),
		    reject_action_name(m->action), reject_phase_name(m->phase));
	if (m->flags & MF_PROTOCOL)
		buf_fmt(out, " sign=%s", protocol_sign_name(m->reason));
	if (m->verdict != VERDICT_NOT_SEEN)
		buf_fmt(out, " verdict=%s", verdict[m->verdict]);
	if (m->flags & MF_HAS_SCORE)
		buf_fmt(out, " score=%d", (int)m->score);
	number(out, "size", m->size);
	number(out, "recipients", m->recipients);
	number(out, "sent_local", m->sent_local);
	number(out, "sent_remote", m->sent_remote);
	number(out, "sent_private", m->sent_private);
	number(out, "bounced", m->bounced);
	number(out, "deferred", m->deferred);
	message_texts(m, out);
	message_flags(m, out);
	buf_chr(out, '\n');
}

void
source_key(const struct state *st, uint32_t source, struct buf *out)
{
	const struct source *s = &st->source[source];
	char text[ADDR_TEXT + 4];

	switch (s->kind) {
	case SOURCE_CLIENT:
		addr_key_format(s->id, text);
		buf_fmt(out, "ip:%s", text);
		break;
	case SOURCE_ACCOUNT:
		buf_str(out, "account:");
		buf_add(out, st->text[s->id]);
		break;
	case SOURCE_SCRIPT:
		buf_str(out, "script:");
		buf_add(out, st->text[s->id]);
		break;
	case SOURCE_DOMAIN:
		buf_str(out, "domain:");
		buf_add(out, st->text[s->id]);
		break;
	default:
		buf_str(out, "message");
	}
}

void
dump_evidence(const struct classifier *cl, const struct pseudonym *y, const struct message *m,
    const struct observation *o, struct buf *out)
{
	static const char *const kind[] = { "sign", "ham", "spam", "suspected", "probe" };
	static const char *const action[] = { "accepted", "refused", "deferred", "discarded",
		"tagged", "none" };
	const struct signature *sig = &cl->state.signature[o->signature];
	const struct hits *h = evaluator_get(cl->evaluator, sig->hits);
	struct buf key = { 0 }, shown = { 0 };

	source_key(&cl->state, o->source, &key);
	pseudonym_put_source(y, buf_slice(&key), &shown);
	head(out, m->ts, names_text(cl->names, m->host), kind[sig->kind]);
	field(out, "source", buf_slice(&shown));
	field(out, "qid", m->qid.n ? m->qid : SLICE_NONE);
	buf_fmt(out, " stage=%s direction=%s action=%s", stage_name(sig->stage),
	    direction_name(sig->direction), action[sig->action]);
	for (unsigned i = 0; i < BY_COUNT; i++)
		if (sig->spam_by >> i & 1)
			buf_fmt(out, " by=%s", spam_by_name(i));
	for (uint32_t i = 0; i < h->n; i++) {
		buf_chr(out, i ? ',' : ' ');
		buf_add(out, cl->rules->rule[h->rule[i]].id);
	}
	buf_chr(out, '\n');
	buf_free(&key);
	buf_free(&shown);
}
