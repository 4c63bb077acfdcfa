/* SPDX-License-Identifier: GPL-3.0-or-later */
/* names.h - a list of clients' addresses with the host names they have */
#ifndef BLOCK_NAMES_H
#define BLOCK_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "block/client.h"
#include "mail/domain.h"

#define NAMES_KEPT 64

/* An address, and a name that it has. */
struct names_one {
	struct client address;
	char name[DOMAIN_MAX + 1]; /* in lower case; "": it has none */
};

/*
 * A server may look at a client's name before its address, so whoever asks
 * what it says to an address has to know the name.
 */
struct names {
	struct names_one v[NAMES_KEPT];
	size_t n;
	struct buf unread; /* why queues could not be read; empty: they were */
};

void names_init(struct names *);
void names_free(struct names *);

/* What an operator says.  0; or -1: this is no host name. */
int names_give(struct names *, const struct client *address, const char *name);

/* Adds one unless it is there; what is over the limit is left out. */
void names_put(struct names *, const struct names_one *);

/* Does any of these belong to the client, or to one of the clients? */
bool names_has(const struct names *, const struct client *);

#endif
