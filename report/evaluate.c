/*
 * See evaluate.h. Events are collected while reading and judged at the end; each row of the truth
 * finds its event (evaluate_match.c) and is counted into the matrices; the rest follows from
 * these. Every list is in a total order: events by time, ids and what was said; sources by a
 * fixed hash of their names.
 */
#include <stdlib.h>

#include "report/dump.h"
#include "report/evaluate_private.h"
#include "classify/state_limit.h"

struct evaluate *
evaluate_open(void)
{
	return mem_alloc(sizeof(struct evaluate));
}

void
evaluate_close(struct evaluate *e)
{
	if (e == NULL)
		return;
	arena_free(&e->arena);
	free(e->event);
	free(e->item);
	free(e->daemons.item);
	free(e->directions.item);
	free(e->scenarios.item);
	free(e->mistake);
	free(e);
}

void
evaluate_add(struct evaluate *e, const struct message *m, const struct observation *o)
{
	if (m->kind == MESSAGE_SIGN)
		return;
	mem_grow(&e->event, &e->events_cap, e->events + 1, sizeof(*e->event));
	e->event[e->events++] = (struct happened){
		.queue_id = arena_copy(&e->arena, m->qid),
		.message_id = arena_copy(&e->arena, m->message_id),
		.host_number = m->host, .addr = m->addr, .has_addr = m->has_addr, .ts = m->ts,
		.source = o->source, .thins = o->thins, .signature = o->signature,
		.mail = m->kind == MESSAGE_MAIL, .counted = o->counted,
		.left = m->repeat ? m->repeat : 1, .mta = (uint8_t)m->mta };
}

static uint8_t
said_of(unsigned verdict, bool own)
{
	switch (verdict) {
	case VERDICT_ZOMBIE: return SAID_ZOMBIE;
	case VERDICT_MISCONFIGURED: return SAID_MISCONFIGURED;
	case VERDICT_COMPROMISED: return own ? SAID_OWN : SAID_ELSEWHERE;
	default: return SAID_UNATTRIBUTED;
	}
}

static void
judge_one(struct happened *h, const struct classifier *cl, struct judge *j, bool suspected)
{
	const struct signature *sig = &cl->state.signature[h->signature];
	const struct judged *v;
	struct baselines b;
	struct buf name = { 0 };
	unsigned kind;

	h->source = state_number(&cl->state, h->source, h->thins);
	kind = cl->state.source[h->source].kind;
	h->direction = sig->direction;
	h->own = kind == SOURCE_ACCOUNT || kind == SOURCE_SCRIPT;
	source_key(&cl->state, h->source, &name);
	h->key = hash_fixed(buf_slice(&name), 2);
	buf_free(&name);
	v = judge_event(j, h->source, h->ts, h->signature);
	h->spam = v->spam || (suspected && sig->kind == KIND_SUSPECTED);
	h->said = h->lean = h->thumb = h->bayes = SAID_NO_SPAM;
	if (!h->spam)
		return;
	h->said = said_of(v->a.verdict, h->own);
	h->lean = said_of(v->a.verdict ? v->a.verdict : v->a.lean, h->own);
	h->confidence = v->a.confidence;
	judge_baselines(j, h->source, h->ts, h->signature, &b);
	h->thumb = said_of(b.rule_of_thumb, h->own);
	h->bayes = said_of(b.naive_bayes, h->own);
	h->lead = b.lead;
}

static int
event_cmp(const void *a, const void *b)
{
	const struct happened *x = a, *y = b;
	int c;

	if (x->ts != y->ts)
		return x->ts < y->ts ? -1 : 1;
	if ((c = slice_cmp(x->queue_id, y->queue_id)) != 0 ||
	    (c = slice_cmp(x->message_id, y->message_id)) != 0 ||
	    (c = memcmp(x->addr.b, y->addr.b, sizeof(x->addr.b))) != 0 ||
	    (c = slice_cmp(x->host, y->host)) != 0)
		return c;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->said != y->said ? x->said - y->said : (int)x->confidence - (int)y->confidence;
}

static uint8_t
is_of(const struct truth_row *r, const struct happened *h)
{
	if (!r->decidable)
		return IS_UNDECIDABLE;
	if (r->class == TRUTH_HAM)
		return IS_HAM;
	if (r->class == TRUTH_COMPROMISED)
		return (h ? h->own : r->account.n != 0) ? IS_OWN : IS_ELSEWHERE;
	return r->class == TRUTH_ZOMBIE ? IS_ZOMBIE : IS_MISCONFIGURED;
}

/* What a row without event is counted under, of all that it says. */
static uint64_t
key_of_row(const struct truth_row *r)
{
	if (r->account.n)
		return hash_fixed(r->account, 3);
	if (r->has_client)
		return hash_travel_u64(addr_key(&r->client), 3);
	return hash_fixed(r->queue_id.n ? r->queue_id : r->message_id, 3);
}

static bool
has_log(const struct evaluate *e, struct slice host)
{
	unsigned i = 0;

	while (i < e->events && !same_host(host, e->event[i].host))
		i++;
	return i < e->events;
}

static void
label(struct evaluate *e, const struct truth *t)
{
	struct slice host = SLICE_NONE;
	bool logged = true;

	e->items = t->rows;
	e->item = mem_alloc((t->rows + 1ul) * sizeof(*e->item));
	for (unsigned i = 0; i < t->rows; i++)
		e->item[i] = (struct labelled){ .row = &t->row[i], .event = NO_EVENT };
	evaluate_match(e);
	for (unsigned i = 0; i < e->items; i++) {
		struct labelled *x = &e->item[i];
		const struct happened *h = event_of(e, x);

		x->is = is_of(x->row, h);
		x->said = h ? h->said : SAID_NOTHING;
		x->key = h && h->counted ? h->key : key_of_row(x->row);
		if (!slice_eq(x->row->host, host)) {	/* rows of one come together, mostly */
			host = x->row->host;
			logged = has_log(e, host);
		}
		x->elsewhere = h == NULL && !logged;
		e->repeated += x->repeated;
		e->elsewhere += x->elsewhere;
	}
	for (unsigned i = 0; i < e->events; i++)
		if (e->event[i].counted && e->event[i].spam)
			e->unlabelled[e->event[i].said] += e->event[i].left;
}

static void
add_to_part(struct parts *l, struct slice name, const struct labelled *x)
{
	unsigned i = 0;

	while (i < l->n && !slice_eq(l->item[i].name, name))
		i++;
	if (i == l->n) {
		mem_grow(&l->item, &l->cap, ++l->n, sizeof(*l->item));
		l->item[i] = (struct part){ .name = name };
	}
	l->item[i].rows.n[x->is][x->said]++;
}

static int
part_cmp(const void *a, const void *b)
{
	return slice_cmp(((const struct part *)a)->name, ((const struct part *)b)->name);
}

static void
count_parts(struct evaluate *e)
{
	struct parts *all[] = { &e->daemons, &e->directions, &e->scenarios };

	for (unsigned i = 0; i < e->items; i++) {
		const struct labelled *x = &e->item[i];
		const struct happened *h = event_of(e, x);

		if (!is_measured(x))
			continue;
		if (h != NULL) {
			add_to_part(&e->daemons, slice_of(mta_name(h->mta)), x);
			add_to_part(&e->directions, slice_of(direction_name(h->direction)), x);
		}
		if (x->row->scenario.n)
			add_to_part(&e->scenarios, x->row->scenario, x);
	}
	for (unsigned i = 0; i < 3; i++)
		if (all[i]->n)
			qsort(all[i]->item, all[i]->n, sizeof(struct part), part_cmp);
}

static int
cluster_cmp(const void *a, const void *b)
{
	uint64_t x = ((const struct cluster *)a)->key, y = ((const struct cluster *)b)->key;

	return (x > y) - (x < y);
}

/*
 * What a whole source was called: of spam, what most of its rows were; of ham and what is
 * undecidable, the worst, for one accusation is enough.
 */
static unsigned
said_of_source(const uint64_t n[SAIDS], bool worst)
{
	unsigned best = 0;

	if (worst)
		while (best < SAID_NOTHING && n[best] == 0)
			best++;
	for (unsigned s = 1; s < SAIDS && !worst; s++)
		if (n[s] > n[best])
			best = s;
	return best;
}

static bool
sends_spam(const struct matrix *rows)
{
	struct share s;

	measure(rows, COVERAGE, &s);
	return s.all > 0;
}

/* A source that sent spam, too, is no source of ham. */
static void
count_sources(struct evaluate *e)
{
	struct cluster *c = mem_alloc((e->items + 1ul) * sizeof(*c));
	unsigned n = 0, to = 0;

	for (unsigned i = 0; i < e->items; i++) {
		if (!is_measured(&e->item[i]))
			continue;
		c[n] = (struct cluster){ .key = e->item[i].key };
		c[n++].rows.n[e->item[i].is][e->item[i].said] = 1;
	}
	qsort(c, n, sizeof(*c), cluster_cmp);
	for (unsigned i = 0; i < n; i++)
		if (to > 0 && c[to - 1].key == c[i].key)
			matrix_add(&c[to - 1].rows, &c[i].rows);
		else
			c[to++] = c[i];
	for (unsigned i = 0; i < to; i++)
		for (unsigned is = 0; is < ISS; is++) {
			const uint64_t *row = c[i].rows.n[is];
			uint64_t sum = 0;

			for (unsigned s = 0; s < SAIDS; s++)
				sum += row[s];
			if (sum > 0 && !(is == IS_HAM && sends_spam(&c[i].rows)))
				e->sources.n[is][said_of_source(row, is >= IS_HAM)]++;
		}
	e->clusters = to;
	bootstrap(c, to, e->share);
	free(c);
}

static void
count(struct evaluate *e)
{
	struct share s;

	for (unsigned i = 0; i < e->items; i++)
		if (is_measured(&e->item[i]))
			e->messages.n[e->item[i].is][e->item[i].said]++;
	count_sources(e);
	for (unsigned k = 0; k < QUALITIES; k++) {
		measure(&e->messages, k, &s);
		e->share[k].part = s.part;
		e->share[k].all = s.all;
		share_wilson(&e->share[k]);
		measure(&e->sources, k, &e->source_share[k]);
		share_wilson(&e->source_share[k]);
	}
}

static unsigned
badness(const struct labelled *x)
{
	if (!is_measured(x) || !is_verdict(x->said))
		return 0;
	if (x->is == IS_HAM)
		return 3;
	if (x->is == IS_UNDECIDABLE)
		return 1;
	return class_of(x->is) == class_of(x->said) ? 0 : 2;
}

static bool
is_worse(const struct evaluate *e, uint32_t a, uint32_t b)
{
	const struct labelled *x = &e->item[a], *y = &e->item[b];
	unsigned p = badness(x), q = badness(y);
	unsigned r = e->event[x->event].confidence, s = e->event[y->event].confidence;

	return p != q ? p > q : r != s ? r > s : a < b;
}

/* All of them, the worst first: sorted by insertion, as there are few or the rules are broken. */
static void
list_mistakes(struct evaluate *e)
{
	e->mistake = mem_alloc((e->items + 1ul) * sizeof(*e->mistake));
	for (uint32_t i = 0; i < e->items; i++) {
		unsigned at;

		if (badness(&e->item[i]) == 0)
			continue;
		for (at = e->mistakes++; at > 0 && is_worse(e, i, e->mistake[at - 1]); at--)
			e->mistake[at] = e->mistake[at - 1];
		e->mistake[at] = i;
	}
}

void
evaluate_finish(struct evaluate *e, const struct classifier *cl, struct judge *j,
    const struct truth *t, bool suspected)
{
	for (unsigned i = 0; i < e->events; i++) {
		struct happened *h = &e->event[i];

		h->host = names_text(cl->names, h->host_number);
		h->said = h->lean = h->thumb = h->bayes = SAID_NO_SPAM;
		if (h->counted)
			judge_one(h, cl, j, suspected);
	}
	if (e->events)
		qsort(e->event, e->events, sizeof(*e->event), event_cmp);
	label(e, t);
	count(e);
	count_parts(e);
	evaluate_curves(e);
	list_mistakes(e);
}

const char *
is_name(unsigned is)
{
	static const char *const name[ISS] = { "zombie", "misconfigured", "compromised_own",
		"compromised_elsewhere", "ham", "undecidable" };

	return name[is];
}

const char *
said_name(unsigned said)
{
	static const char *const name[SAIDS] = { "zombie", "misconfigured", "compromised_own",
		"compromised_elsewhere", "unattributed", "no_spam", "absent" };

	return name[said];
}

const char *
scored_name(unsigned of)
{
	static const char *const name[OFS] = { "zombie", "misconfigured", "compromised",
		"compromised_own", "compromised_elsewhere" };

	return name[of];
}

const char *
baseline_name(unsigned base)
{
	static const char *const name[BASES] = { "rule_of_thumb", "naive_bayes",
		"naive_bayes_same_coverage", "majority" };

	return name[base];
}
