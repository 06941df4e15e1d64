/* rule_load: private to classify/ruleset.c and rule_*.c: from YAML nodes to rules and atoms. */
#ifndef CLASSIFY_RULE_LOAD_H
#define CLASSIFY_RULE_LOAD_H

#include "classify/ruleset.h"

struct load {
	struct ruleset *rs;
	const struct yaml_doc *doc;
	struct problem *p;
};

/* One item of "rules:"; added to or replaced in l->rs. -1 and the problem. */
int rule_load(struct load *l, const struct yaml_node *node);
/* "model:": prior, damping, thresholds, groups. */
int model_load(struct load *l, const struct yaml_node *node);
/* A mapping of conditions (when:, unless:) as atom numbers in the arena. */
int atoms_load(struct load *l, const struct yaml_node *node, bool any, unsigned **atoms_r,
    unsigned *n_r);
/* A mapping counter -> {min:, max:}. */
int
bounds_load(struct load *l, const struct yaml_node *node, struct bound **bounds_r, unsigned *n_r);
/* "lines:": what a user teaches the parser; in l->rs. */
int lines_load(struct load *l, const struct yaml_node *node);
int examples_load(struct load *l, const struct yaml_node *node, struct rule *rule);
/* The index of a token in 0..n-1 by its name function; -1 and a problem that lists the tokens. */
int
token_load(struct load *l, const struct yaml_node *node, const char *(*name)(unsigned), unsigned n,
    unsigned *index_r);
struct pattern *pattern_compile(struct load *l, const struct yaml_node *node);
void pattern_free(struct pattern *pattern);

#endif
