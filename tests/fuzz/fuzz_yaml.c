/*
 * Any bytes as a YAML file: a tree within its limits with unique keys, or one line of why not.
 * Two readings are the same.
 */
#include <stdlib.h>

#include "base/yamltree.h"

#define CHECK(what) do { if (!(what)) abort(); } while (0)

struct walk {
	const struct yaml_doc *doc;
	unsigned nodes;
	uint64_t sum;
};

static void
touch(struct walk *w, struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		w->sum = w->sum * 31 + (unsigned char)s.p[i];
	if (s.p != NULL)
		CHECK(s.p[s.n] == '\0');
}

static void
read_as_all(const struct walk *w, const struct yaml_node *n)
{
	static const char *const allowed[] = { "a", "b", NULL };
	struct problem p = { "" };
	struct slice text;
	int64_t v;
	bool yes;

	if (yaml_int(w->doc, n, -100, 100, &v, &p) == 0)
		CHECK(v >= -100 && v <= 100 && n->text.n <= 4);
	else
		CHECK(p.text[0] != '\0');
	if (yaml_bool(w->doc, n, &yes, &p) == 0)
		CHECK(n->text.n == (yes ? 4u : 5u));
	if (yaml_text(w->doc, n, &text, &p) == 0)
		CHECK(text.n > 0);
	if (yaml_keys(w->doc, n, allowed, &p) == 0)
		CHECK(n->kind == YAML_MAP);
}

static void
walk(struct walk *w, const struct yaml_node *n, unsigned depth, bool in_map)
{
	w->nodes++;
	w->sum = w->sum * 31 + n->line * 7 + n->column + n->kind + n->quoted;
	CHECK(n->line >= 1 && n->column >= 1 && (n->key.n > 0) == in_map);
	CHECK(!in_map || (n->key_line >= 1 && n->key_column >= 1));
	CHECK(n->kind == YAML_SCALAR ? n->child == NULL : depth < YAML_DEPTH_MAX);
	touch(w, n->key);
	touch(w, n->text);
	read_as_all(w, n);
	for (const struct yaml_node *c = n->child; c != NULL; c = c->next) {
		if (n->kind == YAML_MAP && w->nodes < 1000 && strlen(c->key.p) == c->key.n)
			CHECK(yaml_get(n, c->key.p) == c);	/* so it is unique */
		walk(w, c, depth + 1, n->kind == YAML_MAP);
	}
}

static struct walk
read_all(struct slice bytes)
{
	struct yaml_doc doc;
	struct problem p = { "" };
	struct walk w = { .doc = &doc };

	if (yaml_load(&doc, "f", bytes, &p) == 0) {
		if (doc.root != NULL)
			walk(&w, doc.root, 0, false);
		CHECK(w.nodes <= YAML_NODES_MAX);
		yaml_free(&doc);
	} else {
		CHECK(slice_starts(slice_of(p.text), SLICE("f:")));
		CHECK(doc.root == NULL && doc.arena.head == NULL);
		touch(&w, slice_of(p.text));
	}
	w.doc = NULL;
	return w;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = { (const char *)data, size };
	struct walk a = read_all(bytes), b = read_all(bytes);

	CHECK(a.nodes == b.nodes && a.sum == b.sum);
	return 0;
}
