/* See program.h. */
#include "parser/program.h"

struct daemon_name {
	struct slice name;
	enum daemon daemon;
};

/* The last element of "postfix/submission/smtpd". What is boring is named: the set is closed. */
static const struct daemon_name postfix_daemon[] = {
	{ { "smtpd", 5 }, DAEMON_SMTPD },
	{ { "postscreen", 10 }, DAEMON_POSTSCREEN },
	{ { "dnsblog", 7 }, DAEMON_DNSBLOG },
	{ { "cleanup", 7 }, DAEMON_CLEANUP },
	{ { "qmgr", 4 }, DAEMON_QMGR },
	{ { "nqmgr", 5 }, DAEMON_QMGR },
	{ { "oqmgr", 5 }, DAEMON_QMGR },
	{ { "pickup", 6 }, DAEMON_PICKUP },
	{ { "smtp", 4 }, DAEMON_SMTP },
	{ { "relay", 5 }, DAEMON_SMTP },
	{ { "lmtp", 4 }, DAEMON_LMTP },
	{ { "local", 5 }, DAEMON_LOCAL },
	{ { "virtual", 7 }, DAEMON_LOCAL },
	{ { "pipe", 4 }, DAEMON_LOCAL },
	{ { "error", 5 }, DAEMON_ERROR },
	{ { "retry", 5 }, DAEMON_ERROR },
	{ { "discard", 7 }, DAEMON_ERROR },
	{ { "bounce", 6 }, DAEMON_BOUNCE },
	{ { "defer", 5 }, DAEMON_BOUNCE },
	{ { "trace", 5 }, DAEMON_BOUNCE },
	{ { "anvil", 5 }, DAEMON_BORING },
	{ { "scache", 6 }, DAEMON_BORING },
	{ { "tlsmgr", 6 }, DAEMON_BORING },
	{ { "tlsproxy", 8 }, DAEMON_BORING },
	{ { "verify", 6 }, DAEMON_BORING },
	{ { "trivial-rewrite", 15 }, DAEMON_BORING },
	{ { "master", 6 }, DAEMON_BORING },
	{ { "proxymap", 8 }, DAEMON_BORING },
	{ { "proxywrite", 10 }, DAEMON_BORING },
	{ { "flush", 5 }, DAEMON_BORING },
	{ { "showq", 5 }, DAEMON_BORING },
	{ { "spawn", 5 }, DAEMON_BORING },
	{ { "qmqpd", 5 }, DAEMON_BORING },
	{ { "sendmail", 8 }, DAEMON_BORING },
	{ { "postfix-script", 14 }, DAEMON_BORING },
	{ { "post-install", 12 }, DAEMON_BORING },
	{ { "postsuper", 9 }, DAEMON_BORING },
	{ { "postalias", 9 }, DAEMON_BORING },
	{ { "postmap", 7 }, DAEMON_BORING },
	{ { "postmulti", 9 }, DAEMON_BORING },
	{ { "postdrop", 8 }, DAEMON_BORING },
	{ { "postqueue", 9 }, DAEMON_BORING },
	{ { "postkick", 8 }, DAEMON_BORING },
	{ { "postlock", 8 }, DAEMON_BORING },
	{ { "postcat", 7 }, DAEMON_BORING },
	{ { "postconf", 8 }, DAEMON_BORING },
	{ { "postlog", 7 }, DAEMON_BORING },
	{ { "postlogd", 8 }, DAEMON_BORING },
	{ { "posttls-finger", 14 }, DAEMON_BORING },
	{ { "policy-spf", 10 }, DAEMON_POLICY },
	{ { "policyd-spf", 11 }, DAEMON_POLICY },
	{ { "postgrey", 8 }, DAEMON_POLICY },
};

static const struct daemon_name plain_daemon[] = {
	{ { "exim", 4 }, DAEMON_EXIM },
	{ { "exim4", 5 }, DAEMON_EXIM },
	{ { "spamd", 5 }, DAEMON_SPAMD },
	{ { "spamc", 5 }, DAEMON_BORING },
	{ { "amavis", 6 }, DAEMON_AMAVIS },
	{ { "amavisd", 7 }, DAEMON_AMAVIS },
	{ { "amavisd-new", 11 }, DAEMON_AMAVIS },
	{ { "rspamd", 6 }, DAEMON_RSPAMD },
	{ { "rspamd_proxy", 12 }, DAEMON_RSPAMD },
	{ { "mimedefang", 10 }, DAEMON_MIMEDEFANG },
	{ { "mimedefang.pl", 13 }, DAEMON_MIMEDEFANG },
	{ { "mimedefang-multiplexor", 22 }, DAEMON_MIMEDEFANG },
	{ { "dovecot", 7 }, DAEMON_DOVECOT },
	{ { "postgrey", 8 }, DAEMON_POLICY },
	{ { "policyd-spf", 11 }, DAEMON_POLICY },
	{ { "policy-spf", 10 }, DAEMON_POLICY },
	{ { "opendkim", 8 }, DAEMON_MILTER },
	{ { "opendmarc", 9 }, DAEMON_MILTER },
	{ { "spamass-milter", 14 }, DAEMON_MILTER },
};

static enum daemon
find(const struct daemon_name *table, size_t n, struct slice name)
{
	for (size_t i = 0; i < n; i++)
		if (slice_eq(table[i].name, name))
			return table[i].daemon;
	return DAEMON_OTHER;
}

enum daemon
program_postfix(struct slice last)
{
	return find(postfix_daemon, sizeof(postfix_daemon) / sizeof(postfix_daemon[0]), last);
}

/* "exim4" of "exim4.service"; "postfix" of "postfix@-.service". */
static struct slice
without_unit(struct slice name)
{
	const char *at = slice_chr(name, '@');

	if (!slice_ends(name, SLICE(".service")))
		return name;
	return at ? slice_range(name.p, at) : slice_first(name, name.n - (sizeof(".service") - 1));
}

enum daemon
program_plain(struct slice name)
{
	name = without_unit(name);
	if (slice_starts(name, SLICE("exim-")))
		return DAEMON_EXIM;
	if (slice_eq(name, SLICE("postfix")))
		return DAEMON_POSTFIX;
	return find(plain_daemon, sizeof(plain_daemon) / sizeof(plain_daemon[0]), name);
}

struct slice
program_instance(struct slice name)
{
	const char *at = slice_chr(name, '@');
	struct slice unit = without_unit(name);

	if (unit.n == name.n || at == NULL)
		return unit;
	name = slice_range(at + 1, slice_end(name) - (sizeof(".service") - 1));
	return slice_eq(name, SLICE("-")) ? unit : name;
}

bool
program_knows_qid(enum daemon daemon)
{
	return daemon == DAEMON_AMAVIS || daemon == DAEMON_RSPAMD || daemon == DAEMON_MIMEDEFANG;
}
