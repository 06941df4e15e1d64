/*
 * json: the members of one flat object in a line, in one pass and without memory of its own.
 *
 * For the objects that log collectors write: strings, numbers and words are read, arrays and
 * objects inside are passed over. What is not JSON in detail (a control byte in a string, 01) is
 * let through; what cannot be told apart is not.
 *
 *	json_begin(&j, line)
 *	while ((rc = json_member(&j, &key)) == 1)
 *		json_text(&j, ...) or json_skip(&j)
 */
#ifndef PARSER_JSON_H
#define PARSER_JSON_H

#include "base/slice.h"

struct json {
	const char *p, *end;
	bool first;
};

/* WIDE_SLACK bytes behind the text can be read. False: it is no object. */
bool json_begin(struct json *j, struct slice text);
/* 1: the key, as it was written, of a value that comes next; 0: the end; -1: it is no JSON. */
int json_member(struct json *j, struct slice *key_r);
/*
 * The value as bytes: of a string, its text; of a number or word, that; of an array of numbers up
 * to 255, these; of another array, its first member; null has none. What has no room is dropped.
 * False: it is no JSON.
 */
bool json_text(struct json *j, char *to, size_t room, size_t *n_r);
bool json_skip(struct json *j);

#endif
