/*
 * See input.h: the log files of a directory, and rotation order.
 *
 * A path is cut from behind: NAME [rotation] [compression]. Order is by NAME (with its directory),
 * then numbered parts from the highest number, then dated parts from the oldest date, then the
 * part without rotation, which is being written; compression never counts. Numbered before dated:
 * who changed to logrotate's dateext has the numbers from before. strcmp() ends every tie.
 *
 *	mail.log.2.gz  mail.log.1  mail.log-20261031.zst  mail.log-20261101  mail.log
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "parser/input.h"

enum rotation { NUMBERED, DATED, CURRENT };

struct key {
	struct slice name;
	enum rotation rotation;
	struct slice value;	/* the number without leading zeros, or the date as written */
};

/* Prefixes, as shells write them. The second row is for hosts that log all to one file. */
static const char *const mail_log[] = { "mail.log", "maillog", "mainlog", "rejectlog", "spamd.log",
	NULL };
static const char *const any_log[] = { "syslog", "messages", NULL };

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* 20261101, 2026110113, 2026-11-01, 20261101-130000: of digits, '-' and '_' only. */
static bool
is_date(struct slice s)
{
	unsigned digits = 0;

	if (s.n < 8 || !(slice_starts(s, SLICE("19")) || slice_starts(s, SLICE("20"))))
		return false;
	if (!is_digit(s.p[2]) || !is_digit(s.p[3]))
		return false;
	for (size_t i = 0; i < s.n; i++)
		digits += is_digit(s.p[i]);
	return digits >= 8;
}

static bool
is_number(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_digit(s.p[i]))
			return false;
	return s.n > 0;
}

static struct key
key_of(const char *path)
{
	static const struct slice packed[] = { { ".gz", 3 }, { ".zst", 4 }, { ".bz2", 4 },
		{ ".xz", 3 } };
	struct slice s = slice_of(path);
	size_t from;

	for (size_t i = 0; i < sizeof(packed) / sizeof(packed[0]); i++)
		if (slice_ends(s, packed[i])) {
			s.n -= packed[i].n;
			break;
		}
	for (from = s.n; from > 0; from--)
		if (!is_digit(s.p[from - 1]) && s.p[from - 1] != '-' && s.p[from - 1] != '_')
			break;
	/* from: what could be a rotation, without the dot before it; the longest date wins. */
	for (size_t i = from > 0 ? from - 1 : 0; i < s.n; i++) {
		struct slice rest = slice_skip(s, i + 1);

		if ((s.p[i] == '-' || s.p[i] == '.') && is_date(rest))
			return (struct key){ slice_first(s, i), DATED, rest };
	}
	if (from > 0 && s.p[from - 1] == '.' && is_number(slice_skip(s, from))) {
		struct slice number = slice_skip(s, from);

		while (number.n > 0 && number.p[0] == '0')
			number = slice_skip(number, 1);
		return (struct key){ slice_first(s, from - 1), NUMBERED, number };
	}
	return (struct key){ s, CURRENT, SLICE_NONE };
}

int
input_rotation_cmp(const char *a, const char *b)
{
	struct key x = key_of(a), y = key_of(b);
	int c = slice_cmp(x.name, y.name);

	if (c != 0)
		return c;
	if (x.rotation != y.rotation)
		return x.rotation < y.rotation ? -1 : 1;
	if (x.rotation == NUMBERED && x.value.n != y.value.n)
		return x.value.n > y.value.n ? -1 : 1;
	c = slice_cmp(x.value, y.value);
	if (c != 0)
		return x.rotation == NUMBERED ? -c : c;
	return strcmp(a, b);
}

bool
input_same_log(const char *a, const char *b)
{
	return slice_eq(key_of(a).name, key_of(b).name);
}

static int
cmp_entries(const void *a, const void *b)
{
	return input_rotation_cmp(*(char *const *)a, *(char *const *)b);
}

static bool
has_prefix(const char *name, const char *const *prefix)
{
	for (; *prefix != NULL; prefix++)
		if (strncmp(name, *prefix, strlen(*prefix)) == 0)
			return true;
	return false;
}

static void
append(struct input_list *list, const char *dir, const char *name)
{
	size_t d = strlen(dir), n = strlen(name);
	bool slash = d > 0 && dir[d - 1] != '/';
	char *path = mem_alloc(d + slash + n + 1);

	memcpy(path, dir, d);
	if (slash)
		path[d] = '/';
	memcpy(path + d + slash, name, n + 1);
	mem_grow(&list->path, &list->cap, list->n + 1, sizeof(*list->path));
	list->path[list->n++] = path;
}

/* What might have been meant stands first. */
static bool
is_before(const char *a, const char *b)
{
	bool is_a = has_prefix(a, any_log), is_b = has_prefix(b, any_log);

	return is_a != is_b ? is_a : strcmp(a, b) < 0;
}

/* A directory may hold any number of others: the first ones are kept. */
static void
leave(struct input_list *list, const char *name)
{
	unsigned at = list->lefts < INPUT_LEFT ? list->lefts : INPUT_LEFT;
	size_t n = strlen(name) + 1;

	list->lefts++;
	if (at == INPUT_LEFT) {
		if (!is_before(name, list->left[at - 1]))
			return;
		free(list->left[--at]);
	}
	for (; at > 0 && is_before(name, list->left[at - 1]); at--)
		list->left[at] = list->left[at - 1];
	list->left[at] = mem_alloc(n);
	memcpy(list->left[at], name, n);
}

static void
forget_left(struct input_list *list)
{
	for (unsigned i = 0; i < list->lefts && i < INPUT_LEFT; i++)
		free(list->left[i]);
	list->lefts = 0;
}

/* One pass over the directory for one row of prefixes. */
static int
add_matching(struct input_list *list, DIR *dir, const char *path, const char *const *prefix)
{
	struct dirent *e;
	struct stat st;

	rewinddir(dir);
	forget_left(list);
	while (errno = 0, (e = readdir(dir)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (has_prefix(e->d_name, prefix) && fstatat(dirfd(dir), e->d_name, &st, 0) == 0 &&
		    S_ISREG(st.st_mode))
			append(list, path, e->d_name);
		else
			leave(list, e->d_name);
	}
	return errno == 0 ? 0 : -1;
}

static int
add_directory(struct input_list *list, const char *path, struct problem *p)
{
	/* Apart from the list, so that a failure leaves that as it was. */
	struct input_list found = { 0 };
	DIR *dir = opendir(path);
	int rc;

	if (dir == NULL)
		return problem_set(p, "%s: %s", path, strerror(errno));
	rc = add_matching(&found, dir, path, mail_log);
	if (rc == 0 && found.n == 0)
		rc = add_matching(&found, dir, path, any_log);
	if (rc == -1)
		problem_set(p, "%s: %s", path, strerror(errno));
	else if (found.n == 0)
		rc = problem_set(p,
		    "%s: no mail logs in this directory (looked for mail.log* maillog* "
		    "mainlog* rejectlog* spamd.log* syslog* messages*)",
		    path);
	closedir(dir);
	if (rc == 0) {
		qsort(found.path, found.n, sizeof(*found.path), cmp_entries);
		for (unsigned i = 0; i < found.n; i++)
			append(list, "", found.path[i]);
		memcpy(list->left, found.left, sizeof(list->left));
		list->lefts = found.lefts;
		found.lefts = 0;
	}
	input_list_free(&found);
	return rc;
}

int
input_list_add(struct input_list *list, const char *path, struct problem *p)
{
	struct stat st;

	forget_left(list);
	if (strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return add_directory(list, path, p);
	append(list, "", path);
	return 0;
}

void
input_list_free(struct input_list *list)
{
	for (unsigned i = 0; i < list->n; i++)
		free(list->path[i]);
	free(list->path);
	forget_left(list);
	*list = (struct input_list){ 0 };
}
