/* SHA-256 and HMAC against published vectors: FIPS 180 examples, NIST's long message, RFC 4231. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/sha256.h"

static void
is_hex(const unsigned char *digest, const char *want)
{
	struct buf b = { 0 };

	for (int i = 0; i < SHA256_BYTES; i++)
		buf_fmt(&b, "%02x", digest[i]);
	assert_memory_equal(b.p, want, strlen(want));
	buf_free(&b);
}

/* In pieces of each size: what stands at the border of a block must not matter. */
static void
hashes(struct slice text, const char *want)
{
	static const size_t piece[] = { 1, 3, 63, 64, 65, 1000000 };
	unsigned char digest[SHA256_BYTES];

	for (size_t i = 0; i < sizeof(piece) / sizeof(piece[0]); i++) {
		struct slice rest = text;
		struct sha256 s;

		sha256_init(&s);
		while (rest.n > 0) {
			sha256_add(&s, slice_first(rest, piece[i]));
			rest = slice_skip(rest, piece[i]);
		}
		sha256_end(&s, digest);
		is_hex(digest, want);
	}
}

static void
fips(void **state)
{
	char *million = malloc(1000000);

	(void)state;
	hashes(SLICE(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	hashes(SLICE("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	hashes(SLICE("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
	    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	hashes(SLICE("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
	    "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"),
	    "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
	assert_non_null(million);
	memset(million, 'a', 1000000);
	hashes((struct slice){ million, 1000000 },
	    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	free(million);
}

/* NIST CAVP SHA256ShortMsg: one byte, and lengths around the padding's. */
static void
lengths(void **state)
{
	char zeros[128] = { 0 };

	(void)state;
	hashes(SLICE("\xd3"), "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1");
	hashes((struct slice){ zeros, 55 },
	    "02779466cdec163811d078815c633f21901413081449002f24aa3e80f0b88ef7");
	hashes((struct slice){ zeros, 56 },
	    "d4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb");
	hashes((struct slice){ zeros, 64 },
	    "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b");
}

static void
hmac_is(struct slice key, struct slice text, const char *want)
{
	unsigned char digest[SHA256_BYTES];
	struct hmac_key k;

	hmac_key_init(&k, key);
	for (int again = 0; again < 2; again++) {
		hmac_sha256(&k, text, digest);
		is_hex(digest, want);
	}
}

static void
rfc4231(void **state)
{
	char key[131], text[50];

	(void)state;
	memset(key, 0x0b, 20);
	hmac_is((struct slice){ key, 20 }, SLICE("Hi There"),
	    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	hmac_is(SLICE("Jefe"), SLICE("what do ya want for nothing?"),
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	memset(text, 0xdd, sizeof(text));
	hmac_is((struct slice){ key, 20 }, (struct slice){ text, 50 },
	    "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
	hmac_is((struct slice){ key, 131 },
	    SLICE("Test Using Larger Than Block-Size Key - Hash Key First"),
	    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(fips), cmocka_unit_test(lengths),
		cmocka_unit_test(rfc4231) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
