/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * seen.c - which queue ids were met before, in fixed memory
 *
 * The ids of a long incoming queue would take more memory than all else.
 * Bits are set without a lock; what one thread adds, another surely sees only
 * when they have met in between.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "look/seen.h"

#define SEEN_BITS   (UINT32_C(1) << 24)
#define SEEN_PROBES 8

struct seen {
	atomic_uint_least8_t bits[SEEN_BITS / 8];
};

struct seen *
seen_new(void)
{
	return calloc(1, sizeof(struct seen));
}

void
seen_free(struct seen *s)
{
	free(s);
}

void
seen_clear(struct seen *s)
{
	memset(s, 0, sizeof(*s));
}

/* The i-th bit of a hash (Kirsch and Mitzenmacher, 2006). */
static uint32_t
seen_bit(uint64_t hash, uint32_t i)
{
	return ((uint32_t)hash + i * ((uint32_t)(hash >> 32) | 1)) &
	    (SEEN_BITS - 1);
}

void
seen_add(struct seen *s, uint64_t hash)
{
	uint32_t i, bit;

	for (i = 0; i < SEEN_PROBES; i++) {
		bit = seen_bit(hash, i);
		atomic_fetch_or_explicit(&s->bits[bit / 8],
		    (uint_least8_t)(1 << bit % 8), memory_order_relaxed);
	}
}

bool
seen_has(const struct seen *s, uint64_t hash)
{
	uint32_t i, bit;

	for (i = 0; i < SEEN_PROBES; i++) {
		bit = seen_bit(hash, i);
		if ((atomic_load_explicit(&s->bits[bit / 8],
			 memory_order_relaxed) >>
			    bit % 8 &
			1) == 0)
			return false;
	}
	return true;
}
