/*
 * taught_index: which taught lines may fit a message? Private to parser/taught*.c.
 *
 * By program a set of lines, in their order; of each line's literal one window of four bytes. A
 * message is gone through once: where its next four bytes may be a window, the literal is compared.
 */
#ifndef PARSER_TAUGHT_INDEX_H
#define PARSER_TAUGHT_INDEX_H

#include "parser/taught.h"

enum { WINDOW_HASH_BITS = 12 };

struct window {			/* of the literal of one line */
	uint16_t hash;
	uint16_t place;		/* of the line in the set */
	uint8_t at;		/* of the window in the literal */
	struct slice literal;
};

struct taught_set {		/* the lines of one program */
	struct slice program;
	uint32_t *line;		/* numbers, ascending */
	struct window *window;	/* one each, by hash */
	unsigned lines, cap;
	uint64_t seen[(1 << WINDOW_HASH_BITS) / 64];	/* hashes that windows have */
};

struct taught_index *taught_index_make(const struct taught *t);
void taught_index_free(struct taught_index *x);	/* NULL is allowed */
const struct taught_set *taught_index_find(const struct taught_index *x, struct slice program);
/* Sets in want_r, of (lines + 63) / 64 words, the places of those whose literal is in text. */
bool taught_set_search(const struct taught_set *s, struct slice text, uint64_t *want_r);

#endif
