/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tally_by.h - what messages can be grouped by */
#ifndef MQUEUE_TALLY_BY_H
#define MQUEUE_TALLY_BY_H

#include <stdbool.h>

enum tally_by {
	TALLY_RELAY,   /* the address that sent it */
	TALLY_NETWORK, /* its /24 or /64 */
	TALLY_NAME,    /* the registrable domain of its host name */
	TALLY_HELO,    /* how it greeted */
	TALLY_SENDER,  /* envelope sender */
	TALLY_SENDER_DOMAIN,
	TALLY_RECIPIENT_DOMAIN, /* a message counts once for each */
	TALLY_STATUS,           /* why it waits, see statuskey.h */
};

/* All their names. */
#define TALLY_BY_WORDS                    \
	"relay network name helo sender " \
	"sender-domain recipient-domain status"

/* The domains of one message's recipients that it is counted for. */
#define TALLY_DOMAINS 64

/* How many groups one message may be in, at most. */
unsigned int tally_by_keys(enum tally_by);

/* "relay", "network", "name", "helo", "sender", "sender-domain" ... */
const char *tally_by_name(enum tally_by);
int tally_by_parse(const char *, enum tally_by *);

/*
 * The first four are about hosts: only messages of class smtp are grouped by
 * them.  The others hold for messages of every class.
 */
bool tally_by_is_host(enum tally_by);

#endif
