/* SPDX-License-Identifier: GPL-3.0-or-later */
/* selector.h - which messages an operator means */
#ifndef MAIL_SELECTOR_H
#define MAIL_SELECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/buf.h"
#include "mail/envelope.h"

/* What a word of a selector is compared with. */
enum selector_kind {
	SELECTOR_RELAY,            /* 192.0.2.66, 2001:db8::/32 */
	SELECTOR_NAME,             /* name:SUFFIX */
	SELECTOR_HELO,             /* helo:NAME */
	SELECTOR_SENDER,           /* sender:ADDRESS, sender:<> */
	SELECTOR_SENDER_DOMAIN,    /* sender-domain:DOMAIN */
	SELECTOR_RECIPIENT,        /* recipient:ADDRESS */
	SELECTOR_RECIPIENT_DOMAIN, /* recipient-domain:DOMAIN */
	SELECTOR_STATUS,           /* status:REASON */
	SELECTOR_CLASS,            /* class:local */
	SELECTOR_KINDS,
};

/* How words begin: the keys of key_by.h, and others. */
#define SELECTOR_WORDS                                 \
	"relay: network: name: helo: sender: "         \
	"sender-domain: recipient: recipient-domain: " \
	"status: class: older: newer:"

struct selector_word {
	enum selector_kind kind;
	struct addr_prefix prefix; /* SELECTOR_RELAY */
	enum relay_class class;    /* SELECTOR_CLASS */
	char *text;                /* the others: n bytes, and a */
	size_t n;                  /* NUL; else NULL */
};

/* What the recipients of one message are to a selector; at first all false. */
struct selector_recipients {
	bool address; /* one is what a word says */
	bool domain;  /* the same of its domain */
	bool other;   /* one is neither */
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
 * name:SUFFIX, helo:NAME, sender:ADDRESS, sender-domain:DOMAIN,
 * recipient:ADDRESS, recipient-domain:DOMAIN, status:REASON, class:CLASS,
 * older:DURATION, newer:DURATION.  A reason has blanks, so what follows status:
 * is all of it.  In texts, %XX is the byte with these two hex digits.  An age
 * may be said once.  0; or -1 with one line added to *why, clean for output,
 * that says what was expected; the words before the wrong one stay.
 */
int selector_parse(struct selector *, const char *text, struct buf *why);
void selector_free(struct selector *);

/*
 * Adds a word so that selector_parse() reads the same.  What clean_add() would
 * change, a % and a blank, but for those of a reason, are written as %XX.
 */
void selector_add(struct buf *, const struct selector_word *);

/* Are there no words and no ages?  Such a selector matches nothing. */
bool selector_is_empty(const struct selector *);

/* Must the recipients be told, and all of them read? */
bool selector_asks_recipients(const struct selector *);

/* Tells one of a message's recipients: an envelope_recipient_fn needs both. */
void selector_tell(const struct selector *, struct selector_recipients *,
    struct span address);

/*
 * Does a message match?  A relay or a name is compared only where the class
 * is smtp, or loopback if that is allowed; a name only if it is not forged: a
 * suffix matches whole labels.  One recipient of several is enough.  A reason
 * is compared as statuskey.h folds it.  The other words match the whole of what
 * the message says, or as much of it as is a key (key.h).  No text but a
 * reason depends on case.  An age needs an arrival time that can be true
 * (dated.h).
 */
bool selector_matches(const struct selector *, const struct envelope *,
    const struct selector_recipients *, int64_t now, bool loopback);

#endif
