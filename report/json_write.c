/* See json_private.h. Objects and lists down to the third level break lines, deeper ones do not. */
#include "report/json_private.h"

enum { BROKEN = 3 };

static void
before(struct json *j)
{
	if (j->more)
		buf_chr(j->out, ',');
	if (j->depth > 0 && j->depth <= BROKEN) {
		buf_chr(j->out, '\n');
		for (unsigned i = 0; i < j->depth; i++)
			buf_chr(j->out, '\t');
	} else if (j->more) {
		buf_chr(j->out, ' ');
	}
	j->more = true;
}

/* In an object every value follows its key; key NULL: an item of a list. */
void
json_key(struct json *j, const char *name)
{
	before(j);
	if (name != NULL)
		buf_fmt(j->out, "\"%s\": ", name);
}

void
json_open(struct json *j, const char *name, char bracket)
{
	json_key(j, name);
	buf_chr(j->out, bracket);
	j->depth++;
	j->more = false;
}

void
json_close(struct json *j, char bracket)
{
	j->depth--;
	if (j->more && j->depth < BROKEN) {
		buf_chr(j->out, '\n');
		for (unsigned i = 0; i < j->depth; i++)
			buf_chr(j->out, '\t');
	}
	buf_chr(j->out, bracket);
	j->more = true;
}

void
json_number(struct json *j, const char *name, uint64_t n)
{
	json_key(j, name);
	buf_fmt(j->out, "%llu", (unsigned long long)n);
}

void
json_boolean(struct json *j, const char *name, bool v)
{
	json_key(j, name);
	buf_str(j->out, v ? "true" : "false");
}

void
json_text(struct json *j, const char *name, struct slice v)
{
	json_key(j, name);
	buf_json(j->out, v);
}

void
json_word(struct json *j, const char *name, const char *v)
{
	json_text(j, name, slice_of(v));
}

void
json_time(struct json *j, const char *name, int64_t t)
{
	char stamp[UTC_TEXT];

	utc_format(t, stamp);
	json_word(j, name, stamp);
}
