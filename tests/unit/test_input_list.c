/* parser/input_list: which files of a directory are logs, and rotation order. */
#include "tests/unit/input_files.h"

#include <sys/stat.h>

#include "parser/input.h"

/* In order; every pair is compared both ways, which also tests transitivity. */
static const char *const ordered[] = {
	"",
	"-",
	"/var/log/a.log-20251231",
	"/var/log/mail.log.100000000000000000000000",
	"/var/log/mail.log.12.gz",
	"/var/log/mail.log.10",
	"/var/log/mail.log.9.zst",
	"/var/log/mail.log.2.gz",
	"/var/log/mail.log.01",
	"/var/log/mail.log.1",
	"/var/log/mail.log.1.gz",
	"/var/log/mail.log.0",
	"/var/log/mail.log-20251231",
	"/var/log/mail.log-20260101.zst",
	"/var/log/mail.log-2026010113.gz",
	"/var/log/mail.log.20261031",
	"/var/log/mail.log-20261101",
	"/var/log/mail.log",
	"/var/log/mail.log-2",
	"/var/log/mail.log.20261101x",
	"/var/log/maillog-2026-10-31.xz",
	"/var/log/maillog-2026-11-01",
	"/var/log/maillog-20261101-130000",
	"/var/log/maillog.bz2",
	"/var/log/mx-1.log",
};

static void
test_order(void **state)
{
	unsigned n = sizeof(ordered) / sizeof(ordered[0]);

	(void)state;
	for (unsigned i = 0; i < n; i++)
		for (unsigned k = 0; k < n; k++) {
			int c = input_rotation_cmp(ordered[i], ordered[k]);

			if ((c < 0) != (i < k) || (c > 0) != (i > k))
				fail_msg("%s and %s compare as %d", ordered[i], ordered[k], c);
		}
}

static void
check_list(const struct input_list *list, const char *const *name, unsigned n)
{
	assert_int_equal(list->n, n);
	for (unsigned i = 0; i < n; i++)
		assert_string_equal(list->path[i], path_of(name[i]));
}

static void
test_directory(void **state)
{
	static const char *const files[] = { "spamd.log", "mail.log", "mail.log.1",
		"mail.log.10.gz", "mail.log.2.gz", "rejectlog", "mainlog.1", "auth.log", "syslog",
		"messages.1", ".mail.log.swp", "mailx" };
	static const char *const want[] = { "mail.log.10.gz", "mail.log.2.gz", "mail.log.1",
		"mail.log", "mail.log_link", "mainlog.1", "rejectlog", "spamd.log" };
	static const char *const left[] = { "messages.1", "syslog", ".mail.log.swp", "auth.log",
		"mail.log.d", "mail.log_dangling", "maillog", "mailx" };
	struct input_list list = { 0 };
	struct bytes empty = { 0 };

	(void)state;
	dir_clear();
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		save(files[i], &empty);
	assert_int_equal(mkdir(path_of("mail.log.d"), 0700), 0);
	assert_int_equal(symlink("mail.log", path_of("mail.log_link")), 0);
	assert_int_equal(symlink("nowhere", path_of("mail.log_dangling")), 0);
	assert_int_equal(mkfifo(path_of("maillog"), 0600), 0);
	assert_int_equal(input_list_add(&list, dir, NULL), 0);
	check_list(&list, want, 8);
	assert_int_equal(list.lefts, 5 + 3);
	for (unsigned i = 0; i < list.lefts; i++)
		assert_string_equal(list.left[i], left[i]);
	input_list_free(&list);
	assert_int_equal(list.n, 0);
	/* with a slash behind: no second one */
	assert_int_equal(input_list_add(&list, path_of(""), NULL), 0);
	check_list(&list, want, 8);
	input_list_free(&list);
}

static void
test_fallback(void **state)
{
	static const char *const want[] = { "messages", "syslog.1", "syslog" };
	struct input_list list = { 0 };
	struct bytes empty = { 0 };
	struct problem p;

	(void)state;
	dir_clear();
	assert_int_equal(input_list_add(&list, "-", &p), 0);
	assert_int_equal(input_list_add(&list, "/absent/file", &p), 0);
	assert_int_equal(input_list_add(&list, dir, &p), -1);
	assert_non_null(strstr(p.text, ": no mail logs in this directory (looked for mail.log*"));
	assert_int_equal(list.n, 2);
	assert_string_equal(list.path[0], "-");
	assert_string_equal(list.path[1], "/absent/file");
	input_list_free(&list);
	save("auth.log", &empty);
	for (size_t i = 0; i < 3; i++)
		save(want[i], &empty);
	assert_int_equal(input_list_add(&list, dir, &p), 0);
	check_list(&list, want, 3);
	assert_int_equal(list.lefts, 1);
	assert_string_equal(list.left[0], "auth.log");
	assert_int_equal(input_list_add(&list, dir, &p), 0);	/* given twice is twice */
	assert_int_equal(list.n, 6);
	input_list_free(&list);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_directory),
		cmocka_unit_test(test_fallback),
	};

	return cmocka_run_group_tests(tests, dir_make, dir_remove);
}
