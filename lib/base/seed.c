/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * seed.c - a number that nobody outside can guess
 *
 * Owns nothing, and never fails.
 */
#include <unistd.h>

#include "base/seed.h"

uint64_t
seed_make(const struct when_clock *clock)
{
	uint64_t seed;

	if (getentropy(&seed, sizeof(seed)) != 0)
		seed = (uint64_t)when_wall(clock) << 32 ^
		    (uint64_t)when_mono(clock) << 16 ^ (uint64_t)getpid();
	return seed;
}
