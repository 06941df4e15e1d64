/*
 * See set.h. One element inside, a sorted array to 128; then HyperLogLog whose 256 one-byte
 * registers live in the same block. Union is element-wise, so any order of adding and uniting gives
 * the same set.
 */
#include "base/set.h"

#include <stdlib.h>
#include <string.h>

#include "base/problem.h"

enum { REGISTERS = 256, RANK_MAX = 57 };

static uint64_t
mix(uint64_t x)
{
	x ^= x >> 33;
	x *= 0xff51afd7ed558ccdu;
	x ^= x >> 33;
	x *= 0xc4ceb9fe1a85ec53u;
	return x ^ x >> 33;
}

static void
estimate_add(struct set *s, uint64_t element)
{
	uint8_t *reg = (uint8_t *)s->item;
	uint64_t h = mix(element), rest = h >> 8 | (uint64_t)1 << 56;
	uint8_t rank = (uint8_t)(__builtin_ctzll(rest) + 1);

	if (reg[h & 0xff] < rank)
		reg[h & 0xff] = rank;
}

void
set_free(struct set *s)
{
	if (s->cap)
		free(s->item);
	*s = (struct set){ 0 };
}

static void
to_estimate(struct set *s)
{
	struct set e = { .item = mem_alloc(REGISTERS), .cap = REGISTERS / 8, .estimated = true };

	for (unsigned i = 0; i < s->n; i++)
		estimate_add(&e, set_items(s)[i]);
	set_free(s);
	*s = e;
}

static unsigned
place(const struct set *s, uint64_t element)
{
	const uint64_t *item = set_items(s);
	unsigned lo = 0, hi = s->n;

	while (lo < hi) {
		unsigned mid = (lo + hi) / 2;

		if (item[mid] < element)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* From one inside, to a block of the allocator's least size, to twice as much. */
static void
grow(struct set *s)
{
	uint16_t cap = s->cap ? (uint16_t)(s->cap * 2) : 3;
	uint64_t *item = mem_resize(s->cap ? s->item : NULL, cap * sizeof(*item));

	if (s->cap == 0)
		item[0] = s->one;
	s->item = item;
	s->cap = cap;
}

void
set_add(struct set *s, uint64_t element)
{
	unsigned at;

	if (s->estimated) {
		estimate_add(s, element);
		return;
	}
	if (s->n == 0) {
		s->one = element;
		s->n = 1;
		return;
	}
	at = place(s, element);
	if (at < s->n && set_items(s)[at] == element)
		return;
	if (s->n == SET_EXACT) {
		to_estimate(s);
		estimate_add(s, element);
		return;
	}
	if (s->n >= s->cap)
		grow(s);
	memmove(s->item + at + 1, s->item + at, (s->n - at) * sizeof(*s->item));
	s->item[at] = element;
	s->n++;
}

void
set_unite(struct set *into, const struct set *from)
{
	if (from->estimated && !into->estimated)
		to_estimate(into);
	if (!from->estimated) {
		for (unsigned i = 0; i < from->n; i++)
			set_add(into, set_items(from)[i]);
		return;
	}
	for (unsigned i = 0; i < REGISTERS; i++) {
		uint8_t *a = (uint8_t *)into->item, *b = (uint8_t *)from->item;

		if (a[i] < b[i])
			a[i] = b[i];
	}
}

bool
set_has(const struct set *s, uint64_t element)
{
	unsigned at = s->estimated ? 0 : place(s, element);

	return !s->estimated && at < s->n && set_items(s)[at] == element;
}

/*
 * How many elements leave that many registers empty: m / m + m / (m - 1) + ... + m / (empty + 1),
 * each term being the elements it takes on average to fill one more.
 */
static uint64_t
count_by_empty(unsigned empty)
{
	uint64_t sum = 0;

	for (unsigned i = empty + 1; i <= REGISTERS; i++)
		sum += ((uint64_t)REGISTERS << 32) / i;
	return sum >> 32;
}

/*
 * HyperLogLog in integers: alpha * m^2 / sum(2^-r) with the sum in units of 2^-57. Up to 2.5 m
 * that is far too high, and the empty registers tell better. Never below the exact limit, which
 * was passed for certain.
 */
uint64_t
set_count(const struct set *s)
{
	const uint8_t *reg = (const uint8_t *)s->item;
	unsigned __int128 sum = 0;
	uint64_t count;
	unsigned empty = 0;

	if (!s->estimated)
		return s->n;
	for (unsigned i = 0; i < REGISTERS; i++) {
		sum += (unsigned __int128)1 << (RANK_MAX - reg[i]);
		empty += reg[i] == 0;
	}
	/* alpha(256) = 0.7183 */
	count = (uint64_t)((((unsigned __int128)7183 * REGISTERS * REGISTERS) << 57) / 10000 / sum);
	if (count <= REGISTERS * 5 / 2 && empty > 0)
		count = count_by_empty(empty);
	return count > SET_EXACT ? count : SET_EXACT + 1;
}

/* An estimate's registers are as many bytes; an exact set's elements are steps upwards. */
void
set_pack(const struct set *s, struct buf *out)
{
	uint64_t last = 0;

	pack_u(out, s->estimated ? SET_EXACT + 1 : s->n);
	if (s->estimated)
		buf_add(out, (struct slice){ (const char *)s->item, REGISTERS });
	for (unsigned i = 0; !s->estimated && i < s->n; i++) {
		pack_u(out, set_items(s)[i] - last);
		last = set_items(s)[i];
	}
}

static void
unpack_estimate(struct set *s, struct unpack *u)
{
	if (u->rest.n < REGISTERS) {
		u->bad = true;
		return;
	}
	to_estimate(s);
	memcpy(s->item, u->rest.p, REGISTERS);
	u->rest = slice_skip(u->rest, REGISTERS);
	for (unsigned i = 0; i < REGISTERS; i++)
		u->bad |= ((uint8_t *)s->item)[i] > RANK_MAX;
}

void
set_unpack(struct set *s, struct unpack *u)
{
	uint64_t n = unpack_max(u, SET_EXACT + 1), last = 0;

	if (n > SET_EXACT) {
		unpack_estimate(s, u);
		return;
	}
	for (unsigned i = 0; i < n && !u->bad; i++) {
		uint64_t step = unpack_u(u);

		u->bad |= (i > 0 && step == 0) || step > UINT64_MAX - last;
		last += step;
		if (!u->bad)
			set_add(s, last);
	}
}
