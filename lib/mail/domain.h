/* SPDX-License-Identifier: GPL-3.0-or-later */
/* domain.h - the part of a host name that its owner registered */
#ifndef MAIL_DOMAIN_H
#define MAIL_DOMAIN_H

#include <stdbool.h>

#include "base/span.h"

#define DOMAIN_MAX 253 /* characters of a name, RFC 1035 2.3.4 */

/*
 * Copies a host name in lower case, without its final dot.  Returns false if
 * the name is empty, too long or an IPv4 address, or if it has an empty label
 * or a byte outside A-Z a-z 0-9 . _ and -.
 */
bool domain_copy(struct span host, char room[static DOMAIN_MAX + 1]);

/*
 * Is this name, which domain_copy() made, a public suffix, so that hosts of
 * many owners may be below it?  Without libpsl this is assumed of every name
 * of one or two labels.
 */
bool domain_is_shared(const char *name);

/*
 * Returns the registrable domain of a name, in lower case, in room:
 * "example.co.uk" of "mail.a.example.co.uk".  libpsl contains the Public
 * Suffix List that decides this.  The final dot of a name is left out.  If a
 * name is a public suffix itself, or a single label ("localhost"), the result
 * is the name.  n is 0 if domain_copy() refuses the name.
 *
 * Without libpsl (configure --without-libpsl) the result is the whole name, in
 * lower case, because the last two labels would make one domain of all .co.uk.
 */
struct span domain_registrable(struct span host,
    char room[static DOMAIN_MAX + 1]);

#endif
