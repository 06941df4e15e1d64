/* Now against before, how far spam got, and at which hours of the day it came. */
#include <stdio.h>

#include "report/text_private.h"

static uint64_t
sum_of(const uint64_t n[VERDICTS])
{
	return n[0] + n[1] + n[2] + n[3];
}

static const char *
without_head(struct slice key, size_t *n_r)
{
	const char *colon = slice_chr(key, ':');
	struct slice s = colon ? slice_range(colon + 1, slice_end(key)) : key;

	*n_r = s.n;
	return s.p;
}

static void
put_list(struct buf *t, const char *head, const struct change_list *l)
{
	enum { SHOWN = 3 };

	for (unsigned i = 0; i < l->n && i < SHOWN; i++) {
		struct slice key = l->item[i].key;

		if (l->item[i].own)
			key.p = without_head(l->item[i].key, &key.n);
		buf_str(t, i ? ", " : head);
		buf_visible(t, key);
	}
	if (l->all > SHOWN) {
		buf_str(t, " and ");
		put_number(t, l->all - SHOWN, 0);
		buf_str(t, " more");
	}
	if (l->n > 0)
		buf_chr(t, '.');
}

static void
put_change(struct buf *t, const struct period p[PERIODS], const uint64_t before,
    const uint64_t now)
{
	put_number(t, per_day(before, &p[BEFORE]), 0);
	buf_str(t, " -> ");
	put_number(t, per_day(now, &p[NOW]), 0);
}

void
text_changes_short(struct page *p)
{
	const struct changes *c = &p->s->changes;
	struct buf t = { 0 };

	if (c->by == CHANGES_NONE)
		return;
	buf_str(&t, "Since ");
	put_time(&t, p->s, c->period[NOW].from);
	buf_str(&t, ", a day against before: spam ");
	put_change(&t, c->period, sum_of(c->period[BEFORE].attempts),
	    sum_of(c->period[NOW].attempts));
	for (unsigned k = 1; k < VERDICTS; k++) {
		buf_fmt(&t, ", %s ", verdict_name(k));
		put_change(&t, c->period, c->period[BEFORE].attempts[k],
		    c->period[NOW].attempts[k]);
	}
	buf_chr(&t, '.');
	put_list(&t, " New: ", &c->fresh);
	put_list(&t, " Quiet: ", &c->quiet);
	page_wrap(p, buf_slice(&t), 2, 3);
	buf_free(&t);
}

static void
period_head(struct page *p, const struct changes *c)
{
	struct buf t = { 0 };

	page_end(p, PLAIN);
	buf_str(&t, "Changes: ");
	put_time(&t, p->s, c->period[BEFORE].from);
	buf_str(&t, " to ");
	put_time(&t, p->s, c->period[BEFORE].to);
	buf_str(&t, c->by == CHANGES_COMPARE ? " (compared), now " : ", then ");
	put_time(&t, p->s, c->period[NOW].from);
	buf_str(&t, " to ");
	put_time(&t, p->s, c->period[NOW].to);
	buf_add(&p->line, buf_slice(&t));
	page_end(p, HEADING);
	buf_fmt(&p->line, "%-14s%11s%11s%11s%11s%11s%11s", "a day", "attempts", "now",
	    "accepted", "now", c->by != CHANGES_COMPARE ? "+sources" : "",
	    c->by != CHANGES_COMPARE ? "-sources" : "");
	page_end(p, HEADING);
	buf_free(&t);
}

static void
change_lines(struct page *p, const char *head, const struct change_list *l)
{
	if (l->n == 0)
		return;
	buf_fmt(&p->line, "%s (", head);
	put_number(&p->line, l->all, 0);
	buf_str(&p->line, "):");
	page_end(p, PLAIN);
	for (unsigned i = 0; i < l->n; i++) {
		const struct change *c = &l->item[i];

		buf_str(&p->line, "  ");
		page_name(p, c->key, 38, true);
		buf_fmt(&p->line, " %-14s", verdict_name(c->verdict));
		put_number(&p->line, c->attempts[BEFORE] + c->attempts[NOW], 9);
		buf_str(&p->line, c->own ? "  yours" : "");
		page_end(p, PLAIN);
	}
}

static void
put_column(struct buf *b, uint64_t n)
{
	buf_chr(b, ' ');
	put_number(b, n, 10);
}

void
text_changes(struct page *p)
{
	const struct changes *c = &p->s->changes;

	if (c->by == CHANGES_NONE)
		return;
	period_head(p, c);
	for (unsigned i = 0; i < VERDICTS; i++) {
		unsigned k = class_at(i);

		buf_fmt(&p->line, "%-14s", verdict_name(k));
		for (int n = 0; n < PERIODS; n++)
			put_column(&p->line,
			    per_day(c->period[n].attempts[k], &c->period[n]));
		for (int n = 0; n < PERIODS; n++)
			put_column(&p->line,
			    per_day(c->period[n].accepted[k], &c->period[n]));
		/* whether a source of another input is new is only known of those that are shown */
		if (c->by != CHANGES_COMPARE) {
			put_column(&p->line, c->fresh_sources[k]);
			put_column(&p->line, c->quiet_sources[k]);
		}
		page_end(p, PLAIN);
	}
	change_lines(p, "New", &c->fresh);
	change_lines(p, "Went quiet", &c->quiet);
}

static void
put_ratio(struct buf *b, uint32_t per_mille, unsigned width)
{
	char text[24];

	if (per_mille >= 1000000)
		snprintf(text, sizeof(text), ">999");
	else
		snprintf(text, sizeof(text), "%u.%02u", per_mille / 1000, per_mille % 1000 / 10);
	buf_fmt(b, "%*s", (int)width, text);
}

/* Difference in differences: what changed there and did not elsewhere. */
void
text_treated(struct page *p)
{
	const struct changes *c = &p->s->changes;

	if (c->treateds == 0)
		return;
	page_end(p, PLAIN);
	buf_fmt(&p->line, "%-30s%9s%9s%10s%9s%13s", "Zombies of networks", "before", "now",
	    "others x", "ratio", "95 %");
	page_end(p, HEADING);
	for (unsigned i = 0; i < c->treateds; i++) {
		const struct treated *t = &c->treated[i];
		uint64_t others = t->others[BEFORE] ?
		    t->others[NOW] * 1000 / t->others[BEFORE] : UINT32_MAX;

		buf_str(&p->line, "  ");
		page_name(p, t->network, 28, true);
		put_number(&p->line, t->attempts[BEFORE], 9);
		put_number(&p->line, t->attempts[NOW], 9);
		put_ratio(&p->line, others < UINT32_MAX ? (uint32_t)others : UINT32_MAX, 10);
		put_ratio(&p->line, t->ratio, 9);
		put_ratio(&p->line, t->low, 7);
		put_ratio(&p->line, t->high, 6);
		page_end(p, PLAIN);
	}
	buf_str(&p->line, "ratio: its change over that of all other networks; 1 is alike. A block "
	    "that works");
	page_end(p, PLAIN);
	buf_str(&p->line, "  is below 1 with its whole interval.");
	page_end(p, PLAIN);
}

void
text_funnel(struct page *p)
{
	const struct summary *s = p->s;

	if (s->spam == 0)
		return;
	page_end(p, PLAIN);
	buf_fmt(&p->line, "%-16s%12s%12s%12s%14s%14s", "Stopped at", "connect", "envelope",
	    "content", "accepted", "next hop");
	page_end(p, HEADING);
	for (unsigned i = 0; i < VERDICTS; i++) {
		unsigned k = class_at(i);

		buf_fmt(&p->line, "%-16s", verdict_name(k));
		for (unsigned stage = STAGE_CONNECT; stage < STAGE_DELIVERY; stage++)
			put_number(&p->line, s->refused_at[stage][k], 12);
		put_number(&p->line, s->total[IN_ACCEPTED][k][STAGES].lower, 14);
		put_number(&p->line, s->refused_at[STAGE_DELIVERY][k], 14);
		page_end(p, PLAIN);
	}
}

void
text_hours(struct page *p)
{
	const struct summary *s = p->s;
	uint64_t most = 0;

	for (unsigned h = 0; h < HOURS; h++)
		most = sum_of(s->hour[h]) > most ? sum_of(s->hour[h]) : most;
	if (most == 0)
		return;
	page_end(p, PLAIN);
	buf_str(&p->line, "Spam attempts by hour of the day");
	page_end(p, HEADING);
	for (unsigned h = 0; h < HOURS; h++) {
		buf_fmt(&p->line, "  %02u ", h);
		put_number(&p->line, sum_of(s->hour[h]), 10);
		buf_str(&p->line, "  ");
		put_bar(p, sum_of(s->hour[h]), most, 60, false);
		page_end(p, PLAIN);
	}
}
