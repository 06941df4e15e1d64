/* SPDX-License-Identifier: ISC */
/*
 * genlog: the truth about a log: what a reader must have counted.
 *
 * It is counted here from the sessions as they are played, by the definitions of the manual page,
 * and shares no code with the program.  The file has lines "view TAB name TAB number":
 *
 *	log		sizes, for people
 *	event		lines by what they say: "dump events"
 *	zone		lines by DNS list: "dump events"
 *	evidence	messages and refused attempts by what they are: "dump evidence"
 *	report		the numbers of "-f json" that follow from these
 *	text		what only the text report tells
 *
 * Judgement is the program's own: whose mail is of an own account may be called spam for the
 * account's behaviour.  So the report's spam and ham are told apart only for kinds without logins.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"

#define CELL_US		(600 * 1000000ULL)
#define DAY_US		(86400 * 1000000ULL)

static const char *const event_name[] = {
#define X(name, text) text,
	GEN_EVENTS(X)
#undef X
};
static const char *const sort_name[] = { "ham", "spam", "suspected", "probe" };
static const char *const stage_name[] = { "connect", "envelope", "content", "delivery" };
static const char *const way_name[] = { "inbound", "outbound", "relayed" };
static const char *const action_name[] = { "accepted", "refused", "deferred", "tagged", "none" };
static const char *const by_name[] = { "content", "dnsbl", "protocol", "reply", "policy" };

static void
bitmap_set(struct bitmap *b, uint64_t n)
{
	size_t at = n / 64, words;

	if (at >= b->words) {
		words = at * 2 + 64;
		if ((b->word = realloc(b->word, words * sizeof *b->word)) == NULL)
			err(1, NULL);
		memset(b->word + b->words, 0, (words - b->words) * sizeof *b->word);
		b->words = words;
	}
	b->ones += !(b->word[at] >> n % 64 & 1);
	b->word[at] |= (uint64_t)1 << n % 64;
}

static void
seen_grow(struct truth *t)
{
	uint64_t *old = t->seen;
	size_t n = t->seen_size, i, at;

	t->seen_size = n == 0 ? 4096 : n * 2;
	if ((t->seen = calloc(t->seen_size, sizeof *t->seen)) == NULL)
		err(1, NULL);
	for (i = 0; i < n; i++) {
		if (old[i] == 0)
			continue;
		for (at = old[i] % t->seen_size; t->seen[at] != 0;)
			at = (at + 1) % t->seen_size;
		t->seen[at] = old[i];
	}
	free(old);
}

/* Is it new?  It is not the next time. */
static int
seen_first(struct truth *t, uint64_t h)
{
	size_t at;

	if (t->seen_n * 2 >= t->seen_size)
		seen_grow(t);
	h += h == 0;
	for (at = h % t->seen_size; t->seen[at] != 0; at = (at + 1) % t->seen_size)
		if (t->seen[at] == h)
			return 0;
	t->seen[at] = h;
	t->seen_n++;
	return 1;
}

static uint64_t
hash_text(uint64_t h, const char *s)
{
	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3ULL;
	return gen_hash(h);
}

/*
 * The same client, sender and recipient in the same ten minutes is a retry; only a refusal as spam
 * is counted even behind one that was none.
 */
static int
is_retry(struct gen *g, const struct sess *s, const char *to, int spam)
{
	struct truth *t = &g->truth;
	uint64_t h;
	int first_spam, first;

	if (g->us / CELL_US != t->seen_cell) {
		t->seen_cell = g->us / CELL_US;
		t->seen_n = 0;
		if (t->seen_size != 0)
			memset(t->seen, 0, t->seen_size * sizeof *t->seen);
	}
	h = hash_text(hash_text(hash_text(1, s->addr), s->from), to);
	first_spam = spam && seen_first(t, gen_hash(h));
	first = seen_first(t, h);
	return spam ? !first_spam : !first;
}

static void
add(struct gen *g, const struct sess *s, uint64_t us, uint64_t *item, int spam)
{
	++*item;
	bitmap_set(&g->truth.clients, s->number);
	if (!spam)
		return;
	bitmap_set(&g->truth.spammers, s->number);
	g->truth.spam_on[(us + DAY_US - ZONE * 3600 * 1000000ULL) / DAY_US]++;
}

void
truth_refusal(struct gen *g, const struct sess *s, const char *to, enum gen_sort sort,
    enum gen_stage stage, enum gen_action action)
{
	int spam = sort == SPAM, by = spam ? BY_DNSBL : sort == SUSPECTED ? BY_POLICY : 0;

	if (is_retry(g, s, to, spam)) {
		g->truth.retries++;
		return;
	}
	if (spam && s->pregreet)
		by |= BY_PROTOCOL;
	add(g, s, g->us, &g->truth.item[sort][stage][INBOUND][action][by], spam);
}

void
truth_message(struct gen *g, const struct sess *s)
{
	int by = (s->verdict == IDENTIFIED || s->refused ? BY_CONTENT : 0) |
	    (s->called_spam ? BY_REPLY : 0);
	enum gen_way way = s->login ? OUTBOUND : s->relayed ? RELAYED : INBOUND;
	enum gen_action action = s->refused ? REFUSED :
	    s->verdict == IDENTIFIED ? TAGGED : ACCEPTED;
	enum gen_stage stage = by == BY_REPLY ? AT_DELIVERY : AT_CONTENT;
	uint64_t *item = &g->truth.item[by ? SPAM : HAM][stage][way][action][by];

	g->truth.messages++;
	if (s->login) {
		++*item;
		bitmap_set(&g->truth.accounts, s->account);
	} else
		add(g, s, s->began, item, by != 0);
}

void
truth_verdict(struct gen *g)
{
	g->truth.item[SPAM][AT_CONTENT][INBOUND][NOTHING][BY_CONTENT]++;
	g->truth.spam_on[(g->us + DAY_US - ZONE * 3600 * 1000000ULL) / DAY_US]++;
}

static void
put(FILE *f, const char *view, const char *name, uint64_t n)
{
	fprintf(f, "%s\t%s\t%llu\n", view, name, (unsigned long long)n);
}

static void
put_some(FILE *f, const char *view, const char *name, uint64_t n)
{
	if (n != 0)
		put(f, view, name, n);
}

static void
put_days(FILE *f, const struct gen *g)
{
	static const unsigned days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	char name[64];
	unsigned i, d, m;

	for (i = 0; i <= GEN_DAYS; i++) {
		d = START_DAY - 1 + i + (g->day > 0 ? (unsigned)g->day : 0);
		for (m = 0; d >= days[m % 12]; m++)
			d -= days[m % 12];
		gen_text(name, sizeof name, "spam on %u-%2-%2", 2026 + m / 12, m % 12 + 1, d + 1);
		put_some(f, "report", name, g->truth.spam_on[i]);
	}
}

struct sums {
	uint64_t sort[SORTS], stage[STAGES], accepted, refused_by_dnsbl, all, logins;
};

static void
put_items(FILE *f, const struct truth *t, struct sums *sum)
{
	char name[160], more[160];
	unsigned i, at[5], b;
	const uint64_t *n = &t->item[0][0][0][0][0];

	for (i = 0; i < sizeof t->item / sizeof *n; i++) {
		if (n[i] == 0)
			continue;
		at[4] = i % BYS;
		at[3] = i / BYS % ACTIONS;
		at[2] = i / BYS / ACTIONS % WAYS;
		at[1] = i / BYS / ACTIONS / WAYS % STAGES;
		at[0] = i / BYS / ACTIONS / WAYS / STAGES;
		gen_text(name, sizeof name, "%s stage=%s direction=%s action=%s", sort_name[at[0]],
		    stage_name[at[1]], way_name[at[2]], action_name[at[3]]);
		for (b = 0; b < sizeof by_name / sizeof *by_name; b++)
			if (at[4] >> b & 1) {
				gen_text(more, sizeof more, "%s by=%s", name, by_name[b]);
				gen_text(name, sizeof name, "%s", more);
			}
		put(f, "evidence", name, n[i]);
		sum->all += n[i];
		sum->sort[at[0]] += n[i];
		sum->logins += at[2] == OUTBOUND ? n[i] : 0;
		if (at[0] != SPAM)
			continue;
		sum->stage[at[1]] += n[i];
		sum->accepted += at[3] == ACCEPTED || at[3] == TAGGED ? n[i] : 0;
		sum->refused_by_dnsbl += (at[4] & BY_DNSBL) && at[3] != TAGGED ? n[i] : 0;
	}
	put(f, "evidence", "distinct clients", t->clients.ones);
	put(f, "evidence", "distinct accounts", t->accounts.ones);
}

static void
put_report(FILE *f, const struct gen *g, const struct sums *sum)
{
	const struct truth *t = &g->truth;
	char name[32];
	unsigned i;

	put(f, "report", "lines read", t->lines);
	put(f, "report", "lines recognised", t->lines);
	put(f, "report", "messages", t->messages);
	put(f, "report", "messages complete", t->messages);
	put(f, "report", "attempts", sum->all);
	put(f, "text", "retries", t->retries);
	put(f, "report", "login failures", t->event[E_LOGIN_FAILED]);
	put(f, "report", "relay probes", sum->sort[PROBE]);
	put(f, "report", "suspected", sum->sort[SUSPECTED]);
	put(f, "report", "spam and ham", sum->sort[SPAM] + sum->sort[HAM]);
	if (sum->logins != 0)
		return;
	put(f, "report", "ham", sum->sort[HAM]);
	put(f, "report", "spam", sum->sort[SPAM]);
	put(f, "report", "spam accepted", sum->accepted);
	put(f, "report", "spam sources", t->spammers.ones);
	put(f, "report", "spam refused by dnsbl", sum->refused_by_dnsbl);
	for (i = 0; i < STAGES; i++) {
		gen_text(name, sizeof name, "spam at %s", stage_name[i]);
		put(f, "report", name, sum->stage[i]);
	}
	put_days(f, g);
}

void
truth_write(const struct gen *g, const struct gen_kind *k, const char *file)
{
	const struct truth *t = &g->truth;
	struct sums sum = { 0 };
	unsigned i;
	FILE *f;

	if ((f = fopen(file, "w")) == NULL)
		err(1, "%s", file);
	fprintf(f, "log\tkind %s\t1\n", k->name);
	put(f, "log", "lines", t->lines);
	put(f, "log", "bytes", t->bytes);
	put(f, "log", "seconds", g->us / 1000000);
	put(f, "log", "refusal lines", t->refusal_lines);
	put(f, "log", "clients", g->sources[POOL_BAD] + g->sources[POOL_MTA]);
	put(f, "log", "messages", t->messages);
	for (i = 0; i < E_MAX; i++)
		put_some(f, "event", event_name[i], t->event[i]);
	for (i = 0; i < GEN_LISTS; i++) {
		put_some(f, "zone on", gen_lists[i], t->on_list[i]);
		put_some(f, "zone by", gen_lists[i], t->by_list[i]);
	}
	put_items(f, t, &sum);
	put_report(f, g, &sum);
	if (fclose(f) == EOF)
		err(1, "%s", file);
}
