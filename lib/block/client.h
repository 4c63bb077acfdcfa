/* SPDX-License-Identifier: GPL-3.0-or-later */
/* client.h - an address, a network or a name: read, written and compared */
#ifndef BLOCK_CLIENT_H
#define BLOCK_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "base/buf.h"
#include "base/span.h"
#include "mail/domain.h"

/* A client, or many: an address, a prefix, or a host name and all below it. */
struct client {
	bool is_name;
	struct addr_prefix prefix;
	char name[DOMAIN_MAX + 1]; /* in lower case */
};

/*
 * Reads what an operator typed or copied from a log: 192.0.2.66,
 * [192.0.2.66], 192.0.2.0/24, 2001:db8::/32, IPv6:2001:db8::10, bad.example.
 * Never half an address: "192.0.2" is an error, not a network.  0; or -1 with
 * a constant text.
 */
int client_parse(struct client *, const char *text, const char **why);

/* As client_parse() reads it: "192.0.2.0/24", "bad.example". */
void client_add(struct buf *, const struct client *);

bool client_equal(const struct client *, const struct client *);

/* Is all of b in a?  Names and addresses are never in each other. */
bool client_covers(const struct client *a, const struct client *b);

/*
 * Parts of a client as text, which a server's keys have, too: takes "[" and
 * "]" away, false if there is only one of them; and is it digits and dots?
 */
bool client_unbracket(struct span *);
bool client_is_numeric(struct span);

#endif
