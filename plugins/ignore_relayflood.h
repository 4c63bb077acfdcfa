/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ignore_relayflood.h - which groups check_relayflood does not judge */
#ifndef IGNORE_RELAYFLOOD_H
#define IGNORE_RELAYFLOOD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "base/buf.h"
#include "mqueue/tally.h"

struct ignore_relayflood_word {
	bool is_prefix;
	struct addr_prefix prefix;
	char *text; /* else; no leading dot */
};

struct ignore_relayflood {
	struct ignore_relayflood_word *word;
	size_t n;
};

#define IGNORE_RELAYFLOOD_INIT \
	{                      \
		NULL, 0        \
	}

/*
 * Adds ADDRESS, PREFIX, NAME, or what the lines of @FILE say, where a '#' at
 * the beginning or after a blank starts a comment.  0; or -1 with one line
 * added to *why, clean for output: also for an address where the key has
 * none, as it would never match.
 */
int ignore_relayflood_add(struct ignore_relayflood *, enum tally_by,
    const char *text, struct buf *why);
void ignore_relayflood_free(struct ignore_relayflood *);

/*
 * An address or prefix stands for the relays and networks within it.  A NAME
 * stands for names that end in its labels: of relays, if the name belongs to
 * the address, and of the keys name, sender-domain and recipient-domain; for
 * the other keys it is the whole key.  Case does not matter.
 */
bool ignore_relayflood_matches(const struct ignore_relayflood *,
    const struct tally *, const struct tally_group *);

#endif
