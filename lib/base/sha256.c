/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sha256.c - a hash from which nobody finds what was hashed
 *
 * SHA-256 as in FIPS 180-4.  Pure.  The code is made to be read and not to be
 * fast: a run hashes one line of text with it.  hash.c is for tables.
 */
#include <string.h>

#include "base/sha256.h"

#define SHA256_BLOCK  64
#define SHA256_ROUNDS 64

/* Of the cube roots of the first 64 primes, the first bits behind the point. */
static const uint32_t sha256_k[SHA256_ROUNDS] = { 0x428a2f98, 0x71374491,
	0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
	0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d,
	0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb,
	0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
	0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
	0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb,
	0xbef9a3f7, 0xc67178f2 };

static uint32_t
sha256_turn(uint32_t x, unsigned int n)
{
	return x >> n | x << (32 - n);
}

/* The words of a block, and those that are made of them. */
static void
sha256_schedule(uint32_t w[SHA256_ROUNDS], const uint8_t *block)
{
	uint32_t a, b;
	int i;

	for (i = 0; i < 16; i++, block += 4)
		w[i] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 |
		    (uint32_t)block[2] << 8 | block[3];
	for (; i < SHA256_ROUNDS; i++) {
		a = w[i - 15];
		b = w[i - 2];
		w[i] = w[i - 16] + w[i - 7] +
		    (sha256_turn(a, 7) ^ sha256_turn(a, 18) ^ a >> 3) +
		    (sha256_turn(b, 17) ^ sha256_turn(b, 19) ^ b >> 10);
	}
}

static void
sha256_block(uint32_t h[8], const uint8_t *block)
{
	uint32_t w[SHA256_ROUNDS], v[8], one, two;
	int i;

	sha256_schedule(w, block);
	memcpy(v, h, sizeof(v));
	for (i = 0; i < SHA256_ROUNDS; i++) {
		one = v[7] + sha256_k[i] + w[i] +
		    (sha256_turn(v[4], 6) ^ sha256_turn(v[4], 11) ^
			sha256_turn(v[4], 25)) +
		    ((v[4] & v[5]) ^ (~v[4] & v[6]));
		two = (sha256_turn(v[0], 2) ^ sha256_turn(v[0], 13) ^
			  sha256_turn(v[0], 22)) +
		    ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
		memmove(v + 1, v, 7 * sizeof(*v));
		v[4] += one;
		v[0] = one + two;
	}
	for (i = 0; i < 8; i++)
		h[i] += v[i];
}

void
sha256_bytes(const void *bytes, size_t n, uint8_t hash[SHA256_SIZE])
{
	uint32_t h[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
	uint8_t last[2 * SHA256_BLOCK] = { 0 };
	const uint8_t *p = bytes;
	uint64_t bits = (uint64_t)n * 8;
	size_t size, i;

	for (; n >= SHA256_BLOCK; n -= SHA256_BLOCK, p += SHA256_BLOCK)
		sha256_block(h, p);
	/*
	 * The last block: the rest of the bytes, a bit that is set, and the
	 * length in bits.
	 */
	if (n != 0)
		memcpy(last, p, n);
	last[n] = 0x80;
	size = n + 1 + 8 <= SHA256_BLOCK ? SHA256_BLOCK : 2 * SHA256_BLOCK;
	for (i = 0; i < 8; i++)
		last[size - 1 - i] = (uint8_t)(bits >> 8 * i);
	for (i = 0; i < size; i += SHA256_BLOCK)
		sha256_block(h, last + i);
	for (i = 0; i < SHA256_SIZE; i++)
		hash[i] = (uint8_t)(h[i / 4] >> (24 - 8 * (i % 4)));
}
