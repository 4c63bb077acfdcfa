/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lock.h - keeps every build of sendmail out of a file */
#ifndef MTA_SENDMAIL_LOCK_H
#define MTA_SENDMAIL_LOCK_H

#include <stdbool.h>

/*
 * A build of sendmail locks by flock(2) or by fcntl(2), and on Linux neither
 * sees the other's locks, so both have to be taken.  Elsewhere, and on some
 * network file systems, the two exclude each other even in one process, and
 * one is enough.  Tries it out on a new file in a directory that name is free
 * in.  0 with *both; or -1 with errno.
 */
int sendmail_lock_probe(int dirfd, const char *name, bool *both);

/*
 * Locks a file that is open for writing, without waiting.  0; 1: another
 * process has it; or -1 with errno.  Closing the file unlocks it, and only
 * then: no other descriptor of it may be closed before.
 */
int sendmail_lock_take(int fd, bool both);

#endif
