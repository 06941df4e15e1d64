/*
 * lines: shapes of log lines that a user teaches (parser/taught.h).
 *
 *	lines:
 *	  - id: L001
 *	    says: what such a line says
 *	    program: my-milter			(or a list)
 *	    literal: ' verdict='		must stand in the message
 *	    match: '(?<qid>\w+) verdict=spam score=(?<score>\S+)'	the whole message
 *	    event: verdict
 *	    spam: true				what the event needs beside groups
 *	    examples: {hit: [...], miss: [...]}
 */
#include "classify/rule_load.h"

typedef int line_reader(struct load *l, const struct yaml_node *node, struct taught_line *x);

static int
copy(struct load *l, const struct yaml_node *node, struct slice *text_r)
{
	if (yaml_text(l->doc, node, text_r, l->p) == -1)
		return -1;
	*text_r = arena_copy(&l->rs->arena, *text_r);
	return 0;
}

static int
load_id(struct load *l, const struct yaml_node *node, struct taught_line *x)
{
	return copy(l, node, &x->id);
}

static int
load_says(struct load *l, const struct yaml_node *node, struct taught_line *x)
{
	return copy(l, node, &x->says);
}

static int
load_program(struct load *l, const struct yaml_node *node, struct taught_line *x)
{
	const struct yaml_node *one = node->kind == YAML_LIST ? node->child : node;
	unsigned n = 0;

	if (one == NULL)
		return yaml_problem(l->doc, node, l->p, "must name a program");
	for (const struct yaml_node *i = one; i != NULL && node->kind == YAML_LIST; i = i->next)
		n++;
	x->program = arena_alloc(&l->rs->arena, (n + 1) * sizeof(*x->program));
	if (node->kind != YAML_LIST)
		return copy(l, node, &x->program[x->programs++]);
	for (; one != NULL; one = one->next)
		if (copy(l, one, &x->program[x->programs++]) == -1)
			return -1;
	return 0;
}

static int
load_literal(struct load *l, const struct yaml_node *node, struct taught_line *x)
{
	if (copy(l, node, &x->literal) == -1)
		return -1;
	if (x->literal.n < TAUGHT_LITERAL_MIN || x->literal.n > TAUGHT_LITERAL_MAX)
		return yaml_problem(l->doc, node, l->p, "a literal has %d to %d bytes",
		    TAUGHT_LITERAL_MIN, TAUGHT_LITERAL_MAX);
	return 0;
}

static int
load_match(struct load *l, const struct yaml_node *node, struct taught_line *x)
{
	struct problem why;

	if (copy(l, node, &x->match) == -1)
		return -1;
	if (taught_compile(x, &why) == -1)
		return yaml_problem(l->doc, node, l->p, "%s", why.text);
	return 0;
}

static int
load_queue(struct load *l, const struct yaml_node *node, struct taught_line *x)
{
	return copy(l, node, &x->queue);
}

static int
load_event(struct load *l, const struct yaml_node *node, struct taught_line *x)
{
	struct slice text;

	if (yaml_text(l->doc, node, &text, l->p) == -1)
		return -1;
	x->type = taught_type(text);
	if (x->type == EV_TYPES)
		return yaml_problem(l->doc, node, l->p, "unknown event: %.*s (none received "
		    "message-id queued delivery removed reject sasl-fail protocol no-rdns dnsbl "
		    "verdict)", SLICE_ARG(text));
	return 0;
}

static int
token(struct load *l, const struct yaml_node *node, const char *(*name)(unsigned), unsigned n,
    uint8_t *value_r)
{
	unsigned v;

	if (token_load(l, node, name, n, &v) == -1)
		return -1;
	*value_r = (uint8_t)v;
	return 0;
}

static int
load_status(struct load *l, const struct yaml_node *node, struct taught_line *x)
{
	return token(l, node, delivery_status_name, DELIVERY_EXPIRED + 1, &x->reason);
}

static int
load_agent(struct load *l, const struct yaml_node *node, struct taught_line *x)
{
	x->has_agent = true;
	return token(l, node, delivery_agent_name, AGENT_NONE + 1, &x->agent);
}

static int
load_reason(struct load *l, const struct yaml_node *node, struct taught_line *x)
{
	return token(l, node, reject_reason_name, REJECT_REASONS, &x->reason);
}

static int
load_action(struct load *l, const struct yaml_node *node, struct taught_line *x)
{
	return token(l, node, reject_action_name, ACT_WARNED + 1, &x->action);
}

static int
load_phase(struct load *l, const struct yaml_node *node, struct taught_line *x)
{
	return token(l, node, reject_phase_name, PHASE_CONTENT + 1, &x->phase);
}

static int
load_sign(struct load *l, const struct yaml_node *node, struct taught_line *x)
{
	return token(l, node, protocol_sign_name, SIGN_COUNT, &x->reason);
}

static int
load_spam(struct load *l, const struct yaml_node *node, struct taught_line *x)
{
	return yaml_bool(l->doc, node, &x->spam, l->p);
}

static int
add_examples(struct load *l, const struct yaml_node *list, bool hit, struct taught_line *x)
{
	for (const struct yaml_node *i = list->child; i != NULL; i = i->next) {
		struct taught_example *e = &x->example[x->examples++];

		*e = (struct taught_example){ .hit = hit, .line = i->line, .column = i->column };
		if (copy(l, i, &e->text) == -1)
			return -1;
	}
	return 0;
}

static int
load_examples(struct load *l, const struct yaml_node *node, struct taught_line *x)
{
	static const char *const allowed[] = { "hit", "miss", NULL };
	const struct yaml_node *list[2];
	unsigned n = 0;

	if (yaml_keys(l->doc, node, allowed, l->p) == -1)
		return -1;
	for (int k = 0; k < 2; k++) {
		list[k] = yaml_get(node, allowed[k]);
		if (list[k] == NULL || list[k]->kind != YAML_LIST || list[k]->child == NULL)
			return yaml_problem(
			    l->doc, node, l->p, "examples needs a list of each: hit, miss");
		for (const struct yaml_node *i = list[k]->child; i != NULL; i = i->next)
			n++;
	}
	x->example = arena_alloc(&l->rs->arena, n * sizeof(*x->example));
	if (add_examples(l, list[0], true, x) == -1)
		return -1;
	return add_examples(l, list[1], false, x);
}

enum { ALWAYS = EV_TYPES };	/* no type: a key that every line may have */

/* In this order: the expression's groups hang on the event. */
static const struct {
	const char *key;
	line_reader *read;
	bool required;		/* by a line of the type */
	int type;
} keys[] = {
	{ "id", load_id, true, ALWAYS },
	{ "says", load_says, true, ALWAYS },
	{ "program", load_program, true, ALWAYS },
	{ "literal", load_literal, true, ALWAYS },
	{ "event", load_event, true, ALWAYS },
	{ "match", load_match, true, ALWAYS },
	{ "queue", load_queue, false, ALWAYS },
	{ "status", load_status, true, EV_DELIVERY },
	{ "agent", load_agent, false, EV_DELIVERY },
	{ "reason", load_reason, true, EV_REJECT },
	{ "action", load_action, false, EV_REJECT },
	{ "phase", load_phase, true, EV_REJECT },
	{ "sign", load_sign, true, EV_PROTOCOL },
	{ "spam", load_spam, true, EV_VERDICT },
	{ "examples", load_examples, true, ALWAYS },
};

enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

static int
load_keys(struct load *l, const struct yaml_node *node, struct taught_line *x)
{
	for (int i = 0; i < KEYS; i++) {
		const struct yaml_node *value = yaml_get(node, keys[i].key);
		bool fits = keys[i].type == ALWAYS || keys[i].type == (int)x->type;

		if (value == NULL && keys[i].required && fits)
			return yaml_problem(l->doc, node, l->p, "a taught line%s%s needs the "
			    "field %s", keys[i].type == ALWAYS ? "" : " of the event ",
			    keys[i].type == ALWAYS ? "" : event_type_name(x->type), keys[i].key);
		if (value != NULL && !fits)
			return yaml_problem(l->doc, value, l->p, "the event %s has no %s",
			    event_type_name(x->type), keys[i].key);
		if (value != NULL && keys[i].read(l, value, x) == -1)
			return -1;
	}
	return 0;
}

/* In place of that with its id in another file, or behind the others. */
static int
add_line(struct load *l, const struct yaml_node *node, const struct taught_line *x)
{
	struct taught *t = &l->rs->taught;

	for (unsigned i = 0; i < t->lines; i++) {
		if (!slice_eq(t->line[i].id, x->id))
			continue;
		if (slice_eq(t->line[i].file, x->file))
			return yaml_problem(l->doc, node, l->p,
			    "line %.*s is there already, line %u", SLICE_ARG(x->id),
			    t->line[i].line);
		taught_code_free(t->line[i].code);
		t->line[i] = *x;
		return 0;
	}
	if (t->lines == TAUGHT_MAX)
		return yaml_problem(l->doc, node, l->p, "more than %d lines", TAUGHT_MAX);
	mem_grow(&t->line, &t->cap, t->lines + 1, sizeof(*t->line));
	t->line[t->lines++] = *x;
	return 0;
}

static int
load_line(struct load *l, const struct yaml_node *node)
{
	struct taught_line x = { .line = node->line, .column = node->column };
	const char *allowed[KEYS + 1];

	for (int i = 0; i < KEYS; i++)
		allowed[i] = keys[i].key;
	allowed[KEYS] = NULL;
	x.file = arena_copy(&l->rs->arena, slice_of(l->doc->file));
	if (yaml_keys(l->doc, node, allowed, l->p) == -1 || load_keys(l, node, &x) == -1 ||
	    add_line(l, node, &x) == -1) {
		taught_code_free(x.code);
		return -1;
	}
	return 0;
}

int
lines_load(struct load *l, const struct yaml_node *node)
{
	if (node->kind != YAML_LIST)
		return yaml_problem(l->doc, node, l->p, "lines must be a list");
	for (const struct yaml_node *i = node->child; i != NULL; i = i->next)
		if (load_line(l, i) == -1)
			return -1;
	return 0;
}

int
ruleset_add_lines(struct ruleset *rs, const struct yaml_doc *doc, const struct yaml_node *list,
    struct problem *p)
{
	struct load l = { rs, doc, p };

	return lines_load(&l, list);
}
