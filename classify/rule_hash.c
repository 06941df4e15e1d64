/*
 * See rule_hash.h. Everything is written down in a form that has one reading only (pack.h, lists
 * with their lengths), and the bytes are hashed. Conditions are written as their words, not as
 * their numbers, which other rules would shift.
 */
#include "classify/rule_hash.h"

#include <stdlib.h>

#include "base/pack.h"
#include "base/table.h"
#include "classify/bits.h"
#include "classify/pattern.h"

/* Another meaning of the same rules, by a change of the program, needs another one here. */
enum { MATCH_SEED = 1, JUDGE_SEED = 2 };

static void
pack_name(struct buf *b, const char *name)
{
	pack_bytes(b, slice_of(name));
}

static void
pack_texts(struct buf *b, const struct slice *text, unsigned n)
{
	pack_u(b, n);
	for (unsigned i = 0; i < n; i++)
		pack_bytes(b, text[i]);
}

static void
pack_atom(struct buf *b, const struct atom *a)
{
	pack_u(b, a->kind);
	switch (a->kind) {
	case ATOM_FLAG:
		pack_name(b, fact_flag_name(a->flag));
		return;
	case ATOM_ANY_FLAG:
		for (unsigned f = 0; f < FLAG_COUNT; f++)
			if (bits_have(a->flags, f))
				pack_name(b, fact_flag_name(f));
		pack_name(b, "");
		return;
	case ATOM_TEXT:
	case ATOM_DNSBL:
		break;
	}
	pack_name(b, fact_text_name(a->text));
	pack_texts(b, a->word, a->words);
	pack_texts(b, a->suffix, a->suffixes);
	pack_u(b, a->patterns);
	for (unsigned i = 0; i < a->patterns; i++)
		pack_bytes(b, a->pattern[i]->text);
}

static void
pack_atoms(struct buf *b, const struct ruleset *rs, const unsigned *atom, unsigned n)
{
	pack_u(b, n);
	for (unsigned i = 0; i < n; i++)
		pack_atom(b, &rs->atom[atom[i]]);
}

static uint64_t
hash_and_free(struct buf *b, uint64_t seed)
{
	uint64_t h = hash_fixed(buf_slice(b), seed);

	buf_free(b);
	return h;
}

/* Those of none are no bytes, so that they leave the hash as it was. */
static void
pack_taught(struct buf *b, const struct taught *t)
{
	for (unsigned i = 0; i < t->lines; i++) {
		const struct taught_line *x = &t->line[i];

		pack_bytes(b, x->id);
		pack_texts(b, x->program, x->programs);
		pack_bytes(b, x->literal);
		pack_bytes(b, x->match);
		pack_bytes(b, x->queue);
		pack_name(b, event_type_name(x->type));
		pack_u(b, x->reason);
		pack_u(b, x->action);
		pack_u(b, x->phase);
		pack_u(b, x->has_agent);
		pack_u(b, x->agent);
		pack_u(b, x->spam);
	}
}

uint64_t
rule_match_hash(const struct ruleset *rs)
{
	struct buf b = { 0 };

	pack_u(&b, PATTERN_OPTIONS);
	pack_u(&b, hostname_words_hash(&rs->names));
	for (unsigned i = 0; i < rs->rules; i++) {
		const struct rule *r = &rs->rule[i];

		pack_bytes(&b, r->id);
		pack_u(&b, r->late);
		pack_atoms(&b, rs, r->all, r->alls);
		pack_atoms(&b, rs, r->none, r->nones);
		pack_i(&b, r->from);
		pack_i(&b, r->until);
		pack_u(&b, r->spam_by);
	}
	pack_taught(&b, &rs->taught);
	return hash_and_free(&b, MATCH_SEED);
}

static void
pack_judged(struct buf *b, const struct ruleset *rs, const struct rule *r)
{
	pack_bytes(b, r->id);
	pack_bytes(b, r->says);
	pack_bytes(b, r->subtype);
	pack_bytes(b, rs->group[r->group].name);
	for (unsigned i = 0; i < VERDICTS; i++)
		pack_i(b, r->weight[i]);
	pack_u(b, r->anchor);
	pack_u(b, (uint8_t)r->forgeable);
	pack_name(b, scope_name(r->scope));
	pack_u(b, r->via);
	pack_u(b, r->reason);
	pack_u(b, r->unit);
	pack_i(b, r->behaviour);
	pack_u(b, r->bounds);
	for (unsigned i = 0; i < r->bounds; i++) {
		pack_name(b, counter_name(r->bound[i].counter));
		pack_i(b, r->bound[i].min);
		pack_i(b, r->bound[i].max);
	}
}

static void
pack_model(struct buf *b, const struct ruleset *rs)
{
	const struct model *m = &rs->model;

	for (unsigned i = 0; i < STAGES * DIRECTIONS * VERDICTS; i++)
		pack_i(b, m->prior[i / VERDICTS / DIRECTIONS][i / VERDICTS % DIRECTIONS]
		    [i % VERDICTS]);
	pack_u(b, m->damping);
	pack_u(b, m->posterior);
	pack_i(b, m->margin);
	pack_i(b, m->behaviour);
	pack_u(b, m->ceiling);
	pack_u(b, m->ceiling_remote);
	pack_u(b, rs->groups);
	for (unsigned i = 0; i < rs->groups; i++) {
		pack_bytes(b, rs->group[i].name);
		pack_i(b, rs->group[i].cap);
		pack_i(b, rs->group[i].super);
		pack_u(b, rs->group[i].gate);
	}
	for (unsigned i = 0; i < rs->supers; i++) {
		pack_i(b, rs->super[i].cap);
		pack_u(b, rs->super[i].verdict);
	}
}

uint64_t
rule_judge_hash(const struct ruleset *rs)
{
	struct buf b = { 0 };

	pack_model(&b, rs);
	for (unsigned i = 0; i < rs->rules; i++)
		pack_judged(&b, rs, &rs->rule[i]);
	return hash_and_free(&b, JUDGE_SEED);
}

/* Sums, so that the order in the file does not count. */
static uint64_t
sum_texts(const struct slice *text, unsigned n, uint64_t seed)
{
	uint64_t sum = n;

	for (unsigned i = 0; i < n; i++) {
		char *lower = mem_alloc(text[i].n);

		sum += hash_fixed(slice_lower(text[i], lower), seed);
		free(lower);
	}
	return sum;
}

static uint64_t
sum_prefixes(const struct prefix_set *set, uint64_t seed)
{
	uint64_t sum = set->n;

	for (unsigned i = 0; i < set->n; i++) {
		const struct prefix *p = &set->item[i];

		sum += hash_fixed((struct slice){ (const char *)p->addr.b, sizeof(p->addr.b) },
		    seed << 8 | p->bits);
	}
	return sum;
}

uint64_t
rule_match_hash_with(uint64_t match_hash, const struct own *own)
{
	struct buf b = { 0 };

	pack_u(&b, match_hash);
	pack_u(&b, sum_prefixes(&own->networks, 1));
	pack_u(&b, sum_texts(own->domain, own->domains, 2));
	pack_u(&b, sum_texts(own->host, own->hosts, 3));
	pack_u(&b, sum_prefixes(&own->shared, 4));
	pack_u(&b, sum_prefixes(&own->forwarder_networks, 5));
	pack_u(&b, sum_texts(own->forwarder, own->forwarders, 6));
	return hash_and_free(&b, MATCH_SEED);
}
