/* See splits.h. */
#include "parser/splits.h"

#include <stdlib.h>

#include "base/problem.h"
#include "base/wide.h"

struct split *
splits_find(struct splits *s, uint32_t host, uint32_t pid, uint64_t past)
{
	for (unsigned i = 0; i < SPLITS; i++)
		if (s->item[i].tick > past && s->item[i].host == host && s->item[i].pid == pid)
			return &s->item[i];
	return NULL;
}

/* That of the process, else one that is free, else the oldest. */
static struct split *
make(struct splits *s, uint32_t host, uint32_t pid)
{
	struct split *x = splits_find(s, host, pid, 0);

	for (unsigned i = 0; x == NULL && i < SPLITS; i++)
		if (s->item[i].tick == 0)
			x = &s->item[i];
	if (x == NULL)
		x = &s->item[0];
	for (unsigned i = 0; x->tick != 0 && i < SPLITS; i++)
		if ((x->host != host || x->pid != pid) && s->item[i].tick < x->tick)
			x = &s->item[i];
	x->host = host;
	x->pid = pid;
	return x;
}

static void
append(struct split *x, struct slice text)
{
	text = slice_first(text, SPLIT_BYTES - x->n);
	mem_grow(&x->text, &x->cap, x->n + (uint32_t)text.n + WIDE_SLACK, 1);
	if (text.n)
		memcpy(x->text + x->n, text.p, text.n);
	x->n += (uint32_t)text.n;
}

void
splits_put(struct splits *s, const struct split_part *p, uint64_t tick)
{
	struct split *x = make(s, p->host, p->pid);

	x->tick = tick;
	x->part = p->part;
	x->parts = p->parts;
	x->n = 0;
	append(x, p->text);
}

bool
splits_add(struct splits *s, const struct split_part *p, uint64_t past, uint64_t tick,
    struct slice *line_r)
{
	struct split *x = splits_find(s, p->host, p->pid, past);

	if (p->part == 1) {
		splits_put(s, p, tick);
		x = splits_find(s, p->host, p->pid, 0);
	} else if (x == NULL) {
		return false;
	} else {
		x->tick = tick;
		if (x->parts != p->parts || x->part + 1 != p->part) {
			x->parts = 0;
			return false;
		}
		x->part++;
		append(x, p->text);
	}
	if (!p->breaks && p->part < p->parts)
		return false;
	x->parts = 0;
	*line_r = (struct slice){ x->text, x->n };
	return true;
}

void
splits_free(struct splits *s)
{
	for (unsigned i = 0; i < SPLITS; i++)
		free(s->item[i].text);
	*s = (struct splits){ .item = { { .tick = 0 } } };
}
