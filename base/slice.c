/* See slice.h. memmem and memrchr are glibc's vectorised ones. */
#define _GNU_SOURCE
#include "base/slice.h"

#include "base/swar_range.h"

static unsigned char
lower(char c)
{
	unsigned char u = (unsigned char)c;

	return u >= 'A' && u <= 'Z' ? (unsigned char)(u + 32) : u;
}

const char *
slice_rchr(struct slice s, char c)
{
	return s.n ? memrchr(s.p, c, s.n) : NULL;
}

const char *
slice_str(struct slice s, struct slice needle)
{
	enum { TRIES = 4 };
	/* memmem() prepares tables first: most texts hold the needle's first byte nowhere else */
	const char *at = needle.n ? slice_chr(s, needle.p[0]) : s.p;

	for (unsigned i = 0; i < TRIES && at != NULL; i++) {
		s = slice_range(at, slice_end(s));
		if (s.n >= needle.n && memcmp(at, needle.p, needle.n) == 0)
			return at;
		at = s.n > 1 ? memchr(at + 1, needle.p[0], s.n - 1) : NULL;
	}
	return at ? memmem(at, (size_t)(slice_end(s) - at), needle.p, needle.n) : NULL;
}

const char *
slice_rstr(struct slice s, struct slice needle)
{
	struct slice rest = s;
	const char *at;

	if (needle.n == 0)
		return NULL;
	while ((at = slice_rchr(rest, needle.p[0])) != NULL) {
		if ((size_t)(slice_end(s) - at) >= needle.n && memcmp(at, needle.p, needle.n) == 0)
			return at;
		rest.n = (size_t)(at - rest.p);
	}
	return NULL;
}

bool
slice_same_nocase(const char *a, const char *b, size_t n)
{
	size_t i = 0;

	for (; i + 8 <= n; i += 8)
		if (swar_lower(swar_load(a + i)) != swar_lower(swar_load(b + i)))
			return false;
	if (i > 0 && i < n)
		return swar_lower(swar_load(a + n - 8)) == swar_lower(swar_load(b + n - 8));
	for (; i < n; i++)
		if (a[i] != b[i] && lower(a[i]) != lower(b[i]))
			return false;
	return true;
}

const char *
slice_str_nocase(struct slice s, struct slice needle)
{
	for (size_t i = 0; needle.n && i + needle.n <= s.n; i++)
		if (((s.p[i] ^ needle.p[0]) & ~0x20) == 0 &&
		    slice_same_nocase(s.p + i, needle.p, needle.n))
			return s.p + i;
	return NULL;
}

struct slice
slice_lower(struct slice s, char *text_r)
{
	size_t i = 0;

	for (; i + 8 <= s.n; i += 8)
		swar_store(text_r + i, swar_lower(swar_load(s.p + i)));
	if (i > 0 && i < s.n)		/* the last 8, some of them once more */
		swar_store(text_r + s.n - 8, swar_lower(swar_load(s.p + s.n - 8)));
	else
		for (; i < s.n; i++)
			text_r[i] = (char)lower(s.p[i]);
	return (struct slice){ text_r, s.n };
}

int
slice_cmp(struct slice a, struct slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	if (c)
		return c;
	return a.n < b.n ? -1 : a.n > b.n;
}

bool
slice_u64(struct slice s, uint64_t max, uint64_t *value_r)
{
	uint64_t v = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned d = (unsigned char)s.p[i] - '0';

		if (d > 9 || v > (UINT64_MAX - d) / 10)
			return false;
		v = v * 10 + d;
		if (v > max)
			return false;
	}
	*value_r = v;
	return true;
}
