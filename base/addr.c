/*
 * See addr.h. Addresses are read by hand, because every refused line has one; only IPv6 with dotted
 * IPv4 at its end is left to inet_pton().
 */
#include "base/addr_v4.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/swar_range.h"

static void
map_v4(struct addr *a, const uint8_t b[4])
{
	memset(a->b, 0, 10);
	a->b[10] = a->b[11] = 0xff;
	memcpy(a->b + 12, b, 4);
}

/* Up to 4 hex digits at p, where 8 bytes can be read, into two bytes: how many, or 0. */
static inline size_t
read_group(const char *p, uint8_t *b)
{
	uint64_t v = swar_load(p), letter = swar_between(v | SWAR_ALL(0x20), 'a', 'f');
	uint64_t other = ~(letter | swar_between(v, '0', '9')) & SWAR_TOPS;
	size_t n = other ? swar_first(other) : 8;
	uint32_t digits;

	if (n == 0 || n > 4)
		return 0;
	/* the first one highest, 0 before it */
	digits = (uint32_t)((v & SWAR_ALL(0x0f)) + (letter >> 7) * 9) << 8 * (4 - n);
	digits = digits << 4 | digits >> 8;
	b[0] = (uint8_t)digits;
	b[1] = (uint8_t)(digits >> 16);
	return n;
}

/* As inet_pton(), but for texts without dots. */
static bool
parse_v6(struct slice s, struct addr *addr_r)
{
	enum { NO_GAP = 17, LONGEST = 39 };
	char text[LONGEST + 8] = { 0 };
	const char *p = text, *end;
	uint8_t b[16];
	size_t n = 0, gap = NO_GAP;	/* bytes in b; how many of them stand before "::" */

	if (s.n > LONGEST)
		return false;
	memcpy(text, s.p, s.n);
	end = text + s.n;
	if (p[0] == ':' && p[1] == ':') {
		gap = 0;
		p += 2;
	}
	while (p < end) {
		size_t digits = n < sizeof(b) ? read_group(p, b + n) : 0;

		if (digits == 0)
			return false;
		n += 2;
		p += digits;
		if (p == end)
			break;
		if (*p++ != ':' || p == end)
			return false;
		if (*p == ':') {
			if (gap != NO_GAP)
				return false;
			gap = n;
			p++;
		}
	}
	if (gap == NO_GAP ? n != sizeof(b) : n == sizeof(b))
		return false;
	gap = gap < n ? gap : n;
	memset(addr_r->b, 0, sizeof(b));
	memcpy(addr_r->b, b, gap);
	memcpy(addr_r->b + sizeof(b) - (n - gap), b + gap, n - gap);
	return true;
}

bool
addr_parse(struct slice s, struct addr *addr_r)
{
	char text[ADDR_TEXT];
	struct addr a;

	if (s.n == 0)
		return false;
	if (s.n < ADDR_V4_TEXT) {
		char v4[4 + ADDR_V4_TEXT] = { 0 };

		memcpy(v4 + 4, s.p, s.n);
		if (addr_read_v4(v4 + 4, '\0', &a) == s.n + 1) {
			*addr_r = a;
			return true;
		}
	}
	if (s.n > 5 && slice_eq_nocase(slice_first(s, 5), SLICE("IPv6:")))
		s = slice_skip(s, 5);
	if (parse_v6(s, addr_r))
		return true;
	if (s.n >= sizeof(text) || slice_chr(s, '.') == NULL || slice_chr(s, ':') == NULL ||
	    slice_chr(s, '\0') != NULL)
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	return inet_pton(AF_INET6, text, addr_r->b) == 1;
}

uint32_t
addr_v4(const struct addr *a)
{
	return (uint32_t)a->b[12] << 24 | (uint32_t)a->b[13] << 16 | (uint32_t)a->b[14] << 8 |
	       a->b[15];
}

bool
addr_key_is_v4(uint64_t key)
{
	return key >> 32 == 0xffff0000u;
}

struct addr
addr_of_key(uint64_t key)
{
	struct addr a = { { 0 } };
	uint8_t b[4];

	if (addr_key_is_v4(key)) {
		for (int i = 0; i < 4; i++)
			b[i] = (uint8_t)(key >> (24 - 8 * i));
		map_v4(&a, b);
	} else {
		for (int i = 0; i < 8; i++)
			a.b[i] = (uint8_t)(key >> (56 - 8 * i));
	}
	return a;
}

uint64_t
addr_network(uint64_t key)
{
	return addr_key_is_v4(key) ? key & ~(uint64_t)0xff : key & ~(uint64_t)0xffff;
}

bool
addr_is_loopback(const struct addr *a)
{
	static const struct addr one = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } };

	return addr_is_v4(a) ? addr_v4(a) >> 24 == 127 : memcmp(a, &one, sizeof(one)) == 0;
}

bool
addr_is_public(const struct addr *a)
{
	/* first octets of networks that are not: 0, 10, 100, 127, 169, 172, 192 */
	static const uint64_t some[4] = { 0x401, 0x8000001000000000, 0x120000000000, 0x1 };
	uint32_t v;

	if (addr_is_v4(a) && !(some[a->b[12] / 64] >> a->b[12] % 64 & 1))
		return true;
	v = addr_v4(a);
	if (addr_is_v4(a))
		return !(v >> 24 == 10 || v >> 24 == 127 || v >> 24 == 0 || v >> 20 == 0xac1 ||
		    v >> 16 == 0xc0a8 || v >> 16 == 0xa9fe || v >> 22 == 0x191);
	if (a->b[0] == 0) {		/* ::, ::1 and other reserved forms */
		for (int i = 1; i < 15; i++)
			if (a->b[i])
				return true;
		return a->b[15] > 1;
	}
	return !((a->b[0] & 0xfe) == 0xfc || (a->b[0] == 0xfe && (a->b[1] & 0xc0) == 0x80));
}

size_t
addr_format(const struct addr *a, char text_r[ADDR_TEXT])
{
	inet_ntop(addr_is_v4(a) ? AF_INET : AF_INET6, addr_is_v4(a) ? a->b + 12 : a->b, text_r,
	    ADDR_TEXT);
	return strlen(text_r);
}

size_t
addr_key_format(uint64_t key, char text_r[ADDR_TEXT + 4])
{
	struct addr a = addr_of_key(key);
	size_t n = addr_format(&a, text_r);

	if (!addr_key_is_v4(key)) {
		memcpy(text_r + n, "/64", 4);
		n += 3;
	}
	return n;
}

int
prefix_parse(struct slice text, struct prefix *prefix_r, struct problem *p)
{
	const char *slash = slice_chr(text, '/');
	struct slice address = slash ? slice_range(text.p, slash) : text;
	uint64_t bits = 128;
	bool v4;

	if (!addr_parse(address, &prefix_r->addr))
		return problem_set(p, "not an IP address or CIDR prefix: %.*s", SLICE_ARG(text));
	v4 = addr_is_v4(&prefix_r->addr) && slice_chr(address, ':') == NULL;
	if (slash) {
		if (!slice_u64(slice_range(slash + 1, slice_end(text)), v4 ? 32 : 128, &bits))
			return problem_set(p, "bad prefix length: %.*s", SLICE_ARG(text));
		bits += v4 ? 96 : 0;
	}
	prefix_r->bits = (unsigned)bits;
	for (unsigned i = prefix_r->bits; i < 128; i++)
		if (prefix_r->addr.b[i / 8] & (0x80 >> i % 8))
			return problem_set(
			    p, "bits behind the prefix are not 0: %.*s", SLICE_ARG(text));
	return 0;
}

bool
prefix_contains(const struct prefix *net, const struct addr *a)
{
	unsigned whole = net->bits / 8, rest = net->bits % 8;

	if (memcmp(net->addr.b, a->b, whole) != 0)
		return false;
	return rest == 0 || ((net->addr.b[whole] ^ a->b[whole]) & (0xff00 >> rest) & 0xff) == 0;
}

void
prefix_set_add(struct prefix_set *set, const struct prefix *net)
{
	mem_grow(&set->item, &set->cap, set->n + 1, sizeof(*set->item));
	set->item[set->n++] = *net;
}

bool
prefix_set_contains(const struct prefix_set *set, const struct addr *a)
{
	for (unsigned i = 0; i < set->n; i++)
		if (prefix_contains(&set->item[i], a))
			return true;
	return false;
}

void
prefix_set_free(struct prefix_set *set)
{
	free(set->item);
	*set = (struct prefix_set){ 0 };
}
