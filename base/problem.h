/*
 * problem: why a module returned -1. Only cli/ prints it.
 *
 * The text is one line without newline, "place: what" where there is a place. It may quote bytes
 * of the input; the printer makes them visible.
 */
#ifndef BASE_PROBLEM_H
#define BASE_PROBLEM_H

struct problem {
	char text[1024];
};

/* Fills p (which may be NULL) and returns -1, so that a caller can "return problem_set(...)". */
int problem_set(struct problem *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Out of memory: says so on standard error and exits with 2. Never returns. */
void die_nomem(void) __attribute__((noreturn));
void *mem_alloc(unsigned long n);		/* zeroed */
void *mem_resize(void *p, unsigned long n);
void mem_double(void *array_p, unsigned *cap_p, unsigned need, unsigned long size);

/* Grows *array_p (elements of the given size) so that need elements fit; doubles *cap_p. */
static inline void
mem_grow(void *array_p, unsigned *cap_p, unsigned need, unsigned long size)
{
	if (need > *cap_p)
		mem_double(array_p, cap_p, need, size);
}

#endif
