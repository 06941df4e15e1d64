/*
 * pseudonyms in any text: what stands before an @ afterwards is one, the same text gives the same
 * bytes, and nothing is put that a text without addresses had not.
 */
#include <stdlib.h>

#include "report/pseudonym_items.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define CHECK(x) do { if (!(x)) abort(); } while (0)

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	    c == '.' || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

/* The run of name bytes before an @ is a pseudonym, or the domain of the address before it. */
static void
check_at(struct slice s, size_t at)
{
	size_t from = at;

	while (from > 0 && is_name(s.p[from - 1]))
		from--;
	if (from == at || (from > 0 && s.p[from - 1] == '@') ||
	    (from > 0 && s.p[from - 1] == '%' && memcmp(s.p + from, "40", 2) == 0))
		return;
	CHECK(at - from >= 18);
	CHECK(pseudonym_looks_like((struct slice){ s.p + at - 18, 18 }));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const enum pseudonymize mode[] = { PSEUDONYMIZE_RECIPIENTS, PSEUDONYMIZE_ALL };
	struct slice text = { (const char *)data, n };
	struct pseudonym y;
	struct buf one = { 0 }, two = { 0 };

	hmac_key_init(&y.key, SLICE("a key for the fuzzer"));
	for (int i = 0; i < 2; i++) {
		y.mode = mode[i];
		one.n = two.n = 0;
		pseudonym_line(&y, text, NULL, &one);
		pseudonym_line(&y, text, NULL, &two);
		CHECK(slice_eq(buf_slice(&one), buf_slice(&two)));
		for (size_t at = 0; at < one.n; at++)
			if (one.p[at] == '@')
				check_at(buf_slice(&one), at);
		if (slice_chr(text, '@') == NULL && slice_str(text, SLICE("%40")) == NULL)
			CHECK(slice_eq(buf_slice(&one), text));
		for (int what = PERSONAL_RECIPIENT; what <= PERSONAL_WORDS; what++) {
			two.n = 0;
			pseudonym_put(&y, (enum personal)what, text, &two);
		}
		two.n = 0;
		pseudonym_put_source(&y, text, &two);
	}
	buf_free(&one);
	buf_free(&two);
	return 0;
}
