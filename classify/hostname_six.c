/*
 * See hostname_six.h. Only runs of digits and separators with six digits or more are looked at. Six
 * digits, decimal or hexadecimal, are 24 bits: each digit of a run is compared with those of all
 * forms at once.
 */
#include "classify/hostname_six.h"

#include "base/swar.h"

enum { SIX = 6, FORMS = 7 };

#define NO_DIGITS UINT32_MAX

/* Of four numbers to 255 the digits: in each 16 bits three digits of four bits. */
static uint64_t
digits_of(uint32_t octets)
{
	uint64_t v = octets, hundreds, tens;

	v = (v | v << 16) & 0x0000ffff0000ffffu;
	v = (v | v << 8) & 0x00ff00ff00ff00ffu;
	hundreds = v * 41 >> 12 & 0x000f000f000f000fu;	/* the products fit in 16 bits */
	v -= hundreds * 100;
	tens = v * 205 >> 11 & 0x000f000f000f000fu;
	v -= tens * 10;
	return hundreds << 8 | tens << 4 | v;
}

/* The last six digits of the four without padding; NO_DIGITS when they are too few. */
static uint32_t
plain_digits(uint64_t digits, int first, int step)
{
	uint64_t all = 0;
	unsigned bits = 0;

	for (int i = 0; i < 4; i++, first += step) {
		uint32_t one = digits >> 16 * first & 0xfff;
		unsigned k = one >= 0x100 ? 12 : one >= 0x10 ? 8 : 4;

		all = all << k | one;
		bits += k;
	}
	return bits >= 4 * PLAIN_MIN ? all & 0xffffff : NO_DIGITS;
}

/*
 * Six digits that each form of the address has: the last three octets, of the decimal ones the last
 * two, or the end of the whole. Without decimal ones their places repeat another.
 */
static void
six_of_forms(const uint8_t b[4], bool decimal, uint32_t six_r[FORMS])
{
	uint64_t digits = digits_of(swar_load4((const char *)b));
	uint32_t c = digits >> 32 & 0xfff, d = (uint32_t)(digits >> 48), end = 0;
	uint32_t number = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];

	six_r[0] = six_r[6] = number & 0xffffff;
	six_r[1] = (uint32_t)b[3] << 16 | (uint32_t)b[2] << 8 | b[1];
	six_r[2] = six_r[3] = six_r[4] = six_r[5] = six_r[0];
	if (!decimal)
		return;
	six_r[2] = c << 12 | d;
	six_r[3] = d << 12 | c;
	six_r[4] = plain_digits(digits, 0, 1);
	six_r[5] = plain_digits(digits, 3, -1);
	if (number < 1000000)		/* fewer than PLAIN_MIN digits */
		return;
	for (unsigned i = 0; i < 24; i += 4, number /= 10)
		end |= number % 10 << i;
	six_r[6] = end;
}

/* Of a word the places from which on six are in the set; next: the word behind it. */
static inline uint64_t
six_from(uint64_t word, uint64_t next)
{
	word &= word >> 1 | next << 63;
	next &= next >> 1;
	word &= word >> 2 | next << 62;
	next &= next >> 2;
	return word & (word >> 2 | next << 62);
}

/* How many of the places from..to are in the set? */
static unsigned
count(const uint64_t *set, unsigned words, unsigned from, unsigned to)
{
	uint64_t v = *set & name_below(to, 0) & ~name_below(from, 0);
	unsigned n = 0;

	for (unsigned i = from; words > 1 && i < to; i++)
		n += set[i / 64] >> i % 64 & 1;
	if (words > 1)
		return n;
	v -= v >> 1 & 0x5555555555555555u;
	v = (v & 0x3333333333333333u) + (v >> 2 & 0x3333333333333333u);
	return ((v + (v >> 4)) & SWAR_ALL(0x0f)) * SWAR_ALL(1) >> 56;
}

/* Are the digits from place i on, whatever separates them, six of those? */
static bool
roll(const struct host_name *h, unsigned i, unsigned end, const uint32_t six[FORMS])
{
	uint32_t last = 0;
	uint64_t some = 0;

	for (unsigned k = 0; k < FORMS; k++)
		some |= (uint64_t)1 << six[k] % 64;
	for (; i < end; i++) {
		unsigned char c = (unsigned char)h->text[i];

		if (c == '-' || c == '.' || c == '_')
			continue;
		last = (last << 4 | ((c & 15u) + (c >> 6) * 9u)) & 0xffffff;
		if (some >> last % 64 & 1)
			for (unsigned k = 0; k < FORMS; k++)
				if (last == six[k])
					return true;
	}
	return false;
}

bool
six_digits_stand(const struct host_name *h, const uint8_t b[4])
{
	const struct name_bits *is = &h->is;
	uint64_t all[NAME_WORDS + 1], before = 0;
	uint32_t six[FORMS];

	for (unsigned w = 0; w < is->words; w++)
		all[w] = is->hex[w] | is->cut[w] | is->other[w];
	all[is->words] = 0;
	for (unsigned w = 0; w < is->words; w++) {
		uint64_t six_on = six_from(all[w], all[w + 1]);
		uint64_t starts = name_starts(&six_on, 0, &before);

		for (; starts; starts &= starts - 1) {
			unsigned i = 64 * w + (unsigned)__builtin_ctzll(starts);
			unsigned end = name_leave(all, is->words, i);

			if (count(is->hex, is->words, i, end) < SIX)
				continue;
			six_of_forms(b, count(is->digit, is->words, i, end) >= SIX, six);
			if (roll(h, i, end, six))
				return true;
		}
	}
	return false;
}
