/*
 * Parts: one network of an account, one sender of a script. When an owner's counters show spamming,
 * only the parts that carry the evidence are its spam: a stolen account is used by its owner, too.
 *
 * A network where a person seems to be at home (mail in two hours or more, from the day before on,
 * in which nothing bounced or was called spam, and no fewer of them than with trouble: thieves
 * change lines, and their mail bounces; a slow one has good hours, too) gets the benefit of the
 * doubt: a single message that somebody called spam, failed logins (the password was changed, the
 * phone knows the old one) and senders that are not the login are an owner's as well. A sender that
 * is used from a clean home is the owner's habit, wherever else it is used.
 */
#include "classify/judge_part.h"
#include "classify/state_sets.h"

enum {
	MOST = 40,	/* per cent: what bounces of spam, often, or a filter takes for it */
	SOME = 20,	/* recipients of which a share can be told */
	MANY = 3,	/* recipients in a day: more than somebody's own mail on the way */
	ALIASES = 3,	/* senders of a person in a day; one for each mail is a machine's way */
	SETTLED = 2,	/* clean hours */
	EVERYWHERE = 12	/* distant networks */
};

static uint32_t
day_before(int64_t day)
{
	return (uint32_t)((day > 0 ? day - 1 : 0) * 24);
}

/*
 * Of an hour: 1 for mail of which nothing bounced or was called spam, -1 when some was, else 0.
 * sent: mail to our own mailboxes says nothing.
 */
static int
peace(const struct state *st, uint32_t bag, bool sent)
{
	unsigned n;
	const struct bag_item *x = bags_items(&st->bags, bag, &n), *end = x + n;
	int mail = 0;

	for (; x < end; x++) {
		if (x->what == WHAT_COUNTER + COUNT_BOUNCES)
			return -1;
		if (x->what >= WHAT_COUNTER)
			continue;
		if (st->signature[x->what].kind == KIND_SPAM)
			return -1;
		if (st->signature[x->what].kind == KIND_HAM &&
		    !(sent && st->signature[x->what].inside))
			mail = 1;
	}
	return mail;
}

struct hours {
	unsigned clean, trouble;
};

static struct hours
count_hours(const struct state *st, int64_t day, struct walk w, bool sent)
{
	struct hours h = { 0, 0 };

	for (; w.bag != 0 && w.hour >= day_before(day); w = state_older(st, w)) {
		int p = peace(st, w.bag, sent);

		h.clean += p > 0;
		h.trouble += p < 0;
	}
	return h;
}

bool
part_is_home(const struct judge *j, uint32_t source, int64_t day, struct walk w)
{
	struct hours h;

	if (j->st->source[source].kind != SOURCE_ACCOUNT)
		return false;
	h = count_hours(j->st, day, w, false);
	return h.clean >= SETTLED && h.clean >= h.trouble;
}

bool
part_is_whole(const struct judge *j, uint32_t source, int64_t day, struct walk w,
    const int64_t c[COUNTERS])
{
	struct hours h;

	if (j->st->source[source].kind == SOURCE_ACCOUNT)
		return true;
	h = count_hours(j->st, day, w, true);
	return c[COUNT_RECIPIENTS] >= SOME && h.trouble >= h.clean &&
	    (c[COUNT_BOUNCES] * 100 >= c[COUNT_RECIPIENTS] * MOST ||
	    c[COUNT_SPAM] * 100 >= c[COUNT_MESSAGES] * MOST);
}

/* But for its senders. */
static bool
has_trouble(const int64_t c[COUNTERS], bool script, bool home)
{
	int64_t least = script ? 1 : 2;

	if (home)
		return (c[COUNT_BOUNCES] >= 5 && c[COUNT_BOUNCES] * 3 >= c[COUNT_RECIPIENTS]) ||
		    (c[COUNT_SPAM] >= 2 && c[COUNT_SPAM] * 4 >= c[COUNT_MESSAGES]);
	return (c[COUNT_BOUNCES] >= least && c[COUNT_BOUNCES] * 5 >= c[COUNT_RECIPIENTS]) ||
	    c[COUNT_SPAM] > 0 || c[COUNT_SPAM_REPLIES] > 0 ||
	    (c[COUNT_SASL_FAILURES] > 0 && c[COUNT_RECIPIENTS] >= MANY);
}

static bool
are_aliases(const struct set *senders, const int64_t c[COUNTERS])
{
	int64_t n = (int64_t)set_count(senders);

	return n <= ALIASES && n * 2 <= c[COUNT_MESSAGES] + 1;
}

static bool
has_others(const struct set *senders, const struct set *habit)
{
	if (senders->estimated || habit->estimated)
		return true;
	for (unsigned i = 0; i < senders->n; i++)
		if (!set_has(habit, set_items(senders)[i]))
			return true;
	return false;
}

void
part_add_habit(struct judge *j, uint32_t source, int64_t day, struct walk from,
    const int64_t c[COUNTERS], struct set *habit)
{
	const struct set *senders = state_set_find(j->st, source, (uint32_t)day, SET_SENDERS);

	if (senders != NULL && are_aliases(senders, c) && part_is_home(j, source, day, from) &&
	    !has_trouble(c, false, true))
		set_unite(habit, senders);
}

bool
part_is_dirty(const struct judge *j, uint32_t source, int64_t day, struct walk from,
    const int64_t c[COUNTERS], const struct set *habit)
{
	bool script = j->st->source[source].kind == SOURCE_SCRIPT;
	bool home = part_is_home(j, source, day, from);
	const struct set *senders;

	if (has_trouble(c, script, home))
		return true;
	if (c[COUNT_FOREIGN_SENDERS] == 0)
		return false;
	senders = state_set_find(j->st, source, (uint32_t)day, SET_SENDERS);
	return senders != NULL &&
	    (home ? !are_aliases(senders, c) : has_others(senders, habit));
}

/*
 * Nobody mails from a dozen distant networks in a day. When most of them carry evidence, the others
 * only had luck: but for where somebody is at home, or wrote to one or two and reached them.
 */
bool
part_is_of_swarm(const struct judge *j, uint32_t source, int64_t day, struct walk from,
    const int64_t c[COUNTERS], const int64_t owner[COUNTERS])
{
	if (j->st->source[source].kind != SOURCE_ACCOUNT ||
	    owner[COUNT_WIDE_NETWORKS] < EVERYWHERE ||
	    owner[COUNT_STRANGE_NETWORKS] * 2 < owner[COUNT_NETWORKS])
		return false;
	return (c[COUNT_BOUNCES] > 0 || c[COUNT_RECIPIENTS] >= MANY) &&
	    !part_is_home(j, source, day, from);
}

/* A mobile carrier gives its customers one address after the other. */
uint64_t
part_wide(uint64_t net)
{
	return addr_key_is_v4(net) ? net & ~(uint64_t)0xffff : net & ~(uint64_t)0xffffffff;
}
