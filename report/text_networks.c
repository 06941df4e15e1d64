/* Where the sources elsewhere are, and who of ours would not like a port-25 block. */
#include "report/text_private.h"

enum { SHOWN = 3 };		/* and only as many as stand in one line */

static void
put_top(struct page *p, const char *head, const struct network *list, unsigned n, unsigned k)
{
	struct buf t = { 0 }, one = { 0 };
	unsigned shown = 0;

	for (unsigned i = 0; i < n && shown < SHOWN; i++) {
		if (list[i].events[k] == 0)
			continue;
		one.n = 0;
		buf_str(&one, shown ? ", " : head);
		buf_visible(&one, list[i].name);
		buf_chr(&one, ' ');
		put_number(&one, list[i].events[k], 0);
		if (shown++ > 0 && t.n + one.n > TEXT_COLUMNS)
			break;
		buf_add(&t, buf_slice(&one));
	}
	if (shown > 0)
		page_wrap(p, buf_slice(&t), 2, 1);
	buf_free(&t);
	buf_free(&one);
}

void
text_networks_short(struct page *p)
{
	const struct summary *s = p->s;

	put_top(p, "Zombie networks: ", s->network, s->networks, VERDICT_ZOMBIE);
	put_top(p, "Hosters of servers: ", s->provider, s->providers, VERDICT_MISCONFIGURED);
	put_top(p, "Providers of accounts: ", s->provider, s->providers, VERDICT_COMPROMISED);
}

void
text_networks(struct page *p, const struct network *list, unsigned n, const char *head)
{
	if (n == 0)
		return;
	page_end(p, PLAIN);
	buf_fmt(&p->line, "%-32s%11s%14s%12s%9s", head, "zombie", "misconfigured", "compromised",
	    "sources");
	page_end(p, HEADING);
	for (unsigned i = 0; i < n; i++) {
		uint64_t sources = 0;

		for (int k = 0; k < VERDICTS; k++)
			sources += list[i].sources[k];
		buf_str(&p->line, "  ");
		page_name(p, list[i].name, 29, true);
		buf_chr(&p->line, ' ');
		put_number(&p->line, list[i].events[VERDICT_ZOMBIE], 11);
		put_number(&p->line, list[i].events[VERDICT_MISCONFIGURED], 14);
		put_number(&p->line, list[i].events[VERDICT_COMPROMISED], 12);
		put_number(&p->line, sources, 9);
		page_end(p, PLAIN);
	}
}

void
text_port25_users(struct page *p, unsigned top)
{
	const struct summary *s = p->s;
	struct buf t = { 0 };

	if (s->port25_users_all == 0)
		return;
	page_end(p, PLAIN);
	put_count(&t, s->port25_users_all, "user");
	buf_fmt(&t, " of yours log%s in on port 25 from outside (", s->port25_users_all == 1 ?
	    "s" : "");
	put_count(&t, s->port25_messages, "message");
	buf_str(&t, "): a port-25 block at their access networks would hurt them. Move "
	    "them to 587 or 465.");
	page_wrap(p, buf_slice(&t), 2, 2);
	for (unsigned i = 0; i < s->port25_users && i < top; i++) {
		const struct port25_user *u = &s->port25_user[i];

		buf_str(&p->line, "  ");
		page_name(p, u->account, 40, true);
		put_number(&p->line, u->messages, 10);
		buf_str(&p->line, u->messages == 1 ? " message,  " : " messages, ");
		put_number(&p->line, u->networks, 6);
		buf_str(&p->line, u->networks == 1 ? " network" : " networks");
		page_end(p, PLAIN);
	}
	buf_free(&t);
}
