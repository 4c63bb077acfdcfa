/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fsx.h - files: open, read, write, replace */
#ifndef BASE_FSX_H
#define BASE_FSX_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"

/* All return 0, or -1 with errno, if nothing else is said. */

/*
 * Adds the contents of a regular file to *out.  A relative path starts at
 * dirfd (AT_FDCWD: the current directory).  flags are more flags for open(2),
 * for instance O_NOFOLLOW.  EINVAL: not a regular file; EFBIG: larger than
 * max bytes.  Never blocks on a FIFO or a device.
 */
int fsx_read(int dirfd, const char *path, int flags, size_t max,
    struct buf *out);

/* Adds all that a descriptor gives until its end; EFBIG as above. */
int fsx_read_fd(int fd, size_t max, struct buf *out);

/*
 * Opens a file to read its beginning: never a link's target, never waits for
 * a FIFO's writer.  Asks for the time of access not to be changed while
 * *noatime, and clears that if the user may not.  A descriptor, or -1.
 */
int fsx_open_at(int dirfd, const char *name, bool *noatime);

/*
 * Reads up to n bytes at an offset of a regular file with one read.  A short
 * count means the end of the file; but on a file system that interrupts reads,
 * as an NFS with "intr", only 0 means that.  wait false: as sys_read_nowait().
 * ESPIPE, EISDIR: no regular file.
 */
ssize_t fsx_read_at(int fd, void *bytes, size_t n, off_t offset, bool wait);

/* The same until n bytes or the end of the file are reached; it waits. */
ssize_t fsx_read_all_at(int fd, void *bytes, size_t n, off_t offset);

/*
 * Writes all n bytes, through EINTR and short writes; a descriptor that is not
 * to block, as another program may have left a terminal or a pipe, is waited
 * for.
 */
int fsx_write(int fd, const void *bytes, size_t n);

/*
 * Makes name in dirfd hold exactly these bytes, mode 0600: written to a new
 * file, renamed.  A reader, or a crash of the process, sees the old or the
 * new file.  Not synced: after a crash of the machine it may be empty.
 */
int fsx_replace(int dirfd, const char *name, const void *bytes, size_t n);

/* The same with another mode. */
int fsx_replace_mode(int dirfd, const char *name, const void *bytes, size_t n,
    mode_t mode);

/*
 * May the directory that a path is in be listed?  0, also if there is none; or
 * -1 with errno: why it can't, or ENOMEM.
 */
int fsx_check_parent(const char *path);

#endif
