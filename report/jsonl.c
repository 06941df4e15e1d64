/* See jsonl.h. Fields of a line come in the contract's order; one that is not known is left out. */
#include "report/jsonl.h"

#include "base/domain.h"
#include "base/utc.h"
#include "classify/state_packed.h"
#include "report/dump.h"

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
service_of(const struct jsonl_record *k)
{
	if (k->local)
		return "local";
	return k->local_port == 587 ? "submission" : k->local_port == 465 ? "submissions" : "smtp";
}

static void
client_fields(struct buf *out, const struct jsonl_record *k, const struct slice *text)
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
source_fields(const struct classifier *cl, const struct pseudonym *y, const struct attribution *a,
    uint32_t number, const struct jsonl_record *k, struct slice name, struct buf *out)
{
	struct buf source = { 0 }, shown = { 0 };
	struct slice provider;

	if (a->relay) {
		struct slice host = names_text(cl->names, k->host);

		buf_str(&source, "host:");
		buf_add(&source, host.n ? host : SLICE("localhost"));
	} else {
		source_key(&cl->state, number, &source);
	}
	if (cl->state.source[number].kind < SOURCE_NONE)
		pseudonym_put_source(y, buf_slice(&source), &shown);
	text_field(out, "source", buf_slice(&shown));
	buf_free(&source);
	buf_free(&shown);
	/* an own account's or script's provider is ourselves */
	provider = cl->state.source[number].kind == SOURCE_CLIENT ?
	    domain_registered(name) : SLICE_NONE;
	text_field(out, "provider", provider);
}

static void
verdict_fields(const struct classifier *cl, const struct pseudonym *y, const struct attribution *a,
    uint32_t source, const struct jsonl_record *k, struct slice name, struct buf *out)
{
	word_field(out, "class", verdict_name(a->verdict));
	text_field(out, "subtype", a->subtype);
	if (a->verdict == VERDICT_UNATTRIBUTED)
		word_field(out, "reason", reason_name(a->reason));
	buf_fmt(out, ",\"confidence\":%u.%03u", a->confidence / 1000, a->confidence % 1000);
	if (a->via)
		word_field(out, "via", verdict_name(a->via));
	source_fields(cl, y, a, source, k, name, out);
	key(out, "evidence");
	jsonl_evidence(cl->rules, a, out);
	buf_fmt(out, ",\"stopped_by\":{\"port25\":%s,\"dnsbl\":%s,\"provider\":%s}}\n",
	    a->stopped_port25 ? "true" : "false", a->stopped_dnsbl ? "true" : "false",
	    a->stopped_provider ? "true" : "false");
}

/* Who it is counted by: itself, or what stands for all that were not kept; TABLE_NONE: nobody. */
static uint32_t
source_of(const struct state *st, const struct jsonl_record *k, struct slice name)
{
	enum source_kind kind = (enum source_kind)k->source_kind;
	uint64_t id = state_has_text(kind) ? state_text_find(st, name) : k->source_id;
	uint32_t found = state_find(st, kind, id, k->source_net);

	return found != TABLE_NONE ? found : state_find(st, SOURCE_REST, 0, 0);
}

/* The texts and the client's address; what is not to be changed stays where it is. */
static void
put_pseudonyms(const struct pseudonym *y, struct jsonl_record *k, struct slice text[JSONL_TEXTS],
    struct arena *arena)
{
	static const struct { uint8_t text, what; } field[] = {
		{ P_QID, PERSONAL_TOKEN }, { P_MESSAGE_ID, PERSONAL_ID },
		{ P_NAME, PERSONAL_NAME }, { P_HELO, PERSONAL_HELO },
		{ P_ACCOUNT, PERSONAL_ACCOUNT }, { P_SENDER, PERSONAL_SENDER },
		{ P_REPLY, PERSONAL_REPLY } };

	if (y->mode == PSEUDONYMIZE_NONE)
		return;
	for (size_t i = 0; i < sizeof(field) / sizeof(field[0]); i++) {
		struct buf b = { 0 };

		pseudonym_put(y, (enum personal)field[i].what, text[field[i].text], &b);
		text[field[i].text] = arena_copy(arena, buf_slice(&b));
		buf_free(&b);
	}
	pseudonym_addr(y, &k->addr);
}

int
jsonl_line(const struct classifier *cl, struct judge *j, const struct pseudonym *y,
    struct slice record, bool suspected, struct buf *out, int64_t *ts_r)
{
	static const char *const action[] = { "accepted", "refused", "deferred", "discarded",
		"tagged" };
	struct slice text[JSONL_TEXTS];
	const struct judged *v;
	const struct signature *sig;
	struct jsonl_record k;
	struct arena arena = { 0 };
	struct slice name;
	char time[UTC_TEXT];
	uint32_t source;

	jsonl_record_get(record, &k, text);
	*ts_r = k.ts;
	source = source_of(&cl->state, &k, text[P_SOURCE]);
	if (source == TABLE_NONE)
		return 0;
	v = judge_event(j, source, k.ts, k.signature);
	sig = &cl->state.signature[k.signature];
	if (!v->spam && !(suspected && sig->kind == KIND_SUSPECTED))
		return 0;
	name = text[P_NAME];
	put_pseudonyms(y, &k, text, &arena);
	utc_format(k.ts, time);
	buf_fmt(out, "{\"schema\":\"spamsource.verdict/1\",\"ts\":%lld,\"time\":\"%s\"",
	    (long long)k.ts, time);
	text_field(out, "host", names_text(cl->names, k.host));
	word_field(out, "mta", k.mta == MTA_NONE ? "other" : mta_name((enum mta)k.mta));
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
	verdict_fields(cl, y, &v->a, source, &k, name, out);
	arena_free(&arena);
	return 1;
}
