/*
 * The bytes of a part_meta: numbers and texts of pack.h, in the order of the functions here. There
 * is one form for each meta, and the reader takes no other: lists must be in ascending order,
 * counts within their limits, and nothing may be left over.
 */
#include "base/pack.h"
#include "report/part_meta_private.h"

enum { YEAR_MAX = 9999 };

static void
pack_text(struct buf *b, const char *text)
{
	pack_bytes(b, slice_of(text));
}

/* A text with at most max bytes and without NUL. */
static struct slice
unpack_text(struct unpack *u, size_t max)
{
	struct slice s = unpack_bytes(u);

	u->bad |= s.n > max || slice_chr(s, '\0') != NULL;
	return u->bad ? SLICE_NONE : s;
}

static bool
unpack_bool(struct unpack *u)
{
	return unpack_max(u, 1) == 1;
}

static void
pack_optional(struct buf *b, bool has, int64_t v)
{
	pack_u(b, has);
	if (has)
		pack_i(b, v);
}

static int64_t
unpack_optional(struct unpack *u, bool *has_r)
{
	*has_r = unpack_bool(u);
	return *has_r ? unpack_i(u) : 0;
}

static void
pack_lists(const struct part_meta *m, struct buf *b)
{
	pack_u(b, m->places);
	for (unsigned i = 0; i < m->places; i++) {
		const struct part_place *p = &m->place[i];

		pack_u(b, p->has_seq);
		if (p->has_seq)
			pack_u(b, p->seq);
		pack_i(b, p->first);
		pack_i(b, p->last);
		pack_text(b, p->name);
		pack_u(b, p->hash);
	}
	pack_u(b, m->inputs);
	for (unsigned i = 0; i < m->inputs; i++) {
		pack_text(b, m->input[i].name);
		pack_u(b, m->input[i].bytes);
		pack_u(b, m->input[i].hash);
	}
}

/* So many items of at least that many bytes follow. */
static unsigned
unpack_list(struct unpack *u, size_t least)
{
	uint64_t n = unpack_count(u, least);

	u->bad |= n > META_LIST_MAX;
	return u->bad ? 0 : (unsigned)n;
}

static void
unpack_places(struct unpack *u, struct part_meta *m)
{
	unsigned n = unpack_list(u, 5);

	u->bad |= n == 0;
	mem_grow(&m->place, &m->places_cap, n, sizeof(*m->place));
	while (m->places < n && !u->bad) {
		struct part_place *p = &m->place[m->places];

		*p = (struct part_place){ .has_seq = unpack_bool(u) };
		if (p->has_seq)
			p->seq = unpack_u(u);
		p->first = unpack_i(u);
		p->last = unpack_i(u);
		p->name = arena_copy(&m->arena, unpack_text(u, META_NAME_MAX)).p;
		p->hash = unpack_u(u);
		u->bad |= m->places > 0 && place_cmp(p - 1, p) >= 0;
		m->places++;
	}
}

static void
unpack_inputs(struct unpack *u, struct part_meta *m)
{
	unsigned n = unpack_list(u, 3);

	mem_grow(&m->input, &m->inputs_cap, n, sizeof(*m->input));
	while (m->inputs < n && !u->bad) {
		struct part_input *p = &m->input[m->inputs];

		p->name = arena_copy(&m->arena, unpack_text(u, META_NAME_MAX)).p;
		p->bytes = unpack_u(u);
		p->hash = unpack_u(u);
		u->bad |= m->inputs > 0 && meta_input_cmp(p - 1, p) >= 0;
		m->inputs++;
	}
}

static void
pack_facts(const struct part_meta *m, struct buf *b)
{
	struct run_facts *f = (struct run_facts *)(uintptr_t)&m->facts;	/* only read */

	for (unsigned r = 0; r < META_SUMS; r++)
		for (unsigned i = 0; i < meta_sums[r].n; i++) {
			uint64_t sum = *meta_sum(f, r, i);

			pack_u(b, sum < META_COUNT_MAX ? sum : META_COUNT_MAX);
		}
	for (unsigned r = 0; r < META_FLAGS; r++)
		pack_u(b, *meta_flag(f, r));
	pack_u(b, f->exact);
	pack_u(b, f->input_problems);
	pack_u(b, f->same_inputs);
	pack_u(b, f->backwards);
	pack_u(b, f->patterns_disabled);
	pack_u(b, (unsigned)f->first_year);
	pack_u(b, (unsigned)f->last_year);
	pack_optional(b, f->has_since, f->since);
	pack_optional(b, f->has_until, f->until);
}

static void
unpack_facts(struct unpack *u, struct part_meta *m)
{
	struct run_facts *f = &m->facts;

	for (unsigned r = 0; r < META_SUMS; r++)
		for (unsigned i = 0; i < meta_sums[r].n; i++)
			*meta_sum(f, r, i) = unpack_max(u, META_COUNT_MAX);
	for (unsigned r = 0; r < META_FLAGS; r++)
		*meta_flag(f, r) = unpack_bool(u);
	f->exact = unpack_bool(u);
	f->input_problems = (unsigned)unpack_max(u, UINT32_MAX);
	f->same_inputs = (unsigned)unpack_max(u, UINT32_MAX);
	f->backwards = (unsigned)unpack_max(u, UINT32_MAX);
	f->patterns_disabled = (unsigned)unpack_max(u, UINT32_MAX);
	f->first_year = (int)unpack_max(u, YEAR_MAX);
	f->last_year = (int)unpack_max(u, YEAR_MAX);
	f->since = unpack_optional(u, &f->has_since);
	f->until = unpack_optional(u, &f->has_until);
}

void
meta_pack(const struct part_meta *m, struct buf *b)
{
	pack_u(b, m->match_hash);
	for (unsigned t = 0; t < META_TEXTS; t++) {
		pack_text(b, m->text[t]);
		pack_u(b, m->mixed[t]);
	}
	pack_lists(m, b);
	pack_facts(m, b);
}

int
meta_unpack(const char *name, struct slice bytes, struct part_meta *m_r, struct problem *p)
{
	struct unpack u = { bytes, false };

	m_r->match_hash = unpack_u(&u);
	for (unsigned t = 0; t < META_TEXTS; t++) {
		meta_set_text(m_r, (enum meta_text)t, unpack_text(&u, META_TEXT_MAX));
		m_r->mixed[t] = unpack_bool(&u);
	}
	unpack_places(&u, m_r);
	unpack_inputs(&u, m_r);
	unpack_facts(&u, m_r);
	if (u.bad || u.rest.n > 0)
		return problem_set(p, "%s: damaged part: what it says of itself makes no sense",
		    name);
	return 0;
}
