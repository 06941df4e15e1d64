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
void json_key(struct json *j, const char *name);
void json_open(struct json *j, const char *name, char bracket);
void json_close(struct json *j, char bracket);
void json_number(struct json *j, const char *name, uint64_t n);
void json_boolean(struct json *j, const char *name, bool v);
void json_text(struct json *j, const char *name, struct slice v);
void json_word(struct json *j, const char *name, const char *v);
void json_time(struct json *j, const char *name, int64_t t);

/* Classes come in the order of the table of the text report. */
static inline unsigned
class_at(unsigned i)
{
	return (i + 1) % VERDICTS;
}

/* json.c */
void json_per_class(struct json *j, const char *name, const uint64_t n[VERDICTS]);
/* json_measures.c: what would have stopped it; what changed. */
void json_measures(struct json *j, const struct summary *s);
void json_changes(struct json *j, const struct summary *s);

#endif
