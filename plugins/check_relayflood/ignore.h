/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ignore.h - which groups check_relayflood does not judge */
#ifndef PLUGINS_CHECK_RELAYFLOOD_IGNORE_H
#define PLUGINS_CHECK_RELAYFLOOD_IGNORE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "base/buf.h"
#include "count/tally.h"

struct relayflood_ignore_word {
	bool is_prefix;
	struct addr_prefix prefix;
	char *text; /* else; no leading dot */
};

struct relayflood_ignore {
	struct relayflood_ignore_word *word;
	size_t n;
};

#define RELAYFLOOD_IGNORE_INIT \
	{                      \
		NULL, 0        \
	}

/*
 * Adds ADDRESS, PREFIX, NAME, or what the lines of @FILE say, where a '#' at
 * the beginning or after a blank starts a comment.  0; or -1 with one line
 * added to *why, clean for output.  An address is an error, too, where messages
 * are grouped by a key that is no address, as it would never match.
 */
int relayflood_ignore_add(struct relayflood_ignore *, enum key_by,
    const char *text, struct buf *why);
void relayflood_ignore_free(struct relayflood_ignore *);

/*
 * An address or prefix stands for the relays and networks within it.  A NAME
 * stands for names that end in its labels: of relays, if the name belongs to
 * the address, and of the keys name, sender-domain and recipient-domain; for
 * the other keys it is the whole key.  Case does not matter.
 */
bool relayflood_ignore_matches(const struct relayflood_ignore *,
    const struct tally *, const struct tally_group *);

/* Is an address, given as a prefix of 128 bits, or a network in the list? */
bool relayflood_ignore_has(const struct relayflood_ignore *,
    const struct addr_prefix *);

#endif
