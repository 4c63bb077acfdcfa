/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hash.c - a keyed hash of bytes that others choose
 *
 * Pure.  The result is the same on machines of either byte order.
 */
#include "base/hash.h"

struct hash_state {
	uint64_t v0, v1, v2, v3;
};

static uint64_t
hash_rotate(uint64_t x, unsigned int bits)
{
	return x << bits | x >> (64 - bits);
}

static void
hash_rounds(struct hash_state *s, int rounds)
{
	while (rounds-- > 0) {
		s->v0 += s->v1;
		s->v2 += s->v3;
		s->v1 = hash_rotate(s->v1, 13) ^ s->v0;
		s->v3 = hash_rotate(s->v3, 16) ^ s->v2;
		s->v0 = hash_rotate(s->v0, 32);
		s->v2 += s->v1;
		s->v0 += s->v3;
		s->v1 = hash_rotate(s->v1, 17) ^ s->v2;
		s->v3 = hash_rotate(s->v3, 21) ^ s->v0;
		s->v2 = hash_rotate(s->v2, 32);
	}
}

/* The n bytes at p, at most eight, the first of them lowest. */
static uint64_t
hash_word(const unsigned char *p, size_t n)
{
	uint64_t word = 0;
	size_t i;

	for (i = 0; i < n; i++)
		word |= (uint64_t)p[i] << (8 * i);
	return word;
}

uint64_t
hash_bytes(const void *bytes, size_t n, uint64_t seed)
{
	const unsigned char *p = bytes;
	struct hash_state s = { seed ^ UINT64_C(0x736f6d6570736575),
		(seed + 1) ^ UINT64_C(0x646f72616e646f6d),
		seed ^ UINT64_C(0x6c7967656e657261),
		(seed + 1) ^ UINT64_C(0x7465646279746573) };
	size_t left = n;
	uint64_t word;

	for (; left >= 8; left -= 8, p += 8) {
		word = hash_word(p, 8);
		s.v3 ^= word;
		hash_rounds(&s, 1);
		s.v0 ^= word;
	}
	word = hash_word(p, left) | (uint64_t)n << 56;
	s.v3 ^= word;
	hash_rounds(&s, 1);
	s.v0 ^= word;
	s.v2 ^= 0xff;
	hash_rounds(&s, 3);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
