/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fsx.h - files: open, read, write, replace, and what is Linux's own */
#ifndef BASE_FSX_H
#define BASE_FSX_H

#include <dirent.h>
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
 * Reads up to n bytes at an offset of a regular file with one read.  Fewer mean
 * its end, but on a file system that breaks reads off, as an NFS with "intr":
 * there only 0 does.  wait false: EAGAIN if it would wait for a disk, and the
 * disk is told to begin; then n is at most a page.  EOPNOTSUPP where the system
 * can't do that.  ESPIPE, EISDIR: no regular file.
 */
ssize_t fsx_read_at(int fd, void *bytes, size_t n, off_t offset, bool wait);

/* The same until n bytes or the end of the file are reached; it waits. */
ssize_t fsx_read_all_at(int fd, void *bytes, size_t n, off_t offset);

/*
 * Gives the calling thread a table of descriptors of its own, with all that
 * are open now: opening and closing is quicker than in a shared one.  Only for
 * a thread that closes what it opens.  Where that can't be, nothing happens.
 */
void fsx_own_descriptors(void);

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
 * A new file in dirfd, mode 0600, to be read and written.  It has no name, and
 * is gone when it is closed, unless fsx_name() is called.  Where the system
 * can't do that it has the name from the start, and *named is set; what had
 * the name before is removed.  A descriptor, or -1.
 */
int fsx_new(int dirfd, const char *name, bool *named);

/* Gives a file of fsx_new() its name; what had it before loses it. */
int fsx_name(int fd, int dirfd, const char *name);

/* rename(2), but EEXIST if the new name is taken. */
int fsx_rename_new(int fromdir, const char *from, int todir, const char *to);

/*
 * Writes all of the file system that fd is on to the disk.  ENOSYS where a
 * system can't; then each file has to be synced.
 */
int fsx_sync_all(int fd);

/*
 * Sees to it that n new files, but not their names, are on the disk: that all
 * of them are begun before the first is waited for is up to three times as
 * quick as one after the other.  What others wrote is not waited for.
 */
int fsx_sync_files(const int *fd, size_t n);

/*
 * Takes an fcntl(2) lock to write, without waiting, on all of a file that is
 * open to write.  EAGAIN or EACCES: somebody has one.  It is the open file's,
 * not the process's, where there are such locks (F_OFD_SETLK); elsewhere it is
 * lost when this process closes any descriptor of the file.
 */
int fsx_lock(int fd);

/*
 * A pipe whose ends execve(2) closes.  wait false: reading from fd[0] does not
 * wait.  -1 with errno, and both are -1.
 */
int fsx_pipe(int fd[2], bool wait);

/* What readdir(3) tells of an entry; FSX_UNKNOWN: only fstatat(2) knows. */
enum fsx_type { FSX_UNKNOWN, FSX_FILE, FSX_OTHER };
enum fsx_type fsx_entry_type(const struct dirent *e);

/* Is this errno what open(2) with O_NOFOLLOW says of a symbolic link? */
bool fsx_is_link_error(int error);

/*
 * May the directory that a path is in be listed?  0, also if there is none; or
 * -1 with errno: why it can't, or ENOMEM.
 */
int fsx_check_parent(const char *path);

#endif
