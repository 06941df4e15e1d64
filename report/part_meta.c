/*
 * See part_meta.h. What is added up, and what is or'ed, stands in two tables of fields, so that
 * packing, reading and merging cannot forget one of them. This file makes and merges metas,
 * part_meta_pack.c writes and reads them.
 */
#include "report/part_meta_private.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/pack.h"
#include "base/table.h"
#include "parser/input.h"

#define RUN(member, count) { offsetof(struct run_facts, member), count }

const struct meta_run meta_sums[META_SUMS] = {
	RUN(lines, 4), RUN(selected, 1), RUN(repeated, 1),
	RUN(messages, sizeof(struct correlate_counts) / sizeof(uint64_t)),
	RUN(mta_lines, MTA_COUNT),
};

const struct meta_run meta_flags[META_FLAGS] = {
	RUN(year_given, 1), RUN(zone_assumed, 1), RUN(own_networks, 1), RUN(own_domains, 1),
};

static int
cmp_u64(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int
cmp_i64(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

int
place_cmp(const struct part_place *a, const struct part_place *b)
{
	int c;

	if (a->has_seq != b->has_seq)
		return a->has_seq ? -1 : 1;
	if ((c = cmp_u64(a->seq, b->seq)) != 0 || (c = cmp_i64(a->first, b->first)) != 0 ||
	    (c = cmp_i64(a->last, b->last)) != 0 ||
	    (c = input_rotation_cmp(a->name, b->name)) != 0)
		return c;
	return cmp_u64(a->hash, b->hash);
}

int
meta_input_cmp(const struct part_input *a, const struct part_input *b)
{
	int c = input_rotation_cmp(a->name, b->name);

	if (c == 0)
		c = cmp_u64(a->bytes, b->bytes);
	return c ? c : cmp_u64(a->hash, b->hash);
}

int
meta_cmp(const struct part_meta *a, const struct part_meta *b)
{
	int c = 0;

	for (unsigned i = 0; i < a->places && i < b->places && c == 0; i++)
		c = place_cmp(&a->place[i], &b->place[i]);
	return c ? c : cmp_u64(a->places, b->places);
}

static const char *
own_name(struct part_meta *m, const char *name)
{
	return arena_copy(&m->arena, slice_of(name)).p;
}

void
meta_add_input(struct part_meta *m, const char *name, uint64_t bytes, uint64_t hash)
{
	struct part_input new = { own_name(m, name), bytes, hash };
	unsigned at = m->inputs;

	while (at > 0 && meta_input_cmp(&m->input[at - 1], &new) >= 0)
		at--;
	if (at < m->inputs && meta_input_cmp(&m->input[at], &new) == 0)
		return;
	mem_grow(&m->input, &m->inputs_cap, m->inputs + 1, sizeof(*m->input));
	memmove(m->input + at + 1, m->input + at, (m->inputs - at) * sizeof(*m->input));
	m->input[at] = new;
	m->inputs++;
}

void
meta_set_place(struct part_meta *m, const uint64_t *seq, int64_t first, int64_t last)
{
	struct part_place new = { seq != NULL, seq ? *seq : 0, first, last,
		m->inputs ? m->input[0].name : "", 0 };
	struct buf b = { 0 };

	assert(m->places == 0);
	for (unsigned i = 0; i < m->inputs; i++) {
		pack_u(&b, m->input[i].bytes);
		pack_u(&b, m->input[i].hash);
	}
	new.hash = hash_fixed(buf_slice(&b), 0);
	buf_free(&b);
	mem_grow(&m->place, &m->places_cap, 1, sizeof(*m->place));
	m->place[m->places++] = new;
}

void
meta_set_text(struct part_meta *m, enum meta_text which, struct slice text)
{
	text = slice_first(text, META_TEXT_MAX);
	memset(m->text[which], 0, sizeof(m->text[which]));
	if (text.n)
		memcpy(m->text[which], text.p, text.n);
}

void
meta_free(struct part_meta *m)
{
	free(m->place);
	free(m->input);
	arena_free(&m->arena);
	*m = (struct part_meta){ 0 };
}

int
meta_check(const char *name, const struct part_meta *m, uint64_t match_hash, struct problem *p)
{
	if (m->match_hash == match_hash)
		return 0;
	return problem_set(p, "%s: made with other rules or another configuration (match hash "
	    "%016" PRIx64 ", here %016" PRIx64 ")", name, m->match_hash, match_hash);
}

static int
by_content(const void *a, const void *b)
{
	const struct part_input *x = a, *y = b;
	int c = cmp_u64(x->hash, y->hash);

	return c ? c : cmp_u64(x->bytes, y->bytes);
}

const struct part_input *
meta_twin(const struct part_meta *a, const struct part_meta *b)
{
	struct part_input *sorted = mem_alloc((b->inputs + 1ul) * sizeof(*sorted));
	const struct part_input *twin = NULL;

	for (unsigned i = 0; i < b->inputs; i++)
		sorted[i] = b->input[i];
	qsort(sorted, b->inputs, sizeof(*sorted), by_content);
	for (unsigned i = 0; i < a->inputs && twin == NULL; i++)
		if (a->input[i].bytes >= META_TWIN_BYTES &&
		    bsearch(&a->input[i], sorted, b->inputs, sizeof(*sorted), by_content) != NULL)
			twin = &a->input[i];
	free(sorted);
	return twin;
}

static void
merge_places(struct part_meta *into, const struct part_meta *from)
{
	unsigned cap = into->places + from->places, n = 0, i = 0, k = 0;
	struct part_place *all = mem_alloc((cap + 1ul) * sizeof(*all));

	while (i < into->places || k < from->places) {
		int c = i == into->places ? 1 : k == from->places ? -1 :
		    place_cmp(&into->place[i], &from->place[k]);

		all[n] = c <= 0 ? into->place[i] : from->place[k];
		if (c > 0)
			all[n].name = own_name(into, all[n].name);
		i += c <= 0;
		k += c >= 0;
		n++;
	}
	free(into->place);
	into->place = all;
	into->places = n;
	into->places_cap = cap + 1;
}

static void
merge_inputs(struct part_meta *into, const struct part_meta *from)
{
	unsigned cap = into->inputs + from->inputs, n = 0, i = 0, k = 0;
	struct part_input *all = mem_alloc((cap + 1ul) * sizeof(*all));

	while (i < into->inputs || k < from->inputs) {
		int c = i == into->inputs ? 1 : k == from->inputs ? -1 :
		    meta_input_cmp(&into->input[i], &from->input[k]);

		all[n] = c <= 0 ? into->input[i] : from->input[k];
		if (c > 0)
			all[n].name = own_name(into, all[n].name);
		i += c <= 0;
		k += c >= 0;
		n++;
	}
	free(into->input);
	into->input = all;
	into->inputs = n;
	into->inputs_cap = cap + 1;
}

static void
merge_texts(struct part_meta *into, const struct part_meta *from)
{
	for (unsigned t = 0; t < META_TEXTS; t++) {
		int c = strcmp(into->text[t], from->text[t]);
		bool both = into->text[t][0] && from->text[t][0];

		into->mixed[t] |= from->mixed[t] || (both && c != 0);
		if (c < 0)
			memcpy(into->text[t], from->text[t], sizeof(into->text[t]));
	}
}

static unsigned
add(unsigned a, unsigned b)
{
	return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

static int
least_year(int a, int b)
{
	return a == 0 || (b != 0 && b < a) ? b : a;
}

static void
merge_facts(struct run_facts *a, const struct run_facts *b)
{
	for (unsigned r = 0; r < META_SUMS; r++)
		for (unsigned i = 0; i < meta_sums[r].n; i++) {
			uint64_t *x = meta_sum(a, r, i);
			uint64_t sum = *x + *meta_sum((struct run_facts *)(uintptr_t)b, r, i);

			*x = sum < META_COUNT_MAX ? sum : META_COUNT_MAX;
		}
	for (unsigned r = 0; r < META_FLAGS; r++)
		*meta_flag(a, r) |= *meta_flag((struct run_facts *)(uintptr_t)b, r);
	a->exact &= b->exact;
	a->input_problems = add(a->input_problems, b->input_problems);
	a->same_inputs = add(a->same_inputs, b->same_inputs);
	a->backwards = add(a->backwards, b->backwards);
	if (b->patterns_disabled > a->patterns_disabled)	/* mostly the same ones */
		a->patterns_disabled = b->patterns_disabled;
	a->first_year = least_year(a->first_year, b->first_year);
	if (b->last_year > a->last_year)
		a->last_year = b->last_year;
	/* what was selected reaches as far as the widest of the two */
	a->has_since &= b->has_since;
	a->since = !a->has_since ? 0 : a->since < b->since ? a->since : b->since;
	a->has_until &= b->has_until;
	a->until = !a->has_until ? 0 : a->until > b->until ? a->until : b->until;
}

void
meta_merge(struct part_meta *into, const struct part_meta *from)
{
	if (into->places == 0) {	/* nothing yet: what holds for all holds */
		into->match_hash = from->match_hash;
		into->facts.exact = true;
		into->facts.has_since = from->facts.has_since;
		into->facts.since = from->facts.since;
		into->facts.has_until = from->facts.has_until;
		into->facts.until = from->facts.until;
	}
	merge_places(into, from);
	merge_inputs(into, from);
	merge_texts(into, from);
	merge_facts(&into->facts, &from->facts);
}
