/* See tree.h. */
#include "classify/tree.h"

#include <stdlib.h>

void
tree_open(struct tree *t, const struct ruleset *rs)
{
	t->rs = rs;
	stances_open(&t->stances, rs);
	rule_index_open(&t->index, rs);
	t->text_words = t->stances.text_words;
}

void
tree_forget(struct tree *t)
{
	free(t->node);
	table_free(&t->by_key);
	arena_free(&t->arena);
	t->node = NULL;
	t->nodes = t->cap = 0;
}

void
tree_close(struct tree *t)
{
	tree_forget(t);
	stances_close(&t->stances);
	rule_index_close(&t->index);
}

static void
begin(struct tree *t, struct node *n, const uint64_t key[2])
{
	const struct stance *s;

	n->flags[0] = key[0];
	n->flags[1] = key[1] & (((uint64_t)1 << ERA_SHIFT) - 1);
	s = stances_find(&t->stances, n->flags);
	n->texts = s->texts;
	n->helo_facts = s->helo_facts;
	memcpy(n->asked, stance_want(&t->stances, s), t->text_words * sizeof(*n->asked));
}

struct node *
tree_make(struct tree *t, struct node *from, const uint64_t key[2])
{
	struct node *n = arena_alloc(&t->arena, sizeof(*n));
	unsigned w = key[1] & 0xffff;

	memcpy(n->key, key, sizeof(n->key));
	n->set = arena_alloc(&t->arena, 3 * t->text_words * sizeof(*n->set));
	n->asked = n->set + t->text_words;
	n->want = n->asked + t->text_words;
	if (from == NULL) {
		begin(t, n, key);
	} else {
		memcpy(n->flags, from->flags, sizeof(n->flags));
		memcpy(n->set, from->set, 2 * t->text_words * sizeof(*n->set));
		n->late = from->late || w == STEP_LATE;
		if (w != STEP_LATE)
			n->set[w] |= key[0];
	}
	n->index = t->nodes;
	mem_grow(&t->node, &t->cap, t->nodes + 1, sizeof(*t->node));
	t->node[t->nodes] = n;
	table_add(&t->by_key, hash_fold(key[0] ^ hash_key[0], key[1] ^ hash_key[1]), t->nodes++);
	return n;
}

uint32_t
tree_end(struct tree *t, struct node *n, int64_t ts, uint16_t rule[RULES_MAX])
{
	uint64_t set[WORDS] = { 0 };
	uint32_t rules;

	memcpy(set, n->set, t->text_words * sizeof(*set));
	stances_add_flags(&t->stances, n->flags, set);
	rules = rule_index_holding(&t->index, set, ts, rule);
	n->ended = true;
	for (uint32_t i = 0; i < rules && !n->late; i++) {
		const struct rule *r = &t->rs->rule[rule[i]];

		want_texts(t->rs, r->none, r->nones, n->asked, n->want, &n->more);
	}
	return rules;
}
