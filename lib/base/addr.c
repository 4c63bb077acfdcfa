/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * addr.c - IPv4 and IPv6 addresses and prefixes
 *
 * Pure.  Text is read and written by inet_pton(3) and inet_ntop(3); neither
 * knows host names, ports or scopes, and neither do we.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/addr.h"
#include "base/num.h"

#define ADDR_BITS  128
#define ADDR_V4_AT 96 /* bits before an IPv4 address */

/* ::ffff:0:0/96 */
static const uint8_t addr_mapped[12] = { [10] = 0xff, [11] = 0xff };

int
addr_parse(struct addr *a, const char *s, size_t n)
{
	char text[ADDR_TEXT];
	struct addr new;

	if (n == 0 || n >= sizeof(text) || memchr(s, '\0', n) != NULL)
		return -1;
	memcpy(text, s, n);
	text[n] = '\0';
	if (memchr(text, ':', n) != NULL) {
		if (inet_pton(AF_INET6, text, new.b) != 1)
			return -1;
	} else {
		memcpy(new.b, addr_mapped, sizeof(addr_mapped));
		if (inet_pton(AF_INET, text, new.b + sizeof(addr_mapped)) != 1)
			return -1;
	}
	*a = new;
	return 0;
}

bool
addr_is_v4(const struct addr *a)
{
	return memcmp(a->b, addr_mapped, sizeof(addr_mapped)) == 0;
}

bool
addr_is_loopback(const struct addr *a)
{
	static const struct addr v6 = { { [15] = 1 } };

	return addr_is_v4(a) ? a->b[12] == 127 : addr_equal(a, &v6);
}

bool
addr_equal(const struct addr *a, const struct addr *b)
{
	return memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

/* Clears all bits but the first ones. */
static struct addr
addr_mask(const struct addr *a, unsigned int bits)
{
	struct addr masked = *a;
	size_t i = bits / 8;

	if (bits % 8 != 0)
		masked.b[i++] &= (uint8_t)(0xff00 >> bits % 8);
	memset(masked.b + i, 0, sizeof(masked.b) - i);
	return masked;
}

/* Of IPv4 addresses only? */
static bool
addr_prefix_is_v4(const struct addr_prefix *p)
{
	return p->bits >= ADDR_V4_AT && addr_is_v4(&p->addr);
}

bool
addr_in(const struct addr_prefix *p, const struct addr *a)
{
	struct addr network;

	if (addr_is_v4(a) != addr_prefix_is_v4(p))
		return false;
	network = addr_mask(a, p->bits);
	return addr_equal(&network, &p->addr);
}

struct addr_prefix
addr_network(const struct addr *a, unsigned int v4bits, unsigned int v6bits)
{
	struct addr_prefix p;

	p.bits = addr_is_v4(a) ? ADDR_V4_AT + v4bits : v6bits;
	p.addr = addr_mask(a, p.bits);
	return p;
}

/* The digits behind the slash; bits are those of the address before it. */
static int
addr_parse_bits(const char *s, bool v4, unsigned int *bits, const char **why)
{
	int64_t v, most = v4 ? ADDR_BITS - ADDR_V4_AT : ADDR_BITS;
	const char *unused;

	if (*s < '0' || *s > '9' || num_int64(s, 0, most, &v, &unused) != 0) {
		*why = v4 ? "expected 0 to 32 after the /" :
			    "expected 0 to 128 after the /";
		return -1;
	}
	*bits = (unsigned int)v + (v4 ? ADDR_V4_AT : 0);
	return 0;
}

int
addr_parse_prefix(struct addr_prefix *p, const char *s, const char **why)
{
	const char *slash = strchr(s, '/');
	size_t n = slash != NULL ? (size_t)(slash - s) : strlen(s);
	struct addr_prefix new = { .bits = ADDR_BITS };
	struct addr masked;

	if (addr_parse(&new.addr, s, n) != 0) {
		*why = "expected an address or a prefix like 192.0.2.0/24"
		       " or 2001:db8::/32";
		return -1;
	}
	/* ::ffff:192.0.2.0/120 is written with the bits of IPv6. */
	if (slash != NULL &&
	    addr_parse_bits(slash + 1, memchr(s, ':', n) == NULL, &new.bits,
		why) != 0)
		return -1;
	masked = addr_mask(&new.addr, new.bits);
	if (!addr_equal(&masked, &new.addr)) {
		*why = "the address has bits set behind the prefix";
		return -1;
	}
	*p = new;
	return 0;
}

void
addr_add(struct buf *b, const struct addr *a)
{
	char text[ADDR_TEXT] = "";

	if (addr_is_v4(a))
		inet_ntop(AF_INET, a->b + sizeof(addr_mapped), text,
		    sizeof(text));
	else
		inet_ntop(AF_INET6, a->b, text, sizeof(text));
	buf_adds(b, text);
}

void
addr_add_prefix(struct buf *b, const struct addr_prefix *p)
{
	addr_add(b, &p->addr);
	if (p->bits < ADDR_BITS)
		buf_addf(b, "/%u",
		    p->bits - (addr_prefix_is_v4(p) ? ADDR_V4_AT : 0));
}
