/* SPDX-License-Identifier: GPL-3.0-or-later */
/* domain.h - the part of a host name that its owner registered */
#ifndef MAIL_DOMAIN_H
#define MAIL_DOMAIN_H

#include <stdbool.h>

#include "base/span.h"

#define DOMAIN_MAX 253 /* characters of a name, RFC 1035 2.3.4 */

/*
 * Copies a host name in lower case, without its final dot.  False for no name,
 * an IPv4 address, a name that is too long, that has an empty label, or a byte
 * outside A-Z a-z 0-9 . _ and -.
 */
bool domain_copy(struct span host, char room[static DOMAIN_MAX + 1]);

/*
 * May hosts of many owners be below this name, as of domain_copy(): is it a
 * public suffix?  Without libpsl every name of one or two labels may be.
 */
bool domain_is_shared(const char *name);

/*
 * "mail.a.example.co.uk" gives "example.co.uk": the registrable domain by the
 * Public Suffix List that libpsl has built in, in lower case, in room.  The
 * final dot of a name is left out.  A name that is a public suffix itself, or
 * is a single label ("localhost"), gives the name.
 *
 * n 0: domain_copy() does not take it.
 *
 * Without libpsl (configure --without-libpsl) the whole name is the key, in
 * lower case: the last two labels would put all of .co.uk into one.
 */
struct span domain_registrable(struct span host,
    char room[static DOMAIN_MAX + 1]);

#endif
