/*
 * addr: IP addresses and prefixes. IPv4 lives in its IPv6-mapped form (::ffff:a.b.c.d), so that
 * one 16-byte value and one prefix length (v4 /8 is /104) serve both.
 */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include "base/problem.h"
#include "base/slice.h"
#include "base/swar.h"

struct addr {
	uint8_t b[16];
};

struct prefix {
	struct addr addr;
	unsigned bits;		/* 0..128 */
};

struct prefix_set {		/* zeroed: empty */
	struct prefix *item;
	unsigned n, cap;
};

enum { ADDR_TEXT = 46 };	/* longest text form with its NUL */

/* "192.0.2.1", "2001:db8::1", "IPv6:2001:db8::1"; nothing else around it. */
bool addr_parse(struct slice text, struct addr *addr_r);

static inline bool
addr_is_v4(const struct addr *a)
{
	return swar_load((const char *)a->b) == 0 &&
	    (uint32_t)swar_load((const char *)a->b + 8) == 0xffff0000u;
}

/* Host byte order; only for v4. */
uint32_t addr_v4(const struct addr *a);
/*
 * What a source is counted by: an IPv4 address, or an IPv6 /64, in 64 bits. The two never meet:
 * a v4 key has the upper 16 bits 0xffff, which as IPv6 would be multicast.
 */
static inline uint64_t
addr_key(const struct addr *a)
{
	uint64_t tail = swar_load((const char *)a->b + 8);

	return addr_is_v4(a) ? (uint64_t)0xffff << 48 | __builtin_bswap32((uint32_t)(tail >> 32)) :
	    __builtin_bswap64(swar_load((const char *)a->b));
}

struct addr addr_of_key(uint64_t key);
bool addr_key_is_v4(uint64_t key);
/* The network that an account's clients are grouped by: IPv4 /24, IPv6 /48, as a key. */
uint64_t addr_network(uint64_t key);
bool addr_is_loopback(const struct addr *a);	/* 127.0.0.0/8, ::1 */
/* Not private, loopback, link-local, CGNAT, documentation excepted (those count as public). */
bool addr_is_public(const struct addr *a);
size_t addr_format(const struct addr *a, char text_r[ADDR_TEXT]);
/* "192.0.2.1" or "2001:db8::/64". */
size_t addr_key_format(uint64_t key, char text_r[ADDR_TEXT + 4]);

/* "10.0.0.0/8", "192.0.2.1", "2001:db8::/32"; bits behind the prefix must be 0. */
int prefix_parse(struct slice text, struct prefix *prefix_r, struct problem *p);
bool prefix_contains(const struct prefix *net, const struct addr *a);
void prefix_set_add(struct prefix_set *set, const struct prefix *net);
bool prefix_set_contains(const struct prefix_set *set, const struct addr *a);
void prefix_set_free(struct prefix_set *set);

#endif
