/* SPDX-License-Identifier: GPL-3.0-or-later */
/* selector.h - which messages an operator means */
#ifndef MQUEUE_SELECTOR_H
#define MQUEUE_SELECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/buf.h"
#include "mqueue/envelope.h"

/* What a word of a selector is compared with. */
enum selector_kind {
	SELECTOR_RELAY,         /* 192.0.2.66, 2001:db8::/32 */
	SELECTOR_NAME,          /* name:SUFFIX */
	SELECTOR_HELO,          /* helo:NAME */
	SELECTOR_SENDER,        /* sender:ADDRESS, sender:<> */
	SELECTOR_SENDER_DOMAIN, /* sender-domain:DOMAIN */
	SELECTOR_KINDS,
};

/* How words begin that are not relays. */
#define SELECTOR_WORDS "name: helo: sender: sender-domain: older: newer:"

struct selector_word {
	enum selector_kind kind;
	struct addr_prefix prefix; /* SELECTOR_RELAY */
	char *text;                /* the others; else NULL */
};

/*
 * Words of one kind are alternatives; all kinds that are there must hold, and
 * so must the ages.
 */
struct selector {
	struct selector_word *words;
	size_t nwords;
	int64_t older; /* age over so many seconds */
	int64_t newer; /* not over; -1: not said */
};

#define SELECTOR_INIT           \
	{                       \
		NULL, 0, -1, -1 \
	}

/*
 * Adds the words of one text, parted by blanks: an address, a prefix,
 * name:SUFFIX, helo:NAME, sender:ADDRESS, sender-domain:DOMAIN, older:DURATION,
 * newer:DURATION.  An age may be said once.  0; or -1 with one line added to
 * *why, clean for output, that says what was expected; the words before the
 * wrong one stay.
 */
int selector_parse(struct selector *, const char *text, struct buf *why);
void selector_free(struct selector *);

/* Are there no words and no ages?  Such a selector matches nothing. */
bool selector_is_empty(const struct selector *);

/*
 * Does a message match?  A relay or a name is compared only where the class
 * is smtp, or loopback if that is allowed; a name only if it is not forged: a
 * suffix matches whole labels.  The other words match the whole of what the
 * message says.  No text depends on case.  An age needs an arrival time that
 * can be true (dated.h).
 */
bool selector_matches(const struct selector *, const struct envelope *,
    int64_t now, bool loopback);

#endif
