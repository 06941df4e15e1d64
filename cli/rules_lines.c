/* See rules_lines.h. */
#include "cli/rules_lines.h"

#include <stdlib.h>

#include "cli/pipeline.h"
#include "report/dump.h"

void
rules_show_line(struct buf *b, const char *key, struct slice text)
{
	if (text.n == 0)
		return;
	buf_fmt(b, "%-12s", key);
	buf_visible(b, text);
	buf_chr(b, '\n');
}

void
rules_show_text(struct buf *b, struct slice text)
{
	while (text.n > 0) {
		const char *end = slice_chr(text, '\n');

		buf_str(b, "    ");
		buf_visible(b, end ? slice_range(text.p, end) : text);
		buf_chr(b, '\n');
		text = end ? slice_range(end + 1, slice_end(text)) : SLICE_NONE;
	}
}

/* 1: the example is read by that line; 0: by another, or by none; -1: it is no log line. */
static int
read_example(const struct taught *t, unsigned line, struct slice text, struct buf *shown)
{
	struct zone utc = { .fixed = true };
	struct names *names = names_open();
	struct header_reader *r = header_open(names, &utc, SLICE("mx1"), 2026, 0);
	struct taught_reader *reader = taught_open(t, names);
	char *copy = mem_alloc(text.n + WIDE_SLACK);	/* as lines of an input are */
	struct header h = { 0 };
	struct event ev;
	int rc = -1;

	while (text.n > 0 && text.p[text.n - 1] == '\n')
		text = slice_first(text, text.n - 1);
	if (text.n > 0)
		text.p = memcpy(copy, text.p, text.n);
	if (slice_chr(text, '\n') == NULL && header_parse(r, text, &h) == LINE_RECOGNISED) {
		event_parse(&h, &ev);
		rc = ev.type == EV_NONE && taught_read(reader, &h, &ev) &&
		    taught_last(reader) == line;
	}
	if (rc == 1 && shown != NULL) {
		buf_str(shown, "    = ");
		dump_event(&ev, names_text(names, ev.host), shown);
	}
	taught_close(reader);
	header_close(r);
	names_close(names);
	free(copy);
	return rc;
}

unsigned
rules_lines_check(const struct taught *t, unsigned *examples_r)
{
	unsigned wrong = 0;

	for (unsigned i = 0; i < t->lines; i++)
		for (unsigned k = 0; k < t->line[i].examples; k++) {
			const struct taught_line *l = &t->line[i];
			const struct taught_example *e = &l->example[k];
			int hit = read_example(t, i, e->text, NULL);

			++*examples_r;
			if (hit == (int)e->hit)
				continue;
			wrong++;
			warn("%.*s:%u:%u: %.*s: %s", SLICE_ARG(l->file), e->line, e->column,
			    SLICE_ARG(l->id), hit == -1 ? "the example is not one log line" :
			    e->hit ? "does not hit its example" : "hits its near miss");
		}
	return wrong;
}

static int
by_id(const void *a, const void *b)
{
	const struct taught_line *const *x = a, *const *y = b;

	return slice_cmp((*x)->id, (*y)->id);
}

void
rules_lines_list(const struct taught *t, struct buf *b)
{
	const struct taught_line **list = mem_alloc((t->lines + 1ul) * sizeof(*list));

	for (unsigned i = 0; i < t->lines; i++)
		list[i] = &t->line[i];
	if (t->lines)
		qsort(list, t->lines, sizeof(*list), by_id);
	for (unsigned i = 0; i < t->lines; i++) {
		buf_visible(b, list[i]->id);
		for (size_t n = list[i]->id.n; n < 8; n++)
			buf_chr(b, ' ');
		buf_fmt(b, "line         %-10s ", event_type_name(list[i]->type));
		buf_visible(b, list[i]->says);
		buf_chr(b, '\n');
	}
	free(list);
}

static void
show_event(const struct taught_line *l, struct buf *b)
{
	buf_fmt(b, "%-12s%s", "event", event_type_name(l->type));
	if (l->type == EV_DELIVERY)
		buf_fmt(b, ", status %s%s%s", delivery_status_name(l->reason),
		    l->has_agent ? ", agent " : "",
		    l->has_agent ? delivery_agent_name(l->agent) : "");
	else if (l->type == EV_REJECT)
		buf_fmt(b, ", reason %s, action %s, phase %s", reject_reason_name(l->reason),
		    reject_action_name(l->action), reject_phase_name(l->phase));
	else if (l->type == EV_PROTOCOL)
		buf_fmt(b, ", sign %s", protocol_sign_name(l->reason));
	else if (l->type == EV_VERDICT)
		buf_fmt(b, ", %s", l->spam ? "spam" : "no spam");
	buf_chr(b, '\n');
}

bool
rules_lines_show(const struct taught *t, struct slice id, struct buf *b)
{
	const struct taught_line *l;
	unsigned i = 0;

	while (i < t->lines && !slice_eq(t->line[i].id, id))
		i++;
	if (i == t->lines)
		return false;
	l = &t->line[i];
	rules_show_line(b, "id", l->id);
	buf_fmt(b, "%-12s", "file");
	buf_visible(b, l->file);
	buf_fmt(b, ":%u\n", l->line);
	rules_show_line(b, "says", l->says);
	for (unsigned k = 0; k < l->programs; k++)
		rules_show_line(b, k ? "" : "program", l->program[k]);
	rules_show_line(b, "literal", l->literal);
	rules_show_line(b, "match", l->match);
	rules_show_line(b, "queue", l->queue);
	show_event(l, b);
	for (unsigned k = 0; k < l->examples; k++) {
		buf_fmt(b, "%s\n", l->example[k].hit ? "hit" : "near miss");
		rules_show_text(b, l->example[k].text);
		read_example(t, i, l->example[k].text, b);
	}
	return true;
}
