/*
 * Which DNSBLs the log names: the zones of refusals, and of answers that a rule takes as a listing
 * (a white list's are none). They are numbered by their names, as nothing else is the same in any
 * order of events.
 */
#include <stdlib.h>

#include "classify/judge_private.h"

static bool
speaks_of_list(const struct judge *j, const struct signature *sig)
{
	const struct hits *h = &j->hits[sig->hits];

	if (sig->zone == 0)
		return false;
	for (uint32_t i = 0; sig->kind == KIND_SIGN && i < h->n; i++)
		if (j->brief[h->rule[i]].list)
			return true;
	return sig->kind != KIND_SIGN;
}

static int
by_text(const void *a, const void *b)
{
	return slice_cmp(*(const struct slice *)a, *(const struct slice *)b);
}

/* All distinct ones, ascending; to be freed. */
static struct slice *
find_zones(const struct judge *j, unsigned *n_r)
{
	const struct state *st = j->st;
	struct slice *zone = mem_alloc((st->signatures + 1ul) * sizeof(*zone));
	unsigned n = 0, kept = 0;

	for (unsigned i = 0; i < st->signatures; i++)
		if (speaks_of_list(j, &st->signature[i]))
			zone[n++] = st->text[st->signature[i].zone];
	if (n)
		qsort(zone, n, sizeof(*zone), by_text);
	for (unsigned i = 0; i < n; i++)
		if (kept == 0 || !slice_eq(zone[kept - 1], zone[i]))
			zone[kept++] = zone[i];
	*n_r = kept;
	return zone;
}

void
lists_find(struct judge *j)
{
	const struct state *st = j->st;
	struct slice *zone = find_zones(j, &j->lists);

	if (j->lists > LISTS_MAX) {
		j->lists = LISTS_MAX;
		zone[LISTS_MAX - 1] = SLICE_NONE;
	}
	memcpy(j->list, zone, j->lists * sizeof(*zone));
	free(zone);
	j->list_of = mem_alloc(st->signatures + 1ul);
	for (unsigned i = 0; i < st->signatures; i++) {
		unsigned at = 0;

		if (!speaks_of_list(j, &st->signature[i]))
			continue;
		while (at + 1 < j->lists && !slice_eq(j->list[at], st->text[st->signature[i].zone]))
			at++;
		j->list_of[i] = (uint8_t)(at + 1);
	}
}

const struct slice *
judge_lists(const struct judge *j, unsigned *n_r)
{
	*n_r = j->lists;
	return j->list;
}

uint64_t
judge_list_of(const struct judge *j, uint32_t signature)
{
	return list_bit(j, signature);
}
