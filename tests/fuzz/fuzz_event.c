/*
 * Bytes as the events of a part (jsonl_record.h): what is taken of them is the same after another
 * journey.
 */
#include <stdlib.h>

#include "report/jsonl_record.h"

#define CHECK(what) do { if (!(what)) abort(); } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t number[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	static const struct jsonl_numbers same = { number, number, 8, 8 };
	struct unpack u = { .rest = { (const char *)data, size } };
	struct buf record = { 0 }, once = { 0 }, twice = { 0 };

	while (u.rest.n > 0) {
		struct unpack v;

		jsonl_record_arrive(&u, &same, &record);
		if (u.bad)
			break;
		once.n = twice.n = 0;
		jsonl_record_travel(buf_slice(&record), number, &once);
		v.rest = buf_slice(&once);
		v.bad = false;
		jsonl_record_arrive(&v, &same, &record);
		CHECK(!v.bad && v.rest.n == 0);
		jsonl_record_travel(buf_slice(&record), number, &twice);
		CHECK(slice_eq(buf_slice(&once), buf_slice(&twice)));
	}
	buf_free(&record);
	buf_free(&once);
	buf_free(&twice);
	return 0;
}
