/* SPDX-License-Identifier: GPL-3.0-or-later */
/* key.h - the keys of the access map, and how sendmail looks them up */
#ifndef MTA_SENDMAIL_ACCESS_KEY_H
#define MTA_SENDMAIL_ACCESS_KEY_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/span.h"
#include "block/block.h"
#include "block/client.h"

/* How a configuration of sendmail has clients looked up. */
struct sendmail_access_way {
	bool compressed; /* O UseCompressedIPv6Addresses */
	bool dots;       /* FEATURE(`access_db', , `lookupdotdomain') */
};

/*
 * What a key of the file names, with Connect: or without a tag (cf/README):
 * 192.0.2.66, 192.0.2, IPv6:2001:db8:1, [192.0.2.66], bad.example.  False for
 * another tag, a mail address, or what is no client.
 */
bool sendmail_access_key_of(struct client *, struct span key);

/* Is it in brackets, and so asked for only if the host has no name? */
bool sendmail_access_key_is_nameless(struct span key);

/*
 * The hosts of a name that a key is for: bad.example, and .bad.example where
 * the configuration has that looked up.  False for what is no name.
 */
bool sendmail_access_key_hosts(const struct sendmail_access_way *,
    struct client *, struct span key);

/*
 * The keys that sendmail looks up for these clients, "Connect:192.0.2".
 * compressed: UseCompressedIPv6Addresses.  0; or -1 with a constant text when
 * no keys mean just these clients.
 */
int sendmail_access_key_list(const struct client *, bool compressed,
    struct block_keys *, const char **why);

/* Is it one of these, whether IPv6 addresses are compressed or not? */
bool sendmail_access_key_is_one(const struct client *, struct span key);

/*
 * One address or name as sendmail has it in ${client_addr} or ${client_name}:
 * "192.0.2.66", "IPv6:2001:db8:0:0:0:0:0:10", "bad.example".
 */
void sendmail_access_key_client(struct buf *, const struct client *,
    bool compressed);

/* What a step may return, beside 0 and numbers above 0 of its own. */
#define SENDMAIL_ACCESS_KEY_SKIP (-1)

/*
 * The keys that are tried for a client, in sendmail's order (proto.m4, check_
 * relay with its rule sets D and A): those of its host name, and then those of
 * its address.  k is one address, or a name when the address is not known.
 * name is the host name that sendmail has for that address, in lower case; NULL
 * where it has none, and takes the address in brackets instead.
 *
 * Goes on until step() returns above 0, and returns that, or 0.
 * SENDMAIL_ACCESS_KEY_SKIP says that the entry of this key ends the search by
 * the name or the address that it belongs to, as SKIP does: the address follows
 * the name all the same.
 */
typedef int sendmail_access_key_step(void *arg, const char *key);
int sendmail_access_key_walk(const struct client *k, const char *name,
    const struct sendmail_access_way *, sendmail_access_key_step *, void *arg);

#endif
