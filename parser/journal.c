/*
 * See journal.h. A message is written where it stands in the line; when the entry is whole, the
 * prefix is put before it.
 */
#include "parser/journal.h"

#include "base/problem.h"
#include "parser/stamp.h"

enum { MESSAGE_AT = JOURNAL_PREFIX, PROGRAM_MOST = 100, PID_DIGITS = 10, MICRO = 1000000 };

void
journal_init(struct journal *j)
{
	memset(j, 0, sizeof(*j));
	j->minute = INT64_MIN;
}

void
journal_begin(struct journal *j)
{
	j->has = 0;
	j->n[JOURNAL_MESSAGE] = 0;
}

static const struct slice names[JOURNAL_FIELDS] = {
#define NAME(field, text) [JOURNAL_ ## field] = { text, sizeof(text) - 1 }
	NAME(MESSAGE, "MESSAGE"), NAME(HOST, "_HOSTNAME"), NAME(PROGRAM, "SYSLOG_IDENTIFIER"),
	NAME(COMM, "_COMM"), NAME(PID, "_PID"), NAME(SYSLOG_PID, "SYSLOG_PID"),
	NAME(REALTIME, "__REALTIME_TIMESTAMP"), NAME(SOURCE, "_SOURCE_REALTIME_TIMESTAMP"),
	NAME(LOG, "log"), NAME(TIME, "time"),
#undef NAME
};

/* An entry has some twenty fields. The length leaves one that it may be. */
enum journal_field
journal_field(struct slice name)
{
	enum journal_field f;

	switch (name.n) {
	case 3: f = JOURNAL_LOG; break;
	case 4: f = name.p[0] == '_' ? JOURNAL_PID : JOURNAL_TIME; break;
	case 5: f = JOURNAL_COMM; break;
	case 7: f = JOURNAL_MESSAGE; break;
	case 9: f = JOURNAL_HOST; break;
	case 10: f = JOURNAL_SYSLOG_PID; break;
	case 17: f = JOURNAL_PROGRAM; break;
	case 20: f = JOURNAL_REALTIME; break;
	case 26: f = JOURNAL_SOURCE; break;
	default: return JOURNAL_FIELDS;
	}
	return slice_eq(names[f], name) ? f : JOURNAL_FIELDS;
}

static bool
is_message(enum journal_field f)
{
	return f == JOURNAL_MESSAGE || f == JOURNAL_LOG;
}

char *
journal_room(struct journal *j, enum journal_field f, size_t *room_r)
{
	*room_r = is_message(f) ? LINE_MAX_BYTES : JOURNAL_SHORT;
	return is_message(f) ? j->line + MESSAGE_AT : j->text[f];
}

void
journal_set(struct journal *j, enum journal_field f, size_t n)
{
	j->n[is_message(f) ? JOURNAL_MESSAGE : f] = n;
	j->has |= 1u << f;
}

static struct slice
text_of(const struct journal *j, enum journal_field f)
{
	return journal_has(j, f) ? (struct slice){ j->text[f], j->n[f] } : SLICE_NONE;
}

struct slice
journal_message(const struct journal *j)
{
	struct slice all = { j->line + MESSAGE_AT, j->n[JOURNAL_MESSAGE] };
	const char *lf = slice_chr(all, '\n');

	return slice_range(all.p, lf ? lf : slice_end(all));
}

/* The name before p, without what could end it or begin something else. */
static char *
put_name(char *p, struct slice name, size_t most, const char *otherwise)
{
	if (name.n == 0)
		name = slice_of(otherwise);
	name = slice_first(name, most);
	p -= name.n;
	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];

		p[i] = (char)(c <= ' ' || c == '[' || c == ']' || c == ':' || c == 0x7f ? '_' : c);
	}
	return p;
}

static char *
put_text(char *p, struct slice text)
{
	p -= text.n;
	memcpy(p, text.p, text.n);
	return p;
}

static bool
seconds_of(struct slice micro, int64_t *ts_r)
{
	uint64_t v;

	if (micro.n == 0 || !slice_u64(micro, INT64_MAX, &v))
		return false;
	*ts_r = (int64_t)(v / MICRO);
	return utc_is_stamp(*ts_r);
}

/* "2026-11-01T02:03:04Z"; most are of the same minute as the last one. */
static struct slice
stamp_of(struct journal *j, int64_t ts)
{
	enum { SECONDS = 17, STAMP = 20 };
	int64_t minute = utc_floor(ts, 60);
	unsigned second = (unsigned)(ts - minute);

	if (minute != j->minute)
		utc_format(minute, j->stamp);
	j->minute = minute;
	j->stamp[SECONDS] = (char)('0' + second / 10);
	j->stamp[SECONDS + 1] = (char)('0' + second % 10);
	return (struct slice){ j->stamp, STAMP };
}

bool
journal_line(struct journal *j, struct slice *line_r)
{
	struct slice body = journal_message(j), pid = text_of(j, JOURNAL_PID);
	struct slice program = text_of(j, JOURNAL_PROGRAM);
	char *p = j->line + MESSAGE_AT;
	uint64_t number;
	int64_t ts;

	*line_r = body;
	if (!seconds_of(text_of(j, JOURNAL_SOURCE), &ts) &&
	    !seconds_of(text_of(j, JOURNAL_REALTIME), &ts))
		return false;
	if (pid.n == 0)
		pid = text_of(j, JOURNAL_SYSLOG_PID);
	p = put_text(p, SLICE(": "));
	if (pid.n > 0 && pid.n <= PID_DIGITS && slice_u64(pid, UINT32_MAX, &number)) {
		p = put_text(p, SLICE("]"));
		p = put_text(p, pid);
		p = put_text(p, SLICE("["));
	}
	if (program.n == 0)
		program = text_of(j, JOURNAL_COMM);
	p = put_name(p, program, PROGRAM_MOST, "unknown");
	p = put_text(p, SLICE(" "));
	p = put_name(p, text_of(j, JOURNAL_HOST), JOURNAL_SHORT - 1, "-");
	p = put_text(p, SLICE(" "));
	p = put_text(p, stamp_of(j, ts));
	*line_r = slice_range(p, slice_end(body));
	return true;
}

bool
journal_time(const struct journal *j, int64_t *ts_r)
{
	return stamp_rfc3339(text_of(j, JOURNAL_TIME), ts_r);
}
