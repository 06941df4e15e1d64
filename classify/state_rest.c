/*
 * See state_rest.h. A bag of thousands of things is slow to add to. So sums of some hours are kept
 * in rows, by what; sources that came at the same time are near each other in a state, so a row is
 * used often before another hour needs its place. One that is not does not get it.
 */
#include "classify/state_rest.h"

#include <stdlib.h>

#include "base/problem.h"
#include "base/utc.h"
#include "classify/state_hours.h"

enum { ROWS_BYTES = 16 << 20 };

void
rest_open(struct rest *r, struct state *into, const struct state *from)
{
	*r = (struct rest){ .into = into };
	if (!from->spanned || from->first > from->last)
		return;
	r->from = utc_stamp(from->first) / UTC_HOUR;
	r->hours = utc_stamp(from->last) / UTC_HOUR - r->from + 1;
}

static void
make_rows(struct rest *r)
{
	r->width = r->into->signatures + COUNT_STORED;
	r->rows = (unsigned)(ROWS_BYTES / sizeof(*r->n)) / r->width + 1;
	if (r->rows > r->hours)
		r->rows = r->hours;
	r->bag = mem_alloc(r->hours * sizeof(*r->bag));
	r->row = mem_alloc(r->rows * sizeof(*r->row));
	r->n = mem_alloc((unsigned long)r->rows * r->width * sizeof(*r->n));
}

static void
end_row(struct rest *r, unsigned row)
{
	uint32_t *n = &r->n[(size_t)row * r->width];
	uint32_t *bag = &r->bag[r->row[row].hour - 1 - r->from];

	for (uint32_t i = 0; i < r->width; i++) {
		uint32_t what = i < r->into->signatures ? i :
		    WHAT_COUNTER + (i - r->into->signatures);

		if (n[i] != 0)
			*bag = bags_add(&r->into->bags, *bag, what, n[i]);
		n[i] = 0;
	}
	r->row[row] = (struct rest_row){ 0, 0 };
}

bool
rest_add(struct rest *r, uint32_t hour, uint32_t what, uint32_t n)
{
	uint32_t at = hour - r->from;
	struct rest_row *row;
	unsigned i;

	if (at >= r->hours)
		return false;
	if (r->row == NULL)
		make_rows(r);
	i = at % r->rows;
	row = &r->row[i];
	row->uses++;
	if (row->hour != 0 && row->hour != hour + 1 && row->uses > r->width)
		end_row(r, i);
	if (row->hour == 0)
		row->hour = hour + 1;
	if (row->hour == hour + 1)
		count_add(&r->n[(size_t)i * r->width + (what < WHAT_COUNTER ? what :
		    r->into->signatures + (what - WHAT_COUNTER))], n);
	else
		r->bag[at] = bags_add(&r->into->bags, r->bag[at], what, n);
	return true;
}

void
rest_close(struct rest *r)
{
	uint32_t rest = state_find(r->into, SOURCE_REST, 0, 0), after = 0;

	for (unsigned i = 0; i < r->rows; i++)
		if (r->row[i].hour != 0)
			end_row(r, i);
	for (uint32_t i = r->bag ? r->hours : 0; i > 0; i--) {
		uint32_t *bag;

		if (r->bag[i - 1] == 0)
			continue;
		bag = state_bag(r->into, rest, &after, r->from + i - 1);
		*bag = *bag ? bags_unite(&r->into->bags, *bag, r->bag[i - 1]) : r->bag[i - 1];
	}
	free(r->bag);
	free(r->row);
	free(r->n);
}
