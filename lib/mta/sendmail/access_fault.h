/* SPDX-License-Identifier: GPL-3.0-or-later */
/* accessfault.h - lines of an access file that makemap(8) complains of */
#ifndef BLOCK_ACCESSFAULT_H
#define BLOCK_ACCESSFAULT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "block/entries.h"

enum accessfault_kind {
	ACCESSFAULT_BLANK,    /* begins with a blank, or is but a CR */
	ACCESSFAULT_NO_VALUE, /* a key, and nothing behind it */
	ACCESSFAULT_AGAIN,    /* the key of an earlier line */
	ACCESSFAULT_LONG,     /* over 1023 bytes */
};

struct accessfault {
	enum accessfault_kind kind;
	size_t line;  /* in the file, from 1 */
	size_t first; /* ACCESSFAULT_AGAIN: the line that counts */
};

#define ACCESSFAULT_KEPT 5

struct accessfault_list {
	size_t n;                               /* all of them */
	struct accessfault v[ACCESSFAULT_KEPT]; /* the first of these */
};

/*
 * Pure.  makemap leaves such a line out, makes the map of all others, and exits
 * with 65 (makemap.c of sendmail 8.17.1; EX_DATAERR), so that a site may have
 * lived with it for years.  keep_case: of keys, as the map is made with.  0; or
 * -1, out of memory.
 */
int accessfault_find(struct accessfault_list *, const struct accessmap *,
    bool keep_case);

/* "line 2 of FILE has the key of line 1 again" */
void accessfault_add(struct buf *, const struct accessfault *,
    const char *file);

#endif
