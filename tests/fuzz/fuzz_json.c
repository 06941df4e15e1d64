/*
 * Any bytes as an object of JSON: the scanner stays within them and goes forward; a value that is
 * skipped and one that is read end at the same place; less room gives the start of the same bytes.
 */
#include <stdlib.h>

#include "parser/json.h"
#include "tests/slack.h"

#define CHECK(what) do { if (!(what)) abort(); } while (0)

enum { SMALL = 5, LARGE = 1 << 17 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The value at which *j stands, which becomes what is behind it. */
static bool
read_value(struct json *j)
{
	static char large[LARGE];
	struct json skipped = *j, again = *j;
	const char *start = j->p;
	char small[SMALL];
	size_t n, few;
	bool ok = json_text(j, large, sizeof(large), &n);

	CHECK(json_skip(&skipped) == ok);
	CHECK(json_text(&again, small, sizeof(small), &few) == ok);
	CHECK(j->p >= start && j->p <= j->end && n <= sizeof(large));
	CHECK(few == (n < SMALL ? n : SMALL) && memcmp(small, large, few) == 0);
	CHECK(!ok || (skipped.p == j->p && again.p == j->p && j->p > start));
	return ok;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slack_copy((struct slice){ (const char *)data, size }, '"'), key;
	struct json j;
	int rc = -1;

	if (json_begin(&j, text))
		while ((rc = json_member(&j, &key)) == 1) {
			CHECK(key.p >= text.p && slice_end(key) < slice_end(text));
			if (!read_value(&j))
				break;
		}
	CHECK(rc != 0 || j.p == j.end);
	slack_free(text);
	return 0;
}
