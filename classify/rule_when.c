/*
 * Conditions and examples of a rule.
 *
 *	when:   {is: [flag, ...]}		every flag holds
 *	        {any: [flag, ...]}		at least one flag holds
 *	        {TEXT: [word, ...]}		the text equals a word (no case)
 *	        {TEXT: {words:, suffix:, match:}}	... or ends with a label suffix, or matches
 *	        {dnsbl: {zone: [suffix...], code: [a.b.c.d...]}}	both, of one answer
 *	unless: the same keys; none of them may hold
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#include "classify/pattern.h"
#include "classify/rule_load.h"

static char
other_case(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26 ? (char)(c ^ 0x20) : c;
}

/* What PCRE2 itself knows of all matches: the first byte, and one that must be there. */
static void
screen(struct pattern *p)
{
	uint32_t options = 0, first = 0, type = 0, last = 0, last_type = 0;
	const uint8_t *bits = NULL;

	pcre2_pattern_info(p->code, PCRE2_INFO_ALLOPTIONS, &options);
	pcre2_pattern_info(p->code, PCRE2_INFO_FIRSTCODETYPE, &type);
	pcre2_pattern_info(p->code, PCRE2_INFO_FIRSTCODEUNIT, &first);
	pcre2_pattern_info(p->code, PCRE2_INFO_FIRSTBITMAP, &bits);
	pcre2_pattern_info(p->code, PCRE2_INFO_LASTCODETYPE, &last_type);
	pcre2_pattern_info(p->code, PCRE2_INFO_LASTCODEUNIT, &last);
	p->anchored = options & PCRE2_ANCHORED;
	p->has_required = last_type == 1;
	p->required = (char)last;
	p->other = other_case((char)last);
	if (type == 1) {
		bytes_add(&p->first, (char)first);
		bytes_add(&p->first, other_case((char)first));
	} else if (type == 0 && bits != NULL) {
		for (unsigned c = 0; c < 256; c++)
			if (bits[c / 8] >> c % 8 & 1)
				bits_add(p->first.has, c);
	} else {
		p->any_first = true;
	}
}

struct pattern *
pattern_compile(struct load *l, const struct yaml_node *node)
{
	struct slice text;
	struct pattern *p;
	PCRE2_SIZE at;
	int error;

	if (yaml_text(l->doc, node, &text, l->p) == -1)
		return NULL;
	p = mem_alloc(sizeof(*p));
	p->code = pcre2_compile((PCRE2_SPTR)text.p, text.n, PATTERN_OPTIONS, &error, &at, NULL);
	if (p->code == NULL) {
		PCRE2_UCHAR why[160];

		pcre2_get_error_message(error, why, sizeof(why));
		yaml_problem(l->doc, node, l->p, "bad regular expression at character %zu: %s",
		    (size_t)at + 1, (const char *)why);
		free(p);
		return NULL;
	}
	/* without JIT (refused by the kernel, say) the interpreter does the same, slower */
	p->jit = pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE) == 0;
	p->text = arena_copy(&l->rs->arena, text);
	screen(p);
	return p;
}

void
pattern_free(struct pattern *p)
{
	pcre2_code_free(p->code);
	free(p);
}

static int
list_of_texts(struct load *l, const struct yaml_node *list, struct slice **item_r, unsigned *n_r)
{
	unsigned n = 0;

	if (list->kind != YAML_LIST || list->child == NULL)
		return yaml_problem(l->doc, list, l->p, "must be a list with at least one item");
	for (const struct yaml_node *i = list->child; i != NULL; i = i->next)
		n++;
	*item_r = arena_alloc(&l->rs->arena, n * sizeof(**item_r));
	for (const struct yaml_node *i = list->child; i != NULL; i = i->next) {
		struct slice text;

		if (yaml_text(l->doc, i, &text, l->p) == -1)
			return -1;
		(*item_r)[(*n_r)++] = arena_copy(&l->rs->arena, text);
	}
	return 0;
}

static int
list_of_patterns(struct load *l, const struct yaml_node *list, struct atom *a)
{
	unsigned n = 0;

	if (list->kind != YAML_LIST || list->child == NULL)
		return yaml_problem(l->doc, list, l->p, "must be a list with at least one item");
	for (const struct yaml_node *i = list->child; i != NULL; i = i->next)
		n++;
	a->pattern = arena_alloc(&l->rs->arena, n * sizeof(struct pattern *));
	for (const struct yaml_node *i = list->child; i != NULL; i = i->next) {
		struct pattern *p = pattern_compile(l, i);

		if (p == NULL)
			return -1;
		a->pattern[a->patterns++] = p;
	}
	return 0;
}

static int
atom_add(struct load *l, const struct yaml_node *node, const struct atom *a, unsigned *index_r)
{
	struct ruleset *rs = l->rs;

	if (rs->atoms == ATOMS_MAX - 1)	/* sets of atoms have ATOMS_MAX bits, one is spare */
		return yaml_problem(l->doc, node, l->p, "more than %d conditions", ATOMS_MAX - 1);
	mem_grow(&rs->atom, &rs->caps[1], rs->atoms + 1, sizeof(*rs->atom));
	rs->atom[rs->atoms] = *a;
	*index_r = rs->atoms++;
	return 0;
}

static int
flag_atom(struct load *l, const struct yaml_node *node, unsigned *index_r)
{
	struct atom a = { .kind = ATOM_FLAG };

	if (token_load(l, node, fact_flag_name, FLAG_COUNT, &a.flag) == -1)
		return -1;
	for (unsigned i = 0; i < l->rs->atoms; i++)
		if (l->rs->atom[i].kind == ATOM_FLAG && l->rs->atom[i].flag == a.flag) {
			*index_r = i;
			return 0;
		}
	return atom_add(l, node, &a, index_r);
}

static int
any_flag_atom(struct load *l, const struct yaml_node *list, unsigned *index_r)
{
	struct atom a = { .kind = ATOM_ANY_FLAG };

	for (const struct yaml_node *i = list->child; i != NULL; i = i->next) {
		unsigned flag;

		if (token_load(l, i, fact_flag_name, FLAG_COUNT, &flag) == -1)
			return -1;
		a.flags[flag / 64] |= (uint64_t)1 << flag % 64;
	}
	return atom_add(l, list, &a, index_r);
}

static int
text_atom(struct load *l, const struct yaml_node *node, unsigned text, unsigned *index_r)
{
	static const char *const text_keys[] = { "words", "suffix", "match", NULL };
	static const char *const dnsbl_keys[] = { "zone", "code", NULL };
	bool dnsbl = text == TEXT_ZONE;
	struct atom a = { .kind = dnsbl ? ATOM_DNSBL : ATOM_TEXT, .text = (enum fact_text)text };
	const struct yaml_node *part;
	int rc = 0;

	if (node->kind == YAML_LIST && !dnsbl)
		rc = list_of_texts(l, node, &a.word, &a.words);
	else
		rc = yaml_keys(l->doc, node, dnsbl ? dnsbl_keys : text_keys, l->p);
	if (rc == 0 && node->kind == YAML_MAP) {
		if ((part = yaml_get(node, dnsbl ? "code" : "words")) != NULL)
			rc = list_of_texts(l, part, &a.word, &a.words);
		if (rc == 0 && (part = yaml_get(node, dnsbl ? "zone" : "suffix")) != NULL)
			rc = list_of_texts(l, part, &a.suffix, &a.suffixes);
		if (rc == 0 && (part = yaml_get(node, "match")) != NULL)
			rc = list_of_patterns(l, part, &a);
		if (rc == 0 && a.words + a.suffixes + a.patterns == 0)
			rc = yaml_problem(l->doc, node, l->p, "an empty condition");
	}
	if (rc == -1) {
		for (unsigned i = 0; i < a.patterns; i++)
			pattern_free(a.pattern[i]);
		return -1;
	}
	return atom_add(l, node, &a, index_r);
}

static int
condition_load(struct load *l, const struct yaml_node *c, bool any, unsigned *atom, unsigned *n)
{
	bool is = slice_eq(c->key, SLICE("is")), any_of = slice_eq(c->key, SLICE("any"));

	if ((is || any_of) && (c->kind != YAML_LIST || c->child == NULL))
		return yaml_problem(l->doc, c, l->p, "must be a list of flags");
	if (is) {
		for (const struct yaml_node *i = c->child; i != NULL; i = i->next)
			if (flag_atom(l, i, &atom[(*n)++]) == -1)
				return -1;
		return 0;
	}
	if (any_of && !any)
		return any_flag_atom(l, c, &atom[(*n)++]);
	for (unsigned t = 0; t < TEXT_COUNT; t++)
		if (slice_eq(c->key, slice_of(fact_text_name(t))))
			return text_atom(l, c, t, &atom[(*n)++]);
	return yaml_problem(l->doc, c, l->p, "unknown condition: %.*s", SLICE_ARG(c->key));
}

int
atoms_load(
    struct load *l, const struct yaml_node *node, bool any, unsigned **atoms_r, unsigned *n_r)
{
	unsigned max = 0;

	if (node->kind != YAML_MAP || node->child == NULL)
		return yaml_problem(l->doc, node, l->p, "must be a mapping of conditions");
	for (const struct yaml_node *c = node->child; c != NULL; c = c->next) {
		max++;
		for (const struct yaml_node *i = c->child; i != NULL; i = i->next)
			max++;
	}
	*atoms_r = arena_alloc(&l->rs->arena, max * sizeof(**atoms_r));
	for (const struct yaml_node *c = node->child; c != NULL; c = c->next)
		if (condition_load(l, c, any, *atoms_r, n_r) == -1)
			return -1;
	return 0;
}

static int
bound_load(struct load *l, const struct yaml_node *node, struct bound *b)
{
	static const char *const allowed[] = { "min", "max", NULL };
	const struct yaml_node *part;
	unsigned c;

	*b = (struct bound){ .min = INT64_MIN, .max = INT64_MAX };
	for (c = 0; c < COUNTERS && !slice_eq(node->key, slice_of(counter_name(c))); c++)
		;
	if (c == COUNTERS)
		return yaml_problem(
		    l->doc, node, l->p, "unknown counter: %.*s", SLICE_ARG(node->key));
	b->counter = (enum counter)c;
	if (node->kind == YAML_SCALAR) {
		if (yaml_int(l->doc, node, 0, 1000000000, &b->min, l->p) == -1)
			return -1;
		b->max = b->min;
		return 0;
	}
	if (yaml_keys(l->doc, node, allowed, l->p) == -1)
		return -1;
	if ((part = yaml_get(node, "min")) != NULL &&
	    yaml_int(l->doc, part, 0, 1000000000, &b->min, l->p))
		return -1;
	if ((part = yaml_get(node, "max")) != NULL &&
	    yaml_int(l->doc, part, 0, 1000000000, &b->max, l->p))
		return -1;
	return 0;
}

int
bounds_load(struct load *l, const struct yaml_node *node, struct bound **bounds_r, unsigned *n_r)
{
	unsigned max = 0;

	if (node->kind != YAML_MAP || node->child == NULL)
		return yaml_problem(l->doc, node, l->p, "must be a mapping of counters");
	for (const struct yaml_node *c = node->child; c != NULL; c = c->next)
		max++;
	*bounds_r = arena_alloc(&l->rs->arena, max * sizeof(**bounds_r));
	for (const struct yaml_node *c = node->child; c != NULL; c = c->next)
		if (bound_load(l, c, &(*bounds_r)[(*n_r)++]) == -1)
			return -1;
	return 0;
}

static int
example_load(struct load *l, const struct yaml_node *node, bool hit, struct rule *rule)
{
	struct example *e = &rule->example[rule->examples++];
	struct slice text;

	*e = (struct example){ .hit = hit, .line = node->line, .column = node->column };
	if (node->kind == YAML_MAP) {
		if (!rule->late)
			return yaml_problem(
			    l->doc, node, l->p, "an example of an early rule is log lines");
		return bounds_load(l, node, &e->value, &e->values);
	}
	if (rule->late)
		return yaml_problem(
		    l->doc, node, l->p, "an example of a late rule is a mapping of counters");
	if (yaml_text(l->doc, node, &text, l->p) == -1)
		return -1;
	e->text = arena_copy(&l->rs->arena, text);
	return 0;
}

int
examples_load(struct load *l, const struct yaml_node *node, struct rule *rule)
{
	static const char *const allowed[] = { "hit", "miss", NULL };
	unsigned n = 0;

	if (yaml_keys(l->doc, node, allowed, l->p) == -1)
		return -1;
	for (int k = 0; k < 2; k++) {
		const struct yaml_node *list = yaml_get(node, allowed[k]);

		if (list == NULL || list->kind != YAML_LIST || list->child == NULL)
			return yaml_problem(
			    l->doc, node, l->p, "examples needs a list of each: hit, miss");
		for (const struct yaml_node *i = list->child; i != NULL; i = i->next)
			n++;
	}
	rule->example = arena_alloc(&l->rs->arena, n * sizeof(*rule->example));
	for (int k = 0; k < 2; k++)
		for (const struct yaml_node *i = yaml_get(node, allowed[k])->child; i != NULL;
		     i = i->next)
			if (example_load(l, i, k == 0, rule) == -1)
				return -1;
	return 0;
}
