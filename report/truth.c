/*
 * See truth.h. The first line says which field of a row is what; each known field has a function
 * that takes it, or says what is wrong with it.
 */
#include "report/truth.h"

#include <stdlib.h>

#include "base/utc.h"

enum column {
	C_CLASS, C_QUEUE_ID, C_MESSAGE_ID, C_CLIENT_IP, C_TIME, C_HOST, C_ACCOUNT, C_DECIDABLE,
	C_SCENARIO, COLUMNS
};

enum { FIELDS_MAX = 256 };

struct reader {
	const char *file;
	unsigned line;
	uint8_t column[FIELDS_MAX];	/* of each field; COLUMNS: ignored */
	unsigned fields;
	struct problem *p;
};

static const char *const class_word[TRUTH_CLASSES] = { "other", "zombie", "misconfigured",
	"compromised", "ham" };

const char *
truth_class_name(unsigned class)
{
	return class_word[class];
}

void
truth_free(struct truth *t)
{
	free(t->row);
	*t = (struct truth){ 0 };
}

static int
wrong(const struct reader *r, size_t column, const char *what, struct slice quote)
{
	return problem_set(r->p, "%s:%u:%zu: %s%s%.*s", r->file, r->line, column + 1, what,
	    quote.n ? ": " : "", (int)(quote.n < 60 ? quote.n : 60), quote.p ? quote.p : "");
}

/* Cuts the line off the text, without LF or CRLF. */
static struct slice
take_line(struct slice *text)
{
	const char *end = slice_chr(*text, '\n');
	struct slice line = end ? slice_range(text->p, end) : *text;

	*text = slice_skip(*text, line.n + 1);
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* Cuts a field off; false when there was none left. *more: a tab stood behind it. */
static bool
take_field(struct slice *line, bool *more, struct slice *field_r)
{
	const char *end;

	if (!*more)
		return false;
	end = slice_chr(*line, '\t');
	*field_r = end ? slice_range(line->p, end) : *line;
	*more = end != NULL;
	*line = slice_skip(*line, field_r->n + 1);
	return true;
}

static int
read_head(struct reader *r, struct slice line)
{
	static const char *const name[COLUMNS] = { "class", "queue_id", "message_id", "client_ip",
		"time", "host", "account", "decidable", "scenario" };
	struct slice rest = line, field;
	bool more = true, seen[COLUMNS + 1] = { false };

	slice_take(&rest, SLICE("\xef\xbb\xbf"));
	while (take_field(&rest, &more, &field)) {
		unsigned c = 0;

		if (r->fields == FIELDS_MAX)
			return wrong(r, (size_t)(field.p - line.p), "too many columns", SLICE_NONE);
		while (c < COLUMNS && !slice_eq(field, slice_of(name[c])))
			c++;
		if (c < COLUMNS && seen[c])
			return wrong(
			    r, (size_t)(field.p - line.p), "this column stands twice", field);
		seen[c] = true;
		r->column[r->fields++] = (uint8_t)c;
	}
	if (!seen[C_CLASS])
		return wrong(r, 0, "the first line names no column \"class\"", SLICE_NONE);
	if (!seen[C_QUEUE_ID] && !seen[C_MESSAGE_ID] && !seen[C_CLIENT_IP])
		return wrong(r, 0,
		    "no column to find a message by: queue_id, message_id, client_ip", SLICE_NONE);
	return 0;
}

static bool
take_digits(struct slice *s, unsigned n, int *value_r)
{
	uint64_t v;

	if (s->n < n || !slice_u64(slice_first(*s, n), 9999, &v))
		return false;
	*value_r = (int)v;
	*s = slice_skip(*s, n);
	return true;
}

static bool
take_byte(struct slice *s, const char *any)
{
	if (s->n == 0 || strchr(any, s->p[0]) == NULL || s->p[0] == '\0')
		return false;
	*s = slice_skip(*s, 1);
	return true;
}

/* "Z", "+01:00" as seconds east of UTC. */
static bool
offset_of(struct slice s, int *offset_r)
{
	int hour, minute, sign = s.n && s.p[0] == '-' ? -1 : 1;

	*offset_r = 0;
	if (take_byte(&s, "Zz"))
		return s.n == 0;
	if (!take_byte(&s, "+-") || !take_digits(&s, 2, &hour))
		return false;
	take_byte(&s, ":");
	if (!take_digits(&s, 2, &minute) || s.n != 0 || hour > 23 || minute > 59)
		return false;
	*offset_r = sign * (hour * UTC_HOUR + minute * 60);
	return true;
}

static bool
time_of(struct slice s, int64_t *ts_r)
{
	struct civil c = { 0 };
	uint64_t seconds;
	int offset;

	if (slice_u64(s, UINT32_MAX, &seconds)) {
		*ts_r = (int64_t)seconds;
		return true;
	}
	if (!take_digits(&s, 4, &c.year) || !take_byte(&s, "-") || !take_digits(&s, 2, &c.month) ||
	    !take_byte(&s, "-") || !take_digits(&s, 2, &c.day) || !take_byte(&s, "Tt ") ||
	    !take_digits(&s, 2, &c.hour) || !take_byte(&s, ":") || !take_digits(&s, 2, &c.minute) ||
	    !take_byte(&s, ":") || !take_digits(&s, 2, &c.second) || !civil_valid(&c))
		return false;
	if (take_byte(&s, "."))
		while (take_byte(&s, "0123456789"))
			;
	if (!offset_of(s, &offset))
		return false;
	*ts_r = utc_of_civil(&c) - offset;
	return true;
}

/* 0, or -1 when the word is no class. */
static int
class_of(struct slice word, struct truth_row *row)
{
	if (slice_eq(word, SLICE("unattributed")))
		word = SLICE("other");
	for (unsigned c = 0; c < TRUTH_CLASSES; c++)
		if (slice_eq(word, slice_of(class_word[c]))) {
			row->class = (uint8_t)c;
			return 0;
		}
	return -1;
}

static struct slice
without_brackets(struct slice id)
{
	if (id.n >= 2 && id.p[0] == '<' && id.p[id.n - 1] == '>')
		return (struct slice){ id.p + 1, id.n - 2 };
	return id;
}

/* NULL, or what is wrong. */
static const char *
take_value(struct truth_row *row, unsigned column, struct slice v)
{
	switch (column) {
	case C_CLASS:
		return class_of(v, row) == 0 ? NULL :
		    "class: zombie, misconfigured, compromised, other or ham, not";
	case C_QUEUE_ID: row->queue_id = v; break;
	case C_MESSAGE_ID: row->message_id = without_brackets(v); break;
	case C_HOST: row->host = v; break;
	case C_ACCOUNT: row->account = v; break;
	case C_SCENARIO: row->scenario = v; break;
	case C_CLIENT_IP:
		row->has_client = v.n != 0;
		return v.n == 0 || addr_parse(v, &row->client) ? NULL : "not an address";
	case C_TIME:
		row->has_time = v.n != 0;
		return v.n == 0 || time_of(v, &row->ts) ? NULL :
		    "not a time (RFC 3339 with an offset, or seconds)";
	case C_DECIDABLE:
		row->decidable = !slice_eq(v, SLICE("no"));
		return v.n == 0 || !row->decidable || slice_eq(v, SLICE("yes")) ? NULL :
		    "decidable: yes or no, not";
	default: break;
	}
	return NULL;
}

static int
read_row(struct reader *r, struct slice line, struct truth_row *row)
{
	struct slice rest = line, field;
	bool more = true, has_class = false;
	unsigned n = 0;

	*row = (struct truth_row){ .decidable = true, .line = r->line };
	for (; take_field(&rest, &more, &field); n++) {
		size_t column = (size_t)(field.p - line.p);
		const char *what;

		if (n == r->fields)
			return wrong(r, column, "more fields than the first line has", field);
		has_class |= r->column[n] == C_CLASS;
		what = take_value(row, r->column[n], field);
		if (what != NULL)
			return wrong(r, column, what, field);
	}
	if (!has_class)
		return wrong(r, line.n, "this row ends before its class", SLICE_NONE);
	if (row->queue_id.n == 0 && row->message_id.n == 0 && !row->has_client)
		return wrong(r, 0, "nothing to find it by: queue_id, message_id, client_ip",
		    SLICE_NONE);
	if (row->queue_id.n == 0 && row->message_id.n == 0 && !row->has_time)
		return wrong(r, 0, "client_ip alone needs a time", SLICE_NONE);
	if (row->class == TRUTH_OTHER)
		row->decidable = false;
	return 0;
}

int
truth_parse(struct truth *t, const char *file, struct slice bytes, struct problem *p)
{
	struct reader r = { .file = file, .p = p };
	bool head = false;

	*t = (struct truth){ 0 };
	while (bytes.n > 0) {
		struct slice line = take_line(&bytes);

		r.line++;
		if (line.n == 0)
			continue;
		if (!head) {
			if (read_head(&r, line) == -1)
				return -1;
			head = true;
			continue;
		}
		mem_grow(&t->row, &t->cap, t->rows + 1, sizeof(*t->row));
		if (read_row(&r, line, &t->row[t->rows]) == -1) {
			truth_free(t);
			return -1;
		}
		t->rows++;
	}
	if (!head) {
		r.line = 1;
		return wrong(&r, 0, "empty: the first line must name the columns", SLICE_NONE);
	}
	return 0;
}
