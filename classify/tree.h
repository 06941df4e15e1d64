/*
 * tree: what is known of an event, step by step: its flags, then, text by text, the atoms that
 * these fulfil. Private to classify/evaluator.c.
 *
 * A node stands for one such knowledge, however many events come by; what follows from it is worked
 * out once. Texts that fulfil nothing lead nowhere, so most events end at a root or a step from it.
 * A root tells which texts to ask about: those that rules which its flags leave open want
 * fulfilled. Where the texts end, the rules that hold tell which they want not fulfilled, mostly
 * none: that is asked late, as texts are dear. Only wanted atoms are ever told, in a fixed order of
 * texts, so equal events go the same way.
 */
#ifndef CLASSIFY_TREE_H
#define CLASSIFY_TREE_H

#include "classify/rule_index.h"
#include "classify/stance.h"

struct node {
	uint64_t key[2];	/* of a root its flags and era; else the bits, the word and: */
	uint32_t index;		/* of the node that a step came from */
	uint32_t texts;		/* of a root: which are to be asked about, a bit each */
	uint32_t more;		/* the same where texts end */
	uint32_t hits;		/* of it when there is no more: the rules that hold */
	bool ended;		/* more and hits are known */
	bool late;		/* more was asked about */
	bool helo_facts;	/* it matters what HELO looks like */
	uint64_t flags[FLAG_WORDS];
	/* sets of text atoms: that hold, that were asked about at the root, that `more` is about */
	uint64_t *set, *asked, *want;
};

struct tree {
	const struct ruleset *rs;
	struct stances stances;
	struct rule_index index;
	unsigned text_words;		/* 64-bit words of a set of text atoms */
	struct node **node;
	unsigned nodes, cap;
	struct table by_key;
	struct arena arena;
};

void tree_open(struct tree *t, const struct ruleset *rs);	/* rs must outlive it */
void tree_close(struct tree *t);
void tree_forget(struct tree *t);	/* all nodes */
/*
 * Sets n->more and n->want, and gives the rules that hold, and their number, for a time of its era.
 * When there is more to be asked about, these do not count: the way goes on behind tree_late().
 */
uint32_t tree_end(struct tree *t, struct node *n, int64_t ts, uint16_t rule_r[RULES_MAX]);
struct node *tree_make(struct tree *t, struct node *from, const uint64_t key[2]);

enum { NODES_MAX = 1 << 16, STEP_LATE = 0xffff, ERA_SHIFT = 32 };
_Static_assert(FLAG_COUNT <= 64 + ERA_SHIFT, "the era stands above the flags");

static inline struct node *
tree_find(struct tree *t, struct node *from, uint64_t a, uint64_t b)
{
	uint64_t key[2] = { a, b }, h = hash_fold(a ^ hash_key[0], b ^ hash_key[1]);
	uint32_t at, i;

	for (i = table_first(&t->by_key, h, &at); i != TABLE_NONE;
	     i = table_next(&t->by_key, h, &at))
		if (((t->node[i]->key[0] ^ a) | (t->node[i]->key[1] ^ b)) == 0)
			return t->node[i];
	return tree_make(t, from, key);
}

/* Between two events: too many nodes are forgotten. */
static inline void
tree_prune(struct tree *t)
{
	if (t->nodes > NODES_MAX)
		tree_forget(t);
}

/* era: below 2^31 */
static inline struct node *
tree_root(struct tree *t, const uint64_t flags[FLAG_WORDS], uint32_t era)
{
	return tree_find(t, NULL, flags[0] & t->stances.asked[0],
	    (flags[1] & t->stances.asked[1]) | (uint64_t)era << ERA_SHIFT);
}

/* A text fulfils these atoms of word w of a set. */
static inline struct node *
tree_step(struct tree *t, struct node *n, unsigned w, uint64_t bits)
{
	return tree_find(t, n, bits, (uint64_t)1 << 63 | (uint64_t)n->index << 16 | w);
}

static inline struct node *
tree_late(struct tree *t, struct node *n)
{
	return tree_step(t, n, STEP_LATE, 0);
}

#endif
