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

/* The part of a message that a word of a selector is compared with. */
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
	char *text;                /* of the other kinds: n bytes and a */
	size_t n;                  /* NUL; NULL for these two */
};

/* Which recipients of one message match; all are false at first. */
struct selector_recipients {
	bool address; /* a word names the address of one */
	bool domain;  /* a word names the domain of one */
	bool other;   /* no word names one of them */
};

/*
 * Words of one kind are alternatives.  One word of each kind that is there
 * must match, and so must the ages.
 */
struct selector {
	struct selector_word *words;
	size_t nwords;
	int64_t older; /* the age is over so many seconds; -1: not given */
	int64_t newer; /* the age is at most so many seconds; -1: not given */
};

#define SELECTOR_INIT           \
	{                       \
		NULL, 0, -1, -1 \
	}

/*
 * Adds the words of one text, separated by blanks: an address, a prefix,
 * name:SUFFIX, helo:NAME, sender:ADDRESS, sender-domain:DOMAIN,
 * recipient:ADDRESS, recipient-domain:DOMAIN, status:REASON, class:CLASS,
 * older:DURATION, newer:DURATION.  A reason contains blanks, so it is all the
 * text after status:.  In texts, %XX is the byte with these two hex digits.
 * Each age may be given once.  Returns 0; or -1 and adds to *why one line,
 * clean for output, that says what was expected.  The words before the wrong
 * one stay.
 */
int selector_parse(struct selector *, const char *text, struct buf *why);
void selector_free(struct selector *);

/*
 * Adds a word so that selector_parse() reads the same word.  A byte that
 * clean_add() would change, a %, and a blank (but not the blanks of a reason)
 * are written as %XX.
 */
void selector_add(struct buf *, const struct selector_word *);

/* Are there no words and no ages?  Such a selector matches nothing. */
bool selector_is_empty(const struct selector *);

/* Must all recipients be read, and given to selector_tell()? */
bool selector_asks_recipients(const struct selector *);

/*
 * Compares one recipient of a message.  An envelope_recipient_fn has to call
 * it with both structures.
 */
void selector_tell(const struct selector *, struct selector_recipients *,
    struct span address);

/*
 * Does a message match?  A relay or a name is compared only if the class is
 * smtp, or loopback if that is allowed.  A name is compared only if it is not
 * forged, and a suffix matches whole labels.  If a message has several
 * recipients, one that matches is enough.  A reason is compared as statuskey.h
 * folds it.  The other words must be the whole text in the message, or the
 * part of it that is kept as a key (key.h).  Only reasons depend on upper and
 * lower case.  An age matches only if the arrival time can be true (dated.h).
 */
bool selector_matches(const struct selector *, const struct envelope *,
    const struct selector_recipients *, int64_t now, bool loopback);

#endif
