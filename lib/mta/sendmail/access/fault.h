/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fault.h - lines of an access file that makemap(8) complains of */
#ifndef MTA_SENDMAIL_ACCESS_FAULT_H
#define MTA_SENDMAIL_ACCESS_FAULT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "block/entries.h"

enum sendmail_access_fault_kind {
	SENDMAIL_ACCESS_FAULT_BLANK, /* begins with a blank, or is but a CR */
	SENDMAIL_ACCESS_FAULT_NO_VALUE, /* a key, and nothing behind it */
	SENDMAIL_ACCESS_FAULT_AGAIN,    /* the key of an earlier line */
	SENDMAIL_ACCESS_FAULT_LONG,     /* over 1023 bytes */
};

struct sendmail_access_fault {
	enum sendmail_access_fault_kind kind;
	size_t line;  /* in the file, from 1 */
	size_t first; /* SENDMAIL_ACCESS_FAULT_AGAIN: the line that counts */
};

#define SENDMAIL_ACCESS_FAULT_KEPT 5

struct sendmail_access_fault_list {
	size_t n; /* all of them */
	struct sendmail_access_fault
	    v[SENDMAIL_ACCESS_FAULT_KEPT]; /* the first of these */
};

/*
 * Pure.  makemap leaves such a line out, makes the map of all others, and exits
 * with 65 (makemap.c of sendmail 8.17.1; EX_DATAERR), so that a site may have
 * lived with it for years.  keep_case: of keys, as the map is made with.  0; or
 * -1, out of memory.
 */
int sendmail_access_fault_find(struct sendmail_access_fault_list *,
    const struct entries *, bool keep_case);

/* "line 2 of FILE has the key of line 1 again" */
void sendmail_access_fault_add(struct buf *,
    const struct sendmail_access_fault *, const char *file);

#endif
