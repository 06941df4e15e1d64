/*
 * See hostname_ip.h. Three views of the name, cheapest first:
 *
 * 1. its digit runs as numbers, whatever stands between them: four neighbours that are the
 *    octets forward or backward, or all four octets in any order, are the full address; three
 *    neighbours (abc, bcd, backward too) are THREE; the last two (cd, dc) are TWO, as rack
 *    numbers of server farms give that by chance;
 * 2. the name without "-", "_" and ".": the address as 8 hexadecimal digits, as padded or plain
 *    decimal octets, as one decimal number; its last three octets (THREE), its last two (TWO).
 *    All of these hold six digits that are known, so only where there are six together is that
 *    view made, and only where those six are is more compared;
 * 3. for IPv6 the same view with nibbles (all, the interface half, the network half, forward and
 *    backward), the MAC address behind an EUI-64, and groups without leading zeros. Addresses of
 *    6to4 and NAT64 are looked for as IPv4 as well.
 */
#include "classify/hostname_ip.h"

#include "classify/hostname_six.h"

enum { NUMBERS_MAX = 64, MULTISET_MAX = 8, NAME_MAX_BYTES = 255 };

struct number {
	unsigned value;		/* over 255: no octet */
	unsigned from, to;
};

struct numbers {
	struct number item[NUMBERS_MAX];
	unsigned n;
};

struct packed {			/* the name without separators */
	char text[NAME_MAX_BYTES + 8];	/* 8 bytes can be read from each place */
	uint8_t from[NAME_MAX_BYTES];	/* where each byte stood */
	unsigned n;
};

struct needle {			/* of 6 bytes or more */
	char text[32];
	unsigned n;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f');
}

static void
better(struct ip_in_name *best, enum ip_strength strength, unsigned from, unsigned to)
{
	if (strength > best->strength)
		*best = (struct ip_in_name){ strength, from, to };
}

/* The number that the digits from..to are, or for a great one any over 255. */
static inline unsigned
number_at(const struct host_name *h, unsigned from, unsigned to)
{
	uint32_t three = (swar_load4(h->text + from) ^ 0x30303030u) << (32 - 8 * (to - from)) % 32;
	unsigned value = 0;

	if (to - from <= 3)
		return (three >> 8 & 255) * 100 + (three >> 16 & 255) * 10 + (three >> 24);
	for (; from < to && value < 256; from++)
		value = value * 10 + (unsigned)(h->text[from] - '0');
	return value;
}

/* The octets as the numbers of look_back(): four times 16 bits. */
static uint64_t
four_of(unsigned a, unsigned b, unsigned c, unsigned d)
{
	return (uint64_t)a << 48 | (uint64_t)b << 32 | (uint64_t)c << 16 | d;
}

/* Are the last four numbers, or fewer, the octets? last: these four; n: how many there are. */
static void
look_back(const struct number *num, unsigned n, uint64_t last, uint64_t ahead, uint64_t back,
    struct ip_in_name *best)
{
	uint64_t three = last & 0xffffffffffffu, two = (uint32_t)last;

	if (n >= 4 && (last == ahead || last == back))
		better(best, IP_FULL, num[-3].from, num->to);
	else if (n >= 3 && (three == ahead >> 16 || three == (ahead & 0xffffffffffffu) ||
	    three == back >> 16 || three == (back & 0xffffffffffffu)))
		better(best, IP_THREE, num[-2].from, num->to);
	else if (n >= 2 && (two == (uint32_t)ahead || two == back >> 32))
		better(best, IP_TWO, num[-1].from, num->to);
}

/* Stops where the full address is found. */
static __attribute__((noinline)) void
read_numbers(const struct host_name *h, const uint8_t b[4], struct numbers *list,
    struct ip_in_name *best)
{
	uint64_t ahead = four_of(b[0], b[1], b[2], b[3]), back = four_of(b[3], b[2], b[1], b[0]);
	uint64_t before = 0, last = 0;

	list->n = 0;
	for (unsigned w = 0; w < h->is.words; w++)
		for (uint64_t starts = name_starts(h->is.digit, w, &before);
		     starts && list->n < NUMBERS_MAX && best->strength < IP_FULL;
		     starts &= starts - 1) {
			struct number *num = &list->item[list->n++];

			num->from = 64 * w + (unsigned)__builtin_ctzll(starts);
			num->to = name_leave(h->is.digit, h->is.words, num->from);
			num->value = number_at(h, num->from, num->to);
			last = last << 16 | num->value;
			look_back(num, list->n, last, ahead, back, best);
		}
}

static void
any_order(const struct numbers *list, const uint8_t b[4], struct ip_in_name *best)
{
	bool used[MULTISET_MAX] = { false };
	unsigned from = NAME_MAX_BYTES, to = 0;

	if (list->n < 4 || list->n > MULTISET_MAX)
		return;
	for (unsigned k = 0; k < 4; k++) {
		unsigned i = 0;

		while (i < list->n && (used[i] || list->item[i].value != b[k]))
			i++;
		if (i == list->n)
			return;
		used[i] = true;
		from = list->item[i].from < from ? list->item[i].from : from;
		to = list->item[i].to > to ? list->item[i].to : to;
	}
	better(best, IP_FULL, from, to);
}

static inline bool
has_two_numbers(const struct host_name *h)
{
	uint64_t before = 0, starts = name_starts(h->is.digit, 0, &before);

	return h->is.words > 1 || (starts & (starts - 1)) != 0;
}

/* One number alone is nothing. */
static inline void
search_numbers(const struct host_name *h, const uint8_t b[4], struct ip_in_name *best)
{
	struct numbers list;

	if (!has_two_numbers(h))
		return;
	read_numbers(h, b, &list, best);
	if (best->strength < IP_FULL)
		any_order(&list, b, best);
}

/* Do six digits stand together? The window goes on behind the last byte in it that is none. */
static bool
has_six(const struct packed *v)
{
	for (unsigned end = 6, run; end <= v->n; end += 6 - run) {
		for (run = 0; run < 6 && is_digit(v->text[end - 1 - run]); run++)
			;
		if (run == 6)
			return true;
	}
	return false;
}

static void
pack(const struct host_name *h, struct packed *v)
{
	v->n = 0;
	for (unsigned i = 0; i < h->n; i++) {
		char c = h->text[i];

		v->text[v->n] = c;
		v->from[v->n] = (uint8_t)i;
		v->n += c != '-' && c != '_' && c != '.';
	}
	memset(v->text + v->n, 0, 8);
}

/* Where a part of needle stands in v; v->n when it does not. */
static unsigned
place_of(const struct packed *v, const char *needle, unsigned n)
{
	uint32_t first = swar_load4(needle);

	for (unsigned i = 0; i + n <= v->n; i++)
		if (swar_load4(v->text + i) == first &&
		    memcmp(v->text + i + 4, needle + 4, n - 4) == 0)
			return i;
	return v->n;
}

static void
find(const struct packed *v, const struct needle *needle, unsigned from, unsigned n,
    enum ip_strength strength, struct ip_in_name *best)
{
	unsigned i;

	if (strength <= best->strength)
		return;
	i = place_of(v, needle->text + from, n);
	if (i < v->n)
		better(best, strength, v->from[i], v->from[i + n - 1] + 1u);
}

/* n octets at b as hexadecimal pairs; step -1 reads them backward from b. */
static struct needle
hex_needle(const uint8_t *b, unsigned n, int step)
{
	static const char digit[] = "0123456789abcdef";
	struct needle r = { .n = 0 };

	for (; n > 0; n--, b += step) {
		r.text[r.n++] = digit[*b >> 4];
		r.text[r.n++] = digit[*b & 15];
	}
	return r;
}

/* Four octets, each with three digits when padded. */
static struct needle
decimal_needle(const uint8_t *b, int step, bool padded)
{
	struct needle r = { .n = 0 };

	for (unsigned n = 4; n > 0; n--, b += step) {
		if (padded || *b >= 100)
			r.text[r.n++] = (char)('0' + *b / 100);
		if (padded || *b >= 10)
			r.text[r.n++] = (char)('0' + *b / 10 % 10);
		r.text[r.n++] = (char)('0' + *b % 10);
	}
	return r;
}

static struct needle
number_needle(const uint8_t b[4])
{
	uint32_t v = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
	struct needle r = { .n = 10 };

	for (unsigned i = r.n; i-- > 0; v /= 10)
		r.text[i] = (char)('0' + v % 10);
	while (r.text[0] == '0' && r.n > 1)
		memmove(r.text, r.text + 1, --r.n);
	return r;
}

/* Whatever is padded holds the last two octets: without those none of it need be looked for. */
static void
search_decimal(const struct packed *v, const uint8_t b[4], struct ip_in_name *best)
{
	struct needle number = number_needle(b);

	for (int back = 0; back < 2; back++) {
		const uint8_t *first = back ? b + 3 : b;
		struct needle plain = decimal_needle(first, back ? -1 : 1, false);
		struct needle pad = decimal_needle(first, back ? -1 : 1, true);
		unsigned last = back ? 0 : 3, two = back ? 0 : 6;

		if (plain.n >= PLAIN_MIN)
			find(v, &plain, 0, plain.n, IP_FULL, best);
		if (place_of(v, pad.text + two, 6) == v->n)
			continue;
		find(v, &pad, 0, 12, IP_FULL, best);
		find(v, &pad, last, 9, IP_THREE, best);
		find(v, &pad, two, 6, IP_TWO, best);
	}
	if (number.n >= PLAIN_MIN)
		find(v, &number, 0, number.n, IP_FULL, best);
}

/* The same with the last three as hexadecimal digits. */
static void
search_packed_v4(const struct packed *v, const uint8_t b[4], struct ip_in_name *best)
{
	struct needle forward = hex_needle(b, 4, 1), backward = hex_needle(b + 3, 4, -1);
	bool ahead = place_of(v, forward.text + 2, 6) < v->n;
	bool back = place_of(v, backward.text, 6) < v->n;

	if (ahead)
		find(v, &forward, 0, 8, IP_FULL, best);
	if (back)
		find(v, &backward, 0, 8, IP_FULL, best);
	if (has_six(v))
		search_decimal(v, b, best);
	if (ahead)
		find(v, &forward, 2, 6, IP_THREE, best);
	if (back)
		find(v, &backward, 0, 6, IP_THREE, best);
}

/* All nibbles, the interface half, the network half; each of n octets from b. */
static void
search_nibbles(const struct packed *v, const uint8_t *b, unsigned n, enum ip_strength strength,
    struct ip_in_name *best)
{
	struct needle needle = hex_needle(b, n, 1), turned = needle;

	find(v, &needle, 0, needle.n, strength, best);
	for (unsigned i = 0; i < needle.n; i++)
		turned.text[i] = needle.text[needle.n - 1 - i];
	find(v, &turned, 0, turned.n, strength, best);
}

/* "2001-db8-0-1": groups between separators, without leading zeros. */
static void
search_groups(struct slice name, const uint8_t b[16], struct ip_in_name *best)
{
	unsigned start[NUMBERS_MAX], value[NUMBERS_MAX], n = 0, i = 0;

	while (i < name.n && n < NUMBERS_MAX) {
		start[n] = i;
		value[n] = 0;
		for (; i < name.n && is_hex(name.p[i]) && i - start[n] < 5; i++)
			value[n] = value[n] * 16 + (unsigned)(name.p[i] -
			    (is_digit(name.p[i]) ? '0' : 'a' - 10));
		if (i == start[n] || (i < name.n && is_hex(name.p[i])))
			value[n] = 0x10000;
		while (i < name.n && name.p[i] != '-' && name.p[i] != '.' && name.p[i] != '_') {
			value[n] = 0x10000;
			i++;
		}
		i++;
		n++;
	}
	for (unsigned at = 0; at + 4 <= n; at++) {
		for (unsigned half = 0; half < 2; half++) {
			const uint8_t *g = b + 8 * half;
			unsigned same = 0;
			bool telling = half == 0 || g[0] | g[1] | g[2] | g[3];

			while (same < 4 && value[at + same] ==
			    (unsigned)(g[2 * same] << 8 | g[2 * same + 1]))
				same++;
			if (same == 4 && telling)
				better(best, half ? IP_FULL : IP_THREE, start[at],
				    at + 4 < n ? start[at + 4] - 1 : (unsigned)name.n);
		}
	}
}

static unsigned
hex_digits(const struct host_name *h)
{
	unsigned count = 0;

	for (unsigned i = 0; i < h->n; i++)
		count += h->is.hex[i / 64] >> i % 64 & 1;
	return count;
}

static void
search_v6(const struct host_name *h, const uint8_t b[16], struct ip_in_name *best)
{
	static const uint8_t nat64[12] = { 0, 0x64, 0xff, 0x9b };
	const uint8_t *v4 = NULL;
	uint8_t mac[6] = { b[8] ^ 2, b[9], b[10], b[13], b[14], b[15] };
	unsigned hex = hex_digits(h);
	struct packed v;

	pack(h, &v);
	search_groups((struct slice){ h->text, h->n }, b, best);
	if (hex >= 16) {
		search_nibbles(&v, b, 16, IP_FULL, best);
		search_nibbles(&v, b + 8, 8, IP_FULL, best);
		search_nibbles(&v, b, 8, IP_THREE, best);
	}
	if (hex >= 12 && b[11] == 0xff && b[12] == 0xfe) {
		struct needle needle = hex_needle(mac, 6, 1);

		find(&v, &needle, 0, needle.n, IP_FULL, best);
	}
	if (b[0] == 0x20 && b[1] == 0x02)
		v4 = b + 2;
	else if (memcmp(b, nat64, sizeof(nat64)) == 0)
		v4 = b + 12;
	if (v4 != NULL) {
		search_numbers(h, v4, best);
		search_packed_v4(&v, v4, best);
	}
}

struct ip_in_name
ip_in_name(const struct host_name *h, const struct addr *client)
{
	struct ip_in_name best = { IP_NONE, 0, 0 };
	const uint8_t *v4 = client->b + 12;
	struct packed v;

	if (h->n == 0)
		return best;
	if (!addr_is_v4(client)) {
		search_v6(h, client->b, &best);
		return best;
	}
	search_numbers(h, v4, &best);
	if (best.strength < IP_FULL && six_digits_stand(h, v4)) {
		pack(h, &v);
		search_packed_v4(&v, v4, &best);
	}
	return best;
}
