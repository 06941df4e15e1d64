/*
 * See explain.h. The first reading folds everything, as a report does, and remembers the messages,
 * attempts and signs that have the key. Spam is shown first, then other mail; signs only when
 * there is nothing else. The second reading quotes the lines of what is shown: those that carry
 * its queue id or message-id, and those that name its client, without another queue id, within a
 * minute around it.
 */
#define _GNU_SOURCE
#include "cli/explain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/utc.h"
#include "classify/judge.h"
#include "classify/state_limit.h"
#include "parser/daemons.h"
#include "report/dump.h"
#include "report/pseudonym_items.h"

enum { LINES_MAX = 200, AROUND = 60, REMEMBER = 5000 };

struct item {
	struct observation o;
	enum message_kind kind;
	uint32_t host;
	int64_t ts, last_ts;
	bool has_addr;
	struct addr addr;
	struct slice qid, message_id, name, helo, account, sender;
	struct buf lines;
	unsigned n_lines, place;
	uint8_t rank;		/* 0 spam, 1 other mail, 2 sign */
};

struct search {
	struct pipeline *p;
	struct slice key;
	bool is_addr, only_account, only_script, is_pseudonym;
	const struct pseudonym *y;
	uint64_t addr;
	struct item *item;
	unsigned items, cap, matched, signs;
	struct arena arena;
};

static bool
has_name(struct slice name, struct slice key)
{
	/* a name of one label is none: "info" is an account, not the domain */
	return name.n && slice_chr(key, '.') != NULL && slice_ends_nocase(name, key) &&
	    (name.n == key.n || name.p[name.n - key.n - 1] == '.');
}

/* Is it the pseudonym of this, with or without its domain? */
static bool
has_pseudonym(const struct search *s, enum personal what, struct slice value)
{
	struct buf b = { 0 };
	struct slice shown;
	bool found;

	if (value.n == 0)
		return false;
	pseudonym_put(s->y, what, value, &b);
	shown = buf_slice(&b);
	found = slice_starts(shown, s->key) && (shown.n == s->key.n ||
	    shown.p[s->key.n] == '@' || shown.p[s->key.n] == '.');
	buf_free(&b);
	return found;
}

static bool
matches_pseudonym(const struct search *s, const struct message *m)
{
	return has_pseudonym(s, PERSONAL_ACCOUNT, m->account) ||
	    has_pseudonym(s, PERSONAL_SENDER, m->sender) ||
	    has_pseudonym(s, PERSONAL_RECIPIENT, m->rcpt) ||
	    has_pseudonym(s, PERSONAL_ID, m->message_id) ||
	    has_pseudonym(s, PERSONAL_NAME, m->client_name) ||
	    has_pseudonym(s, PERSONAL_NAME, m->unverified) ||
	    has_pseudonym(s, PERSONAL_HELO, m->helo);
}

/* The address in a report, which may be a pseudonym, against a client's own. */
static bool
matches_addr(const struct search *s, const struct message *m)
{
	struct addr a = m->addr;

	if (!m->has_addr)
		return false;
	if (addr_key(&a) == s->addr)
		return true;
	pseudonym_addr(s->y, &a);
	return addr_key(&a) == s->addr;
}

static bool
matches(const struct search *s, const struct message *m, const struct observation *o)
{
	struct slice bare = s->key;
	bool found;

	if (bare.n > 2 && bare.p[0] == '<' && bare.p[bare.n - 1] == '>')
		bare = (struct slice){ bare.p + 1, bare.n - 2 };
	if (s->is_addr)
		return matches_addr(s, m);
	if (s->is_pseudonym && matches_pseudonym(s, m))
		return true;
	if (s->only_script || (m->flags & MF_LOCAL)) {
		struct buf b = { 0 };

		source_key(&s->p->classifier.state, o->source, &b);
		found = b.n > 7 && slice_starts(buf_slice(&b), SLICE("script:")) &&
		    slice_starts(slice_skip(buf_slice(&b), 7), bare);
		buf_free(&b);
		if (found || s->only_script)
			return found;
	}
	if (m->account.n && slice_eq_nocase(m->account, bare))
		return true;
	if (s->only_account)
		return false;
	return slice_eq(m->qid, bare) || slice_eq(m->message_id, bare) ||
	    has_name(m->client_name.n ? m->client_name : m->unverified, bare);
}

static void
remember(void *context, const struct message *m, const struct observation *o)
{
	struct search *s = context;
	struct item *x;

	if (!o->counted || !matches(s, m, o))
		return;
	s->matched++;
	s->signs += m->kind == MESSAGE_SIGN;
	if (s->items == REMEMBER || (m->kind == MESSAGE_SIGN && s->signs > 10))
		return;
	mem_grow(&s->item, &s->cap, s->items + 1, sizeof(*s->item));
	x = &s->item[s->items++];
	*x = (struct item){ .o = *o,
		.kind = m->kind,
		.host = m->host,
		.ts = m->ts,
		.place = s->items - 1,
		.last_ts = m->last_ts,
		.has_addr = m->has_addr,
		.addr = m->addr,
		.qid = arena_copy(&s->arena, m->qid),
		.message_id = arena_copy(&s->arena, m->message_id),
		.name = arena_copy(&s->arena, m->client_name.n ? m->client_name : m->unverified),
		.helo = arena_copy(&s->arena, m->helo),
		.account = arena_copy(&s->arena, m->account),
		.sender = arena_copy(&s->arena, m->sender) };
}

static bool
belongs(const struct item *x, const struct event *ev, int64_t ts)
{
	struct slice qid = event_get(ev, F_QID), id = event_get(ev, F_MESSAGE_ID);
	bool near = ts >= x->ts - AROUND && ts <= x->last_ts + AROUND;

	if (x->qid.n && (slice_eq(qid, x->qid) || slice_eq(event_get(ev, F_CHILD_ID), x->qid) ||
	    slice_eq(event_get(ev, F_RELAY_ID), x->qid)))
		return ts >= x->ts - AROUND && ts <= x->last_ts + AROUND;
	if (x->message_id.n && slice_eq(id, x->message_id))
		return ts >= x->ts - 600 && ts <= x->last_ts + 600;
	if (!near || !x->has_addr || !ev->has_addr || qid.n)
		return false;
	return addr_key(&ev->addr) == addr_key(&x->addr);
}

/* Under all as the event that the line was read as: what else it says may be of anybody. */
static void
put_line(struct search *s, const struct stream_line *line, const struct event *ev, struct buf *b)
{
	struct buf text = { 0 };
	struct event copy;

	buf_str(b, "    ");
	if (s->y->mode == PSEUDONYMIZE_ALL) {
		ev = pseudonym_event(s->y, ev, &copy, &s->arena);
		dump_event(ev, names_text(s->p->names, ev->host), b);
		return;
	}
	pseudonym_line(s->y, line->text, ev, &text);
	buf_visible(b, slice_first(buf_slice(&text), 1000));
	buf_chr(b, '\n');
	buf_free(&text);
}

static void
quote(struct search *s, const struct stream_line *line, const struct event *ev)
{
	for (unsigned i = 0; i < s->items; i++) {
		struct item *x = &s->item[i];

		if (!belongs(x, ev, ev->ts) || ++x->n_lines > LINES_MAX)
			continue;
		put_line(s, line, ev, &x->lines);
	}
}

static void
read_again(struct search *s)
{
	struct pipeline *p = s->p;
	const struct options *o = p->options;
	struct stream_options so = { .zone = &p->config->zone, .first_year = o->year,
		.host = o->host ? slice_of(o->host) : SLICE_NONE, .now = p->config->now };
	struct stream *st = stream_open(p->files, p->n_files, &so, p->names);
	const struct stream_line *line;
	struct event ev;

	while ((line = stream_next(st)) != NULL)
		if (line->has_header &&
		    line_read(p->taught, &line->header, &ev) == LINE_RECOGNISED)
			quote(s, line, &ev);
	stream_close(st);
}

static void
put_personal(const struct search *s, enum personal what, struct slice value, struct buf *b)
{
	struct buf shown = { 0 };

	pseudonym_put(s->y, what, value, &shown);
	buf_visible(b, buf_slice(&shown));
	buf_free(&shown);
}

static void
print_mailbox(const struct search *s, const char *name, enum personal what, struct slice value,
    struct buf *b)
{
	if (value.n == 0)
		return;
	buf_fmt(b, "  %-10s ", name);
	put_personal(s, what, value, b);
	buf_chr(b, '\n');
}

static void
print_head(const struct search *s, const struct item *x, struct buf *b)
{
	const struct zone *zone = &s->p->config->zone;
	struct civil c = zone_from_utc(zone, x->ts);
	char text[ADDR_TEXT];

	buf_fmt(b, "%s ", x->kind == MESSAGE_MAIL ? "message" : message_kind_name(x->kind));
	buf_visible(b, x->qid);
	buf_fmt(b, "%s%04d-%02d-%02d %02d:%02d:%02d %s", x->qid.n ? ", " : "", c.year, c.month,
	    c.day, c.hour, c.minute, c.second, zone->name[0] ? zone->name : "UTC");
	if (x->host) {
		buf_str(b, " on ");
		buf_visible(b, names_text(s->p->names, x->host));
	}
	buf_chr(b, '\n');
	if (x->has_addr) {
		struct addr shown = x->addr;

		pseudonym_addr(s->y, &shown);
		addr_format(&shown, text);
		buf_str(b, "  client     ");
		if (x->name.n)
			put_personal(s, PERSONAL_NAME, x->name, b);
		else
			buf_str(b, "unknown");
		buf_fmt(b, " [%s]", text);
		if (x->helo.n)
			buf_str(b, ", HELO ");
		put_personal(s, PERSONAL_HELO, x->helo, b);
		buf_chr(b, '\n');
	}
	print_mailbox(s, "account", PERSONAL_ACCOUNT, x->account, b);
	print_mailbox(s, "sender", PERSONAL_SENDER, x->sender, b);
}

static void
print_verdict(const struct judged *v, struct buf *b)
{
	const struct attribution *a = &v->a;

	if (!v->spam) {
		buf_str(b, "  verdict    no spam\n");
		return;
	}
	buf_fmt(b, "  verdict    %s", verdict_name(a->verdict));
	if (a->verdict == VERDICT_UNATTRIBUTED)
		buf_fmt(b, ": %s", reason_name(a->reason));
	if (a->subtype.n)
		buf_fmt(b, " (%.*s)", SLICE_ARG(a->subtype));
	if (a->verdict != VERDICT_UNATTRIBUTED)
		buf_fmt(b, ", confidence %u.%03u", a->confidence / 1000, a->confidence % 1000);
	else if (a->leaning)
		buf_fmt(b, ", leaning to %s", verdict_name(a->lean));
	if (a->via)
		buf_fmt(b, ", via a %s machine", verdict_name(a->via));
	buf_str(b, ", spam by");
	for (unsigned i = 0; i < BY_COUNT; i++)
		if (a->spam_by >> i & 1)
			buf_fmt(b, " %s", spam_by_name(i));
	buf_chr(b, '\n');
}

static void
print_evidence(const struct search *s, const struct item *x, const struct judged *v, struct buf *b)
{
	const struct ruleset *rs = s->p->classifier.rules;
	const struct signature *sig = &s->p->classifier.state.signature[x->o.signature];
	const struct hits *h = evaluator_get(s->p->classifier.evaluator, sig->hits);

	if (v->spam || v->a.proofs) {
		buf_fmt(b, "  evidence   (milli-nats for %s)\n", verdict_name(v->a.lean));
		for (unsigned i = 0; i < v->a.proofs; i++) {
			const struct rule *r = &rs->rule[v->a.proof[i].rule];

			buf_fmt(b, "    %+6d  %-7.*s %.*s\n", (int)v->a.proof[i].weight,
			    SLICE_ARG(r->id), SLICE_ARG(r->says));
		}
		return;
	}
	for (uint32_t i = 0; i < h->n; i++)
		buf_fmt(b, "%s%.*s %.*s\n", i ? "             " : "  hits       ",
		    SLICE_ARG(rs->rule[h->rule[i]].id), SLICE_ARG(rs->rule[h->rule[i]].says));
}

static void
print_item(struct search *s, struct judge *j, const struct item *x, struct buf *b)
{
	const struct judged *v = judge_event(j, x->o.source, x->o.ts, x->o.signature);

	print_head(s, x, b);
	buf_str(b, "  source     ");
	{
		struct buf key = { 0 }, shown = { 0 };

		source_key(&s->p->classifier.state, x->o.source, &key);
		pseudonym_put_source(s->y, buf_slice(&key), &shown);
		buf_visible(b, buf_slice(&shown));
		buf_free(&key);
		buf_free(&shown);
	}
	buf_chr(b, '\n');
	print_verdict(v, b);
	print_evidence(s, x, v, b);
	buf_str(b, "  lines\n");
	buf_add(b, buf_slice(&x->lines));
	if (x->n_lines > LINES_MAX)
		buf_fmt(b, "    ... and %u more\n", x->n_lines - LINES_MAX);
	buf_chr(b, '\n');
}

static void
key_open(struct search *s, const char *key)
{
	struct addr a;

	s->key = slice_of(key);
	s->only_account = slice_take(&s->key, SLICE("account:"));
	s->only_script = !s->only_account && slice_take(&s->key, SLICE("script:"));
	if (!s->only_account && !s->only_script)
		slice_take(&s->key, SLICE("ip:"));
	if (slice_ends(s->key, SLICE("/64")))
		s->key.n -= 3;
	s->is_pseudonym = s->y->mode != PSEUDONYMIZE_NONE && pseudonym_looks_like(s->key);
	s->is_addr = !s->only_account && !s->only_script && addr_parse(s->key, &a);
	if (s->is_addr)
		s->addr = addr_key(&a);
}

static int
by_rank(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

/* Keeps the items to be shown, in the order to show them. */
static void
choose(struct search *s, struct judge *j)
{
	unsigned top = s->p->options->top ? s->p->options->top : 1, n;

	for (unsigned i = 0; i < s->items; i++) {
		struct item *x = &s->item[i];

		x->o.source = state_number(&s->p->classifier.state, x->o.source, x->o.thins);
		x->rank = x->kind == MESSAGE_SIGN ? 2 :
		    !judge_event(j, x->o.source, x->o.ts, x->o.signature)->spam;
	}
	if (s->items)
		qsort(s->item, s->items, sizeof(*s->item), by_rank);
	for (n = 0; n < s->items && n < top && (s->item[n].rank < 2 || s->item[0].rank == 2); n++)
		;
	s->items = n;
}

static void
print_rest(const struct search *s, struct buf *b)
{
	unsigned others = s->matched - s->signs, shown = 0;

	for (unsigned i = 0; i < s->items; i++)
		shown += s->item[i].rank < 2;
	if (others > shown)
		buf_fmt(b, "%u more messages and attempts like these; -n N shows more.\n",
		    others - shown);
	if (s->signs > s->items - shown)
		buf_fmt(b,
		    "%u signs without mail (DNSBL answers, failed logins, broken sessions).\n",
		    s->signs - (s->items - shown));
}

int
explain(struct pipeline *p, const char *key)
{
	struct search s = { .p = p, .y = &p->config->pseudonym };
	struct sink sink = { &s, NULL, remember };
	struct judge *j;
	struct buf b = { 0 };

	key_open(&s, key);
	if (pipeline_run(p, &sink) == -1)
		return 2;
	j = judge_open(&p->classifier);
	choose(&s, j);
	read_again(&s);
	for (unsigned i = 0; i < s.items; i++) {
		print_item(&s, j, &s.item[i], &b);
		buf_free(&s.item[i].lines);
	}
	print_rest(&s, &b);
	judge_close(j);
	if (b.n)
		fwrite(b.p, 1, b.n, stdout);
	buf_free(&b);
	if (s.matched == 0)
		warn("nothing in these logs has the key %s", key);
	free(s.item);
	arena_free(&s.arena);
	return s.matched ? 0 : 1;
}

int
explain_prepare(struct options *o, struct problem *p)
{
	static char path[64];
	static const char *list[1] = { path };
	const char *dir = getenv("TMPDIR");
	char block[65536], name[4096];
	ssize_t n;
	int fd;

	if (o->paths > 1 || (o->paths == 1 && !slice_eq(slice_of(o->path[0]), SLICE("-"))))
		return 0;
	if (snprintf(name, sizeof(name), "%s/spamsource.XXXXXX", dir && *dir ? dir : "/tmp") >=
	    (int)sizeof(name))
		return problem_set(p, "TMPDIR: too long");
	fd = mkstemp(name);
	if (fd == -1)
		return problem_set(p, "%s: %s", name, strerror(errno));
	unlink(name);
	while ((n = read(STDIN_FILENO, block, sizeof(block))) > 0)
		if (write(fd, block, (size_t)n) != n)
			return problem_set(p, "temporary file: %s", strerror(errno));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	o->path = list;
	o->paths = 1;
	return 0;
}
