/*
 * See rules_command.h. Each example has a correlator, a state and hosts of its own; a rule hits an
 * example when it is among the hits of any message, attempt or sign that its lines make. Those of
 * line shapes are in rules_lines.c.
 */
#define _GNU_SOURCE
#include "cli/rules_command.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "classify/observe.h"
#include "cli/pipeline.h"
#include "cli/rules_lines.h"

static bool
take(struct classifier *cl, struct correlate *c, unsigned rule)
{
	const struct message *m;
	struct observation o;
	bool hit = false;

	while ((m = correlate_next(c)) != NULL) {
		observe(cl, m, &o);
		for (unsigned i = 0; i < cl->state.signatures; i++) {
			const struct hits *h =
			    evaluator_get(cl->evaluator, cl->state.signature[i].hits);

			for (uint32_t k = 0; k < h->n; k++)
				hit |= h->rule[k] == rule;
		}
	}
	return hit;
}

/*
 * Examples see this configuration, documented in rules/README.md: a forwarder's hosts are under
 * forwarder.example, many people share an address in 198.51.100.0/24.
 */
static void
example_own(struct own *own)
{
	struct prefix shared;

	mem_grow(&own->forwarder, &own->caps[2], 1, sizeof(*own->forwarder));
	own->forwarder[own->forwarders++] = SLICE("forwarder.example");
	if (prefix_parse(SLICE("198.51.100.0/24"), &shared, NULL) == 0)
		prefix_set_add(&own->shared, &shared);
}

/* -1: a line is no log line that we know. */
static int
run_lines(const struct config *c, struct evaluator *e, const struct own *own, struct slice text,
    unsigned rule)
{
	struct zone utc = { .fixed = true };
	struct names *names = names_open();
	struct header_reader *r = header_open(names, &utc, SLICE("mx1"), 2026, 0);
	struct taught_reader *taught = taught_open(&c->rules.taught, names);
	struct correlate *co = correlate_open(1000);
	struct classifier cl = {
		.rules = &c->rules, .evaluator = e, .own = own, .names = names
	};
	bool hit = false, bad = false;
	char *copy = mem_alloc(text.n + WIDE_SLACK);	/* as lines of an input are */

	if (text.n > 0)
		text.p = memcpy(copy, text.p, text.n);
	while (text.n > 0 && !bad) {
		const char *end = slice_chr(text, '\n');
		struct slice line = end ? slice_range(text.p, end) : text;
		struct header h = { 0 };
		struct event ev;

		text = end ? slice_range(end + 1, slice_end(text)) : SLICE_NONE;
		if (line.n == 0)
			continue;
		bad = header_parse(r, line, &h) != LINE_RECOGNISED ||
		    line_read(taught, &h, &ev) != LINE_RECOGNISED;
		if (!bad) {
			correlate_event(co, &ev);
			hit |= take(&cl, co, rule);
		}
	}
	correlate_end(co);
	hit |= take(&cl, co, rule);
	correlate_close(co);
	state_free(&cl.state);
	taught_close(taught);
	header_close(r);
	names_close(names);
	free(copy);
	return bad ? -1 : hit;
}

static bool
late_holds(const struct rule *r, const struct example *e)
{
	for (unsigned i = 0; i < r->bounds; i++) {
		int64_t value = 0;

		for (unsigned k = 0; k < e->values; k++)
			if (e->value[k].counter == r->bound[i].counter)
				value = e->value[k].min;
		if (value < r->bound[i].min || value > r->bound[i].max)
			return false;
	}
	return true;
}

static int
check_example(const struct config *c, struct evaluator *ev, const struct own *own, unsigned rule,
    const struct example *e)
{
	const struct rule *r = &c->rules.rule[rule];
	int hit = r->late ? late_holds(r, e) : run_lines(c, ev, own, e->text, rule);

	if (hit == (int)e->hit)
		return 0;
	warn("%.*s:%u:%u: %.*s: %s", SLICE_ARG(r->file), e->line, e->column, SLICE_ARG(r->id),
	    hit == -1 ? "a line of the example is no known log line" :
	    e->hit ? "does not hit its example" : "hits its near miss");
	return 1;
}

int
rules_check(const struct config *c)
{
	struct evaluator *e = evaluator_open(&c->rules);
	unsigned examples = 0, wrong = 0;
	struct own own = { 0 };

	example_own(&own);
	for (unsigned i = 0; i < c->rules.rules; i++)
		for (unsigned k = 0; k < c->rules.rule[i].examples; k++) {
			examples++;
			wrong +=
			    (unsigned)check_example(c, e, &own, i, &c->rules.rule[i].example[k]);
		}
	own_free(&own);
	evaluator_close(e);
	wrong += rules_lines_check(&c->rules.taught, &examples);
	if (wrong) {
		warn("%u of %u examples are wrong", wrong, examples);
		return 2;
	}
	printf("%u rules, ", c->rules.rules);
	if (c->rules.taught.lines > 0)
		printf("%u line shapes, ", c->rules.taught.lines);
	printf("%u examples, 0 wrong\n", examples);
	return 0;
}

static void
print_weights(const struct rule *r, struct buf *b)
{
	static const char letter[VERDICTS] = { 'O', 'Z', 'M', 'C' };

	for (int k = 1; k <= VERDICTS; k++)
		if (r->weight[k % VERDICTS])
			buf_fmt(b, " %c%+d", letter[k % VERDICTS], (int)r->weight[k % VERDICTS]);
	if (r->behaviour)
		buf_fmt(b, " behaviour%+d", (int)r->behaviour);
}

static int
id_cmp(const void *a, const void *b)
{
	const struct rule *const *x = a, *const *y = b;

	return slice_cmp((*x)->id, (*y)->id);
}

int
rules_list(const struct config *c)
{
	const struct rule **list = mem_alloc((c->rules.rules + 1) * sizeof(*list));
	struct buf b = { 0 };

	for (unsigned i = 0; i < c->rules.rules; i++)
		list[i] = &c->rules.rule[i];
	qsort(list, c->rules.rules, sizeof(*list), id_cmp);
	for (unsigned i = 0; i < c->rules.rules; i++) {
		struct slice group = c->rules.group[list[i]->group].name;

		buf_fmt(&b, "%-7.*s %-12.*s %c%c ", SLICE_ARG(list[i]->id), SLICE_ARG(group),
		    list[i]->forgeable, list[i]->anchor ? '*' : ' ');
		buf_visible(&b, list[i]->says);
		print_weights(list[i], &b);
		buf_chr(&b, '\n');
	}
	rules_lines_list(&c->rules.taught, &b);
	fwrite(b.p, 1, b.n, stdout);
	buf_free(&b);
	free(list);
	return 0;
}

static void
show_examples(const struct rule *r, struct buf *b)
{
	for (unsigned i = 0; i < r->examples; i++) {
		const struct example *e = &r->example[i];

		buf_fmt(b, "%s\n", e->hit ? "hit" : "near miss");
		for (unsigned k = 0; k < e->values; k++)
			buf_fmt(b, "    %s: %lld\n", counter_name(e->value[k].counter),
			    (long long)e->value[k].min);
		rules_show_text(b, e->text);
	}
}

int
rules_show(const struct config *c, const char *id)
{
	const struct rule *r = ruleset_find(&c->rules, slice_of(id));
	struct buf b = { 0 };

	if (r == NULL && rules_lines_show(&c->rules.taught, slice_of(id), &b)) {
		fwrite(b.p, 1, b.n, stdout);
		buf_free(&b);
		return 0;
	}
	if (r == NULL) {
		warn("no rule %s; see spamsource rules list", id);
		return 2;
	}
	rules_show_line(&b, "id", r->id);
	buf_fmt(&b, "%-12s%.*s:%u\n", "file", SLICE_ARG(r->file), r->line);
	rules_show_line(&b, "group", c->rules.group[r->group].name);
	rules_show_line(&b, "says", r->says);
	buf_fmt(&b, "%-12s%s\n", "scope", r->late ? unit_name(r->unit) : scope_name(r->scope));
	buf_fmt(&b, "%-12s%c%s\n", "forgeable", r->forgeable, r->anchor ? ", an anchor" : "");
	buf_fmt(&b, "%-12s", "weight");
	print_weights(r, &b);
	buf_str(&b, " (milli-nats)\n");
	for (unsigned i = 0; i < r->bounds; i++) {
		buf_fmt(&b, "%-12s%s", i ? "" : "counts", counter_name(r->bound[i].counter));
		if (r->bound[i].min != INT64_MIN)
			buf_fmt(&b, " >= %lld", (long long)r->bound[i].min);
		if (r->bound[i].max != INT64_MAX)
			buf_fmt(&b, " <= %lld", (long long)r->bound[i].max);
		buf_chr(&b, '\n');
	}
	rules_show_line(&b, "note", r->note);
	rules_show_line(&b, "source", r->source);
	show_examples(r, &b);
	fwrite(b.p, 1, b.n, stdout);
	buf_free(&b);
	return 0;
}
