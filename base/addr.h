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
enum { ADDR_V4_TEXT = 16 };	/* "192.168.100.200" and the byte behind it */

/*
 * One to three digits and the byte end; NULL when something else stands there. 4 bytes are read.
 * How many digits is not branched on: nobody can foretell it.
 */
static inline const char *
addr_read_part(const char *p, char end, uint8_t *part_r)
{
	uint32_t v = swar_load4(p) ^ 0x30303030u;	/* a digit is 0..9 now */
	uint32_t other = (((v + 0x76767676u) | v) & 0x00808080u) | 0x80000000u;
	unsigned bits = (unsigned)__builtin_ctz(other) & 24;	/* 8 for each digit */
	uint32_t digits = v << (-bits & 31);	/* none: the byte there, which no number has */

	*part_r = (uint8_t)((digits * (100u << 16 | 10u << 8 | 1u)) >> 24);
	p += bits / 8;
	return *p != end || __builtin_bswap32(digits) > 0x020505 ? NULL : p + 1;
}

/* "192.0.2.1" and the byte end in the ADDR_V4_TEXT bytes at p; the length of both, or 0. */
static inline size_t
addr_read_v4_text(const char *p, char end, struct addr *a)
{
	uint8_t part[4];
	const char *at;

	if ((at = addr_read_part(p, '.', &part[0])) == NULL ||
	    (at = addr_read_part(at, '.', &part[1])) == NULL ||
	    (at = addr_read_part(at, '.', &part[2])) == NULL ||
	    (at = addr_read_part(at, end, &part[3])) == NULL)
		return 0;
	/* two words, as whoever reads it does: smaller stores would have to be waited for */
	swar_store((char *)a->b, 0);
	swar_store((char *)a->b + 8, 0xffff0000u | (uint64_t)part[0] << 32 |
	    (uint64_t)part[1] << 40 | (uint64_t)part[2] << 48 | (uint64_t)part[3] << 56);
	return (size_t)(at - p);
}

/* As addr_read_v4_text() for bytes that may be fewer: those are copied. */
size_t addr_read_short_v4(struct slice s, char end, struct addr *a);

/* "192.0.2.1" and the byte end at the start of s: the length of both, or 0 and any *a. */
static inline size_t
addr_read_v4(struct slice s, char end, struct addr *a)
{
	return s.n < ADDR_V4_TEXT ? addr_read_short_v4(s, end, a) : addr_read_v4_text(s.p, end, a);
}

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
