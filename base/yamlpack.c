/* See yamltree.h, yaml_unpack(). */
#include "base/yamltree.h"

static unsigned
take_number(const unsigned char **at)
{
	unsigned n = 0, shift = 0;

	do {
		n |= (**at & 0x7fu) << shift;
		shift += 7;
	} while (*(*at)++ & 0x80);
	return n;
}

static struct slice
take_text(const unsigned char **at)
{
	size_t n = take_number(at);
	struct slice text = { (const char *)*at, n };

	*at += n + 1;
	return text;
}

/* As deep as yaml_load() was when it was packed. */
static struct yaml_node *
take_node(struct arena *mem, const unsigned char **at, bool in_map)
{
	struct yaml_node *node = arena_alloc(mem, sizeof(*node)), **tail = &node->child;
	unsigned kind = take_number(at);

	node->kind = (enum yaml_kind)(kind & 3);
	node->quoted = kind & 4;
	node->line = take_number(at);
	node->column = take_number(at);
	if (in_map) {
		node->key_line = take_number(at);
		node->key_column = take_number(at);
		node->key = take_text(at);
	}
	if (node->kind == YAML_SCALAR) {
		node->text = take_text(at);
		return node;
	}
	for (unsigned n = take_number(at); n > 0; n--) {
		*tail = take_node(mem, at, node->kind == YAML_MAP);
		tail = &(*tail)->next;
	}
	return node;
}

void
yaml_unpack(struct yaml_doc *doc_r, const char *file, const unsigned char *packed)
{
	*doc_r = (struct yaml_doc){ 0 };
	doc_r->file = arena_copy(&doc_r->arena, slice_of(file)).p;
	if (take_number(&packed) > 0)
		doc_r->root = take_node(&doc_r->arena, &packed, false);
}
