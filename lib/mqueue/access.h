/* SPDX-License-Identifier: GPL-3.0-or-later */
/* access.h - may this user read a queue directory, and if not, why */
#ifndef MQUEUE_ACCESS_H
#define MQUEUE_ACCESS_H

#include "base/buf.h"
#include "mqueue/mta.h"

/*
 * Looks at each directory on the way to the control files of a queue
 * directory with the rights of the effective user.  0: it can be read.  Else
 * an errno, with one line added to *remedy: what stands in the way, and the
 * least that helps.  It never advises a change of the spool's permissions.
 */
int access_check(const char *dir, const struct mta *, struct buf *remedy);

/*
 * The same, and for the control file of that name in it, or for the first 256
 * of messages that wait for delivery.  One that is gone is no error.
 */
int access_check_file(const char *dir, const char *name, const struct mta *,
    struct buf *remedy);
int access_check_files(const char *dir, const struct mta *, struct buf *remedy);

#endif
