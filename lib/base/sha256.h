/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sha256.h - a hash from which nobody finds what was hashed */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32 /* bytes of a hash */

/*
 * SHA-256 of n bytes (FIPS 180-4).  It is slow, and meant for a short text that
 * is hashed once.
 */
void sha256_bytes(const void *, size_t n, uint8_t hash[SHA256_SIZE]);

#endif
