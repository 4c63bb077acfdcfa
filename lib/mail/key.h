/* SPDX-License-Identifier: GPL-3.0-or-later */
/* key.h - what a message's group is called */
#ifndef MAIL_KEY_H
#define MAIL_KEY_H

#include <stdbool.h>

#include "base/addr.h"
#include "base/span.h"
#include "mail/envelope.h"
#include "mail/key_by.h"

#define KEY_MAX \
	256 /* bytes of a key that are kept; > DOMAIN_MAX, STATUSKEY_MAX */

/*
 * The key of a message, in the caller's KEY_MAX bytes or in the envelope's.
 * An address or network is its 16 bytes, names are in lower case.  n 0: it has
 * none, for instance no name, or one that does not belong to its address.
 * Not for KEY_RECIPIENT_DOMAIN.
 */
struct span key_of(enum key_by, const struct envelope *, char *bytes);

/* The network that KEY_NETWORK groups an address under. */
struct addr_prefix key_network(const struct addr *);

/* The part of a text that is kept of a key. */
struct span key_cut(struct span);

/* A name in lower case, and cut to what is kept. */
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
