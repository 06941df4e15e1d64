/* SPDX-License-Identifier: ISC */
/*
 * genlog: seeded generator of mail logs for benchmarks.  What the kinds share.
 *
 * A run keeps a fixed number of sessions open; each turn lets one of them, drawn at random,
 * write its next line, so that the sessions interleave.  All state is in struct gen; the same
 * (seed, size, kind, -i, -n) gives the same bytes on every machine.
 */
#ifndef GEN_H
#define GEN_H

#include <stddef.h>
#include <stdint.h>

#define GEN_RCPTS	3

#define GEN_COUNTERS(X) \
	X(lines) X(bytes) X(seconds) X(refusal_lines) X(distinct_client_ips) X(connects) \
	X(postscreen_connects) X(postscreen_passes) X(postscreen_rejects) X(pregreets) \
	X(dnsblog_lines) X(smtpd_dnsbl_rejects) X(greylisted) X(relay_denied) X(unknown_user) \
	X(no_rdns) X(rdns_warnings) X(milter_rejects) X(reject_lines) X(messages_accepted) \
	X(messages_authenticated) X(messages_hacked) X(messages_spam) X(messages_clean) \
	X(spamd_results) X(status_sent) X(status_deferred) X(status_bounced) X(sasl_failures) \
	X(tls_lines) X(removed) X(disconnects) X(anvil_lines)

enum gen_counter {
#define X(name) C_##name,
	GEN_COUNTERS(X)
#undef X
	C_MAX
};

/* Where a session's client comes from: end-user lines and hacked hosts, or real mail hosts. */
enum gen_pool { POOL_BAD, POOL_MTA, POOL_MAX };

struct sess {
	int	 scene, step, left;	/* what is played, how far, repetitions left */
	unsigned pid, port;
	uint64_t h;			/* hash of the source: its fixed traits */
	char	 addr[48];		/* client address */
	char	 name[96];		/* verified reverse name, or "unknown" */
	char	 claimed[96];		/* reverse name that does not resolve back, or "" */
	char	 helo[96];
	char	 from[96], to[GEN_RCPTS][64];
	char	 mid[128], qid[24], user[64];
	unsigned nrcpt, rcpt, size, score;	/* score in tenths */
	int	 spam, deferred, hacked;
};

struct gen {
	uint64_t rng, seed, target;
	uint64_t us, us_per_kb;		/* clock, microseconds since the start of the log */
	uint64_t sec;			/* second that stamp[] shows */
	int	 iso, native;		/* -i; Exim's own stamps */
	char	 stamp[24];
	size_t	 stamplen;
	uint64_t sources[POOL_MAX], source_goal[POOL_MAX];
	uint64_t ids;			/* messages numbered so far */
	uint64_t c[C_MAX];
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
void	 gen_say(struct gen *, const char *, unsigned, const char *, ...);

/* gen_names.c */
void	 gen_source(struct gen *, struct sess *, enum gen_pool);
void	 gen_message(struct gen *, struct sess *);
void	 gen_domain(char *, size_t, uint64_t);
void	 gen_user(char *, size_t, uint64_t);

/* gen_spamd.c: the lines of one scan, in this order */
void	 spamd_processing(struct gen *, struct sess *);
void	 spamd_verdict(struct gen *, struct sess *);
void	 spamd_result(struct gen *, struct sess *);

#endif
