/* The lists of the text report: own side, sources elsewhere, those of each class, time. */
#include "report/text_private.h"

static struct slice
without_head(struct slice key)
{
	const char *colon = slice_chr(key, ':');

	return colon ? slice_range(colon + 1, slice_end(key)) : key;
}

/* "  compromised account alice@example.org" */
static void
own_line(struct page *p, const struct finding *f)
{
	buf_fmt(&p->line, "  %s %s ", verdict_name(f->verdict),
	    f->kind != FINDING_RELAY ? finding_kind_name(f->kind) : f->submission ?
	    "open relay (587, 465)" : "open relay");
	page_name(p, without_head(f->key), TEXT_COLUMNS - p->line.n, false);
	page_end(p, f->alarm ? ALARM : PLAIN);
}

static void
put_span(struct page *p, struct buf *t, const struct finding *f)
{
	struct buf from = { 0 }, to = { 0 };

	put_time(&from, p->s, f->first);
	put_time(&to, p->s, f->last);
	buf_add(t, buf_slice(&from));
	buf_str(t, " to ");
	if (from.n == to.n && from.n == 16 && memcmp(from.p, to.p, 10) == 0)
		buf_add(t, slice_skip(buf_slice(&to), 11));	/* the same day */
	else
		buf_add(t, buf_slice(&to));
	buf_free(&from);
	buf_free(&to);
}

enum { ROOM = 80 - 6 };

/* A further number, which the first screen has only as far as there is room in one line. */
static void
add_item(struct buf *t, struct buf *item, bool full)
{
	if (full || t->n + 2 + item->n <= ROOM) {
		buf_str(t, ", ");
		buf_add(t, buf_slice(item));
	}
	item->n = 0;
}

/* What matters most comes first. */
static void
own_numbers(struct page *p, const struct finding *f, bool full)
{
	const struct { uint64_t n; const char *noun; } more[] = { { f->recipients, "recipient" },
		{ f->networks, f->kind == FINDING_RELAY ? "client" : "network" },
		{ full ? f->messages : 0, "message" }, { full ? f->senders : 0, "sender" },
		{ full ? f->login_failures : 0, "failed login" } };
	struct buf t = { 0 }, item = { 0 };

	buf_str(&p->line, "     ");
	put_span(p, &t, f);
	buf_str(&t, ": ");
	put_number(&t, f->events, 0);
	buf_str(&t, " spam");
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		if (more[i].n == 0)
			continue;
		put_count(&item, more[i].n, more[i].noun);
		add_item(&t, &item, full);
	}
	if (f->bounces > 0 && f->recipients > 0) {
		put_whole_percent(&item, f->bounces, f->recipients);
		buf_str(&item, " % bounced");
		add_item(&t, &item, full);
	}
	if (f->via && full)
		buf_fmt(&t, "; sent by %s", f->via == VERDICT_ZOMBIE ? "infected machines" :
		    "hacked servers");
	for (unsigned i = 0; full && i < f->evidences; i++) {
		buf_str(&t, "; ");
		buf_visible(&t, f->evidence[i]);
	}
	page_wrap(p, buf_slice(&t), 6, full ? 4 : 1);
	buf_free(&t);
	buf_free(&item);
}

static void
own_none(struct page *p)
{
	buf_str(&p->line, p->s->sees & (SEES_SUBMISSION | SEES_LOCAL | SEES_INSIDE) ?
	    "On your own side: nothing found." :
	    "On your own side: nothing found, but the log has no outgoing mail.");
	page_end(p, PLAIN);
}

static void
own_rest(struct page *p, unsigned more, unsigned calm)
{
	if (more > 0)
		buf_fmt(&p->line, "  and %u more to fix (-v)", more);
	if (calm > 0)
		buf_fmt(&p->line, "%s%u of yours had spam, trusted or unattributed",
		    more ? "; " : "  ", calm);
	if (more + calm > 0)
		page_end(p, PLAIN);
}

/* Findings 0 to n that share what there is to do about them, from the i-th, then say it once. */
static void
own_group(struct page *p, const struct findings *l, unsigned i, unsigned n, bool full)
{
	const char *advice = finding_advice(&l->item[i]);
	unsigned many = 0;

	for (unsigned k = 0; k < i; k++)
		if (finding_advice(&l->item[k]) == advice)
			return;		/* was said */
	for (; i < n; i++) {
		if (finding_advice(&l->item[i]) != advice)
			continue;
		own_line(p, &l->item[i]);
		own_numbers(p, &l->item[i], full);
		many++;
	}
	buf_fmt(&p->line, "    > %s%s", many > 1 ? "each: " : "", advice);
	page_end(p, PLAIN);
}

void
text_own(struct page *p, unsigned max, bool quiet)
{
	const struct findings *l = &p->s->own;
	unsigned alarms = 0, n;

	while (alarms < l->n && l->item[alarms].alarm)
		alarms++;
	n = alarms < max ? alarms : max;
	if (!quiet) {
		page_end(p, PLAIN);
		if (alarms == 0)
			own_none(p);
	}
	if (n > 0) {
		buf_str(&p->line, "Fix on your own side first:");
		page_end(p, ALARM);
	}
	for (unsigned i = 0; i < n; i++)
		own_group(p, l, i, n, max == UINT32_MAX);
	own_rest(p, alarms - n, quiet ? 0 : l->n - alarms);
}

/* What only a provider can stop, and servers that it houses, are worth a word to it. */
static bool
is_to_tell(const struct finding *f)
{
	return !f->own && f->provider.n > 0 &&
	    (f->verdict == VERDICT_COMPROMISED || f->verdict == VERDICT_MISCONFIGURED);
}

static void
source_line(struct page *p, const struct finding *f, bool tell)
{
	struct slice key = f->kind == FINDING_MACHINE ? without_head(f->key) : f->key;

	buf_str(&p->line, "  ");
	page_name(p, key, 26, true);
	put_number(&p->line, f->events, 9);
	buf_fmt(&p->line, "  %-14s", verdict_name(f->verdict));
	if (tell && is_to_tell(f)) {
		buf_str(&p->line, "tell ");
		page_name(p, f->provider, 22, false);
	} else if (f->name.n && !f->verified) {
		buf_chr(&p->line, '(');
		page_name(p, f->name, 25, false);
		buf_chr(&p->line, ')');
	} else {
		page_name(p, f->name, 27, false);
	}
	page_end(p, PLAIN);
}

static void
source_why(struct page *p, const struct finding *f, unsigned max)
{
	struct buf t = { 0 };

	if (is_to_tell(f) && max > 1) {
		buf_str(&t, "tell ");
		buf_visible(&t, f->provider);
		buf_str(&t, "; ");
	}
	if (f->verdict == VERDICT_UNATTRIBUTED)
		buf_str(&t, f->reason ? reason_name(f->reason) : "not enough evidence");
	else
		buf_fmt(&t, "%u %%", f->confidence / 10);
	for (unsigned i = 0; i < f->evidences; i++) {
		buf_str(&t, i ? "; " : ": ");
		buf_visible(&t, f->evidence[i]);
	}
	buf_str(&p->line, "     ");
	page_wrap(p, buf_slice(&t), 6, max);
	buf_free(&t);
}

/* Is the i-th the worst of its class? */
static bool
is_worst(const struct findings *l, unsigned i)
{
	for (unsigned k = 0; k < i; k++)
		if (l->item[k].verdict == l->item[i].verdict)
			return false;
	return true;
}

unsigned
text_classes_elsewhere(const struct summary *s)
{
	unsigned n = 0;

	for (unsigned i = 0; i < s->elsewhere.n; i++)
		n += is_worst(&s->elsewhere, i);
	return n;
}

/* The worst of each class, then as many of the rest as there is room for; in the list's order. */
void
text_elsewhere(struct page *p, unsigned max, bool why)
{
	const struct findings *l = &p->s->elsewhere;
	unsigned worst = text_classes_elsewhere(p->s), rest;

	worst = worst < max ? worst : max;
	rest = max - worst;
	page_end(p, PLAIN);
	buf_str(&p->line, "Worst sources elsewhere (a name in brackets is not confirmed):");
	page_end(p, HEADING);
	for (unsigned i = 0; i < l->n; i++) {
		unsigned *left = is_worst(l, i) ? &worst : &rest;

		if (*left == 0)
			continue;
		--*left;
		source_line(p, &l->item[i], true);
		if (why)
			source_why(p, &l->item[i], 1);
	}
}

static void
list_class(struct page *p, unsigned k, unsigned top)
{
	const struct findings *l = &p->s->by_class[k];

	if (l->n == 0)
		return;
	page_end(p, PLAIN);
	buf_fmt(&p->line, "Sources: %s (", verdict_name(k));
	put_number(&p->line, l->all, 0);
	buf_chr(&p->line, ')');
	page_end(p, HEADING);
	for (unsigned i = 0; i < l->n && i < top; i++) {
		source_line(p, &l->item[i], false);
		source_why(p, &l->item[i], 4);
	}
}

static uint64_t
slot_sum(const struct slot *slot)
{
	uint64_t n = 0;

	for (int k = 0; k < VERDICTS; k++)
		n += slot->events[k];
	return n;
}

enum { BAR = 48, SLOTS_SHOWN = 100 };

void
text_timeline(struct page *p)
{
	static const char letter[VERDICTS] = { '?', 'z', 'm', 'c' };
	const struct summary *s = p->s;
	uint64_t most = 1;

	if (s->slots == 0)
		return;
	for (unsigned i = 0; i < s->slots; i++)
		most = slot_sum(&s->slot[i]) > most ? slot_sum(&s->slot[i]) : most;
	page_end(p, PLAIN);
	buf_fmt(&p->line,
	    "Spam attempts by %s (zombie, misconfigured, compromised, ? unattributed)",
	    s->slot_seconds == UTC_DAY ? "UTC day" : "hour");
	page_end(p, HEADING);
	for (unsigned i = s->slots > SLOTS_SHOWN ? s->slots - SLOTS_SHOWN : 0; i < s->slots; i++) {
		uint64_t before = 0;

		buf_str(&p->line, "  ");
		put_time(&p->line, s, s->slot[i].start);
		put_number(&p->line, slot_sum(&s->slot[i]), 10);
		buf_str(&p->line, "  ");
		for (int n = 1; n <= VERDICTS; n++) {
			int k = n % VERDICTS;
			uint64_t end = before + s->slot[i].events[k];

			for (uint64_t x = before * BAR / most; x < end * BAR / most; x++)
				buf_chr(&p->line, letter[k]);
			before = end;
		}
		page_end(p, PLAIN);
	}
}

void
text_sources(struct page *p, unsigned top)
{
	for (unsigned i = 0; i < VERDICTS; i++)
		list_class(p, class_at(i), top);
}
