/*
 * pack: writes the rule files given as C, for cli/builtin_rules.h. Runs at build time, so that no
 * start has to parse YAML; yamltree.h describes what it makes of a file.
 *
 * usage: pack FILE.yaml... >builtin_rules.c
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/yamltree.h"

enum { BYTES_MAX = 1 << 20 };

static void
put_byte(unsigned c)
{
	printf("%u,", c & 0xff);
}

static void
put_number(unsigned n)
{
	for (; n >= 0x80; n >>= 7)
		put_byte(n | 0x80);
	put_byte(n);
}

static void
put_text(struct slice s)
{
	put_number((unsigned)s.n);
	for (size_t i = 0; i < s.n; i++)
		put_byte((unsigned char)s.p[i]);
	put_byte(0);
	putchar('\n');
}

static void
put_node(const struct yaml_node *node, bool in_map)
{
	unsigned n = 0;

	put_number(node->kind | (node->quoted ? 4 : 0));
	put_number(node->line);
	put_number(node->column);
	if (in_map) {
		put_number(node->key_line);
		put_number(node->key_column);
		put_text(node->key);
	}
	if (node->kind == YAML_SCALAR) {
		put_text(node->text);
		return;
	}
	for (const struct yaml_node *i = node->child; i != NULL; i = i->next)
		n++;
	put_number(n);
	for (const struct yaml_node *i = node->child; i != NULL; i = i->next)
		put_node(i, node->kind == YAML_MAP);
}

static int
put_file(const char *path, int number)
{
	static char bytes[BYTES_MAX];
	struct yaml_doc doc;
	struct problem why;
	FILE *f = fopen(path, "rb");
	size_t n = f ? fread(bytes, 1, sizeof(bytes), f) : 0;

	if (f == NULL || ferror(f) || n == sizeof(bytes)) {
		fprintf(stderr, "%s: cannot be read, or is too large\n", path);
		return -1;
	}
	fclose(f);
	if (yaml_load(&doc, path, (struct slice){ bytes, n }, &why) == -1) {
		fprintf(stderr, "%s\n", why.text);
		return -1;
	}
	printf("static const unsigned char data_%d[] = {\n", number);
	put_number(doc.root != NULL);
	if (doc.root != NULL)
		put_node(doc.root, false);
	printf("};\n\n");
	yaml_free(&doc);
	return 0;
}

int
main(int argc, char **argv)
{
	printf("#include \"cli/builtin_rules.h\"\n\n");
	for (int i = 1; i < argc; i++)
		if (put_file(argv[i], i) == -1)
			return 1;
	printf("const struct builtin_rule_file builtin_rules[] = {\n");
	for (int i = 1; i < argc; i++)
		printf("\t{ \"%s\", data_%d },\n", argv[i], i);
	printf("\t{ 0, 0 }\n};\nconst unsigned builtin_rules_n = %d;\n", argc - 1);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
