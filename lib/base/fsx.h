/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fsx.h - whole files: read, write, replace */
#ifndef BASE_FSX_H
#define BASE_FSX_H

#include <stddef.h>

#include "base/buf.h"

/* All return 0, or -1 with errno. */

/*
 * Adds the contents of a regular file to *out.  A relative path starts at
 * dirfd (AT_FDCWD: the current directory).  flags are more flags for open(2),
 * for instance O_NOFOLLOW.  EINVAL: not a regular file; EFBIG: larger than
 * max bytes.  Never blocks on a FIFO or a device.
 */
int	fsx_read(int dirfd, const char *path, int flags, size_t max,
	    struct buf *out);

/* Adds all that a descriptor gives until its end; EFBIG as above. */
int	fsx_read_fd(int fd, size_t max, struct buf *out);

/* Writes all n bytes, through EINTR and short writes. */
int	fsx_write(int fd, const void *bytes, size_t n);

/*
 * Makes name in dirfd hold exactly these bytes, mode 0600: written to a new
 * file, renamed.  A reader, or a crash of the process, sees the old or the
 * new file.  Not synced: after a crash of the machine it may be empty.
 */
int	fsx_replace(int dirfd, const char *name, const void *bytes, size_t n);

#endif
