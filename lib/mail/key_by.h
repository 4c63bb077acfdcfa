/* SPDX-License-Identifier: GPL-3.0-or-later */
/* key_by.h - what messages can be grouped by */
#ifndef MAIL_KEY_BY_H
#define MAIL_KEY_BY_H

#include <stdbool.h>

#include "base/buf.h"

enum key_by {
	KEY_RELAY,   /* the address that sent it */
	KEY_NETWORK, /* its /24 or /64 */
	KEY_NAME,    /* the registrable domain of its host name */
	KEY_HELO,    /* how it greeted */
	KEY_SENDER,  /* envelope sender */
	KEY_SENDER_DOMAIN,
	KEY_RECIPIENT_DOMAIN, /* a message counts once for each */
	KEY_STATUS,           /* why it waits, see statuskey.h */
};

/* All their names: for completion, and for --help. */
#define KEY_BY_WORDS                      \
	"relay network name helo sender " \
	"sender-domain recipient-domain status"
#define KEY_BY_LINES                    \
	"relay, network, name, helo,\n" \
	"sender, sender-domain, recipient-domain or status"

/* A message is counted for at most this many domains of its recipients. */
#define KEY_DOMAINS 64

/* How many groups one message may be in, at most. */
unsigned int key_by_keys(enum key_by);

/* "relay", "network", "name", "helo", "sender", "sender-domain" ... */
const char *key_by_name(enum key_by);
int key_by_parse(const char *, enum key_by *);

/* --by KEY.  0; or -1 as of cli_bad_value(). */
int key_by_option(enum key_by *, const char *text, struct buf *why);

/*
 * Is this one of the first four, which are about hosts?  Only messages of
 * class smtp are grouped by them.  The other keys group messages of every
 * class.
 */
bool key_by_is_host(enum key_by);

#endif
