/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hash.h - a keyed hash of bytes that others choose */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/*
 * SipHash-1-3 (Aumasson and Bernstein, 2012) under the key seed, seed + 1:
 * without the seed nobody can choose values that collide.
 */
uint64_t hash_bytes(const void *, size_t n, uint64_t seed);

#endif
