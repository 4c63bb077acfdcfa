/* SPDX-License-Identifier: GPL-3.0-or-later */
/* line.h - a line of the access file, as makemap(8) reads it */
#ifndef MTA_SENDMAIL_ACCESS_LINE_H
#define MTA_SENDMAIL_ACCESS_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "block/entries.h"

/* makemap reads so many bytes of a line, and then the rest as another. */
#define SENDMAIL_ACCESS_LINE_LONG 1023

/* Pure.  As cut(), split() and add() of struct block_server. */
size_t sendmail_access_line_cut(const char *bytes, size_t n);
void sendmail_access_line_split(struct entries_line *);
void sendmail_access_line_add(struct buf *, const char *key, const char *value);

/* Is it the beginning of a line that is longer than makemap takes? */
bool sendmail_access_line_is_long(const struct entries_line *);

#endif
