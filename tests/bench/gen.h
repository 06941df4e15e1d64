/* SPDX-License-Identifier: ISC */
/*
 * genlog: seeded generator of mail logs for benchmarks.  What the kinds share.
 *
 * A run keeps a fixed number of sessions open; each turn lets one of them, drawn at random,
 * write its next line, so that the sessions interleave.  All state is in struct gen; the same
 * (seed, size, kind, -d, -n) gives the same events on every machine, and -i only writes their
 * stamps differently.
 */
#ifndef GEN_H
#define GEN_H

#include <stddef.h>
#include <stdint.h>

#define GEN_RCPTS	3
#define GEN_LISTS	6
#define GEN_AGAIN	64
#define GEN_DAYS	366

/* What a line says: the words are those of "spamsource dump events". */
#define GEN_EVENTS(X) \
	X(NONE, "none") X(CONNECT, "connect") X(DISCONNECT, "disconnect") X(TLS, "tls") \
	X(MISMATCH, "rdns-mismatch") X(NO_NAME, "no-rdns") X(CLIENT, "client") \
	X(MESSAGE_ID, "message-id") X(QUEUED, "queued") X(RECEIVED, "received") \
	X(REMOVED, "removed") X(LOGIN_FAILED, "sasl-fail") X(PASS, "pass") \
	X(HANGUP, "hangup") X(RANK, "dnsbl-rank") X(ON_LIST, "dnsbl") \
	X(PREGREET, "protocol sign=pregreet") X(LOST, "protocol sign=lost-connection") \
	X(TIMEOUT, "protocol sign=timeout") \
	X(SENT_LOCAL, "delivery status=sent agent=local") \
	X(SENT_REMOTE, "delivery status=sent agent=remote") \
	X(DEFERRED_LOCAL, "delivery status=deferred agent=local") \
	X(DEFERRED_REMOTE, "delivery status=deferred agent=remote") \
	X(BOUNCED_REMOTE, "delivery status=bounced agent=remote") \
	X(VERDICT_SPAM, "verdict +spam") X(VERDICT_HAM, "verdict") \
	X(LISTED, "reject reason=dnsbl action=refused phase=envelope") \
	X(GREYLISTED, "reject reason=greylist action=deferred phase=envelope") \
	X(NO_RELAY, "reject reason=relay action=refused phase=envelope") \
	X(NO_RELAY_NOW, "reject reason=relay action=deferred phase=envelope") \
	X(NO_USER, "reject reason=user action=refused phase=envelope") \
	X(BAD_RDNS, "reject reason=rdns-mismatch action=deferred phase=envelope") \
	X(WITHOUT_RDNS, "reject reason=no-rdns action=deferred phase=envelope") \
	X(CONTENT, "reject reason=content action=refused phase=content")

enum gen_event {
#define X(name, text) E_##name,
	GEN_EVENTS(X)
#undef X
	E_MAX
};

/* What a refused attempt or a message is, as the manual page defines it. */
enum gen_sort { HAM, SPAM, SUSPECTED, PROBE, SORTS };
enum gen_stage { AT_CONNECT, AT_ENVELOPE, AT_CONTENT, AT_DELIVERY, STAGES };
enum gen_way { INBOUND, OUTBOUND, RELAYED, WAYS };
enum gen_action { ACCEPTED, REFUSED, DEFERRED, TAGGED, NOTHING, ACTIONS };
enum { BY_CONTENT = 1, BY_DNSBL = 2, BY_PROTOCOL = 4, BY_REPLY = 8, BY_POLICY = 16, BYS = 32 };

/* Where a session's client comes from: end-user lines and hacked hosts, or real mail hosts. */
enum gen_pool { POOL_BAD, POOL_MTA, POOL_MAX };

enum gen_verdict { UNSEEN, CLEAN, IDENTIFIED };

struct sess {
	int	 scene, step, left;	/* what is played, how far, repetitions left */
	unsigned pid, port;
	uint64_t h;			/* hash of the source: its fixed traits */
	uint64_t number;		/* of the source */
	unsigned account;
	char	 addr[48];		/* client address */
	char	 name[96];		/* verified reverse name, or "unknown" */
	char	 claimed[96];		/* reverse name that does not resolve back, or "" */
	char	 helo[96];
	char	 from[96], to[GEN_RCPTS][64];
	char	 mid[128], qid[24], user[64];
	unsigned nrcpt, rcpt, size, score;	/* score in tenths */
	int	 spam, deferred, hacked;
	/* what the log has said of it so far */
	uint64_t began;			/* the clock at the message's first line */
	int	 pregreet, login, relayed, called_spam, refused;
	enum gen_verdict verdict;
};

struct bitmap {
	uint64_t *word;
	size_t	 words, ones;
};

struct truth {				/* see gen_truth.c */
	uint64_t lines, bytes, refusal_lines, messages, retries;
	uint64_t event[E_MAX], on_list[GEN_LISTS], by_list[GEN_LISTS];
	uint64_t item[SORTS][STAGES][WAYS][ACTIONS][BYS];
	uint64_t spam_on[GEN_DAYS + 1];	/* by UTC day, from the day before the first */
	struct bitmap clients, spammers, accounts;
	uint64_t *seen;			/* attempts of the current ten minutes, hashed */
	size_t	 seen_n, seen_size;
	uint64_t seen_cell;
};

struct gen {
	uint64_t rng, seed, target;
	uint64_t written;		/* bytes, had they plain stamps: the clock runs with them */
	uint64_t us, us_per_kb;		/* clock, microseconds since the start of the log */
	uint64_t sec;			/* second that stamp[] shows */
	int	 iso, native;		/* -i; Exim's own stamps */
	int	 day;			/* -d, or -1 */
	char	 stamp[24], plain[24];	/* as -i wants it; as daemons print it themselves */
	size_t	 stamplen;
	unsigned ports, pids;		/* given out so far */
	uint64_t sources[POOL_MAX], source_goal[POOL_MAX];
	uint64_t ids;			/* messages numbered so far */
	struct sess again[GEN_AGAIN];	/* that will be tried again */
	unsigned agains;
	struct truth truth;
	char	*buf, *p, *end;
};

struct gen_kind {
	const char *name;
	int	 slots;			/* sessions open at once */
	int	 native;
	void	(*open)(struct gen *, struct sess *);
	int	(*step)(struct gen *, struct sess *);	/* 0: the session is over */
};

extern const struct gen_kind gen_postfix, gen_submission, gen_exim, gen_spamd;
extern const char *const gen_lists[GEN_LISTS];	/* names of DNS lists */

/* genlog.c: random numbers, text, lines.  gen_rnd() is in [0, n), n > 0. */
uint64_t gen_hash(uint64_t);
uint64_t gen_next(struct gen *);
unsigned gen_rnd(struct gen *, unsigned);
/*
 * The only directives: %s string, %u unsigned, %2 the same with two digits, %x %X hexadecimal,
 * %8 all eight hexadecimal digits, %c character, %%.  gen_say() writes one whole line; with
 * Exim's stamps prog is ignored.  Draw at most one random number per call: the order in which
 * arguments are evaluated differs between compilers.
 */
void	 gen_text(char *, size_t, const char *, ...);
void	 gen_say(struct gen *, enum gen_event, const char *prog, unsigned pid, const char *, ...);

/*
 * gen_names.c.  gen_source() gives the session its client, port and process; no two open sessions
 * have the same one of these.
 */
void	 gen_source(struct gen *, struct sess *, enum gen_pool);
void	 gen_message(struct gen *, struct sess *);
void	 gen_domain(char *, size_t, uint64_t);
void	 gen_user(char *, size_t, uint64_t);
/* The same attempt comes back, perhaps: 0 if none does.  gen_remember(): it may later. */
int	 gen_again(struct gen *, struct sess *);
void	 gen_remember(struct gen *, const struct sess *);

/* gen_spamd.c: the lines of one scan, in this order */
void	 spamd_processing(struct gen *, struct sess *);
void	 spamd_verdict(struct gen *, struct sess *);
void	 spamd_result(struct gen *, struct sess *);

/*
 * gen_truth.c.  A refusal of this recipient; a message that ended; a verdict without either.
 * To be called before the line is written, as that moves the clock.
 */
void	 truth_refusal(struct gen *, const struct sess *, const char *to, enum gen_sort,
    enum gen_stage, enum gen_action);
void	 truth_message(struct gen *, const struct sess *);
void	 truth_verdict(struct gen *);
void	 truth_write(const struct gen *, const struct gen_kind *, const char *file);
/* When the log starts: days since 1 January 2026, and the zone's hours east of UTC. */
enum { START_DAY = 4, ZONE = 1 };

#endif
