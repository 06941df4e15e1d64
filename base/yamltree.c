/* See yamltree.h: libyaml's events, put together with a stack of the open lists and maps. */
#include "base/yamltree.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

#include "base/table.h"

enum { QUOTE_MAX = 80 };	/* bytes of the input in a message */

#define QUOTE_ARG(s) (int)((s).n < QUOTE_MAX ? (s).n : QUOTE_MAX), (s).p

struct frame {
	struct yaml_node *node;
	struct yaml_node **tail;
	uint32_t id;		/* of the map, for the table of keys */
	bool has_key;		/* a key came, its value did not yet */
	struct slice key;
	unsigned key_line, key_column;
};

struct key_seen {
	uint32_t map;
	unsigned line;
	struct slice key;
};

struct builder {
	struct yaml_doc *doc;
	struct problem *p;
	struct slice bytes;
	bool may_tag;			/* there is a '!' somewhere */
	size_t at_byte, at_char;	/* the same place, moves forward only */
	struct frame frame[YAML_DEPTH_MAX];
	unsigned depth, nodes, documents, maps;
	/* Keys of all maps in one table: many small maps cost no more than a large one. */
	struct table table;
	struct key_seen *seen;
	unsigned seen_n, seen_cap;
};

static int problem_at(const char *file, unsigned line, unsigned column, struct problem *p,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

static int
problem_va(const char *file, unsigned line, unsigned column, struct problem *p,
	const char *format, va_list ap)
{
	int n;

	if (p == NULL)
		return -1;
	if (line == 0)
		n = snprintf(p->text, sizeof(p->text), "%s: ", file);
	else
		n = snprintf(p->text, sizeof(p->text), "%s:%u:%u: ", file, line, column);
	if (n >= 0 && (size_t)n < sizeof(p->text))
		vsnprintf(p->text + n, sizeof(p->text) - (size_t)n, format, ap);
	return -1;
}

static int
problem_at(const char *file, unsigned line, unsigned column, struct problem *p,
	const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	problem_va(file, line, column, p, format, ap);
	va_end(ap);
	return -1;
}

int
yaml_problem(const struct yaml_doc *doc, const struct yaml_node *at, struct problem *p,
	const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	problem_va(doc->file, at ? at->line : 0, at ? at->column : 0, p, format, ap);
	va_end(ap);
	return -1;
}

static int
refuse(const struct builder *b, const yaml_event_t *ev, const char *what)
{
	return problem_at(b->doc->file, (unsigned)ev->start_mark.line + 1,
		(unsigned)ev->start_mark.column + 1, b->p, "%s", what);
}

/* For what libyaml gives as a byte offset only. */
static int
refuse_offset(const struct builder *b, size_t offset, const char *what)
{
	unsigned line = 1, column = 1;

	for (size_t i = 0; i < offset && i < b->bytes.n; i++) {
		unsigned char c = (unsigned char)b->bytes.p[i];

		if (c == '\n') {
			line++;
			column = 1;
		} else if ((c & 0xc0) != 0x80) {
			column++;
		}
	}
	return problem_at(b->doc->file, line, column, b->p, "%s", what);
}

/*
 * libyaml compares each %TAG with all before it, which takes hours for a hostile file; and no tag
 * is allowed anyway. So this looks before libyaml does, at what libyaml takes for a line start.
 */
static int
refuse_tag_directives(const struct builder *b)
{
	static const struct slice before[] = {
		{ "\n", 1 }, { "\r", 1 }, { "\xc2\x85", 2 }, { "\xe2\x80\xa8", 3 },
		{ "\xe2\x80\xa9", 3 }, { "\xef\xbb\xbf", 3 },
	};
	struct slice rest = b->bytes, head;
	const char *hit;

	while ((hit = slice_str(rest, SLICE("%TAG"))) != NULL) {
		head = slice_range(b->bytes.p, hit);
		bool starts = head.n == 0;

		for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
			starts = starts || slice_ends(head, before[i]);
		if (starts)
			return refuse_offset(b, head.n, "tags are not allowed");
		rest = slice_range(hit + 1, slice_end(b->bytes));
	}
	return 0;
}

static int
refuse_syntax(const struct builder *b, const yaml_parser_t *parser)
{
	const yaml_mark_t *m = &parser->problem_mark;
	const char *what = parser->problem ? parser->problem : "not YAML";

	if (parser->error == YAML_MEMORY_ERROR)
		die_nomem();
	if (parser->error == YAML_READER_ERROR)
		return refuse_offset(b, parser->problem_offset, what);
	if (parser->context == NULL)
		return problem_at(b->doc->file, (unsigned)m->line + 1, (unsigned)m->column + 1,
			b->p, "%s", what);
	return problem_at(b->doc->file, (unsigned)m->line + 1, (unsigned)m->column + 1, b->p,
		"%s, %s of line %u", what, parser->context,
		(unsigned)parser->context_mark.line + 1);
}

/* The byte at a mark, which counts characters; 0 behind the end or before an earlier mark. */
static char
byte_at(struct builder *b, yaml_mark_t mark)
{
	if (mark.index < b->at_char)
		return '\0';
	while (b->at_char < mark.index && b->at_byte < b->bytes.n) {
		b->at_byte++;
		while (b->at_byte < b->bytes.n &&
			((unsigned char)b->bytes.p[b->at_byte] & 0xc0) == 0x80)
			b->at_byte++;
		b->at_char++;
	}
	return b->at_byte < b->bytes.n ? b->bytes.p[b->at_byte] : '\0';
}

/* The event of libyaml hides the tag "!", but starts at it. */
static int
refuse_properties(struct builder *b, const yaml_event_t *ev, const yaml_char_t *anchor,
	const yaml_char_t *tag)
{
	if (anchor != NULL)
		return refuse(b, ev, "anchors are not allowed");
	if (tag != NULL || (b->may_tag && byte_at(b, ev->start_mark) == '!'))
		return refuse(b, ev, "tags are not allowed");
	return 0;
}

static int
add_key(struct builder *b, struct frame *f, const yaml_event_t *ev, struct slice text)
{
	uint64_t hash = hash_bytes(text, f->id);
	uint32_t i, at;

	if (text.n == 0)
		return refuse(b, ev, "empty key");
	for (i = table_first(&b->table, hash, &at); i != TABLE_NONE;
		i = table_next(&b->table, hash, &at)) {
		if (b->seen[i].map == f->id && slice_eq(b->seen[i].key, text))
			return problem_at(b->doc->file, (unsigned)ev->start_mark.line + 1,
				(unsigned)ev->start_mark.column + 1, b->p,
				"duplicate key '%.*s', first in line %u", QUOTE_ARG(text),
				b->seen[i].line);
	}
	f->has_key = true;
	f->key = arena_copy(&b->doc->arena, text);
	f->key_line = (unsigned)ev->start_mark.line + 1;
	f->key_column = (unsigned)ev->start_mark.column + 1;
	mem_grow(&b->seen, &b->seen_cap, b->seen_n + 1, sizeof(*b->seen));
	b->seen[b->seen_n] = (struct key_seen){ f->id, f->key_line, f->key };
	table_add(&b->table, hash, b->seen_n++);
	return 0;
}

/* NULL after a problem. */
static struct yaml_node *
add_node(struct builder *b, const yaml_event_t *ev, enum yaml_kind kind)
{
	struct frame *f = b->depth ? &b->frame[b->depth - 1] : NULL;
	struct yaml_node *node;

	if (f != NULL && f->node->kind == YAML_MAP && !f->has_key) {
		refuse(b, ev, "a key must be a scalar");
		return NULL;
	}
	if (++b->nodes > YAML_NODES_MAX) {
		refuse(b, ev, "more than 1000000 values");
		return NULL;
	}
	node = arena_alloc(&b->doc->arena, sizeof(*node));
	node->kind = kind;
	node->line = (unsigned)ev->start_mark.line + 1;
	node->column = (unsigned)ev->start_mark.column + 1;
	if (f == NULL) {
		b->doc->root = node;
		return node;
	}
	*f->tail = node;
	f->tail = &node->next;
	if (f->has_key) {
		node->key = f->key;
		node->key_line = f->key_line;
		node->key_column = f->key_column;
		f->has_key = false;
	}
	return node;
}

static int
on_scalar(struct builder *b, const yaml_event_t *ev)
{
	struct slice text = { (const char *)ev->data.scalar.value, ev->data.scalar.length };
	struct frame *f = b->depth ? &b->frame[b->depth - 1] : NULL;
	bool quoted = ev->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	struct yaml_node *node;

	if (refuse_properties(b, ev, ev->data.scalar.anchor, ev->data.scalar.tag) == -1)
		return -1;
	if (f != NULL && f->node->kind == YAML_MAP && !f->has_key)
		return add_key(b, f, ev, text);
	if (f == NULL && text.n == 0 && !quoted)	/* "---" alone: an empty document */
		return 0;
	node = add_node(b, ev, YAML_SCALAR);
	if (node == NULL)
		return -1;
	node->quoted = quoted;
	node->text = arena_copy(&b->doc->arena, text);
	return 0;
}

static int
on_open(struct builder *b, const yaml_event_t *ev, enum yaml_kind kind)
{
	const yaml_char_t *anchor = ev->data.sequence_start.anchor;
	const yaml_char_t *tag = ev->data.sequence_start.tag;
	struct yaml_node *node;

	if (kind == YAML_MAP) {
		anchor = ev->data.mapping_start.anchor;
		tag = ev->data.mapping_start.tag;
	}
	if (refuse_properties(b, ev, anchor, tag) == -1)
		return -1;
	if (b->depth == YAML_DEPTH_MAX)
		return refuse(b, ev, "more than 32 lists and maps inside each other");
	node = add_node(b, ev, kind);
	if (node == NULL)
		return -1;
	b->frame[b->depth++] = (struct frame){ .node = node, .tail = &node->child,
		.id = kind == YAML_MAP ? b->maps++ : 0 };
	return 0;
}

/* 1 to go on, 0 at the end, -1. */
static int
on_event(struct builder *b, const yaml_event_t *ev)
{
	switch (ev->type) {
	case YAML_STREAM_END_EVENT:
		return 0;
	case YAML_DOCUMENT_START_EVENT:
		return b->documents++ ? refuse(b, ev, "more than one document") : 1;
	case YAML_ALIAS_EVENT:
		return refuse(b, ev, "aliases are not allowed");
	case YAML_SCALAR_EVENT:
		return on_scalar(b, ev) == -1 ? -1 : 1;
	case YAML_SEQUENCE_START_EVENT:
		return on_open(b, ev, YAML_LIST) == -1 ? -1 : 1;
	case YAML_MAPPING_START_EVENT:
		return on_open(b, ev, YAML_MAP) == -1 ? -1 : 1;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		b->depth--;
		return 1;
	case YAML_STREAM_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		return 1;
	case YAML_NO_EVENT:	/* what libyaml gives for ever behind an error or the end */
		break;
	}
	return refuse(b, ev, "not YAML");
}

static int
build(struct builder *b)
{
	yaml_parser_t parser;
	yaml_event_t ev;
	int rc = 1;

	if (refuse_tag_directives(b) == -1)
		return -1;
	if (!yaml_parser_initialize(&parser))
		die_nomem();
	/* Set, not guessed: a byte order mark must not make it UTF-16. */
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)b->bytes.p, b->bytes.n);
	while (rc == 1) {
		if (!yaml_parser_parse(&parser, &ev)) {
			rc = refuse_syntax(b, &parser);
			break;
		}
		rc = on_event(b, &ev);
		yaml_event_delete(&ev);
	}
	yaml_parser_delete(&parser);
	return rc;
}

int
yaml_load(struct yaml_doc *doc_r, const char *file, struct slice bytes, struct problem *p)
{
	struct builder b = { .doc = doc_r, .p = p, .bytes = bytes };
	int rc;

	*doc_r = (struct yaml_doc){ 0 };
	if (bytes.n == 0)
		b.bytes = SLICE("");	/* libyaml wants a pointer */
	b.may_tag = slice_chr(bytes, '!') != NULL;
	doc_r->file = arena_copy(&doc_r->arena, slice_of(file)).p;
	if (bytes.n > YAML_BYTES_MAX)
		rc = problem_at(file, 0, 0, p, "more than 16 MiB");
	else
		rc = build(&b);
	table_free(&b.table);
	free(b.seen);
	if (rc == -1)
		yaml_free(doc_r);
	return rc;
}

const struct yaml_node *
yaml_get(const struct yaml_node *map, const char *key)
{
	struct slice k = slice_of(key);

	if (map == NULL || map->kind != YAML_MAP)
		return NULL;
	for (const struct yaml_node *n = map->child; n != NULL; n = n->next) {
		if (slice_eq(n->key, k))
			return n;
	}
	return NULL;
}

/* "expected X, not what is there". */
static int
expected(const struct yaml_doc *doc, const struct yaml_node *node, struct problem *p,
	const char *what)
{
	if (node == NULL)
		return yaml_problem(doc, NULL, p, "expected %s, there is nothing", what);
	if (node->kind != YAML_SCALAR)
		return yaml_problem(doc, node, p, "expected %s, not a %s", what,
			node->kind == YAML_LIST ? "list" : "map");
	return yaml_problem(doc, node, p, "expected %s, not %s%.*s%s", what,
		node->quoted ? "\"" : "'", QUOTE_ARG(node->text), node->quoted ? "\"" : "'");
}

static bool
read_int(struct slice text, int64_t *value_r)
{
	bool minus = slice_take(&text, SLICE("-"));
	uint64_t v;

	if (text.n > 1 && text.p[0] == '0')
		return false;	/* octal to some readers of YAML */
	if (!slice_u64(text, (uint64_t)INT64_MAX + minus, &v))
		return false;
	if (!minus)
		*value_r = (int64_t)v;
	else
		*value_r = v ? -(int64_t)(v - 1) - 1 : 0;
	return true;
}

int
yaml_int(const struct yaml_doc *doc, const struct yaml_node *node, int64_t min, int64_t max,
	int64_t *value_r, struct problem *p)
{
	char what[96];
	int64_t v;

	if (node != NULL && node->kind == YAML_SCALAR && !node->quoted &&
		read_int(node->text, &v) && v >= min && v <= max) {
		*value_r = v;
		return 0;
	}
	snprintf(what, sizeof(what), "a whole number from %" PRId64 " to %" PRId64, min, max);
	return expected(doc, node, p, what);
}

int
yaml_bool(const struct yaml_doc *doc, const struct yaml_node *node, bool *value_r,
	struct problem *p)
{
	if (node == NULL || node->kind != YAML_SCALAR || node->quoted)
		return expected(doc, node, p, "true or false");
	if (slice_eq(node->text, SLICE("true")))
		*value_r = true;
	else if (slice_eq(node->text, SLICE("false")))
		*value_r = false;
	else
		return expected(doc, node, p, "true or false");
	return 0;
}

int
yaml_text(const struct yaml_doc *doc, const struct yaml_node *node, struct slice *text_r,
	struct problem *p)
{
	if (node == NULL || node->kind != YAML_SCALAR || node->text.n == 0)
		return expected(doc, node, p, "a text");
	*text_r = node->text;
	return 0;
}

static bool
is_allowed(struct slice key, const char *const *allowed)
{
	for (; *allowed != NULL; allowed++) {
		if (slice_eq(key, slice_of(*allowed)))
			return true;
	}
	return false;
}

int
yaml_keys(const struct yaml_doc *doc, const struct yaml_node *map, const char *const *allowed,
	struct problem *p)
{
	const struct yaml_node *n;
	char list[512] = "none";
	size_t used = 0;

	if (map == NULL || map->kind != YAML_MAP)
		return expected(doc, map, p, "a map");
	for (n = map->child; n != NULL && is_allowed(n->key, allowed);)
		n = n->next;
	if (n == NULL)
		return 0;
	for (; *allowed != NULL && used < sizeof(list); allowed++)
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s",
			used ? ", " : "", *allowed);
	return problem_at(doc->file, n->key_line, n->key_column, p,
		"unknown key '%.*s', allowed: %s", QUOTE_ARG(n->key), list);
}
