/* Trees with their places, every refusal with its place, and hostile sizes within seconds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/yamltree.h"
#include "cli/builtin_rules.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define BAD(bytes, problem) { { (bytes), sizeof(bytes) - 1 }, "f.yaml:" problem }

/* The tree as one line: scalars as text@line:column, keys likewise before '='. */
static void
show(const struct yaml_node *n, char *to, size_t size)
{
	size_t at = strlen(to);

	if (n->key.n)
		at += (size_t)snprintf(to + at, size - at, "%.*s@%u:%u=", SLICE_ARG(n->key),
			n->key_line, n->key_column);
	if (n->kind == YAML_SCALAR)
		at += (size_t)snprintf(to + at, size - at, n->quoted ? "'%.*s'" : "%.*s",
			SLICE_ARG(n->text));
	else
		at += (size_t)snprintf(to + at, size - at, n->kind == YAML_LIST ? "[" : "{");
	for (const struct yaml_node *c = n->child; c != NULL; c = c->next) {
		show(c, to, size);
		at = strlen(to);
		if (c->next != NULL)
			at += (size_t)snprintf(to + at, size - at, " ");
	}
	if (n->kind != YAML_SCALAR)
		at += (size_t)snprintf(to + at, size - at, n->kind == YAML_LIST ? "]" : "}");
	snprintf(to + at, size - at, "@%u:%u", n->line, n->column);
}

static const struct {
	const char *bytes, *tree;
} good[] = {
	{ "", "none" },
	{ "# only this\n\n", "none" },
	{ "---\n", "none" },
	{ "---\n...\n", "none" },
	{ "''", "''@1:1" },
	{ "a", "a@1:1" },
	{ "\xef\xbb\xbf" "a: b\n", "{a@1:2=b@1:5}@1:2" },
	{ "%YAML 1.1\n---\na\n", "a@3:1" },
	{ "[]", "[]@1:1" },
	{ "{}", "{}@1:1" },
	{ "a: 1\nb:\n  - x\n  - \"y z\"\nc:\n",
	  "{a@1:1=1@1:4 b@2:1=[x@3:5 'y z'@4:5]@3:3 c@5:1=@5:3}@1:1" },
	{ "a: {b: [1, {c: d}]}", "{a@1:1={b@1:5=[1@1:9 {c@1:13=d@1:16}@1:12]@1:8}@1:4}@1:1" },
	{ "a: |\n  one\n  two\n", "{a@1:1='one\ntwo\n'@1:4}@1:1" },
	{ "[{a: 1}, {a: 1}]", "[{a@1:3=1@1:6}@1:2 {a@1:11=1@1:14}@1:10]@1:1" },
	{ "a: {a: {a: a}}", "{a@1:1={a@1:5={a@1:9=a@1:12}@1:8}@1:4}@1:1" },
	{ "\xc3\xa4: \xc3\xb6!\nb: '!x &y *z'\n",
	  "{\xc3\xa4@1:1=\xc3\xb6!@1:4 b@2:1='!x &y *z'@2:4}@1:1" },
	{ "a: x %TAG\nb: |\n  %TAG\n", "{a@1:1=x %TAG@1:4 b@2:1='%TAG\n'@2:4}@1:1" },
	{ "\"1\": 2\n", "{1@1:1=2@1:6}@1:1" },
	{ "a: b\r\nc: d\r\n", "{a@1:1=b@1:4 c@2:1=d@2:4}@1:1" },
};

static const struct {
	struct slice bytes;
	const char *problem;
} bad[] = {
	BAD("a: &x 1\n", "1:4: anchors are not allowed"),
	BAD("a: 1\nb: &x [1]\n", "2:4: anchors are not allowed"),
	BAD("&x {a: 1}\n", "1:1: anchors are not allowed"),
	BAD("&x a: 1\n", "1:1: anchors are not allowed"),
	BAD("a: *x\n", "1:4: aliases are not allowed"),
	BAD("*x : 1\n", "1:1: aliases are not allowed"),
	BAD("- &x 1\n- *x\n", "1:3: anchors are not allowed"),
	BAD("a: !!int 1\n", "1:4: tags are not allowed"),
	BAD("a:\n  - !x [1]\n", "2:5: tags are not allowed"),
	BAD("!x {a: 1}\n", "1:1: tags are not allowed"),
	BAD("!!str a: 1\n", "1:1: tags are not allowed"),
	BAD("\xc3\xa4: ! 1\n", "1:4: tags are not allowed"),
	BAD("a: ! 'x'\n", "1:4: tags are not allowed"),
	BAD("a: ! [x]\n", "1:4: tags are not allowed"),
	BAD("# c\n%TAG ! x\n---\na: 1\n", "2:1: tags are not allowed"),
	BAD("a\r%TAG", "1:3: tags are not allowed"),
	BAD("a: 1\nb: 2\na: 3\n", "3:1: duplicate key 'a', first in line 1"),
	BAD("x:\n  - {b: 1,\n     'b': 2}\n", "3:6: duplicate key 'b', first in line 2"),
	BAD("a: {x: 1}\nb: 1\n\"\\x61\": 2\n", "3:1: duplicate key 'a', first in line 1"),
	BAD("? [a]\n: 1\n", "1:3: a key must be a scalar"),
	BAD("{a: 1, {b: c}: 1}\n", "1:8: a key must be a scalar"),
	BAD("a: 1\n'': 1\n", "2:1: empty key"),
	BAD("{a: 1, ? : 1}\n", "1:10: empty key"),
	BAD("a: 1\n---\nb: 1\n", "2:1: more than one document"),
	BAD("---\n---\n", "2:1: more than one document"),
	BAD("a\n...\n---\n...\n", "3:1: more than one document"),
	BAD("a: \xff\n", "1:4: invalid leading UTF-8 octet"),
	BAD("a: b\n\xc3\xa4: \xc3\x28\n", "2:5: invalid trailing UTF-8 octet"),
	BAD("a: \xc3", "1:4: incomplete UTF-8 octet sequence"),
	BAD("a: \xed\xa0\x80\n", "1:4: invalid Unicode character"),
	BAD("\xff\xfe" "a\0", "1:1: invalid leading UTF-8 octet"),
	BAD("a: b\nc\0: d\n", "2:2: control characters are not allowed"),
	BAD("a: [1\n", "2:1: did not find expected ',' or ']', "
		"while parsing a flow sequence of line 1"),
	BAD("a: 1\n b: 2\n", "2:3: mapping values are not allowed in this context"),
	BAD("a: 'x\n", "2:1: found unexpected end of stream, "
		"while scanning a quoted scalar of line 1"),
	BAD("a:\n\t- b\n", "2:1: found character that cannot start any token, "
		"while scanning for the next token of line 2"),
	BAD("- a\nb: c\n", "2:1: did not find expected '-' indicator, "
		"while parsing a block collection of line 1"),
	BAD("%FOO\n---\n", "1:5: found unknown directive name, "
		"while scanning a directive of line 1"),
};

static void
test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct yaml_doc doc;
		struct problem p = { "" };
		char tree[512] = "";

		if (yaml_load(&doc, "f.yaml", slice_of(good[i].bytes), &p) == -1)
			fail_msg("%s", p.text);
		assert_string_equal(doc.file, "f.yaml");
		if (doc.root == NULL)
			strcpy(tree, "none");
		else
			show(doc.root, tree, sizeof(tree));
		assert_string_equal(tree, good[i].tree);
		yaml_free(&doc);
		assert_null(doc.root);
	}
}

static void
assert_bad(struct slice bytes, const char *problem)
{
	struct yaml_doc doc;
	struct problem p = { "" };

	assert_int_equal(yaml_load(&doc, "f.yaml", bytes, &p), -1);
	assert_string_equal(p.text, problem);
	assert_null(doc.root);
	assert_null(doc.arena.head);
	yaml_free(&doc);
	assert_int_equal(yaml_load(&doc, "f.yaml", bytes, NULL), -1);
}

static void
test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_bad(bad[i].bytes, bad[i].problem);
}

static void
test_no_bytes(void **state)
{
	struct yaml_doc doc;

	(void)state;
	assert_int_equal(yaml_load(&doc, "f", SLICE_NONE, NULL), 0);
	assert_null(doc.root);
	yaml_free(&doc);
}

/* Many times the same text, between a head and a tail. */
static struct slice
repeat(const char *head, const char *text, size_t n, const char *tail)
{
	size_t len = strlen(text), at = strlen(head);
	char *s = malloc(at + len * n + strlen(tail) + 1);

	assert_non_null(s);
	memcpy(s, head, at);
	for (size_t i = 0; i < n; i++, at += len)
		memcpy(s + at, text, len);
	strcpy(s + at, tail);
	return (struct slice){ s, at + strlen(tail) };
}

static void
test_limits(void **state)
{
	static const struct {
		const char *head, *text;
		size_t n;
		const char *tail, *problem;	/* NULL when it is still allowed */
	} t[] = {
		{ "", "- ", 32, "a", NULL },
		{ "", "- ", 33, "a",
		  "f.yaml:1:65: more than 32 lists and maps inside each other" },
		{ "", "[", 33, "",
		  "f.yaml:1:33: more than 32 lists and maps inside each other" },
		{ "", "{a: ", 33, "",
		  "f.yaml:1:129: more than 32 lists and maps inside each other" },
		{ "", "- a\n", 999999, "", NULL },
		{ "", "- a\n", 1000000, "", "f.yaml:1000000:3: more than 1000000 values" },
		{ "#", "x", (16 << 20) - 1, "", NULL },
		{ "#", "x", 16 << 20, "", "f.yaml: more than 16 MiB" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(t); i++) {
		struct slice s = repeat(t[i].head, t[i].text, t[i].n, t[i].tail);
		struct yaml_doc doc;
		struct problem p = { "" };

		if (t[i].problem != NULL) {
			assert_bad(s, t[i].problem);
		} else {
			if (yaml_load(&doc, "f.yaml", s, &p) == -1)
				fail_msg("%s", p.text);
			yaml_free(&doc);
		}
		free((void *)(uintptr_t)s.p);
	}
}

/* Brackets without end: libyaml looks ahead, but neither loops nor recurses. */
static void
test_hostile_depth(void **state)
{
	static const char *const text[] = { "[", "{", "- ", "? ", "[{", "[? " };

	(void)state;
	for (size_t i = 0; i < COUNT(text); i++) {
		struct slice s = repeat("", text[i], (16 << 20) / strlen(text[i]), "");
		struct yaml_doc doc;
		struct problem p = { "" };

		assert_int_equal(yaml_load(&doc, "f.yaml", s, &p), -1);
		assert_true(slice_starts(slice_of(p.text), SLICE("f.yaml:1:")));
		free((void *)(uintptr_t)s.p);
	}
}

static void
test_many_keys(void **state)
{
	enum { KEYS = 500000 };
	size_t size = (size_t)KEYS * 16 + 64, at = 0;
	char *s = malloc(size);
	struct yaml_doc doc;
	struct problem p = { "" };
	clock_t start = clock();

	(void)state;
	assert_non_null(s);
	for (unsigned i = 0; i < KEYS; i++)
		at += (size_t)snprintf(s + at, size - at, "k%u: \n", i);
	if (yaml_load(&doc, "f.yaml", (struct slice){ s, at }, &p) == -1)
		fail_msg("%s", p.text);
	assert_int_equal(yaml_get(doc.root, "k499999")->key_line, KEYS);
	yaml_free(&doc);
	at += (size_t)snprintf(s + at, size - at, "k77: \n");
	assert_bad((struct slice){ s, at },
		"f.yaml:500001:1: duplicate key 'k77', first in line 78");
	free(s);
	assert_true((clock() - start) / CLOCKS_PER_SEC < 60);
}

static const char values[] = "i: 42\nm: -5\nz: 0\nlo: -9223372036854775808\n"
	"hi: 9223372036854775807\nover: 9223372036854775808\noct: 010\nplus: +1\nq: '1'\n"
	"t: true\nf: false\nyes: yes\nqt: 'true'\nempty:\nlist: [1]\nmap: {a: 1}\ntext: hello\n"
	"minus: -x\n";

static void
test_int(void **state)
{
	static const struct {
		const char *key;
		int64_t min, max, value;
		const char *problem;
	} t[] = {
		{ "i", 0, 100, 42, NULL },
		{ "i", 42, 42, 42, NULL },
		{ "m", -5, 0, -5, NULL },
		{ "z", 0, 0, 0, NULL },
		{ "lo", INT64_MIN, INT64_MAX, INT64_MIN, NULL },
		{ "hi", INT64_MIN, INT64_MAX, INT64_MAX, NULL },
		{ "i", 0, 41, 0, "v:1:4: expected a whole number from 0 to 41, not '42'" },
		{ "m", 0, 9, 0, "v:2:4: expected a whole number from 0 to 9, not '-5'" },
		{ "over", 0, INT64_MAX, 0, "v:6:7: expected a whole number from 0 to "
			"9223372036854775807, not '9223372036854775808'" },
		{ "oct", 0, 9, 0, "v:7:6: expected a whole number from 0 to 9, not '010'" },
		{ "plus", 0, 9, 0, "v:8:7: expected a whole number from 0 to 9, not '+1'" },
		{ "q", 0, 9, 0, "v:9:4: expected a whole number from 0 to 9, not \"1\"" },
		{ "empty", 0, 9, 0, "v:14:7: expected a whole number from 0 to 9, not ''" },
		{ "list", 0, 9, 0, "v:15:7: expected a whole number from 0 to 9, not a list" },
		{ "minus", 0, 9, 0, "v:18:8: expected a whole number from 0 to 9, not '-x'" },
		{ "-", 0, 9, 0, "v: expected a whole number from 0 to 9, there is nothing" },
	};
	struct yaml_doc doc;

	(void)state;
	assert_int_equal(yaml_load(&doc, "v", SLICE(values), NULL), 0);
	for (size_t i = 0; i < COUNT(t); i++) {
		struct problem p = { "" };
		int64_t v = 0;
		int rc = yaml_int(&doc, yaml_get(doc.root, t[i].key), t[i].min, t[i].max, &v, &p);

		assert_string_equal(p.text, t[i].problem ? t[i].problem : "");
		assert_int_equal(rc, t[i].problem ? -1 : 0);
		assert_true(v == t[i].value);
	}
	yaml_free(&doc);
}

static void
test_bool_and_text(void **state)
{
	static const struct {
		const char *key, *bool_problem, *text_problem;
	} t[] = {
		{ "t", "", "" },
		{ "f", "", "" },
		{ "yes", "v:12:6: expected true or false, not 'yes'", "" },
		{ "qt", "v:13:5: expected true or false, not \"true\"", "" },
		{ "empty", "v:14:7: expected true or false, not ''",
		  "v:14:7: expected a text, not ''" },
		{ "list", "v:15:7: expected true or false, not a list",
		  "v:15:7: expected a text, not a list" },
		{ "map", "v:16:6: expected true or false, not a map",
		  "v:16:6: expected a text, not a map" },
		{ "none", "v: expected true or false, there is nothing",
		  "v: expected a text, there is nothing" },
	};
	struct yaml_doc doc;

	(void)state;
	assert_int_equal(yaml_load(&doc, "v", SLICE(values), NULL), 0);
	for (size_t i = 0; i < COUNT(t); i++) {
		const struct yaml_node *n = yaml_get(doc.root, t[i].key);
		struct problem p = { "" }, q = { "" };
		struct slice text = SLICE_NONE;
		bool yes = false;

		assert_int_equal(yaml_bool(&doc, n, &yes, &p), t[i].bool_problem[0] ? -1 : 0);
		assert_string_equal(p.text, t[i].bool_problem);
		assert_int_equal(yes, strcmp(t[i].key, "t") == 0);
		assert_int_equal(yaml_text(&doc, n, &text, &q), t[i].text_problem[0] ? -1 : 0);
		assert_string_equal(q.text, t[i].text_problem);
		assert_int_equal(text.n > 0, t[i].text_problem[0] == '\0');
	}
	yaml_free(&doc);
}

static void
test_keys_and_problem(void **state)
{
	static const char *const ab[] = { "a", "b", NULL }, *const none[] = { NULL };
	static const char *const abc[] = { "c", "b", "a", NULL };
	struct yaml_doc doc;
	struct problem p = { "" };

	(void)state;
	assert_int_equal(yaml_load(&doc, "k", SLICE("a: 1\nb: [x]\n? c\n: 2\n"), &p), 0);
	assert_int_equal(yaml_keys(&doc, doc.root, abc, &p), 0);
	assert_string_equal(p.text, "");
	assert_int_equal(yaml_keys(&doc, doc.root, ab, &p), -1);
	assert_string_equal(p.text, "k:3:3: unknown key 'c', allowed: a, b");
	assert_int_equal(yaml_keys(&doc, doc.root, none, &p), -1);
	assert_string_equal(p.text, "k:1:1: unknown key 'a', allowed: none");
	assert_int_equal(yaml_keys(&doc, yaml_get(doc.root, "b"), ab, &p), -1);
	assert_string_equal(p.text, "k:2:4: expected a map, not a list");
	assert_int_equal(yaml_keys(&doc, yaml_get(doc.root, "a"), ab, &p), -1);
	assert_string_equal(p.text, "k:1:4: expected a map, not '1'");
	assert_int_equal(yaml_keys(&doc, NULL, ab, &p), -1);
	assert_string_equal(p.text, "k: expected a map, there is nothing");
	assert_null(yaml_get(NULL, "a"));
	assert_null(yaml_get(yaml_get(doc.root, "b"), "a"));
	assert_int_equal(yaml_problem(&doc, yaml_get(doc.root, "c"), &p, "no %s", "x"), -1);
	assert_string_equal(p.text, "k:4:3: no x");
	assert_int_equal(yaml_problem(&doc, NULL, &p, "no %d", 1), -1);
	assert_string_equal(p.text, "k: no 1");
	assert_int_equal(yaml_problem(&doc, NULL, NULL, "no"), -1);
	yaml_free(&doc);
}

static void
check_same(const struct yaml_node *a, const struct yaml_node *b)
{
	assert_true(a->kind == b->kind && a->quoted == b->quoted);
	assert_true(a->line == b->line && a->column == b->column);
	assert_true(a->key_line == b->key_line && a->key_column == b->key_column);
	assert_true(slice_eq(a->key, b->key) && slice_eq(a->text, b->text));
	if (a->kind == YAML_SCALAR)
		assert_int_equal(a->text.p[a->text.n], '\0');
	for (a = a->child, b = b->child; a != NULL && b != NULL; a = a->next, b = b->next)
		check_same(a, b);
	assert_true(a == NULL && b == NULL);
}

/* What is compiled in is what stands in rules/, to the last place. */
static void
test_packed(void **state)
{
	static char bytes[1 << 20];

	(void)state;
	for (const struct builtin_rule_file *f = builtin_rules; f->name != NULL; f++) {
		struct yaml_doc packed, loaded;
		FILE *in = fopen(f->name, "rb");
		size_t n;

		assert_non_null(in);
		n = fread(bytes, 1, sizeof(bytes), in);
		fclose(in);
		assert_int_equal(yaml_load(&loaded, f->name, (struct slice){ bytes, n }, NULL), 0);
		yaml_unpack(&packed, f->name, f->packed);
		assert_string_equal(packed.file, loaded.file);
		check_same(packed.root, loaded.root);
		yaml_free(&packed);
		yaml_free(&loaded);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_no_bytes),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_hostile_depth),
		cmocka_unit_test(test_many_keys),
		cmocka_unit_test(test_int),
		cmocka_unit_test(test_bool_and_text),
		cmocka_unit_test(test_keys_and_problem),
		cmocka_unit_test(test_packed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
