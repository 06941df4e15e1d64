/*
 * See state_fold.h; the format is in state_packed.h. Numbers of this process are replaced by
 * places in sorted lists, and whatever has no order of its own is sorted by what it says.
 */
#include <stdlib.h>

#include "classify/state_fold.h"
#include "classify/state_packed.h"

struct named {
	struct slice name;
	uint32_t number;
};

struct key {			/* of a source, or of a set beside it */
	uint64_t id, net;	/* text: its place; set: its source's place and its day */
	uint32_t number;
	uint8_t kind;
};

struct cell_key {
	uint32_t hour, what, n;
};

struct packer {
	const struct classifier *cl;
	const struct state *st;
	struct buf *out;
	uint32_t *host, *rule, *signature, *text;	/* places, by number */
	unsigned hosts;
	uint32_t earliest;
	struct key *source, *side;
	unsigned sides_at;
	struct cell_key *cell;		/* of one source */
	unsigned cells_cap;
};

static int
by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	return slice_cmp(x->name, y->name);
}

static int
by_key(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x->net < y->net ? -1 : x->net > y->net;
}

static int
by_what(const void *a, const void *b)
{
	const struct cell_key *x = a, *y = b;

	return x->what < y->what ? -1 : x->what > y->what;
}

/* Sorts them and notes their places; with out they are written, too. */
static void
take_places(struct named *list, unsigned n, uint32_t *place, struct buf *out)
{
	if (n > 1)
		qsort(list, n, sizeof(*list), by_name);
	if (out != NULL)
		pack_u(out, n);
	for (unsigned i = 0; i < n; i++) {
		place[list[i].number] = i;
		if (out != NULL)
			pack_bytes(out, list[i].name);
	}
}

static const struct hits *
hits_of(const struct packer *k, unsigned signature)
{
	return evaluator_get(k->cl->evaluator, k->st->signature[signature].hits);
}

static void
pack_hosts(struct packer *k)
{
	struct named *list;
	unsigned n = 0;

	for (unsigned i = 0; i < k->st->signatures; i++)
		if (k->st->signature[i].host >= k->hosts)
			k->hosts = k->st->signature[i].host + 1;
	k->host = mem_alloc((k->hosts + 1ul) * sizeof(*k->host));
	list = mem_alloc((k->hosts + 1ul) * sizeof(*list));
	for (unsigned i = 0; i < k->st->signatures; i++)
		k->host[k->st->signature[i].host] = 1;
	for (uint32_t i = 1; i < k->hosts; i++)
		if (k->host[i])
			list[n++] = (struct named){ names_text(k->cl->names, i), i };
	take_places(list, n, k->host, k->out);
	free(list);
}

static void
pack_rules(struct packer *k)
{
	const struct ruleset *rs = k->cl->rules;
	struct named *list = mem_alloc((rs->rules + 1ul) * sizeof(*list));
	unsigned n = 0;

	k->rule = mem_alloc((rs->rules + 1ul) * sizeof(*k->rule));
	for (unsigned i = 0; i < k->st->signatures; i++)
		for (uint32_t r = 0; r < hits_of(k, i)->n; r++)
			k->rule[hits_of(k, i)->rule[r]] = 1;
	for (uint32_t i = 0; i < rs->rules; i++)
		if (k->rule[i])
			list[n++] = (struct named){ rs->rule[i].id, i };
	take_places(list, n, k->rule, k->out);
	free(list);
}

static int
by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void
pack_signature(const struct packer *k, unsigned i, struct buf *out)
{
	const struct signature *sig = &k->st->signature[i];
	const struct hits *h = hits_of(k, i);
	uint32_t place[RULES_MAX];

	pack_u(out, sig->kind);
	pack_u(out, sig->stage);
	pack_u(out, sig->direction);
	pack_u(out, sig->action);
	pack_u(out, sig->spam_by);
	pack_u(out, (sig->submission ? SIG_SUBMISSION : 0) | (sig->listed ? SIG_LISTED : 0) |
	    (sig->inside ? SIG_INSIDE : 0));
	pack_u(out, sig->host ? k->host[sig->host] + 1 : 0);
	pack_u(out, h->n);
	for (uint32_t r = 0; r < h->n; r++)
		place[r] = k->rule[h->rule[r]];
	if (h->n > 1)
		qsort(place, h->n, sizeof(*place), by_number);
	for (uint32_t r = 0; r < h->n; r++)
		pack_u(out, r ? place[r] - place[r - 1] : place[r]);
}

static void
pack_signatures(struct packer *k)
{
	unsigned n = k->st->signatures;
	struct named *list = mem_alloc((n + 1ul) * sizeof(*list));
	unsigned *end = mem_alloc((n + 1ul) * sizeof(*end));
	struct buf bytes = { 0 };

	k->signature = mem_alloc((n + 1ul) * sizeof(*k->signature));
	for (unsigned i = 0; i < n; i++) {
		pack_signature(k, i, &bytes);
		end[i + 1] = bytes.n;
	}
	for (unsigned i = 0; i < n; i++)
		list[i] = (struct named){ slice_range(bytes.p + end[i], bytes.p + end[i + 1]), i };
	take_places(list, n, k->signature, NULL);
	pack_u(k->out, n);
	for (unsigned i = 0; i < n; i++)
		buf_add(k->out, list[i].name);
	free(list);
	free(end);
	buf_free(&bytes);
}

static void
sort_sources(struct packer *k)
{
	const struct state *st = k->st;
	struct named *list = mem_alloc((st->texts + 1ul) * sizeof(*list));

	for (uint32_t i = 0; i < st->texts; i++)
		list[i] = (struct named){ st->text[i], i };
	k->text = mem_alloc((st->texts + 1ul) * sizeof(*k->text));
	take_places(list, st->texts, k->text, NULL);
	free(list);
	k->source = mem_alloc((st->sources + 1ul) * sizeof(*k->source));
	k->earliest = st->sources ? UINT32_MAX : 0;
	for (uint32_t i = 0; i < st->sources; i++) {
		const struct source *s = &st->source[i];

		k->source[i] = (struct key){ .id = state_has_text(s->kind) ? k->text[s->id] : s->id,
			.net = state_has_net(s->kind) ? s->net : 0, .number = i, .kind = s->kind };
		if (s->first < k->earliest)
			k->earliest = s->first;
	}
	if (st->sources > 1)
		qsort(k->source, st->sources, sizeof(*k->source), by_key);
}

/* By source as the sources are sorted, then by day and kind. */
static void
sort_sides(struct packer *k)
{
	const struct state *st = k->st;
	uint32_t *place = mem_alloc((st->sources + 1ul) * sizeof(*place));

	for (uint32_t i = 0; i < st->sources; i++)
		place[k->source[i].number] = i;
	k->side = mem_alloc((st->sides.n + 1ul) * sizeof(*k->side));
	for (unsigned i = 0; i < st->sides.n; i++) {
		const struct side *x = &st->sides.item[i];

		k->side[i] = (struct key){ .id = (uint64_t)place[x->source] << 32 | x->day,
			.net = x->kind, .number = i };
	}
	if (st->sides.n > 1)
		qsort(k->side, st->sides.n, sizeof(*k->side), by_key);
	free(place);
}

static void
pack_cells(struct packer *k, const struct source *s)
{
	const struct state *st = k->st;
	uint32_t hour = s->last / UTC_HOUR;
	unsigned n = 0, from = 0;

	for (uint32_t i = s->cells; i != 0; i = st->cell[i - 1].next) {
		const struct cell *x = &st->cell[i - 1];

		mem_grow(&k->cell, &k->cells_cap, n + 1, sizeof(*k->cell));
		k->cell[n++] = (struct cell_key){ x->hour, x->what == WHAT_HELO ? PACKED_HELO :
		    x->what >= WHAT_COUNTER ? x->what - WHAT_COUNTER :
		    PACKED_SIGNATURE + k->signature[x->what], x->n };
	}
	pack_u(k->out, n);
	for (unsigned i = 0; i < n; i++) {
		if (i == from) {
			while (from < n && k->cell[from].hour == k->cell[i].hour)
				from++;
			if (from - i > 1)
				qsort(k->cell + i, from - i, sizeof(*k->cell), by_what);
		}
		pack_u(k->out, hour - k->cell[i].hour);
		pack_u(k->out, k->cell[i].what);
		pack_u(k->out, k->cell[i].n);
		hour = k->cell[i].hour;
	}
}

/* The sets of the source at that place, which come next. */
static unsigned
sides_here(const struct packer *k, uint32_t place)
{
	unsigned at = k->sides_at;

	while (at < k->st->sides.n && k->side[at].id >> 32 == place)
		at++;
	return at - k->sides_at;
}

static void
pack_sides(struct packer *k, unsigned n)
{
	uint32_t day = 0;

	pack_u(k->out, n);
	for (; n > 0; n--) {
		const struct side *x = &k->st->sides.item[k->side[k->sides_at++].number];

		pack_u(k->out, x->day - day);
		pack_u(k->out, x->kind);
		set_pack(&x->set, k->out);
		day = x->day;
	}
}

/* before: the one before of that kind, or NULL. */
static void
pack_identity(struct packer *k, const struct key *key, const struct key *before)
{
	struct slice text;

	if (!state_has_text(key->kind)) {
		pack_u(k->out, before ? key->id - before->id - 1 : key->id);
		return;
	}
	text = k->st->text[k->st->source[key->number].id];
	if (before != NULL && before->id == key->id) {
		pack_u(k->out, 0);
	} else {
		pack_u(k->out, text.n + 1);
		buf_add(k->out, text);
	}
	if (state_has_net(key->kind))
		pack_u(k->out, key->net);
}

static void
pack_source(struct packer *k, uint32_t place, const struct key *before)
{
	const struct key *key = &k->source[place];
	const struct source *s = &k->st->source[key->number];
	unsigned sets = sides_here(k, place);

	pack_identity(k, key, before);
	pack_u(k->out, (s->name ? HAS_NAME : 0) | (s->verified ? HAS_VERIFIED : 0) |
	    (s->helo ? HAS_HELO : 0) | (sets ? HAS_SETS : 0));
	pack_u(k->out, s->first - k->earliest);
	pack_u(k->out, s->last - s->first);
	if (s->name)
		pack_bytes(k->out, source_name(s));
	if (s->helo) {
		pack_u(k->out, s->last / UTC_DAY - s->helo_day);
		pack_u(k->out, s->helo >> 1);
	}
	pack_cells(k, s);
	if (sets)
		pack_sides(k, sets);
}

static void
pack_sources(struct packer *k)
{
	uint32_t at = 0, n = k->st->sources;

	pack_u(k->out, k->earliest);
	for (unsigned kind = 0; kind < SOURCE_KINDS; kind++) {
		uint32_t from = at, to = at;

		while (to < n && k->source[to].kind == kind)
			to++;
		pack_u(k->out, to - from);
		for (; at < to; at++)
			pack_source(k, at, at > from ? &k->source[at - 1] : NULL);
	}
}

void
state_pack(const struct classifier *cl, struct buf *out)
{
	const struct state *st = &cl->state;
	struct packer k = { .cl = cl, .st = st, .out = out };

	pack_u(out, st->attempts);
	pack_u(out, st->login_failures);
	pack_u(out, st->spanned);
	if (st->spanned) {
		pack_i(out, st->first);
		pack_i(out, st->last);
	}
	pack_hosts(&k);
	pack_rules(&k);
	pack_signatures(&k);
	sort_sources(&k);
	sort_sides(&k);
	pack_sources(&k);
	free(k.host);
	free(k.rule);
	free(k.signature);
	free(k.text);
	free(k.source);
	free(k.side);
	free(k.cell);
}
