/*
 * See observe.h. For mail with a login, what its client's address, name and HELO say is noted at
 * the client as well, as a sign: so `via` can be judged from the network's own evidence.
 */
#include "classify/observe.h"

#include "base/utc.h"
#include "classify/state_client.h"
#include "classify/state_limit.h"
#include "classify/state_sets.h"

static struct slice
host_of(const struct classifier *cl, const struct message *m)
{
	return names_text(cl->names, m->host);
}

static uint32_t
script_source(struct classifier *cl, const struct message *m)
{
	char text[1200];
	struct slice host = host_of(cl, m), user = slice_first(m->user, 200);
	struct slice cwd = slice_first(m->cwd, 500), parts[4] = { user, SLICE("@"), host, cwd };
	size_t n = 0;

	if (user.n == 0)
		parts[0] = SLICE("local");
	parts[2] = host.n ? slice_first(host, 255) : SLICE("localhost");
	for (int i = 0; i < 4; i++) {
		if (i == 3 && parts[i].n)
			text[n++] = ' ';
		if (parts[i].n)
			memcpy(text + n, parts[i].p, parts[i].n);
		n += parts[i].n;
	}
	return state_source(&cl->state, SOURCE_SCRIPT,
	    state_text(&cl->state, (struct slice){ text, n }),
	    m->sender.n ? set_element(m->sender) : 0, m->ts);
}

static struct slice
name_of(const struct message *m)
{
	return slice_first(m->client_name.n ? m->client_name : m->unverified, 255);
}

/*
 * Where the text of its name is, would be asked of memory at each event: the hash is at hand; 0
 * without a name.
 */
static uint32_t
client_source(struct classifier *cl, const struct message *m, uint64_t *name_hash_r)
{
	struct state *st = &cl->state;
	uint32_t i = state_source(st, SOURCE_CLIENT, addr_key(&m->addr), 0, m->ts);
	struct slice name = name_of(m);
	struct source *s = &st->source[i];
	bool verified = m->client_name.n != 0;
	uint64_t hash = name.n ? state_name_hash(name) : 0;

	*name_hash_r = hash;
	if (hash != 0 && s->kind == SOURCE_CLIENT &&
	    (s->name_hash != hash || s->verified != verified))
		state_name(st, s, name, hash, verified);
	return i;
}

static uint32_t
account_source(struct classifier *cl, const struct message *m)
{
	uint64_t net = m->has_addr ? addr_network(addr_key(&m->addr)) : 0;

	return state_source(&cl->state, SOURCE_ACCOUNT,
	    state_text(&cl->state, slice_first(m->account, 255)), net, m->ts);
}

/* Strangers guess at any number of logins. */
static uint32_t
failing_account(struct classifier *cl, const struct message *m)
{
	uint64_t net = m->has_addr ? addr_network(addr_key(&m->addr)) : 0;

	return state_text_source(
	    &cl->state, SOURCE_ACCOUNT, slice_first(m->account, 255), net, m->ts);
}

/* *name_hash_r: of its client's name; 0 when the source is no client, too. */
static uint32_t
primary_source(struct classifier *cl, const struct message *m, uint64_t *name_hash_r)
{
	struct slice id = m->message_id.n ? m->message_id : m->qid;

	*name_hash_r = 0;
	if ((m->flags & MF_AUTH) && m->account.n)
		return account_source(cl, m);
	if (m->flags & MF_LOCAL)
		return script_source(cl, m);
	if (m->has_addr)
		return client_source(cl, m, name_hash_r);
	return state_source(&cl->state, SOURCE_NONE, hash_fixed(id, (uint64_t)m->ts), 0, m->ts);
}

/*
 * What the client's name says: kept at the source, unless it has gone by another one too, or is
 * but one of a /64's addresses, and the name may hold another.
 */
static uint32_t
name_facts(struct classifier *cl, const struct message *m, uint32_t source, uint64_t name_hash)
{
	struct source *s = &cl->state.source[source];
	struct name_facts f;

	if (name_hash == 0 || s->kind != SOURCE_CLIENT || s->name_hash != name_hash ||
	    !addr_is_v4(&m->addr))
		return m->has_addr ? evaluator_name(cl->evaluator, name_of(m), &m->addr).set : 0;
	if (s->name_set == 0) {
		f = evaluator_new_name(cl->evaluator, name_of(m), &m->addr);
		s->name_set = f.set | HN_KNOWN;
		s->name_domain = f.domain;
	}
	return s->name_set & ~(uint32_t)HN_KNOWN;
}

static uint8_t
direction_of(const struct facts *f)
{
	if (facts_is(f, FLAG_AUTHENTICATED))
		return DIR_OUTBOUND;
	if (facts_is(f, FLAG_LOCAL))
		return DIR_LOCAL;
	if (facts_is(f, FLAG_INTERNAL_CLIENT))
		return DIR_OUTBOUND;
	return facts_is(f, FLAG_RELAYED) ? DIR_RELAYED : DIR_INBOUND;
}

/* A list's error code (RFC 6471 3.2, Spamhaus): it said nothing about the client. */
static bool
is_list_error(const struct message *m)
{
	return slice_starts(m->code, SLICE("127.255.255.")) || slice_eq(m->code, SLICE("error"));
}

static uint8_t
spam_by_of_refusal(const struct message *m)
{
	static const uint8_t by[REJECT_REASONS] = { [REJECT_DNSBL] = BY_DNSBL,
		[REJECT_PROTOCOL] = BY_PROTOCOL, [REJECT_CONTENT] = BY_CONTENT };

	if (!(m->flags & MF_REJECTED) || m->kind == MESSAGE_SIGN)
		return 0;
	if (m->reason == REJECT_DNSBL && is_list_error(m))
		return 0;
	return (uint8_t)(by[m->reason] | (m->flags & MF_RANKED ? BY_DNSBL : 0) |
	    (m->flags & MF_PREGREET ? BY_PROTOCOL : 0));
}

static uint8_t
kind_of(const struct message *m, uint8_t spam_by)
{
	if (m->kind == MESSAGE_SIGN)
		return KIND_SIGN;
	if (spam_by & ~BY_POLICY)
		return KIND_SPAM;
	if (m->kind == MESSAGE_ATTEMPT || (m->flags & MF_REJECTED)) {
		if (m->reason == REJECT_RELAY)
			return KIND_PROBE;
		return m->reason == REJECT_LOAD ? KIND_SIGN : KIND_SUSPECTED;
	}
	if (m->sent_local + m->sent_remote + m->sent_private + m->bounced + m->deferred == 0 &&
	    m->message_id.n == 0)
		return KIND_SIGN;	/* the client left before the end of DATA */
	return KIND_HAM;
}

static uint8_t
stage_of(const struct message *m, uint8_t spam_by)
{
	static const uint8_t phase[] = { STAGE_CONNECT, STAGE_ENVELOPE, STAGE_CONTENT };

	if (m->flags & MF_REJECTED)
		return m->flags & MF_POSTSCREEN ? STAGE_CONNECT : phase[m->phase];
	if (m->kind == MESSAGE_SIGN)
		return STAGE_CONNECT;
	if ((spam_by & BY_REPLY) && !(spam_by & BY_CONTENT))
		return STAGE_DELIVERY;
	return STAGE_CONTENT;
}

static uint8_t
action_of(const struct message *m, uint8_t kind)
{
	static const uint8_t action[] = { ACTION_REFUSED, ACTION_DEFERRED, ACTION_DISCARDED,
		ACTION_ACCEPTED, ACTION_ACCEPTED };

	if (kind == KIND_SIGN)
		return ACTION_NONE;
	if (m->flags & MF_REJECTED)
		return action[m->action];
	if (m->kind == MESSAGE_VERDICT)
		return ACTION_NONE;
	return m->verdict == VERDICT_SPAM ? ACTION_TAGGED : ACTION_ACCEPTED;
}

void
observe_end(struct classifier *cl)
{
	const struct waiting *w = &cl->waiting;

	if (w->n > 0)
		state_add(&cl->state, w->source, w->ts, w->what, w->n);
	cl->waiting.n = 0;
}

static void
add(struct classifier *cl, uint32_t source, int64_t ts, uint32_t what, uint32_t n)
{
	observe_end(cl);
	cl->waiting = (struct waiting){ source, what, n, ts };
	state_expect_add(&cl->state, source, what, n);
}

static void
count(struct classifier *cl, uint32_t source, const struct message *m, enum counter c, uint32_t n)
{
	if (n)
		add(cl, source, m->ts, WHAT_COUNTER + c, n);
}

static void
note_distinct(
    struct state *st, uint32_t source, int64_t ts, enum set_kind kind, uint64_t element)
{
	if (st->source[source].kind != SOURCE_REST)
		set_add(state_set(st, source, utc_stamp(ts) / UTC_DAY, kind), element);
}

/* Which servers called it spam: of several replies to one message, those that do so alone. */
static void
note_repliers(struct classifier *cl, uint32_t source, const struct message *m,
    const struct facts *f)
{
	struct message one = *m;
	struct facts g = *f;
	uint32_t hits;

	g.message = &one;
	one.replies = 1;
	for (unsigned i = 0; i < m->replies; i++) {
		if (m->replies > 1) {
			one.failed[0] = m->failed[i];
			hits = evaluator_hits(cl->evaluator, &g, m->ts);
			if (!(evaluator_get(cl->evaluator, hits)->spam_by & BY_REPLY))
				continue;
		}
		note_distinct(&cl->state, source, m->ts, SET_REPLIERS, m->failed[i].replier);
	}
}

static struct slice
domain_of(struct slice address)
{
	const char *at = slice_rchr(address, '@');

	return at ? slice_range(at + 1, slice_end(address)) : SLICE_NONE;
}

/* What a sender of our own side did: only mail that was accepted. */
static void
count_own(struct classifier *cl, uint32_t source, const struct message *m, const struct facts *f,
    uint8_t spam_by)
{
	uint32_t seen = m->sent_local + m->sent_remote + m->sent_private + m->bounced + m->deferred;

	count(cl, source, m, COUNT_RECIPIENTS, m->recipients > seen ? m->recipients : seen);
	count(cl, source, m, COUNT_BOUNCES, m->bounced);
	count(cl, source, m, COUNT_DEFERRALS, m->deferred);
	count(cl, source, m, COUNT_SPAM_REPLIES, (spam_by & BY_REPLY) != 0);
	if (spam_by & BY_REPLY) {
		count(cl, source, m, COUNT_SPAM_BOUNCES, m->bounced);
		note_repliers(cl, source, m, f);
	}
	count(cl, source, m, COUNT_FOREIGN_SENDERS, facts_is(f, FLAG_SENDER_NOT_LOGIN));
	if (m->sender.n)
		note_distinct(&cl->state, source, m->ts, SET_SENDERS, set_element(m->sender));
	if (m->sender.n && facts_is(f, FLAG_SENDER_NOT_LOGIN))
		note_distinct(&cl->state, source, m->ts, SET_SENDER_DOMAINS,
		    set_element(domain_of(m->sender)));
	for (unsigned i = 0; i < m->domains; i++)
		note_distinct(&cl->state, source, m->ts, SET_DOMAINS, set_element(m->domain[i]));
	if (cl->state.source[source].kind == SOURCE_ACCOUNT && m->has_addr)
		note_distinct(&cl->state, source, m->ts, SET_CLIENTS, addr_key(&m->addr));
}

/*
 * Which domains are ours to receive for, and which were relayed to (for judge_relay.c); how the
 * relayed mail of this client fared.
 */
static void
count_domains(struct classifier *cl, uint32_t source, const struct message *m,
    const struct facts *f, uint8_t spam_by)
{
	bool refused = m->flags & MF_REJECTED, relay = refused && m->reason == REJECT_RELAY;
	struct slice rcpt = SLICE_NONE;

	if (relay || (!refused && m->sent_local + m->sent_private > 0))
		rcpt = domain_of(m->rcpt);
	if (rcpt.n)
		count(cl, memories_domain(cl, m, rcpt), m,
		    relay ? COUNT_BOUNCES : COUNT_RECIPIENTS, 1);
	if (!facts_is(f, FLAG_RELAYED))
		return;
	for (unsigned i = 0; i < m->domains; i++) {
		uint32_t d = memories_domain(cl, m, m->domain[i]);

		note_distinct(&cl->state, d, 0, SET_NETWORKS, addr_network(addr_key(&m->addr)));
		note_distinct(&cl->state, source, m->ts, SET_DOMAINS, set_element(m->domain[i]));
	}
	if (m->sender.n)
		note_distinct(&cl->state, source, m->ts, SET_SENDER_DOMAINS,
		    set_element(domain_of(m->sender)));
	count(cl, source, m, COUNT_RECIPIENTS, m->sent_remote + m->bounced + m->deferred);
	count(cl, source, m, COUNT_BOUNCES, m->bounced);
	count(cl, source, m, COUNT_SPAM_REPLIES, (spam_by & BY_REPLY) != 0);
}

static void
count_all(struct classifier *cl, uint32_t source, const struct message *m, const struct facts *f,
    const struct signature *sig)
{
	bool own = sig->direction == DIR_OUTBOUND || sig->direction == DIR_LOCAL;
	uint32_t after = 0;

	if (m->flags & MF_SASL_FAIL) {
		if (m->account.n)
			count(cl, failing_account(cl, m), m, COUNT_SASL_FAILURES, m->repeat);
		return;
	}
	if (m->helo.n && m->kind != MESSAGE_SIGN && cl->state.source[source].kind == SOURCE_CLIENT)
		state_helo(&cl->state, source, &after, utc_stamp(m->ts) / UTC_DAY,
		    state_helo_hash(m->helo));
	if (m->kind == MESSAGE_ATTEMPT && m->reason == REJECT_USER)
		count(cl, source, m, COUNT_UNKNOWN_USERS, 1);
	if (m->kind == MESSAGE_MAIL && own)
		count_own(cl, source, m, f, sig->spam_by);
	if (m->kind != MESSAGE_SIGN && !own)
		count_domains(cl, source, m, f, sig->spam_by);
	if (sig->kind == KIND_SPAM && sig->direction == DIR_INBOUND && m->sender.n &&
	    facts_is_server(f))
		note_distinct(&cl->state, source, m->ts, SET_SPAM_DOMAINS,
		    set_element(domain_of(m->sender)));
}

static void
note_client(struct classifier *cl, const struct message *m, struct facts *f)
{
	struct signature sig = { .kind = KIND_SIGN,
		.stage = STAGE_ENVELOPE,
		.direction = DIR_OUTBOUND,
		.action = ACTION_NONE,
		.submission = true };
	uint64_t name_hash;

	facts_keep_client(f);
	sig.hits = evaluator_hits(cl->evaluator, f, m->ts);
	add(cl, client_source(cl, m, &name_hash), m->ts, state_signature(&cl->state, &sig), 1);
}

static uint32_t
sign_signature(struct classifier *cl, const struct message *m, uint32_t hits)
{
	struct signature sig = { .hits = hits, .kind = KIND_SIGN, .stage = STAGE_CONNECT,
		.direction = DIR_INBOUND, .action = ACTION_NONE,
		.zone = hits && m->zone.n ? memories_zone(cl, m->zone) : 0 };

	return state_signature(&cl->state, &sig);
}

/* The common case of a mail exchanger under attack: short and without texts. */
static void
observe_sign(struct classifier *cl, const struct message *m, struct observation *o)
{
	uint32_t hits = evaluator_sign(cl->evaluator, m);
	uint64_t name_hash;

	if ((m->flags & MF_SASL_FAIL) && m->account.n)
		count(cl, failing_account(cl, m), m, COUNT_SASL_FAILURES, m->repeat);
	if (hits == 0 && !(m->flags & MF_SASL_FAIL))
		return;		/* says nothing to any rule */
	o->source = client_source(cl, m, &name_hash);
	o->signature = sign_signature(cl, m, hits);
	o->counted = true;
	add(cl, o->source, m->ts, o->signature, m->repeat);
	if (m->flags & MF_SASL_FAIL) {
		count(cl, o->source, m, COUNT_SASL_FAILURES, m->repeat);
		cl->state.login_failures += m->repeat;
	}
}

/* Which of the next hops' replies calls the mail spam? The first that does so alone. */
static uint32_t
telling_reply(struct classifier *cl, const struct message *m, struct facts *f)
{
	struct message one = *m;
	uint32_t i, hits;

	if (m->replies < 2)
		return 0;
	f->message = &one;
	one.replies = 1;
	for (i = 0; i < m->replies; i++) {
		one.failed[0] = m->failed[i];
		hits = evaluator_hits(cl->evaluator, f, m->ts);
		if (evaluator_get(cl->evaluator, hits)->spam_by & BY_REPLY)
			break;
	}
	f->message = m;
	return i < m->replies ? i : 0;
}

/*
 * From outside; Postfix gives 587 and 465 services of their own names. A log that does not tell
 * the port says nothing.
 */
static bool
is_port25(const struct classifier *cl, const struct message *m)
{
	bool told = m->local_port == 25 ||
	    (m->mta == MTA_POSTFIX && m->local_port == 0 && m->service.n == 0);

	return told && m->has_addr && !own_is_internal(cl->own, &m->addr);
}

/* The slot of this one comes until the next one is expected; the source that it names, then. */
void
observe_expect(struct classifier *cl, uint64_t client)
{
	state_expect_client(&cl->state, client);
	state_expect_source(&cl->state, cl->expected);
	cl->expected = client;
}

void
observe(struct classifier *cl, const struct message *m, struct observation *o)
{
	struct signature sig = { 0 };
	struct facts f;
	uint64_t name_hash;

	if (cl->state.sources > cl->state.most && cl->state.most > 0) {
		observe_end(cl);
		state_thin(&cl->state, cl->state.most, 0, 1);
	}
	*o = (struct observation){ .ts = m->ts, .n = m->repeat, .thins = cl->state.thins };
	state_span(&cl->state, m->ts, m->last_ts);
	if (m->flags & (MF_RETRY | MF_BOUNCE))
		return;
	if (m->kind == MESSAGE_SIGN && m->has_addr) {
		observe_sign(cl, m, o);
		return;
	}
	facts_of_message(m, cl->own, host_of(cl, m), &f);
	o->source = primary_source(cl, m, &name_hash);
	if (name_of(m).n)
		facts_of_name(name_facts(cl, m, o->source, name_hash), &f);
	sig.hits = evaluator_hits(cl->evaluator, &f, m->ts);
	sig.spam_by = spam_by_of_refusal(m) | (m->verdict == VERDICT_SPAM ? BY_CONTENT : 0);
	if (m->kind != MESSAGE_SIGN)
		sig.spam_by |= evaluator_get(cl->evaluator, sig.hits)->spam_by;
	sig.kind = kind_of(m, sig.spam_by);
	if (sig.kind == KIND_SUSPECTED)
		sig.spam_by = BY_POLICY;
	sig.stage = stage_of(m, sig.spam_by);
	sig.direction = direction_of(&f);
	sig.action = action_of(m, sig.kind);
	sig.submission = facts_is(&f, FLAG_SUBMISSION);
	sig.listed = (facts_is(&f, FLAG_REJECT_DNSBL) && !is_list_error(m)) ||
	    facts_is(&f, FLAG_RANKED);
	if (sig.kind == KIND_SPAM || sig.direction != DIR_INBOUND)
		sig.host = m->host;
	sig.zone = facts_is(&f, FLAG_REJECT_DNSBL) && m->zone.n ? memories_zone(cl, m->zone) : 0;
	sig.port25 = m->kind == MESSAGE_MAIL && (m->flags & MF_AUTH) && is_port25(cl, m);
	sig.inside = (sig.direction == DIR_OUTBOUND || sig.direction == DIR_LOCAL) &&
	    m->sent_remote + m->bounced + m->deferred == 0;
	sig.lost = sig.direction != DIR_INBOUND && m->bounced > 0;
	o->signature = state_signature(&cl->state, &sig);
	o->counted = true;
	add(cl, o->source, m->ts, o->signature, m->repeat);
	if (sig.kind != KIND_SIGN)
		cl->state.attempts += m->repeat;
	count_all(cl, o->source, m, &f, &sig);
	if (sig.spam_by & BY_REPLY)
		o->reply = telling_reply(cl, m, &f);
	if (m->kind == MESSAGE_MAIL && (m->flags & MF_AUTH) && m->has_addr &&
	    addr_is_public(&m->addr))
		note_client(cl, m, &f);
}
