/*
 * The model's part of a rule file:
 *
 *	model:
 *	  groups: {NAME: {cap:, gate:, super:}}
 *	  super_groups: {NAME: {cap:, class:}}
 *	  prior: {STAGE: {DIRECTION: {other:, zombie:, misconfigured:, compromised:}}}	per mille
 *	  damping: posterior: margin: behaviour: ceiling: ceiling_remote:
 *	  accuracy: {unlisted|listed|own: {CLASS: {unattributed:, zombie:, misconfigured:,
 *		compromised:, spread:}}}	counts of verdicts; per mille
 */
#include <math.h>

#include "classify/rule_load.h"

static int
super_groups_load(struct load *l, const struct yaml_node *node, const struct yaml_node **names_r)
{
	static const char *const allowed[] = { "cap", "class", NULL };
	struct ruleset *rs = l->rs;

	*names_r = node;
	if (node == NULL)
		return 0;
	if (node->kind != YAML_MAP)
		return yaml_problem(l->doc, node, l->p, "must be a mapping");
	for (const struct yaml_node *n = node->child; n != NULL; n = n->next) {
		const struct yaml_node *cap, *class;
		int64_t value;
		unsigned v;

		if (yaml_keys(l->doc, n, allowed, l->p) == -1)
			return -1;
		cap = yaml_get(n, "cap");
		class = yaml_get(n, "class");
		if (cap == NULL || class == NULL)
			return yaml_problem(l->doc, n, l->p, "needs cap and class");
		if (yaml_int(l->doc, cap, 0, 100000, &value, l->p) == -1 ||
		    token_load(l, class, verdict_name, VERDICTS, &v) == -1)
			return -1;
		if (rs->supers == SUPER_GROUPS_MAX)
			return yaml_problem(l->doc, n, l->p, "too many super-groups");
		mem_grow(&rs->super, &rs->caps[3], rs->supers + 1, sizeof(*rs->super));
		rs->super[rs->supers++] = (struct super_group){ (int32_t)value, (enum verdict)v };
	}
	return 0;
}

static int
super_of(struct load *l, const struct yaml_node *names, const struct yaml_node *node, int *index_r)
{
	struct slice text;
	int i = 0;

	if (yaml_text(l->doc, node, &text, l->p) == -1)
		return -1;
	for (const struct yaml_node *n = names ? names->child : NULL; n != NULL; n = n->next) {
		i++;
		if (slice_eq(n->key, text)) {
			*index_r = i;
			return 0;
		}
	}
	return yaml_problem(l->doc, node, l->p, "no such super-group: %.*s", SLICE_ARG(text));
}

static int
groups_load(struct load *l, const struct yaml_node *node, const struct yaml_node *supers)
{
	static const char *const allowed[] = { "cap", "gate", "super", NULL };
	struct ruleset *rs = l->rs;

	if (node == NULL || node->kind != YAML_MAP)
		return yaml_problem(l->doc, node, l->p, "the model needs a mapping of groups");
	for (const struct yaml_node *n = node->child; n != NULL; n = n->next) {
		struct group g = { .name = arena_copy(&rs->arena, n->key), .cap = 4000 };
		const struct yaml_node *part;
		int64_t cap = 4000;

		if (yaml_keys(l->doc, n, allowed, l->p) == -1)
			return -1;
		if ((part = yaml_get(n, "cap")) != NULL &&
		    yaml_int(l->doc, part, 0, 100000, &cap, l->p) == -1)
			return -1;
		if ((part = yaml_get(n, "gate")) != NULL &&
		    yaml_bool(l->doc, part, &g.gate, l->p) == -1)
			return -1;
		if ((part = yaml_get(n, "super")) != NULL &&
		    super_of(l, supers, part, &g.super) == -1)
			return -1;
		g.cap = (int32_t)cap;
		if (rs->groups == GROUPS_MAX)
			return yaml_problem(l->doc, n, l->p, "more than %d groups", GROUPS_MAX);
		mem_grow(&rs->group, &rs->caps[2], rs->groups + 1, sizeof(*rs->group));
		rs->group[rs->groups++] = g;
	}
	return 0;
}

/* A prior of parts per mille, as ln in milli-nats; they must sum to 1000. */
static int
prior_load(struct load *l, const struct yaml_node *node, int32_t ln_r[VERDICTS])
{
	static const char *const allowed[] = { "other", "zombie", "misconfigured", "compromised",
		NULL };
	int64_t value, sum = 0;

	if (yaml_keys(l->doc, node, allowed, l->p) == -1)
		return -1;
	for (int v = 0; v < VERDICTS; v++) {
		const struct yaml_node *part = yaml_get(node, allowed[v]);

		if (part == NULL)
			return yaml_problem(
			    l->doc, node, l->p, "the prior of %s is missing", allowed[v]);
		if (yaml_int(l->doc, part, 1, 997, &value, l->p) == -1)
			return -1;
		sum += value;
		ln_r[v] = (int32_t)lround(1000.0 * log((double)value / 1000.0));
	}
	if (sum != 1000)
		return yaml_problem(
		    l->doc, node, l->p, "a prior must sum to 1000, not %d", (int)sum);
	return 0;
}

static int
priors_load(struct load *l, const struct yaml_node *node)
{
	if (node == NULL || node->kind != YAML_MAP)
		return yaml_problem(l->doc, node, l->p, "the model needs a mapping of priors");
	for (unsigned s = 0; s < STAGES; s++) {
		const struct yaml_node *stage = yaml_get(node, stage_name(s));

		for (unsigned d = 0; d < DIRECTIONS; d++) {
			const struct yaml_node *prior = stage && stage->kind == YAML_MAP
							    ? yaml_get(stage, direction_name(d))
							    : NULL;

			if (prior == NULL)
				return yaml_problem(l->doc, stage ? stage : node, l->p,
				    "no prior for %s %s", stage_name(s), direction_name(d));
			if (prior_load(l, prior, l->rs->model.prior[s][d]) == -1)
				return -1;
		}
	}
	return 0;
}

/* A row: how many got each verdict, and its spread. */
static int
accuracy_row_load(struct load *l, const struct yaml_node *row, unsigned n_r[VERDICTS],
    unsigned *spread_r)
{
	static const char *const key[] = { "unattributed", "zombie", "misconfigured",
		"compromised", "spread", NULL };

	if (yaml_keys(l->doc, row, key, l->p) == -1)
		return -1;
	for (int v = 0; v <= VERDICTS; v++) {
		const struct yaml_node *part = yaml_get(row, key[v]);
		int64_t value = 0;

		if (part &&
		    yaml_int(l->doc, part, 0, v < VERDICTS ? 1000000 : 1000, &value, l->p) == -1)
			return -1;
		*(v < VERDICTS ? &n_r[v] : spread_r) = (unsigned)value;
	}
	return 0;
}

static int
accuracy_table_load(struct load *l, const struct yaml_node *node, struct accuracy *a)
{
	static const char *const class[] = { "unattributed", "zombie", "misconfigured",
		"compromised", NULL };

	if (yaml_keys(l->doc, node, class, l->p) == -1)
		return -1;
	for (int k = 0; k < VERDICTS; k++) {
		const struct yaml_node *row = yaml_get(node, class[k]);

		if (row && accuracy_row_load(l, row, a->n[k], &a->spread[k]) == -1)
			return -1;
	}
	return 0;
}

/* All may be missing. A class that was never seen with the one is taken as with the other. */
static int
accuracy_load(struct load *l, const struct yaml_node *node, struct accuracy a[KNOWNS])
{
	static const char *const known[] = { "unlisted", "listed", "own", NULL };

	if (node == NULL)
		return 0;
	if (yaml_keys(l->doc, node, known, l->p) == -1)
		return -1;
	for (int i = 0; i < KNOWNS; i++) {
		const struct yaml_node *table = yaml_get(node, known[i]);

		if (table == NULL)
			return yaml_problem(l->doc, node, l->p, "accuracy needs %s", known[i]);
		if (accuracy_table_load(l, table, &a[i]) == -1)
			return -1;
	}
	for (int k = 0; k < VERDICTS; k++)
		for (int i = 0; i < KNOWN_OWN; i++) {
			unsigned sum = 0;

			for (int v = 0; v < VERDICTS; v++)
				sum += a[i].n[k][v];
			if (sum != 0)
				continue;
			memcpy(a[i].n[k], a[!i].n[k], sizeof(a[i].n[k]));
			a[i].spread[k] = a[!i].spread[k];
		}
	return 0;
}

static int
number(struct load *l, const struct yaml_node *model, const char *key, int64_t *value_r)
{
	const struct yaml_node *node = yaml_get(model, key);

	if (node == NULL)
		return yaml_problem(l->doc, model, l->p, "the model needs %s", key);
	return yaml_int(l->doc, node, 0, 100000, value_r, l->p);
}

int
model_load(struct load *l, const struct yaml_node *node)
{
	static const char *const allowed[] = { "groups", "super_groups", "prior", "damping",
		"posterior", "margin", "behaviour", "ceiling", "ceiling_remote", "accuracy", NULL };
	struct model *m = &l->rs->model;
	const struct yaml_node *supers;
	int64_t v[6];

	if (m->loaded)
		return yaml_problem(l->doc, node, l->p, "there is a model already");
	if (yaml_keys(l->doc, node, allowed, l->p) == -1)
		return -1;
	for (int i = 0; i < 6; i++)
		if (number(l, node, allowed[3 + i], &v[i]) == -1)
			return -1;
	m->damping = (unsigned)v[0];
	m->posterior = (unsigned)v[1];
	m->margin = (int32_t)v[2];
	m->behaviour = (int32_t)v[3];
	m->ceiling = (unsigned)v[4];
	m->ceiling_remote = (unsigned)v[5];
	if (super_groups_load(l, yaml_get(node, "super_groups"), &supers) == -1 ||
	    groups_load(l, yaml_get(node, "groups"), supers) == -1 ||
	    priors_load(l, yaml_get(node, "prior")) == -1 ||
	    accuracy_load(l, yaml_get(node, "accuracy"), m->accuracy) == -1)
		return -1;
	m->loaded = true;
	return 0;
}
