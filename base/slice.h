/*
 * slice: a pointer and a length into bytes that somebody else owns.
 *
 * Not terminated; may hold NUL and any byte. Valid as long as its owner says: a slice cut from a
 * line lives until the next line is asked for. Nothing here allocates.
 */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
	const char *p;
	size_t n;
};

#define SLICE(literal) ((struct slice){ (literal), sizeof(literal) - 1 })
#define SLICE_NONE ((struct slice){ 0 })	/* gcc makes one store of it, not two */
#define SLICE_ARG(s) (int)(s).n, (s).p	/* for "%.*s" */
static inline struct slice
slice_of(const char *text)
{
	return (struct slice){ text, strlen(text) };
}

static inline struct slice
slice_range(const char *from, const char *to)
{
	return (struct slice){ from, (size_t)(to - from) };
}

static inline const char *
slice_end(struct slice s)
{
	return s.n ? s.p + s.n : s.p;
}

static inline bool
slice_eq(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* gcc calls memcmp() even for a literal when that is a little longer than 16 bytes. */
static inline bool
slice_starts(struct slice s, struct slice head)
{
	if (__builtin_constant_p(head.n) && head.n > 16 && head.n <= 32)
		return s.n >= head.n && memcmp(s.p, head.p, 16) == 0 &&
		    memcmp(s.p + head.n - 16, head.p + head.n - 16, 16) == 0;
	return s.n >= head.n && (head.n == 0 || memcmp(s.p, head.p, head.n) == 0);
}

static inline bool
slice_ends(struct slice s, struct slice tail)
{
	return s.n >= tail.n && (tail.n == 0 || memcmp(slice_end(s) - tail.n, tail.p, tail.n) == 0);
}

/* Without the first n bytes; empty when there are fewer. */
static inline struct slice
slice_skip(struct slice s, size_t n)
{
	n = n > s.n ? s.n : n;
	return n ? (struct slice){ s.p + n, s.n - n } : s;
}

static inline struct slice
slice_first(struct slice s, size_t n)
{
	return (struct slice){ s.p, n < s.n ? n : s.n };
}

/* True and the head removed, when s starts with it. */
static inline bool
slice_take(struct slice *s, struct slice head)
{
	if (!slice_starts(*s, head))
		return false;
	*s = slice_skip(*s, head.n);
	return true;
}

/* The first or last place of a byte or of a text; NULL when it is not there. */
static inline const char *
slice_chr(struct slice s, char c)
{
	return s.n ? memchr(s.p, c, s.n) : NULL;
}

const char *slice_rchr(struct slice s, char c);
const char *slice_str(struct slice s, struct slice needle);
const char *slice_rstr(struct slice s, struct slice needle);

/* Case-insensitive for ASCII letters only; no locale. Most differ in length or the last byte. */
bool slice_same_nocase(const char *a, const char *b, size_t n);

static inline bool
slice_ends_nocase(struct slice s, struct slice tail)
{
	return s.n >= tail.n && (tail.n == 0 ||
	    (((s.p[s.n - 1] ^ tail.p[tail.n - 1]) & ~0x20) == 0 &&
	    slice_same_nocase(s.p + s.n - tail.n, tail.p, tail.n)));
}
static inline bool
slice_eq_nocase(struct slice a, struct slice b)
{
	return a.n == b.n && slice_ends_nocase(a, b);
}
const char *slice_str_nocase(struct slice s, struct slice needle);
/* The slice in lower case (ASCII letters) in text_r, which has room for s.n bytes. */
struct slice slice_lower(struct slice s, char *text_r);
int slice_cmp(struct slice a, struct slice b);	/* by unsigned bytes; a prefix is less */
/* The whole slice as a decimal number; false on an empty slice, another byte, or over max. */
bool slice_u64(struct slice s, uint64_t max, uint64_t *value_r);

#endif
