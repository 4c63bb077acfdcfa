/* SPDX-License-Identifier: GPL-3.0-or-later */
/* readable.h - may this user read a queue directory, and if not, why not? */
#ifndef LOOK_READABLE_H
#define LOOK_READABLE_H

#include "base/buf.h"
#include "mail/mta.h"

/*
 * Looks at each directory on the way to the control files of a queue directory
 * with the rights of the effective user.  Returns 0 if they can be read.  If
 * not, it returns an errno, and adds one line to *remedy that says what is in
 * the way, and what is the least that helps.  It never advises to change the
 * permissions of the spool.
 */
int readable_check(const char *dir, const struct mta *, struct buf *remedy);

/*
 * The same, and also looks at the control file of that name in it, or at the
 * first 256 of messages that wait for delivery.  A file that is gone is no
 * error.
 */
int readable_check_file(const char *dir, const char *name, const struct mta *,
    struct buf *remedy);
int readable_check_files(const char *dir, const struct mta *,
    struct buf *remedy);

#endif
