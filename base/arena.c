/* See arena.h: a chain of blocks, the newest at the head; a large request gets its own block. */
#include "base/arena.h"

#include <stdlib.h>

#include "base/problem.h"

enum { BLOCK = 64 * 1024 };

struct arena_block {
	struct arena_block *next;
	size_t size;
	_Alignas(16) char data[];
};

static struct arena_block *
block_new(struct arena *a, size_t n)
{
	struct arena_block *b = mem_alloc(sizeof(*b) + n);

	b->size = n;
	a->total += sizeof(*b) + n;
	return b;
}

static void *
take(struct arena *a, size_t n)
{
	struct arena_block *b;

	if (a->head != NULL && a->head->size - a->used >= n) {
		a->used += n;
		return a->head->data + a->used - n;
	}
	if (n > BLOCK / 4 && a->head != NULL) {	/* own block, behind the head that still has room */
		b = block_new(a, n);
		b->next = a->head->next;
		a->head->next = b;
		return b->data;
	}
	b = block_new(a, n > BLOCK ? n : BLOCK);
	b->next = a->head;
	a->head = b;
	a->used = n;
	return b->data;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	a->used = (a->used + 7) & ~(size_t)7;
	if (a->head != NULL && a->used > a->head->size)
		a->used = a->head->size;
	return take(a, (n + 7) & ~(size_t)7);
}

struct slice
arena_copy(struct arena *a, struct slice s)
{
	char *p = take(a, s.n + 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return (struct slice){ p, s.n };
}

/* Behind the head, which still has room. */
void
arena_take(struct arena *a, struct arena *from)
{
	struct arena_block **end = &from->head;

	while (*end != NULL)
		end = &(*end)->next;
	if (a->head == NULL) {
		*a = *from;
	} else {
		*end = a->head->next;
		a->head->next = from->head;
		a->total += from->total;
	}
	*from = (struct arena){ 0 };
}

void
arena_free(struct arena *a)
{
	struct arena_block *b, *next;

	for (b = a->head; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	*a = (struct arena){ 0 };
}
