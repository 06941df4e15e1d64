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
js_key(struct json *j, const char *name)
{
	before(j);
	if (name != NULL)
		buf_fmt(j->out, "\"%s\": ", name);
}

void
js_open(struct json *j, const char *name, char bracket)
{
	js_key(j, name);
	buf_chr(j->out, bracket);
	j->depth++;
	j->more = false;
}

void
js_close(struct json *j, char bracket)
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
js_number(struct json *j, const char *name, uint64_t n)
{
	js_key(j, name);
	buf_fmt(j->out, "%llu", (unsigned long long)n);
}

void
js_boolean(struct json *j, const char *name, bool v)
{
	js_key(j, name);
	buf_str(j->out, v ? "true" : "false");
}

void
js_text(struct json *j, const char *name, struct slice v)
{
	js_key(j, name);
	buf_json(j->out, v);
}

void
js_word(struct json *j, const char *name, const char *v)
{
	js_text(j, name, slice_of(v));
}

void
js_time(struct json *j, const char *name, int64_t t)
{
	char stamp[UTC_TEXT];

	utc_format(t, stamp);
	js_word(j, name, stamp);
}
