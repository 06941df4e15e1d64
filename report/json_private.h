/* json_private: values of a JSON document, one after the other; shared by report/json*.c. */
#ifndef REPORT_JSON_PRIVATE_H
#define REPORT_JSON_PRIVATE_H

#include "report/json.h"

struct json {
	struct buf *out;
	unsigned depth;
	bool more;		/* something stands before in this object or list */
};

/* In an object every value follows its key; key NULL: an item of a list. */
void js_key(struct json *j, const char *name);
void js_open(struct json *j, const char *name, char bracket);
void js_close(struct json *j, char bracket);
void js_number(struct json *j, const char *name, uint64_t n);
void js_boolean(struct json *j, const char *name, bool v);
void js_text(struct json *j, const char *name, struct slice v);
void js_word(struct json *j, const char *name, const char *v);
void js_time(struct json *j, const char *name, int64_t t);

/* Classes come in the order of the table of the text report. */
static inline unsigned
class_at(unsigned i)
{
	return (i + 1) % VERDICTS;
}

/* json.c */
void js_per_class(struct json *j, const char *name, const uint64_t n[VERDICTS]);
/* json_measures.c: what would have stopped it; what changed. */
void js_measures(struct json *j, const struct summary *s);
void js_changes(struct json *j, const struct summary *s);

#endif
