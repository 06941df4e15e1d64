/* exp_minus: the exponential function in integers, the same on every machine. */
#ifndef BASE_EXP_MINUS_H
#define BASE_EXP_MINUS_H

#include <stdint.h>

/* e^(-x/1000) in 2^-32 units, by the binary digits of x: each factor is e^(-2^i/1000) * 2^32. */
static inline uint64_t
exp_minus(uint32_t x)
{
	static const uint32_t factor[15] = { 4290674475u, 4286385946u, 4277821741u, 4260744631u,
		4226794655u, 4159704096u, 4028700796u, 3778941489u, 3324914438u, 2573955809u,
		1542560875u, 554019132u, 71464385u, 1189103u, 329u };
	uint64_t v = (uint64_t)1 << 32;

	if (x >= 1u << 15)
		return 0;
	for (; x != 0; x &= x - 1)
		v = v * factor[__builtin_ctz(x)] >> 32;
	return v;
}

#endif
