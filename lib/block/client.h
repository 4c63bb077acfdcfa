/* SPDX-License-Identifier: GPL-3.0-or-later */
/* accesskey.h - clients, and the keys of the access map that name them */
#ifndef BLOCK_ACCESSKEY_H
#define BLOCK_ACCESSKEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "base/buf.h"
#include "base/span.h"
#include "mail/domain.h"

/* A client, or many: an address, a prefix, or a host name and all below it. */
struct accesskey {
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
int accesskey_parse(struct accesskey *, const char *text, const char **why);

/* As accesskey_parse() reads it: "192.0.2.0/24", "bad.example". */
void accesskey_add(struct buf *, const struct accesskey *);

bool accesskey_equal(const struct accesskey *, const struct accesskey *);

/* Is all of b in a?  Names and addresses are never in each other. */
bool accesskey_covers(const struct accesskey *a, const struct accesskey *b);

/*
 * What a key of the file names, with Connect: or without a tag (cf/README):
 * 192.0.2.66, 192.0.2, IPv6:2001:db8:1, [192.0.2.66], bad.example.  False for
 * another tag, a mail address, or what is no client.
 */
bool accesskey_of(struct accesskey *, struct span key);

/*
 * The most keys that one accesskey may take; a prefix whose length is no
 * boundary of sendmail's takes one for each network that it has.
 */
#define ACCESSKEY_KEYS 32

/* A key with its tag: "Connect:IPv6:" and eight groups at most. */
#define ACCESSKEY_TEXT (sizeof("Connect:") + DOMAIN_MAX)

struct accesskey_list {
	size_t n;
	char key[ACCESSKEY_KEYS][ACCESSKEY_TEXT];
};

/*
 * The keys that sendmail looks up for these clients, "Connect:192.0.2".
 * compressed: UseCompressedIPv6Addresses.  0; or -1 with a constant text when
 * no keys mean just these clients.
 */
int accesskey_keys(const struct accesskey *, bool compressed,
    struct accesskey_list *, const char **why);

/*
 * One address or name as sendmail has it in ${client_addr} or ${client_name}:
 * "192.0.2.66", "IPv6:2001:db8:0:0:0:0:0:10", "bad.example".
 */
void accesskey_client(struct buf *, const struct accesskey *, bool compressed);

/* How a configuration of sendmail has clients looked up. */
struct accesskey_way {
	bool compressed; /* O UseCompressedIPv6Addresses */
	bool dots;       /* FEATURE(`access_db', , `lookupdotdomain') */
};

/* What a step may return, beside 0 and its own numbers above. */
#define ACCESSKEY_SKIP (-1)

/*
 * The keys that are tried for a client, in sendmail's order (proto.m4, check_
 * relay with its rule sets D and A): those of its host name, and then those of
 * its address.  k is one address, or a name when the address is not known.
 * name is the host name that sendmail has for that address, in lower case; NULL
 * where it has none, and takes the address in brackets instead.
 *
 * Goes on until step() returns above 0, and returns that, or 0.  ACCESSKEY_SKIP
 * says that the entry of this key ends the search by the name or the address
 * that it belongs to, as SKIP does: the address follows the name all the same.
 */
typedef int accesskey_step(void *arg, const char *key);
int accesskey_walk(const struct accesskey *k, const char *name,
    const struct accesskey_way *, accesskey_step *, void *arg);

#endif
