/* message_id_common(): what spamd makes of the header, and of what the others write. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "parser/message_id.h"
#include "tests/slack.h"

static const struct {
	const char *id, *common;
} cases[] = {
	{ "", "" },
	{ "a@b.example", "a@b.example" },
	{ "2026.A1B2C3D4E5F6@mail.example.com", "2026.A1B2C3D4E5F6@mail.example.com" },
	{ "a b@c", "a?b@c" },
	{ "a  \t b@c", "a?b@c" },
	{ " a@c ", "a@c" },
	{ "a,b@c", "a_b@c" },
	{ "a(b)c@d", "ac@d" },
	{ "a(b(c)d)e@f", "ae@f" },
	{ "a(b(c)d@e", "a(bd@e" },
	{ "a)b@c", "a)b@c" },
	{ "<a> (b)", "a" },
	{ "<a <b>>", "a??b" },
	{ "<a> <b>", "a" },
	{ "\"x <b>\"@y", "\"x??b" },
	{ "caf\xc3\xa9@x", "caf??@x" },
	{ "a\x01@x", "a?@x" },
	{ "12345678\x7f", "12345678?" },
	{ "1234567890123456(x)", "1234567890123456" },
	{ "x?y_z@w", "x?y_z@w" },
};

static void
test_common(void **state)
{
	char text[MESSAGE_ID_MAX], again[MESSAGE_ID_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct slice whole = slack_copy(slice_of(cases[i].id), '(');
		struct slice s = message_id_common(whole, text);

		if (!slice_eq(s, slice_of(cases[i].common)))
			fail_msg("%s: %.*s, not %s", cases[i].id, SLICE_ARG(s), cases[i].common);
		assert_true(slice_eq(message_id_common(s, again), s));
		slack_free(whole);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_common) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
