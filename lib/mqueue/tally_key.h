/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tally_key.h - what a message's group is called */
#ifndef MQUEUE_TALLY_KEY_H
#define MQUEUE_TALLY_KEY_H

#include <stdbool.h>

#include "mqueue/tally.h"

#define TALLY_KEY \
	256 /* bytes of a key that are kept; > DOMAIN_MAX, STATUSKEY_MAX */

/*
 * The key of a message, in the caller's TALLY_KEY bytes or in the envelope's.
 * An address or network is its 16 bytes, names are in lower case.  n 0: it has
 * none, for instance no name, or one that does not belong to its address.
 * Not for TALLY_RECIPIENT_DOMAIN.
 */
struct span tally_key(enum tally_by, const struct envelope *, char *bytes);

/* The network that TALLY_NETWORK groups an address under. */
struct addr_prefix tally_key_network(const struct addr *);

/* The part of a text that is kept of a key. */
struct span tally_key_cut(struct span);

/* A name in lower case, and cut to what is kept. */
struct span tally_key_lower(struct span, char *bytes);

/* Are two names the same, whatever the case? */
bool tally_key_is_same(struct span, struct span);

#endif
