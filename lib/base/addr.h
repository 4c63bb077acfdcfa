/* SPDX-License-Identifier: GPL-3.0-or-later */
/* addr.h - IPv4 and IPv6 addresses and prefixes */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define ADDR_TEXT 46 /* INET6_ADDRSTRLEN: room for any, with NUL */

/*
 * An address in network order.  IPv4 is kept as ::ffff:a.b.c.d (RFC 4291,
 * 2.5.5.2), so that an IPv4-mapped IPv6 address is the IPv4 address.
 */
struct addr {
	uint8_t b[16];
};

/*
 * All addresses that have the same first bits as addr.  bits is 0 to 128; for
 * IPv4 it is 96 more than what is written.  The other bits of addr are 0.
 */
struct addr_prefix {
	struct addr addr;
	unsigned int bits;
};

/*
 * Reads the n bytes at s as inet_pton(3) does.  0; or -1 if they are not an
 * address, and *a is not changed.
 */
int addr_parse(struct addr *a, const char *s, size_t n);

/*
 * Reads "192.0.2.0/24", "2001:db8::/32", or an address alone.  0; or -1 with
 * *why a constant text.  An address with bits set after the prefix is refused,
 * because it may be a typing error.
 */
int addr_parse_prefix(struct addr_prefix *, const char *, const char **why);

bool addr_is_v4(const struct addr *);
bool addr_is_loopback(const struct addr *); /* 127/8, ::1 */
bool addr_equal(const struct addr *, const struct addr *);

/* No IPv4 address is in a prefix of IPv6 addresses, not even in ::/0. */
bool addr_in(const struct addr_prefix *, const struct addr *);

/*
 * The network that an address is in, with a prefix of v4bits (0 to 32) or
 * v6bits.
 */
struct addr_prefix addr_network(const struct addr *, unsigned int v4bits,
    unsigned int v6bits);

/* Canonical text (RFC 5952); a prefix shorter than the address as "/BITS". */
void addr_add(struct buf *, const struct addr *);
void addr_add_prefix(struct buf *, const struct addr_prefix *);

#endif
