/* See wrap.h. */
#include "parser/wrap.h"

#include <stdlib.h>

#include "base/problem.h"
#include "parser/journal.h"
#include "parser/json.h"
#include "parser/stamp.h"

enum {
	NAME_MAX = 64,			/* of a field, as journald has it */
	STAMP_MAX = 40,
	DOCKER_CUT = 16 * 1024,		/* a longer line comes in pieces, without LF but the last */
	BINARY_MAX = 1 << 28		/* a longer value is none: its length is damaged */
};

struct wrap {
	struct journal journal;
};

struct wrap *
wrap_open(void)
{
	struct wrap *w = mem_alloc(sizeof(*w));

	journal_init(&w->journal);
	return w;
}

void
wrap_close(struct wrap *w)
{
	free(w);
}

/* Docker's message, which has the LF of its line when it is whole. */
static enum wrap_kind
docker_line(const struct journal *j, struct slice *line_r, int64_t *ts_r)
{
	struct slice s = journal_message(j);

	*line_r = s;
	if (s.n == j->n[JOURNAL_MESSAGE] && s.n >= DOCKER_CUT)
		return WRAP_BAD;
	if (slice_ends(s, SLICE("\r")))
		line_r->n--;
	return journal_time(j, ts_r) ? WRAP_INNER : WRAP_LINE;
}

static enum wrap_kind
json_line(struct journal *j, struct slice line, struct slice *line_r, int64_t *ts_r)
{
	struct json json;
	struct slice key;
	int rc;

	*line_r = line;
	journal_begin(j);
	if (!json_begin(&json, line))
		return WRAP_NONE;
	while ((rc = json_member(&json, &key)) == 1) {
		enum journal_field f = journal_field(key);
		size_t room, n;
		char *to;

		if (f == JOURNAL_FIELDS) {
			if (!json_skip(&json))
				return WRAP_BAD;
			continue;
		}
		to = journal_room(j, f, &room);
		if (!json_text(&json, to, room, &n))
			return WRAP_BAD;
		journal_set(j, f, n);
	}
	if (rc == -1)
		return WRAP_BAD;
	if (journal_has(j, JOURNAL_LOG) && !journal_has(j, JOURNAL_REALTIME))
		return docker_line(j, line_r, ts_r);
	return journal_line(j, line_r) ? WRAP_LINE : WRAP_BAD;
}

/* "STAMP stdout F LINE"; P is a piece of a line that is longer than 16 KiB. */
static enum wrap_kind
cri_line(struct slice line, struct slice *line_r, int64_t *ts_r)
{
	const char *blank = slice_chr(slice_first(line, STAMP_MAX), ' ');
	struct slice stamp, rest;
	bool whole;

	if (blank == NULL)
		return WRAP_NONE;
	stamp = slice_range(line.p, blank);
	rest = slice_range(blank, slice_end(line));
	if (!slice_take(&rest, SLICE(" stdout ")) && !slice_take(&rest, SLICE(" stderr ")))
		return WRAP_NONE;
	whole = rest.n && rest.p[0] == 'F';
	if (rest.n < 2 || rest.p[1] != ' ' || (!whole && rest.p[0] != 'P') ||
	    !stamp_rfc3339(stamp, ts_r))
		return WRAP_NONE;
	*line_r = slice_skip(rest, 2);
	return whole ? WRAP_INNER : WRAP_BAD;
}

enum wrap_kind
wrap_line(struct wrap *w, struct slice line, struct slice *line_r, int64_t *ts_r)
{
	slice_take(&line, (struct slice){ "\x1e", 1 });	/* of -o json-seq */
	if (line.n && line.p[0] == '{')
		return json_line(&w->journal, line, line_r, ts_r);
	if (line.n && (unsigned char)(line.p[0] - '0') <= 9)
		return cri_line(line, line_r, ts_r);
	return WRAP_NONE;
}

/* The name of a field at the start: its length, or 0. */
static size_t
name_length(struct slice s)
{
	size_t n = 0;

	while (n < s.n && n <= NAME_MAX && ((s.p[n] >= 'A' && s.p[n] <= 'Z') || s.p[n] == '_' ||
	    (n > 0 && s.p[n] >= '0' && s.p[n] <= '9')))
		n++;
	return n <= NAME_MAX ? n : 0;
}

bool
wrap_is_export(struct slice line)
{
	size_t n = name_length(line);

	return n > 0 && n < line.n && line.p[n] == '=';
}

/* Behind the line with its name: eight bytes of length, the lowest first, the value, LF. */
static bool
read_binary(struct journal *j, struct input *in, enum journal_field f)
{
	unsigned char length[8], lf[1];
	uint64_t n = 0;
	size_t room = 0, kept;
	char *to = f == JOURNAL_FIELDS ? NULL : journal_room(j, f, &room);

	if (!input_take(in, (char *)length, sizeof(length)))
		return false;
	for (unsigned i = 8; i > 0; i--)
		n = n << 8 | length[i - 1];
	if (n > BINARY_MAX)
		return false;
	kept = n < room ? (size_t)n : room;
	if (!input_take(in, to, kept) || !input_take(in, NULL, (size_t)n - kept) ||
	    !input_take(in, (char *)lf, 1))
		return false;
	if (to != NULL)
		journal_set(j, f, kept);
	return lf[0] == '\n';
}

/* A field, whose line was read: false when it is damaged. */
static bool
read_field(struct journal *j, struct input *in, struct slice line, size_t name)
{
	enum journal_field f = journal_field(slice_first(line, name));
	struct slice value;
	size_t room;
	char *to;

	if (name == line.n)
		return read_binary(j, in, f);
	if (f == JOURNAL_FIELDS)
		return true;
	value = slice_skip(line, name + 1);
	to = journal_room(j, f, &room);
	value = slice_first(value, room);
	if (value.n)
		memcpy(to, value.p, value.n);
	journal_set(j, f, value.n);
	return true;
}

static bool
is_cursor(struct slice line)
{
	return slice_starts(line, SLICE("__CURSOR="));
}

/*
 * An entry ends before what is no field: the empty line, which belongs to it, or anything else,
 * which does not. An end that is missing was cut off, together with what else is missing.
 */
enum wrap_kind
wrap_export(struct wrap *w, struct input *in, struct slice line, struct slice *line_r)
{
	struct journal *j = &w->journal;
	bool ok = true, cut = false, overlong = false;
	struct problem p;
	size_t name;
	int rc = 1;

	while (rc == 1 && line.n == 0)
		rc = input_line(in, &line, &overlong, &p);
	*line_r = rc == 1 ? line : SLICE_NONE;
	if (rc != 1 || !wrap_is_export(line))
		return WRAP_NONE;
	journal_begin(j);
	do {
		name = name_length(line);
		if (line.n == 0)
			break;
		if (name == 0 || (name < line.n && line.p[name] != '=') ||
		    (is_cursor(line) && journal_has(j, JOURNAL_REALTIME))) {
			input_back(in, line);
			break;
		}
		cut |= overlong && journal_field(slice_first(line, name)) != JOURNAL_FIELDS;
		ok = read_field(j, in, line, name);
	} while (ok && (rc = input_line(in, &line, &overlong, &p)) == 1);
	*line_r = journal_message(j);
	return ok && !cut && rc != -1 && journal_line(j, line_r) ? WRAP_LINE : WRAP_BAD;
}
