/* SPDX-License-Identifier: GPL-3.0-or-later */
/* key.h - the name of the group that a message belongs to */
#ifndef MAIL_KEY_H
#define MAIL_KEY_H

#include <stdbool.h>

#include "base/addr.h"
#include "base/span.h"
#include "mail/envelope.h"
#include "mail/key_by.h"

/* Bytes of a key that are kept; more than DOMAIN_MAX and STATUSKEY_MAX. */
#define KEY_MAX 256

/*
 * Returns the key of a message, which is in the caller's KEY_MAX bytes or in
 * those of the envelope.  The key of an address or network is its 16 bytes,
 * and names are in lower case.  n is 0 if the message has no key, for instance
 * because the relay has no name, or a name that does not belong to its
 * address.  KEY_RECIPIENT_DOMAIN is not allowed here, because a message may
 * have several.
 */
struct span key_of(enum key_by, const struct envelope *, char *bytes);

/* The network that KEY_NETWORK groups an address under. */
struct addr_prefix key_network(const struct addr *);

/* Returns the beginning of a text that is kept as a key. */
struct span key_cut(struct span);

/* Returns a name in lower case, cut to the length that is kept. */
struct span key_lower(struct span, char *bytes);

/* Are two names the same, whatever the case? */
bool key_is_same(struct span, struct span);

/*
 * The last n bytes of a name, if they are labels of it: "example" of
 * "mx.example" for 7.  Else the whole name.
 */
struct span key_labels(struct span name, size_t n);

/* Is a name this domain, or in it, whatever the case? */
bool key_is_below(struct span name, struct span domain);

#endif
