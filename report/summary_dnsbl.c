/*
 * The two sides of what is done already: what each DNSBL did, and who still logs in on port 25.
 */
#include <stdlib.h>

#include "report/summary_private.h"

static void
add(struct dnsbl *l, unsigned verdict, uint32_t n, bool refused, bool alone)
{
	l->listed[verdict] += n;
	l->refused[verdict] += refused ? n : 0;
	l->alone[verdict] += alone ? n : 0;
}

/* postscreen adds answers up and names no list: then all that knew the client refused it. */
void
dnsbl_take(struct collect *c, const struct judged *r, bool refused)
{
	uint64_t lists = r->a.lists, named = judge_list_of(c->j, r->signature);

	if (lists == 0 && r->a.stopped_dnsbl)
		c->s->unnamed[r->a.verdict] += r->n;
	for (uint64_t rest = lists; rest != 0; rest &= rest - 1) {
		uint64_t one = rest & -rest;

		add(&c->dnsbl[__builtin_ctzll(one)], r->a.verdict, r->n,
		    refused && (named == 0 || named == one), lists == one);
	}
}

static struct port25_user *
user_at(struct collect *c, uint64_t id)
{
	uint64_t h = hash_u64(id, 4);
	uint32_t at, i;

	for (i = table_first(&c->by_user, h, &at); i != TABLE_NONE;
	     i = table_next(&c->by_user, h, &at))
		if (slice_eq(c->user[i].account, c->cl->state.text[id]))
			return &c->user[i];
	mem_grow(&c->user, &c->caps[4], c->users + 1, sizeof(*c->user));
	c->user[c->users] = (struct port25_user){ .account = c->cl->state.text[id],
		.first = INT64_MAX, .last = INT64_MIN };
	table_add(&c->by_user, h, c->users);
	return &c->user[c->users++];
}

/* The first and last hour of the day with this signature; to the second where the source's are. */
static void
user_times(const struct state *st, const struct judged *r, struct port25_user *u)
{
	const struct source *s = &st->source[r->source];

	for (struct walk w = state_until(st, r->source, r->day);
	     w.bag != 0 && w.hour / 24 == r->day; w = state_older(st, w)) {
		int64_t from = w.hour * UTC_HOUR, to = from + UTC_HOUR - 1;

		if (bags_count(&st->bags, w.bag, r->signature) == 0)
			continue;
		from = from > s->first ? from : (int64_t)s->first;
		to = to < s->last ? to : (int64_t)s->last;
		u->first = from < u->first ? from : u->first;
		u->last = to > u->last ? to : u->last;
	}
}

/* One (source, day, signature) that is no spam; sources come one after the other. */
void
port25_take(struct collect *c, const struct judged *r)
{
	const struct source *s = &c->cl->state.source[r->source];
	struct port25_user *u;

	if (s->kind != SOURCE_ACCOUNT)
		return;
	u = user_at(c, s->id);
	u->messages += r->n;
	if (c->last_user != r->source + 1)
		u->networks++;
	c->last_user = r->source + 1;
	user_times(&c->cl->state, r, u);
}

void
dnsbl_unite(struct collect *c, struct collect *from)
{
	for (int i = 0; i < LISTS_MAX; i++)
		for (int k = 0; k < VERDICTS; k++) {
			c->dnsbl[i].listed[k] += from->dnsbl[i].listed[k];
			c->dnsbl[i].refused[k] += from->dnsbl[i].refused[k];
			c->dnsbl[i].alone[k] += from->dnsbl[i].alone[k];
		}
	for (int k = 0; k < VERDICTS; k++)
		c->s->unnamed[k] += from->s->unnamed[k];
	for (unsigned i = 0; i < from->users; i++) {
		const struct port25_user *x = &from->user[i];
		struct port25_user *u = user_at(c, state_text_find(&c->cl->state, x->account));

		u->messages += x->messages;
		u->networks += x->networks;
		u->first = x->first < u->first ? x->first : u->first;
		u->last = x->last > u->last ? x->last : u->last;
	}
}

static uint64_t
sum_of(const uint64_t n[VERDICTS])
{
	return n[0] + n[1] + n[2] + n[3];
}

static int
by_refused(const void *a, const void *b)
{
	const struct dnsbl *x = a, *y = b;
	uint64_t n = sum_of(x->refused), m = sum_of(y->refused);

	if (n != m)
		return n > m ? -1 : 1;
	n = sum_of(x->listed);
	m = sum_of(y->listed);
	if (n != m)
		return n > m ? -1 : 1;
	return slice_cmp(x->name, y->name);
}

static int
by_messages(const void *a, const void *b)
{
	const struct port25_user *x = a, *y = b;

	if (x->messages != y->messages)
		return x->messages > y->messages ? -1 : 1;
	return slice_cmp(x->account, y->account);
}

/* Lists that knew none of the spam are left out. */
void
dnsbl_end(struct collect *c, unsigned top)
{
	struct summary *s = c->s;
	unsigned n;
	const struct slice *name = judge_lists(c->j, &n);

	s->dnsbl = mem_alloc((n + 1ul) * sizeof(*s->dnsbl));
	for (unsigned i = 0; i < n; i++) {
		if (sum_of(c->dnsbl[i].listed) == 0)
			continue;
		s->dnsbl[s->dnsbls] = c->dnsbl[i];
		s->dnsbl[s->dnsbls++].name = name[i].n ? name[i] : SLICE("others");
	}
	if (s->dnsbls)
		qsort(s->dnsbl, s->dnsbls, sizeof(*s->dnsbl), by_refused);
	if (c->users)
		qsort(c->user, c->users, sizeof(*c->user), by_messages);
	for (unsigned i = 0; i < c->users; i++)
		s->port25_messages += c->user[i].messages;
	s->port25_user = c->user;
	s->port25_users_all = c->users;
	s->port25_users = c->users < top ? c->users : top;
}
