/* SPDX-License-Identifier: GPL-3.0-or-later */
/* relay.h - who handed a message to this server */
#ifndef MAIL_RELAY_H
#define MAIL_RELAY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "base/span.h"

enum relay_class {
	RELAY_SMTP,       /* a host on the network: addr tells which */
	RELAY_LOOPBACK,   /* this host by SMTP: a filter, the MSP */
	RELAY_LOCAL,      /* a program on this host, by command line */
	RELAY_BOUNCE,     /* a bounce that this server made */
	RELAY_NONE,       /* the message names no relay */
	RELAY_UNKNOWN,    /* it names one, but no address of it */
	RELAY_INCOMPLETE, /* the file ends before the line of the relay */
	RELAY_CLASSES,
};

/*
 * Others choose host and ident, which point into the parsed bytes and may
 * contain any byte.  addr is set for smtp and loopback only, and is the only
 * part that a client cannot choose.
 */
struct relay {
	enum relay_class class;
	struct addr addr;
	struct span host;  /* n 0: no name */
	struct span ident; /* n 0: none */
	bool forged;       /* name and address don't match */
};

/*
 * Parses the value of sendmail's $_ macro, from the right: the address is in
 * the last [...].  An empty value is RELAY_NONE.  A value that has another
 * form, contains a newline, or has no valid address is RELAY_UNKNOWN.
 * Source: sendmail 8.17.1 daemon.c getauthinfo(), savemail.c.
 */
void relay_parse(struct relay *, const char *value, size_t n);

/* "smtp", "loopback", "local", "bounce", "none", "unknown", "incomplete". */
const char *relay_class_name(enum relay_class);

#endif
