/* wide_more: the questions of wide.h about 32 or 64 bytes. */
#ifndef BASE_WIDE_MORE_H
#define BASE_WIDE_MORE_H

#include "base/wide.h"

static inline uint32_t
wide_equal32(const char *p, char c)
{
	return wide_equal(p, c) | wide_equal(p + 16, c) << 16;
}

static inline uint32_t
wide_same32(const char *a, const char *b)
{
	return wide_same(a, b) | wide_same(a + 16, b + 16) << 16;
}

static inline uint32_t
wide_either32(const char *p, char a, char b)
{
	return wide_either(p, a, b) | wide_either(p + 16, a, b) << 16;
}

static inline uint32_t
wide_alnum32(const char *p)
{
	return wide_alnum(p) | wide_alnum(p + 16) << 16;
}

static inline uint64_t
wide_either64(const char *p, char a, char b)
{
	return wide_either32(p, a, b) | (uint64_t)wide_either32(p + 32, a, b) << 32;
}

static inline uint32_t
wide_ends32(const char *p, char stop)
{
	return wide_ends(p, stop) | wide_ends(p + 16, stop) << 16;
}

#endif
