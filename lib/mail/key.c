/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * key.c - the name of the group that a message belongs to
 *
 * Pure.  Bytes of names are taken as they are; whoever shows them cleans them.
 */
#include <string.h>

#include "mail/domain.h"
#include "mail/key.h"
#include "mail/statuskey.h"

#define KEY_NETWORK_V4 24 /* bits of a network */
#define KEY_NETWORK_V6 64

struct addr_prefix
key_network(const struct addr *a)
{
	return addr_network(a, KEY_NETWORK_V4, KEY_NETWORK_V6);
}

struct span
key_cut(struct span text)
{
	if (text.n > KEY_MAX)
		text.n = KEY_MAX;
	return text;
}

static char
key_small(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c;
}

struct span
key_lower(struct span name, char *bytes)
{
	size_t n = key_cut(name).n, i;

	for (i = 0; i < n; i++)
		bytes[i] = key_small(name.p[i]);
	return (struct span){ bytes, n };
}

bool
key_is_same(struct span a, struct span b)
{
	size_t i;

	/* strncasecmp(3) would end at a NUL, which a name may have. */
	for (i = 0; i < a.n && a.n == b.n; i++)
		if (key_small(a.p[i]) != key_small(b.p[i]))
			return false;
	return a.n == b.n;
}

struct span
key_labels(struct span name, size_t n)
{
	if (name.n > n && name.p[name.n - n - 1] == '.')
		return (struct span){ name.p + name.n - n, n };
	return name;
}

bool
key_is_below(struct span name, struct span domain)
{
	return key_is_same(key_labels(name, domain.n), domain);
}

/* An address's bytes. */
static struct span
key_addr(const struct addr *a, char *bytes)
{
	memcpy(bytes, a->b, sizeof(a->b));
	return (struct span){ bytes, sizeof(a->b) };
}

/* The null sender is a sender as well. */
static struct span
key_sender(const struct envelope *e, struct span address)
{
	static const char null_sender[] = "<>";

	if (e->has_sender && e->sender.n == 0)
		return (struct span){ null_sender, sizeof(null_sender) - 1 };
	return address;
}

struct span
key_of(enum key_by by, const struct envelope *e, char *bytes)
{
	static const struct span none = { NULL, 0 };
	struct addr_prefix network;

	switch (by) {
	case KEY_RELAY:
		return key_addr(&e->relay.addr, bytes);
	case KEY_NETWORK:
		network = key_network(&e->relay.addr);
		return key_addr(&network.addr, bytes);
	case KEY_NAME:
		return e->relay.forged ?
		    none :
		    domain_registrable(e->relay.host, bytes);
	case KEY_HELO:
		return key_lower(e->helo, bytes);
	case KEY_SENDER:
		return key_sender(e, key_lower(e->sender, bytes));
	case KEY_SENDER_DOMAIN:
		return key_sender(e,
		    key_lower(envelope_domain(e->sender), bytes));
	case KEY_STATUS:
		return statuskey_fold(e->status, bytes);
	default:
		return none;
	}
}
