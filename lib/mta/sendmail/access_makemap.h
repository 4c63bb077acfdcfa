/* SPDX-License-Identifier: GPL-3.0-or-later */
/* map.h - the map of an access file, by makemap(8) */
#ifndef TOOLS_QBLOCK_MAP_H
#define TOOLS_QBLOCK_MAP_H

#include <stdbool.h>

#include "base/buf.h"
#include "mta/sendmail/access_dump.h"

#define QBLOCK_MAP_FAULT 65 /* EX_DATAERR: it left a line out */

/* How to call makemap. */
struct qblock_map {
	const char *makemap; /* its path */
	const char *type;    /* "hash" */
	const char *cf;      /* sendmail.cf to tell it, or NULL */
	bool keep_case;      /* as of sendmail_access */
	bool nul;
};

/* The first of the places where makemap usually is; NULL if it is in none. */
const char *qblock_map_find(void);

/*
 * Paths are those of a map without its .db.  All return 0; or -1 with a line
 * added to *why.
 */

/*
 * Makes a map from a descriptor of a text.  Also returns 1, with the first
 * line of what makemap said: it left out a line of the text, as of accessfault,
 * and the map has all others.
 */
int qblock_map_make(const struct qblock_map *, const char *path, int text,
    struct buf *said, struct buf *why);

/* Asks a map for all that it has; the dump points into bytes. */
int qblock_map_ask(const struct qblock_map *, const char *path,
    struct buf *bytes, struct mapdump *, struct buf *why);

/* Asks a map whether it has just the entries of this text. */
int qblock_map_verify(const struct qblock_map *, const char *path,
    const struct accessmap *text, struct buf *why);

#endif
