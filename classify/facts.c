/*
 * See facts.h. Most flags come from tables: message flag, refusal reason, protocol sign and
 * hostname fact each name their fact flag; what is left needs two values of the message.
 */
#include "classify/facts.h"

#include <stdlib.h>

enum {
	NUMBER = 5,		/* digits in a row that no administrator names a host by */
	SCORE_LOW = 6000	/* milli-points: next to the limit that nearly all have, 5 */
};

static const char *const flag_name[FLAG_COUNT] = {
	"local",
	"authenticated",
	"tls",
	"null-sender",
	"bounce",
	"no-quit",
	"sasl-fail",
	"no-rdns",
	"rdns-mismatch",
	"no-name",
	"ranked",
	"name-dynamic",
	"name-weak",
	"name-static",
	"name-hosting",
	"name-campus",
	"name-mobile",
	"name-provider",
	"name-ip-part",
	"name-ip",
	"name-junk",
	"name-end-user",
	"name-server",
	"name-verified",
	"name-own",
	"forwarder",
	"shared-client",
	"submission",
	"internal-client",
	"relayed",
	"accepted",
	"sent-remote",
	"helo-own",
	"helo-localhost",
	"helo-bare-ip",
	"helo-literal-self",
	"helo-literal-other",
	"helo-no-dot",
	"helo-private-domain",
	"helo-is-name",
	"helo-dynamic",
	"old-smtp",
	"pregreet",
	"pipelining",
	"bare-newline",
	"non-smtp",
	"hangup-early",
	"time-limit",
	"count-limit",
	"too-many-errors",
	"lost-connection",
	"timeout",
	"rate-limit",
	"bad-syntax",
	"reject-dnsbl",
	"reject-relay",
	"reject-user",
	"reject-helo",
	"reject-sender-domain",
	"reject-greylist",
	"reject-protocol",
	"reject-login-mismatch",
	"reject-content",
	"reject-load",
	"reject-other",
	"sender-is-client", "sender-foreign",
	"sender-not-login",
	"many-recipients",
	"spam",
	"ham",
	"score-low",
	"failed-remote",
};

#define BIT(n) ((uint32_t)1 << (n))
#define SENDERS (BIT(TEXT_SENDER) | BIT(TEXT_SENDER_LOCAL) | BIT(TEXT_SENDER_DOMAIN))

static const char *const text_name[TEXT_COUNT] = { "name", "helo", "sender", "sender_local",
	"sender_domain", "account", "user", "cwd", "reply", "remote_reply", "dnsbl", "test" };

const char *
fact_flag_name(unsigned flag)
{
	return flag_name[flag];
}

const char *
fact_text_name(unsigned text)
{
	return text_name[text];
}

_Static_assert(MF_LOCAL == 1 << FLAG_LOCAL && MF_AUTH == 1 << FLAG_AUTHENTICATED &&
    MF_TLS == 1 << FLAG_TLS && MF_NULL_SENDER == 1 << FLAG_NULL_SENDER &&
    MF_BOUNCE == 1 << FLAG_BOUNCE && MF_NO_QUIT == 1 << FLAG_NO_QUIT &&
    MF_SASL_FAIL == 1 << FLAG_SASL_FAIL && MF_NO_RDNS == 1 << FLAG_NO_RDNS &&
    MF_RDNS_MISMATCH == 1 << FLAG_RDNS_MISMATCH && MF_NO_NAME == 1 << FLAG_NO_NAME &&
    MF_RANKED == 1 << FLAG_RANKED && MF_MARKS == (1 << FLAG_NAME_DYNAMIC) - 1, "marks");

_Static_assert(sizeof(((struct facts *)NULL)->flags) == 2 * sizeof(uint64_t), "two words of flags");

static inline void
flags_of_marks(const struct message *m, struct facts *f)
{
	static const enum fact_flag reason[REJECT_REASONS] = { FLAG_REJECT_OTHER, FLAG_REJECT_DNSBL,
		FLAG_REJECT_RELAY, FLAG_REJECT_USER, FLAG_REJECT_HELO, FLAG_NO_RDNS,
		FLAG_RDNS_MISMATCH, FLAG_REJECT_SENDER_DOMAIN, FLAG_REJECT_GREYLIST,
		FLAG_REJECT_PROTOCOL, FLAG_REJECT_LOGIN_MISMATCH, FLAG_REJECT_CONTENT,
		FLAG_REJECT_LOAD };

	f->flags[0] = m->flags & MF_MARKS;
	f->flags[1] = 0;
	if (m->flags & MF_PREGREET)
		facts_flag(f, FLAG_PREGREET);
	if (m->flags & MF_REJECTED)
		facts_flag(f, reason[m->reason]);
	if (m->flags & MF_PROTOCOL)
		facts_flag(f, (enum fact_flag)(FLAG_PREGREET + m->reason));
	if (m->verdict == VERDICT_SPAM)
		facts_flag(f, FLAG_SPAM);
	else if (m->verdict == VERDICT_HAM)
		facts_flag(f, FLAG_HAM);
	if ((m->verdict == VERDICT_SPAM || m->reason == REJECT_CONTENT) &&
	    (m->flags & MF_HAS_SCORE) && m->score > 0 && m->score < SCORE_LOW)
		facts_flag(f, FLAG_SCORE_LOW);
}

_Static_assert(FLAG_BAD_SYNTAX - FLAG_PREGREET == SIGN_BAD_SYNTAX, "order of protocol signs");

/* bad-syntax stands behind rate-limit as in enum protocol_sign; hangup-early before time-limit. */
_Static_assert(FLAG_LOST_CONNECTION - FLAG_PREGREET == SIGN_LOST_CONNECTION, "order of signs");

#define SAME_PLACE(hn, flag) ((hn) == 1 << ((flag) - FLAG_NAME_DYNAMIC))

_Static_assert(SAME_PLACE(HN_DYNAMIC, FLAG_NAME_DYNAMIC) && SAME_PLACE(HN_WEAK, FLAG_NAME_WEAK) &&
    SAME_PLACE(HN_STATIC, FLAG_NAME_STATIC) && SAME_PLACE(HN_HOSTING, FLAG_NAME_HOSTING) &&
    SAME_PLACE(HN_CAMPUS, FLAG_NAME_CAMPUS) && SAME_PLACE(HN_MOBILE, FLAG_NAME_MOBILE) &&
    SAME_PLACE(HN_PROVIDER, FLAG_NAME_PROVIDER) && SAME_PLACE(HN_SERVER, FLAG_NAME_IP_PART) &&
    SAME_PLACE(HN_IP_FULL, FLAG_NAME_IP) && SAME_PLACE(HN_JUNK, FLAG_NAME_JUNK) &&
    SAME_PLACE(HN_END_USER, FLAG_NAME_END_USER) && SAME_PLACE(HN_SERVER_LIKE, FLAG_NAME_SERVER),
    "places of name facts");

/* bba598485.isp.example, v388712.host.example: one of many, of whatever kind. */
static bool
is_numbered(struct slice name)
{
	unsigned digits = 0;

	for (size_t i = 0; i < name.n && name.p[i] != '.' && digits < NUMBER; i++)
		digits = (unsigned char)(name.p[i] - '0') <= 9 ? digits + 1 : 0;
	return digits == NUMBER;
}

/* The word of a server alone is no flag. */
void
facts_of_name(uint32_t hn, struct facts *f)
{
	enum { TOLD = ((HN_SERVER_LIKE << 1) - 1) & ~HN_SERVER };

	f->flags[0] |= (uint64_t)(hn & TOLD) << FLAG_NAME_DYNAMIC;
	if (hn & (HN_IP_THREE | HN_IP_TWO))
		facts_flag(f, FLAG_NAME_IP_PART);
	if (hn == 0 && facts_is(f, FLAG_NAME_VERIFIED) && !is_numbered(f->message->client_name))
		facts_flag(f, FLAG_NAME_OWN);
	if (facts_is(f, FLAG_HELO_IS_NAME) && (hn & (HN_DYNAMIC | HN_END_USER)))
		facts_flag(f, FLAG_HELO_DYNAMIC);
}

/* Most are written alike. */
static inline bool
same_name(struct slice a, struct slice b)
{
	return a.n == b.n && a.n > 0 && (swar_same(a.p, b.p, a.n) || slice_eq_nocase(a, b));
}

static bool
is_own_name(const struct own *own, struct slice name, struct slice host_name)
{
	if (slice_eq_nocase(name, host_name) && slice_chr(name, '.') != NULL)
		return true;
	for (unsigned i = 0; i < own->hosts; i++)
		if (slice_eq_nocase(name, own->host[i]))
			return true;
	return own->domains > 0 && own_has_domain(own, name);
}

/* Inner names, and those that home routers give themselves. name is not empty. */
static bool
is_private_name(struct slice name)
{
	static const struct slice tail[] = { { ".lan", 4 }, { ".local", 6 }, { ".home", 5 },
		{ ".localdomain", 12 }, { ".internal", 9 }, { ".setup", 6 }, { ".home.arpa", 10 },
		{ "fritz.box", 9 }, { "speedport.ip", 12 }, { "easy.box", 8 }, { "o2.box", 6 },
		{ "homerouter.cpe", 14 }, { "router.asus.com", 15 }, { "home.gateway", 12 } };
	char last = (char)(name.p[name.n - 1] | 0x20);

	for (size_t i = 0; i < sizeof(tail) / sizeof(tail[0]); i++)
		if (tail[i].p[tail[i].n - 1] == last && slice_ends_nocase(name, tail[i]))
			return true;
	return false;
}

static enum fact_flag
flag_of_literal(const struct message *m, struct slice inside)
{
	struct addr a;

	if (!addr_parse(inside, &a))
		return FLAG_COUNT;
	return m->has_addr && memcmp(&a, &m->addr, sizeof(a)) == 0 ? FLAG_HELO_LITERAL_SELF :
	    FLAG_HELO_LITERAL_OTHER;
}

/* FLAG_COUNT: it says nothing. */
static enum fact_flag
flag_of_helo(const struct message *m, const struct own *own, struct slice host)
{
	struct slice h = m->helo;
	struct addr a;

	if (h.p[0] == '[' && h.n > 2 && h.p[h.n - 1] == ']')
		return flag_of_literal(m, (struct slice){ h.p + 1, h.n - 2 });
	if ((unsigned char)(h.p[0] - '0') <= 9 && addr_parse(h, &a))
		return FLAG_HELO_BARE_IP;
	if (slice_eq_nocase(h, SLICE("localhost")) ||
	    slice_eq_nocase(h, SLICE("localhost.localdomain")))
		return FLAG_HELO_LOCALHOST;
	if (slice_chr(h, '.') == NULL)
		return FLAG_HELO_NO_DOT;
	if (same_name(h, m->client_name))
		return FLAG_HELO_IS_NAME;
	if (is_own_name(own, h, host))
		return FLAG_HELO_OWN;
	return is_private_name(h) ? FLAG_HELO_PRIVATE_DOMAIN : FLAG_COUNT;
}

static void
flags_of_helo(const struct message *m, const struct own *own, struct slice host, struct facts *f)
{
	enum fact_flag flag = flag_of_helo(m, own, host);

	if (flag != FLAG_COUNT)
		facts_flag(f, flag);
}

/* The domain is the name or a parent of it. */
static bool
is_under(struct slice name, struct slice domain)
{
	return slice_ends_nocase(name, domain) &&
	    (domain.n == name.n || name.p[name.n - domain.n - 1] == '.');
}

static void
flags_of_envelope(const struct message *m, struct facts *f)
{
	const char *at = slice_rchr(m->sender, '@');
	struct slice local = at ? slice_range(m->sender.p, at) : m->sender;
	struct slice domain = at ? slice_range(at + 1, slice_end(m->sender)) : SLICE_NONE;
	struct slice helo = m->helo.n ? m->helo : m->client_name;	/* Exim: equal ones */

	f->local = local.n;
	if (domain.n && m->client_name.n && is_under(m->client_name, domain))
		facts_flag(f, FLAG_SENDER_IS_CLIENT);
	else if (domain.n && slice_chr(helo, '.') && !is_under(helo, domain) &&
	    !is_under(domain, helo))
		facts_flag(f, FLAG_SENDER_FOREIGN);
	if (m->account.n && !slice_eq_nocase(m->sender, m->account) &&
	    !(at != NULL && slice_eq_nocase(local, m->account)))
		facts_flag(f, FLAG_SENDER_NOT_LOGIN);
	if (m->recipients >= 20)
		facts_flag(f, FLAG_MANY_RECIPIENTS);
	if (m->proto.n == 4 && (slice_eq(m->proto, SLICE("SMTP")) ||
	    slice_eq(m->proto, SLICE("smtp"))))
		facts_flag(f, FLAG_OLD_SMTP);
}

static bool
find_listed(const struct slice *list, unsigned n, struct slice name)
{
	for (unsigned i = 0; i < n; i++) {
		struct slice l = list[i];

		if (name.n >= l.n && l.n && slice_ends_nocase(name, l) &&
		    (name.n == l.n || name.p[name.n - l.n - 1] == '.' || l.p[0] == '.'))
			return true;
	}
	return false;
}

/* Most lists are empty. */
static inline bool
is_listed(const struct slice *list, unsigned n, struct slice name)
{
	return n > 0 && find_listed(list, n, name);
}

static inline bool
is_within(const struct prefix_set *set, const struct message *m)
{
	return set->n > 0 && m->has_addr && prefix_set_contains(set, &m->addr);
}

static void
flags_of_lists(const struct message *m, const struct own *own, struct facts *f)
{
	if (is_within(&own->shared, m))
		facts_flag(f, FLAG_SHARED_CLIENT);
	if (is_within(&own->forwarder_networks, m) ||
	    is_listed(own->forwarder, own->forwarders, m->client_name))
		facts_flag(f, FLAG_FORWARDER);
}

static inline void
flags_of_channel(const struct message *m, const struct own *own, struct facts *f)
{
	bool internal = m->has_addr && own_is_internal(own, &m->addr);

	if (internal)
		facts_flag(f, FLAG_INTERNAL_CLIENT);
	if (m->local_port == 587 || m->local_port == 465)
		facts_flag(f, FLAG_SUBMISSION);
	if (own->shared.n + own->forwarder_networks.n + own->forwarders > 0)
		flags_of_lists(m, own, f);
	if (m->kind != MESSAGE_MAIL)
		return;
	if (!(m->flags & MF_REJECTED))
		facts_flag(f, FLAG_ACCEPTED);
	if (m->domains > 0 && m->has_addr && !internal && !(m->flags & (MF_AUTH | MF_LOCAL)))
		facts_flag(f, FLAG_RELAYED);
}

/* How its deliveries went. */
static void
flags_of_deliveries(const struct message *m, struct facts *f)
{
	if (m->sent_remote > 0)
		facts_flag(f, FLAG_SENT_REMOTE);
	for (unsigned i = 0; i < m->replies; i++)
		if (m->failed[i].remote)
			facts_flag(f, FLAG_FAILED_REMOTE);
}

void
facts_of_message(const struct message *m, const struct own *own, struct slice host_name,
    struct facts *f)
{
	f->message = m;
	f->local = 0;
	/* what a bot told postscreen is its word alone; most replies are the daemon's own words */
	f->texts = m->flags & MF_POSTSCREEN ? ~SENDERS : UINT32_MAX;
	if (!(BIT(m->reason) & (BIT(REJECT_OTHER) | BIT(REJECT_CONTENT))))
		f->texts &= ~BIT(TEXT_REPLY);
	flags_of_marks(m, f);
	if (m->client_name.n)
		facts_flag(f, FLAG_NAME_VERIFIED);
	if (m->helo.n)
		flags_of_helo(m, own, host_name, f);
	if (m->sender.n && !(m->flags & MF_POSTSCREEN))
		flags_of_envelope(m, f);
	flags_of_channel(m, own, f);
	if (m->sent_remote + m->replies > 0)
		flags_of_deliveries(m, f);
}

void
facts_of_sign(const struct message *m, struct facts *f)
{
	f->message = m;
	f->local = 0;
	f->texts = BIT(TEXT_ZONE);
	flags_of_marks(m, f);
}

void
facts_keep_client(struct facts *f)
{
	static const enum fact_flag drop[] = { FLAG_AUTHENTICATED, FLAG_ACCEPTED, FLAG_SENT_REMOTE,
		FLAG_RELAYED, FLAG_SENDER_NOT_LOGIN, FLAG_SENDER_IS_CLIENT, FLAG_MANY_RECIPIENTS,
		FLAG_SPAM, FLAG_HAM, FLAG_FAILED_REMOTE, FLAG_NULL_SENDER };

	for (size_t i = 0; i < sizeof(drop) / sizeof(drop[0]); i++)
		f->flags[drop[i] / 64] &= ~((uint64_t)1 << drop[i] % 64);
	f->texts &= BIT(TEXT_NAME) | BIT(TEXT_HELO) | BIT(TEXT_ZONE);
}

bool
own_trusts_host(const struct own *own, struct slice name)
{
	return is_listed(own->trusted_host, own->trusted_hosts, name);
}

bool
own_has_domain(const struct own *own, struct slice domain)
{
	return is_listed(own->domain, own->domains, domain);
}

void
own_free(struct own *own)
{
	prefix_set_free(&own->networks);
	prefix_set_free(&own->shared);
	prefix_set_free(&own->forwarder_networks);
	prefix_set_free(&own->trusted_networks);
	free(own->domain);
	free(own->host);
	free(own->forwarder);
	free(own->trusted_account);
	free(own->trusted_host);
	*own = (struct own){ 0 };
}
