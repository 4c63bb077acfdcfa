/* SPDX-License-Identifier: GPL-3.0-or-later */
/* makemap.h - the map of an access file, by makemap(8) */
#ifndef MTA_SENDMAIL_ACCESS_MAKEMAP_H
#define MTA_SENDMAIL_ACCESS_MAKEMAP_H

#include <stdbool.h>

#include "base/buf.h"
#include "mta/sendmail/access/dump.h"

#define SENDMAIL_ACCESS_MAKEMAP_FAULT 65 /* EX_DATAERR: it left a line out */

/* How to call makemap. */
struct sendmail_access_makemap {
	const char *makemap; /* its path */
	const char *type;    /* "hash" */
	const char *cf;      /* sendmail.cf to tell it, or NULL */
	bool keep_case;      /* as of sendmail_access_cf */
	bool nul;
};

/* The first of the places where makemap usually is; NULL if it is in none. */
const char *sendmail_access_makemap_find(void);

/*
 * Paths are those of a map without its .db.  All return 0; or -1 with a line
 * added to *why.
 */

/*
 * Makes a map from a descriptor of a text.  Also returns 1, with the first
 * line of what makemap said: it left out a line of the text (fault.h),
 * and the map has all others.
 */
int sendmail_access_makemap_make(const struct sendmail_access_makemap *,
    const char *path, int text, struct buf *said, struct buf *why);

/* Asks a map for all that it has; the dump points into bytes. */
int sendmail_access_makemap_ask(const struct sendmail_access_makemap *,
    const char *path, struct buf *bytes, struct sendmail_access_dump *,
    struct buf *why);

/* Asks a map whether it has just the entries of this text. */
int sendmail_access_makemap_verify(const struct sendmail_access_makemap *,
    const char *path, const struct entries *text, struct buf *why);

#endif
