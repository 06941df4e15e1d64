/*
 * See sha256.h. The 64 constants are the first 32 bits of the fractions of the cube roots of the
 * first 64 primes, those at the start of the square roots of the first 8.
 */
#include "base/sha256.h"

static const uint32_t round_constant[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

static uint32_t
rotated(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static void
expand(const unsigned char *block, uint32_t w[64])
{
	for (int i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
		    (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (int i = 16; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];

		w[i] = w[i - 16] + (rotated(a, 7) ^ rotated(a, 18) ^ a >> 3) + w[i - 7] +
		    (rotated(b, 17) ^ rotated(b, 19) ^ b >> 10);
	}
}

static void
compress(struct sha256 *s, const unsigned char *block)
{
	uint32_t w[64], v[8];

	expand(block, w);
	memcpy(v, s->h, sizeof(v));
	for (int i = 0; i < 64; i++) {
		uint32_t e = v[4], a = v[0];
		uint32_t t = v[7] + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) +
		    ((e & v[5]) ^ (~e & v[6])) + round_constant[i] + w[i];
		uint32_t u = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) +
		    ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));

		memmove(v + 1, v, 7 * sizeof(*v));
		v[4] += t;
		v[0] = t + u;
	}
	for (int i = 0; i < 8; i++)
		s->h[i] += v[i];
}

void
sha256_init(struct sha256 *s)
{
	*s = (struct sha256){ .h = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
		0x9b05688c, 0x1f83d9ab, 0x5be0cd19 } };
}

void
sha256_add(struct sha256 *s, struct slice bytes)
{
	while (bytes.n > 0) {
		size_t at = s->bytes % SHA256_BLOCK, room = SHA256_BLOCK - at;
		size_t n = bytes.n < room ? bytes.n : room;

		memcpy(s->block + at, bytes.p, n);
		s->bytes += n;
		if (n == room)
			compress(s, s->block);
		bytes = slice_skip(bytes, n);
	}
}

void
sha256_end(struct sha256 *s, unsigned char digest_r[SHA256_BYTES])
{
	static const char pad[SHA256_BLOCK] = { (char)0x80 };
	uint64_t bits = s->bytes * 8;
	char length[8];

	for (int i = 0; i < 8; i++)
		length[i] = (char)(bits >> (56 - 8 * i));
	/* up to 8 bytes before the end of a block */
	sha256_add(s, (struct slice){ pad, 1 + (2 * SHA256_BLOCK - 9 - s->bytes % SHA256_BLOCK) %
	    SHA256_BLOCK });
	sha256_add(s, (struct slice){ length, sizeof(length) });
	for (int i = 0; i < SHA256_BYTES; i++)
		digest_r[i] = (unsigned char)(s->h[i / 4] >> (24 - 8 * (i % 4)));
}

static void
pad_key(struct sha256 *s, const unsigned char key[SHA256_BLOCK], unsigned char with)
{
	char block[SHA256_BLOCK];

	for (int i = 0; i < SHA256_BLOCK; i++)
		block[i] = (char)(key[i] ^ with);
	sha256_init(s);
	sha256_add(s, (struct slice){ block, sizeof(block) });
}

void
hmac_key_init(struct hmac_key *k, struct slice key)
{
	unsigned char block[SHA256_BLOCK] = { 0 };
	struct sha256 s;

	if (key.n > SHA256_BLOCK) {
		sha256_init(&s);
		sha256_add(&s, key);
		sha256_end(&s, block);
	} else if (key.n > 0) {
		memcpy(block, key.p, key.n);
	}
	pad_key(&k->inner, block, 0x36);
	pad_key(&k->outer, block, 0x5c);
}

void
hmac_sha256(const struct hmac_key *k, struct slice text, unsigned char digest_r[SHA256_BYTES])
{
	struct sha256 s = k->inner;
	unsigned char inner[SHA256_BYTES];

	sha256_add(&s, text);
	sha256_end(&s, inner);
	s = k->outer;
	sha256_add(&s, (struct slice){ (const char *)inner, sizeof(inner) });
	sha256_end(&s, digest_r);
}
