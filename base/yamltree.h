/*
 * yamltree: one YAML document as a tree, for rule and configuration files.
 *
 * A plain subset: lists, maps with unique non-empty scalar keys, and scalars as text. Aliases,
 * anchors, tags, a second document, depth over 32, over a million nodes, over 16 MiB and bytes
 * that are no UTF-8 are refused. Every value knows its line and column (from 1, in characters).
 *
 * All functions that return int give 0, or -1 with "file:line:column: what" in p (may be NULL);
 * without a known place "file: what". Where a node is asked for, NULL is a missing value and a
 * problem, so that yaml_get() can be passed on.
 */
#ifndef BASE_YAMLTREE_H
#define BASE_YAMLTREE_H

#include "base/arena.h"
#include "base/problem.h"
#include "base/slice.h"

enum {
	YAML_DEPTH_MAX = 32,		/* lists and maps inside each other */
	YAML_NODES_MAX = 1000000,	/* values; keys are not counted */
	YAML_BYTES_MAX = 16 << 20
};

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
	enum yaml_kind kind;
	unsigned line, column;
	bool quoted;			/* any scalar style but plain, so | and > too */
	struct slice text;		/* of a scalar, may be empty; with a NUL behind it */
	struct yaml_node *child;	/* the first item of a list, the first value of a map */
	struct yaml_node *next;		/* in the order of the file */
	struct slice key;		/* of a value in a map, else empty */
	unsigned key_line, key_column;
};

struct yaml_doc {
	const char *file;		/* a copy */
	struct arena arena;		/* all nodes and texts */
	struct yaml_node *root;		/* NULL for an empty document */
};

/* Keeps nothing of bytes or file. After -1 the doc is empty; yaml_free() is allowed, not needed. */
int yaml_load(struct yaml_doc *doc_r, const char *file, struct slice bytes, struct problem *p);

/*
 * What cli/embed/pack.c made of a file when we were built: the tree of yaml_load(), places too,
 * in a twentieth of the time. No check: packed is our own. Texts point into it, it must outlive
 * the doc. A node is its kind (4: quoted), line and column; in a map the key's line, column and
 * text; then the text or the number of children, and these. Numbers are LEB128, a text is its
 * length, its bytes and a NUL. A document is the number of its roots, 0 or 1, and that.
 */
void yaml_unpack(struct yaml_doc *doc_r, const char *file, const unsigned char *packed);

/* Inline for a reason: libyaml exports a yaml_free() and would call ours in its place. */
static inline void
yaml_free(struct yaml_doc *doc)
{
	arena_free(&doc->arena);
	*doc = (struct yaml_doc){ 0 };
}

/* NULL if absent, or when map is no map or NULL. Walks the entries. */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/* Always -1. */
int yaml_problem(const struct yaml_doc *doc, const struct yaml_node *at, struct problem *p,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/* A plain decimal number: no quotes, plus sign, leading zero or underscore. */
int yaml_int(const struct yaml_doc *doc, const struct yaml_node *node, int64_t min, int64_t max,
	int64_t *value_r, struct problem *p);
/* Plain true or false, nothing else. */
int yaml_bool(const struct yaml_doc *doc, const struct yaml_node *node, bool *value_r,
	struct problem *p);
/* A scalar that is not empty; the slice lives as long as the doc. */
int yaml_text(const struct yaml_doc *doc, const struct yaml_node *node, struct slice *text_r,
	struct problem *p);
/* That map is a map and has only keys out of allowed, which ends with NULL. */
int yaml_keys(const struct yaml_doc *doc, const struct yaml_node *map, const char *const *allowed,
	struct problem *p);

#endif
