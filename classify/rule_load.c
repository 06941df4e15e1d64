/*
 * One rule. A table gives each key its reader; keys outside the table are refused by their place.
 */
#include "classify/rule_load.h"

#include <stdio.h>
#include <string.h>

#include "base/utc.h"

int
token_load(struct load *l, const struct yaml_node *node, const char *(*name)(unsigned), unsigned n,
    unsigned *index_r)
{
	char list[1600];
	size_t used = 0;
	struct slice text;

	if (yaml_text(l->doc, node, &text, l->p) == -1)
		return -1;
	for (unsigned i = 0; i < n; i++)
		if (slice_eq(text, slice_of(name(i)))) {
			*index_r = i;
			return 0;
		}
	for (unsigned i = 0; i < n; i++)
		if (used + strlen(name(i)) + 2 < sizeof(list))
			used += (size_t)snprintf(list + used, sizeof(list) - used, " %s", name(i));
	return yaml_problem(l->doc, node, l->p, "unknown word \"%.*s\"; known:%.*s",
	    SLICE_ARG(text), (int)used, list);
}

static int
copy_text(struct load *l, const struct yaml_node *node, struct slice *text_r)
{
	if (yaml_text(l->doc, node, text_r, l->p) == -1)
		return -1;
	*text_r = arena_copy(&l->rs->arena, *text_r);
	return 0;
}

static int
load_id(struct load *l, const struct yaml_node *node, struct rule *r)
{
	return copy_text(l, node, &r->id);
}

static int
load_says(struct load *l, const struct yaml_node *node, struct rule *r)
{
	return copy_text(l, node, &r->says);
}

static int
load_note(struct load *l, const struct yaml_node *node, struct rule *r)
{
	return copy_text(l, node, &r->note);
}

static int
load_source(struct load *l, const struct yaml_node *node, struct rule *r)
{
	return copy_text(l, node, &r->source);
}

/* Reports group by it and schemas promise it. */
static bool
is_subtype(struct slice s)
{
	if (s.n < 3 || strchr("zmcu", s.p[0]) == NULL || s.p[1] != '.')
		return false;
	for (size_t i = 2; i < s.n; i++)
		if ((s.p[i] < 'a' || s.p[i] > 'z') && s.p[i] != '-')
			return false;
	return true;
}

static int
load_subtype(struct load *l, const struct yaml_node *node, struct rule *r)
{
	if (copy_text(l, node, &r->subtype) == -1)
		return -1;
	if (!is_subtype(r->subtype))
		return yaml_problem(l->doc, node, l->p,
		    "a subtype is z, m, c or u, a dot, and a word of a-z and -");
	return 0;
}

static int
load_group(struct load *l, const struct yaml_node *node, struct rule *r)
{
	struct slice text;

	if (yaml_text(l->doc, node, &text, l->p) == -1)
		return -1;
	for (r->group = 0; r->group < l->rs->groups; r->group++)
		if (slice_eq(l->rs->group[r->group].name, text))
			return 0;
	return yaml_problem(l->doc, node, l->p, "the model has no group %.*s", SLICE_ARG(text));
}

static const char *
weight_name(unsigned v)
{
	return v == VERDICT_UNATTRIBUTED ? "other" : verdict_name(v);
}

static int
load_weight(struct load *l, const struct yaml_node *node, struct rule *r)
{
	if (node->kind != YAML_MAP)
		return yaml_problem(
		    l->doc, node, l->p, "weight must be a mapping class: milli-nats");
	for (const struct yaml_node *n = node->child; n != NULL; n = n->next) {
		int64_t value;
		unsigned v;

		for (v = 0; v < VERDICTS && !slice_eq(n->key, slice_of(weight_name(v))); v++)
			;
		if (v == VERDICTS)
			return yaml_problem(
			    l->doc, n, l->p, "unknown class: %.*s", SLICE_ARG(n->key));
		if (yaml_int(l->doc, n, -10000, 10000, &value, l->p) == -1)
			return -1;
		r->weight[v] = (int32_t)value;
	}
	return 0;
}

static int
load_anchor(struct load *l, const struct yaml_node *node, struct rule *r)
{
	return yaml_bool(l->doc, node, &r->anchor, l->p);
}

static int
load_forgeable(struct load *l, const struct yaml_node *node, struct rule *r)
{
	struct slice text;

	if (yaml_text(l->doc, node, &text, l->p) == -1)
		return -1;
	if (text.n != 1 || strchr("NPY", text.p[0]) == NULL)
		return yaml_problem(l->doc, node, l->p, "forgeable is N, P or Y");
	r->forgeable = text.p[0];
	return 0;
}

static int
load_scope(struct load *l, const struct yaml_node *node, struct rule *r)
{
	unsigned v;

	if (token_load(l, node, scope_name, SCOPE_HABIT + 1, &v) == -1)
		return -1;
	r->scope = (enum scope)v;
	return 0;
}

static int
load_spam_by(struct load *l, const struct yaml_node *node, struct rule *r)
{
	unsigned v;

	if (token_load(l, node, spam_by_name, BY_COUNT, &v) == -1)
		return -1;
	r->spam_by = (uint8_t)(1u << v);
	return 0;
}

static int
load_via(struct load *l, const struct yaml_node *node, struct rule *r)
{
	unsigned v;

	if (token_load(l, node, verdict_name, VERDICTS, &v) == -1)
		return -1;
	r->via = (uint8_t)v;
	return 0;
}

static int
load_reason(struct load *l, const struct yaml_node *node, struct rule *r)
{
	unsigned v;

	if (token_load(l, node, reason_name, REASONS, &v) == -1)
		return -1;
	r->reason = (uint8_t)v;
	return 0;
}

static int
load_unit(struct load *l, const struct yaml_node *node, struct rule *r)
{
	unsigned v;

	if (token_load(l, node, unit_name, UNITS, &v) == -1)
		return -1;
	r->unit = (uint8_t)v;
	return 0;
}

static int
load_behaviour(struct load *l, const struct yaml_node *node, struct rule *r)
{
	int64_t value;

	if (yaml_int(l->doc, node, -10000, 10000, &value, l->p) == -1)
		return -1;
	r->behaviour = (int32_t)value;
	return 0;
}

static int
load_when(struct load *l, const struct yaml_node *node, struct rule *r)
{
	return atoms_load(l, node, false, &r->all, &r->alls);
}

static int
load_unless(struct load *l, const struct yaml_node *node, struct rule *r)
{
	return atoms_load(l, node, true, &r->none, &r->nones);
}

static int
load_counts(struct load *l, const struct yaml_node *node, struct rule *r)
{
	r->late = true;
	return bounds_load(l, node, &r->bound, &r->bounds);
}

static int
load_date(struct load *l, const struct yaml_node *node, int64_t *t_r)
{
	struct civil c = { 0 };
	struct slice s;
	uint64_t y, m, d;

	if (node == NULL)
		return 0;
	if (yaml_text(l->doc, node, &s, l->p) == -1)
		return -1;
	if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-' ||
	    !slice_u64(slice_first(s, 4), 9999, &y) ||
	    !slice_u64(slice_first(slice_skip(s, 5), 2), 12, &m) ||
	    !slice_u64(slice_skip(s, 8), 31, &d))
		return yaml_problem(l->doc, node, l->p, "a date is YYYY-MM-DD");
	c.year = (int)y;
	c.month = (int)m;
	c.day = (int)d;
	if (!civil_valid(&c))
		return yaml_problem(l->doc, node, l->p, "there is no such day");
	*t_r = utc_of_civil(&c);
	return 0;
}

static int
load_valid(struct load *l, const struct yaml_node *node, struct rule *r)
{
	static const char *const allowed[] = { "from", "until", NULL };

	if (yaml_keys(l->doc, node, allowed, l->p) == -1 ||
	    load_date(l, yaml_get(node, "from"), &r->from) == -1)
		return -1;
	return load_date(l, yaml_get(node, "until"), &r->until);
}

typedef int key_reader(struct load *l, const struct yaml_node *node, struct rule *r);

static const struct {
	const char *key;
	key_reader *read;
	bool required;
} keys[] = {
	{ "id", load_id, true },
	{ "says", load_says, true },
	{ "group", load_group, true },
	{ "note", load_note, true },
	{ "source", load_source, false },
	{ "subtype", load_subtype, false },
	{ "scope", load_scope, false },
	{ "when", load_when, false },
	{ "unless", load_unless, false },
	{ "counts", load_counts, false },
	{ "unit", load_unit, false },
	{ "weight", load_weight, false },
	{ "behaviour", load_behaviour, false },
	{ "anchor", load_anchor, false },
	{ "forgeable", load_forgeable, true },
	{ "spam_by", load_spam_by, false },
	{ "via", load_via, false },
	{ "reason", load_reason, false },
	{ "valid", load_valid, false },
	{ "examples", examples_load, true },
};

enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

static int
check_rule(struct load *l, const struct yaml_node *node, const struct rule *r)
{
	if (!r->late && r->alls == 0)
		return yaml_problem(l->doc, node, l->p, "rule %.*s has neither when nor counts",
		    SLICE_ARG(r->id));
	if (r->late && (r->alls || r->nones))
		return yaml_problem(l->doc, node, l->p,
		    "rule %.*s: counts (a late rule) cannot be joined with when or unless (early)",
		    SLICE_ARG(r->id));
	if (r->anchor && r->forgeable == 'Y')
		return yaml_problem(l->doc, node, l->p,
		    "rule %.*s: what a sender can forge is no anchor", SLICE_ARG(r->id));
	return 0;
}

int
rule_load(struct load *l, const struct yaml_node *node)
{
	const char *allowed[KEYS + 1];
	struct rule r = { .until = INT64_MAX, .from = INT64_MIN, .line = node->line,
		.column = node->column };
	struct ruleset *rs = l->rs;

	for (int i = 0; i < KEYS; i++)
		allowed[i] = keys[i].key;
	allowed[KEYS] = NULL;
	if (yaml_keys(l->doc, node, allowed, l->p) == -1)
		return -1;
	for (int i = 0; i < KEYS; i++) {
		const struct yaml_node *value = yaml_get(node, keys[i].key);

		if (value == NULL && keys[i].required)
			return yaml_problem(
			    l->doc, node, l->p, "a rule needs the field %s", keys[i].key);
		if (value != NULL && keys[i].read(l, value, &r) == -1)
			return -1;
	}
	if (check_rule(l, node, &r) == -1)
		return -1;
	r.file = arena_copy(&rs->arena, slice_of(l->doc->file));
	for (unsigned i = 0; i < rs->rules; i++)
		if (slice_eq(rs->rule[i].id, r.id)) {
			if (slice_eq(rs->rule[i].file, r.file))
				return yaml_problem(l->doc, node, l->p,
				    "rule %.*s is there already, line %u", SLICE_ARG(r.id),
				    rs->rule[i].line);
			rs->rule[i] = r;
			return 0;
		}
	if (rs->rules == RULES_MAX)
		return yaml_problem(l->doc, node, l->p, "more than %d rules", RULES_MAX);
	mem_grow(&rs->rule, &rs->caps[0], rs->rules + 1, sizeof(*rs->rule));
	rs->rule[rs->rules++] = r;
	return 0;
}

int
ruleset_override(struct ruleset *rs, const struct yaml_doc *doc, const struct yaml_node *entry,
    struct problem *p)
{
	static const char *const allowed[] = { "weight", "behaviour", NULL };
	struct load l = { rs, doc, p };
	const struct yaml_node *part;
	struct rule *r = NULL;

	for (unsigned i = 0; i < rs->rules; i++)
		if (slice_eq(rs->rule[i].id, entry->key))
			r = &rs->rule[i];
	if (r == NULL)
		return yaml_problem(doc, entry, p, "there is no rule %.*s", SLICE_ARG(entry->key));
	if (yaml_keys(doc, entry, allowed, p) == -1)
		return -1;
	if ((part = yaml_get(entry, "weight")) != NULL && load_weight(&l, part, r) == -1)
		return -1;
	if ((part = yaml_get(entry, "behaviour")) != NULL && load_behaviour(&l, part, r) == -1)
		return -1;
	return 0;
}
