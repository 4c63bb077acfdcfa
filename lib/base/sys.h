/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sys.h - what POSIX has no call for, with a fallback for each */
#ifndef BASE_SYS_H
#define BASE_SYS_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* All return 0, or -1 with errno, if nothing else is said. */

/*
 * openat(2) with these flags, and without a change of the time of access.  A
 * descriptor, or -1; EPERM: this user may not ask for that, or no one may.
 */
int sys_open_noatime(int dirfd, const char *name, int flags);

/*
 * Reads up to n bytes, at most a page, at an offset of a regular file.  EAGAIN
 * if that would wait for the disk, which is then told to begin; EOPNOTSUPP
 * where the system can't do that.  The number of bytes, or -1.
 */
ssize_t sys_read_nowait(int fd, void *bytes, size_t n, off_t offset);

/*
 * Gives the calling thread a table of descriptors of its own, with all that
 * are open now: opening and closing is quicker than in a shared one.  Only for
 * a thread that closes what it opens.  Where that can't be, nothing happens.
 */
void sys_own_descriptors(void);

/*
 * A new file in dirfd, mode 0600, to be read and written.  It has no name, and
 * is gone when it is closed, unless sys_name() is called.  Where the system
 * can't do that it has the name from the start, and *named is set; what had
 * the name before is removed.  A descriptor, or -1.
 */
int sys_new(int dirfd, const char *name, bool *named);

/* Gives a file of sys_new() its name; what had it before loses it. */
int sys_name(int fd, int dirfd, const char *name);

/* rename(2), but EEXIST if the new name is taken. */
int sys_rename_new(int fromdir, const char *from, int todir, const char *to);

/*
 * Writes all of the file system that fd is on to the disk.  ENOSYS where a
 * system can't; then each file has to be synced.
 */
int sys_sync_all(int fd);

/*
 * Sees to it that n new files, but not their names, are on the disk: that all
 * of them are begun before the first is waited for is up to three times as
 * quick as one after the other.  What others wrote is not waited for.
 */
int sys_sync_files(const int *fd, size_t n);

/*
 * Takes an fcntl(2) lock to write, without waiting, on all of a file that is
 * open to write.  EAGAIN or EACCES: somebody has one.  It is the open file's,
 * not the process's, where there are such locks (F_OFD_SETLK); elsewhere it is
 * lost when this process closes any descriptor of the file.
 */
int sys_lock(int fd);

/*
 * A pipe whose ends execve(2) closes.  wait false: reading from fd[0] does not
 * wait.  -1 with errno, and both are -1.
 */
int sys_pipe(int fd[2], bool wait);

/* What readdir(3) tells of an entry; SYS_UNKNOWN: only fstatat(2) knows. */
enum sys_type { SYS_UNKNOWN, SYS_FILE, SYS_OTHER };
enum sys_type sys_entry_type(const struct dirent *e);

/* Is this errno what open(2) with O_NOFOLLOW says of a symbolic link? */
bool sys_is_link_error(int error);

#endif
