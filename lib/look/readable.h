/* SPDX-License-Identifier: GPL-3.0-or-later */
/* readable.h - may this user read a queue directory, and if not, why */
#ifndef LOOK_READABLE_H
#define LOOK_READABLE_H

#include "base/buf.h"
#include "mail/mta.h"

/*
 * Looks at each directory on the way to the control files of a queue
 * directory with the rights of the effective user.  0: it can be read.  Else
 * an errno, with one line added to *remedy: what stands in the way, and the
 * least that helps.  It never advises a change of the spool's permissions.
 */
int readable_check(const char *dir, const struct mta *, struct buf *remedy);

/*
 * The same, and for the control file of that name in it, or for the first 256
 * of messages that wait for delivery.  One that is gone is no error.
 */
int readable_check_file(const char *dir, const char *name, const struct mta *,
    struct buf *remedy);
int readable_check_files(const char *dir, const struct mta *,
    struct buf *remedy);

#endif
