/*
 * A rule file is a mapping of up to four parts, each optional: "names" (words of host names, see
 * hostname.h), "model" (priors, groups, thresholds), "rules", "lines" (shapes of log lines). This
 * file reads the outer shape; rule_load.c reads one rule, rule_when.c its conditions, rule_model.c
 * the model, rule_lines.c the lines.
 */
#include "classify/ruleset.h"

#include <stdlib.h>

#include "classify/rule_hash.h"
#include "classify/rule_load.h"

static int
words_load(struct load *l, enum hostname_class class, const struct yaml_node *list)
{
	struct problem why;

	if (list == NULL || list->kind != YAML_LIST)
		return yaml_problem(l->doc, list, l->p, "words must be a list");
	for (const struct yaml_node *w = list->child; w != NULL; w = w->next) {
		struct slice text;

		if (yaml_text(l->doc, w, &text, l->p) == -1)
			return -1;
		if (hostname_words_add(&l->rs->names, class, text, &why) == -1)
			return yaml_problem(l->doc, w, l->p, "%s", why.text);
	}
	return 0;
}

static int
names_load(struct load *l, const struct yaml_node *node)
{
	static const char *const allowed[] = { "note", "source", "words", NULL };

	if (node->kind != YAML_MAP)
		return yaml_problem(l->doc, node, l->p, "names must be a mapping of word classes");
	for (const struct yaml_node *n = node->child; n != NULL; n = n->next) {
		enum hostname_class class = hostname_class_of(n->key);

		if (class == HOSTNAME_CLASSES)
			return yaml_problem(l->doc, n, l->p, "unknown class of words: %.*s",
			    SLICE_ARG(n->key));
		if (yaml_keys(l->doc, n, allowed, l->p) == -1 ||
		    words_load(l, class, yaml_get(n, "words")) == -1)
			return -1;
	}
	return 0;
}

static int
rules_load(struct load *l, const struct yaml_node *node)
{
	if (node->kind != YAML_LIST)
		return yaml_problem(l->doc, node, l->p, "rules must be a list");
	for (const struct yaml_node *r = node->child; r != NULL; r = r->next)
		if (rule_load(l, r) == -1)
			return -1;
	return 0;
}

/* Frees the doc. */
static int
add_doc(struct ruleset *rs, struct yaml_doc *doc, struct problem *p)
{
	static const char *const allowed[] = { "names", "model", "rules", "lines", NULL };
	struct load l = { rs, doc, p };
	const struct yaml_node *part;
	int rc = 0;

	if (doc->root != NULL) {
		rc = yaml_keys(doc, doc->root, allowed, p);
		if (rc == 0 && (part = yaml_get(doc->root, "names")) != NULL)
			rc = names_load(&l, part);
		if (rc == 0 && (part = yaml_get(doc->root, "model")) != NULL)
			rc = model_load(&l, part);
		if (rc == 0 && (part = yaml_get(doc->root, "rules")) != NULL)
			rc = rules_load(&l, part);
		if (rc == 0 && (part = yaml_get(doc->root, "lines")) != NULL)
			rc = lines_load(&l, part);
	}
	yaml_free(doc);
	return rc;
}

int
ruleset_add(struct ruleset *rs, const char *file, struct slice bytes, struct problem *p)
{
	struct yaml_doc doc;

	return yaml_load(&doc, file, bytes, p) == -1 ? -1 : add_doc(rs, &doc, p);
}

int
ruleset_add_packed(struct ruleset *rs, const char *file, const unsigned char *packed,
    struct problem *p)
{
	struct yaml_doc doc;

	yaml_unpack(&doc, file, packed);
	return add_doc(rs, &doc, p);
}

bool
atom_is_text(const struct atom *a)
{
	return a->kind == ATOM_TEXT || a->kind == ATOM_DNSBL;
}

struct place {			/* of an atom in the final order */
	unsigned text, atom;
};

static int
by_text(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->text != y->text)
		return x->text < y->text ? -1 : 1;
	return x->atom < y->atom ? -1 : x->atom > y->atom;
}

static void
order_atoms(struct ruleset *rs)
{
	struct place *order = mem_alloc((rs->atoms + 1ul) * sizeof(*order));
	struct atom *atom = mem_alloc((rs->atoms + 1ul) * sizeof(*atom));
	unsigned *now = mem_alloc((rs->atoms + 1ul) * sizeof(*now));

	rs->text_atoms = 0;
	for (unsigned i = 0; i < rs->atoms; i++) {
		bool text = atom_is_text(&rs->atom[i]);

		order[i] = (struct place){ text ? rs->atom[i].text : TEXT_COUNT, i };
		rs->text_atoms += text;
	}
	if (rs->atoms)
		qsort(order, rs->atoms, sizeof(*order), by_text);
	for (unsigned i = 0; i < rs->atoms; i++) {
		atom[i] = rs->atom[order[i].atom];
		now[order[i].atom] = i;
	}
	for (unsigned i = 0; i < rs->rules; i++) {
		for (unsigned k = 0; k < rs->rule[i].alls; k++)
			rs->rule[i].all[k] = now[rs->rule[i].all[k]];
		for (unsigned k = 0; k < rs->rule[i].nones; k++)
			rs->rule[i].none[k] = now[rs->rule[i].none[k]];
	}
	free(rs->atom);
	rs->atom = atom;
	rs->caps[1] = rs->atoms + 1;
	free(now);
	free(order);
}

int
ruleset_finish(struct ruleset *rs, struct problem *p)
{
	if (!rs->model.loaded)
		return problem_set(p, "rules: no file has a model");
	order_atoms(rs);
	taught_finish(&rs->taught);
	rs->match_hash = rule_match_hash(rs);
	rs->judge_hash = rule_judge_hash(rs);
	return 0;
}

const struct rule *
ruleset_find(const struct ruleset *rs, struct slice id)
{
	for (unsigned i = 0; i < rs->rules; i++)
		if (slice_eq(rs->rule[i].id, id))
			return &rs->rule[i];
	return NULL;
}

void
ruleset_free(struct ruleset *rs)
{
	for (unsigned i = 0; i < rs->atoms; i++)
		for (unsigned k = 0; k < rs->atom[i].patterns; k++)
			pattern_free(rs->atom[i].pattern[k]);
	free(rs->rule);
	free(rs->atom);
	free(rs->group);
	free(rs->super);
	hostname_words_free(&rs->names);
	taught_free(&rs->taught);
	arena_free(&rs->arena);
	*rs = (struct ruleset){ 0 };
}
